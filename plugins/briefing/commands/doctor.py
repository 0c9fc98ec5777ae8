"""`briefing doctor`: is everything that was kept still whole?"""

from __future__ import annotations

import argparse

from ..config import sources as read_sources
from ..errors import StorageError
from . import Context

HELP = "check the settings and that everything kept is whole"
EXAMPLE = "briefing doctor"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""


def run(args: argparse.Namespace, context: Context) -> int:
    """Check; 0 where all is whole. Raises ConfigError and StorageError."""
    from ..store import Store

    project, console = context.project, context.console
    listed, _ = read_sources(project.sources, project.name(project.sources))
    console.line(f"settings: {context.publication.name}; {len(listed)} sources")
    if not project.store.is_file():
        console.line(f"store: none yet at {project.name(project.store)}; `briefing collect` makes it")
        return 0
    with Store.open(project.store) as store:
        faults = store.check()
        items = sum(store.counts().values())
    if faults:
        raise StorageError(f"{project.name(project.store)}: {faults[0]} ({len(faults)} faults); restore a backup, or move the file aside and collect again")
    console.line(f"store: whole; {items} items")
    return 0
