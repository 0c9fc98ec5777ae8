"""The files to copy for a Git host: they parse, ask for no right they do not need, and their steps do in a real repository what they say."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from briefing import cli, trial, yamlfile
from briefing.project import Project

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "github"
NAMES = ("check.yml", "drafts.yml", "publish.yml")

#: Every right a job may have, and why; nothing else.
RIGHTS = {
    ("drafts.yml", "collect"): {"contents": "write", "pull-requests": "write"},  # pushes a branch, opens its pull request
    ("check.yml", "check"): {"contents": "read"},
    ("publish.yml", "build"): {"contents": "read"},
    ("publish.yml", "deploy"): {"pages": "write", "id-token": "write"},  # what the host's pages ask for
    ("publish.yml", "complete"): {},
}


def workflow(name: str) -> dict[str, Any]:
    data, _ = yamlfile.load((FOLDER / name).read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def steps(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for job, said in workflow(name)["jobs"].items():
        for step in said["steps"]:
            yield job, step


def scripts(name: str) -> dict[str, str]:
    return {step["name"]: step["run"] for _, step in steps(name) if "run" in step}


def test_there_are_these_and_docs_name_each() -> None:
    assert {p.name for p in FOLDER.iterdir()} == {*NAMES, "CODEOWNERS"}
    page = (FOLDER.parent / "github.md").read_text(encoding="utf-8")
    for name in (*NAMES, "CODEOWNERS"):
        assert f"docs/github/{name}" in page


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_has_no_right_that_it_does_not_need(name: str) -> None:
    said = workflow(name)
    assert said["permissions"] == {}, "nothing is given to all jobs"
    assert {(name, job): body["permissions"] for job, body in said["jobs"].items()} == {k: v for k, v in RIGHTS.items() if k[0] == name}
    assert all(body["timeout-minutes"] <= 30 for body in said["jobs"].values())


@pytest.mark.parametrize("name", NAMES)
def test_every_action_is_named_by_a_whole_version_and_is_the_hosts_own(name: str) -> None:
    used = [step["uses"] for _, step in steps(name) if "uses" in step]
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+(?:/[a-z]+)?@v\d+\.\d+\.\d+", action), action


@pytest.mark.parametrize("name", NAMES)
def test_no_script_is_put_together_from_what_someone_else_wrote(name: str) -> None:
    """An expression inside a script is pasted before the shell reads it: a title or a branch name becomes a command."""
    for title, script in scripts(name).items():
        assert "${{" not in script, title
        done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)
        assert done.returncode == 0, (title, done.stderr)
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert not re.search(r"github\.(head_ref|event\.(pull_request|issue|comment|commits|head_commit))", text)


@pytest.mark.parametrize("name", NAMES)
def test_a_checkout_leaves_no_token_behind_and_has_the_whole_history(name: str) -> None:
    found = [step["with"] for _, step in steps(name) if step.get("uses", "").startswith("actions/checkout@")]
    assert [(w["persist-credentials"], w["fetch-depth"]) for w in found] == [(False, 0)]


def test_who_can_start_what() -> None:
    assert workflow("check.yml")["on"] == {"pull_request": None}
    assert "pull_request_target" not in str([workflow(n)["on"] for n in NAMES])
    assert workflow("publish.yml")["on"]["push"] == {"branches": ["main"]}
    assert "pull_request" not in workflow("publish.yml")["on"]
    assert "secrets." not in "".join((FOLDER / n).read_text(encoding="utf-8") for n in NAMES)
    assert workflow("publish.yml")["jobs"]["build"]["environment"] == "publication"


@pytest.mark.parametrize("name", NAMES)
def test_every_command_in_them_exists_with_these_options(name: str) -> None:
    parser, found = cli._parser(), 0
    for script in scripts(name).values():
        for call in re.findall(r"(?:^|[ (])briefing ([a-z][^|>\n)]*)", script, re.MULTILINE):
            words = shlex.split(call.replace('"$edition"', "2026-11-24").replace("||", "#"), comments=True)
            parser.parse_args(words)
            found += 1
    assert found


def test_every_path_with_an_owner_is_a_path_of_a_project() -> None:
    made_later = {"/approvals/", "/allowed_signers", "/revoked_keys", "/.github/"}
    lines = [line.split() for line in (FOLDER / "CODEOWNERS").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines[0][0] == "*", "whatever is not named has an owner"
    for path, *owners in lines[1:]:
        assert path in made_later or (ROOT / path.strip("/")).exists(), path
        assert len(owners) == 1


# ------------------------------------------------------- the steps, really run


class Runner:
    """What a host's runner gives a step: its own folder, files to write to, variables."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.temp = root, folder / "runner"
        self.temp.mkdir()
        tools = folder / "tools"
        tools.mkdir()
        (tools / "briefing").write_text(
            f'#!/bin/sh\nexec "{sys.executable}" -c "import sys; from briefing.cli import main; sys.exit(main(sys.argv[1:]))" "$@"\n'
        )
        (tools / "gh").write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> "{self.temp}/gh"\n[ "$2" != view ]\n')
        (tools / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        for tool in tools.iterdir():
            tool.chmod(0o755)
        self.env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "RUNNER_TEMP": str(self.temp), "BRIEFING_NOW": trial.NOW.isoformat()}
        self.env |= {name: str(self.temp / name) for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}

    def run(self, script: str, **more: str) -> int:
        """The exit code of a step; what it wrote to GITHUB_ENV counts from then on."""
        done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=self.root, env={**self.env, **more}, check=False)
        if (self.temp / "GITHUB_ENV").exists():
            self.env |= dict(line.split("=", 1) for line in (self.temp / "GITHUB_ENV").read_text(encoding="utf-8").splitlines())
        return done.returncode

    def wrote(self, name: str) -> str:
        path = self.temp / name
        return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.fixture
