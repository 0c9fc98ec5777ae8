"""The process that takes feeds and pages apart, one after the other, under limits of its own: `python -m briefing.collect.worker`.

Standard input is a socket. A request is two lengths of four bytes, a pickled description and the document; an answer is a length of
eight bytes and a pickled record. It ends when the other side closes. What a hostile document can do here is to end this process;
the parent notices and starts another.
"""

from __future__ import annotations

import pickle
import resource
import socket
import struct
import sys
from typing import Any

from ..errors import FetchError
from .parse import parse


def main(argv: list[str]) -> int:
    """Answer until stdin ends. `argv` holds the limits: bytes of memory, seconds of processor time a request."""
    memory, seconds = int(argv[0]), int(argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with socket.socket(fileno=sys.stdin.fileno()) as parent, parent.makefile("rb") as incoming:
        while head := incoming.read(8):
            described, size = struct.unpack("!II", head)
            kind, given = pickle.loads(incoming.read(described))
            _allow(seconds)
            answer = pickle.dumps(_answer(kind, {**given, "data": incoming.read(size)}), protocol=5)
            parent.sendall(struct.pack("!Q", len(answer)))
            parent.sendall(answer)
    return 0


def _allow(seconds: int) -> None:
    """So many more seconds of processor time from here; the kernel ends us after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _answer(kind: str, given: dict[str, Any]) -> Any:
    """The Feed or Page, or a reason and detail. Whatever goes wrong in a library is the document's fault, not the run's."""
    try:
        if kind == "feed":
            return parse(**given)
        from .extract import extract  # noqa: PLC0415 - half a second of imports that only reading pages needs

        return extract(**given)
    except FetchError as error:
        return error.reason, error.detail
    except MemoryError:
        return "too-hard", "taking it apart needs more memory than one document may take; tell the publisher"
    except Exception as error:  # noqa: BLE001 - three parsers, any of which may fail in ways of its own
        return "not-a-feed" if kind == "feed" else "no-text", f"it cannot be taken apart ({type(error).__name__}); tell the publisher"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
