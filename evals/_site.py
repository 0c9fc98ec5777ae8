"""A publication of any size made from a fixed seed: articles of about 900 words with every element, their ledgers and records. No clock, no store."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from briefing import article as articles
from briefing import inline
from briefing.model import (
    Answer,
    Article,
    Bullets,
    Cited,
    Claim,
    Edition,
    Ledger,
    NextStep,
    Paragraph,
    Passage,
    Principle,
    PullQuote,
    Record,
    Section,
    Short,
    Statistic,
)
from briefing.project import Project
from briefing.site.admitted import Admitted, AdmittedArticle, AdmittedEdition

FIRST = date(2020, 1, 7)
A_WEEK = 4  # articles an edition
WORDS = re.findall(
    r"\w+",
    """
register owner system limit insurer notice review claim handler vendor contract rule agency county record model letter audit list person team office
decision week month report draft duty answer question source page note price change plan step test risk form name reader city plant clinic school
""",
)
VERBS = re.findall(
    r"\w+",
    """
keeps shows asks names lists changes reads writes signs checks moves holds gives opens closes tells
""",
)
TOPICS = [f"{a}-{b}" for a in ("ai", "data", "hiring", "health", "insurance") for b in ("inventory", "notice", "vendors", "audit", "records", "training")]

SETTINGS = """from briefing import site

PUBLICATION = {
    "name": "The Measured Brief", "tagline": "Five minutes, every Tuesday.", "url": "https://brief.example.org", "first_edition": "2020-01-07",
    "author": {"id": "dana-whitlock", "name": "Dana Whitlock", "role": "editor", "bio": "Dana reads every source before a briefing goes out."},
    "address": "100 Sample Street, Springfield", "subscribe": "https://list.example.org/subscribe",
    "sender": {"service": "buttondown", "from_name": "The Measured Brief", "from_address": "a@brief.example.org", "reply_to": "a@brief.example.org"},
    "sample": True,
}
PLUGINS = [site]
"""


def project(root: Path) -> Project:
    """A project folder with settings and no content: what is published comes from `admitted`."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "pelicanconf.py").write_text(SETTINGS, encoding="utf-8")
    (root / "var").mkdir(exist_ok=True)
    return Project(root)


def admitted(count: int, seed: int = 7) -> Admitted:
    """`count` approved articles, four a week from 2020 on. The first n of a larger publication are those of a smaller one."""
    found = [_admit(n, seed) for n in range(count)]
    weeks = [tuple(found[n : n + A_WEEK]) for n in range(0, count, A_WEEK)]
    editions = tuple(_edition(n, week) for n, week in enumerate(weeks, 1))
    return Admitted(level=1, current=editions[-1].edition.date, articles=tuple(found), editions=editions, pages=(), deadlines=())


def _edition(number: int, week: tuple[AdmittedArticle, ...]) -> AdmittedEdition:
    day = week[0].article.edition
    edition = Edition(
        date=day, number=number, status="approved", subject=week[0].article.title, preheader="What changed this week.", articles=tuple(a.id for a in week)
    )
    return AdmittedEdition(edition=edition, record=_record(f"edition-{day}", day), articles=week, approved=True, complete=True)


def _record(key: str, day: date) -> Record:
    return Record(
        version=1,
        article=key,
        edition=day,
        decision="approve",
        digest="sha256:" + (key.encode().hex() * 9)[:64].ljust(64, "0"),
        approved_by="Dana Whitlock <dana@brief.example.org>",
        approved_at=datetime(day.year, day.month, day.day, 20, tzinfo=UTC) - timedelta(days=1),
    )


def _admit(n: int, seed: int) -> AdmittedArticle:
    a = _article(n, random.Random(f"{seed}-{n}"))
    return AdmittedArticle(
        name=f"content/briefings/{a.edition}/{a.id}.md", data=articles.write(a), article=a, ledger=_ledger(a), record=_record(a.id, a.edition)
    )


