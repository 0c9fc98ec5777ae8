from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import zlib
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from briefing.collect.fetch import REASONS, Answer, Fetcher, _mapped, retry_after
from briefing.config import CollectSettings
from briefing.errors import FetchError
from evals._fetching import tls


def get(url: str, *, pauses: tuple[float, ...] = (), headers: dict[str, str] | None = None, **settings: Any) -> Answer:
    async def one() -> Answer:
        async with Fetcher(CollectSettings(**{"allow_private": True, "deadline_s": 5, "max_bytes": 1_000_000, **settings}), pauses=pauses) as fetcher:
            return await fetcher.get(url, **(headers or {}))

    return asyncio.run(one())


def refused(url: str, **given: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(url, **given)
    assert caught.value.reason in REASONS
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("path", ["/slow-body", "/never"])
def test_f01_the_deadline_is_total(server: Any, path: str) -> None:
    error = refused(server.url(path), deadline_s=0.6)
    assert error.reason == "timeout"
    assert "0.6 s" in error.detail


def test_f02_f03_f04_the_size_limit_counts_what_is_unpacked(server: Any) -> None:
    for path in ("/endless", "/huge-declared", "/gzip-bomb"):
        assert refused(server.url(path)).reason == "too-large"
    assert "10,737,418,240" in refused(server.url("/huge-declared")).detail


def test_f05_hops_are_counted_and_the_chain_named(server: Any) -> None:
    assert get(server.url("/redirect-chain/4")).status == 200
    error = refused(server.url("/redirect-chain/9"))
    assert error.reason == "too-many-hops"
    assert "/redirect-chain/9 → " in error.detail
    assert refused(server.url("/redirect-loop"), max_hops=2).reason == "too-many-hops"


def test_f06_s04_a_redirect_into_a_private_network_is_never_dialled(server: Any) -> None:
    private = server.server.private
    error = refused("https://feed.test.example/redirect-private", allow_private=False, connect_to={"feed.test.example": private})
    assert error.reason == "private-address"
    assert len(server.hits) == 1


@pytest.mark.parametrize("path", ["/short-body", "/reset", "/close-at-once"])
def test_f07_half_an_answer_is_no_answer(server: Any, path: str) -> None:
    assert refused(server.url(path)).reason == "cut-off"


def test_f08_what_is_not_http_or_wrongly_packed(server: Any) -> None:
    assert refused(server.url("/not-http")).reason == "not-http"
    assert refused(server.url("/many-headers")).reason == "not-http"
    assert refused(server.url("/gzip-lie")).reason == "encoding"
    assert get(server.url("/deflate-raw")).body.startswith(b"<?xml")


def test_packed_answers_are_unpacked_whole_or_not_at_all(server: Any) -> None:
    body = b"x" * 300_000
    two = gzip.compress(body[:1000]) + gzip.compress(body[1000:])
    server.routes["/two"] = {"body": two, "headers": [("Content-Encoding", "gzip")]}
    server.routes["/zlib"] = {"body": zlib.compress(body), "headers": [("Content-Encoding", "deflate")]}
    server.routes["/cut"] = {"body": gzip.compress(bytes(range(256)) * 99)[:-20], "headers": [("Content-Encoding", "gzip")]}
    server.routes["/br"] = {"body": b"x", "headers": [("Content-Encoding", "br")]}
    assert get(server.url("/two")).body == body
    assert get(server.url("/zlib")).body == body
    assert refused(server.url("/cut")).reason == "cut-off"
    assert refused(server.url("/br")).reason == "encoding"
    assert server.hits[0][2]["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("status", "reason"), [(401, "blocked"), (403, "blocked"), (404, "not-found"), (410, "gone"), (418, "status"), (451, "blocked"), (500, "server-error")]
)
def test_f10_f11_each_refusal_has_its_word_and_is_asked_once(server: Any, status: int, reason: str) -> None:
    error = refused(server.url(f"/status/{status}"), pauses=(0.0,) if status < 500 else ())
    assert error.reason == reason
    assert str(status) in error.detail
    assert len(server.hits) == 1


def test_f12_the_wait_is_told(server: Any) -> None:
    error = refused(server.url("/retry-after/3600"), pauses=(0.0, 0.0))
    assert (error.reason, error.retry_after_s) == ("wait", 3600.0)
    assert len(server.hits) == 1


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ("120", 120.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("Fri, 20 Nov 2026 10:00:00 GMT", 3600.0),
        ("Fri, 20 Nov 2026 08:00:00 GMT", 0.0),
        ("9" * 30, 999_999_999.0),
    ],
)
def test_retry_after_is_a_number_or_a_date_counted_by_the_servers_own_clock(value: str, want: float | None) -> None:
    assert retry_after(value, "Fri, 20 Nov 2026 09:00:00 GMT") == want


def test_f13_validators_go_back_exactly_as_they_came(server: Any) -> None:
    first = get(server.url("/etag"))
    assert (first.status, first.etag, first.last_modified) == (200, '"v1"', "Fri, 20 Nov 2026 09:00:00 GMT")
    second = get(server.url("/etag"), headers={"etag": first.etag, "last_modified": first.last_modified})
    assert (second.status, second.body) == (304, b"")
    sent = server.hits[1][2]
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"v1"', "Fri, 20 Nov 2026 09:00:00 GMT")


