"""What was approved before, and where it differs from what stands there now: for messages and for the editor's eye, never for a verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from . import approval, plainfile
from .approval import HINT, Verdict
from .errors import BriefingError, StorageError
from .gitrepo import GitRepo
from .model import Article, Record
from .project import Project

_MOST = 4 * 1024 * 1024


def keep(project: Project, record: Record, data: bytes) -> None:
    """Keeps a copy of approved bytes in `var/approved/`, so that a later change can be shown line by line. A full disk is no reason to stop."""
    try:
        plainfile.write(_copy(project, record), approval.normal(data))
    except StorageError:
        return


def _copy(project: Project, record: Record) -> Path:
    return project.var / "approved" / record.digest.removeprefix("sha256:")[:32]


def approved_bytes(project: Project, record: Record, name: str) -> bytes | None:
    """The bytes of the article or edition file that this record approved, from the kept copy or from git's history, or None.

    `name` is the file's path in the project, for git. What is found is compared with the record's own hash.
    """
    wanted = record.parts.get("article") or record.parts.get("file") or ""
    try:
        data = plainfile.read(_copy(project, record), "copy", most=_MOST)
        if _is(data, wanted):
            return data
    except (FileNotFoundError, BriefingError):
        pass
    try:
        for data in GitRepo.open(project.root).versions(name):
            if _is(data, wanted):
                return approval.normal(data)
    except BriefingError:
        return None
    return None


def _is(data: bytes, wanted: str) -> bool:
    return hashlib.sha256(approval.normal(data)).hexdigest() == wanted


def explain(project: Project, name: str, data: bytes, verdict: Verdict, lines: Mapping[str, int], *, target: str) -> tuple[int, str]:
    """Line (0: none) and message for a file that differs from what was approved: what changed, from what to what, and the way back.

    `lines` maps what people call by name (title, lead, section 2) to the line where it stands now; `target` is what `briefing approve` takes.
    """
    record = verdict.record
    assert record is not None
    back = f"run `briefing approve {target}`, or restore what was approved"
    before = approved_bytes(project, record, name)
    line, what = approval.first_difference(before, data) if before is not None else (0, "")
    fields = [label.removeprefix(HINT) for label in verdict.changed if label.startswith(HINT)]
    places = sorted({lines.get(f, 0) for f in fields} - {0})
    named = f" ({', '.join(_readable(f) for f in fields[:3])})" if fields else ""
    if what:
        return line, f"{verdict.why}{named}: {what}; {back}"
    if fields:
        return (places[0] if places else 0), f"{verdict.why}{named}; {back}"
    other = [label for label in verdict.changed if not label.startswith(HINT) and label not in {"article", "file"}]
    if other:
        return 0, f"{verdict.why}: the {_readable(other[0])} is not what was approved; {back}"
    return 0, f"{verdict.why}; {back}"


def _readable(label: str) -> str:
    return {"evidence": "evidence file", "sources": "source list", "id": "id", "short": "short version"}.get(label, label)


def places(article: Article) -> dict[str, int]:
    """Where each part that a hint names stands in the file."""
    out = {key.replace("_", " "): line for key, line in article.lines.items() if "." not in key}
    out |= {f"source {s.id}": article.lines.get(f"sources.{n}", article.lines.get("sources", 0)) for n, s in enumerate(article.sources)}
    if article.lead:
        out["lead"] = article.lead[0].line
    out |= {f"section {n}": s.line for n, s in enumerate(article.sections, 1)}
    if article.meaning:
        out["meaning"] = article.meaning[0].line
    if article.next_step:
        out["next step"] = article.next_step.line
    if article.faq:
        out["questions"] = article.faq[0].line
    return out
