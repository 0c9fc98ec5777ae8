"""The email's plain text part: the same facts in the same order, wrapped at 72, addresses numbered and listed at the end."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from . import senders
from .letter import Letter, Text

WIDTH = 72
_NUMBER = re.compile(r" (?=\[\d+\])")


class _Links:
    """Gives each address a number; the sources keep theirs."""

    def __init__(self, letter: Letter) -> None:
        self._numbers = {s.url: s.number for s in letter.sources}
        self._own = len(self._numbers)

    def __call__(self, url: str) -> str:
        return f"[{self._numbers.setdefault(url, len(self._numbers) + 1)}]"

    @property
    def others(self) -> list[tuple[int, str]]:
        """What is linked and is no source."""
        return [(n, url) for url, n in self._numbers.items() if n > self._own]


def text(letter: Letter, service: str) -> bytes:
    """The text part, UTF-8, with the service's unsubscribe tag. Raises ContentRefused where a text would become a tag."""
    links = _Links(letter)
    parts = [*_head(letter, links), *_lead(letter, links), *_also(letter, links), *_notes(letter, links), *_dates(letter, links)]
    parts += [*_foot(letter, links)]
    out = "\n\n".join([*parts, *_addresses(letter, links), _unsubscribe()]) + "\n"
    return senders.text_tags(out, service).encode("utf-8")


def _wrap(words: str, first: str = "", rest: str = "") -> str:
    """The words in lines of at most 72 characters. A number in brackets stays on the line of the word it belongs to."""
    glued = _NUMBER.sub("\xa0", " ".join(words.split()))
    filled = textwrap.fill(senders.held(glued), WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)
    return filled.replace("\xa0", " ")


def _heading(words: str, mark: str) -> str:
    lines = _wrap(words).split("\n")
    return "\n".join([*lines, mark * max(map(len, lines))])


def _line(text: Text, links: _Links) -> str:
    """A text's words with its markers as numbers, and each link's number after its words."""
    out: list[str] = []
    for node in text:
        if node.kind == "text":
            out.append(node.text)
        elif node.kind == "cite":
            out.append(f" [{node.text}]")
        else:
            out.append(_line(node.children, links))
            if node.kind == "link":
                out.append(f" {links(node.href)}")
    return "".join(out)


def _head(x: Letter, links: _Links) -> Iterator[str]:
    yield _heading(x.name, "=")
    yield _wrap(f"No. {x.number}. {x.day}. {x.minutes} min read. Read on the web {links(x.web)}")
    if x.sample:
        yield _wrap("Sample: every name and fact here is invented.")


def _lead(x: Letter, links: _Links) -> Iterator[str]:
    lead = x.lead
    yield _wrap(lead.kicker)
    yield _heading(f"{lead.title} {links(lead.url)}", "=")
    yield _wrap(lead.dek)
    approval = f"Approved by {lead.approved_by}, {lead.approved_on}." if lead.approved_by else "Marked as approved on trial, without a record."
    yield _wrap(f"{approval} {lead.cited} of {lead.made} claims cited. How this was made {links(lead.how)}")
    for day, words in lead.corrections:
        yield _wrap(f"Correction, {day}. {words}")
    for paragraph in lead.paragraphs:
        yield _wrap(_line(paragraph, links))
    if lead.figure:
        f = lead.figure
        source = f" Source: {f.source.publisher}{f', {f.year}' if f.year else ''} [{f.source.number}]" if f.source else ""
        yield _wrap(f"{f.figure} {_line(f.rest, links)}{source}", "    ", "    ")
    if lead.meaning:
        yield _heading("What does this mean for your business?", "-")
        yield "\n".join(_wrap(f"{order}. {_line(reason, links)}", "* ", "  ") for order, reason in lead.meaning)
    if lead.step:
        yield _heading("A next step this week", "-")
        for paragraph in lead.step:
            yield _wrap(_line(paragraph, links))
        yield _wrap(f"Time: {lead.time}. Who: {lead.who}. You will have: {lead.result}.")
    yield _wrap(f"Read the full briefing {links(lead.url)}")


def _also(x: Letter, links: _Links) -> Iterator[str]:
    if x.also:
        yield _heading("Also this week", "-")
    for other in x.also:
        yield _wrap(f"{other.title} {links(other.url)}")
        yield _wrap(" ".join(_line(s, links) for s in other.sentences))
        for day, words in other.corrections:
            yield _wrap(f"Correction, {day}. {words}")


def _notes(x: Letter, links: _Links) -> Iterator[str]:
    if x.notes:
        yield _heading("Corrections to earlier briefings", "-")
    for note in x.notes:
        yield _wrap(f"Correction, {note.day}. {note.title} {links(note.url)}. {note.text}")


def _dates(x: Letter, links: _Links) -> Iterator[str]:
    if not x.dates:
        return
    yield _heading("Dates to keep", "-")
    yield "\n".join(_wrap(f"{d.what}. {d.status} {links(d.url)}", f"{d.day:<13} ", " " * 14) for d in x.dates)
    yield _wrap(f"All deadlines and the calendar file {links(x.deadlines_page)}")


def _foot(x: Letter, links: _Links) -> Iterator[str]:
    yield _heading("Sources", "-")
    yield "\n".join(_source(f"[{s.number}] ", f"{s.label}. {s.publisher}{f', {s.day}' if s.day else ''}.", s.url) for s in x.sources)
    editors = f" Checked, edited and approved by {x.editors}." if x.editors else ""
    yield _wrap(f"Drafted by software from the sources above.{editors} Spotted an error? Reply to this email.")
    yield _wrap(f"You subscribed at {x.host}. We do not track opens or clicks.") + "\n" + _wrap(x.address)
    yield _wrap(f"Read past editions {links(x.archive)}")


def _source(mark: str, words: str, url: str) -> str:
    return _wrap(words, mark, " " * len(mark)) + "\n" + " " * len(mark) + senders.href(url)


def _addresses(x: Letter, links: _Links) -> Iterator[str]:
    yield _heading("Links", "-")
    yield "\n".join(f"[{number}] {senders.href(url)}" for number, url in links.others)


def _unsubscribe() -> str:
    return f"Unsubscribe: {senders.UNSUBSCRIBE}"
