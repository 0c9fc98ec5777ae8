"""A publisher's web pages as bytes, with everything around the text that a reader of pages has to leave out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .feeds import WRITERS, body_html, plain
from .records import SAMPLE, Page, Publisher

#: Which template a publisher's pages are set in, by its tier.
_TEMPLATES = {"primary": "office.html", "wire": "press.html", "trade": "press.html", "analysis": "notes.html", "vendor": "notes.html"}
_RELATED = 4


def article(page: Page, shown: Sequence[Page], as_of: datetime) -> bytes:
    """The page as it stands at `as_of`; `shown` are the publisher's pages to link to from its margin."""
    publisher = page.publisher
    updated = page.updated if page.updated and page.updated < as_of else None
    text = _environment(SAMPLE / "templates").get_template(_TEMPLATES[publisher.tier]).render(
        page=page,
        publisher=publisher,
        title=Markup(page.title) if page.title_is_html else page.title,  # our own file: markup in it is the case it makes
        plain_title=plain(page.title),
        body=Markup(body_html(page)),
        day=_day(page.published, page.language),
        updated=updated,
        updated_day=_day(updated, page.language),
        related=[other for other in shown if other != page and not other.no_page][:_RELATED],
        feed_type=feed_type(publisher),
        json_ld=_json_ld(page),
    )  # fmt: skip
    return text.encode()


def home(publisher: Publisher, shown: Sequence[Page]) -> bytes:
    """The publisher's front page: its feed's address in the head, its pages in a list."""
    pages = [page for page in shown if not page.no_page]
    template = _environment(SAMPLE / "templates").get_template("home.html")
    return template.render(publisher=publisher, pages=pages, feed_type=feed_type(publisher)).encode()


def feed_type(publisher: Publisher) -> str:
    """The media type of this publisher's feed, without parameters."""
    return WRITERS[publisher.kind][1].partition(";")[0] if publisher.kind in WRITERS else "application/json"


@cache
def _environment(folder: Path) -> Environment:
    return Environment(loader=FileSystemLoader(folder, encoding="utf-8"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)


def _json_ld(page: Page) -> dict[str, object]:
    data: dict[str, object] = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": plain(page.title), "url": page.url}
    if page.published:
        data["datePublished"] = page.published.isoformat()
    if page.author:
        data["author"] = {"@type": "Person", "name": page.author}
    return data


def _day(moment: datetime | None, language: str) -> str:
    if moment is None:
        return ""
    if language == "en-US":
        return f"{moment:%B} {moment.day}, {moment.year}"
    return moment.date().isoformat() if not language.startswith("en") else f"{moment.day} {moment:%B} {moment.year}"
