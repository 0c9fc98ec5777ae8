"""A few processes that take documents apart within limits of memory, processor time and patience. None is started before it is needed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import socket
import struct
import sys
from collections import deque
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


#: Documents a process has been given beside the one it works on: it is never idle while we fetch or write.
AHEAD = 8
#: Bytes that fit between two processes; documents and answers of most feeds do.
_BUFFER = 1 << 20
#: What a process that ended or did not answer has said: a reason and a detail.
_TOO_HARD = ("too-hard", "taking it apart broke the limits of time or memory for one document; tell the publisher")


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
        self._size = size
        self._room = asyncio.Semaphore(size * AHEAD)
        self._choosing = asyncio.Lock()
        self._processes: list[_Process] = []
        self.started = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in self._processes:
            await process.end()

    async def feed(self, data: bytes, source: Source, *, url: str, content_type: str, now: datetime) -> Feed:
        """What `parse.parse` gives. Raises FetchError, "too-hard" where the document broke a limit."""
        feed: Feed = await self._ask("feed", data, source=source, url=url, content_type=content_type, now=now)
        return feed

    async def page(self, data: bytes, *, url: str, content_type: str, now: datetime) -> Page:
        """What `extract.extract` gives. Raises FetchError, "too-hard" where the page broke a limit."""
        page: Page = await self._ask("page", data, url=url, content_type=content_type, now=now)
        return page

    async def _ask(self, kind: str, data: bytes, **given: Any) -> Any:
        request = pickle.dumps((kind, given), protocol=5)
        async with self._room:
            answer = None
            while answer is None:  # none: it stood behind a document that ended the process, and is asked again
                answer = await (await self._least_busy()).ask(request, data)
        if isinstance(answer, tuple):
            raise FetchError(answer[0], answer[1])
        return answer

    async def _least_busy(self) -> _Process:
        async with self._choosing:
            self._processes = [p for p in self._processes if not p.ended]
            found = min(self._processes, key=lambda p: p.left, default=None)
            if found is None or (found.left and len(self._processes) < self._size):
                self.started += 1
                found = await _Process.start(self._limits)
                self._processes.append(found)
            return found


class _Process:
    """One process, and what it was asked and has not answered yet, in that order."""

    def __init__(self, process: asyncio.subprocess.Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wall_s: float) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._wall_s = wall_s
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._handing_out: asyncio.Task[None] | None = None
        self.ended = False

    @classmethod
    async def start(cls, limits: Limits) -> Self:
        """A new one, with a socket for its standard input on which it is asked and answers."""
        ours, its = socket.socketpair()
        with its:
            for end in (ours, its):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # nothing is imported from the folder we happen to be in
                "-m",
                "briefing.collect.worker",
                str(limits.memory),
                str(limits.cpu_s),
                stdin=its.fileno(),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env={k: os.environ[k] for k in _ENVIRONMENT if k in os.environ} | _LEAN,
            )
        reader, writer = await asyncio.open_connection(sock=ours, limit=_BUFFER)
        return cls(process, reader, writer, limits.wall_s)

    @property
    def left(self) -> int:
        """How many documents it has not answered yet."""
        return len(self._waiting)

    async def ask(self, request: bytes, data: bytes) -> Any:
        """Its answer; None where it ended over an earlier document. Raises FetchError where it ended over this one."""
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        self._writer.write(struct.pack("!II", len(request), len(data)) + request)
        self._writer.write(data)
        if self._handing_out is None or self._handing_out.done():
            self._handing_out = asyncio.create_task(self._hand_out())
        return await answer

    async def _hand_out(self) -> None:
        """The answers as they come, until nothing is waited for. The patience for a document begins when the one before it is done."""
        try:
            while self._waiting:
                async with asyncio.timeout(self._wall_s):
                    (length,) = struct.unpack("!Q", await self._reader.readexactly(8))
                    answer = pickle.loads(await self._reader.readexactly(length))
                asked = self._waiting.popleft()
                if not asked.done():
                    asked.set_result(answer)
        except Exception:  # noqa: BLE001 - an answer that cannot be read, too, is this document's end: nobody may wait for ever
            self._give_up()
            await self._over()

    def _give_up(self) -> None:
        self.ended = True
        for number, asked in enumerate(self._waiting):
            if not asked.done():
                asked.set_result(None if number else _TOO_HARD)
        self._waiting.clear()

    async def end(self) -> None:
        """Let it go where it is idle, end it where it is not; nothing is left open."""
        if self._handing_out is not None:
            self._handing_out.cancel()
        if not self.ended and not self._waiting:
            self._writer.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), 2)
        self.ended = True
        await self._over()

    async def _over(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
