"""How strict the judge of a language model's sentences is: true ones it refuses, errors and wrong passages it lets through.

The sentences are those of the sample's model-free drafts, offered as a careful model would: each with the passages it rests on. Then the
same with one error planted, and the same with a passage of the source that is about something else. No model runs here.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from briefing import evidence
from briefing.draft import judge
from briefing.draft.judge import Material
from briefing.draft.slots import Slot
from evals import Progress, Row, at_least, at_most, fact
from evals._planted import plants
from evals._story import drafted, names

TITLE = "What a language model's sentence must withstand"
EDITION = date(2026, 11, 24)
_EXACT = ("number", "number of something else", "date", "date of something else", "name", "quotation", "role", "attribution")
_BODY = {"fact", "quote"}
_HEAD = {"title", "dek", "short.happened", "pull", "statistic"}


def rows(corpus: Path | None, progress: Progress) -> Iterator[Row]:
    """Judge true, changed and wrongly placed sentences of every sample story."""
    true = refused = wrong = caught_wrong = 0
    made: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    chance = random.Random(7)
    for name in names():
        base = drafted(name, EDITION)
        material = Material(base=base.article, texts=base.texts)
        for slot, source in _sentences(material):
            true += 1
            if found := judge.faults(slot, material):
                refused += 1
                progress(f"true and refused: {slot.text} ({found[0].found})")
                continue
            for plant in plants(slot.text, material.texts[source].text, chance):
                if not plant.elsewhere:
                    made[plant.kind] += 1
                    changed = Slot(key=slot.key, role=slot.role, text=plant.text, passages=slot.passages)
                    hit = bool(judge.faults(changed, material))
                    caught[plant.kind] += hit
                    if not hit:
                        progress(f"{plant.kind} missed: {plant.text} (was {plant.was})")
            others = [p.id for p in material.passages if p.source == source and p.id not in slot.passages]
            if others:
                wrong += 1
                caught_wrong += bool(judge.faults(Slot(key=slot.key, role=slot.role, text=slot.text, passages=(chance.choice(others),)), material))
    yield fact("true sentences", true)
    yield at_most("true sentences refused", refused / max(true, 1), 0.05)
    exact, hits = sum(made[k] for k in _EXACT), sum(caught[k] for k in _EXACT)
    yield fact("planted numbers, dates, names, roles, quotations, speakers", exact)
    yield at_least("refused", hits / max(exact, 1), 0.98)
    for kind in sorted(made):
        yield fact(f"{kind}: refused of {made[kind]}", caught[kind])
    yield at_least("sentences refused that name another passage of their source", caught_wrong / max(wrong, 1), 0.95)


def _sentences(material: Material) -> Iterator[tuple[Slot, str]]:
    """The draft's cited sentences with the passages that carry them, and their first source."""
    for number, claim in enumerate(evidence.check(material.base, material.texts)):
        if claim.type not in _BODY or claim.where in _HEAD or not claim.passages:
            continue
        ids = [p.id for found in claim.passages for p in material.passages if p.source == found.source and p.start < found.end and found.start < p.end]
        if ids:
            yield Slot(key=f"lead.{number}", role="sentence", text=claim.text, passages=tuple(dict.fromkeys(ids))), material.by_id[ids[0]].source
