"""`briefing status`: what each draft of an edition waits for."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from . import Context
from .approve import day as read_day

if TYPE_CHECKING:
    from ..states import State

HELP = "Show what each draft of the edition waits for."
EXAMPLE = "briefing status --edition 2026-11-24"
SHORT = 40  # characters that still are a glance


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which edition."""
    parser.add_argument("--edition", metavar="DATE", type=read_day, help="another edition (default: the one that work is for now)")


def run(args: argparse.Namespace, context: Context) -> int:
    """One line a draft; 0 always, `briefing build` is what judges."""
    from .. import edition as editions
    from .. import reworded
    from ..records import Records
    from ..states import states

    day = args.edition or editions.for_moment(context.now, context.publication)
    records = Records.open(context.project, context.publication, os.environ)
    found = states(context.project, records, day)
    sources = reworded.recent(context.project, day)
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
    _show(context, found, day)
    for one in sources:
        context.console.paragraph(f"warning: {one}")
    return 0


def _show(context: Context, found: Sequence[State], day: date) -> None:
    """A line a draft, for a glance; what takes a sentence to say stands below, each with its file and line, and what to run first."""
    approved = sum(s.state == "approved" for s in found[:-1])
    heads = [s.waits.partition(": run `")[0] for s in found]
    rows = [(s.subject, s.state, (head if len(head) <= SHORT else "see below") or "nothing") for s, head in zip(found, heads, strict=True)]
    context.console.table(("draft", "state", "waits for"), rows, title=f"Edition of {day.isoformat()}: {approved} of {len(found) - 1} articles approved")
    for s, head in zip(found, heads, strict=True):
        if len(head) > SHORT:
            line, rest = re.fullmatch(r"(?:line (\d+):? )?(.*)", s.waits, re.DOTALL).groups()  # type: ignore[union-attr]
            context.console.paragraph(f"{s.name}{f':{line}' if line else ''}: {rest}")
    first = next((m.group(1) for s in found if (m := re.search(r"run `([^`]+)`", s.waits))), "")
    if first:
        context.console.line(f"Next: {first}")
