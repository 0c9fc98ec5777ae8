"""Asks the pages again that briefings cite: are they still there, at the same address, and do they say what they said?

Politely: a page is asked once a day at most, with the validators it gave, as its site's robots.txt allows, one request a host at a time. Bounded:
so many pages and so much time a run; whatever is left over is asked first the next time. What was seen is stored and never acts: `reworded` tells it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..config import CollectSettings
from ..errors import FetchError
from ..model import CitedPage
from ..store import Store
from . import clean, stopping, urls
from .fetch import ACCEPT_PAGE, PAUSES, Answer, Fetcher
from .report import Progress, silent
from .robots import Robots
from .workers import Workers, worker_count

if TYPE_CHECKING:
    from .extract import Page

#: Answers that say that the page is not there. Anything else that fails (5xx, no connection, a wall) says nothing about the page.
GONE = frozenset({"gone", "not-found"})
#: A page is asked again after this; less than a day, so that a daily run that starts a little earlier than yesterday's still asks.
AGAIN = timedelta(hours=20)
#: Pages a run. An edition cites about fifteen, and five editions are looked after: a run that could not ask all of them asks the rest tomorrow.
MOST = 120
#: Seconds a run may take for it, in all.
LONGEST_S = 180.0
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{1,600})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a run did. `left` were due and not asked, for want of time or because there are too many."""

    asked: int = 0
    missing: int = 0
    left: int = 0


def ask_again(
    addresses: Iterable[str],
    settings: CollectSettings,
    store: Store,
    now: datetime,
    progress: Progress | None = None,
    *,
    pauses: Sequence[float] = PAUSES,
    most: int = MOST,
    longest_s: float = LONGEST_S,
) -> Asked:
    """Asks each of these pages once, those first that were asked longest ago, and stores what they say now.

    Nothing is asked where `collect.pages` is off. Raises StorageError; a page that fails is stored as such.
    """
    due = _due(addresses, store, now) if settings.pages else []
    if not due:
        return Asked()
    return stopping.run(_ask_again(due[:most], len(due), settings, store, now, progress or silent, pauses, longest_s))


def _due(addresses: Iterable[str], store: Store, now: datetime) -> list[tuple[str, CitedPage | None]]:
    """Those not asked for a day, the longest ago first; in the order given where they are equal."""
    known = [(url, store.cited(url)) for url in dict.fromkeys(a.partition("#")[0] for a in addresses)]
    due = [(url, page) for url, page in known if page is None or not now - AGAIN < page.tried <= now]  # a clock that was ahead counts for nothing
    return sorted(due, key=lambda one: one[1].tried.timestamp() if one[1] else 0.0)


async def _ask_again(
    due: Sequence[tuple[str, CitedPage | None]],
    in_all: int,
    settings: CollectSettings,
    store: Store,
    now: datetime,
    progress: Progress,
    pauses: Sequence[float],
    longest_s: float,
) -> Asked:
    asked = missing = 0
    async with Fetcher(settings, pauses=pauses) as fetcher, Workers(worker_count()) as workers:
        robots = Robots(fetcher, settings.user_agent)
        waiting = asyncio.Semaphore(settings.concurrency)

        async def one(url: str, before: CitedPage | None) -> CitedPage:
            async with waiting:
                return await _one(url, before, fetcher, workers, robots, now)

        tasks = [asyncio.create_task(one(url, before)) for url, before in due]
        try:
            async with asyncio.timeout(longest_s):
                for finished in asyncio.as_completed(tasks):
                    page = await finished
                    store.save_cited(page)
                    asked += 1
                    missing += page.outcome in GONE
                    progress(page.url, page.outcome)
        except TimeoutError:
            pass  # what was not asked is due tomorrow
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return Asked(asked=asked, missing=missing, left=in_all - asked)


async def _one(url: str, before: CitedPage | None, fetcher: Fetcher, workers: Workers, robots: Robots, now: datetime) -> CitedPage:
    answer: Answer | None = None
    try:
        await robots.turn(url)
        known = before if before is not None and before.text else CitedPage(url=url, tried=now, outcome="")
        answer = await fetcher.get(url, etag=known.etag, last_modified=known.last_modified, accept=ACCEPT_PAGE)
        if answer.status == 304:
            return after(url, before, answer, None, now)
        page = await workers.page(answer.body, url=answer.url, content_type=answer.content_type, now=now)
        return after(url, before, answer, page, now)
    except FetchError as error:
        return after(url, before, answer, error, now)


def after(url: str, before: CitedPage | None, answer: Answer | None, seen: Page | FetchError | None, now: datetime) -> CitedPage:
    """What is known of a page after an answer: the page, the reason there is none, or None where nothing changed. Pure."""
    then = before or CitedPage(url=url, tried=now, outcome="")
    if isinstance(seen, FetchError):
        passing = then.since is not None and seen.reason not in GONE and seen.reason != "no-text"
        then = replace(then, tried=now, outcome=then.outcome if passing else seen.reason)
        if seen.reason == "no-text" and answer is not None:
            then = replace(then, title=_title(answer.body) or then.title, moved_to=_moved(url, answer))
        if seen.reason in GONE or seen.reason == "no-text":
            return replace(then, since=then.since or now, times=then.times + 1)
        return then
    assert answer is not None
    then = replace(then, tried=now, since=None, times=0, moved_to=_moved(url, answer))
    if seen is None:
        return replace(then, outcome="unchanged")
    return replace(then, outcome="read", title=seen.title, text=seen.text, first=then.first or seen.text, etag=answer.etag, last_modified=answer.last_modified)


def _moved(url: str, answer: Answer) -> str:
    """Where the page went for good, or the front page that any request for it ends at; a new scheme or `www.` is no move."""
    to_front = len(urlsplit(url).path) > 1 and not urlsplit(answer.url).path.strip("/") and not urlsplit(answer.url).query
    target = urls.link(answer.moved_to or (answer.url if to_front else ""))
    return target if target and urls.key(target) != urls.key(urls.link(url) or url) else ""


def _title(body: bytes) -> str:
    """The title of a page that holds too little text to be read: a note that something was taken back is short."""
    found = _TITLE.search(body[:100_000])
    return clean.title(unescape(found.group(1).decode("utf-8", "replace"))) if found else ""
