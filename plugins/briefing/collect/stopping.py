"""Running asynchronous work that a signal may stop, at a point where nothing is half done."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run it; SIGTERM and Ctrl-C stop it at a point where nothing is half done. Raises KeyboardInterrupt then.

    A second signal is not heeded while the work is being put away, which takes seconds; from the third on it ends where it stands.
    """
    try:
        return asyncio.run(_stoppable(work))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _stoppable(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.current_task()
    if task is None or threading.current_thread() is not threading.main_thread():
        return await work
    loop, before = asyncio.get_running_loop(), {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    heard = 0

    def stop(number: signal.Signals) -> None:
        nonlocal heard
        heard += 1
        if heard == 1:
            task.cancel()
        else:
            loop.remove_signal_handler(number)

    for number in before:
        loop.add_signal_handler(number, stop, number)
    try:
        return await work
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
