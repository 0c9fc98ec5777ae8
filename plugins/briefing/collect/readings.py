"""What each source gave for an edition: read or not, and how much it brought. Pure; the edition's file keeps it, and so its approval covers it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ..model import Item, Reading, Source
from ..store import State

#: Of a source that was not asked in an edition's window at all.
NOT_ASKED = "not-asked"


def readings(sources: Sequence[Source], states: Mapping[str, State], items: Iterable[Item], start: datetime) -> tuple[Reading, ...]:
    """One record a source, those that were read first: it answered since `start`, the begin of the edition's window, or brought an item of it.

    `items` are those first seen in the window. A manual source without any is no gap and is left out.
    """
    brought = Counter(i.source for i in items)
    out = []
    for source in sources:
        state, count = states.get(source.id), brought[source.id]
        good = state.last_good if state else None
        if count or (good is not None and good >= start):
            out.append(Reading(source=source.id, items=count))
        elif source.kind != "manual":
            out.append(Reading(source=source.id, reason=(state.reason if state else "") or NOT_ASKED, last=good.date() if good else None))
    return tuple(sorted(out, key=lambda r: r.reason != ""))
