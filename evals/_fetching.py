"""Rows F and S of the catalogue: what is seen when servers misbehave and when addresses lead where nothing may be asked."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import io
import itertools
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from time import monotonic
from typing import Any
from unittest import mock

from briefing import cli
from briefing.collect.fetch import PAUSES, Fetcher
from briefing.collect.pages import read_pages
from briefing.collect.report import Report, SourceReport
from briefing.collect.run import collect
from briefing.config import CollectSettings
from briefing.errors import FetchError
from briefing.model import Source
from briefing.store import Store

from . import ROOT, Row, Skipped

HOSTILE = ROOT.parent / "shared" / "hostile"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
_BAD = (
    *("/slow-body", "/never", "/endless", "/huge-declared", "/gzip-bomb", "/redirect-loop", "/redirect-chain/9", "/redirect-private", "/short-body", "/reset"),
    *("/close-at-once", "/not-http", "/many-headers", "/gzip-lie", "/html-instead", "/empty", "/status/410", "/status/404", "/status/500", "/retry-after/60"),
)


def row(name: str, asked: str, seen: str) -> Row:
    """A row of the catalogue: its id and how it is produced, what has to be seen, what was seen."""
    return Row(name, seen, None, asked, seen == asked)


@cache
def hostile_server() -> Any:
    """The catalogue's server as a module. Raises Skipped where it is not beside this checkout."""
    spec = importlib.util.spec_from_file_location("hostile_server", HOSTILE / "server.py")
    if spec is None or spec.loader is None or not HOSTILE.is_dir():
        raise Skipped("the hostile inputs are not beside this checkout")
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    bomb = module._bomb()
    module._bomb = lambda: bomb
    return module


def rss(*titles: str, extra: str = "") -> bytes:
    """A small feed with one item a title."""
    items = "".join(
        f"<item><title>{t}</title><guid>{t}</guid><link>https://page.t.example/{t}</link><pubDate>Fri, 20 Nov 2026 09:00:00 GMT</pubDate>{extra}</item>"
        for t in titles
    )
    return f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()


@dataclass(slots=True)
class Desk:
    """A hostile server and stores that collect from it."""

    server: Any
    folder: Path
    stores: int = 0

    def fresh(self) -> Path:
        """A store nobody has written yet."""
        self.stores += 1
        return self.folder / f"{self.stores}.sqlite"

    def read(self, store: Path, *paths: str, at: datetime = NOW, pauses: Sequence[float] = (0.0, 0.0), **limits: Any) -> Report:
        """One run over these paths, each of its own host, into this store."""
        sources = [_source(n, f"https://s{n}.t.example{p}") for n, p in enumerate(paths)]
        given = {"deadline_s": 3.0, "max_bytes": 2_000_000, "connect_to": {"*.t.example": self.server.server.private}, **limits}
        with Store.open(store, write=True, now=at) as opened:
            return collect(sources, CollectSettings(**given), opened, at, pauses=pauses)

    def one(self, path: str, **given: Any) -> SourceReport:
        """What came of one path in a fresh store."""
        return self.read(self.fresh(), path, **given).sources[0]

    def titles(self, store: Path) -> list[str]:
        """The titles kept, in the order they were seen."""
        with Store.open(store) as opened:
            return [i.title for i in opened.items(NOW - DAY, NOW + 99 * DAY)]

    def asked(self, since: int = 0) -> list[str]:
        """The paths asked so far, less those before `since`."""
        return [h[1] for h in self.server.hits[since:]]


def _source(number: int, url: str, **given: Any) -> Source:
    return Source(**{"id": f"s{number}", "name": f"s{number}", "url": url, "site": url, "category": "x", "kind": "rss", "tier": "trade", **given})


def _said(report: SourceReport) -> str:
    return f"{report.outcome} {report.reason}".strip()


def rows(folder: Path) -> Iterator[Row]:
    """All rows F and S."""
    folder.mkdir(parents=True, exist_ok=True)
    with hostile_server().Hostile() as server:
        desk = Desk(server, folder)
        for name, asked, measure in ROWS:
            yield row(name, asked, measure(desk))


# ----------------------------------------------------------------------- F


