"""Who said it: quotations word for word with their speaker, and what is attributed without quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..model import Problem
from . import names, quotations
from .details import Outcome, Place, hint, mentions
from .passages import Found
from .quotations import Quotation
from .reading import Line, Reading, Sources
from .reasons import problem
from .words import plain, short

#: What may stand around a quotation found in a source.
QUOTES = '“”"‘’, '

_SAY = (
    r"(?:said|says|told|tells|wrote|writes|warned|warns|argued|argues|added|adds|explained|explains|noted|notes|"
    r"testified|recalled|asked|asks|put it|called|estimated|estimates|acknowledged|conceded|claimed|claims|insisted|replied)"
)
_SAYS = re.compile(rf"\b{_SAY}\b")
_BY = re.compile(rf"\b(?:according\s+to|{_SAY})\s+(?:[a-z’'-]+\s+){{0,6}}?(?:(?:Dr|Mr|Mrs|Ms|Prof|Sen|Gov|Rep)\.\s+)?$")
_THEN = re.compile(rf"^(?:,[^,.“”]{{3,110}},)?\s+(?:has\s+|have\s+|also\s+|later\s+|who\s+)?{_SAY}\b")


def speakers(text: str) -> tuple[names.Name, ...]:
    """The named persons or bodies that a sentence lets speak ("said Karen Voss", "Voss, a vice president, said")."""
    flat = outside(text)
    return tuple(n for n in names.find(text) if not flat[n.start : n.end].isspace() and (_THEN.match(flat[n.end :]) or _BY.search(flat[: n.start])))


def outside(text: str) -> str:
    """The text with everything in quotation marks blanked, offsets kept."""
    out = list(plain(text))
    for q in quotations.find(text):
        out[q.start : q.end] = " " * (q.end - q.start)
    return "".join(out)


def check_quotations(text: str, readings: Sequence[Reading], rest: Sequence[Reading], *, by: str = "") -> Iterator[Outcome]:
    """One outcome for each quotation. `by` is the speaker line of a pull quote."""
    spoken_of = f"{text} said {by}" if by else text
    for q in quotations.find(text):
        found = [(r, a, b) for r in readings for a, b in quotations.places(q.text, r.text)]
        if not found:
            yield Outcome(problem=_unfound(q, readings, rest))
            continue
        if q.words < quotations.SHORTEST or q.titled:
            yield Outcome(place=_place(*found[0]))
            continue
        if q.edited:
            yield Outcome(problem=problem("quote-edited", _shown(q)))
        wrong = [_speaker(spoken_of, q, *f) for f in found]
        bad = None if any(w is None for w in wrong) else wrong[0]
        yield Outcome(place=_place(*found[0]), problem=bad)
        if bad is None and not _attributed(spoken_of):
            yield Outcome(problem=problem("quote-unattributed", _shown(q)))


def _shown(q: Quotation) -> str:
    return f"“{short(q.text, 10)}”"


def _unfound(q: Quotation, readings: Sequence[Reading], rest: Sequence[Reading]) -> Problem:
    told = hint(r.id for r in rest if any(quotations.places(q.text, r.text)))
    if q.words < quotations.SHORTEST:
        return problem("quote-not-found", _shown(q), hint=told, blocks=q.words > 1)
    near = quotations.nearest(q.text, [line.text for r in readings for line in r.lines])
    if near and not told:
        return problem("quote-changed", _shown(q), f"it says “{short(near.strip(QUOTES), 40)}”")
    return problem("quote-not-found", _shown(q), hint=told)


def _place(reading: Reading, start: int, end: int) -> Place:
    line = line_at(reading, start)
    return Place(reading, line, max(0, start - line.start), end - line.start, reading.text[start:end])


def line_at(reading: Reading, offset: int) -> Line:
    """The sentence at this offset of a source's text."""
    return next((x for x in reading.lines if x.start <= offset < x.end), reading.lines[-1])


def _attributed(text: str) -> bool:
    bare = outside(text)
    return bool(_SAYS.search(bare)) or "according to" in bare or bool(names.find(bare)) or len(bare.split()) > 4


def _speaker(text: str, q: Quotation, reading: Reading, start: int, end: int) -> Problem | None:
    """Why the words are not the claimed speaker's, or None where they are or where no name is claimed."""
    bare = outside(text)
    claimed = speakers(text) or tuple(n for n in names.find(bare) if len(n.words) > 1 and n.sure and _SAYS.search(bare))
    if not claimed or any(set(n.words) <= reading.label for n in claimed):
        return None
    line = line_at(reading, start)
    theirs = [n for n in speakers(line.text) if n.sure or n.last in reading.called]
    if theirs:
        if {n.last for n in theirs} & {n.last for n in claimed}:
            return None
        return problem("quote-speaker", _shown(q), f"the source gives them to {theirs[0].text}")
    if not _quoted(reading, start, end):
        return problem("quote-speaker", _shown(q), "they are the source’s own words, not spoken")
    beside = [x for x in reading.lines if abs(x.paragraph - line.paragraph) <= 1]
    if any(mentions((n.last,), x) for n in claimed for x in beside):
        return None
    return problem("quote-speaker", _shown(q), f"{claimed[0].text} is not named near them")


def _quoted(reading: Reading, start: int, end: int) -> bool:
    low = max(0, reading.text.rfind("\n\n", 0, start))
    high = reading.text.find("\n\n", end)
    part = reading.text[low : high if high >= 0 else len(reading.text)]
    return any(q.start + low <= start + 1 and end - 1 <= q.end + low for q in quotations.find(part)) or "“" in part[: start - low] or '"' in part[: start - low]


def check_attribution(text: str, found: Found | None, readings: Sequence[Reading], sources: Sources) -> Problem | None:
    """Why what is attributed without quotation marks is not the named one's, or None."""
    if found is None or found.coverage < 0.4 or any(q.words >= quotations.SHORTEST for q in quotations.find(text)):
        return None
    for name in speakers(text):
        if any(set(name.words) <= r.label for r in readings):
            continue
        whole = " ".join(x.text for x in found.lines)
        theirs = [n for x in found.lines for n in speakers(x.text) if n.sure or n.last in found.reading.called]
        if theirs and not {n.last for n in theirs} & set(name.words) and name.last not in plain(whole).lower():
            return problem("attribution-differs", name.text, f"it gives this to {theirs[0].text}")
        first, last = found.lines[0].paragraph - 1, found.lines[-1].paragraph + 1
        if not theirs and not any(mentions((name.last,), x) for x in found.reading.lines if first <= x.paragraph <= last):
            return problem("attribution-differs", name.text, f"{name.text} is not named near “{short(whole, 12)}”")
    return None
