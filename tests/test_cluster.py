"""Items into stories: the sample week exactly, whatever the order; two events of one kind stay two."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest

from briefing import cluster
from briefing.model import Item
from evals import _sample

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def material() -> _sample.Material:
    return _sample.load()


def item(number: int, title: str, summary: str, source: str = "a", url: str = "") -> Item:
    return Item(
        id=f"{number:016x}", source=source, url=url or f"https://{source}.example/{number}", title=title, summary=summary, published=NOW, first_seen=NOW
    )


@pytest.mark.parametrize("day", sorted(_sample.EDITIONS))
def test_every_story_of_the_sample_is_found_whole(material: _sample.Material, day: date) -> None:
    stories = cluster.stories(material.week(day), {k: s.text for k, s in material.texts.items()}, {s.id: s.tier for s in material.sources})
    for name in _sample.EDITIONS[day]:
        mine = {i.id for i in material.week(day) if material.truth[i.id] == name}
        assert any({i.id for i in s.items} == mine for s in stories), name


def test_the_order_of_items_changes_nothing(material: _sample.Material) -> None:
    items = list(material.week(date(2026, 11, 17)))
    texts = {k: s.text for k, s in material.texts.items()}
    first = cluster.stories(items, texts)
    random.Random(7).shuffle(items)
    assert cluster.stories(items, texts) == first


def test_two_events_of_one_kind_stay_apart() -> None:
    items = [
        item(
            1,
            "Quake shakes Orlen valley",
            "An earthquake of magnitude 5.1 shook the Orlen valley on Monday and damaged 40 houses, Mayor Tova Brandt said.",
            "a",
        ),
        item(
            2,
            "Orlen valley counts damage after quake",
            "Mayor Tova Brandt said 40 houses in the Orlen valley were damaged by the earthquake of magnitude 5.1.",
            "b",
        ),
        item(
            3,
            "Quake shakes coast of Marrow Bay",
            "An earthquake of magnitude 6.3 shook Marrow Bay on Tuesday and cut power to 9,000 homes, Governor Ines Palk said.",
            "c",
        ),
        item(4, "Power back in Marrow Bay", "Governor Ines Palk said power was back in 9,000 homes at Marrow Bay after the magnitude 6.3 earthquake.", "d"),
    ]
    found = {frozenset(int(i.id, 16) for i in s.items) for s in cluster.stories(items)}
    assert found == {frozenset({1, 2}), frozenset({3, 4})}


def test_one_link_in_two_feeds_is_one_item_of_the_better_source() -> None:
    twice = [
        item(1, "A notice", "Words of a notice about rules.", "digest", "https://x.example/1"),
        item(2, "A notice", "Words of a notice.", "agency", "https://x.example/1"),
    ]
    stories = cluster.stories(twice, {}, {"digest": "aggregator", "agency": "primary"})
    assert [[i.source for i in s.items] for s in stories] == [["agency"]]


def test_no_items_make_no_stories_and_wordless_items_make_their_own() -> None:
    assert cluster.stories([]) == ()
    assert len(cluster.stories([item(1, "The", "of the"), item(2, "And", "an")])) == 2


def test_a_story_keeps_its_name_while_it_grows() -> None:
    old = item(1, "Corvane lets a model plan night shifts", "Corvane Castings of Muncie lets a scheduling model plan 96 night shifts.", "a")
    new = item(2, "Corvane gives supervisors a veto", "Corvane Castings of Muncie gave supervisors a veto over the scheduling model for 96 night workers.", "b")
    assert cluster.stories([old])[0].id == cluster.stories([old, new])[0].id
