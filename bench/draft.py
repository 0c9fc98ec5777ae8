"""How long drafting takes: an edition of the sample, and how it grows with the sources of one story."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from briefing.draft import write
from evals import Progress, Row, _sample, at_most, fact

TITLE = "Drafting without a model (wall seconds on one core)"


def rows(corpus: Path | None, progress: Progress) -> Iterator[Row]:
    """The nine stories of the sample, scaled to five articles from thirty sources; then one story with more and more sources."""
    material = _sample.load()
    _sample.drafts(material)  # the splitter's model is loaded once, before the clock starts
    progress("nine drafts")
    began = time.perf_counter()
    made = _sample.drafts(material)
    wall = time.perf_counter() - began
    sources = sum(len(d.texts) for _, d in made)
    yield fact(f"{len(made)} drafts from {sources} sources", wall, unit="s")
    yield at_most("five drafts from thirty sources, by that measure", max(wall * 5 / len(made), wall * 30 / sources), 5.0, unit="s")
    yield from _growth(material, progress)


def _growth(material: _sample.Material, progress: Progress) -> Iterator[Row]:
    day = max(_sample.EDITIONS)
    choice = max(material.choices(day), key=lambda c: len(c.story.items))
    told = material.told(choice)
    setting = write.Setting(playbook=material.guide, edition=day, author="Dana Whitlock", jurisdictions=("US",))
    for count in range(1, len(told) + 1):
        progress(f"{count} sources")
        began = time.perf_counter()
        write.draft(choice.story, told[:count], setting)
        yield fact(f"one draft from {count} source{'s' if count > 1 else ''}", time.perf_counter() - began, unit="s")
