"""One claim against its sources: every rule in turn, then the passages that carry it and the word the review shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..article import body_blocks
from ..model import Article, Claim, Passage, Problem, PullQuote, Statistic
from . import absence, dates, meaning, names, numbers, passages, polarity
from .claims import EVERYWHERE, SOURCED
from .details import Outcome, Place, check_dates, check_names, check_numbers, check_roles, hint, mentions
from .passages import Found
from .reading import Reading, Sources, figures, gist
from .reasons import problem
from .speech import check_attribution, check_quotations
from .words import listed, plain, stem

#: Below this share of its words in the best passage, no passage is about the claim; below the second, an editor looks.
NONE, WEAK = 0.18, 0.42
#: A cited source that carries less than this of a sentence is not shown beside it, unless it is all there is.
SHOWN = 0.25
#: Titles and short lines compress: they may share fewer words with the passage.
NONE_SHORT = 0.1
#: Another source must carry this much of a sentence before the cited one is called wrong.
CLEARLY = 0.7
#: Sentences of fewer telling words ("She could.") say too little to be judged by their words.
FEW = 3
#: The cited source carries less than the first, another at least the second.
CLEARER = ((0.3, 0.5), (WEAK, CLEARLY), (0.5, 0.9))
#: What the house may count in its own advice without a source: small numbers and these units.
PLANS = frozenset(stem(w) for w in listed("second minute hour day week month quarter year page line column row question item step person people sheet list"))


@dataclass(frozen=True)
class Told:
    """What the article's sourced sentences bring in, so that the others may speak of it again."""

    article: Article
    names: frozenset[str]
    texts: tuple[str, ...]


def told(article: Article, claims: Iterable[Claim]) -> Told:
    """The details of the sentences that have a source."""
    texts = tuple(c.text for c in claims if c.type in SOURCED and (c.sources or c.where in EVERYWHERE))
    words = {w for t in texts for n in names.find(t) for w in n.words}
    words |= {w for c in article.sources for part in (c.publisher, c.title) for w in map(names.bare, part.split())}
    return Told(article, frozenset(words | _places(article)), texts)


def _places(article: Article) -> frozenset[str]:
    return frozenset(w for j in article.jurisdictions for w in map(names.bare, j.split()) if w)


def judge(claim: Claim, sources: Sources, known: Told) -> Claim:
    """The claim with its problems, passages and word."""
    if claim.type == "question":
        return _finished(claim, list(_house(claim, sources, known)), [])
    if claim.type not in SOURCED:
        return _finished(claim, list(_house(claim, sources, known)), _shown(claim, sources))
    wide = not claim.sources and (claim.where in EVERYWHERE or claim.type == "absence")
    if not claim.sources and not wide:
        kind = {"statistic": "a figure", "quote": "a quotation"}.get(claim.type, "a fact")
        return _finished(claim, [problem("no-source", kind, hint=_who_says(claim, sources))], [])
    ids = tuple(sources.by_id) if wide else claim.sources
    problems = list(_markers(claim, sources))
    readings = sources.some(ids)
    if not readings:
        if not problems:
            problems.append(problem("no-snapshot", ", ".join(ids) or "no source"))
        return _finished(claim, problems, [])
    rest = [r for key, r in sources.by_id.items() if key not in ids]
    return _weighed(claim, problems, readings, rest, sources, known, wide=wide)


def _markers(claim: Claim, sources: Sources) -> Iterator[Problem]:
    for marker in claim.sources:
        if marker not in sources.known:
            yield problem("unknown-marker", marker)
    missing = [m for m in claim.sources if m in sources.known and m not in sources.by_id]
    for marker in missing:
        alone = not any(m in sources.by_id for m in claim.sources)
        yield problem("no-snapshot" if alone else "partly-unread", marker)


