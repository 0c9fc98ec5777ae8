"""`briefing status`: what each draft of an edition waits for."""

from __future__ import annotations

import argparse
import os

from . import Context
from .approve import day as read_day

HELP = "Show what each draft of the edition waits for."
EXAMPLE = "briefing status --edition 2026-11-24"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which edition."""
    parser.add_argument("--edition", metavar="DATE", type=read_day, help="another edition (default: the one that work is for now)")


def run(args: argparse.Namespace, context: Context) -> int:
    """One line a draft; 0 always, `briefing build` is what judges."""
    from .. import edition as editions
    from ..approving import changed_sources, states
    from ..records import Records

    day = args.edition or editions.for_moment(context.now, context.publication)
    records = Records.open(context.project, context.publication, os.environ)
    found = states(context.project, records, day)
    sources = changed_sources(context.project, day)
    if context.json:
        context.console.json(
            {
                "edition": day.isoformat(),
                "level": records.level,
                "drafts": [{"id": s.subject, "file": s.name, "state": s.state, "waits_for": s.waits} for s in found],
                "sources_changed": [str(one) for one in sources],
            }
        )
        return 0
    context.console.table(("draft", "state", "waits for"), [(s.subject, s.state, s.waits or "nothing") for s in found], title=f"Edition of {day.isoformat()}")
    for one in sources:
        context.console.line(f"warning: {one}")
    return 0
