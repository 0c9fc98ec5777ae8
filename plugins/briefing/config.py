"""The only reader of settings: the publication's, out of `pelicanconf.py`, and the sources', out of `sources.yaml`.

`PUBLICATION` in `pelicanconf.py` is read as a literal, never executed: drafting and approving need the settings without
importing Pelican, and a settings file that is only read can do no harm.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from . import plainfile, yamlfile
from .address import WEB
from .errors import ConfigError, ContentRefused, UsageError, visible
from .model import Source

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
LONGEST = 4_000_000  # bytes of a settings file
MIN_LEVEL = "BRIEFING_MIN_LEVEL"
#: Settings that say how strict approving is, each with its variable and its values from the loosest to the strictest.
FLOORS: Mapping[str, tuple[str, tuple[Any, ...]]] = {
    "approval_level": (MIN_LEVEL, (0, 1, 2, 3)),
    "approvers": ("BRIEFING_MIN_APPROVERS", (1, 2)),
    "house": ("BRIEFING_MIN_HOUSE", ("review", "approve")),
    "reads_as": ("BRIEFING_MIN_READS_AS", ("off", "report", "strict")),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# ------------------------------------------------------------- publication


class Person(_Strict):
    """The author whose name stands over the briefings: a person, never software."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str = Field(min_length=3, max_length=80)
    role: str = Field(max_length=80)
    bio: str = Field(max_length=600)


