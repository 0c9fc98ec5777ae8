"""Limits, rates and ranges at figures: "at least 30", "a month", "from 71 to 46". The figure may be right and the sentence false.

A limit says on which side of its figure the truth lies. Two sentences that give one figure opposite sides contradict each other, and
"fewer than 412" is wrong where the source counts 412.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..model import Problem
from . import numbers
from .details import alike
from .numbers import Number
from .reading import Line, Reading, figures, gist
from .reasons import problem
from .words import listed, plain, short, stem, tokens

_GAP = r"(?:\s+(?:an?|the|about|another|some|its|their|only|just))?\s*[\"(]?$"
_UP = re.compile(
    r"\b(?:at\s+least|(?:no|not)\s+(?:less|fewer|sooner|earlier)\s+than|"
    r"(?<!no )(?<!not )more\s+than|(?:greater|higher|larger|longer|older|later)\s+than|over|above|"
    r"exceed(?:s|ed|ing)?|(?:minimum|floor)\s+of|upwards?\s+of|beyond|topped|passed)" + _GAP,
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:at\s+most|(?:no|not)\s+(?:more|later|longer|higher|greater)\s+than|"
    r"(?<!no )(?<!not )(?:fewer|less)\s+than|(?:lower|smaller|shorter|younger)\s+than|under|below|up\s+to|"
    r"as\s+(?:much|many|long)\s+as|within|nearly|almost|capped\s+at|(?:ceiling|cap|limit|maximum)\s+of|limited\s+to)" + _GAP,
    re.IGNORECASE,
)
_UP_AFTER = re.compile(
    r"^[\s-]*(?:%|percent|[a-z]+)?\s*(?:or|and)\s+(?:more|over|above|older|longer|higher|greater|up)\b|^[\s-]*[a-z]*\s*at\s+(?:the\s+)?least\b", re.IGNORECASE
)
_DOWN_AFTER = re.compile(
    r"^[\s-]*(?:%|percent|[a-z]+)?\s*or\s+(?:less|fewer|under|below|younger|shorter|lower)\b|^[\s-]*[a-z]*\s*at\s+(?:the\s+)?most\b", re.IGNORECASE
)
#: These exclude the figure itself; "at least 30" does not.
_STRICT = re.compile(r"\b(?:(?<!no )(?<!not )(?:more|fewer|less)\s+than|over|under|below|above|exceed(?:s|ed|ing)?)" + _GAP, re.IGNORECASE)
#: A place of the same figure counts where its sentence shares this much of what the best one shares.
CLOSE = 0.75
_VAGUE = re.compile(r"\b(?:about|around|roughly|approximately|some|nearly|almost|estimated|close\s+to|just)\s*$", re.IGNORECASE)

_PERIODS = {
    "workday": "day", "night": "day", "daily": "day", "hourly": "hour", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "annual": "year", "annually": "year", "yearly": "year",
}  # fmt: skip
_RATE = re.compile(
    r"(?:\b(?:per|each|every)|\ban?|\bone)\s+(?P<unit>hour|day|workday|night|week|month|quarter|year)\b(?!\s+(?:ago|later|earlier|before|after|old|of|in|when|that|long|or|and\s+an?\b))"
    rf"|\b(?P<word>{'|'.join(w for w in _PERIODS if w.endswith(('ly', 'al')))})\b",
    re.IGNORECASE,
)
_UNITS = frozenset(listed("hour day week month quarter year"))
_UNIT_STEMS = frozenset(stem(w) for w in listed("percent per cent hour day week month quarter year minute business"))
#: "a month" is a rate after these or after a figure's unit; elsewhere it may be a length of time.
_OFTEN = frozenset(listed("once twice times"))
_FROM = re.compile(r"\bfrom(?:\s+(?:an?|the|about|some|nearly|around))?\s*$", re.IGNORECASE)
_TO = re.compile(r"\bto(?:\s+(?:an?|the|about|some|nearly|around))?\s*$", re.IGNORECASE)


def check(text: str, readings: Sequence[Reading], witnesses: Sequence[Line]) -> Iterator[Problem]:
    """Each limit, rate and range of a sentence that its sources give the other way round, or do not give. `text` without quotations."""
    found = figures(text)
    for number in found:
        yield from _limit(text, number, readings)
    yield from _rates(text, witnesses)
    yield from _ranges(text, found, readings)
    yield from _places(text, found, readings)


# --------------------------------------------------------------------- limits


def side(text: str, number: Number) -> str:
    """On which side of a figure the truth lies: "up", "down" or "" where no limit stands beside it."""
    flat = plain(text)
    before, after = flat[max(0, number.start - 30) : number.start], flat[number.end : number.end + 30]
    if _UP.search(before) or _UP_AFTER.search(after):
        return "up"
    return "down" if _DOWN.search(before) or _DOWN_AFTER.search(after) else ""


def _limit(text: str, number: Number, readings: Sequence[Reading]) -> Iterator[Problem]:
    mine = side(text, number)
    if not mine:
        return
    theirs = _nearest(text, number, [(line, n) for r in readings for line in r.lines for n in line.numbers if numbers.same(number, n)])
    told = [side(line.text, n) for line, n in theirs]
    if not theirs or mine in told:
        return
    shown = _shown(text, number)
    opposite = [(line, n) for (line, n), s in zip(theirs, told, strict=True) if s]
    if opposite:
        line, n = opposite[0]
        yield problem("limit-differs", f"“{shown}”", f"it says “{_shown(line.text, n)}”", blocks=len(opposite) == len(theirs))
        return
    vague = any(_VAGUE.search(plain(line.text)[max(0, n.start - 16) : n.start]) for line, n in theirs)
    strict = bool(_STRICT.search(plain(text)[max(0, number.start - 30) : number.start]))
    yield problem("limit-differs", f"“{shown}”", f"it says “{_shown(theirs[0][0].text, theirs[0][1])}”", blocks=strict and not vague)


def _nearest(text: str, number: Number, places: Sequence[tuple[Line, Number]]) -> list[tuple[Line, Number]]:
    """The places of a figure whose sentences share nearly as many of the claim's words as the best one."""
    mine = gist(text)
    shares = [len(mine & line.stems) for line, _ in places]
    return [p for p, s in zip(places, shares, strict=True) if s >= CLOSE * max(shares)]


