"""What an attacker or an unlucky editor did to a real project with the real commands, and what was closed after it. Each was a hole, or nearly one.

Sam may push a branch and open a pull request; Dana is an editor. Where the text says "outside", the build takes its lists from outside the branch.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing import approval, article, trial
from briefing.errors import UsageError
from briefing.model import Decision, Record
from briefing.project import Project

if TYPE_CHECKING:
    from tests.approval.conftest import Desk

DANA = trial.EDITOR
SAM = "Sam Reyes <sam@brief.example.org>"
TWO = {"BRIEFING_MIN_LEVEL": "2"}
THREE = {"BRIEFING_MIN_LEVEL": "3"}


def by_hand(desk: Desk, article_id: str, person: str = SAM, *, decision: Decision = "approve", note: str = "", hours: float = 1) -> Path:
    """A record over the bytes that stand there, written without the program; the article says approved."""
    path = desk.path(article_id)
    path.write_bytes(path.read_bytes().replace(b"status: needs-review", b"status: approved"))
    parts = approval.parts(path.read_bytes(), desk.project.evidence(trial.DAY, article_id).read_bytes(), article.parse(path.read_bytes()))
    record = Record(
        version=1,
        article=article_id,
        edition=trial.DAY,
        decision=decision,
        digest=approval.digest(parts),
        parts=parts,
        approved_by=person,
        approved_at=desk.now + timedelta(hours=hours),
        note=note,
    )
    target = desk.project.approvals / article_id / approval.file_name(record)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(approval.write(record))
    return target


def said(desk: Desk) -> str:
    """Every byte below output/, and every name."""
    found = sorted(p for p in desk.project.output.rglob("*") if p.is_file())
    return "\n".join(f"{p.name}\n{p.read_bytes().decode('utf-8', 'replace')}" for p in found)


@pytest.fixture
def site(make_desk: Callable[..., Desk]) -> Desk:
    """One article and its edition approved, one draft; with a theme, so that it can be built."""
    desk = make_desk(theme=True)
    desk.approve("wabash-tools", "--edition", trial.DAY.isoformat())
    desk.commit("Approve")
    return desk


# ------------------------------------------------- words in a withdrawal's note


@pytest.mark.parametrize("environ", [{}, TWO])
def test_a_withdrawal_by_hand_of_what_was_never_approved_puts_no_word_on_the_corrections_page(site: Desk, environ: dict[str, str]) -> None:
    """A withdrawal counts without proof, so that taking back never fails. Its words are another thing: they were published with it."""
    by_hand(site, "monon-tools", decision="withdraw", note="The office resigned after what we wrote")
    site.commit("Withdraw", SAM)
    assert site.admit(**environ).withdrawn == ()
    assert site.build(**environ)[0] == 0
    assert "resigned" not in said(site)


def test_a_stranger_who_takes_an_approved_article_back_takes_it_back_without_a_word_of_his_own(site: Desk) -> None:
    by_hand(site, "wabash-tools", decision="withdraw", note="The office resigned after what we wrote")
    site.commit("Withdraw", SAM)
    (gone,) = site.admit().withdrawn
    assert (gone.id, gone.record.note) == ("wabash-tools", "")
    assert site.build()[0] == 4
    assert "resigned" not in said(site)


def test_at_the_signed_level_only_a_signed_note_is_published(site: Desk, tmp_path: Path) -> None:
    key = tmp_path / "dana"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "dana", "-f", str(key)], check=True)
    kind, blob, _ = key.with_suffix(".pub").read_text(encoding="utf-8").split(" ", 2)
    (site.project.root / "allowed_signers").write_text(f'dana@brief.example.org namespaces="briefing-approval" {kind} {blob}\n', encoding="utf-8")
    site.monkeypatch.setenv("BRIEFING_MIN_LEVEL", "3")
    site.approve("wabash-tools", "--key", str(key))
    by_hand(site, "wabash-tools", DANA, decision="withdraw", note="The office resigned")
    assert [w.record.note for w in site.admit(**THREE).withdrawn] == [""]
    shutil.rmtree(site.project.approvals / "wabash-tools")
    site.edit(site.path("wabash-tools"), "status: approved", "status: needs-review")
    site.approve("wabash-tools", "--key", str(key))
    code, out, err = site.run("withdraw", "wabash-tools", "--note", "The office resigned", "--as", DANA, "--key", str(key))
    assert code == 0, err
    assert ".sig" in out, "the commit line names both files"
    assert [w.record.note for w in site.admit(**THREE).withdrawn] == ["The office resigned"]


def test_who_is_no_editor_is_told_that_the_note_is_not_published_and_a_name_is_a_name(site: Desk) -> None:
    code, _, err = site.run("withdraw", "wabash-tools", "--note", "wrong", "--as", "Dana\nnote: x <dana@brief.example.org>")
    assert (code, "must be “Name <address>”" in err) == (2, True)
    code, out, _ = site.run("withdraw", "wabash-tools", "--note", "wrong", "--as", SAM)
    assert (code, f"{SAM} is not in EDITORS: it counts, but the site does not say why.\n" in out) == (0, True)
    assert [(w.id, w.record.note) for w in site.admit().withdrawn] == [("wabash-tools", "")]


def test_a_withdrawal_with_words_that_stand_nowhere_else_does_not_stop_the_build(site: Desk) -> None:
    """The audit knows every published word; the editor's own note is one of its texts."""
    assert site.run("withdraw", "wabash-tools", "--note", "Zmniejszono wykaz Żółwia")[0] == 0
    site.commit("Withdraw")
    code, _, err = site.build()
    assert (code, err) == (4, "")
    assert "Zmniejszono" in said(site)


