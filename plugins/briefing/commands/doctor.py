"""`briefing doctor`: is everything that was kept still whole? Backs it up and puts a backup back."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from ..config import sources as read_sources
from ..errors import StorageError
from ..store import Store, restore
from . import Context

#: Hosts that stand for an address of one's own in samples (RFC 2606).
_SAMPLE = re.compile(r"://[^/\s)]*\bexample\b|\.(?:example|test|invalid)\b")

HELP = "check the settings and that everything kept is whole; back it up, put a backup back"
EXAMPLE = "briefing doctor --backup backups/2026-11-24.sqlite"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--backup", metavar="FILE", help="write a whole copy of the store there")
    parser.add_argument("--restore", metavar="FILE", help="put this backup in the store's place; what is there now is kept aside")


def run(args: argparse.Namespace, context: Context) -> int:
    """Check; 0 where all is whole. Raises ConfigError and StorageError."""
    project, console = context.project, context.console
    listed, settings = read_sources(project.sources, project.name(project.sources))
    console.line(f"settings: {context.publication.name}; {len(listed)} sources")
    if _SAMPLE.search(settings.user_agent):
        where = f"{project.name(project.sources)}: collect.user_agent"
        console.line(f"warning: {where}: names an address of the sample, where no publisher reaches you; put an address of your own there")
    if args.restore:
        aside = restore(project.store, Path(args.restore), now=context.now)
        console.line(f"store: restored from {args.restore}" + (f"; what was there is kept as {project.name(aside)}" if aside else ""))
    if not project.store.is_file():
        console.line(f"store: none yet at {project.name(project.store)}; `briefing collect` makes it")
        return 0
    with Store.open(project.store) as store:
        faults = store.check()
        items = sum(store.counts().values())
        if faults:
            found = f"{faults[0]} ({len(faults)} faults)"
            raise StorageError(f"{project.name(project.store)}: {found}; put a backup back with --restore FILE, or move the file aside and collect again")
        console.line(f"store: whole; {items} items")
        if args.backup:
            store.backup(Path(args.backup))
            console.line(f"backup: {args.backup}")
    return 0
