"""What an edition's email says, before it is HTML or text: prepared once, so that both parts carry the same facts.

Everything comes from admitted bytes and settings. Sentences are taken word for word; numbers come from the ledgers and records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ... import article as articles
from ... import inline
from ...address import WEB
from ...config import Publication
from ...inline import Node
from ...model import Article, Cited, Deadline, Paragraph, Statistic
from .. import links
from ..admitted import AdmittedArticle, AdmittedEdition

Text = tuple[Node, ...]  # words, emphasis and links; a `cite` node's text is its number in the edition's source list

WORDS_A_MINUTE = 200
#: A deadline this near is set off in amber. The words say what it is; the colour only helps to find it.
NEAR = timedelta(days=60)
#: Mail clients cut or break longer addresses, and a line of a message has at most 998 bytes.
LONGEST_HREF = 700


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One entry of the edition's source list."""

    number: int
    title: str
    label: str  # the title, with its publisher where another source has the same; the publisher where the title is an address
    publisher: str
    day: str  # "November 17, 2026", or "" where the source has none
    url: str
    href: str  # the address where it may be linked in a mail, else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """The statistic: figure, rest of its sentence, whom it comes from."""

    figure: str
    rest: Text
    source: Source | None
    year: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """The edition's first article in full dress."""

    kicker: str
    title: str
    dek: str
    url: str
    how: str  # the address of "how this briefing was made"
    approved_by: str  # the editor's name; "" on trial (level 0), where nobody signed
    approved_on: str  # "November 23"
    cited: int
    made: int
    corrections: tuple[tuple[str, str], ...]  # (day, text)
    paragraphs: tuple[Text, ...]
    figure: Figure | None
    meaning: tuple[tuple[str, Text], ...]  # (order, reason)
    step: tuple[Text, ...]
    time: str
    who: str
    result: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Also:
    """Another article of the edition: headline and two sentences."""

    kicker: str
    title: str
    url: str
    sentences: tuple[Text, ...]
    corrections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DateToKeep:
    """One deadline as the table shows it."""

    day: str
    what: str
    status: str
    near: bool
    url: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A correction of an earlier edition's article, told once, in the next email."""

    day: str
    title: str
    url: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """The whole email."""

    name: str
    home: str
    language: str
    sample: bool
    edition: date
    number: int
    day: str  # "Tuesday, November 24, 2026"
    subject: str
    preheader: str
    web: str  # the edition's page
    archive: str
    deadlines_page: str
    lead: Lead
    also: tuple[Also, ...]
    dates: tuple[DateToKeep, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]
    editors: str  # who approved, in words
    host: str
    address: str
    words: int = 0  # of the running text
    minutes: int = 1


