"""Figures, dates, names and roles of a sentence: does a cited source have them, and have them for the same thing?

Being somewhere on the page is not enough: a bulletin with "412 insurers" and "46 companies" must not carry a sentence that
swaps the two. So a detail's neighbours in the sentence are compared with its neighbours in the source, and with those of other details of
its kind; it is refused only where another detail clearly fits the sentence better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ..model import Problem
from . import dates, names, numbers
from .dates import Day
from .names import Name
from .numbers import MEASURES, Number
from .reading import Line, Reading, Sources, figures
from .reasons import problem
from .words import plain, short, tokens

#: Words on each side of a detail that say what it is a detail of.
NEAR = 8
#: So many places of a detail are compared; a page that has more repeats itself.
MOST = 300
#: Fewer words around a detail than this do not say what it is a detail of.
TELLING = 2
#: Another detail must fit at least this well, and better than the right one by this much, before a sentence is refused.
FITS, BETTER = 0.45, 0.22
#: Two figures of one sentence may have changed places: that must be plain to see.
SWAPPED, SWAPPED_BETTER = 0.85, 0.4
NAME_FITS, NAME_BETTER = 0.7, 0.45
_PEOPLE = ("an", "ans", "ish", "ese")


_BREAK = re.compile(r";|” |: ")
_JOINS = frozenset({"and", "but", "while", "with", "then"})


@dataclass(frozen=True)
class Place:
    """A detail in a source: the sentence, and its offsets in that sentence."""

    reading: Reading
    line: Line
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Outcome:
    """What came of one detail: where it stands, or why it does not stand."""

    place: Place | None = None
    problem: Problem | None = None


def near(text: str, start: int, end: int, reach: int = NEAR) -> frozenset[str]:
    """Stems of the content words around a span, within its clause."""
    words = tokens(text)
    before = [t for t in words if t.end <= start][-reach:]
    after = [t for t in words if t.start >= end][:reach]
    out: set[str] = set()
    last = start
    for t in reversed(before):
        if _BREAK.search(text[t.end : last]) or (t.text.lower() in _JOINS and "," in text[max(0, t.start - 2) : t.start]):
            break
        last = t.start
        if t.content:
            out.add(t.stem)
    last = end
    for t in after:
        if _BREAK.search(text[last : t.start]) or (t.text.lower() in _JOINS and "," in text[last : t.start]):
            break
        last = t.end
        if t.content:
            out.add(t.stem)
    return frozenset(out)


def fit(around: frozenset[str], place: Place, sources: Sources) -> float:
    """How well a place in a source fits the words around a detail, 0 to 1: half its neighbours, half its sentence and the one before."""
    local = near(place.line.text, place.start, place.end)
    alone = sources.coverage(around, place.line.stems)
    before = _before(place)
    told = max(alone, 0.5 * (alone + sources.coverage(around, place.line.stems | before.stems))) if before else alone
    return 0.5 * sources.coverage(around, local) + 0.5 * told


def _before(place: Place) -> Line | None:
    """The sentence before in the same paragraph, which may name what this one speaks of."""
    lines = place.reading.lines
    at = place.line.number
    return lines[at - 1] if at and lines[at - 1].paragraph == place.line.paragraph else None


def _rival(around: frozenset[str], good: Sequence[Place], others: Iterable[Place], sources: Sources, fits: float, better: float) -> Place | None:
    """A place of another detail that fits clearly better, or None."""
    if len(around) < TELLING:
        return None
    right = max(fit(around, p, sources) for p in good[:MOST])
    if right >= 0.85:
        return None
    best, found = 0.0, None
    for place in islice(others, MOST):
        score = fit(around, place, sources)
        if score > best:
            best, found = score, place
    return found if found is not None and best >= fits and best - right >= better else None


def _best(around: frozenset[str], places: Sequence[Place], sources: Sources) -> Place:
    return max(places[:MOST], key=lambda p: fit(around, p, sources))


def hint(ids: Iterable[str]) -> str:
    """ "s3 does say it" for the sources that have what the cited ones have not, or ""."""
    found = list(dict.fromkeys(ids))
    return f"{' and '.join(found[:2])} {'does' if len(found) == 1 else 'do'} say it" if found else ""


# -------------------------------------------------------------------- figures


def check_numbers(text: str, readings: Sequence[Reading], rest: Sequence[Reading], sources: Sources) -> Iterator[Outcome]:
    """One outcome for each figure of the sentence."""
    for number in figures(text):
        yield _number(text, number, readings, rest, sources)


def _numbers_in(readings: Iterable[Reading], take: Callable[[Number], bool]) -> Iterator[tuple[Place, Number]]:
    for reading in readings:
        for line in reading.lines:
            for n in line.numbers:
                if take(n):
                    yield Place(reading, line, n.start, n.end, n.text), n


def _number(text: str, number: Number, readings: Sequence[Reading], rest: Sequence[Reading], sources: Sources) -> Outcome:
    around = near(text, number.start, number.end)
    found = list(_numbers_in(readings, lambda n: numbers.agree(number, n)))
    good = [p for p, n in found if n.unit == number.unit] if number.unit in MEASURES else []
    if not good and number.unit in MEASURES and any(n.unit == number.unit and numbers.agree(number, n) for r in readings for n in figures(r.title)):
        return Outcome()  # "a six-month pilot" stands in the title; a "six" elsewhere on the page is not what carries it
    good = good or [*(p for p, _ in found), *_years_as_figures(number, readings)]
    shown = f"“{number.text}”"
    if not good:
        if number.kind == "mark" and any(number.text.lower() in plain(f"{r.title} {r.publisher} {r.text}").lower() for r in readings):
            return Outcome()
        same = islice(_numbers_in(readings, lambda n: numbers.other_unit(number, n)), MOST)
        unit = [p for p, n in same if fit(around, p, sources) >= 0.4]
        if unit:
            return Outcome(problem=problem("number-unit", shown, f"it says “{_with_unit(unit[0])}”"))
        told = hint(r.id for p, _ in _numbers_in(rest, lambda n: numbers.agree(number, n)) for r in (p.reading,))
        close = [p for p, _ in _numbers_in(readings, lambda n: alike(number, n))]
        best = _best(around, close, sources) if close else None
        instead = f"near these words it says “{_with_unit(best)}”" if best is not None and fit(around, best, sources) >= 0.3 else ""
        return Outcome(problem=problem("number-not-found", shown, instead, hint=told, blocks=not number.loose))
    own = {n.value for n in figures(text)}
    others = [p for p, n in _numbers_in(readings, lambda n: alike(number, n) and not numbers.agree(number, n) and n.value not in own)]
    swapped = [p for p, n in _numbers_in(readings, lambda n: alike(number, n) and not numbers.agree(number, n) and n.value in own)]
    rival = _rival(around, good, others, sources, FITS, BETTER) or _rival(around, good, swapped, sources, SWAPPED, SWAPPED_BETTER)
    if rival is not None and not number.loose:
        return Outcome(problem=problem("number-elsewhere", shown, f"near these words the source says “{_with_unit(rival)}”"))
    return Outcome(place=_best(around, good, sources))


def _years_as_figures(number: Number, readings: Sequence[Reading]) -> Iterator[Place]:
    """ "2000 employees" may have been read as a year in the source."""
    if number.kind == "count" and number.value.denominator == 1 and 1900 <= number.value < 2100:
        for reading in readings:
            for line in reading.lines:
                for day in line.days:
                    if day.year == number.value and day.month is None:
                        yield Place(reading, line, day.start, day.end, day.text)


def alike(a: Number, b: Number) -> bool:
    """Whether one could be mistaken for the other: same kind, and the same measure where one is measured."""
    shares = {"percent", "ratio"}
    if a.kind in shares and b.kind in shares:
        return True
    if a.kind != b.kind:
        return False
    if a.kind == "count" and (a.unit in MEASURES or b.unit in MEASURES):
        return a.unit == b.unit
    return True


def _with_unit(place: Place) -> str:
    after = re.match(r"[\s-]*[A-Za-z%]+", place.line.text[place.end :])
    return short(place.text + (after.group() if after and place.text[-1:] not in "%" else ""), 6)


# ---------------------------------------------------------------------- dates


def check_dates(text: str, readings: Sequence[Reading], rest: Sequence[Reading], sources: Sources) -> Iterator[Outcome]:
    """One outcome for each date of the sentence."""
    found = dates.find(text)
    wrong = dates.wrong_weekday(found)
    if wrong:
        yield Outcome(problem=problem("date-weekday", f"“{text[wrong[0].start : wrong[0].end]}”", f"{wrong[1].isoformat()} is a {wrong[1]:%A}"))
    for day in found:
        yield _date(text, day, readings, rest, sources)


def _days_in(readings: Iterable[Reading], take: Callable[[Day, Reading], bool]) -> Iterator[Place]:
    for reading in readings:
        for line in reading.lines:
            for day in line.days:
                if take(day, reading):
                    yield Place(reading, line, day.start, day.end, day.text)


_TOLD = re.compile(
    r"\b(?:publish|report|announc|releas|issu|post|wrot|writ|said|say|told|tell|put|made|unveil|introduc|launch|gave|set|sent|disclos|open|confirm|describ|warn|argu|paus|order|require|decid|adopt|approv|settle|file|fine|ask|show|list|chang|explain|update|agree|propos|stop|start|began|begin|mov|add|name|expand|end)\w*",
    re.IGNORECASE,
)


def _date(text: str, day: Day, readings: Sequence[Reading], rest: Sequence[Reading], sources: Sources) -> Outcome:
    around = near(text, day.start, day.end)

    def carries(theirs: Day, reading: Reading) -> bool:
        return dates.agree(day, theirs, reading.published, sources.edition)

    good = list(_days_in(readings, carries))
    shown = f"“{day.text}”"
    if not good:
        if _of_publication(text, day, readings, sources):
            return Outcome()
        told = hint(p.reading.id for p in _days_in(rest, carries))
        close = list(_days_in(readings, lambda d, r: _same_shape(day, d)))
        best = _best(around, close, sources) if close else None
        found = f"near these words it says “{best.text}”" if best is not None and fit(around, best, sources) >= 0.3 else ""
        return Outcome(problem=problem("date-not-found", shown, found, hint=told))
    others = list(_days_in(readings, lambda d, r: _rivals(day, d, r) and not carries(d, r)))
    rival = _rival(around, good, others, sources, FITS, BETTER)
    if rival is not None and not _of_publication(text, day, readings, sources):
        return Outcome(problem=problem("date-elsewhere", shown, f"near these words the source says “{rival.text}”"))
    return Outcome(place=_best(around, good, sources))


def _of_publication(text: str, day: Day, readings: Sequence[Reading], sources: Sources) -> bool:
    """Whether the date is the day a cited source came out, and the sentence tells of something done that day."""
    return bool(_TOLD.search(text)) and any(r.published and dates.agree(day, dates.on(r.published), r.published, sources.edition) for r in readings)


def _same_shape(a: Day, b: Day) -> bool:
    return _whole(a) == _whole(b) and (a.weekday is None) == (b.weekday is None)


def _rivals(day: Day, other: Day, reading: Reading) -> bool:
    """Whether the other could be meant in its place. "Today" says a day only where the day of publication is known."""
    if other.offset is not None or other.shift is not None or other.weekday is not None:
        return reading.published is not None and (_same_shape(day, other) or (other.offset == 0 and _whole(day)))
    return _same_shape(day, other)


def _whole(day: Day) -> bool:
    return day.month is not None and day.day is not None


# ---------------------------------------------------------------------- names


def check_names(text: str, readings: Sequence[Reading], rest: Sequence[Reading], sources: Sources, *, known: frozenset[str] = frozenset()) -> Iterator[Outcome]:
    """One outcome for each name of the sentence. `known` are words that need no source (jurisdictions)."""
    for name in names.find(text):
        if all(w in known for w in name.words) or not _counts(text, name, (*readings, *rest)):
            continue
        yield _name(text, name, readings, rest, sources)


def _counts(text: str, name: Name, readings: Sequence[Reading]) -> bool:
    """Whether a capital is a name: surely, or because the sources use the word as a name, or because it says or does something."""
    if name.sure:
        return True
    word = name.text.split()[0].strip("’'s")
    if any(word.lower() in r.small for r in readings):
        return False
    speaks = names.speaks(text, name)
    if any(name.words[0] in r.alone or (speaks and name.words[0] in r.called) for r in readings):
        return True
    return speaks and not word.endswith(("s", "ing"))


def mentions(words: tuple[str, ...], line: Line) -> tuple[int, int] | None:
    """Where a sentence has these words one after another for the first time, as offsets in the sentence."""
    return next(_mentions(words, line), None)


def _mentions(words: tuple[str, ...], line: Line) -> Iterator[tuple[int, int]]:
    if words[0] not in line.words:
        return
    kept = line.placed
    for i in range(len(kept) - len(words) + 1):
        if all(kept[i + k][0] == w for k, w in enumerate(words)):
            yield kept[i][1], kept[i + len(words) - 1][2]


def places_of(words: tuple[str, ...], readings: Iterable[Reading]) -> Iterator[Place]:
    """Every sentence that has the name."""
    for reading in readings:
        if not all(w in reading.vocabulary for w in words):
            continue
        for line in reading.lines:
            found = mentions(words, line)
            if found:
                yield Place(reading, line, *found, line.text[found[0] : found[1]])


def _name(text: str, name: Name, readings: Sequence[Reading], rest: Sequence[Reading], sources: Sources) -> Outcome:
    good = _where(name, readings)
    if not good:
        if any(_labelled(name, r) for r in readings):
            return Outcome()
        told = hint(r.id for r in rest if _where(name, (r,)) or _labelled(name, r))
        around = near(text, name.start, name.end)
        rivals = [p for p in islice((p for r in readings for p in _named(r, name)), MOST) if fit(around, p, sources) >= 0.45]
        found = f"near these words it names {_best(around, rivals, sources).text}" if rivals else ""
        return Outcome(problem=problem("name-not-found", f"“{name.text}”", found, hint=told))
    around = near(text, name.start, name.end)
    said = {w for n in names.find(text) for w in n.words}
    rivals = [p for r in readings for p in _named(r, name) if not said & {names.bare(w) for w in p.text.split()}]
    followed = [q for p in good for q in _followed(p)]
    rival = None if any(_labelled(name, r) for r in readings) else _rival(around, [*good, *followed], rivals, sources, NAME_FITS, NAME_BETTER)
    if rival is not None:
        return Outcome(problem=problem("name-elsewhere", f"“{name.text}”", f"it names {rival.text}"))
    return Outcome(place=_best(around, good, sources))


def _followed(place: Place) -> Iterator[Place]:
    """The next sentences of the paragraph: they may speak of the one named ("She said …")."""
    lines = place.reading.lines
    at = place.line.number
    for line in lines[at + 1 : at + 3]:
        if line.paragraph == place.line.paragraph:
            yield Place(place.reading, line, 0, 0, "")


def _where(name: Name, readings: Sequence[Reading]) -> list[Place]:
    """The name whole; else, for several words, sentences that have them all; else its short form or its long form."""
    whole = list(places_of(name.words, readings))
    if whole:
        return whole
    parts = names.pieces(name)
    if len(parts) > 1:
        each = [list(places_of(p, readings)) for p in parts]
        if all(each):
            return each[0]
    if len(name.words) > 1:
        return [
            Place(r, line, 0, 0, "")
            for r in readings
            if all(_root(w, r) for w in name.words)
            for line in r.lines
            if _telling(name, line) <= line.words and any(n.words[-1] in name.words for n in line.names)
        ]
    if name.words[0].endswith(_PEOPLE):
        # "Libyan" where the source names Libya.
        root = name.words[0][: max(4, len(name.words[0]) - 3)]
        return [Place(r, x, n.start, n.end, n.text) for r in readings for x in r.lines for n in x.names if n.words[0].startswith(root)]
    if name.text.isupper():
        short_form = name.text.replace(".", "").lower()
        return [
            Place(r, line, n.start, n.end, n.text)
            for r in readings
            if short_form in r.acronyms
            for line in r.lines
            for n in line.names
            if names.acronym(n.text).lower() == short_form
        ]
    return []


def _root(word: str, reading: Reading) -> bool:
    """Whether a source has the word, or names the country that a people's name is made of."""
    return word in reading.vocabulary or (word.endswith(_PEOPLE) and any(w.startswith(word[: max(4, len(word) - 3)]) for w in reading.called))


