"""Reads every due source once and stores what it brings. One bad source stops nothing."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from ..config import CollectSettings
from ..errors import FetchError
from ..model import Source
from ..store import Brought, State, Store
from . import stopping
from .entries import Feed
from .fetch import PAUSES, Answer, Fetcher
from .merge import Merged, mark_of, merge
from .report import Progress, Report, SourceReport, silent
from .workers import Limits, Workers, worker_count

log = logging.getLogger(__name__)

#: A server may keep us away for a week at most; longer waits and clocks that jump are cut to this.
LONGEST_WAIT = timedelta(days=7)
#: Failures in a row after which the report says since when.
MANY_FAILURES = 3
#: A source whose newest entry is older than this is called quiet.
QUIET = timedelta(days=60)
#: Further pages of one answer that are asked for.
MOST_PAGES = 20

#: Sources written in one go at most: so many are read again at worst after a crash.
LARGEST_BATCH = 16

#: Entries that are enough for one write, however few sources they come from: what is in memory at a time stays small.
ENOUGH = 800

#: Seconds that a source which is ready waits for others to be written with.
TOGETHER_S = 0.1

#: Flaws of a document that make it no good answer although entries could be read: the reason and what is said.
FLAWS: Mapping[str, tuple[str, str]] = {
    "cut off": ("cut-off", "the document ends before it is complete; whole entries are kept"),
    "declares entities": ("too-hard", "the document declares entities of its own, which are never resolved; what could be read is kept; tell the publisher"),
}

_BLOCKED = frozenset({"blocked", "wait", "robots"})


@dataclass(frozen=True, slots=True)
class _Got:
    """What fetching and parsing one source gave: an answer with its feed, an answer without (nothing changed), or an error."""

    answer: Answer | None = None  # without its body
    feed: Feed | None = None
    body: str = ""  # digest
    size: int = 0
    error: FetchError | None = None


@dataclass(frozen=True, slots=True)
class _Tools:
    """What a run reads with."""

    fetcher: Fetcher
    workers: Workers


def collect(
    sources: Sequence[Source],
    settings: CollectSettings,
    store: Store,
    now: datetime,
    progress: Progress | None = None,
    *,
    pauses: Sequence[float] = PAUSES,
    limits: Limits | None = None,
) -> Report:
    """Read every due source once; store its items, each with the feed's own text as snapshot.

    `now` is the only clock: it becomes `first_seen`. `progress` is called once a source, when it is done. What one source brings
    is written in one transaction, as soon as it is there. Raises StorageError; what fails at a source is in the report.
    """
    return stopping.run(_collect(sources, settings, store, now, progress or silent, pauses, limits))


async def _collect(
    sources: Sequence[Source],
    settings: CollectSettings,
    store: Store,
    now: datetime,
    progress: Progress,
    pauses: Sequence[float],
    limits: Limits | None,
) -> Report:
    states = store.states()
    _set_right(store, now)
    reports: dict[str, SourceReport] = {}
    due: list[Source] = []
    for source in sources:
        if why := not_due(source, states.get(source.id), now):
            reports[source.id] = why
            progress(source.name, why.outcome)
        else:
            due.append(source)
    async with (
        Fetcher(settings, pauses=pauses) as fetcher,
        Workers(worker_count(), limits) as workers,
        contextlib.aclosing(_as_read(due, states, _Tools(fetcher, workers), settings, now)) as batches,
    ):
        async for batch in batches:
            kept = []
            for source, got in batch:
                kept.append(_keep(source, states.get(source.id) or State(source=source.id), got, store, now))
                await asyncio.sleep(0)  # bytes come and go in between: nobody waits for the whole batch
            await asyncio.to_thread(store.save, *(brought for brought, _ in kept), now=now)  # the disk takes its time: bytes come and go
            for (source, _), (_, report) in zip(batch, kept, strict=True):  # told only once it is written
                reports[source.id] = report
                log.info("source=%s outcome=%s new=%d changed=%d reason=%s", source.id, report.outcome, report.new, report.changed, report.reason)
                progress(source.name, report.outcome + (f" ({report.reason})" if report.reason else ""))
    return Report(at=now, sources=tuple(reports[s.id] for s in sources), warnings=_clock_warnings(states, now))


async def _as_read(
    due: Sequence[Source], states: Mapping[str, State], tools: _Tools, settings: CollectSettings, now: datetime
) -> AsyncGenerator[list[tuple[Source, _Got]], None]:
    """The sources in batches, as they are read: what is ready together is written together. Few are in memory at a time."""
    todo = iter(due)
    ready: asyncio.Queue[tuple[Source, _Got]] = asyncio.Queue(maxsize=1)

    async def work() -> None:
        for source in todo:
            try:
                got = await _get(source, states.get(source.id), tools, now)
            except Exception as error:  # one source never stops the others, whatever it meets; it is named
                log.exception("source=%s", source.id)
                got = _Got(error=FetchError("status", f"a fault of this program ({type(error).__name__}); run with -v and report it"))
            await ready.put((source, got))

    tasks = [asyncio.create_task(work()) for _ in range(min(settings.concurrency, len(due)))]
    try:
        left = len(due)
        while left:
            batch = await _some(ready, min(left, LARGEST_BATCH))
            left -= len(batch)
            yield batch
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _some(ready: asyncio.Queue[tuple[Source, _Got]], most: int) -> list[tuple[Source, _Got]]:
    """At least one, and what else comes within a moment: a flush of the disk costs more than a moment."""
    batch = [await ready.get()]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(TOGETHER_S):
            while len(batch) < most and sum(len(got.feed.entries) for _, got in batch if got.feed) < ENOUGH:
                batch.append(await ready.get())
    return batch


async def _get(source: Source, state: State | None, tools: _Tools, now: datetime) -> _Got:
    url = address_of(source)
    known = state if state is not None and state.url == source.url else None
    try:
        answer = await tools.fetcher.get(url, etag=known.etag if known else "", last_modified=known.last_modified if known else "")
        if answer.status == 304:
            return _Got(answer)
        body = hashlib.sha256(answer.body).hexdigest()
        bare, size = replace(answer, body=b""), len(answer.body)
        if known is not None and known.body == body:
            return _Got(bare, body=body, size=size)
        feed = await tools.workers.feed(answer.body, source, url=answer.url, content_type=answer.content_type, now=now)
        return _Got(bare, await _further(feed, source, url, tools, now), body, size)
    except FetchError as error:
        return _Got(error=error)


async def _further(feed: Feed, source: Source, url: str, tools: _Tools, now: datetime) -> Feed:
    """The feed with the entries of its further pages, up to the source's limit. Only the same host is asked."""
    for _ in range(MOST_PAGES):
        if not feed.next_url or len(feed.entries) >= source.max_items or urlsplit(feed.next_url).netloc != urlsplit(url).netloc:
            break
        answer = await tools.fetcher.get(feed.next_url)
        page = await tools.workers.feed(answer.body, source, url=answer.url, content_type=answer.content_type, now=now)
        known = {e.id for e in feed.entries}
        more = tuple(e for e in page.entries if e.id not in known)[: source.max_items - len(feed.entries)]
        feed = replace(feed, entries=feed.entries + more, next_url=page.next_url if page.next_url != feed.next_url else "")
    return feed


