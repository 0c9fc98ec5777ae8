"""Rows T of the catalogue: which edition a moment belongs to, whatever the machine's zone, the clock change or the clock itself say."""

from __future__ import annotations

import calendar
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from briefing import config, edition

from . import ROOT, Row, _feeds
from ._fetching import row
from ._serve import Site

ZONES = ("UTC", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati")
_PUBLICATION = config.publication(ROOT / "pelicanconf.py").model_copy(update={"first_edition": date(2024, 1, 2), "zone": "America/New_York"})


def rows(folder: Path) -> Iterator[Row]:
    """All rows T."""
    from . import hostile  # the two rows that need news are measured beside its other news

    folder.mkdir(parents=True, exist_ok=True)
    yield row("T01 every Tuesday 2024–2033", "522 Tuesdays, 522 names, numbers 1 to 522, 0 gaps", _tuesdays())
    yield row("T02 one moment in four machines' zones", "2026-11-24 in all, reports equal", _machines(folder / "t02"))
    yield row("T03 started 0 to 30 hours late", "the right Tuesday every hour, 522 weeks", _late())
    yield row("T03 a late and a doubled job", "2026-11-24 once", hostile._late(folder / "t03"))
    yield row("T04 the clock a day back, a year ahead", "3 of 3 items, each once", hostile._clock(folder / "t04"))
    yield row("T05 weeks with a clock change", "167 and 169 hours, 7 local days, each hour in 1 edition", _changes())


def _tuesdays() -> str:
    """Counted by the calendar of the standard library, which knows nothing of editions."""
    found = [date(y, m, d) for y in range(2024, 2034) for m in range(1, 13) for d in range(1, calendar.monthrange(y, m)[1] + 1)]
    found = [d for d in found if d.weekday() == calendar.TUESDAY]
    numbers = [edition.number(d, _PUBLICATION) for d in found]
    gaps = sum(edition.window(a, _PUBLICATION)[1] != edition.window(b, _PUBLICATION)[0] for a, b in pairwise(found))
    names = len({d.isoformat() for d in found})
    return f"{len(found)} Tuesdays, {names} names, numbers {min(numbers)} to {max(numbers)}, {gaps} gaps" if numbers == sorted(set(numbers)) else "doubled"


def _machines(root: Path) -> str:
    """The same command at the same moment in processes of four zones; by UTC it is Wednesday, at the publication's place still Tuesday."""
    moment, seen = "2026-11-25T04:30:00+00:00", []
    with Site() as site:
        project = _feeds.project(root, site, {"one": "One Gazette"})
        for n, zone in enumerate(ZONES):
            entry = _feeds.Told(title="An agency adopts an AI rule", text="The agency adopted a rule on AI. " * 20, id="1")
            _feeds.serve(site, "one", _feeds.rss("one.example", [entry]))
            for command in (("collect", "--json"), ("draft", "--json")):
                line = [sys.executable, "-m", "briefing.cli", *command, "-q", "--project", str(project.root), "--now", moment]
                done = subprocess.run(line, capture_output=True, text=True, check=True, env={**os.environ, "TZ": zone})
            seen.append(json.loads(done.stdout))
            if n < len(ZONES) - 1:
                project.store.unlink()
                for path in (*project.editions.glob("*"), *project.briefings.glob("*/*")):
                    path.unlink()
    days = {s["edition"] for s in seen}
    return f"{' '.join(sorted(days))} in all, reports {'equal' if all(s == seen[0] for s in seen) else 'unlike'}"


def _late() -> str:
    wrong = 0
    day = date(2024, 1, 2)
    for _ in range(522):
        midnight = datetime(day.year, day.month, day.day, tzinfo=_PUBLICATION.tz).astimezone(UTC)
        wrong += sum(edition.for_moment(midnight + timedelta(hours=h), _PUBLICATION) != day for h in range(30))
        day += timedelta(weeks=1)
    return "the right Tuesday every hour, 522 weeks" if not wrong else f"{wrong} wrong"


def _changes() -> str:
    """The two weeks of 2026 in which New York changes its clocks, and the editions beside them."""
    days = (date(2026, 3, 10), date(2026, 11, 3))
    hours = [(edition.window(d, _PUBLICATION)[1] - edition.window(d, _PUBLICATION)[0]) / timedelta(hours=1) for d in days]
    local = {end.astimezone(_PUBLICATION.tz).replace(tzinfo=None) - start.astimezone(_PUBLICATION.tz).replace(tzinfo=None) for start, end in map(_window, days)}
    holders: Counter[int] = Counter()
    for day in days:
        start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=9)
        near = [day + timedelta(weeks=n) for n in range(-3, 4)]
        for h in range(24 * 11):
            moment = start + timedelta(hours=h)
            holders[sum(a <= moment < b for a, b in map(_window, near))] += 1
    alone = "each hour in 1 edition" if set(holders) == {1} else f"hours in {sorted(holders)} editions"
    return f"{hours[0]:g} and {hours[1]:g} hours, {'7 local days' if local == {timedelta(days=7)} else local}, {alone}"


def _window(day: date) -> tuple[datetime, datetime]:
    return edition.window(day, _PUBLICATION)
