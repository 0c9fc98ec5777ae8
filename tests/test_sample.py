"""The sample week: its feeds, pages and server, and what the demo and other tests may count on."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import threading
from calendar import timegm
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
import trafilatura

from briefing import config, sample
from briefing.errors import ConfigError
from briefing.sample import Page, Publisher, Server, Week

END = datetime(2026, 11, 24, 12, tzinfo=UTC)
TUESDAYS = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (10, 17, 24)]
VERSIONS = {"rss": "rss20", "rdf": "rss10", "atom": "atom10"}
WEEK = sample.load()
WORKING = [publisher for publisher in WEEK.publishers if not publisher.fails]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(WEEK, as_of=END) as running:
        yield running


def get(server: Server, url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One GET as the collector makes it: the host of the address in the Host header, the connection to 127.0.0.1."""
    host, _, path = url.removeprefix("https://").partition("/")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request("GET", "/" + path, headers={"Host": host, **{k.replace("_", "-"): v for k, v in headers.items()}})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def publisher(name: str) -> Publisher:
    return next(p for p in WEEK.publishers if p.id == name)


def page(name: str, slug: str) -> Page:
    return next(p for p in WEEK.pages if (p.publisher.id, p.slug) == (name, slug))


def links(server: Server, source: Publisher) -> list[str]:
    body = get(server, source.feed_url)[2]
    if source.kind == "jsonfeed":
        return [item["url"] for item in json.loads(body)["items"]]
    if source.kind == "federal_register":
        return [item["html_url"] for item in json.loads(body)["results"]]
    return [entry.link for entry in feedparser.parse(body).entries]


# ------------------------------------------------------------------- feeds


@pytest.mark.parametrize("source", [p for p in WORKING if p.kind in VERSIONS], ids=lambda p: p.id)
def test_a_feed_in_xml_is_well_formed_and_holds_what_its_publisher_shows(server: Server, source: Publisher) -> None:
    status, headers, body = get(server, source.feed_url)
    parsed = feedparser.parse(body, response_headers={"content-type": headers["content-type"]})
    shown = WEEK.shown(source, END)
    assert (status, parsed.bozo, parsed.version) == (200, False, VERSIONS[source.kind])
    assert parsed.feed.title == source.name
    assert [entry.link for entry in parsed.entries] == [p.feed_link for p in shown]
    for entry, item in zip(parsed.entries, shown, strict=True):
        # feedparser files the date of RSS 1.0 (dc:date) under `updated`.
        given = entry.get("updated_parsed" if source.kind == "rdf" else "published_parsed")
        given = datetime.fromtimestamp(timegm(given), UTC) if given else None
        assert given == item.published, item.slug


@pytest.mark.parametrize("source", [p for p in WORKING if p.kind == "jsonfeed"], ids=lambda p: p.id)
def test_a_json_feed_has_what_version_1_1_asks_for(server: Server, source: Publisher) -> None:
    data = json.loads(get(server, source.feed_url)[2])
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert data["feed_url"] == source.feed_url
    assert [item["url"] for item in data["items"]] == [p.feed_link for p in WEEK.shown(source, END)]
    assert len({item["id"] for item in data["items"]}) == len(data["items"])
    assert all("content_text" in item or "content_html" in item for item in data["items"])


def test_the_register_answers_in_the_shape_of_a_documents_api(server: Server) -> None:
    data = json.loads(get(server, publisher("federal-gazette").feed_url)[2])
    rule = next(d for d in data["results"] if d["document_number"] == "2026-24817")
    assert (data["count"], data["total_pages"], "next_page_url" in data) == (len(data["results"]), 1, False)
    assert rule["type"] == "Rule"
    assert (rule["publication_date"], rule["effective_on"], rule["comments_close_on"]) == ("2026-11-18", "2027-05-18", "2027-01-22")
    assert rule["dates"] == "This rule is effective May 18, 2027. Comments must be received by January 22, 2027."
    assert [agency["slug"] for agency in rule["agencies"]] == ["fair-work-bureau"]
    assert json.loads(get(server, rule["json_url"])[2]) == rule


