"""Sources that were changed, or taken back, by their publishers after an article was written from them. Tells; changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from . import article as articles
from . import plainfile
from .errors import ArticleError, ContentRefused, visible
from .model import Article, Cited, Item, Snapshot
from .project import Project
from .store import Store, hash_of

_TAKEN_BACK = re.compile(r"\b(?:retract(?:ed|ion)|withdrawn|correction|corrected|erratum)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reworded:
    """One cited source that says something else than what was read."""

    name: str  # the article's file, as messages show it
    line: int
    article: str
    edition: date
    source: str  # Cited.id
    what: str  # what is different, in words

    def __str__(self) -> str:
        """One line: file, line, what was seen, what to do."""
        return f"{self.name}:{self.line}: {self.source} {self.what}; read it again, then correct the article or leave it and say why"


def of(article: Article, name: str, store: Store) -> tuple[Reworded, ...]:
    """What of this article's sources is no longer as it was read. A source the store does not know is passed over."""
    read = store.snapshots(c.snapshot for c in article.sources if c.snapshot)
    found = ((n, c, _what(c, read[c.snapshot], store)) for n, c in enumerate(article.sources) if c.snapshot in read)
    return tuple(
        Reworded(name=name, line=article.lines.get(f"sources.{n}", 1), article=article.id, edition=article.edition, source=c.id, what=what)
        for n, c, what in found
        if what
    )


def everywhere(project: Project, store: Store) -> Iterator[Reworded]:
    """The same for every article that can be read, published or not; `check` and `build` name those that cannot."""
    for path in sorted(project.briefings.glob("*/*.md")):
        name = project.name(path)
        try:
            yield from of(articles.parse(plainfile.read(path, name, most=articles.LONGEST), name), name, store)
        except (ArticleError, ContentRefused, FileNotFoundError):
            continue


def _what(cited: Cited, read: Snapshot, store: Store) -> str:
    item = store.item(read.item)
    if item is None:
        return ""
    newest = store.snapshot_of(item.id)
    if read.origin == "page":
        again = newest is not None and newest.origin == "page" and newest.read > read.read and newest.hash != read.hash
        changed = again or (item.version > 1 and not store.page_outcome(item))
    else:
        changed = hash_of(item.summary or item.title) != read.hash
    return _told(item, read) if changed else ""


def _told(item: Item, read: Snapshot) -> str:
    since = f"was changed by its publisher since it was read on {read.read:%Y-%m-%d}"
    if item.title != (read.title or item.title):
        since = f"{since}: “{visible(read.title)[:120]}” is now “{visible(item.title)[:120]}”"
    taken_back = _TAKEN_BACK.search(f"{item.title} {item.summary[:400]}")
    return f"{since} (it says “{taken_back.group()}”)" if taken_back else since
