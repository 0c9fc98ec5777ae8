"""Days, months and years in a sentence, in any usual spelling, and whether a source's date carries a claim's.

A source writes "Thursday" or "March 2"; the day it was published tells which. A claim may be less exact than its source
("in April" for "April 30"), never more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from .words import listed, plain

_NAMES = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sept sep", "october oct", "november nov", "december dec",
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in listed(names)}
_WEEKDAYS = {name: i for i, name in enumerate(listed("monday tuesday wednesday thursday friday saturday sunday"))}
_SEASONS = {"spring": (3, 6), "summer": (6, 9), "fall": (9, 12), "autumn": (9, 12), "winter": (12, 15)}
_ANY = -1  # a year that is not told and cannot be worked out
_RELATIVE = {"today": 0, "yesterday": -1, "tomorrow": 1}
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "q1": 1, "q2": 2, "q3": 3, "q4": 4}

_M = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)|Apr(?:il|\.)?|May|June?\.?|July?\.?|"
    r"Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_Y = r"(?P<year>(?:19|20)\d{2})"
_D = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_PATTERNS = tuple(
    re.compile(p)
    for p in (
        rf"\b{_Y}-(?P<num>\d{{2}})-(?P<day>\d{{2}})\b",
        rf"\b{_M}\s+{_D}(?:\s?-\s?(?P<to>[0-3]?\d))?(?:,?\s+{_Y})?(?![\d%]|,\d)",
        rf"\b{_D}(?:\s+of)?\s+{_M}(?:,?\s+{_Y})?\b",
        rf"\b{_M},?\s+(?:of\s+)?{_Y}\b",
        rf"\b(?P<season>[Ss]pring|[Ss]ummer|[Ff]all|[Aa]utumn|[Ww]inter)(?:\s+of|,)?\s+{_Y}\b",
        rf"\b(?P<quarter>Q[1-4]|(?:first|second|third|fourth)\s+quarter)(?:\s+of|,)?\s+{_Y}\b",
        r"\b(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<year>\d{4})\b",
        r"\b(?P<month>January|February|April|June|July|August|September|October|November|December)\b",
        r"\b(?:in|by|of|last|next|this|since|until|till|from|before|after|early|late|mid|through|and|to|end of|for)[\s-]"
        r"(?P<month>March|May)\b(?!\s+[a-z]*(?:be|have)\b)",
        r"\b(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b",
        r"\b(?P<relative>[Tt]oday|[Yy]esterday|[Tt]omorrow)\b",
        r"(?<!\bthe )\b(?P<shift>[Ll]ast|[Tt]his|[Nn]ext)\s+year\b",
        r"(?<![\w$€£#./-])(?P<year>(?:19|20)\d{2})(?![\w%]|[.,-]\d|/)"
        r"(?!\s+(?:people|employees|workers|users|customers|companies|insurers|firms|comments|pages|words|hours|days|dollars|euros|percent|tons|patients|claims|jobs|staff)\b)",
    )
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is told; None where it is not."""

    text: str
    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    months: tuple[int, int] | None = None  # a season or quarter: from, to (excluded, counted past 12)
    offset: int | None = None  # today 0, yesterday -1
    shift: int | None = None  # last year -1
    either: bool = False  # 3/11/2026: day and month may be the other way round

    @property
    def key(self) -> str:
        """The same for dates that agree as written, as a word among words."""
        return f"@{self.month or self.months}-{self.day or ''}" if self.month or self.months else f"@{self.year or self.weekday}"


@lru_cache(maxsize=16384)
def find(text: str) -> tuple[Day, ...]:
    """The dates of a sentence in order."""
    flat = plain(text)
    out: list[Day] = []
    for pattern in _PATTERNS:
        for m in pattern.finditer(flat):
            span = m.span("month") if pattern.pattern.startswith(r"\b(?:in|by") else m.span()
            if any(span[0] < d.end and d.start < span[1] for d in out):
                continue
            out += _days(m, text[span[0] : span[1]], span)
    return tuple(sorted(out, key=lambda d: (d.start, d.day or 0)))


