"""One address to its bytes, bounded whatever the server does. The only sockets of collecting are opened here.

Every bound is ours, not the library's: a total deadline (aiohttp's own restarts with each byte in some modes), unpacked size
(the library would unpack a bomb in one piece), redirects by hand (the address rule holds at every hop), and the resolver (the
address that was checked is the one that is dialled). Proxies, .netrc, cookies and the environment are not looked at.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from ..config import CollectSettings
from ..errors import FetchError
from . import urls

#: Every reason an address can fail for. Messages and the store hold these words and no others.
REASONS: Mapping[str, str] = {
    "bad-address": "the address is no http(s) address we may ask",
    "private-address": "the address leads into a private network",
    "no-such-host": "the host's name does not resolve",
    "refused": "no connection",
    "tls": "the certificate cannot be trusted",
    "timeout": "not finished within the total deadline",
    "too-large": "more than the size limit, unpacked",
    "too-many-hops": "redirected too often",
    "cut-off": "the answer ended before it was complete",
    "not-http": "the answer is not HTTP",
    "encoding": "packed in a way we did not ask for, or wrongly",
    "blocked": "the server refuses us (401, 403, 407, 451)",
    "not-found": "no such page (404)",
    "gone": "gone for good (410)",
    "wait": "asked to come back later (429, 503)",
    "server-error": "the server failed (5xx)",
    "status": "an answer we cannot use",
    "not-a-feed": "what came is not a feed",
    "too-hard": "parsing took more time or memory than a feed may take",
    "robots": "the site's robots.txt asks us not to read this page",
    "no-text": "the page holds too little text",
    "lead": "an aggregator's link that leads to no publisher's page",
}
_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_CHUNK = 65_536
#: Pauses before a failed request is made again, in seconds: three requests at most.
PAUSES = (0.5, 2.0)
_ACCEPT_FEED = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a server answered: 200 with a whole body, or 304 with none."""

    url: str  # where the body came from, after redirects
    status: int
    body: bytes  # unpacked
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""  # where every hop so far said "for good"; "" otherwise
    hops: tuple[str, ...] = ()


