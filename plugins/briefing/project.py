"""Where everything of one briefing lives: paths only, nothing is read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Project:
    """A briefing's folder. Every path below it, in one place."""

    root: Path

    @property
    def sources(self) -> Path:
        """`sources.yaml`, the feeds."""
        return self.root / "sources.yaml"

    @property
    def settings(self) -> Path:
        """`pelicanconf.py`, the site's and the publication's settings."""
        return self.root / "pelicanconf.py"

    @property
    def content(self) -> Path:
        """What people write and approve."""
        return self.root / "content"

    @property
    def briefings(self) -> Path:
        """The articles, one folder an edition."""
        return self.content / "briefings"

    @property
    def editions(self) -> Path:
        """One YAML file an edition."""
        return self.content / "editions"

    @property
    def deadlines(self) -> Path:
        """Laws and their days."""
        return self.content / "deadlines.yaml"

    @property
    def playbook(self) -> Path:
        """The house's own guidance by topic."""
        return self.root / "playbook"

    @property
    def approvals(self) -> Path:
        """Approval and withdrawal records, append-only."""
        return self.root / "approvals"

    @property
    def editors(self) -> Path:
        """Who may approve, one `Name <address>` a line."""
        return self.root / "EDITORS"

    @property
    def var(self) -> Path:
        """The store and caches; not in git."""
        return self.root / "var"

    @property
    def store(self) -> Path:
        """The SQLite file of everything collected."""
        return self.var / "briefing.sqlite"

    @property
    def output(self) -> Path:
        """The published site; replaced as a whole."""
        return self.root / "output"

    def article(self, edition: date, article_id: str) -> Path:
        """Where an article's Markdown stands."""
        return self.briefings / edition.isoformat() / f"{article_id}.md"

    def evidence(self, edition: date, article_id: str) -> Path:
        """Where an article's ledger stands."""
        return self.briefings / edition.isoformat() / f"{article_id}.evidence.json"

    def edition(self, edition: date) -> Path:
        """Where an edition's file stands."""
        return self.editions / f"{edition.isoformat()}.yaml"

    def name(self, path: Path) -> str:
        """The path as messages show it: relative to the root, with forward slashes."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()
