"""Levels 2 and 3: what vouches for a record, and the different words for each way it does not. Rows A07, A08, A11, A14, A17."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing import signatures, trial
from briefing.errors import ApprovalRefused, ContentRefused
from briefing.gitrepo import GitRepo, GitUnavailable, blob_id

if TYPE_CHECKING:
    from tests.approval.conftest import Desk

SAM = "Sam Hollis <sam@brief.example.org>"
DANA = trial.EDITOR
TWO = {"BRIEFING_MIN_LEVEL": "2"}
THREE = {"BRIEFING_MIN_LEVEL": "3"}


def why(desk: Desk, environ: dict[str, str]) -> str:
    code, _, message = desk.refused("wabash-tools.md", **environ)
    assert code == 5
    assert desk.admit(**environ).articles == ()
    return message


# --------------------------------------------------------------- 2: author


def test_the_editors_own_commit_is_enough(approved: Desk) -> None:
    assert [a.id for a in approved.admit(**TWO).articles] == ["wabash-tools"]
    assert approved.admit(**TWO).editions[0].complete


def test_an_uncommitted_record_says_who_must_commit(desk: Desk) -> None:
    desk.approve("wabash-tools")
    assert f"is not committed, or its commit is not part of this history; {DANA} must commit it" in why(desk, TWO)


def test_someone_elses_commit_is_named_with_the_way_back(desk: Desk) -> None:
    desk.approve("wabash-tools")
    commit = desk.commit("Approve", SAM)
    said = why(desk, TWO)
    assert f"names {DANA} but was committed by {SAM} in {commit[:10]}" in said
    assert said.endswith("that editor must approve again, commit, and merge without squashing")


def test_a07_a_shallow_clone_cannot_check(approved: Desk, tmp_path: Path) -> None:
    approved.git("clone", "--quiet", "--depth", "1", f"file://{approved.project.root}", str(tmp_path / "shallow"))
    with pytest.raises(GitUnavailable, match="needs full history \\(fetch-depth: 0"):
        GitRepo.open(tmp_path / "shallow").history("approvals", "EDITORS")


def test_a17_without_a_repository_or_without_git_it_says_why(approved: Desk, tmp_path: Path) -> None:
    (approved.project.root / ".git").rename(tmp_path / "away")
    assert "this folder is no git repository, so it has no history" in why(approved, TWO)
    (tmp_path / "away").rename(approved.project.root / ".git")
    approved.monkeypatch.setenv("PATH", str(tmp_path))
    assert "git is not installed" in why(approved, TWO)


@pytest.mark.parametrize("how", ["grafts", "replace"])
def test_altered_history_does_not_count(desk: Desk, how: str) -> None:
    """A clone can be told to see other commits than there are."""
    desk.approve("wabash-tools")
    by_sam = desk.commit("Approve", SAM)
    if how == "grafts":
        (desk.project.root / ".git/info/grafts").write_text(f"{by_sam}\n", encoding="utf-8")
        assert ".git/info/grafts" in why(desk, TWO)
    else:
        desk.git("commit", "--quiet", "--amend", "--no-edit", "--author", DANA)
        desk.git("replace", by_sam, "HEAD")
        desk.git("reset", "--quiet", "--hard", by_sam)
        assert f"was committed by {SAM}" in why(desk, TWO)


def test_a_name_added_by_an_editor_counts_from_the_next_commit_on(desk: Desk) -> None:
    desk.project.editors.write_text(f"{DANA}\n{SAM}\n", encoding="utf-8")
    desk.commit("Sam joins", DANA)
    desk.approve("wabash-tools", person=SAM)
    desk.commit("Approve", SAM)
    assert [a.id for a in desk.admit(**TWO).articles] == ["wabash-tools"]


@pytest.mark.parametrize("commits", [1, 2])
def test_a11_a_name_that_added_itself_never_counts(desk: Desk, commits: int) -> None:
    """In one commit, or in two."""
    desk.project.editors.write_text(f"{DANA}\n{SAM}\n", encoding="utf-8")
    if commits == 2:
        desk.commit("I join", SAM)
    desk.approve("wabash-tools", person=SAM)
    desk.commit("Approve", SAM)
    said = why(desk, TWO)
    assert f"{SAM} was not in EDITORS before commit" in said
    if commits == 2:
        assert "EDITORS was changed by sam@brief.example.org" in said
        assert "who was no editor then: that change does not count" in said


def test_a_list_from_an_unrelated_history_is_no_anchor(desk: Desk) -> None:
    """A branch without a common ancestor brings its own first EDITORS; the main line's stays the anchor."""
    desk.git("checkout", "--quiet", "--orphan", "other")
    desk.project.editors.write_text(f"{SAM}\n", encoding="utf-8")
    desk.git("rm", "--quiet", "-r", "-f", "--cached", ".")
    desk.git("add", "EDITORS")
    desk.git("commit", "--quiet", "--message", "A list of my own", "--author", SAM)
    desk.git("checkout", "--quiet", "--force", "main")
    desk.git("merge", "--quiet", "--allow-unrelated-histories", "-X", "theirs", "--message", "Merge", "other")
    desk.project.editors.write_text(f"{DANA}\n{SAM}\n", encoding="utf-8")
    desk.approve("wabash-tools", person=SAM)
    desk.commit("Approve", SAM)
    assert f"{SAM} was not in EDITORS before commit" in why(desk, TWO)


