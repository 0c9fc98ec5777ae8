"""A model's answer as single sentences, each with its key, its place in a briefing and the passages it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from .reply import Asked, Corrected, Kind, Part, Reply, Sentence, tidy

Role = Literal["headline", "dek", "happened", "lead", "question", "sentence", "point", "statistic", "asked", "answer"]
_KIND: Mapping[Role, Kind] = {"headline": "headline", "dek": "dek", "happened": "happened", "question": "question", "asked": "question"}
_FIGURE = re.compile(r"(?:[$€£]|US\$|EUR |USD )?\d[\d.,]*(?:\s?(?:%|percent|per cent|million|billion|out of\s+\d[\d.,]*|of\s+\d[\d.,]*))*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """One sentence of a model's draft. The key says where it stands: `lead.2`, `section.1.question`, `section.1.point.2`, `faq.3.1`."""

    key: str
    role: Role
    text: str  # tidied
    passages: tuple[str, ...] = ()
    figure: str = ""  # of a statistic: its number, which the text goes on from

    @property
    def kind(self) -> Kind:
        """Which rules its words keep."""
        return _KIND.get(self.role, "sentence")

    @property
    def whole(self) -> str:
        """The words as they will read."""
        return f"{self.figure} {self.text}" if self.figure else self.text

    @property
    def group(self) -> str:
        """The section or question it belongs to: `section.1`, `faq.3`, else ""."""
        parts = self.key.split(".")
        return ".".join(parts[:2]) if parts[0] in {"section", "faq"} else ""

    def corrected(self, by: Corrected) -> Slot:
        """The slot with other words and passages. A statistic's new words begin with its figure."""
        text, figure = tidy(by.text, self.kind), ""
        if self.role == "statistic":
            found = _FIGURE.match(text)
            figure, text = (found.group(), text[found.end() :].lstrip()) if found else ("", text)
        return replace(self, text=text, figure=figure, passages=tuple(dict.fromkeys(by.passages)))


def slots(reply: Reply) -> tuple[Slot, ...]:
    """Every sentence of the answer in reading order; empty ones are left out."""
    return tuple(s for s in _all(reply) if s.text)


def _all(reply: Reply) -> Iterator[Slot]:
    yield _slot("headline", "headline", reply.headline)
    yield _slot("dek", "dek", reply.dek)
    yield _slot("happened", "happened", reply.happened)
    for n, sentence in enumerate(reply.lead, 1):
        yield _slot(f"lead.{n}", "lead", sentence)
    for n, part in enumerate(reply.sections, 1):
        yield from _part(f"section.{n}", part)
    if reply.statistic is not None:
        s = reply.statistic
        figure = tidy(s.figure, "figure")
        text = tidy(s.text, "sentence").removeprefix(figure).lstrip()  # some models say the figure in both fields
        yield Slot(key="statistic", role="statistic", text=text, passages=tuple(dict.fromkeys(s.passages)), figure=figure)
    for n, asked in enumerate(reply.faq, 1):
        yield from _asked(f"faq.{n}", asked)


def _slot(key: str, role: Role, sentence: Sentence) -> Slot:
    return Slot(key=key, role=role, text=tidy(sentence.text, _KIND.get(role, "sentence")), passages=tuple(dict.fromkeys(sentence.passages)))


def _part(key: str, part: Part) -> Iterator[Slot]:
    yield Slot(key=f"{key}.question", role="question", text=tidy(part.question, "question"))
    for n, sentence in enumerate(part.sentences, 1):
        yield _slot(f"{key}.{n}", "sentence", sentence)
    for n, sentence in enumerate(part.points, 1):
        yield _slot(f"{key}.point.{n}", "point", sentence)


def _asked(key: str, asked: Asked) -> Iterator[Slot]:
    yield Slot(key=f"{key}.question", role="asked", text=tidy(asked.question, "question"))
    for n, sentence in enumerate(asked.sentences, 1):
        yield _slot(f"{key}.{n}", "answer", sentence)
