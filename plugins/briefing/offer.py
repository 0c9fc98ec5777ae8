"""What is offered to the mail service: `next.json` and each edition's `manifest.json`, written and read in one form, and checked.

A sender does three things: read `next.json`, check it as `verify` does, send. It never needs anything else of the project.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from .errors import ApprovalRefused, NothingApproved

NEXT = "next.json"
MANIFEST = "manifest.json"
FILES = ("email.html", "email.txt", "message.eml")  # what a manifest vouches for

#: A large provider cuts a message at 102 KB, and a service adds its own foot and headers to ours.
WARN_AT = 60_000
JOINER = "\u2060"  # word joiner: no width, no break, and no service reads past it

State = Literal["ready", "none", "withdrawn"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, alias_generator=lambda name: name.replace("_", "-"))


class Sum(_Strict):
    """How a file is known again."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=1)


class Manifest(_Strict):
    """`<edition>/manifest.json`: what an edition's email is, without its words."""

    version: Literal[1] = 1
    edition: date
    number: int = Field(ge=1)
    subject: str = Field(min_length=1, max_length=200)
    preheader: str = Field(max_length=300)
    from_name: str
    from_address: str
    reply_to: str
    service: str  # whose tags stand in the files
    archive: str  # the edition's page
    message_id: str
    words: int = Field(ge=1)
    minutes: int = Field(ge=1)
    approvals: tuple[str, ...]  # digests: the edition's record, then the articles' in order; empty on trial (level 0)
    files: Mapping[str, Sum]


class Next(_Strict):
    """`next.json`: the one file a sender reads. `ready` names files; the other states name a reason and no file."""

    version: Literal[1] = 1
    edition: date
    zone: str
    state: State
    reason: str = ""
    subject: str = ""
    preheader: str = ""
    files: Mapping[str, Sum] = Field(default_factory=dict)  # by path beside next.json
    approvals: tuple[str, ...] = ()
    not_before: datetime | None = None
    not_after: datetime | None = None

    @field_validator("not_before", "not_after")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("needs its offset from UTC")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Next:
        ready = self.state == "ready"
        if ready and not (self.subject and self.files and self.not_before and self.not_after):
            raise ValueError("state ready needs subject, files, not-before and not-after")
        if not ready and (self.files or self.subject or not self.reason):
            raise ValueError(f"state {self.state} has a reason, and neither subject nor files")
        return self


def total(data: bytes) -> Sum:
    """The sum of a file's bytes."""
    return Sum(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))


def write(record: Manifest | Next) -> bytes:
    """The record's file: JSON, ASCII, the same bytes for the same record."""
    return (json.dumps(record.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=True) + "\n").encode("ascii")


def remarks(manifest: Manifest) -> tuple[str, ...]:
    """What an editor may want to change before sending, one line each. None of it stops the email."""
    day, out = f"edition {manifest.edition.isoformat()}", []
    size, subject, preheader = manifest.files["email.html"].bytes, manifest.subject, manifest.preheader
    if size > WARN_AT:
        out.append(f"{day}: its email is {size:,} bytes; above {WARN_AT:,} a service's own foot may push it over the limit")
    if not 10 <= len(subject) <= 78:
        out.append(f"{day}: the subject has {len(subject)} characters; 10 to 78 are shown whole")
    if not 40 <= len(preheader) <= 110 or preheader == subject:
        out.append(f"{day}: the preheader should be 40 to 110 characters and not the subject")
    if JOINER in subject + preheader:
        out.append(f"{day}: subject or preheader holds a mail service's tag; an invisible joiner keeps it from being replaced")
    if not 300 <= manifest.words <= 1000:
        out.append(f"{day}: its email has {manifest.words} words; 300 to 1,000 are read in five minutes")
    return tuple(out)


def read_next(folder: Path) -> Next:
    """The `next.json` of a bundle's folder. Raises NothingApproved where there is none, ApprovalRefused where it is not ours."""
    try:
        return Next.model_validate(_json(folder / NEXT))
    except FileNotFoundError as error:
        raise NothingApproved(f"{_shown(folder / NEXT)}: is missing; no email is offered. Run `briefing build` after approving the edition") from error
    except ValidationError as error:
        raise ApprovalRefused(f"{_shown(folder / NEXT)}: {_first(error)}; send nothing, build again") from error


def read_manifest(folder: Path) -> Manifest:
    """The manifest of one edition's folder. Raises NothingApproved where there is none, ApprovalRefused where it is not ours."""
    try:
        return Manifest.model_validate(_json(folder / MANIFEST))
    except FileNotFoundError as error:
        raise NothingApproved(f"{_shown(folder / MANIFEST)}: is missing; this edition has no email. `briefing status` says what it waits for") from error
    except ValidationError as error:
        raise ApprovalRefused(f"{_shown(folder / MANIFEST)}: {_first(error)}; send nothing, build again") from error


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ApprovalRefused(f"{_shown(path)}: is not JSON; the delivery may have stopped half-way. Send nothing, copy the folder again") from error


def _shown(path: Path) -> str:
    """The path as messages show it: from here where it is below, with forward slashes."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _first(error: ValidationError) -> str:
    fault = error.errors()[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}"


def verify(folder: Path, now: datetime) -> Next:
    """The check a sender makes before sending: state, date, every file's size and hash. Returns what to send.

    Raises ApprovalRefused with the first thing that does not fit, NothingApproved where there is no `next.json`.
    """
    offer = read_next(folder)
    which = f"{_shown(folder / NEXT)}: edition {offer.edition.isoformat()}"
    if offer.state != "ready":
        raise ApprovalRefused(f"{which} is not offered (state {offer.state}): {offer.reason}. Send nothing")
    assert offer.not_before is not None
    assert offer.not_after is not None
    if not offer.not_before <= now < offer.not_after:
        it_is = now.astimezone(offer.not_before.tzinfo).isoformat(timespec="minutes")
        raise ApprovalRefused(
            f"{which} may be sent from {offer.not_before.isoformat()} until before {offer.not_after.isoformat()}; it is {it_is}. Send nothing"
        )
    check_files(folder, offer.files)
    return offer


def check_files(folder: Path, files: Mapping[str, Sum]) -> None:
    """Compares every named file below the folder with its sum. Raises ApprovalRefused at the first that differs."""
    for name, known in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ApprovalRefused(f"{_shown(folder)}: names a file outside its folder ({name}). Send nothing")
        try:
            found = total_or_empty(path.read_bytes())
        except OSError as error:
            raise ApprovalRefused(f"{_shown(path)}: cannot be read ({error.strerror}); the delivery may have stopped half-way. Send nothing") from error
        if found != (known.sha256, known.bytes):
            raise ApprovalRefused(f"{_shown(path)}: is not the file that was approved (sha256 {found[0][:16]}…, expected {known.sha256[:16]}…). Send nothing")


def total_or_empty(data: bytes) -> tuple[str, int]:
    """SHA-256 and length of any bytes, also none."""
    return hashlib.sha256(data).hexdigest(), len(data)
