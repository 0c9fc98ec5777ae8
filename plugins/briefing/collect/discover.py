"""From the address an editor has to the feed behind it, and to the lines for `sources.yaml`; lists of feeds in and out (OPML)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from lxml import etree, html

from ..errors import ConfigError, FetchError, UsageError
from ..model import Source
from . import clean, leads, urls
from .fetch import Fetcher
from .workers import Workers

_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
#: Meta elements in which a site says what it is called.
#: Where publishers put their feed when they do not name it in the page.
_GUESSES = ("/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
_LARGEST_OPML = 5_000_000
#: A description with whatever stands in it, up to the quotation mark that the next attribute or the end of the tag follows.
_DESCRIPTION = re.compile(rb'\sdescription="[^\n]{0,2000}?"(?=\s+[A-Za-z_:]{1,30}="|\s*/?>\s*\n)')
_BARE_AMPERSAND = re.compile(rb"&(?!#\d+;|#[xX][0-9a-fA-F]+;|\w+;)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A feed that was found or listed."""

    url: str
    title: str
    site: str
    category: str = ""


async def feed_of(url: str, fetcher: Fetcher, workers: Workers, now: datetime) -> Found:
    """The feed at or behind an address: the address itself, what its page names, or a usual place on the site.

    Raises FetchError ("not-a-feed") where none is found, with what was tried.
    """
    page = await fetcher.get(url, accept="text/html, application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.5")
    probe = Source(id="probe", name="probe", url=page.url, site=page.url, category="x", kind="rss", tier="trade", max_items=5)
    if await _is_feed(probe, page.body, page.content_type, workers, now):
        return Found(url=page.url, title=_feed_title(page.body) or urlsplit(page.url).netloc, site=_root(page.url))
    title, named = _named_in(page.body, page.url)
    tried = list(dict.fromkeys([*named, *(_root(page.url).rstrip("/") + g for g in _GUESSES)]))
    for candidate in tried:
        try:
            answer = await fetcher.get(candidate)
        except FetchError:
            continue
        if await _is_feed(probe, answer.body, answer.content_type, workers, now):
            return Found(url=candidate, title=_feed_title(answer.body) or title or urlsplit(page.url).netloc, site=_root(page.url))
    places = ", ".join(urlsplit(t).path for t in tried[:8])
    raise FetchError("not-a-feed", f"no feed there, in its page or at {places}; give the feed's own address", url=url)


async def _is_feed(probe: Source, body: bytes, content_type: str, workers: Workers, now: datetime) -> bool:
    try:
        feed = await workers.feed(body, probe, url=probe.url, content_type=content_type, now=now)
    except FetchError:
        return False
    return bool(feed.entries)


def _named_in(body: bytes, base: str) -> tuple[str, list[str]]:
    """What the site calls itself, and the feeds its head names; comment feeds last.

    A page's own title is its headline wherever somebody pastes the address of an article, so it is no name.
    """
    try:
        tree = html.fromstring(body[:4_000_000])
    except (etree.ParserError, ValueError):
        return "", []
    links = [e for e in tree.iter("link") if "alternate" in (e.get("rel") or "").lower().split() and (e.get("type") or "").lower() in _FEED_TYPES]
    links.sort(key=lambda e: "comment" in ((e.get("title") or "") + (e.get("href") or "")).lower())
    named = [
        str(e.get("content") or "") for e in tree.iter("meta") if (e.get("property") or e.get("name") or "").lower() in {"og:site_name", "application-name"}
    ]
    title = next((t for t in (clean.line(n, 100) for n in named) if t and "://" not in t), "")
    return title, [u for e in links if (u := urls.link(e.get("href") or "", base))]


def _feed_title(body: bytes) -> str:
    """What a feed calls itself."""
    if body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            return ""
        return clean.line(str(document.get("title") or ""), 100) if isinstance(document, dict) else ""
    found = re.search(rb"<title[^>]*>\s*(?:<!\[CDATA\[)?([^<\]]{1,200})", re.split(rb"<(?:item|entry)[\s>]", body[:20_000], maxsplit=1)[0])
    return clean.title(found[1].decode("utf-8", "replace"), 100) if found else ""


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


# ------------------------------------------------------------------ sources.yaml


