"""Eight Tuesdays of real feeds, collected one after the other, against counts made from the files alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from . import Progress, Row, Skipped, equal, fact
from ._weeks import Week, collect_rows

TITLE = "Replay of 26 AI feeds over eight Tuesdays (baseline: counted from the files alone)"


def rows(corpus: Path | None, progress: Progress) -> Iterator[Row]:
    """A row a figure and Tuesday; new, fresh, doubled and lost pages have to be exact."""
    if corpus is None or not (corpus / "feeds" / "ai-weekly.index.csv").is_file():
        raise Skipped("the corpus with feeds/ai-weekly is not here")
    with tempfile.TemporaryDirectory() as folder:
        for week in collect_rows(corpus, Path(folder)):
            progress(f"replay {week.date}: {week.new} new, {week.fresh} fresh, {week.report.changed} reworded, absent: {', '.join(week.vanished) or 'none'}")
            yield from _rows(week)


def _rows(week: Week) -> Iterator[Row]:
    day, sources = week.date.isoformat(), week.report.sources
    yield fact(f"{day} feeds read, of {len(sources)}", sum(s.fine for s in sources))
    yield equal(f"{day} feeds absent and named", sum(s.reason == "not-found" for s in sources), len(week.vanished))
    yield fact(f"{day} links spelt anew in the files", week.spellings)
    yield equal(f"{day} new pages", week.new, week.expected_new)
    yield equal(f"{day} fresh of those", week.fresh, week.expected_fresh)
    yield equal(f"{day} in twice", week.twice, 0)
    yield equal(f"{day} lost", week.lost, 0)
