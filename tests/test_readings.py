"""What each source gave for an edition, and how the edition's file keeps it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from briefing import approval, edition
from briefing.collect.readings import readings
from briefing.errors import ContentRefused
from briefing.model import Edition, Item, Reading, Source
from briefing.store import State

START = datetime(2026, 11, 16, 23, tzinfo=UTC)
DAY = timedelta(days=1)


def source(name: str, **given: Any) -> Source:
    url = f"https://{name}.example/"
    return Source(**{"id": name, "name": name, "url": url, "site": url, "category": "x", "kind": "rss", "tier": "trade", **given})


def item(source_id: str, n: int) -> Item:
    return Item(id=f"{n:016x}", source=source_id, url=f"https://{source_id}.example/{n}", title="T", first_seen=START + DAY)


def test_a_source_was_read_where_it_answered_in_the_window_or_brought_an_item_of_it() -> None:
    sources = [
        source("late"),
        source("busy"),
        source("quiet"),
        source("cut"),
        source("new"),
        source("paused"),
        source("desk", kind="manual"),
        source("links", kind="manual"),
    ]
    states = {
        "late": State(source="late", outcome="broken", reason="timeout", last_good=START - timedelta(hours=1), failures=7),
        "busy": State(source="busy", outcome="broken", reason="server-error", last_good=START + DAY),  # fails today, answered on Tuesday
        "quiet": State(source="quiet", outcome="quiet", last_good=START),
        "cut": State(source="cut", outcome="flawed", reason="cut-off"),  # never whole, and yet it brought something
        "paused": State(source="paused", outcome="new", last_good=START - 3 * DAY),
    }
    found = readings(sources, states, [item("busy", 1), item("busy", 2), item("cut", 3), item("links", 4)], START)
    assert found == (
        Reading(source="busy", items=2),
        Reading(source="quiet"),
        Reading(source="cut", items=1),
        Reading(source="links", items=1),
        Reading(source="late", reason="timeout", last=date(2026, 11, 16)),
        Reading(source="new", reason="not-asked"),
        Reading(source="paused", reason="not-asked", last=date(2026, 11, 13)),
    )


EDITION = Edition(
    date=date(2026, 11, 24),
    number=4,
    status="needs-review",
    subject="An office asks for a list",
    preheader="",
    articles=("a",),
    readings=(
        Reading(source="ledger", items=12),
        Reading(source="404-media"),
        Reading(source="1e5", items=1),
        Reading(source="no"),
        Reading(source="nist-ai", reason="not-asked", last=date(2026, 11, 10)),
        Reading(source="off", reason="timeout"),
    ),
)


def test_the_record_stands_in_the_editions_file_and_reads_back() -> None:
    data = edition.write(EDITION)
    assert edition.parse(data, "e.yaml") == EDITION
    assert data.decode().endswith(
        "sources_read:\n  ledger: 12\n  404-media: 0\n"
        '  "1e5": 1\n  no: 0\nsources_not_read:\n  nist-ai:\n    reason: not-asked\n    last: 2026-11-10\n  off:\n    reason: timeout\n'
    )


def test_a_file_without_the_record_stays_as_it_was() -> None:
    plain = Edition(date=date(2026, 11, 24), number=4, status="needs-review", subject="An office asks for a list", preheader="", articles=("a",))
    assert b"sources" not in edition.write(plain)
    assert edition.parse(edition.write(plain), "e.yaml").readings == ()


def test_the_record_is_covered_by_the_editions_approval() -> None:
    data = edition.write(EDITION)
    other = data.replace(b"ledger: 12", b"ledger: 13")
    digests = {approval.digest(approval.edition_parts(d, edition.parse(d, "e.yaml"), ())) for d in (data, other)}
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"ledger: 12", b"ledger: -1", "sources_read"),
        (b"ledger: 12", b"ledger: many", "sources_read"),
        (b"reason: timeout", b"reason: 'it was slow'", "sources_not_read"),
        (b"reason: timeout", b"reason: timeout\n    why: x", "unknown key"),
    ],
)
def test_a_record_that_says_what_it_may_not_is_one_line(old: bytes, new: bytes, message: str) -> None:
    with pytest.raises(ContentRefused, match=message) as caught:
        edition.parse(edition.write(EDITION).replace(old, new), "e.yaml")
    assert "\n" not in str(caught.value)
