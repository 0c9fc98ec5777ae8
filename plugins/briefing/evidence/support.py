"""How much of a sentence one text carries: shared words, weighed by how rare they are in that text. A score, never a verdict."""

from __future__ import annotations

from datetime import date

from .passages import best
from .reading import Reading, Sources, gist


def support(sentence: str, text: str) -> float:
    """0 (nothing shared) to 1 (every word stands in one place of the text)."""
    reading = Reading(id="s1", publisher="", title="", author="", url="", published=None, snapshot="", text=text)
    found = best(gist(sentence), reading, Sources(by_id={"s1": reading}, edition=date.min, known=frozenset({"s1"})))
    return found.coverage if found else 0.0
