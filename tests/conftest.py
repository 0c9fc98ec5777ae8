"""What every test gets: no network but loopback, its own HOME and git identity, a clean environment."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from briefing import config, edition, sample
from briefing.project import Project
from briefing.store import Store

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
HOSTILE = ROOT.parent / "shared" / "hostile"
_connect = socket.socket.connect


class NetworkUsed(AssertionError):
    """A test tried to leave the machine."""


def _guarded(self: socket.socket, address: Any) -> Any:
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in {"127.0.0.1", "::1"}:
        raise NetworkUsed(f"a test dialled {address!r}; only loopback is allowed")
    return _connect(self, address)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing leaves the machine and nothing of the machine's own settings gets in."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("BRIEFING_", "GIT_", "OPENAI", "ANTHROPIC")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Dana Whitlock")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "dana@brief.example.org")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Dana Whitlock")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "dana@brief.example.org")
    monkeypatch.setattr(socket.socket, "connect", _guarded)
    yield


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., str]:
    """Run git in `tmp_path` (or `cwd=`) and get its output; fails the test where git fails."""

    def run(*args: str, cwd: Path | None = None) -> str:
        done = subprocess.run(["git", *args], cwd=cwd or tmp_path, check=True, capture_output=True, text=True, encoding="utf-8")
        return done.stdout

    return run


@pytest.fixture
def corpus() -> Path:
    """The measuring corpus; the test is skipped where it is absent."""
    if not CORPUS.is_dir():
        pytest.skip("the measuring corpus is not beside this checkout")
    return CORPUS


@pytest.fixture
def hostile() -> Path:
    """The hostile inputs; the test is skipped where they are absent."""
    if not HOSTILE.is_dir():
        pytest.skip("the hostile inputs are not beside this checkout")
    return HOSTILE


def hostile_module(folder: Path) -> Any:
    """The server's module, loaded once; its bomb is packed once, which takes half a second."""
    if "hostile_server" not in sys.modules:
        spec = importlib.util.spec_from_file_location("hostile_server", folder / "server.py")
        assert spec is not None
        assert spec.loader is not None
        module: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        bomb = module._bomb()
        module._bomb = lambda: bomb
        sys.modules["hostile_server"] = module
    return sys.modules["hostile_server"]


@pytest.fixture
def server(hostile: Path) -> Iterator[Any]:
    """The hostile server, running."""
    running = hostile_module(hostile).Hostile()
    running.thread = threading.Thread(target=running.server.serve_forever, args=(0.02,), daemon=True)  # its own polls twice a second
    with running:
        yield running


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose store holds the sample's first week, pages read: tests that draft work on copies of it."""
    from briefing.collect.pages import read_pages
    from briefing.collect.run import collect

    first_edition = date(2026, 11, 17)
    before, evening = datetime(2026, 11, 9, 22, tzinfo=UTC), datetime(2026, 11, 16, 22, tzinfo=UTC)
    project = Project(tmp_path_factory.mktemp("project"))
    shutil.copytree(ROOT / "playbook", project.playbook)
    shutil.copyfile(ROOT / "pelicanconf.py", project.settings)
    week = sample.load(ROOT / "sample")
    with sample.Server(week, as_of=before) as server:
        project.sources.write_text(sample.sources_yaml(server.port, week), encoding="utf-8")
        listed, settings = config.sources(project.sources)
        for moment in (before, evening):
            server.as_of = moment
            with Store.open(project.store, write=True, now=moment) as store:
                collect(listed, settings, store, moment, pauses=())
                if moment == evening:
                    start, end = edition.window(first_edition, config.publication(project.settings))
                    read_pages(store.items(start, end), listed, settings, store, moment, pauses=())
    return project
