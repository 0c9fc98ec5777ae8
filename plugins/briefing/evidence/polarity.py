"""Does the claim deny what the source affirms, or state firmly what the source leaves open? Judged verb by verb.

A negation counts only against the word it stands before: "did not oppose the text but objected to the deadline" denies one
verb and affirms the other, and a claim about the objection must not be refused for the "not".
"""

from __future__ import annotations

import re
from functools import lru_cache

from .words import Token, listed, plain, stem, tokens

_NOT = frozenset(listed("not no never cannot none nobody nothing neither nor hardly barely"))
_AFTER_VERB = frozenset({"none", "nothing"})
_NOT_DENIED = frozenset(listed("more less later fewer longer only just merely sooner earlier matter doubt"))
_SKIP = frozenset(listed("yet ever been be being have has had to also still even longer any the a an its their such so very more than by of single new real"))
_MAY = frozenset(listed("may might could can should possibly perhaps"))
_PLANS = frozenset(listed("plans plan expects expect expected intends intend hopes hope wants want aims aim proposed proposes propose seeks seek likely"))
#: How many of the words around a denial a claim must have to be about the same thing.
AMID = 0.65
_FIRM = frozenset(listed("must will shall"))


@lru_cache(maxsize=16384)
def denied(text: str) -> frozenset[str]:
    """Stems of the words that a negation stands before, and of the verb before "none" and "nothing"."""
    flat = plain(text)
    words = tokens(flat)
    out: set[str] = set()
    for at in _negations(flat):
        verb = _verb_before(flat, words, at) if words[at].text.lower() in _AFTER_VERB else ""
        out |= {verb} if verb else _reach(flat, words, at)
    return frozenset(out)


def denies(text: str) -> bool:
    """Whether anything in the text is denied."""
    return bool(_negations(plain(text)))


def _verb_before(flat: str, words: tuple[Token, ...], at: int) -> str:
    """The content word right before "none" or "nothing" in its clause ("charged none of them"), or ""."""
    for token in reversed(words[max(0, at - 2) : at]):
        if token.content and not re.search(r"[,;:.()\"]", flat[token.end : words[at].start]):
            return token.stem
    return ""


@lru_cache(maxsize=16384)
def _negations(flat: str) -> tuple[int, ...]:
    """Which words of the text deny; "no more than" and "not only" do not."""
    words = tokens(flat)
    out = []
    for i, token in enumerate(words):
        low = token.text.lower()
        following = words[i + 1].text.lower() if i + 1 < len(words) else ""
        if low == "nor" and any(w.text.lower() == "neither" for w in words[:i]):
            continue
        if (low in _NOT or low.endswith("n't")) and not (low in {"no", "not"} and following in _NOT_DENIED):
            out.append(i)
    return tuple(out)


def _reach(flat: str, words: tuple[Token, ...], at: int) -> set[str]:
    """The first content word after a negation in its clause, and those joined to it by "or" and "nor"."""
    out: set[str] = set()
    joined = True
    for token in words[at + 1 : at + 8]:
        if re.search(r"[;:.()]" if out else r"[,;:.()]", flat[words[at].end : token.start]):
            break
        low = token.text.lower()
        if low in {"or", "nor"}:
            joined = True
        elif token.content and low not in _SKIP:
            if not joined:
                break
            out.add(token.stem)
            joined = False
    return out


@lru_cache(maxsize=16384)
def affirmed(text: str) -> frozenset[str]:
    """Stems of the content words that no negation stands before."""
    low = denied(text)
    return frozenset(t.stem for t in tokens(plain(text)) if t.content and t.stem not in low)


def opposite(claim: str, passage: str) -> str:
    """The word that one denies and the other affirms, or "".

    Where both deny as often, they are taken to agree: a paraphrase denies another word of the same thought.
    """
    inserted = _inserted(claim, passage) or _inserted(passage, claim)
    if inserted:
        return inserted
    mine, theirs = len(_negations(plain(claim))), len(_negations(plain(passage)))
    if mine == theirs:
        return ""
    for text, other in ((claim, passage), (passage, claim)):
        for word in sorted(denied(text) - denied(other)):
            if word in affirmed(other) and not _denied_otherwise(other, word):
                return _as_written(text, word)
    if mine and not theirs and not any(_refuses(t) for t in tokens(plain(passage))):
        return _as_written(claim, next(iter(sorted(denied(claim))), ""))
    return "" if mine else _dropped(claim, passage)


