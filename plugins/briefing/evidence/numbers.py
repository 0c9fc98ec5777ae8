"""Figures in a sentence, however they are written: 61 %, sixty-one percent, $5 million, one in four, a dozen, 27-4-19.

Two figures agree when value and kind agree; units are compared where both are measures (days against hours). A figure that the
sentence itself hedges ("about", "nearly", "more than") may be rounded, within the limits of `HEDGES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from .words import STOP, listed, plain, stem

Kind = Literal["count", "percent", "money", "ratio", "ordinal", "clock", "mark"]  # mark: an identifier that holds digits

#: A hedge → how far the source's figure may lie from the written one, as factors (from, to).
HEDGES = {
    "about": (Fraction(95, 100), Fraction(105, 100)),
    "around": (Fraction(95, 100), Fraction(105, 100)),
    "roughly": (Fraction(95, 100), Fraction(105, 100)),
    "approximately": (Fraction(95, 100), Fraction(105, 100)),
    "some": (Fraction(95, 100), Fraction(105, 100)),
    "nearly": (Fraction(90, 100), Fraction(1)),
    "almost": (Fraction(90, 100), Fraction(1)),
    "just under": (Fraction(90, 100), Fraction(1)),
    "fewer than": (Fraction(80, 100), Fraction(1)),
    "less than": (Fraction(80, 100), Fraction(1)),
    "under": (Fraction(80, 100), Fraction(1)),
    "more than": (Fraction(1), Fraction(125, 100)),
    "over": (Fraction(1), Fraction(125, 100)),
    "at least": (Fraction(1), Fraction(110, 100)),
    "just over": (Fraction(1), Fraction(110, 100)),
}
#: Hedges that say on which side a figure lies. The others say that it was rounded.
LIMITS = frozenset({"fewer than", "less than", "under", "more than", "over", "at least", "just under", "just over"})
_HEDGE = re.compile(r"\b(" + "|".join(sorted(HEDGES, key=len, reverse=True)) + r")(?:\s+(?:a|an|the|of))?\s*$", re.IGNORECASE)

_DENIED = re.compile(r"\b(?:no|not)\s+$", re.IGNORECASE)

#: Units that exclude each other.
MEASURES = frozenset(stem(w) for w in listed("second minute hour day week month quarter year decade mile kilometer meter foot acre ton pound page word point"))

#: Lengths of time that are the same in other words, within each kind: 36 months and three years, 48 hours and two days.
_LENGTHS = {stem(w): ("long", n) for w, n in (("month", 1), ("quarter", 3), ("year", 12), ("decade", 120))} | {
    stem(w): ("short", n) for w, n in (("minute", 1), ("hour", 60), ("day", 1440), ("week", 10080))
}

_LOW = listed("""zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen""")
_ONES = {w: i for i, w in enumerate(_LOW)}
_TENS = {w: 10 * i for i, w in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, **_SCALES}
_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_CURRENCY = {"$": "usd", "US$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "A$": "aud", "C$": "cad"} | {
    stem(w): c for w, c in (("dollars", "usd"), ("euros", "eur"), ("cents", "usc"), ("USD", "usd"), ("EUR", "eur"))
}
_ORDINALS = {w: i for i, w in enumerate(listed("fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"), 4)}

_PERCENT = r"(?P<pct>\s?%|[\s-]?percentage\s+points?|[\s-]per\s?cent\b|-?\s?pc\b)"
_DIGITS = re.compile(
    r"(?<![\w.$€£¥§-])(?<!\d,)(?P<cur>US\$|A\$|C\$|[$€£¥])?\s?(?P<num>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<clock>:\d{2})?\s?(?P<ampm>[ap]\.?m\b\.?)|(?P<ord>st|nd|rd|th)\b)?"
    r"(?:[\s-]?(?P<scale>thousand|million|billion|trillion|mn\b|bn\b|[kKmMbB]\b))?" + _PERCENT + "?"
)
_MARK = re.compile(r"(?<![\w.])(?=[\w./§-]*\d)[\w§]+(?:[-./:][\w§]+)*")
_RANGE = re.compile(r"\d[\d,.]*-\d[\d,.]*")
_NUMBER_WORD = "|".join([*_ONES, *_TENS, *_SCALES, "dozen"])
_WORDS = re.compile(
    rf"\b(?:(?:a|an)\s+(?=hundred|thousand|million|billion|dozen))?(?:{_NUMBER_WORD})(?:(?:\s+and\s+|\s+|-)(?:{_NUMBER_WORD}))*\b(?:" + _PERCENT + ")?",
    re.IGNORECASE,
)
_IN = re.compile(r"(?<![\w.])(?P<a>\d+(?:\.\d+)?|[a-z]+)\s+(?:in|out of)\s+(?:every\s+)?(?P<b>\d+|[a-z]+)\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?P<n>a|one|two|three|four|five|seven|nine|\d+)[\s-](?P<d>half|third|quarter|fourth|fifth|sixth|eighth|tenth)s?\b(?!\s+(?!(?:of|the|in|to|less|more|or|and|from|by|at|on|as|than|is|are|was|were)\b)[a-z])"
    r"|\b(?P<half>half)\b(?!\s+(?:an?\s+)?(?:hour|day|year|step|dozen|million|billion))",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[\s-]+(?:of\s+the\s+|more\s+|full\s+|calendar\s+|business\s+|working\s+|staff\s+|whole\s+|consecutive\s+)?([a-zA-Z]+)")
_TO = re.compile(r"\s*(?:-|to|and|or)\s*\d[\d,.]*\b")
_HALF = re.compile(r"\bhalf\s+an?\s+(dozen|hundred|thousand|million|billion)\b", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:the|these|those|all|both|other|its|their|his|her|our|your|my|any|every|each|of)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A figure: what it is worth and how it stands in the text."""

    value: Fraction
    kind: Kind
    unit: str  # the stem of the measured thing, or a currency, or ""
    text: str
    start: int
    end: int
    hedge: str = ""
    loose: bool = False  # a small number word that may only count what was named before ("the two")

    @property
    def key(self) -> str:
        """The same for figures that agree exactly, as a word among words."""
        return f"#{self.text.lower()}" if self.kind == "mark" else f"#{self.share if self.kind in {'percent', 'ratio'} else self.value}"

    @property
    def share(self) -> Fraction:
        """A percentage or ratio as a share of one."""
        return self.value / 100 if self.kind == "percent" else self.value


