"""Approving and taking back: what the editor is shown, and what is then written. The only writer of `approvals/`.

`look` reads and checks, `approve` writes. In between the editor says yes. Written in this order, each file whole: evidence, record,
kept copy, and last the one line of the article that says `status: approved`; a run that dies in between leaves a draft, never half an approval.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from . import approval, article, deadlines, desk, earlier, evidence, inline, ledger, plainfile, reworded, signatures
from . import edition as editions
from .approval import Verdict
from .config import Publication
from .desk import Draft, EditionFile, HouseFile
from .errors import ApprovalRefused, ArticleError, ContentRefused, StorageError, UsageError, one_line, visible
from .model import Article, Claim, Ledger, Problem, Record, Snapshot
from .project import Project
from .records import Records
from .store import Store

_STATUS = re.compile(rb"^(status:[ \t]*[\"']?)needs-review(?=[\"']?[ \t]*(?:#[^\r\n]*)?\r?$)", re.MULTILINE)
_HUNK = re.compile(r"^@@ -\S+ \+(\d+)\S* @@$")
_MOST_DIFF = 60
_MOST_HOUSE = 4_000_000  # bytes of a page of the house or of the deadlines


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link of an article as a reader could be misled by it: its words and where it truly goes."""

    words: str
    host: str  # in the form that computers use: xn--… where it is not ASCII
    url: str
    misleading: bool  # the words look like an address of another host


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What the editor is shown before saying yes."""

    subject: str  # article id, or edition-2026-11-24
    name: str
    path: Path
    title: str
    data: bytes  # the bytes that will be approved: the file's own, with status approved
    found: bytes  # the file as it was read
    written: bytes  # the same with status approved
    parts: Mapping[str, str]
    edition: date
    verdict: Verdict  # as it stands now
    facts: tuple[tuple[str, str], ...]  # label and value, in the order to show
    links: tuple[Link, ...] = ()
    warnings: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()  # unified diff against what was approved last
    evidence_path: Path | None = None
    evidence: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Approved:
    """What was written."""

    subject: str
    title: str
    record: Record | None  # None at level 0
    files: tuple[str, ...]  # relative to the project, for the commit
    already: bool = False


# --------------------------------------------------------------------- look


def look(project: Project, publication: Publication, records: Records, target: str) -> Look:
    """Reads and checks one article. Raises ArticleError or ContentRefused with every line that stands in the way of approving it."""
    house = desk.house(project, target)
    if house:
        return _look_house(project, publication, records, house)
    path = desk.find(project, target)
    raw = plainfile.read(path, project.name(path), most=article.LONGEST + 1)
    draft = desk.read(project, path)
    a = draft.article
    try:
        editions.number(a.edition, publication)
    except ValueError as error:
        raise ArticleError(draft.name, [(a.lines.get("edition", 3), f"edition: {error}; correct the day")]) from error
    if approval.reserved(a.id):
        raise ArticleError(draft.name, [(a.lines.get("id", 2), f"id: {a.id} is kept for other records; choose another")])
    book, blocked = checked(project, draft)
    if blocked:
        raise ArticleError(draft.name, [(c.line, f"{p.found}. {p.fix}") for c, p in blocked])
    fault = desk.evidence_fault(a, book)
    if fault:
        raise ContentRefused(f"{draft.evidence_name}: {fault}; correct the article, then run `briefing check`")
    verdict = desk.judge(records, draft) if a.status == "approved" else Verdict(state="unapproved")
    data = flip(draft.data, draft.name)
    flipped = replace(draft, data=data, article=article.parse(data, draft.name), evidence=ledger.write(book))
    return Look(
        subject=a.id,
        name=draft.name,
        path=path,
        title=a.title,
        data=data,
        found=raw,
        written=flip(raw, draft.name),
        parts={**flipped.parts, **approval.hints(flipped.article)},
        edition=a.edition,
        verdict=verdict,
        facts=_facts(publication, a, book),
        links=links(a),
        warnings=(
            *(f"line {one.line}: {one.source} {one.what}; {one.advice}" for one in reworded.here(project, a, draft.name)),
            *(f"line {c.line}: {p.found}. {p.fix}" for c, p in _soft(book.claims)),
        ),
        changes=_changes(project, records, a.id, draft.name, data),
        evidence_path=project.root / draft.evidence_name,
        evidence=flipped.evidence or b"",
    )


def _look_house(project: Project, publication: Publication, records: Records, file: HouseFile) -> Look:
    """A page of the house or the deadlines: no evidence, no status line; the record alone says that it is approved."""
    facts: tuple[tuple[str, str], ...]
    if file.subject == approval.DEADLINES:
        laws = deadlines.parse(file.data, file.name)
        facts = (("file", file.name), ("deadlines", str(len(laws))), ("not verified", str(sum(d.verified is None for d in laws))))
    else:
        facts = (("file", file.name), ("words", str(len(file.data.split()))))
    return Look(
        subject=file.subject,
        name=file.name,
        path=file.path,
        title=file.name,
        data=file.data,
        found=(raw := plainfile.read(file.path, file.name, most=_MOST_HOUSE)),
        written=raw,
        parts=file.parts,
        edition=publication.first_edition,
        verdict=records.judge(file.subject, file.parts),
        facts=facts,
        changes=_changes(project, records, file.subject, file.name, file.data),
    )


def checked(project: Project, draft: Draft) -> tuple[Ledger, tuple[tuple[Claim, Problem], ...]]:
    """The article's evidence made anew, and what blocks. From the store where it has the texts, else from the evidence file's own passages.

    Raises ContentRefused where there is neither.
    """
    texts = _texts(project, draft.article)
    before = ledger.read(draft.evidence, draft.evidence_name) if draft.evidence is not None else None
    if texts is not None:
        about = before or Ledger(article=draft.article.id, edition=draft.article.edition, claims=(), snapshots={})
        book = evidence.record(draft.article, texts, collected=about.collected, feeds=about.feeds, drafted_by=about.drafted_by, left_out=about.left_out)
    elif before is not None:
        book = replace(before, claims=evidence.recheck(draft.article, before))
    else:
        raise ContentRefused(
            f"{draft.evidence_name}: is missing and the store does not have the sources' texts; run `briefing collect`, then `briefing check --write`"
        )
    return book, tuple(evidence.blocking(book.claims))


def _texts(project: Project, a: Article) -> Mapping[str, Snapshot] | None:
    """The texts of all listed sources by source id, or None where the store has not all of them."""
    if not project.store.exists():
        return None
    try:
        with Store.open(project.store) as store:
            held = store.snapshots([s.snapshot for s in a.sources if s.snapshot])
    except StorageError:
        return None
    out = {s.id: held[s.snapshot] for s in a.sources if s.snapshot in held}
    return out if all(s.snapshot in held for s in a.sources if s.snapshot) and out else None


def _soft(claims: Sequence[Claim]) -> list[tuple[Claim, Problem]]:
    return [(c, p) for c in claims for p in c.problems if not p.blocks]


def flip(data: bytes, name: str) -> bytes:
    """The bytes with `status: approved`; nothing else differs. Raises ContentRefused where the line cannot be found."""
    head = data.split(b"\n---", 1)[0] if data.startswith(b"---") else data
    if re.search(rb"^status:[ \t]*[\"']?approved[\"']?[ \t]*(?:#[^\r\n]*)?\r?$", head, re.MULTILINE):
        return data
    found = _STATUS.search(head)
    if not found:
        raise ContentRefused(f"{name}: has no line “status: needs-review” of its own; write one")
    return data[: found.start()] + found.group(1) + b"approved" + data[found.end() :]


def _facts(publication: Publication, a: Article, book: Ledger) -> tuple[tuple[str, str], ...]:
    eye = len({c.text for c, _ in _soft(book.claims)})
    return (
        ("title", a.title),
        ("dek", a.dek),
        ("edition", a.edition.isoformat()),
        ("author", a.author),
        ("words", f"{article.words(a)}, {article.minutes(a)} minute{'' if article.minutes(a) == 1 else 's'}"),
        ("evidence", f"{book.cited} of {book.made} claims shown in their source{f', {eye} need your eye' if eye else ''}"),
        ("sources", ", ".join(f"[{s.id}] {s.publisher}" for s in a.sources)),
    )


def links(a: Article) -> tuple[Link, ...]:
    """Every link of the text and of the source list with its true host."""
    found = [(inline.text(label), href) for _, md in article.inline_texts(a) for label, href in _labelled(inline.nodes(md))]
    found += [(s.title, s.url) for s in a.sources] + [(f"{s.title} (archived)", s.archived) for s in a.sources if s.archived]
    out = []
    for words, url in dict.fromkeys(found):
        host = _host(url)
        looks = re.search(r"\b((?:[\w-]+\.)+[a-z]{2,})\b", words.lower())
        misleading = bool(looks) and not (host == looks.group(1) or host.endswith("." + looks.group(1))) if looks else False
        out.append(Link(words=words, host=host, url=url, misleading=misleading))
    return tuple(out)


def _labelled(nodes: Sequence[inline.Node]) -> list[tuple[str, str]]:
    out = []
    for node in nodes:
        if node.kind == "link":
            out.append((_plain(node.children), node.href))
        out += _labelled(node.children)
    return out


def _plain(nodes: Sequence[inline.Node]) -> str:
    return inline.escape("".join(n.text if n.kind == "text" else _plain(n.children) for n in nodes if n.kind != "cite"))


def _host(url: str) -> str:
    host = urlsplit(url).hostname or ""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return visible(host)


def _changes(project: Project, records: Records, subject: str, name: str, data: bytes) -> tuple[str, ...]:
    """What differs from the newest approved version that can still be found, with the lines where it stands now."""
    approvals = sorted((f.record for f in records.of(subject) if f.record and f.record.decision == "approve"), key=lambda r: r.approved_at, reverse=True)
    for record in approvals:
        before = earlier.approved_bytes(project, record, name)
        if before is None:
            continue
        old, new = (b.decode("utf-8", "replace").split("\n") for b in (before, data))
        lines = [_HUNK.sub(r"line \1:", visible(line)) for line in difflib.unified_diff(old, new, lineterm="", n=1)][2:]  # less the names of two files
        more = (f"… {len(lines) - _MOST_DIFF} more lines",) if len(lines) > _MOST_DIFF else ()
        return (f"approved on {record.approved_at.date().isoformat()} (-), now (+)", *lines[:_MOST_DIFF], *more) if lines else ()
    return ()


# ----------------------------------------------------------------- editions


def look_edition(project: Project, publication: Publication, records: Records, day: date) -> Look:
    """Reads and checks one edition's file. Raises ContentRefused, or ApprovalRefused where one of its articles is not approved as it stands."""
    file = desk.read_edition(project, day)
    if not file.edition.articles:
        raise ContentRefused(f"{file.name}: articles: lists none; add the ids of this edition's articles")
    titles = [_approved_title(project, records, file, i) for i in file.edition.articles]
    data = flip(file.data, file.name)
    flipped = _flipped(project, file, data)
    verdict = desk.judge_edition(records, file) if file.edition.status == "approved" else Verdict(state="unapproved")
    raw = plainfile.read(file.path, file.name, most=article.LONGEST)
    return Look(
        subject=approval.edition_id(day),
        name=file.name,
        path=file.path,
        title=f"the edition of {day.isoformat()}",
        data=data,
        found=raw,
        written=flip(raw, file.name),
        parts=flipped,
        edition=day,
        verdict=verdict,
        facts=(
            ("edition", f"{day.isoformat()}, number {file.edition.number}"),
            ("subject", file.edition.subject),
            ("preheader", file.edition.preheader),
            *((f"article {n}", title) for n, title in enumerate(titles, 1)),
            ("deadlines", ", ".join(file.edition.deadlines) or "none"),
        ),
        changes=_changes(project, records, approval.edition_id(day), file.name, data),
    )


