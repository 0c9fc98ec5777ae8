"""Every page but the articles and the house's own texts: what stands on it, as a value. Nothing here writes.

A page lists only what it must, so that the next week's edition changes few files: no latest list, no counts on article pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup, escape

from .. import edition as editions
from ..model import Cited, Edition, Reading
from . import article_page, blocks, links, structured, view, words
from .admitted import AdmittedArticle, AdmittedEdition
from .catalog import Catalog

WEEK = timedelta(days=7)
NO_BREAK = "\u00a0"
PAST = 3  # editions named on the home page
AUTHOR_LONGEST = 50  # briefings on an author's page; the archive has all

PageView = view.HomePage | view.EditionPage | view.ListPage

#: Categories of sources.yaml that read better in other words; any other is shown as its own words.
CATEGORIES = {
    "compliance-federal": "Federal rules",
    "compliance-state": "State rules",
    "compliance-eu-uk": "EU and UK rules",
    "ai-vendor": "AI vendors",
}
TIERS = {
    "primary": "Primary source: the authority or the party itself.",
    "wire": "News reporting.",
    "trade": "Trade press.",
    "analysis": "Analysis and commentary.",
    "vendor": "A vendor about its own product.",
    "aggregator": "A collection of links; the linked publisher is read and cited.",
}


#: Why a source was not read, for readers; any other reason is a fault on the way.
_UNREAD = {
    "blocked": "its server refuses programs like ours",
    "robots": "its site asks programs not to read it",
    "wait": "its server asked us to come back later",
    "gone": "its feed is gone",
    "not-found": "its feed is not where it was",
    "not-a-feed": "what its server sends is no feed",
    "not-asked": "it was not asked",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page: its path on the site, the template that places it and what is on it."""

    path: str
    template: str
    view: PageView


def every(c: Catalog) -> Iterator[Page]:
    """All pages of this module, each once."""
    yield Page(path=links.HOME, template="home", view=home(c))
    for e in c.editions:
        yield Page(path=links.edition(e.edition.number), template="edition", view=edition(c, e))
    yield Page(path=links.ARCHIVE, template="list", view=archive(c))
    for year in _years(c):
        yield Page(path=links.year(year), template="list", view=year_page(c, year))
    yield Page(path=links.TOPICS, template="list", view=topics(c))
    for slug in c.topics:
        yield Page(path=links.topic(slug), template="list", view=topic(c, slug))
    yield Page(path=links.SOURCES, template="list", view=sources(c))
    for slug in c.publishers:
        yield Page(path=links.publisher(slug), template="list", view=publisher(c, slug))
    yield Page(path=links.DEADLINES, template="list", view=deadlines(c))
    for author_id in c.authors:
        yield Page(path=links.author(author_id), template="list", view=author(c, author_id))
    yield Page(path=links.FEEDS, template="list", view=feeds(c))
    if not any(p.name == "corrections" for p in c.admitted.pages):
        yield Page(path=links.CORRECTIONS, template="list", view=corrections(c))
    yield Page(path=links.NOT_FOUND, template="list", view=not_found(c))


# --------------------------------------------------------- home and edition


def home(c: Catalog) -> view.HomePage:
    """The newest edition, its dates and the ones before it."""
    e = c.newest
    description = words.description(c.publication.description, c.publication.tagline)
    head = view.Head(
        title=words.page_title(c.publication.name, c.publication.tagline.rstrip(".")),
        description=description,
        canonical=c.links.full(links.HOME),
        structured=structured.home_graph(c),
        picture=c.picture(links.edition_picture(e.edition.number)) if e else None,
    )
    if e is None:
        return view.HomePage(head=head, strip=view.Strip(), lead=None, published=None, others=(), dates=(), past=(), edition="")
    lead = e.articles[0]
    return view.HomePage(
        head=head,
        strip=article_page.strip(c, e.edition.date, e.edition.number),
        lead=c.card(lead),
        published=view.Stamp(iso=c.published_at(lead).isoformat(), words=words.day(e.edition.date)),
        others=tuple(c.card(a) for a in e.articles[1:]),
        dates=c.dates_for(e),
        past=tuple(edition_row(c, x) for x in c.editions[1 : 1 + PAST]),
        edition=c.links.to(links.edition(e.edition.number)),
    )