def _shown(text: str, number: Number) -> str:
    """A figure with the few words around it."""
    low = text.rfind(" ", 0, max(0, number.start - 14)) + 1 if number.start > 14 else 0
    high = text.find(" ", min(len(text), number.end + 10))
    return short(text[low : high if high > 0 else len(text)], 8).strip(' ,;:.()“”"')


# ---------------------------------------------------------------------- rates


def _rates_of(text: str) -> frozenset[str]:
    flat = plain(text)
    out = set()
    for m in _RATE.finditer(flat):
        if m["word"]:
            # "Operations Weekly" is a name.
            if m["word"][0].islower() or not flat[: m.start()].strip():
                out.add(_PERIODS[m["word"].lower()])
        elif not re.match(r"an?\b", m.group(), re.IGNORECASE) or _counted(flat, m.start()):
            out.add(_PERIODS.get(m["unit"].lower(), m["unit"].lower()))
    return frozenset(out)


def _attached(text: str) -> list[tuple[Number, str]]:
    """Each figure of a text with the period it is counted by, where one follows within six words."""
    flat, found = plain(text), figures(text)
    out = []
    for number, following in zip(found, [n.start for n in (*found[1:],)] + [len(flat)], strict=False):
        m = _RATE.search(flat, number.end, following)
        if m and len(flat[number.end : m.start()].split()) <= 6:
            word = (m["word"] or m["unit"]).lower()
            out.append((number, _PERIODS.get(word, word)))
    return out


def _counted(flat: str, at: int) -> bool:
    """Whether a figure or "once" stands within five words before this place."""
    before = " ".join(flat[:at].split()[-5:])
    return bool(_OFTEN & set(before.lower().split())) or any(n.kind != "mark" for n in figures(before))


def _rates(text: str, witnesses: Sequence[Line]) -> Iterator[Problem]:
    mine = _rates_of(text)
    if not mine or not witnesses:
        return
    theirs = frozenset[str]().union(*(_rates_of(line.text) for line in witnesses))
    spoken = {_PERIODS.get(t.text.lower(), t.text.lower().rstrip("s")) for line in witnesses for t in tokens(line.text)}
    attached = _attached(text)
    for period in sorted(mine - theirs):
        told = {p for line in witnesses for n, p in _attached(line.text) for m, q in attached if q == period and numbers.same(m, n)}
        if told:
            yield problem("rate-differs", f"“{period}”", f"it says “{', '.join(sorted(told))}”")
            continue
        others = sorted((theirs or spoken & _UNITS) - {period})
        if others and (theirs or period not in spoken):
            yield problem("rate-differs", f"“{period}”", f"it says “{', '.join(others)}”", blocks=period not in spoken)


