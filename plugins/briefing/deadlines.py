"""`content/deadlines.yaml`: laws and their days, each with who last checked it against the official text."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from . import plainfile, yamlfile
from .address import WEB
from .errors import ContentRefused
from .model import Day, Deadline

LONGEST = 4_000_000  # bytes


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    instrument: str
    jurisdiction: str
    citation: str = ""
    event: str
    date: Day
    status: str
    url: str
    verified: Day | None = None
    verified_by: str = ""

    @field_validator("url")
    @classmethod
    def _web(cls, value: str) -> str:
        if not WEB.match(value):
            raise ValueError("must be a http or https address with a host")
        return value


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    deadlines: list[_Entry]


def parse(data: bytes, name: str) -> tuple[Deadline, ...]:
    """The deadlines, by day and then id. Raises ContentRefused: file, line, key, what is allowed."""
    try:
        raw, lines = yamlfile.load(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ContentRefused(f"{name}:1: is not UTF-8 text; save it as UTF-8") from error
    except yamlfile.YamlFault as error:
        raise ContentRefused(f"{name}:{error.line}: {error}") from error
    model, faults = yamlfile.check(_File, raw, lines)
    if model is None:
        raise ContentRefused("; ".join(f"{name}:{line}: {what}" for line, what in faults))
    ids = [d.id for d in model.deadlines]
    for index, entry in enumerate(model.deadlines):
        if ids.index(entry.id) != index:
            raise ContentRefused(f"{name}:{lines.get(('deadlines', index, 'id'), 1)}: id {entry.id} stands twice; rename one")
    return tuple(sorted((Deadline(**d.model_dump()) for d in model.deadlines), key=lambda d: (d.date, d.id)))


def read(path: Path, name: str) -> tuple[Deadline, ...]:
    """The deadlines in a file, none where there is no file. Raises ContentRefused."""
    try:
        return parse(plainfile.read(path, name, most=LONGEST), name)
    except FileNotFoundError:
        return ()