def _weighed(
    claim: Claim, problems: list[Problem], readings: Sequence[Reading], rest: Sequence[Reading], sources: Sources, known: Told, *, wide: bool
) -> Claim:
    by = _speaker_line(claim, known.article)
    outcomes: list[Outcome] = [
        *check_quotations(claim.text, readings, rest, by=by),
        *check_numbers(claim.text, readings, rest, sources),
        *check_dates(claim.text, readings, rest, sources),
        *check_names(f"{claim.text} {by}".strip(), readings, rest, sources, known=_places(known.article)),
    ]
    problems += [o.problem for o in outcomes if o.problem]
    problems += check_roles(f"said {by}." if by else claim.text, readings)
    stems = gist(claim.text)
    found = sorted((f for r in readings if (f := passages.best(stems, r, sources))), key=lambda f: -f.coverage)
    top = found[0] if found else None
    if claim.type == "absence":
        problems += _absent(claim, sources)
    else:
        problems += _supported(claim, readings, found, outcomes, rest, sources, wide=wide)
    wrong = check_attribution(claim.text, top, readings, sources)
    if wrong and not any(p.reason in {"quote-speaker", "name-not-found", "name-elsewhere"} for p in problems):
        problems.append(wrong)
    problems += _figure(claim, known.article, readings)
    carrying = _carrying(claim, found, wide=wide)
    return _finished(claim, problems, _passages(carrying, outcomes, stems, sources))


# ----------------------------------------------------------------------- rules


def _supported(
    claim: Claim, readings: Sequence[Reading], found: Sequence[Found], outcomes: Sequence[Outcome], rest: Sequence[Reading], sources: Sources, *, wide: bool
) -> Iterator[Problem]:
    quoted = claim.type == "quote" and any(o.place for o in outcomes)
    cited = ", ".join(claim.sources) or "any source"
    score = found[0].coverage if found else 0.0
    stems = gist(claim.text)
    if not quoted and not any(o.problem and o.problem.blocks for o in outcomes):
        others = [f for r in rest if (f := passages.best(stems, r, sources))]
        better = max(others, key=lambda f: f.coverage, default=None)
        if better is not None and not wide and _elsewhere(score, better.coverage, placed=any(o.place for o in outcomes)):
            yield problem("wrong-source", cited, hint=hint([better.reading.id]))
        elif score < (NONE_SHORT if wide else NONE) and len(stems) >= FEW:
            yield problem("no-passage", cited)
        elif score < WEAK and not wide:
            yield problem("weak-passage", cited)
    if len(claim.sources) > 1:
        for f in found[1:]:
            carries = any(o.place and o.place.reading.id == f.reading.id for o in outcomes)
            if f.coverage < NONE and not carries:
                yield problem("wrong-source", f.reading.id, blocks=False)
    yield from meaning.check(claim.text, readings, sources)


def _elsewhere(cited: float, other: float, *, placed: bool) -> bool:
    """Whether another source so clearly carries the sentence that the marker must be wrong. `placed`: a figure or name was found as cited."""
    if placed and cited >= SHOWN:
        return False
    return any(cited < low and other >= high for low, high in CLEARER)


def _cut(text: str) -> str:
    parts = text.split()
    return " ".join(parts[:22]) + (" …" if len(parts) > 22 else "")


def _absent(claim: Claim, sources: Sources) -> Iterator[Problem]:
    told_in = absence.contradiction(claim.text, tuple(sources.by_id.values()))
    if told_in:
        yield problem("absence-contradicted", found=f"{told_in.reading.id}: “{_cut(told_in.line.text)}”", blocks=told_in.sure)


def _figure(claim: Claim, article: Article, readings: Sequence[Reading]) -> Iterator[Problem]:
    """A statistic's figure stands in one sentence of a cited source."""
    block = next((b for _, b in body_blocks(article) if isinstance(b, Statistic) and b.line == claim.line), None)
    if claim.where != "statistic" or block is None or not claim.text.startswith(block.figure[:8]):
        return
    wanted = figures(block.figure)
    if wanted and not any(all(any(numbers.agree(n, m) for m in line.numbers) for n in wanted) for r in readings for line in r.lines):
        yield problem("statistic-figure", f"“{block.figure}”")


def _speaker_line(claim: Claim, article: Article) -> str:
    if claim.where != "pull":
        return ""
    return next((b.by for _, b in body_blocks(article) if isinstance(b, PullQuote) and " ".join(b.text.split()) == claim.text), "")


def _who_says(claim: Claim, sources: Sources) -> str:
    stems = gist(claim.text)
    found = [f for r in sources.by_id.values() if (f := passages.best(stems, r, sources)) and f.coverage >= CLEARLY]
    return hint(f.reading.id for f in sorted(found, key=lambda f: -f.coverage)[:1])


