"""An edition's drafts, read and checked: against the texts they cite where this machine has them, else against their ledgers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from . import article, evidence, ledger, plainfile, reworded
from .errors import ArticleError, ContentRefused, UsageError
from .model import Article, Claim, Ledger, Problem, Snapshot
from .project import Project
from .reworded import Reworded
from .store import Store

#: What an article was checked against: the texts themselves, its ledger, or nothing.
Against = Literal["texts", "ledger", "nothing"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """One article file and what the check found."""

    path: Path
    name: str  # as messages show it
    data: bytes
    article: Article | None  # None: the file breaks the form, see `faults`
    ledger: Ledger | None  # the evidence file as it stands, None where there is none that can be read
    claims: tuple[Claim, ...] = ()
    faults: tuple[str, ...] = ()  # whole lines, `file:line: what, what to do`: always blocking
    against: Against = "nothing"
    texts: Mapping[str, Snapshot] | None = None  # by Cited.id, where the check used them
    reworded: tuple[Reworded, ...] = ()  # sources that say something else today; stop nothing

    @property
    def blocking(self) -> tuple[tuple[Claim, Problem], ...]:
        """Each problem of a sentence that stops publishing."""
        return evidence.blocking(self.claims)

    @property
    def to_see(self) -> tuple[tuple[Claim, Problem], ...]:
        """Each problem that needs an editor's eye and stops nothing."""
        return tuple((c, p) for c in self.claims for p in c.problems if not p.blocks)

    @property
    def stops(self) -> bool:
        """Whether anything here stops publishing."""
        return bool(self.faults or self.blocking)

    @property
    def made(self) -> int:
        """Claims that need a source."""
        return sum(c.type in evidence.SOURCED for c in self.claims)

    @property
    def carried(self) -> int:
        """Those that have one and no blocking problem."""
        return sum(c.type in evidence.SOURCED and bool(c.passages or c.type == "absence") and not any(p.blocks for p in c.problems) for c in self.claims)


def find(project: Project, edition: date, asked: Sequence[str]) -> tuple[Path, ...]:
    """The files that are meant: those asked for by path or id, else every article of the edition. Raises UsageError for one there is not."""
    if not asked:
        folder = project.briefings / edition.isoformat()
        return tuple(sorted(folder.glob("*.md"))) if folder.is_dir() else ()
    return tuple(_asked(project, edition, text) for text in asked)


def _asked(project: Project, edition: date, text: str) -> Path:
    for path in (Path(text), project.root / text, project.article(edition, text) if _is_id(text) else None):
        if path is not None and path.suffix == ".md" and path.is_file():
            return path.resolve() if not path.is_symlink() else path.absolute()
    found = sorted(project.briefings.glob(f"*/{text}.md")) if _is_id(text) else []
    if not found:
        raise UsageError(f"there is no article {text!r}; name its file or its id, such as {project.name(project.article(edition, 'article-id'))}")
    return found[-1]


def _is_id(text: str) -> bool:
    return bool(text) and all(c.isascii() and (c.isalnum() or c == "-") for c in text)


def check(project: Project, paths: Iterable[Path]) -> tuple[Checked, ...]:
    """Each file, checked. A file that cannot be read is a `Checked` with faults: one bad article never hides the others."""
    if not project.store.is_file():
        return tuple(_one(project, path, None) for path in paths)
    with Store.open(project.store) as store:
        return tuple(_one(project, path, store) for path in paths)


def _one(project: Project, path: Path, store: Store | None) -> Checked:
    name = project.name(path)
    data = b""
    try:
        data = plainfile.read(path, name, most=article.LONGEST)
        parsed = article.parse(data, name)
    except ArticleError as error:
        return Checked(path=path, name=name, data=data, article=None, ledger=None, faults=error.lines)
    except (ContentRefused, FileNotFoundError) as error:
        return Checked(path=path, name=name, data=data, article=None, ledger=None, faults=(str(error),))
    kept, faults = _ledger(project, parsed, path)
    texts = _texts(parsed, store)
    since = reworded.of(parsed, name, store) if store else ()
    if texts is not None:
        # The texts themselves are here: a ledger that cannot be read is then only out of date.
        claims = evidence.check(parsed, texts)
        return Checked(path=path, name=name, data=data, article=parsed, ledger=kept, claims=claims, against="texts", texts=texts, reworded=since)
    if kept is None:
        return Checked(path=path, name=name, data=data, article=parsed, ledger=None, claims=evidence.claims(parsed), faults=faults, reworded=since)
    return Checked(path=path, name=name, data=data, article=parsed, ledger=kept, claims=evidence.recheck(parsed, kept), against="ledger", reworded=since)


def _ledger(project: Project, parsed: Article, path: Path) -> tuple[Ledger | None, tuple[str, ...]]:
    file = path.with_name(f"{parsed.id}.evidence.json")
    name = project.name(file)
    try:
        return ledger.read(plainfile.read(file, name, most=ledger.LONGEST), name), ()
    except FileNotFoundError:
        return None, (f"{name}: is missing, and this machine does not have the texts; run `briefing check --write` where they are",)
    except ContentRefused as error:
        return None, (str(error),)


def _texts(parsed: Article, store: Store | None) -> dict[str, Snapshot] | None:
    """The texts of every source that names one, or None where any of them is not on this machine."""
    wanted = [c for c in parsed.sources if c.snapshot]
    if store is None or not wanted:
        return None
    have = store.snapshots(c.snapshot for c in wanted)
    return {c.id: have[c.snapshot] for c in wanted} if all(c.snapshot in have for c in wanted) else None


def anew(checked: Checked) -> bytes | None:
    """The evidence file's new bytes, or None where the texts are not here. What was read for the story is kept from the old one."""
    if checked.article is None or checked.texts is None:
        return None
    old = checked.ledger
    kept = {"collected": old.collected, "feeds": old.feeds, "drafted_by": old.drafted_by, "left_out": old.left_out} if old else {}
    return ledger.write(evidence.record(checked.article, checked.texts, **kept))  # type: ignore[arg-type]
