"""The server and the contenders of `bench/collect.py`, each run in a process of its own: `python -m bench._feeds WHAT ...`.

`serve CORPUS` prints its port; a feed's number is in the host (`f12.bench.example`) or in the path (`/12`), and beyond the number of
feeds they begin again. The contenders print one line of JSON: seconds and entries.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import hashlib
import io
import json
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NOW = datetime(2026, 8, 18, 12, tzinfo=UTC)
_NUMBER = re.compile(rb"\r\nhost: f(\d+)\.bench\.example|\AGET /(\d+) ", re.IGNORECASE)
_MATCH = re.compile(rb'\r\nif-none-match: ("[0-9a-f]+")', re.IGNORECASE)


def files(corpus: Path) -> list[Path]:
    """The real feeds: every file of the manifest that is no fixture."""
    with (corpus / "feeds" / "manifest.csv").open(encoding="utf-8", newline="") as handle:
        return [corpus / "feeds" / r["file"] for r in csv.DictReader(handle) if r["kind"] != "fixture"]


class _Http(asyncio.Protocol):
    """Just enough of HTTP/1.1 to serve feeds with ETag, kept alive, at little cost beside what is measured."""

    def __init__(self, answers: list[tuple[bytes, bytes, bytes]]) -> None:
        self._answers = answers
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            head, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            found = _NUMBER.findall(head)
            number = next((int(a or b) for a, b in found), 0)
            etag, not_changed, whole = self._answers[number % len(self._answers)]
            match = _MATCH.search(head)
            self._transport.write(not_changed if match and match[1] == etag else whole)


def serve(corpus: str) -> None:
    """Serve until stdin ends."""
    answers = []
    for path in files(Path(corpus)):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'.encode()
        kind = b"application/feed+json" if data[:1] == b"{" else b"application/xml"
        head = b"HTTP/1.1 200 OK\r\nETag: %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n" % (etag, kind, len(data))
        answers.append((etag, b"HTTP/1.1 304 Not Modified\r\nETag: %b\r\n\r\n" % etag, head + data))

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: _Http(answers), "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)

    asyncio.run(run())


def ours(port: str, count: str, folder: str) -> dict[str, float]:
    """Our collector, twice: cold, then with nothing changed."""
    from briefing.collect.run import collect
    from briefing.config import CollectSettings
    from briefing.model import Source
    from briefing.store import Store

    sources = [_source(Source, n) for n in range(int(count))]
    settings = CollectSettings(connect_to={"*.bench.example": f"127.0.0.1:{port}"}, deadline_s=600, concurrency=16)
    walls: list[float] = []
    reports = []
    with Store.open(Path(folder) / "ours.sqlite", write=True, now=NOW) as store:
        for _ in range(2):
            started = time.perf_counter()
            reports.append(collect(sources, settings, store, NOW))
            walls.append(time.perf_counter() - started)
    read, unchanged = sum(s.fine for s in reports[0].sources), sum(s.outcome == "unchanged" for s in reports[1].sources)
    return {"cold": walls[0], "warm": walls[1], "entries": reports[0].new, "read": read, "warm_unchanged": unchanged}


def _source(make: Callable[..., Any], number: int) -> Any:
    url = f"http://f{number}.bench.example/feed"
    return make(id=f"f{number}", name=f"f{number}", url=url, site=url, category="x", kind="rss", tier="trade", max_items=10_000)


def reader(port: str, count: str, folder: str) -> dict[str, float]:
    """The reader library: its own store, its own update with ten workers."""
    import feedparser_sgmllib

    sys.modules.setdefault("sgmllib", feedparser_sgmllib)  # its copy of feedparser asks for the module by its old name
    from reader import make_reader

    library = make_reader(str(Path(folder) / "reader.sqlite"))
    for number in range(int(count)):
        library.add_feed(f"http://127.0.0.1:{port}/{number}")
    walls = []
    for _ in range(2):
        started = time.perf_counter()
        library.update_feeds(workers=10)
        walls.append(time.perf_counter() - started)
    return {"cold": walls[0], "warm": walls[1], "entries": library.get_entry_counts().total or 0, "read": library.get_feed_counts(broken=False).total or 0}


def feedparser(port: str, count: str, folder: str) -> dict[str, float]:
    """A plain loop: fetch, parse, keep nothing."""
    import urllib.request

    import feedparser as library

    started, entries = time.perf_counter(), 0
    for number in range(int(count)):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{number}") as answer:
            entries += len(library.parse(io.BytesIO(answer.read())).entries)
    return {"cold": time.perf_counter() - started, "entries": entries}


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        measured: dict[str, Any] = {"ours": ours, "reader": reader, "feedparser": feedparser}[sys.argv[1]](*sys.argv[2:])
        print(json.dumps(measured), flush=True)
