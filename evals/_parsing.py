"""Rows P of the catalogue: what is kept of documents that are broken, hostile or strange, on the whole way over loopback into a store."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

from briefing.collect.report import SourceReport
from briefing.model import Item
from briefing.store import Store

from . import Row
from ._fetching import DAY, HOSTILE, NOW, Case, Desk, hostile_server, row, rss


def rows(folder: Path) -> Iterator[Row]:
    """All rows P."""
    folder.mkdir(parents=True, exist_ok=True)
    with hostile_server().Hostile() as server:
        desk = Desk(server, folder)
        for name, asked, measure in ROWS:
            yield row(name, asked, measure(desk))


def _collect(desk: Desk, *names: str | bytes, store: Path | None = None, content_type: str = "application/rss+xml") -> tuple[list[SourceReport], list[Item]]:
    """These documents one after the other at one address, a day apart: the reports, and what the store then holds."""
    where, reports = store or desk.fresh(), []
    for n, name in enumerate(names):
        body = name if isinstance(name, bytes) else (HOSTILE / "feeds" / name).read_bytes()
        desk.server.routes["/feed.xml"] = {"body": body, "ctype": content_type}
        reports.append(desk.read(where, "/feed.xml", at=NOW + n * DAY, deadline_s=30.0, max_bytes=64_000_000).sources[0])
    with Store.open(where) as opened:
        return reports, list(opened.items(NOW - DAY, NOW + 9 * DAY))


def _said(report: SourceReport) -> str:
    return f"{report.outcome} {report.reason}".strip()


def _bomb(desk: Desk) -> str:
    started = monotonic()
    tracemalloc.start()
    (report,), items = _collect(desk, "bomb-entities.xml")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    text = sum(len(i.summary) + len(i.title) for i in items)
    kind = report.reason if report.reason in {"too-hard", "not-a-feed"} else _said(report)
    return f"{kind}, {'under' if monotonic() - started < 15 else 'over'} 15 s and {'under' if peak < 50_000_000 and text < 100_000 else 'over'} 50 MB"


def _outside(name: str) -> Callable[[Desk], str]:
    def measure(desk: Desk) -> str:
        before = len(desk.server.hits)
        _, items = _collect(desk, name)
        words = " ".join(i.title + i.summary + i.author for i in items)
        leaked = any(w in words for w in ("root:", "/bin/", Path("/etc/hostname").read_text(encoding="utf-8").strip() or "\0"))
        return f"{'something' if leaked else 'nothing'} read, {len(desk.asked(before)) - 1} other requests"

    return measure


def _cut(desk: Desk) -> str:
    (report,), items = _collect(desk, "cut-off.xml")
    return f"{_said(report)}, kept {', '.join(i.title for i in items)}"


def _flagged(name: str, flaw: str) -> Callable[[Desk], str]:
    def measure(desk: Desk) -> str:
        (report,), items = _collect(desk, name)
        return f"{', '.join(i.title for i in items)}; {'flagged' if flaw in report.detail else report.detail or 'not flagged'}"

    return measure


def _many(desk: Desk) -> str:
    started = monotonic()
    (report,), items = _collect(desk, rss(*(f"t{n}" for n in range(50_000))))
    seconds = "bounded" if monotonic() - started < 20 else f"{monotonic() - started:.0f} s"
    return f"{len(items)} kept, {report.over:,} counted, {seconds}"


def _dates(desk: Desk) -> str:
    _, items = _collect(desk, "dates.xml")
    marks = {i.title: i.mark or (i.published.strftime("%d %H:%M") if i.published else "?") for i in items}
    fetched = all(i.first_seen == NOW for i in items)
    odd = [t for t in ("No date", "Far future", "Ancient", "Nonsense", "Feb 30") if marks.get(t) in {"undated", "future", "backlog"}]
    return f"{len(items)} of 8, {len(odd)} marked, {'all' if fetched else 'not all'} seen when fetched, no zone {marks.get('No zone')}"


def _twice(name: str) -> Callable[[Desk], str]:
    def measure(desk: Desk) -> str:
        body = (HOSTILE / "feeds" / name).read_bytes()
        (first, second), items = _collect(desk, body, body + b"\n")  # another body, so that it is taken apart again
        return f"{first.new} new, then {second.new} new and {second.changed} changed, {len(items)} items"

    return measure


def _pair(stem: str) -> Callable[[Desk], str]:
    def measure(desk: Desk) -> str:
        store = desk.fresh()
        _, items = _collect(desk, f"{stem}-1.xml", f"{stem}-2.xml", store=store)
        with Store.open(store) as opened:
            versions = sum(len(opened.versions(i.id)) for i in items)
        return f"{len(items)} items, {versions} wordings"

    return measure


def _links(desk: Desk) -> str:
    _, items = _collect(desk, "relative-links.xml")
    return " ".join(sorted(i.url.removeprefix("https://") for i in items))


def _unescaped(desk: Desk) -> str:
    _, (twice,) = _collect(desk, "escaped-twice.xml")
    _, (everywhere,) = _collect(desk, "html-everywhere.xml")
    return " | ".join((twice.title, twice.summary, everywhere.title, everywhere.summary))


def _no_feed(name: str) -> Callable[[Desk], str]:
    def measure(desk: Desk) -> str:
        before = len(desk.server.hits)
        (report,), items = _collect(desk, name, content_type="text/plain")
        return f"{_said(report)}, {len(items)} items, {len(desk.asked(before)) - 1} other requests"

    return measure


def _future(desk: Desk) -> str:
    """An entry dated a month ahead beside one of today: which of them is this week's news."""
    ahead = rss("ahead").replace(b"20 Nov 2026", b"22 Dec 2026").partition(b"</title>")[2].rpartition(b"</channel>")[0]
    _, items = _collect(desk, rss("today").replace(b"</channel>", ahead + b"</channel>"))
    marks = {i.title: i.mark or "news" for i in items}
    late = sum(i.first_seen > NOW + timedelta(minutes=1) for i in items)
    return f"ahead {marks.get('ahead')}, today {marks.get('today')}, {late} seen in the future"