class _Checked(AbstractResolver):
    """Names to addresses, all of which must be public: one private address spoils the answer, whichever would be dialled."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        except (OSError, UnicodeError) as error:
            raise FetchError("no-such-host", f"{host} does not resolve; check the address") from error
        out: list[ResolveResult] = []
        for kind, _, proto, _, where in found:
            address = urls.literal(str(where[0]))
            why = "not an address" if address is None else urls.why_address(address)
            if why and not self._allow_private:
                raise FetchError("private-address", f"{host} leads to {where[0]}, {why.removeprefix(str(where[0])).strip()}; use a public source")
            out.append(ResolveResult(hostname=host, host=str(where[0]), port=port, family=int(kind), proto=proto, flags=socket.AI_NUMERICHOST))
        return out

    async def close(self) -> None:
        return None


class Fetcher:
    """Fetches addresses within the limits of the settings; one request per host at a time. Use as `async with`."""

    def __init__(self, settings: CollectSettings, *, pauses: Sequence[float] = PAUSES) -> None:
        self.settings = settings
        self._pauses = tuple(pauses)
        self._turns: dict[str, asyncio.Lock] = {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=_Checked(self.settings.allow_private), use_dns_cache=False, limit=self.settings.concurrency, happy_eyeballs_delay=None
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            trust_env=False,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            max_line_size=16_384,
            max_field_size=16_384,
            read_bufsize=_CHUNK,
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        accept: str = _ACCEPT_FEED,
        max_bytes: int = 0,
        before: Callable[[str], Awaitable[None]] | None = None,
    ) -> Answer:
        """The answer to one address, 200 or 304.

        `etag` and `last_modified` are sent back exactly as they were received. The deadline covers redirects and repeats, not
        the wait for our own turn at a busy host. `before` is awaited with each address that is about to be asked, redirects included;
        what it raises ends the request. Raises FetchError with a word of REASONS.
        """
        budget = _Budget(self.settings.deadline_s)
        conditional = {k: v for k, v in (("If-None-Match", etag), ("If-Modified-Since", last_modified)) if v}
        for pause in (*self._pauses, None):
            try:
                return await self._follow(url, {"Accept": accept, **conditional}, max_bytes or self.settings.max_bytes, budget, before)
            except FetchError as error:
                if pause is None or not _worth_repeating(error) or pause > budget.left:
                    raise
            budget.left -= pause
            await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    async def _follow(self, url: str, headers: Mapping[str, str], max_bytes: int, budget: _Budget, before: Callable[[str], Awaitable[None]] | None) -> Answer:
        hops: list[str] = []
        moved, lasting = "", True
        while True:
            self._allow(url)
            if before is not None:
                await before(url)
            answer, permanent = await self._hop(url, headers, max_bytes, budget)
            if isinstance(answer, Answer):
                return Answer(
                    url=url,
                    status=answer.status,
                    body=answer.body,
                    content_type=answer.content_type,
                    etag=answer.etag,
                    last_modified=answer.last_modified,
                    moved_to=moved,
                    hops=tuple(hops),
                )
            hops.append(url)
            url = urljoin(url, answer)
            lasting = lasting and permanent
            moved = url if lasting else moved
            if len(hops) > self.settings.max_hops:
                raise FetchError("too-many-hops", f"more than {self.settings.max_hops} redirects: {' → '.join((*hops, url))}; use the last address", url=url)

    async def _hop(self, url: str, headers: Mapping[str, str], max_bytes: int, budget: _Budget) -> tuple[Answer | str, bool]:
        """One request: the answer, or the address it redirects to and whether for good."""
        dialled, extra = self._dialled(url)
        lock = self._turns.setdefault(urlsplit(url).netloc.lower(), asyncio.Lock())
        async with lock:
            started = monotonic()
            try:
                async with asyncio.timeout(max(budget.left, 0.001)), self._request(dialled, {**headers, **extra}) as response:
                    if response.status in _REDIRECTS and (to := response.headers.get("Location")):
                        return to.strip(), response.status in _PERMANENT
                    return await _read(response, url, max_bytes), False
            except TimeoutError as error:
                raise FetchError("timeout", f"not finished within {self.settings.deadline_s:g} s; it is asked again next run", url=url) from error
            finally:
                budget.left -= monotonic() - started

    @asynccontextmanager
    async def _request(self, url: URL, headers: Mapping[str, str]) -> AsyncIterator[aiohttp.ClientResponse]:
        if self._session is None:
            raise RuntimeError("use the Fetcher as `async with`")
        sent = {"User-Agent": self.settings.user_agent, "Accept-Encoding": "gzip, deflate", **headers}
        try:
            async with self._session.get(url, headers=sent, allow_redirects=False) as response:
                yield response
        except FetchError:
            raise
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise _mapped(error, str(url.host)) from error

    def _allow(self, url: str) -> None:
        parts = _split(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or any(ord(c) <= 32 for c in url):
            raise FetchError("bad-address", "only http and https addresses with a host and without a user name are asked; correct the address", url=url)
        if self._target(parts.hostname) is None and not self.settings.allow_private and (why := urls.why_private(parts.hostname)):
            raise FetchError("private-address", f"{why}; use a public source", url=url)

    def _target(self, host: str) -> str | None:
        host = host.lower()
        table = self.settings.connect_to
        if host in table:
            return table[host]
        return next((table[p] for p in table if p.startswith("*.") and host.endswith(p[1:])), None)

    def _dialled(self, url: str) -> tuple[URL, dict[str, str]]:
        """What is really dialled, and the Host header where that is not the address itself (demo and tests)."""
        parts = urlsplit(url)
        target = self._target(parts.hostname or "")
        try:
            if target is None:
                return URL(url.partition("#")[0]), {}
            return URL(f"http://{target}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"), {"Host": parts.netloc}
        except ValueError as error:
            raise FetchError("bad-address", "the address cannot be read; correct it", url=url) from error


@dataclass(slots=True)
class _Budget:
    """Seconds left of a source's total deadline."""

    left: float


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError as error:
        raise FetchError("bad-address", "the address cannot be read; correct it", url=url) from error
    return parts


async def _read(response: aiohttp.ClientResponse, url: str, max_bytes: int) -> Answer:
    """The whole answer of one response. Raises FetchError for every status but 200 and 304."""
    if response.status not in {200, 304}:
        raise _bad_status(response, url)
    body = b"" if response.status == 304 else await _body(response, url, max_bytes)
    return Answer(
        url=url,
        status=response.status,
        body=body,
        content_type=response.headers.get("Content-Type", ""),
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
    )


async def _body(response: aiohttp.ClientResponse, url: str, max_bytes: int) -> bytes:
    declared = response.content_length
    if declared is not None and declared > max_bytes:
        raise FetchError("too-large", f"says it is {declared:,} bytes, the limit is {max_bytes:,}; raise collect.max_bytes if that is meant", url=url)
    unpack = _Unpacker(response.headers.get("Content-Encoding", ""), max_bytes, url)
    async for chunk in response.content.iter_any():
        unpack.feed(chunk)
    return unpack.finish()


