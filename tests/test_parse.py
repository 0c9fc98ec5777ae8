from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from briefing.collect import parse as parsing
from briefing.collect import quick
from briefing.collect.entries import Feed
from briefing.collect.parse import parse
from briefing.errors import FetchError
from briefing.model import Source

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = "https://feed.example/feed.xml"


def source(**given: Any) -> Source:
    return Source(**{"id": "s", "name": "S", "url": HERE, "site": "https://feed.example/", "category": "x", "kind": "rss", "tier": "trade", **given})


def read(data: bytes, content_type: str = "application/rss+xml", **given: Any) -> Feed:
    return parse(data, source(**given), url=HERE, content_type=content_type, now=NOW)


def rss(*items: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{"".join(items)}</channel></rss>'.encode()


def test_rss_rdf_atom_and_json_say_the_same() -> None:
    rss2 = rss(
        "<item><title>One &amp;amp; only</title><guid>g1</guid><link>/1?utm_source=x</link><author>Ruth</author>"
        "<pubDate>Fri, 20 Nov 2026 09:00:00 GMT</pubDate><description>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</description></item>"
    )
    rdf = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b'<channel rdf:about="x"><title>F</title></channel><item rdf:about="g1"><title>One &amp;amp; only</title><link>https://feed.example/1</link>'
        b"<dc:creator>Ruth</dc:creator><dc:date>2026-11-20T09:00:00Z</dc:date><description>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</description></item></rdf:RDF>"
    )
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title>One &amp; only</title><id>g1</id><link href="/1"/>'
        b"<author><name>Ruth</name></author><published>2026-11-20T10:00:00+01:00</published>"
        b'<content type="html">&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</content></entry></feed>'
    )
    item = {"id": "g1", "url": "/1", "title": "One & only", "authors": [{"name": "Ruth"}], "date_published": "2026-11-20T09:00:00Z"}
    as_json = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{**item, "content_html": "<p>First.</p><p>Second.</p>"}]}).encode()
    for data in (rss2, rdf, atom, as_json):
        (entry,) = read(data).entries
        assert (entry.title, entry.link, entry.author) == ("One & only", "https://feed.example/1", "Ruth"), data[:60]
        assert entry.published == datetime(2026, 11, 20, 9, tzinfo=UTC)
        assert entry.summary == "First.\n\nSecond."
        assert entry.id.removeprefix("https://feed.example/") == "g1"


def test_the_register_gives_its_days_as_fields_and_its_next_page() -> None:
    document = {
        "count": 2,
        "next_page_url": "https://www.federalregister.example/api/v1/documents.json?page=2",
        "results": [
            {
                "title": "Notice before automated decisions",
                "type": "Rule",
                "abstract": "The Bureau requires notice.",
                "document_number": "2026-24118",
                "html_url": "https://www.federalregister.example/d/2026-24118",
                "publication_date": "2026-11-18",
                "effective_on": "2027-05-18",
                "comments_close_on": None,
                "agencies": [{"name": "Fair Work Bureau"}, {"raw_name": "LABOR"}],
                "citation": "91 FR 90001",
            },
            {"title": "", "html_url": "https://x.example/"},
        ],
    }
    feed = read(json.dumps(document).encode(), kind="federal_register")
    assert feed.next_url == "https://www.federalregister.example/api/v1/documents.json?page=2"
    assert feed.skipped == 1
    (entry,) = feed.entries
    assert entry.id == "2026-24118"
    assert entry.summary == "The Bureau requires notice."
    assert entry.published == datetime(2026, 11, 18, tzinfo=UTC)
    assert dict(entry.fields) == {
        "effective_on": "2027-05-18",
        "document_number": "2026-24118",
        "type": "Rule",
        "citation": "91 FR 90001",
        "agencies": "Fair Work Bureau; LABOR",
    }