def test_a_record_slipped_into_a_merge_is_the_mergers(desk: Desk) -> None:
    desk.git("checkout", "--quiet", "-b", "side")
    (desk.project.root / "README.md").write_text("x\n", encoding="utf-8")
    desk.commit("Side", DANA)
    desk.git("checkout", "--quiet", "main")
    desk.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    desk.approve("wabash-tools")
    desk.commit("Merge", SAM)
    assert f"was committed by {SAM}" in why(desk, TWO)


def test_who_left_keeps_what_was_approved_before(approved: Desk) -> None:
    approved.project.editors.write_text(f"{trial.SECOND}\n", encoding="utf-8")
    approved.commit("Dana leaves", DANA)
    assert [a.id for a in approved.admit(**TWO).articles] == ["wabash-tools"]
    approved.project.editors.write_text(f"{DANA} until 2026-11-24\n{trial.SECOND}\n", encoding="utf-8")
    assert [a.id for a in approved.admit().articles] == ["wabash-tools"], "at level 1 the list says it"


def test_a_record_that_was_taken_out_or_changed_is_missed(approved: Desk) -> None:
    approved.edit(approved.path("wabash-tools"), "Ask every team for one line per tool.", "Ask every team for a line per tool.")
    approved.now += timedelta(minutes=5)
    approved.approve("wabash-tools")
    approved.commit("Approve again", DANA)
    assert [a.id for a in approved.admit(**TWO).articles] == ["wabash-tools"]
    oldest = min((approved.project.approvals / "wabash-tools").glob("*.txt"), key=lambda p: p.read_text(encoding="utf-8").split("approved-at")[1])
    oldest.unlink()
    assert "was taken out after commit" in why(approved, TWO)
    approved.git("checkout", "--", ".")
    approved.edit(oldest, "approved-at: 2026-11-23T22:00:00Z\n", "approved-at: 2026-11-23T22:00:00Z\nnote: x\n")
    assert "was changed after commit" in why(approved, TWO)


def test_a_project_below_the_top_of_a_repository_is_found(git: Callable[..., str], tmp_path: Path, make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    shutil.rmtree(desk.project.root / ".git")
    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    git("commit", "--quiet", "--message", "All")
    desk.approve("wabash-tools")
    git("add", "--all")
    git("commit", "--quiet", "--message", "Approve")
    assert [a.id for a in desk.admit(**TWO).articles] == ["wabash-tools"]


def test_what_git_calls_some_bytes(git: Callable[..., str], tmp_path: Path) -> None:
    git("init", "--quiet")
    (tmp_path / "file").write_bytes(b"a\r\nb\n")
    (tmp_path / "lf").write_bytes(b"a\nb\n")
    assert blob_id(b"a\r\nb\n", "0" * 40) == git("hash-object", "lf").strip()


# ------------------------------------------------------------ 3: signature


def key(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    if not path.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)], check=True)
    return path


