"""Serves bodies over real HTTP on 127.0.0.1 with ETag and Last-Modified, by host name and path: what replays and benchmarks read."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Body:
    """One answer: its bytes, type and the moment it was last changed."""

    data: bytes
    changed: datetime
    content_type: str = "application/rss+xml"
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "etag", f'"{hashlib.sha256(self.data).hexdigest()[:20]}"')


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        return None

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        host = (self.headers.get("Host") or "").partition(":")[0]
        body = site.bodies.get((host, self.path))
        if body is None:
            site.answered(404)
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.headers.get("If-None-Match") == body.etag:
            site.answered(304)
            self.send_response(304)
            self.send_header("ETag", body.etag)
            self.end_headers()
        else:
            site.answered(200)
            self.send_response(200)
            for name, value in (("ETag", body.etag), ("Last-Modified", format_datetime(body.changed, usegmt=True)), ("Content-Type", body.content_type)):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.data)))
            self.end_headers()
            self.wfile.write(body.data)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that was killed half-way is no news here."""


class Site:
    """A loopback server; `bodies` maps (host, path) to what is there now and may be replaced between runs."""

    def __init__(self, bodies: Mapping[tuple[str, str], Body] | None = None) -> None:
        self.bodies = dict(bodies or {})
        self.statuses: dict[int, int] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def address(self) -> str:
        """`127.0.0.1:port`, as `collect.connect_to` wants it."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def answered(self, status: int) -> None:
        """Count an answer."""
        with self._lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
