"""A publisher's feed as bytes: RSS 2.0, RSS 1.0 (RDF), Atom, JSON Feed 1.1. The register's JSON API stands in `register`.

The feeds are as real ones are, not as a validator would like them: some wrap the summary in HTML, titles may carry
markup, a link may be relative, a date may be missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape, unescape
from typing import Any

import markdown
from lxml import etree

from .records import Page, Publisher

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RSS1 = "http://purl.org/rss/1.0/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# None is the default namespace; the stubs of lxml know only named ones.
_ATOM_NAMES: Any = {None: _ATOM}
_RDF_NAMES: Any = {None: _RSS1, "rdf": _RDF, "dc": _DC, "content": _CONTENT}
_TAG = re.compile(r"</?[a-z][a-z0-9]*>")

Element = Any  # lxml's own types are of no use to a caller; nothing of lxml leaves this module


def body_html(page: Page) -> str:
    """The page's text as HTML."""
    return markdown.markdown(page.body, output_format="html")


def rss(publisher: Publisher, pages: Sequence[Page], as_of: datetime) -> bytes:
    """RSS 2.0."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": _ATOM, "content": _CONTENT, "dc": _DC})
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", publisher.name)
    _add(channel, "link", publisher.site)
    _add(channel, "description", f"News from {publisher.name}")
    _add(channel, "language", publisher.language.lower())
    _add(channel, f"{{{_ATOM}}}link", href=publisher.feed_url, rel="self", type="application/rss+xml")
    if pages:
        _add(channel, "lastBuildDate", _rfc822(newest(pages, as_of)))
    for page in pages:
        _rss_item(_add(channel, "item"), page)
    return _xml(root)


def _rss_item(item: Element, page: Page) -> None:
    _add(item, "title", page.title)
    _add(item, "link", page.feed_link)
    _add(item, "guid", f"{page.publisher.host}:{page.slug}", isPermaLink="false")
    if page.published:
        _add(item, "pubDate", _rfc822(page.published))
    if page.author:
        _add(item, f"{{{_DC}}}creator", page.author)
    if page.summary:
        # Agencies send plain text, papers send a paragraph of HTML: both are met every day.
        _add(item, "description", page.summary if page.publisher.tier == "primary" else f"<p>{escape(page.summary, quote=False)}</p>")
    if page.full_text_in_feed:
        _add(item, f"{{{_CONTENT}}}encoded", body_html(page))
    if page.enclosure:
        _add(item, "enclosure", url=page.enclosure, type="audio/mpeg", length="18874368")


def rdf(publisher: Publisher, pages: Sequence[Page], as_of: datetime) -> bytes:
    """RSS 1.0, which is RDF: the items stand beside the channel and are listed in it."""
    del as_of  # nothing in this format tells when the feed itself changed
    root = etree.Element(f"{{{_RDF}}}RDF", nsmap=_RDF_NAMES)
    channel = _add(root, f"{{{_RSS1}}}channel")
    channel.set(f"{{{_RDF}}}about", publisher.feed_url)
    _add(channel, f"{{{_RSS1}}}title", publisher.name)
    _add(channel, f"{{{_RSS1}}}link", publisher.site)
    _add(channel, f"{{{_RSS1}}}description", f"News from {publisher.name}")
    _add(channel, f"{{{_DC}}}language", publisher.language)
    listed = _add(_add(channel, f"{{{_RSS1}}}items"), f"{{{_RDF}}}Seq")
    for page in pages:
        _add(listed, f"{{{_RDF}}}li").set(f"{{{_RDF}}}resource", page.url)
        _rdf_item(_add(root, f"{{{_RSS1}}}item"), page)
    return _xml(root)


def _rdf_item(item: Element, page: Page) -> None:
    item.set(f"{{{_RDF}}}about", page.url)
    _add(item, f"{{{_RSS1}}}title", page.title)
    _add(item, f"{{{_RSS1}}}link", page.feed_link)
    if page.summary:
        _add(item, f"{{{_RSS1}}}description", page.summary)
    if page.full_text_in_feed:
        _add(item, f"{{{_CONTENT}}}encoded", body_html(page))
    if page.author:
        _add(item, f"{{{_DC}}}creator", page.author)
    if page.published:
        _add(item, f"{{{_DC}}}date", _iso(page.published))


def atom(publisher: Publisher, pages: Sequence[Page], as_of: datetime) -> bytes:
    """Atom 1.0. An undated entry has no `updated`, against the standard and as met in the wild."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_ATOM_NAMES)
    root.set(_XML_LANG, publisher.language)
    _atom(root, "title", publisher.name)
    _atom(root, "id", publisher.site)
    _atom(root, "link", rel="self", type="application/atom+xml", href=publisher.feed_url)
    _atom(root, "link", rel="alternate", type="text/html", href=publisher.site)
    if pages:
        _atom(root, "updated", _iso(newest(pages, as_of)))
    for page in pages:
        _atom_entry(_atom(root, "entry"), page, as_of)
    return _xml(root)


