"""`briefing build`: the site and the email of everything that is approved, in a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from ..errors import visible
from . import Context

HELP = "Build the site and the email from what is approved; the old site stays until the new one is whole."
EXAMPLE = "briefing build"
_STEPS = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(args: argparse.Namespace, context: Context) -> int:
    """0 all well, 4 nothing approved for this edition, 5 an approval is missing or changed, 6 content refused: the rest is built."""
    code, data = _build(context, debug=bool(args.debug))
    if data is None:
        return code
    if context.json:
        context.console.json(data)
        return code
    _show(context, data)
    return code


def _build(context: Context, *, debug: bool) -> tuple[int, dict[str, Any] | None]:
    """Exit code and report of the build's process; None where it ended without one. Its error line is already shown."""
    # A hash seed and a locale of our own: what a build writes depends on the commit, not on the machine.
    env = {**os.environ, "BRIEFING_NOW": context.now.isoformat(), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "briefing.site", "--project", str(context.project.root), *(["--debug"] if debug else [])]
    with (
        context.console.progress("Build", _STEPS) as step,
        tempfile.TemporaryFile() as out,  # a file, not a pipe: a long report must not block the child while its progress is read
        subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace") as child,
    ):
        assert child.stderr is not None
        try:
            for line in child.stderr:
                if line.startswith("step "):
                    name, _, outcome = line.removeprefix("step ").rstrip("\n").partition(": ")
                    step(name, outcome)
                else:
                    sys.stderr.write(visible(line.rstrip("\n")) + "\n")
            code = child.wait()
        except BaseException:
            child.terminate()
            child.wait()
            raise
        out.seek(0)
        said = out.read()
    try:
        return code, json.loads(said)
    except ValueError:
        return code or 1, None


def _show(context: Context, data: dict[str, Any]) -> None:
    console = context.console
    if data["published"]:
        newest = [p for p in data["published"] if p["edition"] == data["edition"]]
        rows = [(p["id"], p["title"], p["approved_by"].partition(" <")[0] or "status only") for p in newest]
        if rows:
            console.table(("article", "title", "approved by"), rows, title=f"Edition of {data['edition']}")
        console.line(f"{len(data['published'])} articles published in all, {data['files']} files in {context.project.name(context.project.output)}/")
    if data["left_out"]:
        console.line("Not published:")
        for r in data["left_out"]:
            console.paragraph(f"  {r['file']}{':' + str(r['line']) if r['line'] else ''}: {r['why']}")
    for r in data["reads_differently"]:
        console.line(
            f"Reads otherwise than approved: the {r['what']} of {r['id']}. The theme or the settings changed; look at it, and approve it again if it is right."
        )
    email = data["email"]
    console.line(f"Email: {email['state']}{' (' + email['reason'] + ')' if email['reason'] else ''}")
    if data["code"] == 4:
        console.line(f"Nothing is approved for the edition of {data['edition']}: `briefing status` says what each draft waits for.")