@lru_cache(maxsize=16384)
def find(text: str, taken: tuple[tuple[int, int], ...] = ()) -> tuple[Number, ...]:
    """The figures of a sentence in order. `taken` are spans that are something else (dates). "one" alone is no figure."""
    flat = plain(text)
    held = list(taken)
    out: list[Number] = []

    def keep(found: Iterable[Number]) -> None:
        for number in found:
            if not any(number.start < b and a < number.end for a, b in held):
                held.append((number.start, number.end))
                out.append(number)

    keep(_ratios(flat))
    keep(_marks(flat))
    keep(_digits(flat))
    keep(_words(flat))
    return tuple(sorted(out, key=lambda n: n.start))


def _hedge(text: str, start: int) -> str:
    found = _HEDGE.search(text[max(0, start - 24) : start])
    # "No more than 42" is a limit that the source must give, not a figure that was rounded.
    return found.group(1).lower() if found and not _DENIED.search(text[: max(0, start - 24) + found.start()]) else ""


def _unit(text: str, end: int) -> str:
    """The stem of what is counted: the word after the figure, in "40 to 120 hours" the word after the second."""
    found = _UNIT.match(text, _TO.match(text, end).end() if _TO.match(text, end) else end)  # type: ignore[union-attr]
    return stem(found.group(1)) if found and found.group(1).lower() not in STOP else ""


