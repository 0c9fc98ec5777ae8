from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from briefing.collect import leads
from briefing.model import Item, Source, Tier

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def google_id(held: bytes) -> str:
    """A Google News id as they are made: a protocol buffer with a number, a text and a second text."""
    size = bytes([len(held)]) if len(held) < 128 else bytes([len(held) & 127 | 128, len(held) >> 7])
    return base64.urlsafe_b64encode(b'\x08\x13"' + size + held + b"\xd2\x01\x00").decode().rstrip("=")


OLD = google_id(b"https://gazette.example/2026/11/notice-rule")
OLD_LONG = google_id(b"https://gazette.example/" + b"a" * 180)
NEW = google_id(b"AU_yqLPx0Wc3d7zqkQ0J2mV5tB8yN1sE4rT6uI9oP0aSdFgHjKlZxCvBnM")  # since July 2024: a token in place of the address
LOCAL = google_id(b"http://127.0.0.1/admin")


@pytest.mark.parametrize(
    ("link", "want"),
    [
        (f"https://news.google.com/rss/articles/{OLD}?oc=5", "https://gazette.example/2026/11/notice-rule"),
        (f"https://news.google.com/read/{OLD_LONG}", "https://gazette.example/" + "a" * 180),
        (f"https://news.google.com/rss/articles/{NEW}?oc=5", ""),
        (f"https://news.google.com/rss/articles/{LOCAL}", ""),
        ("https://news.google.com/rss/articles/CBMi!!!", ""),
        ("https://news.google.com/rss/articles/CBMi", ""),
        ("https://www.google.com/url?rct=j&sa=t&url=https://gazette.example/a%3Fid%3D7&ct=ga", "https://gazette.example/a?id=7"),
        ("https://www.google.com/url?url=javascript:alert(1)", ""),
        ("https://www.google.com/url?q=https://www.google.com/url?q=https://gazette.example/a", "https://gazette.example/a"),
        ("http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fgazette.example%2fa%3fx%3d1&c=9", "https://gazette.example/a?x=1"),
        ("https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU=https%3a%2f%2fgazette.example%2fa%2fb/RK=2/RS=x-", "https://gazette.example/a/b"),
        ("http://rd.yahoo.com/dailynews/rss/*http://gazette.example/a/b", "http://gazette.example/a/b"),
        ("http://go.theregister.com/feed/www.gazette.example/2019/07/31/moon/", "https://www.gazette.example/2019/07/31/moon/"),
        ("https://www.msn.com/en-us/news/other/ar-AA1", ""),
        ("https://flipboard.com/@desk/a", ""),
        # Nothing is carried in clear, and a redirect is worth asking for.
        ("http://feedproxy.google.com/~r/Gazette/~3/NnQEuqRSyug/notice.html", "http://feedproxy.google.com/~r/Gazette/~3/NnQEuqRSyug/notice.html"),
        ("https://t.co/6CAXEhiA29", "https://t.co/6CAXEhiA29"),
        # Not theirs at all.
        ("https://gazette.example/t.co/x", "https://gazette.example/t.co/x"),
        ("https://not-t.co/x", "https://not-t.co/x"),
        ("https://blog.google/technology/ai/", "https://blog.google/technology/ai/"),
        ("https://www.google.com/press/", "https://www.google.com/press/"),
    ],
)
def test_the_publishers_address_is_taken_where_it_stands_in_clear(link: str, want: str) -> None:
    assert leads.target(link) == want


def item(url: str, **given: object) -> Item:
    return Item(**{"id": "0" * 16, "source": "s", "url": url, "title": "T", "first_seen": NOW, **given})  # type: ignore[arg-type]


def source(tier: Tier) -> Source:
    return Source(id="s", name="S", url="https://s.example/f", site="https://s.example/", category="x", kind="rss", tier=tier)


@pytest.mark.parametrize(
    ("url", "tier", "fields", "want"),
    [
        ("https://gazette.example/a", "trade", {}, False),
        ("https://t.co/a", "trade", {}, True),
        ("https://gazette.example/a", "aggregator", {}, True),  # what such a feed says is not what the page says
        ("https://gazette.example/a", "aggregator", {leads.THROUGH: "https://s.example/1"}, False),
        (f"https://news.google.com/rss/articles/{OLD}", "aggregator", {leads.THROUGH: "x"}, True),
    ],
)
def test_a_lead_is_a_lead_until_the_publishers_page_was_found(url: str, tier: Tier, fields: dict[str, str], want: bool) -> None:
    assert leads.is_lead(item(url, fields=fields), source(tier)) is want


def test_a_redirector_in_a_publishers_own_feed_carries_its_own_words() -> None:
    assert leads.own_words(item("https://feedproxy.google.com/~r/x"), source("trade"))
    assert not leads.own_words(item("https://feedproxy.google.com/~r/x"), source("aggregator"))
    assert not leads.own_words(item(f"https://news.google.com/rss/articles/{OLD}"), source("trade"))
    assert not leads.own_words(item("https://gazette.example/a"), source("aggregator"))


def test_every_host_of_the_list_is_known_with_what_lies_below_it() -> None:
    for one in leads.AGGREGATORS:
        for host in one.hosts:
            path = {"/url$": "/url"}.get(one.path, one.path + "x" if one.path else "/x")
            assert leads.aggregator(f"https://{host}{path}") is one
            assert leads.aggregator(f"https://below.{host}{path}") is not None
            assert leads.aggregator(f"https://{host}.example{path}") is None