def test_f14_a_passing_failure_is_asked_again_within_limits(server: Any) -> None:
    assert get(server.url("/flaky"), pauses=(0.0, 0.0)).status == 200
    assert len(server.hits) == 3
    assert refused(server.url("/status/500"), pauses=(0.0, 0.0)).reason == "server-error"
    assert len(server.hits) == 6


def test_a_pause_that_does_not_fit_the_deadline_is_not_made(server: Any) -> None:
    assert refused(server.url("/status/500"), pauses=(60.0,), deadline_s=1).reason == "server-error"
    assert len(server.hits) == 1


def test_f15_only_a_chain_of_lasting_redirects_names_a_new_address(server: Any) -> None:
    assert get(server.url("/permanent")).moved_to == server.url("/ok")
    server.routes["/mixed"] = {"code": 302, "body": b"", "headers": [("Location", "/permanent")]}
    assert get(server.url("/mixed")).moved_to == ""
    assert get(server.url("/redirect-chain/0")).moved_to == ""


@pytest.mark.parametrize(("case", "want"), [("good", "200"), ("self-signed", "tls"), ("other name", "tls"), ("expired", "tls")])
def test_f16_a_certificate_that_cannot_be_trusted_is_refused(case: str, want: str, tmp_path: Path) -> None:
    """The authority is trusted but for the self-signed one: the others are refused for what they are."""
    assert tls(case, tmp_path) == want


def test_f17_no_connection_and_no_such_host(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert refused(f"http://127.0.0.1:{port}/").reason == "refused"

    def unknown(*args: Any, **kwargs: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refused("http://nowhere.example/").reason == "no-such-host"


def test_s01_no_address_of_the_list_is_ever_dialled(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dialled(*args: Any, **kwargs: Any) -> None:
        raise AssertionError(f"looked up or dialled {args}")

    monkeypatch.setattr(socket, "getaddrinfo", dialled)
    monkeypatch.setattr(socket.socket, "connect", dialled)
    listed = [x for x in (hostile / "addresses.txt").read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
    reasons = {x: refused(x, allow_private=False).reason for x in listed}
    assert set(reasons.values()) == {"bad-address", "private-address"}


@pytest.mark.parametrize("answer", [["127.0.0.1"], ["10.0.0.1"], ["::1"], ["93.184.216.34", "127.0.0.1"], ["93.184.216.34", "fd00::1"]])
def test_s02_one_private_address_spoils_a_lookup(answer: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, *a, **k: [_found(x, port) for x in answer])
    error = refused("http://news.example/feed", allow_private=False)
    assert error.reason == "private-address"
    assert "news.example leads to" in error.detail


def test_s03_the_address_that_was_checked_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups, dialled = [], []

    def changing(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        lookups.append(host)
        return [_found("93.184.216.34" if len(lookups) == 1 else "127.0.0.1", port)]

    async def connect(self: Any, sock: socket.socket, address: Any) -> None:
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    monkeypatch.setattr("asyncio.selector_events.BaseSelectorEventLoop.sock_connect", connect)
    assert refused("http://news.example/feed", allow_private=False).reason == "refused"
    assert (lookups, dialled) == (["news.example"], [("93.184.216.34", 80)])


def test_s06_proxies_and_netrc_are_not_looked_at(server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login dana password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    assert get(server.url("/ok")).status == 200
    assert "Authorization" not in server.hits[0][2]
    assert "Cookie" not in server.hits[0][2]


def test_the_demo_keeps_the_https_name_while_it_dials_loopback(server: Any) -> None:
    answer = get("https://news.sample.example/permanent?x=1", allow_private=False, connect_to={"*.sample.example": server.server.private})
    assert answer.url == "https://news.sample.example/ok"
    assert answer.moved_to == "https://news.sample.example/ok"
    assert [(h[1], h[2]["Host"]) for h in server.hits] == [("/permanent?x=1", "news.sample.example"), ("/ok", "news.sample.example")]


def test_one_request_per_host_at_a_time(server: Any) -> None:
    import time

    now, most, lock = [0], [0], threading.Lock()

    def slow(handler: Any, n: int) -> bytes:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.03)
        with lock:
            now[0] -= 1
        return b"ok"

    server.routes["/slow"] = slow

    async def many() -> None:
        settings = CollectSettings(allow_private=True, concurrency=8, connect_to={"*.t.example": server.server.private})
        async with Fetcher(settings) as fetcher:
            await asyncio.gather(*(fetcher.get("http://a.t.example/slow") for _ in range(4)))
            assert most[0] == 1
            await asyncio.gather(*(fetcher.get(f"http://{c}.t.example/slow") for c in "abcd"))
            assert most[0] > 1

    asyncio.run(many())


def _subclasses(cls: type[BaseException]) -> set[type[BaseException]]:
    return {cls} | {x for c in cls.__subclasses__() for x in _subclasses(c)}


def test_every_error_of_the_library_becomes_one_of_ours() -> None:
    """The classes are taken from the library, so that a new one in a later version is seen here."""
    known = [c for c in _subclasses(aiohttp.ClientError) if c.__module__.startswith("aiohttp")]
    assert len(known) >= 20
    for cls in known:
        error = cls.__new__(cls)
        assert _mapped(error, "news.example").reason in REASONS, cls.__name__  # type: ignore[arg-type]


def _found(address: str, port: int) -> Any:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, 6, "", (address, port, 0, 0) if ":" in address else (address, port))