def _ratios(text: str) -> Iterable[Number]:
    for m in _IN.finditer(text):
        a, b = Fraction(m["a"]) if "." in m["a"] else Fraction(_small(m["a"])), _small(m["b"])
        if a and b and a < b:
            yield Number(a / b, "ratio", "", m.group(), m.start(), m.end(), _hedge(text, m.start()))
    for m in _PART.finditer(text):
        if m["half"]:
            yield Number(Fraction(1, 2), "ratio", "", m.group(), m.start(), m.end(), _hedge(text, m.start()), loose=True)
            continue
        n = 1 if m["n"].lower() == "a" else _small(m["n"])
        d = _PARTS[m["d"].lower()]
        if n and n <= d:
            yield Number(Fraction(n, d), "ratio", "", m.group(), m.start(), m.end(), _hedge(text, m.start()))


def _small(word: str) -> int:
    return int(word) if word.isdigit() and len(word) < 6 else _ONES.get(word.lower(), _TENS.get(word.lower(), 0)) if not word.isdigit() else 0


def _marks(text: str) -> Iterable[Number]:
    """Tokens with digits that are names rather than amounts: GPT-4.1, 2026-14, 27-4-19, B2B."""
    for m in _MARK.finditer(text):
        word = m.group().rstrip(".")
        if _DIGITS.fullmatch(word) or re.fullmatch(r"\d+(?::\d\d)?", word):
            continue
        if re.fullmatch(r"[\d,.]+(?:st|nd|rd|th|[kKmMbB]|bn|mn|am|pm|pc)?", word) or re.fullmatch(r"[\d,.]+(?:st|nd|rd|th)?(?:-[A-Za-z]+)+", word):
            continue
        ends = word.split("-")
        if _RANGE.fullmatch(word) and len(ends) == 2 and all(e.isdigit() and len(e) < 4 for e in ends) and int(ends[0]) < int(ends[1]):
            continue
        yield Number(Fraction(0), "mark", "", word, m.start(), m.start() + len(word))


def _digits(text: str) -> Iterable[Number]:
    spaced = re.sub(r"(?<=\d)-(?=\d)", " ", text)  # a range is two figures
    for m in _DIGITS.finditer(spaced):
        value = Fraction(m["num"].replace(",", ""))
        hedge = _hedge(text, m.start())
        start = m.start() + (len(m.group()) - len(m.group().lstrip()))
        shown = text[start : m.end()]
        if m["ampm"]:
            hours = value % 12 + (12 if m["ampm"][0] == "p" else 0)
            yield Number(hours * 60 + int((m["clock"] or ":0")[1:]), "clock", "", shown, start, m.end(), hedge)
            continue
        if m["scale"]:
            value *= _SHORT_SCALES[m["scale"].lower()]
        yield _typed(text, value, shown, start, m.end(), hedge, currency=m["cur"] or "", percent=bool(m["pct"]), ordinal=bool(m["ord"]))


def _typed(
    text: str,
    value: Fraction,
    shown: str,
    start: int,
    end: int,
    hedge: str,
    *,
    currency: str = "",
    percent: bool = False,
    ordinal: bool = False,
    loose: bool = False,
) -> Number:
    unit = _unit(text, end)
    if percent:
        return Number(value, "percent", "", shown, start, end, hedge)
    money = _CURRENCY.get(currency) or _CURRENCY.get(unit, "")
    if money:
        return Number(value, "money", money, shown, start, end, hedge)
    if ordinal:
        return Number(value, "ordinal", unit, shown, start, end, hedge)
    return Number(value, "count", unit, shown, start, end, hedge, loose)


