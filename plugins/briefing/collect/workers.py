"""A few processes that take documents apart within limits of memory, processor time and patience. None is started before it is needed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..errors import FetchError
from ..model import Source
from .entries import Feed

if TYPE_CHECKING:
    from .extract import Page

_ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "COVERAGE_PROCESS_START")

#: glibc gives memory back after a large document, and does not keep several pools.
_LEAN = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}


def worker_count() -> int:
    """One processor less than there are, for fetching and storing need one, and no crowd."""
    return max(1, min(4, (os.cpu_count() or 1) - 1))


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take."""

    memory: int = 1 << 30  # bytes of address space of the process, the interpreter's own 150 MB included
    cpu_s: int = 20
    wall_s: float = 90.0  # a machine may be busy; processor time is the measure, this is the last resort


class Workers:
    """At most `size` processes. Use as `async with`."""

    def __init__(self, size: int = 2, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._free = asyncio.Semaphore(size)
        self._idle: list[asyncio.subprocess.Process] = []
        self.started = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in self._idle:
            if process.stdin is not None:
                process.stdin.close()
        for process in self._idle:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 2)
            await _end(process)

    async def feed(self, data: bytes, source: Source, *, url: str, content_type: str, now: datetime) -> Feed:
        """What `parse.parse` gives. Raises FetchError, "too-hard" where the document broke a limit."""
        feed: Feed = await self._ask("feed", data=data, source=source, url=url, content_type=content_type, now=now)
        return feed

    async def page(self, data: bytes, *, url: str, content_type: str, now: datetime) -> Page:
        """What `extract.extract` gives. Raises FetchError, "too-hard" where the page broke a limit."""
        page: Page = await self._ask("page", data=data, url=url, content_type=content_type, now=now)
        return page

    async def _ask(self, kind: str, **given: Any) -> Any:
        async with self._free:
            process = self._idle.pop() if self._idle else await self._start()
            try:
                answer = await asyncio.wait_for(_exchange(process, pickle.dumps((kind, given), protocol=5)), self._limits.wall_s)
            except (TimeoutError, EOFError, ConnectionError) as error:
                await _end(process)
                raise FetchError("too-hard", "taking it apart broke the limits of time or memory for one document; tell the publisher") from error
            except BaseException:
                await _end(process)
                raise
            self._idle.append(process)
        if isinstance(answer, tuple):
            raise FetchError(answer[0], answer[1])
        return answer

    async def _start(self) -> asyncio.subprocess.Process:
        self.started += 1
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # nothing is imported from the folder we happen to be in
            "-m",
            "briefing.collect.worker",
            str(self._limits.memory),
            str(self._limits.cpu_s),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={k: os.environ[k] for k in _ENVIRONMENT if k in os.environ} | _LEAN,
            limit=1 << 20,
        )


async def _exchange(process: asyncio.subprocess.Process, request: bytes) -> Any:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(len(request).to_bytes(8, "big"))
    process.stdin.write(request)
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(8), "big")
    return pickle.loads(await process.stdout.readexactly(length))


async def _end(process: asyncio.subprocess.Process) -> None:
    """End it, however it is, and leave nothing open."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
    if process.stdin is not None:
        process.stdin.close()
        with contextlib.suppress(ConnectionError):
            await process.stdin.wait_closed()
