"""A small briefing in a real git repository, and the commands run in it as an editor would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from briefing import cli, config, trial
from briefing.errors import BriefingError
from briefing.project import Project
from briefing.records import Records
from briefing.site import build, gate
from briefing.site.__main__ import report
from briefing.site.admitted import Admitted

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Desk:
    """An editor's desk: the project, its git, the commands."""

    project: Project
    git_: Callable[..., str]
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    now: datetime = trial.NOW

    def run(self, *args: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr of a `briefing` command."""
        self.capsys.readouterr()
        code = cli.main([args[0], "--project", str(self.project.root), "--now", self.now.isoformat(), *args[1:]])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def approve(self, *args: str, person: str = trial.EDITOR) -> None:
        code, _, err = self.run("approve", *args, "--yes", "--as", person)
        assert code == 0, err

    def admit(self, **environ: str) -> Admitted:
        publication = config.publication(self.project.settings)
        return gate.admit(self.project, publication, {"BRIEFING_NOW": self.now.isoformat(), **environ})

    def records(self, **environ: str) -> Records:
        return Records.open(self.project, config.publication(self.project.settings), environ)

    def refused(self, name: str, **environ: str) -> tuple[int, int, str]:
        """Code, line and message of the one refusal of a file whose name ends so."""
        found = [r for r in self.admit(**environ).refusals if r.name.endswith(name)]
        assert len(found) == 1, found
        return found[0].code, found[0].line, found[0].message

    def git(self, *args: str) -> str:
        return self.git_(*args, cwd=self.project.root)

    def commit(self, subject: str, author: str = "") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", subject, *(["--author", author] if author else []))
        return self.git("rev-parse", "HEAD").strip()

    def path(self, article_id: str, day: date = trial.DAY) -> Path:
        return self.project.article(day, article_id)

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, (old, text)
        path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")

    def record(self, subject: str) -> Path:
        (path,) = [p for p in (self.project.approvals / subject).glob("*.txt") if ".withdrawn" not in p.name]
        return path

    def build(self, **environ: str) -> tuple[int, dict[str, Any], str]:
        """Exit code, report and error line of a build in this process: what `python -m briefing.site` does, without starting it."""
        try:
            built = build.run(
                self.project, config.publication(self.project.settings), {"BRIEFING_NOW": self.now.isoformat(), **environ}, lambda name, outcome: None
            )
        except BriefingError as error:
            return error.code, {}, f"briefing: {error}\n"
        return built.code, report(built), ""

    def build_cli(self) -> tuple[int, dict[str, Any], str]:
        """The same through `briefing build`, in its own process."""
        code, out, err = self.run("build", "--json")
        return code, json.loads(out) if out else {}, err


@pytest.fixture
def make_desk(tmp_path: Path, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Desk]:
    """Make a desk with two articles and their edition, all drafts, committed."""

    def make(
        *,
        level: int = 1,
        articles: tuple[str, ...] = ("wabash-tools", "monon-tools"),
        theme: bool = False,
        approvers: int = 1,
        reads_as: str = "off",
        house: str = "review",
    ) -> Desk:
        monkeypatch.setattr(cli, "COMMANDS", ("approve", "withdraw", "status", "build"))
        project = trial.make_project(tmp_path / "desk", level=level, approvers=approvers, reads_as=reads_as, house=house)
        desk = Desk(project, git, monkeypatch, capsys)
        for article_id in articles:
            trial.add_article(project, trial.make_article(article_id))
        trial.add_edition(project, articles[:1])
        if theme:
            shutil.copytree(ROOT / "themes", project.root / "themes")
        desk.git("init", "--quiet", "--initial-branch=main")
        desk.commit("Drafts")
        return desk

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A desk at the default level."""
    return make_desk()


@pytest.fixture
def approved(desk: Desk) -> Desk:
    """The first article and the edition are approved and committed."""
    desk.approve("wabash-tools", "--edition", trial.DAY.isoformat())
    desk.commit("Approve")
    return desk
