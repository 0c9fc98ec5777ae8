"""The last look: walks the finished site before it is swapped in, and stops the build where something stands in it that nobody approved.

The gate decides what goes in; this module does not trust it, nor the theme, nor Pelican. It reads the written files only.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import plainfile
from ..config import Publication
from ..errors import ApprovalRefused, ContentRefused, StorageError
from ..project import Project
from .admitted import Admitted

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_ARTICLE = re.compile(r"(\d{4})/(\d\d)/([^/]+)/(.+)")
_TEXT = {".html", ".xml", ".json", ".txt", ".ics", ".md", ".eml", ".svg", ".webmanifest", ".css", ".js", ""}
_WORDS = re.compile(r"[^\W_]+", re.UNICODE)
_RUN = 8  # words in a row that two texts do not share by chance


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What the audit read."""

    files: int
    size: int  # bytes


def audit(output: Path, admitted: Admitted, project: Project, publication: Publication) -> Seen:
    """Reads every file of a finished site.

    Raises ApprovalRefused where words of a file that was not let through stand in it or an article's page is missing or too many, and
    ContentRefused for a link or a file name that does not belong in a site.
    """
    files = list(_files(output))
    _pages(files, output, admitted)
    foreign = _foreign(project, admitted)
    size = 0
    for path in files:
        data = path.read_bytes()
        size += len(data)
        if foreign and path.suffix in _TEXT:
            _search(path.relative_to(output).as_posix(), data, foreign)
    return Seen(files=len(files), size=size)


def _files(output: Path) -> Iterator[Path]:
    for entry in plainfile.walk(output):
        name = entry.path.relative_to(output).as_posix()
        if entry.kind != "file":
            raise ContentRefused(f"output/{name}: is a link or no plain file; the old site is kept; find what wrote it")
        if not all(_NAME.fullmatch(part) for part in name.split("/")):
            raise ContentRefused(f"output/{name}: is no file name for a site; the old site is kept; find what wrote it")
        yield entry.path


def _pages(files: Iterable[Path], output: Path, admitted: Admitted) -> None:
    """Every article page belongs to an article that was let through, and each of those has its page."""
    due = {f"{a.article.edition:%Y/%m}/{a.id}/index.html" for a in admitted.articles}
    ids = {a.id for a in admitted.articles}
    for path in files:
        name = path.relative_to(output).as_posix()
        match = _ARTICLE.fullmatch(name)
        if match and match.group(3) not in ids:
            raise ApprovalRefused(f"output/{name}: is a page of {match.group(3)}, which was not let through; the old site is kept; report this as a bug")
        due.discard(name)
    if due:
        raise ApprovalRefused(f"output/{min(due)}: was not written; the old site is kept; look at the theme's article template")


# ------------------------------------------------------- words of unapproved files


def _foreign(project: Project, admitted: Admitted) -> dict[tuple[str, ...], str]:
    """Runs of words that stand in files that were not let through and nowhere in what was: run → file."""
    passed = {a.name for a in admitted.articles}
    own: set[tuple[str, ...]] = set()
    for data in [*(a.data for a in admitted.articles), *(p.data for p in admitted.pages)]:
        own.update(_runs(data.decode("utf-8", "replace")))
    out: dict[tuple[str, ...], str] = {}
    for entry in plainfile.walk(project.content):
        name = project.name(entry.path)
        if entry.kind != "file" or name in passed or entry.path.suffix.lower() not in {".md", ".markdown", ".html", ".txt", ".rst"}:
            continue
        if name.startswith(f"{project.name(project.content)}/pages/") and entry.path.stem in {p.name for p in admitted.pages}:
            continue
        try:
            text = plainfile.read(entry.path, name, most=4_000_000).decode("utf-8", "replace")
        except (ContentRefused, StorageError, FileNotFoundError):
            continue
        out |= {run: name for run in _runs(_prose(text)) if run not in own}
    return out


def _prose(text: str) -> str:
    """The text without its front matter's head lines that any two articles share (publisher, author, dates stay: their runs are long)."""
    return text.replace("---", " ")


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    for line in text.split("\n"):
        words = _WORDS.findall(line.casefold())
        for start in range(len(words) - _RUN + 1):
            yield tuple(words[start : start + _RUN])


def _search(name: str, data: bytes, foreign: dict[tuple[str, ...], str]) -> None:
    text = data.decode("utf-8", "replace")
    if name.endswith((".html", ".xml", ".eml")):
        text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    words = _WORDS.findall(text.casefold())
    for start in range(len(words) - _RUN + 1):
        found = foreign.get(tuple(words[start : start + _RUN]))
        if found:
            run = " ".join(words[start : start + _RUN])
            raise ApprovalRefused(f"output/{name}: holds words of {found} that nobody approved (“{run}”); the old site is kept; report this as a bug")
