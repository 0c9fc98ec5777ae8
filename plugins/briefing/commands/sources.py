"""`briefing sources`: the list of sources with their health, and a look at each without keeping anything."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from ..config import sources as read_sources
from . import Context
from .collect import as_json, choose, day, show

HELP = "show the sources and their health, or check that each can be read"
EXAMPLE = "briefing sources check --source federal-register-ai"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs of this command. Positional, so that common options may stand before and after them."""
    parser.add_argument("verb", nargs="?", choices=["list", "check"], default="list", help="list: health of each (default); check: read each now, keep nothing")
    parser.add_argument("--source", metavar="ID", action="append", default=[], help="only this source (may be given more than once)")


def run(args: argparse.Namespace, context: Context) -> int:
    """List or check; check ends with 3 where a source failed and 9 where all did."""
    return _check(args, context) if args.verb == "check" else _list(args, context)


def _list(args: argparse.Namespace, context: Context) -> int:
    from ..store import State, Store

    project = context.project
    listed, _ = read_sources(project.sources, project.name(project.sources))
    states, counts = {}, {}
    if project.store.is_file():
        with Store.open(project.store) as store:
            states, counts = dict(store.states()), dict(store.counts())
    rows = []
    for s in choose(listed, args.source):
        state = states.get(s.id) or State(source=s.id)
        rows.append((s.id, s.tier, s.category, state.outcome or "never read", day(state.last_good), counts.get(s.id, 0), state.failures, state.detail))
    if context.json:
        keys = ("source", "tier", "category", "outcome", "last_good", "items", "failures", "detail")
        context.console.json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        context.console.table(("source", "tier", "category", "outcome", "last good", "items", "failures", "what was seen"), rows)
    return 0


def _check(args: argparse.Namespace, context: Context) -> int:
    from ..collect.run import collect
    from ..store import Store

    project = context.project
    listed, settings = read_sources(project.sources, project.name(project.sources))
    chosen = choose(listed, args.source)
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(Path(folder) / "check.sqlite", write=True, now=context.now) as store,
        context.console.progress("check", len(chosen)) as step,
    ):
        report = collect(chosen, settings, store, context.now, step)
    if context.json:
        context.console.json(as_json(report))
    else:
        show(report, context)
    return report.code