def address_of(source: Source) -> str:
    """The address a source is asked at: its own, with the Federal Register's conditions out of its options."""
    if source.kind != "federal_register" or not source.options:
        return source.url
    query = [("conditions[agencies][]", a.strip()) for a in source.options.get("agencies", "").split(",") if a.strip()]
    query += [("conditions[type][]", t.strip()) for t in source.options.get("type", "").split(",") if t.strip()]
    query += [("conditions[term]", source.options["term"])] if source.options.get("term") else []
    query += [("order", "newest"), ("per_page", str(min(source.max_items, 100)))]
    fields = "title type abstract action dates document_number html_url publication_date effective_on comments_close_on agencies citation"
    query += [("fields[]", f) for f in fields.split()]
    return f"{source.url}{'&' if '?' in source.url else '?'}{urlencode(query)}"


def not_due(source: Source, state: State | None, now: datetime) -> SourceReport | None:
    """Why a source is not asked in this run, or None. A changed address in `sources.yaml` counts as a new source to ask."""
    if source.kind == "manual":
        return SourceReport(source=source.id, name=source.name, outcome="waiting", detail="links are added by hand: briefing sources add-link")
    if state is None or state.url != source.url:
        return None
    told = {"source": source.id, "name": source.name, "last_good": state.last_good, "entries": state.entries, "failures": state.failures}
    if state.outcome == "gone":
        detail = f"{state.detail}; not asked again until its address changes"
        return SourceReport(**told, outcome="gone", reason="gone", detail=detail, failing_since=state.failing_since)  # type: ignore[arg-type]
    if state.last_try is None or state.last_try > now:
        return None
    if state.not_before is not None and now < min(state.not_before, state.last_try + LONGEST_WAIT):
        return SourceReport(**told, outcome="waiting", reason="wait", detail=f"asked to wait until {state.not_before:%Y-%m-%d %H:%M} UTC")  # type: ignore[arg-type]
    if source.interval_h and now - state.last_try < timedelta(hours=source.interval_h):
        return SourceReport(**told, outcome="waiting", detail=f"asked every {source.interval_h:g} hours, last at {state.last_try:%Y-%m-%d %H:%M} UTC")  # type: ignore[arg-type]
    return None


def _set_right(store: Store, now: datetime) -> None:
    """What a clock far ahead wrote down as first seen was first seen now at the latest, and belongs to this week."""
    wrong = store.items(now + LONGEST_WAIT, datetime.max.replace(tzinfo=UTC))
    if wrong:
        store.redate(replace(i, first_seen=now, mark=mark_of(i.published, now)) for i in wrong)