def test_an_older_form_that_came_back_after_a_withdrawal_shows_the_withdrawals_note_and_day(site: Desk) -> None:
    older = site.path("wabash-tools").read_bytes()
    site.edit(site.path("wabash-tools"), "one line per tool", "one line per such tool")
    by_hand(site, "wabash-tools", DANA)
    site.now += timedelta(hours=2)
    assert site.run("withdraw", "wabash-tools", "--note", "wrong figure")[0] == 0
    site.path("wabash-tools").write_bytes(older)
    (gone,) = site.admit().withdrawn
    assert (gone.record.decision, gone.record.note) == ("withdraw", "wrong figure")


# --------------------------------------------------------------- who may approve


def test_who_left_cannot_approve_at_the_author_level_either(desk: Desk) -> None:
    """`until` was read at levels 1 and 3 only."""
    desk.project.editors.write_text(f"{DANA} until 2026-11-01\n{trial.SECOND}\n", encoding="utf-8")
    desk.commit("Dana leaves", DANA)
    by_hand(desk, "wabash-tools", DANA)
    desk.commit("Approve", DANA)
    assert desk.admit(**TWO).articles == ()
    assert "Dana Whitlock <dana@brief.example.org> was not in EDITORS" in desk.refused("wabash-tools.md", **TWO)[2]


def test_a_page_never_names_someone_who_is_not_in_the_list(desk: Desk) -> None:
    """At the author level the address was compared and the name was not: the page says who approved."""
    by_hand(desk, "wabash-tools", "The Minister of Truth <dana@brief.example.org>")
    desk.commit("Approve", DANA)
    assert desk.admit(**TWO).articles == ()


@pytest.mark.parametrize("environ", [{}, TWO, THREE])
def test_a_list_from_outside_that_came_out_empty_is_not_the_branchs_own_list(desk: Desk, environ: dict[str, str]) -> None:
    """`BRIEFING_EDITORS: ${{ vars.… }}` of a variable that does not exist is an empty text, and the branch's list counted again."""
    desk.project.editors.write_text(f"{DANA}\n{SAM}\n", encoding="utf-8")
    by_hand(desk, "wabash-tools", SAM)
    desk.commit("I join and approve", SAM)
    assert desk.admit(BRIEFING_EDITORS="", **environ).articles == ()
    assert "BRIEFING_EDITORS is set and empty" in desk.refused("wabash-tools.md", BRIEFING_EDITORS="", **environ)[2]


def test_a_level_from_outside_that_came_out_empty_is_not_no_level(desk: Desk) -> None:
    with pytest.raises(UsageError, match="BRIEFING_MIN_LEVEL is ''; set it to 0, 1, 2 or 3"):
        desk.admit(BRIEFING_MIN_LEVEL="")


def test_a_revoked_key_beside_a_list_that_is_named_from_the_project_is_found(desk: Desk, tmp_path: Path) -> None:
    """A relative BRIEFING_SIGNERS was read from the project, its revoked_keys from wherever the command ran."""
    key = tmp_path / "dana"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "dana", "-f", str(key)], check=True)
    kind, blob, _ = key.with_suffix(".pub").read_text(encoding="utf-8").split(" ", 2)
    outside = desk.project.root.parent / "outside"
    outside.mkdir()
    (outside / "allowed_signers").write_text(f'dana@brief.example.org namespaces="briefing-approval" {kind} {blob}\n', encoding="utf-8")
    desk.monkeypatch.setenv("BRIEFING_MIN_LEVEL", "3")
    desk.monkeypatch.setenv("BRIEFING_SIGNERS", "../outside/allowed_signers")
    desk.approve("wabash-tools", "--key", str(key))
    lists = {**THREE, "BRIEFING_SIGNERS": "../outside/allowed_signers"}
    assert len(desk.admit(**lists).articles) == 1
    shutil.copy(key.with_suffix(".pub"), outside / "revoked_keys")
    assert desk.admit(**lists).articles == ()


