"""Sources that were changed, moved, taken back or taken away by their publishers after an article was written from them. Tells; changes nothing.

Two things are known of a source: what its feed says of the item now, and what its page said when `collect.cited` asked it again. A page is compared
with the text that the article rests on; where the store never had one, with what the page said the first time it was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from . import article as articles
from . import plainfile
from .errors import ArticleError, ContentRefused, StorageError, visible
from .model import Article, Cited, CitedPage, Item, Snapshot
from .project import Project
from .store import Store, hash_of

#: Editions before the present one whose sources are asked again. Later editions, where drafts for them exist, are too.
EDITIONS = 4

_WORDS = r"(?:retract(?:ed|ion)|withdrawn|correction|corrected|erratum)"
_TAKEN_BACK = re.compile(rf"\b{_WORDS}\b", re.IGNORECASE)
_LABEL = re.compile(rf"\W*(?:{_WORDS}\b|removed\b|(?:page )?not found\b|404\b)", re.IGNORECASE)  # how a title begins that says it
_HEAD = 600  # characters of a text in which a publisher says that it was changed
_PARAGRAPH = 40  # letters from which on a paragraph is one, and no label or menu
_READ_AGAIN = "read it again, then correct the article or leave it and say why"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reworded:
    """One cited source that is not as it was when it was read."""

    name: str  # the article's file, as messages show it
    line: int
    article: str
    edition: date
    source: str  # Cited.id
    what: str  # what is different, in words
    advice: str = _READ_AGAIN

    def __str__(self) -> str:
        """One line: file, line, what was seen, what to do."""
        return f"{self.name}:{self.line}: {self.source} {self.what}; {self.advice}"


def of(article: Article, name: str, store: Store) -> tuple[Reworded, ...]:
    """What of this article's sources is no longer as it was read. A source the store does not know is passed over."""
    read = store.snapshots(c.snapshot for c in article.sources if c.snapshot)
    out = []
    for n, c in enumerate(article.sources):
        what, missing = _what(c, read.get(c.snapshot), store)
        if what:
            line = article.lines.get(f"sources.{n}", 1)
            advice = _advice(article, missing=missing)
            out.append(Reworded(name=name, line=line, article=article.id, edition=article.edition, source=c.id, what=what, advice=advice))
    return tuple(out)


def everywhere(project: Project, store: Store, since: date = date.min) -> Iterator[Reworded]:
    """The same for every article of the editions from `since` on that can be read, published or not; `check` and `build` name those that cannot."""
    for article, name in _articles(project, since):
        yield from of(article, name, store)


def here(project: Project, article: Article, name: str) -> tuple[Reworded, ...]:
    """The same as `of` with this machine's store; nothing where there is none, or where it cannot be read: this is a remark, never a reason to stop."""
    if not project.store.exists():
        return ()
    try:
        with Store.open(project.store) as store:
            return of(article, name, store)
    except StorageError:
        return ()


def recent(project: Project, edition: date) -> tuple[Reworded, ...]:
    """What is no longer as it was read of this edition's sources and of the last ones', the newest edition first: a correction may be due."""
    if not project.store.exists():
        return ()
    try:
        with Store.open(project.store) as store:
            found = [one for one in everywhere(project, store, looked_after(edition)) if one.edition <= edition]
    except StorageError:
        return ()
    return tuple(sorted(found, key=lambda one: one.edition, reverse=True))


def addresses(project: Project, since: date) -> tuple[str, ...]:
    """The addresses that articles of the editions from `since` on cite, the newest edition's first."""
    found = sorted(_articles(project, since), key=lambda one: one[0].edition, reverse=True)
    return tuple(dict.fromkeys(c.url for a, _ in found for c in a.sources))


def looked_after(edition: date) -> date:
    """The oldest edition whose sources are still asked again when work is for this edition."""
    return edition - timedelta(weeks=EDITIONS)


def _articles(project: Project, since: date) -> Iterator[tuple[Article, str]]:
    for entry in plainfile.walk(project.briefings, below=f"{project.name(project.briefings)}/"):
        if entry.kind != "file" or entry.path.suffix != ".md" or _older(entry.path.parent.name, since):
            continue
        try:
            found = articles.parse(plainfile.read(entry.path, entry.name, most=articles.LONGEST), entry.name)
        except (ArticleError, ContentRefused, FileNotFoundError):
            continue
        if found.edition >= since:
            yield found, entry.name


