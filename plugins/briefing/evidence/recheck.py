"""The check without the store: an article against its own ledger, for a build, a pull request or a fresh clone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ..model import Article, Claim, Ledger, Passage, Snapshot
from .claims import SOURCED, claims
from .judge import judge, told
from .listing import source_claims
from .reading import sources
from .reasons import problem
from .words import short

_UNREAD = datetime(1970, 1, 1, tzinfo=UTC)
_GAP = "\n\n"


@dataclass(frozen=True)
class _Kept:
    """One source as the ledger knows it: its passages one below the other, and where each begins in that text."""

    passages: tuple[Passage, ...]
    starts: tuple[int, ...]

    @property
    def text(self) -> str:
        return _GAP.join(p.text for p in self.passages)

    def back(self, start: int, end: int) -> Passage | None:
        """A stretch of `text` as a passage of the snapshot, cut at the end of the kept passage it begins in."""
        for p, first in zip(self.passages, self.starts, strict=True):
            if first <= start < first + len(p.text):
                a, b = start - first, min(end - first, len(p.text))
                return replace(p, text=p.text[a:b], start=p.start + a, end=p.start + b)
        return None


def recheck(article: Article, ledger: Ledger) -> tuple[Claim, ...]:
    """Every claim, judged from the ledger alone.

    A sentence that the ledger has word for word, with the same markers, keeps what is written there. Any other must stand in the
    ledger's passages of the sources it cites. A source list that names other texts than the ledger is a problem of its own.
    """
    made = claims(article)
    stored = {(c.text, c.where, c.sources): c for c in ledger.claims}
    kept = _kept(ledger)
    held = sources(article, {key: _snapshot(key, k) for key, k in kept.items()})
    known = told(article, made)
    out = []
    for claim in made:
        same = stored.get((claim.text, claim.where, claim.sources))
        out.append(replace(same, line=claim.line) if same is not None else _changed(judge(claim, held, known), kept))
    return (*out, *source_claims(article, ledger.snapshots))


def _changed(claim: Claim, kept: Mapping[str, _Kept]) -> Claim:
    """A sentence the ledger does not have: its passages as places of the snapshots, and where it fails, that it was changed."""
    found = tuple(p for x in claim.passages if (p := kept[x.source].back(x.start, x.end)))
    if claim.type in SOURCED and claim.problems:
        extra = problem("not-in-ledger", f"“{short(claim.text, 10)}”", blocks=any(p.blocks for p in claim.problems))
        return replace(claim, passages=found, problems=(*claim.problems, extra))
    return replace(claim, passages=found)


def _kept(ledger: Ledger) -> dict[str, _Kept]:
    by_source: dict[str, dict[Passage, None]] = {}
    for passage in sorted((p for c in ledger.claims for p in c.passages), key=lambda p: (p.start, p.end)):
        by_source.setdefault(passage.source, {}).setdefault(passage)
    out = {}
    for key, found in by_source.items():
        starts, at = [], 0
        for passage in found:
            starts.append(at)
            at += len(passage.text) + len(_GAP)
        out[key] = _Kept(tuple(found), tuple(starts))
    return out


def _snapshot(key: str, kept: _Kept) -> Snapshot:
    return Snapshot(hash=kept.passages[0].snapshot, item="", url="", text=kept.text, read=_UNREAD, origin="page")
