"""Links that lead to a publisher's page instead of being one: aggregators, redirectors, shorteners. Pure.

Such an item is a lead: it says that somebody published something, and nothing about what stands there. It is cited only after the
publisher's own page was read. Where the address carries the page's address in clear it is taken from there; else redirects may be
followed; else it stays a lead and the editor is told. Google News ids made since July 2024 hold an opaque token, do not redirect, and are
resolved only by a signed call that Google does not offer to others: they stay leads.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from ..model import Item, Source
from . import urls

#: The field of an item that was a lead: the link its feed gave.
THROUGH = "found_through"
#: A carried address may itself be carried; more than this is a game.
_DEEPEST = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Aggregator:
    """Hosts whose addresses are not a publisher's, and how the publisher's is found."""

    hosts: tuple[str, ...]  # a host and everything below it
    path: str = ""  # a pattern that the start of the path has to match
    carries: tuple[str, ...] = ()  # query parameters that hold the page's address
    in_path: str = ""  # a pattern for the path; its group is the page's address, or its host and path
    google_id: bool = False  # the last part of the path is a Google News id
    follow: bool = False  # whether it answers with a redirect that is worth asking for
    own: bool = False  # whether publishers use it in their own feeds: the feed's words are then the publisher's


#: Every one of them. The first that fits decides.
AGGREGATORS: tuple[Aggregator, ...] = (
    Aggregator(hosts=("news.google.com",), google_id=True),
    Aggregator(hosts=("www.google.com", "google.com"), path="/url$", carries=("url", "q")),
    Aggregator(hosts=("consent.google.com", "accounts.google.com", "consent.yahoo.com", "guce.yahoo.com")),  # what stands in the way, not a page
    Aggregator(hosts=("bing.com",), path="/news/", carries=("url",), follow=True),
    Aggregator(hosts=("msn.com", "flipboard.com", "newsbreak.com", "apple.news", "smartnews.com", "ground.news")),  # copies on their own pages
    Aggregator(hosts=("r.search.yahoo.com", "search.yahoo.com", "rd.yahoo.com"), in_path=r"(?:/RU=|/\*+)(https?(?::|%3a)(?:[^/]|/(?!RK=))+)", follow=True),
    Aggregator(hosts=("l.facebook.com", "lm.facebook.com"), carries=("u",)),
    Aggregator(hosts=("out.reddit.com",), carries=("url",), follow=True),
    Aggregator(hosts=("linkedin.com",), path="/redir/", carries=("url",)),
    Aggregator(hosts=("duckduckgo.com",), path="/l/", carries=("uddg",)),
    Aggregator(hosts=("moreover.com",), path="/click/", follow=True),
    Aggregator(hosts=("feedproxy.google.com", "rss.feedsportal.com", "da.feedsportal.com"), follow=True, own=True),
    Aggregator(hosts=("feedburner.com",), path="/~", follow=True, own=True),
    Aggregator(hosts=("feedblitz.com",), path="/~", follow=True, own=True),
    Aggregator(hosts=("go.theregister.com",), in_path=r"/feed/([^/]+\.[^/]+/.+)", follow=True, own=True),
    Aggregator(
        hosts=("t.co", "bit.ly", "j.mp", "lnkd.in", "ow.ly", "buff.ly", "dlvr.it", "trib.al", "tinyurl.com", "ift.tt", "goo.gl", "is.gd", "t.ly", "rebrand.ly"),
        follow=True,
        own=True,
    ),
    Aggregator(hosts=("flip.it", "fb.me", "shorturl.at", "cutt.ly", "rb.gy", "tiny.cc", "shar.es"), follow=True),
)
_BY_HOST = {host: tuple(a for a in AGGREGATORS if host in a.hosts) for a in AGGREGATORS for host in a.hosts}
#: What a Google News id holds before its text: two fields of a protocol buffer, the second one text with its length.
_GOOGLE_HEAD = b'\x08\x13"'


def aggregator(url: str) -> Aggregator | None:
    """Whose address this is, or None for what may be a publisher's own."""
    parts = urlsplit(url)
    labels = (parts.hostname or "").split(".")
    for n in range(len(labels) - 1):
        for one in _BY_HOST.get(".".join(labels[n:]), ()):
            if re.match(one.path, parts.path or "/"):
                return one
    return None


def is_lead(item: Item, source: Source | None) -> bool:
    """Whether the item's publisher's page was not found (yet): its link is an aggregator's, or its source only collects links.

    Such an item is never cited. An item that was resolved keeps the link it was found through in the field `THROUGH`.
    """
    if aggregator(item.url) is not None:
        return True
    return source is not None and source.tier == "aggregator" and THROUGH not in item.fields


def own_words(item: Item, source: Source | None) -> bool:
    """Whether what the feed carried of a lead is the publisher's own text: the link only takes a way round."""
    one = aggregator(item.url)
    return one is not None and one.own and (source is None or source.tier != "aggregator")


def target(url: str) -> str:
    """The address to ask for the publisher's page: the one carried in clear, else the link itself where it redirects, else ""."""
    for _ in range(_DEEPEST):
        one = aggregator(url)
        if one is None:
            return url
        found = urls.link(_carried(one, url))
        if not found:
            return url if one.follow else ""
        url = found
    return ""


def _carried(one: Aggregator, url: str) -> str:
    """The address that the link holds in clear, or ""."""
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query))
    for name in one.carries:
        if given.get(name, "").startswith(("http://", "https://")):
            return given[name]
    if one.google_id:
        return _in_google_id(parts.path.rpartition("/")[2])
    found = re.search(one.in_path, parts.path, re.IGNORECASE) if one.in_path else None
    if found is None:
        return ""
    address = unquote(found[1])
    return address if address.lower().startswith(("http://", "https://")) else f"https://{address}"


def _in_google_id(name: str) -> str:
    """The address in a Google News id of before July 2024, or "" (newer ones hold a token)."""
    try:
        data = base64.b64decode(name + "=" * (-len(name) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not data.startswith(_GOOGLE_HEAD) or len(data) < 6:
        return ""
    length, start = data[3], 4
    if length >= 0x80:
        length, start = (length & 0x7F) | (data[4] << 7), 5
    text = data[start : start + length]
    if len(text) != length or not text.startswith((b"http://", b"https://")):
        return ""
    return text.decode("utf-8", "replace")