def edition(c: Catalog, e: AdmittedEdition) -> view.EditionPage:
    """One week: contents, stories, dates, the sources of all of them, who approved it, its neighbours."""
    place = c.editions.index(e)
    order = _edition_sources(c, e)
    rows = tuple(article_page.source_row(c, source, n) for n, source in enumerate(order.values(), 1))
    number = {url: n for n, url in enumerate(order, 1)}
    days = words.span(e.edition.date - WEEK, e.edition.date - timedelta(days=1))
    title = f"The week of {days}"
    return view.EditionPage(
        head=view.Head(
            title=words.page_title(f"No. {e.edition.number}, {words.day(e.edition.date)}", c.publication.name),
            description=words.description(f"{title}: {e.articles[0].article.title}.", *(a.article.title + "." for a in e.articles[1:])),
            canonical=c.links.full(links.edition(e.edition.number)),
            picture=c.picture(links.edition_picture(e.edition.number)),
            structured=structured.list_graph(
                c, f"No. {e.edition.number}", links.edition(e.edition.number), (c.card(a) for a in e.articles), above=(("Archive", links.ARCHIVE),)
            ),
        ),
        strip=article_page.strip(c, e.edition.date, e.edition.number),
        number=e.edition.number,
        title=f"The week of {days.replace(' ', NO_BREAK, 1)}",  # a month stays with its day
        minutes=sum(c.card(a).minutes for a in e.articles),
        contents=tuple(view.Anchor(text=a.article.kicker, href=f"#story-{n}") for n, a in enumerate(e.articles, 1)),
        stories=tuple(_story(c, a, n, number) for n, a in enumerate(e.articles, 1)),
        withheld=_withheld(e),
        dates=c.dates_for(e),
        sources=rows,
        approval=_approval(c, e),
        previous=edition_row(c, c.editions[place + 1]) if place + 1 < len(c.editions) else None,
        next=edition_row(c, c.editions[place - 1]) if place else None,
    )


def _edition_sources(c: Catalog, e: AdmittedEdition) -> dict[str, Cited]:
    """Source address → source, in order of first use on the edition page: the openings' first, then what else each article cites."""
    out: dict[str, Cited] = {}
    shown = [(a, i) for a in e.articles[1:] for i in c.body(a).opening]
    rest = [(a, i) for a in e.articles for i in c.body(a).order]
    for a, source_id in [*shown, *rest]:
        source = a.article.cited(source_id)
        if source:
            out.setdefault(source.url, source)
    return out


def _story(c: Catalog, a: AdmittedArticle, place: int, number: dict[str, int]) -> view.Story:
    art = a.article

    def marker(source_id: str) -> str:
        source = art.cited(source_id)
        n = number[source.url] if source else 0
        return f'<sup class="cite"><a href="#source-{n}" aria-label="Source {n}">{n}</a></sup>'

    short = tuple(view.Row(label=label, html=escape(text)) for label, text in blocks.short_lines(art)) if place == 1 else ()
    return view.Story(place=place, card=c.card(a), short=short, html=blocks.inside(blocks.opening(art), marker) if place > 1 else Markup(""))


def _withheld(e: AdmittedEdition) -> str:
    missing = len(e.edition.articles) - len(e.articles)
    if not e.approved or missing <= 0:
        return ""
    verb, them = ("is", "it") if missing == 1 else ("are", "them")
    return f"{words.upper_first(words.count(missing, 'briefing'))} of this edition {verb} withheld until an editor has approved {them} again."


def _approval(c: Catalog, e: AdmittedEdition) -> str:
    if e.record is None:
        return "Each briefing above was approved by itself; this page only lists them." if all(a.record for a in e.articles) else ""
    at = e.record.approved_at.astimezone(c.publication.tz)
    return f"Approved by {words.person(e.record.approved_by)}, {words.day(at.date())}, revision {e.record.digest.removeprefix('sha256:')[:12]}."


def edition_row(c: Catalog, e: AdmittedEdition) -> view.EditionRow:
    """An edition as lists show it."""
    cards = tuple(c.card(a) for a in e.articles)
    return view.EditionRow(
        number=e.edition.number,
        href=c.links.to(links.edition(e.edition.number)),
        stamp=view.Stamp(iso=e.edition.date.isoformat(), words=words.day(e.edition.date)),
        title=cards[0].title,
        cards=cards,
        minutes=sum(card.minutes for card in cards),
    )


# ------------------------------------------------------------------ archive


def _years(c: Catalog) -> tuple[int, ...]:
    return tuple(sorted({e.edition.date.year for e in c.editions}, reverse=True))


