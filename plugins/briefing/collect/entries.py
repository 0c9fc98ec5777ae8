"""What a feed holds: the records between parsing and keeping. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry of a feed, as plain text. `id` is what the feed itself calls it ("" where it has no name)."""

    id: str
    link: str  # absolute http(s), or "" where the feed gives none that may be followed
    title: str  # one line, never empty
    summary: str  # paragraphs
    author: str = ""
    publisher: str = ""
    published: datetime | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """What one answer held."""

    entries: tuple[Entry, ...]
    format: str  # rss20, atom10, rss10, json11, ... or federal_register
    flaw: str = ""  # why the document is not sound although entries could be read
    skipped: int = 0  # entries with neither title nor link nor text
    over: int = 0  # entries beyond the limit, the oldest ones
    no_link: int = 0  # entries whose link was left out
    next_url: str = ""  # a further page of the same answer

    def __reduce__(self) -> tuple[Any, ...]:
        """As rows: on the way between processes that is half the work of pickling each entry."""
        return _unpacked, (list(map(_ROW, self.entries)), {k: getattr(self, k) for k in self.__slots__ if k != "entries"})


_ROW = attrgetter("id", "link", "title", "summary", "author", "publisher", "published", "fields")


def _unpacked(rows: list[tuple[Any, ...]], rest: dict[str, Any]) -> Feed:
    return Feed(
        entries=tuple(
            Entry(id=i, link=link, title=title, summary=summary, author=author, publisher=publisher, published=published, fields=fields)
            for i, link, title, summary, author, publisher, published, fields in rows
        ),
        **rest,
    )


@dataclass(frozen=True, slots=True)
class Raw:
    """An entry as the document has it, before cleaning."""

    id: str
    link: str
    title: str
    title_html: bool
    text: str
    text_html: bool
    author: str
    publisher: str
    published: str
