"""An article as it lies on the editor's desk: its file, its evidence, and what is on record about it. Reads; decides and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from . import approval, article, deadlines, ledger, plainfile
from . import edition as editions
from .approval import Verdict
from .errors import ContentRefused, UsageError, visible
from .model import Article, Edition, Ledger
from .project import Project
from .records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One article's file and its evidence file, read once."""

    name: str
    path: Path
    data: bytes  # LF line ends
    article: Article
    evidence_name: str
    evidence: bytes | None  # LF line ends; None where there is none

    @property
    def parts(self) -> dict[str, str]:
        """What an approval of it covers."""
        return approval.parts(self.data, self.evidence or b"", self.article)


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionFile:
    """One edition's file, read once, and the deadlines it may show."""

    name: str
    path: Path
    data: bytes
    edition: Edition
    parts: dict[str, str]


def read(project: Project, path: Path) -> Draft:
    """The article in this file. Raises ArticleError or ContentRefused; FileNotFoundError where there is none."""
    name = project.name(path)
    data = approval.normal(plainfile.read(path, name, most=article.LONGEST + 1))
    return complete(project, path, data, article.parse(data, name))


def complete(project: Project, path: Path, data: bytes, parsed: Article, name: str = "") -> Draft:
    """The article with its evidence file: beside it under the file's name or the id, or in the place where drafts are written."""
    name = name or project.name(path)
    folder = name.rpartition("/")[0]
    evidence_name, evidence = f"{folder}/{parsed.id}.evidence.json", None
    for place, called in _evidence_places(project, path, parsed, folder):
        try:
            evidence_name, evidence = called, approval.normal(plainfile.read(place, called, most=ledger.LONGEST))
        except FileNotFoundError:
            continue
        break
    return Draft(name=name, path=path, data=data, article=parsed, evidence_name=evidence_name, evidence=evidence)


def _evidence_places(project: Project, path: Path, parsed: Article, folder: str) -> Iterator[tuple[Path, str]]:
    for file in dict.fromkeys((f"{path.stem}.evidence.json", f"{parsed.id}.evidence.json")):
        yield path.with_name(file), f"{folder}/{file}"
    place = project.evidence(parsed.edition, parsed.id)
    yield place, project.name(place)


def evidence_fault(a: Article, found: Ledger) -> str:
    """Why this evidence file cannot stand beside this article, in words; empty where it can."""
    if found.article != a.id or found.edition != a.edition:
        return f"is the evidence of {found.article} in {found.edition.isoformat()}, not of this article"
    for source in a.sources:
        if found.snapshots.get(source.id, "") != source.snapshot:
            return f"rests on another text of {source.id} than the article's source list names"
    blocked = next((c for c in found.claims if any(p.blocks for p in c.problems)), None)
    if blocked:
        problem = next(p for p in blocked.problems if p.blocks)
        return f"holds a claim that is not shown ({problem.reason}: “{blocked.text[:80]}”)"
    bare = next((c for c in found.claims if c.type in {"fact", "quote", "statistic"} and not c.passages), None)
    if bare:  # a page says "9 of 9 claims"; one such article must not stop the others' pages
        return f"holds a claim without a passage in any source (“{bare.text[:80]}”); cite one or reword it"
    return ""


def judge(records: Records, draft: Draft) -> Verdict:
    """May this article go out as it stands? Where it was changed, `changed` names the parts and the hints that differ."""
    verdict = records.judge(draft.article.id, draft.parts)
    if verdict.state != "changed" or verdict.record is None:
        return verdict
    return replace(verdict, changed=approval.changed({**draft.parts, **approval.hints(draft.article)}, verdict.record.parts))


def read_edition(project: Project, day: date) -> EditionFile:
    """The edition's file of this day. Raises ContentRefused, also where there is none."""
    path = project.edition(day)
    name = project.name(path)
    try:
        data = approval.normal(plainfile.read(path, name, most=article.LONGEST))
    except FileNotFoundError as error:
        raise ContentRefused(f"{name}: is missing; run `briefing draft --edition {day.isoformat()}`") from error
    parsed = editions.parse(data, name)
    if parsed.date != day:
        raise ContentRefused(f"{name}:1: says it is the edition of {parsed.date.isoformat()}; rename the file or correct the day")
    laws = deadlines.read(project.deadlines, project.name(project.deadlines))
    unknown = [d for d in parsed.deadlines if d not in {law.id for law in laws}]
    if unknown:
        raise ContentRefused(f"{name}: deadlines: {unknown[0]} is not in content/deadlines.yaml; correct the id or remove it")
    return EditionFile(name=name, path=path, data=data, edition=parsed, parts=approval.edition_parts(data, parsed, laws))


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseFile:
    """A page of the house or the deadlines, read once."""

    name: str
    path: Path
    data: bytes
    subject: str  # page-about, deadlines

    @property
    def parts(self) -> dict[str, str]:
        """What an approval of it covers."""
        return approval.house_parts(self.subject, self.data)


def house(project: Project, target: str) -> HouseFile | None:
    """The page of the house or the deadlines that this path names, or None where it names neither."""
    for path in (Path(target).absolute(), project.root / target):
        if path == project.deadlines:
            subject = approval.DEADLINES
        elif path.parent == project.content / "pages" and path.suffix == ".md":
            subject = f"page-{path.stem}"
        else:
            continue
        if path.is_file():
            return HouseFile(name=project.name(path), path=path, data=approval.normal(plainfile.read(path, target, most=4_000_000)), subject=subject)
    return None


def judge_edition(records: Records, file: EditionFile) -> Verdict:
    """May this edition's order, subject and preheader go out as they stand?"""
    verdict = records.judge(approval.edition_id(file.edition.date), file.parts)
    if verdict.state != "changed" or verdict.record is None:
        return verdict
    return replace(verdict, changed=approval.changed({**file.parts, **approval.edition_hints(file.edition)}, verdict.record.parts))


def find(project: Project, target: str) -> Path:
    """The file of an article, given its id or its path. Raises UsageError where there is none or more than one."""
    if target.endswith(".md"):
        given = Path(target)
        for path in (given, project.root / given):
            if path.is_file() and path.resolve().is_relative_to(project.briefings.resolve()):
                return path.resolve()
        raise UsageError(f"{visible(target)}: is no article below {project.name(project.briefings)}/; `briefing status` lists them")
    files = [e.path for e in plainfile.walk(project.briefings) if e.kind == "file" and e.path.suffix == ".md"]
    found = [f for f in files if f.stem == target] or [f for f in files if _says(f, target)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{visible(target)}: is the id of {' and '.join(project.name(f) for f in found)}; name the file")
    raise UsageError(f"{visible(target)}: no article has this id; `briefing status` lists them")


def _says(path: Path, target: str) -> bool:
    try:
        return f"\nid: {target}\n" in plainfile.read(path, path.name, most=article.LONGEST + 1)[:2000].decode("utf-8", "replace").replace("\r\n", "\n")
    except (ContentRefused, FileNotFoundError):
        return False


def articles(project: Project, day: date | None = None) -> tuple[Path, ...]:
    """The files of an edition's articles by place, or of all editions."""
    folder = project.briefings / day.isoformat() if day else project.briefings
    return tuple(e.path for e in plainfile.walk(folder) if e.kind == "file" and e.path.suffix == ".md")
