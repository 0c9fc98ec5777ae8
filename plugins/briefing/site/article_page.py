"""The article page: every component of docs/design.md in its order, with every number counted here."""

from __future__ import annotations

from collections import Counter
from datetime import date

from markupsafe import Markup, escape

from .. import article as articles
from ..model import Article, Cited
from . import blocks, links, structured, view, words
from .admitted import AdmittedArticle
from .catalog import Catalog

KINDS = {"primary": "Primary source", "reporting": "Reporting", "analysis": "Analysis", "vendor": "The vendor’s own statement"}
NEEDS_SOURCE = ("fact", "quote", "statistic", "absence")
PASSAGE_WORDS = 40
NO_ARCHIVE = "No archived copy: the text read is kept by its hash in the record."
NO_ARCHIVE_BY_HAND = "No archived copy: added by the editor."


def page(c: Catalog, a: AdmittedArticle) -> view.ArticlePage:
    """One briefing, ready to place. Raises ContentRefused where a claim has no source."""
    art = a.article
    body = c.body(a)
    sources = source_rows(c, art, body.order)
    updated = c.updated_at(a)
    card = c.card(a)
    return view.ArticlePage(
        head=_head(c, a, sources),
        strip=strip(c, a.article.edition, card.number),
        card=card,
        published=view.Stamp(iso=c.published_at(a).isoformat(), words=words.day(art.edition)),
        updated=view.Stamp(iso=updated.isoformat(), words=words.day(updated.date())) if updated else None,
        short=tuple(view.Row(label=label, html=escape(text)) for label, text in blocks.short_lines(art)),
        corrections=notes(art),
        lead=body.lead,
        limits=art.limits,
        sections=body.sections,
        meaning_title=articles.MEANING,
        meaning=body.meaning,
        next_step=body.next_step,
        sources=sources,
        faq_title=articles.FAQ,
        faq=body.faq,
        steps=_steps(c, a),
        claims=_claims(a, body.numbers),
        other_claims=_other(a),
        profile=profile(c, art.author),
        contents=_contents(art, body.sections),
        dates=c.dates_for(c.edition_of(a)),
        related=c.related(a),
    )


def strip(c: Catalog, day: date, number: int) -> view.Strip:
    """Issue number and day."""
    return view.Strip(number=number, number_href=c.links.to(links.edition(number)), stamp=view.Stamp(iso=day.isoformat(), words=words.full_day(day)))


def notes(art: Article) -> tuple[view.Note, ...]:
    """The corrections, newest first."""
    return tuple(
        view.Note(stamp=view.Stamp(iso=x.date.isoformat(), words=words.day(x.date)), text=x.text)
        for x in sorted(art.corrections, key=lambda x: x.date, reverse=True)
    )


def profile(c: Catalog, name: str) -> view.Profile:
    """The author's box. Another name than the publication's author has no biography."""
    own = c.publication.author if name == c.publication.author.name else None
    return view.Profile(
        name=name,
        first=name.split()[0],
        role=own.role if own else "",
        bio=own.bio if own else "",
        href=c.links.to(links.author(c.author_id(name))),
        initials=words.initials(name),
    )


def source_rows(c: Catalog, art: Article, order: tuple[str, ...], start: int = 1) -> tuple[view.SourceRow, ...]:
    """The sources in the order of their display numbers."""
    cited = [s for s in (art.cited(i) for i in order) if s]
    return tuple(source_row(c, s, n) for n, s in enumerate(cited, start))


def source_row(c: Catalog, s: Cited, number: int) -> view.SourceRow:
    """One source with publisher, kind, dates, and its archived copy or why there is none."""
    return view.SourceRow(
        number=number,
        title=s.title,
        href=s.url,
        publisher=view.Anchor(text=s.publisher, href=c.links.to(links.publisher(words.name_slug(s.publisher)))),
        kind=KINDS[s.kind],
        published=_stamp(s.published),
        read=_stamp(s.read),
        archived=s.archived,
        reason="" if s.archived else NO_ARCHIVE if s.snapshot else NO_ARCHIVE_BY_HAND,
    )


def _stamp(day: date | None) -> view.Stamp | None:
    return view.Stamp(iso=day.isoformat(), words=words.day(day)) if day else None


def _head(c: Catalog, a: AdmittedArticle, sources: tuple[view.SourceRow, ...]) -> view.Head:
    art = a.article
    return view.Head(
        title=words.page_title(art.title, c.publication.name),
        description=words.description(art.dek, art.short.matters, art.short.happened),
        canonical=c.links.full(links.article(art.edition, art.id)),
        kind="article",
        headline=art.title,
        author=art.author,
        published=c.published_at(a).isoformat(),
        modified=c.changed_at(a).isoformat(),
        section=art.kicker,
        picture=c.picture(links.article_picture(art.edition, art.id)),
        structured=structured.article_graph(c, a, sources),
    )


