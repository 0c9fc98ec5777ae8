"""run.py, the two commands a stranger starts with: what it says when something is missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*args: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **({"PATH": path} if path is not None else {})}
    return subprocess.run([sys.executable, str(ROOT / "run.py"), *args], capture_output=True, text=True, env=env, check=False, timeout=60)


def test_help_names_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    for name in ("demo", "test", "audit", "bench", "eval", "setup", "lock"):
        assert re.search(rf"^  {name}\b", done.stdout, re.MULTILINE)


def test_an_unknown_command_is_usage() -> None:
    done = run("dmeo")
    assert done.returncode == 2
    assert done.stderr.startswith("run.py: unknown command 'dmeo'.")


def test_missing_git_is_said_with_the_way_out(tmp_path: Path) -> None:
    done = run("test", path=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == "run.py: git is missing: editors approve in git. On Debian or Ubuntu: apt-get install git\n"


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_hold_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    pins = re.findall(r"^([A-Za-z0-9._-]+(?:\[[a-z,]+\])?)==[^ ]+(?: ;[^\\]*)? \\$", text, re.MULTILINE)
    assert len(pins) >= 60
    assert len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)) == len(pins), "a package without a hash"
    for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block, block[:80]


def test_the_development_lock_holds_the_same_versions() -> None:
    def pins(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    dev = pins("requirements-dev.lock")
    assert {n: dev.get(n) for n in pins("requirements.lock")} == pins("requirements.lock")
