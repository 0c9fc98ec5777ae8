"""The quick rows D of the catalogue: a real full disk where this user may mount one, damaged stores, files and folders that may not be written.

`run.py eval collect` does all of them in the catalogue's own numbers (200 kills, 50 starts); tests/test_crash.py kills a few runs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from evals import _storage


def test_every_quick_row_is_seen_as_it_is_asked_for(tmp_path: Path) -> None:
    rows = list(_storage.quick(tmp_path / "d"))
    assert len(rows) == 13
    assert [f"{r.name}: {r.value}" for r in rows if r.holds is False] == []
    skipped = [r.name for r in rows if r.holds is None]
    if skipped:
        pytest.skip(f"not on this machine: {', '.join(skipped)}; the others hold")
