"""`briefing collect`: read every due source once and keep what it brings."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from ..config import sources as read_sources
from ..errors import UsageError
from ..model import Source
from . import Context

if TYPE_CHECKING:
    from ..collect.cited import Asked
    from ..collect.report import Report
    from ..config import CollectSettings
    from ..reworded import Reworded
    from ..store import Store

HELP = "read every due source once and keep what is new"
EXAMPLE = "briefing collect --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--source", metavar="ID", action="append", default=[], help="only this source (may be given more than once)")
    parser.add_argument("--cited", action="store_true", help="ask no source, only the pages that the briefings of the last weeks cite")


def run(args: argparse.Namespace, context: Context) -> int:
    """Collect; 0 all fine, 3 some sources failed, 9 none could be read. What became of cited pages is told and is no failure."""
    from ..collect.run import collect
    from ..store import Store

    project = context.project
    listed, settings = read_sources(project.sources, project.name(project.sources))
    if args.cited and args.source:
        raise UsageError("--cited asks no source; leave --source out")
    chosen = () if args.cited else choose(listed, args.source)
    with Store.open(project.store, write=True, now=context.now) as store:
        with context.console.progress("collect", len(chosen)) as step:
            report = collect(chosen, settings, store, context.now, step)
        asked, cited = _cited(context, settings, store, told_all=bool(report.changed), ask=not args.source)
    if context.json:
        told = [{**asdict(c), "edition": c.edition.isoformat()} for c in cited]
        context.console.json({**as_json(report), "cited_pages": asdict(asked), "cited_and_changed": told})
        return report.code
    if not args.cited:
        show(report, context)
    _show_cited(context, asked, cited)
    return report.code


def _cited(context: Context, settings: CollectSettings, store: Store, *, told_all: bool, ask: bool) -> tuple[Asked, tuple[Reworded, ...]]:
    """Asks the pages again that this edition and the last ones cite; what is not as it was, in all editions where a source changed anything."""
    from .. import edition, reworded
    from ..collect.cited import Asked, ask_again

    if not context.project.briefings.is_dir():
        return Asked(), ()  # nothing was drafted yet; sources can be collected before there is a publication
    since = reworded.looked_after(edition.for_moment(context.now, context.publication))
    asked, pages = Asked(), reworded.addresses(context.project, since) if ask else ()
    if pages:
        with context.console.progress("cited pages", len(pages)) as step:
            asked = ask_again(pages, settings, store, context.now, step)
    return asked, tuple(reworded.everywhere(context.project, store, date.min if told_all else since))


def _show_cited(context: Context, asked: Asked, cited: tuple[Reworded, ...]) -> None:
    if asked.asked or asked.left:
        more = f", {asked.left} left for the next run" if asked.left else ""
        context.console.line(f"{asked.asked} cited pages asked again, {asked.missing} not found{more}")
    for one in cited:
        context.console.paragraph(f"warning: {one}")


def choose(listed: tuple[Source, ...], ids: list[str]) -> tuple[Source, ...]:
    """The sources with these ids, all where none is given. Raises UsageError for an id that is not listed."""
    unknown = sorted(set(ids) - {s.id for s in listed})
    if unknown:
        raise UsageError(f"--source {unknown[0]}: is not in sources.yaml; `briefing sources list` shows the ids")
    return tuple(s for s in listed if not ids or s.id in ids)


def show(report: Report, context: Context) -> None:
    """The closing table: one line a source, what has to be looked at, then the sum."""
    from ..collect.report import OUTCOMES

    console = context.console
    rows = [(s.source, s.outcome, s.new, s.changed, s.entries, day(s.last_good), s.detail or s.reason) for s in report.sources]
    health(context, ("source", "outcome", "new", "changed", "entries", "last good", "what was seen"), rows)
    counted = {word: sum(s.outcome == word for s in report.sources) for word in OUTCOMES}
    console.line()
    console.paragraph(
        f"{report.new} new, {report.changed} changed items from {len(report.sources)} sources ({', '.join(f'{n} {w}' for w, n in counted.items() if n)})"
    )
    for warning in report.warnings:
        console.paragraph(f"warning: {warning}")


def health(context: Context, headings: tuple[str, ...], rows: Sequence[tuple[object, ...]], *, less: tuple[int, ...] = ()) -> None:
    """A line a source. The last column is a sentence; where it does not fit the terminal, the sentences stand below, broken between words.

    `less` are columns that a terminal that is still too narrow does without. Elsewhere than on a terminal all of it is one line a source.
    """
    console = context.console
    if console.fits(headings, rows):
        console.table(headings, rows)
        return
    kept = [n for n in range(len(headings) - 1) if n not in less or console.fits(headings[:-1], [r[:-1] for r in rows])]
    console.table([headings[n] for n in kept], [[r[n] for n in kept] for r in rows])
    told = [(r[0], r[-1]) for r in rows if r[-1]]
    if told:
        console.line()
    for source, what in told:
        console.paragraph(f"{source}: {what}")


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