@pytest.mark.parametrize(
    ("data", "content_type", "said"),
    [
        (b"<!doctype html><title>Sign in</title><p>Please sign in.", "text/html; charset=utf-8", "(text/html) begins 'Please sign in.'"),
        (b"", "application/rss+xml", "(application/rss+xml) is empty"),
        (b"no", "", "(no content type) begins 'no'"),
        (b'{"items": []}', "application/json", "(application/json) begins"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": 3}', "application/json", "begins"),
        (b"{" * 100_000, "application/json", "begins '{{{"),
        (b"\x00\xff\xfe", "image/png", "(image/png)"),
    ],
)
def test_what_is_no_feed_is_named_with_its_type_and_first_words(data: bytes, content_type: str, said: str) -> None:
    with pytest.raises(FetchError) as caught:
        read(data, content_type)
    assert caught.value.reason == "not-a-feed"
    assert said in caught.value.detail
    assert "check the address" in caught.value.detail


def test_more_entries_than_the_limit_keep_the_newest_in_the_feeds_order() -> None:
    days = (1, 9, 5, 8, 2)
    items = [f"<item><title>t{d}</title><guid>g{d}</guid><pubDate>{d:02} Nov 2026 09:00:00 GMT</pubDate></item>" for d in days]
    feed = read(rss(*items), max_items=3)
    assert [e.title for e in feed.entries] == ["t9", "t5", "t8"]
    assert feed.over == 2


def test_an_entry_without_a_title_is_called_by_its_text_and_an_empty_one_is_counted() -> None:
    feed = read(rss("<item><description>" + "word " * 30 + "</description></item>", "<item></item>", "<item><link>https://a.example/x/y</link></item>"))
    assert [e.title for e in feed.entries] == ["word " * 12 + "…", "a.example/x/y"]
    assert feed.skipped == 1


def test_the_source_element_names_the_true_publisher() -> None:
    (entry,) = read(rss('<item><title>t</title><source url="https://o.example/f">The Ledger</source></item>')).entries
    assert entry.publisher == "The Ledger"


# ------------------------------------------------------- the hostile feeds, by row


@pytest.mark.parametrize(
    ("titles", "want"),
    [
        (["R&D at AT&T", "A < B"], ["R&D at AT&T", "A < B"]),
        (["R&amp;D", "It isn&#8217;t &lt;b&gt;"], ["R&D", "It isn’t <b>"]),  # escaped throughout: undone once, never read as markup
        (["R&amp;amp;D"], ["R&amp;D"]),
        (["Why &amp; is written so", "Q&A"], ["Why &amp; is written so", "Q&A"]),  # a bare one: this publisher writes plain text
        (["No reference: AT&T;", "x"], ["No reference: AT&T;", "x"]),
    ],
)
def test_titles_of_a_json_feed_are_plain_text_unless_the_document_escapes_them_all(titles: list[str], want: list[str]) -> None:
    items = [{"id": str(n), "title": t} for n, t in enumerate(titles)]
    feed = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": items}).encode(), "application/feed+json")
    assert [e.title for e in feed.entries] == want


def hostile_feed(hostile: Path, name: str) -> Feed:
    return read((hostile / "feeds" / name).read_bytes())


def test_p02_nothing_outside_is_read(hostile: Path) -> None:
    for name in ("external-entity.xml", "external-dtd.xml"):
        feed = hostile_feed(hostile, name)
        assert all("root:" not in e.summary + e.title and "localhost" not in e.title for e in feed.entries)


def test_p03_the_cut_item_is_not_kept_and_the_flaw_is_told(hostile: Path) -> None:
    feed = hostile_feed(hostile, "cut-off.xml")
    assert [e.title for e in feed.entries] == ["Whole"]
    assert feed.flaw == "cut off"


def test_p04_odd_characters_are_harmless_and_told(hostile: Path) -> None:
    entity, control = hostile_feed(hostile, "undeclared-entity.xml"), hostile_feed(hostile, "control-chars.xml")
    assert entity.entries[0].title == "Café &unknown; end"
    assert control.entries[0].title == "ab c"
    assert (entity.flaw, control.flaw) == ("not well-formed", "not well-formed")


def test_p05_a_wrong_encoding_is_read_rightly_and_told(hostile: Path) -> None:
    feed = hostile_feed(hostile, "latin1-called-utf8.xml")
    assert feed.entries[0].title == "Café naïve"
    assert feed.flaw == "wrong encoding, read as windows-1252"


def test_p06_fifty_thousand_items_are_bounded() -> None:
    feed = read(rss(*(f"<item><title>t{i}</title><guid>g{i}</guid></item>" for i in range(50_000))), max_items=200)
    assert len(feed.entries) == 200
    assert feed.over == 49_800


def test_p07_no_item_is_lost_to_its_date(hostile: Path) -> None:
    feed = hostile_feed(hostile, "dates.xml")
    assert {e.title: e.published.isoformat() if e.published else None for e in feed.entries} == {
        "No date": None,
        "Far future": None,
        "Ancient": None,
        "Nonsense": None,
        "Wrong weekday": "2026-11-20T09:00:00+00:00",
        "Local zone name": "2026-11-20T14:00:00+00:00",
        "No zone": "2026-11-20T09:00:00+00:00",
        "Feb 30": None,
    }


def test_p11_a_body_that_is_a_path_or_an_address_opens_nothing(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("something was opened")

    bodies = [(hostile / "feeds" / name).read_bytes() for name in ("body-is-a-path.txt", "body-is-a-url.txt")]
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("urllib.request.urlopen", refuse)
    monkeypatch.setattr("socket.socket.connect", refuse)
    for body in bodies:
        with pytest.raises(FetchError, match="not-a-feed"):
            read(body, "text/plain")


def test_p12_relative_links_are_absolute(hostile: Path) -> None:
    feed = hostile_feed(hostile, "relative-links.xml")
    assert [e.link for e in feed.entries] == [
        "https://feed.example/news/1?x=1#y",
        "https://other.example/2",
        "https://feed.example/feed.xml?p=3",
        "https://feed.example/4",
    ]


def test_p13_text_is_unescaped_once_and_markup_stays_out(hostile: Path) -> None:
    (twice,) = hostile_feed(hostile, "escaped-twice.xml").entries
    assert (twice.title, twice.summary) == ("A <b> C", "R&D <script>alert(1)</script>")
    feed = hostile_feed(hostile, "html-everywhere.xml")
    (everywhere,) = feed.entries
    assert (everywhere.title, everywhere.summary, everywhere.link) == ("Bold", "x", "")
    assert feed.no_link == 1
    assert everywhere.fields == {"link": "left out: not an address that may be followed"}


@pytest.mark.corpus
@pytest.mark.parametrize("folder", ["feed-rs", "rss2email"])
def test_corpus_feeds_have_as_many_entries_as_the_manifest_says(corpus: Path, folder: str) -> None:
    """Two of the folders; `run.py eval collect` reads all of them."""
    import csv
    import gzip

    with (corpus / "feeds" / "manifest.csv").open(encoding="utf-8", newline="") as handle:
        listed = {r["file"]: r for r in csv.DictReader(handle) if r["file"].startswith(folder + "/") and not r["file"].endswith(".json.gz")}
    assert len(listed) >= 11
    for name, row in listed.items():
        path = corpus / "feeds" / name
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        try:
            feed = read(data, "application/xml", max_items=10_000)
        except FetchError as error:
            assert (error.reason, int(row["entries"])) == ("not-a-feed", 0), name
            continue
        if not row["format"].startswith("json") and feed.format[:3] != "jso":
            assert int(row["entries"]) - len(feed.entries) - feed.skipped in ({0, 1} if feed.flaw == "cut off" else {0}), name


def test_time_of_parsing_is_no_input() -> None:
    later = parse(rss("<item><title>t</title><guid>g</guid></item>"), source(), url=HERE, content_type="", now=NOW + timedelta(days=1))
    assert later.entries == read(rss("<item><title>t</title><guid>g</guid></item>")).entries


@pytest.mark.parametrize("left", ["{static}/../../etc/hostname", "{{ page.url }}", "|filename|x.md", "https://feed.example/{% url %}", " {$link}"])
def test_a_placeholder_that_was_never_filled_in_is_no_link(left: str) -> None:
    (entry,) = read(rss(f"<item><title>T</title><guid>g</guid><link>{left}</link></item>")).entries
    assert (entry.link, entry.fields) == ("", {"link": "left out: not an address that may be followed"})


def test_a_publisher_is_as_long_as_a_source_list_takes() -> None:
    (entry,) = read(rss(f"<item><title>T</title><source url='https://x.example/'>{'Name ' * 60}</source></item>")).entries
    assert len(entry.publisher) <= 120
    assert entry.publisher.endswith(" […]")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Measure & record", "Measure & record"),
        ("AT&T; and&nbsp;others&hellip;", "AT&T; and others…"),
        ("Re&colon; figures", "Re: figures"),
        ("a\x02b&#3;c\x0bd&#x1F;e", "abc d e"),
        ("<![CDATA[R&D, 5 & 6]]> & 7", "R&D, 5 & 6 & 7"),
        ("five &lt; six & &#55; &gt; &quot;6&quot;", 'five < six & 7 > "6"'),
    ],
)
def test_slips_with_one_meaning_are_mended_without_the_tolerant_parser_and_told(written: str, title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "tolerant", lambda *given: pytest.fail("the tolerant parser was asked"))
    feed = read(rss(f"<item><title>{written}</title><guid>g</guid></item>", "<item><title>x & y</title></item>"))
    assert [e.title for e in feed.entries] == [title, "x & y"]
    assert feed.flaw == "not well-formed"


@pytest.mark.parametrize(
    "data", [b"<rss version='2.0'><channel><item><title>a & b</channel></rss>", rss("<item><title>caf\xe9 & b</title></item>").replace(b"\xc3", b"")]
)
def test_a_document_that_needs_judgement_is_left_to_the_tolerant_parser(data: bytes) -> None:
    assert quick.read(data, "application/xml") is None


def test_mending_takes_no_longer_than_the_document_is_long() -> None:
    for piece in (b"<![CDATA[", b"&", b"&#", b"&a", b"&#x1", b"<![CDATA[]]"):
        data = b"<rss version='2.0'><channel>" + piece * (400_000 // len(piece))
        began = process_time()
        assert quick.read(data, "") is None
        assert process_time() - began < 1, piece
