"""`python -m briefing.site`: one build in a process of its own, so that the commands never import Pelican. `briefing build` starts it.

Progress and errors go to stderr as plain lines, the result to stdout as one JSON object. The exit code is that of docs/exit-codes.md.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from .. import config
from ..errors import BriefingError
from ..project import Project
from . import build, reads
from .build import Built


def main(argv: list[str] | None = None) -> int:
    """Build, print the report, return the exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    gc.set_threshold(*build.COLLECTOR)
    parser = argparse.ArgumentParser(prog="python -m briefing.site")
    parser.add_argument("--project", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--preview", type=Path, metavar="FOLDER", help="print how the articles and editions in this folder will read; publish nothing")
    parser.add_argument("--debug", action="store_true", help="show a traceback where something fails")
    args = parser.parse_args(argv)
    project = Project(args.project.resolve())
    try:
        publication = config.publication(project.settings, project.name(project.settings))
        if args.preview:
            json.dump(reads.preview(project, publication, args.preview, os.environ), sys.stdout)
            return 0
        built = build.run(project, publication, os.environ, _step)
    except BriefingError as error:
        if args.debug:
            raise
        sys.stderr.write(f"briefing: {error}\n")
        return error.code
    except KeyboardInterrupt:
        sys.stderr.write("briefing: stopped; the old site is kept\n")
        return 130
    json.dump(report(built), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    return built.code


def _step(name: str, outcome: str) -> None:
    sys.stderr.write(f"step {name}: {outcome}\n")
    sys.stderr.flush()


def _terminated(signum: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def report(built: Built) -> dict[str, Any]:
    """The result as data."""
    a = built.admitted
    current = a.edition(a.current)
    return {
        "code": built.code,
        "level": a.level,
        "edition": a.current.isoformat(),
        "edition_approved": bool(current and current.approved),
        "edition_complete": bool(current and current.complete),
        "edition_why": current.why if current else f"nothing is approved for the edition of {a.current.isoformat()}",
        "published": [
            {
                "id": p.id,
                "edition": p.article.edition.isoformat(),
                "title": p.article.title,
                "approved_by": p.record.approved_by if p.record else "",
                "digest": p.record.digest if p.record else "",
            }
            for p in a.articles
        ],
        "left_out": [{"file": r.name, "line": r.line, "why": r.message, "code": r.code} for r in a.refusals],
        "reads_differently": [{"id": d.subject, "what": d.what} for d in built.reads],
        "withdrawn": [w.id for w in a.withdrawn],
        "files": built.files,
        "bytes": built.size,
        "email": {"state": built.email.get("state", "none"), "reason": built.email.get("reason", "")},
    }


if __name__ == "__main__":
    sys.exit(main())
