"""The commands of `briefing`, one module each, thin: arguments in, one call, its result out, an exit code.

A command module has `HELP` (one line), `EXAMPLE`, `arguments(parser)` and `run(args, context) -> int`. It imports what is slow
inside `run`. `cli.COMMANDS` lists them; a command with verbs of its own (`sources list`) adds subparsers in `arguments`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ..config import Publication, publication
from ..console import Console
from ..project import Project


@dataclass(frozen=True)
class Context:
    """What every command gets. `now` is the only clock."""

    project: Project
    now: datetime
    console: Console
    json: bool = False

    @cached_property
    def publication(self) -> Publication:
        """The publication's settings. Raises ConfigError."""
        return publication(self.project.settings, self.project.name(self.project.settings))
