"""The gate: what it lets through, and what each way to slip something past it comes to. Rows A, E of the hostile catalogue at level 1."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing import approval, article, trial
from briefing.errors import UsageError

if TYPE_CHECKING:
    from tests.approval.conftest import Desk

WABASH = "content/briefings/2026-11-24/wabash-tools.md"


def test_what_was_approved_comes_through_with_its_bytes_and_the_draft_does_not(approved: Desk) -> None:
    found = approved.admit()
    (one,) = found.articles
    assert (one.name, one.data) == (WABASH, approved.path("wabash-tools").read_bytes())
    assert one.record is not None
    assert one.record.approved_by == trial.EDITOR
    assert found.code == 0
    (edition,) = found.editions
    assert (edition.complete, edition.edition.subject, edition.edition.articles) == (True, "Clerks list their tools", ("wabash-tools",))
    assert approved.refused("monon-tools.md") == (0, 0, "is a draft (needs-review); `briefing approve monon-tools` publishes it")


def test_the_word_alone_is_not_an_approval(desk: Desk) -> None:
    desk.edit(desk.path("wabash-tools"), "status: needs-review", "status: approved")
    found = desk.admit()
    assert found.articles == ()
    code, line, why = desk.refused("wabash-tools.md")
    assert (code, line) == (5, 4)
    assert why == "has status approved but no approval is on record; run `briefing approve wabash-tools`, or set its status to needs-review"


def test_at_level_0_the_word_is_enough_until_it_is_withdrawn(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(level=0)
    desk.edit(desk.path("wabash-tools"), "status: needs-review", "status: approved")
    assert [a.id for a in desk.admit().articles] == ["wabash-tools"]


def test_nothing_approved_is_code_4(desk: Desk) -> None:
    assert desk.admit().code == 4


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("asks clerks for a list", "orders clerks to list", "title"),
        ("now wants one line", "now wants two lines", "dek"),
        ('author: "Dana Whitlock"', 'author: "Dina Whitlock"', "author"),
        ('kicker: "AI inventory"', 'kicker: "AI outrage"', "kicker"),
        ("topics: [ai-inventory]", "topics: [ai-audit]", "topics"),
        ("asked clerks for a list of 27 tools", "asked clerks for a list of 28 tools", "short"),
        ("Notice of the WabashTools office", "Notice of the WabashTools Office", "source s1"),
        ("https://wabash-tools.example/notice", "https://wabash-tools.example/notices", "source s1"),
        ("published: 2026-11-17", "published: 2026-11-18", "source s1"),
        ("The WabashTools list has one row", "The WabashTools list has two rows", "lead"),
        ("**14 of 41**", "**15 of 41**", "section 1"),
        ("keep the list. [s1]", "keep the file. [s1]", "questions"),
        ("A list is the smallest", "A list is the largest", "meaning"),
        ("**Time:** 30 minutes", "**Time:** 40 minutes", "next step"),
    ],
)
def test_a03_each_field_is_covered_and_named(approved: Desk, old: str, new: str, field: str) -> None:
    path = approved.path("wabash-tools")
    before = path.read_text(encoding="utf-8")
    line = before[: before.index(old)].count("\n") + 1
    approved.edit(path, old, new)
    found = approved.admit()
    assert found.articles == ()
    code, at, why = approved.refused("wabash-tools.md")
    assert (code, at) == (5, line)
    assert f"was changed since Dana Whitlock approved it on 2026-11-23 ({'short version' if field == 'short' else field}" in why
    assert f"line {line} was “" in why
    assert why.endswith("run `briefing approve wabash-tools`, or restore what was approved")


def test_without_git_and_without_a_kept_copy_the_field_and_its_line_are_still_named(approved: Desk) -> None:
    shutil.rmtree(approved.project.root / ".git")
    shutil.rmtree(approved.project.var)
    approved.edit(approved.path("wabash-tools"), "now wants one line", "now wants two lines")
    code, line, why = approved.refused("wabash-tools.md")
    assert (code, line) == (5, 7)
    assert why == "was changed since Dana Whitlock approved it on 2026-11-23 (dek); run `briefing approve wabash-tools`, or restore what was approved"


def test_without_a_kept_copy_the_line_comes_from_history(approved: Desk) -> None:
    shutil.rmtree(approved.project.var)
    approved.edit(approved.path("wabash-tools"), "The WabashTools rows are read each quarter", "The WabashTools rows are read each month")
    assert "line 44 was “" in approved.refused("wabash-tools.md")[2]


def test_a02_every_single_byte_of_an_approved_article_is_covered(approved: Desk) -> None:
    """A02, every position, one at a time: the bytes are judged; one position in 41 goes through the whole gate."""
    path = approved.path("wabash-tools")
    data = path.read_bytes()
    (one,) = approved.admit().articles
    records, evidence = approved.records(), approved.project.evidence(trial.DAY, one.id).read_bytes()
    assert records.judge(one.id, approval.parts(data, evidence, one.article)).ok
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert not records.judge(one.id, approval.parts(changed, evidence, one.article)).ok, at
        if at % 41 == 0:
            path.write_bytes(changed)
            found = approved.admit()
            assert found.articles == (), at
            assert any(r.name == WABASH and r.line and r.code in {5, 6} for r in found.refusals), (at, found.refusals)


def test_a_change_that_breaks_the_grammar_is_told_as_a_change(approved: Desk) -> None:
    approved.edit(approved.path("wabash-tools"), "The WabashTools list has", "<b>The WabashTools list has")
    code, line, why = approved.refused("wabash-tools.md")
    assert code == 5
    assert "was changed since Dana Whitlock approved it" in why
    assert f"line {line} was “The WabashTools list has" in why
    assert "It also breaks a rule: line 35 raw HTML is refused" in why


def test_a03_a_changed_evidence_file_is_named(approved: Desk) -> None:
    approved.edit(approved.project.evidence(trial.DAY, "wabash-tools"), '"collected": 14', '"collected": 15')
    code, line, why = approved.refused("wabash-tools.evidence.json")
    assert (code, line) == (5, 0)
    assert "the evidence file is not what was approved" in why
    assert approved.admit().articles == ()


def test_a03_its_id_its_edition_and_the_words_of_a_passage_are_covered_too(approved: Desk) -> None:
    path, evidence = approved.path("wabash-tools"), approved.project.evidence(trial.DAY, "wabash-tools")
    before, book = path.read_bytes(), evidence.read_bytes()
    path.write_bytes(before.replace(b"id: wabash-tools", b"id: wabash-tool"))
    assert approved.refused("wabash-tools.md")[0] == 5, "its id is its slug: another id has no record"
    path.write_bytes(before.replace(b"edition: 2026-11-24", b"edition: 2026-11-17"))
    assert (approved.refused("wabash-tools.md")[0], approved.admit().articles) == (5, ())
    path.write_bytes(before)
    assert book.count(b"asked its clerks for a list of 27 tools")
    evidence.write_bytes(book.replace(b"asked its clerks for a list of 27 tools", b"asked its clerks for a list of 72 tools"))
    assert approved.admit().articles == ()
    assert approved.refused("wabash-tools.evidence.json")[0] == 5


def test_a04_an_article_shows_no_picture_so_none_can_be_replaced(desk: Desk) -> None:
    """Pictures are refused with their line, approved or not; a file that lies in content/ is not published whatever an article says of it."""
    path = desk.path("wabash-tools")
    desk.edit(path, "The WabashTools list has one row", "![A chart](chart.png) The WabashTools list has one row")
    (path.parent / "chart.png").write_bytes(b"\x89PNG")
    line = path.read_text(encoding="utf-8").partition("![A chart]")[0].count("\n") + 1
    code, _, err = desk.run("approve", "wabash-tools", "--yes", "--as", trial.EDITOR)
    assert (code, f"wabash-tools.md:{line}: " in err, "picture" in err or "image" in err) == (6, True, True), err
    desk.edit(path, "status: needs-review", "status: approved")
    assert desk.refused("wabash-tools.md")[:2] == (6, line)
    assert desk.refused("chart.png")[0] == 0
    assert desk.admit().articles == ()


@pytest.mark.parametrize(("old", "new", "field"), [("Clerks list", "Clerks sell", "subject"), ("One line a tool", "One line a day", "preheader")])
def test_a03_a_changed_edition_keeps_its_articles_and_loses_its_email(approved: Desk, old: str, new: str, field: str) -> None:
    approved.edit(approved.project.edition(trial.DAY), old, new)
    found = approved.admit()
    assert [a.id for a in found.articles] == ["wabash-tools"]
    assert (found.editions[0].approved, found.editions[0].complete, found.editions[0].edition.subject) == (False, False, "")
    code, line, why = approved.refused("2026-11-24.yaml")
    assert (code, line > 0) == (5, True)
    assert f"({field}): line {line} was “" in why


def test_one_changed_article_takes_the_email_with_it(approved: Desk) -> None:
    approved.approve("monon-tools")
    approved.edit(approved.project.edition(trial.DAY), "  - wabash-tools\n", "  - wabash-tools\n  - monon-tools\n")
    approved.approve("--edition", trial.DAY.isoformat())
    assert approved.admit().editions[0].complete
    approved.edit(approved.path("wabash-tools"), "27", "28")
    (edition,) = approved.admit().editions
    assert [a.id for a in edition.articles] == ["monon-tools"]
    assert (edition.complete, edition.why) == (False, "1 of 2 listed briefings is not approved as it stands")


def test_a09_an_approval_copied_to_another_article_approves_nothing(approved: Desk) -> None:
    shutil.copytree(approved.project.approvals / "wabash-tools", approved.project.approvals / "monon-tools")
    approved.edit(approved.path("monon-tools"), "status: needs-review", "status: approved")
    code, _, why = approved.refused("monon-tools.md")
    assert code == 5
    assert "is a record of wabash-tools, not of monon-tools" in why


def test_a09_another_text_under_an_approved_name_is_not_approved(approved: Desk) -> None:
    other = approved.path("monon-tools").read_text(encoding="utf-8").replace("id: monon-tools", "id: wabash-tools").replace("needs-review", "approved")
    approved.path("wabash-tools").write_text(other, encoding="utf-8")
    assert approved.admit().articles == ()
    assert approved.refused("wabash-tools.md")[0] == 5


def test_a_second_file_with_the_same_id_is_refused_and_the_approved_one_stays(approved: Desk) -> None:
    for suffix in (".md", ".evidence.json"):
        shutil.copy(approved.path("wabash-tools").with_suffix(suffix), approved.path("wabash-tools").with_name(f"zz{suffix}"))
    assert [a.name for a in approved.admit().articles] == [WABASH]
    assert approved.refused("zz.md") == (6, 2, f"has the same id as {WABASH}; remove one of the two")


def test_a05_a_renamed_or_moved_article_stays_approved(approved: Desk) -> None:
    """Its identity is its id; its address does not change."""
    folder = approved.project.briefings / "kept"
    folder.mkdir()
    approved.path("wabash-tools").rename(folder / "another-name.md")
    approved.project.evidence(trial.DAY, "wabash-tools").rename(folder / "another-name.evidence.json")
    found = approved.admit()
    assert [(a.id, a.article.edition) for a in found.articles] == [("wabash-tools", trial.DAY)]
    assert (found.code, found.editions[0].complete) == (0, True)


def test_a16_a_checkout_with_crlf_is_still_approved_and_gives_the_same_bytes(approved: Desk) -> None:
    want = approved.admit().articles[0].data
    for path in [*approved.project.content.rglob("*"), *approved.project.approvals.rglob("*.txt"), approved.project.editors]:
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    found = approved.admit()
    assert [a.data for a in found.articles] == [want]
    assert (found.code, found.editions[0].complete) == (0, True)


def test_a15_a_withdrawn_article_is_gone_and_named(approved: Desk) -> None:
    assert approved.run("withdraw", "wabash-tools", "--note", "wrong figure")[0] == 0
    found = approved.admit()
    assert (found.articles, found.code) == ((), 4)
    assert [w.id for w in found.withdrawn] == ["wabash-tools"]
    assert "was withdrawn by Dana Whitlock on 2026-11-23 (wrong figure)" in approved.refused("wabash-tools.md")[2]


def test_e04_a_later_edition_is_held(desk: Desk) -> None:
    later = trial.DAY + timedelta(days=7)
    trial.add_article(desk.project, trial.make_article("later-tools", day=later))
    trial.add_edition(desk.project, ["later-tools"], day=later, number=5)
    desk.approve("later-tools", "--edition", later.isoformat())
    assert desk.admit().articles == ()
    assert "is held until the week before that day" in desk.refused("later-tools.md")[2]
    assert [a.id for a in desk.admit(BRIEFING_NOW="2026-11-26T12:00:00+00:00").articles] == ["later-tools"]
    assert desk.admit(BRIEFING_NOW="").articles == (), "without a clock the newest record says what week it is"


@pytest.mark.parametrize("where", ["content/briefings/2026-11-24/linked.md", "content/briefings/linked", "content/pages", "content/linked.png"])
def test_a12_a_symbolic_link_is_refused_wherever_it_points(approved: Desk, tmp_path: Path, where: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.copy(approved.path("wabash-tools"), outside / "about.md")
    (approved.project.root / where).symlink_to(outside if "." not in where else outside / "about.md")
    found = approved.admit()
    assert found.code == 6
    assert approved.refused(where) == (6, 0, "is a symbolic link; replace it by the file itself")
    assert [a.id for a in found.articles] == ["wabash-tools"]
    assert found.pages == ()


def test_a12_a_content_folder_that_is_a_link_lets_nothing_through(approved: Desk, tmp_path: Path) -> None:
    approved.project.content.rename(tmp_path / "elsewhere")
    approved.project.content.symlink_to(tmp_path / "elsewhere")
    found = approved.admit()
    assert (found.articles, found.code) == ((), 6)


def test_a_linked_record_is_no_record(approved: Desk, tmp_path: Path) -> None:
    record = approved.record("wabash-tools")
    record.rename(tmp_path / "record")
    record.symlink_to(tmp_path / "record")
    assert approved.admit().articles == ()
    assert "is a symbolic link" in approved.refused("wabash-tools.md")[2]


def test_a_pipe_is_named_and_never_opened(approved: Desk) -> None:
    os.mkfifo(approved.project.briefings / "pipe.md")
    assert approved.refused("pipe.md") == (6, 0, "is no plain file; remove it")


def test_a01_the_hostile_drafts_never_come_through(approved: Desk, hostile: Path) -> None:
    for place in ("briefings/2026-11-24", "briefings", "", "pages", "editions"):
        folder = approved.project.content / place
        folder.mkdir(exist_ok=True)
        for path in (hostile / "drafts").iterdir():
            shutil.copy(path, folder / path.name)
    found = approved.admit()
    assert ([a.id for a in found.articles], found.pages, found.code) == (["wabash-tools"], (), 6)
    named = {r.name for r in found.refusals if r.code == 6}
    assert len(named) == 5 * len(list((hostile / "drafts").iterdir()))


@pytest.mark.parametrize(
    "status", ["", "status:", "status: Approved", "status: approved!", "status: published", "status: draft", "status: approved\nstatus: approved"]
)
def test_a01_any_other_word_is_not_approved(approved: Desk, status: str) -> None:
    approved.edit(approved.path("monon-tools"), "status: needs-review", status)
    assert [a.id for a in approved.admit().articles] == ["wabash-tools"]
    assert {r.code for r in approved.admit().refusals if r.name.endswith("monon-tools.md")} == {6}


def test_who_is_not_in_the_list_cannot_approve(desk: Desk) -> None:
    code, _, err = desk.run("approve", "wabash-tools", "--yes", "--as", "Mallory Vane <mallory@example.org>")
    assert (code, err) == (5, "briefing: Mallory Vane <mallory@example.org> is not in EDITORS and cannot approve; ask an editor, or be added by one first\n")
    assert "status: needs-review" in desk.path("wabash-tools").read_text(encoding="utf-8")
    assert not desk.project.approvals.exists()


def test_a_record_by_someone_who_is_not_in_the_list_counts_for_nothing(approved: Desk) -> None:
    approved.project.editors.write_text(f"{trial.SECOND}\n", encoding="utf-8")
    assert approved.admit().articles == ()
    assert "Dana Whitlock <dana@brief.example.org> is not in EDITORS" in approved.refused("wabash-tools.md")[2]


def test_a11_the_list_may_come_from_outside(approved: Desk, tmp_path: Path) -> None:
    """A11 at level 1: what a branch says about itself does not count."""
    outside = tmp_path / "EDITORS"
    outside.write_text(f"{trial.SECOND}\n", encoding="utf-8")
    assert approved.admit(BRIEFING_EDITORS=str(outside)).articles == ()
    assert approved.admit(BRIEFING_EDITORS=str(tmp_path / "nowhere")).articles == ()


@pytest.mark.parametrize(("text", "says"), [(None, "EDITORS is missing, so nobody may approve"), ("nobody\n", "EDITORS:1: must be “Name <address>”")])
def test_a_list_that_is_missing_or_broken_approves_nothing(approved: Desk, text: str | None, says: str) -> None:
    approved.project.editors.unlink()
    if text is not None:
        approved.project.editors.write_text(text, encoding="utf-8")
    assert approved.admit().articles == ()
    assert says in approved.refused("wabash-tools.md")[2]


def test_the_level_can_be_raised_by_the_environment_and_not_lowered(approved: Desk) -> None:
    assert approved.admit(BRIEFING_MIN_LEVEL="0").level == 1
    assert approved.admit(BRIEFING_MIN_LEVEL="2").level == 2
    with pytest.raises(UsageError, match="BRIEFING_MIN_LEVEL"):
        approved.admit(BRIEFING_MIN_LEVEL="high")


def test_an_edition_whose_file_says_another_day_or_number_is_refused(approved: Desk) -> None:
    path = approved.project.edition(date(2026, 12, 1))
    shutil.copy(approved.project.edition(trial.DAY), path)
    assert approved.refused("2026-12-01.yaml") == (6, 1, "says it is the edition of 2026-11-24; rename the file or correct the day")
    path.unlink()
    approved.edit(approved.project.edition(trial.DAY), "number: 4", "number: 5")
    assert approved.refused("2026-11-24.yaml") == (6, 2, "number: must be 4, found 5")


def test_pages_are_a_closed_list_of_plain_markdown(approved: Desk) -> None:
    pages = approved.project.content / "pages"
    pages.mkdir()
    (pages / "about.md").write_text("---\ntitle: About\n---\nWe read.\n", encoding="utf-8")
    (pages / "privacy.md").write_text("---\ntitle: Privacy\n---\n<script>x</script>\n", encoding="utf-8")
    (pages / "news.md").write_text("---\ntitle: News\n---\nUnapproved.\n", encoding="utf-8")
    assert [p.name for p in approved.admit().pages] == ["about"]
    assert approved.refused("privacy.md")[:2] == (6, 4)
    assert "pages are about, corrections, how-we-work, privacy" in approved.refused("news.md")[2]


def test_an_approved_article_that_the_approved_edition_does_not_list_waits(approved: Desk) -> None:
    approved.approve("monon-tools")
    assert [a.id for a in approved.admit().articles] == ["wabash-tools"]
    assert "the approved edition does not list it" in approved.refused("monon-tools.md")[2]


def test_what_is_let_through_parses_to_what_is_shown(approved: Desk) -> None:
    (one,) = approved.admit().articles
    assert article.parse(one.data) == one.article
    assert one.ledger.article == one.id
    assert one.record
    assert one.record.digest == approval.digest(approval.parts(one.data, approved.project.evidence(trial.DAY, one.id).read_bytes(), one.article))
