"""Does the claim deny what the source affirms, or state firmly what the source leaves open? Judged verb by verb.

A negation counts only against the word it stands before: "did not oppose the text but objected to the deadline" denies one
verb and affirms the other, and a claim about the objection must not be refused for the "not".
"""

from __future__ import annotations

import re
from functools import lru_cache

from .words import Token, listed, plain, stem, tokens

_NOT = frozenset(listed("not no never without cannot none nobody nothing neither nor hardly barely"))
_SKIP = frozenset(listed("yet ever been be being have has had to also still even longer any the a an its their such so very more than by of single new real"))
_MAY = frozenset(listed("may might could can possibly perhaps"))
_OPEN = re.compile(
    r"\b(?:propos\w*|plans?\s+to|planned\s+to|intends?\s+to|considers?|considering|expects?\s+to|hopes?\s+to|aims?\s+to|would|draft|weighs?|weighing)\b",
    re.IGNORECASE,
)
_FIRM = frozenset(listed("must will shall"))


@lru_cache(maxsize=16384)
def denied(text: str) -> frozenset[str]:
    """Stems of the words that a negation stands before: the first two content words after it in its clause."""
    words = tokens(plain(text))
    out: set[str] = set()
    for i, token in enumerate(words):
        if _negates(token):
            out |= _reach(plain(text), words, i)
    return frozenset(out)


def _negates(token: Token) -> bool:
    low = token.text.lower()
    return low in _NOT or low.endswith("n't")


def _reach(text: str, words: tuple[Token, ...], at: int) -> set[str]:
    out: set[str] = set()
    for token in words[at + 1 : at + 7]:
        if re.search(r"[,;:.()]", text[words[at].end : token.start]):
            break
        if token.content and token.text.lower() not in _SKIP:
            out.add(token.stem)
            if len(out) == (2 if words[at].text.lower() in {"no", "without", "neither"} else 1):
                break
    return out


@lru_cache(maxsize=16384)
def affirmed(text: str) -> frozenset[str]:
    """Stems of the content words that no negation stands before."""
    low = denied(text)
    return frozenset(t.stem for t in tokens(plain(text)) if t.content and t.stem not in low)


def opposite(claim: str, passage: str) -> str:
    """The word that one denies and the other affirms, or "". Both must speak of it once in one way only."""
    for text, other in ((claim, passage), (passage, claim)):
        for word in sorted(denied(text)):
            if word in affirmed(other) and word not in denied(other) and not _denied_otherwise(other, word):
                return next((t.text for t in tokens(plain(text)) if t.stem == word), word)
    return ""


_OTHERWISE = re.compile(
    r"\b(?:fail|refus|declin|ban|bar|prohibit|forbid|forbad|stop|end|reject|lack|deni|deny|prevent|avoid|exclud|exempt|unable|un\w+|without|paus|suspend|halt|few|little|only|until|instead|rather|free\s+of)\w*",
    re.IGNORECASE,
)


def _denied_otherwise(text: str, word: str) -> bool:
    """Whether the text denies in other words ("refused to", "until", "unclear"): then no opposition is claimed."""
    return any(stem(m.group()) != word for m in _OTHERWISE.finditer(text))


def firmer(claim: str, passage: str) -> str:
    """The "may", "could" or "plans to" of the passage that the claim drops for "will" or "must", or ""."""
    theirs = tokens(plain(passage))
    firm = {_next(tokens(plain(claim)), i) for i, t in enumerate(tokens(plain(claim))) if t.text.lower() in _FIRM} - {""}
    for i, token in enumerate(theirs):
        if token.text.lower() in _MAY and _next(theirs, i) in firm:
            return f"{token.text} {next((t.text for t in theirs[i + 1 :] if t.content), '')}".strip()
    return ""


def _next(words: tuple[Token, ...], at: int) -> str:
    return next((t.stem for t in words[at + 1 : at + 5] if t.content and t.text.lower() not in _SKIP), "")