def _atom_entry(entry: Element, page: Page, as_of: datetime) -> None:
    _atom(entry, "title", page.title, type="html" if page.title_is_html else "text")
    _atom(entry, "id", f"tag:{page.publisher.host},2026:{page.slug}")
    _atom(entry, "link", rel="alternate", type="text/html", href=page.feed_link)
    if page.enclosure:
        _atom(entry, "link", rel="enclosure", type="audio/mpeg", length="18874368", href=page.enclosure)
    if page.published:
        _atom(entry, "published", _iso(page.published))
        _atom(entry, "updated", _iso(max(page.changed(as_of), page.published)))
    if page.author:
        _atom(_atom(entry, "author"), "name", page.author)
    if page.summary:
        _atom(entry, "summary", page.summary, type="text")
    if page.full_text_in_feed:
        _atom(entry, "content", body_html(page), type="html")


def jsonfeed(publisher: Publisher, pages: Sequence[Page], as_of: datetime) -> bytes:
    """JSON Feed 1.1."""
    return dump(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": publisher.name,
            "home_page_url": publisher.site,
            "feed_url": publisher.feed_url,
            "language": publisher.language,
            "items": [_json_item(page, as_of) for page in pages],
        }
    )


def _json_item(page: Page, as_of: datetime) -> dict[str, object]:
    item: dict[str, object] = {"id": page.url, "url": page.feed_link, "title": page.title}
    if page.full_text_in_feed:
        item["content_html"] = body_html(page)
    else:
        item["content_text"] = page.summary
    if page.summary:
        item["summary"] = page.summary
    if page.published:
        item["date_published"] = _iso(page.published)
    if page.updated and page.updated < as_of:
        item["date_modified"] = _iso(page.updated)
    if page.author:
        item["authors"] = [{"name": page.author}]
    if page.enclosure:
        item["attachments"] = [{"url": page.enclosure, "mime_type": "audio/mpeg", "size_in_bytes": 18_874_368}]
    return item


#: How each kind is written, and as which media type.
WRITERS: Mapping[str, tuple[Callable[[Publisher, Sequence[Page], datetime], bytes], str]] = {
    "rss": (rss, "application/rss+xml; charset=utf-8"),
    "rdf": (rdf, "application/rdf+xml; charset=utf-8"),
    "atom": (atom, "application/atom+xml; charset=utf-8"),
    "jsonfeed": (jsonfeed, "application/feed+json; charset=utf-8"),
}


def newest(pages: Sequence[Page], as_of: datetime) -> datetime:
    """When the last of these pages appeared or changed, seen from `as_of`. Raises ValueError where there is none."""
    return max(page.changed(as_of) for page in pages)


def plain(title: str) -> str:
    """A title without tags and entities."""
    return unescape(_TAG.sub("", title))


def dump(data: object) -> bytes:
    """JSON as an API sends it."""
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    child = etree.SubElement(parent, name, attributes)
    child.text = text
    return child


def _atom(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    return _add(parent, f"{{{_ATOM}}}{name}", text, **attributes)


def _xml(root: Element) -> bytes:
    out: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return out


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