def _approved_title(project: Project, records: Records, file: EditionFile, article_id: str) -> str:
    try:
        draft = desk.read(project, desk.find(project, article_id))
    except UsageError as error:
        raise ContentRefused(f"{file.name}: articles: lists {visible(article_id)}, which is no article; correct the id or remove the line") from error
    if draft.article.id != article_id:
        raise ContentRefused(f"{file.name}: articles: lists {article_id}, which is no article ({draft.name} holds {draft.article.id}); correct the id")
    if draft.article.edition != file.edition.date:
        raise ContentRefused(f"{file.name}: articles: {article_id} belongs to the edition of {draft.article.edition.isoformat()}; remove the line")
    if draft.article.status != "approved":
        raise ApprovalRefused(f"{draft.name}: is not approved yet; run `briefing approve {article_id}`, or take it out of {file.name}")
    verdict = desk.judge(records, draft)
    if not verdict.ok:
        raise ApprovalRefused(f"{draft.name}: {verdict.why}; run `briefing approve {article_id}`, or take it out of {file.name}")
    return draft.article.title


def _flipped(project: Project, file: EditionFile, data: bytes) -> dict[str, str]:
    parsed = editions.parse(data, file.name)
    laws = deadlines.read(project.deadlines, project.name(project.deadlines))
    return {**approval.edition_parts(data, parsed, laws), **approval.edition_hints(parsed)}