def test_the_register_gives_every_document_once_over_its_pages(server: Server) -> None:
    url: str | None = publisher("federal-gazette").feed_url + "?per_page=2"
    seen: list[str] = []
    while url:
        data = json.loads(get(server, url)[2])
        seen += [d["document_number"] for d in data["results"]]
        assert data["total_pages"] == -(-data["count"] // 2)
        url = data.get("next_page_url")
    assert seen == [p.document_number for p in WEEK.shown(publisher("federal-gazette"), END)]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("conditions[agencies][]=fair-work-bureau", ["2026-24817"]),
        ("conditions[type][]=PRORULE", ["2026-24965", "2026-24288"]),
        ("conditions[type][]=PRORULE&order=oldest", ["2026-24288", "2026-24965"]),
        ("conditions[term]=freight%20broker", ["2026-24560"]),
        ("conditions[publication_date][gte]=2026-11-16&conditions[publication_date][lte]=2026-11-18", ["2026-24817", "2026-24711"]),
        ("conditions[publication_date][is]=2026-11-04", ["2026-24102"]),
    ],
)
def test_the_register_filters(server: Server, query: str, numbers: list[str]) -> None:
    data = json.loads(get(server, f"{publisher('federal-gazette').feed_url}?{query}")[2])
    assert [d["document_number"] for d in data["results"]] == numbers


@pytest.mark.parametrize("query", ["conditions[subject]=ai", "per_page=0", "page=two"])
def test_the_register_refuses_what_it_does_not_know(server: Server, query: str) -> None:
    assert get(server, f"{publisher('federal-gazette').feed_url}?{query}")[0] == 400


# ------------------------------------------------------- what the week holds


def test_the_week_is_as_large_as_promised() -> None:
    shown = [p for source in WORKING for p in WEEK.shown(source, END)]
    assert len(WEEK.publishers) == 15
    assert {p.kind for p in WORKING} == {"rss", "rdf", "atom", "jsonfeed", "federal_register"}
    assert len(shown) >= 80
    assert len([p for p in shown if not p.story]) >= 52
    assert len([p for p in shown if len(p.body.split()) >= 300]) >= 30
    assert all(any(p.publisher == source and not p.story for p in shown) for source in WORKING)


def test_every_story_is_told_by_three_publishers_within_two_days() -> None:
    stories = WEEK.stories()
    assert len(stories) >= 9
    for story, pages in stories.items():
        first = [p for p in pages if p.appears - pages[0].appears <= timedelta(days=3)]
        assert len({p.publisher.id for p in first}) >= 3, story
        assert first[-1].appears.date() - first[0].appears.date() <= timedelta(days=2), story
        assert all(350 <= len(p.body.split()) <= 750 for p in pages), story


def test_one_story_of_the_second_edition_is_told_again_in_the_third_week() -> None:
    again = [p for p in WEEK.stories()["insurance-register"] if p.appears >= TUESDAYS[1]]
    assert sorted(p.publisher.id for p in again) == ["docket", "wabash-ledger"]


def test_two_stories_carry_a_day_on_which_something_takes_effect() -> None:
    assert len({p.story for p in WEEK.pages if p.story and p.effective_on}) >= 2


def test_story_pages_quote_people_and_name_them() -> None:
    for story in (p for p in WEEK.pages if p.story):
        quotes = [q for q in re.findall(r"“([^”]+)”", story.body) if len(q.split()) >= 6]
        assert len(quotes) >= 2, story.slug


def test_the_odd_items_are_there() -> None:
    pages = WEEK.pages
    assert len([p for p in pages if p.published is None]) >= 2
    assert len([p for p in pages if p.published and p.published.year == 2027]) >= 2
    assert len([p for p in pages if p.title_is_html]) >= 3
    assert [p for p in pages if p.link.startswith("/")]
    assert [p for p in pages if p.enclosure and not p.body and not p.summary]
    assert [p for p in pages if p.language == "es"]
    assert [p for p in pages if p.full_text_in_feed]
    linked = [p.feed_link for p in pages]
    assert [link for link in set(linked) if linked.count(link) == 2]


def test_markup_in_a_title_reaches_the_feed_and_the_page_as_markup(server: Server) -> None:
    odd = page("ops-weekly", "three-questions-vendor-demo")
    entry = next(e for e in feedparser.parse(get(server, odd.publisher.feed_url)[2]).entries if e.link == odd.url)
    assert entry.title == "Ask first: <em>three</em> questions for a vendor demo"
    html = get(server, odd.url)[2].decode()
    assert '<h1 class="headline">Ask first: <em>three</em> questions for a vendor demo</h1>' in html
    assert "<title>Ask first: three questions for a vendor demo - Operations Weekly</title>" in html


def test_only_reserved_domains_are_named() -> None:
    addresses = re.compile(r"https?://([^/\s\"'<>)\]]+)|[\w.]+@([\w.-]+)|\b(?:[\w-]+\.)+(?:com|org|net|gov|edu|io|uk|eu)\b")
    for path in [*sorted(sample.SAMPLE.rglob("*.md")), sample.SAMPLE / "publishers.yaml"]:
        for match in addresses.finditer(path.read_text(encoding="utf-8")):
            host = match[1] or match[2] or match[0]
            assert host.endswith(".example"), f"{path.name}: {match[0]}"


