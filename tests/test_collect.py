from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from briefing.collect import run as running
from briefing.collect.fetch import REASONS
from briefing.collect.leads import is_lead
from briefing.collect.pages import read_pages
from briefing.collect.report import OUTCOMES, Report, SourceReport
from briefing.collect.run import address_of, collect
from briefing.config import CollectSettings
from briefing.model import Source
from briefing.store import Store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "briefing.sqlite", write=True, now=NOW) as opened:
        yield opened


def source(path: str, name: str = "one", **given: Any) -> Source:
    address = {"url": f"https://{name}.news.example{path}", "site": f"https://{name}.news.example/"}
    return Source(**{"id": name, "name": name.title(), "category": "x", "kind": "rss", "tier": "trade", **address, **given})


def run(server: Any, store: Store, *sources: Source, now: datetime = NOW, **settings: Any) -> Report:
    limits = {"deadline_s": 5, "max_bytes": 2_000_000, "connect_to": {"*.news.example": server.server.private}, **settings}
    return collect(sources, CollectSettings(**limits), store, now, pauses=())


def one(server: Any, store: Store, path: str, now: datetime = NOW, **settings: Any) -> SourceReport:
    return run(server, store, source(path), now=now, **settings).sources[0]


def rss(*titles: str, text: str = "Text.", date: str = "Fri, 20 Nov 2026 09:00:00 GMT") -> bytes:
    items = "".join(
        f"<item><title>{t}</title><guid>{t}</guid><link>https://one.news.example/{t}</link><pubDate>{date}</pubDate><description>{text}</description></item>"
        for t in titles
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()


def test_new_changed_unchanged_and_quiet_are_told_apart(server: Any, store: Store) -> None:
    server.routes["/f"] = rss("a", "b")
    assert (one(server, store, "/f").outcome, one(server, store, "/f").outcome) == ("new", "unchanged")
    server.routes["/f"] = rss("a", "b", text="Other words.")
    changed = one(server, store, "/f", NOW + DAY)
    assert (changed.outcome, changed.new, changed.changed) == ("changed", 0, 2)
    server.routes["/f"] = rss("a", "b", "c", text="Other words.")
    assert one(server, store, "/f", NOW + DAY).new == 1
    assert one(server, store, "/f", NOW + 90 * DAY).outcome == "unchanged"
    server.routes["/g"] = rss("old", date="Fri, 20 Mar 2026 09:00:00 GMT")
    quiet = run(server, store, source("/g", "two")).sources[0]
    assert (quiet.outcome, quiet.new, quiet.backlog) == ("quiet", 1, 1)
    assert quiet.fine


def test_progress_names_each_source_once(server: Any, store: Store) -> None:
    said: list[tuple[str, str]] = []
    settings = CollectSettings(connect_to={"*.news.example": server.server.private})
    collect([source("/ok", "a"), source("/status/404", "b")], settings, store, NOW, lambda name, outcome: said.append((name, outcome)), pauses=())
    assert sorted(said) == [("A", "new"), ("B", "broken (not-found)")]


def test_d09_a_run_that_is_stopped_while_it_writes_ends_when_that_is_written(server: Any, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    save = Store.save

    def stopped(self: Store, *brought: Any, now: datetime) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        sleep(0.05)  # the run has been told by now, and must not go on without us
        save(self, *brought, now=now)
        written.append(len(brought))

    monkeypatch.setattr(Store, "save", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(server, store, source("/ok", "a"), source("/etag", "b"))
    assert sum(written) >= 1
    assert len(store.states()) == sum(written)
    assert store.check() == ()


def test_few_entries_are_in_memory_at_a_time(server: Any, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "ENOUGH", 5)
    server.routes["/f"] = rss("a", "b", "c", "d")
    writes: list[list[int]] = []
    save = Store.save
    monkeypatch.setattr(Store, "save", lambda self, *brought, now: (writes.append([len(b.changes) for b in brought]), save(self, *brought, now=now))[1])
    assert run(server, store, *(source("/f", f"s{n}") for n in range(12))).new == 48
    assert sum(map(sum, writes)) == 48
    assert all(sum(write[:-1]) < 5 for write in writes)


def test_every_word_a_report_can_hold_is_explained(server: Any, store: Store) -> None:
    paths = ["/ok", "/status/403", "/status/404", "/status/410", "/retry-after/60", "/permanent", "/empty", "/gzip-lie"]
    report = run(server, store, *(source(p, f"s{n}") for n, p in enumerate(paths)))
    assert {s.outcome for s in report.sources} <= set(OUTCOMES)
    assert {s.reason for s in report.sources} <= {"", *REASONS}


def test_f07_half_an_answer_changes_nothing_that_was_there(server: Any, store: Store) -> None:
    server.routes["/f"] = rss("a")
    assert one(server, store, "/f").new == 1
    server.routes["/f"] = lambda handler, n: handler.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + rss("a", "b"))
    broken = one(server, store, "/f", NOW + DAY)
    assert (broken.outcome, broken.reason, broken.last_good) == ("broken", "cut-off", NOW)
    assert [i.title for i in store.items(NOW, NOW + 9 * DAY)] == ["a"]


def test_f09_no_feed_is_never_an_empty_feed(server: Any, store: Store) -> None:
    for path, said in (("/html-instead", "(text/html) begins 'Please sign in.'"), ("/empty", "is empty"), ("/status/200", "begins 'no'")):
        report = run(server, store, source(path))
        assert report.sources[0].reason == "not-a-feed"
        assert said in report.sources[0].detail
        assert report.code == 9


def test_f10_a_source_that_is_gone_is_not_asked_until_its_address_changes(server: Any, store: Store) -> None:
    assert one(server, store, "/status/410").outcome == "gone"
    second = one(server, store, "/status/410", NOW + 30 * DAY)
    assert (second.outcome, second.fine, len(server.hits)) == ("gone", False, 1)
    assert "not asked again until its address changes" in second.detail
    assert one(server, store, "/ok", NOW + 31 * DAY).outcome == "new"


@pytest.mark.parametrize("path", ["/status/404", "/status/401", "/status/500"])
def test_f11_failures_are_counted_and_said_since_when(server: Any, store: Store, path: str) -> None:
    reports = [one(server, store, path, NOW + n * DAY) for n in range(3)]
    assert [r.failures for r in reports] == [1, 2, 3]
    assert "failing since" not in reports[1].detail
    assert "(failing since 2026-11-22, 3 times)" in reports[2].detail
    server.routes[path] = rss("a")
    assert one(server, store, path, NOW + 4 * DAY).failures == 0


@pytest.mark.parametrize("value", ["3600", "Sun,%2022%20Nov%202026%2013:00:00%20GMT"])
def test_f12_the_next_run_waits_too(server: Any, store: Store, value: str) -> None:
    server.server.RequestHandlerClass.date_time_string = lambda self, timestamp=None: "Sun, 22 Nov 2026 12:00:00 GMT"
    try:
        first = run(server, store, source(f"/retry-after/{value}"))
    finally:
        del server.server.RequestHandlerClass.date_time_string
    assert (first.sources[0].outcome, first.sources[0].reason, first.code) == ("blocked", "wait", 9)
    second = run(server, store, source(f"/retry-after/{value}"), now=NOW + timedelta(minutes=59))
    assert (second.sources[0].outcome, second.code, len(server.hits)) == ("waiting", 3, 1)
    assert "until 2026-11-22 13:00 UTC" in second.sources[0].detail
    run(server, store, source(f"/retry-after/{value}"), now=NOW + timedelta(minutes=61))
    assert len(server.hits) == 2


def test_t04_a_wait_of_years_is_cut_to_a_week(server: Any, store: Store) -> None:
    one(server, store, "/retry-after/999999999")
    assert one(server, store, "/retry-after/999999999", NOW + 6 * DAY).outcome == "waiting"
    one(server, store, "/retry-after/999999999", NOW + 7 * DAY)
    assert len(server.hits) == 2


def test_t04_a_clock_that_jumps_loses_nothing_and_is_told(server: Any, store: Store) -> None:
    server.routes["/f"] = rss("a")
    one(server, store, "/f", NOW + 365 * DAY)
    server.routes["/f"] = rss("a", "b")
    back = run(server, store, source("/f", interval_h=24))
    assert (back.sources[0].new, back.sources[0].changed) == (1, 0)
    assert "check the machine's clock" in back.warnings[0]
    assert len(store.items(NOW - DAY, NOW + 400 * DAY)) == 2


def test_f13_validators_are_kept_only_with_the_items_they_came_with(server: Any, store: Store) -> None:
    assert one(server, store, "/etag").new == 1
    assert one(server, store, "/etag", NOW + DAY).outcome == "unchanged"
    assert server.hits[1][2]["If-None-Match"] == '"v1"'
    assert store.states()["one"].last_good == NOW + DAY
    cut = rss("a", "b")[:-60]
    server.routes["/cut"] = {"body": cut, "headers": [("ETag", '"cut"')]}
    run(server, store, source("/cut", "two"))
    run(server, store, source("/cut", "two"), now=NOW + DAY)
    assert "If-None-Match" not in server.hits[3][2]


def test_a_changed_address_is_asked_without_the_old_validators(server: Any, store: Store) -> None:
    one(server, store, "/etag")
    one(server, store, "/etag?v=2")
    assert "If-None-Match" not in server.hits[1][2]


def test_f15_a_new_address_is_proposed_and_the_old_one_asked_again(server: Any, store: Store) -> None:
    first = run(server, store, source("/permanent"))
    assert first.sources[0].outcome == "moved"
    assert first.sources[0].detail == "moved for good to https://one.news.example/ok; put that address into sources.yaml"
    assert first.code == 0
    one(server, store, "/permanent", NOW + DAY)
    assert [h[1] for h in server.hits] == ["/permanent", "/ok", "/permanent", "/ok"]


def test_f17_nothing_read_at_all_is_9_and_changes_no_item(server: Any, store: Store) -> None:
    server.routes["/f"] = rss("a")
    one(server, store, "/f")
    server.routes["/f"] = {"code": 500, "body": b"no"}
    report = run(server, store, source("/f"), source("/close-at-once", "two"), now=NOW + DAY)
    assert report.code == 9
    assert [i.title for i in store.items(NOW, NOW + 9 * DAY)] == ["a"]


def test_f18_twenty_bad_sources_take_nothing_from_forty_good_ones(server: Any, store: Store) -> None:
    bad = "/slow-body /never /endless /huge-declared /gzip-bomb /redirect-loop /redirect-private /short-body /reset /close-at-once /not-http".split()  # noqa: SIM905
    bad += ["/many-headers", "/gzip-lie", "/html-instead", "/empty", "/status/410", "/status/404", "/status/500", "/retry-after/60", "/status/403"]
    for n in range(40):
        server.routes[f"/good/{n}"] = rss(f"a{n}", f"b{n}")
    sources = [source(f"/good/{n}", f"good{n}") for n in range(40)] + [source(p, f"bad{n}") for n, p in enumerate(bad)]
    started = monotonic()
    report = run(server, store, *sources, deadline_s=1.5, max_bytes=200_000, concurrency=16)
    assert monotonic() - started < 8
    assert [s.new for s in report.sources[:40]] == [2] * 40
    assert all(not s.fine and s.reason for s in report.sources[40:])
    assert (report.code, report.new, len(report.failed)) == (3, 80, 20)
    assert len(store.items(NOW, NOW + DAY)) == 80


def test_p03_a_cut_feed_keeps_its_whole_items_and_is_named(server: Any, store: Store, hostile: Path) -> None:
    server.routes["/f"] = (hostile / "feeds" / "cut-off.xml").read_bytes()
    report = run(server, store, source("/f"), source("/ok", "two"))
    assert (report.sources[0].outcome, report.sources[0].new, report.code) == ("flawed", 1, 3)
    assert [i.title for i in store.items(NOW, NOW + DAY) if i.source == "one"] == ["Whole"]


def test_an_interval_is_kept(server: Any, store: Store) -> None:
    slow = source("/ok", interval_h=12)
    run(server, store, slow)
    waiting = run(server, store, slow, now=NOW + timedelta(hours=11)).sources[0]
    assert (waiting.outcome, waiting.last_good) == ("waiting", NOW)
    run(server, store, slow, now=NOW + timedelta(hours=12))
    assert len(server.hits) == 2


def test_the_register_is_asked_with_its_conditions_page_after_page(server: Any, store: Store) -> None:
    import json

    def page(number: int, more: bool) -> bytes:
        results = [
            {
                "title": f"Rule {number}",
                "html_url": f"https://one.news.example/d/{number}",
                "document_number": f"2026-{number}",
                "publication_date": "2026-11-18",
            }
        ]
        return json.dumps({"results": results, "next_page_url": f"https://one.news.example/p{number + 1}" if more else None}).encode()

    server.routes.update({"/api": page(1, True), "/p2": page(2, True), "/p3": page(3, False)})
    register = source("/api", kind="federal_register", options={"term": "ai", "agencies": "a-b, c", "type": "RULE"})
    assert run(server, store, register).new == 3
    assert [h[1].partition("?")[0] for h in server.hits] == ["/api", "/p2", "/p3"]
    asked = address_of(register)
    assert "conditions%5Bagencies%5D%5B%5D=a-b&conditions%5Bagencies%5D%5B%5D=c&conditions%5Btype%5D%5B%5D=RULE&conditions%5Bterm%5D=ai" in asked


# ---------------------------------------------------------------------- pages


def article(text: str) -> bytes:
    paragraphs = "".join(f"<p>{text} Paragraph {n} says what the regulator asked of firms, and by which day they have to answer it.</p>" for n in range(12))
    head = '<head><title>Headline | Site</title><meta property="og:title" content="Headline"><meta name="author" content="Ruth Calloway"></head>'
    return f"<html>{head}<body><nav>Home</nav><article><h1>Headline</h1>{paragraphs}</article><footer>Foot</footer></body></html>".encode()


def pages(server: Any, store: Store, **settings: Any) -> Any:
    limits = CollectSettings(**{"connect_to": {"*.news.example": server.server.private}, **settings})
    return read_pages(store.items(NOW, NOW + DAY), [source("/f")], limits, store, NOW + timedelta(hours=1), pauses=())


def test_a_page_becomes_the_snapshot_and_is_asked_once(server: Any, store: Store) -> None:
    server.routes.update({"/f": rss("a"), "/a": {"body": article("The bulletin."), "ctype": "text/html"}})
    one(server, store, "/f")
    (report,) = pages(server, store)
    assert report.outcome == "read"
    snapshot = store.snapshot_of(report.item)
    assert snapshot is not None
    assert (snapshot.origin, snapshot.title, snapshot.author, snapshot.read) == ("page", "Headline", "Ruth Calloway", NOW + timedelta(hours=1))
    assert snapshot.text.count("\n\n") >= 11
    assert "Foot" not in snapshot.text
    assert pages(server, store)[0].outcome == "known"
    assert [h[1] for h in server.hits] == ["/f", "/robots.txt", "/a"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"code": 403, "body": b"no"}, "blocked"),
        ({"body": b"%PDF-1.7", "ctype": "application/pdf"}, "no-text"),
        ({"body": b"<p>Subscribe to continue reading.</p>", "ctype": "text/html"}, "no-text"),
        ({"body": b"", "ctype": "text/html"}, "no-text"),
    ],
)
def test_a_page_that_cannot_be_read_leaves_the_feeds_text(server: Any, store: Store, answer: dict[str, Any], outcome: str) -> None:
    server.routes.update({"/f": rss("a"), "/a": answer})
    one(server, store, "/f")
    (report,) = pages(server, store)
    assert report.outcome == outcome
    snapshot = store.snapshot_of(report.item)
    assert snapshot is not None
    assert (snapshot.origin, snapshot.text) == ("feed", "Text.")


