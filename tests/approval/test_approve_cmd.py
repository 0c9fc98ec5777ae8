"""`approve`, `withdraw` and `status` as an editor meets them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing import approval, approving, article, trial
from briefing.console import Console
from briefing.model import Cited, Paragraph

if TYPE_CHECKING:
    from tests.approval.conftest import Desk


def test_approving_changes_one_line_of_the_article_and_nothing_else(desk: Desk) -> None:
    path = desk.path("wabash-tools")
    before = path.read_bytes()
    evidence = desk.project.evidence(trial.DAY, "wabash-tools").read_bytes()
    code, out, err = desk.run("approve", "wabash-tools", "--yes", "--as", trial.EDITOR, "--note", "read twice")
    assert (code, err) == (0, "")
    assert path.read_bytes() == before.replace(b"status: needs-review", b"status: approved")
    assert desk.project.evidence(trial.DAY, "wabash-tools").read_bytes() == evidence
    record = approval.read(desk.record("wabash-tools").read_bytes())
    assert (record.approved_by, record.approved_at, record.note, record.decision) == (trial.EDITOR, trial.NOW, "read twice", "approve")
    assert desk.record("wabash-tools").name == f"{record.digest[7:23]}.txt"
    assert out.splitlines()[-3:] == [
        "wabash-tools: approved",
        "Commit it:",
        "  git add -- content/briefings/2026-11-24/wabash-tools.md content/briefings/2026-11-24/wabash-tools.evidence.json "
        f"approvals/wabash-tools/{record.digest[7:23]}.txt && git commit -m 'Approve WabashTools Office asks clerks for a list of tools'",
    ]


@pytest.mark.parametrize("line", ["status: needs-review   # not yet", "status: 'needs-review'", 'status: "needs-review"', "status:   needs-review"])
def test_the_editors_own_way_of_writing_the_line_stays(desk: Desk, line: str) -> None:
    path = desk.path("wabash-tools")
    path.write_bytes(path.read_bytes().replace(b"status: needs-review", line.encode()).replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    desk.approve("wabash-tools")
    assert path.read_bytes() == before.replace(b"needs-review", b"approved", 1)
    assert [a.id for a in desk.admit().articles] == ["wabash-tools"]


def test_what_the_editor_is_shown(desk: Desk) -> None:
    _, out, _ = desk.run("approve", "wabash-tools", "--yes", "--as", trial.EDITOR)
    lines = out.splitlines()
    assert lines[0] == "content/briefings/2026-11-24/wabash-tools.md"
    assert "  title      WabashTools Office asks clerks for a list of tools" in lines
    assert "  evidence   10 of 10 claims shown in their source" in lines
    assert "    wabash-tools.example         https://wabash-tools.example/notice" in lines


def test_links_show_their_true_host() -> None:
    a = trial.make_article("wabash-tools")
    lead = Paragraph(md="Read [courts.example.gov](https://courts.example.gov.evil.example/x) and [it](https://пример.example/).")
    found = approving.links(replace(a, lead=(*a.lead, lead)))
    assert (found[0].host, found[0].misleading) == ("courts.example.gov.evil.example", True)
    assert (found[1].host, found[1].misleading) == ("xn--e1afmkfd.example", False)
    assert isinstance(a.sources[0], Cited)


def test_a_claim_that_no_source_shows_cannot_be_approved(desk: Desk) -> None:
    path = desk.path("wabash-tools")
    desk.edit(path, "a list of 27 tools. [s1]", "a list of 72 tools. [s1]")
    before = path.read_bytes()
    code, _, err = desk.run("approve", "wabash-tools", "--yes", "--as", trial.EDITOR)
    assert code == 6
    assert err.startswith("briefing: content/briefings/2026-11-24/wabash-tools.md:33: ")
    assert "72" in err
    assert path.read_bytes() == before
    assert not desk.project.approvals.exists()


def test_a_day_that_is_no_edition_cannot_be_approved(desk: Desk) -> None:
    desk.edit(desk.path("wabash-tools"), "edition: 2026-11-24", "edition: 2026-11-25")
    code, _, err = desk.run("approve", "wabash-tools", "--yes")
    assert (code, "wabash-tools.md:3: edition: 2026-11-25 is not an edition day" in err) == (6, True)


def test_one_bad_article_does_not_stop_the_other(desk: Desk) -> None:
    desk.edit(desk.path("wabash-tools"), 'dek: "', 'dekk: "')
    code, out, err = desk.run("approve", "wabash-tools", "monon-tools", "--yes", "--as", trial.EDITOR)
    assert code == 6
    assert "dekk: unknown key; did you mean dek?" in err
    assert "monon-tools: approved" in out
    assert "wabash-tools: approved" not in out


def test_off_a_terminal_it_asks_for_yes_and_writes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    code, _, err = desk.run("approve", "wabash-tools", "--as", trial.EDITOR)
    assert (code, err) == (2, "briefing: content/briefings/2026-11-24/wabash-tools.md: approving asks on a terminal; add --yes elsewhere\n")
    assert not desk.project.approvals.exists()


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "approved"), [("y\n", True), ("yes\n", True), ("\n", False), ("n\n", False), ("", False), ("yep\n", False)])
def test_on_a_terminal_only_yes_is_yes(desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: str, approved: bool) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal(answer))
    code, _, _ = desk.run("approve", "wabash-tools", "--as", trial.EDITOR)
    assert code == 0
    assert desk.project.approvals.exists() is approved


def test_git_says_who_approves(desk: Desk) -> None:
    assert desk.run("approve", "wabash-tools", "--yes")[0] == 0
    assert approval.read(desk.record("wabash-tools").read_bytes()).approved_by == trial.EDITOR


def test_approving_twice_writes_nothing_more(approved: Desk) -> None:
    code, out, _ = approved.run("approve", "wabash-tools", "--yes")
    assert (code, out.splitlines()[-1]) == (0, "wabash-tools: is approved already")
    assert approved.git("status", "--porcelain") == ""


def test_approving_again_after_a_fix_shows_the_change_and_keeps_both_records(approved: Desk) -> None:
    approved.edit(approved.path("wabash-tools"), "Ask every team for one line per tool.", "Ask every team for a line per tool.")
    approved.now += timedelta(minutes=5)
    code, out, _ = approved.run("approve", "wabash-tools", "--yes")
    assert code == 0
    assert '    -  do: "Ask every team for one line per tool."' in out.splitlines()
    assert '    +  do: "Ask every team for a line per tool."' in out.splitlines()
    assert len(list((approved.project.approvals / "wabash-tools").glob("*.txt"))) == 2
    assert approved.admit().code == 0


def test_going_back_to_needs_review_unpublishes_and_the_old_record_still_fits(approved: Desk) -> None:
    approved.edit(approved.path("wabash-tools"), "status: approved", "status: needs-review")
    assert approved.admit().articles == ()
    approved.now += timedelta(days=1)
    approved.approve("wabash-tools")
    assert len(list((approved.project.approvals / "wabash-tools").glob("*.txt"))) == 1
    assert approved.admit().code == 0


def test_an_edition_needs_all_its_articles_first(desk: Desk) -> None:
    code, _, err = desk.run("approve", "--edition", "2026-11-24", "--yes")
    assert code == 5
    assert err == (
        "briefing: content/briefings/2026-11-24/wabash-tools.md: is not approved yet; "
        "run `briefing approve wabash-tools`, or take it out of content/editions/2026-11-24.yaml\n"
    )


def test_articles_and_their_edition_in_one_go(desk: Desk) -> None:
    desk.approve("wabash-tools", "--edition", "2026-11-24")
    assert desk.admit().editions[0].complete


def test_level_0_writes_the_word_and_no_record(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(level=0)
    desk.approve("wabash-tools", "--edition", "2026-11-24", person="Anyone <anyone@example.org>")
    assert not desk.project.approvals.exists()
    assert desk.admit().editions[0].complete


def test_two_editors_where_two_are_asked_for(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(approvers=2)
    desk.approve("wabash-tools")
    assert desk.refused("wabash-tools.md")[2] == "needs the approval of a second editor; ask one to run `briefing approve`"
    desk.approve("wabash-tools")
    assert desk.admit().articles == (), "the same person twice is one person"
    desk.approve("wabash-tools", person=trial.SECOND)
    (one,) = desk.admit().articles
    assert (one.record and one.record.approved_by, one.second and one.second.approved_by) == (trial.EDITOR, trial.SECOND)


def test_print_gives_the_record_for_a_browser_and_writes_nothing(desk: Desk) -> None:
    code, out, _ = desk.run("approve", "wabash-tools", "--print", "--as", trial.EDITOR)
    assert code == 0
    assert desk.git("status", "--porcelain") == ""
    head, _, text = out.partition(" with:\n")
    assert head.splitlines()[0] == "In content/briefings/2026-11-24/wabash-tools.md, set the line: status: approved"
    name = head.splitlines()[1].removeprefix("Add the file ")
    (desk.project.root / name).parent.mkdir(parents=True)
    (desk.project.root / name).write_text(text, encoding="utf-8")
    desk.edit(desk.path("wabash-tools"), "needs-review", "approved")
    assert [a.id for a in desk.admit().articles] == ["wabash-tools"]


def test_a_withdrawn_form_cannot_be_approved_again_and_a_changed_one_can(approved: Desk) -> None:
    code, out, _ = approved.run("withdraw", "wabash-tools", "--note", "The office corrected its notice")
    assert (code, out.splitlines()[0]) == (0, "wabash-tools: withdrawn; the next build leaves it out. To publish it again, change it and approve it again.")
    record = next((approved.project.approvals / "wabash-tools").glob("*.withdrawn.txt"))
    assert approval.read(record.read_bytes()).note == "The office corrected its notice"
    code, _, err = approved.run("approve", "wabash-tools", "--yes")
    assert (code, "was withdrawn in exactly this form; change it, then approve it again" in err) == (5, True)
    assert approved.run("withdraw", "wabash-tools", "--note", "again")[1] == "wabash-tools: was withdrawn already\n"
    approved.edit(approved.path("wabash-tools"), "Ask every team for one line per tool.", "Ask every team for a line per tool.")
    approved.now += timedelta(hours=1)
    approved.approve("wabash-tools")
    assert [a.id for a in approved.admit().articles] == ["wabash-tools"]


def test_nothing_to_withdraw_is_said(desk: Desk) -> None:
    code, _, err = desk.run("withdraw", "wabash-tools", "--note", "x")
    assert (code, "nothing is on record under this id" in err) == (2, True)


def test_status_says_what_each_draft_waits_for(approved: Desk) -> None:
    trial.add_article(approved.project, trial.make_article("broken-tools"))
    approved.edit(approved.path("broken-tools"), "status: needs-review", "status: Ready")
    trial.add_article(approved.project, trial.make_article("bare-tools"))
    approved.project.evidence(trial.DAY, "bare-tools").unlink()
    approved.edit(approved.path("wabash-tools"), "27", "28")
    code, out, _ = approved.run("status", "--json")
    assert code == 0
    said = {d["id"]: (d["state"], d["waits_for"]) for d in json.loads(out)["drafts"]}
    assert said["bare-tools"] == ("draft", "its evidence: run `briefing check --write`")
    assert said["broken-tools"][0] == "broken"
    assert said["broken-tools"][1].startswith("line 4 front matter status: ")
    assert said["monon-tools"] == ("draft", "your approval: run `briefing approve monon-tools`")
    assert said["wabash-tools"][0] == "changed"
    assert said["wabash-tools"][1].startswith("line ")
    assert said["edition-2026-11-24"] == ("approved", "the approval of wabash-tools; no email is offered")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "name what to approve: an article's id, its file, or --edition DATE"),
        (("nowhere",), "nowhere: no article has this id; `briefing status` lists them"),
        (("../EDITORS.md",), "../EDITORS.md: is no article below content/briefings/"),
        (("wabash-tools", "--as", "dana"), "--as 'dana' must be “Name <address>”"),
    ],
)
def test_wrong_usage_is_one_line(desk: Desk, args: tuple[str, ...], says: str) -> None:
    code, _, err = desk.run("approve", *args, "--yes")
    assert (code, err.count("\n")) == (2, 1)
    assert says in err


def test_a_file_given_by_its_path_is_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.project.root)
    desk.approve("content/briefings/2026-11-24/wabash-tools.md")
    assert desk.record("wabash-tools").exists()


def test_a_full_disk_leaves_a_draft(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever write fails, no half approval is left: the article says approved only when all else is in place."""
    from briefing import plainfile
    from briefing.errors import StorageError

    real = plainfile.write
    for failing in ("wabash-tools.evidence.json", ".txt", "wabash-tools.md"):

        def write(path: Path, data: bytes, failing: str = failing) -> None:
            if path.name.endswith(failing):
                raise StorageError(f"{path.name}: cannot be written (No space left on device); what was there before is kept")
            real(path, data)

        monkeypatch.setattr(plainfile, "write", write)
        assert desk.run("approve", "wabash-tools", "--yes")[0] == 7
        assert article.parse(desk.path("wabash-tools").read_bytes()).status == "needs-review"
        assert desk.admit().articles == ()
    monkeypatch.setattr(plainfile, "write", real)
    desk.approve("wabash-tools")
    assert [a.id for a in desk.admit().articles] == ["wabash-tools"]


