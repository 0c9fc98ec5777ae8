"""What each draft of an edition waits for: the answer of `briefing status`. Reads and says; decides and writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from . import approval, desk, earlier, evidence, ledger, plainfile
from .approval import Verdict
from .desk import Draft
from .errors import ArticleError, ContentRefused
from .project import Project
from .records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """One line of `briefing status`."""

    name: str
    subject: str
    state: str  # a word: approved, draft, changed, withdrawn, unapproved, unproven, unreadable, broken
    waits: str  # what it waits for, in words; empty where it waits for nothing


def states(project: Project, records: Records, day: date) -> tuple[State, ...]:
    """What each article of an edition and the edition itself wait for."""
    out = [_state(project, records, path) for path in desk.articles(project, day)]
    out += [_no_file(project, e) for e in plainfile.walk(project.briefings / day.isoformat()) if e.kind != "file" and e.path.suffix == ".md"]
    try:
        file = desk.read_edition(project, day)
        verdict = desk.judge_edition(records, file)
    except ContentRefused as error:
        return (*out, State(name=project.name(project.edition(day)), subject=approval.edition_id(day), state="broken", waits=str(error)))
    listed = {s.subject: s for s in out}
    open_ = [i for i in file.edition.articles if i not in listed or listed[i].state != "approved"]
    if file.edition.status != "approved":
        waits = f"the approval of {', '.join(open_)}" if open_ else f"`briefing approve --edition {day.isoformat()}`"
        state = "draft"
    elif verdict.ok:
        waits, state = (f"the approval of {', '.join(open_)}; no email is offered" if open_ else ""), "approved"
    else:
        waits, state = _why(project, file.name, file.data, verdict, {}, f"--edition {day.isoformat()}"), verdict.state
    return (*out, State(name=file.name, subject=approval.edition_id(day), state=state, waits=waits))


def _no_file(project: Project, entry: plainfile.Entry) -> State:
    what = "a symbolic link; replace it by the file itself" if entry.kind == "link" else "no plain file; remove it"
    return State(name=project.name(entry.path), subject=entry.path.stem, state="broken", waits=f"is {what}")


def _state(project: Project, records: Records, path: Path) -> State:
    name = project.name(path)
    try:
        draft = desk.read(project, path)
    except ArticleError as error:
        line, what = error.faults[0]
        return State(name=name, subject=path.stem, state="broken", waits=f"line {line} {what}")
    except ContentRefused as error:
        return State(name=name, subject=path.stem, state="broken", waits=str(error))
    a = draft.article
    if a.status != "approved":
        return State(name=name, subject=a.id, state="draft", waits=_draft_waits(draft))
    verdict = desk.judge(records, draft)
    waits = "" if verdict.ok else _why(project, name, draft.data, verdict, earlier.places(a), a.id)
    return State(name=name, subject=a.id, state=verdict.state, waits=waits)


def _draft_waits(draft: Draft) -> str:
    if draft.evidence is None:
        return "its evidence: run `briefing check --write`"
    try:
        blocked = evidence.blocking(ledger.read(draft.evidence, draft.evidence_name).claims)
    except ContentRefused as error:
        return str(error)
    if blocked:
        return f"{len(blocked)} claim{'s' if len(blocked) > 1 else ''} that no source shows: run `briefing check {draft.article.id}`"
    return f"your approval: run `briefing approve {draft.article.id}`"


def _why(project: Project, name: str, data: bytes, verdict: Verdict, places: Mapping[str, int], target: str) -> str:
    if verdict.state != "changed":
        return verdict.why
    line, message = earlier.explain(project, name, data, verdict, places, target=target)
    return f"line {line}: {message}" if line else message
