"""The client against a real HTTP server on loopback that speaks each dialect, and misbehaves in every way we know."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from briefing import article
from briefing.draft import dialects, provider
from briefing.draft.provider import HttpProvider
from briefing.draft.request import REASONS, Request
from briefing.draft.settings import Dialect, ModelSettings
from briefing.errors import ModelUnavailable
from briefing.model import Snapshot

KEY = "sk-example-0123456789"
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
ASK = Request(prompt="write", system="Write.", user="<passages>\ns1.1: A fact.\n</passages>", schema=SCHEMA, tokens_out=50)
Reply = Callable[["_Handler"], None]


@dataclass
class Service:
    """A model service: plays its replies in turn, the last one for ever, and keeps what it was sent."""

    url: str
    replies: list[Reply]
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def do_POST(self) -> None:
        service = self.service
        service.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        service.headers.append({k.lower(): v for k, v in self.headers.items()})
        service.paths.append(self.path)
        reply = service.replies.pop(0) if len(service.replies) > 1 else service.replies[0]
        reply(self)

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    running: list[tuple[ThreadingHTTPServer, threading.Thread, Service]] = []

    def start(*replies: Reply) -> Service:
        handler = type("Handler", (_Handler,), {})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        service = Service(f"http://127.0.0.1:{server.server_port}/v1", list(replies))
        handler.service = service  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        running.append((server, thread, service))
        return service

    yield start
    for server, thread, service in running:
        service.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def says(status: int, data: object, **headers: str) -> Reply:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return lambda handler: handler.send(status, body, **headers)


def chat(content: str | None, *, finish: str = "stop", refusal: str | None = None) -> Reply:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return says(
        200, {"id": "x", "choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": {"prompt_tokens": 12, "completion_tokens": 5}}
    )


def messages(content: list[dict[str, Any]], stop: str = "tool_use") -> Reply:
    return says(200, {"type": "message", "content": content, "stop_reason": stop, "usage": {"input_tokens": 21, "output_tokens": 7}})


def settings(service: Service, dialect: Dialect = "openai", **more: Any) -> ModelSettings:
    path = "/messages" if dialect == "anthropic" else "/chat/completions"
    return ModelSettings(url=service.url + path, name="small-1", dialect=dialect, key=SecretStr(KEY), **more)


def client(service: Service, dialect: Dialect = "openai", **more: Any) -> HttpProvider:
    return HttpProvider(settings(service, dialect, **more), pauses=(0.0, 0.0))


def refused(service: Service, **more: Any) -> ModelUnavailable:
    with pytest.raises(ModelUnavailable) as caught:
        client(service, **more).complete(ASK)
    assert caught.value.reason in REASONS
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


# ----------------------------------------------------------------- dialects


def test_an_openai_service_is_asked_for_a_strict_schema(serve: Callable[..., Service]) -> None:
    service = serve(chat('{"a": "b"}'))
    answer = client(service).complete(ASK)
    assert (answer.text, answer.tokens_in, answer.tokens_out) == ('{"a": "b"}', 12, 5)
    assert service.paths == ["/v1/chat/completions"]
    assert service.headers[0]["authorization"] == f"Bearer {KEY}"
    assert service.asked == [
        {
            "model": "small-1",
            "messages": [{"role": "system", "content": "Write."}, {"role": "user", "content": ASK.user}],
            "max_completion_tokens": 50,
            "response_format": {"type": "json_schema", "json_schema": {"name": "briefing", "strict": True, "schema": SCHEMA}},
        }
    ]


def test_a_llamacpp_service_gets_the_schema_in_its_own_place(serve: Callable[..., Service]) -> None:
    service = serve(chat('{"a": "b"}'))
    client(service, "llamacpp").complete(ASK)
    assert service.asked[0]["response_format"] == {"type": "json_object", "schema": SCHEMA}
    assert service.asked[0]["max_tokens"] == 50
    assert service.asked[0]["temperature"] == 0.0


def test_an_anthropic_service_answers_with_its_one_tool(serve: Callable[..., Service]) -> None:
    service = serve(messages([{"type": "text", "text": "Here."}, {"type": "tool_use", "id": "t", "name": "briefing", "input": {"a": "b"}}]))
    answer = client(service, "anthropic").complete(ASK)
    assert (json.loads(answer.text), answer.tokens_in, answer.tokens_out) == ({"a": "b"}, 21, 7)
    assert service.paths == ["/v1/messages"]
    assert service.headers[0]["x-api-key"] == KEY
    assert service.headers[0]["anthropic-version"] == "2023-06-01"
    assert "authorization" not in service.headers[0]
    asked = service.asked[0]
    assert (asked["system"], asked["tool_choice"]) == ("Write.", {"type": "tool", "name": "briefing"})
    assert asked["tools"][0]["input_schema"] == SCHEMA


def test_a_service_that_knows_only_the_older_limit_is_asked_again_at_once(serve: Callable[..., Service]) -> None:
    service = serve(says(400, {"error": {"message": "Unrecognized request argument: max_completion_tokens"}}), chat('{"a": "b"}'))
    asker = client(service)
    asker.complete(ASK)
    asker.complete(ASK)
    assert ["max_tokens" in a for a in service.asked] == [False, True, True]


def test_tokens_a_service_does_not_count_are_estimated(serve: Callable[..., Service]) -> None:
    service = serve(says(200, {"choices": [{"message": {"content": '{"a": "bcdefg"}'}, "finish_reason": "stop"}]}))
    answer = client(service).complete(ASK)
    assert answer.tokens_in == ASK.tokens_in
    assert answer.tokens_out == 6


def test_without_a_key_no_header_is_sent(serve: Callable[..., Service]) -> None:
    service = serve(chat("{}"))
    HttpProvider(ModelSettings(url=service.url + "/chat/completions", name="small-1")).complete(ASK)
    assert "authorization" not in service.headers[0]
    assert "cookie" not in service.headers[0]


# ---------------------------------------------------------- hostile services


def test_a_slow_service_is_given_up_at_the_total_deadline(serve: Callable[..., Service]) -> None:
    service = serve(lambda handler: service.over.wait(20))  # type: ignore[arg-type, return-value]
    assert refused(service, seconds=0.15).reason == "timeout"


def test_a_service_that_drips_is_given_up_at_the_total_deadline(serve: Callable[..., Service]) -> None:
    def drip(handler: _Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not service.over.wait(0.02):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    service = serve(drip)
    assert refused(service, seconds=0.2).reason == "timeout"


def test_a_huge_answer_is_cut_off_at_the_cap(serve: Callable[..., Service]) -> None:
    service = serve(chat("x" * 200_000))
    with pytest.raises(ModelUnavailable) as caught:
        HttpProvider(settings(service), max_bytes=50_000).complete(ASK)
    assert caught.value.reason == "too-large"
    assert "50,000" in str(caught.value)


def test_an_answer_that_ends_half_way_is_named(serve: Callable[..., Service]) -> None:
    def half(handler: _Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "500")
        handler.end_headers()
        handler.wfile.write(b'{"choices": [')

    assert refused(serve(half)).reason == "cut-off"


@pytest.mark.parametrize(
    ("reply", "reason", "said"),
    [
        (says(200, b"<html>no</html>"), "bad-answer", "check BRIEFING_MODEL_DIALECT"),
        (says(200, b'{"choices": [{"mess'), "bad-answer", "the whole: json_invalid"),
        (says(200, {"choices": []}), "bad-answer", "choices"),
        (says(200, {"content": [], "stop_reason": "end_turn"}), "bad-answer", "check BRIEFING_MODEL_DIALECT"),
        (says(200, b"[" * 100_000), "bad-answer", "the whole"),
        (chat(""), "bad-answer", "empty"),
        (chat(None, refusal="I can't help with that."), "refused", "declined"),
        (chat("{}", finish="content_filter"), "refused", "declined"),
        (chat('{"a": "b', finish="length"), "cut-off", "50 tokens"),
        (says(401, {"error": {"message": f"Incorrect API key: {KEY}"}}), "blocked", "check BRIEFING_MODEL_KEY"),
        (says(403, b""), "blocked", "403"),
        (says(404, {"error": {"message": "no model small-1"}}), "not-found", "no model small-1"),
        (says(400, {"error": "schema too deep"}), "status", "schema too deep"),
        (says(307, b"", Location="https://elsewhere.example/"), "moved", "not followed"),
        (says(429, b"", Retry_After="3600"), "wait", "429"),
        (says(429, b"", Retry_After="Tue, 24 Nov 2026 07:00:00 GMT"), "wait", "429"),
        (says(200, b"\x1f\x8b", Content_Encoding="gzip"), "bad-answer", "packed as gzip"),
    ],
)
def test_what_a_service_does_wrong_has_its_reason(serve: Callable[..., Service], reply: Reply, reason: str, said: str) -> None:
    error = refused(serve(reply))
    assert error.reason == reason
    assert said in str(error)


def test_an_anthropic_refusal_or_cut_is_no_answer(serve: Callable[..., Service]) -> None:
    assert refused(serve(messages([], "refusal")), dialect="anthropic").reason == "refused"
    assert refused(serve(messages([], "max_tokens")), dialect="anthropic").reason == "cut-off"
    assert refused(serve(messages([{"type": "text", "text": "{}"}], "end_turn")), dialect="anthropic").reason == "bad-answer"
    other = {"type": "tool_use", "id": "t", "name": "publish", "input": {}}
    assert refused(serve(messages([other])), dialect="anthropic").reason == "bad-answer"


def test_a_service_that_fails_for_now_is_asked_again_within_bounds(serve: Callable[..., Service]) -> None:
    service = serve(says(529, b""), says(429, b"", Retry_After="0"), chat('{"a": "b"}'))
    assert client(service).complete(ASK).text == '{"a": "b"}'
    assert len(service.asked) == 3
    down = serve(says(500, b""))
    assert refused(down).reason == "server-error"
    assert len(down.asked) == 3


def test_nobody_there_is_unreachable(serve: Callable[..., Service]) -> None:
    gone = Service("http://127.0.0.1:9/v1", [])
    assert refused(gone).reason == "unreachable"


def test_a_redirect_never_takes_the_key_along(serve: Callable[..., Service]) -> None:
    other = serve(chat("{}"))
    service = serve(says(302, b"", Location=other.url))
    assert refused(service).reason == "moved"
    assert other.asked == []


# ------------------------------------------------------------------- borders


def _errors(base: type[BaseException]) -> list[type[BaseException]]:
    return [base, *(e for child in base.__subclasses__() for e in _errors(child))]


@pytest.mark.parametrize("kind", sorted({*_errors(aiohttp.ClientError), TimeoutError, OSError, ConnectionResetError, ValueError}, key=lambda k: k.__name__))
def test_every_error_of_the_library_becomes_ours(kind: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise kind.__new__(kind)

    monkeypatch.setattr(HttpProvider, "_repeat", broken)
    with pytest.raises(ModelUnavailable) as caught:
        HttpProvider(ModelSettings(url="http://127.0.0.1:9/v1/chat/completions", name="x")).complete(ASK)
    assert caught.value.reason in REASONS


def test_no_test_can_reach_a_paid_model() -> None:
    """The suite's guard stands between every test and the world: a service elsewhere is not dialled."""
    with pytest.raises(AssertionError, match="only loopback is allowed"):
        HttpProvider(ModelSettings(url="https://192.0.2.10/v1/chat/completions", name="x", seconds=5.0)).complete(ASK)


