"""The replay's collecting and drafting, timed as they run in one process; its peak memory is that process's."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

from evals import Progress
from evals._weeks import collect_rows
from evals.replay import drafts


def timed(corpus: Path, progress: Progress) -> list[tuple[str, float, float]]:
    """(stage, wall seconds, peak MB so far) for each Tuesday of the corpus."""
    out = []
    with tempfile.TemporaryDirectory() as folder:
        weeks = collect_rows(corpus, Path(folder))
        while True:
            began = time.perf_counter()
            week = next(weeks, None)
            if week is None:
                return out
            out.append(("collect", time.perf_counter() - began, _peak_mb()))
            began = time.perf_counter()
            drafts(week, corpus)
            out.append(("draft", time.perf_counter() - began, _peak_mb()))
            progress(f"replay {week.date}")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