# --------------------------------------------------------------------- ranges


def _ends(text: str, found: Sequence[Number]) -> Iterator[tuple[Number, Number]]:
    """The figures that a sentence goes from and to, in that order, however they are written."""
    flat = plain(text)
    for a, b in pairwise(found):
        before_a, before_b = flat[max(0, a.start - 16) : a.start], flat[a.end : b.start]
        if len(before_b.split()) > 5 or re.search(r"[;.]", before_b):
            continue
        if _FROM.search(before_a) and _TO.search(before_b):
            yield a, b
        elif _TO.search(before_a) and _FROM.search(before_b):
            yield b, a


def _ranges(text: str, found: Sequence[Number], readings: Sequence[Reading]) -> Iterator[Problem]:
    theirs = [ends for r in readings for line in r.lines for ends in _ends(line.text, line.numbers)]
    for a, b in _ends(text, found):
        same = any(numbers.same(a, x) and numbers.same(b, y) for x, y in theirs)
        turned = next(((x, y) for x, y in theirs if numbers.same(a, y) and numbers.same(b, x)), None)
        if turned and not same and a.value != b.value:
            yield problem("figures-swapped", f"“{a.text}” and “{b.text}”", f"it goes from {turned[0].text} to {turned[1].text}")


# -------------------------------------------------------------------- figures that changed places

_STOP = re.compile(r"[;:()]|\b(?:and|but|while|with)\b")
#: Two figures of one thought stand at most so many sentences apart; of each, so many places are compared.
APART, PLACES = 2, 8


def _around(text: str, number: Number, others: Sequence[Number]) -> frozenset[str]:
    """Stems of the words that say what a figure counts: three behind it and two before it, not past another figure or a joint."""
    flat = plain(text)
    high = min((n.start for n in others if n.start >= number.end), default=len(flat))
    low = max((n.end for n in others if n.end <= number.start), default=0)
    joint = _STOP.search(flat, number.end, high)
    low = max([low, *(m.end() for m in _STOP.finditer(flat, low, number.start))])
    high = joint.start() if joint else high
    words = [t for t in tokens(flat) if t.content and t.stem not in _UNIT_STEMS]
    behind = [t for t in words if number.end <= t.start and t.end <= high]
    before = [t for t in words if low <= t.start and t.end <= number.start]
    return frozenset(t.stem for t in [*behind[:3], *before[-2:]])


def _places(text: str, found: Sequence[Number], readings: Sequence[Reading]) -> Iterator[Problem]:
    for i, a in enumerate(found):
        for b in found[i + 1 :]:
            if a.value == b.value or "mark" in {a.kind, b.kind} or not alike(a, b):
                continue
            mine, other = _around(text, a, found), _around(text, b, found)
            marks = [_crossed(mine, other, *pair) for r in readings for pair in _pairs(a, b, r)]
            kept, crossed = max((k for k, _ in marks), default=0), max((c for _, c in marks), default=0)
            if crossed >= 2 and crossed > kept:
                yield problem("figures-swapped", f"“{a.text}” and “{b.text}”", "the source has them the other way round", blocks=kept == 0)


def _pairs(a: Number, b: Number, reading: Reading) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """The words around both figures, for each two places of them that stand near each other."""
    first = [(line, n) for line in reading.lines for n in line.numbers if numbers.same(a, n)][:PLACES]
    second = [(line, n) for line in reading.lines for n in line.numbers if numbers.same(b, n)][:PLACES]
    for line, n in first:
        for other, m in second:
            if abs(line.number - other.number) <= APART:
                yield _around(line.text, n, line.numbers), _around(other.text, m, other.numbers)


def _crossed(mine: frozenset[str], other: frozenset[str], theirs: frozenset[str], their_other: frozenset[str]) -> tuple[int, int]:
    """How many telling neighbours two figures keep in the source, and how many they have exchanged."""
    own, others = theirs - their_other, their_other - theirs
    crossed = (len(mine & others), len(other & own))
    return len(mine & own) + len(other & others), sum(crossed) if all(crossed) else 0
