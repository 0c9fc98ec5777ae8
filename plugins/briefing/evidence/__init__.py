"""Is it in the source? Every sentence of an article as a claim, with the words that carry it or the reason why none do.

    claims(article)                     every sentence, typed, nothing looked up yet
    check(article, texts)               the same with passages, the review's word and problems; `texts`: Cited.id → Snapshot
    check_claim(claim, article, texts)  one sentence, for a drafter that asks before it writes
    recheck(article, ledger)            the same from the ledger's own passages, for machines without the store
    record(article, texts, ...)         the Ledger of an article, ready for `ledger.write`
    support(sentence, text)             how much of a sentence one text carries, 0 to 1: a lexical score, never a verdict

Pure: nothing is read, written or fetched here. Sentences are data: nothing in them is ever run or obeyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..model import Article, Claim, Ledger, Problem, Snapshot
from .claims import EVERYWHERE, SOURCED, claims
from .judge import judge, told
from .lexical import support
from .listing import source_claims
from .reading import sources
from .reasons import REASONS, Reason
from .recheck import recheck

__all__ = ["EVERYWHERE", "REASONS", "SOURCED", "Reason", "blocking", "check", "check_claim", "claims", "recheck", "record", "support"]


def check(article: Article, texts: Mapping[str, Snapshot]) -> tuple[Claim, ...]:
    """Every claim with its passages, its word on the review and its problems; then the listed sources that have a problem.

    `texts` maps Cited.id to the Snapshot that was read; a source without one cannot carry a claim. The last claims, `where` "sources",
    are sources that no sentence cites or whose text is another than the one listed.
    """
    made = claims(article)
    held = sources(article, texts)
    known = told(article, made)
    hashes = {key: snapshot.hash for key, snapshot in texts.items()}
    return (*(judge(claim, held, known) for claim in made), *source_claims(article, hashes))


def check_claim(claim: Claim, article: Article, texts: Mapping[str, Snapshot]) -> Claim:
    """One claim with its passages, its word and its problems, as `check` would judge it in this article.

    The article needs its sources and edition only; sentences it already has are what a sentence without a marker may speak of again.
    """
    return judge(claim, sources(article, texts), told(article, claims(article)))


def record(
    article: Article,
    texts: Mapping[str, Snapshot],
    *,
    collected: int = 0,
    feeds: int = 0,
    drafted_by: str = "software, without a language model",
    left_out: tuple[str, ...] = (),
) -> Ledger:
    """The article's ledger: every claim checked, the texts it was checked against, and what was read for it."""
    return Ledger(
        article=article.id,
        edition=article.edition,
        claims=check(article, texts),
        snapshots={c.id: texts[c.id].hash for c in article.sources if c.id in texts},
        collected=collected,
        feeds=feeds,
        drafted_by=drafted_by,
        left_out=left_out,
    )


def blocking(found: Iterable[Claim]) -> tuple[tuple[Claim, Problem], ...]:
    """Each problem that stops publishing, with its claim."""
    return tuple((c, p) for c in found for p in c.problems if p.blocks)
