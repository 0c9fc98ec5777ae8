"""The demo: a sample week goes the whole way, through the ordinary commands, in a scratch git repository.

Two Tuesdays are played: feeds are served over real HTTP on 127.0.0.1 as they stood on three evenings, drafts are written, a demo editor
approves all but one, and the site and the email are built. The clock is an input, so every run gives the same bytes.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from . import edition as editions
from . import sample
from .console import Console
from .errors import BriefingError, LockHeld, UsageError
from .project import Project

EDITOR = "Dana Whitlock <dana@brief.example.org>"
#: When the demo collects: once before the first window opens, then each Monday evening before the cut-off.
BASELINE = datetime(2026, 11, 9, 22, 0, tzinfo=UTC)
EVENINGS = (
    (date(2026, 11, 17), datetime(2026, 11, 16, 22, 0, tzinfo=UTC)),
    (date(2026, 11, 24), datetime(2026, 11, 23, 22, 0, tzinfo=UTC)),
)
_COPIED = ("pelicanconf.py", "publishconf.py", "themes", "playbook", "content/pages", "EDITORS", ".gitattributes", ".gitignore")
_STEPS = 2 + 5 * len(EVENINGS)


class DemoFailed(BriefingError):
    """A command of the demo ended otherwise than it should: a bug. Its output is in the message."""

    code = 1


@dataclass(frozen=True, slots=True)
class Ran:
    """One command of the demo: what it was, how it ended, and what it took."""

    command: str
    out: str
    err: str
    code: int
    wall_s: float
    peak_mb: float  # of the largest single process


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """What the demo did, for its closing table."""

    project: Project
    collected: dict[str, object]
    drafts: int
    approved: int
    held_back: tuple[str, ...]  # ids of drafts that nobody approved
    next_json: dict[str, object]
    pages: int
    ran: tuple[Ran, ...]


def play(checkout: Path, console: Console, folder: Path | None = None) -> Played:
    """Run the demo below `checkout/var/demo/`, or in `folder`. Raises UsageError where the sample is missing, DemoFailed where a command fails."""
    if not (checkout / "sample" / "publishers.yaml").is_file():
        raise UsageError("sample/publishers.yaml is missing; run the demo in a checkout of the project")
    project = Project(folder or checkout / "var" / "demo" / "project")
    week = sample.load(checkout / "sample")
    with _alone(project.root.parent), sample.Server(week, as_of=BASELINE) as server, console.progress("Demo", _STEPS) as step:
        stage = _Stage(project)
        stage.prepare(checkout, sample.sources_yaml(server.port, week))
        step("repository", "a scratch git repository with the sample's sources")
        stage.run(BASELINE, "collect", ok=(0, 3))
        step("collect", "what the feeds held before the first week")
        collected: dict[str, object] = {}
        for day, evening in EVENINGS:
            server.as_of = evening
            collected = stage.json(evening, "collect", ok=(0, 3))
            step("collect", f"the week before {day.isoformat()}")
            stage.run(evening, "draft", "--edition", day.isoformat())
            stage.commit(f"Drafts for {day.isoformat()}")
            step("draft", f"{len(stage.drafts(day))} briefings for {day.isoformat()}")
            if day == EVENINGS[-1][0]:
                stage.hold_back_last(day)
            stage.run(evening, "check", "--edition", day.isoformat())
            step("check", "every fact against the passage it cites")
            stage.approve(day, evening)
            step("approve", f"as {EDITOR.partition(' <')[0]}")
            stage.commit(f"Approve the edition of {day.isoformat()}")
            stage.run(evening, "build")
            step("build", "site and email")
    return _played(project, collected, tuple(stage.ran))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One demo at a time in a folder: a second would delete the first one's repository. Raises LockHeld."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.lock").open("w", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockHeld("another demo is at work in this checkout; wait for it to end") from error
        yield


def _played(project: Project, collected: dict[str, object], ran: tuple[Ran, ...]) -> Played:
    files = sorted(project.briefings.glob("*/*.md"))
    waiting = tuple(f.stem for f in files if "status: needs-review" in f.read_text(encoding="utf-8"))
    return Played(
        project=project,
        collected=collected,
        drafts=len(files),
        approved=len(files) - len(waiting),
        held_back=waiting,
        next_json=json.loads((project.output / "email" / "next.json").read_text(encoding="utf-8")),
        pages=sum(1 for _ in project.output.rglob("*.html")),
        ran=ran,
    )


class _Stage:
    """The scratch repository and the commands run in it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.ran: list[Ran] = []
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("BRIEFING_", "GIT_"))}
        # Where a second demo has just removed this one's repository, git must not find and commit to the checkout around it.
        self.env["GIT_CEILING_DIRECTORIES"] = str(project.root.resolve().parent)
        name, _, address = EDITOR.rstrip(">").partition(" <")
        for role in ("AUTHOR", "COMMITTER"):
            self.env |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": address, f"GIT_{role}_DATE": "2026-11-23T22:00:00Z"}

    def prepare(self, checkout: Path, sources: str) -> None:
        """A fresh repository with the project's own settings, marked as a sample."""
        root = self.project.root
        if root.exists():
            shutil.rmtree(root)
        root.mkdir(parents=True)
        for name in _COPIED:
            source = checkout / name
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            elif source.exists():
                shutil.copyfile(source, target)
        shutil.copyfile(checkout / "sample" / "deadlines.yaml", self.project.deadlines)
        settings = self.project.settings
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("PUBLICATION = {\n", 'PUBLICATION = {\n    "sample": True,\n', 1), encoding="utf-8")
        self.project.editors.write_text(EDITOR + "\n", encoding="utf-8")
        self.project.sources.write_text(sources, encoding="utf-8")
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("A briefing of our own")

    def run(self, now: datetime, *args: str, ok: Sequence[int] = (0,)) -> str:
        """One `briefing` command in the scratch repository; its standard output."""
        command = [sys.executable, "-m", "briefing.cli", args[0], "--project", str(self.project.root), "--now", now.isoformat(), *args[1:]]
        ran = measured(command, self.env, " ".join(args))
        self.ran.append(ran)
        if ran.code not in ok:
            raise DemoFailed(f"`briefing {ran.command}` ended with {ran.code}: {(ran.err or ran.out)[-400:]}")
        return ran.out

    def json(self, now: datetime, *args: str, ok: Sequence[int] = (0,)) -> dict[str, object]:
        """One command's result as data."""
        data: dict[str, object] = json.loads(self.run(now, *args, "--json", "--quiet", ok=ok))
        return data

    def drafts(self, day: date) -> tuple[str, ...]:
        """The ids of the edition's articles, in its order."""
        return editions.read(self.project.edition(day), "edition").articles

    def hold_back_last(self, day: date) -> None:
        """The demo editor takes the last briefing out of the edition and leaves it unapproved, as one does with a story that is not ready."""
        path = self.project.edition(day)
        last = self.drafts(day)[-1]
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"  - {last}\n", "", 1), encoding="utf-8")

    def approve(self, day: date, now: datetime) -> None:
        """Approve the edition's articles, then the edition."""
        self.run(now, "approve", *self.drafts(day), "--yes", "--as", EDITOR)
        self.run(now, "approve", "--edition", day.isoformat(), "--yes", "--as", EDITOR)

    def commit(self, subject: str) -> None:
        """Everything as it stands, in one commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", subject)

    def git(self, *args: str) -> None:
        """One git command. The demo's own scratch repository needs no more than this."""
        done = subprocess.run(["git", *args], cwd=self.project.root, env=self.env, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode:
            raise DemoFailed(f"`git {args[0]}` ended with {done.returncode}: {done.stderr[-300:]}")


def measured(command: Sequence[str], env: Mapping[str, str], name: str) -> Ran:
    """Run a command to its end: output, exit code, wall seconds, and the peak memory of its largest process in MB."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        child = subprocess.Popen(command, env=dict(env), stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall_s = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
    kilobytes = usage.ru_maxrss if sys.platform != "darwin" else usage.ru_maxrss / 1024
    return Ran(name, texts[0], texts[1], child.returncode, wall_s, kilobytes / 1024)