def _deadline(path: str) -> Callable[[Desk], str]:
    def measure(desk: Desk) -> str:
        started = monotonic()
        report = desk.read(desk.fresh(), path, "/ok", deadline_s=1.0)
        late = monotonic() - started > 3.0
        return f"{_said(report.sources[0])} after 1 s, {report.sources[1].outcome} beside it, {report.code}" if not late else "late"

    return measure


def _bounded(path: str) -> Callable[[Desk], str]:
    """Refused, nothing kept, and never more in memory than a few times the limit."""

    def measure(desk: Desk) -> str:
        store, limit = desk.fresh(), 2_000_000
        tracemalloc.start()
        report = desk.read(store, path, "/ok", max_bytes=limit)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        memory = "under 5 limits" if peak < 5 * limit else f"{peak:,} bytes"
        return f"{_said(report.sources[0])}, {len(desk.titles(store)) - 1} items, memory {memory}, {report.code}"

    return measure


def _chain(desk: Desk) -> str:
    report = desk.one("/redirect-chain/9")
    return f"{_said(report)}, chain {'named' if report.detail.count(' → ') >= 5 else 'not named'}, 4 hops {desk.one('/redirect-chain/4').outcome}"


def _private(desk: Desk) -> str:
    before = len(desk.server.hits)
    return f"{_said(desk.one('/redirect-private'))}, {len(desk.asked(before))} request"


def _half(path: str) -> Callable[[Desk], str]:
    """A good answer first, then half of another one."""

    def measure(desk: Desk) -> str:
        store, whole = desk.fresh(), rss("a")
        desk.server.routes["/half"] = whole
        desk.read(store, "/half")
        desk.server.routes["/half"] = lambda handler, n: handler.behave(path, n, monotonic() + 5)
        report = desk.read(store, "/half", "/ok", at=NOW + DAY)
        kept = "a" in desk.titles(store)
        return f"{_said(report.sources[0])}, earlier items {'stay' if kept else 'lost'}, {report.code}"

    return measure


def _named(path: str, words: str) -> Callable[[Desk], str]:
    def measure(desk: Desk) -> str:
        report = desk.one(path)
        return f"{_said(report)}, {'named' if words in report.detail else report.detail}"

    return measure


def _gone(desk: Desk) -> str:
    store, before = desk.fresh(), len(desk.server.hits)
    first = desk.read(store, "/status/410", "/ok")
    again = desk.read(store, "/status/410", "/ok", at=NOW + 30 * DAY)
    return f"{_said(first.sources[0])}, asked {desk.asked(before).count('/status/410')} time in 2 runs, {again.code}"


def _failing(path: str) -> Callable[[Desk], str]:
    def measure(desk: Desk) -> str:
        store = desk.fresh()
        reports = [desk.read(store, path, "/ok", at=NOW + n * DAY) for n in range(3)]
        last = reports[-1].sources[0]
        return f"{_said(last)}, {'since 2026-11-22, 3 times' if '(failing since 2026-11-22, 3 times)' in last.detail else last.detail}, {reports[-1].code}"

    return measure


def _wait(value: str) -> Callable[[Desk], str]:
    def measure(desk: Desk) -> str:
        store, before = desk.fresh(), len(desk.server.hits)
        handler = desk.server.server.RequestHandlerClass
        with mock.patch.object(handler, "date_time_string", lambda self, timestamp=None: "Sun, 22 Nov 2026 12:00:00 GMT"):
            first = desk.read(store, f"/retry-after/{value}")
            early = desk.read(store, f"/retry-after/{value}", at=NOW + timedelta(minutes=59))
            desk.read(store, f"/retry-after/{value}", at=NOW + timedelta(minutes=61))
        return f"{_said(first.sources[0])}, after 59 min {early.sources[0].outcome}, asked {len(desk.asked(before))} times in 3 runs"

    return measure


def _validators(desk: Desk) -> str:
    store, before = desk.fresh(), len(desk.server.hits)
    desk.read(store, "/etag")
    second = desk.read(store, "/etag", at=NOW + DAY)
    sent = desk.server.hits[before + 1][2]
    exact = (sent.get("If-None-Match"), sent.get("If-Modified-Since")) == ('"v1"', "Fri, 20 Nov 2026 09:00:00 GMT")
    desk.server.routes["/cut"] = {"body": rss("a", "b")[:-60], "headers": [("ETag", '"cut"')]}
    for day in (0, 1):
        desk.read(store, "/ok", "/cut", at=NOW + day * DAY)
    half = "If-None-Match" in desk.server.hits[-1][2]
    return f"{'exact' if exact else sent}, then {second.sources[0].outcome}, of a cut document {'sent' if half else 'not kept'}, {second.code}"