def line(path: Path, address: str = "dana@brief.example.org", options: str = 'namespaces="briefing-approval"') -> str:
    kind, blob, _ = path.with_suffix(".pub").read_text(encoding="utf-8").split(" ", 2)
    return f"{address} {options} {kind} {blob}\n"


@pytest.fixture
def signed(desk: Desk, tmp_path: Path) -> Desk:
    """The first article is approved at level 3 with Dana's key."""
    dana = key(tmp_path, "dana")
    (desk.project.root / "allowed_signers").write_text(line(dana), encoding="utf-8")
    desk.monkeypatch.setenv("BRIEFING_MIN_LEVEL", "3")
    desk.approve("wabash-tools", "--key", str(dana))
    desk.monkeypatch.delenv("BRIEFING_MIN_LEVEL")
    desk.commit("Approve")
    return desk


def signature(desk: Desk) -> Path:
    return next((desk.project.approvals / "wabash-tools").glob("*.sig"))


def sign_with(desk: Desk, path: Path, namespace: str = "briefing-approval") -> None:
    signature(desk).unlink()
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", str(path), "-n", namespace, str(desk.record("wabash-tools"))], check=True, capture_output=True)


def test_a17_a_signed_record_counts_with_and_without_git(signed: Desk) -> None:
    assert [a.id for a in signed.admit(**THREE).articles] == ["wabash-tools"]
    shutil.rmtree(signed.project.root / ".git")
    assert [a.id for a in signed.admit(**THREE).articles] == ["wabash-tools"]


def test_a14_five_ways_to_miss_a_signature_read_differently(signed: Desk, tmp_path: Path) -> None:
    kept = signature(signed).read_bytes()
    said = {}
    signature(signed).unlink()
    said["none"] = why(signed, THREE)
    signed.record("wabash-tools").with_suffix(".txt.sig").write_bytes(kept)
    sign_with(signed, key(tmp_path, "sam"))
    said["another key"] = why(signed, THREE)
    signature(signed).write_bytes(kept)
    allowed = signed.project.root / "allowed_signers"
    allowed.write_text(line(key(tmp_path, "sam"), "sam@brief.example.org"), encoding="utf-8")
    said["not listed"] = why(signed, THREE)
    allowed.unlink()
    said["list missing"] = why(signed, THREE)
    allowed.write_text(line(key(tmp_path, "dana")), encoding="utf-8")
    signed.monkeypatch.setenv("PATH", str(tmp_path))
    said["ssh-keygen missing"] = why(signed, THREE)
    for case, words in {
        "none": "has no signature beside it",
        "another key": "its signature is not by a listed key of dana@brief.example.org over these bytes",
        "not listed": "dana@brief.example.org has no key in allowed_signers",
        "list missing": "allowed_signers is missing, so no signature can be checked",
        "ssh-keygen missing": "signatures cannot be checked: ssh-keygen is missing",
    }.items():
        assert words in said[case], case
    assert len(set(said.values())) == 5


def test_another_namespace_does_not_count(signed: Desk, tmp_path: Path) -> None:
    """The same key signs commits and files elsewhere: such a signature is no approval."""
    sign_with(signed, key(tmp_path, "dana"), namespace="git")
    assert "its signature is not by a listed key" in why(signed, THREE)


def test_a_revoked_key_never_counts(signed: Desk, tmp_path: Path) -> None:
    (signed.project.root / "revoked_keys").write_text(key(tmp_path, "dana").with_suffix(".pub").read_text(encoding="utf-8"), encoding="utf-8")
    assert "the key of dana@brief.example.org is revoked" in why(signed, THREE)
    (signed.project.root / "revoked_keys").write_bytes(b"SSHKRL\n\x00binary")
    assert "revoked_keys:1: must be a public key" in why(signed, THREE)


def test_a_key_counts_in_its_time_only(signed: Desk, tmp_path: Path) -> None:
    allowed = signed.project.root / "allowed_signers"
    allowed.write_text(line(key(tmp_path, "dana"), options='namespaces="briefing-approval",valid-before="20261123"'), encoding="utf-8")
    assert "was not valid on 2026-11-23" in why(signed, THREE)
    allowed.write_text(line(key(tmp_path, "dana"), options='namespaces="briefing-approval",valid-after="20261101",valid-before="20261201"'), encoding="utf-8")
    assert [a.id for a in signed.admit(**THREE).articles] == ["wabash-tools"]


