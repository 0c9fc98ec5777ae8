"""A small publication as the gate would let it through, and the site that Pelican makes of it. Built once a session."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from briefing import article as articles
from briefing import config, inline
from briefing.config import Publication
from briefing.model import Article, Claim, Correction, Deadline, Edition, Ledger, Passage, Record
from briefing.project import Project
from briefing.site import assets, texts
from briefing.site import build as builds
from briefing.site.admitted import Admitted, AdmittedArticle, AdmittedEdition, Page
from briefing.site.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
NEWEST = date(2026, 11, 24)
QUARTET = ("insurer-ai-register", "city-permits", "hiring-notice", "vendor-terms")

SETTINGS = """from briefing import site

PUBLICATION = {{
    "name": "The Readiness Brief",
    "tagline": "Five minutes, every Tuesday.",
    "description": "AI news and compliance for people who run things. Each issue has its sources at the bottom and an editor’s name at the top.",
    "url": "{url}",
    "first_edition": "2026-11-03",
    "author": {{
        "id": "dana-whitlock",
        "name": "Dana Whitlock",
        "role": "editor",
        "bio": "Dana has spent fifteen years helping regulated firms buy software they can explain. She reads every source before a briefing goes out.",
    }},
    "address": "The Readiness Brief, 100 Sample Street, Springfield",
    "subscribe": "https://list.example.org/subscribe",
    "sender": {{
        "service": "buttondown",
        "from_name": "The Readiness Brief",
        "from_address": "brief@brief.example.org",
        "reply_to": "editor@brief.example.org",
    }},
    "sample": {sample},
}}
PLUGINS = [site]
"""

SOURCES = """sources:
  - id: larkmoor
    name: "Larkmoor Mutual"
    url: "https://larkmoor.example/feed.xml"
    site: "https://larkmoor.example/"
    category: ai-news
    kind: rss
    tier: primary
  - id: harbour-ledger
    name: "The Harbour Ledger"
    url: "https://ledger.example/feed.xml"
    category: ai-news
    kind: rss
    tier: wire
  - id: gazette
    name: "Federal Gazette"
    url: "https://gazette.example/api"
    site: "https://gazette.example/"
    category: compliance-federal
    kind: rss
    tier: primary
