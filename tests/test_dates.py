from __future__ import annotations

from datetime import UTC, datetime

import pytest

from briefing.collect import dates

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Fri, 20 Nov 2026 09:00:00 GMT", "2026-11-20T09:00:00+00:00"),
        ("Fri, 20 Nov 2026 09:00:00 EST", "2026-11-20T14:00:00+00:00"),
        ("Fri, 20 Nov 2026 09:00:00 -0500", "2026-11-20T14:00:00+00:00"),
        ("Mon, 20 Nov 2026 09:00:00 GMT", "2026-11-20T09:00:00+00:00"),
        ("20 Nov 2026 09:00", "2026-11-20T09:00:00+00:00"),
        ("2026-11-20T09:00:00", "2026-11-20T09:00:00+00:00"),
        ("2026-11-20T09:00:00.123+01:00", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20", "2026-11-20T00:00:00+00:00"),
        ("Nov 3, 2026 9:00 AM", "2026-11-03T09:00:00+00:00"),
        ("Sun, 01 Feb 1998 00:00:00 +0000", "1998-02-01T00:00:00+00:00"),
    ],
)
def test_written_dates_are_read_as_utc(text: str, want: str) -> None:
    found = dates.parse(text, NOW)
    assert found is not None
    assert found.isoformat() == want


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday-ish",
        "in 2026",
        "May 2026",
        "1793696400",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Mon, 30 Feb 2026 09:00:00 GMT",
        "Fri, 20 Nov 2099 09:00:00 GMT",
        "0001-01-01",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_what_is_not_written_or_cannot_be_is_not_guessed(text: str) -> None:
    assert dates.parse(text, NOW) is None


def test_the_source_says_which_comes_first() -> None:
    assert dates.parse("03.11.2026", NOW, day_first=True) == datetime(2026, 11, 3, tzinfo=UTC)
    assert dates.parse("03.11.2026", NOW) == datetime(2026, 3, 11, tzinfo=UTC)
