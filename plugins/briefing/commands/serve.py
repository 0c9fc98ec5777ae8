"""`briefing serve`: the built site on this machine, for looking at it."""

from __future__ import annotations

import argparse

from ..errors import NothingApproved, UsageError
from . import Context

HELP = "Serve the built site on this machine until Ctrl-C."
EXAMPLE = "briefing serve --port 8000"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The port."""
    parser.add_argument("--port", metavar="N", type=int, default=8000, help="the port on 127.0.0.1, 0 for any free one (default: 8000)")


def run(args: argparse.Namespace, context: Context) -> int:
    """Serve until Ctrl-C. 4 where nothing was built yet."""
    from ..preview import server

    if not 0 <= args.port <= 65535:
        raise UsageError(f"--port {args.port} is no port; take one from 1024 to 65535")
    if not (context.project.output / "index.html").is_file():
        raise NothingApproved(f"{context.project.name(context.project.output)}: holds no site yet; run `briefing build`")
    try:
        serving = server(context.project.output, args.port)
    except OSError as error:
        raise UsageError(f"port {args.port} cannot be used ({error.strerror}); pass another with --port") from error
    with serving:
        context.console.line(f"http://127.0.0.1:{serving.server_address[1]}/")
        context.console.out.flush()
        context.console.say("Ctrl-C ends it")
        try:
            serving.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            context.console.say("ended")
    return 0