def _weeks(c: Catalog, year: int) -> tuple[view.EditionRow, ...]:
    """The year's editions, newest first, and a row for each week between two editions that had none."""
    published = {e.edition.date: e for e in c.editions}
    first, last = min(published), max(published)
    rows = []
    day = last
    while day >= first:
        if day.year == year:
            rows.append(edition_row(c, published[day]) if day in published else _skipped(c, day))
        day -= WEEK
    return tuple(rows)


def _skipped(c: Catalog, day: date) -> view.EditionRow:
    number = editions.number(day, c.publication)
    stamp = view.Stamp(iso=day.isoformat(), words=words.day(day))
    return view.EditionRow(number=number, href="", stamp=stamp, title="", cards=(), minutes=0, skipped="No edition was published this week.")


def archive(c: Catalog) -> view.ListPage:
    """All editions by year, one line each."""
    years = _years(c)
    groups = tuple(view.Group(title=str(y), id=f"year-{y}", lines=tuple(_edition_line(row) for row in _weeks(c, y))) for y in years) or (
        view.Group(title="", id="none", empty="No edition has been published yet."),
    )
    more = tuple(view.Anchor(text=f"All briefings of {y}", href=c.links.to(links.year(y))) for y in years)
    return _list(
        c,
        "Archive",
        links.ARCHIVE,
        "Every edition, the newest first.",
        groups,
        foot=(*more, view.Anchor(text="Briefings by topic", href=c.links.to(links.TOPICS))),
    )


def _edition_line(row: view.EditionRow) -> view.Line:
    if row.skipped:
        return view.Line(anchor=view.Anchor(text=row.skipped), text=f"No. {row.number}, {row.stamp.words}")
    return view.Line(anchor=view.Anchor(text=row.title, href=row.href), text=f"No. {row.number}, {row.stamp.words}. {row.minutes} min")


def year_page(c: Catalog, year: int) -> view.ListPage:
    """A year's briefings by edition."""
    rows = _weeks(c, year)
    group = view.Group(title="", id="editions", editions=rows)
    cards = tuple(card for row in rows for card in row.cards)
    return _list(
        c, f"Briefings of {year}", links.year(year), "Every briefing by edition, the newest first.", (group,), above=(("Archive", links.ARCHIVE),), cards=cards
    )


# ------------------------------------------------------- topics and authors


def topics(c: Catalog) -> view.ListPage:
    """All topics with how many briefings each has."""
    lines = tuple(
        view.Line(anchor=view.Anchor(text=words.topic(slug), href=c.links.to(links.topic(slug))), text=words.upper_first(words.count(len(found), "briefing")))
        for slug, found in c.topics.items()
    )
    group = view.Group(title="", id="topics", lines=lines, empty="No briefing has been published yet.")
    return _list(c, "Topics", links.TOPICS, "Briefings by what they are about.", (group,))


def topic(c: Catalog, slug: str) -> view.ListPage:
    """A topic's briefings. One that has none says so."""
    name = words.topic(slug)
    cards = tuple(c.card(a) for a in c.topics.get(slug, ()))
    group = view.Group(title="", id="briefings", cards=cards, empty="No briefing is filed under this topic yet.")
    return _list(
        c,
        name,
        links.topic(slug),
        f"{words.upper_first(words.count(len(cards), 'briefing'))}, the newest first.",
        (group,),
        above=(("Topics", links.TOPICS),),
        cards=cards,
        foot=(view.Anchor(text="All topics", href=c.links.to(links.TOPICS)), view.Anchor(text=f"Feed of {name}", href=c.links.to(links.topic_atom(slug)))),
        atom=c.links.to(links.topic_atom(slug)),
    )


def author(c: Catalog, author_id: str) -> view.ListPage:
    """An author with the newest of their briefings."""
    name, own = c.author_name(author_id), c.publication.author
    cards = tuple(c.card(a) for a in c.authors[author_id][:AUTHOR_LONGEST])
    group = view.Group(title="Briefings", id="briefings", cards=cards, empty="Nothing by this author has been published yet.")
    return _list(
        c,
        name,
        links.author(author_id),
        f"{words.upper_first(own.role)}. {own.bio}" if name == own.name else "",
        (group,),
        cards=cards,
        foot=(view.Anchor(text="All editions", href=c.links.to(links.ARCHIVE)),),
        about=f"{name}, {own.role} of {c.publication.name}." if name == own.name else f"{name} writes for {c.publication.name}.",
    )


