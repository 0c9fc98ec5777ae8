"""An edition drafted with a language model behind real HTTP: what is written, what is recorded, and that a model that fails changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from briefing import article, cli, evidence, ledger
from briefing.project import Project
from briefing.store import Store

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 17)
EVENING = datetime(2026, 11, 16, 22, tzinfo=UTC)
KEY = "sk-example-0123456789"


class Model(BaseHTTPRequestHandler):
    """A service whose model repeats the first passages of each source, or does what `does` says."""

    does = "parrot"
    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append(request)
        if self.does == "fail":
            self.send_error(500)
            return
        content = json.dumps(self.answer(request))
        body = json.dumps({"choices": [{"message": {"content": content}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 3000, "completion_tokens": 400}})
        self.send_response(200)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    @staticmethod
    def answer(request: dict[str, Any]) -> dict[str, Any]:
        """A lead of the short sentences of the passages, and one invention."""
        if "sections" not in request["response_format"]["json_schema"]["schema"]["properties"]:
            return {"sentences": []}
        lines = [x.partition(": ") for x in request["messages"][1]["content"].splitlines() if x.startswith("s1.")]
        short = [{"text": text, "passages": [key]} for key, _, text in lines if 5 <= len(text.split()) <= 12 and "“" not in text]
        invented = {"text": "Analysts expect 9,941 firms to follow by 2031.", "passages": ["s1.1"]}
        nothing: dict[str, Any] = {"text": "", "passages": []}
        return {
            "headline": nothing, "dek": nothing, "happened": nothing, "lead": [invented, *short[:4]], "sections": [], "statistic": None, "faq": [],
        }  # fmt: skip

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def service() -> Iterator[tuple[str, type[Model]]]:
    model = type("Running", (Model,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), model)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1", model
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture(scope="module")
def plain(filled: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The edition drafted without a language model."""
    project = Project(tmp_path_factory.mktemp("plain") / "p")
    shutil.copytree(filled.root, project.root)
    with pytest.MonkeyPatch.context() as clean:
        for name in [n for n in os.environ if n.startswith("BRIEFING_MODEL")]:
            clean.delenv(name)
        assert run(project) == 0
    return project


@pytest.fixture
def project(filled: Project, tmp_path: Path) -> Project:
    shutil.copytree(filled.root, tmp_path / "p")
    return Project(tmp_path / "p")


def run(project: Project, *more: str) -> int:
    return cli.main(
        ["draft", "--project", str(project.root), "--now", EVENING.isoformat(), "--edition", DAY.isoformat(), "--articles", "1", "--no-pages", *more]
    )


def use(monkeypatch: pytest.MonkeyPatch, url: str, **more: str) -> None:
    settings = {"BRIEFING_MODEL_URL": url, "BRIEFING_MODEL": "small-1", "BRIEFING_MODEL_KEY": KEY, **more}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def content(project: Project) -> dict[str, bytes]:
    return {p.relative_to(project.root).as_posix(): p.read_bytes() for p in sorted(project.content.rglob("*")) if p.is_file()}


def test_an_edition_worded_by_a_model(
    project: Project, service: tuple[str, type[Model]], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    url, model = service
    use(monkeypatch, url)
    assert run(project) == 0
    shown = capfd.readouterr()
    books = [ledger.read(p.read_bytes(), p.name) for p in sorted(project.briefings.glob("*/*.evidence.json"))]
    worded = [b for b in books if b.drafted_by == "software with the language model small-1"]
    assert worded
    assert "the language model wrote" in shown.out + shown.err
    assert all(any("9,941" in line for line in b.left_out) for b in books)
    for book in books:
        one = article.parse(project.article(DAY, book.article).read_bytes(), book.article)
        assert b"9,941" not in article.write(one)
        assert one.status == "needs-review"
        assert set(book.snapshots) == {c.id for c in one.sources}
        with Store.open(project.store) as store:
            texts = {c.id: store.snapshot(c.snapshot) for c in one.sources}
        assert evidence.blocking(evidence.check(one, {k: t for k, t in texts.items() if t})) == ()
    calls = json.loads((project.var / "model" / "2026-11-17.json").read_text(encoding="utf-8"))["calls"]
    assert len(calls) == len(model.asked) >= 2
    assert {c["article"] for c in calls} == {b.article for b in books}
    for data in (*content(project).values(), shown.out.encode(), shown.err.encode(), json.dumps(calls).encode()):
        assert KEY.encode() not in data


def test_a_model_that_fails_leaves_the_edition_as_it_would_be_without(
    plain: Project, project: Project, service: tuple[str, type[Model]], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    url, model = service
    model.does = "fail"
    use(monkeypatch, url)
    monkeypatch.setattr("briefing.draft.provider.PAUSES", ())
    assert run(project) == 0
    assert content(project) == content(plain)
    assert ": drafted without the language model: server-error: 500: the service cannot answer now" in capfd.readouterr().out
    assert len(model.asked) == 1


def test_a_used_up_budget_is_said_and_drafts_go_on(
    plain: Project, project: Project, service: tuple[str, type[Model]], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    url, model = service
    use(monkeypatch, url, BRIEFING_MODEL_TOKENS="500")
    assert run(project) == 0
    assert model.asked == []
    assert "0 of 500 tokens are used for 2026-11-17" in capfd.readouterr().out
    assert content(project) == content(plain)


def test_wrong_settings_stop_before_anything_is_drafted(project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    use(monkeypatch, "http://api.example/v1")
    assert run(project) == 2
    assert "briefing: BRIEFING_MODEL_URL uses http to api.example, another machine; use https there" in capfd.readouterr().err
    assert not project.content.exists()


def test_without_settings_no_model_is_asked(plain: Project) -> None:
    assert len(list(plain.briefings.glob("*/*.md"))) == 1
    assert not (plain.var / "model").exists()
