"""The small briefing that every attempt and every piece of work starts from, with a real history, real keys and a theme."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from briefing import approval, article, cli, config, trial
from briefing.model import Record
from briefing.project import Project
from briefing.site import build

from . import ROOT

SEED = 20261124
DANA = trial.EDITOR
MALLORY = "Mallory Vane <mallory@example.org>"
DAY = trial.DAY
PLACE = f"content/briefings/{DAY.isoformat()}"
FORBIDDEN = ("Smuggled", "Recalled")


@dataclass
class World:
    """A copy of the small briefing that one attempt may do anything to."""

    root: Path
    top: Path  # where keys and the lists from outside are

    @property
    def project(self) -> Project:
        return Project(self.root)

    def file(self, name: str) -> Path:
        return self.root / name

    @property
    def good(self) -> Path:
        return self.file(f"{PLACE}/wabash-tools.md")

    @property
    def draft(self) -> Path:
        return self.file(f"{PLACE}/smuggled-tools.md")

    @property
    def gone(self) -> Path:
        return self.file(f"{PLACE}/recalled-tools.md")

    def record(self, subject: str, kind: str = "") -> Path:
        found = [p for p in (self.project.approvals / subject).glob("*.txt") if (".withdrawn" in p.name) == (kind == "withdrawn")]
        return found[0]

    def text(self, path: Path) -> str:
        return path.read_text(encoding="utf-8")

    def put(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def edit(self, path: Path, old: str, new: str) -> None:
        text = self.text(path)
        assert old in text, (path, old)
        self.put(path, text.replace(old, new, 1))

    def say_approved(self, path: Path) -> None:
        self.edit(path, "status: needs-review", "status: approved")

    def git(self, *args: str, who: str = MALLORY) -> str:
        name, _, address = who.rstrip(">").partition(" <")
        env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "BRIEFING_"))}
        env |= {"HOME": str(self.top), "GIT_CONFIG_NOSYSTEM": "1"}
        env |= {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in (("NAME", name), ("EMAIL", address))}
        done = subprocess.run(["git", "-c", "gc.auto=0", *args], cwd=self.root, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode:
            raise RuntimeError(f"git {' '.join(args)}: {done.stderr}")
        return done.stdout

    def commit(self, who: str = MALLORY, *args: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Work", *args, who=who)

    def command(self, *args: str) -> int:
        """One `briefing` command at level 3, its words thrown away."""
        with _environment(BRIEFING_MIN_LEVEL="3"), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return cli.main([args[0], "--project", str(self.root), "--now", trial.NOW.isoformat(), *args[1:]])

    def approve_as(self, person: str, key: str, *targets: str) -> None:
        """What `approve` writes, for someone who has the program and a key. Who is not in EDITORS is let in for the moment."""
        editors = self.project.editors.read_bytes()
        if person not in self.text(self.project.editors):
            self.put(self.project.editors, editors.decode() + person + "\n")
        code = self.command("approve", *targets, "--yes", "--as", person, "--key", str(self.top / key))
        self.project.editors.write_bytes(editors)
        assert code == 0, code

    def forge(self, path: Path, person: str, *, subject: str = "") -> Path:
        """A record written by hand over the bytes that stand there now."""
        data = path.read_bytes()
        a = article.parse(data)
        parts = approval.parts(data, path.with_name(f"{path.stem}.evidence.json").read_bytes(), a)
        record = Record(
            version=1,
            article=subject or a.id,
            edition=a.edition,
            decision="approve",
            digest=approval.digest(parts),
            parts=parts,
            approved_by=person,
            approved_at=trial.NOW + timedelta(hours=1),
        )
        target = self.project.approvals / a.id / approval.file_name(record)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(approval.write(record))
        return target

    def sign(self, record: Path, key: str, namespace: str = "briefing-approval") -> None:
        record.with_name(record.name + ".sig").unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", str(self.top / key), "-n", namespace, str(record)], check=True, capture_output=True)


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def template(top: Path) -> Path:
    """The small briefing, made once."""
    for name in ("dana", "mallory"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(top / name)], check=True)
    project = trial.make_project(top / "desk", editors=(DANA,))
    world = World(project.root, top)
    world.put(project.root / "allowed_signers", signer(top, "dana", "dana@brief.example.org"))
    for article_id, word in (("wabash-tools", "Wabash"), ("smuggled-tools", "Smuggled"), ("recalled-tools", "Recalled")):
        trial.add_article(project, trial.make_article(article_id, word=word))
    trial.add_edition(project, ["wabash-tools"])
    shutil.copytree(ROOT / "themes", project.root / "themes")
    world.git("init", "--quiet", "--initial-branch=main")
    world.commit(DANA)
    world.git("checkout", "--quiet", "-b", "dana")
    world.approve_as(DANA, "dana", "wabash-tools", "recalled-tools", "--edition", DAY.isoformat())
    world.commit(DANA)
    assert world.command("withdraw", "recalled-tools", "--note", "wrong figure", "--as", DANA) == 0
    world.commit(DANA)
    world.git("checkout", "--quiet", "main")
    for name in ("EDITORS", "allowed_signers"):
        (top / "outside").mkdir(exist_ok=True)
        shutil.copy(project.root / name, top / "outside" / name)
    return project.root


def signer(top: Path, name: str, address: str) -> str:
    kind, key, _ = (top / f"{name}.pub").read_text(encoding="utf-8").split(" ", 2)
    return f'{address} namespaces="briefing-approval" {kind} {key}\n'


def levels(top: Path) -> dict[str, dict[str, str]]:
    outside = {"BRIEFING_EDITORS": str(top / "outside/EDITORS"), "BRIEFING_SIGNERS": str(top / "outside/allowed_signers")}
    return {
        "1": {"BRIEFING_MIN_LEVEL": "1"},
        "1 outside": {"BRIEFING_MIN_LEVEL": "1", **outside},
        "2": {"BRIEFING_MIN_LEVEL": "2"},
        "3": {"BRIEFING_MIN_LEVEL": "3"},
        "3 outside": {"BRIEFING_MIN_LEVEL": "3", **outside},
    }


EVERY = ("1", "2", "3", "3 outside")


def start(template: Path, folder: Path, *, branch: str = "dana") -> World:
    """A fresh copy with Dana's branch merged."""
    shutil.copytree(template, folder, symlinks=True)
    world = World(folder, template.parent)
    if branch:
        world.git("merge", "--quiet", "--no-ff", "--message", "Merge", branch, who=DANA)
    return world


