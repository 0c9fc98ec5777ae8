"""Approvals as values: what a record covers, how its file reads, and whether it lets these bytes out. Nothing here touches a disk.

A digest is SHA-256 over a labelled list of *parts*: `id`, `edition`, `article` (the file's bytes), `evidence`, `sources` for an article; `id`,
`edition`, `file` and one `deadline …` each for an edition. Records also carry *hints*: labels that begin with `field `, short hashes of
the title, the lead and so on. Hints only serve messages ("the dek was changed"); they are not part of the digest, so that a
later version of this program may hint better without undoing an approval.

Line ends are no change: CRLF and LF are the same bytes to every part.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from .errors import ContentRefused, visible
from .model import Article, Cited, Deadline, Decision, Edition, Record

VERSION = 1
LONGEST = 64 * 1024
HINT = "field "
DEADLINES = "deadlines"  # the id under which the records of content/deadlines.yaml stand
LEVELS = {0: "flag", 1: "digest", 2: "author", 3: "signature"}

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_LABEL = re.compile(r"[a-z][a-z0-9 .-]{0,100}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NAMED = re.compile(r"[^<>\x00-\x1f]{1,100} <[^@\s<>,]+@[^@\s<>,]+>")
_PART = re.compile(r"part ([a-z][a-z0-9 .-]{0,100}): ([0-9a-f]{16}(?:[0-9a-f]{48})?)\n")
_RECORD = re.compile(
    r"version: (?P<version>\S+)\narticle: (?P<article>\S+)\nedition: (?P<edition>\S+)\ndecision: (?P<decision>\S+)\ndigest: (?P<digest>\S+)\n"
    r"(?:reads-as: (?P<reads_as>\S+)\n)?approved-by: (?P<approved_by>\S(?:[^\n]*\S)?)\napproved-at: (?P<approved_at>\S+)\n"
    r"(?:note: (?P<note>\S(?:[^\n]*\S)?)\n)?"
    rf"(?P<parts>(?:{_PART.pattern})*)"
)
_ORDER = ("version", "article", "edition", "decision", "digest", "reads-as", "approved-by", "approved-at", "note")
_REQUIRED = frozenset(_ORDER) - {"reads-as", "note"}


# -------------------------------------------------------------------- parts


def normal(data: bytes) -> bytes:
    """The bytes with LF line ends: what git stores, whatever the checkout made of it."""
    return data.replace(b"\r\n", b"\n") if b"\r\n" in data else data


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sha_of(value: Any) -> str:
    return _sha(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8"))


def parts(article_bytes: bytes, ledger_bytes: bytes, article: Article) -> dict[str, str]:
    """What an approval of this article covers: label → SHA-256 in hex."""
    return {
        "id": _sha(article.id.encode()),
        "edition": _sha(article.edition.isoformat().encode()),
        "article": _sha(normal(article_bytes)),
        "evidence": _sha(normal(ledger_bytes)),
        "sources": _sha_of([_source(s) for s in article.sources]),
    }


def _source(s: Cited) -> list[str]:
    # Named one by one: a field that the model gains later must not undo an approval.
    return [s.id, s.title, s.publisher, s.url, s.kind, str(s.published or ""), str(s.read or ""), s.snapshot, s.archived]


def hints(article: Article) -> dict[str, str]:
    """Short hashes of what people call by name, for messages about a change: `field title`, `field lead`, `field section 2` …"""
    named: dict[str, Any] = {
        key: getattr(article, key) for key in ("status", "kicker", "title", "dek", "author", "topics", "jurisdictions", "updated", "limits")
    }
    named["short"] = asdict(article.short)
    named["corrections"] = [asdict(c) for c in article.corrections]
    named |= {f"source {s.id}": _source(s) for s in article.sources}
    named["lead"] = _words(article.lead)
    named |= {f"section {n}": [s.question, _words(s.blocks)] for n, s in enumerate(article.sections, 1)}
    named["meaning"] = _words(article.meaning)
    named["next step"] = _words(article.next_step)
    named["questions"] = _words(article.faq)
    return {HINT + label: _sha_of(value)[:16] for label, value in named.items()}


def _words(value: Any) -> Any:
    """The value without line numbers: a part that only moved down has not changed."""
    if isinstance(value, tuple | list):
        return [_words(v) for v in value]
    if hasattr(value, "__dataclass_fields__"):
        return {k: _words(getattr(value, k)) for k in value.__dataclass_fields__ if k != "line"}
    return value


def edition_parts(data: bytes, edition: Edition, deadlines: Sequence[Deadline]) -> dict[str, str]:
    """What an approval of an edition covers: its file, and each deadline it shows as that stands in `content/deadlines.yaml`."""
    by_id = {d.id: d for d in deadlines}
    out = {
        "id": _sha(edition_id(edition.date).encode()),
        "edition": _sha(edition.date.isoformat().encode()),
        "file": _sha(normal(data)),
    }
    for name in edition.deadlines:
        d = by_id.get(name)
        # Named one by one for the same reason as a source's fields.
        out[f"deadline {name}"] = _sha_of(
            [d.id, d.instrument, d.jurisdiction, d.citation, d.event, str(d.date), d.status, d.url, str(d.verified or ""), d.verified_by] if d else []
        )
    return out


def house_parts(subject: str, data: bytes) -> dict[str, str]:
    """What an approval of a page of the house, or of the deadlines, covers: its file."""
    return {"id": _sha(subject.encode()), "file": _sha(normal(data))}


def reserved(article_id: str) -> bool:
    """Whether records of something else stand under this id, so that no article may have it."""
    return article_id == DEADLINES or article_id.startswith(("edition-", "page-"))


def edition_hints(edition: Edition) -> dict[str, str]:
    """Short hashes of an edition's fields, for messages."""
    named = {key: getattr(edition, key) for key in ("number", "status", "subject", "preheader", "articles", "deadlines")}
    named["items not used"] = [asdict(u) for u in edition.unused]
    return {HINT + label: _sha_of(value)[:16] for label, value in named.items()}