def _words(text: str) -> Iterable[Number]:
    for m in _WORDS.finditer(text):
        percent = m["pct"] or ""
        phrase = m.group()[: len(m.group()) - len(percent)] if percent else m.group()
        value = _value(phrase)
        if value is None or _HALF.search(text, max(0, m.start() - 6), m.end()) or (phrase.lower() in {"one", "zero"} and not percent):
            continue
        loose = value <= 12 and bool(_DEFINITE.search(text[max(0, m.start() - 10) : m.start()]))
        yield _typed(text, Fraction(value), m.group(), m.start(), m.end(), _hedge(text, m.start()), percent=bool(percent), loose=loose)
    for m in _HALF.finditer(text):
        value = 6 if m.group(1).lower() == "dozen" else _SCALES[m.group(1).lower()] // 2
        yield _typed(text, Fraction(value), m.group(), m.start(), m.end(), _hedge(text, m.start()))
    for m in re.finditer(r"\b(" + "|".join(_ORDINALS) + r")\b", text, re.IGNORECASE):
        yield Number(Fraction(_ORDINALS[m.group().lower()]), "ordinal", _unit(text, m.end()), m.group(), m.start(), m.end())


def _value(phrase: str) -> int | None:
    """What number words are worth; None where they are no one number ("three two")."""
    total = part = 0
    last = 10**15
    for word in re.findall(r"[a-z]+", phrase.lower()):
        if word in {"a", "an", "and"}:
            continue
        if word == "dozen":
            part = max(part, 1) * 12
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _SCALES:
            total += max(part, 1) * _SCALES[word]
            part, last = 0, 10**15
            continue
        else:
            small = _ONES.get(word, _TENS.get(word, 0))
            if small >= last:
                return None
            part += small
            last = 10 if small >= 20 else 0
            continue
        last = 100
    return total + part


def agree(claim: Number, source: Number) -> bool:
    """Whether the source's figure carries the claim's: same worth, same kind, no other measure; rounded only where hedged."""
    if "mark" in {claim.kind, source.kind}:
        return claim.kind == source.kind and _mark(claim.text) == _mark(source.text)
    # "Fewer than 25 employees" in a source is a limit, not an amount: it is not rounded.
    hedge = "" if source.hedge in LIMITS else claim.hedge
    shares = {"percent", "ratio"}
    if claim.kind in shares and source.kind in shares:
        return _close(claim.share, source.share, hedge, fraction=claim.kind == "ratio")
    if claim.kind != source.kind:
        return False
    if claim.kind == "money" and claim.unit != source.unit:
        return False
    if claim.unit in MEASURES and source.unit in MEASURES and claim.unit != source.unit:
        a, b = _LENGTHS.get(claim.unit), _LENGTHS.get(source.unit)
        return bool(a and b and a[0] == b[0]) and _close(claim.value * a[1], source.value * b[1], hedge)  # type: ignore[index]
    return _close(claim.value, source.value, hedge)


_YEARS = re.compile(r"((?:19|20)\d{2})\W((?:19|20)?\d{2})")


def _mark(text: str) -> str:
    """A mark as it is compared: "2018-19" and "2018-2019" are one span of years."""
    years = _YEARS.fullmatch(text)
    return f"{years[1]}-{years[1][:2]}{years[2][-2:]}" if years else text.lower()


def _close(claim: Fraction, source: Fraction, hedge: str, *, fraction: bool = False) -> bool:
    if claim == source:
        return True
    if not hedge:
        return False
    low, high = HEDGES[hedge]
    rounder = fraction or hedge in LIMITS or _told(claim) <= max(1, _told(source) - 1)
    return rounder and claim * low <= source <= claim * high


def _told(value: Fraction) -> int:
    """How many digits a figure tells: 118,000 tells three. One that was rounded tells fewer than the one it stands for."""
    if value.denominator != 1:
        return 2 if value < 1 else len(str(float(value)).replace(".", "").strip("0"))
    return len(str(value.numerator).rstrip("0")) or 1


def same(claim: Number, source: Number) -> bool:
    """Whether both figures are worth the same and of one kind, without any rounding."""
    return agree(replace(claim, hedge=""), source)


def other_unit(claim: Number, source: Number) -> bool:
    """Whether the value is the same and only kind or measure differ."""
    return claim.kind != "mark" and source.kind != "mark" and claim.value == source.value and not agree(claim, source)
