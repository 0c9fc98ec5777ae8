"""The gate: reads each file below `content/` once, decides, and hands on exactly the bytes that it verified.

Whatever is not understood is not published: the gate lists what may pass, never what may not. Nothing here imports Pelican.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from .. import approval, article, deadlines, desk, earlier, ledger, plainfile
from .. import edition as editions
from ..approval import Verdict
from ..config import Publication
from ..errors import ArticleError, BriefingError, UsageError, visible
from ..model import Article, Deadline, Edition
from ..project import Project
from ..records import Records
from .admitted import Admitted, AdmittedArticle, AdmittedEdition, Page, Refusal, Withdrawn

NOW = "BRIEFING_NOW"
#: The pages of the house. A closed list: a page is a place where words could come in that no record covers.
PAGES = ("about", "corrections", "how-we-work", "privacy")

_READABLE = re.compile(r"\.(md|markdown|mkd|mdown|rst|html?|xhtml|adoc|asciidoc|txt|org|ipynb)$", re.IGNORECASE)
_PAGE_REFUSED = re.compile(
    r"<\s*(script|style|iframe|object|embed|link|meta|base|form|svg|img|video|audio)\b|\bon\w+\s*=|javascript:|(?<!\\)[{|](static|filename|attach)[}|]",
    re.IGNORECASE,
)


@dataclass
class _Found:
    """What stands below `content/`, by kind, and what has no place there."""

    articles: list[tuple[str, Path]] = field(default_factory=list)
    evidence: set[Path] = field(default_factory=set)
    editions: list[tuple[str, Path]] = field(default_factory=list)
    pages: list[tuple[str, Path]] = field(default_factory=list)
    deadlines: Path | None = None
    refusals: list[Refusal] = field(default_factory=list)


@dataclass
class _Gate:
    """One pass. Collects; `admit` puts the result together."""

    project: Project
    publication: Publication
    records: Records
    current: date
    refusals: list[Refusal] = field(default_factory=list)
    withdrawn: list[Withdrawn] = field(default_factory=list)

    def refuse(self, name: str, line: int, message: str, code: int) -> None:
        self.refusals.append(Refusal(name=name, line=line, message=message, code=code))


def admit(project: Project, publication: Publication, environ: Mapping[str, str]) -> Admitted:
    """Everything of this project that may be published now, and every file that may not with its reason.

    Now is `BRIEFING_NOW`; where that is not set, the moment of the newest record, so that a plain build is a function of the commit.
    Raises UsageError for a setting that cannot be read; a file that cannot be read is a refusal, never an error.
    """
    publication = publication.raised(environ)
    records = Records.open(project, publication, environ)
    current = editions.for_moment(_moment(environ, records, publication), publication)
    gate = _Gate(project, publication, records, current)
    found = _find(project)
    gate.refusals += found.refusals
    laws, laws_data = _deadlines(gate, found.deadlines)
    passed = _articles(gate, found)
    days = _editions(gate, found, passed, laws)
    published = {a.id for e in days for a in e.articles}
    return Admitted(
        level=records.level,
        current=current,
        articles=tuple(sorted((a for a in passed if a.id in published), key=lambda a: (a.article.edition, a.id))),
        editions=days,
        pages=_pages(gate, found),
        deadlines=laws,
        deadlines_data=laws_data,
        withdrawn=tuple(sorted(gate.withdrawn, key=lambda w: (w.edition, w.id))),
        refusals=tuple(sorted(gate.refusals, key=lambda r: (r.name, r.line, r.message))),
    )


def _moment(environ: Mapping[str, str], records: Records, publication: Publication) -> datetime:
    text = environ.get(NOW, "")
    if not text:
        return records.newest or datetime.combine(publication.first_edition, publication.send_time, publication.tz).astimezone(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{NOW} is {visible(text)[:40]!r}; write it as 2026-11-24T06:00:00-05:00") from error
    if moment.tzinfo is None:
        raise UsageError(f"{NOW} has no time zone; write it as 2026-11-24T06:00:00-05:00")
    return moment.astimezone(UTC)


# --------------------------------------------------------------------- find


def _find(project: Project) -> _Found:
    found = _Found()
    for entry in plainfile.walk(project.content, below=f"{project.name(project.content)}/"):
        name = entry.name
        if entry.kind == "link":
            found.refusals.append(Refusal(name=visible(name), line=0, message="is a symbolic link; replace it by the file itself", code=6))
        elif entry.kind == "odd":
            found.refusals.append(Refusal(name=visible(name), line=0, message="is no plain file; remove it", code=6))
        elif visible(name) != name:
            found.refusals.append(Refusal(name=visible(name), line=0, message="has an invisible character in its name; rename it", code=6))
        else:
            _sort(project, found, name, entry.path)
    return found


def _sort(project: Project, found: _Found, name: str, path: Path) -> None:
    below = name.removeprefix(project.name(project.content) + "/")
    if below.startswith("briefings/") and below.endswith(".md"):
        found.articles.append((name, path))
    elif below.startswith("briefings/") and below.endswith(".evidence.json"):
        found.evidence.add(path)
    elif re.fullmatch(r"editions/\d{4}-\d\d-\d\d\.yaml", below):
        found.editions.append((name, path))
    elif below in {f"pages/{p}.md" for p in PAGES}:
        found.pages.append((name, path))
    elif below == "deadlines.yaml":
        found.deadlines = path
    elif _READABLE.search(below):
        where = "an article is content/briefings/<edition>/<id>.md" if not below.startswith("pages/") else f"pages are {', '.join(PAGES)}"
        found.refusals.append(Refusal(name=name, line=0, message=f"has no place here and is not published: {where}; move or remove it", code=6))
    else:
        found.refusals.append(Refusal(name=name, line=0, message="is not an article, an edition or a page, and is not published", code=0))


# ----------------------------------------------------------------- articles


@dataclass(frozen=True)
class _Text:
    """An article as its file says it."""

    name: str
    path: Path
    data: bytes
    article: Article


def _articles(gate: _Gate, found: _Found) -> tuple[AdmittedArticle, ...]:
    read = [t for name, path in found.articles if (t := _read_article(gate, name, path))]
    passed: dict[str, AdmittedArticle] = {}
    for text in read:
        try:
            one = _verify_article(gate, text)
        except BriefingError as error:
            gate.refuse(text.name, 0, _without(str(error), text.name), 6)
            continue
        if one is None:
            continue
        if one.id in passed:
            gate.refuse(text.name, text.article.lines.get("id", 2), f"has the same id as {passed[one.id].name}; remove one of the two", 6)
            continue
        passed[one.id] = one
    return tuple(passed.values())


def _read_article(gate: _Gate, name: str, path: Path) -> _Text | None:
    try:
        data = approval.normal(plainfile.read(path, name, most=article.LONGEST + 1))
    except (BriefingError, FileNotFoundError) as error:
        gate.refuse(name, 0, _without(str(error), name), 6)
        return None
    try:
        parsed = article.parse(data, name)
        editions.number(parsed.edition, gate.publication)
    except ArticleError as error:
        _broken(gate, name, data, error)
        return None
    except ValueError as error:
        gate.refuse(name, 3, f"edition: {error}", 6)
        return None
    if approval.reserved(parsed.id):
        gate.refuse(name, parsed.lines.get("id", 2), f"id: {parsed.id} is kept for other records; choose another", 6)
        return None
    if parsed.status != "approved":
        gate.refuse(name, 0, f"is a draft ({parsed.status}); `briefing approve {parsed.id}` publishes it", 0)
        return None
    if parsed.edition > gate.current:
        gate.refuse(name, 0, f"belongs to the edition of {parsed.edition.isoformat()} and is held until the week before that day", 0)
        return None
    return _Text(name, path, data, parsed)


def _broken(gate: _Gate, name: str, data: bytes, error: ArticleError) -> None:
    """An article that breaks a rule. Where it was approved before, that it was changed is the news, and where."""
    stem = Path(name).stem
    given = re.search(rb"^id: *[\"']?([a-z0-9-]+)[\"']? *$", data[:4000], re.MULTILINE)
    subject = given.group(1).decode() if given and gate.records.of(given.group(1).decode()) else stem
    in_work = re.search(rb"^status: *[\"']?needs-review[\"']? *$", data[:4000], re.MULTILINE)
    line, fault = error.faults[0]
    if not in_work:
        verdict = gate.records.judge(subject, {}) if gate.records.level else None
        if verdict and verdict.state == "changed":
            where, message = earlier.explain(gate.project, name, data, replace(verdict, changed=()), {}, target=subject)
            gate.refuse(name, where or line, f"{message}. It also breaks a rule: line {line} {fault}", 5)
            return
    for line, fault in error.faults:
        gate.refuse(name, line, fault, 6)


def _verify_article(gate: _Gate, text: _Text) -> AdmittedArticle | None:
    a = text.article
    draft = desk.complete(gate.project, text.path, text.data, a, text.name)
    verdict = desk.judge(gate.records, draft)
    if not verdict.ok:
        _refuse(gate, text.name, text.data, a.id, a.edition, verdict, earlier.places(a), draft.evidence_name)
        return None
    if draft.evidence is None:
        gate.refuse(draft.evidence_name, 0, "is missing; run `briefing check --write`, then approve the article again", 6)
        return None
    found = ledger.read(draft.evidence, draft.evidence_name)
    fault = desk.evidence_fault(a, found)
    if fault:
        gate.refuse(draft.evidence_name, 0, f"{fault}; run `briefing check --write`, then approve the article again", 6)
        return None
    return AdmittedArticle(name=text.name, data=text.data, article=a, ledger=found, record=verdict.record, second=verdict.second)


def _refuse(gate: _Gate, name: str, data: bytes, subject: str, day: date, verdict: Verdict, places: Mapping[str, int], evidence_name: str = "") -> None:
    """Files a verdict that is not "approved" with its code, its line and its words."""
    if verdict.state == "withdrawn":
        gate.refuse(name, 0, verdict.why, 0)
        told = gate.records.told(subject, verdict.record) if verdict.record else None
        if told:
            gate.withdrawn.append(Withdrawn(id=subject, edition=day, record=told))
        return
    line, message = places.get("status", 0), verdict.why
    if verdict.state == "changed":
        target = f"--edition {day.isoformat()}" if subject.startswith("edition-") else subject
        line, message = earlier.explain(gate.project, name, data, verdict, places, target=target)
        only_evidence = [label for label in verdict.changed if not label.startswith(approval.HINT)] == ["evidence"]
        name = evidence_name if only_evidence and evidence_name else name
    gate.refuse(name, line, message, 5)


# ----------------------------------------------------------------- editions


def _editions(gate: _Gate, found: _Found, passed: tuple[AdmittedArticle, ...], laws: tuple[Deadline, ...]) -> tuple[AdmittedEdition, ...]:
    said: dict[date, tuple[Edition, Verdict]] = {}
    for name, path in found.editions:
        judged = _read_edition(gate, name, path, laws)
        if judged:
            said[judged[0].date] = judged
    out = []
    own: dict[date, dict[str, AdmittedArticle]] = {}
    for a in passed:
        own.setdefault(a.article.edition, {})[a.id] = a
    for day in sorted(own):
        out.append(_edition(gate, day, own[day], said.get(day)))
    return tuple(e for e in out if e.articles)


def _read_edition(gate: _Gate, name: str, path: Path, laws: tuple[Deadline, ...]) -> tuple[Edition, Verdict] | None:
    day = date.fromisoformat(path.stem) if _is_day(path.stem) else None
    try:
        data = approval.normal(plainfile.read(path, name, most=article.LONGEST))
        parsed = editions.parse(data, name)
        if parsed.date != day:
            gate.refuse(name, 1, f"says it is the edition of {parsed.date.isoformat()}; rename the file or correct the day", 6)
            return None
        if parsed.number != editions.number(parsed.date, gate.publication):
            gate.refuse(name, 2, f"number: must be {editions.number(parsed.date, gate.publication)}, found {parsed.number}", 6)
            return None
    except ValueError as error:
        gate.refuse(name, 1, str(error), 6)
        return None
    except (BriefingError, FileNotFoundError) as error:
        _broken_edition(gate, name, path, day, error)
        return None
    if parsed.status != "approved":
        gate.refuse(name, 0, f"is not approved yet; `briefing approve --edition {parsed.date.isoformat()}` offers its email", 0)
        return parsed, Verdict(state="unapproved", why="the edition is not approved yet")
    if parsed.date > gate.current:
        gate.refuse(name, 0, "is a later edition and is held until the week before its day", 0)
        return None
    subject = approval.edition_id(parsed.date)
    parts = approval.edition_parts(data, parsed, laws)
    verdict = gate.records.judge(subject, parts)
    if verdict.state == "changed" and verdict.record:
        verdict = replace(verdict, changed=approval.changed({**parts, **approval.edition_hints(parsed)}, verdict.record.parts))
    if not verdict.ok:
        _refuse(gate, name, data, subject, parsed.date, verdict, {})
    return parsed, verdict


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _broken_edition(gate: _Gate, name: str, path: Path, day: date | None, error: Exception) -> None:
    line, message = _split(str(error), name)
    verdict = gate.records.judge(approval.edition_id(day), {}) if day and gate.records.level else None
    if verdict and verdict.state == "changed" and verdict.record:
        try:
            data = approval.normal(plainfile.read(path, name, most=article.LONGEST))
        except (BriefingError, FileNotFoundError):
            data = b""
        if not re.search(rb"^status: *needs-review *$", data, re.MULTILINE):
            where, what = earlier.explain(gate.project, name, data, replace(verdict, changed=()), {}, target=f"--edition {path.stem}")
            gate.refuse(name, where or line, f"{what}. It also breaks a rule: {message}", 5)
            return
    gate.refuse(name, line, message, 6)


def _edition(gate: _Gate, day: date, own: Mapping[str, AdmittedArticle], said: tuple[Edition, Verdict] | None) -> AdmittedEdition:
    number = editions.number(day, gate.publication)
    if said is None or not said[1].ok:
        ids = tuple(sorted(own))
        bare = Edition(date=day, number=number, status="needs-review", subject="", preheader="", articles=ids)
        why = said[1].why if said else "there is no edition file that could be read"
        return AdmittedEdition(edition=bare, record=None, articles=tuple(own[i] for i in ids), approved=False, complete=False, why=why)
    edition, verdict = said
    for extra in sorted(set(own) - set(edition.articles)):
        gate.refuse(own[extra].name, 0, f"is approved but the approved edition does not list it; add it to {gate.project.name(gate.project.edition(day))}", 0)
    missing = [i for i in edition.articles if i not in own]
    why = _incomplete(len(missing), len(edition.articles))
    if not edition.articles:
        why = "the edition lists no article"
    articles = tuple(own[i] for i in dict.fromkeys(edition.articles) if i in own)
    return AdmittedEdition(edition=edition, record=verdict.record, articles=articles, approved=True, complete=not why, why=why)


def _incomplete(missing: int, listed: int) -> str:
    """By number, not by id: an id is made of the headline's words, and this sentence is published in next.json."""
    if not missing:
        return ""
    return f"{missing} of {listed} listed briefings {'is not approved as it stands' if missing == 1 else 'are not approved as they stand'}"


