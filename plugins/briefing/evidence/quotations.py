"""Quotations: what stands in quotation marks, and whether a source has the same words.

Normalised before comparing, and nothing else: kind of quotation mark, dash and space; runs of white space; a capital or small
first letter; punctuation at the quotation's end. An ellipsis may leave words out, in order and within one paragraph; words in [square brackets]
are the editor's and may stand for up to four words of the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from .words import plain

_MARKS = re.compile(r"“([^“”]+)”|(?<![\w\"])\"([^\"]+)\"(?!\w)")
_GAP = re.compile(r"\s*(?:\.\s?\.\s?\.|…|\[\s*(?:\.\.\.|…)\s*\])\s*")
_EDIT = re.compile(r"\[([^\]]*)\]")
_END = " ,.;:!?…-"
#: An ellipsis may skip so many characters of the source.
LONGEST_GAP = 600
#: Fewer words in quotation marks are a term or a title rather than someone's sentence.
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks, without the marks."""

    text: str
    start: int
    end: int

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def titled(self) -> bool:
        """Whether it is the name of a work or a thing rather than speech: most of its longer words begin with a capital."""
        long = [w for w in re.findall(r"[^\W\d_]+", self.text) if len(w) > 3]
        return bool(long) and sum(w[0].isupper() for w in long) > 0.6 * len(long)

    @property
    def edited(self) -> bool:
        """Whether it leaves words out or has an editor's words in brackets."""
        return bool(_GAP.search(self.text.strip(_END)) or _EDIT.search(self.text))


@lru_cache(maxsize=8192)
def find(text: str) -> tuple[Quotation, ...]:
    """The quotations of a sentence in order."""
    out = []
    for m in _MARKS.finditer(text):
        group = 1 if m.group(1) is not None else 2
        out.append(Quotation(m.group(group), m.start(group), m.end(group)))
    return tuple(out)


@lru_cache(maxsize=8192)
def _pattern(quotation: str) -> re.Pattern[str] | None:
    pieces = [p for p in (_piece(p) for p in _GAP.split(plain(quotation).strip(_END))) if p]
    if not pieces:
        return None
    gap = rf"[^\n]{{0,{LONGEST_GAP}}}?"
    return re.compile(rf"(?<!\w)(?:{gap.join(pieces)})(?!\w)")


def _piece(text: str) -> str:
    out: list[str] = []
    first = True
    for part in re.split(r"(\[[^\]]*\])", text.strip(" ,;:")):
        if part.startswith("["):
            flexible = r"[^\n]{0,60}?" if not out else r"\s*(?:[\w'-]+\W+){0,3}?[\w'-]*"
            out.append(rf"(?:\s*{re.escape(part)}|{flexible})")
            first = False
            continue
        words = [re.escape(w) for w in part.split()]
        if words and first:
            letter = part.split()[0]
            if letter[0].isalpha():
                words[0] = f"[{letter[0].lower()}{letter[0].upper()}]{re.escape(letter[1:])}"
            first = False
        joined = r"\s+".join(words)
        if out and part[:1].isspace():
            joined = r"\s*" + joined
        if part[-1:].isspace() and part.strip():
            joined += r"\s*"
        out.append(joined)
    return "".join(out)


def places(quotation: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the source's text has the quotation, as offsets."""
    pattern = _pattern(quotation)
    if pattern is None:
        return
    for m in pattern.finditer(plain(text)):
        yield m.start(), m.end()


def nearest(quotation: str, sentences: list[str]) -> str:
    """The words of the sources most like the quotation, or "" where nothing is."""
    words = plain(quotation).lower().split()
    best, found = 0.0, ""
    for sentence in sentences:
        theirs = sentence.split()
        low = [w.lower() for w in plain(sentence).split()]
        if len(set(low) & set(words)) < len(set(words)) * 0.4:
            continue
        match = SequenceMatcher(None, words, low, autojunk=False)
        blocks = [b for b in match.get_matching_blocks() if b.size]
        score = sum(b.size for b in blocks) / len(words)
        if score > best and blocks:
            best = score
            found = " ".join(theirs[max(0, blocks[0].b - blocks[0].a) : blocks[-1].b + len(words) - blocks[-1].a])
    return found if best >= 0.5 else ""