def repository(tmp_path: Path, git: Callable[..., str]) -> tuple[Project, Runner]:
    """Main has an approved article and edition and one draft; `origin` is beside it."""
    project = trial.make_project(tmp_path / "desk")
    for article_id in ("wabash-tools", "monon-tools"):
        trial.add_article(project, trial.make_article(article_id))
    trial.add_edition(project, ["wabash-tools"])
    shutil.copytree(ROOT / "themes", project.root / "themes")
    git("init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "origin.git"))
    git("init", "--quiet", "--initial-branch=main", cwd=project.root)
    git("remote", "add", "origin", str(tmp_path / "origin.git"), cwd=project.root)
    runner = Runner(project.root, tmp_path)
    assert runner.run(f"briefing approve wabash-tools --edition {trial.DAY.isoformat()} --yes --as '{trial.EDITOR}'") == 0
    git("add", "--all", cwd=project.root)
    git("commit", "--quiet", "--message", "Work", cwd=project.root)
    git("push", "--quiet", "origin", "main", cwd=project.root)
    return project, runner


def test_the_check_reports_and_takes_the_lists_from_the_base_branch(repository: tuple[Project, Runner], git: Callable[..., str]) -> None:
    project, runner = repository
    script = scripts("check.yml")
    git("switch", "--quiet", "--create", "work", cwd=project.root)
    project.editors.write_text("Sam Reyes <sam@brief.example.org>\n", encoding="utf-8")
    assert runner.run(script["Lists from the branch it wants to go into"], GITHUB_BASE_REF="main") == 0
    runner.env["BRIEFING_MIN_LEVEL"] = "1"
    assert runner.run(script["Report"]) == 0
    assert runner.wrote("GITHUB_STEP_SUMMARY").startswith("## Review of the edition of 2026-11-24")
    assert runner.run(script["Records to add"], EDITOR_NAME=trial.EDITOR) == 0
    summary = runner.wrote("GITHUB_STEP_SUMMARY")
    assert "In content/briefings/2026-11-24/monon-tools.md, set the line: status: approved" in summary
    assert "article: monon-tools\n" in summary
    assert "wabash" not in summary.partition("### Records to add")[2], "it is approved already"
    assert runner.run(script["Check"]) == 0
    assert runner.run(script["Build"]) == 0, "Dana is in main's list, whatever this branch says"
    assert runner.run(f"briefing approve monon-tools --yes --as '{trial.EDITOR}'", BRIEFING_EDITORS=str(project.editors)) == 5
    path = project.article(trial.DAY, "wabash-tools")
    path.write_bytes(path.read_bytes().replace(b"one line per tool", b"a line per tool"))
    assert runner.run(script["Build"]) != 0, "an approved article that was changed makes it red"
    assert runner.run(script["Build"], BRIEFING_MIN_LEVEL="") != 0, "a variable that does not exist"


def test_publishing_goes_on_without_what_was_refused_and_ends_red(repository: tuple[Project, Runner]) -> None:
    project, runner = repository
    script = scripts("publish.yml")
    lists = {"EDITORS": project.editors.read_text(encoding="utf-8"), "SIGNERS": ""}
    assert runner.run(script["Lists from outside the branch"], **lists) == 0
    runner.env["BRIEFING_MIN_LEVEL"] = "2"
    assert runner.run(script["Build"]) == 0
    assert "code=0" in runner.wrote("GITHUB_OUTPUT")
    assert (project.output / "2026/11/wabash-tools/index.html").is_file()
    assert runner.run(script["Was anything left out?"], CODE="0") == 0
    project.editors.write_text("Sam Reyes <sam@brief.example.org>\n", encoding="utf-8")
    assert runner.run(script["Lists from outside the branch"], EDITORS="", SIGNERS="") == 0
    assert runner.run(script["Build"]) == 0, "the site that was built is safe"
    assert runner.wrote("GITHUB_OUTPUT").splitlines()[-1] == "code=5", "an empty list approves nothing"
    assert not (project.output / "2026/11/wabash-tools/index.html").exists()
    assert runner.run(script["Was anything left out?"], CODE="5") == 5
    assert runner.run(script["Build"], BRIEFING_MIN_LEVEL="") == 2


def test_drafts_go_to_a_branch_and_what_editors_did_there_stays(filled: Project, tmp_path: Path, git: Callable[..., str]) -> None:
    root = tmp_path / "desk"
    shutil.copytree(filled.root, root)
    (root / ".gitignore").write_text("var/\noutput/\n", encoding="utf-8")
    git("init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "origin.git"))
    git("init", "--quiet", "--initial-branch=main", cwd=root)
    git("remote", "add", "origin", str(tmp_path / "origin.git"), cwd=root)
    git("add", "--all", cwd=root)
    git("commit", "--quiet", "--message", "Work", cwd=root)
    git("push", "--quiet", "origin", "main", cwd=root)
    runner = Runner(root, tmp_path)
    runner.env["BRIEFING_NOW"] = "2026-11-16T22:00:00+00:00"
    draft = scripts("drafts.yml")["Draft"]
    assert runner.run(draft) == 0
    assert git("log", "-1", "--format=%s", "drafts/2026-11-17", cwd=tmp_path / "origin.git").strip() == "Drafts for 2026-11-17"
    assert "pr create --base main --head drafts/2026-11-17 --title Drafts for 2026-11-17" in runner.wrote("gh")
    assert "Review of the edition of 2026-11-17" in runner.wrote("report.md")
    edition = root / "content/editions/2026-11-17.yaml"
    edition.write_text(re.sub(r"(?m)^subject: .*$", 'subject: "The editor wrote this"', edition.read_text(encoding="utf-8")), encoding="utf-8")
    git("commit", "--quiet", "--all", "--message", "Edit", cwd=root)
    git("push", "--quiet", "origin", "drafts/2026-11-17", cwd=root)
    git("switch", "--quiet", "main", cwd=root)
    git("branch", "--quiet", "-D", "drafts/2026-11-17", cwd=root)
    assert runner.run(draft) == 0
    assert "The editor wrote this" in git("show", "drafts/2026-11-17:content/editions/2026-11-17.yaml", cwd=tmp_path / "origin.git")