ROWS: tuple[Case, ...] = (
    ("P01 bomb-entities.xml", "too-hard, under 15 s and under 50 MB", _bomb),
    ("P02 external-entity.xml", "nothing read, 0 other requests", _outside("external-entity.xml")),
    ("P02 external-dtd.xml", "nothing read, 0 other requests", _outside("external-dtd.xml")),
    ("P03 cut-off.xml", "flawed cut-off, kept Whole", _cut),
    ("P04 undeclared-entity.xml", "Café &unknown; end; flagged", _flagged("undeclared-entity.xml", "not well-formed")),
    ("P04 control-chars.xml", "ab c; flagged", _flagged("control-chars.xml", "not well-formed")),
    ("P05 latin1-called-utf8.xml", "Café naïve; flagged", _flagged("latin1-called-utf8.xml", "wrong encoding, read as windows-1252")),
    ("P06 50,000 items", "200 kept, 49,800 counted, bounded", _many),
    ("P07 dates.xml", "8 of 8, 5 marked, all seen when fetched, no zone 20 09:00", _dates),
    ("P07 a date ahead", "ahead future, today news, 0 seen in the future", _future),
    ("P08 no-ids.xml twice", "2 new, then 0 new and 0 changed, 2 items", _twice("no-ids.xml")),
    ("P08 same-guid-twice.xml twice", "2 new, then 0 new and 0 changed, 2 items", _twice("same-guid-twice.xml")),
    ("P09 guids-change-1.xml, then -2", "5 items, 10 wordings", _pair("guids-change")),
    ("P10 history-1.xml, then -2", "2 items, 3 wordings", _pair("history")),
    ("P11 body-is-a-path.txt", "broken not-a-feed, 0 items, 0 other requests", _no_feed("body-is-a-path.txt")),
    ("P11 body-is-a-url.txt", "broken not-a-feed, 0 items, 0 other requests", _no_feed("body-is-a-url.txt")),
    ("P12 relative-links.xml", "feed.example/4 other.example/2 s0.t.example/feed.xml?p=3 s0.t.example/news/1?x=1#y", _links),
    ("P13 escaped-twice.xml, html-everywhere.xml", "A <b> C | R&D <script>alert(1)</script> | Bold | x", _unescaped),
)