def _contents(art: Article, sections: tuple[view.SectionView, ...]) -> tuple[view.Anchor, ...]:
    out = [view.Anchor(text=s.title, href=f"#{s.id}") for s in sections]
    if art.meaning:
        out.append(view.Anchor(text=articles.MEANING, href="#means"))
    if art.next_step:
        out.append(view.Anchor(text=articles.NEXT_STEP, href="#next"))
    out.append(view.Anchor(text="Sources", href="#sources"))
    if art.faq:
        out.append(view.Anchor(text=articles.FAQ, href="#faq"))
    return tuple(out)


# ------------------------------------------------------------------- record


def _steps(c: Catalog, a: AdmittedArticle) -> tuple[view.Row, ...]:
    out = [
        view.Row(label="Collected", html=escape(_collected(a))),
        view.Row(label="Drafted", html=escape(_drafted(a))),
        view.Row(label="Checked", html=escape(_checked(a))),
        view.Row(label="Approved", html=_approved(c, a)),
    ]
    out += [view.Row(label="Corrected", html=escape(f"{n.stamp.words}: {n.text}")) for n in notes(a.article)]
    return tuple(out)


def _collected(a: AdmittedArticle) -> str:
    days = sorted(s.read for s in a.article.sources if s.read)
    when = f", read {words.span(days[0], days[-1])}" if days else ""
    if not a.ledger.collected:
        return f"{words.upper_first(words.count(len(a.article.sources), 'source'))}, chosen by hand{when}."
    items = words.upper_first(words.count(a.ledger.collected, "item"))
    return f"{items} from {words.count(a.ledger.feeds, 'feed')} on the public source list{when}."


def _drafted(a: AdmittedArticle) -> str:
    by = a.ledger.drafted_by.strip().rstrip(".")
    text = f"By {by}, from those items and the house’s own guidance only." if by else "By software, from those items and the house’s own guidance only."
    if a.ledger.left_out:
        left = len(a.ledger.left_out)
        text += f" {words.upper_first(words.count(left, 'sentence'))} could not be shown in a source and {'was' if left == 1 else 'were'} left out."
    return text


def _checked(a: AdmittedArticle) -> str:
    cited, made = a.ledger.cited, a.ledger.made
    if not made:
        return "Nothing in this briefing needs a source."
    left = "None is" if cited == made else f"{words.upper_first(words.count(made - cited, 'claim'))} left"
    return f"{words.upper_first(words.count(cited, 'claim'))} compared with what the sources say. {left} without support."


def _approved(c: Catalog, a: AdmittedArticle) -> Markup:
    if a.record is None:
        return escape("No approval is recorded: this site runs as a trial.")
    at = a.record.approved_at.astimezone(c.publication.tz)
    text = f"By {words.person(a.record.approved_by)}, {words.day(at.date())}."
    if a.second:
        text += f" And by {words.person(a.second.approved_by)}, {words.day(a.second.approved_at.astimezone(c.publication.tz).date())}."
    revision = a.record.digest.removeprefix("sha256:")[:12]
    if c.publication.repository:
        return Markup('{} Revision <a href="{}" rel="noopener">{}</a>.').format(text, c.publication.repository, revision)
    return Markup("{} Revision <code>{}</code>.").format(text, revision)


def _claims(a: AdmittedArticle, numbers: blocks.Numbers) -> tuple[view.ClaimRow, ...]:
    """The table of claims: what one passage carries stands together, so that no passage is printed twice."""
    rows: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for claim in a.ledger.claims:
        if claim.type in NEEDS_SOURCE:
            ids = dict.fromkeys([p.source for p in claim.passages] or claim.sources)
            key = (tuple(i for i in ids if i in numbers.of), tuple(_quoted(p.text) for p in claim.passages))
            rows.setdefault(key, []).append(claim.text)
    return tuple(
        view.ClaimRow(
            claims=tuple(view.Said(text=text, often=_often(n)) for text, n in Counter(texts).items()),
            sources=tuple(numbers.anchor(i) for i in ids),
            passages=passages,
            word="" if passages else "Nothing to this effect was found in the sources read.",
        )
        for (ids, passages), texts in rows.items()
    )


def _often(times: int) -> str:
    return "" if times == 1 else "stated twice" if times == 2 else f"stated {words.count(times, 'time')}"


def _quoted(text: str) -> str:
    found = " ".join(text.split()).split(" ")
    return " ".join(found[:PASSAGE_WORDS]) + (" …" if len(found) > PASSAGE_WORDS else "")


def _other(a: AdmittedArticle) -> str:
    rest = sum(claim.type not in NEEDS_SOURCE for claim in a.ledger.claims)
    if not rest:
        return ""
    verb, bring = ("is", "brings") if rest == 1 else ("are", "bring")
    return f"{words.upper_first(words.count(rest, 'other sentence'))} {verb} advice, a question or the house’s own reading and {bring} in no new fact."