# ------------------------------------------------------------------ sources


def sources(c: Catalog) -> view.ListPage:
    """The feeds that are read, by category, with what each gave for the newest edition, and every publisher that a briefing cited."""
    newest = next((e.edition for e in c.editions if e.edition.readings), None)
    gave = {r.source: r for r in newest.readings} if newest else {}
    groups = []
    for category in dict.fromkeys(s.category for s in c.sources):
        found = [s for s in c.sources if s.category == category]
        lines = tuple(
            view.Line(
                anchor=view.Anchor(text=s.name, href=s.site or s.url),
                text=" ".join(filter(None, (TIERS[s.tier], _gave(gave.get(s.id))))),
                more=_cited(c, s.name),
            )
            for s in found
        )
        groups.append(view.Group(title=CATEGORIES.get(category, words.topic(category)), id=f"category-{category}", lines=lines))
    if not groups:
        groups.append(view.Group(title="", id="none", empty="No source is listed yet."))
    names = sorted(c.publisher_names.values(), key=str.casefold)
    lines = tuple(view.Line(anchor=view.Anchor(text=name), more=_cited(c, name)) for name in names)
    groups.append(view.Group(title="Cited so far", id="cited", lines=lines, empty="No briefing has been published yet."))
    intro = "These feeds are read every day. What a briefing says is drawn from them, and each briefing names the ones it used."
    return _list(c, "Our sources", links.SOURCES, f"{intro} {_read_for(newest)}".strip(), tuple(groups), about=intro)


def _read_for(edition: Edition | None) -> str:
    """How many sources were read for an edition, and which were not by what: counted from the edition's approved file alone."""
    if edition is None:
        return ""
    missed = [r for r in edition.readings if r.reason]
    read, total, day = len(edition.readings) - len(missed), len(edition.readings), words.day(edition.date)
    if not missed:
        return f"For the edition of {day} all {total} were read."
    others = "the other one is" if len(missed) == 1 else f"the other {len(missed)} are"
    return f"For the edition of {day}, {read} of {total} were read; {others} marked below."


def _gave(reading: Reading | None) -> str:
    """What a source gave for the newest edition; nothing where its file does not say."""
    if reading is None:
        return ""
    if not reading.reason:
        found = words.upper_first(words.count(reading.items, "item"))
        return f"{found} for the newest edition." if reading.items else "Read for the newest edition, nothing new."
    last = f", last read on {words.day(reading.last)}" if reading.last else ""
    return f"Not read for the newest edition: {_UNREAD.get(reading.reason, 'it could not be reached')}{last}."


def _cited(c: Catalog, name: str) -> view.Anchor | None:
    slug = words.name_slug(name)
    if slug not in c.publishers:
        return None
    return view.Anchor(text=f"Cited in {words.count(len(c.publishers[slug]), 'briefing')}", href=c.links.to(links.publisher(slug)))


def publisher(c: Catalog, slug: str) -> view.ListPage:
    """The briefings that cite one publisher."""
    name = c.publisher_names[slug]
    cards = tuple(c.card(a) for a in c.publishers[slug])
    return _list(
        c,
        name,
        links.publisher(slug),
        f"Cited in {words.count(len(cards), 'briefing')}, the newest first.",
        (view.Group(title="", id="briefings", cards=cards),),
        above=(("Our sources", links.SOURCES),),
        cards=cards,
        foot=(view.Anchor(text="All sources", href=c.links.to(links.SOURCES)),),
    )


# ---------------------------------------------------- deadlines, feeds, rest


def deadlines(c: Catalog) -> view.ListPage:
    """Days ahead of the newest edition in order; those behind it apart."""
    rows = [(d.date, c.date_row(d, c.today)) for d in c.admitted.deadlines]
    ahead = tuple(row for day, row in rows if day >= c.today)
    behind = tuple(row for day, row in reversed(rows) if day < c.today)
    groups = [view.Group(title="Ahead", id="ahead", dates=ahead, empty="No date lies ahead in our list.")]
    if behind:
        groups.append(view.Group(title="Past", id="past", dates=behind))
    intro = (
        f"Laws, rules and the days they name, as of {words.day(c.today)}. This is a reading list and not legal advice: "
        "follow the link to the official text before you act."
    )
    return _list(
        c, "Deadlines", links.DEADLINES, intro, tuple(groups), foot=(view.Anchor(text="Add the calendar (iCalendar file)", href=c.links.to(links.CALENDAR)),)
    )


