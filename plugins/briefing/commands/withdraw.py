"""`briefing withdraw`: take an article or an edition back. The withdrawal stays on record."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from ..errors import BriefingError, UsageError
from . import Context
from .approve import add_key

if TYPE_CHECKING:
    from ..model import Record
    from ..records import Records

HELP = "Take back an approved article or edition; the next build leaves it out."
EXAMPLE = 'briefing withdraw wabash-insurers-ai-inventory --note "The agency corrected its bulletin"'


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to take back and why."""
    parser.add_argument("target", metavar="ID", help="an article's id, or edition-2026-11-24 for an edition")
    parser.add_argument("--note", required=True, metavar="TEXT", help="why, for the record")
    parser.add_argument("--as", dest="person", metavar="NAME <ADDRESS>", help="who withdraws (default: git's user.name and user.email)")
    add_key(parser)


def run(args: argparse.Namespace, context: Context) -> int:
    """Write the withdrawal; 0."""
    from ..approving import withdraw
    from ..records import Records
    from .approve import commit_line, me

    if not args.note.strip():
        raise UsageError("--note must say why")
    records = Records.open(context.project, context.publication, os.environ)
    done = withdraw(context.project, records, args.target, args.person or me(context), context.now, note=args.note, key=args.key)
    if context.json:
        context.console.json({"id": done.subject, "digest": done.record.digest if done.record else "", "files": list(done.files), "already": done.already})
        return 0
    if done.already:
        context.console.line(f"{done.subject}: was withdrawn already")
        return 0
    context.console.line(f"{done.subject}: withdrawn; the next build leaves it out. To publish it again, change it and approve it again.")
    if records.level and done.record and not _listed(records, done.record):
        context.console.line(f"{done.record.approved_by} is not in EDITORS: it counts, but the site does not say why.")
    elif records.level == 3 and args.key is None:
        context.console.line("It is not signed: it counts, but the site does not say why. Give --key FILE where it should.")
    context.console.line("Commit it:")
    context.console.line(commit_line(done.files, f"Withdraw {done.subject}"))
    return 0


def _listed(records: Records, record: Record) -> bool:
    from .. import approval

    try:
        return approval.editor(records.editors, record.approved_by, record.approved_at) is not None
    except BriefingError:
        return False
