"""What the sources write about: their passages on the same matter side by side, so that a section can be told in one breath.

A source's own parts (what stands under one of its headings, or two paragraphs) hold together by themselves; parts of other
sources join the part they are most alike.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import english
from .passages import Line

#: Cosine at which a part of another source joins a theme, and how many parts a theme has at most.
_JOINS = 0.13
_MOST_PARTS = 3
#: How rare each word is among the parts.
Value = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Theme:
    """Parts of several sources on one matter, the best source's first."""

    parts: tuple[tuple[Line, ...], ...]
    open: bool = False  # what is not known or not decided

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every sentence, part by part in its own order."""
        return tuple(line for part in self.parts for line in part)

    @property
    def text(self) -> str:
        """Its sentences and headings as one text."""
        return " ".join(dict.fromkeys(x.heading for x in self.lines)) + " " + " ".join(x.text for x in self.lines)


def of(lines: Sequence[Line], order: Sequence[str]) -> tuple[Theme, ...]:
    """The themes of a story in the order the best source tells them; what is open comes last. `order` are the sources' markers, best first."""
    parts = [p for marker in order for p in _parts([x for x in lines if x.source == marker])]
    closed = [tuple(x for x in part if not x.unknown) for part in parts if not _is_open(part)]
    undecided = [tuple(x for x in part if x.unknown or _is_open(part)) for part in parts]
    value = rarity(closed)
    groups: list[list[tuple[Line, ...]]] = []
    for part in closed:
        if not part:
            continue
        near = max(groups, key=lambda g: alike(g, part, value), default=None)
        if (
            near is not None
            and near[0][0].source != part[0].source
            and len(near) < _MOST_PARTS
            and alike(near, part, value) >= _JOINS
            and all(p[0].source != part[0].source for p in near)
        ):
            near.append(part)
        else:
            groups.append([part])
    out = [Theme(tuple(g)) for g in groups]
    rest = tuple(part for part in undecided if part)
    return (*out, Theme(rest, open=True)) if rest else tuple(out)


def _parts(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """A source's parts: by its headings where it has two or more, else two paragraphs at a time."""
    headed = len({x.heading for x in lines}) >= 3
    paras = list(dict.fromkeys(x.para for x in lines))
    pair = {para: n // 2 for n, para in enumerate(paras)}
    found: dict[object, list[Line]] = {}
    for line in lines:
        found.setdefault(line.heading if headed else pair[line.para], []).append(line)
    return [tuple(part) for part in found.values()]


def _is_open(part: Sequence[Line]) -> bool:
    return sum(x.unknown for x in part) >= max(2, 0.6 * len(part))


def rarity(parts: Sequence[Sequence[Line]]) -> Value:
    """How much each word tells parts apart."""
    often = Counter(w for part in parts for w in {w for line in part for w in english.content(line.text)})
    return {w: math.log((1 + len(parts)) / n) for w, n in often.items()}


def alike(group: Sequence[Sequence[Line]], part: Sequence[Line], value: Value) -> float:
    """Cosine of a part and a group of parts, 0 to 1."""
    one = _vector([line for p in group for line in p], value)
    two = _vector(part, value)
    across = sum(v * two.get(w, 0.0) for w, v in one.items())
    return across / (_length(one) * _length(two) or 1.0)


def _vector(lines: Sequence[Line], value: Mapping[str, float]) -> dict[str, float]:
    counted = Counter(w for line in lines for w in english.content(line.text + " " + line.heading))
    return {w: (1 + math.log(n)) * value.get(w, 0.0) for w, n in counted.items()}


def _length(vector: Mapping[str, float]) -> float:
    return math.sqrt(sum(v * v for v in vector.values()))
