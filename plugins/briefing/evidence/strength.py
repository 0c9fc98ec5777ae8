"""How firmly and how widely a sentence speaks: all for some, proved for said, because for and, and a condition that was left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..model import Problem
from . import numbers
from .reading import Line, figures, gist
from .reasons import problem
from .words import Token, content, listed, plain, short, stem, tokens

# ------------------------------------------------------------------- how many

#: From few to all. A sentence may say less than its source, never more.
_HOW_MANY = {
    w: n
    for n, words in enumerate(("few", "some several certain various", "many numerous", "half", "most", "all every each"), 1)
    for w in words.split()
} | {"majority": 5, "handful": 1}  # fmt: skip
_ALL, _MOST = 6, 5
_WHOLE = frozenset(listed("any both whole entire no none every each all"))
_BETWEEN = frozenset(listed("of the its their his her our these those them us a an other new more such"))


def _amounts(text: str) -> Iterator[tuple[int, Token, Token]]:
    """How many, with the word that says it and the noun it is said of."""
    words = tokens(plain(text))
    for i, token in enumerate(words):
        level = _HOW_MANY.get(token.text.lower())
        if level is None:
            continue
        for noun in words[i + 1 : i + 5]:
            if noun.content:
                yield level, token, noun
                break
            if noun.text.lower() not in _BETWEEN:
                break


def _ahead(text: str, noun: str) -> frozenset[str]:
    """The four words before each place of a noun, in small letters."""
    words = tokens(plain(text))
    return frozenset(w.text.lower() for i, t in enumerate(words) if t.stem == noun for w in words[max(0, i - 4) : i])


def quantities(text: str, witnesses: Sequence[Line]) -> Iterator[Problem]:
    """Each "all" and "most" that the source says of fewer, or of no stated number."""
    for level, token, noun in _amounts(text):
        if level < _MOST:
            continue
        lines = [line for line in witnesses if noun.stem in {t.stem for t in tokens(line.text)}]
        told = [(n, t, line) for line in lines for n, t, x in _amounts(line.text) if x.stem == noun.stem]
        if not lines or any(n >= level for n, _, _ in told) or any(_WHOLE & _ahead(line.text, noun.stem) for line in lines):
            continue
        shown = f"“{token.text.lower()} {noun.text}”"
        counted = [n for line in lines for n in line.numbers if noun.text.lower() in plain(line.text)[n.end : n.end + 30].lower()]
        if told:
            yield problem("said-of-fewer", shown, f"it says “{told[0][1].text} {noun.text}”", blocks=True)
        elif counted and not any(numbers.same(c, n) for c in counted for n in figures(text)):
            yield problem("said-of-fewer", shown, f"it says “{counted[0].text} {noun.text}”", blocks=False)
        elif level == _ALL and token.text.lower() == "all":
            yield problem("said-of-fewer", shown, f"it says “{short(lines[0].text, 12)}”", blocks=False)


# ---------------------------------------------------------------- how certain

_KNOWN = frozenset(stem(w) for w in listed("prove show demonstrate confirm establish reveal know discover determine conclude verify find"))
_FIRM = frozenset(stem(w) for w in listed("prove demonstrate establish know determine verify"))
_HELD = frozenset(
    stem(w)
    for w in listed(
        """say said tell argue claim believe think suggest estimate expect allege warn contend hope predict insist assert write
        testify maintain suspect accuse propose"""
    )
)


def certainty(text: str, witnesses: Sequence[Line]) -> Iterator[Problem]:
    """A "proved" or "showed" where the source only says, expects or believes."""
    if not witnesses:
        return
    theirs = {t.stem for line in witnesses for t in tokens(line.text)}
    for token in tokens(plain(text)):
        if token.stem in _KNOWN and token.stem not in theirs and token.text[0].islower() and token.text != "known":
            if theirs & _KNOWN and token.stem not in _FIRM:
                continue
            soft = next((t.text for line in witnesses for t in tokens(line.text) if t.stem in _HELD), "")
            if soft and not theirs & _KNOWN:
                yield problem("said-more-firmly", f"“{token.text}”", f"it says “{soft}”", blocks=token.stem in _FIRM)
            elif token.stem in _FIRM:
                yield problem("said-more-firmly", f"“{token.text}”", "", blocks=False)
            return


# ---------------------------------------------------------------------- causes

_CAUSE = re.compile(
    r"\b(?:because(?:\s+of)?|due\s+to|owing\s+to|thanks\s+to|as\s+a\s+result(?:\s+of)?|caused\s+by|as\s+a\s+consequence|on\s+account\s+of|the\s+reason\s+why)\b",
    re.IGNORECASE,
)
_CAUSAL = re.compile(
    r"\b(?:because|due\s+to|owing|thanks\s+to|result\w*|caus\w+|consequen\w+|reason\w*|since|so(?:\s+that)?|therefore|thus|hence|led|lead\w*|prompt\w*|trigger\w*|"
    r"blam\w+|attribut\w+|driv\w+|drove|stem\w+|why|for\s+fear|given|after|as|explain\w*|mean\w*|forc\w+|let\w*|to\s+avoid|contribut\w+|fault|then|when|if|by|:|—|-)\b|[:;—–]",
    re.IGNORECASE,
)
_PLAIN_CAUSAL = re.compile(
    r",\s+so\b|\b(?:because|due\s+to|owing|thanks\s+to|result\w*|caus\w+|consequen\w+|reason\w*|since|so\s+that|therefore|thus|hence|led\s+to|leads?\s+to|prompt\w*|trigger\w*|"
    r"blam\w+|attribut\w+|driv\w+|drove|stem\w+|why|given|explain\w*|forc\w+|contribut\w+)\b",
    re.IGNORECASE,
)


def causes(text: str, witnesses: Sequence[Line], beside: Sequence[Line]) -> Iterator[Problem]:
    """A "because" that stands in no source. Refused where one sentence of the source tells both halves and joins them in no such way."""
    found = _CAUSE.search(plain(text))
    if not found or not witnesses or any(_PLAIN_CAUSAL.search(plain(line.text)) for line in (*witnesses[:3], *beside)):
        return
    first, second = content(text[: found.start()]), content(text[found.end() :])
    sure = any(
        _share(first, line.text) >= 0.6 and _share(second, line.text) >= 0.6 and len(second) >= 2 and not _CAUSAL.search(_joint(line.text, first, second))
        for line in witnesses
    )
    yield problem("cause-added", f"“{found.group().lower()}”", f"it says “{short(witnesses[0].text, 16)}”", blocks=sure)


def _share(mine: frozenset[str], text: str) -> float:
    return len(mine & content(text)) / max(1, len(mine))


def _joint(text: str, first: frozenset[str], second: frozenset[str]) -> str:
    """What stands in the source between the two halves."""
    words = tokens(plain(text))
    a = max((t.end for t in words if t.stem in first - second), default=0)
    b = min((t.start for t in words if t.stem in second - first), default=0)
    return plain(text)[min(a, b) : max(a, b)]


# ------------------------------------------------------------------ conditions

_CONDITION = re.compile(
    r"(?:\b(?:only\s+)?(?:if|unless|except(?:\s+(?:for|when|where|that))?|provided(?:\s+that)?|as\s+long\s+as|so\s+long\s+as|on\s+condition\s+that|only\s+(?:when|after|where))\b)"
    r"(?P<what>[^,.;:()“”\"]{6,})",
    re.IGNORECASE,
)


def conditions(text: str, witnesses: Sequence[Line]) -> Iterator[Problem]:
    """A condition of the source that a sentence, which has the rest of its words, leaves out. An editor looks."""
    if re.search(r"\b(?:if|unless|except\w*|provided|condition\w*|only|whether)\b", text, re.IGNORECASE):
        return
    mine = gist(text)
    for line in witnesses[:2]:
        for m in _CONDITION.finditer(plain(line.text)):
            rest = gist(line.text[: m.start()] + " " + line.text[m.end() :])
            what = gist(m["what"])
            if (
                what
                and len(rest) >= 4
                and len(mine & what) <= len(what) / 4
                and len(mine & rest) / len(rest) >= 0.5
                and len(mine & rest) / max(1, len(mine)) >= 0.75
            ):
                yield problem("condition-dropped", f"“{short(m.group(), 12)}”")
                return
