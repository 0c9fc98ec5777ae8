"""A real HTTP server on 127.0.0.1 that answers for every host of the sample week, as of a moment that can be moved.

The collector's `connect_to` leads `https://ledger.example/...` here as plain HTTP with `Host: ledger.example`. Answers have
strong ETags and Last-Modified, conditional requests get 304, a publisher marked `fails` answers that status. The `Date`
header tells `as_of`, not this machine's time: the same requests get the same bytes on every day.
"""

from __future__ import annotations

import hashlib
import socket
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from .. import yamlfile
from . import feeds, register, web
from .records import Page, Publisher, Week

_HTML = "text/html; charset=utf-8"
_JSON = "application/json; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_IDLE_S = 5.0  # a connection that says nothing for this long is closed
_START = datetime(2026, 11, 1, tzinfo=UTC)  # Last-Modified of what has no date of its own
_ROBOTS = b"User-agent: *\nDisallow: /search\nAllow: /\n"


@dataclass(frozen=True, slots=True)
class Hit:
    """One request that was answered."""

    host: str
    path: str  # with its query
    status: int
    conditional: bool  # it carried If-None-Match or If-Modified-Since
    user_agent: str


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    kind: str
    body: bytes
    modified: datetime | None = None  # None: no validators, never a 304

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


class Server:
    """The sample week over HTTP. Use it as a context manager, or call `start` and `close`.

    `as_of` (aware) may be set at any time, also between two requests. `hits` lists every request answered, in order.
    """

    def __init__(self, week: Week, *, as_of: datetime) -> None:
        self.week = week
        self.hits: list[Hit] = []
        self._by_host = {publisher.host: publisher for publisher in week.publishers}
        self._as_of = _aware(as_of)
        self._http: _Http | None = None
        self._thread: threading.Thread | None = None

    @property
    def as_of(self) -> datetime:
        """The moment the server answers for. Setting a time without a zone raises ValueError."""
        return self._as_of

    @as_of.setter
    def as_of(self, moment: datetime) -> None:
        self._as_of = _aware(moment)

    @property
    def port(self) -> int:
        """The port on 127.0.0.1. Raises RuntimeError where the server is not started."""
        if self._http is None:
            raise RuntimeError("the sample server is not started")
        return int(self._http.server_address[1])

    def start(self) -> Self:
        """Bind to a free port of 127.0.0.1 and answer from a thread until `close`."""
        if self._http is None:
            self._http = _Http(self)
            self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True, name="sample")
            self._thread.start()
        return self

    def close(self) -> None:
        """Close every connection, end every thread and free the port. Calling it again does nothing."""
        if self._http is None or self._thread is None:
            return
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join()
        self._http = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def answer(self, host: str, target: str) -> _Answer:
        """What stands at this address at `as_of`."""
        publisher = self._by_host.get(host.partition(":")[0].lower())
        if publisher is None:
            return _missing("No such host in the sample week.")
        if publisher.fails:
            return _Answer(publisher.fails, _TEXT, b"Service unavailable.\n")
        parts = urlsplit(target)
        shown = self.week.shown(publisher, self._as_of)
        if parts.path == "/" + publisher.feed:
            return self._feed(publisher, shown, parse_qs(parts.query, keep_blank_values=True))
        if parts.path == "/robots.txt":
            return _Answer(200, _TEXT, _ROBOTS, _START)
        if parts.path == "/":
            return _Answer(200, _HTML, web.home(publisher, shown), self._modified(shown))
        return self._page(parts.path, shown)

    def _feed(self, publisher: Publisher, shown: tuple[Page, ...], query: dict[str, list[str]]) -> _Answer:
        if publisher.kind == "federal_register":
            try:
                return _Answer(200, _JSON, register.listing(publisher, shown, query), self._modified(shown))
            except register.BadQuery as error:
                return _Answer(400, _JSON, feeds.dump({"errors": [str(error)]}))
        write, kind = feeds.WRITERS[publisher.kind]
        return _Answer(200, kind, write(publisher, shown, self._as_of), self._modified(shown))

    def _page(self, path: str, shown: tuple[Page, ...]) -> _Answer:
        for page in shown:
            if page.document_number and register.json_url(page).endswith(path):
                return _Answer(200, _JSON, feeds.dump(register.document(page)), page.changed(self._as_of))
            if page.path == path and not page.no_page:
                # The margin links to other pages, so the page changes with the newest of them, as real ones do.
                return _Answer(200, _HTML, web.article(page, shown, self._as_of), self._modified(shown))
        return _missing("Page not found.")

    def _modified(self, shown: tuple[Page, ...]) -> datetime:
        return feeds.newest(shown, self._as_of) if shown else _START


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # so that `server_close` waits for them
    block_on_close = True
    request_queue_size = 64

    def __init__(self, owner: Server) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep open: their threads wake up and finish."""
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was quicker

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is its own affair, and everything else would be a fault to see: it is raised."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError | TimeoutError):
            raise error


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sample"
    sys_version = ""
    timeout = _IDLE_S
    server: _Http

    def do_GET(self) -> None:
        self._reply(body=True)

    def do_HEAD(self) -> None:
        self._reply(body=False)

    def _reply(self, *, body: bool) -> None:
        owner = self.server.owner
        host = self.headers.get("Host", "")
        found = owner.answer(host, self.path)
        status = 304 if found.status == 200 and self._unchanged(found) else found.status
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        owner.hits.append(Hit(host, self.path, status, conditional, self.headers.get("User-Agent", "")))
        self.send_response(status)
        if found.modified is not None:
            self.send_header("ETag", found.etag)
            self.send_header("Last-Modified", format_datetime(found.modified, usegmt=True))
        if status != 304:
            self.send_header("Content-Type", found.kind)
            self.send_header("Content-Length", str(len(found.body)))
        if status == 503:
            self.send_header("Retry-After", "3600")
        self.end_headers()
        if body and status != 304:
            self.wfile.write(found.body)

    def _unchanged(self, found: _Answer) -> bool:
        """RFC 9110, 13.2.2: If-None-Match decides alone where it is there, else If-Modified-Since."""
        if found.modified is None:
            return False
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or found.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except ValueError:
            return False
        return since.tzinfo is not None and found.modified.replace(microsecond=0) <= since

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The server's own moment: no answer depends on this machine's clock."""
        return format_datetime(self.server.owner.as_of.astimezone(UTC), usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: `hits` is the record."""


def sources_yaml(port: int, week: Week) -> str:
    """The text of a `sources.yaml` with every publisher of the week, all hosts led to the server on this port of 127.0.0.1."""
    lines = [
        "# The sample week: invented publishers, answered for by a server on this machine.",
        "collect:",
        "  connect_to:",
        f'    "*.example": "127.0.0.1:{port}"',
        "sources:",
    ]
    for publisher in week.publishers:
        lines += [
            f"  - id: {publisher.id}",
            f"    name: {yamlfile.quoted(publisher.name)}",
            f"    url: {publisher.feed_url}",
            f"    site: {publisher.site}",
            f"    category: {publisher.category}",
            f"    kind: {'rss' if publisher.kind == 'rdf' else publisher.kind}",
            f"    tier: {publisher.tier}",
            f"    language: {publisher.language}",
        ]
    return "\n".join(lines) + "\n"


def _missing(text: str) -> _Answer:
    return _Answer(404, _HTML, f'<!DOCTYPE html><html lang="en"><title>Not found</title><h1>Not found</h1><p>{text}</p></html>\n'.encode())


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("as_of needs a time zone")
    return moment
