"""A hand-made edition of four articles, as the gate would let it through, and what its email becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefing import article as articles
from briefing import inline
from briefing.config import Publication
from briefing.model import Article, Claim, Deadline, Edition, Ledger, Passage, Record
from briefing.site import email
from briefing.site.admitted import Admitted, AdmittedArticle, AdmittedEdition

DATA = Path(__file__).resolve().parent.parent / "data"
DAY = date(2026, 11, 24)
ORDER = ("insurer-ai-register", "city-permits", "hiring-notice", "vendor-terms")


def make_publication(**changes: object) -> Publication:
    plain: dict[str, object] = {
        "name": "The Readiness Brief",
        "tagline": "Five minutes, every Tuesday.",
        "url": "https://brief.example.org",
        "first_edition": date(2026, 6, 16),
        "author": {"id": "dana-whitlock", "name": "Dana Whitlock", "role": "editor", "bio": "Reads every source."},
        "address": "The Readiness Brief, 7 Harbour Lane, Alder Bay, WB 12345",
        "subscribe": "https://list.example.org/subscribe",
        "sender": {
            "service": "buttondown",
            "from_name": "The Readiness Brief",
            "from_address": "brief@brief.example.org",
            "reply_to": "editor@brief.example.org",
        },
    }
    return Publication.model_validate(plain | changes)


def with_service(service: str) -> Publication:
    base = make_publication()
    return base.model_copy(update={"sender": base.sender.model_copy(update={"service": service})})


def make_record(article: str, at: datetime = datetime(2026, 11, 23, 21, 5, tzinfo=UTC)) -> Record:
    return Record(
        version=1,
        article=article,
        edition=DAY,
        decision="approve",
        digest="sha256:" + (article.encode().hex() * 8)[:64].ljust(64, "0"),
        approved_by="Dana Whitlock <dana@brief.example.org>",
        approved_at=at,
    )


def make_ledger(a: Article) -> Ledger:
    """Each sentence of these plain articles as one claim; a cited one has a passage of its own words."""
    claims = []
    for where, md, line in articles.passages(a):
        for sentence in re.split(r"(?:(?<=[.?!])|(?<=\]))\s+(?=[A-Z“])", md):
            markers = inline.cites(sentence)
            words = inline.text(sentence)
            passages = tuple(Passage(source=m, snapshot="", text=words, start=0, end=len(words)) for m in markers)
            claims.append(Claim(text=words, type="fact" if markers else "advice", where=where, sources=markers, passages=passages, line=line))
    return Ledger(article=a.id, edition=a.edition, claims=tuple(claims), snapshots={s.id: s.snapshot for s in a.sources})


def admit(data: bytes, *, edit: Callable[[Article], Article] = lambda a: a) -> AdmittedArticle:
    a = edit(articles.parse(data))
    return AdmittedArticle(name=f"content/briefings/{a.edition}/{a.id}.md", data=data, article=a, ledger=make_ledger(a), record=make_record(a.id))


def read(name: str) -> bytes:
    return (DATA / f"{name}.md").read_bytes()


def make_edition(admitted: tuple[AdmittedArticle, ...], **changes: object) -> AdmittedEdition:
    edition = Edition(
        date=DAY,
        number=24,
        status="approved",
        subject="An insurer published its AI register",
        preheader="Fourteen AI tools had no owner. They were gone by Friday. Plus two dates.",
        articles=tuple(a.id for a in admitted),
        deadlines=("hiring-notice-duty", "inventory-comments", "long-gone"),
    )
    edition = replace(edition, **changes)  # type: ignore[arg-type]
    return AdmittedEdition(edition=edition, record=make_record(f"edition-{edition.date}"), articles=admitted, approved=True, complete=True)


DEADLINES = (
    Deadline(
        id="long-gone",
        instrument="Bulletin 2025-3",
        jurisdiction="Wabash",
        citation="",
        event="first reports are due",
        date=date(2026, 3, 1),
        status="in force",
        url="https://doi.example/2025-3",
    ),
    Deadline(
        id="hiring-notice-duty",
        instrument="Act 12",
        jurisdiction="Wabash",
        citation="Act 12, section 4",
        event="notice duty starts for automated hiring decisions",
        date=date(2027, 7, 1),
        status="signed into law",
        url="https://statehouse.example/act-12?section=4&view=text",
    ),
    Deadline(
        id="inventory-comments",
        instrument="Bulletin 2026-14",
        jurisdiction="Wabash",
        citation="",
        event="comments close on AI inventories",
        date=date(2027, 1, 15),
        status="draft guidance",
        url="https://doi.example/2026-14",
    ),
)


@pytest.fixture
def publication() -> Publication:
    return make_publication()


@pytest.fixture
def quartet() -> tuple[AdmittedArticle, ...]:
    return tuple(admit(read(name)) for name in ORDER)


@pytest.fixture
def edition(quartet: tuple[AdmittedArticle, ...]) -> AdmittedEdition:
    return make_edition(quartet)


@pytest.fixture
def admitted(quartet: tuple[AdmittedArticle, ...], edition: AdmittedEdition) -> Admitted:
    return Admitted(level=1, current=DAY, articles=quartet, editions=(edition,), pages=(), deadlines=DEADLINES)


@pytest.fixture
def files(edition: AdmittedEdition, publication: Publication) -> Mapping[str, bytes]:
    return email.bundle(edition, publication, DEADLINES)
