from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from briefing import cli
from briefing.collect import sitemap
from briefing.collect.discover import Found, appended, entry, feed_of, from_opml, slug, to_opml
from briefing.collect.fetch import Fetcher
from briefing.collect.robots import Robots
from briefing.collect.workers import Limits, Workers
from briefing.config import CollectSettings, sources
from briefing.errors import ConfigError, FetchError, UsageError
from briefing.model import Source
from briefing.store import Store

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RSS = b'<rss version="2.0"><channel><title>The Ledger &amp; Co</title><item><title>One</title><guid>1</guid><link>https://l.example/1</link></item></channel></rss>'


class Site:
    """Paths to answers, on loopback; `asked` lists what was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                return None

            def do_GET(self) -> None:
                site.asked.append(self.path)
                status, kind, body = site.pages.get(self.path, (404, "text/plain", b"no"))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.settings = CollectSettings(connect_to={"*.t.example": f"127.0.0.1:{self.server.server_address[1]}"}, deadline_s=5)


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    threading.Thread(target=running.server.serve_forever, args=(0.02,), daemon=True).start()
    yield running
    running.server.shutdown()
    running.server.server_close()


def find(site: Site, path: str) -> Found:
    async def go() -> Found:
        async with Fetcher(site.settings, pauses=()) as fetcher, Workers(1) as workers:
            return await feed_of(f"https://news.t.example{path}", fetcher, workers, NOW)

    return asyncio.run(go())


# ------------------------------------------------------------------ finding feeds


def test_the_feed_a_page_names_is_found_before_its_comments(site: Site) -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml"><link rel="alternate" type="application/rss+xml" href="/f.xml">'
    )
    site.pages = {"/": (200, "text/html", f"<html><head><title>The Ledger</title>{head}</head></html>".encode()), "/f.xml": (200, "text/xml", RSS)}
    assert find(site, "/") == Found(url="https://news.t.example/f.xml", title="The Ledger & Co", site="https://news.t.example/")
    assert site.asked == ["/", "/f.xml"]


def test_a_feed_is_itself_and_a_usual_place_is_tried(site: Site) -> None:
    site.pages = {"/x.xml": (200, "text/xml", RSS), "/about": (200, "text/html", b"<title>L</title>"), "/feed.xml": (200, "text/xml", RSS)}
    assert find(site, "/x.xml").title == "The Ledger & Co"
    assert find(site, "/about").url == "https://news.t.example/feed.xml"


@pytest.mark.parametrize(
    ("feed", "site_name", "want"),
    [
        (RSS, "Ledger Online", "The Ledger & Co"),
        (RSS.replace(b"<title>The Ledger &amp; Co</title>", b""), "Ledger Online", "Ledger Online"),
        (RSS.replace(b"<title>The Ledger &amp; Co</title>", b""), "", "news.t.example"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "title": "The JSON Ledger", "items": [{"id": "1", "title": "A"}]}', "", "The JSON Ledger"),
    ],
)
def test_a_headline_is_no_name_of_a_source(site: Site, feed: bytes, site_name: str, want: str) -> None:
    """An editor pastes the address of an article: the source is called as its feed or its site calls itself."""
    head = (
        f'<title>Agency adopts a rule</title><meta property="og:site_name" content="{site_name}"><link rel="alternate" type="application/feed+json" href="/f">'
    )
    site.pages = {"/2026/a": (200, "text/html", f"<html><head>{head}</head></html>".encode()), "/f": (200, "", feed)}
    assert find(site, "/2026/a").title == want


def test_no_feed_says_what_was_tried(site: Site) -> None:
    site.pages = {"/": (200, "text/html", b"<title>L</title>")}
    with pytest.raises(FetchError, match=r"not-a-feed: no feed there, in its page or at /feed/, /rss\.xml"):
        find(site, "/")


@pytest.fixture
def project(tmp_path: Path, site: Site) -> Path:
    (tmp_path / "pelicanconf.py").write_bytes((ROOT / "pelicanconf.py").read_bytes())
    target = next(iter(site.settings.connect_to.values()))
    hand = "{id: hand, name: By hand, url: https://hand.t.example/, category: x, kind: manual, tier: trade}"
    text = f"# ours\ncollect:\n  connect_to: {{'*.t.example': '{target}'}}\nsources:\n  - {hand}\n"
    (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def call(project: Path, *args: str) -> int:
    return cli.main([*args, "--project", str(project), "--now", NOW.isoformat(), "--quiet"])


def test_add_puts_the_feed_into_the_list_and_keeps_what_stood_there(site: Site, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site.pages = {"/x.xml": (200, "text/xml", RSS)}
    before = (project / "sources.yaml").read_text(encoding="utf-8")
    assert call(project, "sources", "add", "https://news.t.example/x.xml", "--category", "AI News", "--tier", "wire") == 0
    after = (project / "sources.yaml").read_text(encoding="utf-8")
    assert after.startswith(before)
    listed, _ = sources(project / "sources.yaml")
    assert (listed[1].id, listed[1].name, listed[1].category, listed[1].tier) == ("the-ledger-co", "The Ledger & Co", "ai-news", "wire")
    assert call(project, "sources", "add", "https://news.t.example/x.xml") == 0
    assert (project / "sources.yaml").read_text(encoding="utf-8") == after
    assert "is in sources.yaml already" in capsys.readouterr().out


def test_add_of_nothing_changes_nothing(site: Site, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / "sources.yaml").read_bytes()
    assert call(project, "sources", "add", "https://news.t.example/none") == 3
    assert call(project, "sources", "add") == 2
    assert "https://news.t.example/none: 404" in capsys.readouterr().err
    assert (project / "sources.yaml").read_bytes() == before


def test_a_link_added_by_hand_is_an_item_with_its_page(site: Site, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = "".join(f"<p>Paragraph {n}: the department asks insurers to keep a list of the systems they use on claims.</p>" for n in range(9))
    head = '<title>Bulletin</title><meta property="article:published_time" content="2026-11-20T09:00:00Z">'
    site.pages = {"/a": (200, "text/html", f"<html><head>{head}</head><body><article><h1>Bulletin</h1>{body}</article></body></html>".encode())}
    assert call(project, "sources", "add-link", "https://news.t.example/a?utm_source=x") == 0
    assert call(project, "sources", "add-link", "https://news.t.example/a") == 0
    said = capsys.readouterr().out.splitlines()
    assert said == ["kept: Bulletin (https://news.t.example/a)", "known already: Bulletin (https://news.t.example/a)"]
    with Store.open(project / "var" / "briefing.sqlite") as store:
        (item,) = store.items(NOW, datetime(2027, 1, 1, tzinfo=UTC))
        snapshot = store.snapshot_of(item.id)
    assert (item.source, item.published, item.mark) == ("hand", datetime(2026, 11, 20, 9, tzinfo=UTC), "")
    assert snapshot is not None
    assert (snapshot.origin, "Paragraph 8" in snapshot.text) == ("page", True)
    assert call(project, "sources", "add-link", "https://news.t.example/missing") == 3
    assert call(project, "collect") == 0


# -------------------------------------------------------------------------- OPML


def test_a_list_goes_out_and_comes_back(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed, _ = sources(ROOT / "sources.yaml")
    text = to_opml(listed, "Tuesday & co")
    found = from_opml(text.encode(), "x.opml")
    feeds = [s for s in listed if s.kind != "federal_register"]
    assert {(f.title, f.category) for f in found} == {(s.name, s.category) for s in feeds}
    assert len(found) == len(feeds)
    (tmp_path / "list.opml").write_text(text, encoding="utf-8")
    assert call(project, "sources", "import", str(tmp_path / "list.opml")) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{len(feeds)} added, 0 known already; `briefing sources check` reads them"
    assert len(sources(project / "sources.yaml")[0]) == len(feeds) + 1
    assert call(project, "sources", "export") == 0
    assert len(from_opml(capsys.readouterr().out.encode(), "y.opml")) == len(feeds)


@pytest.mark.corpus
def test_real_lists_are_read(corpus: Path) -> None:
    import gzip
    import html
    import re

    for path in sorted((corpus / "feeds" / "opml").glob("*.opml*")):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        found = from_opml(data, path.name)
        listed = {html.unescape(x) for x in re.findall(r'xmlUrl="([^"]*)"', data.decode("utf-8"))}
        assert {f.url for f in found} == listed, f"{path.name}: some of these have descriptions with quotation marks of their own"
        assert len(found) == len(listed)


def test_what_other_programs_write_is_read() -> None:
    """Nested folders, attribute names in small letters, a description with quotation marks and tags, a feed that stands twice."""
    text = """<opml version="1.0"><body><outline text="Law"><outline text="States">
