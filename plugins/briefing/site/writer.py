"""How Pelican writes: feeds without a clock, and files that did not change left as they are."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from feedgenerator import Atom1Feed  # type: ignore[import-untyped]
from pelican.writers import Writer

from . import feeds, links
from .catalog import Catalog
from .reader import CATALOG


class _Kept(io.StringIO):
    """Text that is written to its file when it is closed, and only where the file says something else."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def close(self) -> None:
        if not self.closed:
            keep(self._path, self.getvalue().encode("utf-8"))
        super().close()


def keep(path: Path, data: bytes) -> bool:
    """Write the bytes, unless the file holds them already; True where it was written. Deploys then touch only what changed."""
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


class _Feed(Atom1Feed):  # type: ignore[misc]
    """Atom whose `updated` never is the moment of the build."""

    empty: datetime

    def latest_post_date(self) -> datetime:
        """The newest entry's date, or the publication's first day where there is none."""
        return super().latest_post_date() if self.items else self.empty


class BriefingWriter(Writer):  # type: ignore[misc]
    """Pelican's writer with our two habits."""

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> Any:
        # Pelican lets the later of two pages with one address win where `override` is set; here both are an error.
        if filename in self._written_files:
            raise RuntimeError(f"two pages have one address: {filename}")
        self._written_files.add(filename)
        return _Kept(Path(filename))

    def _create_new_feed(self, feed_type: str, feed_title: str | None, context: Any) -> Any:
        catalog: Catalog = self.settings[CATALOG]
        pages = {catalog.links.full(links.topic_atom(slug)): catalog.links.full(links.topic(slug)) for slug in catalog.topics}
        pages[catalog.links.full(links.CORRECTIONS_ATOM)] = catalog.links.full(links.CORRECTIONS)
        pages[catalog.links.full(links.EDITIONS_ATOM)] = catalog.links.full(links.ARCHIVE)
        title = f"{catalog.publication.name}: {feed_title}" if feed_title else catalog.publication.name
        feed = _Feed(
            title=title,
            link=pages.get(self.feed_url, catalog.links.full(links.HOME)),
            feed_url=self.feed_url,
            feed_guid=self.feed_url,  # each feed has an id of its own: readers tell feeds apart by it
            description=catalog.publication.tagline,
            subtitle=catalog.publication.tagline,
            language=catalog.publication.language,
            author_name=catalog.publication.author.name,
        )
        feed.empty = datetime.combine(catalog.publication.first_edition, time(0), UTC)
        return feed

    def bytes_file(self, name: str, data: bytes) -> None:
        """Write a file that is no template: an asset, a calendar, a map of the site."""
        path = Path(self.output_path) / name
        if str(path) in self._written_files:
            raise RuntimeError(f"two files have one address: {name}")
        self._written_files.add(str(path))
        keep(path, data)

    def entries_feed(self, path: str, title: str, entries: list[feeds.Entry], context: Any) -> None:
        """Write an Atom feed of these entries under the publication's name and `title`."""
        catalog: Catalog = self.settings[CATALOG]
        self.site_url, self.feed_url = catalog.publication.url, f"{catalog.publication.url}/{path}"
        feed = self._create_new_feed("atom", title, context)
        for entry in entries:
            feeds.add(feed, catalog, entry)
        with self._open_w(str(Path(self.output_path) / path), "utf-8") as out:
            feed.write(out, "utf-8")
