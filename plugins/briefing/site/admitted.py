"""What the gate lets through, and what it does not: the only input of pages, feeds, calendar and email.

Nothing here reads or decides. `gate.admit` makes it; whoever publishes takes bytes and records from here and from nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..model import Article, Deadline, Edition, Ledger, Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A file that is not published, and why. `code` is 0 where nothing is wrong (a draft, a note, a later edition)."""

    name: str  # the file, relative to the project, with forward slashes
    line: int  # from 1; 0: the file as a whole
    message: str  # what was found and what to do next, without the file's name
    code: int  # 0, 5 (approval missing or changed) or 6 (content breaks a rule)

    @property
    def text(self) -> str:
        """`file:line: message`, one line, as people see it."""
        return f"{self.name}:{self.line}: {self.message}" if self.line else f"{self.name}: {self.message}"


@dataclass(frozen=True, kw_only=True, slots=True)
class AdmittedArticle:
    """One article that may be published, with the bytes that were verified."""

    name: str  # the file it was read from, relative to the project; only for messages, never part of an address
    data: bytes  # LF line ends; exactly what the record's digest covers
    article: Article
    ledger: Ledger
    record: Record | None  # None at level 0 only
    second: Record | None = None  # the second editor's, where one is asked for

    @property
    def id(self) -> str:
        """The article's id, the last part of its address."""
        return self.article.id


@dataclass(frozen=True, kw_only=True, slots=True)
class AdmittedEdition:
    """One edition with at least one admitted article.

    Where the edition file is approved, `edition` is what it says. Where it is not, `edition` holds only what the articles themselves
    carry (day, number, articles by id): no subject, preheader, deadlines or unused items, because nobody approved those.
    """

    edition: Edition
    record: Record | None  # None where the edition file is not approved, or at level 0
    articles: tuple[AdmittedArticle, ...]  # in the edition's order, the lead first; without those that are not admitted
    approved: bool  # the edition file itself is approved
    complete: bool  # approved, and every article it lists is admitted: the email may be offered
    why: str = ""  # where it is not complete: the reason, in words for the editor and for next.json


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of the house: about, how we work, corrections, privacy."""

    name: str  # about, how-we-work, corrections or privacy
    data: bytes  # Markdown with front matter, LF line ends


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawn:
    """An article or edition that was approved once and taken back. Its words are not here, on purpose."""

    id: str  # article id, or "edition-2026-11-24"
    edition: date
    record: Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Admitted:
    """Everything that may be published of one commit at one moment."""

    level: int  # the approval level in force
    current: date  # the edition that work is for now; later ones are held back
    articles: tuple[AdmittedArticle, ...]  # by edition, then id
    editions: tuple[AdmittedEdition, ...]  # oldest first
    pages: tuple[Page, ...]  # by name
    deadlines: tuple[Deadline, ...]  # by day, then id
    deadlines_data: bytes = b""  # the file they were read from, LF line ends
    withdrawn: tuple[Withdrawn, ...] = ()
    refusals: tuple[Refusal, ...] = ()  # by file name

    def edition(self, day: date) -> AdmittedEdition | None:
        """The edition of this day, or None."""
        return next((e for e in self.editions if e.edition.date == day), None)

    @property
    def newest(self) -> AdmittedEdition | None:
        """The newest edition with an admitted article: the home page's."""
        return self.editions[-1] if self.editions else None

    @property
    def code(self) -> int:
        """The exit code a build of this ends with: the worst for the editor first: 6, 5, 4, 0."""
        worst = max((r.code for r in self.refusals), default=0)
        if worst:
            return worst
        return 0 if self.edition(self.current) else 4
