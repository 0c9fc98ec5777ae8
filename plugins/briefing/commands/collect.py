"""`briefing collect`: read every due source once and keep what it brings."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from ..config import sources as read_sources
from ..errors import UsageError
from ..model import Source
from . import Context

if TYPE_CHECKING:
    from ..collect.report import Report

HELP = "read every due source once and keep what is new"
EXAMPLE = "briefing collect --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--source", metavar="ID", action="append", default=[], help="only this source (may be given more than once)")


def run(args: argparse.Namespace, context: Context) -> int:
    """Collect; 0 all fine, 3 some sources failed, 9 none could be read."""
    from .. import reworded
    from ..collect.run import collect
    from ..store import Store

    project = context.project
    listed, settings = read_sources(project.sources, project.name(project.sources))
    chosen = choose(listed, args.source)
    with Store.open(project.store, write=True, now=context.now) as store, context.console.progress("collect", len(chosen)) as step:
        report = collect(chosen, settings, store, context.now, step)
        cited = tuple(reworded.everywhere(project, store)) if report.changed else ()
    if context.json:
        context.console.json({**as_json(report), "cited_and_changed": [{**asdict(c), "edition": c.edition.isoformat()} for c in cited]})
        return report.code
    show(report, context)
    for one in cited:
        context.console.line(f"warning: {one}")
    return report.code


def choose(listed: tuple[Source, ...], ids: list[str]) -> tuple[Source, ...]:
    """The sources with these ids, all where none is given. Raises UsageError for an id that is not listed."""
    unknown = sorted(set(ids) - {s.id for s in listed})
    if unknown:
        raise UsageError(f"--source {unknown[0]}: is not in sources.yaml; `briefing sources list` shows the ids")
    return tuple(s for s in listed if not ids or s.id in ids)


def show(report: Report, context: Context) -> None:
    """The closing table: one line a source, then the sum."""
    from ..collect.report import OUTCOMES

    console = context.console
    rows = [(s.source, s.outcome, s.new, s.changed, s.entries, day(s.last_good), s.detail or s.reason) for s in report.sources]
    console.table(("source", "outcome", "new", "changed", "entries", "last good", "what was seen"), rows)
    counted = {word: sum(s.outcome == word for s in report.sources) for word in OUTCOMES}
    console.line()
    console.line(
        f"{report.new} new, {report.changed} changed items from {len(report.sources)} sources ({', '.join(f'{n} {w}' for w, n in counted.items() if n)})"
    )
    for warning in report.warnings:
        console.line(f"warning: {warning}")


def as_json(report: Report) -> dict[str, object]:
    """The report for a program."""
    return {
        "at": report.at.isoformat(),
        "new": report.new,
        "changed": report.changed,
        "code": report.code,
        "warnings": list(report.warnings),
        "sources": [{k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(s).items()} for s in report.sources],
    }


def day(moment: datetime | None) -> str:
    """A moment as people see it, in UTC."""
    return moment.strftime("%Y-%m-%d %H:%M") if moment else "never"