# ------------------------------------------------------------------ approve


def approve(
    project: Project, records: Records, seen: Look, person: str, now: datetime, *, note: str = "", key: Path | None = None, reads_as: str = ""
) -> Approved:
    """Writes the approval of what was looked at. Raises ApprovalRefused where `person` may not, or where it was withdrawn in this very form."""
    if seen.verdict.ok and records.level > 0:
        return Approved(subject=seen.subject, title=seen.title, record=seen.verdict.record, files=(), already=True)
    record = make_record(records, seen, person, now, note=note, reads_as=reads_as)
    _require_same(seen)
    written: list[Path] = []
    if seen.evidence_path is not None:
        plainfile.write(seen.evidence_path, seen.evidence)
        written.append(seen.evidence_path)
    if records.level > 0:
        written += _file_record(project, records, seen, record, key)
    plainfile.write(seen.path, seen.written)
    written.insert(0, seen.path)
    return Approved(subject=seen.subject, title=seen.title, record=record if records.level else None, files=tuple(project.name(p) for p in written))


def _require_person(person: str) -> None:
    if not re.fullmatch(r"[^<>,#\x00-\x1f]{1,100} <[^@\s<>,]+@[^@\s<>,]+>", person):
        raise UsageError(f"--as {visible(person)[:80]!r} must be “Name <address>”")


