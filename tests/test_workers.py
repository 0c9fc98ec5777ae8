"""Documents in the hands of processes that may end over any of them."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from briefing.collect.workers import AHEAD, Limits, Workers
from briefing.errors import FetchError
from briefing.model import Source

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOURCE = Source(id="s", name="S", url="https://s.w.example/f", site="https://s.w.example/", category="x", kind="rss", tier="trade")


def rss(title: str) -> bytes:
    return f"<rss version='2.0'><channel><item><title>{title}</title><guid>g</guid></item></channel></rss>".encode()


def slow() -> bytes:
    """Not well-formed and long: seconds of the tolerant parser."""
    return b"<rss version='2.0'><channel>" + b"<item><title>&lt;b&gt;x&amp;amp;</title></item>" * 60_000 + b"</channel></rss broken>"


def run(work: Callable[[Workers], Awaitable[Any]], size: int = 1, limits: Limits | None = None) -> tuple[Any, int]:
    async def go() -> tuple[Any, int]:
        async with Workers(size, limits) as workers:
            return await work(workers), workers.started

    return asyncio.run(go())


async def titles(workers: Workers, *documents: bytes) -> list[str]:
    """The first title of each document, or why it was refused; all are asked for at once."""
    given = {"url": "https://s.w.example/f", "content_type": "application/xml", "now": NOW}
    found = await asyncio.gather(*(workers.feed(d, SOURCE, **given) for d in documents), return_exceptions=True)  # type: ignore[arg-type]
    return [f.reason if isinstance(f, FetchError) else f.entries[0].title if not isinstance(f, BaseException) else repr(f) for f in found]


def children() -> list[int]:
    return [int(c) for t in Path("/proc/self/task").iterdir() for c in (t / "children").read_text(encoding="ascii").split()]


def test_each_document_gets_its_own_answer_whatever_is_asked_at_once() -> None:
    asked = [str(n) for n in range(5 * AHEAD)]
    for size in (1, 2):
        assert run(lambda w: titles(w, *map(rss, asked)), size) == (asked, size)


def test_what_stands_behind_a_document_that_ends_the_process_is_read_by_the_next() -> None:
    seen, started = run(lambda w: titles(w, rss("before"), slow(), rss("b"), rss("c"), rss("d")), limits=Limits(cpu_s=1))
    assert (seen, started) == (["before", "too-hard", "b", "c", "d"], 2)


def test_documents_larger_than_what_fits_between_the_processes_come_through_whole() -> None:
    long = "x" * 60_000
    item = "".join(f"<item><title>{n}</title><guid>{n}</guid><description>{long}</description></item>" for n in range(50))
    document = f"<rss version='2.0'><channel>{item}</channel></rss>".encode()
    assert run(lambda w: titles(w, *[document] * AHEAD)) == (["0"] * AHEAD, 1)


def test_a_process_that_somebody_ends_costs_one_answer_at_most() -> None:
    async def work(workers: Workers) -> list[str]:
        first = await titles(workers, rss("a"))
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        return first + await titles(workers, rss("b"), rss("c"))

    seen, started = run(work)
    assert seen[0] == "a"
    assert seen[1] in {"b", "too-hard"}
    assert seen[2] == "c"
    assert started == 2


def test_an_answer_that_cannot_be_read_is_a_refusal_and_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    loads, seen = pickle.loads, []

    def read(data: bytes) -> Any:
        seen.append(data)
        return loads(b"garbage" if len(seen) == 2 else data)

    monkeypatch.setattr("briefing.collect.workers.pickle.loads", read)
    assert run(lambda w: titles(w, rss("a"), rss("b"), rss("c"))) == (["a", "too-hard", "c"], 2)


def test_stopping_in_the_middle_waits_for_no_document_and_leaves_no_process() -> None:
    async def work(workers: Workers) -> None:
        asked = asyncio.create_task(titles(workers, slow(), rss("b")))
        while not children():
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        asked.cancel()

    began = monotonic()
    assert run(work, limits=Limits(cpu_s=60)) == (None, 1)
    assert monotonic() - began < 2
    assert children() == []