def test_s05_links_into_private_networks_are_never_asked(server: Any, store: Store) -> None:
    body = rss("a").replace(b"https://one.news.example/a", b"http://127.0.0.1:1/secret")
    server.routes["/f"] = body
    report = one(server, store, "/f")
    assert (report.new, report.no_link) == (1, 1)
    (item,) = store.items(NOW, NOW + DAY)
    assert item.url == "https://one.news.example/"
    assert [p.outcome for p in pages(server, store)] == ["feed"]
    assert [h[1] for h in server.hits] == ["/f"]


def test_pages_can_be_left_alone(server: Any, store: Store) -> None:
    server.routes["/f"] = rss("a")
    one(server, store, "/f")
    assert [p.outcome for p in pages(server, store, pages=False)] == ["feed"]


# ---------------------------------------------------------------------- leads


def lead_feed(*links: str, publisher: str = "The Gazette", date: str = "Fri, 20 Nov 2026 09:00:00 GMT") -> bytes:
    """A feed as aggregators write it: their own links and words, the publisher in the source element."""
    items = "".join(
        f'<item><title>Agency adopts notice rule - {publisher}</title><guid>{n}</guid><link>{link}</link><source url="https://gazette.news.example">{publisher}'
        f"</source>{f'<pubDate>{date}</pubDate>' if date else ''}<description>What the aggregator says.</description></item>"
        for n, link in enumerate(links)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()


#: A Google News id of before July 2024 for https://gazette.news.example/notice, and one of after.
IN_CLEAR = "CBMiI2h0dHBzOi8vZ2F6ZXR0ZS5uZXdzLmV4YW1wbGUvbm90aWNl0gEA"
TOKEN = "CBMiHUFVX3lxTFB4MFdjM2Q3enFrUTBKMm1WNXRCOHlO0gEA"


def read(server: Any, store: Store, *sources: Source, **settings: Any) -> Any:
    hosts = dict.fromkeys(("*.news.example", "t.co", "bit.ly", "news.google.com", "feedproxy.google.com", "elsewhere.example"), server.server.private)
    limits = CollectSettings(**{"connect_to": hosts, "deadline_s": 5, **settings})
    return read_pages(store.items(NOW, NOW + DAY), sources, limits, store, NOW + timedelta(hours=1), pauses=())


def the_item(store: Store) -> Any:
    (found,) = store.items(NOW, NOW + DAY)
    return found


def test_a_lead_becomes_an_item_of_the_publishers_page(server: Any, store: Store) -> None:
    desk = source("/f", tier="aggregator")
    server.routes.update(
        {"/f": lead_feed(f"https://news.google.com/rss/articles/{IN_CLEAR}?oc=5"), "/notice": {"body": article("The rule."), "ctype": "text/html"}}
    )
    run(server, store, desk)
    assert is_lead(the_item(store), desk)
    (report,) = read(server, store, desk)
    found = the_item(store)
    assert (report.outcome, report.url) == ("read", "https://gazette.news.example/notice")
    assert (found.url, found.publisher, found.title) == ("https://gazette.news.example/notice", "The Gazette", "Headline")
    assert (found.version, found.fields["found_through"]) == (1, f"https://news.google.com/rss/articles/{IN_CLEAR}?oc=5")
    assert not is_lead(found, desk)
    snapshot = store.snapshot_of(found.id)
    assert (snapshot.origin, snapshot.url) == ("page", "https://gazette.news.example/notice")  # type: ignore[union-attr]
    assert [h[1] for h in server.hits] == ["/f", "/robots.txt", "/notice"]  # the aggregator was not asked at all
    assert run(server, store, desk).sources[0].outcome == "unchanged"
    assert the_item(store).url == "https://gazette.news.example/notice"


def test_a_token_without_an_address_stays_a_lead_and_is_not_asked(server: Any, store: Store) -> None:
    desk = source("/f")
    server.routes["/f"] = lead_feed(f"https://news.google.com/rss/articles/{TOKEN}?oc=5")
    run(server, store, desk)
    (report,) = read(server, store, desk)
    assert (report.outcome, is_lead(the_item(store), desk)) == ("lead", True)
    assert [h[1] for h in server.hits] == ["/f"]
    assert [r.outcome for r in read(server, store, desk)] == ["known"]


def to(address: str) -> dict[str, Any]:
    return {"code": 301, "headers": [("Location", address)], "body": b""}


def test_redirects_are_followed_to_the_publisher(server: Any, store: Store) -> None:
    desk = source("/f")
    server.routes.update(
        {
            "/f": lead_feed("https://feedproxy.google.com/~r/gazette/1"),
            "/~r/gazette/1": to("https://bit.ly/2"),
            "/2": to("https://gazette.news.example/notice?utm_source=feed"),
            "/notice": {"body": article("The rule."), "ctype": "text/html"},
        }
    )
    run(server, store, desk)
    assert [r.outcome for r in read(server, store, desk)] == ["read"]
    assert (the_item(store).url, the_item(store).title) == ("https://gazette.news.example/notice", "Agency adopts notice rule - The Gazette")
    assert [h[1] for h in server.hits if h[1] != "/robots.txt"] == ["/f", "/~r/gazette/1", "/2", "/notice?utm_source=feed"]
    assert [h[1] for h in server.hits].count("/robots.txt") == 3  # each host of the way is asked what it allows


@pytest.mark.parametrize("where", ["http://10.0.0.1/secret", "http://intranet.local/", "http://[::1]:9/x", "file:///etc/passwd"])
def test_s04_s05_a_lead_into_a_private_network_is_refused_at_the_hop(server: Any, store: Store, where: str) -> None:
    desk = source("/f")
    server.routes.update({"/f": lead_feed("https://t.co/1"), "/1": to(where)})
    run(server, store, desk)
    (report,) = read(server, store, desk)
    assert report.outcome in {"private-address", "bad-address"}
    assert (the_item(store).url, is_lead(the_item(store), desk)) == ("https://t.co/1", True)
    assert [h[1] for h in server.hits] == ["/f", "/robots.txt", "/1"]


def test_a_robots_file_is_minded_at_every_hop(server: Any, store: Store) -> None:
    desk = source("/f")
    server.routes.update(
        {
            "/f": lead_feed("https://t.co/1"),
            "/1": to("https://gazette.news.example/notice"),
            "/notice": {"body": article("The rule."), "ctype": "text/html"},
            "/robots.txt": lambda handler, n: b"User-agent: *\nDisallow: /" if handler.headers["Host"].startswith("gazette") else b"",
        }
    )
    run(server, store, desk)
    assert [r.outcome for r in read(server, store, desk)] == ["robots"]
    assert "/notice" not in [h[1] for h in server.hits]


def test_a_publishers_own_feed_keeps_its_words_where_only_the_address_was_found(server: Any, store: Store) -> None:
    server.routes.update(
        {
            "/f": lead_feed("https://feedproxy.google.com/~r/gazette/1"),
            "/~r/gazette/1": to("https://gazette.news.example/notice"),
            "/notice": {"code": 403, "body": b"no"},
        }
    )
    desk, digest = source("/f"), source("/f", "two", tier="aggregator")
    run(server, store, desk, digest)
    assert [r.outcome for r in read(server, store, desk, digest)] == ["blocked", "blocked"]
    own, other = sorted(store.items(NOW, NOW + DAY), key=lambda i: i.source)
    assert (own.url, is_lead(own, desk)) == ("https://gazette.news.example/notice", False)
    assert (other.url, is_lead(other, digest)) == ("https://feedproxy.google.com/~r/gazette/1", True)


def test_an_aggregators_tier_is_cited_by_the_page_its_item_links_to(server: Any, store: Store) -> None:
    desk = source("/f", tier="aggregator")
    server.routes.update(
        {"/f": lead_feed("https://gazette.news.example/notice", publisher=""), "/notice": {"body": article("The rule."), "ctype": "text/html"}}
    )
    run(server, store, desk)
    assert is_lead(the_item(store), desk)
    read(server, store, desk)
    assert (is_lead(the_item(store), desk), the_item(store).publisher, the_item(store).title) == (False, "gazette.news.example", "Headline")


# -------------------------------------------------------------- undated items


def dated_page(day: str) -> bytes:
    return article("The rule.").replace(b"<head>", f'<head><meta property="article:published_time" content="{day}">'.encode())


@pytest.mark.parametrize(
    ("day", "mark"), [("2026-11-19T08:00:00Z", ""), ("2026-10-01", "backlog"), ("2026-12-24", "future"), ("", "undated"), ("last week", "undated")]
)
def test_p07_an_undated_item_takes_the_day_its_page_states(server: Any, store: Store, day: str, mark: str) -> None:
    server.routes.update({"/f": rss("a", date=""), "/a": {"body": dated_page(day), "ctype": "text/html"}})
    one(server, store, "/f")
    assert (the_item(store).mark, the_item(store).published) == ("undated", None)
    pages(server, store)
    found = the_item(store)
    assert found.mark == mark
    assert found.fields == ({} if mark == "undated" else {"dated": "page"})
    assert found.published is None if mark == "undated" else found.published.isoformat().startswith(day[:10])


def test_a_date_of_the_page_stays_marked_when_the_feed_rewords_the_item(server: Any, store: Store) -> None:
    server.routes.update({"/f": rss("a", date=""), "/a": {"body": dated_page("2026-11-19T08:00:00Z"), "ctype": "text/html"}})
    one(server, store, "/f")
    pages(server, store)
    server.routes["/f"] = rss("a", date="", text="Other words.")
    one(server, store, "/f", NOW + timedelta(hours=2))
    found = the_item(store)
    assert (found.version, found.summary, found.mark, found.fields) == (2, "Other words.", "", {"dated": "page"})
    assert found.published == datetime(2026, 11, 19, 8, tzinfo=UTC)


def test_a_date_of_the_feed_is_never_replaced(server: Any, store: Store) -> None:
    server.routes.update({"/f": rss("a"), "/a": {"body": dated_page("2026-11-19T08:00:00Z"), "ctype": "text/html"}})
    one(server, store, "/f")
    pages(server, store)
    assert (the_item(store).published, the_item(store).fields) == (datetime(2026, 11, 20, 9, tzinfo=UTC), {})