def test_a08_a_forged_author_does_not_help(desk: Desk, tmp_path: Path) -> None:
    """The author level trusts the author field and says so; the signed level does not."""
    (desk.project.root / "allowed_signers").write_text(line(key(tmp_path, "dana")), encoding="utf-8")
    desk.approve("wabash-tools")
    desk.commit("Approve", DANA)
    assert [a.id for a in desk.admit(**TWO).articles] == ["wabash-tools"]
    assert "has no signature beside it" in why(desk, THREE)


def test_a_signature_with_crlf_still_counts(signed: Desk) -> None:
    for path in (signed.project.approvals / "wabash-tools").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert [a.id for a in signed.admit(**THREE).articles] == ["wabash-tools"]


def test_approving_at_level_3_without_a_key_says_what_is_missing(desk: Desk, tmp_path: Path) -> None:
    (desk.project.root / "allowed_signers").write_text(line(key(tmp_path, "dana")), encoding="utf-8")
    desk.monkeypatch.setenv("BRIEFING_MIN_LEVEL", "3")
    code, _, err = desk.run("approve", "wabash-tools", "--yes")
    assert (code, "is written but not signed; run this again with --key" in err) == (5, True)
    assert desk.run("approve", "wabash-tools", "--yes", "--key", str(tmp_path / "nowhere"))[0] == 5
    assert desk.admit(**THREE).articles == ()
    assert desk.run("approve", "wabash-tools", "--yes", "--key", str(tmp_path / "dana"))[0] == 0
    assert [a.id for a in desk.admit(**THREE).articles] == ["wabash-tools"]


@pytest.mark.parametrize(
    ("address", "options", "says"),
    [
        ("*", 'namespaces="briefing-approval"', "must be one plain address"),
        ("*@brief.example.org", 'namespaces="briefing-approval"', "must be one plain address"),
        ("a@b.example,c@d.example", 'namespaces="briefing-approval"', "must be one plain address"),
        ("!a@b.example", 'namespaces="briefing-approval"', "must be one plain address"),
        ("a@b.example", 'namespaces="git,briefing-approval"', "and nothing else"),
        ("a@b.example", 'namespaces="*"', "and nothing else"),
        ("a@b.example", 'valid-after="20260101"', "and nothing else"),
        ("a@b.example", 'namespaces="briefing-approval",namespaces="git"', "options are not understood"),
        ("a@b.example", 'namespaces="briefing-approval",valid-before="soon"', "must be a day such as"),
        ("a@b.example", 'namespaces="briefing-approval",verify-required="x"', "the option verify-required is not allowed"),
        ("a@b.example", 'cert-authority,namespaces="briefing-approval"', "must be: address namespaces"),
        ("a@b.example", "", "must be: address namespaces"),
    ],
)
def test_allowed_signers_is_read_strictly(tmp_path: Path, address: str, options: str, says: str) -> None:
    with pytest.raises(ContentRefused) as error:
        signatures.signers(("# keys\n" + line(key(tmp_path, "dana"), address, options)).encode(), "allowed_signers")
    assert str(error.value).startswith("allowed_signers:2: ")
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [("ssh-ed25519 A", "ssh-rsa A", "is not of the type"), ("ssh-ed25519 A", "ssh-dss A", "not allowed"), (" AAAA", " A*AA", "not base64")],
)
def test_keys_are_read_strictly(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(ContentRefused, match=says):
        signatures.signers(line(key(tmp_path, "dana")).replace(old, new).encode())


def test_what_is_no_signature_is_refused(tmp_path: Path) -> None:
    allowed = signatures.signers(line(key(tmp_path, "dana")).encode())
    at = datetime(2026, 11, 23, tzinfo=UTC)
    for data in (b"", b"x", os.urandom(64), b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n", b"A" * 20_000):
        with pytest.raises(ApprovalRefused):
            signatures.verify(b"text", data, "dana@brief.example.org", at, allowed)
