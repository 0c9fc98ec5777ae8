"""What the drafts of the sample week carry does not fall: floors in tests/eval/floors.json.

Raise a floor when the drafter gets better. To lower one, say in the commit why.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals import Skipped
from evals import draft as measured

FLOORS = json.loads((Path(__file__).parent / "eval" / "floors.json").read_text(encoding="utf-8"))["draft"]


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    out: dict[str, float] = {}
    try:
        for row in measured.rows(None, lambda line: None):
            out[row.name] = float(row.value)
    except Skipped:
        pass  # without the corpus the sample alone is measured
    return out


@pytest.mark.parametrize("name", FLOORS["at least"])
def test_at_least(name: str, found: dict[str, float]) -> None:
    assert found[name] >= FLOORS["at least"][name]


@pytest.mark.parametrize("name", FLOORS["at most"])
def test_at_most(name: str, found: dict[str, float]) -> None:
    assert found[name] <= FLOORS["at most"][name]
