"""Bytes of a feed to frozen entries of plain text.

Sound documents are read by `quick`; all others by feedparser, whose only user this is. It gets a byte stream and nothing else: given
text it would open paths and addresses. It is imported when it is first needed: most runs never do.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from ..errors import FetchError
from ..model import Source
from . import clean, dates, quick, sitemap, urls
from .entries import Entry, Feed, Raw

_CLOSED = re.compile(rb"</(?:[A-Za-z]+:)?(?:rss|feed|RDF|channel)\s*>\s*(?:<!--.*?-->\s*)*$", re.DOTALL)
_AFTER_ENTRY = re.compile(rb"</(?:[A-Za-z]+:)?(?:item|entry)\s*>\s*$")
_FIRST_WORDS = 12
#: Longest name of a publisher: what an article's source list takes.
_PUBLISHER = 120
#: A template's placeholder that the publisher's software did not fill in: `{static}/x`, `{{ url }}`. No page has such an address.
_UNFILLED = re.compile(r"^\s*[{|]|\{[{%#$]")
_REFERENCE = re.compile(r"&(?:#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z]{2,8}[0-9]{0,2});")
#: Entries looked at in one feed; what lies beyond is counted, not read.
_MOST_READ = 20_000


def parse(data: bytes, source: Source, *, url: str, content_type: str, now: datetime) -> Feed:
    """The entries of a feed, newest kept where there are more than `source.max_items`.

    `url` is where the bytes came from: relative links are resolved against it. Raises FetchError ("not-a-feed") with the content
    type and the first visible words.
    """
    if source.kind == "federal_register":
        feed = _federal_register(data, content_type, now)
    elif source.kind == "sitemap":
        listed = sitemap.read(data, source, now)
        if listed is None:
            raise not_a_feed(data, content_type)
        feed = listed
    elif data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        feed = _json_feed(data, source, url, content_type, now)
    else:
        feed = _xml(data, source, url, content_type, now)
    return _newest(feed, source.max_items)


def not_a_feed(data: bytes, content_type: str) -> FetchError:
    """The error for bytes that hold no feed: says the content type and the first words a person would see."""
    words = clean.line(clean.text(data[:20_000].decode("utf-8", "replace"), 400), 80)
    seen = f"begins {words!r}" if words else "is empty"
    return FetchError(
        "not-a-feed", f"the answer ({content_type.split(';')[0].strip()[:60] or 'no content type'}) {seen}; check the address, or remove the source"
    )


# ------------------------------------------------------------------ RSS, RDF, Atom


def _xml(data: bytes, source: Source, url: str, content_type: str, now: datetime) -> Feed:
    if not data.strip():
        raise not_a_feed(data, content_type)
    sound = quick.read(data, content_type)
    if sound is not None:
        form, all_raws, mended = sound
        feed = _feed(all_raws[:_MOST_READ], source, url, now, form, "not well-formed" if mended else "")
        return replace(feed, over=max(0, len(all_raws) - _MOST_READ))
    return tolerant(data, source, url, content_type, now)


def tolerant(data: bytes, source: Source, url: str, content_type: str, now: datetime) -> Feed:
    """What feedparser makes of any XML that is or means to be a feed. Raises FetchError ("not-a-feed")."""
    import feedparser  # noqa: PLC0415

    try:
        found = feedparser.parse(io.BytesIO(data), response_headers={"content-type": content_type, "content-location": url}, sanitize_html=False)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError, IndexError, KeyError) as error:
        raise FetchError("not-a-feed", f"the feed cannot be read ({type(error).__name__}); tell the publisher") from error
    if not found.get("version") and not found.entries:
        raise not_a_feed(data, content_type)
    raws = [_raw(e) for e in islice(found.entries, _MOST_READ)]
    flaw = _flaw(found, data)
    if flaw == "cut off" and raws and not _AFTER_ENTRY.search(data):
        raws.pop()  # the entry in which the document stops is not whole
    feed = _feed(raws, source, url, now, str(found.get("version") or "xml"), flaw)
    return replace(feed, over=max(0, len(found.entries) - _MOST_READ))


def _flaw(found: Any, data: bytes) -> str:
    if b"<!ENTITY" in data:
        return "declares entities"
    if not found.get("bozo"):
        return ""
    if not _CLOSED.search(data[-2_000:]):
        return "cut off"
    what = type(found.get("bozo_exception")).__name__
    if what in {"NonXMLContentType"}:
        return ""
    return f"wrong encoding, read as {found.get('encoding')}" if what.startswith("CharacterEncoding") else "not well-formed"


def _raw(entry: Any) -> Raw:
    texts = [c for c in entry.get("content", []) if c.get("value")] or [entry.get("summary_detail") or {"value": entry.get("summary", ""), "type": "text/html"}]
    text = max(texts, key=lambda c: len(c.get("value") or ""))
    title = entry.get("title_detail") or {}
    return Raw(
        id=str(entry.get("id") or ""),
        link=str(entry.get("link") or ""),
        title=str(title.get("value") or entry.get("title") or ""),
        title_html=title.get("type") != "text/plain",
        text=str(text.get("value") or ""),
        text_html=text.get("type") != "text/plain",
        author=str(entry.get("author") or ""),
        publisher=str((entry.get("source") or {}).get("title") or ""),
        published=_date_text(entry),
    )


def _date_text(entry: Any) -> str:
    for name in ("published", "created", "updated"):
        parsed = entry.get(f"{name}_parsed")
        if parsed:
            try:
                return datetime(*tuple(parsed)[:6]).replace(tzinfo=UTC).isoformat()  # noqa: DTZ001 - feedparser gives UTC
            except (ValueError, TypeError):
                pass
        if entry.get(name):
            return str(entry[name])
    return ""


# ------------------------------------------------------------------------ JSON


def _json_feed(data: bytes, source: Source, url: str, content_type: str, now: datetime) -> Feed:
    document = _json(data, content_type)
    version = str(document.get("version") or "")
    items = document.get("items")
    if "jsonfeed.org/version/" not in version or not isinstance(items, list):
        raise not_a_feed(data, content_type)
    raws = [_raw_json(i) for i in items[:_MOST_READ] if isinstance(i, dict)]
    if _escaped([r.title for r in raws]):
        raws = [replace(r, title=unescape(r.title)) for r in raws]
    feed = _feed(raws, source, url, now, "json" + version.rsplit("/", 1)[-1].replace(".", ""), "")
    return replace(feed, over=max(0, len(items) - _MOST_READ))


def _escaped(titles: Iterable[str]) -> bool:
    """Whether a publisher escapes titles that should be plain text, as WordPress does (`R&amp;D`, `isn&#8217;t`).

    The format allows markup in `content_html` only. The document itself tells: a character reference in some title and no bare
    ampersand in any. Where one stands bare, the publisher writes plain text, and a reference in a title is what the title is about.
    """
    held = [t for t in titles if "&" in t]
    return bool(held) and all("&" not in _REFERENCE.sub("", t) for t in held)


def _raw_json(item: Mapping[str, Any]) -> Raw:
    authors = item.get("authors") or [item.get("author") or {}]
    names = [str(a.get("name") or "") for a in authors if isinstance(a, dict)] if isinstance(authors, list) else []
    as_html = _text(item.get("content_html"))
    return Raw(
        id=_text(item.get("id")),
        link=_text(item.get("url") or item.get("external_url")),
        title=_text(item.get("title")),
        title_html=False,
        text=as_html or _text(item.get("content_text")) or _text(item.get("summary")),
        text_html=bool(as_html),
        author=", ".join(n for n in names if n),
        publisher="",
        published=_text(item.get("date_published") or item.get("date_modified")),
    )


def _federal_register(data: bytes, content_type: str, now: datetime) -> Feed:
    """The documents API of the Federal Register: `results` with days as fields, further pages in `next_page_url`."""
    document = _json(data, content_type)
    results = document.get("results", [] if document.get("count") == 0 else None)
    if not isinstance(results, list):
        raise not_a_feed(data, content_type)
    entries = tuple(e for r in results if isinstance(r, dict) and (e := _register_entry(r, now)) is not None)
    return Feed(entries=entries, format="federal_register", skipped=len(results) - len(entries), next_url=urls.link(_text(document.get("next_page_url"))))


def _register_entry(result: Mapping[str, Any], now: datetime) -> Entry | None:
    title, link = clean.title(_text(result.get("title"))), urls.link(_text(result.get("html_url")))
    if not title or not link:
        return None
    agencies = [_text(a.get("name") or a.get("raw_name")) for a in result.get("agencies") or [] if isinstance(a, dict)]
    days = {k: _text(result.get(k)) for k in ("effective_on", "comments_close_on", "document_number", "type", "citation", "action", "dates")}
    shown = (clean.text(_text(result.get(k))) for k in ("abstract", "action", "dates", "body_text"))
    return Entry(
        id=_text(result.get("document_number")) or link,
        link=link,
        title=title,
        summary=clean.cut("\n\n".join(s for s in shown if s), clean.TEXT),
        author=clean.line(", ".join(a for a in agencies if a)),
        published=dates.parse(_text(result.get("publication_date")), now),
        fields={k: clean.line(v) for k, v in {**days, "agencies": "; ".join(agencies)}.items() if v},
    )


def _json(data: bytes, content_type: str) -> Mapping[str, Any]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise not_a_feed(data, content_type) from error
    if not isinstance(document, dict):
        raise not_a_feed(data, content_type)
    return document


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


# --------------------------------------------------------------------- cleaning


def _feed(raws: Iterable[Raw], source: Source, url: str, now: datetime, form: str, flaw: str) -> Feed:
    entries, skipped, no_link = [], 0, 0
    for raw in raws:
        entry = entry_of(raw, url, now, day_first=source.day_first)
        if entry is None:
            skipped += 1
            continue
        no_link += not entry.link
        entries.append(entry)
    return Feed(entries=tuple(entries), format=form, flaw=flaw, skipped=skipped, no_link=no_link)


def entry_of(raw: Raw, base: str, now: datetime, *, day_first: bool = False) -> Entry | None:
    """The cleaned entry, or None where there is neither a title nor a link nor a text."""
    title = (clean.title if raw.title_html else clean.line)(raw.title)
    summary = (clean.text if raw.text_html else clean.paragraphs)(raw.text)
    link = urls.link(raw.link, base) if raw.link and not _UNFILLED.search(raw.link) else ""
    if not link and raw.id.startswith(("http://", "https://")) and not raw.link:
        link = urls.link(raw.id)
    title = title or _title_from(summary) or _title_of_link(link)
    if not title:
        return None
    fields = {"link": "left out: not an address that may be followed"} if raw.link and not link else {}
    return Entry(
        id=clean.line(raw.id, urls.LONGEST),
        link=link,
        title=title,
        summary=summary,
        author=clean.title(raw.author, 200),
        publisher=clean.title(raw.publisher, _PUBLISHER),
        published=dates.parse(raw.published, now, day_first=day_first),
        fields=fields,
    )


def _title_from(summary: str) -> str:
    words = summary[:400].split()
    return " ".join(words[:_FIRST_WORDS]) + (" …" if len(words) > _FIRST_WORDS else "")


def _title_of_link(link: str) -> str:
    parts = urlsplit(link)
    return clean.line(f"{parts.netloc}{parts.path}".rstrip("/"), 120)


def _newest(feed: Feed, most: int) -> Feed:
    """At most `most` entries, the newest ones, in the feed's own order. An undated entry counts as old as the dated one before it."""
    if len(feed.entries) <= most:
        return feed
    ages: list[datetime] = []
    last = datetime.max.replace(tzinfo=UTC)
    for entry in feed.entries:
        last = entry.published or last
        ages.append(last)
    order: Callable[[int], datetime] = ages.__getitem__
    kept = sorted(sorted(range(len(ages)), key=order, reverse=True)[:most])
    return replace(feed, entries=tuple(feed.entries[i] for i in kept), over=feed.over + len(ages) - most)