def _sentence(r: random.Random, least: int = 9) -> str:
    found = [r.choice(WORDS) for _ in range(r.randint(least, least + 9))]
    found[2] = r.choice(VERBS)
    return " ".join(found).capitalize() + "."


def _paragraph(r: random.Random) -> Paragraph:
    parts = []
    for _ in range(4):
        text = inline.escape(_sentence(r))
        parts.append(f"{text} [s{r.randint(1, 3)}]" if r.random() < 0.4 else text)
    return Paragraph(md=" ".join(parts))


def _article(n: int, r: random.Random) -> Article:
    day = FIRST + timedelta(weeks=n // A_WEEK)
    sections = tuple(
        Section(question=f"{_sentence(r, 4)[:-1]}?", blocks=(_paragraph(r), _paragraph(r), *(_extras(r) if s == 1 else ())), line=0) for s in range(4)
    )
    topics = tuple(r.sample(TOPICS, 2))
    return Article(
        id=f"briefing-{n:05d}",
        edition=day,
        status="approved",
        kicker=topics[0].replace("-", " ").capitalize(),
        title=f"{_sentence(r, 6)[:70].rstrip('. ')} {n}",
        dek=_sentence(r, 14),
        author="Dana Whitlock",
        short=Short(happened=_sentence(r), matters=_sentence(r), do=_sentence(r)),
        topics=topics,
        jurisdictions=("US",),
        sources=tuple(_source(n, i, r, day) for i in range(1, 4)),
        lead=(Paragraph(md=f"{inline.escape(_sentence(r))} [s1] {inline.escape(_sentence(r))} [s2][s3]"), _paragraph(r)),
        sections=sections,
        meaning=tuple(Principle(order=f"{w.capitalize()} the list", md=inline.escape(_sentence(r, 14))) for w in ("Keep", "Name", "Write")),
        next_step=NextStep(blocks=(_paragraph(r),), time="30 minutes", who="whoever runs operations", result="a first register"),
        faq=tuple(Answer(question=f"{_sentence(r, 4)[:-1]}?", blocks=(Paragraph(md=f"{inline.escape(_sentence(r, 14))} [s2]"),)) for _ in range(4)),
    )


def _extras(r: random.Random) -> tuple[Statistic, PullQuote, Bullets]:
    return (
        Statistic(figure=f"{r.randint(2, 90)} of {r.randint(91, 400)}", md=f"{inline.escape(_sentence(r))} [s1]"),
        PullQuote(text=f"“{_sentence(r)}”", by="Ines Marchetti, chief claims officer"),
        Bullets(items=tuple(Paragraph(md=f"{inline.escape(_sentence(r))} [s1]") for _ in range(3))),
    )


def _source(n: int, i: int, r: random.Random, day: date) -> Cited:
    publisher = f"{r.choice(WORDS).capitalize()} {r.choice(('Ledger', 'Agency', 'Review'))}"
    return Cited(
        id=f"s{i}",
        title=_sentence(r, 5)[:-1],
        publisher=publisher,
        url=f"https://{publisher.lower().replace(' ', '-')}.example/{n}/{i}",
        kind="primary" if i == 1 else "reporting",
        published=day - timedelta(days=5),
        read=day - timedelta(days=3),
        snapshot="sha256:" + f"{n * 10 + i:064x}",
    )


def _ledger(a: Article) -> Ledger:
    claims = []
    for where, md, line in articles.passages(a):
        markers = tuple(dict.fromkeys(inline.cites(md)))
        text = inline.text(md)[:180]
        passages = tuple(Passage(source=m, snapshot="", text=text, start=0, end=len(text)) for m in markers)
        claims.append(Claim(text=text, type="fact" if markers else "advice", where=where, sources=markers, passages=passages, line=line))
    return Ledger(article=a.id, edition=a.edition, claims=tuple(claims), snapshots={s.id: s.snapshot for s in a.sources}, collected=5, feeds=4)