def _require_same(seen: Look) -> None:
    """Raises ApprovalRefused where the file was saved anew while the editor was asked: what was looked at is not what stands there."""
    try:
        now = plainfile.read(seen.path, seen.name, most=max(article.LONGEST, _MOST_HOUSE) + 1)
    except FileNotFoundError:
        now = b""
    if now != seen.found:
        target = f"--edition {seen.edition.isoformat()}" if seen.subject.startswith("edition-") else seen.subject
        raise ApprovalRefused(f"{seen.name}: was changed while you were looking at it, and nothing was written; run `briefing approve {target}` again")


def make_record(records: Records, seen: Look, person: str, now: datetime, *, note: str = "", reads_as: str = "") -> Record:
    """The record that approves what was looked at. Raises ApprovalRefused as `approve` does, UsageError for a name that is none."""
    _require_person(person)
    if records.level > 0 and approval.editor(records.editors, person, now) is None:
        raise ApprovalRefused(f"{visible(person)} is not in EDITORS and cannot approve; ask an editor, or be added by one first")
    moment = now.astimezone(UTC).replace(microsecond=0)
    last = records.last(seen.subject) if records.level > 0 else None
    if last is not None and last >= moment:
        moment = last + timedelta(seconds=1)  # the newest approval counts: a clock that was ahead once must not keep this one from counting
    record = Record(
        version=approval.VERSION,
        article=seen.subject,
        edition=seen.edition,
        decision="approve",
        digest=approval.digest(seen.parts),
        parts=dict(seen.parts),
        reads_as=reads_as,
        approved_by=person,
        approved_at=moment,
        note=one_line(note),
    )
    back = [f for f in records.of(seen.subject) if f.withdrawal]
    if any(f.record is None or f.record.digest == record.digest for f in back):
        raise ApprovalRefused(f"{seen.name}: was withdrawn in exactly this form; change it, then approve it again")
    if any(f.record and f.record.approved_at >= moment for f in back):
        raise ApprovalRefused(f"{seen.name}: was withdrawn at a later moment than now; check the clock and approve again")
    return record


