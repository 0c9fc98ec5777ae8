"""Starts commands of ours as processes of their own within milliseconds: a fork of one that has everything imported already.

`python -m evals._launch` reads one JSON line a command (arguments, where its output goes) and answers with one line a process: its id when
it has started, its id and exit code when it has ended. It has one thread and no files open, so that a fork of it is a fresh process.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from . import ROOT


class Launcher:
    """Real processes, quickly. Use as a context manager."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._started: queue.Queue[int] = queue.Queue()
        self._ended: dict[int, queue.Queue[int]] = {}
        self._running: set[int] = set()
        self._listener = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "evals._launch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ, cwd=ROOT
        )
        self._listener.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            for pid in self._running:
                self.kill(pid)  # only where something went wrong before its end was waited for
            self._process.wait(20)
            self._listener.join(20)
            if self._process.stdout is not None:
                self._process.stdout.close()

    def start(self, args: Sequence[str], output: Path) -> int:
        """Start `briefing ARGS`, both streams into a file; its process id."""
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("use the Launcher as `with`")
        self._process.stdin.write(json.dumps({"args": list(args), "output": str(output)}) + "\n")
        self._process.stdin.flush()
        pid = self._started.get(timeout=60)
        self._running.add(pid)
        return pid

    def end(self, pid: int, timeout_s: float = 120.0) -> int:
        """Wait for it: its exit code, or minus the signal that ended it."""
        code = self._ended.setdefault(pid, queue.Queue()).get(timeout=timeout_s)
        self._running.discard(pid)
        return code

    def run(self, args: Sequence[str], output: Path) -> int:
        """Start it and wait for it."""
        return self.end(self.start(args, output))

    def kill(self, pid: int, how: int = signal.SIGKILL) -> None:
        """Send a signal to a process we started, if it still runs."""
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return

    def _listen(self) -> None:
        if self._process is None or self._process.stdout is None:
            return
        for line in self._process.stdout:
            told = json.loads(line)
            if "code" in told:
                self._ended.setdefault(told["pid"], queue.Queue()).put(told["code"])
            else:
                self._ended.setdefault(told["pid"], queue.Queue())
                self._started.put(told["pid"])


def _child(args: Sequence[str], output: str) -> None:
    """Become the command. Does not return."""
    from briefing import cli

    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.closerange(3, 256)
    code = 1
    try:
        code = cli.main(list(args))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def main() -> None:
    """Fork what is asked for, tell of what has ended, until there are no more commands."""
    for name in ("briefing.cli", "briefing.collect.run", "briefing.commands.collect", "briefing.draft.run", "sklearn.cluster"):
        importlib.import_module(name)
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *a: None)
    left, more, running = b"", True, 0
    while more or running:
        ready, _, _ = select.select([wake, *([0] if more else [])], [], [])
        if wake in ready:
            os.read(wake, 1024)
            running -= _reap()
        if 0 in ready:
            data = os.read(0, 65_536)
            more = bool(data)
            *lines, left = (left + data).split(b"\n")
            for line in lines:
                asked = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    _child(asked["args"], asked["output"])
                running += 1
                _tell({"pid": pid})


def _reap() -> int:
    count = 0
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return count
        if pid == 0:
            return count
        count += 1
        _tell({"pid": pid, "code": os.waitstatus_to_exitcode(status)})


def _tell(what: dict[str, int]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
