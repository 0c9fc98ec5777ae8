"""How Pelican reads the staging folder: nothing is taken from a file but what the gate verified."""

from __future__ import annotations

import html
import logging
from pathlib import Path
from typing import Any, NoReturn

from pelican.readers import BaseReader
from pelican.urlwrappers import Author

from ..errors import ApprovalRefused
from . import article_page, links, pages, structured, view, words
from .catalog import Catalog

CATALOG = "BRIEFING_CATALOG"  # the setting under which the plugin keeps the catalog of this build


class BriefingReader(BaseReader):  # type: ignore[misc]
    """Markdown of articles and house pages. The words come from the catalog; the file must still hold the same bytes."""

    enabled = True
    file_extensions = ["md"]  # noqa: RUF012 - Pelican reads this name

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Content and metadata of one staged file. Raises ApprovalRefused where it is not what the gate let through."""
        path = Path(source_path)
        catalog: Catalog = self.settings[CATALOG]
        in_pages = path.parent.name == "pages"
        pages_of = {p.name: p.data for p in catalog.admitted.pages}
        data = pages_of.get(path.stem) if in_pages else catalog.by_id[path.stem].data if path.stem in catalog.by_id else None
        if data is None:
            _stop(f"{path.name}: stands in the staging folder but was not let through; run `briefing build` again")
        if path.read_bytes() != data:
            _stop(f"{path.name}: changed between the check and the build; run `briefing build` again")
        return self._page(catalog, path.stem) if in_pages else self._article(catalog, path.stem)

    def _article(self, catalog: Catalog, article_id: str) -> tuple[str, dict[str, Any]]:
        a = catalog.by_id[article_id]
        path = links.article(a.article.edition, a.id)
        updated = catalog.updated_at(a)
        return catalog.body(a).feed, {
            # Feeds strip tags from titles and read summaries as HTML: both are escaped for them.
            "title": html.escape(a.article.title),
            "summary": html.escape(a.article.dek),
            "slug": a.id,
            "status": "published",
            "date": catalog.published_at(a),
            **({"modified": updated} if updated else {}),
            "authors": [Author(a.article.author, self.settings)],
            "tags": [words.topic(t) for t in a.article.topics],  # a feed’s categories; Pelican’s own tag pages are off
            "url": path.lstrip("/"),
            "save_as": links.Links.file(path),
            "template": "article",
            "briefing_order": catalog.place[a.id],
            "view": article_page.page(catalog, a),
        }

    def _page(self, catalog: Catalog, name: str) -> tuple[str, dict[str, Any]]:
        text = catalog.texts[name]
        path = links.page(name)
        shown = view.TextPage(
            head=view.Head(
                title=words.page_title(text.title, catalog.publication.name),
                description=words.description(text.description or text.title + ".", f"{catalog.publication.name}: {catalog.publication.description}"),
                canonical=catalog.links.full(path),
                structured=structured.list_graph(catalog, text.title, path),
            ),
            strip=view.Strip(),
            title=text.title,
            html=text.html,
            groups=pages.correction_groups(catalog) if name == "corrections" else (),
        )
        return str(text.html), {
            "title": html.escape(text.title),
            "slug": name,
            "status": "published",
            "url": path.lstrip("/"),
            "save_as": links.Links.file(path),
            "template": "page",
            "view": shown,
        }


def _stop(message: str) -> NoReturn:
    """Pelican hides what a reader raises, so the reason is logged first."""
    logging.getLogger(__name__).error(message)
    raise ApprovalRefused(message)
