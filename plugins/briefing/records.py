"""The records below `approvals/` and who vouches for them: the one place where a level is applied.

`Records.judge` is what the build, `approve` and `status` ask. The levels:

    0 flag        the word in the file is enough; only withdrawals are read
    1 digest      a record over exactly these bytes, by someone in EDITORS
    2 author      and the record was committed by that editor, the whole history is here, and no record was ever changed
    3 signature   and the record carries that editor's SSH signature

`BRIEFING_EDITORS` and `BRIEFING_SIGNERS` may name lists outside the project: what a branch says about itself does not count then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from . import approval, plainfile, signatures
from .approval import Editor, Filed, Verdict
from .config import Publication
from .errors import ApprovalRefused, BriefingError, ContentRefused
from .gitrepo import GitRepo, History, blob_id
from .model import Record
from .project import Project
from .signatures import Signer

EDITORS = "BRIEFING_EDITORS"
SIGNERS = "BRIEFING_SIGNERS"
_LIST_LIMIT = 256 * 1024


@dataclass(frozen=True)
class Records:
    """Every record of a project, read once, and the judge over them."""

    project: Project
    level: int
    editors_needed: int
    environ: Mapping[str, str]
    filed: Mapping[str, tuple[Filed, ...]] = field(default_factory=dict)  # folder below approvals/ → its files

    @classmethod
    def open(cls, project: Project, publication: Publication, environ: Mapping[str, str]) -> Records:
        """Reads `approvals/`. A record that cannot be read is kept with its fault: it approves nothing, and as a withdrawal it still counts."""
        filed: dict[str, list[Filed]] = {}
        publication = publication.raised(environ)
        level = publication.approval_level
        for entry in plainfile.walk(project.approvals, below=f"{project.name(project.approvals)}/"):
            _, _, inside = entry.name.partition("/")
            subject, _, name = inside.partition("/")
            if name.endswith(".txt") and "/" not in name:
                filed.setdefault(subject, []).append(_read(entry.path, entry.name, signed=level == 3))
        return cls(project, level, publication.approvers, environ, {k: tuple(v) for k, v in filed.items()})

    def of(self, subject: str) -> tuple[Filed, ...]:
        """The record files of an article or edition."""
        return self.filed.get(subject, ())

    @property
    def newest(self) -> datetime | None:
        """The moment of the newest record that somebody vouches for, or None: a stranger's record from the future is no clock."""
        everything = sorted((f for files in self.filed.values() for f in files if f.record), key=lambda f: f.moment, reverse=True)
        return next((f.moment for f in everything if self.level == 0 or not self.proof(f)), None)

    def judge(self, subject: str, parts: Mapping[str, str]) -> Verdict:
        """May the bytes with these parts go out under this id, at the level in force?"""
        filed = self.of(subject)
        if self.level == 0:
            wanted = approval.digest(parts)
            taken_back = [f for f in filed if f.withdrawal and (f.record is None or f.record.digest == wanted)]
            return approval.decide(subject, parts, taken_back, lambda f: "") if taken_back else Verdict(state="approved")
        verdict = approval.decide(subject, parts, filed, self.proof, editors_needed=self.editors_needed)
        lost = self._lost(subject) if self.level == 2 and verdict.ok else ""
        return Verdict(state="unproven", record=verdict.record, why=lost) if lost else verdict

    def last(self, subject: str) -> datetime | None:
        """The moment of the newest approval of any form of this that somebody vouches for, or None."""
        return max((f.moment for f in self.of(subject) if f.record and f.record.decision == "approve" and not self.proof(f)), default=None)

    def told(self, subject: str, withdrawal: Record) -> Record | None:
        """What the site may say of a withdrawal: the record, without its note where nobody vouches for that, or None where this was never published.

        Taking back needs no proof; putting words on the corrections page does.
        """
        if self.level == 0:
            return withdrawal
        same = [f for f in self.of(subject) if f.record and f.record.digest == withdrawal.digest]
        people = {f.record.approved_by.rpartition("<")[2].casefold() for f in same if f.record and f.record.decision == "approve" and not self.proof(f)}
        if len(people) < self.editors_needed:
            return None
        vouched = any(f.record == withdrawal and not self.proof(f) for f in same)
        return withdrawal if vouched else replace(withdrawal, note="")

    def proof(self, filed: Filed) -> str:
        """Empty where the record is vouched for at this level, else why not and the way back."""
        assert filed.record is not None
        try:
            self._listed(filed)
            if self.level == 2:
                self._committed(filed)
            elif self.level == 3:
                self._signed(filed)
        except BriefingError as error:
            return str(error)
        return ""

    # ------------------------------------------------------------- level 1

    def _listed(self, filed: Filed) -> None:
        record = filed.record
        assert record is not None
        # At level 2 the list counts as it was when the record was committed: see _committed.
        people = self.editors
        if self.level == 2 and EDITORS not in self.environ:
            return
        if approval.editor(people, record.approved_by, record.approved_at) is None:
            raise ApprovalRefused(f"{filed.name}: {record.approved_by} is not in EDITORS; an editor who is must run `briefing approve`")

    @cached_property
    def editors(self) -> tuple[Editor, ...]:
        """Who may approve. Raises ApprovalRefused where the list is missing, ContentRefused where it cannot be read."""
        data, name = self._list(EDITORS, self.project.editors)
        if data is None:
            raise ApprovalRefused(f"{name} is missing, so nobody may approve; add it with one line “Name <address>” for each editor")
        return approval.editors(data, name)

    def _list(self, variable: str, path: Path) -> tuple[bytes | None, str]:
        outside = self._outside(variable)
        path, name = (outside, f"{variable} ({outside.name})") if outside else (path, self.project.name(path))
        try:
            return plainfile.read(path, name, most=_LIST_LIMIT), name
        except FileNotFoundError:
            return None, name

    def _outside(self, variable: str) -> Path | None:
        """The file that a variable names, None where it is not set. Raises ApprovalRefused for an empty one: a list was meant, and got lost."""
        if variable not in self.environ:
            return None
        if not self.environ[variable].strip():
            raise ApprovalRefused(f"{variable} is set and empty, so no list counts; give it the path of the list, or take the variable out")
        return self.project.root / self.environ[variable]

    # ------------------------------------------------------------- level 2

    @cached_property
    def history(self) -> History:
        """Who committed which record. Raises GitUnavailable where history is not whole."""
        repo = GitRepo.open(self.project.root)
        return repo.history(self.project.name(self.project.approvals), self.project.name(self.project.editors))

    def _committed(self, filed: Filed) -> None:
        record = filed.record
        assert record is not None
        added = self.history.added.get(filed.name, ())
        address = record.approved_by.rpartition("<")[2].rstrip(">")
        if not added:
            raise ApprovalRefused(f"{filed.name}: is not committed, or its commit is not part of this history; {record.approved_by} must commit it")
        same = [a for a in added if a.blob == blob_id(filed.data, a.blob)]
        if len(same) != len(added):
            raise ApprovalRefused(f"{filed.name}: was changed after it was committed, and records are append-only; approve again under a new version")
        own = [a for a in same if a.author.casefold() == address.casefold()]
        if not own:
            raise ApprovalRefused(
                f"{filed.name}: names {record.approved_by} but was committed by {same[0].name} <{same[0].author}> in {same[0].commit[:10]} "
                "(a squash, rebase by another, or web merge does this); that editor must approve again, commit, and merge without squashing"
            )
        if EDITORS not in self.environ and not any(approval.editor(a.people, record.approved_by, record.approved_at) for a in own):
            extra = f"; {self.history.ignored[0]}" if self.history.ignored else ""
            raise ApprovalRefused(
                f"{filed.name}: {record.approved_by} was not in EDITORS before commit {own[0].commit[:10]}{extra}; an editor who was must approve"
            )

    def _lost(self, subject: str) -> str:
        """A record of this subject that history has and the folder has not: records are append-only, above all withdrawals."""
        prefix = f"{self.project.name(self.project.approvals)}/{subject}/"
        here = {f.name: f for f in self.of(subject)}
        for path, added in sorted(self.history.added.items()):
            if not (path.startswith(prefix) and path.endswith(".txt")):
                continue
            found = here.get(path)
            if found is None:
                return f"{path} was taken out after commit {added[0].commit[:10]}, and records are append-only; restore it with git, withdraw instead"
            if any(a.blob != blob_id(found.data, a.blob) for a in added):
                return f"{path} was changed after commit {added[0].commit[:10]}, and records are append-only; restore it with git"
        return ""

    # ------------------------------------------------------------- level 3

    @cached_property
    def signers(self) -> tuple[Signer, ...]:
        """Whose keys count. Raises ApprovalRefused where the list is missing, ContentRefused where it cannot be read."""
        data, name = self._list(SIGNERS, self.project.root / "allowed_signers")
        if data is None:
            raise ApprovalRefused(f"{name} is missing, so no signature can be checked; add the editors' public keys")
        return signatures.signers(data, name)

    @cached_property
    def revoked(self) -> frozenset[str]:
        """Keys that never count: `revoked_keys` of the project, and the one beside the list from outside. Raises ContentRefused."""
        outside = self._outside(SIGNERS)
        folders = {self.project.root, *([outside.parent] if outside else [])}
        out: frozenset[str] = frozenset()
        for folder in folders:
            try:
                out |= signatures.revoked_keys(plainfile.read(folder / "revoked_keys", "revoked_keys", most=_LIST_LIMIT))
            except FileNotFoundError:
                continue
        return out

    def _signed(self, filed: Filed) -> None:
        record = filed.record
        assert record is not None
        allowed = self.signers
        if filed.signature is None:
            raise ApprovalRefused(f"{filed.name}: has no signature beside it ({Path(filed.name).name}.sig); approve with --key, or sign it")
        address = record.approved_by.rpartition("<")[2].rstrip(">")
        try:
            signatures.verify(filed.data, filed.signature, address, record.approved_at, allowed, self.revoked)
        except ApprovalRefused as error:
            raise ApprovalRefused(f"{filed.name}: {error}") from error


