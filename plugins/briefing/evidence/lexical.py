"""How much of a sentence one text carries, by words alone. A score to sort by, never a verdict: nothing on a page may say "verified" for it.

Ten plain measures of shared words, each between a sentence and the whole text, and ten weights. Weights and threshold were fitted (logistic
regression, C 0.1, balanced classes) on the half of WiCE's development claims whose page hashes to an even number; `evals/_grounding.py` names
the split, measures on the other half and can fit again. The weights are few on purpose: they are read, not believed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from . import names, numbers
from .reading import Line, figures, lines
from .words import Token, tokens

#: Names of the measures, in the order of the weights.
MEASURES = ("shared", "names missing", "length", "figures missing", "words missing", "capitals missing", "copied", "triples", "pairs", "near")
#: A pair of words is near where both stand within so many words of the text.
WINDOW = 12
#: (mean, spread, weight) of each measure, then the constant; see the module's first lines.
FITTED: tuple[tuple[float, float, float], ...] = (
    (0.730, 0.196, 0.254),
    (0.929, 1.779, -0.300),
    (3.117, 0.370, -0.057),
    (0.220, 0.731, -0.405),
    (3.330, 3.015, -0.249),
    (0.923, 1.692, -0.321),
    (0.948, 0.420, 0.197),
    (0.132, 0.167, 0.069),
    (0.252, 0.206, 0.112),
    (0.295, 0.221, 0.182),
)
CONSTANT = -0.396
#: From here on a sentence counts as carried in the measurement.
THRESHOLD = 0.5


def support(sentence: str, text: str) -> float:
    """0 (the text is about something else) to 1 (its words carry the sentence), by shared words."""
    return score(measures(sentence, lines(text)))


def score(values: Sequence[float]) -> float:
    """The weighed measures as one number from 0 to 1."""
    z = CONSTANT + sum(weight * (value - mean) / spread for value, (mean, spread, weight) in zip(values, FITTED, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def measures(sentence: str, text: Sequence[Line]) -> tuple[float, ...]:
    """The ten measures of a sentence against a text's sentences, in the order of `MEASURES`."""
    told = _Told.of(tuple(line.text for line in text))
    mine = tokens(sentence)
    content = [t for t in mine if t.content]
    known = [t.stem in told.stems for t in content]
    soft = [k or told.alike(t.text) for k, t in zip(known, content, strict=True)]
    called = [w for n in names.find(sentence) for w in n.words]
    theirs = [n for line in text for n in line.numbers]
    stems = [t.stem for t in content]
    near = [(a, b) for i, a in enumerate(stems) for b in stems[i + 1 : i + 4]]
    small = [t.text.lower() for t in mine]
    return (
        sum(soft) / max(1, len(content)),
        float(sum(w not in told.words for w in called)),
        math.log(1 + len(mine)),
        float(sum(not any(numbers.agree(n, m) for m in theirs) for n in figures(sentence))),
        float(sum(not k for k, t in zip(known, content, strict=True) if not t.text[0].isupper())),
        float(sum(not k for k, t in zip(known, content, strict=True) if t.text[0].isupper())),
        math.log(1 + told.copied(small)),
        _share(list(zip(small, small[1:], small[2:], strict=False)), told.triples),
        _share(list(pairwise(stems)), told.pairs),
        sum(told.near(a, b) for a, b in near) / max(1, len(near)),
    )


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
        small = [[t.text.lower() for t in row] for row in every]
        self.triples = frozenset(p for row in small for p in zip(row, row[1:], row[2:], strict=False))
        self._run = [w for row in small for w in row]
        self._starts: dict[str, list[int]] = {}
        for at, word in enumerate(self._run):
            self._starts.setdefault(word, []).append(at)
        self._places: dict[str, list[int]] = {}
        at = 0
        for row in every:
            for token in row:
                self._places.setdefault(token.stem, []).append(at)
                at += 1
            at += WINDOW + 3  # neighbours of different sentences are not near

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

    def near(self, a: str, b: str) -> bool:
        """Whether both words stand near each other in one sentence."""
        return any(abs(x - y) <= WINDOW for x in self._places.get(a, ()) for y in self._places.get(b, ()))

    def copied(self, words: Sequence[str]) -> float:
        """How long the runs are that the text has word for word: sum of squares over length."""
        total = at = 0
        while at < len(words):
            longest = max((self._length(words, at, place) for place in self._starts.get(words[at], ())), default=0)
            total += longest * longest
            at += max(1, longest)
        return total / max(1, len(words))

    def _length(self, words: Sequence[str], at: int, place: int) -> int:
        n = 0
        while at + n < len(words) and place + n < len(self._run) and words[at + n] == self._run[place + n]:
            n += 1
        return n
