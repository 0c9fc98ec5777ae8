"""Before or after, from or until: on which side of a date something lies, and to which statement of a sentence a date belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from ..model import Problem
from . import dates
from .dates import Day
from .reading import Line, Reading, Sources, gist
from .reasons import problem
from .words import plain, short

_REACH = r"(?:\s+(?:the|its|their|early|late|mid|end|start|beginning|middle|close|of|at|on|about|a|around|half|first|second|first\s+half)){0,4}\s*[-(]?$"
_BACK = re.compile(r"\b(?P<word>before|until|till|by|through|no\s+later\s+than|not\s+later\s+than|prior\s+to|ahead\s+of|up\s+to)" + _REACH, re.IGNORECASE)
_FORTH = re.compile(
    r"\b(?P<word>after|since|from|starting|beginning|as\s+of|effective|no\s+(?:sooner|earlier)\s+than|following|onwards?\s+from)" + _REACH, re.IGNORECASE
)
_ENDS = re.compile(r"\b(?:end|ends|ended|ending|clos|expir|deadline|due|last|finish|stop)\w*", re.IGNORECASE)
_STARTS = re.compile(r"\b(?:begin|began|begun|start|open|launch|effect|appl|bind|bound|onward)\w*", re.IGNORECASE)
#: These say that nothing happens on the other side; a source that only names the day does not say that.
_CLEAR = frozenset({"after", "until", "before"})
#: A dated sentence of the source shares at most this much of the words that stand with the date here, and at least so much of the others.
ALIEN, OWN, SURE = 0.2, 0.5, 0.6
#: Statements of fewer telling words are not compared.
FEW, LOOSE = 2, 4
_JOIN = re.compile(r"[;:]|, (?:and|but|while|though|so|because)\b")
_LOOSE_JOIN = re.compile(r"\b(?:and|but|while)\b")


def check(text: str, readings: Sequence[Reading], sources: Sources) -> Iterator[Problem]:
    """Each date that a sentence puts on the other side than its sources do, or gives to another statement. `text` without quotations."""
    for day in dates.find(text):
        mine, word = side(text, day)
        if mine:
            yield from _turned(text, day, mine, word, readings, sources.edition)
    yield from _moved(text, readings, sources)


def side(text: str, day: Day) -> tuple[str, str]:
    """ "back" for what ends at a date, "forth" for what begins there, and the word that says so; "" twice where none stands before it."""
    before = plain(text)[max(0, day.start - 40) : day.start]
    if found := _BACK.search(before):
        return "back", found["word"].lower()
    found = _FORTH.search(before)
    return ("forth", found["word"].lower()) if found else ("", "")


def _turned(text: str, day: Day, mine: str, word: str, readings: Sequence[Reading], edition: date) -> Iterator[Problem]:
    theirs = [(line, d) for r in readings for line in r.lines for d in line.days if dates.agree(day, d, r.published, edition)]
    told = [side(line.text, d)[0] or _leaning(line.text, d) for line, d in theirs]
    if not theirs or mine in told:
        return
    against = [(line, d) for (line, d), s in zip(theirs, told, strict=True) if s]
    shown = f"“{word} {day.text}”"
    if against:
        line, d = against[0]
        yield problem("time-differs", shown, f"it says “{_shown(line, d)}”", blocks=len(against) == len(theirs))
    elif word in _CLEAR:
        line, d = theirs[0]
        yield problem("time-differs", shown, f"it says “{_shown(line, d)}”", blocks=False)


def _leaning(text: str, day: Day) -> str:
    """What the verbs right before a date say: "is due on April 30" ends there, "begins on March 2" begins there."""
    before = " ".join(text[: day.start].split()[-6:])
    ends, starts = bool(_ENDS.search(before)), bool(_STARTS.search(before))
    return "" if ends == starts else "back" if ends else "forth"


def _shown(line: Line, day: Day) -> str:
    low = line.text.rfind(" ", 0, max(0, day.start - 24)) + 1 if day.start > 24 else 0
    return short(line.text[low : day.end], 10).strip(' ,;:.()“”"')


# ----------------------------------------------------------- dates that were moved


def statements(text: str) -> list[tuple[int, int]]:
    """A sentence cut at its joints: at a comma before "and" or "who" where there is one, else at "and". A date in front belongs to what follows it."""
    flat = plain(text)
    found = _cut(text, [m.start() for m in _JOIN.finditer(flat)])
    if len(found) > 1:
        return found
    loose = _cut(text, [m.start() for m in _LOOSE_JOIN.finditer(flat)])
    # "Mail and email notices" is one statement.
    return loose if all(len(gist(text[a:b])) >= LOOSE for a, b in loose) else found


def _cut(text: str, joints: Sequence[int]) -> list[tuple[int, int]]:
    return [(a, b) for a, b in pairwise([0, *(j for j in joints if j > 12), len(text)]) if b - a > 3]


def _stems(text: str, span: tuple[int, int]) -> frozenset[str]:
    return frozenset(s for s in gist(text[span[0] : span[1]]) if not s.startswith("@"))


def _holding(text: str, day: Day) -> tuple[frozenset[str], frozenset[str]]:
    """The words of the statement a date stands in, and those of the others."""
    parts = statements(text)
    mine = next((p for p in parts if p[0] <= day.start < p[1]), (0, len(text)))
    others = frozenset[str]().union(*(_stems(text, p) for p in parts if p != mine))
    return _stems(text, mine), others


def _moved(text: str, readings: Sequence[Reading], sources: Sources) -> Iterator[Problem]:
    """Each date that stands with words its sources do not date, while the sentence has the dated words elsewhere."""
    lines = [(line, r) for r in readings for line in r.lines]
    for day in dates.find(text):
        mine, rest = _holding(text, day)
        dated = [(line, d) for line, r in lines for d in line.days if dates.agree(day, d, r.published, sources.edition)]
        if len(mine) < FEW or len(rest) < FEW or not dated:
            continue
        marks = [_exchanged(mine, rest, *_holding(line.text, d)) for line, d in dated]
        carried = max(sources.coverage(mine, line.stems) for line, _ in dated)
        other, (line, found) = _best(rest, dated, sources)
        elsewhere = max(sources.coverages(mine, (x.stems for x, _ in lines)))
        apart = carried <= ALIEN and other >= OWN
        if all(marks) or apart:
            yield problem("date-elsewhere", f"“{day.text}”", f"it says “{_shown(line, found)}”", blocks=apart and elsewhere >= SURE)


def _best(rest: frozenset[str], dated: Sequence[tuple[Line, Day]], sources: Sources) -> tuple[float, tuple[Line, Day]]:
    found = max(dated, key=lambda p: sources.coverage(rest, p[0].stems))
    return sources.coverage(rest, found[0].stems), found


def _exchanged(mine: frozenset[str], rest: frozenset[str], theirs: frozenset[str], their_rest: frozenset[str]) -> bool:
    """Whether what stands with the date here stands without it there, and the other way round."""
    own, other = theirs - their_rest, their_rest - theirs
    return len(mine & other) >= 2 and not mine & own and bool(rest & own)