# ------------------------------------------------------------ an older approved form


@pytest.fixture
def corrected(site: Desk) -> tuple[Desk, bytes]:
    """The article was corrected after publication, and that was approved; and the file as it was before."""
    path = site.path("wabash-tools")
    before = path.read_bytes()
    site.edit(path, "topics: [ai-inventory]", 'topics: [ai-inventory]\ncorrections:\n  - date: 2026-11-26\n    text: "The clerks keep the list."')
    site.approve("wabash-tools")
    site.commit("Correct")
    return site, before


def test_a_published_correction_is_not_undone_by_restoring_the_file(corrected: tuple[Desk, bytes]) -> None:
    desk, before = corrected
    desk.path("wabash-tools").write_bytes(before)
    code, line, why = desk.refused("wabash-tools.md")
    assert (code, line) == (5, 14)
    assert why.startswith("is an older form than the one Dana Whitlock approved on 2026-11-23 (corrections): line 14 was “corrections:”")
    assert why.endswith("run `briefing approve wabash-tools`, or restore what was approved")
    assert "older form" in desk.run("status")[1]


def test_an_older_form_can_be_approved_again_and_then_counts(corrected: tuple[Desk, bytes]) -> None:
    desk, before = corrected
    desk.path("wabash-tools").write_bytes(before)
    desk.approve("wabash-tools")
    assert len(list((desk.project.approvals / "wabash-tools").glob("*.txt"))) == 3, "records are never overwritten"
    desk.commit("Back to the first form")
    for environ in ({}, TWO):
        assert [a.data for a in desk.admit(**environ).articles] == [before]
    assert desk.run("approve", "wabash-tools", "--yes", "--as", DANA)[1].startswith("content/"), "shown"
    assert len(list((desk.project.approvals / "wabash-tools").glob("*.txt"))) == 3, "and already approved"


def test_a_newer_record_that_nobody_vouches_for_takes_no_ones_place(corrected: tuple[Desk, bytes]) -> None:
    """A stranger's record over another form must not unpublish what Dana approved, and no clock that was ahead may keep her from approving."""
    desk, _ = corrected
    path = desk.path("wabash-tools")
    good = path.read_bytes()
    path.write_bytes(good.replace(b"27 tools", b"28 tools"))
    by_hand(desk, "wabash-tools", SAM, hours=24 * 900)
    path.write_bytes(good)
    assert [a.data for a in desk.admit().articles] == [good]
    path.write_bytes(good.replace(b"27 tools", b"29 tools"))
    by_hand(desk, "wabash-tools", DANA, hours=24 * 900)
    path.write_bytes(good.replace(b"one line per tool", b"a line per tool"))
    desk.approve("wabash-tools")
    assert [a.id for a in desk.admit().articles] == ["wabash-tools"]


# ----------------------------------------------------------------------- history


