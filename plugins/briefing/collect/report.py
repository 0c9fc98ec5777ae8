"""What a run tells about each source, and about the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

Progress = Callable[[str, str], None]

#: What can come of one source. `fine` outcomes are the first six.
OUTCOMES: Mapping[str, str] = {
    "new": "read, with items not seen before",
    "changed": "read, only known items in a new wording",
    "unchanged": "read, or not changed since the last run",
    "quiet": "read, and nothing published for 60 days",
    "moved": "read; the server names a new address for good: put it into sources.yaml",
    "waiting": "not asked: its interval, or the server's wish, is not over",
    "flawed": "read in part: the document is cut off, or does what no feed may",
    "blocked": "the server refuses us or asks us to wait",
    "broken": "could not be read",
    "gone": "gone for good; not asked again until its address in sources.yaml changes",
}
_FINE = frozenset({"new", "changed", "unchanged", "quiet", "moved", "waiting"})


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceReport:
    """What came of one source in one run."""

    source: str
    name: str
    outcome: str  # a word of OUTCOMES
    new: int = 0
    changed: int = 0
    entries: int = 0  # in the answer; 0 where it was not read
    backlog: int = 0  # of the new ones, those out of a back catalogue
    over: int = 0  # entries beyond the limit
    skipped: int = 0  # entries without title, link and text
    no_link: int = 0  # entries whose link was left out
    reason: str = ""  # a word of fetch.REASONS where it failed
    detail: str = ""  # one line: what was seen and what to do
    last_good: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    moved_to: str = ""
    bytes: int = 0  # received and unpacked

    @property
    def fine(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.outcome in _FINE and not (self.outcome == "waiting" and self.failures)


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What came of one run, in the order of `sources.yaml`."""

    at: datetime
    sources: tuple[SourceReport, ...]
    warnings: tuple[str, ...] = ()

    @property
    def new(self) -> int:
        """Items not seen before."""
        return sum(s.new for s in self.sources)

    @property
    def changed(self) -> int:
        """Known items in a new wording."""
        return sum(s.changed for s in self.sources)

    @property
    def failed(self) -> tuple[SourceReport, ...]:
        """The sources something has to be done about."""
        return tuple(s for s in self.sources if not s.fine)

    @property
    def code(self) -> int:
        """The exit code: 0, 3 where some sources failed, 9 where none of those asked could be read."""
        asked = [s for s in self.sources if s.outcome != "waiting"]
        if not self.failed:
            return 0
        return 9 if asked and all(not s.fine and s.outcome != "flawed" for s in asked) else 3


def silent(name: str, outcome: str) -> None:
    """A progress that tells nobody."""
