"""What a language model is asked and what it answers, and the one seam between drafting and any model.

A request holds the sources' sentences as numbered data and nothing that is trusted: not the topic, not the playbook, no address,
no status, no file name. Prompts are files in `prompts/`. Pure: nothing here opens a connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from .. import sentences
from ..errors import visible
from ..model import Cited, Snapshot
from . import orders

#: Every reason a model gives no usable answer for. Messages and the budget file hold these words and no others.
REASONS: Mapping[str, str] = {
    "unreachable": "no connection to the model",
    "timeout": "not answered within the total deadline",
    "too-large": "the answer is larger than any draft",
    "bad-answer": "the answer is not of the form that was asked for",
    "cut-off": "the answer ended before it was complete",
    "refused": "the model declined to answer",
    "blocked": "the service refuses us (401, 403)",
    "not-found": "no such address or model (404)",
    "wait": "asked to come back later (429)",
    "server-error": "the service failed (5xx)",
    "moved": "the address redirects; the key is sent to no other address",
    "status": "an answer we cannot use",
    "budget": "the edition's budget is used up",
}
#: Characters of source text in one request: about 6,000 tokens, so that a small local model's window holds it.
LONGEST = 24_000
#: Words of one passage; a longer run is a list or a table that lost its shape.
LONGEST_PASSAGE = 90
_PROMPTS = Path(__file__).parent / "prompts"
_HEAD = re.compile(r"# ([a-z-]+)\n+Purpose: (.+?)\n\n(.+)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One question to a model."""

    prompt: str  # the prompt file's name, for records
    system: str  # what is wanted: ours alone
    user: str  # the passages, as data
    schema: Mapping[str, Any]  # JSON Schema of the answer
    tokens_out: int  # the longest answer

    @property
    def tokens_in(self) -> int:
        """About how many tokens the question has: three characters each, more than any tokenizer needs for English."""
        return (len(self.system) + len(self.user)) // 3 + 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a model said: JSON text, not yet believed, and what it used."""

    text: str
    tokens_in: int
    tokens_out: int


class Provider(Protocol):
    """Something that answers. `provider.HttpProvider` asks a service, `testing.RecordedProvider` plays answers back.

    What always holds: one request gives one answer or ModelUnavailable; nothing is remembered between requests; the answer's
    text is not checked.
    """

    def complete(self, request: Request) -> Answer:
        """The answer to one request, called by `model_writer`. Raises ModelUnavailable with a word of REASONS and nothing else."""


# ----------------------------------------------------------------- passages


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbered:
    """One sentence of a source, as the model sees it."""

    id: str  # s1.12
    source: str  # Cited.id
    text: str  # one line
    start: int  # offsets in the snapshot's text
    end: int


def numbered(sources: Iterable[Cited], texts: Mapping[str, Snapshot], limit: int = LONGEST) -> tuple[Numbered, ...]:
    """The sentences of the sources' texts that a model is shown, in order, at most `limit` characters in all.

    Left out: sentences that give orders to software, scraps under three words, runs over 90 words. Where not everything fits,
    each source keeps its beginning, in equal parts.
    """
    listed = [s for s in sources if s.id in texts]
    found = {s.id: tuple(_of_source(s.id, texts[s.id].text)) for s in listed}
    kept: set[str] = set()
    room = limit
    for place in range(max((len(f) for f in found.values()), default=0)):
        for cited in listed:
            if place < len(found[cited.id]) and len(found[cited.id][place].text) <= room:
                room -= len(found[cited.id][place].text)
                kept.add(found[cited.id][place].id)
    return tuple(p for cited in listed for p in found[cited.id] if p.id in kept)


def _of_source(source: str, text: str) -> Iterable[Numbered]:
    for number, (start, end) in enumerate(sentences.spans(text), 1):
        words = " ".join(text[start:end].split())
        if 3 <= len(words.split()) <= LONGEST_PASSAGE and not orders.is_order(words):
            yield Numbered(id=f"{source}.{number}", source=source, text=words, start=start, end=end)


def as_data(text: str) -> str:
    """Source text that cannot end the block it stands in: one line, no angle brackets, hidden characters written out."""
    return visible(" ".join(text.split()).replace("<", "‹").replace(">", "›"))


def listed(sources: Iterable[Cited], passages: Iterable[Numbered]) -> str:
    """The passages as the block a model reads: a line for each source, then its sentences, each with its id."""
    by_source: dict[str, list[Numbered]] = {}
    for passage in passages:
        by_source.setdefault(passage.source, []).append(passage)
    lines = []
    for cited in sources:
        if cited.id in by_source:
            day = f", published {cited.published.isoformat()}" if cited.published else ""
            lines.append(f"source {cited.id}: {as_data(cited.publisher)} ({cited.kind}{day})")
            lines += [f"{p.id}: {as_data(p.text)}" for p in by_source[cited.id]]
    return "<passages>\n" + "\n".join(lines) + "\n</passages>"


# ------------------------------------------------------------------ prompts


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """A file of `prompts/`: its heading, what it is for, and the words a model reads."""

    name: str
    purpose: str
    text: str


@cache
def prompt(name: str) -> Prompt:
    """The prompt of this name. Raises ValueError where its file has no heading or purpose: a fault of the package."""
    match = _HEAD.fullmatch((_PROMPTS / f"{name}.md").read_text(encoding="utf-8").strip())
    if not match or match.group(1) != name:
        raise ValueError(f"prompts/{name}.md: begins with '# {name}', a line 'Purpose: …' and an empty line")
    return Prompt(name=name, purpose=" ".join(match.group(2).split()), text=match.group(3).strip())