def _days(m: re.Match[str], shown: str, span: tuple[int, int]) -> Iterable[Day]:
    g = m.groupdict()
    year = int(g["year"]) if g.get("year") else None
    if g.get("a"):
        a, b = int(g["a"]), int(g["b"])
        if max(a, b) <= 31 and min(a, b) <= 12:
            yield Day(shown, *span, year=year, month=min(a, b) if max(a, b) > 12 else a, day=max(a, b) if max(a, b) > 12 else b, either=max(a, b) <= 12)
        return
    if g.get("weekday"):
        yield Day(shown, *span, weekday=_WEEKDAYS[g["weekday"].lower()])
    elif g.get("relative"):
        yield Day(shown, *span, offset=_RELATIVE[g["relative"].lower()])
    elif g.get("shift"):
        yield Day(shown, *span, shift={"last": -1, "this": 0, "next": 1}[g["shift"].lower()])
    elif g.get("season"):
        yield Day(shown, *span, year=year, months=_SEASONS[g["season"].lower()])
    elif g.get("quarter"):
        q = _ORDER[g["quarter"].split()[0].lower()]
        yield Day(shown, *span, year=year, months=(3 * q - 2, 3 * q + 1))
    else:
        month = int(g["num"]) if g.get("num") else _MONTHS[g["month"].rstrip(".").lower()] if g.get("month") else None
        day = int(g["day"]) if g.get("day") else None
        if (day is not None and not 1 <= day <= 31) or (month is not None and not 1 <= month <= 12):
            return
        yield Day(shown, *span, year=year, month=month, day=day)
        if g.get("to"):
            yield Day(shown, *span, year=year, month=month, day=int(g["to"]))


def meant(source: Day, published: date | None) -> tuple[Day, ...]:
    """What a source's date can mean, given the day it was published: missing years and weekdays filled in."""
    if source.either and source.month and source.day:
        turned = Day(source.text, source.start, source.end, year=source.year, month=source.day, day=source.month)
        return (source, turned)
    if published is None:
        # Nobody knows the year then: what the source does tell must agree.
        return (source,) if source.year is not None or source.month is None else (source, replace(source, year=_ANY))
    if source.weekday is not None:
        back = (published.weekday() - source.weekday) % 7
        return tuple(_whole(source, published - timedelta(days=back - 7 * n)) for n in (-1, 0, 1))
    if source.offset is not None:
        return (_whole(source, published + timedelta(days=source.offset)),)
    if source.shift is not None:
        return (Day(source.text, source.start, source.end, year=published.year + source.shift),)
    if source.year is None and (source.month or source.months):
        return tuple(
            Day(source.text, source.start, source.end, year=published.year + n, month=source.month, day=source.day, months=source.months) for n in (-1, 0, 1)
        )
    return (source,)


def _whole(day: Day, on: date) -> Day:
    return Day(day.text, day.start, day.end, year=on.year, month=on.month, day=on.day, weekday=on.weekday())


def agree(claim: Day, source: Day, published: date | None, edition: date) -> bool:
    """Whether the source's date carries the claim's. `published` is the source's day, `edition` the claim's."""
    options: tuple[Day, ...] = (claim,)
    if claim.weekday is not None or claim.offset is not None or claim.shift is not None:
        if (claim.weekday, claim.offset, claim.shift) == (source.weekday, source.offset, source.shift):
            return True
        options = meant(claim, edition) if claim.weekday is None else options
    elif claim.either:
        options = meant(claim, None)
    return any(_fits(c, s) for c in options for s in (source, *meant(source, published)))


def _fits(claim: Day, source: Day) -> bool:
    if claim.weekday is not None and claim.day is None:
        on = actual(source)
        return source.weekday == claim.weekday or (on is not None and on.weekday() == claim.weekday)
    if claim.year is not None and source.year not in (claim.year, _ANY):
        return False
    if claim.months is not None:
        return source.months == claim.months or (source.month is not None and _within(source.month, claim.months))
    if claim.month is not None and claim.month != source.month:
        return False
    if claim.day is not None and claim.day != source.day:
        return False
    return claim.year is not None or claim.month is not None


def _within(month: int, span: tuple[int, int]) -> bool:
    return span[0] <= month < span[1] or span[0] <= month + 12 < span[1]


def actual(day: Day) -> date | None:
    """The calendar day where it is told whole, else None."""
    if day.year and day.year != _ANY and day.month and day.day:
        try:
            return date(day.year, day.month, day.day)
        except ValueError:
            return None
    return None


def wrong_weekday(found: tuple[Day, ...]) -> tuple[Day, date] | None:
    """A weekday written right before a whole date that falls on another day of the week, or None."""
    for first, second in pairwise(found):
        on = actual(second)
        if first.weekday is not None and on is not None and 0 < second.start - first.end <= 2 and on.weekday() != first.weekday:
            return first, on
    return None


def on(day: date) -> Day:
    """A calendar day as a source's date, such as the day it was published."""
    return Day(day.isoformat(), 0, 0, year=day.year, month=day.month, day=day.day)