# ------------------------------------------------------- pages and deadlines


def _pages(gate: _Gate, found: _Found) -> tuple[Page, ...]:
    out = []
    for name, path in found.pages:
        try:
            data = approval.normal(plainfile.read(path, name, most=article.LONGEST))
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            gate.refuse(name, 1, "is not UTF-8 text; save it as UTF-8", 6)
            continue
        except (BriefingError, FileNotFoundError) as error:
            gate.refuse(name, 0, _without(str(error), name), 6)
            continue
        bad = next(((n, m) for n, line in enumerate(text.split("\n"), 1) if (m := _PAGE_REFUSED.search(line))), None)
        if bad:
            gate.refuse(name, bad[0], f"holds {visible(bad[1].group(0))!r}, which pages may not; write plain Markdown", 6)
            continue
        if _house(gate, name, f"page-{path.stem}", data):
            out.append(Page(name=path.stem, data=data))
    return tuple(sorted(out, key=lambda p: p.name))


def _house(gate: _Gate, name: str, subject: str, data: bytes) -> bool:
    """Whether a page of the house or the deadlines may pass: by its record where the publication asks for one, else always."""
    if gate.publication.house == "review" or gate.records.level == 0:
        return True
    verdict = gate.records.judge(subject, approval.house_parts(subject, data))
    if verdict.state == "changed":
        line, message = earlier.explain(gate.project, name, data, verdict, {}, target=name)
        gate.refuse(name, line, message, 5)
    elif verdict.state == "unapproved":
        gate.refuse(name, 0, f"is not approved; run `briefing approve {name}`", 5)
    elif not verdict.ok:
        gate.refuse(name, 0, verdict.why, 0 if verdict.state == "withdrawn" else 5)
    return verdict.ok


def _deadlines(gate: _Gate, path: Path | None) -> tuple[tuple[Deadline, ...], bytes]:
    if path is None:
        return (), b""
    name = gate.project.name(path)
    try:
        data = approval.normal(plainfile.read(path, name, most=deadlines.LONGEST))
        laws = deadlines.parse(data, name)
        return (laws, data) if _house(gate, name, approval.DEADLINES, data) else ((), b"")
    except (BriefingError, FileNotFoundError) as error:
        line, message = _split(str(error), name)
        gate.refuse(name, line, message, 6)
        return (), b""


# ------------------------------------------------------------------ messages


def _without(message: str, name: str) -> str:
    """The message without the file's name at its start."""
    return message.removeprefix(name).removeprefix(":").strip()


def _split(message: str, name: str) -> tuple[int, str]:
    """Line and rest of a `file:line: rest` message."""
    match = re.match(r":?(\d+): (.*)", message.removeprefix(name), re.DOTALL)
    return (int(match.group(1)), match.group(2)) if match else (0, _without(message, name))
