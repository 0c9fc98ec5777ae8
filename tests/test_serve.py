"""A real server on loopback and real requests."""

from __future__ import annotations

import argparse
import io
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefing.commands import Context
from briefing.commands import serve as command
from briefing.console import Console
from briefing.errors import NothingApproved, UsageError
from briefing.preview import server
from briefing.project import Project

FILES = {
    "index.html": ("<h1>Home</h1>", "text/html; charset=utf-8"),
    "404.html": ("<h1>Not here</h1>", "text/html; charset=utf-8"),
    "feeds/all.atom.xml": ("<feed/>", "application/atom+xml; charset=utf-8"),
    "email/feed.xml": ("<rss/>", "application/xml; charset=utf-8"),
    "email/next.json": ("{}", "application/json; charset=utf-8"),
    "deadlines.ics": ("BEGIN:VCALENDAR", "text/calendar; charset=utf-8"),
    "theme/site.css": ("p{}", "text/css; charset=utf-8"),
    "theme/a.woff2": ("x", "font/woff2"),
    "editions/24/index.html": ("<h1>24</h1>", "text/html; charset=utf-8"),
    "odd.bin": ("x", "application/octet-stream"),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, (text, _) in FILES.items():
        path = tmp_path / "output" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("not yours", encoding="utf-8")
    (tmp_path / "output" / "out-link").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "output" / ".hidden").write_text("not yours", encoding="utf-8")
    return tmp_path / "output"


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with server(site, 0) as serving:
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{serving.server_address[1]}"
        serving.shutdown()
        thread.join()


def ask(url: str, method: str = "GET") -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method)) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()


@pytest.mark.parametrize("name", FILES)
def test_each_kind_of_file_has_its_type(address: str, name: str) -> None:
    assert ask(f"{address}/{name}") == (200, FILES[name][1], FILES[name][0])


def test_a_folder_is_its_index_page(address: str) -> None:
    assert ask(f"{address}/")[2] == "<h1>Home</h1>"
    assert ask(f"{address}/editions/24/")[2] == "<h1>24</h1>"
    assert ask(f"{address}/editions/24")[2] == "<h1>24</h1>", "a missing slash redirects"


@pytest.mark.parametrize("path", ["/nothing", "/feeds/", "/feeds", "/out-link", "/.hidden", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"])
def test_what_is_no_page_is_the_404_page_with_its_status(address: str, path: str) -> None:
    assert ask(address + path) == (404, "text/html; charset=utf-8", "<h1>Not here</h1>")


def test_head_has_no_body(address: str) -> None:
    assert ask(f"{address}/odd.bin", "HEAD") == (200, "application/octet-stream", "")
    assert ask(f"{address}/nothing", "HEAD")[0] == 404


def test_without_a_404_page_a_plain_line_is_sent(site: Path, address: str) -> None:
    (site / "404.html").unlink()
    assert ask(f"{address}/nothing") == (404, "text/plain; charset=utf-8", "Not found.\n")


def context(root: Path) -> Context:
    return Context(Project(root), datetime(2026, 11, 24, 12, tzinfo=UTC), Console(io.StringIO(), io.StringIO()))


def test_a_port_in_use_is_one_line_and_code_2(site: Path, address: str) -> None:
    port = int(address.rpartition(":")[2])
    with pytest.raises(UsageError, match=f"port {port} cannot be used .*--port"):
        command.run(argparse.Namespace(port=port), context(site.parent))


def test_an_impossible_port_is_refused(site: Path) -> None:
    with pytest.raises(UsageError, match="--port 99999 is no port"):
        command.run(argparse.Namespace(port=99999), context(site.parent))


def test_before_the_first_build_the_next_step_is_named(tmp_path: Path) -> None:
    with pytest.raises(NothingApproved, match="output: holds no site yet; run `briefing build`"):
        command.run(argparse.Namespace(port=0), context(tmp_path))


def test_ctrl_c_ends_it_with_0_and_without_a_traceback(site: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from briefing.console import Console; from briefing.commands.serve import serve;"
        f"serve(Path({str(site)!r}), 0, Console())"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ})
    try:
        assert child.stdout is not None
        address = child.stdout.readline().strip()
        assert ask(f"{address}/")[0] == 200
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=20)
    finally:
        if child.poll() is None:
            child.kill()
    assert child.returncode == 0
    assert err.splitlines() == ["Ctrl-C ends it", "ended"]