def test_a_repository_hidden_in_the_projects_own_files_is_not_asked(git: Callable[..., str], tmp_path: Path, make_desk: Callable[..., Desk]) -> None:
    """A project in a folder of a larger repository: git takes a folder that looks like a bare repository for one, with the history Sam gave it."""
    desk = make_desk()
    shutil.rmtree(desk.project.root / ".git")
    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    git("commit", "--quiet", "--message", "All")
    by_hand(desk, "wabash-tools", DANA)
    fake = tmp_path / "fake"
    shutil.copytree(desk.project.root, fake)
    git("init", "--quiet", "--initial-branch=main", cwd=fake)
    git("add", "EDITORS", cwd=fake)
    git("commit", "--quiet", "--message", "A list", "--author", DANA, cwd=fake)
    git("add", "--all", cwd=fake)
    git("commit", "--quiet", "--message", "Approve", "--author", DANA, cwd=fake)
    for name in ("HEAD", "objects", "refs", "index"):
        source = fake / ".git" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, desk.project.root / name)
    (desk.project.root / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n", encoding="utf-8")
    assert desk.admit(**TWO).articles == ()


def test_a_record_from_the_future_does_not_bring_a_later_edition_forward(desk: Desk) -> None:
    """A plain `pelican` run knows no clock: now is the newest record's moment. A record that nobody vouches for is no clock."""
    later = trial.DAY + timedelta(days=7)
    trial.add_article(desk.project, trial.make_article("later-tools", day=later))
    desk.approve("later-tools", "wabash-tools")
    by_hand(desk, "monon-tools", SAM, hours=24 * 300)
    found = desk.admit(BRIEFING_NOW="")
    assert [a.id for a in found.articles] == ["wabash-tools"]
    assert found.current == trial.DAY


# ------------------------------------------------------------------ the editor's hands


def test_a_file_that_is_saved_while_the_editor_is_asked_is_neither_overwritten_nor_approved(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.path("wabash-tools")

    def agree(seen: object) -> bool:
        path.write_bytes(path.read_bytes().replace(b"one line per tool", b"one line per such tool"))
        return True

    monkeypatch.setattr("briefing.commands.approve._agreed", agree)
    code, _, err = desk.run("approve", "wabash-tools", "--as", DANA)
    assert (code, err.splitlines()[-1]) == (
        5,
        "briefing: content/briefings/2026-11-24/wabash-tools.md: was changed while you were looking at it, and nothing was written; "
        "run `briefing approve wabash-tools` again",
    )
    text = path.read_text(encoding="utf-8")
    assert "one line per such tool" in text
    assert "status: needs-review" in text
    assert not desk.project.approvals.exists()


def test_the_commit_line_is_safe_to_paste_whatever_a_file_is_called(desk: Desk) -> None:
    """A branch names its files; the editor pastes what the command prints."""
    evil = desk.path("wabash-tools").with_name("x$(touch pwned);'.md")
    desk.path("wabash-tools").rename(evil)
    code, out, err = desk.run("approve", str(evil), "--yes", "--as", DANA)
    assert code == 0, err
    words = shlex.split(next(line for line in out.splitlines() if "git add" in line))
    assert f"content/briefings/2026-11-24/{evil.name}" in words


def test_an_edition_that_lists_a_files_name_instead_of_an_id_says_so(desk: Desk) -> None:
    """The file x.md holds another id: approved under that id, the edition would have looked whole to the editor and not to the build."""
    desk.path("monon-tools").rename(desk.path("wabash-tools"))
    desk.project.evidence(trial.DAY, "monon-tools").rename(desk.project.evidence(trial.DAY, "wabash-tools"))
    desk.approve(desk.project.name(desk.path("wabash-tools")))
    code, _, err = desk.run("approve", "--edition", trial.DAY.isoformat(), "--yes", "--as", DANA)
    assert code == 6
    assert "lists wabash-tools, which is no article" in err


@pytest.mark.parametrize(
    "boilerplate",
    [
        "There is no page at this address. It may have been typed wrong, or a briefing may have been withdrawn.",
        "Every briefing is checked sentence by sentence",
    ],
)
def test_a_draft_that_says_what_this_program_says_does_not_stop_the_others(site: Desk, boilerplate: str) -> None:
    """The audit looks for words of drafts: those that the site says of itself are no leak, whoever writes them into a draft."""
    site.edit(site.path("monon-tools"), "Ask each team lead for one line per tool.", boilerplate)
    code, report, err = site.build()
    assert (code, err, [p["id"] for p in report["published"]]) == (0, "", ["wabash-tools"])


# ---------------------------------------------------------------------- the theme


@pytest.mark.parametrize("where", ["templates/draft.html", "templates", "static/draft.txt"])
def test_a_link_in_the_theme_to_a_draft_stops_the_build(site: Desk, where: str) -> None:
    """A template may include what lies in its folder, and the audit took the theme's words for known: a link brought a draft's in."""
    path = site.project.root / "themes/briefing" / where
    if path.is_dir():
        path.rename(site.project.root / "elsewhere")
        path.symlink_to(site.project.root / "elsewhere")
    else:
        path.symlink_to(site.path("monon-tools"))
        base = site.project.root / "themes/briefing/templates/article.html"
        base.write_text(base.read_text(encoding="utf-8").replace("{% block", '{% include "draft.html" ignore missing %}{% block', 1), encoding="utf-8")
    code, _, err = site.build()
    assert (code, "is a symbolic link; replace it by the file itself; the old site is kept" in err) == (6, True), (code, err)
    assert not site.project.output.exists()


# ------------------------------------------------- what is no file where a file should be


def fifo(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


@pytest.mark.parametrize("make", [fifo, endless, folder])
@pytest.mark.parametrize("name", ["EDITORS", "content/deadlines.yaml", "content/editions/2026-11-24.yaml", "pelicanconf.py", "article", "evidence", "record"])
def test_a_pipe_a_device_or_a_folder_is_named_and_stops_nobody_for_ever(approved: Desk, name: str, make: Callable[[Path], None]) -> None:
    """They hung the commands, or ended them with a traceback."""
    project = approved.project
    special = {"article": approved.path("wabash-tools"), "evidence": project.evidence(trial.DAY, "wabash-tools"), "record": approved.record("wabash-tools")}
    make(special.get(name, project.root / name))
    code, out, err = approved.run("status")
    assert code == (2 if name == "pelicanconf.py" else 0), err
    if make is not folder:
        assert "is no plain file" in out + err or "is a symbolic link" in out + err
    if name != "pelicanconf.py":
        found = approved.admit()
        assert found.articles == () or name.startswith("content/")


def test_folders_as_deep_as_a_file_system_takes_are_walked(approved: Desk) -> None:
    at = os.open(approved.project.content, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=at)
        below = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    try:
        assert [a.id for a in approved.admit().articles] == ["wabash-tools"]
    finally:  # not even Python's own way of removing a folder can
        subprocess.run(["rm", "-rf", str(approved.project.content / "d")], check=True)


NAMES = [b"content/briefings/\xff\xfe.md", b"approvals/wabash-tools/\xff.txt", b"approvals/\xff/x.txt", b"content/a\nb.md", b"content/" + b"n" * 250 + b".md"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_no_text_is_shown_in_escapes(approved: Desk, name: bytes) -> None:
    path = approved.project.root / os.fsdecode(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"---\nid: x\n---\n")
    assert [a.id for a in approved.admit().articles] == ["wabash-tools"]
    code, out, _ = approved.run("status", "--json")
    assert code == 0
    out.encode("utf-8")


# ------------------------------------------------------------ git's ways around a tree


def test_records_in_a_submodule_are_in_no_history_that_counts(desk: Desk, git: Callable[..., str], tmp_path: Path) -> None:
    """Sam keeps `approvals/` in a repository of his own, whose history says that Dana committed there."""
    by_hand(desk, "wabash-tools", DANA)
    own = tmp_path / "own"
    shutil.move(desk.project.approvals, own)
    git("init", "--quiet", "--initial-branch=main", cwd=own)
    git("add", "--all", cwd=own)
    git("commit", "--quiet", "--message", "Approve", "--author", DANA, cwd=own)
    desk.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(own), "approvals")
    desk.commit("Approvals live elsewhere", SAM)
    assert list(desk.project.approvals.glob("*/*.txt")), "the record lies there"
    assert desk.admit(**TWO).articles == ()
    assert "is not committed" in desk.refused("wabash-tools.md", **TWO)[2]


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE"])
def test_a_variable_of_git_leads_to_no_other_history(desk: Desk, tmp_path: Path, name: str) -> None:
    by_hand(desk, "wabash-tools", DANA)
    shutil.copytree(desk.project.root, tmp_path / "other")
    desk.git_("add", "--all", cwd=tmp_path / "other")
    desk.git_("commit", "--quiet", "--message", "Approve", "--author", DANA, cwd=tmp_path / "other")
    desk.monkeypatch.setenv(name, str(tmp_path / "other" / ("" if name == "GIT_WORK_TREE" else ".git")))
    assert desk.admit(**TWO).articles == ()


def test_an_attribute_that_rewrites_records_at_checkout_makes_them_no_records(approved: Desk, git: Callable[..., str], tmp_path: Path) -> None:
    (approved.project.root / ".gitattributes").write_text("approvals/** working-tree-encoding=UTF-16LE-BOM\n", encoding="utf-8")
    approved.git("add", ".gitattributes")
    approved.git("commit", "--quiet", "--message", "Attributes", "--author", SAM)
    git("clone", "--quiet", str(approved.project.root), str(tmp_path / "clone"))
    approved.project = Project(tmp_path / "clone")
    assert approved.record("wabash-tools").read_bytes()[:2] == b"\xff\xfe"
    assert approved.admit().articles == ()
    assert "its record cannot be read" in approved.refused("wabash-tools.md")[2]


def test_two_names_that_differ_in_case_are_one_article_only_once(approved: Desk) -> None:
    shutil.copy(approved.path("wabash-tools"), approved.path("wabash-tools").with_name("Wabash-Tools.md"))
    assert [a.id for a in approved.admit().articles] == ["wabash-tools"]
    shutil.copytree(approved.project.approvals / "wabash-tools", approved.project.approvals / "Monon-Tools")
    by_hand(approved, "monon-tools", SAM)
    assert [a.id for a in approved.admit().articles] == ["wabash-tools"]