def published(world: World, environ: dict[str, str]) -> tuple[str, str]:
    """All that the built site and its email say, and what stopped the build if it was stopped."""
    shutil.rmtree(world.project.output, ignore_errors=True)
    try:
        publication = config.publication(world.project.settings)
        build.run(world.project, publication, {"BRIEFING_NOW": trial.NOW.isoformat(), **environ}, lambda name, outcome: None)
    except Exception as error:  # noqa: BLE001 - whatever stops a build also stops an attempt
        return words_of(world.project.output), f"{type(error).__name__}: {error}"
    return words_of(world.project.output), ""


def words_of(folder: Path) -> str:
    """Every text file below a folder, file names included."""
    out = []
    for path in sorted(folder.rglob("*")):
        out.append(path.relative_to(folder).as_posix())
        if path.is_file() and path.suffix not in {".woff2", ".png", ".svg", ".css"}:
            out.append(path.read_text(encoding="utf-8", errors="replace"))
    return "\n".join(out)


def got_past(words: str) -> list[str]:
    return [w for w in FORBIDDEN if w in words or w.casefold() in words]


def open_edition(world: World) -> bool:
    """Takes the edition's own approval away; False where the attempt has already spoilt that file."""
    path = world.project.edition(DAY)
    if "status: approved" not in world.text(path):
        return False
    world.edit(path, "status: approved", "status: needs-review")
    return True
