"""The feed for mail services that poll: one item an edition, its id for ever, dated when the edition was approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from . import senders
from .letter import Letter

NEWEST = 20  # a service looks at the newest; older ones stay on the site


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One edition in the feed."""

    letter: Letter
    fragment: str  # the letter as HTML, without frame and unsubscribe tag
    approved: datetime


def rss(name: str, home: str, description: str, language: str, entries: Sequence[Entry]) -> bytes:
    """The feed, newest edition first, at most `NEWEST` of them."""
    newest = sorted(entries, key=lambda e: e.letter.edition, reverse=True)[:NEWEST]
    out = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">',
        "<channel>",
        f"<title>{_xml(name)}</title>",
        f"<link>{escape(home)}</link>",
        f'<atom:link href="{escape(home)}email/feed.xml" rel="self" type="application/rss+xml"/>',
        f"<description>{_xml(description)}</description>",
        f"<language>{escape(language)}</language>",
        *(line for e in newest for line in _item(e)),
        "</channel>",
        "</rss>",
    ]
    return ("\n".join(out) + "\n").encode("utf-8")


def guid(letter: Letter) -> str:
    """The edition's id: its day and nothing that an address, a title or a correction could change, so that nothing is sent twice."""
    return f"briefing-edition-{letter.edition.isoformat()}"


def _item(e: Entry) -> tuple[str, ...]:
    x = e.letter
    return (
        "<item>",
        f"<title>{_xml(x.subject)}</title>",
        f"<link>{escape(x.web)}</link>",
        f'<guid isPermaLink="false">{guid(x)}</guid>',
        f"<pubDate>{format_datetime(e.approved.astimezone(UTC))}</pubDate>",
        f"<description>{_xml(x.preheader)}</description>",
        f"<content:encoded>{escape(e.fragment)}</content:encoded>",
        "</item>",
    )


def _xml(words: str) -> str:
    return escape(senders.header(words))
