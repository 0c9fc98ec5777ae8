"""A site's folder over HTTP on loopback, as a web server will serve it: right types, its own 404 page, no listings."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".atom.xml": "application/atom+xml; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".eml": "message/rfc822",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
}


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server on 127.0.0.1 that is bound but does not serve yet. Port 0 takes a free one. Raises OSError where the port is taken."""
    out = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(folder)))
    out.daemon_threads = True
    return out


class _Handler(SimpleHTTPRequestHandler):
    server_version = "briefing"
    sys_version = ""

    def send_head(self) -> BytesIO | BinaryIO | None:
        """A file below the folder, else the 404 page: also for a folder without an index and for a link that leads out."""
        path, root = Path(self.translate_path(self.path)), Path(self.directory).resolve()
        wanted = path / "index.html" if path.is_dir() else path
        if not wanted.is_file() or not wanted.resolve().is_relative_to(root) or any(p.startswith(".") for p in path.relative_to(self.directory).parts):
            return self._missing(root / "404.html")
        return super().send_head()

    def _missing(self, page: Path) -> BytesIO:
        body = page.read_bytes() if page.is_file() else b"Not found.\n"
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", TYPES[".html"] if page.is_file() else TYPES[".txt"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def guess_type(self, path: str | object) -> str:
        """By the name's end alone, the longest ending first."""
        name = str(path)
        ending = next((e for e in sorted(TYPES, key=len, reverse=True) if name.endswith(e)), "")
        return TYPES.get(ending, "application/octet-stream")

    def end_headers(self) -> None:
        """Nothing is kept by the browser: the next look shows the next build."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """No line a request: what is wrong shows in the page."""
