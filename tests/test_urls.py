from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collect import urls
from briefing.inline import WEB

BASE = "https://feed.example/news/feed.xml"


@pytest.mark.parametrize(
    ("given_", "want"),
    [
        ("https://a.example/x?utm_source=rss&id=5&utm_medium=feed", "https://a.example/x?id=5"),
        ("https://a.example/x?gclid=1&fbclid=2&mc_cid=3", "https://a.example/x"),
        ("https://a.example/x?id=5&page=2&q=", "https://a.example/x?id=5&page=2&q="),
        ("https://a.example/x?b=2&a=1", "https://a.example/x?b=2&a=1"),
        ("HTTPS://A.Example:443/Path", "https://a.example/Path"),
        ("http://a.example:8080/x", "http://a.example:8080/x"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/x#section-2", "https://a.example/x#section-2"),
        ("https://a.example/x#:~:text=hello", "https://a.example/x"),
        ("https://a.example/x#xtor=RSS-1", "https://a.example/x"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("  https://a.example/x \n", "https://a.example/x"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("/news/1?x=1#y", "https://feed.example/news/1?x=1#y"),
        ("//other.example/2", "https://other.example/2"),
        ("?p=3", "https://feed.example/news/feed.xml?p=3"),
        ("../up", "https://feed.example/up"),
        ("https://example.org/?a=1&b=2#c", "https://example.org/?a=1&b=2#c"),
    ],
)
def test_a_link_loses_trackers_and_nothing_else(given_: str, want: str) -> None:
    assert urls.link(given_, BASE) == want


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/hostname",
        "ftp://example.org/x",
        "mailto:a@example.org",
        "http://",
        "https://user:pw@a.example/",
        "https://a.example/\x00",
        "https://a.example/\u202egnp",
        "java\nscript:alert(1)",
        "https://[::1",
        "https://a.example:99999/",
        "https://a.example/" + "x" * 2_000,
    ],
)
def test_what_is_no_web_link_is_left_out(bad: str) -> None:
    assert urls.link(bad, "https://feed.example/" if bad.startswith("//") else "") == ""


def test_links_into_private_networks_are_left_out(hostile: Path) -> None:
    listed = [x for x in (hostile / "addresses.txt").read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
    assert len(listed) >= 38
    assert {x: urls.link(x) for x in listed} == dict.fromkeys(listed, "")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.a.example/x/", "http://a.example/x", True),
        ("https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2", True),
        ("https://a.example/x?a=1", "https://a.example/x?a=2", False),
        ("https://a.example/notes#may", "https://a.example/notes#june", False),
        ("https://a.example/X", "https://a.example/x", False),
    ],
)
def test_two_links_are_one_page(one: str, other: str, same: bool) -> None:
    assert (urls.key(urls.link(one)) == urls.key(urls.link(other))) is same


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f.1", "2130706433", "017700000001", "localhost", "LOCALHOST.", "x.localhost", "printer.local", "::ffff:7f00:1", "[::1]"]
)
def test_every_spelling_of_a_private_host_is_seen(host: str) -> None:
    assert urls.why_private(host)


@pytest.mark.parametrize("host", ["a.example", "1and1.example", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "127.0.0.1.example"])
def test_public_hosts_pass(host: str) -> None:
    assert urls.why_private(host) == ""


@pytest.mark.parametrize("address", ["64:ff9b::7f00:1", "2002:7f00:1::", "fec0::1", "100.64.0.1", "169.254.169.254", "::"])
def test_addresses_that_lead_inside_are_not_public(address: str) -> None:
    assert "not a public address" in urls.why_address(ipaddress.ip_address(address))


@given(st.text(max_size=80))
def test_a_link_is_a_web_address_or_nothing_and_stays_as_it_is(text: str) -> None:
    once = urls.link(text, BASE)
    assert once == "" or WEB.match(once)
    assert urls.link(once) == once


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/" + "a" * 1500 + "!",
        "https://a.example/" + "a.a" * 500 + "%",
        "https://" + "a." * 900 + "!",
        "https://a.example/" + "a/" * 700 + "\\",
    ],
)
def test_no_link_takes_long(url: str) -> None:
    from time import perf_counter

    started = perf_counter()
    urls.link(url)
    assert perf_counter() - started < 1
