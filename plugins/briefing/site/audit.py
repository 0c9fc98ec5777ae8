"""The last look: walks the finished site before it is swapped in, and stops the build where something stands in it that nobody approved.

The gate decides what goes in; this module does not trust it, nor the theme, nor Pelican. It reads the written files only:

- every file is a plain one with an ordinary name; fonts, styles, icons and scripts are byte for byte the theme's, and pictures those that the
  approved headlines make;
- every article page belongs to an article that was let through, and each of those has its page;
- every word of every page, feed, calendar and email stands in an approved article, its evidence or record, an approved edition, a page of the
  house, the deadlines, the settings, the source list, the theme or this program;
- no run of eight words stands in it that a file which was not let through has and what was let through has not.
"""

from __future__ import annotations

import calendar
import email
import email.policy
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache, cached_property
from pathlib import Path

from .. import approval, plainfile
from .. import edition as editions
from ..config import Publication
from ..errors import ApprovalRefused, ContentRefused, StorageError
from ..model import Ledger
from ..project import Project
from . import assets, pictures
from .admitted import Admitted
from .words import name_slug

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_ARTICLE = re.compile(r"(\d{4})/(\d\d)/([^/]+)/(.+)")
_TEXT = {".html", ".xml", ".txt", ".ics", ".json", ".md", ".eml", ".webmanifest", ""}
_SKIPPED = re.compile(r"<(script|style)\b[^>]*>.*?</\1>", re.DOTALL)  # code; what a page's JSON-LD says is read by itself
_LINKED = re.compile(r"<script type=\"application/ld\+json\">(.*?)</script>", re.DOTALL)
_ATTRIBUTE = re.compile(r" (?:content|alt|title|aria-label|placeholder|value|label|summary)=\"([^\"]*)\"")  # those that people or machines read out
_TAG = re.compile(r"<[^>]*>")
_WORDS = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_]{3,}")  # letters only: numbers and hashes are not words, initials neither
_CUT = re.compile(r"\w+…")  # what a preview line cuts off
_FORMATS = frozenset(("vcalendar", "vevent", "vtimezone", "valarm"))  # words of file formats that a library writes
_CONTINUED = re.compile(r"[\"']\s*\n\s*f?[\"']")
_RUN = 8  # words in a row that two texts do not share by chance


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What the audit read."""

    files: int
    size: int  # bytes


def audit(output: Path, admitted: Admitted, project: Project, publication: Publication) -> Seen:
    """Reads every file of a finished site.

    Raises ApprovalRefused where a page, a word or a run of words has no approval behind it, or an approved article's page is missing, and
    ContentRefused for a link, a file name or an asset that does not belong in this site.
    """
    files = list(_files(output))
    _pages(files, output, admitted)
    theme = assets.theme(project.root)
    own = _Own(admitted, project, publication, theme)
    styles = assets.collect(theme).files
    foreign = _foreign(project, admitted)
    drawn, paint = dict(pictures.every(admitted, publication)), pictures.painter(theme).png
    size = 0
    for path in files:
        name = path.relative_to(output).as_posix()
        data = path.read_bytes()
        size += len(data)
        if path.suffix in _TEXT and name not in styles:
            _check(name, _said(path, data), own, foreign)
        elif f"/{name}" in drawn:
            if paint(drawn[f"/{name}"]) != data:
                raise ApprovalRefused(f"output/{name}: shows other words than the approved ones; the old site is kept; report this as a bug")
        elif styles.get(name, styles.get(f"/{name}")) != data:
            raise ContentRefused(f"output/{name}: is no file of the theme; the old site is kept; find what wrote it")
    return Seen(files=len(files), size=size)


def _files(output: Path) -> Iterator[Path]:
    for entry in plainfile.walk(output):
        name = entry.name
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


# -------------------------------------------------------------------- words


def _said(path: Path, data: bytes) -> str:
    """The words of a file, without its markup, as one text in small letters."""
    if path.suffix == ".eml":
        message = email.message_from_bytes(data, EmailMessage, policy=email.policy.default)
        parts = [str(message["subject"] or ""), str(message["from"] or "")]
        parts += [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
        text = " ".join(parts)
    else:
        text = data.decode("utf-8", "replace")
    if path.suffix == ".ics":
        text = text.replace("\r\n ", "").replace("\\n", " ").replace("\\,", ",")
    hidden = ""
    if path.suffix in {".html", ".xml", ".eml"}:
        linked = _LINKED.findall(text) if path.suffix == ".html" else []
        text = _SKIPPED.sub(" ", text)
        if path.suffix == ".html":
            hidden = " ".join((*map(_json_text, linked), html.unescape(" ".join(_ATTRIBUTE.findall(text.replace("\n", " "))))))
        text = html.unescape(_TAG.sub(" ", text))
    if path.suffix in {".xml", ".eml"}:
        text = html.unescape(_TAG.sub(" ", text))  # a feed carries pages in escaped form
    if path.suffix == ".json":
        text = _json_text(text)
    return _CUT.sub(" ", f"{text} {hidden}".replace("\u00ad", "")).casefold()


def _json_text(text: str) -> str:
    """The words of JSON, keys included, without escapes and markup."""
    text = re.sub(r"\\[nrt\"\\/]", " ", text)
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), text)
    return html.unescape(_TAG.sub(" ", text))


def _check(name: str, text: str, own: _Own, foreign: dict[tuple[str, ...], str]) -> None:
    # Each word once: a site says the same few thousand words a million times.
    unknown = {w for w in set(_WORDS.findall(" ".join(set(text.split())))) - own.words if _WORD.fullmatch(w)}
    if unknown and name != "email/next.json":  # which names files that were not let through, for the sender's log
        word = min(unknown, key=text.index)
        raise ApprovalRefused(f"output/{name}: holds “{word}”, which stands in nothing that was approved, nor in the theme; the old site is kept")
    if not foreign:
        return
    words = _WORDS.findall(text)
    runs = set(zip(*(words[n:] for n in range(_RUN)), strict=False))
    for run in sorted(foreign.keys() & runs):
        # Two briefings may quote the same law: only what no approved text says in a row is a leak.
        if not own.says(run):
            said = " ".join(run)
            raise ApprovalRefused(f"output/{name}: holds words of {foreign[run]} that nobody approved (“{said}”); the old site is kept; report this as a bug")


class _Own:
    """Everything that may be said: what was approved, the settings, the theme."""

    def __init__(self, admitted: Admitted, project: Project, publication: Publication, theme: Path) -> None:
        texts = [a.data.decode("utf-8") for a in admitted.articles]
        texts += [" ".join(_told(a.ledger)) for a in admitted.articles]
        texts += [approval.write(r).decode("utf-8") for a in admitted.articles for r in (a.record, a.second) if r]
        texts += [editions.write(e.edition).decode("utf-8") for e in admitted.editions]
        texts += [approval.write(e.record).decode("utf-8") for e in admitted.editions if e.record]
        texts += [approval.write(w.record).decode("utf-8") for w in admitted.withdrawn]
        texts += [p.data.decode("utf-8") for p in admitted.pages]
        texts += [admitted.deadlines_data.decode("utf-8"), publication.model_dump_json()]
        texts += [p.read_text(encoding="utf-8") for p in (project.settings, project.sources) if p.is_file()]
        texts += [p.read_text(encoding="utf-8") for p in sorted(theme.rglob("*")) if p.suffix in {".html", ".txt", ".css", ".svg", ".xml"} and p.is_file()]
        names = {name for a in admitted.articles for name in (a.article.author, *(s.publisher for s in a.article.sources))}
        texts.append(" ".join(name_slug(name).replace("-", " ") for name in sorted(names)))  # addresses spell Café as cafe
        texts.append(_code())  # what the program says of itself is no draft's, though a draft may say it too
        # As it stands and unescaped: in an address, "&sectionNum" begins with an entity's name.
        self._texts = [t.replace("\\", " ").replace("\u00ad", "").casefold() for t in (*texts, *map(html.unescape, texts))]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that may stand in the site."""
        out: set[str] = set(_program())
        for text in self._texts:
            out.update(_WORDS.findall(" ".join(set(text.split()))))
        return frozenset(out)

    def says(self, run: tuple[str, ...]) -> bool:
        """Whether these words stand in a row in one of the texts."""
        return any(f" {' '.join(run)} " in text for text in self._plain)

    @cached_property
    def _plain(self) -> list[str]:
        return [f" {' '.join(_WORDS.findall(text))} " for text in self._texts]


