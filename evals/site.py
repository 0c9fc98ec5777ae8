"""What a build costs and what it touches: articles of 760 words from a fixed seed, 200 to 1,000 of them, with real Pelican.

The pages and feeds are measured alone, as other generators make them; then once more with the email's bundles and the pictures for links.
"""

from __future__ import annotations

import gc
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from briefing import inline
from briefing.project import Project
from briefing.site import build, email, pictures
from briefing.site.admitted import Admitted

from . import Progress, Row, _crawl, _site, at_most, equal, fact

TITLE = "The site: time, growth, what a new week touches"
#: CPU seconds of stock Pelican 4.12 and of a compiled generator for 1,000 articles of the same length on the same kind of machine.
STOCK, COMPILED = 5.06, 1.62


def rows(corpus: Path | None, progress: Progress) -> list[Row]:
    """Time, growth, files touched, and that the result is whole."""
    folder = Path(tempfile.mkdtemp(prefix="site-"))
    try:
        return list(_rows(folder, progress))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _rows(folder: Path, progress: Progress) -> Iterator[Row]:
    project = _site.project(folder / "project")
    progress("warming up")
    _build(project, _site.admitted(8), folder / "warm")
    cost = {}
    for count in (200, 400, 1000):
        progress(f"{count} articles")
        cost[count] = min(_build(project, _site.admitted(count), folder / f"site-{count}") for _ in range(2))
    yield at_most("1,000 articles, CPU", cost[1000], STOCK, baseline=STOCK, unit="s")
    everything = _build(project, _site.admitted(1000), folder / "all", alone=False)
    made = len(list((folder / "all").rglob("card.png")))
    yield fact("with 250 emails and a picture for each page that links show", everything, unit="s")
    yield fact("emails and pictures, for each of these", (everything - cost[1000]) / (made + 250) * 1000, unit="ms")
    yield fact("beside a compiled generator", cost[1000] / COMPILED, unit="times its CPU")
    yield fact("each article", cost[1000], unit="ms")
    yield at_most("growth from 200 to 400", cost[400] / cost[200], 2.3)
    yield at_most("growth from 400 to 1,000 (2.5 times as many)", cost[1000] / cost[400], 3.0)
    progress("one more week on 260")
    yield from _week(project, folder)
    yield equal("dead links among 1,000 articles", len(_crawl.dead(folder / "site-1000", "https://brief.example.org")), 0)
    heaviest = max(_crawl.read(folder / "site-1000").values(), key=lambda p: p.packed)
    yield at_most("largest page, packed", heaviest.packed, 16_000, unit="bytes")


def _week(project: Project, folder: Path) -> Iterator[Row]:
    """Files whose bytes change when the 66th week of four articles is added."""
    before, after = folder / "before", folder / "after"
    _build(project, _site.admitted(260), before)
    _build(project, _site.admitted(264), after)
    old = {p.relative_to(before): p.read_bytes() for p in before.rglob("*") if p.is_file()}
    new = {p.relative_to(after): p.read_bytes() for p in after.rglob("*") if p.is_file()}
    changed = [name for name, data in new.items() if name in old and old[name] != data]
    yield fact("files of the site", len(new))
    yield fact("files a new week adds", len(new.keys() - old.keys()))
    yield fact("files a new week changes", len(changed))
    yield equal("articles of earlier weeks among them", sum(p.parts[0].isdigit() for p in changed), 0)


@contextmanager
def _pages_only() -> Iterator[None]:
    kept = email.write, pictures.every
    email.write = lambda *args, **kwargs: None  # type: ignore[assignment]
    pictures.every = lambda *args: iter(())
    try:
        yield
    finally:
        email.write, pictures.every = kept


def _build(project: Project, admitted: Admitted, out: Path, *, alone: bool = True) -> float:
    """CPU seconds of one cold build: no reading of Markdown is remembered from another."""
    inline.nodes.cache_clear()
    gc.collect()
    with _pages_only() if alone else nullcontext():
        start = time.process_time()
        build.pelican(project, admitted, out)
        return time.process_time() - start
