"""`briefing review`: the editor's page of an edition."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import Context
from .check import day_of

if TYPE_CHECKING:
    from ..checked import Checked
    from ..model import Article
    from ..records import Records
    from ..review import Sheet

HELP = "write the editor's page: every sentence of an edition beside the words that carry it"
EXAMPLE = "briefing review --edition 2026-11-24"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("articles", nargs="*", metavar="FILE or ID", help="only these (default: every article of the edition)")
    parser.add_argument("--edition", metavar="DATE", help="the edition's day, such as 2026-11-24 (default: the coming one)")
    parser.add_argument("--markdown", action="store_true", help="print the report as Markdown for a pull request instead")
    parser.add_argument("--output", metavar="FILE", help="where the page goes (default: var/review/<edition>.html)")


def run(args: argparse.Namespace, context: Context) -> int:
    """Writes the page and prints its path. 0 also where problems are shown: `briefing check` is the one that stops."""
    from .. import checked, edition, plainfile, review

    day = day_of(args.edition) if args.edition else edition.for_moment(context.now, context.publication)
    found = checked.check(context.project, checked.find(context.project, day, args.articles))
    sheets = _sheets(context, found)
    if args.markdown:
        context.console.out.write(review.markdown(day, sheets))
        return 0
    path = Path(args.output).absolute() if args.output else context.project.var / "review" / f"{day.isoformat()}.html"
    plainfile.write(path, review.page(day, sheets).encode("utf-8"))
    stops = sum(len(c.faults) + len(c.blocking) for c in found)
    look = sum(len(c.to_see) for c in found)
    if context.json:
        context.console.json({"edition": day.isoformat(), "page": str(path), "articles": len(found), "stops": stops, "to_look_at": look})
    else:
        context.console.line(f"{len(found)} articles, {stops} problems that stop publishing, {look} to look at")
        context.console.line(str(path))
    return 0


def _sheets(context: Context, found: Sequence[Checked]) -> tuple[Sheet, ...]:
    from ..records import Records
    from ..review import Sheet

    records = Records.open(context.project, context.publication, os.environ)
    out = []
    for c in found:
        before = _approved(context, c, records) if c.article else None
        out.append(Sheet(checked=c, approved=before[0], approved_by=before[1]) if before else Sheet(checked=c))
    return tuple(out)


def _approved(context: Context, c: Checked, records: Records) -> tuple[Article, str] | None:
    """The version that an editor approved last and who did, or None where there is none that can still be read."""
    from .. import article, earlier
    from ..errors import BriefingError

    assert c.article is not None
    filed = [f.record for f in records.of(c.article.id) if f.record and f.record.decision == "approve"]
    for record in sorted(filed, key=lambda r: r.approved_at, reverse=True)[:1]:
        data = earlier.approved_bytes(context.project, record, c.name)
        if data is None:
            return None
        try:
            return article.parse(data, c.name), f"{record.approved_by.partition(' <')[0]}’s approval of {record.approved_at:%Y-%m-%d}"
        except BriefingError:
            return None
    return None