def _told(book: Ledger) -> Iterator[str]:
    """What a page shows of an evidence file."""
    yield from (book.drafted_by, *book.left_out)
    for claim in book.claims:
        yield from (claim.text, claim.word, claim.type, claim.where, *(p.text for p in claim.passages))
        yield from (f"{p.reason} {p.found} {p.fix}" for p in claim.problems)


@cache
def _program() -> frozenset[str]:
    """The words of this program: labels, months, headings. Its own code is the one text that needs no approval by an editor."""
    out = {m.casefold() for m in (*calendar.month_name, *calendar.month_abbr, *calendar.day_name, *calendar.day_abbr) if m}
    return frozenset(out | set(_WORDS.findall(_code().casefold())) | _FORMATS)


@cache
def _code() -> str:
    """This program as text, a sentence that goes on in the next line as one."""
    files = sorted(Path(__file__).resolve().parent.parent.rglob("*.py"))
    return "\n".join(_CONTINUED.sub("", path.read_text(encoding="utf-8").replace("\\n", " ")) for path in files)


# ------------------------------------------------------- words of unapproved files


def _foreign(project: Project, admitted: Admitted) -> dict[tuple[str, ...], str]:
    """Runs of words of files that were not let through: run → file."""
    passed = {a.name for a in admitted.articles}
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
        out |= dict.fromkeys(_runs(text.replace("---", " ")), name)
    return out


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    for line in text.split("\n"):
        words = _WORDS.findall(line.casefold())
        for start in range(len(words) - _RUN + 1):
            yield tuple(words[start : start + _RUN])
