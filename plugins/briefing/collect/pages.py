"""Reads the article pages of short-listed items, and a link an editor adds by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ..config import CollectSettings
from ..errors import FetchError
from ..model import Item, Snapshot, Source
from ..store import Brought, State, Store, hash_of
from . import clean, stopping, urls
from .entries import Entry
from .fetch import ACCEPT_PAGE, PAUSES, Fetcher
from .merge import merge, names_of
from .report import Progress, silent
from .robots import Robots
from .workers import Workers, worker_count

if TYPE_CHECKING:
    from .extract import Page

#: What came of a page when it may go better another time; "" is a page that was never tried.
PASSING = frozenset({"", "timeout", "server-error", "refused", "cut-off", "wait", "no-such-host"})


@dataclass(frozen=True, kw_only=True, slots=True)
class PageReport:
    """What came of one article page."""

    item: str
    url: str
    outcome: str  # "read", "known" (this wording was tried before), "feed" (nothing to ask), or a word of fetch.REASONS
    detail: str = ""


def read_pages(
    items: Iterable[Item],
    sources: Sequence[Source],
    settings: CollectSettings,
    store: Store,
    now: datetime,
    progress: Progress | None = None,
    *,
    pauses: Sequence[float] = PAUSES,
) -> tuple[PageReport, ...]:
    """Read the article pages of these items and store their texts; what cannot be read keeps the feed's text.

    A page is asked once for each wording of its item. Raises StorageError; what fails at a page is in the reports.
    """
    return stopping.run(_read_pages(tuple(items), {s.id: s for s in sources}, settings, store, now, progress or silent, pauses))


async def _read_pages(
    items: Sequence[Item], sources: Mapping[str, Source], settings: CollectSettings, store: Store, now: datetime, progress: Progress, pauses: Sequence[float]
) -> tuple[PageReport, ...]:
    reports: dict[str, PageReport] = {}
    todo: list[Item] = []
    for item in items:
        if not settings.pages or "link" in item.fields or _is_home(item, sources.get(item.source)):
            reports[item.id] = PageReport(item=item.id, url=item.url, outcome="feed", detail="it has no page of its own to read")
        elif store.page_outcome(item) not in PASSING:
            reports[item.id] = PageReport(item=item.id, url=item.url, outcome="known")
        else:
            todo.append(item)
    async with Fetcher(settings, pauses=pauses) as fetcher, Workers(worker_count()) as workers:
        robots = Robots(fetcher, settings.user_agent)
        waiting = asyncio.Semaphore(settings.concurrency)

        async def one(item: Item) -> tuple[Item, Page | FetchError]:
            async with waiting:
                try:
                    await robots.turn(item.url)
                    answer = await fetcher.get(item.url, accept=ACCEPT_PAGE)
                    return item, await workers.page(answer.body, url=answer.url, content_type=answer.content_type, now=now)
                except FetchError as error:
                    return item, error

        for finished in asyncio.as_completed([asyncio.create_task(one(i)) for i in todo]):
            item, page = await finished
            reports[item.id] = _keep_page(item, page, store, now)
            progress(item.title, reports[item.id].outcome)
    return tuple(reports[i.id] for i in items)


def _keep_page(item: Item, page: Page | FetchError, store: Store, now: datetime) -> PageReport:
    if isinstance(page, FetchError):
        store.save_page(item, page.reason, page.detail, None, now=now)
        return PageReport(item=item.id, url=item.url, outcome=page.reason, detail=page.detail)
    snapshot = Snapshot(
        hash=hash_of(page.text),
        item=item.id,
        url=page.link or item.url,
        text=page.text,
        read=now,
        origin="page",
        title=page.title or item.title,
        author=page.author or item.author,
    )
    store.save_page(item, "read", "behind a wall in part" if page.walled else "", snapshot, now=now)
    return PageReport(item=item.id, url=item.url, outcome="read")


def add_link(url: str, source: Source, settings: CollectSettings, store: Store, now: datetime, *, pauses: Sequence[float] = PAUSES) -> tuple[Item, bool]:
    """An editor's link as an item of a manual source, with its page's text; and whether it is new.

    Raises FetchError where the page cannot be read: a link nobody could check is no item.
    """
    return stopping.run(_add_link(url, source, settings, store, now, pauses))


async def _add_link(url: str, source: Source, settings: CollectSettings, store: Store, now: datetime, pauses: Sequence[float]) -> tuple[Item, bool]:
    link = urls.link(url)
    if not link:
        raise FetchError("bad-address", "is not an address readers may be sent to; give the article's http or https address")
    async with Fetcher(settings, pauses=pauses) as fetcher, Workers(1) as workers:
        await Robots(fetcher, settings.user_agent).turn(link)
        answer = await fetcher.get(link, accept=ACCEPT_PAGE)
        page = await workers.page(answer.body, url=answer.url, content_type=answer.content_type, now=now)
    link = page.link or link
    title = page.title or clean.line(page.text, 100)
    entry = Entry(id=link, link=link, title=title, summary="", author=page.author, published=page.published)
    merged = merge((entry,), store.memory(source.id), source, now)
    before = store.states().get(source.id) or State(source=source.id)
    state = replace(before, url=source.url, outcome="new", last_try=now, last_good=now, first_good=before.first_good or now)
    store.save(Brought(state=state, changes=merged.changes, names=merged.names), now=now)
    known = set(names_of(entry))
    item_id = next((ids[0] for name, ids in store.memory(source.id).names.items() if name in known), "")
    item = store.item(item_id)
    if item is None:
        raise FetchError("status", "the link was not kept; run the command again")
    _keep_page(item, page, store, now)
    return item, bool(merged.new)


def _is_home(item: Item, source: Source | None) -> bool:
    """Whether an item points at its publisher's front page, which says nothing about it."""
    return source is not None and urls.key(item.url) in {urls.key(u) for u in (urls.link(source.site), urls.link(source.url)) if u}