<outline text="A" description="The "best" <em>list</em> & more" xmlurl="https://a.example/f?x=1&y=2"/>
<outline text="B" xmlUrl="https://b.example/f" htmlUrl="https://b.example/"/></outline>
<outline title="B again" xmlUrl="https://b.example/f"/><outline text="C" xmlUrl="https://c.example/f"/></outline>
<outline text="D" xmlUrl="feed:d"/></body></opml>
"""
    found = from_opml(text.encode(), "x.opml")
    assert [(f.title, f.url, f.category) for f in found] == [
        ("A", "https://a.example/f?x=1&y=2", "States"),
        ("B", "https://b.example/f", "States"),
        ("C", "https://c.example/f", "Law"),
    ]


@pytest.mark.parametrize(
    ("data", "said"), [(b"<opml", "x.opml:1: is not readable XML"), (b"<rss/>", "x.opml:1: is rss, not OPML"), (b"", "is not readable XML")]
)
def test_what_is_no_list_is_said(data: bytes, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_opml(data, "x.opml")
    assert said in str(caught.value)


def test_entities_in_a_list_open_nothing() -> None:
    data = b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body><outline text="&x;" xmlUrl="https://a.example/f"/></body></opml>'
    with pytest.raises(ConfigError, match="is not readable XML"):
        from_opml(data, "x")


def test_ids_are_made_from_names_and_never_given_twice() -> None:
    found = Found(url="https://a.example/f", title="The Ledger: AI!", site="https://a.example/")
    assert entry(found, [])[0] == "the-ledger-ai"
    assert entry(found, ["the-ledger-ai"])[0] == "the-ledger-ai-2"
    assert slug("Ünïcode — only") == "unicode-only"
    assert slug("日経") == ""
    google = Found(url="https://news.google.com/rss/search?q=ai", title="AI", site="https://news.google.com/")
    assert "tier: aggregator\n" in entry(google, [], tier="wire")[1]


def test_a_list_at_the_margin_stays_at_the_margin() -> None:
    block = entry(Found(url="https://a.example/f", title="A", site="https://a.example/"), [])[1]
    assert "\n- id: a\n  name:" in appended("sources:\n- id: x\n  name: X\n", [block])
    with pytest.raises(UsageError, match="not the last key"):
        appended("sources:\n  - id: x\ncollect:\n  deadline_s: 3\n", [block])


# ---------------------------------------------------------------------- sitemaps


def listing(**given: Any) -> Source:
    base = {"id": "s", "name": "S", "url": "https://v.example/sitemap.xml", "site": "https://v.example/", "category": "x", "kind": "sitemap", "tier": "vendor"}
    return Source(**{**base, **given})


def test_a_sitemap_lists_the_pages_under_a_path_newest_first() -> None:
    data = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
      <url><loc>https://v.example/about</loc></url><url><loc>https://v.example/news/</loc></url>
      <url><loc>https://v.example/news/new-terms-for_business.html</loc><lastmod>2026-11-19</lastmod></url>
      <url><loc>https://v.example/news/model</loc><lastmod>2026-11-20</lastmod>
        <n:news><n:publication_date>2026-11-18</n:publication_date><n:title>A model &amp;amp; more</n:title></n:news></url></urlset>"""
    feed = sitemap.read(data, listing(options={"under": "/news/"}), NOW)
    assert feed is not None
    assert [(e.title, e.published and e.published.date().isoformat()) for e in feed.entries] == [
        ("A model & more", "2026-11-18"),
        ("New terms for business", None),
    ]
    limited = sitemap.read(data, listing(max_items=1), NOW)
    assert limited is not None
    assert (len(limited.entries), limited.over) == (1, 3)