def feeds(c: Catalog) -> view.ListPage:
    """The feeds and the calendar, with what each holds."""
    to = c.links.to
    lines = [
        view.Line(anchor=view.Anchor(text="All briefings (Atom)", href=to(links.ATOM)), text="The whole text of each."),
        view.Line(anchor=view.Anchor(text="All briefings (JSON Feed)", href=to(links.JSON_FEED)), text="The same, as JSON Feed 1.1."),
        view.Line(anchor=view.Anchor(text="Editions (Atom)", href=to(links.EDITIONS_ATOM)), text="One entry a week."),
        view.Line(anchor=view.Anchor(text="Corrections (Atom)", href=to(links.CORRECTIONS_ATOM)), text="What was corrected or withdrawn."),
        view.Line(anchor=view.Anchor(text="Deadlines (iCalendar)", href=to(links.CALENDAR)), text="For your calendar program."),
    ]
    by_topic = tuple(view.Line(anchor=view.Anchor(text=f"{words.topic(s)} (Atom)", href=to(links.topic_atom(s)))) for s in c.topics)
    groups = (
        view.Group(title="", id="feeds", lines=tuple(lines)),
        view.Group(title="By topic", id="topics", lines=by_topic, empty="No briefing has been published yet."),
    )
    return _list(c, "Feeds", links.FEEDS, "Read the briefing in a feed reader. No address is asked for and nothing is counted.", groups)


def correction_groups(c: Catalog) -> tuple[view.Group, ...]:
    """Every correction of every published briefing, and what was withdrawn, newest first."""
    found = [(c.card(a), note) for a in c.articles for note in article_page.notes(a.article)]
    found.sort(key=lambda pair: (pair[1].stamp.iso, pair[0].id), reverse=True)
    notes = view.Group(title="All corrections", id="all", notes=tuple(found), empty="No briefing has needed a correction so far.")
    gone = sorted(c.admitted.withdrawn, key=lambda w: (w.record.approved_at, w.id), reverse=True)
    if not gone:
        return (notes,)
    lines = tuple(
        view.Line(
            anchor=view.Anchor(text=words.upper_first(words.withdrawn(w.id, w.edition))),
            text=f"Withdrawn {words.day(w.record.approved_at.astimezone(c.publication.tz).date())}. {w.record.note}".strip(),
        )
        for w in gone
    )
    return (notes, view.Group(title="Withdrawn", id="withdrawn", lines=lines))


def corrections(c: Catalog) -> view.ListPage:
    """The corrections, where the house has written no page of its own around them."""
    return _list(c, "Corrections", links.CORRECTIONS, "What we got wrong, and what is right.", correction_groups(c))


def not_found(c: Catalog) -> view.ListPage:
    """What an address that does not exist answers."""
    lines = (
        view.Line(anchor=view.Anchor(text="This week’s briefing", href=c.links.to(links.HOME))),
        view.Line(anchor=view.Anchor(text="All editions", href=c.links.to(links.ARCHIVE))),
        view.Line(anchor=view.Anchor(text="All topics", href=c.links.to(links.TOPICS))),
    )
    intro = "There is no page at this address. It may have been typed wrong, or a briefing may have been withdrawn. Start again from one of these."
    page = _list(c, "This page does not exist", links.NOT_FOUND, intro, (view.Group(title="", id="ways", lines=lines),))
    head = view.Head(title=page.head.title, description=page.head.description, canonical="")
    return view.ListPage(head=head, strip=page.strip, title=page.title, intro=page.intro, groups=page.groups)


def _list(
    c: Catalog,
    title: str,
    path: str,
    intro: str,
    groups: tuple[view.Group, ...],
    *,
    above: tuple[tuple[str, str], ...] = (),
    cards: tuple[view.Card, ...] = (),
    foot: tuple[view.Anchor, ...] = (),
    atom: str = "",
    about: str = "",
) -> view.ListPage:
    head = view.Head(
        title=words.page_title(title, c.publication.name),
        description=words.description(about or f"{title}: {intro}", f"{c.publication.name}: {c.publication.description or c.publication.tagline}"),
        canonical=c.links.full(path),
        structured=structured.list_graph(c, title, path, cards, above=above),
        atom=atom,
    )
    return view.ListPage(head=head, strip=view.Strip(), title=title, intro=intro, groups=groups, foot=foot, here=c.links.to(path))
