"""Eight Tuesdays of real feeds, collected and drafted one after the other, against counts made from the files alone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from briefing import config, ledger
from briefing.draft.run import Report as DraftReport
from briefing.draft.run import draft
from briefing.store import Store

from . import ROOT, Progress, Row, Skipped, equal, fact
from ._weeks import Week, collect_rows

TITLE = "Replay of 26 AI feeds over eight Tuesdays (baseline: counted from the files alone)"
#: The files stood so at 12:00 UTC on Tuesdays, 8:00 in Indianapolis: the cut-off of the replay lies an hour later.
CUTOFF = "tuesday 09:00"


def rows(corpus: Path | None, progress: Progress) -> Iterator[Row]:
    """A row a figure and Tuesday; new, fresh, doubled and lost pages have to be exact."""
    if corpus is None or not (corpus / "feeds" / "ai-weekly.index.csv").is_file():
        raise Skipped("the corpus with feeds/ai-weekly is not here")
    with tempfile.TemporaryDirectory() as folder:
        for week in collect_rows(corpus, Path(folder)):
            made, again = drafts(week, corpus)
            progress(f"replay {week.date}: {week.new} new, {week.fresh} fresh, {week.report.changed} reworded, absent: {', '.join(week.vanished) or 'none'}")
            yield from _rows(week)
            yield from _draft_rows(week, made, again)


def publication(corpus: Path) -> config.Publication:
    """The project's own publication, as it would have stood in the weeks of the corpus."""
    first = min(line.partition(",")[0] for line in (corpus / "feeds" / "ai-weekly.index.csv").read_text(encoding="utf-8").splitlines()[1:])
    return config.publication(ROOT / "pelicanconf.py").model_copy(update={"cutoff": CUTOFF, "first_edition": date.fromisoformat(first)})


def drafts(week: Week, corpus: Path) -> tuple[DraftReport, DraftReport]:
    """Draft a Tuesday's edition from what the feeds carry, and once more: what came of the first run and of the second."""
    project = week.project
    if not project.playbook.exists():
        shutil.copytree(ROOT / "playbook", project.playbook)
    with Store.open(project.store, write=True, now=week.now) as store:
        made = draft(project, publication(corpus), week.date, store, week.now)
        return made, draft(project, publication(corpus), week.date, store, week.now)


def _draft_rows(week: Week, made: DraftReport, again: DraftReport) -> Iterator[Row]:
    day = week.date.isoformat()
    ledgers = [ledger.read(p.read_bytes(), p.name) for p in made.written if p.name.endswith(".evidence.json")]
    yield fact(f"{day} stories", len(made.choices))
    yield fact(f"{day} drafted", len(ledgers))
    yield equal(f"{day} facts without support in the drafts", sum(book.made - book.cited for book in ledgers), 0)
    yield equal(f"{day} files written by a second run", len(again.written), 0)


def _rows(week: Week) -> Iterator[Row]:
    day, sources = week.date.isoformat(), week.report.sources
    yield fact(f"{day} feeds read, of {len(sources)}", sum(s.fine for s in sources))
    yield equal(f"{day} feeds absent and named", sum(s.reason == "not-found" for s in sources), len(week.vanished))
    yield fact(f"{day} links spelt anew in the files", week.spellings)
    yield equal(f"{day} new pages", week.new, week.expected_new)
    yield equal(f"{day} fresh of those", week.fresh, week.expected_fresh)
    yield equal(f"{day} in twice", week.twice, 0)
    yield equal(f"{day} lost", week.lost, 0)