def digest(parts: Mapping[str, str]) -> str:
    """`sha256:…` over the labelled list of parts; hints do not count."""
    lines = [f"{label} {value}\n" for label, value in sorted(parts.items()) if not label.startswith(HINT)]
    return "sha256:" + _sha(f"briefing approval {VERSION}\n{''.join(lines)}".encode())


def edition_id(day: date) -> str:
    """The id under which an edition's records stand."""
    return f"edition-{day.isoformat()}"


# ------------------------------------------------------------------ records


def write(record: Record) -> bytes:
    """The record's one file form: strict `key: value` lines, UTF-8, LF."""
    out = [
        f"version: {record.version}",
        f"article: {record.article}",
        f"edition: {record.edition.isoformat()}",
        f"decision: {record.decision}",
        f"digest: {record.digest}",
        *([f"reads-as: {record.reads_as}"] if record.reads_as else []),
        f"approved-by: {record.approved_by}",
        f"approved-at: {record.approved_at.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}",
        *([f"note: {' '.join(visible(record.note).split())}"] if record.note else []),
        *(f"part {label}: {value}" for label, value in sorted(record.parts.items())),
    ]
    return ("\n".join(out) + "\n").encode("utf-8")


def read(data: bytes, name: str = "record") -> Record:
    """The record these bytes say. Raises ContentRefused: file, line, what is wrong. Only the form that `write` gives is read."""
    if len(data) > LONGEST:
        raise ContentRefused(f"{name}:1: is {len(data):,} bytes; a record has at most {LONGEST:,}")
    data = normal(data)
    values, hashes = _whole(data) or _lines(data, name)
    missing = sorted(_REQUIRED - set(values))
    if missing:
        raise ContentRefused(f"{name}:1: has no line “{missing[0]}: …”; write records with `briefing approve`")
    _check_form(values, name)
    try:
        record = Record(
            version=int(values["version"]),
            article=values["article"],
            edition=date.fromisoformat(values["edition"]),
            decision=_decision(values["decision"]),
            digest=values["digest"],
            parts=hashes,
            reads_as=values.get("reads-as", ""),
            approved_by=values["approved-by"],
            approved_at=datetime.strptime(values["approved-at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
            note=values.get("note", ""),
        )
    except ValueError as error:
        raise ContentRefused(f"{name}: {error}; write records with `briefing approve`") from error
    if write(record) != data:
        raise ContentRefused(f"{name}:1: is not in the form in which records are written; write records with `briefing approve`")
    if digest(record.parts) != record.digest:
        raise ContentRefused(f"{name}: its digest is not that of its own parts; write records with `briefing approve`")
    return record


def _whole(data: bytes) -> tuple[dict[str, str], dict[str, str]] | None:
    """A record in the form that `write` gives, read at once; None where `_lines` has to look for what is wrong."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    match = _RECORD.fullmatch(text)
    if not match or not text.replace("\n", "").isprintable():
        return None
    hashes = dict(_PART.findall(match.group("parts")))
    values = {key: match.group(key.replace("-", "_")) for key in _ORDER}
    return {key: value for key, value in values.items() if value}, hashes


def _lines(data: bytes, name: str) -> tuple[dict[str, str], dict[str, str]]:
    values: dict[str, str] = {}
    hashes: dict[str, str] = {}
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContentRefused(f"{name}:1: is not UTF-8 text") from error
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        key, colon, value = line.partition(": ")
        if not colon or not value.strip() or value != value.strip() or visible(line) != line:
            raise ContentRefused(f"{name}:{number}: is not “key: value”, found {visible(line)[:60]!r}")
        where = hashes if key.startswith("part ") else values
        key = key.removeprefix("part ")
        if key in where:
            raise ContentRefused(f"{name}:{number}: has {key!r} a second time")
        if where is values and key not in _ORDER:
            raise ContentRefused(f"{name}:{number}: {key!r} is no key of a record; known are {', '.join(_ORDER)} and part")
        if where is hashes and not (_LABEL.fullmatch(key) and re.fullmatch(r"[0-9a-f]{16}([0-9a-f]{48})?", value)):
            raise ContentRefused(f"{name}:{number}: is no part; write “part label: hash”")
        where[key] = value
    return values, hashes


def _check_form(values: Mapping[str, str], name: str) -> None:
    forms = (
        ("version", re.compile(re.escape(str(VERSION))), f"must be {VERSION}"),
        ("article", _ID, "must be an article's id"),
        ("edition", re.compile(r"\d{4}-\d\d-\d\d"), "must be a day such as 2026-11-24"),
        ("digest", _HASH, "must be sha256: and 64 hex digits"),
        ("reads-as", _HASH, "must be sha256: and 64 hex digits"),
        ("approved-by", _NAMED, "must be Name <address>"),
        ("approved-at", _MOMENT, "must be a time such as 2026-11-23T15:12:00Z"),
    )
    for key, pattern, rule in forms:
        if key in values and not pattern.fullmatch(values[key]):
            raise ContentRefused(f"{name}: {key}: {rule}, found {visible(values[key])[:60]!r}")


def _decision(text: str) -> Decision:
    if text == "approve":
        return "approve"
    if text == "withdraw":
        return "withdraw"
    raise ValueError(f"decision: must be approve or withdraw, found {visible(text)[:40]!r}")


def file_name(record: Record, *, second: bool = False, again: bool = False) -> str:
    """The record's file name below `approvals/<id>/`.

    `second`: the record of a second editor for the same bytes. `again`: bytes that were approved before and had been replaced since.
    """
    if again:
        return f"{record.digest.removeprefix('sha256:')[:16]}.{record.approved_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.txt"
    kind = ".withdrawn" if record.decision == "withdraw" else ".second" if second else ""
    return f"{record.digest.removeprefix('sha256:')[:16]}{kind}.txt"


# ------------------------------------------------------------------ editors


@dataclass(frozen=True, kw_only=True, slots=True)
class Editor:
    """One line of `EDITORS`."""

    name: str
    address: str
    until: date | None = None  # what this editor approves from this day (UTC) on does not count

    @property
    def person(self) -> str:
        """`Name <address>`, as records name them."""
        return f"{self.name} <{self.address}>"


def editors(data: bytes, name: str = "EDITORS") -> tuple[Editor, ...]:
    """Who may approve: one `Name <address>` a line, `until 2026-12-31` after it for someone who left. `#` begins a comment line.

    Raises ContentRefused: file, line, what is allowed.
    """
    out: list[Editor] = []
    try:
        text = normal(data).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContentRefused(f"{name}:1: is not UTF-8 text; save it as UTF-8") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = re.fullmatch(r"([^<>,#]{1,99}\S) <([^@\s<>,]+@[^@\s<>,]+)>(?: until (\d{4}-\d\d-\d\d))?", line.rstrip())
        if not match or visible(line) != line:
            raise ContentRefused(f"{name}:{number}: must be “Name <address>”, found {visible(line)[:60]!r}")
        if any(e.address.casefold() == match.group(2).casefold() for e in out):
            raise ContentRefused(f"{name}:{number}: {match.group(2)} stands here twice; keep one line")
        try:
            until = date.fromisoformat(match.group(3)) if match.group(3) else None
        except ValueError as error:
            raise ContentRefused(f"{name}:{number}: {match.group(3)} is no day") from error
        out.append(Editor(name=match.group(1), address=match.group(2), until=until))
    return tuple(out)


def editor(people: Sequence[Editor], person: str, at: datetime) -> Editor | None:
    """The listed editor that `person` (`Name <address>`) names and who may approve at that moment, or None."""
    for e in people:
        if e.name == person.rpartition(" <")[0] and e.address.casefold() == person.rpartition(" <")[2].rstrip(">").casefold():
            return e if e.until is None or at.astimezone(UTC).date() < e.until else None
    return None


# ------------------------------------------------------------------- decide


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """A record file as it was found below `approvals/`."""

    name: str  # relative to the project
    record: Record | None  # None: it cannot be read
    fault: str = ""  # why not
    data: bytes = b""
    signature: bytes | None = None  # the file beside it that ends with .sig
    withdrawal: bool = False  # by its name, also where it cannot be read

    @property
    def moment(self) -> datetime:
        """When it was approved or withdrawn; the beginning of time where it cannot be read."""
        return self.record.approved_at if self.record else datetime.min.replace(tzinfo=UTC)


#: Whether a record is vouched for at the level in force: an empty text, or the reason why not and the way back.
Proof = Callable[[Filed], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether these bytes may go out. `state` says in one word what to tell the editor."""

    state: Literal["approved", "unapproved", "changed", "withdrawn", "unproven", "unreadable"]
    record: Record | None = None  # the approval that counts, or the one the bytes differ from
    second: Record | None = None
    changed: tuple[str, ...] = ()  # labels of the parts that differ from that record, hints included
    why: str = ""  # for the editor: what was found and the way back; empty when approved

    @property
    def ok(self) -> bool:
        """True: publish."""
        return self.state == "approved"


def decide(subject: str, now_parts: Mapping[str, str], filed: Sequence[Filed], proof: Proof, *, editors_needed: int = 1) -> Verdict:
    """May the bytes with these parts be published under this id? Pure: `filed` are the files found, `proof` judges one record.

    A withdrawal is final for its digest, an approval of another form takes the place of every earlier one, and no approval that is not
    later than the newest withdrawal counts. A withdrawal needs no proof, and one that cannot be read counts: taking back must never fail.
    """
    wanted = digest(now_parts)
    stopped = _stopped(wanted, filed)
    if stopped:
        return stopped
    last = max((f.moment for f in filed if f.withdrawal), default=None)
    approvals = [f for f in filed if f.record and not f.withdrawal and f.record.decision == "approve"]
    fitting = [f for f in approvals if f.record and f.record.digest == wanted and f.record.article == subject]
    fresh = [f for f in fitting if last is None or f.moment > last]
    if fitting and not fresh:
        newest = max((f for f in filed if f.withdrawal), key=lambda f: f.moment)
        return Verdict(state="withdrawn", record=newest.record, why="was withdrawn; change it and approve it again with `briefing approve`")
    good, reasons = _proven(fresh, proof)
    if len(good) >= editors_needed:
        newer = _newer(wanted, max(f.moment for f in good), [f for f in approvals if f.record and f.record.article == subject], proof, editors_needed)
        if newer:
            why = f"is an older form than the one {_name(newer)} approved on {_day(newer)}"
            return Verdict(state="changed", record=newer, changed=changed(now_parts, newer.parts), why=why)
        return Verdict(state="approved", record=good[0].record, second=good[1].record if len(good) > 1 else None)
    if reasons:
        return Verdict(state="unproven", record=fresh[0].record, why=reasons[0])
    if good:
        return Verdict(state="unproven", record=good[0].record, why="needs the approval of a second editor; ask one to run `briefing approve`")
    unreadable = next((f for f in filed if f.record is None), None)
    if not approvals and unreadable:
        return Verdict(state="unreadable", why=f"its record cannot be read ({unreadable.fault})")
    return _no_record(subject, now_parts, approvals)


def _stopped(wanted: str, filed: Sequence[Filed]) -> Verdict | None:
    for f in filed:
        if not f.withdrawal:
            continue
        if f.record is None:
            return Verdict(state="withdrawn", why=f"has a withdrawal that cannot be read ({f.fault}); restore that file from git")
        if f.record.digest == wanted:
            note = f" ({f.record.note})" if f.record.note else ""
            return Verdict(
                state="withdrawn",
                record=f.record,
                why=f"was withdrawn by {_name(f.record)} on {_day(f.record)}{note}; change it and approve it again with `briefing approve`",
            )
    return None


def _proven(filed: Sequence[Filed], proof: Proof) -> tuple[list[Filed], list[str]]:
    """Each person's newest record that counts, the oldest of those first, and why others do not count."""
    good: dict[str, Filed] = {}
    reasons: list[str] = []
    for f in sorted(filed, key=lambda f: (f.moment, f.name.endswith(".second.txt"), f.name)):
        why = proof(f)
        if why:
            reasons.append(why)
        elif f.record:
            person = f.record.approved_by.rpartition("<")[2].casefold()
            good.pop(person, None)
            good[person] = f
    return list(good.values()), reasons


def _newer(wanted: str, than: datetime, approvals: Sequence[Filed], proof: Proof, editors_needed: int) -> Record | None:
    """The newest approval of another form that counts and is later: it took this form's place, so a correction cannot be undone by going back."""
    later = sorted((f for f in approvals if f.record and f.record.digest != wanted and f.moment > than), key=lambda f: f.moment, reverse=True)
    for f in later:
        assert f.record is not None
        digest_ = f.record.digest
        if len(_proven([g for g in approvals if g.record and g.record.digest == digest_], proof)[0]) >= editors_needed:
            return f.record
    return None


def _no_record(subject: str, now_parts: Mapping[str, str], approvals: Sequence[Filed]) -> Verdict:
    own = [f for f in approvals if f.record and f.record.article == subject]
    if not own:
        foreign = next((f.record for f in approvals if f.record), None)
        why = f"its record is for {foreign.article}" if foreign else "has status approved but no approval is on record"
        return Verdict(state="unapproved", why=f"{why}; run `briefing approve {subject}`, or set its status to needs-review")
    newest = max(own, key=lambda f: (f.moment, f.name)).record
    assert newest is not None
    labels = changed(now_parts, newest.parts)
    return Verdict(state="changed", record=newest, changed=labels, why=f"was changed since {_name(newest)} approved it on {_day(newest)}")


def changed(now_parts: Mapping[str, str], then: Mapping[str, str]) -> tuple[str, ...]:
    """Labels that differ between two sets of parts and hints, in a steady order."""
    return tuple(label for label in sorted(now_parts.keys() | then.keys()) if now_parts.get(label) != then.get(label))


def _name(record: Record) -> str:
    return record.approved_by.partition(" <")[0]


def _day(record: Record) -> str:
    return record.approved_at.date().isoformat()


# ---------------------------------------------------------------- first difference


def first_difference(then: bytes, now: bytes) -> tuple[int, str]:
    """Line number (of the new bytes, from 1) and a description of the first line that differs; (0, "") where none does."""
    old = normal(then).decode("utf-8", "replace").split("\n")
    new = normal(now).decode("utf-8", "replace").split("\n")
    for number, (a, b) in enumerate(zip(old, new, strict=False), 1):
        if a != b:
            return number, f"line {number} was {_shown(a, b)}, is {_shown(b, a)}"
    if len(old) == len(new):
        return 0, ""
    number = min(len(old), len(new)) + 1
    return number, f"from line {number} on, {abs(len(new) - len(old))} lines were {'added' if len(new) > len(old) else 'taken away'}"


def _shown(line: str, other: str) -> str:
    """The line, cut to what surrounds its first difference from the other."""
    at = next((i for i, (a, b) in enumerate(zip(line, other, strict=False)) if a != b), min(len(line), len(other)))
    start = max(0, at - 24)
    end = at + 36
    return f"“{'…' if start else ''}{visible(line[start:end])}{'…' if end < len(line) else ''}”"
