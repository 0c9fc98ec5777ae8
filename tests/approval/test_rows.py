"""Every row of the catalogue of hostile inputs that is about approving, email and corrections has tests that carry its number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
ROWS = (*(f"a{n:02}" for n in range(1, 18)), *(f"e{n:02}" for n in range(1, 6)), "n03", "n04")


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_found_by_its_number(row: str) -> None:
    """`pytest -k A03` runs what shows that row; git's rows carry theirs as an id."""
    found = []
    for path in (*TESTS.glob("approval/test_*.py"), *TESTS.glob("mail/test_*.py"), TESTS / "test_cited.py"):
        text = path.read_text(encoding="utf-8")
        found += re.findall(rf"def (test_(?:[aen]\d\d_)*{row}_\w+)", text) + re.findall(rf'"{row.upper()}": \(', text)
    assert found