"""

ABOUT = """---
title: "About"
slug: about
description: "A short weekly briefing on AI and compliance, with its sources in plain view and an editor’s name on every page."
---
This briefing is for people who run things. Read [how we work](/how-we-work/), or [the law itself](https://law.example/act).

## What you get

- One <script>alert(1)</script> edition a week.
- Its sources.
"""
HOW = """---
title: "How we work"
description: "Where the items come from, what software does, and who approves a briefing before anyone reads it."
---
Software gathers and drafts. A named editor decides.
"""
CORRECTIONS = """---
title: "Corrections"
description: "How errors are reported, corrected and listed. Nothing on this site is changed silently, and nothing is removed."
---
When a briefing is wrong, we say what was wrong and what is right.
"""
PRIVACY = """---
title: "Privacy"
description: "What this site learns about you, which is as little as could be arranged: no cookies, no counters."
---
The pages set no cookies.
"""
PAGES = {"about": ABOUT, "corrections": CORRECTIONS, "how-we-work": HOW, "privacy": PRIVACY}


def deadline(key: str, day: str, status: str, **more: object) -> Deadline:
    plain: dict[str, object] = {
        "id": key,
        "instrument": key.replace("-", " ").capitalize(),
        "jurisdiction": "Wabash",
        "citation": "Act 12, section 4",
        "event": "duties apply",
        "date": date.fromisoformat(day),
        "status": status,
        "url": f"https://statehouse.example/{key}?view=text&part=2",
    }
    return Deadline(**(plain | more))  # type: ignore[arg-type]


DEADLINES = (
    deadline("first-reports", "2026-03-01", "in force"),
    deadline("vendor-attestations", "2026-12-15", "due this quarter", verified=date(2026, 11, 20), verified_by="Dana Whitlock <dana@brief.example.org>"),
    deadline("inventory-comments", "2027-01-31", "draft guidance"),
    deadline("notice-duty", "2027-07-01", "signed into law"),
    deadline("second-notice-duty", "2027-07-01", "signed into law"),
)


def record(key: str, day: date, at: datetime | None = None) -> Record:
    return Record(
        version=1,
        article=key,
        edition=day,
        decision="approve",
        digest="sha256:" + (key.encode().hex() * 8)[:64].ljust(64, "0"),
        approved_by="Dana Whitlock <dana@brief.example.org>",
        approved_at=at or datetime(day.year, day.month, day.day, 21, 5, tzinfo=UTC) - timedelta(days=1),
    )


def ledger(a: Article) -> Ledger:
    """Each sentence of these plain articles as a claim; a cited one has a passage of its own words."""
    claims = []
    for where, md, line in articles.passages(a):
        for sentence in re.split(r"(?:(?<=[.?!])|(?<=\]))\s+(?=[A-Z“])", md):
            markers = inline.cites(sentence)
            text = inline.text(sentence)
            passages = tuple(Passage(source=m, snapshot="", text=text, start=0, end=len(text)) for m in markers)
            claims.append(Claim(text=text, type="fact" if markers else "advice", where=where, sources=markers, passages=passages, line=line))
    claims.append(Claim(text="The sources do not say what the register cost.", type="absence", where="faq:What did the work cost?", sources=()))
    return Ledger(
        article=a.id,
        edition=a.edition,
        claims=tuple(claims),
        snapshots={s.id: s.snapshot for s in a.sources},
        collected=4,
        feeds=3,
        left_out=("One sentence that could not be shown.",),
    )


def admit(a: Article, at: datetime | None = None) -> AdmittedArticle:
    return AdmittedArticle(
        name=f"content/briefings/{a.edition}/{a.id}.md", data=articles.write(a), article=a, ledger=ledger(a), record=record(a.id, a.edition, at)
    )


def read(name: str) -> Article:
    return articles.parse((DATA / f"{name}.md").read_bytes(), name)


def corrected(a: Article) -> Article:
    """The lead as it stands two days later."""
    return replace(
        a,
        updated=date(2026, 11, 26),
        corrections=(Correction(date=date(2026, 11, 26), text="An earlier version said the register covers pricing. It covers claims handling only."),),
        limits="The two sources carry little about the cost of the work; this briefing is shorter for it.",
    )


def earlier(name: str, day: date, key: str, title: str) -> Article:
    a = read(name)
    return replace(a, id=key, edition=day, title=title, dek=f"{title}. {a.dek}", sources=tuple(replace(s, url=f"{s.url}-{key}") for s in a.sources))


def edition(day: date, number: int, found: tuple[AdmittedArticle, ...], **changes: object) -> AdmittedEdition:
    e = Edition(
        date=day,
        number=number,
        status="approved",
        subject="An insurer published its AI register",
        preheader="Fourteen AI tools had no owner. They were gone by Friday. Plus two dates.",
        articles=tuple(a.id for a in found),
        deadlines=("vendor-attestations", "inventory-comments", "first-reports"),
    )
    e = replace(e, **changes)  # type: ignore[arg-type]
    return AdmittedEdition(edition=e, record=record(f"edition-{day}", day), articles=found, approved=True, complete=True)


def make_admitted() -> Admitted:
    """Three editions; the second week had none."""
    first = (admit(earlier("hiring-notice", date(2026, 11, 3), "nine-questions", "Nine questions to ask before the vendor demo ends")),)
    third = (
        admit(earlier("vendor-terms", date(2026, 11, 17), "meeting-notes", "A law firm stopped its meeting bots and kept one thing")),
        admit(earlier("city-permits", date(2026, 11, 17), "permit-queue", "A city shortens its permit queue and publishes the rule")),
    )
    newest = tuple(admit(corrected(read(n)), datetime(2026, 11, 26, 14, 30, tzinfo=UTC)) if n == QUARTET[0] else admit(read(n)) for n in QUARTET)
    editions = (edition(date(2026, 11, 3), 1, first, deadlines=()), edition(date(2026, 11, 17), 3, third), edition(NEWEST, 4, newest))
    return Admitted(
        level=1,
        current=NEWEST,
        articles=tuple(sorted((*first, *third, *newest), key=lambda a: (a.article.edition, a.id))),
        editions=editions,
        pages=tuple(Page(name=n, data=text.encode("utf-8")) for n, text in sorted(PAGES.items())),
        deadlines=DEADLINES,
    )


def make_project(root: Path, url: str = "https://brief.example.org", *, sample: bool = True) -> Project:
    root.mkdir(parents=True, exist_ok=True)
    (root / "pelicanconf.py").write_text(SETTINGS.format(url=url, sample=sample), encoding="utf-8")
    (root / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (root / "var").mkdir(exist_ok=True)
    return Project(root)


def make_catalog(admitted: Admitted, project: Project) -> Catalog:
    return Catalog(
        admitted,
        config.publication(project.settings),
        config.sources(project.sources)[0],
        assets.collect(assets.theme(project.root)).paths,
        {p.name: texts.parse(p.data, p.name, lambda path: path) for p in admitted.pages},
    )


@dataclass(frozen=True)
class Site:
    """A finished site."""

    out: Path
    project: Project
    admitted: Admitted
    catalog: Catalog

    @property
    def publication(self) -> Publication:
        return self.catalog.publication

    def text(self, path: str) -> str:
        return (self.out / path).read_text(encoding="utf-8")

    def page(self, path: str) -> BeautifulSoup:
        return BeautifulSoup(self.text(path), "html.parser")

    def pages(self) -> Iterator[tuple[str, BeautifulSoup]]:
        for path in sorted(self.out.rglob("*.html")):
            name = path.relative_to(self.out).as_posix()
            if not name.startswith("email/"):
                yield name, self.page(name)

    def tree(self) -> Mapping[str, bytes]:
        return {p.relative_to(self.out).as_posix(): p.read_bytes() for p in sorted(self.out.rglob("*")) if p.is_file()}


def build_site(root: Path, admitted: Admitted, url: str = "https://brief.example.org", *, sample: bool = True) -> Site:
    project = make_project(root / "project", url, sample=sample)
    out = root / "site"
    kind = logging.getLoggerClass()
    try:
        builds.pelican(project, admitted, out)
    finally:
        logging.setLoggerClass(kind)  # Pelican puts in one that raises: no other test's loggers should be of it
    return Site(out, project, admitted, make_catalog(admitted, project))


@pytest.fixture(scope="session")
def build() -> Callable[..., Site]:
    """`build(folder, admitted, url=..., sample=...)`: another site, for tests that need one of their own."""
    return build_site


@pytest.fixture(scope="session")
def admitted() -> Admitted:
    return make_admitted()


@pytest.fixture(scope="session")
def site(admitted: Admitted, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return build_site(tmp_path_factory.mktemp("site"), admitted)
