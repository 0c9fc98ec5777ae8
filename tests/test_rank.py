"""This week's choice on the sample, and the reason of everything that is left aside."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefing import article, rank
from briefing.model import Item, Story
from evals import _sample

ARTICLE = Path(__file__).parent / "data" / "insurer-ai-register.md"


@pytest.fixture(scope="module")
def material() -> _sample.Material:
    return _sample.load()


@pytest.mark.parametrize("day", sorted(_sample.EDITIONS))
def test_stories_of_several_publishers_are_chosen_before_single_items(material: _sample.Material, day: date) -> None:
    choices = material.choices(day)
    chosen = [material.story(c) for c in choices if c.chosen]
    assert len(chosen) == material.publication.articles
    assert set(chosen) <= _sample.EDITIONS[day] | {"insurance-register"}  # the repeat is left out by `repeats`, which is empty here


def test_every_choice_has_its_reason(material: _sample.Material) -> None:
    choices = material.choices(date(2026, 11, 17))
    lead = choices[0]
    assert lead.reason.startswith("told by four publishers, the primary document among them")
    assert all(c.reason for c in choices)
    marked = {i.mark: c.reason for c in choices for i in c.story.items if i.mark and not c.chosen}
    assert "future" not in marked or marked["future"] == "is dated in the future"


def test_a_story_told_before_needs_a_new_document(material: _sample.Material) -> None:
    day = date(2026, 11, 17)
    first = material.choices(day)[0]
    earlier = replace(article.parse(ARTICLE.read_bytes(), "register.md"), edition=date(2026, 11, 10), title="A list for every insurer")
    told = {first.story.id: earlier}
    trade = replace(first.story, items=tuple(i for i in first.story.items if i.source in {"docket", "ridge-law"}))
    again = rank.choose([trade], material.sources, material.guide, material.publication, told, {k: s.text for k, s in material.texts.items()})
    assert not again[0].chosen
    assert again[0].reason == "was told in the edition of November 10, 2026 (“A list for every insurer”) and brings no new document"


def one(number: int, source: str, mark: str = "", title: str = "Insurers must list AI software they use on claims") -> Story:
    moment = datetime(2026, 11, 12, 12, tzinfo=UTC)
    key = hashlib.sha256(str(number).encode()).hexdigest()[:16]
    item = Item(
        id=key,
        source=source,
        url=f"https://x.example/{number}",
        title=title,
        published=moment,
        first_seen=moment,
        summary="A rule asks companies for an AI list.",
        mark=mark,
    )  # type: ignore[arg-type]
    return Story(id=key[:12], items=(item,))


@pytest.mark.parametrize(
    ("mark", "reason"),
    [("undated", "carries no date, so nobody can tell that it is new"), ("future", "is dated in the future"), ("backlog", "is older than this week")],
)
def test_what_is_no_news_says_why(material: _sample.Material, mark: str, reason: str) -> None:
    assert [c.reason for c in rank.choose([one(1, "docket", mark)], material.sources, material.guide, material.publication)] == [reason]


def test_no_source_leads_more_than_its_share(material: _sample.Material) -> None:
    stories = [one(n, "docket") for n in range(6)]
    choices = rank.choose(stories, material.sources, material.guide, material.publication)
    assert sum(c.chosen for c in choices) == 1
    assert any(c.reason.startswith("Compliance Docket leads another story already") for c in choices if not c.chosen)


def test_what_is_not_our_field_is_left_aside(material: _sample.Material) -> None:
    story = replace(one(1, "docket"), items=(replace(one(1, "docket").items[0], title="Bakery wins a prize", summary="The bread was good."),))
    assert "nothing to do with software" in rank.choose([story], material.sources, material.guide, material.publication)[0].reason
