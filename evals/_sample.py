"""The sample week as items, sources and texts in memory, for measuring what chooses and drafts without a server."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from briefing import cluster, config, edition, playbook, rank, sample
from briefing.draft import write
from briefing.model import Choice, Item, Snapshot, Source

from . import ROOT


@dataclass(frozen=True, slots=True)
class Material:
    """Everything of the sample that drafting reads."""

    items: tuple[Item, ...]
    sources: tuple[Source, ...]
    texts: Mapping[str, Snapshot]  # by item id
    truth: Mapping[str, str]  # item id → the story it tells, "" for background
    guide: playbook.Playbook
    publication: config.Publication

    def week(self, day: date) -> tuple[Item, ...]:
        """The dated items of an edition's window."""
        start, end = edition.window(day, self.publication)
        return tuple(i for i in self.items if i.published and start <= i.first_seen < end)

    def choices(self, day: date) -> tuple[Choice, ...]:
        """What is chosen for an edition, earlier ones left aside."""
        texts = {key: s.text for key, s in self.texts.items()}
        stories = cluster.stories(self.week(day), texts, {s.id: s.tier for s in self.sources})
        return rank.choose(stories, self.sources, self.guide, self.publication, {}, texts)

    def told(self, choice: Choice) -> tuple[write.Told, ...]:
        """A story's sources as they were read."""
        known = {s.id: s for s in self.sources}
        return tuple(write.Told(i, known[i.source], self.texts[i.id]) for i in choice.story.items)

    def story(self, choice: Choice) -> str:
        """The story's name in the sample, "" for background."""
        names = [self.truth[i.id] for i in choice.story.items]
        return max(set(names), key=names.count)


def load() -> Material:
    """The sample, its pages as extraction leaves them: headings and list marks as plain lines."""
    week = sample.load(ROOT / "sample")
    items, texts, truth = [], {}, {}
    for page in week.pages:
        one = hashlib.sha256(f"{page.publisher.id}/{page.slug}".encode()).hexdigest()[:16]
        text = re.sub(r"\*\*|^#+ ", "", page.body, flags=re.MULTILINE).strip() or page.summary or page.title
        seen = page.appears + timedelta(minutes=10)
        fields = {"effective_on": page.effective_on.isoformat()} if page.effective_on else {}
        title = sample.plain(page.title) if hasattr(sample, "plain") else re.sub(r"<[^>]+>", "", page.title)
        items.append(
            Item(
                id=one,
                source=page.publisher.id,
                url=page.url,
                title=title,
                published=page.published,
                first_seen=seen,
                summary=page.summary,
                mark=_mark(page.published, seen),
                fields=fields,
            )
        )
        digest = "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()
        texts[one] = Snapshot(hash=digest, item=one, url=page.url, text=text, read=seen, origin="page", title=title)
        truth[one] = page.story
    return Material(
        tuple(items), tuple(_source(p) for p in week.publishers), texts, truth, playbook.load(ROOT / "playbook"), config.publication(ROOT / "pelicanconf.py")
    )


def _mark(published: datetime | None, seen: datetime) -> str:
    return "undated" if published is None else "future" if published > seen + timedelta(days=1) else ""


def _source(p: sample.Publisher) -> Source:
    return Source(
        id=p.id, name=p.name, url=p.site + p.feed, site=p.site, category=p.category, kind="rss" if p.kind == "rdf" else p.kind, tier=p.tier, language=p.language
    )


#: Editions of the sample, and how the stories of each are called there.
EDITIONS: Mapping[date, frozenset[str]] = {
    date(2026, 11, 17): frozenset({"insurance-register", "hospital-notes", "vendor-terms", "hiring-screen"}),
    date(2026, 11, 24): frozenset({"notice-rule", "union-logs", "invoice-fraud", "plant-scheduler", "clinic-triage"}),
}


def drafts(material: Material) -> list[tuple[str, write.Draft]]:
    """(story, draft) of every story of the sample that several publishers tell, edition by edition."""
    out: list[tuple[str, write.Draft]] = []
    for day, wanted in EDITIONS.items():
        setting = write.Setting(playbook=material.guide, edition=day, author="Dana Whitlock", jurisdictions=material.publication.jurisdictions)
        for choice in material.choices(day):
            if material.story(choice) not in wanted:
                continue
            made = write.draft(choice.story, material.told(choice), setting)
            setting = write.after(setting, made.article)
            out.append((material.story(choice), made))
    return out
