"""`briefing serve`: the built site on this machine, for looking at it."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..console import Console
from ..errors import NothingApproved, UsageError
from . import Context

HELP = "Serve the built site on this machine until Ctrl-C."
EXAMPLE = "briefing serve --port 8000"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The port."""
    parser.add_argument("--port", metavar="N", type=int, default=8000, help="the port on 127.0.0.1, 0 for any free one (default: 8000)")


def run(args: argparse.Namespace, context: Context) -> int:
    """Serve until Ctrl-C. 4 where nothing was built yet."""
    output = context.project.output
    if not (output / "index.html").is_file():
        raise NothingApproved(f"{context.project.name(output)}: holds no site yet; run `briefing build`")
    serve(output, args.port, context.console)
    return 0


def serve(folder: Path, port: int, console: Console) -> None:
    """Serves a built site on 127.0.0.1 until Ctrl-C; the address is the one line on stdout. Raises UsageError where the port cannot be used."""
    from ..preview import server

    if not 0 <= port <= 65535:
        raise UsageError(f"--port {port} is no port; take one from 1024 to 65535")
    try:
        serving = server(folder, port)
    except OSError as error:
        raise UsageError(f"port {port} cannot be used ({error.strerror}); pass another with --port") from error
    with serving:
        console.line(f"http://127.0.0.1:{serving.server_address[1]}/")
        console.out.flush()
        console.say("Ctrl-C ends it")
        try:
            serving.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            console.say("ended")