def _flaky(desk: Desk) -> str:
    before = len(desk.server.hits)
    report = desk.one("/flaky")
    growing = all(a < b for a, b in itertools.pairwise(PAUSES))
    return f"{report.outcome}, {len(desk.asked(before))} requests, pauses {'grow' if growing else 'do not grow'}"


def _moved(desk: Desk) -> str:
    store, before = desk.fresh(), len(desk.server.hits)
    first = desk.read(store, "/permanent")
    desk.read(store, "/permanent", at=NOW + DAY)
    asked, told = " ".join(desk.asked(before)), "put that address into sources.yaml" in first.sources[0].detail
    return f"{first.sources[0].outcome}, {'proposed' if told else 'silent'}, asked {asked}, {first.code}"


#: Reads one address in a process whose only trusted authority is the file that SSL_CERT_FILE names.
_TLS = """
import asyncio, sys
from briefing.collect.fetch import Fetcher
from briefing.config import CollectSettings
from briefing.errors import FetchError
async def main():
    async with Fetcher(CollectSettings(allow_private=True, deadline_s=5), pauses=()) as fetcher:
        return (await fetcher.get(sys.argv[1])).status
try:
    print(asyncio.run(main()))
except FetchError as error:
    print(error.reason)
"""


def tls(case: str, folder: Path) -> str:
    """What comes of a server with a certificate of this kind: "200", or the reason it was refused for. The authority is trusted but for "self-signed"."""
    import trustme

    authority, other = trustme.CA(), trustme.CA()
    trusted = folder / f"{case.replace(' ', '-')}.pem"
    (other if case == "self-signed" else authority).cert_pem.write_to_path(trusted)
    expired = {"not_after": datetime(2020, 1, 1, tzinfo=UTC)} if case == "expired" else {}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.example" if case == "other name" else "127.0.0.1", **expired).configure_cert(context)

    class Ok(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            return None

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Ok)
    server.handle_error = lambda *a: None  # type: ignore[method-assign,assignment]
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        command = [sys.executable, "-c", _TLS, f"https://127.0.0.1:{server.server_address[1]}/"]
        environ = {**os.environ, "SSL_CERT_FILE": str(trusted), "SSL_CERT_DIR": str(folder / "none")}
        done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False, timeout=60)
        return done.stdout.strip() or done.stderr.strip()[-200:]
    finally:
        server.shutdown()
        server.server_close()


def _certificates(desk: Desk) -> str:
    seen = {case: tls(case, desk.folder) for case in ("good", "self-signed", "expired", "other name")}
    off = [k for k in CollectSettings.model_fields if "verify" in k or "tls" in k or "ssl" in k]
    return f"{', '.join(f'{k} {v}' for k, v in seen.items())}, {len(off)} settings to turn it off"


