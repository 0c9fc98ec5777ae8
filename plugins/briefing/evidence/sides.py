"""Who does what to whom. "The owner may suspend the insurer" has every word of a source that says the contrary.

Without a parser, a verb's sides are the nearest words before and behind it. They have changed places only where both stand on the other side in
the source and neither stands on its own, both sentences are active or both passive, and no sentence of the source has them as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model import Problem
from .reading import Line
from .reasons import problem
from .words import Token, listed, plain, short, tokens

#: Telling words on each side of a verb; in the source more, because it may say more.
REACH, THEIR_REACH = 2, 5
_BREAK = re.compile(r"[;:()\"]|, (?:and|but|while|which|who|where|when|because|if)\b|\b(?:because|unless|although|though|whereas)\b")
_AUX = frozenset(
    listed(
        "may must can will would has had have did does do could should cannot might shall to not also never already who which that won't can't doesn't didn't"
    )
)
_BE = frozenset(listed("is are was were be been being get got gets"))
_ARTICLES = frozenset(listed("the a an of its their his her no"))
_PAST = frozenset(
    listed(
        """told sent gave bought paid sold led met beat saw ran found wrote made took kept won held put read built chose drew knew taught
        caught brought left lent owes owe tell ask send give sue fine order suspend use buy hire pay sell own approve reject block review
        supply charge audit replace notify warn support oppose acquire join follow lead help see run cover carry find need require allow
        bar write make take keep win hold change match test represent accuse praise protect"""
    )
)


@dataclass(frozen=True)
class Verb:
    """A word that may be a verb, with the telling words before and behind it, nearest first."""

    token: Token
    before: tuple[str, ...]
    behind: tuple[str, ...]
    passive: bool


def verbs(text: str, reach: int) -> Iterator[Verb]:
    """The words of a sentence that look like verbs with something on both sides."""
    flat = plain(text)
    words = tokens(flat)
    breaks = [m.start() for m in _BREAK.finditer(flat)]
    for i, token in enumerate(words):
        low = token.text.lower()
        prior = words[i - 1].text.lower() if i else ""
        if not i or not token.content or not low[0].isalpha() or token.text[0].isupper():
            continue
        if (
            not (low.endswith(("ed", "es")) or (low.endswith("s") and not low.endswith("ss")) or low in _PAST or prior in _AUX)
            or prior in _ARTICLES
            or prior.endswith("ly")
        ):
            continue
        start = max((b for b in breaks if b < token.start), default=0)
        stop = min((b for b in breaks if b > token.start), default=len(flat))
        before = [t.stem for t in reversed(words[:i]) if t.content and t.start >= start][:reach]
        behind = [t.stem for t in words[i + 1 :] if t.content and t.end <= stop][:reach]
        passive = any(w.text.lower() in _BE for w in words[max(0, i - 3) : i]) or any(w.text.lower() == "by" for w in words[i + 1 : i + 4])
        if before and behind:
            yield Verb(token, tuple(before), tuple(behind), passive)


def check(text: str, witnesses: Sequence[Line]) -> Iterator[Problem]:
    """The first verb whose two sides have changed places. `text` without quotations."""
    theirs = [(line, v) for line in witnesses for v in verbs(line.text, THEIR_REACH)]
    for mine in verbs(text, REACH):
        same = [(line, v) for line, v in theirs if v.token.stem == mine.token.stem and v.passive == mine.passive]
        marks = [(_turned(mine, v), line) for line, v in same]
        if marks and all(m is not None for m, _ in marks):
            pair, line = marks[0]
            assert pair is not None
            yield problem("sides-swapped", f"“{mine.token.text}”", f"it says “{short(line.text, 18)}”", blocks=pair)
            return


def _turned(mine: Verb, theirs: Verb) -> bool | None:
    """True where both sides have changed places, False where one has and the other is new, None where not."""
    left, right = mine.before[0], mine.behind[0]
    if left == right:
        return None
    went_right = any(w in theirs.behind and w not in theirs.before for w in mine.before[:1])
    went_left = any(w in theirs.before and w not in theirs.behind for w in mine.behind[:REACH])
    if went_right and went_left:
        return True
    return None
