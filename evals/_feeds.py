"""Small invented feeds and the project that reads them over loopback."""

from __future__ import annotations

import html
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from briefing import article, trial
from briefing.project import Project
from briefing.store import Store

from . import ROOT
from ._serve import Body, Site

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One entry of a feed."""

    title: str
    text: str
    id: str = ""
    link: str = ""
    published: datetime = datetime(2026, 11, 20, 9, tzinfo=UTC)


def rss(host: str, entries: Sequence[Told]) -> bytes:
    """The entries as RSS 2.0, their paragraphs as HTML."""
    out = []
    for n, e in enumerate(entries):
        text = "".join(f"<p>{html.escape(p, quote=False)}</p>" for p in e.text.split("\n\n"))
        link = e.link or f"https://{host}/{e.id or n}"
        out.append(
            f"<item><title>{html.escape(html.escape(e.title, quote=False))}</title><guid isPermaLink='false'>{e.id or n}</guid><link>{link}</link>"
            f"<pubDate>{format_datetime(e.published, usegmt=True)}</pubDate><description>{html.escape(text)}</description></item>"
        )
    return f"<rss version='2.0'><channel><title>F</title>{''.join(out)}</channel></rss>".encode()


def project(root: Path, site: Site, names: Mapping[str, str], tiers: Mapping[str, str] | None = None, families: Mapping[str, str] | None = None) -> Project:
    """A briefing that reads `https://<id>.example/feed` of each source (id → publisher's name) from this server."""
    made = Project(root)
    root.mkdir(parents=True)
    shutil.copy(ROOT / "pelicanconf.py", made.settings)
    shutil.copytree(ROOT / "playbook", made.playbook)
    lines = ["collect:", "  connect_to:", f'    "*.example": "{site.address}"', "  pages: false", "sources:"]
    for key, name in names.items():
        lines += [
            f"  - id: {key}",
            f'    name: "{name}"',
            f'    url: "https://{key}.example/feed"',
            f'    site: "https://{key}.example/"',
            "    category: ai-news",
        ]
        lines += ["    kind: rss", f"    tier: {(tiers or {}).get(key, 'trade')}"]
        lines += [f"    family: {families[key]}"] if families and key in families else []
    made.sources.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


def serve(site: Site, key: str, data: bytes, changed: datetime = NOW) -> None:
    """Put this feed at `https://<key>.example/feed`."""
    site.bodies[f"{key}.example", "/feed"] = Body(data, changed)


def cite(made: Project, day: date, title: str) -> str:
    """Write an article that cites the stored item with this title, as it was read; the item's id."""
    with Store.open(made.store) as store:
        (item,) = [i for i in store.items(NOW - timedelta(days=1), NOW + timedelta(days=1)) if i.title == title]
        snapshot = store.snapshot_of(item.id)
    assert snapshot is not None
    one = trial.make_article("regulator-fine", day=day)
    first, second = one.sources
    one = replace(one, sources=(replace(first, title=item.title, url=item.url, snapshot=snapshot.hash), replace(second, snapshot=snapshot.hash)))
    path = made.article(day, one.id)
    path.parent.mkdir(parents=True)
    path.write_bytes(article.write(one))
    return item.id
