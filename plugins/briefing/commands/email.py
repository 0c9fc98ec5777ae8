"""`briefing email`: show what is offered to the mail service, check it as the service should, send one copy to yourself."""

from __future__ import annotations

import argparse
import os
import re
from datetime import date
from pathlib import Path

from .. import offer
from ..errors import ApprovalRefused, NothingApproved, UsageError
from . import Context

HELP = "Show the edition's email, check it as a mail service should, or send a test copy."
EXAMPLE = """briefing email show
  briefing email verify output/email
  briefing email test-send --to me@example.org --host smtp.example.org --port 587 --starttls --user me"""
PASSWORD = "BRIEFING_SMTP_PASSWORD"  # the variable, never an argument: arguments show in process lists
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs show, verify and test-send."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    show = verbs.add_parser("show", help="subject, preheader, sizes and hashes, checked against the files")
    show.add_argument("--edition", metavar="DATE", type=_day, help="an earlier edition (default: the one offered in next.json)")
    show.set_defaults(verb=_show)
    verify = verbs.add_parser("verify", help="the check before sending: state, date and every hash; exit code 0 or 5")
    verify.add_argument("folder", metavar="DIR", type=Path, help="the folder that holds next.json")
    verify.set_defaults(verb=_verify)
    send = verbs.add_parser("test-send", help="send one copy of the message through a mail server you name")
    send.add_argument("--to", metavar="ADDRESS", required=True, type=_address, help="who gets the copy")
    send.add_argument("--host", metavar="HOST", required=True, help="the mail server; nothing is sent without one")
    send.add_argument("--port", metavar="N", type=int, default=25, help="its port (default: 25)")
    send.add_argument("--starttls", action="store_true", help="encrypt before anything is said")
    send.add_argument("--user", metavar="NAME", help=f"log in with this name; the password is read from {PASSWORD}")
    send.add_argument("--edition", metavar="DATE", type=_day, help="this edition, offered or not (default: the one offered in next.json)")
    send.set_defaults(verb=_test_send)


def run(args: argparse.Namespace, context: Context) -> int:
    """Run the chosen verb. 4 where no email is offered, 5 where files are not what was approved."""
    return int(args.verb(args, context))


def _show(args: argparse.Namespace, context: Context) -> int:
    folder = context.project.output / "email"
    manifest = _manifest(folder, args.edition)
    place = folder / manifest.edition.isoformat()
    offer.check_files(place, manifest.files)
    offered = offer.read_next(folder)
    state = offered.state if offered.edition == manifest.edition else "not offered now"
    if context.json:
        context.console.json({"state": state, "folder": context.project.name(place), **manifest.model_dump(mode="json", by_alias=True)})
        return 0
    facts = {
        "edition": f"{manifest.edition.isoformat()}, number {manifest.number}",
        "state": state,
        "subject": manifest.subject,
        "preheader": manifest.preheader,
        "from": f"{manifest.from_name} <{manifest.from_address}>",
        "reads in": f"{manifest.minutes} min ({manifest.words} words)",
        "approvals": str(len(manifest.approvals)),
    }
    if state == "ready":
        facts["send"] = f"from {offered.not_before} until before {offered.not_after}"
    for name, value in facts.items():
        context.console.line(f"{name + ':':<11}{value}")
    rows = [(context.project.name(place / name), f"{s.bytes:,}", s.sha256[:16], "matches") for name, s in manifest.files.items()]
    context.console.table(("file", "bytes", "sha256", "check"), rows)
    for remark in offer.remarks(manifest):
        context.console.say(remark)
    return 0


def _verify(args: argparse.Namespace, context: Context) -> int:
    try:
        offered = offer.verify(args.folder, context.now)
    except NothingApproved as error:  # to a sender, no next.json is a delivery that failed
        raise ApprovalRefused(str(error)) from error
    if context.json:
        context.console.json(offered.model_dump(mode="json", by_alias=True))
    else:
        context.console.line(f"edition {offered.edition.isoformat()} may be sent now: {len(offered.files)} files are what was approved")
    return 0


def _test_send(args: argparse.Namespace, context: Context) -> int:
    from ..post import Server, send

    folder = context.project.output / "email"
    manifest = _manifest(folder, args.edition)
    place = folder / manifest.edition.isoformat()
    offer.check_files(place, manifest.files)
    password = os.environ.get(PASSWORD, "")
    if args.user and not password:
        raise UsageError(f"--user is given but {PASSWORD} is not set; set it to the password of {args.user}")
    server = Server(host=args.host, port=args.port, starttls=args.starttls, user=args.user or "", password=password)
    send((place / "message.eml").read_bytes(), manifest.from_address, args.to, server)
    context.console.line(f"edition {manifest.edition.isoformat()} went to {args.to} through {args.host}:{args.port}")
    return 0


def _manifest(folder: Path, edition: date | None) -> offer.Manifest:
    """The manifest of this edition, or of the one offered. Raises NothingApproved where none is."""
    if edition is None:
        offered = offer.read_next(folder)
        if offered.state != "ready":
            raise NothingApproved(
                f"edition {offered.edition.isoformat()} is not offered (state {offered.state}): {offered.reason}. An earlier one is shown with --edition DATE"
            )
        offer.check_files(folder, offered.files)
        edition = offered.edition
    return offer.read_manifest(folder / edition.isoformat())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-11-24") from error


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text) or not text.isascii() or not text.isprintable():
        raise argparse.ArgumentTypeError(f"{text!r} is no mail address; write it as me@example.org")
    return text
