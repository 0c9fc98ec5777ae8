"""Editions: which Tuesday a moment belongs to, its window, its number, and its file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from . import yamlfile
from .config import WEEKDAYS, Publication
from .errors import ContentRefused
from .model import Edition, Reading, Unused

#: A job that should run before the edition's day is over may start this late and still means that edition.
GRACE = timedelta(hours=30)
_WEEK = timedelta(days=7)


def for_moment(now: datetime, publication: Publication) -> date:
    """The edition that work at `now` is for: the next edition day, or today's until 30 hours after its midnight.

    Only the publication's zone decides, never the machine's.
    """
    local = now.astimezone(publication.tz)
    day = (local.replace(tzinfo=None) - GRACE + timedelta(days=1)).date()
    ahead = (WEEKDAYS.index(publication.weekday) - day.weekday()) % 7
    return max(day + timedelta(days=ahead), publication.first_edition)


def window(edition: date, publication: Publication) -> tuple[datetime, datetime]:
    """Start (included) and end (excluded) in UTC of what belongs to an edition: seven local days that end at its cut-off."""
    end = cutoff(edition, publication)
    return cutoff(edition - _WEEK, publication), end


def cutoff(edition: date, publication: Publication) -> datetime:
    """The moment in UTC at which an edition's window ends."""
    back = (edition.weekday() - publication.cutoff_day) % 7
    day = edition - timedelta(days=back)
    return datetime.combine(day, publication.cutoff_time, publication.tz).astimezone(UTC)


def published_at(edition: date, publication: Publication) -> datetime:
    """The moment of publication, in the publication's zone."""
    return datetime.combine(edition, publication.send_time, publication.tz)


def number(edition: date, publication: Publication) -> int:
    """The edition's number: 1 for the first, one more each week. Raises ValueError for a day that is no edition day."""
    days = (edition - publication.first_edition).days
    if days < 0 or days % 7:
        raise ValueError(f"{edition.isoformat()} is not an edition day: editions are weekly from {publication.first_edition.isoformat()}")
    return days // 7 + 1


class _Unused(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    publisher: str
    url: str
    reason: str


class _Unread(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)
    last: date | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    edition: date
    number: int = Field(ge=1)
    status: Literal["needs-review", "approved"]
    subject: str = Field(min_length=1, max_length=150)
    preheader: str = Field(max_length=200)
    articles: list[str]
    deadlines: list[str] = Field(default_factory=list)
    not_used: list[_Unused] = Field(default_factory=list)
    sources_read: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    sources_not_read: dict[str, _Unread] = Field(default_factory=dict)


def parse(data: bytes, name: str) -> Edition:
    """The edition these bytes say. Raises ContentRefused: file, line, key, what is allowed."""
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
        raw, lines = yamlfile.load(text)
    except UnicodeDecodeError as error:
        raise ContentRefused(f"{name}:1: is not UTF-8 text; save it as UTF-8") from error
    except yamlfile.YamlFault as error:
        raise ContentRefused(f"{name}:{error.line}: {error}") from error
    model, faults = yamlfile.check(_File, raw, lines)
    if model is None:
        raise ContentRefused("; ".join(f"{name}:{line}: {what}" for line, what in faults))
    return Edition(
        date=model.edition,
        number=model.number,
        status=model.status,
        subject=model.subject,
        preheader=model.preheader,
        articles=tuple(model.articles),
        deadlines=tuple(model.deadlines),
        unused=tuple(Unused(**u.model_dump()) for u in model.not_used),
        readings=(
            *(Reading(source=key, items=items) for key, items in model.sources_read.items()),
            *(Reading(source=key, reason=u.reason, last=u.last) for key, u in model.sources_not_read.items()),
        ),
    )


def read(path: Path, name: str) -> Edition:
    """The edition in a file. Raises ContentRefused, also where there is none."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ContentRefused(f"{name}: is missing; run `briefing draft`") from error
    return parse(data, name)


def write(edition: Edition) -> bytes:
    """The edition's canonical file. `parse(write(e))` is `e`."""
    q = yamlfile.quoted
    out = [
        f"edition: {edition.date.isoformat()}",
        f"number: {edition.number}",
        f"status: {edition.status}",
        f"subject: {q(edition.subject)}",
        f"preheader: {q(edition.preheader)}",
        "articles:" if edition.articles else "articles: []",
        *(f"  - {a}" for a in edition.articles),
        "deadlines:" if edition.deadlines else "deadlines: []",
        *(f"  - {d}" for d in edition.deadlines),
        "not_used:" if edition.unused else "not_used: []",
    ]
    for u in edition.unused:
        out += [f"  - title: {q(u.title)}", f"    publisher: {q(u.publisher)}", f"    url: {q(u.url)}", f"    reason: {q(u.reason)}"]
    out += _written(edition.readings)
    return ("\n".join(out) + "\n").encode("utf-8")


def _written(readings: Sequence[Reading]) -> list[str]:
    """The lines about sources; none where an edition has no such record."""
    read, unread = [r for r in readings if not r.reason], [r for r in readings if r.reason]
    out = [*(["sources_read:"] if read else []), *(f"  {_key(r.source)}: {r.items}" for r in read)]
    out += ["sources_not_read:"] if unread else []
    for r in unread:
        out += [f"  {_key(r.source)}:", f"    reason: {r.reason}", *([f"    last: {r.last.isoformat()}"] if r.last else [])]
    return out


def _key(source: str) -> str:
    """A source's id as a key that YAML reads as a text: an id such as 1e5 is quoted."""
    return source if yamlfile.load(f"{source}: 1")[0] == {source: 1} else yamlfile.quoted(source)
