"""How Pelican reads the staging folder: nothing is taken from a file but what the gate verified."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from pelican.readers import BaseReader
from pelican.urlwrappers import Author

from ..errors import ApprovalRefused
from . import article_page, blocks, links, pages, structured, texts, view, words
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
        page = next((p for p in catalog.admitted.pages if p.name == path.stem), None) if path.parent.name == "pages" else None
        if page is not None:
            _same(path, page.data)
            return self._page(catalog, page.name, page.data)
        found = catalog.by_id.get(path.stem)
        if found is None or path.parent.name == "pages":
            raise ApprovalRefused(f"{path.name}: stands in the staging folder but was not let through; run `briefing build` again")
        _same(path, found.data)
        return self._article(catalog, path.stem)

    def _article(self, catalog: Catalog, article_id: str) -> tuple[str, dict[str, Any]]:
        a = catalog.by_id[article_id]
        path = links.article(a.article.edition, a.id)
        updated = catalog.updated_at(a)
        return blocks.feed(a.article, catalog.links.full(path)), {
            # Feeds strip tags from titles and read summaries as HTML: both are escaped for them.
            "title": html.escape(a.article.title),
            "summary": html.escape(a.article.dek),
            "slug": a.id,
            "status": "published",
            "date": catalog.published_at(a),
            **({"modified": updated} if updated else {}),
            "authors": [Author(a.article.author, self.settings)],
            "tags": [],
            "url": path.lstrip("/"),
            "save_as": links.Links.file(path),
            "template": "article",
            "briefing_order": catalog.articles.index(a),
            "view": article_page.page(catalog, a),
        }

    def _page(self, catalog: Catalog, name: str, data: bytes) -> tuple[str, dict[str, Any]]:
        text = texts.parse(data, f"content/pages/{name}.md", catalog.links.to)
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
            groups=(pages.correction_group(catalog),) if name == "corrections" else (),
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


def _same(path: Path, data: bytes) -> None:
    if path.read_bytes() != data:
        raise ApprovalRefused(f"{path.name}: changed between the check and the build; run `briefing build` again")
