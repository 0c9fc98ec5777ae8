"""The article on a page: its text, title, author, canonical link and the date its metadata states. Never a date guessed from text."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from lxml import etree, html

from ..errors import FetchError
from . import clean, dates, urls

#: Bytes of a page that are looked at. The longest real article pages seen were under 2 MB.
LONGEST = 4_000_000
#: A page with less text than this is a shell, a wall or a list; the feed's own text serves better.
SHORTEST = 400
_META_DATES = (
    "article:published_time",
    "og:article:published_time",
    "datePublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.issued",
    "sailthru.date",
    "parsely-pub-date",
    "pubdate",
    "publishdate",
    "citation_publication_date",
)
#: Time elements that are marked as the day of publication. Where they name more than one moment, nobody can tell which is the page's own.
_MARKED_TIMES = "//time[@pubdate or @itemprop='datePublished' or contains(concat(' ', @class, ' '), ' dt-published ')]/@datetime"
#: Longest name of a site: what an article's source list takes.
_SITE = 120
_WALL = re.compile(
    r"subscribe to (?:continue|read|unlock)|already a subscriber|enable javascript|are you a robot|access denied|create a free account", re.IGNORECASE
)
_LABEL = re.compile(r"(?:published|updated|posted|last updated|share|share this|advertisement|print|listen|copy link|loading)\W*", re.IGNORECASE)

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What a page says."""

    text: str
    title: str = ""
    author: str = ""
    site: str = ""  # what the site calls itself
    link: str = ""  # the canonical link, only where it is on the same site
    published: datetime | None = None  # as its metadata states
    walled: bool = False  # the page says that more is behind a subscription or a check


def extract(data: bytes, url: str, content_type: str, now: datetime) -> Page:
    """The article in a page's bytes. Raises FetchError ("no-text") where there is too little to rest a citation on."""
    if content_type and not re.match(r"\s*(text/html|application/xhtml)", content_type, re.IGNORECASE):
        raise FetchError("no-text", f"the page is {content_type.split(';')[0].strip()[:60]}, not HTML; the feed's own text is used", url=url)
    try:
        found = trafilatura.bare_extraction(data[:LONGEST], url=url, include_comments=False, include_tables=True, favor_precision=True, with_metadata=False)
    except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError, AssertionError, IndexError, KeyError) as error:
        raise FetchError("no-text", f"the page cannot be read ({type(error).__name__}); the feed's own text is used", url=url) from error
    head = _Head(data[:LONGEST])
    text = _without_headline(clean.paragraphs(str(getattr(found, "text", "") or "").replace("\n", "\n\n")), head.title())
    if len(text) < SHORTEST:
        raise FetchError("no-text", f"the page holds {len(text)} characters of text; the feed's own text is used", url=url)
    return Page(
        text=text,
        title=head.title(),
        author=head.author(),
        site=head.site(),
        link=_same_site(head.canonical(), url),
        published=head.published(now),
        walled=len(text) < 2_000 and bool(_WALL.search(text)),
    )


def _without_headline(text: str, title: str) -> str:
    """The text less a first paragraph that is the headline again, and lines that only label what follows them on the page."""
    paragraphs = [p for p in text.split("\n\n") if not _LABEL.fullmatch(p)]
    first, whole = _letters(paragraphs[0]) if paragraphs else "", _letters(title)
    if first and (first == whole or (len(first) > 15 and whole.startswith(first))):
        del paragraphs[0]
    return "\n\n".join(paragraphs)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


class _Head:
    """What a page states about itself in its metadata."""

    def __init__(self, data: bytes) -> None:
        try:
            tree: Any = trafilatura.load_html(data)
        except (ValueError, etree.LxmlError):
            tree = None
        self._tree: Any = html.fromstring("<html></html>") if tree is None else tree
        self._linked = [d for d in self._json_ld() if _kind(d).endswith(("Article", "Posting", "Report"))]

    def title(self) -> str:
        """The headline the page names, else its title element."""
        stated = next((d["headline"] for d in self._linked if isinstance(d.get("headline"), str)), "")
        return clean.title(stated or self._meta("og:title", "twitter:title") or str(self._tree.findtext(".//title") or ""))

    def author(self) -> str:
        """The names the page gives, joined; never an address."""
        names = [n for d in self._linked[:1] for n in _names(d.get("author"))]
        stated = ", ".join(dict.fromkeys(names)) or self._meta("author", "article:author", "dc.creator", "parsely-author")
        return "" if "://" in stated else clean.title(stated, 200)

    def site(self) -> str:
        """What the site calls itself, never an address."""
        publishers = [d.get("publisher") for d in self._linked]
        named = next((str(p["name"]) for p in publishers if isinstance(p, dict) and isinstance(p.get("name"), str)), "")
        stated = self._meta("og:site_name", "application-name") or named
        return "" if "://" in stated else clean.title(stated, _SITE)

    def canonical(self) -> str:
        """The address the page calls its own."""
        found = self._tree.xpath("//link[@rel='canonical']/@href")
        return str(found[0]) if found else self._meta("og:url")

    def published(self, now: datetime) -> datetime | None:
        """The day of publication in JSON-LD, in meta elements, or in a time element that says it is one."""
        stated = [d["datePublished"] for d in self._linked if isinstance(d.get("datePublished"), str)]
        for text in (*stated, *(self._meta(n) for n in _META_DATES)):
            if moment := dates.parse(text, now):
                return moment
        marked = {m for text in self._tree.xpath(_MARKED_TIMES) if (m := dates.parse(str(text), now))}
        return marked.pop() if len(marked) == 1 else None

    def _meta(self, *names: str) -> str:
        for name in names:
            for attribute in ("property", "name", "itemprop"):
                for value in self._tree.xpath(f"//meta[@{attribute}=$name]/@content", name=name):
                    if str(value).strip():
                        return str(value).strip()
        return ""

    def _json_ld(self) -> Iterator[dict[str, Any]]:
        for script in self._tree.xpath("//script[@type='application/ld+json']/text()"):
            try:
                data = json.loads(str(script))
            except (ValueError, RecursionError):
                continue
            for node in data if isinstance(data, list) else [data]:
                if isinstance(node, dict):
                    yield node
                    yield from (n for n in node.get("@graph", []) if isinstance(n, dict))


def _kind(node: dict[str, Any]) -> str:
    kind = node.get("@type")
    return str(kind[0] if isinstance(kind, list) and kind else kind)


def _names(author: Any) -> list[str]:
    if isinstance(author, str):
        return [author]
    if isinstance(author, dict):
        return [author["name"]] if isinstance(author.get("name"), str) else []
    return [n for a in author for n in _names(a)] if isinstance(author, list) else []


def _same_site(canonical: str, url: str) -> str:
    link = urls.link(canonical, url) if canonical else ""
    if not link or not urlsplit(link).path.strip("/"):
        return ""
    mine, theirs = (urlsplit(u).netloc.removeprefix("www.") for u in (url, link))
    return link if mine == theirs else ""