def _nobody(desk: Desk) -> str:
    """Refused, unknown and every one of them at once, over a store that holds something."""
    store = desk.fresh()
    desk.server.routes["/s"] = rss("a")
    desk.read(store, "/s")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dead = f"127.0.0.1:{free.getsockname()[1]}"

    def unknown(*args: Any, **kwargs: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    sources = [_source(0, "https://s0.t.example/s"), _source(1, "https://nowhere.example/")]
    settings = CollectSettings(deadline_s=3, connect_to={"*.t.example": dead})
    with mock.patch.object(socket, "getaddrinfo", unknown), Store.open(store, write=True, now=NOW) as opened:
        report = collect(sources, settings, opened, NOW + DAY, pauses=())
    return f"{', '.join(_said(s) for s in report.sources)}, {report.code}, {len(desk.titles(store))} item as before"


def _both(desk: Desk) -> str:
    """Forty good sources, each with its own host, beside twenty bad ones; how many requests one host had at a time."""
    good = [f"/good/{n}" for n in range(40)]
    desk.server.routes.update({path: rss(f"a{n}", f"b{n}") for n, path in enumerate(good)})
    limits = {"deadline_s": 1.5, "max_bytes": 200_000, "concurrency": 16}
    started = monotonic()
    report = desk.read(desk.fresh(), *good, *_BAD, **limits)
    took = monotonic() - started
    whole = sum(s.new == 2 for s in report.sources[:40])
    named = sum(bool(s.reason and s.detail) and not s.fine for s in report.sources[40:])
    bounded = "bounded" if took < 12 else f"{took:.0f} s"  # twenty deadlines in a row would be 30 s
    return f"{whole} whole, {named} named, {bounded}, {_at_a_time(desk)} request a host at a time, {report.code}"


def _at_a_time(desk: Desk) -> int:
    now, most, lock, pause = [0], [0], threading.Lock(), threading.Event()

    def slow(handler: Any, n: int) -> bytes:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        pause.wait(0.05)
        with lock:
            now[0] -= 1
        return rss("a")

    desk.server.routes["/same"] = slow
    settings = CollectSettings(connect_to={"same.t.example": desk.server.server.private})
    with Store.open(desk.fresh(), write=True, now=NOW) as store:
        collect([_source(n, f"https://same.t.example/same?{n}") for n in range(6)], settings, store, NOW, pauses=())
    return most[0]


def _refused(desk: Desk) -> str:
    before = len(desk.server.hits)
    report = desk.one("/status/403")
    return f"{_said(report)}, asked {len(desk.asked(before))} time"


def _interval(desk: Desk) -> str:
    """A source of every twelve hours, at three moments."""
    store, seen = desk.fresh(), []
    before = len(desk.server.hits)
    settings = CollectSettings(connect_to={"*.t.example": desk.server.server.private})
    for hours in (0, 11, 12):
        at = NOW + timedelta(hours=hours)
        with Store.open(store, write=True, now=at) as opened:
            seen.append(collect([_source(0, "https://s0.t.example/ok", interval_h=12)], settings, opened, at, pauses=()).sources[0].outcome)
    return f"{', '.join(seen)}; asked {len(desk.asked(before))} times"


def _named_to_publishers(desk: Desk) -> str:
    before = len(desk.server.hits)
    desk.one("/ok")
    sent = desk.server.hits[before][2]
    named = re.fullmatch(r"[A-Za-z]+/\d[\w.]* \(\+https://[^)\s]+\)", sent["User-Agent"]) is not None
    return f"{'a name, a version and an address' if named else sent['User-Agent']}; accepts {sent['Accept-Encoding']}"


def _asked_robots(desk: Desk) -> str:
    """Two pages of a site that allows one of them, with a wildcard and a delay; the site's wish is read once."""
    rules = b"User-agent: *\nDisallow: /*/closed$\nCrawl-delay: 0.2"
    page = _page()
    entries = "".join(f"<item><title>{t}</title><guid>{t}</guid><link>https://s0.t.example/p/{t}</link></item>" for t in ("open", "closed", "more"))
    routes = {"/robots.txt": rules, "/p/open": {"body": page, "ctype": "text/html"}, "/p/more": {"body": page, "ctype": "text/html"}}
    desk.server.routes.update({**routes, "/pages": f'<rss version="2.0"><channel><title>F</title>{entries}</channel></rss>'.encode()})
    store, sources = desk.fresh(), [_source(0, "https://s0.t.example/pages", site="https://s0.t.example/")]
    settings = CollectSettings(connect_to={"*.t.example": desk.server.server.private})
    before = len(desk.server.hits)
    with Store.open(store, write=True, now=NOW) as opened:
        collect(sources, settings, opened, NOW, pauses=())
        started = monotonic()
        found = sorted(p.outcome for p in read_pages(opened.items(NOW, NOW + DAY), sources, settings, opened, NOW, pauses=()))
        waited = monotonic() - started >= 0.2
    del desk.server.routes["/robots.txt"]
    asked = desk.asked(before)
    return f"{', '.join(found)}; robots.txt {asked.count('/robots.txt')}, closed {asked.count('/p/closed')}, delay {'kept' if waited else 'not kept'}"


Case = tuple[str, str, Callable[[Desk], str]]
FETCHING: tuple[Case, ...] = (
    ("F01 /slow-body", "broken timeout after 1 s, new beside it, 3", _deadline("/slow-body")),
    ("F01 /never", "broken timeout after 1 s, new beside it, 3", _deadline("/never")),
    ("F02 /endless", "broken too-large, 0 items, memory under 5 limits, 3", _bounded("/endless")),
    ("F03 /huge-declared", "broken too-large, 0 items, memory under 5 limits, 3", _bounded("/huge-declared")),
    ("F04 /gzip-bomb", "broken too-large, 0 items, memory under 5 limits, 3", _bounded("/gzip-bomb")),
    ("F05 /redirect-loop", "broken too-many-hops", lambda d: _said(d.one("/redirect-loop"))),
    ("F05 /redirect-chain/9", "broken too-many-hops, chain named, 4 hops new", _chain),
    ("F06 /redirect-private", "broken private-address, 1 request", _private),
    *((f"F07 {p}", "broken cut-off, earlier items stay, 3", _half(p)) for p in ("/short-body", "/reset", "/close-at-once")),
    ("F08 /not-http", "broken not-http", lambda d: _said(d.one("/not-http"))),
    ("F08 /many-headers", "broken not-http", lambda d: _said(d.one("/many-headers"))),
    ("F08 /gzip-lie", "broken encoding", lambda d: _said(d.one("/gzip-lie"))),
    ("F08 /deflate-raw", "new", lambda d: _said(d.one("/deflate-raw"))),
    ("F09 /html-instead", "broken not-a-feed, named", _named("/html-instead", "(text/html) begins 'Please sign in.'")),
    ("F09 /empty", "broken not-a-feed, named", _named("/empty", "is empty")),
    ("F09 /status/200 with text", "broken not-a-feed, named", _named("/status/200", "begins 'no'")),
    ("F10 /status/410", "gone gone, asked 1 time in 2 runs, 3", _gone),
    ("F11 /status/404 three times", "broken not-found, since 2026-11-22, 3 times, 3", _failing("/status/404")),
    ("F11 /status/401 three times", "blocked blocked, since 2026-11-22, 3 times, 3", _failing("/status/401")),
    ("F11 /status/500 three times", "broken server-error, since 2026-11-22, 3 times, 3", _failing("/status/500")),
    ("F12 /retry-after/3600", "blocked wait, after 59 min waiting, asked 2 times in 3 runs", _wait("3600")),
    ("F12 /retry-after, a date", "blocked wait, after 59 min waiting, asked 2 times in 3 runs", _wait("Sun,%2022%20Nov%202026%2013:00:00%20GMT")),
    ("F13 /etag twice", "exact, then unchanged, of a cut document not kept, 0", _validators),
    ("F14 /flaky", "new, 3 requests, pauses grow", _flaky),
    ("F15 /permanent twice", "moved, proposed, asked /permanent /ok /permanent /ok, 0", _moved),
    ("F16 certificates", "good 200, self-signed tls, expired tls, other name tls, 0 settings to turn it off", _certificates),
    ("F17 no connection, no such host", "broken refused, broken no-such-host, 9, 1 item as before", _nobody),
    ("F18 40 good beside 20 bad", "40 whole, 20 named, bounded, 1 request a host at a time, 3", _both),
)


# ----------------------------------------------------------------------- S


@contextlib.contextmanager
def _counted() -> Iterator[list[Any]]:
    """Every look-up and every dialled address of this process but loopback's own; none of them is let through."""
    seen: list[Any] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple):
            seen.append(address)
            raise ConnectionRefusedError(111, "not let through")
        return real(self, address)

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(host)
        raise socket.gaierror(-2, "not let through")

    with mock.patch.object(socket.socket, "connect", connect), mock.patch.object(socket, "getaddrinfo", look_up):
        yield seen


