"""An article's ledger, the `.evidence.json` beside it: written in one form only, read strictly.

The same ledger is always the same bytes, so that git shows what changed and a digest means something. Unknown or doubled
keys are refused: what is approved is exactly what is understood.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import ContentRefused
from .model import Claim, ClaimType, Ledger, Passage, Problem

VERSION = 1
LONGEST = 4 * 1024 * 1024
_AGAIN = "run `briefing check --write` to make it anew"
_HASH = r"^(sha256:[0-9a-f]{64})?$"
_ID = r"^s[1-9]\d{0,2}$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Passage(_Strict):
    source: str = Field(pattern=_ID)
    snapshot: str = Field(pattern=_HASH)
    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class _Problem(_Strict):
    reason: str
    found: str
    fix: str
    blocks: bool


class _Claim(_Strict):
    text: str
    type: ClaimType
    where: str
    sources: list[str]
    passages: list[_Passage]
    word: str
    problems: list[_Problem]


class _File(_Strict):
    version: int
    article: str = Field(min_length=1)
    edition: str
    drafted_by: str
    collected: int = Field(ge=0)
    feeds: int = Field(ge=0)
    snapshots: dict[str, str]
    left_out: list[str]
    claims: list[_Claim]


def write(ledger: Ledger) -> bytes:
    """The ledger's one file form: UTF-8 JSON, two spaces a level, a line end last. Line numbers of claims are not stored."""
    data = {
        "version": VERSION,
        "article": ledger.article,
        "edition": ledger.edition.isoformat(),
        "drafted_by": ledger.drafted_by,
        "collected": ledger.collected,
        "feeds": ledger.feeds,
        "snapshots": {key: ledger.snapshots[key] for key in sorted(ledger.snapshots, key=_order)},
        "left_out": list(ledger.left_out),
        "claims": [_claim(c) for c in ledger.claims],
    }
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _order(source_id: str) -> tuple[int, str]:
    return (int(source_id[1:]) if source_id[1:].isdigit() else 0, source_id)


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "type": claim.type,
        "where": claim.where,
        "sources": list(claim.sources),
        "word": claim.word,
        "passages": [{"source": p.source, "snapshot": p.snapshot, "start": p.start, "end": p.end, "text": p.text} for p in claim.passages],
        "problems": [{"reason": p.reason, "found": p.found, "fix": p.fix, "blocks": p.blocks} for p in claim.problems],
    }


def read(data: bytes, name: str = "evidence") -> Ledger:
    """The ledger these bytes say. Raises ContentRefused that names the file, the place and what to do."""
    if len(data) > LONGEST:
        raise ContentRefused(f"{name}: is {len(data):,} bytes, more than {LONGEST:,}; {_AGAIN}")
    try:
        raw = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
        file = _File.model_validate(raw)
        edition = date.fromisoformat(file.edition)
    except UnicodeDecodeError as error:
        raise ContentRefused(f"{name}: is not UTF-8 text; {_AGAIN}") from error
    except json.JSONDecodeError as error:
        raise ContentRefused(f"{name}:{error.lineno}: is not JSON ({error.msg}); {_AGAIN}") from error
    except ValidationError as error:
        raise ContentRefused(f"{name}: {_first(error)}; {_AGAIN}") from error
    except (ValueError, RecursionError) as error:
        raise ContentRefused(f"{name}: {error}; {_AGAIN}") from error
    if file.version != VERSION:
        raise ContentRefused(f"{name}: is of version {file.version}, this program reads version {VERSION}; {_AGAIN}")
    return Ledger(
        article=file.article,
        edition=edition,
        claims=tuple(_read_claim(c) for c in file.claims),
        snapshots=dict(file.snapshots),
        collected=file.collected,
        feeds=file.feeds,
        drafted_by=file.drafted_by,
        left_out=tuple(file.left_out),
    )


def load(path: Path, name: str) -> Ledger:
    """The ledger in a file; `name` is how messages call it. Raises ContentRefused, also where there is none."""
    try:
        return read(path.read_bytes(), name)
    except FileNotFoundError as error:
        raise ContentRefused(f"{name}: is missing; {_AGAIN}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in pairs:
        if key in out:
            raise ValueError(f"has the key {key!r} twice in one place")
        out[key] = value
    return out


def _first(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(p) for p in fault["loc"]) or "the file"
    what = "is not a key of an evidence file" if fault["type"] == "extra_forbidden" else fault["msg"].lower()
    return f"{place}: {what}"


def _read_claim(claim: _Claim) -> Claim:
    return Claim(
        text=claim.text,
        type=claim.type,
        where=claim.where,
        sources=tuple(claim.sources),
        passages=tuple(Passage(source=p.source, snapshot=p.snapshot, text=p.text, start=p.start, end=p.end) for p in claim.passages),
        word=claim.word,
        problems=tuple(Problem(reason=p.reason, found=p.found, fix=p.fix, blocks=p.blocks) for p in claim.problems),
    )
