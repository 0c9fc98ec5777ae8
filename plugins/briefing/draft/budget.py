"""What the language model may use for one edition, in tokens and dollars, and a record of every request that was made.

The record is `var/model/<edition>.json`. It is written after each request and before the answer is looked at, so that a run that
dies, or an answer that is of no use, is still counted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import ModelUnavailable, StorageError
from .request import REASONS, Answer, Provider, Request
from .settings import ModelSettings

VERSION = 1
_Count = Annotated[int, Field(ge=0)]


class Call(BaseModel):
    """One request and what it used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: datetime
    article: str
    model: str
    prompt: str
    outcome: str  # "answered" or a word of request.REASONS
    tokens_in: _Count
    tokens_out: _Count
    usd: Decimal = Field(ge=0)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    edition: date
    calls: list[Call]


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """An edition's requests so far and its limits. Pure: a new request makes a new Budget."""

    edition: date
    tokens: int
    usd: Decimal | None
    calls: tuple[Call, ...] = ()

    @property
    def used_tokens(self) -> int:
        """Tokens of all requests, in and out."""
        return sum(c.tokens_in + c.tokens_out for c in self.calls)

    @property
    def used_usd(self) -> Decimal:
        """Dollars of all requests."""
        return sum((c.usd for c in self.calls), Decimal(0))

    def allow(self, request: Request, settings: ModelSettings) -> None:
        """Nothing where the request at its longest fits what is left. Raises ModelUnavailable("budget") where it does not."""
        most = request.tokens_in + request.tokens_out
        if self.used_tokens + most > self.tokens:
            used = f"{self.used_tokens:,} of {self.tokens:,} tokens are used for {self.edition}"
            raise ModelUnavailable("budget", f"{used} and this request may need {most:,}; raise BRIEFING_MODEL_TOKENS")
        cost = settings.cost(request.tokens_in, request.tokens_out)
        if self.usd is not None and self.used_usd + cost > self.usd:
            used = f"${self.used_usd:.3f} of ${self.usd:.3f} are used for {self.edition}"
            raise ModelUnavailable("budget", f"{used} and this request may cost ${cost:.3f}; raise BRIEFING_MODEL_USD")

    def with_call(self, call: Call) -> Budget:
        """The budget after one more request."""
        return replace(self, calls=(*self.calls, call))


#: A request that failed for these reasons never reached a model, or was turned away before it: it costs nothing.
FREE = frozenset({"unreachable", "blocked", "not-found", "wait", "moved", "status"})


def call(request: Request, outcome: Answer | ModelUnavailable, settings: ModelSettings, article: str, at: datetime) -> Call:
    """The record of a request. What a failed one used is not known: its words count in full, and the longest answer where it was cut off."""
    if isinstance(outcome, Answer):
        word, tokens_in, tokens_out = "answered", outcome.tokens_in, outcome.tokens_out
    else:
        word = outcome.reason if outcome.reason in REASONS else "bad-answer"
        tokens_in = 0 if word in FREE else request.tokens_in
        tokens_out = request.tokens_out if word in {"timeout", "cut-off", "too-large"} else 0
    usd = settings.cost(tokens_in, tokens_out)
    return Call(at=at, article=article, model=settings.name, prompt=request.prompt, outcome=word, tokens_in=tokens_in, tokens_out=tokens_out, usd=usd)


@dataclass(frozen=True, kw_only=True, slots=True)
class Meter:
    """A provider asked within one edition's budget; each request is on record before its answer is used."""

    provider: Provider
    settings: ModelSettings
    path: Path  # var/model/<edition>.json
    name: str  # how messages call that file
    edition: date
    at: datetime  # the run's moment

    def asking(self, article: str) -> Callable[[Request], Answer]:
        """How `model_writer.rewrite` asks for this article. What it returns raises ModelUnavailable, also where the record cannot be kept."""

        def ask(request: Request) -> Answer:
            budget = load(self.path, self.name, self.settings, self.edition)
            budget.allow(request, self.settings)
            outcome: Answer | ModelUnavailable
            try:
                outcome = self.provider.complete(request)
            except ModelUnavailable as error:
                outcome = error
            try:
                save(self.path, self.name, budget.with_call(call(request, outcome, self.settings, article, self.at)))
            except StorageError as error:
                raise ModelUnavailable("budget", str(error)) from error
            if isinstance(outcome, ModelUnavailable):
                raise outcome
            return outcome

        return ask


# --------------------------------------------------------------------- file


def load(path: Path, name: str, settings: ModelSettings, edition: date) -> Budget:
    """The edition's budget as its file tells it; a new one where there is no file. Raises ModelUnavailable where the file cannot be read."""
    try:
        file = _File.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        file = _File(version=VERSION, edition=edition, calls=[])
    except (OSError, ValidationError) as error:
        raise ModelUnavailable("budget", f"{name}: cannot be read, so nobody knows what was used; delete it to start the edition's budget anew") from error
    if file.version != VERSION or file.edition != edition:
        raise ModelUnavailable("budget", f"{name}: is of another edition or version; delete it to start the edition's budget anew")
    return Budget(edition=edition, tokens=settings.tokens, usd=settings.usd, calls=tuple(file.calls))


def save(path: Path, name: str, budget: Budget) -> None:
    """Write the record, whole or not at all. Raises StorageError where the disk refuses."""
    data: Mapping[str, object] = {
        "version": VERSION,
        "edition": budget.edition.isoformat(),
        "calls": [c.model_dump(mode="json") for c in budget.calls],
    }
    aside = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        raise StorageError(f"{name}: cannot be written ({error.strerror}); free space or correct its permissions, then draft again") from error
