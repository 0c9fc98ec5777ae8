"""Choosing and drafting, measured: stories found, what drafts of the sample carry, how much is copied, and what a short text keeps."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from briefing import article, cluster, evidence, inline
from briefing.draft import english, passages, write

from . import Progress, Row, Skipped, _sample, at_least, at_most, fact

TITLE = "Choosing and drafting without a model"


def rows(corpus: Path | None, progress: Progress) -> Iterator[Row]:
    """Structure, copying and support on the sample; story finding and content selection on the corpus where it is there."""
    progress("drafts of the sample")
    material = _sample.load()
    yield from _stories(material)
    yield from _drafts(material, _sample.drafts(material))
    if corpus is None:
        raise Skipped("the corpus is not here: only the sample was measured")
    for name, goal in (("ecbplus", 0.811), ("multinews_plus", 0.880)):
        progress(f"clustering {name}")
        yield from _clustering(corpus / "clustering" / f"{name}.jsonl.gz", name, goal)
    progress("summaries")
    yield from _summaries(corpus / "summaries" / "multinews_plus.jsonl.gz")


def _stories(material: _sample.Material) -> Iterator[Row]:
    right = wanted = 0
    for day, names in _sample.EDITIONS.items():
        for choice in material.choices(day):
            name = material.story(choice)
            if name in names:
                mine = {i.id for i in material.week(day) if material.truth[i.id] == name}
                wanted += 1
                right += {i.id for i in choice.story.items} == mine
    yield at_least("sample: stories found exactly", right / max(1, wanted), 1.0)


def _drafts(material: _sample.Material, made: Sequence[tuple[str, write.Draft]]) -> Iterator[Row]:
    yield fact("sample: drafts", float(len(made)))
    whole = sum(not write.missing_elements(d.article) or bool(d.article.limits) for _, d in made)
    yield at_least("sample: every element there, or the limit said", whole / len(made), 1.0)
    yield fact("sample: every element there", sum(not write.missing_elements(d.article) for _, d in made) / len(made))
    yield at_most("sample: facts without support", float(sum(len(evidence.blocking(evidence.check(d.article, d.texts))) for _, d in made)), 0.0)
    yield at_most("sample: longest copied run outside quotation marks", float(max(copied(d) for _, d in made)), 12.0, unit="words")
    counts = [article.words(d.article) for _, d in made]
    yield fact("sample: words of the body, fewest", float(min(counts)))
    yield fact("sample: words of the body, mean", sum(counts) / len(counts))
    yield fact("sample: words quoted, most of one source in one draft", float(max(n for _, d in made for n in quoted(d).values())))
    again = sum(n - 1 for _, d in made for n in Counter(_openings(d)).values() if n > 2)
    yield fact("sample: sentences that open like two others of their draft", float(again))


def copied(draft: write.Draft) -> int:
    """Words in the longest run of a paragraph that stands in a source, quotations left out."""
    runs = english.Runs(s.text for s in draft.texts.values())
    return max(runs.longest(inline.text(md)) for _, md, _ in article.passages(draft.article) if not md.startswith("“"))


def quoted(draft: write.Draft) -> Counter[str]:
    """Words in quotation marks by source, pull quotes left out."""
    out: Counter[str] = Counter({"none": 0})
    for where, md, _ in article.passages(draft.article):
        if where != "pull" and inline.cites(md):
            for piece in re.findall(r"“([^”]*)”[^\[]*\[(s\d+)\]", md):
                out[piece[1]] += len(piece[0].split())
    return out


def _openings(draft: write.Draft) -> list[str]:
    return [" ".join(english.words(inline.text(md))[:3]) for _, md, _ in article.passages(draft.article)]


# ------------------------------------------------------------------ clustering


def _clustering(path: Path, name: str, baseline: float) -> Iterator[Row]:
    from sklearn.metrics import adjusted_rand_score

    data = _rows_of(path)
    truth = [str(r["cluster"]) for r in data]
    found = cluster.groups([" ".join(r["text"].split()[:220]) for r in data])
    yield fact(f"clustering {name}: B-cubed F1", b_cubed(truth, found), baseline={"ecbplus": 0.873, "multinews_plus": 0.943}[name])
    yield fact(f"clustering {name}: ARI", float(adjusted_rand_score(truth, found)), baseline=baseline)


def _rows_of(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def b_cubed(truth: Sequence[object], found: Sequence[object]) -> float:
    """B-cubed F1: each item's precision and recall against its own group, averaged."""
    right, mine = defaultdict(set), defaultdict(set)
    for i, (t, f) in enumerate(zip(truth, found, strict=True)):
        right[t].add(i)
        mine[f].add(i)
    shared = [len(right[t] & mine[f]) for t, f in zip(truth, found, strict=True)]
    precision = sum(s / len(mine[f]) for s, f in zip(shared, found, strict=True)) / len(shared)
    recall = sum(s / len(right[t]) for s, t in zip(shared, truth, strict=True)) / len(shared)
    return 2 * precision * recall / (precision + recall)


# ------------------------------------------------------------------- summaries


def _summaries(path: Path) -> Iterator[Row]:
    data = _rows_of(path)
    ours, leads = [], []
    for row in data:
        size = len(row["reference_summary"].split())
        ours.append(select(row["documents"], size))
        leads.append(leading(row["documents"], size))
    for n, base in ((1, 0.458), (2, 0.177)):
        mine = sum(rouge(o, r["reference_summary"], n) for o, r in zip(ours, data, strict=True)) / len(data)
        theirs = sum(rouge(o, r["reference_summary"], n) for o, r in zip(leads, data, strict=True)) / len(data)
        yield fact(f"summaries: leading words, ROUGE-{n} F", theirs, baseline=base)
        yield at_least(f"summaries: content selection, ROUGE-{n} F", mine, base, baseline=base)


def select(documents: Sequence[str], size: int) -> str:
    """The sentences that the drafter weighs most, of all documents, no two alike, in the order of the texts, cut to `size` words."""
    voices = [passages.Voice(marker=f"s{n}", name=f"source {n}", kind="reporting", published=None, text=d) for n, d in enumerate(documents, 1)]
    lines = passages.weigh([line for v in voices for line in passages.read(v)], frozenset())
    kept: list[passages.Line] = []
    count = 0
    for line in sorted(lines, key=lambda x: (-x.weight, x.key)):
        mine = english.content(line.raw)
        if any(len(mine & english.content(k.raw)) > 0.5 * len(mine) for k in kept):
            continue
        kept.append(line)
        count += len(line.raw.split())
        if count >= size:
            break
    kept.sort(key=lambda x: (x.place, x.source))
    return " ".join(" ".join(x.raw for x in kept).split()[:size])


def leading(documents: Sequence[str], size: int) -> str:
    """The first words of each document, as many of each as make `size` words."""
    each = -(-size // len(documents))
    return " ".join(" ".join(d.split()[:each]) for d in documents)


def rouge(ours: str, theirs: str, n: int) -> float:
    """ROUGE-n F1 on words in small letters."""
    a, b = _grams(ours, n), _grams(theirs, n)
    shared = sum((a & b).values())
    if not shared:
        return 0.0
    precision, recall = shared / sum(a.values()), shared / sum(b.values())
    return 2 * precision * recall / (precision + recall)


def _grams(text: str, n: int) -> Counter[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