def test_no_two_publishers_share_a_sentence() -> None:
    for story, pages in WEEK.stories().items():
        for one, two in itertools.combinations(pages, 2):
            if one.publisher != two.publisher:
                run = longest_shared_run(one, two)
                assert len(run) <= 9, f"{story}: {one.publisher.id} and {two.publisher.id} share {' '.join(run)!r}"


def test_the_shared_run_is_found_outside_quotations_only() -> None:
    one, two = (page_with(text) for text in ("He said “one two three four” and then we all went home.", "Then we all went home “one two three four”."))
    assert longest_shared_run(one, two) == ["then", "we", "all", "went", "home"]


def page_with(text: str) -> Page:
    return replace(WEEK.pages[0], body=text)


def longest_shared_run(one: Page, two: Page) -> list[str]:
    first, second = (re.findall(r"[\w$%]+", re.sub(r"“[^”]*”", " | ", p.body).lower()) for p in (one, two))
    best: list[str] = []
    for length in range(1, len(first) + 1):
        theirs = {tuple(second[i : i + length]) for i in range(len(second) - length + 1)}
        found = [first[i : i + length] for i in range(len(first) - length + 1) if tuple(first[i : i + length]) in theirs]
        if not found:
            break
        best = found[0]
    return best


# -------------------------------------------------------------- as of a day


@pytest.mark.parametrize("as_of", TUESDAYS, ids=lambda d: d.date().isoformat())
def test_nothing_of_the_future_shows(server: Server, as_of: datetime) -> None:
    server.as_of = as_of
    known = {p.feed_link: p for p in WEEK.pages}
    for source in WORKING:
        for link in links(server, source):
            assert known[link].appears < as_of, link
    hidden = [p for p in WEEK.pages if p.appears >= as_of and not p.publisher.fails]
    assert all(get(server, p.url)[0] == 404 for p in hidden)


def test_each_week_brings_new_items(server: Server) -> None:
    counts = []
    for as_of in TUESDAYS:
        server.as_of = as_of
        counts.append(sum(len(links(server, source)) for source in WORKING))
    assert counts[0] > 0
    assert counts[1] - counts[0] >= 20
    assert counts[2] - counts[1] >= 20


def test_undated_and_wrongly_dated_items_come_with_the_second_week() -> None:
    odd = [p for p in WEEK.pages if p.published is None or p.published.year == 2027]
    assert all(TUESDAYS[0] - timedelta(days=1) < p.appears < END for p in odd)


def test_a_page_shows_its_update_from_that_moment_on() -> None:
    moment = datetime(2026, 11, 20, 15, tzinfo=UTC)
    item = replace(page("docket", "auditors-contract-files-without-vendor"), updated=moment)
    assert item.changed(moment) == item.published
    assert item.changed(moment + timedelta(seconds=1)) == moment


# ------------------------------------------------------------------- pages


@pytest.mark.parametrize("item", [p for p in WEEK.pages if p.story], ids=lambda p: f"{p.publisher.id}-{p.slug}")
def test_the_text_can_be_taken_from_the_page_without_what_stands_around_it(server: Server, item: Page) -> None:
    status, _, body = get(server, item.url)
    text = " ".join((trafilatura.extract(body.decode(), include_comments=False) or "").split())
    assert status == 200
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", item.body)]
    running = [block for block in blocks if not block.startswith(("#", "-", "1.", "*")) and "](" not in block]
    missing = [block for block in running if block not in text]
    assert missing == []
    for noise in ("cookie", "Most read", "More from this office", "Recent posts", "Sign up", "All rights reserved"):
        assert noise not in text


def test_a_page_says_who_wrote_it_when_and_where_it_stands(server: Server) -> None:
    html = get(server, "https://ledger.example/2026/insurers-name-owner-ai-claims")[2].decode()
    assert '<link rel="canonical" href="https://ledger.example/2026/insurers-name-owner-ai-claims">' in html
    assert '<a rel="author" href="/staff">Ruth Calloway</a>' in html
    assert '<time datetime="2026-11-12T21:15:00+00:00">November 12, 2026</time>' in html


def test_the_front_page_names_the_feed(server: Server) -> None:
    html = get(server, "https://docket.example/")[2].decode()
    assert '<link rel="alternate" type="application/atom+xml" href="https://docket.example/atom.xml"' in html


# ------------------------------------------------------------------ server


@pytest.mark.parametrize("source", WORKING, ids=lambda p: p.id)
def test_an_unchanged_feed_is_not_sent_again(server: Server, source: Publisher) -> None:
    _, first, body = get(server, source.feed_url)
    again = get(server, source.feed_url, If_None_Match=first["etag"])
    assert (again[0], again[2]) == (304, b"")
    assert get(server, source.feed_url, If_Modified_Since=first["last-modified"])[0] == 304
    assert get(server, source.feed_url, If_None_Match='"other"', If_Modified_Since=first["last-modified"])[0] == 200
    assert get(server, source.feed_url)[2] == body


