"""`briefing check`: does every sentence stand in the source it cites?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from . import Context

if TYPE_CHECKING:
    from ..checked import Checked

HELP = "check each sentence of an edition's articles against the sources it cites"
EXAMPLE = "briefing check bulletin-2026-14 --write"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("articles", nargs="*", metavar="FILE or ID", help="only these (default: every article of the edition that is not yet approved)")
    parser.add_argument("--edition", metavar="DATE", help="the edition's day, such as 2026-11-24 (default: the coming one)")
    parser.add_argument("--write", action="store_true", help="write the evidence files anew from the texts that were read")


def run(args: argparse.Namespace, context: Context) -> int:
    """0 nothing stops publishing, 6 something does: each problem on a line with its file, line and what to do."""
    from .. import checked, edition

    day = day_of(args.edition) if args.edition else edition.for_moment(context.now, context.publication)
    paths = checked.find(context.project, day, args.articles)
    found = checked.check(context.project, paths)
    approved = _approved(context, found)
    passed_over = [] if args.articles else approved
    since = [one for c in found if c.name in passed_over for one in c.reworded]
    found = tuple(c for c in found if c.name not in passed_over)
    written = _write(context, found, approved) if args.write else []
    if context.json:
        context.console.json(
            {
                "edition": day.isoformat(),
                "approved": passed_over,
                "written": written,
                "articles": [_data(c) for c in found],
                "reworded": [str(one) for one in since],
            }
        )
    else:
        _show(context, day, found, passed_over, named=bool(args.articles))
        for one in since:
            context.console.line(f"{one}.")
    return 6 if any(c.stops for c in found) else 0


def day_of(text: str) -> date:
    """The day an option names. Raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--edition {text!r} is no day; write it as 2026-11-24") from error


def _approved(context: Context, found: Sequence[Checked]) -> list[str]:
    """Names of files whose bytes an editor has approved as they stand: they were checked before that."""
    import os

    from .. import approval
    from ..records import Records

    if context.publication.level(os.environ) == 0:
        return []
    records = Records.open(context.project, context.publication, os.environ)
    out = []
    for c in found:
        if c.article is None or c.stops:
            continue
        evidence_file = c.path.with_name(f"{c.article.id}.evidence.json")
        data = evidence_file.read_bytes() if evidence_file.is_file() else b""
        if records.judge(c.article.id, approval.parts(c.data, data, c.article)).ok:
            out.append(c.name)
    return out


def _write(context: Context, found: Sequence[Checked], approved: Sequence[str]) -> list[str]:
    """Writes the evidence files that changed; says which could not be written and why. An approved one is part of what was approved."""
    from .. import checked, plainfile

    out = []
    for c in found:
        if c.article is None:
            continue
        data = checked.anew(c)
        path = c.path.with_name(f"{c.article.id}.evidence.json")
        name = context.project.name(path)
        if c.name in approved:
            context.console.say(f"{name}: kept as it is, it was approved with its article; `briefing withdraw {c.article.id}` takes that back")
        elif data is None:
            context.console.say(f"{name}: kept as it is, the texts it was made from are not on this machine")
        elif not path.is_file() or path.read_bytes() != data:
            plainfile.write(path, data)
            out.append(name)
            context.console.say(f"{name}: written")
    return out


def _show(context: Context, day: date, found: Sequence[Checked], passed_over: Sequence[str], *, named: bool) -> None:
    console = context.console
    for line in (x for c in found for x in lines(c)):
        console.line(line)
    what = "Articles asked for" if named else f"Edition of {day.isoformat()}"
    if found:
        rows = [(c.name, c.made, c.carried, len(c.faults) + len(c.blocking), len(c.to_see), _AGAINST[c.against]) for c in found]
        console.table(("article", "claims", "carried", "stop it", "to look at", "checked against"), rows, title=what)
    else:
        console.line(f"{what}: nothing to check{'' if passed_over else '; `briefing draft` writes its articles'}")
    if passed_over:
        console.line(f"Approved as they stand and not listed: {', '.join(passed_over)}")


_AGAINST = {"texts": "the texts", "ledger": "its evidence file (texts not here)", "nothing": "nothing"}


def lines(c: Checked) -> list[str]:
    """One line a problem, what stops publishing first: `file:line: what was found. What to do.`"""
    out = list(c.faults)
    out += [f"{c.name}:{claim.line or 1}: {p.found}. {p.fix}." for claim, p in c.blocking]
    out += [f"{c.name}:{claim.line or 1}: look: {p.found}. {p.fix}." for claim, p in c.to_see]
    return out + [f"{one}." for one in c.reworded]


def _data(c: Checked) -> dict[str, Any]:
    return {
        "file": c.name,
        "claims": c.made,
        "carried": c.carried,
        "checked_against": c.against,
        "faults": list(c.faults),
        "reworded": [str(one) for one in c.reworded],
        "problems": [
            {"line": claim.line, "where": claim.where, "sentence": claim.text, "reason": p.reason, "found": p.found, "fix": p.fix, "blocks": p.blocks}
            for claim, p in (*c.blocking, *c.to_see)
        ],
    }