def _telling(name: Name, line: Line) -> frozenset[str]:
    """The words of a name that must stand together: "Canadian" in front of a team may be told by the rest of the page."""
    return frozenset(w for w in name.words if not w.endswith(_PEOPLE) or w in line.words) or frozenset(name.words)


def _labelled(name: Name, reading: Reading) -> bool:
    return all(w in reading.label for w in name.words)


def _named(reading: Reading, like: Name) -> Iterator[Place]:
    for line in reading.lines:
        for n in line.names:
            if n.sure and not set(n.words) & set(like.words):
                yield Place(reading, line, n.start, n.end, n.text)


# ---------------------------------------------------------------------- roles

_QUALIFIERS = names.QUALIFIERS - {"chief"}


def check_roles(text: str, readings: Sequence[Reading]) -> Iterator[Problem]:
    """One problem for each role that no cited source gives to its person."""
    for role in names.roles(text):
        spoken = [Place(p.reading, p.line, *m, "") for p in places_of((role.person,), readings) for m in _mentions((role.person,), p.line)]
        if not spoken:
            continue  # the name itself is refused
        windows = [_beside(p) for p in spoken]
        given = frozenset(t.stem for w in windows for t in tokens(w))
        missing = [s for s in role.stems if s not in given]
        wrong_head = role.heads - given
        dropped = _dropped(role, windows)
        if wrong_head or dropped or len(missing) > max(1, len(role.stems) // 2):
            told = next((w for w in windows if any(x in plain(w).lower().split() for x in names.HEADS)), windows[0])
            yield problem("role-differs", f"{role.person.capitalize()} “{short(role.text, 8)}”", f"it says “{short(told, 12)}”")


def _beside(place: Place) -> str:
    """The words beside a person's name where a role stands: six before, sixteen after, not past the next person."""
    text = place.line.text
    before = [t for t in tokens(text) if t.end <= place.start][-6:]
    after = [t for t in tokens(text) if t.start >= place.end][:16]
    stop = next(
        (
            n.start
            for n in place.line.names
            if n.start > place.end + 1 and len(n.words) == 2 and names.roles(text) and n.last in {r.person for r in names.roles(text)}
        ),
        len(text),
    )
    start = before[0].start if before else place.start
    previous = max((n.end for n in place.line.names if n.end <= place.start and n.last in {r.person for r in names.roles(text)}), default=0)
    return text[max(start, previous) : min(after[-1].end if after else place.end, stop)]


def _dropped(role: names.Role, windows: Sequence[str]) -> bool:
    """Whether every place that gives the role gives it with "deputy", "vice" or "former", and the sentence does not."""
    low = plain(role.text).lower().split()
    main = [w for w in low if w in names.HEADS]
    if not main or set(low) & _QUALIFIERS:
        return False
    giving = [plain(w).lower() for w in windows if re.search(rf"\b{re.escape(main[0])}\b", plain(w).lower())]
    return bool(giving) and all(re.search(rf"\b(?:{'|'.join(_QUALIFIERS)})[\s-]+{re.escape(main[0])}\b", w) for w in giving)
