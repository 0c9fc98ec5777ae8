"""Which Tuesday a moment belongs to, in every zone and across clock changes; the edition's file and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from briefing import config, edition
from briefing.errors import ContentRefused
from briefing.model import Edition, Unused

PUBLICATION = config.publication(Path(__file__).resolve().parent.parent / "pelicanconf.py").model_copy(update={"first_edition": date(2024, 1, 2)})
TUESDAYS = [date(2024, 1, 2) + timedelta(weeks=n) for n in range(522)]  # to the end of 2033


def test_every_tuesday_has_one_number_and_one_window_without_a_gap() -> None:
    """T01, T05: no gap, no double, and the windows join."""
    assert [edition.number(d, PUBLICATION) for d in TUESDAYS] == list(range(1, 523))
    for day, following in pairwise(TUESDAYS):
        assert edition.window(day, PUBLICATION)[1] == edition.window(following, PUBLICATION)[0]


def test_windows_are_seven_local_days_across_clock_changes() -> None:
    """T05: in New York the spring week has 167 hours and the autumn week 169."""
    new_york = PUBLICATION.model_copy(update={"zone": "America/New_York"})
    hours = {d: (edition.window(d, new_york)[1] - edition.window(d, new_york)[0]) / timedelta(hours=1) for d in TUESDAYS}
    assert set(hours.values()) == {167.0, 168.0, 169.0}
    assert hours[date(2026, 3, 10)] == 167.0
    assert hours[date(2026, 11, 3)] == 169.0
    for start, end in (edition.window(d, new_york) for d in TUESDAYS):
        assert start.astimezone(new_york.tz).time() == end.astimezone(new_york.tz).time() == PUBLICATION.cutoff_time


@pytest.mark.parametrize("late_h", [0, 1, 6, 12, 24, 29.9])
def test_a_late_job_means_the_same_tuesday(late_h: float) -> None:
    """T03: started 0 to 30 hours after Tuesday's midnight."""
    midnight = datetime(2026, 11, 24, tzinfo=PUBLICATION.tz)
    assert edition.for_moment(midnight + timedelta(hours=late_h), PUBLICATION) == date(2026, 11, 24)


def test_the_edition_changes_on_wednesday_morning_only() -> None:
    moment = datetime(2026, 11, 18, 6, 0, tzinfo=PUBLICATION.tz)
    seen = [edition.for_moment(moment + timedelta(hours=h), PUBLICATION) for h in range(168)]
    assert set(seen) == {date(2026, 11, 24)}
    assert edition.for_moment(moment + timedelta(hours=168), PUBLICATION) == date(2026, 12, 1)


@pytest.mark.parametrize("tz", ["UTC", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati"])
def test_the_machines_zone_does_not_matter(tz: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """T02."""
    monkeypatch.setenv("TZ", tz)
    assert edition.for_moment(datetime(2026, 11, 25, 3, 0, tzinfo=UTC), PUBLICATION) == date(2026, 11, 24)
    assert edition.published_at(date(2026, 11, 24), PUBLICATION).isoformat() == "2026-11-24T07:00:00-05:00"


def test_a_day_that_is_no_edition_day_has_no_number() -> None:
    with pytest.raises(ValueError, match="not an edition day"):
        edition.number(date(2026, 11, 25), PUBLICATION)


EDITION = Edition(
    date=date(2026, 11, 24),
    number=2,
    status="needs-review",
    subject='Notice "first": what changes',
    preheader="",
    articles=("a-b", "c"),
    deadlines=(),
    unused=(Unused(title="x: y # z", publisher="P", url="https://p.example/", reason="told by one publisher only"),),
)


def test_an_edition_file_reads_back_as_written() -> None:
    assert edition.parse(edition.write(EDITION), "e.yaml") == EDITION
    assert edition.write(edition.parse(edition.write(EDITION).replace(b"\n", b"\r\n"), "e.yaml")) == edition.write(EDITION)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"number: 2", b"number: 0", "e.yaml:2: number: input should be greater than or equal to 1"),
        (b"subject:", b"sujet:", "e.yaml:4: sujet: unknown key; did you mean subject?"),
        (b"status: needs-review", b"status: aproved", "e.yaml:3: status: input should be"),
        (b"edition:", b"\xff:", "e.yaml:1: is not UTF-8 text"),
    ],
)
def test_a_broken_edition_file_is_one_line(old: bytes, new: bytes, message: str) -> None:
    with pytest.raises(ContentRefused) as caught:
        edition.parse(edition.write(EDITION).replace(old, new), "e.yaml")
    assert message in str(caught.value)
    assert caught.value.code == 6
