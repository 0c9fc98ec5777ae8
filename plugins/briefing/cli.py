"""The `briefing` command: finds the project, takes the clock, calls one command, turns errors into one line and an exit code."""

from __future__ import annotations

import argparse
import copy
import importlib
import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from types import FrameType, ModuleType
from typing import NoReturn

from .commands import Context
from .console import Console
from .errors import ArticleError, BriefingError, ConfigError, UsageError
from .project import Project

COMMANDS = ("demo", "collect", "sources", "draft", "review", "check", "approve", "withdraw", "status", "build", "serve", "email", "doctor")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is that of docs/exit-codes.md."""
    signal.signal(signal.SIGTERM, _terminated)
    debug = False
    try:
        args = _parser().parse_args(argv)
        debug = args.debug
        logging.basicConfig(level=[logging.ERROR, logging.INFO, logging.DEBUG][min(args.verbose, 2)], format="%(levelname)s %(name)s %(message)s")
        context = Context(Project(_root(args.project)), _now(args.now), Console(quiet=args.quiet), json=args.json)
        return int(args.module.run(args, context))
    except BriefingError as error:
        if debug:
            raise
        for line in _lines(error):
            sys.stderr.write(f"briefing: {line}\n")
        return error.code
    except KeyboardInterrupt:
        sys.stderr.write("briefing: stopped; what was finished is kept, run the command again to go on\n")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _terminated(signum: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _lines(error: BriefingError) -> tuple[str, ...]:
    if isinstance(error, ConfigError):
        return error.faults
    if isinstance(error, ArticleError):
        return error.lines
    return (str(error),)


def _now(text: str | None) -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--now {text!r} is no date and time; write it as 2026-11-24T06:00:00-05:00") from error
    if moment.tzinfo is None:
        raise UsageError(f"--now {text!r} has no time zone; write it as 2026-11-24T06:00:00-05:00")
    return moment.astimezone(UTC)


def _root(given: str | None) -> Path:
    """The project's folder: as given, else the nearest one above that holds a pelicanconf.py, else here."""
    if given:
        return Path(given).resolve()
    here = Path.cwd()
    return next((p for p in (here, *here.parents) if (p / "pelicanconf.py").is_file()), here)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--project",
        metavar="FOLDER",
        default=os.environ.get("BRIEFING_PROJECT"),
        help="the briefing's folder (default: here or the nearest above; BRIEFING_PROJECT)",
    )
    common.add_argument(
        "--now", metavar="TIME", default=os.environ.get("BRIEFING_NOW"), help="the time to work at, with its zone (default: the clock; BRIEFING_NOW)"
    )
    common.add_argument("--json", action="store_true", help="the result as JSON on stdout")
    common.add_argument("-q", "--quiet", action="store_true", help="no progress")
    common.add_argument("-v", "--verbose", action="count", default=0, help="log events (-vv: more)")
    common.add_argument("--debug", action="store_true", help="show a traceback where something fails")
    parser = argparse.ArgumentParser(prog="briefing", description="A news briefing that can show its sources.")
    parser.add_argument("--version", action="version", version=f"briefing {metadata.version('tuesday-briefing')}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        module = _module(name)
        sub = subparsers.add_parser(
            name,
            parents=[common],
            help=module.HELP,
            description=module.HELP,
            epilog=f"example:\n  {module.EXAMPLE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.arguments(sub)
        _also_after_verbs(sub, common)
        sub.set_defaults(module=module)
    return parser


def _also_after_verbs(command: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """A command's verbs take the common options too: `briefing email show --json`. Only what is given there counts."""
    for action in command._actions:
        for verb in action.choices.values() if isinstance(action, argparse._SubParsersAction) else ():
            for option in common._actions:
                again = copy.copy(option)
                again.default = argparse.SUPPRESS
                verb._add_action(again)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f".commands.{name}", __package__)


if __name__ == "__main__":
    sys.exit(main())