# ------------------------------------------------------------ the house's voice


def _house(claim: Claim, sources: Sources, known: Told) -> Iterator[Problem]:
    """A sentence without a source may bring in no name, figure or date that no sourced sentence has."""
    free = claim.type in {"house", "advice"} or claim.where in {"short.matters", "short.do"}
    readings = tuple(sources.by_id.values())
    for number in figures(claim.text):
        if number.loose or (free and _plan(number)) or any(numbers.agree(number, n) for t in known.texts for n in figures(t)):
            continue
        yield _unsourced(number.text, (r.id for r in readings for x in r.lines if any(numbers.agree(number, n) for n in x.numbers)))
    for day in dates.find(claim.text):
        vague = day.weekday is not None or day.offset is not None or day.shift is not None
        if (free and vague) or any(dates.agree(day, d, known.article.edition, known.article.edition) for t in known.texts for d in dates.find(t)):
            continue
        yield _unsourced(day.text, (r.id for r in readings for x in r.lines if any(dates.agree(day, d, r.published, sources.edition) for d in x.days)))
    for name in names.find(claim.text):
        if not name.sure or all(w in known.names for w in name.words):
            continue
        having = tuple(r.id for r in readings if any(mentions(name.words, x) for x in r.lines))
        if claim.type == "question" and having:
            continue
        yield _unsourced(name.text, having)


def _shown(claim: Claim, sources: Sources) -> list[Passage]:
    """The passage beside a dek's sentence that tells no detail, where a source clearly has its words: it helps the editor and proves nothing."""
    if claim.where != "dek":
        return []
    stems = gist(claim.text)
    found = [f for r in sources.by_id.values() if (f := passages.best(stems, r, sources)) and f.coverage >= CLEARLY]
    return [passages.passage(max(found, key=lambda f: f.coverage), stems, sources)] if found else []


def _plan(number: numbers.Number) -> bool:
    return number.kind in {"count", "clock", "ratio"} and (number.value <= 12 or number.unit in PLANS)


def _unsourced(text: str, ids: Iterable[str]) -> Problem:
    return problem("unsourced-detail", f"“{text}”", hint=hint(ids))


# -------------------------------------------------------------------- finishing


def _passages(carrying: Sequence[Found], outcomes: Sequence[Outcome], stems: frozenset[str], sources: Sources) -> list[Passage]:
    """The best passage of each source, and one for each detail that stands elsewhere; exact quotations first."""
    out = [passages.passage(f, stems, sources) for f in carrying]
    for place in (o.place for o in outcomes if o.place):
        if not any(_inside(place, p) for p in out):
            start = place.line.start
            out.append(passages.around(place.reading, start + place.start, start + max(place.end, place.start + 1)))
    return list(dict.fromkeys(out))


def _carrying(claim: Claim, found: Sequence[Found], *, wide: bool) -> list[Found]:
    """The places worth showing: of each cited source where it has something, of all sources the best one."""
    if claim.type == "absence":
        return [f for f in found[:1] if f.coverage >= WEAK and (absence.is_absence(f.text) or polarity.denied(f.text))]
    return list(found[:1]) if wide else [f for f in found if f.coverage >= SHOWN] or list(found[:1])


def _inside(place: Place, p: Passage) -> bool:
    a, b = place.line.start + place.start, place.line.start + place.end
    return p.source == place.reading.id and p.start <= a and b <= p.end


def _finished(claim: Claim, problems: list[Problem], found: list[Passage]) -> Claim:
    kept = tuple(dict.fromkeys(problems))
    return replace(claim, passages=tuple(found), problems=kept, word=_word(claim, kept, found))


def _word(claim: Claim, problems: Sequence[Problem], found: Sequence[Passage]) -> str:
    if problems:
        return "needs your eye"
    if claim.type not in SOURCED:
        return "no source needed"
    if claim.type == "quote" and plain(claim.text).count('"') >= 2:
        return "quoted"
    if claim.type == "absence" or not found:
        return "needs your eye"
    return "figures match" if figures(claim.text) or dates.find(claim.text) else "passage found"
