"""`briefing approve`: show what goes out, ask, write the record, print the commit line."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..console import Console
from ..errors import ArticleError, BriefingError, UsageError, visible
from . import Context

if TYPE_CHECKING:
    from ..approving import Approved, Look
    from ..records import Records

HELP = "Approve articles, or an edition's order and email subject, in exactly the form they have now."
EXAMPLE = """briefing approve wabash-insurers-ai-inventory
  briefing approve --edition 2026-11-24 --as "Dana Whitlock <dana@brief.example.org>"
  briefing approve content/pages/about.md content/deadlines.yaml    (where the setting house is "approve")
  briefing approve wabash-insurers-ai-inventory --print    (the record to add in a browser; writes nothing)"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to approve, as whom, and how to answer."""
    parser.add_argument("targets", metavar="ID|FILE", nargs="*", help="articles, by id or file")
    parser.add_argument("--edition", metavar="DATE", type=day, help="approve this edition's file: order, subject, preheader, deadlines")
    parser.add_argument("--as", dest="person", metavar="NAME <ADDRESS>", help="who approves (default: git's user.name and user.email)")
    parser.add_argument("--note", default="", metavar="TEXT", help="a line for the record")
    add_key(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--print", dest="only_print", action="store_true", help="print the record and where it belongs; write nothing")


def add_key(parser: argparse.ArgumentParser) -> None:
    """The option that names the editor's key."""
    default = Path(os.environ["BRIEFING_KEY"]) if os.environ.get("BRIEFING_KEY") else None
    parser.add_argument("--key", metavar="FILE", type=Path, default=default, help="the SSH key that signs the record at level 3 (BRIEFING_KEY)")


def day(text: str) -> date:
    """A day given on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-11-24") from error


def run(args: argparse.Namespace, context: Context) -> int:
    """0 all approved, 5 refused (who may, what was withdrawn), 6 the content breaks a rule. One bad article does not stop the others."""
    from ..approving import approve, look, look_edition
    from ..records import Records

    if not args.targets and args.edition is None:
        raise UsageError("name what to approve: an article's id, its file, or --edition DATE; `briefing status` lists what waits")
    project, publication = context.project, context.publication
    records = Records.open(project, publication, os.environ)
    person = args.person or me(context)
    looks: list[Callable[[], Look]] = [partial(look, project, publication, records, target) for target in args.targets]
    if args.edition is not None and args.only_print:
        looks.append(partial(look_edition, project, publication, records, args.edition))
    agreed, worst = _agreed_ones(args, context, looks, records, person)
    done: list[Approved] = []
    reads = _reads(context, records, agreed, person, args.note)
    for seen in agreed:
        try:
            done.append(approve(project, records, seen, person, context.now, note=args.note, key=args.key, reads_as=reads.get(seen.subject, "")))
        except BriefingError as error:
            worst = max(worst, _say(error))
    if args.edition is not None and not args.only_print:
        worst = max(worst, _edition(args, context, person, done))
    _finish(context, done)
    return worst


def _agreed_ones(args: argparse.Namespace, context: Context, looks: list[Callable[[], Look]], records: Records, person: str) -> tuple[list[Look], int]:
    """What the editor said yes to, and the worst code of what could not be shown."""
    agreed: list[Look] = []
    worst = 0
    for seeing in looks:
        try:
            seen = seeing()
            if args.only_print:
                _print_record(context, records, seen, person, args.note)
            elif _shown_and_agreed(args, context, seen):
                agreed.append(seen)
        except BriefingError as error:
            worst = max(worst, _say(error))
    return agreed, worst


def _edition(args: argparse.Namespace, context: Context, person: str, done: list[Approved]) -> int:
    """The edition comes after its articles: it is shown and approved with the records as they are then."""
    from ..approving import approve, look_edition
    from ..records import Records

    records = Records.open(context.project, context.publication, os.environ)
    try:
        seen = look_edition(context.project, context.publication, records, args.edition)
        if not _shown_and_agreed(args, context, seen):
            return 0
        reads = _reads(context, records, [seen], person, args.note)
        done.append(approve(context.project, records, seen, person, context.now, note=args.note, key=args.key, reads_as=reads.get(seen.subject, "")))
    except BriefingError as error:
        return _say(error)
    return 0


def _say(error: BriefingError) -> int:
    for line in error.lines if isinstance(error, ArticleError) else (str(error),):
        Console(out=sys.stderr).paragraph(f"briefing: {line}")
    return error.code


def _reads(context: Context, records: Records, agreed: list[Look], person: str, note: str) -> dict[str, str]:
    """How each page and email will read, from the site's own process; empty where that is switched off or nothing new is approved."""
    from ..approving import lay_out, make_record

    new = [s for s in agreed if not s.verdict.ok and (s.evidence_path or s.subject.startswith("edition-"))]
    if context.publication.raised(os.environ).reads_as == "off" or records.level == 0 or not new:
        return {}
    with tempfile.TemporaryDirectory(prefix="briefing-preview-") as folder:
        for seen in new:
            try:
                lay_out(seen, make_record(records, seen, person, context.now, note=note), Path(folder))
            except BriefingError:
                continue  # `approve` raises the same, and says it
        command = [sys.executable, "-m", "briefing.site", "--project", str(context.project.root), "--preview", folder]
        env = {**os.environ, "BRIEFING_NOW": context.now.isoformat(), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
        done = subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        why = visible((done.stderr.strip().split("\n") or [""])[-1].removeprefix("briefing: "))
        sys.stderr.write(f"briefing: the page could not be previewed, so the record does not say how it reads ({why})\n")
        return {}
    reads: dict[str, str] = json.loads(done.stdout)
    return reads


def me(context: Context) -> str:
    """Who works here, as git knows them. Raises UsageError where git does not."""
    from ..gitrepo import GitRepo

    try:
        who = GitRepo.open(context.project.root).identity()
    except BriefingError:
        who = ""
    if not who:
        raise UsageError('say who approves: --as "Name <address>", or set git\'s user.name and user.email')
    return who


def _print_record(context: Context, records: Records, seen: Look, person: str, note: str) -> None:
    from .. import approval
    from ..approving import make_record

    reads = _reads(context, records, [seen], person, note)
    record = make_record(records, seen, person, context.now, note=note, reads_as=reads.get(seen.subject, ""))
    context.console.line(f"In {seen.name}, set the line: status: approved")
    context.console.line(f"Add the file {context.project.name(context.project.approvals)}/{seen.subject}/{approval.file_name(record)} with:")
    context.console.out.write(approval.write(record).decode("utf-8"))


def _shown_and_agreed(args: argparse.Namespace, context: Context, seen: Look) -> bool:
    if not context.json:
        _show(context, seen)
    if args.yes or _agreed(seen):
        return True
    context.console.say(f"{seen.subject}: not approved, nothing written")
    return False


def _show(context: Context, seen: Look) -> None:
    line, paragraph = context.console.line, context.console.paragraph
    line(seen.name)
    for label, value in seen.facts:
        paragraph(f"  {label:<10} {value}", hang=11)
    if seen.links:
        line("  links")
        for link in seen.links:
            line(f"    {link.host:<28} {link.url}{'   LOOK: its words name another host' if link.misleading else ''}")
    for warning in seen.warnings:
        paragraph(f"  look at    {warning}", hang=11)
    if seen.changes:
        line("  changed since it was approved last")
        for change in seen.changes:
            line(f"    {change}")


def _agreed(seen: Look) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(f"{seen.name}: approving asks on a terminal; add --yes elsewhere")
    sys.stderr.write(f"Approve {seen.subject} in exactly this form? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _finish(context: Context, done: list[Approved]) -> None:
    if context.json:
        context.console.json(
            [{"id": d.subject, "title": d.title, "digest": d.record.digest if d.record else "", "files": list(d.files), "already": d.already} for d in done]
        )
        return
    for d in done:
        context.console.line(f"{d.subject}: {'is approved already' if d.already else 'approved'}")
    files = [f for d in done for f in d.files]
    if files:
        what = done[0].title if len(done) == 1 else f"{len(done)} articles"
        context.console.line("Commit it:")
        context.console.line(commit_line(files, f"Approve {what}"))


def commit_line(files: Sequence[str], subject: str) -> str:
    """What the editor pastes into a shell: whatever a file or a title is called, it stays one word there."""
    return f"  git add -- {' '.join(shlex.quote(f) for f in files)} && git commit -m {shlex.quote(visible(subject))}"
