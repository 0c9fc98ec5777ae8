"""Rows F, S and P of the catalogue, each by its own measure: what is seen is what is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evals import _fetching, _parsing
from evals._fetching import Case, Desk

CASES = (*_fetching.ROWS, *_parsing.ROWS)


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """One for all rows: each looks only at what was asked since it began."""
    if not _fetching.HOSTILE.is_dir():
        pytest.skip("the hostile inputs are not beside this checkout")
    with _fetching.hostile_server().Hostile() as running:
        yield running


@pytest.mark.parametrize("case", CASES, ids=[name for name, _, _ in CASES])
def test_a_row_is_seen_as_it_is_asked_for(server: Any, tmp_path: Path, case: Case) -> None:
    _, asked, measure = case
    assert measure(Desk(server, tmp_path)) == asked
