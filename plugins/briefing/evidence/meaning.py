"""Right words, wrong meaning: what a sentence turns round, adds or leaves out against the passages it rests on.

Every rule here compares a sentence with the *witnesses*, the sentences of the cited sources that share most of its words. Where a rule is
certain it refuses; where a fair paraphrase could look the same, the editor is asked to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import Problem
from . import limits, passages, polarity, sides, strength, times, turns
from .reading import Line, Reading, Sources, gist
from .reasons import problem
from .speech import outside
from .words import short, stem

#: A witness shares at least this much of a sentence, and not so much less than the best one.
SHARED, BEHIND = 0.4, 0.25
MOST = 6
#: A passage that carries a statement as well as the best one but for this much is taken for it where it carries the whole sentence.
NEARLY = 0.1
#: A statement and its passage must share this many telling words before "not" and "may" are compared.
SHORT = 3
#: A statement of fewer telling words says too little to be looked for by itself.
FEW = 4
#: Below this the best witness may be about something else, and only figures and dates are compared.
ABOUT = 0.5


def check(text: str, readings: Sequence[Reading], sources: Sources) -> Iterator[Problem]:
    """What a sentence says otherwise than its sources with their own words. Quotations are left out: they are compared word for word."""
    yield from _denials(text, readings, sources)
    bare = outside(text)
    found = _witnesses(text, readings, sources)
    lines = [line for _, line, _ in found]
    yield from limits.check(bare, readings, lines)
    yield from times.check(bare, readings, sources)
    if not found or found[0][0] < ABOUT:
        return
    beside = [r.lines[line.number + n] for _, line, r in found[:1] for n in (-1, 1) if 0 <= line.number + n < len(r.lines)]
    yield from turns.check(bare, lines)
    yield from sides.check(bare, lines)
    yield from strength.quantities(bare, lines)
    yield from strength.certainty(bare, lines)
    yield from strength.causes(bare, lines, beside)
    yield from strength.conditions(text, lines)


def _denials(text: str, readings: Sequence[Reading], sources: Sources) -> Iterator[Problem]:
    """What the sentence denies or states firmly against its sources, outside quotation marks, which are compared word for word.

    Each statement of it is compared with the passage that carries that statement. A word that any passage denies in the same way is no problem.
    """
    bare, whole = outside(text), _best(gist(text), readings, sources)
    for a, b in dict.fromkeys([(0, len(bare)), *parts(bare)]):
        stems = gist(text[a:b])
        top = _best(stems, readings, sources)
        if top is not None and whole is not None and sources.coverage(stems, gist(whole.text)) >= top.coverage - NEARLY:
            top = whole
        if top is None or sources.coverage(stems, gist(top.text)) < ABOUT or len(stems & gist(top.text)) < SHORT:
            continue
        against = top.text if bare == text else outside(top.text)  # a "not" that the claim quotes stands in its source's quotation too
        denied = polarity.opposite(bare[a:b], against)
        if denied and not _as_denied(denied, bare[a:b], readings, sources):
            yield problem("negation-differs", denied, f"“{short(top.text, 22)}”")
        softer, plainly = polarity.firmer(bare[a:b], against)
        if softer:
            yield problem("modality-stronger", softer, f"“{short(top.text, 22)}”", blocks=plainly)


def _best(stems: frozenset[str], readings: Sequence[Reading], sources: Sources) -> passages.Found | None:
    return max((f for r in readings if (f := passages.best(stems, r, sources))), key=lambda f: f.coverage, default=None)


def _as_denied(word: str, text: str, readings: Sequence[Reading], sources: Sources) -> bool:
    """Whether a statement denies this word and a passage about that statement denies it too: another passage then says nothing against it."""
    key = stem(word.split()[-1])
    stems = next((gist(text[a:b]) for a, b in times.statements(text) if key in polarity.denied(text[a:b])), frozenset[str]())
    return bool(stems) and any(key in polarity.denied(x.text) and sources.coverage(stems, x.stems) >= ABOUT for r in readings for x in r.lines)


def parts(text: str) -> list[tuple[int, int]]:
    """The statements of a sentence that say enough to be looked for by themselves; the whole sentence where they do not."""
    found = times.statements(text)
    return found if len(found) > 1 and all(len(gist(text[a:b])) >= FEW for a, b in found) else [(0, len(text))]


def _witnesses(text: str, readings: Sequence[Reading], sources: Sources) -> list[tuple[float, Line, Reading]]:
    """The sentences of the sources that carry most of a claim, or of one of its statements, best first."""
    out: dict[int, tuple[float, Line, Reading]] = {}
    wanted = [p for a, b in times.statements(text) if len(p := gist(text[a:b])) >= FEW]
    for stems in dict.fromkeys([gist(text), *wanted]):
        scored = [(share, line, r) for r in readings for share, line in zip(sources.coverages(stems, (x.stems for x in r.lines)), r.lines, strict=True)]
        scored.sort(key=lambda s: -s[0])
        for share, line, r in scored[:MOST]:
            if share >= max(SHARED, scored[0][0] - BEHIND) and share > out.get(id(line), (0.0,))[0]:
                out[id(line)] = (share, line, r)
    return sorted(out.values(), key=lambda s: -s[0])
