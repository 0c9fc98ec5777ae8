"""What sites ask of programs that read their pages: robots.txt, with wildcards and crawl-delay."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from protego import Protego

from ..errors import FetchError
from .fetch import Fetcher

#: Bytes of a robots.txt that are read; the standard (RFC 9309) asks for at least 500 KiB.
LONGEST = 512 * 1024
#: A longer crawl-delay is cut to this: a handful of pages a week is no load.
LONGEST_DELAY_S = 10.0


class Robots:
    """Asks each site's robots.txt once a run. A site without one allows; one that fails to answer (5xx, timeout) does not, this time."""

    def __init__(self, fetcher: Fetcher, user_agent: str, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._fetcher = fetcher
        self._name = user_agent.split("/")[0].strip() or "*"
        self._sleep = sleep
        self._rules: dict[str, asyncio.Task[Protego | None]] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._asked: set[str] = set()

    async def turn(self, url: str) -> None:
        """Wait until the page may be asked. Raises FetchError: "robots" where the site does not want it."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.create_task(self._read(site))
        rules = await self._rules[site]
        if rules is None:
            return
        if not rules.can_fetch(url, self._name):
            raise FetchError("robots", f"robots.txt of {parts.netloc} asks us not to read this page; the feed's own text is used", url=url)
        delay = min(float(rules.crawl_delay(self._name) or 0), LONGEST_DELAY_S)
        async with self._turns.setdefault(site, asyncio.Lock()):
            if site in self._asked and delay > 0:
                await self._sleep(delay)
            self._asked.add(site)

    async def _read(self, site: str) -> Protego | None:
        try:
            answer = await self._fetcher.get(f"{site}/robots.txt", accept="text/plain, */*;q=0.1", max_bytes=LONGEST)
        except FetchError as error:
            if error.reason in {"not-found", "gone", "blocked", "status"}:
                return None
            if error.reason == "too-large":
                raise FetchError("robots", f"robots.txt of {site} is too large to read; the feed's own text is used") from error
            raise
        return Protego.parse(answer.body.decode("utf-8", "replace"))
