# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""The one list of an article: days to keep, a list that a source has, or figures about one thing. Three to five points of one kind, or none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model import Bullets, Paragraph
from . import english
from .desk import Desk, Said, figures, pieces_of
from .english import DATE, capital
from .passages import Line
from .people import introduce
from .restate import restate


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with the question it answers and the words that bring it in."""

    question: str
    intro: str
    bullets: Bullets


def bullets(lines: Sequence[Line], desk: Desk) -> Listed | None:
    """A list of three to five: days to keep, a list that a source has, or figures; None where there is none of one kind."""
    return _dates_to_keep(lines, desk) or _source_list(lines, desk) or _figures(lines, desk)


_DUE = re.compile(
    r"\b(?:effective|takes? effect|applies|due|deadline|closes?|begins?|starts?|will|must|arrives?|expects?|until|follows|accepted|falls due|becomes?|has to|have to)\b",
    re.I,
)
#: Heading and first line of a list of days. One article has one of them; the edition's next article has the next.
_DAYS = (
    ("Which dates matter?", "In the order of the calendar:"),
    ("What falls due, and when?", "The sources name these days, the nearest one first."),
    ("Which days belong in the calendar?", "Worth an entry with a reminder a fortnight ahead:"),
    ("How does the timetable run?", "From the next step to the last one that has a day:"),
    ("What happens on which day?", "Every day here stands in a source, and none of them has passed."),
)
_NUMBERS = (
    ("What do the figures show?", "The numbers that carry the story, each with its source:"),
    ("How large is it, in numbers?", "Measured or counted, and by whom, stands behind each mark."),
    ("Which numbers tell the story?", "Taken one by one, as the sources give them:"),
    ("What was counted?", "A few figures say more than their average would."),
)
_POINTS = (
    ("Which points does {name} set out?", "The order is the source’s, the words are ours."),
    ("What does {name} list?", "Point by point, in other words than the source’s:"),
    ("What does {name} name one by one?", "From the top of its list to the bottom:"),
)


def _dates_to_keep(lines: Sequence[Line], desk: Desk) -> Listed | None:
    latest = max((v.published for v in desk.voices.values() if v.published), default=None)
    found: dict[object, tuple[float, Line, str]] = {}
    for line in lines:
        made = desk.restated(line) if line.stands and not line.quoted and not line.order else None
        for text in _with_a_day(made.text) if made else ():
            days = english.full_dates(text)
            if not latest or days[0] <= latest or not _DUE.search(text):
                continue
            points = _told_by_itself(text) - 0.001 * line.place
            if points > found.get(days[0], (0.0, line, ""))[0]:
                found[days[0]] = (points, line, text)
    if len(found) < 3 or sum(points >= _WHOLE for points, _, _ in found.values()) < 2:
        return None
    rows = [(found[day][1], found[day][2]) for day in sorted(found, key=str)][:5]
    return _as_bullets(*_DAYS[desk.turn % len(_DAYS)], rows, desk)


def _with_a_day(text: str) -> Iterator[str]:
    """The sentences and main clauses of a text that have one full date, stand by themselves and fit a line."""
    for piece in pieces_of(text):
        first, *rest = re.split(r"(?:, (?:and|but)|;) (?=(?:the|an?|every|each|its|[A-Z]))", piece.rstrip("."), maxsplit=1)
        for clause in (piece.rstrip("."), first) if rest else (first,):
            whole = len(DATE.findall(clause)) == 1 and len(english.full_dates(clause)) == 1 and "," not in re.sub(r"^[^,]*,", "", DATE.sub("", clause), count=1)
            if whole and len(clause.split()) <= 22 and english.parts(clause) and not re.match(r"(?:It|They|He|She|This|These|Those|That)\b", clause):
                yield clause + "."
                break


#: From here on a sentence with a day tells what happens without its neighbours; two of the list's must.
_WHOLE = 0.35


def _told_by_itself(text: str) -> float:
    """How much a sentence with a day says besides the day: at least who or what, and what happens. 0 where it is a stub ("It starts then")."""
    words = english.content(DATE.sub("", text))
    return 0.0 if len(words) < 2 else min(len(words), 7) / 7.0


def _source_list(lines: Sequence[Line], desk: Desk) -> Listed | None:
    """A source's own list, each entry in our words."""
    groups: dict[tuple[str, str], dict[int, list[Line]]] = {}
    for line in lines:
        if line.bullet and not line.quoted and line.key not in desk.used:
            groups.setdefault((line.source, line.heading), {}).setdefault(line.para, []).append(line)
    for (source, _), entries in sorted(groups.items(), key=lambda g: -len(g[1])):
        rows = [row for entry in entries.values() if (row := _entry(entry, desk))]
        if len(rows) >= 3:
            asked, intro = _POINTS[desk.turn % len(_POINTS)]
            name, noun = desk.voices[source].name, _announced(lines, entries)
            return _as_bullets(f"Which {noun} does {name} list?" if noun else asked.format(name=name), intro, rows[:5], desk)
    return None


