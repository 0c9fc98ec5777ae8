"""Words and their opposites: "more" where the source has "fewer", "after" for "before", "supports" for "opposes".

An opposite counts only amid the same words, and only where the source has no word of the sentence's own side: a rise and a fall may both be
told, and then it takes a person to see which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from ..model import Problem
from . import dates, polarity
from .reading import Line
from .reasons import problem
from .words import Token, listed, plain, short, stem, tokens

#: The two sides of each pair, as words; their other forms follow from the stem.
PAIRS = tuple(
    (listed(a), listed(b))
    for a, b in (
        ("more higher larger greater bigger most highest largest biggest", "fewer less lower smaller least fewest lowest smallest"),
        ("longer longest", "shorter shortest"),
        ("faster quicker sooner earlier fastest earliest", "slower later slowest latest"),
        ("better best improve", "worse worst worsen"),
        ("stronger tougher stricter harder", "weaker easier looser softer"),
        ("cheaper", "dearer costlier pricier"),
        ("rise increase grow gain climb jump surge expand widen rising", "fall decrease drop decline shrink dip plunge narrow falling shrank"),
        ("raise lift", "lower cut reduce"),
        ("gain win", "lose forfeit"),
        ("before", "after"),
        ("first", "last"),
        ("above", "below"),
        ("begin start open launch", "end stop close finish cease conclude"),
        ("allow permit let authorize", "forbid ban bar prohibit block"),
        ("accept approve adopt endorse", "reject refuse decline deny"),
        ("support favor welcome", "oppose resist criticize"),
        ("include cover", "exclude exempt omit"),
        ("voluntary optional", "mandatory compulsory obligatory required"),
        ("public open", "secret confidential private sealed"),
        ("internal inside", "external outside"),
        ("buy acquire purchase", "sell"),
        ("hire recruit", "fire dismiss"),
        ("lend", "borrow"),
        ("legal lawful", "illegal unlawful"),
        ("guilty convicted", "innocent acquitted"),
        ("up", "down"),
        ("always", "never sometimes"),
        ("minimum", "maximum"),
        ("often", "rarely seldom"),
        ("add", "remove withdraw"),
        ("confirm", "deny dispute"),
        ("send", "receive"),
        ("majority", "minority"),
    )
)
#: Words on each side in which the same words must stand.
REACH, THEIR_REACH = 4, 7
#: A sentence shares so much of the words beside the opposite before it is refused; with less, an editor looks.
SURE, LIKELY, CLEARER = 0.6, 0.34, 0.3
_LIMIT = re.compile(r"\s+than\s+(?:an?\s+|the\s+|about\s+)?(?:[$€£]?\d|half|one|two|three|four|five|six|seven|eight|nine|ten)", re.IGNORECASE)

#: "At least" and "or more" are limits, which `limits` compares.
_LIMITS = frozenset((a, b) for a, many in (("at", "least most"), ("or", "more fewer less higher longer older shorter above below")) for b in many.split())


@lru_cache(maxsize=1)
def _sides() -> Mapping[str, tuple[tuple[int, int], ...]]:
    """Each stem and surface word → the pairs and sides it stands for."""
    out: dict[str, list[tuple[int, int]]] = {}
    for n, pair in enumerate(PAIRS):
        for side, words in enumerate(pair):
            for key in {k for w in words for k in (w, stem(w))}:
                out.setdefault(key, []).append((n, side))
    return {k: tuple(v) for k, v in out.items()}


def _held(text: str) -> list[tuple[int, Token, tuple[tuple[int, int], ...]]]:
    """The words of a text that have an opposite, with their place; not those of dates ("fall 2026") and limits ("more than 40")."""
    flat = plain(text)
    taken = [(d.start, d.end) for d in dates.find(text)]
    out = []
    words = tokens(flat)
    for i, t in enumerate(words):
        if i and (words[i - 1].text.lower(), t.text.lower()) in _LIMITS:
            continue
        told = _sides().get(t.text.lower()) or _sides().get(t.stem)
        if told and not any(a <= t.start < b for a, b in taken) and not _LIMIT.match(flat, t.end):
            out.append((i, t, told))
    return out


def _beside(text: str, at: int, reach: int) -> frozenset[str]:
    words = tokens(plain(text))
    return frozenset(t.stem for t in (*words[max(0, at - reach) : at], *words[at + 1 : at + 1 + reach]) if t.content)


def check(text: str, witnesses: Sequence[Line]) -> Iterator[Problem]:
    """Each word whose opposite stands amid the same words in the source, one problem at most. `text` without quotations."""
    yield from islice((*_words(text, witnesses), *_placing(text, witnesses)), 1)


def _words(text: str, witnesses: Sequence[Line]) -> Iterator[Problem]:
    held = _held(text)
    mine = {side for _, _, told in held for side in told}
    theirs = [(line, *h) for line in witnesses for h in _held(line.text)]
    for at, token, told in held:
        around = _beside(text, at, REACH)
        for n, side in told:
            if (n, 1 - side) in mine or not around:
                continue
            same = max((_fit(around, line, i)[0] for line, i, _, sides in theirs if (n, side) in sides), default=0.0)
            against = [(*_fit(around, line, i), line, t) for line, i, t, sides in theirs if (n, 1 - side) in sides]
            best = max(against, key=lambda f: f[:2], default=None)
            if best is None or best[0] < LIKELY or best[0] - same < CLEARER or polarity.denies(text) != polarity.denies(best[2].text):
                continue
            sure = best[0] >= SURE and best[1] >= 2 and same == 0
            yield problem("opposite-word", f"“{token.text}”", f"it says “{best[3].text}” in “{short(best[2].text, 14)}”", blocks=sure)


def _fit(around: frozenset[str], line: Line, at: int) -> tuple[float, int]:
    shared = len(around & _beside(line.text, at, THEIR_REACH))
    return shared / len(around), shared


#: Small words that put a thing on one side of what follows them.
_PLACING = (
    (frozenset(listed("before until till")), frozenset(listed("after since from"))),
    (frozenset({"with"}), frozenset({"without"})),
    (frozenset({"for"}), frozenset({"against"})),
    (frozenset(listed("inside within")), frozenset({"outside"})),
    (frozenset({"over"}), frozenset({"under"})),
)


def _placed(text: str) -> Iterator[tuple[int, int, str, str, str]]:
    """Each such word: its pair and side, the word, and the telling words right before and behind it."""
    words = tokens(plain(text))
    for i, token in enumerate(words):
        for n, pair in enumerate(_PLACING):
            for side, members in enumerate(pair):
                if token.text.lower() in members:
                    behind = next((t.stem for t in words[i + 1 : i + 5] if t.content), "")
                    before = next((t.stem for t in reversed(words[max(0, i - 4) : i]) if t.content), "")
                    yield n, side, token.text, before, behind


def _placing(text: str, witnesses: Sequence[Line]) -> Iterator[Problem]:
    theirs = [(line, *p) for line in witnesses for p in _placed(line.text)]
    for n, side, word, before, behind in _placed(text):
        same = any((m, s) == (n, side) and b == behind for _, m, s, _, _, b in theirs)
        against = [(line, w, a) for line, m, s, w, a, b in theirs if (m, s) == (n, 1 - side) and b == behind]
        if behind and against and not same:
            line, found, _ = against[0]
            sure = bool(before) and any(a == before for _, _, a in against)
            yield problem("opposite-word", f"“{word}”", f"it says “{found}” in “{short(line.text, 14)}”", blocks=sure)