def test_an_index_leads_to_its_newest_map_and_other_xml_is_no_sitemap() -> None:
    data = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://v.example/1.xml</loc><lastmod>2026-01-01</lastmod></sitemap>
      <sitemap><loc>https://v.example/2.xml</loc><lastmod>2026-11-01</lastmod></sitemap></sitemapindex>"""
    feed = sitemap.read(data, listing(), NOW)
    assert feed is not None
    assert feed.next_url == "https://v.example/2.xml"
    assert [sitemap.read(d, listing(), NOW) for d in (RSS, b"", b"<html>", b"\x1f\x8bjunk")] == [None] * 4


def test_the_first_look_at_a_sitemap_is_backlog_and_later_pages_are_not(site: Site, tmp_path: Path) -> None:
    from briefing.collect.run import collect

    def served(*names: str) -> bytes:
        pages = "".join(f"<url><loc>https://v.t.example/news/{n}</loc></url>" for n in names)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{pages}</urlset>'.encode()

    source = listing(url="https://v.t.example/sitemap.xml", options={"under": "/news/"})
    with Store.open(tmp_path / "s.sqlite", write=True) as store:
        site.pages["/sitemap.xml"] = (200, "application/xml", served("a", "b"))
        assert collect([source], site.settings, store, NOW, pauses=()).new == 2
        site.pages["/sitemap.xml"] = (200, "application/xml", served("a", "b", "c"))
        assert collect([source], site.settings, store, NOW, pauses=()).new == 1
        marks = {i.title: i.mark for i in store.items(NOW, datetime(2027, 1, 1, tzinfo=UTC))}
    assert marks == {"A": "backlog", "B": "backlog", "C": "undated"}


