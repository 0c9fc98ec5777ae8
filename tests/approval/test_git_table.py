"""docs/approving.md, the table of what git does to an approval: each row is done with real git, and each column is checked."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from briefing import cli, config, trial
from briefing.project import Project
from briefing.site import gate

ROOT = Path(__file__).resolve().parents[2]
DANA = "Dana Whitlock <dana@brief.example.org>"
SAM = "Sam Hollis <sam@brief.example.org>"
RECORDS = "approvals/wabash-tools"


def table() -> dict[str, tuple[str, str, str, str]]:
    text = (ROOT / "docs" / "approving.md").read_text(encoding="utf-8")
    part = text[text.index("| operation | level 1") :].split("\n\n")[0]
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in part.split("\n")[2:]]
    return {r[0]: (r[1], r[2], r[3], r[4]) for r in rows}


ROWS = table()


@dataclass
class World:
    """A clone of the briefing with Dana's approval on the branch `dana`, as Sam finds it. `build` is the folder that is built."""

    root: Path
    keys: Path
    monkeypatch: pytest.MonkeyPatch

    def __post_init__(self) -> None:
        self.build = self.root
        self.path_without_git = False

    @property
    def article(self) -> Path:
        return self.root / "content/briefings/2026-11-24/wabash-tools.md"

    def git(self, *args: str, who: str = SAM) -> str:
        name, _, address = who.rstrip(">").partition(" <")
        env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(self.root.parent), "GIT_CONFIG_NOSYSTEM": "1"}
        env |= {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in (("NAME", name), ("EMAIL", address))}
        done = subprocess.run(["git", *args], cwd=self.root, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0 or args[0] == "merge", (args, done.stderr)
        return done.stdout

    def commit(self, who: str = SAM, *args: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Work", *args, who=who)

    def merge(self) -> None:
        self.git("merge", "--quiet", "--no-ff", "--message", "Merge", "dana")

    def other_work(self, text: str = "Another line.\n") -> None:
        with (self.root / "README.md").open("a", encoding="utf-8") as file:
            file.write(text)
        self.commit()

    def approve(self, person: str, key: str, level: str = "3") -> None:
        with pytest.MonkeyPatch.context() as env:
            env.setattr(cli, "COMMANDS", ("approve", "withdraw"))
            env.setenv("BRIEFING_MIN_LEVEL", level)
            args = ["approve", "--project", str(self.root), "--now", trial.NOW.isoformat(), "wabash-tools", "--yes", "--quiet", "--as", person]
            assert cli.main([*args, "--key", str(self.keys / key)]) == 0

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")

    def state(self, environ: dict[str, str]) -> str:
        project = Project(self.build)
        found = gate.admit(project, config.publication(project.settings), {"BRIEFING_NOW": trial.NOW.isoformat(), **environ})
        if [a.id for a in found.articles] == ["wabash-tools"]:
            return "kept"
        (said,) = [r for r in found.refusals if r.name.endswith(".md")]
        assert WAY_BACK.search(said.message) or said.code == 0, said.message
        return {5: "lost", 0: "gone"}[said.code]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The briefing before anyone else touched it, made once: Dana's key, drafts on main, the approval on `dana`."""
    top = tmp_path_factory.mktemp("template")
    for name in ("dana", "sam"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(top / name)], check=True)
    project = trial.make_project(top / "desk", editors=(DANA,))
    (project.root / "allowed_signers").write_text(signer("dana", top), encoding="utf-8")
    trial.add_article(project, trial.make_article("wabash-tools"))
    (project.root / "README.md").write_text("A briefing.\n", encoding="utf-8")
    world = World(project.root, top, pytest.MonkeyPatch())
    world.git("init", "--quiet", "--initial-branch=main")
    world.commit(DANA)
    world.git("checkout", "--quiet", "-b", "dana")
    world.approve(DANA, "dana")
    world.commit(DANA)
    world.git("checkout", "--quiet", "main")
    shutil.copytree(project.root, top / "outside", ignore=shutil.ignore_patterns(".git", "var", "content"))
    return top


def signer(name: str, folder: Path) -> str:
    kind, key, _ = (folder / f"{name}.pub").read_text(encoding="utf-8").split(" ", 2)
    return f'{name}@brief.example.org namespaces="briefing-approval" {kind} {key} {name}\n'


@pytest.fixture
def world(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    shutil.copytree(template / "desk", tmp_path / "desk")
    shutil.rmtree(tmp_path / "desk" / "var", ignore_errors=True)
    return World(tmp_path / "desk", template, monkeypatch)


# ------------------------------------------------------------------ the rows


def squash(w: World, who: str) -> None:
    w.git("merge", "--quiet", "--squash", "dana")
    w.git("commit", "--quiet", "--message", "Squash", who=who)


def rebase(w: World) -> None:
    w.other_work()
    w.git("checkout", "--quiet", "dana")
    w.git("rebase", "--quiet", "main")


def cherry_pick(w: World) -> None:
    w.other_work()
    w.git("cherry-pick", "dana")


def amend(w: World, *args: str) -> None:
    w.git("merge", "--quiet", "--ff-only", "dana")
    w.git("commit", "--quiet", "--amend", "--message", "Better words", *args)


def rename(w: World) -> None:
    w.merge()
    for suffix in (".md", ".evidence.json"):
        w.git("mv", f"content/briefings/2026-11-24/wabash-tools{suffix}", f"content/briefings/2026-11-24/new-name{suffix}")
    w.commit()


def move(w: World) -> None:
    w.merge()
    w.git("mv", "content/briefings/2026-11-24", "content/briefings/autumn")
    w.commit()


def revert(w: World) -> None:
    w.git("merge", "--quiet", "--ff-only", "dana")
    w.git("revert", "--no-edit", "HEAD")


def set_back(w: World) -> None:
    w.merge()
    w.edit(w.article, "status: approved", "status: needs-review")
    w.commit()


def shallow(w: World) -> None:
    w.merge()
    w.build = w.root.parent / "shallow"
    w.git("clone", "--quiet", "--depth", "1", f"file://{w.root}", str(w.build))


def export(w: World) -> None:
    w.merge()
    w.build = w.root.parent / "export"
    data = subprocess.run(["git", "archive", "HEAD"], cwd=w.root, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        tar.extractall(w.build, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))  # Python 3.11.4 brought it


def no_git(w: World) -> None:
    w.merge()
    tools = w.root.parent / "tools"
    tools.mkdir()
    (tools / "ssh-keygen").symlink_to(shutil.which("ssh-keygen") or "")
    w.monkeypatch.setenv("PATH", str(tools))


def crlf(w: World) -> None:
    w.merge()
    (w.root / ".gitattributes").unlink()
    w.commit()
    w.build = w.root.parent / "crlf"
    w.git("clone", "--quiet", "--config", "core.autocrlf=true", str(w.root), str(w.build))
    assert b"\r\n" in (w.build / "content/briefings/2026-11-24/wabash-tools.md").read_bytes()
    assert b"\r\n" in next((w.build / RECORDS).glob("*.txt")).read_bytes()


def edit_and_commit(w: World) -> None:
    w.merge()
    w.edit(w.article, "27", "28")
    w.commit()


def edit_only(w: World) -> None:
    w.merge()
    w.edit(w.article, "27", "28")


def conflict(w: World) -> None:
    w.edit(w.article, "one row for each tool", "one row a tool")
    w.commit()
    w.edit(w.article, "status: needs-review", "status: needs-review  # Sam looked")
    w.commit()
    w.merge()
    text = w.article.read_text(encoding="utf-8")
    w.article.write_text(re.sub(r"<<<<<<< .*?\n.*?=======\n(.*?)>>>>>>> .*?\n", r"\1", text, flags=re.DOTALL), encoding="utf-8")
    assert "one row a tool" in w.article.read_text(encoding="utf-8")
    w.commit()


def go_back(w: World) -> None:
    """Dana corrects the article and approves that too; Sam restores the file as it was before."""
    w.merge()
    before = w.article.read_bytes()
    w.edit(w.article, "topics: [ai-inventory]", 'topics: [ai-inventory]\ncorrections:\n  - date: 2026-11-26\n    text: "The clerks keep the list."')
    w.approve(DANA, "dana")
    w.commit(DANA)
    w.article.write_bytes(before)
    w.commit()


def delete_record(w: World) -> None:
    w.merge()
    w.git("rm", "--quiet", "-r", RECORDS)
    w.commit()


def record(w: World) -> Path:
    return next(p for p in (w.root / RECORDS).glob("*.txt") if "withdrawn" not in p.name)


def change_note(w: World) -> None:
    w.merge()
    w.edit(record(w), "approved-at: 2026-11-23T22:00:00Z\n", "approved-at: 2026-11-23T22:00:00Z\nnote: All good\n")
    w.commit(DANA)


def take_withdrawal_out(w: World) -> None:
    w.merge()
    with pytest.MonkeyPatch.context() as env:
        env.setattr(cli, "COMMANDS", ("withdraw",))
        assert cli.main(["withdraw", "--project", str(w.root), "--now", trial.NOW.isoformat(), "wabash-tools", "--note", "wrong", "--as", DANA]) == 0
    w.commit(DANA)
    assert w.state({}) == "gone"
    w.git("rm", "--quiet", *[str(p) for p in (w.root / RECORDS).glob("*.withdrawn.txt")])
    w.commit()


def by_hand(w: World, *args: str) -> None:
    """Sam writes what `approve` would, for a text that Dana never saw, and puts Dana's name on it; the only key Sam has is Sam's."""
    w.merge()
    w.edit(w.article, "status: approved", "status: needs-review")
    w.edit(w.article, "Ask every team for one line per tool.", "Ask every team to buy a tool.")
    w.approve(DANA, "sam")
    w.commit(SAM, *args)


def own_name(w: World, *, key: bool) -> None:
    w.merge()
    with (w.root / "EDITORS").open("a", encoding="utf-8") as file:
        file.write(f"{SAM}\n")
    if key:
        with (w.root / "allowed_signers").open("a", encoding="utf-8") as file:
            file.write(signer("sam", w.keys))
    w.commit()
    w.edit(w.article, "status: approved", "status: needs-review")
    w.edit(w.article, "Ask every team for one line per tool.", "Ask every team to buy a tool.")
    w.approve(SAM, "sam")
    w.commit()


def not_committed(w: World) -> None:
    w.edit(w.article, "Ask every team for one line per tool.", "Ask every team for a line per tool.")
    w.approve(DANA, "dana")


DONE: dict[str, Callable[[World], None]] = {
    "merge with a merge commit": World.merge,
    "merge by fast-forward": lambda w: w.git("merge", "--quiet", "--ff-only", "dana") and None,
    "squash merge by Sam": lambda w: squash(w, SAM),
    "squash merge by Dana": lambda w: squash(w, DANA),
    "rebase onto a newer main": rebase,
    "cherry-pick onto main": cherry_pick,
    "amend the message": amend,
    "amend and become the author": lambda w: amend(w, "--reset-author"),
    "rename the file": rename,
    "move it to another folder": move,
    "revert the approval": revert,
    "set the status back": set_back,
    "clone with depth 1": shallow,
    "export without .git": export,
    "no git installed": no_git,
    "check out with CRLF": crlf,
    "edit one character and commit": edit_and_commit,
    "edit without committing": edit_only,
    "resolve a merge conflict in the text": conflict,
    "go back to a form that was approved before this one": go_back,
    "delete the record": delete_record,
    "change the record's note": change_note,
    "take the withdrawal out again": take_withdrawal_out,
    "write a record by hand in Dana's name": by_hand,
    "the same with a forged author": lambda w: by_hand(w, "--author", DANA),
    "Sam adds himself to EDITORS and approves": lambda w: own_name(w, key=False),
    "Sam adds himself and his key to both lists and approves": lambda w: own_name(w, key=True),
    "approve and not commit": not_committed,
}


#: Rows of the catalogue of hostile inputs that a row of the table is.
CATALOGUE = {
    "A05": ("rename the file", "move it to another folder"),
    "A06": (
        *("merge with a merge commit", "merge by fast-forward", "squash merge by Sam", "squash merge by Dana", "rebase onto a newer main"),
        *("cherry-pick onto main", "amend the message", "amend and become the author"),
    ),
    "A07": ("clone with depth 1",),
    "A08": ("the same with a forged author",),
    "A10": ("edit without committing", "edit one character and commit"),
    "A11": ("Sam adds himself to EDITORS and approves", "Sam adds himself and his key to both lists and approves"),
    "A15": ("take the withdrawal out again",),
    "A16": ("check out with CRLF",),
    "A17": ("export without .git", "no git installed"),
}
IDS = [f"{next((number for number, rows in CATALOGUE.items() if row in rows), '')} {row}".strip() for row in DONE]
#: How a refusal says what to do: one of these stands in each.
WAY_BACK = re.compile(r"run `briefing |must (?:approve|commit it|run|sign)|fetch-depth: 0|install git|build from|restore|approve again")


def test_every_row_is_done() -> None:
    assert set(ROWS) == set(DONE)
    assert {row for rows in CATALOGUE.values() for row in rows} <= set(DONE)


@pytest.mark.parametrize("row", list(DONE), ids=IDS)
def test_what_git_does_to_an_approval(row: str, world: World) -> None:
    DONE[row](world)
    outside = {"BRIEFING_EDITORS": str(world.keys / "outside/EDITORS"), "BRIEFING_SIGNERS": str(world.keys / "outside/allowed_signers")}
    columns: tuple[dict[str, str], ...] = ({}, {"BRIEFING_MIN_LEVEL": "2"}, {"BRIEFING_MIN_LEVEL": "3"}, {"BRIEFING_MIN_LEVEL": "3", **outside})
    assert tuple(world.state(c) for c in columns) == ROWS[row]
