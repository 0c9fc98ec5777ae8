"""Items into stories: which of this week's items tell of the same event.

Words decide first (TF-IDF of title and text), then what only one event has: its names, numbers and dates. Two events of the
same kind share the words and not the names, so a pair that shares no name is held apart.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .model import Item, Story

#: Average similarity at which two groups are one story. Chosen on the labelled sets of `run.py eval draft`.
THRESHOLD = 0.18
#: Longer texts are cut: the event stands at the top, and background at the end makes different events alike.
_WORDS = 220
_TIERS = ("primary", "wire", "trade", "analysis", "vendor", "aggregator")
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][\w’'&.-]*[\w](?:\s+(?:of|the|for|and|&)?\s*[A-Z][\w’'&.-]*[\w])*")
_FIGURE = re.compile(r"[$€£]?\d[\d,.]*\d|\b\d{2,}\b")
_COMMON_TEXT = (
    "AI The A An In On At It He She They We This That What When How Why For And But US U.S UK EU January February March April May June July August "
    "September October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)
_COMMON = frozenset(_COMMON_TEXT.split())


@dataclass(frozen=True, slots=True)
class _Marks:
    names: frozenset[str]
    figures: frozenset[str]


def stories(items: Sequence[Item], texts: Mapping[str, str] | None = None, tiers: Mapping[str, str] | None = None) -> tuple[Story, ...]:
    """The items as stories, the newest story last. `texts` maps item ids to fuller text, `tiers` source ids to their tier.

    One link that stands in two feeds is one item (the better tier keeps it). The result does not depend on the order of `items`.
    """
    texts, tiers = texts or {}, tiers or {}
    ordered = sorted(_one_per_link(items, tiers), key=lambda i: (_when(i), i.id))
    if not ordered:
        return ()
    whole = [" ".join((f"{i.title}. {i.title}. {texts.get(i.id) or i.summary}").split()[:_WORDS]) for i in ordered]
    labels = groups(whole, [i.title for i in ordered])
    found: dict[int, list[Item]] = {}
    for item, label in zip(ordered, labels, strict=True):
        found.setdefault(label, []).append(item)
    out = [_story(members, tiers) for members in found.values()]
    return tuple(sorted(out, key=lambda s: (min(_when(i) for i in s.items), s.id)))


def groups(texts: Sequence[str], titles: Sequence[str] | None = None, threshold: float = THRESHOLD) -> list[int]:
    """A group number for each text; equal numbers tell of the same event."""
    if len(texts) == 1:
        return [0]
    similarity = _similarity(texts)
    _hold_apart(similarity, [_marks(t) for t in texts])
    return _average_link(similarity, threshold)


def _similarity(texts: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer  # noqa: PLC0415 - half a second that only drafting needs

    stop = sorted({_plain(w) for w in ENGLISH_STOP_WORDS})
    vectors = TfidfVectorizer(sublinear_tf=True, stop_words=stop, preprocessor=_plain, token_pattern=r"(?u)\b\w[\w-]*\b")
    try:
        matrix = vectors.fit_transform(texts)
    except ValueError:  # every text is empty or made of stop words only
        import numpy  # noqa: PLC0415

        return numpy.eye(len(texts))
    return (matrix @ matrix.T).toarray()


def _plain(text: str) -> str:
    """Small letters, plural and possessive endings off, so that "insurers" and "insurer’s" are one word."""
    return re.sub(r"(?<=[a-z]{3})(?:[’']s|(?<!s)s)\b", "", text.lower())


def _marks(text: str) -> _Marks:
    names = {w for n in _NAME.findall(text) for w in n.split() if w[0].isupper() and w not in _COMMON}
    return _Marks(frozenset(names), frozenset(f for f in _FIGURE.findall(text) if not re.fullmatch(r"(19|20)\d\d", f)))


def _hold_apart(similarity: Any, marks: Sequence[_Marks]) -> None:
    """Raise pairs that share a rare name or figure, lower pairs that each have names and share none."""
    often = Counter(n for m in marks for n in m.names | m.figures)
    limit = max(3, len(marks) // 12)
    rare = [frozenset(n for n in m.names | m.figures if often[n] <= limit) for m in marks]
    for i in range(len(marks)):
        for j in range(i):
            if similarity[i, j] < 0.04:
                continue
            shared = len(rare[i] & rare[j])
            if shared:
                factor, extra = 1.15, 0.03 * min(shared, 4)
            elif len(marks[i].names) >= 2 and len(marks[j].names) >= 2 and not marks[i].names & marks[j].names:
                factor, extra = 0.6, 0.0
            else:
                continue
            similarity[i, j] = similarity[j, i] = min(1.0, similarity[i, j] * factor + extra)


def _average_link(similarity: Any, threshold: float) -> list[int]:
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415

    model = AgglomerativeClustering(n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1.0 - threshold)
    distance = 1.0 - similarity
    distance[distance < 0] = 0.0
    return [int(label) for label in model.fit_predict(distance)]


def _one_per_link(items: Sequence[Item], tiers: Mapping[str, str]) -> list[Item]:
    kept: dict[str, Item] = {}
    for item in sorted(items, key=lambda i: (_tier(i, tiers), _when(i), i.id)):
        kept.setdefault(item.url, item)
    return list(kept.values())


def _story(members: list[Item], tiers: Mapping[str, str]) -> Story:
    oldest = min(members, key=lambda i: (_when(i), i.id))
    best = sorted(members, key=lambda i: (_tier(i, tiers), _when(i), i.id))
    return Story(id=hashlib.sha256(oldest.id.encode("utf-8")).hexdigest()[:12], items=tuple(best))


def _tier(item: Item, tiers: Mapping[str, str]) -> int:
    tier = tiers.get(item.source, "aggregator")
    return _TIERS.index(tier) if tier in _TIERS else len(_TIERS)


def _when(item: Item) -> datetime:
    return item.published or item.first_seen or datetime.min.replace(tzinfo=UTC)
