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

from collections.abc import Mapping

from ..model import Article, Claim, Ledger, Snapshot


def claims(article: Article) -> tuple[Claim, ...]:
    """Every sentence of the article in reading order, typed, with where it stands and its line."""
    raise NotImplementedError


def check(article: Article, texts: Mapping[str, Snapshot]) -> tuple[Claim, ...]:
    """Every claim with its passages, its word on the review and its problems."""
    raise NotImplementedError


def check_claim(claim: Claim, article: Article, texts: Mapping[str, Snapshot]) -> Claim:
    """One claim with its passages, its word on the review and its problems."""
    raise NotImplementedError


def recheck(article: Article, ledger: Ledger) -> tuple[Claim, ...]:
    """Every claim, judged from the ledger's own passages alone."""
    raise NotImplementedError


def record(
    article: Article,
    texts: Mapping[str, Snapshot],
    *,
    collected: int = 0,
    feeds: int = 0,
    drafted_by: str = "software, without a language model",
    left_out: tuple[str, ...] = (),
) -> Ledger:
    """The article's ledger: `check` and what was read."""
    raise NotImplementedError


def support(sentence: str, text: str) -> float:
    """How much of the sentence the text carries, 0 to 1, by shared words."""
    raise NotImplementedError
