"""The whole way, stage by stage: wall time and peak memory of each command, on the sample week and on eight replayed Tuesdays."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable
from pathlib import Path

from briefing import demo
from briefing.console import Console
from evals import ROOT, Progress, Row, at_most, fact

TITLE = "The whole way (wall seconds and peak memory of each command's largest process)"


def rows(corpus: Path | None, progress: Progress) -> Iterable[Row]:
    """One row a stage and figure; the sample's total has a goal: under 30 s on 2 cores."""
    out: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        progress("sample week")
        played = demo.play(ROOT, Console(io.StringIO(), io.StringIO(), quiet=True), Path(folder) / "project")
        out += _stages("sample", [(r.command.split()[0], r.wall_s, r.peak_mb) for r in played.ran])
        total = sum(r.wall_s for r in played.ran)
        out.append(at_most("sample: all commands, wall", total, 30.0, unit="s"))
    if corpus is not None and (corpus / "feeds" / "ai-weekly").is_dir():
        from . import _replay

        out += _stages("replay", _replay.timed(corpus, progress))
    else:
        progress("replay: skipped, the corpus folder feeds/ai-weekly is not there")
    return out


def _stages(where: str, ran: list[tuple[str, float, float]]) -> list[Row]:
    names = list(dict.fromkeys(name for name, _, _ in ran))
    found = []
    for name in names:
        mine = [(wall, peak) for n, wall, peak in ran if n == name]
        found.append(fact(f"{where}: {name}, {len(mine)} runs, wall", sum(w for w, _ in mine), unit="s"))
        found.append(fact(f"{where}: {name}, peak memory", max(p for _, p in mine), unit="MB"))
    return found
