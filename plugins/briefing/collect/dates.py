"""Dates as feeds write them, to moments in UTC or to nothing. A date is never guessed: what is not written is not known."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

#: Nothing on the web is older; below it stand Unix zero, year 1 and two-digit accidents. (Real feeds carry essays of 1994.)
FIRST_YEAR = 1991
_HOURS = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "IST": 5.5,
}
_YEAR_NAUGHT = re.compile(r"\b00\d\d (?=\d\d?:)")  # which both libraries read as 2000 and later
_DOTTED = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")
_MONTHS = {name: n for n, name in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1)}
#: The form nearly all RSS has, to the letter; what differs at all is left to the libraries.
_USUAL = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, )?(\d\d?) ({'|'.join(_MONTHS)}) ([12]\d{{3}}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC|([+-])([01]\d|2[0-3])([0-5]\d))\Z", re.ASCII
)
_RFC = re.compile(r"[A-Za-z]{3,9},?\s+\d|\d{1,2}\s+[A-Za-z]{3}")
_DEFAULTS = (datetime(2000, 1, 1), datetime(2001, 2, 2))  # noqa: DTZ001 - what both fill in alike was written out


def parse(text: str, now: datetime, *, day_first: bool = False) -> datetime | None:
    """The moment a feed's date says, in UTC to the second, or None where it says none between 1991 and a year from `now`.

    A time without a zone is read as UTC. `day_first` decides how 03.11.2026 is read.
    """
    text = " ".join(text.split())[:80]
    moment = _usual(text) or _rare(text, day_first)
    return moment if moment and moment.year >= FIRST_YEAR and moment <= now + timedelta(days=366) else None


def _rare(text: str, day_first: bool) -> datetime | None:
    if not text or _YEAR_NAUGHT.search(text):
        return None
    moment = _iso(text) or _rfc822(text) or _other(text, day_first)
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (OverflowError, ValueError):
        return None


def _usual(text: str) -> datetime | None:
    found = _USUAL.match(text)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    try:
        moment = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        return None
    return moment if sign is None else moment - int(f"{sign}1") * timedelta(hours=int(hours), minutes=int(minutes))


def _iso(text: str) -> datetime | None:
    if len(text) < 10 or text[4] != "-":
        return None
    try:
        return datetime.fromisoformat(text.replace(" +", "+"))
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    """The usual form of RSS. A zone name that is not in our table reads as UTC, as a missing zone does."""
    if not _RFC.match(text):
        return None
    found = parsedate_tz(text)
    if found is None:
        return None
    offset = found[9]
    name = text.rsplit(" ", 1)[-1].upper()
    if name in _HOURS:
        offset = int(_HOURS[name] * 3600)
    try:
        return datetime(*found[:6], tzinfo=timezone(timedelta(seconds=offset or 0)))
    except (ValueError, OverflowError):
        return None


def _other(text: str, day_first: bool) -> datetime | None:
    if not re.search(r"\d{4}", text) or text.isdigit():
        return None
    from dateutil import parser as dateutil  # noqa: PLC0415 - slow to import, and hardly ever needed

    zones = {name: int(hours * 3600) for name, hours in _HOURS.items()}
    dotted = _DOTTED.match(text)
    try:
        first, second = (dateutil.parse(text, default=d, dayfirst=day_first and bool(dotted), tzinfos=zones) for d in _DEFAULTS)
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None
    return first if first == second else None