# ------------------------------------------------------------------------ robots


def ask(site: Site, *paths: str, slept: list[float] | None = None) -> list[str]:
    """What became of each page's turn."""

    async def go() -> list[str]:
        async def sleep(seconds: float) -> None:
            (slept if slept is not None else []).append(seconds)

        out = []
        async with Fetcher(site.settings, pauses=()) as fetcher:
            robots = Robots(fetcher, "TuesdayBriefing/0.1 (+https://x.example/)", sleep)
            for path in paths:
                try:
                    await robots.turn(f"https://news.t.example{path}")
                    out.append("yes")
                except FetchError as error:
                    out.append(error.reason)
        return out

    return asyncio.run(go())


def test_wildcards_are_kept_and_robots_is_asked_once(site: Site) -> None:
    site.pages["/robots.txt"] = (200, "text/plain", b"User-agent: *\nDisallow: /*/private$\nDisallow: /search\n\nUser-agent: OtherBot\nDisallow: /\n")
    assert ask(site, "/a", "/x/private", "/x/private/more", "/search?q=1") == ["yes", "robots", "yes", "robots"]
    assert site.asked == ["/robots.txt"]


def test_our_own_name_has_its_own_rules_and_delay(site: Site) -> None:
    site.pages["/robots.txt"] = (200, "text/plain", b"User-agent: *\nDisallow: /\n\nUser-agent: TuesdayBriefing\nCrawl-delay: 99\nAllow: /\n")
    slept: list[float] = []
    assert ask(site, "/a", "/b", "/c", slept=slept) == ["yes"] * 3
    assert slept == [10.0, 10.0]


@pytest.mark.parametrize(("status", "want"), [(404, "yes"), (410, "yes"), (403, "yes"), (500, "server-error"), (503, "server-error")])
def test_no_robots_allows_and_a_failing_site_does_not(site: Site, status: int, want: str) -> None:
    site.pages["/robots.txt"] = (status, "text/plain", b"no")
    assert ask(site, "/a", "/b") == [want, want]


# ----------------------------------------------------------------------- workers


def taken_apart(data: bytes, limits: Limits | None = None, times: int = 1) -> list[Any]:
    async def go() -> list[Any]:
        out: list[Any] = []
        async with Workers(1, limits) as workers:
            for _ in range(times):
                try:
                    out.append(await workers.feed(data, listing(kind="rss"), url="https://v.example/", content_type="text/xml", now=NOW))
                except FetchError as error:
                    out.append(error.reason)
            out.append(workers.started)
        return out

    return asyncio.run(go())


def test_one_process_takes_many_documents_apart() -> None:
    first, second, started = taken_apart(RSS, times=2)
    assert (first.entries[0].title, first, started) == ("One", second, 1)


def test_an_answer_that_cannot_be_read_is_the_end_of_its_document_and_of_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that was replaced while it ran starts processes of the new one, whose answers it cannot read."""

    def unreadable(data: bytes) -> Any:
        raise AttributeError("no such class")

    monkeypatch.setattr("briefing.collect.workers.pickle.loads", unreadable)
    assert taken_apart(RSS, times=2) == ["too-hard", "too-hard", 2]


def test_p01_a_bomb_ends_within_limits(hostile: Path) -> None:
    outcome, _ = taken_apart((hostile / "feeds" / "bomb-entities.xml").read_bytes(), Limits(cpu_s=5))
    text = outcome if isinstance(outcome, str) else "".join(e.summary for e in outcome.entries)
    assert text in {"too-hard", "not-a-feed"} or len(text) < 100_000


def test_a_document_that_breaks_a_limit_is_refused_and_the_next_is_read() -> None:
    item = b"<item><title>&lt;b&gt;x&amp;amp;</title><description>y</description></item>"
    slow = b"<rss version='2.0'><channel>" + item * 60_000 + b"</channel></rss broken>"
    assert taken_apart(slow, Limits(cpu_s=1)) == ["too-hard", 1]
    large = b"<rss version='2.0'><channel>" + b" " * 80_000_000 + b"</channel></rss>"
    assert taken_apart(large, Limits(memory=100_000_000), times=2) == ["too-hard", "too-hard", 2]
    assert taken_apart(RSS, Limits(wall_s=0.001)) == ["too-hard", 1]
