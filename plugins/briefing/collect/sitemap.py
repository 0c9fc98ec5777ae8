"""News pages of sites without a feed: the pages their sitemap lists, newest first."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from lxml import etree

from ..model import Source
from . import clean, dates, urls
from .entries import Entry, Feed

_MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_LARGEST = 52_428_800  # the protocol's own limit, unpacked


def read(data: bytes, source: Source, now: datetime) -> Feed | None:
    """The pages under `options.under` (a path, or several with commas), or None where this is no sitemap.

    A page's day is what a news sitemap states; `lastmod` is when it was touched, so it only orders. An index gives its newest map as
    `next_url`. The title is the news title, else the words of the address: the page itself has the right one.
    """
    if data[:2] == b"\x1f\x8b":
        try:
            data = zlib.decompressobj(31).decompress(data, _LARGEST)
        except zlib.error:
            return None
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.tag == f"{_MAPS}sitemapindex":
        maps = sorted(root.iterchildren(f"{_MAPS}sitemap"), key=lambda m: m.findtext(f"{_MAPS}lastmod") or "", reverse=True)
        return Feed(entries=(), format="sitemap", next_url=next((u for m in maps if (u := urls.link((m.findtext(f"{_MAPS}loc") or "").strip()))), ""))
    if root.tag != f"{_MAPS}urlset":
        return None
    prefixes = tuple(p.strip() for p in source.options.get("under", "/").split(",") if p.strip())
    found = [(touched, e) for node in root.iterchildren(f"{_MAPS}url") if (pair := _entry(node, prefixes, now)) for touched, e in [pair]]
    found.sort(key=lambda pair: pair[0], reverse=True)
    kept = tuple(e for _, e in found[: source.max_items])
    return Feed(entries=kept, format="sitemap", over=len(found) - len(kept))


def _entry(node: etree._Element, prefixes: tuple[str, ...], now: datetime) -> tuple[datetime, Entry] | None:
    link = urls.link((node.findtext(f"{_MAPS}loc") or "").strip())
    path = urlsplit(link).path
    if not link or not path.startswith(prefixes) or path.rstrip("/") in {p.rstrip("/") for p in prefixes}:
        return None
    news = node.find(f"{_NEWS}news")
    stated = news.findtext(f"{_NEWS}publication_date") if news is not None else None
    title = clean.title(news.findtext(f"{_NEWS}title") or "") if news is not None else ""
    published = dates.parse(stated or "", now)
    touched = dates.parse(node.findtext(f"{_MAPS}lastmod") or "", now)
    entry = Entry(id=link, link=link, title=title or _words(path), summary="", published=published)
    return touched or published or datetime.min.replace(tzinfo=UTC), entry


def _words(path: str) -> str:
    last = unquote(path.rstrip("/").rpartition("/")[2]).rpartition(".")[0] or unquote(path.rstrip("/").rpartition("/")[2])
    return clean.line(" ".join(last.replace("-", " ").replace("_", " ").split()).capitalize()) or path
