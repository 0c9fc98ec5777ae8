"""The only module that runs git: who committed which record, what an article said before, who is at work here.

Git is asked, never trusted to run anything: hooks, pagers, replace refs, grafts and lazy fetching are off. What history says
counts only where a level asks for it, and never in a clone that lacks a part of it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .approval import Editor, editors, normal
from .errors import ApprovalRefused, BriefingError

_OFF = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.quotePath=false",
    "-c",
    "safe.bareRepository=explicit",  # a folder of the project that looks like a repository is none
    "-c",
    "log.showSignature=false",
    "-c",
    "log.showRoot=true",
)
_TIME_LIMIT_S = 120
_COMMIT = "\x02"
_FIELD = "\x1f"


class GitUnavailable(BriefingError):
    """History cannot be read here: no git, no repository, or not the whole of it. Says which and what to do."""

    code = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """One commit that brought a file into history."""

    commit: str
    author: str  # address
    name: str
    blob: str
    people: tuple[Editor, ...]  # the list of editors as it counted before this commit


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What became of every record, and of `EDITORS`, up to the commit that is checked out."""

    added: dict[str, tuple[Added, ...]] = field(default_factory=dict)  # path → every commit that added or changed it, oldest first
    ignored: tuple[str, ...] = ()  # changes of EDITORS by people who were no editors, in words


