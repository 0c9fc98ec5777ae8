from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing.collect.entries import Entry
from briefing.collect.merge import Known, Memory, Merged, mark_of, merge, names_of
from briefing.collect.parse import parse
from briefing.model import Source

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOURCE = Source(id="s", name="S", url="https://feed.example/feed.xml", site="https://feed.example/", category="x", kind="rss", tier="trade")


def entry(name: str = "g1", link: str = "https://feed.example/1", title: str = "Title", summary: str = "Text.", day: int = 20) -> Entry:
    return Entry(id=name, link=link, title=title, summary=summary, published=datetime(2026, 11, day, 9, tzinfo=UTC))


def remembered(*runs: Merged) -> Memory:
    """What a store would hold after these runs."""
    items: dict[str, Known] = {}
    names: dict[tuple[str, str], list[str]] = {}
    for run in runs:
        for change in run.changes:
            i = change.item
            items[i.id] = Known(i.id, change.digest, i.version, i.first_seen, i.published, i.mark)
        for item, more in [(c.item.id, c.names) for c in run.changes] + list(run.names):
            for name in more:
                names.setdefault(name, []).append(item)
    return Memory(items, {k: tuple(v) for k, v in names.items()})  # type: ignore[misc]


def first(*entries: Entry) -> Merged:
    return merge(entries, Memory(), SOURCE, NOW)


def again(before: Merged, *entries: Entry) -> Merged:
    return merge(entries, remembered(before), SOURCE, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("change", "new", "changed"),
    [
        ({}, 0, 0),
        ({"title": "Other"}, 0, 1),
        ({"summary": "Other."}, 0, 1),
        ({"published": NOW}, 0, 0),  # many feeds date every entry anew
        ({"id": "g2"}, 0, 0),  # the link tells
        ({"id": "g2", "link": "https://feed.example/other"}, 0, 1),  # title and day tell
        ({"id": "g2", "link": "https://feed.example/other", "title": "Other"}, 1, 0),
        ({"link": "https://feed.example/other", "title": "Other"}, 0, 1),  # the id tells
    ],
)
def test_an_entry_is_recognised_by_id_then_link_then_title_and_day(change: dict[str, object], new: int, changed: int) -> None:
    merged = again(first(entry()), replace(entry(), **change))  # type: ignore[arg-type]
    assert (merged.new, merged.changed) == (new, changed)


def test_entries_that_share_one_link_stay_apart() -> None:
    before = first(*(entry(f"g{n}", "https://feed.example/", f"Title {n}") for n in range(3)))
    assert before.new == 3
    after = again(before, *(entry(f"g{n}", "https://feed.example/", f"Title {n}") for n in range(1, 5)))
    assert (after.new, after.changed, after.unchanged) == (2, 0, 2)


def test_entries_without_ids_that_share_one_link_stay_apart() -> None:
    entries = [entry("", "https://feed.example/", f"Title {n}") for n in range(3)]
    before = first(*entries)
    assert before.new == 3
    assert (again(before, *entries).new, again(before, entries[2]).new) == (0, 0)


def test_an_item_keeps_its_identity_first_sight_and_first_date() -> None:
    before = first(entry())
    after = again(before, replace(entry(), title="Other", published=NOW))
    (old,), (new,) = before.changes, after.changes
    assert (new.item.id, new.item.first_seen, new.item.published, new.item.version) == (old.item.id, NOW, old.item.published, 2)


def test_an_entry_without_a_link_points_at_the_publisher() -> None:
    assert first(entry(link="")).changes[0].item.url == "https://feed.example/"


@pytest.mark.parametrize(
    ("age", "mark"),
    [(timedelta(), ""), (timedelta(days=10), ""), (timedelta(days=10, seconds=1), "backlog"), (timedelta(hours=-24), ""), (timedelta(hours=-25), "future")],
)
def test_a_date_is_judged_by_when_it_was_first_seen(age: timedelta, mark: str) -> None:
    assert mark_of(NOW - age, NOW) == mark
    assert mark_of(None, NOW) == "undated"


def test_the_same_page_in_the_feed_twice_is_one_item() -> None:
    merged = first(entry(), entry())
    assert (merged.new, merged.doubled) == (1, 1)


def hostile_entries(hostile: Path, name: str) -> tuple[Entry, ...]:
    return parse((hostile / "feeds" / name).read_bytes(), SOURCE, url=SOURCE.url, content_type="application/rss+xml", now=NOW).entries


def test_p08_a_stable_identity_is_made_up(hostile: Path) -> None:
    for name, count in (("no-ids.xml", 2), ("same-guid-twice.xml", 2)):
        before = first(*hostile_entries(hostile, name))
        assert before.new == count
        after = again(before, *hostile_entries(hostile, name))
        assert (after.new, after.changed) == (0, 0), name


def test_p09_changing_ids_bring_no_copies(hostile: Path) -> None:
    before = first(*hostile_entries(hostile, "guids-change-1.xml"))
    after = again(before, *hostile_entries(hostile, "guids-change-2.xml"))
    assert (before.new, after.new) == (5, 0)


def test_p10_a_rewritten_entry_is_a_version_and_a_missing_one_stays(hostile: Path) -> None:
    before = first(*hostile_entries(hostile, "history-1.xml"))
    after = again(before, *hostile_entries(hostile, "history-2.xml"))
    assert (before.new, after.new, after.changed) == (2, 0, 1)
    assert after.changes[0].item.title == "Regulator fines firm EUR 1 million"


def test_names_are_ordered_by_how_sure_they_are() -> None:
    assert [n[0] for n in names_of(entry())] == ["id", "link", "title"]
    assert [n[0] for n in names_of(entry("", ""))] == ["title"]
