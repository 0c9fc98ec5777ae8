"""The peak memory of a process and all it started, from the kernel's own record (`VmHWM`), looked at while they live. Linux only."""

from __future__ import annotations

import contextlib
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the kernel says of one process."""

    command: bytes
    rss_kib: int
    peak_kib: int


class Peaks:
    """The most that the processes of a tree have used at once.

    Each look adds up the largest resident set that every process alive then has ever had. So it is never less than what was really
    used, pages that two processes share count twice, and a process that has ended does not count beside one that came after it.
    """

    def __init__(self) -> None:
        self._kib = 0

    @property
    def mb(self) -> float:
        """The largest sum of all looks, in MB."""
        return self._kib / 1024

    def watch(self, process: subprocess.Popen[str], every_s: float = 0.02) -> None:
        """Look until the process has ended."""
        while process.poll() is None:
            self._kib = max(self._kib, sum(seen.peak_kib for seen in _tree(process.pid)))
            time.sleep(every_s)


def _tree(pid: int, parent: _Seen | None = None) -> list[_Seen]:
    """A process and all below it. One that has not yet become a program of its own is in its parent's memory, and is left out."""
    found = []
    with contextlib.suppress(OSError):
        seen = _seen(pid)
        if seen == parent:
            return []
        found.append(seen)
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                found += _tree(int(child), seen)
    return found


def _seen(pid: int) -> _Seen:
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines())
    rss, peak = (int(status.get(name, "0").split()[0]) for name in ("VmRSS", "VmHWM"))
    return _Seen(Path(f"/proc/{pid}/cmdline").read_bytes(), rss, peak)