def _older(folder: str, since: date) -> bool:
    """Whether a folder is named after an edition before `since`: a year's articles need not be read to find four weeks'."""
    try:
        return date.fromisoformat(folder) < since
    except ValueError:
        return False


def _advice(article: Article, *, missing: bool) -> str:
    """What an editor can do: before and after the article was approved."""
    if article.status != "approved":
        return "look again, then cite another source or leave it and say why" if missing else _READ_AGAIN
    first = "look again; give another source or its archived copy" if missing else "read it again; where the article is no longer right, correct it"
    return f"{first}, note it under corrections: and run `briefing approve {article.id}`"


# --------------------------------------------------------------- what was seen


def _what(cited: Cited, read: Snapshot | None, store: Store) -> tuple[str, bool]:
    """What is different, in words ("" nothing), and whether the page is not there."""
    page = store.cited(cited.url.partition("#")[0])
    if page is not None and read is not None and read.read > page.tried:
        page = None  # it was read anew since
    gone = _gone(page, read) if page else ""
    if gone:
        return gone, True
    return (read and _in_feed(read, store)) or (page and _on_page(page, cited, read)) or "", False


def _gone(page: CitedPage, read: Snapshot | None) -> str:
    """That the page is not there, with the days: once may be a hiccup, a row of days is not."""
    if page.since is None:
        return ""
    row = f"since {page.since:%Y-%m-%d}, asked {page.times} times" if page.times > 1 else f"on {page.since:%Y-%m-%d}, asked once"
    if page.outcome != "gone" and page.times == 1:
        row += ": it may be a hiccup"
    if page.outcome == "no-text":
        return _emptied(page, read, row)
    label = _LABEL.match(page.title)
    named = f" (it last called itself “{visible(page.title)[:120]}”)" if label else ""
    return f"{'is gone for good (410)' if page.outcome == 'gone' else 'is not found any more (404)'} {row}{named}"


def _emptied(page: CitedPage, read: Snapshot | None, row: str) -> str:
    """That a page that could be read cannot be any more; one that never could (a PDF, a wall) is as it was."""
    if not (page.first or (read is not None and read.origin == "page")):
        return ""
    named = f", and calls itself “{visible(page.title)[:120]}”" if page.title else ""
    return f"shows too little text to be read {row}{named}"


def _in_feed(read: Snapshot, store: Store) -> str:
    """What the item's own source says of it since."""
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


def _on_page(page: CitedPage, cited: Cited, read: Snapshot | None) -> str:
    """What its page says now beside what was read of it, or where it went."""
    seen = f"{page.tried:%Y-%m-%d}"
    label = _LABEL.match(page.title)
    if label and not _LABEL.match(cited.title):
        return f"calls itself “{visible(page.title)[:120]}” since {seen} at the latest"
    before = read.text if read is not None and read.origin == "page" else page.first
    taken_back = _TAKEN_BACK.search(page.text[:_HEAD])
    says = f" (it says “{taken_back.group()}”)" if taken_back and not re.search(re.escape(taken_back.group()), before, re.IGNORECASE) else ""
    lost, of = _lost(before, page.text)
    if lost or says:
        which = f": {len(lost)} of {of} paragraphs are not as they were, the first “{visible(lost[0])[:80]}…”" if lost else ""
        return f"was changed by its publisher, seen on {seen}{which}{says}"
    if page.moved_to:
        return f"was moved to {visible(page.moved_to)[:200]}, seen on {seen}"
    return ""


def _lost(before: str, now: str) -> tuple[list[str], int]:
    """Paragraphs that were read and do not stand there any more, and how many there were. Spaces, signs and capitals do not count."""
    if not before or not now:
        return [], 0
    whole = _letters(now)
    paragraphs = [p for p in before.split("\n\n") if len(_letters(p)) >= _PARAGRAPH]
    return [p for p in paragraphs if _letters(p) not in whole], len(paragraphs)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())
