"""Collecting the real feeds of the corpus, beside the reader library and a plain feedparser loop, all in one run."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from evals import ROOT, Progress, Row, Skipped, at_least, at_most, fact

from . import _feeds
from ._memory import Peaks

TITLE = "Collecting real feeds from loopback (baseline: the reader library with ten workers)"
#: Copies of the feeds under hosts of their own, to see that cost grows with their number and no faster.
SCALE = (2_000, 8_000)


def rows(corpus: Path | None, progress: Progress) -> Iterator[Row]:
    """Wall time and memory, cold and with nothing changed; then growth."""
    if corpus is None or not (corpus / "feeds" / "manifest.csv").is_file():
        raise Skipped("the corpus with feeds/manifest.csv is not here")
    if find_spec("reader") is None:
        raise Skipped("the reader library is not here; run `python3 run.py test` once, which installs it")
    count = len(_feeds.files(corpus))
    with _serving(corpus) as port:
        got = {}
        for who in ("reader", "feedparser", "ours"):
            got[who] = _run(who, port, count)
            progress(f"{who}: {json.dumps(got[who])}")
        yield from _compared(got["ours"], got["reader"], got["feedparser"], count)
        walls = []
        for number in SCALE:
            walls.append(_run("ours", port, number))
            progress(f"ours, {number} feeds: {json.dumps(walls[-1])}")
            yield fact(f"{number:,} feeds, wall", walls[-1]["cold"], unit="s")
            yield fact(f"{number:,} feeds, peak memory", walls[-1]["peak_mb"], unit="MB")
        more = SCALE[1] / SCALE[0]
        yield at_most("growth of time per feed, 2,000 to 8,000", walls[1]["cold"] / walls[0]["cold"] / more, 1.25)
        yield fact("growth of processor time per feed, 2,000 to 8,000", walls[1]["cpu"] / walls[0]["cpu"] / more)


def _compared(ours: dict[str, float], reader: dict[str, float], loop: dict[str, float], count: int) -> Iterator[Row]:
    yield fact(f"feeds read, of {count}", ours["read"], baseline=reader["read"])
    yield fact("entries kept", ours["entries"], baseline=reader["entries"])
    yield fact("wall, cold", ours["cold"], baseline=reader["cold"], unit="s")
    yield fact("wall of a plain feedparser loop", loop["cold"], unit="s")
    yield at_most("wall, of reader's", ours["cold"] / reader["cold"], 0.1)
    yield fact("processor time, start and both runs", ours["cpu"], baseline=reader["cpu"], unit="s")
    yield fact("wall, nothing changed", ours["warm"], baseline=reader["warm"], unit="s")
    yield at_most("nothing changed, of our cold run", ours["warm"] / ours["cold"], 0.2)
    yield at_most("peak memory of all processes, of reader's", ours["peak_mb"] / reader["peak_mb"], 2.0)
    yield fact("peak memory of all processes", ours["peak_mb"], baseline=reader["peak_mb"], unit="MB")
    yield at_least("feeds unchanged in the second run, of those read", ours["warm_unchanged"] / ours["read"], 1.0)


@contextmanager
def _serving(corpus: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "bench._feeds", "serve", str(corpus)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            assert server.stdout is not None
            yield int(server.stdout.readline())
        finally:
            server.kill()


def _cached(folder: str) -> dict[str, str]:
    """An environment in which Python keeps compiled modules, as it does where nobody forbids it: no contender compiles its imports anew."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(folder).parent / "briefing-bench-pyc")}


def _run(who: str, port: int, count: int) -> dict[str, float]:
    """What a contender says of itself, with its peak memory and the processor time of all its processes: on a busy machine that tells more than the wall."""
    before = _processor_s()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench._feeds", who, str(port), str(count), folder]
        peaks = Peaks()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=_cached(folder)) as process:
            peaks.watch(process)
            said = process.communicate()[0]
        if process.returncode:
            raise RuntimeError(f"{who} ended with {process.returncode}")
        result: dict[str, float] = {**json.loads(said.splitlines()[-1]), "peak_mb": peaks.mb, "cpu": _processor_s() - before}
        return result


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
