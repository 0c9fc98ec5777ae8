"""Reads the article pages of short-listed items, and a link an editor adds by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..config import CollectSettings
from ..errors import FetchError
from ..model import Item, Snapshot, Source
from ..store import Brought, State, Store, hash_of
from . import clean, leads, stopping, urls
from .entries import Entry
from .fetch import ACCEPT_PAGE, PAUSES, Fetcher
from .merge import mark_of, merge, names_of
from .report import Progress, silent
from .robots import Robots
from .workers import Workers, worker_count

if TYPE_CHECKING:
    from .extract import Page

#: The field of an item that says where its date is from; without it, from the feed.
DATED = "dated"
#: Failures that say that the address is the page's all the same.
_STANDS = frozenset({"blocked", "robots", "no-text", "wait", "server-error", "timeout"})
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

    An undated item gets the day its page states, and a lead (see `leads`) becomes an item of the publisher's page where that is found: the
    items in the store are other ones afterwards. A page is asked once for each wording of its item. Raises StorageError; what fails at a
    page is in the reports.
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

        async def one(item: Item) -> tuple[Item, _Read | FetchError]:
            async with waiting:
                try:
                    return item, await _ask(item, fetcher, robots, workers, now)
                except FetchError as error:
                    return item, error

        for finished in asyncio.as_completed([asyncio.create_task(one(i)) for i in todo]):
            item, read = await finished
            reports[item.id] = _keep_page(item, sources.get(item.source), read, store, now)
            progress(item.title, reports[item.id].outcome)
    return tuple(reports[i.id] for i in items)


@dataclass(frozen=True, slots=True)
class _Read:
    """A page and where it was found."""

    page: Page
    url: str


async def _ask(item: Item, fetcher: Fetcher, robots: Robots, workers: Workers, now: datetime) -> _Read:
    """The page of an item, over the publisher's robots.txt at every hop. Raises FetchError; "lead" where no publisher's page is found."""
    address = leads.target(item.url)
    if not address:
        raise FetchError("lead", "the aggregator's link does not say where the publisher's page is; it stays a lead", url=item.url)
    answer = await fetcher.get(address, accept=ACCEPT_PAGE, before=robots.turn)
    if leads.aggregator(answer.url) is not None:
        raise FetchError("lead", "the link stays with its aggregator; it stays a lead", url=item.url)
    try:
        return _Read(await workers.page(answer.body, url=answer.url, content_type=answer.content_type, now=now), answer.url)
    except FetchError as error:
        raise FetchError(error.reason, error.detail, url=answer.url) from error


def _keep_page(item: Item, source: Source | None, read: _Read | FetchError, store: Store, now: datetime) -> PageReport:
    """Write what came of a page: its text and what it states about the item, or why there is none."""
    if isinstance(read, FetchError):
        store.save_page(item, read.reason, read.detail, None, now=now, amended=_way_round(item, source, read))
        return PageReport(item=item.id, url=item.url, outcome=read.reason, detail=read.detail)
    page, amended = read.page, amend(item, source, read.page, read.url)
    snapshot = Snapshot(
        hash=hash_of(page.text),
        item=item.id,
        url=page.link or amended.url,
        text=page.text,
        read=now,
        origin="page",
        title=page.title or item.title,
        author=page.author or item.author,
    )
    store.save_page(item, "read", "behind a wall in part" if page.walled else "", snapshot, now=now, amended=amended if amended != item else None)
    return PageReport(item=item.id, url=amended.url, outcome="read")


def amend(item: Item, source: Source | None, page: Page, url: str) -> Item:
    """The item with what its page states and its feed did not: the publisher's address and name of a lead, a day, the title of a listed page.

    A date of the feed is never replaced, and a date that is not in the page's metadata is none.
    """
    out = item
    if leads.is_lead(item, source) and (found := page.link or urls.link(url)):
        fields = {**item.fields, leads.THROUGH: item.url}
        if leads.own_words(item, source):
            out = replace(out, url=found, fields=fields)
        else:
            publisher = item.publisher or page.site or urlsplit(found).netloc.removeprefix("www.")
            out = replace(out, url=found, title=page.title or item.title, publisher=publisher, fields=fields)
    if item.published is None and page.published is not None and item.mark == "undated":
        out = replace(out, published=page.published, mark=mark_of(page.published, item.first_seen), fields={**out.fields, DATED: "page"})
    if source is not None and source.kind == "sitemap" and page.title:
        out = replace(out, title=page.title)
    return out


def _way_round(item: Item, source: Source | None, error: FetchError) -> Item | None:
    """The item at its publisher's address where only that could be found: the feed carried the publisher's own words of it."""
    found = urls.link(error.url) if error.reason in _STANDS else ""
    if not found or leads.aggregator(found) is not None or not leads.own_words(item, source):
        return None
    return replace(item, url=found, fields={**item.fields, leads.THROUGH: item.url})


def add_link(url: str, source: Source, settings: CollectSettings, store: Store, now: datetime, *, pauses: Sequence[float] = PAUSES) -> tuple[Item, bool]:
    """An editor's link as an item of a manual source, with its page's text; and whether it is new.

    Raises FetchError where the page cannot be read: a link nobody could check is no item.
    """
    return stopping.run(_add_link(url, source, settings, store, now, pauses))


async def _add_link(url: str, source: Source, settings: CollectSettings, store: Store, now: datetime, pauses: Sequence[float]) -> tuple[Item, bool]:
    link = leads.target(urls.link(url))
    if not link:
        raise FetchError("bad-address", "is not the address of an article that readers may be sent to; give the publisher's own http or https address")
    async with Fetcher(settings, pauses=pauses) as fetcher, Workers(1) as workers:
        answer = await fetcher.get(link, accept=ACCEPT_PAGE, before=Robots(fetcher, settings.user_agent).turn)
        if leads.aggregator(answer.url) is not None:
            raise FetchError("lead", "the link stays with its aggregator; give the publisher's own address", url=url)
        page = await workers.page(answer.body, url=answer.url, content_type=answer.content_type, now=now)
    link = page.link or urls.link(answer.url) or link
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
    _keep_page(item, source, _Read(page, answer.url), store, now)
    return item, bool(merged.new)


def _is_home(item: Item, source: Source | None) -> bool:
    """Whether an item points at its publisher's front page, which says nothing about it."""
    return source is not None and urls.key(item.url) in {urls.key(u) for u in (urls.link(source.site), urls.link(source.url)) if u}
