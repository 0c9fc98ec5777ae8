"""The peak memory of a process and all it started, from the kernel's own record (`VmHWM`), looked at while they live. Linux only."""

from __future__ import annotations

import contextlib
import subprocess
import time
from pathlib import Path


class Peaks:
    """The largest resident set each process of a tree has had. Their sum is never less than what was used at once."""

    def __init__(self) -> None:
        self._kib: dict[int, int] = {}

    @property
    def mb(self) -> float:
        """The sum over all processes, in MB."""
        return sum(self._kib.values()) / 1024

    def watch(self, process: subprocess.Popen[str], every_s: float = 0.02) -> None:
        """Look until the process has ended."""
        while process.poll() is None:
            for pid in _tree(process.pid):
                self._kib[pid] = max(self._kib.get(pid, 0), _high_water(pid))
            time.sleep(every_s)


def _tree(pid: int) -> list[int]:
    out = [pid]
    for one in out:
        with contextlib.suppress(OSError):
            out += [int(c) for task in Path(f"/proc/{one}/task").iterdir() for c in (task / "children").read_text(encoding="ascii").split()]
    return out


def _high_water(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0
