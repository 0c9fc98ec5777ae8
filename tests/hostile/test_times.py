"""Rows T01, T02, T03 and T05 of the catalogue; T03's doubled job and T04 stand in test_choice.py."""

from __future__ import annotations

from pathlib import Path

from evals import _times


def test_t01_every_tuesday_has_one_date_one_name_and_one_number() -> None:
    assert _times._tuesdays() == "522 Tuesdays, 522 names, numbers 1 to 522, 0 gaps"


def test_t02_the_machines_zone_changes_nothing(tmp_path: Path) -> None:
    assert _times._machines(tmp_path / "p") == "2026-11-24 in all, reports equal"


def test_t03_a_late_job_means_the_right_tuesday() -> None:
    assert _times._late() == "the right Tuesday every hour, 522 weeks"


def test_t05_an_hour_belongs_to_one_edition_across_clock_changes() -> None:
    assert _times._changes() == "167 and 169 hours, 7 local days, each hour in 1 edition"