_LISTED = re.compile(
    r"\b(?P<noun>exceptions|exemptions|conditions|changes|limits|reasons|clauses|steps|rules|cases|items|duties|questions|requirements|risks|criteria|rights|grounds|measures|examples|principles)(?: \w+){0,3}:$"
)


def _announced(lines: Sequence[Line], entries: Mapping[int, Sequence[Line]]) -> str:
    """What the sentence before a list says it holds ("There are four exceptions:"), "" where it does not say."""
    first = min((line for entry in entries.values() for line in entry), key=lambda x: x.place)
    before = [x for x in lines if x.source == first.source and x.place < first.place and not x.bullet and x.heading == first.heading]
    match = _LISTED.search(before[-1].raw) if before else None
    return match["noun"] if match else ""


def _entry(entry: Sequence[Line], desk: Desk) -> tuple[Line, str] | None:
    """One entry: its sentence, or its label and its sentence: "A cut-off: two in the afternoon leaves time"."""
    first = entry[0]
    if len(first.text.split()) <= 5 and len(entry) > 1 and not english.parts(first.text):
        made = restate(entry[1].text, desk.runs)
        low = english.lower_first(made.text) if made and len(pieces_of(made.text)) == 1 else ""
        return (entry[1], f"{capital(first.text.rstrip('.'))}: {low}") if low else None
    made = restate(first.text, desk.runs) if not first.order and not re.match(r"[a-z]", first.text) else None
    if made is None or not english.parts(first.text) or len(pieces_of(made.text)) > 1 or re.search(r"\b(?:you|your)\b", made.text) or made.text.endswith("?"):
        return None
    return first, made.text


_COUNTED = re.compile(
    r"[$€£]\d|\d+(?:[.,]\d+)* (?:percent|of|hours|minutes|days|people|firms|employers|calls|workers|applicants|comments|clinicians|insurers|customers|cases|clients|companies|seats)|\d{3,}"
)


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LEANS = re.compile(r"\b(?:that into account|of them|of these|of those|the most|the least|the other)\b", re.I)
_UNIT = re.compile(r"[$€£]|(?<=\d )(?:percent|of|hours|minutes|days|people|[a-z]{4,}s)\b")


def _figures(lines: Sequence[Line], desk: Desk) -> Listed | None:
    """Short sentences with a figure about the same thing, for a story that has neither days nor a list."""
    central = _central(lines)
    rows: list[tuple[Line, str]] = []
    for line in sorted(lines, key=lambda x: (-x.weight, x.key)):
        made = desk.restated(line)
        if made is None or line.key in desk.used or line.unknown or not line.stands:
            continue
        text = pieces_of(made.text)[0]
        if not 7 <= len(text.split()) <= 22:
            continue
        on_it = english.content(text) & central
        if (
            not _COUNTED.search(_YEAR.sub("", DATE.sub("", text)))
            or not on_it
            or _LEANS.search(text)
            or desk.repeats(text)
            or introduce(text, desk.people, set()) != (text, set())
        ):
            continue
        if not any(len(english.content(text) & english.content(t)) >= 4 or figures(text) & figures(t) for _, t in rows):
            rows.append((line, text))
    group = _of_one_kind(rows, central)
    return _as_bullets(*_NUMBERS[desk.turn % len(_NUMBERS)], group, desk) if group else None


def _central(lines: Sequence[Line]) -> frozenset[str]:
    """The words the story turns on: those that most sources have, and most sentences of them."""
    often = Counter(w for line in lines for w in english.content(line.text))
    told: dict[str, set[str]] = {}
    for line in lines:
        for word in english.content(line.text):
            told.setdefault(word, set()).add(line.source)
    most = max(2, len({x.source for x in lines}) // 2)
    return frozenset(w for w, n in often.most_common(40) if len(told[w]) >= most and n >= 4 and not w[0].isdigit())


def _of_one_kind(rows: Sequence[tuple[Line, str]], central: frozenset[str]) -> list[tuple[Line, str]]:
    """Three to four rows that share a central word and count in the same unit, in the order of their sources; [] where there are no three."""
    best: list[tuple[Line, str]] = []
    units = {text: frozenset(_UNIT.findall(DATE.sub("", text))) for _, text in rows}
    for word in sorted(central):
        for unit in sorted({u for found in units.values() for u in found}):
            sharing = [row for row in rows if word in english.content(row[1]) and unit in units[row[1]]][:4]
            if len(sharing) >= 3 and sum(r[0].weight for r in sharing) > sum(r[0].weight for r in best):
                best = sharing
    if not best and len(rows) >= 3:  # figures of several kinds, each about what the story turns on
        best = list(rows[:4])
    return sorted(best, key=lambda r: (r[0].source, r[0].place))


def _as_bullets(question: str, intro: str, rows: Sequence[tuple[Line, str]], desk: Desk) -> Listed:
    items = []
    for line, text in rows:
        said = desk.keep(Said(text, (line.source,), (line,)))
        items.append(Paragraph(md=said.md))
    return Listed(question, intro, Bullets(items=tuple(items)))
