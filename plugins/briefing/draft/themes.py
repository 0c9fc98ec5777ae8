"""What the sources write about: their paragraphs as parts, what is open apart, and how alike two parts are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from . import english
from .passages import Line

#: Sentences of one source's paragraph, in order.
Part = tuple[Line, ...]
#: How rare each word is among the parts.
Value = Mapping[str, float]


def parts(lines: Sequence[Line], order: Sequence[str]) -> tuple[list[Part], list[Part]]:
    """The paragraphs of the sources, the best source's first, without what is not known or not decided; and that apart.

    `order` are the sources' markers, best first.
    """
    found: dict[tuple[str, int], list[Line]] = {}
    for marker in order:
        for line in (x for x in lines if x.source == marker):
            found.setdefault((marker, line.para), []).append(line)
    closed = [tuple(x for x in part if not x.unknown) for part in found.values()]
    undecided = [tuple(x for x in part if x.unknown) for part in found.values()]
    return [p for p in closed if p], [p for p in undecided if p]


def rarity(found: Sequence[Sequence[Line]]) -> Value:
    """How much each word tells parts apart."""
    often = Counter(w for part in found for w in {w for line in part for w in english.content(line.text)})
    return {w: math.log((1 + len(found)) / n) for w, n in often.items()}


def alike(group: Sequence[Sequence[Line]], part: Sequence[Line], value: Value) -> float:
    """Cosine of a part and a group of parts, 0 to 1."""
    one = _vector([line for p in group for line in p], value)
    two = _vector(part, value)
    across = sum(v * two.get(w, 0.0) for w, v in one.items())
    return across / (_length(one) * _length(two) or 1.0)


def _vector(lines: Sequence[Line], value: Value) -> dict[str, float]:
    counted = Counter(w for line in lines for w in english.content(line.text + " " + line.heading))
    return {w: (1 + math.log(n)) * value.get(w, 0.0) for w, n in counted.items()}


def _length(vector: Mapping[str, float]) -> float:
    return math.sqrt(sum(v * v for v in vector.values()))
