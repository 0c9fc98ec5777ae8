"""The checker's quality on the sample week does not fall: floors in tests/eval/floors.json.

Raise a floor when the checker gets better. To lower one, say in the commit why. `cases` is the digest of the true sentences and absences the
floors were measured on, so that who changes those looks at the floors too.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from evals import evidence as measured

ROOT = Path(__file__).parent.parent
FLOORS = json.loads((ROOT / "tests" / "eval" / "floors.json").read_text(encoding="utf-8"))["evidence"]
CASES = ("true-sentences.yaml", "absences.yaml")


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    rows = measured.rows(None, lambda line: None)
    return {re.sub(r" \(\d+\)$", "", r.name): float(r.value) for r in rows}


def test_the_floors_belong_to_these_cases() -> None:
    data = b"".join((ROOT / "tests" / "data" / "evidence" / name).read_bytes().replace(b"\r\n", b"\n") for name in CASES)
    assert hashlib.sha256(data).hexdigest()[:16] == FLOORS["cases"]


@pytest.mark.parametrize("name", FLOORS["at least"])
def test_at_least(name: str, found: dict[str, float]) -> None:
    assert found[name] >= FLOORS["at least"][name]


@pytest.mark.parametrize("name", FLOORS["at most"])
def test_at_most(name: str, found: dict[str, float]) -> None:
    assert found[name] <= FLOORS["at most"][name]
