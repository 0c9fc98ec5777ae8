"""What machines read: JSON Feed, sitemap, robots.txt and llms.txt, as bytes. The Atom feeds are Pelican's; `writer` holds them steady."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

from feedgenerator import SyndicationFeed, get_tag_uri  # type: ignore[import-untyped]

from ..model import Correction
from . import conf, links, words
from .admitted import AdmittedArticle, AdmittedEdition, Withdrawn
from .catalog import Catalog

LONGEST = conf.FEED_ENTRIES


def entry_id(c: Catalog, a: AdmittedArticle) -> str:
    """An entry's permanent id, the same in Atom and JSON: a tag URI of host, first day and path."""
    return str(get_tag_uri(c.links.full(links.article(a.article.edition, a.id)), c.published_at(a)))


def json_feed(c: Catalog) -> bytes:
    """JSON Feed 1.1 with the whole text of the newest articles."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": c.publication.name,
        "home_page_url": c.links.full(links.HOME),
        "feed_url": c.links.full(links.JSON_FEED),
        "description": c.publication.description or c.publication.tagline,
        "language": c.publication.language,
        "icon": c.links.full(links.LOGO),
        "authors": [{"name": c.publication.author.name, "url": c.links.full(links.author(c.publication.author.id))}],
        "items": [_item(c, a) for a in c.articles[:LONGEST]],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _item(c: Catalog, a: AdmittedArticle) -> dict[str, object]:
    address = c.links.full(links.article(a.article.edition, a.id))
    return {
        "id": entry_id(c, a),
        "url": address,
        "title": a.article.title,
        "summary": a.article.dek,
        "content_html": c.body(a).feed,
        "date_published": c.published_at(a).isoformat(),
        "date_modified": c.changed_at(a).isoformat(),
        "authors": [{"name": a.article.author, "url": c.links.full(links.author(c.author_id(a.article.author)))}],
        "tags": [words.topic(t) for t in a.article.topics],
        "language": c.publication.language,
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry of a feed that does not hold whole articles. `html` is safe markup; `key` makes its id and never changes."""

    title: str
    key: str
    link: str
    published: datetime
    html: str
    updated: datetime | None = None


def add(feed: SyndicationFeed, c: Catalog, entry: Entry) -> None:
    """Put an entry into an Atom feed, under a tag URI of host, first day and key."""
    feed.add_item(
        title=entry.title,
        link=entry.link,
        description=None,
        content=entry.html,
        unique_id=get_tag_uri(c.links.full(entry.key), entry.published),
        author_name=c.publication.author.name,
        pubdate=entry.published,
        updateddate=entry.updated,
    )


def edition_entries(c: Catalog) -> list[Entry]:
    """One entry an edition, newest first."""
    return [_edition(c, e) for e in c.editions[:LONGEST]]


def _edition(c: Catalog, e: AdmittedEdition) -> Entry:
    path = links.edition(e.edition.number)
    published = c.published_at(e.articles[0])
    changed = max(c.changed_at(a) for a in e.articles)
    return Entry(
        title=f"No. {e.edition.number}: {e.articles[0].article.title}",
        key=path,
        link=c.links.full(path),
        published=published,
        html=edition_html(c, e),
        updated=changed if changed > published else None,
    )


def correction_entries(c: Catalog) -> list[Entry]:
    """One entry a correction or withdrawal, newest first: for readers who cited a briefing."""
    out = [_correction(c, a, note, n) for a in c.articles for n, note in enumerate(a.article.corrections, 1)]
    out += [_withdrawal(c, w) for w in c.admitted.withdrawn]
    return sorted(out, key=lambda e: (e.published, e.key), reverse=True)[:LONGEST]


def _correction(c: Catalog, a: AdmittedArticle, note: Correction, place: int) -> Entry:
    path = links.article(a.article.edition, a.id)
    return Entry(
        title=f"Correction: {a.article.title}",
        key=f"{path}corrections/{place}",
        link=f"{c.links.full(path)}#correction",
        published=datetime.combine(note.date, c.publication.send_time, c.publication.tz),
        html=f"<p>{html.escape(note.text)}</p>",
    )


def _withdrawal(c: Catalog, w: Withdrawn) -> Entry:
    return Entry(
        title=f"Withdrawn: {words.withdrawn(w.id, w.edition)}",
        key=f"{links.CORRECTIONS}withdrawn/{w.record.digest.removeprefix('sha256:')[:16]}",
        link=c.links.full(links.CORRECTIONS),
        published=w.record.approved_at.astimezone(c.publication.tz),
        html=f"<p>{html.escape(w.record.note)}</p>",
    )


def edition_html(c: Catalog, e: AdmittedEdition) -> str:
    """An edition as a feed entry: its briefings with their decks."""
    rows = []
    for a in e.articles:
        address = c.links.full(links.article(a.article.edition, a.id))
        rows.append(f'<li><a href="{html.escape(address)}">{html.escape(a.article.title)}</a>. {html.escape(a.article.dek)}</li>')
    return f"<ol>{''.join(rows)}</ol>"


def sitemap(c: Catalog, pages: Iterable[tuple[str, date | datetime | None]]) -> bytes:
    """Each path once, in order of path, with the day it last changed where the record tells."""
    rows = []
    for path, changed in sorted(pages, key=lambda pair: pair[0]):
        when = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
        rows.append(f"<url><loc>{escape(c.links.full(path))}</loc>{when}</url>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n' + "\n".join(rows) + "\n</urlset>\n"
    ).encode("utf-8")


def robots(c: Catalog) -> bytes:
    """Everything may be read; the sitemap is named. Feeds and the email's copies are not blocked: senders fetch them."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {c.links.full(links.SITEMAP)}\n".encode()


def llms(c: Catalog) -> bytes:
    """The site in a page of Markdown for programs that read on a person's behalf."""
    full = c.links.full
    out = [f"# {c.publication.name}", "", f"> {c.publication.description or c.publication.tagline}", ""]
    out += ["Each briefing cites its sources sentence by sentence, says who approved it and when, and is corrected in the open.", ""]
    out += ["## Editions", ""]
    out += [
        f"- [No. {e.edition.number}, {words.day(e.edition.date)}]({full(links.edition(e.edition.number))}): {_plain(e.articles[0].article.title)}"
        for e in c.editions[:10]
    ] or ["- No edition has been published yet."]
    out += ["", "## Feeds", "", f"- [All briefings, Atom]({full(links.ATOM)})", f"- [All briefings, JSON Feed]({full(links.JSON_FEED)})"]
    out += [f"- [Deadlines, iCalendar]({full(links.CALENDAR)})", "", "## Policy", ""]
    out += [f"- [Our sources]({full(links.SOURCES)})", f"- [Corrections]({full(links.CORRECTIONS)})"]
    out += [f"- [{words.topic(p.name)}]({full(links.page(p.name))})" for p in c.admitted.pages if p.name != "corrections"]
    return ("\n".join(out) + "\n").encode("utf-8")


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("[", "(").replace("]", ")")