def _addresses() -> list[str]:
    lines = (HOSTILE / "addresses.txt").read_text(encoding="utf-8").splitlines()
    return [x for x in lines if x and not x.startswith("#")]


def _elsewhere() -> list[str]:
    """Those that name a place of their own: a bare path is, in a feed or a redirect, a place on the server that sent it."""
    return [x for x in _addresses() if ":" in x and x != "https://"]


#: One of these stands in every refusal of an address.
_RULES = ("private-address", "not a public address", "local network", "http or https", "only http", "address cannot be read")


def _as_sources(desk: Desk) -> str:
    """Each line as the only source of a list: refused when the list is read, or when it is asked."""
    root, codes, silent = desk.folder / "s01", set(), []
    root.mkdir()
    (root / "pelicanconf.py").write_bytes((ROOT / "pelicanconf.py").read_bytes())
    with _counted() as dialled:
        for address in _addresses():
            quoted = json.dumps(address)
            (root / "sources.yaml").write_text(f"sources:\n  - {{id: s, name: s, url: {quoted}, category: x, kind: rss, tier: trade}}\n", encoding="utf-8")
            code, out = _command("collect", "--project", str(root), "--now", NOW.isoformat())
            codes.add(code)
            if not any(
                word in out for word in ("private-address", "not a public address", "local network", "http or https", "only http", "address cannot be read")
            ):
                silent.append(address)
    return f"codes {' '.join(map(str, sorted(codes)))}, {len(dialled)} looked up or dialled, rule unnamed for {len(silent)}"


