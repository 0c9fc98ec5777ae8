"""The collecting half of the replay: eight Tuesdays of real feeds, read one after the other into one store.

The counts beside ours are made from the files alone, by rules that share nothing with the code they judge:
a page is the stripped text of an `item`'s `link`, percent-encoded, without a final slash; it is new on the first Tuesday on
which any feed has it; it is fresh where its `pubDate` (read by the standard library) is at most ten days before that Tuesday,
12:00 UTC, or missing, and not more than a day after it. Spellings are links as they stand: where a feed comes back with the same
pages less their final slash, they are new spellings and no new pages, and both counts are shown.
"""

from __future__ import annotations

import csv
import gzip
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

from briefing.collect.report import Report
from briefing.collect.run import collect
from briefing.config import sources as read_sources
from briefing.project import Project
from briefing.store import Store

from ._serve import Body, Site


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """One Tuesday: what the files hold, what we collected, and a project that can be drafted from before the next is read."""

    date: date
    now: datetime
    project: Project
    report: Report
    spellings: int  # links of the files, as they stand, not seen on an earlier Tuesday
    expected_new: int  # pages of the files not seen on an earlier Tuesday
    expected_fresh: int  # of those, what is not out of a back catalogue
    new: int  # pages of ours first seen now
    fresh: int
    twice: int  # items of one source that share a page with another item of it
    lost: int  # pages of the files that no item of ours has
    vanished: tuple[str, ...]  # feeds seen before that are not there today

    @property
    def exact(self) -> bool:
        """Whether every count is the independent one."""
        return (self.new, self.fresh, self.twice, self.lost) == (self.expected_new, self.expected_fresh, 0, 0)


@dataclass(slots=True)
class _Count:
    """The independent count over the files."""

    pages: set[str] = field(default_factory=set)
    spelt: set[str] = field(default_factory=set)

    def week(self, files: list[Path], now: datetime) -> tuple[set[str], int, int]:
        """The pages that are new in these files, how many of them are fresh, and how many spellings are new."""
        new: dict[str, bool] = {}
        spelt: set[str] = set()
        for path in files:
            for item in ET.fromstring(gzip.decompress(path.read_bytes())).iter("item"):
                link = (item.findtext("link") or "").strip()
                if not link:
                    continue
                spelt.add(link)
                if _page(link) not in self.pages:
                    new[_page(link)] = new.get(_page(link), False) or _fresh(item.findtext("pubDate") or "", now)
        spelt -= self.spelt
        self.spelt |= spelt
        self.pages |= set(new)
        return set(new), sum(new.values()), len(spelt)


def _page(link: str) -> str:
    return quote(link, safe=":/?#[]@!$&'()*+,;=%~").rstrip("/")


def _fresh(text: str, now: datetime) -> bool:
    if not text.strip():
        return True
    published = parsedate_to_datetime(text)
    return now - timedelta(days=10) <= published <= now + timedelta(days=1)


def collect_rows(corpus: Path, work: Path) -> Iterator[Week]:
    """Read one Tuesday after the other; each is yielded when its feeds are collected and before the next is.

    `work` becomes the project folder: `sources.yaml` and the store under `var/`. Further reading (pages) may be done on it.
    """
    with (corpus / "feeds" / "ai-weekly.index.csv").open(encoding="utf-8", newline="") as handle:
        index = list(csv.DictReader(handle))
    project, count, listed = Project(work), _Count(), {}
    work.mkdir(parents=True, exist_ok=True)
    with Site() as site:
        for day in sorted({r["as_of"] for r in index}):
            here = {r["feed"]: corpus / "feeds" / "ai-weekly" / r["file"] for r in index if r["as_of"] == day}
            vanished = tuple(sorted(set(listed) - set(here)))
            listed |= dict.fromkeys(here)
            now = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=12)
            site.bodies = {(_host(f), "/feed.xml"): Body(gzip.decompress(p.read_bytes()), now) for f, p in here.items()}
            _write_sources(project.sources, list(listed), site.address)
            yield _one(project, now, count, list(here.values()), vanished)


def _one(project: Project, now: datetime, count: _Count, files: list[Path], vanished: tuple[str, ...]) -> Week:
    sources, settings = read_sources(project.sources)
    with Store.open(project.store, write=True, now=now) as store:
        report = collect(sources, settings, store, now, pauses=())
        before = store.items(datetime(2000, 1, 1, tzinfo=UTC), now)
        first = store.items(now, now + timedelta(seconds=1))
    known = {_page(i.url) for i in before}
    pairs = Counter((i.source, _page(i.url)) for i in before + first)
    new_pages, fresh, spellings = count.week(files, now)
    mine = {_page(i.url) for i in first} - known
    return Week(
        date=now.date(),
        now=now,
        project=project,
        report=report,
        spellings=spellings,
        expected_new=len(new_pages),
        expected_fresh=fresh,
        new=len(mine),
        fresh=len({_page(i.url) for i in first if i.mark in {"", "undated"}} - known),
        twice=sum(n - 1 for n in pairs.values()),
        lost=len(new_pages - mine),
        vanished=vanished,
    )


def _host(feed: str) -> str:
    return f"{feed.replace('_', '-')}.replay.example"


def _write_sources(path: Path, feeds: list[str], address: str) -> None:
    lines = ["collect:", "  max_items: 10000", "  connect_to:", f'    "*.replay.example": "{address}"', "sources:"]
    for feed in feeds:
        slug = feed.replace("_", "-")
        lines += [f"  - id: {slug}", f"    name: {slug}", f"    url: https://{_host(feed)}/feed.xml", f"    site: https://{_host(feed)}/"]
        lines += ["    category: ai-news", "    kind: rss", "    tier: vendor"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
