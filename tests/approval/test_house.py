"""Pages of the house and the deadlines, where the publication asks for their approval."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from briefing import config, trial
from briefing.errors import UsageError

if TYPE_CHECKING:
    from tests.approval.conftest import Desk

ABOUT = "content/pages/about.md"
DEADLINES = "content/deadlines.yaml"
LAW = "  - {id: notice-rule, instrument: Notice rule, jurisdiction: Indiana, event: takes effect, date: 2027-01-01, status: in force, url: 'https://law.example/'}\n"


@pytest.fixture
def house(make_desk: Callable[..., Desk]) -> Desk:
    """A page and a deadline that nobody approved yet; the article and its edition are approved."""
    desk = make_desk(house="approve")
    (desk.project.content / "pages").mkdir()
    (desk.project.root / ABOUT).write_text("---\ntitle: About\n---\nWe read every source.\n", encoding="utf-8")
    (desk.project.root / DEADLINES).write_text("deadlines:\n" + LAW, encoding="utf-8")
    desk.approve("wabash-tools", "--edition", trial.DAY.isoformat())
    desk.commit("Approve")
    return desk


def test_without_a_record_they_are_left_out_and_say_how(house: Desk) -> None:
    found = house.admit()
    assert (found.pages, found.deadlines, found.deadlines_data, found.code) == ((), (), b"", 5)
    assert house.refused("about.md") == (5, 0, f"is not approved; run `briefing approve {ABOUT}`")
    assert house.refused("deadlines.yaml") == (5, 0, f"is not approved; run `briefing approve {DEADLINES}`")
    assert [a.id for a in found.articles] == ["wabash-tools"]


def test_with_their_records_they_pass_and_the_files_stay_as_they_were(house: Desk) -> None:
    before = (house.project.root / ABOUT).read_bytes()
    house.approve(ABOUT, DEADLINES)
    assert (house.project.root / ABOUT).read_bytes() == before
    found = house.admit()
    assert ([p.name for p in found.pages], [d.id for d in found.deadlines], found.code) == (["about"], ["notice-rule"], 0)
    assert house.admit(BRIEFING_MIN_LEVEL="2").pages == (), "not committed yet"
    house.commit("Approve the house")
    assert house.admit(BRIEFING_MIN_LEVEL="2").code == 0


def test_a_change_is_named_by_its_line(house: Desk) -> None:
    house.approve(ABOUT, DEADLINES)
    house.edit(house.project.root / ABOUT, "every source", "some sources")
    code, line, why = house.refused("about.md")
    assert (code, line) == (5, 4)
    assert "was changed since Dana Whitlock approved it on 2026-11-23: line 4 was “We read every source.”" in why
    assert house.admit().pages == ()


def test_the_record_of_one_page_does_not_pass_another(house: Desk) -> None:
    house.approve(ABOUT)
    (house.project.root / "content/pages/privacy.md").write_bytes((house.project.root / ABOUT).read_bytes())
    (house.project.approvals / "page-about").rename(house.project.approvals / "page-privacy")
    assert house.admit().pages == ()


def test_a_page_can_be_withdrawn(house: Desk) -> None:
    house.approve(ABOUT, DEADLINES)
    assert house.run("withdraw", "page-about", "--note", "outdated")[0] == 0
    found = house.admit()
    assert (found.pages, found.code) == ((), 0)
    assert "was withdrawn by Dana Whitlock" in house.refused("about.md")[2]


@pytest.mark.parametrize("name", ["edition-2026-11-24", "page-about", "deadlines"])
def test_no_article_may_take_such_a_name(house: Desk, name: str) -> None:
    trial.add_article(house.project, trial.make_article(name, word="Page"))
    assert house.refused(f"{name}.md") == (6, 2, f"id: {name} is kept for other records; choose another")
    assert house.run("approve", name, "--yes")[0] == 6


# ------------------------------------------------------- the floor from outside


def test_a_branch_that_loosens_the_house_setting_publishes_no_page_where_the_build_asks_for_approval(house: Desk) -> None:
    house.edit(house.project.settings, '"house": "approve"', '"house": "review"')
    assert [p.name for p in house.admit().pages] == ["about"], "without a floor the setting decides"
    found = house.admit(BRIEFING_MIN_HOUSE="approve")
    assert (found.pages, found.deadlines, found.code) == ((), (), 5)
    house.approve(ABOUT, DEADLINES)
    assert house.admit(BRIEFING_MIN_HOUSE="approve").code == 0


def test_a_branch_that_asks_for_one_approver_gets_two_where_the_build_does(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(approvers=2)
    for person in (trial.EDITOR, trial.SECOND):
        desk.approve("wabash-tools", person=person)
    desk.approve("monon-tools")
    desk.edit(desk.project.settings, '"approvers": 2', '"approvers": 1')
    assert len(desk.admit().articles) == 2, "without a floor the setting decides"
    assert [a.id for a in desk.admit(BRIEFING_MIN_APPROVERS="2").articles] == ["wabash-tools"]
    assert "needs the approval of a second editor" in desk.refused("monon-tools.md", BRIEFING_MIN_APPROVERS="2")[2]


def test_a_floor_never_loosens_and_a_wrong_one_is_one_line(house: Desk) -> None:
    assert house.admit(BRIEFING_MIN_HOUSE="review", BRIEFING_MIN_APPROVERS="1", BRIEFING_MIN_READS_AS="off").pages == ()
    with pytest.raises(UsageError, match=r"^BRIEFING_MIN_HOUSE is 'approved'; set it to review or approve$"):
        house.admit(BRIEFING_MIN_HOUSE="approved")
    publication = config.publication(house.project.settings)
    assert publication.raised({"BRIEFING_MIN_READS_AS": "strict"}).reads_as == "strict"
    assert publication.raised({"BRIEFING_MIN_READS_AS": "strict"}).raised({"BRIEFING_MIN_READS_AS": "off"}).reads_as == "strict"
