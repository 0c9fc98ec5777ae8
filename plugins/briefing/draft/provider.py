"""A language model asked over HTTP, bounded whatever it does. The only sockets of drafting are opened here.

The bounds are collecting's own, for the same reasons: a total deadline over all repeats, a cap on the answer's size, no redirects (the
key goes to one address only), no proxies, cookies or settings of the machine. Plain HTTP reaches this machine only.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import aiohttp

from ..errors import ModelUnavailable
from ..model import Article, Snapshot
from . import dialects
from .budget import Meter
from .model_writer import Drafted, rewrite
from .request import Answer, Request
from .settings import ModelSettings

#: Bytes of an answer: a whole briefing is under 20,000.
MAX_BYTES = 2_000_000
#: Pauses in seconds before a request that failed for now is made again.
PAUSES = (1.0, 4.0)
#: A service that asks for a longer pause than this is left alone.
LONGEST_PAUSE = 30.0
_FOR_NOW = {429, 500, 502, 503, 504, 529}


class _Again(Exception):
    """The request failed for now; `pause` is what the service asked for, None where it asked for nothing."""

    def __init__(self, why: ModelUnavailable, pause: float | None) -> None:
        self.why = why
        self.pause = pause
        super().__init__(str(why))


class HttpProvider:
    """Asks the service the settings name. `complete` may not be called from inside a running event loop."""

    def __init__(self, settings: ModelSettings, *, pauses: Sequence[float] | None = None, max_bytes: int = MAX_BYTES) -> None:
        self._settings = settings
        self._pauses = tuple(PAUSES if pauses is None else pauses)
        self._max_bytes = max_bytes
        self._old_limit = False

    def complete(self, request: Request) -> Answer:
        """The model's answer, not yet believed. Raises ModelUnavailable with a word of `request.REASONS` and nothing else."""
        return asyncio.run(self._complete(request))

    async def _complete(self, request: Request) -> Answer:
        seconds = self._settings.seconds
        try:
            async with asyncio.timeout(seconds), self._session() as session:
                return await self._repeat(session, request)
        except TimeoutError as error:
            raise ModelUnavailable("timeout", f"no answer within {seconds:g} s; raise BRIEFING_MODEL_SECONDS or use a faster model") from error
        except aiohttp.InvalidURL as error:
            raise ModelUnavailable("unreachable", "BRIEFING_MODEL_URL cannot be read; correct it") from error
        except (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError, asyncio.IncompleteReadError) as error:
            raise ModelUnavailable("cut-off", "the answer ended before it was complete; draft again") from error
        except (aiohttp.ClientError, aiohttp.http.HttpProcessingError, OSError, ValueError) as error:
            raise ModelUnavailable("unreachable", f"no connection ({type(error).__name__}); check that the service runs and BRIEFING_MODEL_URL") from error

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            trust_env=False,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            headers=dialects.headers(self._settings),
        )

    async def _repeat(self, session: aiohttp.ClientSession, request: Request) -> Answer:
        for pause in (*self._pauses, None):
            try:
                return await self._ask(session, request)
            except _Again as again:
                asked = again.pause if again.pause is not None else pause
                if pause is None or asked is None or asked > LONGEST_PAUSE:
                    raise again.why from again
                await asyncio.sleep(asked)
        raise AssertionError("unreachable")

    async def _ask(self, session: aiohttp.ClientSession, request: Request) -> Answer:
        """One request; a second one at once where the service knows only the older name of a limit."""
        while True:
            sent = json.dumps(dialects.body(self._settings, request, old_limit=self._old_limit), ensure_ascii=False).encode()
            async with session.post(self._settings.url, data=sent, allow_redirects=False) as response:
                payload = await self._read(response)
                if response.status == 200:
                    return dialects.answer(self._settings, request, payload)
                said = dialects.complaint(payload, (self._settings.key.get_secret_value(),))
                if self._old_limit or not dialects.wants_old_limit(self._settings, response.status, said):
                    raise self._failed(response, said)
                self._old_limit = True

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        packed = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packed not in {"", "identity"}:
            raise ModelUnavailable("bad-answer", f"the answer is packed as {packed[:20]}, which was not asked for; ask the service's operator")
        out = bytearray()
        async for chunk in response.content.iter_chunked(65_536):
            out += chunk
            if len(out) > self._max_bytes:
                raise ModelUnavailable("too-large", f"the answer has more than {self._max_bytes:,} bytes; use another model or draft without one")
        return bytes(out)

    def _failed(self, response: aiohttp.ClientResponse, said: str) -> Exception:
        """The exception for an answer that is not 200."""
        status = response.status
        told = f" ({said})" if said else ""
        if status in _FOR_NOW:
            reason = "wait" if status == 429 else "server-error"
            why = ModelUnavailable(reason, f"{status}: the service cannot answer now{told}; draft again later or without a model")
            return _Again(why, _pause(response.headers.get("Retry-After", "")))
        if status in {401, 403}:
            return ModelUnavailable("blocked", f"{status}: the service refuses us{told}; check BRIEFING_MODEL_KEY")
        if status == 404:
            return ModelUnavailable("not-found", f"404: no such address or model{told}; check BRIEFING_MODEL_URL and BRIEFING_MODEL")
        if 300 <= status < 400:
            return ModelUnavailable("moved", f"{status}: the address redirects, which is not followed; set BRIEFING_MODEL_URL to the last address")
        return ModelUnavailable("status", f"{status}: not an answer we can use{told}; check the model's settings")


def rewriter(settings: ModelSettings, path: Path, name: str, edition: date, at: datetime) -> Callable[[Article, Mapping[str, Snapshot]], Drafted]:
    """How `draft.run` words a draft with the model of the settings, within the edition's budget.

    `path` is the budget's record (`var/model/<edition>.json`), `name` what messages call it, `at` the run's moment. What it returns raises
    nothing of the model's making.
    """
    meter = Meter(provider=HttpProvider(settings), settings=settings, path=path, name=name, edition=edition, at=at)
    return lambda one, texts: replace(rewrite(one, texts, meter.asking(one.id)), writer=settings.described)


def _pause(header: str) -> float | None:
    """Seconds that Retry-After asks for. A date is read as longer than we wait: services that mean seconds say seconds."""
    value = header.strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        return LONGEST_PAUSE + 1
    return seconds if seconds >= 0 else LONGEST_PAUSE + 1