def entry(found: Found, taken: Iterable[str], *, category: str = "", tier: str = "trade") -> tuple[str, str]:
    """An id nobody has, and the lines of a source to stand under `sources:`. Category and tier are for the editor to correct.

    A feed of an aggregator's own is of tier `aggregator`, whatever was asked for.
    """
    used = set(taken)
    stem = slug(found.title) or slug(urlsplit(found.url).netloc) or "source"
    name = next(n for n in (stem, *(f"{stem}-{k}" for k in range(2, 10_000))) if n not in used)
    lines = [
        f"  - id: {name}",
        f"    name: {json.dumps(found.title or name, ensure_ascii=False)}",
        f"    url: {json.dumps(found.url, ensure_ascii=False)}",
        f"    site: {json.dumps(found.site, ensure_ascii=False)}",
        f"    category: {slug(category or found.category) or 'unsorted'}",
        "    kind: rss",
        f"    tier: {'aggregator' if leads.aggregator(found.url) else tier}",
    ]
    return name, "\n".join(lines) + "\n"


def slug(text: str) -> str:
    """Letters, digits and hyphens, at most 60; accents are dropped, letters of other scripts left out."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii") if not text.isascii() else text
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-")


# -------------------------------------------------------------------------- OPML


def from_opml(data: bytes, name: str) -> tuple[Found, ...]:
    """The feeds of a subscription list, folders as categories, each address once. Raises ConfigError where it is no OPML."""
    if len(data) > _LARGEST_OPML:
        raise ConfigError(f"{name}:1: is larger than {_LARGEST_OPML:,} bytes; split it")
    root = _tree(data)
    if root is None:
        raise ConfigError(f"{name}:1: is not readable XML; export the list again")
    if root.tag != "opml":
        raise ConfigError(f"{name}:1: is {root.tag!s:.40}, not OPML; export a subscription list")
    found: dict[str, Found] = {}
    for outline in root.iter("outline"):
        given = {str(k).lower(): str(v) for k, v in outline.items()}  # some exports write xmlurl
        url = urls.link(given.get("xmlurl", ""))
        if url and url not in found:
            parent = outline.getparent()
            folder = (parent.get("text") or parent.get("title") or "") if parent is not None and parent.tag == "outline" else ""
            title = clean.line(given.get("title") or given.get("text") or "", 100)
            found[url] = Found(url=url, title=title or urlsplit(url).netloc, site=urls.link(given.get("htmlurl", "")) or _root(url), category=folder)
    return tuple(found.values())


def _tree(data: bytes) -> etree._Element | None:
    """The list's XML. Many exports forget to escape; what can be read of those is, but nothing that declares entities.

    The texts that break a list are nearly always descriptions, with quotation marks and tags of their own: those are left out first.
    """
    if b"<!DOCTYPE" in data.upper():
        return None
    limits: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    data = _BARE_AMPERSAND.sub(b"&amp;", data)
    try:
        root = etree.fromstring(data, etree.XMLParser(**limits))
    except etree.XMLSyntaxError:
        try:
            root = etree.fromstring(_DESCRIPTION.sub(b"", data), etree.XMLParser(**limits, recover=True))
        except etree.XMLSyntaxError:
            return None
    return root if root is not None and (root.tag != "opml" or root.find(".//outline") is not None) else None


def to_opml(sources: Iterable[Source], title: str) -> str:
    """A subscription list any feed reader takes, one folder a category. Sources that are no feeds are left out."""
    folders: dict[str, list[Source]] = {}
    for source in sources:
        if source.kind in {"rss", "atom", "jsonfeed"}:
            folders.setdefault(source.category, []).append(source)
    head = clean.line(title).replace("&", "&amp;").replace("<", "&lt;")
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<opml version="2.0">', f"  <head><title>{head}</title></head>", "  <body>"]
    for category, members in folders.items():
        lines.append(f"    <outline text={quoteattr(category)}>")
        for s in members:
            lines.append(f'      <outline type="rss" text={quoteattr(s.name)} xmlUrl={quoteattr(s.url)} htmlUrl={quoteattr(s.site)}/>')
        lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def appended(text: str, blocks: Iterable[str]) -> str:
    """A `sources.yaml` with more sources at its end. Raises UsageError where `sources:` is not its last key."""
    keys = re.findall(r"^([A-Za-z_]+):", text, re.MULTILINE)
    if not keys or keys[-1] != "sources":
        raise UsageError("sources.yaml: `sources:` is not the last key, so nothing can be added at the end; move it there")
    flush = re.search(r"^- ", text[text.rindex("sources:") :], re.MULTILINE)  # the list stands at the margin: so does what is added
    added = "".join(blocks)
    return text.rstrip("\n") + "\n" + (re.sub(r"^  ", "", added, flags=re.MULTILINE) if flush else added)