def letter(
    edition: AdmittedEdition,
    publication: Publication,
    deadlines: Sequence[Deadline] = (),
    earlier: Sequence[AdmittedArticle] = (),
) -> Letter:
    """What the email of a complete edition says. `earlier` are articles of older editions, for corrections.

    Raises ValueError for an edition without articles.
    """
    if not edition.articles:
        raise ValueError(f"edition {edition.edition.date.isoformat()} has no article")
    e = edition.edition
    numbers = _Numbers()
    lead = _lead(edition.articles[0], publication, numbers)
    also = tuple(_also(a, publication, numbers) for a in edition.articles[1:])
    for admitted in edition.articles:
        numbers.rest(admitted.article)
    out = Letter(
        name=publication.name,
        home=publication.url + links.HOME,
        language=publication.language,
        sample=publication.sample,
        edition=e.date,
        number=e.number,
        day=f"{e.date:%A}, {long_day(e.date)}",
        subject=e.subject,
        preheader=e.preheader,
        web=publication.url + links.edition(e.number),
        archive=publication.url + links.ARCHIVE,
        deadlines_page=publication.url + links.DEADLINES,
        lead=lead,
        also=also,
        dates=_dates(e.deadlines, deadlines, e.date),
        notes=_notes(earlier, publication, e.date),
        sources=numbers.sources,
        editors=_editors(edition.articles),
        host=publication.url.partition("://")[2],
        address=publication.address,
    )
    words = _count(out)
    return replace(out, words=words, minutes=max(1, -(-words // WORDS_A_MINUTE)))


def article_url(article: Article, publication: Publication) -> str:
    """Where an article stands on the site."""
    return publication.url + links.article(article.edition, article.id)


def long_day(day: date) -> str:
    """`November 24, 2026`, whatever the machine's language."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def short_day(day: date) -> str:
    """`Jul 1, 2027`."""
    return f"{_MONTHS[day.month - 1][:3]} {day.day}, {day.year}"


def plain(text: Text) -> str:
    """The words of a text, without its markers."""
    out = [n.text if n.kind == "text" else "" if n.kind == "cite" else plain(n.children) for n in text]
    return " ".join("".join(out).split())


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


# ------------------------------------------------------------------ sources


class _Numbers:
    """Numbers the sources of a whole edition in order of first use; one address is one source."""

    def __init__(self) -> None:
        self._by_url: dict[str, Source] = {}

    @property
    def sources(self) -> tuple[Source, ...]:
        listed = tuple(self._by_url.values())
        titles = Counter(s.title for s in listed)
        return tuple(replace(s, label=f"{s.title} ({s.publisher})") if titles[s.title] > 1 else s for s in listed)

    def of(self, cited: Cited) -> Source:
        known = self._by_url.get(cited.url)
        if known is None:
            known = Source(
                number=len(self._by_url) + 1,
                title=cited.title,
                label=cited.publisher if WEB.match(cited.title) else cited.title,
                publisher=cited.publisher,
                day=long_day(cited.published) if cited.published else "",
                url=cited.url,
                href=_linkable(cited.url),
            )
            self._by_url[cited.url] = known
        return known

    def text(self, md: str, article: Article) -> Text:
        """A paragraph with its markers renumbered; a marker without a source is dropped."""
        return _trimmed(tuple(self._numbered(inline.nodes(md), article)))

    def _numbered(self, parts: Text, article: Article) -> Iterator[Node]:
        for node in parts:
            if node.kind == "cite":
                cited = article.cited(node.text)
                if cited is not None:
                    yield Node("cite", str(self.of(cited).number))
            elif node.kind == "text":
                yield node
            else:
                yield Node(node.kind, node.text, tuple(self._numbered(node.children, article)), node.href)

    def rest(self, article: Article) -> None:
        for source_id in articles.source_order(article):
            cited = article.cited(source_id)
            if cited is not None:
                self.of(cited)


def _linkable(url: str) -> str:
    """The address where a mail may link it: https and not too long. Others are printed, never linked."""
    return url if url.startswith("https://") and len(url) <= LONGEST_HREF and WEB.match(url) else ""


def _trimmed(text: Text) -> Text:
    """Without the space before a marker: the number stands at its sentence."""
    out: list[Node] = []
    for node in text:
        if node.kind == "cite" and out and out[-1].kind == "text":
            out[-1] = Node("text", out[-1].text.rstrip())
        out.append(node)
    return tuple(n for n in out if n.kind != "text" or n.text)


# ----------------------------------------------------------------- articles


def _lead(admitted: AdmittedArticle, publication: Publication, numbers: _Numbers) -> Lead:
    a = admitted.article
    paragraphs = [b for b in a.lead if isinstance(b, Paragraph)][:2]
    url = article_url(a, publication)
    step = a.next_step
    return Lead(
        kicker=a.kicker,
        title=a.title,
        dek=a.dek,
        url=url,
        how=f"{url}#how",
        approved_by=person(admitted.record.approved_by) if admitted.record else "",
        approved_on=_day_of(admitted.record.approved_at, publication) if admitted.record else "",
        cited=admitted.ledger.cited,
        made=admitted.ledger.made,
        corrections=_corrections(a),
        paragraphs=tuple(numbers.text(p.md, a) for p in paragraphs),
        figure=_figure(a, numbers),
        meaning=tuple((p.order, numbers.text(p.md, a)) for p in a.meaning),
        step=tuple(numbers.text(p.md, a) for p in step.blocks) if step else (),
        time=step.time if step else "",
        who=step.who if step else "",
        result=step.result if step else "",
    )


def _figure(a: Article, numbers: _Numbers) -> Figure | None:
    block = next((b for _, b in articles.body_blocks(a) if isinstance(b, Statistic)), None)
    if block is None:
        return None
    cited = next((c for c in (a.cited(m) for m in inline.cites(block.md)) if c is not None), None)
    day = (cited.published or cited.read) if cited else None
    rest = tuple(n for n in numbers.text(block.md, a) if n.kind != "cite")
    return Figure(figure=block.figure, rest=rest, source=numbers.of(cited) if cited else None, year=str(day.year) if day else "")


def _also(admitted: AdmittedArticle, publication: Publication, numbers: _Numbers) -> Also:
    a = admitted.article
    return Also(
        kicker=a.kicker,
        title=a.title,
        url=article_url(a, publication),
        sentences=_first_two(admitted, numbers),
        corrections=_corrections(a),
    )


def _first_two(admitted: AdmittedArticle, numbers: _Numbers) -> tuple[Text, ...]:
    """The lead's first two sentences as the ledger holds them, each with its markers; the first paragraph where the ledger has none."""
    a = admitted.article
    claims = [c for c in admitted.ledger.claims if c.where == "lead"][:2]
    if not claims:
        first = next((b for b in a.lead if isinstance(b, Paragraph)), None)
        return (numbers.text(first.md, a),) if first else ()
    return tuple(numbers.text(inline.escape(c.text) + " " + "".join(f"[{s}]" for s in c.sources), a) for c in claims)


def _corrections(a: Article) -> tuple[tuple[str, str], ...]:
    return tuple((long_day(c.date), c.text) for c in a.corrections)


def _notes(earlier: Sequence[AdmittedArticle], publication: Publication, edition: date) -> tuple[Note, ...]:
    """Corrections made since the edition before, also over a skipped week: each is told once. An edition's own articles carry theirs themselves."""
    since = max((x.article.edition for x in earlier if x.article.edition < edition), default=edition)
    found = [(c, x.article) for x in earlier if x.article.edition < edition for c in x.article.corrections if since <= c.date < edition]
    found.sort(key=lambda f: (f[0].date, f[1].id))
    return tuple(Note(day=long_day(c.date), title=a.title, url=article_url(a, publication), text=c.text) for c, a in found)


# ------------------------------------------------------------ people, dates


def person(approved_by: str) -> str:
    """The name in `Name <address>`."""
    return approved_by.partition("<")[0].strip() or approved_by


def _day_of(moment: datetime, publication: Publication) -> str:
    local = moment.astimezone(publication.tz).date()
    return f"{_MONTHS[local.month - 1]} {local.day}"


def _editors(admitted: Sequence[AdmittedArticle]) -> str:
    names = list(dict.fromkeys(person(r.approved_by) for a in admitted for r in (a.record, a.second) if r is not None))
    if not names:
        return ""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _dates(ids: Sequence[str], deadlines: Sequence[Deadline], edition: date) -> tuple[DateToKeep, ...]:
    kept = sorted((d for d in deadlines if d.id in ids and d.date >= edition), key=lambda d: (d.date, d.id))
    return tuple(
        DateToKeep(
            day=short_day(d.date),
            what=f"{d.instrument}: {d.event}".rstrip(". "),
            status=d.status[:1].upper() + d.status[1:],
            near=d.date - edition <= NEAR,
            url=d.url,
            href=_linkable(d.url),
        )
        for d in kept
    )


def _count(x: Letter) -> int:
    """Words that are read, from the headline to the dates: not sources, records or the foot."""
    lead = x.lead
    texts = [lead.title, lead.dek, *map(plain, lead.paragraphs), *(f"{order} {plain(t)}" for order, t in lead.meaning), *map(plain, lead.step)]
    texts += [lead.time, lead.who, lead.result]
    if lead.figure:
        texts.append(f"{lead.figure.figure} {plain(lead.figure.rest)}")
    for other in x.also:
        texts += [other.title, *map(plain, other.sentences)]
    texts += [f"{d.day} {d.what} {d.status}" for d in x.dates] + [n.text for n in x.notes]
    return sum(len(t.split()) for t in texts)