def _clock_warnings(states: Mapping[str, State], now: datetime) -> tuple[str, ...]:
    latest = max((s.last_try for s in states.values() if s.last_try), default=None)
    if latest is not None and latest > now + timedelta(minutes=5):
        return (f"the clock says {now:%Y-%m-%d %H:%M} UTC, the last run was at {latest:%Y-%m-%d %H:%M}: check the machine's clock",)
    return ()


# ------------------------------------------------------------------- keeping


def _keep(source: Source, before: State, got: _Got, store: Store, now: datetime) -> tuple[Brought, SourceReport]:
    """What is to be written about a source, and what is to be told."""
    if got.error is not None or got.answer is None:
        state = _failed(source, before, got.error or FetchError("status", "no answer"), now)
        return Brought(state=state), _report(source, state, detail=state.detail)
    if got.feed is None:
        state = _good(source, before, got.answer, before.body, before.entries, "moved" if got.answer.moved_to else "unchanged", now)
        return Brought(state=state), _report(source, state, got=got, detail=state.detail)
    merged = merge(got.feed.entries, store.memory(source.id), source, now)
    if got.feed.flaw in FLAWS:
        state = _failed(source, before, FetchError(*FLAWS[got.feed.flaw]), now, outcome="flawed")
    else:
        outcome = "moved" if got.answer.moved_to else _outcome(got.feed, merged, now)
        state = _good(source, before, got.answer, got.body, len(got.feed.entries), outcome, now)
    brought = Brought(state=state, changes=merged.changes, names=merged.names)
    return brought, _report(source, state, merged=merged, got=got, detail=state.detail or _remarks(got.feed))


def _outcome(feed: Feed, merged: Merged, now: datetime) -> str:
    newest = max((e.published for e in feed.entries if e.published and e.published <= now), default=None)
    if not feed.entries or (newest is not None and newest < now - QUIET):
        return "quiet"
    return "new" if merged.new else "changed" if merged.changed else "unchanged"


def _named(feed: Feed) -> str:
    """The first of the entries whose link was no address to follow, for the editor; an entry that never had a link is not named."""
    titles = [f"“{e.title[:60]}”" for e in feed.entries if "link" in e.fields]
    return f" ({', '.join(titles[:3])}{', …' if len(titles) > 3 else ''})" if titles else ""


def _remarks(feed: Feed) -> str:
    said = [feed.flaw] if feed.flaw else []
    said += [f"{feed.over} entries beyond the limit not kept"] if feed.over else []
    said += [f"{feed.no_link} links left out{_named(feed)}"] if feed.no_link else []
    said += [f"{feed.skipped} empty entries skipped"] if feed.skipped else []
    return "; ".join(said)


def _good(source: Source, before: State, answer: Answer, body: str, entries: int, outcome: str, now: datetime) -> State:
    validators = (answer.etag, answer.last_modified) if answer.status == 200 else (answer.etag or before.etag, before.last_modified)
    return State(
        source=source.id,
        url=source.url,
        etag=validators[0],
        last_modified=validators[1],
        body=body,
        outcome=outcome,
        last_try=now,
        last_good=now,
        first_good=before.first_good or now,
        moved_to=answer.moved_to,
        entries=entries,
        detail=f"moved for good to {answer.moved_to}; put that address into sources.yaml" if answer.moved_to else "",
    )


def _failed(source: Source, before: State, error: FetchError, now: datetime, outcome: str = "") -> State:
    """The state after a failure: the validators stay those of the items we hold; a new address starts without any."""
    same = before.url in {"", source.url}
    kept = before if same else State(source=source.id, first_good=before.first_good, last_good=before.last_good)
    wait = timedelta(seconds=error.retry_after_s) if error.retry_after_s is not None else None
    outcome = outcome or ("gone" if error.reason == "gone" else "blocked" if error.reason in _BLOCKED else "broken")
    return replace(
        kept,
        url=source.url,
        outcome=outcome,
        reason=error.reason,
        detail=error.detail,
        last_try=now,
        failing_since=kept.failing_since or now,
        failures=kept.failures + 1,
        not_before=now + min(wait, LONGEST_WAIT) if wait is not None else None,
    )


def _report(source: Source, state: State, *, merged: Merged | None = None, got: _Got | None = None, detail: str = "") -> SourceReport:
    feed = got.feed if got else None
    if state.failures >= MANY_FAILURES and state.failing_since:
        detail = f"{detail} (failing since {state.failing_since:%Y-%m-%d}, {state.failures} times)"
    return SourceReport(
        source=source.id,
        name=source.name,
        outcome=state.outcome,
        new=merged.new if merged else 0,
        changed=merged.changed if merged else 0,
        backlog=sum(c.item.mark == "backlog" and c.item.version == 1 for c in merged.changes) if merged else 0,
        entries=len(feed.entries) if feed else state.entries,
        over=feed.over if feed else 0,
        skipped=feed.skipped if feed else 0,
        no_link=feed.no_link if feed else 0,
        reason=state.reason,
        detail=detail,
        last_good=state.last_good,
        failing_since=state.failing_since,
        failures=state.failures,
        moved_to=state.moved_to,
        bytes=got.size if got else 0,
    )