def _read(path: Path, name: str, *, signed: bool) -> Filed:
    withdrawal = name.endswith(".withdrawn.txt")
    data = b""
    try:
        data = approval.normal(plainfile.read(path, name, most=approval.LONGEST))
        record = approval.read(data, name)
        _fits(record_name=path.name, folder=path.parent.name, record=record, name=name)
    except (ContentRefused, FileNotFoundError) as error:
        # Taking back must never fail: what says that it withdraws does, whatever else is wrong with it.
        return Filed(name=name, record=None, fault=str(error), withdrawal=withdrawal or b"\ndecision: withdraw\n" in data)
    signature = _signature(path, name) if signed else None
    return Filed(name=name, record=record, data=data, signature=signature, withdrawal=record.decision == "withdraw")


def _signature(path: Path, name: str) -> bytes | None:
    try:
        return plainfile.read(path.with_name(path.name + ".sig"), name + ".sig", most=signatures.LONGEST)
    except (ContentRefused, FileNotFoundError):
        return None


def _fits(*, record_name: str, folder: str, record: Record, name: str) -> None:
    names = {approval.file_name(record)}
    if record.decision == "approve":
        names |= {approval.file_name(record, second=True), approval.file_name(record, again=True)}
    if record_name not in names:
        raise ContentRefused(f"{name}: should be called {approval.file_name(record)}; a record is named after its digest and decision")
    if folder != record.article:
        raise ContentRefused(f"{name}: is a record of {record.article}, not of {folder}; it approves nothing here")
