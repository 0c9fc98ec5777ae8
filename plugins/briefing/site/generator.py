"""What Pelican has no page for: home, editions, archive, topics, sources, deadlines, authors, feeds, and the files machines read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pelican.generators import Generator

from . import calendar, feeds, headers, links, pages, pictures, words
from .assets import Assets
from .catalog import Catalog
from .reader import CATALOG

ASSETS = "BRIEFING_ASSETS"


class BriefingGenerator(Generator):  # type: ignore[misc]
    """Writes every page of `pages`, the feeds beside Pelican's, and the theme's files."""

    def generate_output(self, writer: Any) -> None:
        """Called by Pelican once everything is read."""
        catalog: Catalog = self.settings[CATALOG]
        found = list(pages.every(catalog))
        for page in found:
            writer.write_file(links.Links.file(page.path), self.get_template(page.template), self.context, view=page.view)
        self._feeds(writer, catalog)
        paint = pictures.painter(Path(self.settings["THEME"])).png
        for path, picture in catalog.pictures.items():
            writer.bytes_file(path.lstrip("/"), paint(picture))
        for path, data in self._files(catalog, found):
            writer.bytes_file(path.lstrip("/"), data)

    def _feeds(self, writer: Any, catalog: Catalog) -> None:
        by_slug = {a.slug: a for a in self.context["articles"]}
        for slug, found in catalog.topics.items():
            path = links.topic_atom(slug).lstrip("/")
            writer.write_feed([by_slug[a.id] for a in found], self.context, path, path, feed_title=words.topic(slug))
        writer.entries_feed(links.EDITIONS_ATOM.lstrip("/"), "Editions", feeds.edition_entries(catalog), self.context)
        writer.entries_feed(links.CORRECTIONS_ATOM.lstrip("/"), "Corrections", feeds.correction_entries(catalog), self.context)

    def _files(self, catalog: Catalog, found: list[pages.Page]) -> Iterator[tuple[str, bytes]]:
        assets: Assets = self.settings[ASSETS]
        yield from assets.files.items()
        yield links.JSON_FEED, feeds.json_feed(catalog)
        yield links.CALENDAR, calendar.ics(catalog)
        yield links.SITEMAP, feeds.sitemap(catalog, _addresses(catalog, found))
        yield links.ROBOTS, feeds.robots(catalog)
        yield links.LLMS, feeds.llms(catalog)
        yield links.HEADERS, headers.underscore(catalog)
        yield links.HTACCESS, headers.htaccess(catalog)


def _addresses(c: Catalog, found: list[pages.Page]) -> Iterator[tuple[str, datetime | None]]:
    """Every page that may be found by a search engine, with the newest change of what it shows where the record tells."""
    for a in c.articles:
        yield links.article(a.article.edition, a.id), c.changed_at(a)
    changed: dict[str, datetime] = {links.edition(e.edition.number): max(c.changed_at(a) for a in e.articles) for e in c.editions}
    changed |= {links.topic(slug): max(c.changed_at(a) for a in of) for slug, of in c.topics.items()}
    if c.newest:
        changed[links.HOME] = changed[links.edition(c.newest.edition.number)]
    for page in found:
        if page.path != links.NOT_FOUND:
            yield page.path, changed.get(page.path)
    for text in c.admitted.pages:
        yield links.page(text.name), None