def _command(*args: str) -> tuple[int, str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = cli.main(list(args))
    return code, out.getvalue()


def _found(address: str, port: int) -> Any:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, 6, "", (address, port, 0, 0) if ":" in address else (address, port))


def _resolved(answers: Sequence[Sequence[str]]) -> tuple[str, list[Any]]:
    """What comes of a name whose look-ups give these addresses in turn, and what was dialled."""
    dialled: list[Any] = []
    turn = iter(answers)

    async def connect(self: Any, sock: socket.socket, address: Any) -> None:
        dialled.append(address[0])
        raise ConnectionRefusedError

    async def ask() -> str:
        async with Fetcher(CollectSettings(deadline_s=3), pauses=()) as fetcher:
            try:
                await fetcher.get("http://news.example/feed")
            except FetchError as error:
                return error.reason
        return "read"

    look_up = mock.patch.object(socket, "getaddrinfo", lambda host, port, *a, **k: [_found(x, port) for x in next(turn)])
    with look_up, mock.patch("asyncio.selector_events.BaseSelectorEventLoop.sock_connect", connect):
        return asyncio.run(ask()), dialled


def _spoilt(desk: Desk) -> str:
    public = "93.184.216.34"
    cases = (["127.0.0.1"], ["10.0.0.1"], ["::1"], [public, "127.0.0.1"], ["::1", public], [public, "fd00::1"])
    seen = [_resolved([c]) for c in cases]
    return f"{sum(r == 'private-address' for r, _ in seen)} of {len(cases)} refused, {sum(len(d) for _, d in seen)} dialled"


def _rebound(desk: Desk) -> str:
    reason, dialled = _resolved([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])
    return f"dialled {' '.join(dialled)}, {reason}"


def _hops(desk: Desk) -> str:
    """A redirect to each address of the list: one request is seen, the first."""
    followed = []
    for n, address in enumerate(_elsewhere()):
        desk.server.routes[f"/to/{n}"] = {"code": 302, "body": b"", "headers": [("Location", address.encode("ascii", "replace").decode())]}
        before = len(desk.server.hits)
        with _only(desk):
            report = desk.one(f"/to/{n}", pauses=())
        if report.reason not in {"private-address", "bad-address"} or len(desk.asked(before)) != 1:
            followed.append(f"{address} {report.reason}")
    return f"{len(followed)} of {len(_elsewhere())} followed" + (f": {followed[:3]}" if followed else "")


@contextlib.contextmanager
def _only(desk: Desk) -> Iterator[None]:
    """Nothing but the desk's own server may be dialled."""
    port = desk.server.server.server_port
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and address[1] != port:
            raise AssertionError(f"dialled {address}")
        return real(self, address)

    with mock.patch.object(socket.socket, "connect", connect):
        yield


def _page() -> bytes:
    """An article long enough to be read."""
    text = "".join(f"<p>Part {n}: the rule asks insurers to keep a log of what software decided for their clients.</p>" for n in range(12))
    return f"<html><body><article><h1>A rule</h1>{text}</article></body></html>".encode()