@dataclass(frozen=True, slots=True)
class GitRepo:
    """A project's repository. Paths are relative to the project, which may be a folder of a larger repository."""

    root: Path

    @classmethod
    def open(cls, root: Path) -> GitRepo:
        """The repository around `root`. Raises GitUnavailable where git or the repository is missing."""
        if not shutil.which("git"):
            raise GitUnavailable("git is not installed, so history cannot be read; install git")
        repo = cls(root)
        if repo._try("rev-parse", "--is-inside-work-tree").strip() != "true":
            raise GitUnavailable("this folder is no git repository, so it has no history; build from a clone (fetch-depth: 0)")
        return repo

    def require_whole(self) -> None:
        """Raises GitUnavailable unless every commit that led here is present and unreplaced."""
        if self._try("rev-parse", "--is-shallow-repository").strip() != "false":
            raise GitUnavailable("this clone lacks history; it needs full history (fetch-depth: 0, or git fetch --unshallow)")
        if not self._try("rev-parse", "--verify", "--quiet", "HEAD"):
            raise GitUnavailable("this repository has no commit yet; commit the approval first")
        grafts = Path(self._try("rev-parse", "--git-path", "info/grafts").strip() or "info/grafts")
        if (self.root / grafts).exists():
            raise GitUnavailable("this clone's history is altered by .git/info/grafts; build from a fresh clone")

    def identity(self) -> str:
        """`Name <address>` of whoever commits here, or an empty text."""
        name, address = self._try("config", "user.name").strip(), self._try("config", "user.email").strip()
        name = os.environ.get("GIT_AUTHOR_NAME", name)
        address = os.environ.get("GIT_AUTHOR_EMAIL", address)
        return f"{name} <{address}>" if name and address else ""

    def commit(self) -> str:
        """The commit that is checked out, 40 or 64 hex digits, or an empty text."""
        return self._try("rev-parse", "--verify", "--quiet", "HEAD").strip()

    def at(self, revision: str, path: str) -> bytes | None:
        """A file's bytes in a revision, or None where it is not there."""
        try:
            return self._bytes("cat-file", "blob", f"{revision}:./{path}")
        except ApprovalRefused:
            return None

    def versions(self, path: str, *, most: int = 100) -> Iterator[bytes]:
        """Earlier contents of a file, newest first, at most `most`."""
        seen: set[str] = set()
        for change in self._log(["--max-count", str(most)], [path]):
            for blob in (change.blob, *change.before):
                if blob.strip("0") and blob not in seen:
                    seen.add(blob)
                    yield self._bytes("cat-file", "blob", blob)

    def history(self, records: str, editors_file: str) -> History:
        """Every commit that touched the records or the list of editors. Raises GitUnavailable where history is not whole.

        The list counts as it stood before each commit: the first version on the main line is the anchor, a later change counts only if
        its author was an editor before it. So one change, or a row of them, cannot add a name and approve with it.
        """
        self.require_whole()
        anchor = self._anchor(editors_file)
        people: tuple[Editor, ...] = ()
        started = False
        added: dict[str, tuple[Added, ...]] = {}
        ignored: list[str] = []
        for commit, changes in self._by_commit(["--topo-order", "--reverse"], [records, editors_file]):
            for change in changes:
                if change.path != editors_file and change.blob.strip("0"):
                    entry = Added(commit=commit, author=change.author, name=change.name, blob=change.blob, people=people)
                    added[change.path] = (*added.get(change.path, ()), entry)
            for change in changes:
                if change.path != editors_file:
                    continue
                if commit == anchor or (started and _listed(people, change.author)):
                    people, started = self._people(change.blob), True
                elif started or commit != anchor:
                    ignored.append(f"{editors_file} was changed by {change.author} in {commit[:10]}, who was no editor then: that change does not count")
        return History(added=added, ignored=tuple(ignored))

    def _anchor(self, path: str) -> str:
        """The first commit of the main line (first parents only) that has this file."""
        shown = self._text("log", "--first-parent", "--diff-filter=A", "--reverse", "--format=%H", "--no-renames", "-m", "--", path)
        return shown.split("\n", 1)[0].strip()

    def _people(self, blob: str) -> tuple[Editor, ...]:
        return editors(self._bytes("cat-file", "blob", blob)) if blob.strip("0") else ()

    def _by_commit(self, options: list[str], paths: list[str]) -> Iterator[tuple[str, list[_Change]]]:
        held: list[_Change] = []
        for change in self._log(options, paths):
            if held and held[0].commit != change.commit:
                yield held[0].commit, held
                held = []
            held.append(change)
        if held:
            yield held[0].commit, held

    def _log(self, options: list[str], paths: list[str]) -> Iterator[_Change]:
        """Changes of these paths; of merges only what stands in no parent (`-c`), so that a merge is nobody's way to slip a file in."""
        shown = self._bytes(
            *("log", "--full-history", "-c", "--raw", "--no-abbrev", "--no-renames", "-z", "--relative", *options),
            *(f"--format={_COMMIT}%H{_FIELD}%ae{_FIELD}%an", "--", *paths),
        )
        tokens = iter(shown.decode("utf-8", "surrogateescape").split("\0"))
        commit = author = name = ""
        for token in tokens:
            token = token.lstrip("\n")
            if token.startswith(_COMMIT):
                commit, author, name = token[1:].split(_FIELD, 2)
            elif token.startswith(":"):
                parents = len(token) - len(token.lstrip(":"))
                fields = token.lstrip(":").split(" ")
                hashes = fields[parents + 1 : -1]
                yield _Change(commit=commit, author=author, name=name, before=tuple(hashes[:-1]), blob=hashes[-1], path=next(tokens))

    # -------------------------------------------------------------- running

    def _bytes(self, *args: str) -> bytes:
        env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        env |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C"}
        env |= {k: os.environ[k] for k in ("GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL", "GIT_CEILING_DIRECTORIES") if k in os.environ}
        try:
            done = subprocess.run(["git", *_OFF, "-C", str(self.root), *args], env=env, capture_output=True, check=False, timeout=_TIME_LIMIT_S)
        except FileNotFoundError as error:
            raise GitUnavailable("git is not installed, so history cannot be read; install git") from error
        except subprocess.TimeoutExpired as error:
            raise GitUnavailable(f"git {args[0]} took longer than {_TIME_LIMIT_S} s; try again in a fresh clone") from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
            raise ApprovalRefused(f"git {args[0]} failed ({said[:200]}); mend the repository or build from a fresh clone")
        return done.stdout

    def _text(self, *args: str) -> str:
        return self._bytes(*args).decode("utf-8", "replace")

    def _try(self, *args: str) -> str:
        try:
            return self._text(*args)
        except ApprovalRefused:
            return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Change:
    commit: str
    author: str
    name: str
    before: tuple[str, ...]
    blob: str  # zeros where the file was taken away
    path: str


def _listed(people: tuple[Editor, ...], address: str) -> bool:
    return any(e.address.casefold() == address.casefold() for e in people)


def blob_id(data: bytes, like: str) -> str:
    """What git calls these bytes (with LF line ends), in the hash that `like` is written in."""
    data = normal(data)
    make = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return make(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
