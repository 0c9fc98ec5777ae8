"""`briefing demo`: the whole way on an invented sample week."""

from __future__ import annotations

import argparse

from . import Context

HELP = "play an invented sample week, from feeds to an approved edition, its site and its email"
EXAMPLE = "briefing demo --serve"


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--serve` and its port."""
    parser.add_argument("--serve", action="store_true", help="serve the result on 127.0.0.1 when done")
    parser.add_argument("--port", type=int, default=8000, help="port for --serve (default: 8000)")


def run(args: argparse.Namespace, context: Context) -> int:
    """Play the sample week below var/demo/ and say what happened."""
    from .. import demo

    played = demo.play(context.project.root, context.console)
    if context.json:
        context.console.json({"drafts": played.drafts, "approved": played.approved, "held_back": played.held_back, "next": played.next_json})
        return 0
    shown = context.project.name
    output = played.project.output
    context.console.table(
        ("what happened", ""),
        (
            ("briefings drafted", played.drafts),
            ("approved by the demo editor", played.approved),
            ("left unapproved, and in nothing that was published", ", ".join(played.held_back)),
            ("pages built", played.pages),
            ("email for " + str(played.next_json.get("edition")), str(played.next_json.get("state"))),
            ("subject", str(played.next_json.get("subject"))),
        ),
    )
    context.console.line()
    context.console.table(
        ("open", ""),
        (
            ("the site", shown(output / "index.html") + "  (or: briefing demo --serve)"),
            ("the email", shown(output / "email" / str(played.next_json.get("edition")) / "email.html")),
            ("the drafts and their evidence", shown(played.project.briefings)),
            ("the sources", shown(played.project.sources)),
        ),
    )
    if args.serve:
        from .serve import serve

        serve(output, args.port, context.console)
    return 0
