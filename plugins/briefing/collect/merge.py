"""Which entries of a feed are new, which are old ones reworded, and what each is marked. Pure: values in, values out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from ..model import Item, Source
from . import urls
from .entries import Entry

#: An entry published longer than this before it was first seen comes from a back catalogue, not from this week.
BACKLOG = timedelta(days=10)
#: Clocks differ; a date further ahead than this is a mark, not news.
FUTURE = timedelta(days=1)

Name = tuple[Literal["id", "link", "title"], str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of one item: enough to recognise it and to see whether it changed."""

    item: str
    digest: str
    version: int
    first_seen: datetime
    published: datetime | None
    mark: str


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything known of one source: its items, and every name each has had."""

    items: Mapping[str, Known] = field(default_factory=dict)
    names: Mapping[Name, tuple[str, ...]] = field(default_factory=dict)  # more than one item: the name tells nothing


@dataclass(frozen=True, slots=True)
class Change:
    """One item to be written: new (version 1) or reworded, with the names it is known by from now on."""

    item: Item
    digest: str
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """What one feed brings. `names` are new names of items that did not change otherwise."""

    changes: tuple[Change, ...]
    names: tuple[tuple[str, tuple[Name, ...]], ...]
    unchanged: int
    doubled: int  # entries that stand twice in the document

    @property
    def new(self) -> int:
        """How many items were not known before."""
        return sum(c.item.version == 1 for c in self.changes)

    @property
    def changed(self) -> int:
        """How many known items have a new wording."""
        return len(self.changes) - self.new


def merge(entries: Iterable[Entry], memory: Memory, source: Source, now: datetime) -> Merged:
    """Compare the entries of one feed with what is known of its source.

    An entry is a known item by its own id; else by its link, else by title and day, each only where that name belongs to one
    item alone, both in the document and in the store, and that item is not in the document under its own id. Of two entries
    that are one item, the first counts.
    """
    named = _telling([(e, names_of(e)) for e in entries])
    counts = Counter(n for _, names in named for n in set(names))
    present = {i for _, names in named for n in names if n[0] == "id" for i in memory.names.get(n, ())}
    first = not memory.items
    changes: list[Change] = []
    more: list[tuple[str, tuple[Name, ...]]] = []
    done: set[str] = set()
    unchanged = doubled = 0
    for entry, names in named:
        known = _recognise(names, memory, counts, present)
        item_id = known.item if known else _new_id(source.id, names)
        if item_id in done:
            doubled += 1
            continue
        done.add(item_id)
        digest = digest_of(entry)
        fresh = tuple(n for n in names if item_id not in memory.names.get(n, ()))
        if known and known.digest == digest:
            unchanged += 1
            if fresh:
                more.append((item_id, fresh))
            continue
        item = _item(entry, source, item_id, known, now)
        if first and known is None and source.kind == "sitemap":
            item = replace(item, mark="backlog")  # a site's list of pages says nothing of what was there before us
        changes.append(Change(item, digest, fresh))
    return Merged(tuple(changes), tuple(more), unchanged, doubled)


def names_of(entry: Entry) -> tuple[Name, ...]:
    """What an entry can be recognised by, the surest first."""
    day = entry.published.date().isoformat() if entry.published else ""
    out: list[Name] = []
    if entry.id:
        out.append(("id", entry.id))
    if entry.link:
        out.append(("link", urls.key(entry.link)))
    out.append(("title", f"{' '.join(entry.title.casefold().split())}\n{day}"))
    return tuple(out)


def _telling(named: list[tuple[Entry, tuple[Name, ...]]]) -> list[tuple[Entry, tuple[Name, ...]]]:
    """Without the names that do not tell entries of this document apart: an id that stands over two pages, and, where there is
    no id, a link that stands over two titles.
    """
    below: dict[Name, set[Name]] = {}
    for _, names in named:
        for first, second in pairwise(names):
            below.setdefault(first, set()).add(second)
    out = []
    for entry, names in named:
        while len(names) > 1 and len(below[names[0]]) > 1:
            names = names[1:]
        out.append((entry, names))
    return out


def digest_of(entry: Entry) -> str:
    """A digest of what a reader would see. The date is left out: many feeds date every entry anew at each request."""
    shown = [entry.title, entry.summary, entry.link, entry.author, entry.publisher, *(f"{k}={v}" for k, v in sorted(entry.fields.items()))]
    return hashlib.sha256("\0".join(shown).encode("utf-8", "surrogatepass")).hexdigest()  # clean text holds no zero


def mark_of(published: datetime | None, first_seen: datetime) -> Literal["", "undated", "future", "backlog"]:
    """What is odd about an item's date, judged when it was first seen."""
    if published is None:
        return "undated"
    if published > first_seen + FUTURE:
        return "future"
    return "backlog" if published < first_seen - BACKLOG else ""


def _recognise(names: tuple[Name, ...], memory: Memory, counts: Mapping[Name, int], present: set[str]) -> Known | None:
    for name in names:
        owners = memory.names.get(name, ())
        if name[0] == "id":
            if owners:
                return memory.items[owners[0]]
            continue
        if len(owners) == 1 and owners[0] not in present and counts[name] == 1:
            return memory.items[owners[0]]
        if names[0][0] != "id" and owners:
            return memory.items[owners[0]]  # an entry without an id has nothing surer
    return None


def _new_id(source: str, names: tuple[Name, ...]) -> str:
    """Sixteen hexadecimal digits: three of the source, so that what is written together stands together in the store, the rest of the name."""
    kind, value = names[0]
    name = hashlib.sha256(f"{source}\0{kind}\0{value}".encode("utf-8", "surrogatepass")).hexdigest()
    return hashlib.sha256(source.encode()).hexdigest()[:3] + name[:13]


def _item(entry: Entry, source: Source, item_id: str, known: Known | None, now: datetime) -> Item:
    first_seen = known.first_seen if known else now
    published = known.published if known and known.published else entry.published
    return Item(
        id=item_id,
        source=source.id,
        url=entry.link or source.site or source.url,
        title=entry.title,
        author=entry.author,
        publisher=entry.publisher,
        published=published,
        first_seen=first_seen,
        summary=entry.summary,
        mark=mark_of(published, first_seen),
        version=known.version + 1 if known else 1,
        fields=dict(entry.fields),
    )