def test_status_is_a_glance_with_the_long_reasons_below_and_what_to_do_next(approved: Desk) -> None:
    approved.edit(approved.path("wabash-tools"), "Ask every team for one line per tool.", "Ask every team for a line per tool.")
    _, out, _ = approved.run("status")
    assert out.splitlines() == [
        "Edition of 2026-11-24: 0 of 2 articles approved",
        "draft               state     waits for",
        "------------------  --------  -------------",
        "monon-tools         draft     your approval",
        "wabash-tools        changed   see below",
        "edition-2026-11-24  approved  see below",
        "content/briefings/2026-11-24/wabash-tools.md:12: was changed since Dana Whitlock approved it on 2026-11-23 (short version): "
        'line 12 was “…do: "Ask every team for one line per tool."”, is “…do: "Ask every team for a line per tool."”; '
        "run `briefing approve wabash-tools`, or restore what was approved",
        "content/editions/2026-11-24.yaml: the approval of wabash-tools; no email is offered",
        "Next: briefing approve monon-tools",
    ]


def test_a_change_is_shown_by_its_line_and_a_long_line_is_broken_between_words(approved: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    approved.edit(approved.path("wabash-tools"), "Ask every team for one line per tool.", "Ask every team for a line per tool.")
    _, out, _ = approved.run("approve", "wabash-tools", "--yes", "--as", trial.EDITOR)
    lines = out.splitlines()
    at = lines.index("  changed since it was approved last")
    assert lines[at + 1 : at + 3] == ["    approved on 2026-11-23 (-), now (+)", "    line 11:"]
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "50")
    Console(out=screen).paragraph("content/x.md:12: was changed since Dana Whitlock approved it; run `briefing approve x`")
    assert screen.getvalue() == "content/x.md:12: was changed since Dana Whitlock\n  approved it; run `briefing approve x`\n"