def test_a_feed_with_new_items_is_sent_whole(server: Server) -> None:
    server.as_of = TUESDAYS[1]
    source = publisher("wabash-ledger")
    _, old, _ = get(server, source.feed_url)
    server.as_of = TUESDAYS[2]
    status, new, _ = get(server, source.feed_url, If_None_Match=old["etag"], If_Modified_Since=old["last-modified"])
    assert status == 200
    assert new["etag"] != old["etag"]
    assert [hit.status for hit in server.hits] == [200, 200]
    assert [hit.conditional for hit in server.hits] == [False, True]


def test_a_later_day_without_news_changes_nothing(server: Server) -> None:
    source = publisher("wabash-doi")
    _, old, _ = get(server, source.feed_url)
    server.as_of = END + timedelta(days=3)
    assert get(server, source.feed_url, If_None_Match=old["etag"])[0] == 304


def test_the_quiet_press_fails(server: Server) -> None:
    status, headers, _ = get(server, publisher("quiet-press").feed_url)
    assert (status, headers["retry-after"]) == (503, "3600")


@pytest.mark.parametrize("url", ["https://ledger.example/2026/nothing", "https://nobody.example/", "https://docket.example/2026/noted-helpline-hours"])
def test_what_does_not_exist_is_404(server: Server, url: str) -> None:
    assert get(server, url)[0] == 404


def test_no_answer_tells_this_machines_time(server: Server) -> None:
    assert get(server, publisher("docket").feed_url)[1]["date"] == "Tue, 24 Nov 2026 12:00:00 GMT"


def test_a_head_request_has_the_headers_alone(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("HEAD", "/atom.xml", headers={"Host": "docket.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 1000
    connection.close()


def test_closing_ends_every_thread_even_where_a_client_stays_connected() -> None:
    before = threading.active_count()
    running = Server(WEEK, as_of=END).start()
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
    connection.request("GET", "/robots.txt", headers={"Host": "docket.example"})
    connection.getresponse().read()
    assert threading.active_count() > before
    running.close()
    running.close()
    connection.close()
    assert threading.active_count() == before
    with pytest.raises(RuntimeError, match="not started"):
        _ = running.port


def test_a_time_without_a_zone_is_refused(server: Server) -> None:
    with pytest.raises(ValueError, match="time zone"):
        server.as_of = datetime(2026, 11, 17)  # noqa: DTZ001 - the mistake is the case


def test_the_sources_text_is_a_valid_sources_file(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(sample.sources_yaml(4321, WEEK), encoding="utf-8")
    sources, collect = config.sources(file)
    assert [(s.id, s.url, s.tier) for s in sources] == [(p.id, p.feed_url, p.tier) for p in WEEK.publishers]
    assert {s.kind for s in sources} == {"rss", "atom", "jsonfeed", "federal_register"}
    assert collect.connect_to == {"*.example": "127.0.0.1:4321"}


# ------------------------------------------------------------------- files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "sample"
    (root / "docket").mkdir(parents=True)
    one = (sample.SAMPLE / "publishers.yaml").read_text(encoding="utf-8")
    (root / "publishers.yaml").write_text(one, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.md", "No front matter.\n", r"sample/docket/a\.md:1: has no front matter"),
        ("a.md", "---\ntitle: One two\nauthr: X\n---\nText.\n", r"sample/docket/a\.md:3: authr: unknown key; did you mean author\?"),
        ("a.md", "---\ntitle: One two\npublished: 2026-11-12\n---\nText.\n", r"sample/docket/a\.md:3: published: needs a time and a zone"),
        ("a.md", "---\ntitle: One: two: three\n---\nText.\n", r"sample/docket/a\.md:2: is not valid YAML"),
        ("A page.md", "---\ntitle: One two\n---\nText.\n", r"sample/docket/A page\.md:1: the file name is not a slug"),
    ],
)
def test_a_faulty_page_is_named_with_its_line(folder: Path, name: str, text: str, message: str) -> None:
    (folder / "docket" / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        sample.load(folder)


def test_a_missing_sample_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"publishers\.yaml: is missing"):
        sample.load(tmp_path)


def test_a_week_of_ones_own_is_served_too(folder: Path) -> None:
    (folder / "docket" / "one.md").write_text("---\ntitle: One & two\npublished: 2026-11-12T10:00:00Z\n---\nText.\n", encoding="utf-8")
    own: Week = sample.load(folder)
    with Server(own, as_of=END) as server:
        assert b"<title>One &amp; two - Compliance Docket</title>" in get(server, "https://docket.example/2026/one")[2]
