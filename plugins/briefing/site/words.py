"""Dates, names and lengths as the pages say them. English, and never the machine's locale: the same words everywhere."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
#: Topic words that are written in capitals.
CAPITALS = {"ai": "AI", "eu": "EU", "us": "US", "uk": "UK", "hr": "HR", "it": "IT", "llm": "LLM", "gdpr": "GDPR", "hipaa": "HIPAA"}

_ENDS = " ,;:.–—-"
_SLUG = 80
_SMALL_WORDS = frozenset({"a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "is", "its", "of", "on", "or", "that", "the", "to", "with"})

TITLE_LONGEST = 65
DESCRIPTION_SHORTEST, DESCRIPTION_LONGEST = 70, 160


def day(value: date) -> str:
    """November 24, 2026."""
    return f"{MONTHS[value.month - 1]} {value.day}, {value.year}"


def month_day(value: date) -> str:
    """November 24."""
    return f"{MONTHS[value.month - 1]} {value.day}"


def short_day(value: date) -> str:
    """Nov 24: for narrow columns, where the year stands below."""
    return f"{MONTHS[value.month - 1][:3]} {value.day}"


def full_day(value: date) -> str:
    """Tuesday, November 24, 2026."""
    return f"{WEEKDAYS[value.weekday()]}, {day(value)}"


def span(first: date, last: date) -> str:
    """The days from first to last, as short as it stays clear: November 17 to 23, 2026."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    if first.month != last.month:
        return f"{month_day(first)} to {day(last)}"
    return f"{month_day(first)} to {last.day}, {last.year}"


def count(number: int, noun: str, plural: str = "") -> str:
    """`one briefing`, `12 briefings`: numbers under ten in words."""
    figure = SMALL[number] if 0 <= number < len(SMALL) else str(number)
    return f"{figure} {noun if number == 1 else plural or noun + 's'}"


def upper_first(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def joined(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    items = list(parts)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def topic(slug: str) -> str:
    """A topic's name from its slug: ai-inventory is AI inventory."""
    return upper_first(" ".join(CAPITALS.get(w, w) for w in slug.split("-")))


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, for addresses and fragments, at most 80 characters; `x` where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    whole = re.sub(r"[^a-z0-9]+", "-", plain.replace("’", "").replace("'", "")).strip("-")
    return whole[: _SLUG + 1].rpartition("-")[0] or whole[:_SLUG] if len(whole) > _SLUG else whole or "x"


def name_slug(name: str) -> str:
    """The `slug` of a publisher or person, with a digest where letters of the name are lost in it: two such names keep two addresses."""
    lost = any(c.isalpha() and not c.isascii() for c in unicodedata.normalize("NFKD", name))
    return f"{slug(name)[:71].rstrip('-')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}" if lost else slug(name)


def cut(text: str, longest: int) -> str:
    """The text, or its first words and an ellipsis, at most `longest` characters; never cut inside a word or behind a small one."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    if not text[longest - 1].isspace():
        head = head.rpartition(" ")[0] or head
    head = head.rstrip(_ENDS)
    while head.rpartition(" ")[2].lower() in _SMALL_WORDS and " " in head:
        head = head.rpartition(" ")[0].rstrip(_ENDS)
    return head + "…"


def page_title(title: str, name: str) -> str:
    """What stands in the browser's tab: headline, then the publication, at most 65 characters."""
    whole = f"{title} | {name}"
    return whole if len(whole) <= TITLE_LONGEST else cut(title, TITLE_LONGEST)


def description(*parts: str) -> str:
    """A page's description for search engines: as many parts as it takes to reach 70 characters, at most 160."""
    text = ""
    for part in parts:
        if len(text) >= DESCRIPTION_SHORTEST:
            break
        text = f"{text} {part}".strip()
    return cut(text, DESCRIPTION_LONGEST)


def withdrawn(what: str, edition: date) -> str:
    """What was taken back, without its words: an id carries those of a headline that nobody stands behind any more."""
    thing = "the edition" if what.startswith("edition-") else "a briefing"
    return f"{thing} of {day(edition)}"


def initials(name: str) -> str:
    """DW for Dana Whitlock."""
    parts = name.split()
    return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()


def person(approved_by: str) -> str:
    """The name in `Name <address>`; addresses are not printed on pages."""
    return approved_by.partition("<")[0].strip() or approved_by