def _file_record(project: Project, records: Records, seen: Look, record: Record, key: Path | None) -> list[Path]:
    folder = project.approvals / seen.subject
    path = folder / approval.file_name(record)
    same = [f for f in records.of(seen.subject) if f.record and f.record.decision == "approve" and f.record.digest == record.digest]
    address = record.approved_by.rpartition("<")[2].casefold()
    mine = [f for f in same if f.record and f.record.approved_by.rpartition("<")[2].casefold() == address]
    own = max(mine, key=lambda f: f.moment, default=None)
    replaced = own is not None and any(f.moment > own.moment for f in records.of(seen.subject) if f.record and f.record.digest != record.digest)
    if replaced:
        own, path = None, folder / approval.file_name(record, again=True)
    elif own is not None:
        # The same bytes were approved by the same person before (the file went back to needs-review since): that record stands.
        path = project.root / own.name
    elif same:
        path = folder / approval.file_name(record, second=True)
    if own is None:
        if path.exists():
            raise ApprovalRefused(f"{project.name(path)}: stands there already and records are never overwritten; look at it, it may be damaged")
        plainfile.write(path, approval.write(record))
    earlier.keep(project, record, seen.data)
    if records.level == 3 and (own is None or own.signature is None):
        if key is None:
            raise ApprovalRefused(f"{project.name(path)}: is written but not signed; run this again with --key, or sign it with ssh-keygen -Y sign")
        return [path, signatures.sign(path, key)]
    return [path]


def lay_out(seen: Look, record: Record, folder: Path) -> None:
    """Puts what is about to be approved where the site's preview reads it: the record and, beside it, the file (and its evidence)."""
    kind = ".yaml" if seen.evidence_path is None else ".md"
    (folder / f"{seen.subject}{kind}").write_bytes(seen.data)
    (folder / f"{seen.subject}.txt").write_bytes(approval.write(record))
    if seen.evidence_path is not None:
        (folder / f"{seen.subject}.evidence.json").write_bytes(seen.evidence)


# ----------------------------------------------------------------- withdraw


def withdraw(project: Project, records: Records, target: str, person: str, now: datetime, *, note: str, key: Path | None = None) -> Approved:
    """Takes back an article or an edition (`edition-2026-11-24`): one withdrawal for its newest approval. Its file is left as it is.

    `key` signs it: it counts without, but at level 3 the site only says why where the withdrawal is signed.
    Raises UsageError where nothing was ever approved under this id, or for a name that is none.
    """
    _require_person(person)
    subject = target if records.of(target) else Path(target).stem
    approvals = [f.record for f in records.of(subject) if f.record and f.record.decision == "approve"]
    if not approvals:
        raise UsageError(f"{visible(target)}: nothing is on record under this id, so there is nothing to withdraw; set its status to needs-review")
    newest = max(approvals, key=lambda r: r.approved_at)
    moment = max(now.astimezone(UTC).replace(microsecond=0), newest.approved_at)
    record = replace(newest, decision="withdraw", approved_by=person, approved_at=moment, note=one_line(note))
    path = project.approvals / subject / approval.file_name(record)
    if path.exists():
        return Approved(subject=subject, title=subject, record=record, files=(), already=True)
    plainfile.write(path, approval.write(record))
    files = (path, signatures.sign(path, key)) if key is not None and records.level == 3 else (path,)
    return Approved(subject=subject, title=subject, record=record, files=tuple(project.name(p) for p in files))