class Sender(_Strict):
    """The mail service that sends the edition, and what it needs in the email."""

    service: Literal["buttondown", "mailchimp", "kit", "listmonk", "postmark", "mailgun", "sendgrid", "resend", "mailerlite"] = "buttondown"
    from_name: str = Field(min_length=1, max_length=80)
    from_address: str = Field(pattern=r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")
    reply_to: str = Field(pattern=r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")


class Publication(_Strict):
    """Who publishes, when, and for whom."""

    name: str = Field(min_length=1, max_length=60)
    tagline: str = Field(max_length=120)
    description: str = Field(default="", max_length=300)
    url: str  # the site's address, https, without a final slash
    language: str = "en"
    zone: str = "America/Indiana/Indianapolis"
    weekday: Weekday = "tuesday"
    cutoff: str = "monday 18:00"  # weekday and local time before the edition's day at which its window ends
    send: str = "07:00"  # local time of publication on the edition's day
    first_edition: date
    author: Person
    address: str = Field(min_length=1, max_length=200)  # postal address in every email's foot
    subscribe: str  # where the subscribe form posts to
    sender: Sender
    articles: int = Field(default=4, ge=1, le=9)  # drafts an edition
    jurisdictions: tuple[str, ...] = ("Indiana", "US", "EU", "UK")  # nearest to the readers first
    approval_level: Literal[0, 1, 2, 3] = 1
    reads_as: Literal["off", "report", "strict"] = "report"  # what a theme that changes the words of approved articles comes to
    house: Literal["review", "approve"] = "review"  # whether the pages of the house and the deadlines need records too
    approvers: Literal[1, 2] = 1  # how many editors must approve the same bytes
    repository: str = ""  # where records can be looked up by readers
    sample: bool = False  # True: the pages say that names and facts are invented

    @field_validator("url", "subscribe", "repository")
    @classmethod
    def _web(cls, value: str, info: ValidationInfo) -> str:
        if value == "" and info.field_name == "repository":
            return value
        if not WEB.match(value):
            raise ValueError("must be a http or https address with a host")
        return value.rstrip("/") if info.field_name == "url" else value

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("must be a time zone such as America/Indiana/Indianapolis") from error
        return value

    @field_validator("cutoff")
    @classmethod
    def _cutoff(cls, value: str) -> str:
        day, _, clock = value.partition(" ")
        if day not in WEEKDAYS:
            raise ValueError("must be a weekday and a time such as 'monday 18:00'")
        _clock(clock)
        return value

    @field_validator("send")
    @classmethod
    def _send(cls, value: str) -> str:
        _clock(value)
        return value

    @property
    def tz(self) -> ZoneInfo:
        """The publication's time zone."""
        return ZoneInfo(self.zone)

    @property
    def send_time(self) -> time:
        """Local time of publication."""
        return _clock(self.send)

    @property
    def cutoff_day(self) -> int:
        """0 Monday … 6 Sunday."""
        return WEEKDAYS.index(self.cutoff.partition(" ")[0])

    @property
    def cutoff_time(self) -> time:
        """Local time of the cut-off."""
        return _clock(self.cutoff.partition(" ")[2])

    def level(self, environ: Mapping[str, str] | None = None) -> int:
        """The approval level in force: the setting, or what BRIEFING_MIN_LEVEL asks where that is higher.

        Raises UsageError where the variable is set to anything but 0, 1, 2 or 3.
        """
        return self.raised(os.environ if environ is None else environ).approval_level

    def raised(self, environ: Mapping[str, str]) -> Publication:
        """The publication with each setting of FLOORS at least as strict as its variable asks: a branch can raise them, never lower them.

        Raises UsageError where a variable is set to anything else than the setting takes.
        """
        stricter: dict[str, Any] = {}
        for key, (variable, values) in FLOORS.items():
            if variable not in environ:
                continue
            asked = environ[variable].strip()
            known = [str(v) for v in values]
            if asked not in known:  # an empty one too: a floor was meant, and got lost
                raise UsageError(f"{variable} is {visible(asked)[:40]!r}; set it to {', '.join(known[:-1])} or {known[-1]}")
            if known.index(asked) > values.index(getattr(self, key)):
                stricter[key] = values[known.index(asked)]
        return self.model_copy(update=stricter) if stricter else self


def _clock(text: str) -> time:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError("must be a time of day such as 07:00")
    return time.fromisoformat(text)


def publication(settings: Path, name: str = "") -> Publication:
    """The publication named in `PUBLICATION = {...}` of this settings file. Raises ConfigError with every fault and its line."""
    name = name or settings.name
    try:
        tree = ast.parse(_text(settings, name))
    except FileNotFoundError as error:
        raise ConfigError(f"{name}: is missing; run the command in the briefing's folder, or pass --project FOLDER") from error
    except (SyntaxError, UnicodeDecodeError, ValueError) as error:
        line = getattr(error, "lineno", 1) or 1
        raise ConfigError(f"{name}:{line}: is not readable Python; correct this line") from error
    node = next((s.value for s in tree.body if isinstance(s, ast.Assign) and _is_name(s, "PUBLICATION")), None)
    if not isinstance(node, ast.Dict):
        raise ConfigError(f"{name}:1: PUBLICATION: is missing; add PUBLICATION = {{...}} as docs/settings.md shows")
    try:
        data, lines = _literal(node, ())
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{name}:{node.lineno}: PUBLICATION: must hold plain values only (text, numbers, lists)") from error
    for key in ("first_edition",):
        if isinstance(data.get(key), str):
            try:
                data[key] = date.fromisoformat(data[key])
            except ValueError:
                continue
    model, faults = yamlfile.check(Publication, data, lines)
    if model is None:
        raise ConfigError([f"{name}:{line}: PUBLICATION.{what}" for line, what in faults])
    return model


def _text(path: Path, name: str) -> str:
    """A settings file's text. It may be a link, for those who keep settings elsewhere, but only to a plain file: a pipe or device would never end."""
    try:
        return plainfile.read(path.resolve(), name, most=LONGEST).decode("utf-8")
    except ContentRefused as error:
        raise ConfigError(str(error)) from error


def _is_name(statement: ast.Assign, name: str) -> bool:
    return any(isinstance(t, ast.Name) and t.id == name for t in statement.targets)


def _literal(node: ast.Dict, path: yamlfile.Path) -> tuple[dict[str, Any], dict[yamlfile.Path, int]]:
    out: dict[str, Any] = {}
    lines: dict[yamlfile.Path, int] = {path: node.lineno}
    for key_node, value in zip(node.keys, node.values, strict=True):
        if key_node is None:
            raise ValueError("no ** here")
        key = str(ast.literal_eval(key_node))
        lines[(*path, key)] = key_node.lineno
        if isinstance(value, ast.Dict):
            out[key], below = _literal(value, (*path, key))
            lines.update(below)
            lines[(*path, key)] = key_node.lineno
        else:
            out[key] = ast.literal_eval(value)
    return out, lines


# ------------------------------------------------------------------ sources


class CollectSettings(_Strict):
    """Site-wide limits of collecting, the `collect:` part of `sources.yaml`."""

    user_agent: str = Field(
        default="TuesdayBriefing/0.1 (+https://brief.example.org/how-we-work/)", description="Put an address here at which a publisher can reach you."
    )
    deadline_s: float = Field(default=30.0, gt=0, le=600, description="Seconds for one source, redirects and repeats included.")
    max_bytes: int = Field(default=12_000_000, ge=1_000, le=500_000_000, description="Of one answer, unpacked.")
    max_hops: int = Field(default=5, ge=0, le=20, description="Redirects followed.")
    concurrency: int = Field(default=16, ge=1, le=256, description="Sources at a time; one host is never asked twice at once.")
    max_items: int = Field(default=200, ge=1, le=10_000, description="Entries kept of one answer, the newest.")
    pages: bool = Field(default=True, description="Read the article pages of short-listed items.")
    allow_private: bool = Field(default=False, description="Dial addresses of private networks; for tests only.")
    connect_to: dict[str, str] = Field(default_factory=dict, description="Host, or *.suffix, to 127.0.0.1:port over plain HTTP; for the demo and tests only.")

    @field_validator("connect_to")
    @classmethod
    def _loopback(cls, value: dict[str, str]) -> dict[str, str]:
        for host, target in value.items():
            if not re.fullmatch(r"(127\.0\.0\.1|\[::1\]):\d{1,5}", target):
                raise ValueError(f"{host} may only point at 127.0.0.1:port or [::1]:port")
        return value


class _SourceEntry(_Strict):
    """One source: where it is read, and what it is."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60, description="Letters, digits and hyphens; fixed for ever: items are filed under it.")
    name: str = Field(min_length=1, max_length=120, description="The publisher, as readers see it.")
    url: str = Field(description="The feed's address.")
    site: str = Field(default="", description="The publisher's home page; an item without a usable link points there.")
    category: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="A word of your own; groups the sources on the site's source page.")
    kind: Literal["rss", "atom", "jsonfeed", "federal_register", "sitemap", "manual"] = Field(
        description="rss and atom read RSS, RDF, Atom and JSON Feed alike; manual takes links added by hand."
    )
    tier: Literal["primary", "wire", "trade", "analysis", "vendor", "aggregator"] = Field(
        description="primary: the document itself; vendor: sells what it writes about; aggregator: a lead, never cited itself."
    )
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$", description="Of its items.")
    family: str = Field(default="", description="One word for the feeds of one owner: together they are one voice.")
    max_items: int | None = Field(default=None, ge=1, le=10_000, description="Entries kept of one answer, the newest; else collect.max_items.")
    interval_h: float = Field(default=0.0, ge=0, le=24 * 31, description="Not asked more often than every so many hours.")
    day_first: bool = Field(default=False, description="true where 03.11.2026 is the third of November.")
    options: dict[str, str] = Field(default_factory=dict, description="federal_register: term, agencies, type; sitemap: under, the path of its articles.")
    notes: str = Field(default="", description="For people; not read.")

    @field_validator("url", "site")
    @classmethod
    def _web(cls, value: str, info: ValidationInfo) -> str:
        if value == "" and info.field_name == "site":
            return value
        if not WEB.match(value):
            raise ValueError("must be a http or https address with a host and no user name")
        return value


class SourcesFile(_Strict):
    """`sources.yaml` as a whole; its JSON Schema is `docs/sources.schema.json`."""

    collect: CollectSettings = Field(default_factory=CollectSettings, description="Limits for all sources.")
    sources: list[_SourceEntry] = Field(min_length=1, description="What is read, in the order it is shown.")


def sources(path: Path, name: str = "") -> tuple[tuple[Source, ...], CollectSettings]:
    """The sources in file order and the collecting limits. Raises ConfigError with every fault: file, line, key, what is allowed."""
    name = name or path.name
    try:
        text = _text(path, name)
    except FileNotFoundError as error:
        raise ConfigError(f"{name}: is missing; add one, or copy the sample from docs/sources.md") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}:1: is not UTF-8 text; save it as UTF-8") from error
    try:
        data, lines = yamlfile.load(text)
    except yamlfile.YamlFault as error:
        raise ConfigError(f"{name}:{error.line}: {error}") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{name}:1: must hold the keys collect and sources")
    model, faults = yamlfile.check(SourcesFile, data, lines)
    problems = [f"{name}:{line}: {what}" for line, what in faults]
    if model is not None:
        problems += _doubles(model, lines, name)
    if problems or model is None:
        raise ConfigError(problems)
    out = []
    for index, entry in enumerate(model.sources):
        fields = entry.model_dump(exclude={"notes", "max_items"})
        out.append(Source(**fields, max_items=entry.max_items or model.collect.max_items, line=lines.get(("sources", index), 0)))
    return tuple(out), model.collect


def _doubles(model: SourcesFile, lines: yamlfile.Lines, name: str) -> list[str]:
    out = []
    for key in ("id", "url"):
        first: dict[str, int] = {}
        for index, entry in enumerate(model.sources):
            value = getattr(entry, key)
            line = lines.get(("sources", index, key), 0)
            if value in first:
                out.append(f"{name}:{line}: sources[{index}].{key}: {value} stands already in line {first[value]}; keep one")
            first.setdefault(value, line)
    return out
