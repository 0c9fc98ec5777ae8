"""Where one sentence ends and the next begins: in a source's text, and in an article's Markdown with its citation markers.

nupunkt finds the boundaries; the rules here put right what it misses: list numbers, initials, short forms before a small letter,
"5 p.m. Shares rose", and quotations of several sentences, which stay together because a quotation is checked as one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import nupunkt

from . import inline

Span = tuple[int, int]

#: A quotation that never closes must not swallow the page: so many characters after its opening mark, it is taken for a stray mark.
LONGEST_QUOTATION = 900

_PARAGRAPH = re.compile(r"\s*\n\s*\n\s*|\s*\n(?=\s*(?:[-•*]|\d{1,2}[.)])\s)")
_LIST_NUMBER = re.compile(r"(?:^|(?<=[.!?:;])\s)\(?\d{1,2}[.)]$")
_SHORT = re.compile(
    r"(?:^|[\s(“\"‘])(?:e\.g|i\.e|cf|vs|approx|viz|al|Dr|Mr|Mrs|Ms|Prof|Gov|Sen|Rep|Gen|Lt|Col|Capt|St|Mt|Fig|Art|Arts|Sec|Secs|Ch|Vol|pp|ca|esp|dept|Dept)\.$"
)
_BEFORE_FIGURE = re.compile(r"(?:^|[\s(])(?:No|Nos|Pub|Reg|Stat|par|para|p)\.$")
_NAME_BEFORE = re.compile(r"(?:^|(?:[A-Z][a-z]+|[A-Z]\.)\s)[A-Z]\.$")
_CLOCK = re.compile(r"\b[ap]\.m\.(?=\s+(?:[“\"‘(]?[A-Z0-9]))")
_AFTER_CLOCK = re.compile(
    r"\s+(?:E[SD]?T|C[SD]?T|M[SD]?T|P[SD]?T|UTC|GMT|CET|BST|Eastern|Central|Mountain|Pacific|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_COMPANY = re.compile(
    r"\b(?:Inc|Corp|Ltd|Co|LLC|U\.S|U\.K|E\.U|D\.C|Jr|Sr|etc)\.(?=\s+(?:The|It|He|She|They|In|On|But|A|An|This|That|These|Those|We|Its|Their|For|At|As|If|When|After|No)\s)"
)
#: nupunkt learned from court papers, where "found." and "row." are short for something. In running text a whole word ends its sentence.
_PLAIN_END = re.compile(
    r"(?<![\w.])(?!(?:approx|dept|assn|assoc|corp|govt|natl|univ|supp|prof|asst|incl|resp|misc|para|vols?|figs?|arts?|secs?|chap|temp|intl)\.)"
    r"[a-z]{3,}\.(?=\s+[“\"‘(]?[A-Z])"
)
_SMALL = re.compile(r"[\s“\"‘'(]*[a-zà-ÿ](?![A-Z])")
_CLOSING = re.compile(r"\s*[”’)\]»]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class CitedSentence:
    """A sentence as it reads, and the marker ids that support it, each once, in their order."""

    text: str
    markers: tuple[str, ...] = ()


def split(text: str) -> tuple[str, ...]:
    """The sentences of plain text, in order, white space at their ends removed. Joined by spaces they are the text again."""
    return tuple(text[start:end] for start, end in spans(text))


@lru_cache(maxsize=512)
def spans(text: str) -> tuple[Span, ...]:
    """(start, end) of every sentence in `text`, without the white space around it. A blank line always ends a sentence."""
    out: list[Span] = []
    for start, end in paragraphs(text):
        out += _in_paragraph(text, start, end)
    return tuple(out)


def paragraphs(text: str) -> tuple[Span, ...]:
    """(start, end) of every paragraph or list item that is not empty."""
    edges = [0]
    for gap in _PARAGRAPH.finditer(text):
        edges += [gap.start(), gap.end()]
    edges.append(len(text))
    return tuple(s for s in (_trim(text, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)) if s[0] < s[1])


def cited(md: str) -> tuple[CitedSentence, ...]:
    """The sentences of one paragraph of inline Markdown, each with its markers.

    A marker after a full stop belongs to the sentence that ends there; one inside a sentence belongs to that sentence.
    """
    text, marks = _plain(md)
    found = spans(text)
    if not found:
        return ()
    held: list[dict[str, None]] = [{} for _ in found]
    for place, marker in marks:
        index = max((i for i, (start, _) in enumerate(found) if start < place), default=0)
        held[index].setdefault(marker)
    return tuple(CitedSentence(text=text[a:b], markers=tuple(m)) for (a, b), m in zip(found, held, strict=True))


# ------------------------------------------------------------------ boundaries


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _in_paragraph(text: str, start: int, end: int) -> list[Span]:
    part = text[start:end]
    cuts = {b for _, b in nupunkt.sent_spans(part)} | _missed(part)
    edges = sorted({_past_closing(part, c) for c in cuts if 0 < c < len(part)})
    quoted = _quotations(part)
    kept = [0]
    for cut in edges:
        if not any(a < cut < b for a, b in quoted) and not _joins(part, kept[-1], cut):
            kept.append(cut)
    kept.append(len(part))
    trimmed = (_trim(text, start + a, start + b) for a, b in pairwise(kept))
    return [s for s in trimmed if s[0] < s[1]]


def _missed(part: str) -> set[int]:
    """Boundaries after "p.m." and after "Inc." where the next word clearly begins a sentence."""
    found = {m.end() for m in _CLOCK.finditer(part) if not _AFTER_CLOCK.match(part, m.end())}
    return found | {m.end() for pattern in (_COMPANY, _PLAIN_END) for m in pattern.finditer(part)}


def _past_closing(part: str, cut: int) -> int:
    """A cut before a closing mark is moved behind it."""
    closing = _CLOSING.match(part, cut)
    return closing.end() if closing else cut


def _joins(part: str, begin: int, cut: int) -> bool:
    """Whether the words on both sides of a cut are one sentence after all."""
    before, after = part[begin:cut].strip(), part[cut:].lstrip()
    if not before or not after:
        return True
    if _LIST_NUMBER.search(before) or _SHORT.search(before):
        return True
    if _BEFORE_FIGURE.search(before) and after[0].isdigit():
        return True
    if _NAME_BEFORE.search(before) and after[0].isupper():
        return True
    return bool(_SMALL.match(after))


def _quotations(part: str) -> list[Span]:
    """(opening mark, place after the closing mark) of the quotations of a paragraph."""
    out: list[Span] = []
    opened = -1
    for place, char in enumerate(part):
        if char == "“" or (char == '"' and opened < 0):
            opened = place
        elif char in '”"' and opened >= 0:
            if place - opened <= LONGEST_QUOTATION:
                out.append((opened, place + 1))
            opened = -1
    return out


# --------------------------------------------------------------------- markers


def _plain(md: str) -> tuple[str, list[tuple[int, str]]]:
    """The words a reader sees, single spaces, and each marker with the place it stands at."""
    out: list[str] = []
    length = 0
    marks: list[tuple[int, str]] = []
    after_mark = False
    for kind, piece in _pieces(inline.nodes(md)):
        if kind == "cite":
            while out and out[-1] == " ":
                out.pop()
                length -= 1
            marks.append((length, piece))
            after_mark = True
            continue
        for char in piece:
            shown = " " if char.isspace() else char
            if shown == " " and (not out or out[-1] == " "):
                continue
            if after_mark and shown.isalnum() and out:
                out.append(" ")  # "end.[s1]Next" still is two sentences
                length += 1
            after_mark = False
            out.append(shown)
            length += 1
    return "".join(out).rstrip(), marks


def _pieces(parts: tuple[inline.Node, ...]) -> Iterator[tuple[str, str]]:
    for node in parts:
        if node.kind in {"cite", "text"}:
            yield node.kind, node.text
        else:
            yield from _pieces(node.children)