def _inserted(text: str, other: str) -> str:
    """The word after a "not" that is all that parts the two: "are not listening to" beside "are listening to"."""
    words = [t.text for t in tokens(plain(text))]
    theirs = [t.text.lower() for t in tokens(plain(other))]
    triples = set(zip(theirs, theirs[1:], theirs[2:], strict=False))
    for at in _negations(plain(text)):
        if words[at].lower() not in {"not", "cannot"} or at + 2 >= len(words):
            continue
        before = "can" if words[at].lower() == "cannot" else words[at - 1].lower() if at else ""
        if (before, words[at + 1].lower(), words[at + 2].lower()) in triples:
            return words[at + 1]
    return ""


def _as_written(text: str, word: str) -> str:
    return next((t.text for t in tokens(plain(text)) if t.stem == word), word)


def _dropped(claim: str, passage: str) -> str:
    """A word that the passage denies amid words the claim has, while the claim denies nothing in any way."""
    if any(_refuses(t) for t in tokens(plain(claim))):
        return ""
    words = tokens(plain(passage))
    have = {t.stem for t in tokens(plain(claim)) if t.content}
    for at in _negations(plain(passage)):
        if at and "," in plain(passage)[words[at - 1].end : words[at].start]:
            continue  # ", not to a sample" only sets off what was affirmed before
        around = [t.stem for t in (*words[max(0, at - 5) : at], *words[at + 1 : at + 6]) if t.content and t.text[0].islower()]
        if len(around) >= 3 and sum(s in have for s in around) / len(around) >= AMID:
            return words[at].text + " " + next((t.text for t in words[at + 1 :] if t.content), "")
    return ""


#: Verbs that deny what follows them.
_REFUSING = frozenset(
    stem(w)
    for w in listed(
        """fail refuse decline ban bar prohibit forbid stop end reject lack deny prevent avoid exclude exempt pause suspend halt drop quit
        withdraw omit oppose outside beyond short"""
    )
)
_UN = re.compile(r"(?:un(?:able|clear|known|aware|willing|certain|likely|[a-z]{3,}ed)|im(?:possible|proper)|in(?:complete|valid))", re.IGNORECASE)
_HALF = frozenset({"few", "little", "only", "until", "instead", "rather", "less", "fewer"})


def _refuses(token: Token) -> bool:
    return token.stem in _REFUSING or bool(_UN.fullmatch(token.text))


def _denied_otherwise(text: str, word: str) -> bool:
    """Whether the text denies the word in other words ("refused to", "unclear", "only"): then no opposition is claimed."""
    words = tokens(plain(text))
    for i, token in enumerate(words):
        if token.stem != word:
            continue
        beside = [t for t in words[max(0, i - 6) : i + 5] if t.stem != word]
        if any(_refuses(t) for t in beside) or any(t.text.lower() in _HALF for t in words[max(0, i - 3) : i]):
            return True
    return False


def firmer(claim: str, passage: str) -> tuple[str, bool]:
    """The "may", "should" or "plans to" of the passage that the claim drops for "will" or "must", or ""; and whether that is plainly firmer.

    "Must" for "should" may be a house's plain word for the same duty: there a person looks.
    """
    mine, theirs = tokens(plain(claim)), tokens(plain(passage))
    firm = {_next(mine, i) for i, t in enumerate(mine) if t.text.lower() in _FIRM} - {""}
    firm -= {_next(theirs, i) for i, t in enumerate(theirs) if t.text.lower() in _FIRM}
    for i, token in enumerate(theirs):
        weak = token.text.lower() in _MAY or (token.text.lower() in _PLANS and i + 1 < len(theirs) and theirs[i + 1].text.lower() == "to")
        if weak and _next(theirs, i) in firm:
            return f"{token.text} {next((t.text for t in theirs[i + 1 :] if t.content), '')}".strip(), token.text.lower() != "should"
    return "", False


def _next(words: tuple[Token, ...], at: int) -> str:
    return next((t.stem for t in words[at + 1 : at + 5] if t.content and t.text.lower() not in _SKIP), "")