class _Unpacker:
    """Bounded unpacking: never holds more than the limit, and knows an unfinished stream."""

    def __init__(self, encoding: str, limit: int, url: str) -> None:
        self._out = bytearray()
        self._limit = limit
        self._url = url
        self._encoding = encoding.strip().lower()
        self._started = False
        if self._encoding in {"", "identity"}:
            self._zlib = None
        elif self._encoding in {"gzip", "x-gzip", "deflate"}:
            self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 32)
        else:
            raise FetchError("encoding", f"is packed as {self._encoding[:40]!r}, only gzip and deflate are read; ask the publisher", url=url)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes. Raises FetchError where the limit is passed or the stream is not what it says."""
        if self._zlib is None:
            self._add(chunk)
            return
        if not self._started and chunk:
            self._started = True
            if self._encoding == "deflate" and not _zlib_header(chunk):
                self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            while chunk:
                if self._zlib.eof:
                    if self._encoding == "deflate":
                        return
                    self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip may hold several members
                self._add(self._zlib.decompress(chunk, self._limit - len(self._out) + 1))
                chunk = self._zlib.unconsumed_tail or self._zlib.unused_data
        except zlib.error as error:
            raise FetchError("encoding", f"says it is {self._encoding} and is not; ask the publisher", url=self._url) from error

    def finish(self) -> bytes:
        """All of it. Raises FetchError where the packed stream stopped half-way."""
        if self._zlib is not None and self._started and not self._zlib.eof:
            raise FetchError("cut-off", "the packed answer ended before it was complete; it is asked again next run", url=self._url)
        return bytes(self._out)

    def _add(self, data: bytes) -> None:
        self._out += data
        if len(self._out) > self._limit:
            raise FetchError("too-large", f"more than {self._limit:,} bytes unpacked; raise collect.max_bytes if that is meant", url=self._url)


def _zlib_header(chunk: bytes) -> bool:
    return len(chunk) < 2 or (chunk[0] & 0x0F == 8 and (chunk[0] * 256 + chunk[1]) % 31 == 0)


def _bad_status(response: aiohttp.ClientResponse, url: str) -> FetchError:
    status = response.status
    wait = retry_after(response.headers.get("Retry-After", ""), response.headers.get("Date", ""))
    if status == 410:
        return FetchError("gone", "410: gone for good; remove it from sources.yaml or give its new address", url=url)
    if status == 404:
        return FetchError("not-found", "404: no such page; check the address", url=url)
    if status in {401, 403, 407, 451}:
        return FetchError("blocked", f"{status}: the server refuses us; ask the publisher or use another source", url=url)
    if status == 429 or (status == 503 and wait is not None):
        return FetchError("wait", f"{status}: asked to come back later; it is asked again when the time is over", url=url, retry_after_s=wait or 3600.0)
    if status >= 500:
        return FetchError("server-error", f"{status}: the server failed; it is asked again next run", url=url)
    return FetchError("status", f"{status}: not an answer with a feed; check the address", url=url)


def retry_after(value: str, date: str = "") -> float | None:
    """Seconds a Retry-After header asks for: a number, or a date counted from the answer's own Date header; None where unreadable."""
    value = value.strip()
    if value.isdigit():
        return float(value[:9])
    then, base = _http_date(value), _http_date(date)
    return max((then - base).total_seconds(), 0.0) if then and base else None


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _worth_repeating(error: FetchError) -> bool:
    return error.reason in {"server-error", "refused", "cut-off"}


def _mapped(error: Exception, host: str) -> FetchError:
    """Our error for one of the library's or the system's."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, FetchError):
            return FetchError(cause.reason, cause.detail)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return FetchError("tls", f"the certificate of {host} is not trusted ({_short(error)}); check the address")
    if isinstance(error, aiohttp.ClientPayloadError | asyncio.IncompleteReadError | aiohttp.ServerDisconnectedError | ConnectionResetError):
        return FetchError("cut-off", "the answer ended before it was complete; it is asked again next run")
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.http.HttpProcessingError):
        return FetchError("not-http", f"the answer is not HTTP as we read it ({_short(error)}); check the address")
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError("refused", f"no connection to {host}; it is asked again next run")
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return FetchError("bad-address", "the address cannot be read; correct it")
    return FetchError("cut-off", f"the connection broke ({type(error).__name__}); it is asked again next run")


def _short(error: Exception) -> str:
    """What the library saw, without the address it dialled."""
    text = str(getattr(error, "message", "") or getattr(error, "certificate_error", "") or type(error).__name__)
    return " ".join(text.split(":\n")[0].split())[:80]
