"""How much of a sentence one text carries, by words alone. A score to sort by, never a verdict: nothing on a page may say "verified" for it.

Two things tell most: whether a single detail (a name, a figure, a day) stands nowhere in the text, and how long the stretches are that the
text has word for word. The other measures say what else is missing, and whether it is missing amid copied words: there a program, not a
person, put it in. Weights were fitted (logistic regression, C 0.01, balanced classes, so that 0.5 is the threshold) on the half of WiCE's
development claims whose page hashes to an even number; `evals/_grounding.py` names the split, measures on the other half and can fit
again. The weights are few on purpose: they are read, not believed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from . import names, numbers
from .reading import Line, figures, lines
from .words import Token, listed, tokens

#: Names of the measures, in the order of the weights.
MEASURES = ("a detail missing", "details missing", "a figure missing", "words missing", "missing amid copied", "copied", "mean run", "pairs", "repeated")
#: So many missing details count; a sentence with more is no worse.
MOST = 3
#: (mean, spread, weight) of each measure, then the constant; see the module's first lines.
FITTED: tuple[tuple[float, float, float], ...] = (
    (0.599, 0.490, -0.189),
    (1.121, 1.147, -0.189),
    (0.319, 0.466, -0.084),
    (1.334, 0.714, -0.159),
    (1.148, 0.937, -0.078),
    (0.948, 0.420, 0.131),
    (2.773, 1.523, 0.067),
    (0.252, 0.206, 0.141),
    (0.736, 1.312, -0.030),
)
CONSTANT = -0.212
#: From here on a sentence counts as carried in the measurement.
THRESHOLD = 0.5
#: Words that date something, and words that count.
_DAYS = frozenset(
    listed(
        """monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
        november december today yesterday tomorrow summer winter spring autumn"""
    )
)
_COUNTS = frozenset(
    listed("two three four five six seven eight nine ten eleven twelve first second third fourth fifth sixth half dozen hundred thousand million")
)


def support(sentence: str, text: str) -> float:
    """0 (the text is about something else) to 1 (its words carry the sentence), by shared words."""
    return score(measures(sentence, lines(text)))


def score(values: Sequence[float]) -> float:
    """The weighed measures as one number from 0 to 1."""
    z = CONSTANT + sum(weight * (value - mean) / spread for value, (mean, spread, weight) in zip(values, FITTED, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def measures(sentence: str, text: Sequence[Line]) -> tuple[float, ...]:
    """The nine measures of a sentence against a text's sentences, in the order of `MEASURES`."""
    told = _Told.of(tuple(line.text for line in text))
    mine = tokens(sentence)
    small = [t.text.lower() for t in mine]
    content = [t for t in mine if t.content]
    stems = [t.stem for t in content]
    dated, counted = _details(sentence, small, text, told)
    details = dated + counted + sum(w not in told.words for n in names.find(sentence) for w in n.words)
    missing = sum(t.stem not in told.stems and not told.alike(t.text) for t in content)
    runs = told.runs(small)
    long = [r for r in runs if r > 1]
    return (
        min(1.0, details),
        min(float(MOST), details),
        min(1.0, sum(w not in told.small for w in small if w in _DAYS or w in _COUNTS or w[0].isdigit())),
        math.log1p(missing),
        missing * sum(long) / max(1, len(small)),
        math.log(1 + sum(r * r for r in runs) / max(1, len(small))),
        sum(long) / max(1, len(long)),
        _share(list(pairwise(stems)), told.pairs),
        float(sum(n - 1 for n in Counter(stems).values())),
    )


def _details(sentence: str, small: Sequence[str], text: Sequence[Line], told: _Told) -> tuple[int, int]:
    """How many words of dates, and how many figures, stand nowhere in the text."""
    theirs = [n for line in text for n in line.numbers]
    counted = sum((w[0].isdigit() or w in _COUNTS) and w not in told.small for w in small)
    differ = sum(not any(numbers.agree(n, m) for m in theirs) for n in figures(sentence))
    return sum(w in _DAYS and w not in told.small for w in small), max(counted, differ)


def _share(mine: Sequence[tuple[str, ...]], theirs: frozenset[tuple[str, ...]]) -> float:
    return sum(m in theirs for m in mine) / max(1, len(mine))


class _Told:
    """A text's words, indexed for the measures."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        every: list[list[Token]] = [list(tokens(t)) for t in texts]
        self.words = frozenset(w for row in every for t in row if (w := names.bare(t.text)))
        self.stems = frozenset(t.stem for row in every for t in row)
        content = [[t.stem for t in row if t.content] for row in every]
        self.pairs = frozenset(p for row in content for p in pairwise(row))
        self._run = [t.text.lower() for row in every for t in row]
        self._starts: dict[str, list[int]] = {}
        for at, word in enumerate(self._run):
            self._starts.setdefault(word, []).append(at)
        self.small = frozenset(self._starts)

    @staticmethod
    @lru_cache(maxsize=64)
    def of(texts: tuple[str, ...]) -> _Told:
        """The index of these sentences."""
        return _Told(texts)

    def alike(self, word: str) -> bool:
        """Whether the text has a word that begins like this one ("regulator" for "regulation")."""
        low = word.lower()
        cut = max(4, int(len(low) * 0.6))
        return low in self._starts or (len(low) > 4 and any(w[:cut] == low[:cut] for w in self._starts))

    def runs(self, words: Sequence[str]) -> list[int]:
        """How long the stretches are that the text has word for word, one after the other; 0 for a word it has not."""
        out, at = [], 0
        while at < len(words):
            longest = max((self._length(words, at, place) for place in self._starts.get(words[at], ())), default=0)
            out.append(longest)
            at += max(1, longest)
        return out

    def _length(self, words: Sequence[str], at: int, place: int) -> int:
        n = 0
        while at + n < len(words) and place + n < len(self._run) and words[at + n] == self._run[place + n]:
            n += 1
        return n
