"""`briefing draft`: this week's stories, chosen and drafted."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from .. import edition as editions
from ..errors import UsageError
from ..model import Item
from . import Context

if TYPE_CHECKING:
    from ..draft.run import Report, Rewrite

_LEADS_NAMED = 5

HELP = "choose this week's stories and write their drafts, each with its evidence"
EXAMPLE = "briefing draft --edition 2026-11-24"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--edition", metavar="DATE", help="the edition's day (default: the one that work now is for)")
    parser.add_argument("--articles", metavar="N", type=int, help="so many drafts instead of the setting's")
    parser.add_argument("--no-pages", action="store_true", help="draft from what the feeds carry; ask no server")


def run(args: argparse.Namespace, context: Context) -> int:
    """Draft an edition; 0 also where nothing was to do."""
    from ..collect.pages import read_pages
    from ..config import sources as read_sources
    from ..draft.run import draft
    from ..store import Store

    project, publication = context.project, context.publication
    if args.articles is not None:
        if not 1 <= args.articles <= 9:
            raise UsageError(f"--articles {args.articles}: an edition has 1 to 9")
        publication = publication.model_copy(update={"articles": args.articles})
    day = _day(args.edition, context)
    rewrite = _model(day, context)
    listed, settings = read_sources(project.sources, project.name(project.sources))
    with Store.open(project.store, write=True, now=context.now) as store:

        def pages(items: Sequence[Item]) -> None:
            with context.console.progress("read", len(items)) as step:
                read_pages(items, listed, settings, store, context.now, step)

        with context.console.progress("draft", publication.articles) as step:
            report = draft(project, publication, day, store, context.now, step, pages=None if args.no_pages else pages, rewrite=rewrite)
    return _show(report, context)


def _model(day: date, context: Context) -> Rewrite | None:
    """How drafts are worded by the language model that the environment names; None where it names none. Raises UsageError."""
    from ..draft import settings

    model = settings.read(os.environ)
    if model is None:
        return None
    from ..draft.provider import rewriter

    path = context.project.var / "model" / f"{day.isoformat()}.json"
    return rewriter(model, path, context.project.name(path), day, context.now)


def _day(text: str | None, context: Context) -> date:
    if text is None:
        return editions.for_moment(context.now, context.publication)
    try:
        day = date.fromisoformat(text)
        editions.number(day, context.publication)
    except ValueError as error:
        raise UsageError(f"--edition {text}: is no edition day; editions are weekly from {context.publication.first_edition.isoformat()}") from error
    return day


def _show(report: Report, context: Context) -> int:
    console, name = context.console, context.project.name
    if context.json:
        console.json(_as_json(report, context))
        return 0
    if report.note:
        console.line(report.note)
        return 0
    rows = [
        ("yes" if c.chosen else "no", f"{c.score:.1f}", len(c.story.items), c.story.lead.title[:60], report.failed.get(c.story.lead.title, c.reason))
        for c in report.choices
    ]
    if rows:
        console.table(("chosen", "score", "items", "story", "why"), rows)
    console.line()
    for article, note in report.model.items():
        console.line(f"{article}: {note}")
    if report.leads:
        console.line(_leads(report))
    for path in report.written:
        console.line(f"written: {name(path)}")
    if not report.items:
        console.line("No item was first seen in this edition's window; run `briefing collect` daily, or pass --edition for another week.")
    elif not [p for p in report.written if p.suffix == ".md"]:
        console.line("No story was strong enough to brief; nothing was written, and a later run looks again.")
    else:
        console.line(f"Next: edit the drafts, then `briefing review --edition {report.edition.isoformat()}`.")
    return 0


def _leads(report: Report) -> str:
    """What the editor may look up: items of which only an aggregator's link is known."""
    named = [f"“{i.title[:80]}”" + (f" ({i.publisher})" if i.publisher else "") for i in report.leads[:_LEADS_NAMED]]
    more = f", and {len(report.leads) - _LEADS_NAMED} more" if len(report.leads) > _LEADS_NAMED else ""
    count = f"{len(report.leads)} lead{'' if len(report.leads) == 1 else 's'} without a publisher's page"
    return f"{count}: {', '.join(named)}{more}; look them up, and add a page with `briefing sources add-link ADDRESS`"


def _as_json(report: Report, context: Context) -> dict[str, object]:
    name = context.project.name
    return {
        "edition": report.edition.isoformat(),
        "written": [name(p) for p in report.written],
        "kept": [name(p) for p in report.kept],
        "items": report.items,
        "note": report.note,
        "model": dict(report.model),
        "leads": [{"title": i.title, "publisher": i.publisher, "url": i.url, "source": i.source} for i in report.leads],
        "stories": [
            {
                "id": c.story.id,
                "title": c.story.lead.title,
                "items": len(c.story.items),
                "variants": [{"title": i.title, "url": i.url} for i in c.story.items[1:]],
                "topics": list(c.story.topics),
                "score": c.score,
                "chosen": c.chosen,
                "reason": c.reason,
                "failed": report.failed.get(c.story.lead.title, ""),
            }
            for c in report.choices
        ],
    }
