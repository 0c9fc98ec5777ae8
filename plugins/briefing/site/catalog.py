"""Everything that is published, found by what a page asks for. Made once for a build; pages are functions of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from .. import edition as editions
from ..config import Publication
from ..errors import ContentRefused
from ..model import Deadline, Source
from . import blocks, links, pictures, view, words
from .admitted import Admitted, AdmittedArticle, AdmittedEdition
from .blocks import Body
from .pictures import Picture
from .texts import Text

NEAR_DAYS = 30  # a deadline this close to the page's own day is marked, with the word "Near"
RELATED = 3
RELATED_FROM = 40  # newest candidates a topic or source: the work for one page stays the same however large the archive
DATES = 3  # deadlines in a rail


@dataclass(frozen=True)
class Catalog:
    """One commit's publications and the settings they are shown with.

    `assets` maps a theme file to its published path, `texts` a page's name to what it says.
    """

    admitted: Admitted
    publication: Publication
    sources: tuple[Source, ...]
    assets: Mapping[str, str]
    texts: Mapping[str, Text] = field(default_factory=dict)

    # ------------------------------------------------------------- editions

    @cached_property
    def links(self) -> links.Links:
        """The site's addresses."""
        return links.Links(self.publication.url)

    @cached_property
    def editions(self) -> tuple[AdmittedEdition, ...]:
        """Editions with at least one article, newest first."""
        return tuple(e for e in reversed(self.admitted.editions) if e.articles)

    @cached_property
    def newest(self) -> AdmittedEdition | None:
        """The home page's edition."""
        return self.editions[0] if self.editions else None

    @cached_property
    def today(self) -> date:
        """The build's day: the newest edition's, never the clock's."""
        return self.newest.edition.date if self.newest else self.publication.first_edition

    @cached_property
    def articles(self) -> tuple[AdmittedArticle, ...]:
        """Every published article: newest edition first, then in the edition's order."""
        return tuple(a for e in self.editions for a in e.articles)

    @cached_property
    def by_id(self) -> Mapping[str, AdmittedArticle]:
        """The articles by id. Raises ContentRefused where two share one address."""
        out: dict[str, AdmittedArticle] = {}
        for a in self.articles:
            if a.id in out:
                raise ContentRefused(f"{a.name}: the id {a.id} is also that of {out[a.id].name}; give one article another id before it is approved")
            out[a.id] = a
        return out

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Article id → its place in `articles`, from 0."""
        return {a.id: n for n, a in enumerate(self.articles)}

    @cached_property
    def _edition_of(self) -> Mapping[str, AdmittedEdition]:
        return {a.id: e for e in self.editions for a in e.articles}

    def edition_of(self, a: AdmittedArticle) -> AdmittedEdition:
        """The edition an article stands in."""
        return self._edition_of[a.id]

    def check(self) -> None:
        """Raises ContentRefused for what no page could show truly: two articles with one address, a claim without support."""
        for a in self.by_id.values():
            _supported(a)

    # --------------------------------------------------------------- groups

    @cached_property
    def topics(self) -> Mapping[str, tuple[AdmittedArticle, ...]]:
        """Topic slug → its articles, newest first; topics by name."""
        return _grouped((t, a) for a in self.articles for t in a.article.topics)

    @cached_property
    def publishers(self) -> Mapping[str, tuple[AdmittedArticle, ...]]:
        """Publisher slug → the articles that cite it, newest first."""
        return _grouped((words.name_slug(s.publisher), a) for a in self.articles for s in a.article.sources)

    @cached_property
    def publisher_names(self) -> Mapping[str, str]:
        """Publisher slug → its name as first cited."""
        out: dict[str, str] = {}
        for a in reversed(self.articles):
            for s in a.article.sources:
                out.setdefault(words.name_slug(s.publisher), s.publisher)
        return out

    @cached_property
    def authors(self) -> Mapping[str, tuple[AdmittedArticle, ...]]:
        """Author id → their articles; the publication's author is always there."""
        out = {self.publication.author.id: tuple(a for a in self.articles if a.article.author == self.publication.author.name)}
        return out | dict(_grouped((self.author_id(a.article.author), a) for a in self.articles))

    def author_id(self, name: str) -> str:
        """The id in an author's address."""
        return self.publication.author.id if name == self.publication.author.name else words.name_slug(name)

    def author_name(self, author_id: str) -> str:
        """The name that belongs to an author's id."""
        if author_id == self.publication.author.id:
            return self.publication.author.name
        return self.authors[author_id][0].article.author

    # ------------------------------------------------------------ deadlines

    def dates_for(self, e: AdmittedEdition) -> tuple[view.DateRow, ...]:
        """The deadlines to show beside an edition: those it names, else the next ones after its day. Never one that is past on that day."""
        day = e.edition.date
        ahead = [d for d in self.admitted.deadlines if d.date >= day]
        named = [d for d in ahead if d.id in e.edition.deadlines]
        return tuple(self.date_row(d, day) for d in (named or ahead[:DATES]))

    def date_row(self, d: Deadline, on: date) -> view.DateRow:
        """A deadline as a page of the day `on` shows it."""
        if d.verified:
            who = f" by {words.person(d.verified_by)}" if d.verified_by else ""
            checked = f"Checked against the official text{who} on {words.day(d.verified)}."
        else:
            checked = "Not yet checked against the official text by an editor."
        return view.DateRow(
            iso=d.date.isoformat(),
            day=words.short_day(d.date),
            year=str(d.date.year),
            words=words.day(d.date),
            event=words.upper_first(d.event),
            instrument=d.instrument,
            jurisdiction=d.jurisdiction,
            citation=d.citation,
            status=words.upper_first(d.status),
            near=0 <= (d.date - on).days <= NEAR_DAYS,
            href=d.url,
            checked=checked,
        )

    # ---------------------------------------------------------------- times

    def published_at(self, a: AdmittedArticle) -> datetime:
        """When an article was published: its edition's sending time, with zone."""
        return editions.published_at(a.article.edition, self.publication)

    def updated_at(self, a: AdmittedArticle) -> datetime | None:
        """When an article was last changed, where that is later than its publication: the day of its front matter.

        The time is that of the approval where it was given on that day, else the sending time.
        """
        day = max([c.date for c in a.article.corrections] + ([a.article.updated] if a.article.updated else []), default=None)
        if day is None or day <= a.article.edition:
            return None
        if a.record and a.record.approved_at.astimezone(self.publication.tz).date() == day:
            return a.record.approved_at.astimezone(self.publication.tz)
        return datetime.combine(day, self.publication.send_time, self.publication.tz)

    def changed_at(self, a: AdmittedArticle) -> datetime:
        """The newest of both, for feeds and the sitemap."""
        return self.updated_at(a) or self.published_at(a)

    # ---------------------------------------------------------------- cards

    @cached_property
    def _bodies(self) -> dict[str, Body]:
        return {}

    def body(self, a: AdmittedArticle) -> Body:
        """An article's running text as pages and feeds need it; made once."""
        if a.id not in self._bodies:
            self._bodies[a.id] = blocks.body(a.article, self.links.full(links.article(a.article.edition, a.id)))
        return self._bodies[a.id]

    @cached_property
    def _cards(self) -> dict[str, view.Card]:
        return {}

    def card(self, a: AdmittedArticle) -> view.Card:
        """An article as lists show it; made once."""
        if a.id not in self._cards:
            self._cards[a.id] = self._card(a)
        return self._cards[a.id]

    def _card(self, a: AdmittedArticle) -> view.Card:
        art = a.article
        number = self.edition_of(a).edition.number
        href = self.links.to(links.article(art.edition, art.id))
        return view.Card(
            id=art.id,
            href=href,
            title=art.title,
            kicker=view.Anchor(text=art.kicker, href=self.links.to(links.topic(art.topics[0]))),
            dek=art.dek,
            minutes=self.body(a).minutes,
            author=view.Anchor(text=art.author, href=self.links.to(links.author(self.author_id(art.author)))),
            role=self.publication.author.role if art.author == self.publication.author.name else "",
            number=number,
            edition=self.links.to(links.edition(number)),
            stamp=view.Stamp(iso=art.edition.isoformat(), words=words.day(art.edition)),
            evidence=self._evidence(a, href),
        )

    def _evidence(self, a: AdmittedArticle, href: str) -> view.Evidence:
        made, cited = _supported(a)
        approved_on = None
        if a.record:
            at = a.record.approved_at.astimezone(self.publication.tz)
            approved_on = view.Stamp(iso=at.isoformat(), words=words.day(at.date()))
        return view.Evidence(
            approved_by=words.person(a.record.approved_by) if a.record else "",
            approved_on=approved_on,
            made=made,
            cited=cited,
            sources=len(a.article.sources),
            primary=sum(s.kind == "primary" for s in a.article.sources),
            how=f"{href}#how",
        )

    def related(self, a: AdmittedArticle) -> tuple[view.Card, ...]:
        """At most three articles of the same or an earlier edition that share a topic or a source, the closest first.

        Later editions are left out: a page then stays as it is when the next week is published.
        """
        mine = set(a.article.topics)
        urls = {s.url for s in a.article.sources}
        groups = [self.topics[t] for t in a.article.topics] + [self._citing[u] for u in sorted(urls)]
        first = self.place[self.edition_of(a).articles[0].id]
        near: dict[str, AdmittedArticle] = {}
        for group in groups:
            start = bisect_left(group, first, key=lambda b: self.place[b.id])
            near.update({b.id: b for b in group[start : start + RELATED_FROM]})
        scored = []
        for b in near.values():
            if b.id == a.id:
                continue
            shared = 2 * len(mine & set(b.article.topics)) + 3 * len(urls & {s.url for s in b.article.sources})
            scored.append((-shared, -b.article.edition.toordinal(), b.id))
        return tuple(self.card(self.by_id[key]) for _, _, key in sorted(scored)[:RELATED])

    @cached_property
    def _citing(self) -> Mapping[str, tuple[AdmittedArticle, ...]]:
        return _grouped((s.url, a) for a in self.articles for s in a.article.sources)

    # ------------------------------------------------------------- pictures

    @cached_property
    def pictures(self) -> Mapping[str, Picture]:
        """The pictures that links show elsewhere, by their path."""
        return dict(pictures.every(self.admitted, self.publication))

    def picture(self, path: str) -> view.Anchor | None:
        """The picture at a path: its whole address and what it shows; None where there is none."""
        found = self.pictures.get(path)
        return view.Anchor(text=found.alt, href=self.links.full(path)) if found else None

    # ---------------------------------------------------------------- frame

    @cached_property
    def frame(self) -> view.Frame:
        """What stands on every page. Nothing in it changes from week to week, so old pages keep their bytes."""
        to = self.links.to
        pages = {p.name for p in self.admitted.pages}
        foot = [("About", links.ABOUT), ("How we work", links.HOW_WE_WORK), ("Corrections", links.CORRECTIONS), ("Our sources", links.SOURCES)]
        foot += [("Feeds", links.FEEDS), ("Privacy", links.PRIVACY)]
        written = {links.SOURCES, links.FEEDS, links.CORRECTIONS} | {links.page(p) for p in pages}
        return view.Frame(
            name=self.publication.name,
            tagline=self.publication.tagline,
            language=self.publication.language,
            home=to(links.HOME),
            nav=tuple(
                view.Anchor(text=t, href=to(h))
                for t, h in (("This week", links.HOME), ("Archive", links.ARCHIVE), ("Topics", links.TOPICS), ("Deadlines", links.DEADLINES))
            ),
            foot=tuple(view.Anchor(text=t, href=to(h)) for t, h in foot if h in written),
            address=self.publication.address,
            subscribe=self.publication.subscribe,
            privacy=to(links.PRIVACY) if "privacy" in pages else "",
            calendar=to(links.CALENDAR),
            deadlines=to(links.DEADLINES),
            archive=to(links.ARCHIVE),
            promise=self.publication.description,
            stylesheet=to(self.assets["style.css"]),
            icon=to(self.assets["mark.svg"]),
            preload=tuple(to(self.assets[f]) for f in ("newsreader-display.woff2", "newsreader-text.woff2")),
            atom=to(links.ATOM),
            json_feed=to(links.JSON_FEED),
            sample=self.publication.sample,
        )


def _supported(a: AdmittedArticle) -> tuple[int, int]:
    """Claims made and cited. The gate refuses an article with fewer cited than made; a page must not say "9 of 11" either way."""
    made, cited = a.ledger.made, a.ledger.cited
    if cited < made:
        raise ContentRefused(f"{a.name}: {made - cited} of {made} claims have no passage in a source; run `briefing check` and cite or remove them")
    return made, cited


def _grouped(pairs: Iterable[tuple[str, AdmittedArticle]]) -> dict[str, tuple[AdmittedArticle, ...]]:
    out: dict[str, dict[str, AdmittedArticle]] = {}
    for key, a in pairs:
        out.setdefault(key, {}).setdefault(a.id, a)
    return {key: tuple(out[key].values()) for key in sorted(out)}
