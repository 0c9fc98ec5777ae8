"""A run that dies at any instant loses nothing it has told of and needs no repair: real processes, really killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from briefing.store import Store

NOW = "2026-11-22T12:00:00+00:00"
ROOT = Path(__file__).resolve().parent.parent
SOURCES = 24


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A briefing's folder with two dozen feeds of five items each, served from loopback, none of them at once."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            return None

        def do_GET(self) -> None:
            time.sleep(0.02)
            name = (self.headers.get("Host") or "").partition(".")[0]
            items = "".join(f"<item><title>{name} {n}</title><guid>{n}</guid><link>https://{name}.c.example/{n}</link></item>" for n in range(5))
            body = f'<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    entries = "".join(f"  - {{id: s{n}, name: s{n}, url: 'https://s{n}.c.example/f', category: x, kind: rss, tier: trade}}\n" for n in range(SOURCES))
    connect = f"'*.c.example': '127.0.0.1:{server.server_address[1]}'"
    (tmp_path / "sources.yaml").write_text(f"collect: {{concurrency: 3, connect_to: {{{connect}}}}}\nsources:\n{entries}", encoding="utf-8")
    (tmp_path / "pelicanconf.py").write_bytes((ROOT / "pelicanconf.py").read_bytes())
    yield tmp_path
    server.shutdown()
    server.server_close()


def start(project: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "briefing.cli", "collect", "--project", str(project), "--now", NOW]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def told(process: subprocess.Popen[str], until: int) -> list[str]:
    """The sources the run says it has kept, read until there are so many or it ends."""
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        if line.startswith("collect "):
            lines.append(line.split()[2].rstrip(":"))
            if len(lines) >= until:
                break
    return lines


def kept(project: Path) -> dict[str, int]:
    with Store.open(project / "var" / "briefing.sqlite") as store:
        assert store.check() == ()
        return dict(store.counts())


def test_d01_d04_a_killed_run_keeps_what_it_told_and_the_next_goes_on(project: Path) -> None:
    chance = random.Random(20261122)
    said: set[str] = set()
    for _ in range(6):
        with start(project) as process:
            said |= set(told(process, chance.randint(0, SOURCES - 4)))
            time.sleep(chance.random() * 0.02)
            process.kill()
        if (project / "var" / "briefing.sqlite").is_file():
            assert said <= set(kept(project)), "something that was told is not there"
            assert set(kept(project).values()) <= {5}, "a source is there in part"
    with start(project) as process:
        assert process.stderr is not None
        process.stderr.read()
    assert process.returncode == 0
    assert kept(project) == {f"s{n}": 5 for n in range(SOURCES)}
    assert sorted(p.name for p in (project / "var").iterdir()) == ["briefing.sqlite", "briefing.sqlite.lock"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_d09_a_run_that_is_asked_to_stop_ends_cleanly(project: Path, how: signal.Signals) -> None:
    with start(project) as process:
        told(process, 3)
        process.send_signal(how)
        assert process.stderr is not None
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "Traceback" not in rest
    assert "stopped; what was finished is kept" in rest
    assert set(kept(project).values()) == {5}
    Store.open(project / "var" / "briefing.sqlite", write=True, now=datetime(2026, 11, 22, tzinfo=UTC)).close()


def test_d03_of_runs_started_together_one_works(project: Path) -> None:
    running = [start(project) for _ in range(3)]
    said = [p.communicate()[1] for p in running]
    codes = sorted(p.returncode for p in running)
    assert codes in ([0, 0, 0], [0, 0, 8], [0, 8, 8]), said
    assert codes[-1] == 8 or len(said[0]) > 0
    assert kept(project) == {f"s{n}": 5 for n in range(SOURCES)}