def test_the_key_shows_nowhere() -> None:
    held = ModelSettings(url="https://api.example/v1", name="x", key=SecretStr(KEY), price_in=Decimal(1))
    assert KEY not in repr(held)
    assert KEY not in str(held)
    assert KEY not in f"{held.key}"
    body = json.dumps({"error": {"message": f"bad key {KEY} given"}}).encode()
    assert dialects.complaint(body, (KEY,)) == "bad key ••• given"
    assert KEY not in str(vars(provider.HttpProvider(held)))


def test_a_draft_is_worded_over_http_within_its_budget(serve: Callable[..., Service], tmp_path: Path) -> None:
    """The whole way: settings, service, budget, sentences judged, and what the ledger says."""
    data = Path(__file__).parent / "data"
    base = article.parse((data / "insurer-ai-register.md").read_bytes())
    read = datetime(2026, 11, 20, tzinfo=UTC)
    story = json.loads((data / "replies" / "story.json").read_text(encoding="utf-8"))
    texts = {k: Snapshot(hash=f"sha256:{'0' * 64}", item="0" * 16, url=f"https://{k}.example/", text=v, read=read, origin="page") for k, v in story.items()}
    base = replace(base, sources=tuple(replace(s, snapshot=texts[s.id].hash) for s in base.sources))
    good = (data / "replies" / "good.json").read_text(encoding="utf-8")
    path = tmp_path / "model" / "2026-11-24.json"
    word = provider.rewriter(settings(serve(chat(good))), path, "var/model/2026-11-24.json", base.edition, read)
    drafted = word(base, texts)
    assert drafted.kept == 25
    assert drafted.drafted_by == "software with the language model small-1"
    kept = json.loads(path.read_text(encoding="utf-8"))["calls"]
    assert [(c["article"], c["prompt"], c["outcome"], c["tokens_in"]) for c in kept] == [("insurer-ai-register", "write", "answered", 12)]
    away = provider.rewriter(settings(serve(chat(None, refusal="No."))), path, "x", base.edition, read)(base, texts)
    assert away.article is base
    assert away.drafted_by == "software, without a language model"
