"""A small briefing to try things on: settings, editors, articles whose evidence holds, an edition. For tests, evaluations and benchmarks.

Everything in it is invented. The texts of the sources are made from the article, so that every claim is shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from . import article as articles
from . import edition as editions
from . import evidence, inline, ledger
from .model import Answer, Article, Bullets, Cited, Edition, Ledger, NextStep, Paragraph, Principle, Section, Short, Snapshot, Statistic
from .project import Project

EDITOR = "Dana Whitlock <dana@brief.example.org>"
SECOND = "Ravi Osei <ravi@brief.example.org>"
DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)

_SETTINGS = """from briefing import site

PUBLICATION = {{
    "name": "The Readiness Brief",
    "tagline": "Five minutes, every Tuesday.",
    "description": "AI news for people who run things.",
    "url": "https://brief.example.org",
    "first_edition": "2026-11-03",
    "author": {{"id": "dana-whitlock", "name": "Dana Whitlock", "role": "editor", "bio": "Dana reads every source before a briefing goes out."}},
    "address": "The Readiness Brief, 7 Mill Lane, Springfield",
    "subscribe": "https://list.example.org/subscribe",
    "sender": {{
        "service": "buttondown",
        "from_name": "The Readiness Brief",
        "from_address": "brief@brief.example.org",
        "reply_to": "editor@brief.example.org",
    }},
    "approval_level": {level},
    "approvers": {approvers},
    "reads_as": "{reads_as}",
    "house": "{house}",
}}

PLUGINS = [site]
"""


def make_project(
    root: Path, *, level: int = 1, approvers: int = 1, reads_as: str = "off", house: str = "review", editors: Sequence[str] = (EDITOR, SECOND)
) -> Project:
    """An empty briefing in this folder: settings at this approval level, the list of editors, git's rules. No article yet."""
    project = Project(root)
    project.briefings.mkdir(parents=True)
    project.editions.mkdir()
    project.settings.write_text(_SETTINGS.format(level=level, approvers=approvers, reads_as=reads_as, house=house), encoding="utf-8")
    project.editors.write_text("".join(f"{e}\n" for e in editors), encoding="utf-8")
    (root / ".gitattributes").write_text("* text=auto eol=lf\n", encoding="utf-8")
    (root / ".gitignore").write_text("var/\noutput/\noutput.*/\n", encoding="utf-8")
    return project


def make_article(article_id: str, *, day: date = DAY, word: str = "") -> Article:
    """A short article with every kind of block. `word` stands in each of its sentences, so that a search finds any of them."""
    name = word or article_id.replace("-", " ").title().replace(" ", "")
    s1 = Cited(
        id="s1",
        title=f"Notice of the {name} office",
        publisher=f"{name} Office",
        url=f"https://{article_id}.example/notice",
        kind="primary",
        published=date(2026, 11, 17),
        read=date(2026, 11, 20),
    )
    s2 = replace(
        s1, id="s2", title=f"What the {name} notice says", publisher=f"{name} Ledger", url=f"https://ledger.{article_id}.example/notice", kind="reporting"
    )
    return Article(
        id=article_id,
        edition=day,
        status="needs-review",
        kicker="AI inventory",
        title=f"{name} Office asks clerks for a list of tools",
        dek=f"The {name} Office now wants one line for each tool.",
        author="Dana Whitlock",
        short=Short(
            happened=f"The {name} Office asked clerks for a list of 27 tools.",
            matters=f"Offices such as {name} are starting to ask.",
            do="Ask every team for one line per tool.",
        ),
        topics=("ai-inventory",),
        jurisdictions=("Indiana",),
        sources=(s1, s2),
        lead=(
            Paragraph(md=f"On November 17, 2026, the {name} Office asked its clerks for a list of 27 tools. [s1]"),
            Paragraph(md=f"The {name} list has one row for each tool. [s1][s2]"),
        ),
        sections=(
            Section(
                question=f"What did the {name} Office ask for?",
                blocks=(
                    Paragraph(md=f"The {name} Office asked for the job and the limit of each tool. [s2]"),
                    Statistic(figure="14 of 41", md=f"{name} tools were switched off. [s1]"),
                    Bullets(
                        items=(Paragraph(md=f"The {name} clerks write one row a tool. [s1]"), Paragraph(md=f"The {name} rows are read each quarter. [s1]"))
                    ),
                ),
            ),
        ),
        meaning=(Principle(order="Start with the list", md="A list is the smallest register that helps."),),
        next_step=NextStep(
            blocks=(Paragraph(md="Ask each team lead for one line per tool."),), time="30 minutes", who="whoever runs operations", result="a first register"
        ),
        faq=(Answer(question="Who keeps the list?", blocks=(Paragraph(md=f"The {name} clerks keep the list. [s1]"),)),),
    )


def texts_of(a: Article) -> Mapping[str, Snapshot]:
    """Texts that its sources could have had: each says what the article cites it for."""
    out = {}
    for s in a.sources:
        said = [f"{b.figure} {inline.text(b.md)}" for _, b in articles.body_blocks(a) if isinstance(b, Statistic) and s.id in inline.cites(b.md)]
        said += [inline.text(md) for where, md, _ in articles.passages(a) if s.id in inline.cites(md) or where == "pull"]
        text = "\n\n".join([*said, a.short.happened, a.dek, a.title, s.title])
        digest = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
        read = datetime(2026, 11, 20, tzinfo=UTC)
        out[s.id] = Snapshot(hash=digest, item="0" * 16, url=s.url, text=text, read=read, origin="page", title=s.title)
    return out


def add_article(project: Project, a: Article) -> Path:
    """Writes an article and its evidence file; the article's file."""
    texts = texts_of(a)
    a = replace(a, sources=tuple(replace(s, snapshot=texts[s.id].hash) for s in a.sources))
    path = project.article(a.edition, a.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(articles.write(a))
    book: Ledger = evidence.record(articles.parse(path.read_bytes(), project.name(path)), texts, collected=14, feeds=9)
    project.evidence(a.edition, a.id).write_bytes(ledger.write(book))
    return path


def add_edition(project: Project, ids: Sequence[str], *, day: date = DAY, number: int = 4) -> Path:
    """Writes an edition's file, not approved yet."""
    path = project.edition(day)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        editions.write(
            Edition(
                date=day, number=number, status="needs-review", subject="Clerks list their tools", preheader="One line a tool is enough.", articles=tuple(ids)
            )
        )
    )
    return path