def _items(desk: Desk) -> str:
    """Each address as an item's link, and as image, enclosure, comment and full-text address of an item with a good link."""
    page = _page()
    entries = []
    for n, a in enumerate(_elsewhere()):
        safe = a.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        extra = (
            f'<enclosure url="{safe}" type="audio/mpeg" length="1"/><comments>{safe}</comments>'
            f'<description>&lt;img src="{safe}"&gt;&lt;a href="{safe}"&gt;full text&lt;/a&gt;</description>'
        )
        entries.append(f"<item><title>link {n}</title><guid isPermaLink='false'>l{n}</guid><link>{safe}</link></item>")
        entries.append(f"<item><title>beside {n}</title><guid isPermaLink='false'>b{n}</guid><link>https://page.t.example/ok{n}</link>{extra}</item>")
        desk.server.routes[f"/ok{n}"] = {"body": page, "ctype": "text/html"}
    desk.server.routes["/items"] = f'<rss version="2.0"><channel><title>F</title>{"".join(entries)}</channel></rss>'.encode()
    store, sources = desk.fresh(), [_source(0, "https://s0.t.example/items", site="https://s0.t.example/")]
    settings = CollectSettings(connect_to={"*.t.example": desk.server.server.private}, deadline_s=5)
    before = len(desk.server.hits)
    with _only(desk), Store.open(store, write=True, now=NOW) as opened:
        report = collect(sources, settings, opened, NOW, pauses=()).sources[0]
        items = opened.items(NOW, NOW + DAY)
        read_pages(items, sources, settings, opened, NOW, pauses=())
    linked = sum(i.url != "https://s0.t.example/" for i in items if i.title.startswith("link"))
    good = {"/items", "/robots.txt", *(f"/ok{n}" for n in range(len(_elsewhere())))}
    return f"{linked} links kept, {report.no_link - len(_elsewhere())} good ones lost, {len(set(desk.asked(before)) - good)} other paths asked"


def _environment(desk: Desk) -> str:
    netrc = desk.folder / "netrc"
    netrc.write_text("machine s0.t.example login dana password secret\nmachine 127.0.0.1 login dana password secret\n", encoding="utf-8")
    proxies: Mapping[str, str] = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:1")
    desk.server.routes["/over"] = {"code": 302, "body": b"", "headers": [("Location", "https://other.t.example/ok"), ("Set-Cookie", "a=b")]}
    before = len(desk.server.hits)
    with mock.patch.dict(os.environ, {**proxies, "NETRC": str(netrc)}):
        report = desk.one("/over")
    sent = {k.lower() for h in desk.server.hits[before:] for k in h[2]} & {"authorization", "cookie", "proxy-authorization"}
    return f"{report.outcome}, {len(desk.asked(before))} requests, {len(sent)} credentials"


ADDRESSES: tuple[Case, ...] = (
    ("S01 each address as a source", "codes 2 9, 0 looked up or dialled, rule unnamed for 0", _as_sources),
    ("S02 a name that leads inside, alone or among public ones", "6 of 6 refused, 0 dialled", _spoilt),
    ("S03 public at first, then 127.0.0.1", "dialled 93.184.216.34, refused", _rebound),
    ("S04 a redirect to each address", f"0 of {len(_elsewhere()) if HOSTILE.is_dir() else 0} followed", _hops),
    ("S05 each address as link, image, enclosure, full text", "0 links kept, 0 good ones lost, 0 other paths asked", _items),
    ("S06 proxies, netrc, a redirect to another host", "new, 2 requests, 0 credentials", _environment),
)
POLITE: tuple[Case, ...] = (
    ("polite: /status/403", "blocked blocked, asked 1 time", _refused),
    ("polite: an interval of 12 hours", "new, waiting, unchanged; asked 2 times", _interval),
    ("polite: what publishers see of us", "a name, a version and an address; accepts gzip, deflate", _named_to_publishers),
    ("polite: robots.txt with wildcard and delay", "read, read, robots; robots.txt 1, closed 0, delay kept", _asked_robots),
)
#: All rows F and S, and what is promised to publishers: id and how it is produced, what is asked for, how it is measured.
ROWS: tuple[Case, ...] = (*FETCHING, *ADDRESSES, *POLITE)
