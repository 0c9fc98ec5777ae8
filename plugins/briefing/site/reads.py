"""`reads-as`: what a reader reads of an approved article, as one digest, so that a template that changes words or links is noticed.

The digest is over the visible words and the link targets of the article element of its page, without the rail beside it (what else is published
changes that) and without the author box (the same on every page). Classes, tags, measures and colours do not count: a restyle is no change.
Words that a stylesheet adds with `content:` count.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lxml import etree, html

from .. import approval, article, ledger
from .. import edition as editions
from ..config import Publication
from ..errors import BriefingError
from ..model import Edition
from ..project import Project
from . import build, email, gate
from .admitted import Admitted, AdmittedArticle, AdmittedEdition

_HOUSE = ("aside", "nav", "script", "style", "template")
_INLINE = frozenset(("a", "abbr", "b", "cite", "code", "em", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "time", "u"))
_CONTENT = re.compile(r"content:\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')")


@dataclass(frozen=True, kw_only=True, slots=True)
class Differs:
    """An approved article or edition that reads otherwise than it did when it was approved."""

    subject: str
    what: str  # page or email


def of_page(page: bytes, styles: str = "") -> str:
    """The digest of an article's page. `styles` is the site's stylesheet. Raises ValueError where the page has no article element."""
    root = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    found = root.find(".//article")
    if found is None:
        raise ValueError("the page has no article element")
    return _digest(found, _added_by(styles))


def of_email(files: Mapping[str, bytes]) -> str:
    """The digest of an edition's email: subject and words of its HTML and text parts."""
    root = html.document_fromstring(files["email.html"], parser=html.HTMLParser(encoding="utf-8"))
    plain = " ".join(files["email.txt"].decode("utf-8").split())
    return _digest(root, [plain])


def _digest(element: etree._Element, more: list[str]) -> str:
    words: list[str] = []
    targets: list[str] = []
    for piece, target in _pieces(element):
        words.append(piece)
        if target:
            targets.append(target)
    text = "\n".join([" ".join("".join(words).split()), *targets, *more])
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()


def _added_by(styles: str) -> list[str]:
    """Words that a stylesheet adds; arrows and other signs are looks."""
    found = (m.group(1)[1:-1] for m in _CONTENT.finditer(styles))
    return [words for words in found if any(c.isalnum() for c in words)]


def _pieces(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Text in reading order with a space around blocks, and where links, images and forms point."""
    if not isinstance(element.tag, str) or element.tag in _HOUSE or "author" in (element.get("class") or "").split():
        return
    inline = element.tag in _INLINE
    target = " ".join(v for k in ("href", "src", "action", "srcset") if (v := element.get(k)))
    shown = " ".join(v for k in ("alt", "title", "value", "placeholder") if (v := element.get(k)))
    yield (" " if not inline else "") + (f" {shown} " if shown else ""), target
    yield element.text or "", ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or "", ""
    if not inline:
        yield " ", ""


def _styles(output: Path) -> str:
    return "\n".join(p.read_text(encoding="utf-8") for p in sorted(output.rglob("*.css")))


# -------------------------------------------------------------------- build


def differences(output: Path, admitted: Admitted, publication: Publication) -> tuple[Differs, ...]:
    """Every admitted article, and the current edition, whose record says that it read otherwise."""
    styles = _styles(output)
    out = [
        Differs(subject=a.id, what="page")
        for a in admitted.articles
        if a.record and a.record.reads_as and of_page(page_of(output, a).read_bytes(), styles) != a.record.reads_as
    ]
    current = admitted.edition(admitted.current)
    if current and current.complete and current.record and current.record.reads_as:
        try:
            same = of_email(email.bundle(current, publication, admitted.deadlines)) == current.record.reads_as
        except BriefingError:
            same = True  # there is no email to read: its own report says why
        if not same:
            out.append(Differs(subject=approval.edition_id(current.edition.date), what="email"))
    return tuple(out)


def page_of(output: Path, a: AdmittedArticle) -> Path:
    """Where an article's page stands in a finished site."""
    return output / f"{a.article.edition:%Y/%m}" / a.id / "index.html"


# ------------------------------------------------------------------ preview


def preview(project: Project, publication: Publication, folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """`reads-as` of what is about to be approved: subject → digest.

    `folder` holds, for each subject, `<subject>.txt` (the record as it will be, without reads-as) and its file: `<id>.md` with `<id>.evidence.json`, or
    `edition-<day>.yaml`. Raises BriefingError where a page cannot be made.
    """
    found = [_article(path) for path in sorted(folder.glob("*.md"))]
    admitted = gate.admit(project, publication, environ)
    out: dict[str, str] = {}
    if found:
        build.pelican(project, _only(admitted, found, publication), folder / "site", folder / "staged")
        styles = _styles(folder / "site")
        out = {a.id: of_page(page_of(folder / "site", a).read_bytes(), styles) for a in found}
    for path in sorted(folder.glob("edition-*.yaml")):
        edition = _edition(path, admitted)
        if edition:
            out[path.stem] = of_email(email.bundle(edition, publication, admitted.deadlines))
    return out


def _article(path: Path) -> AdmittedArticle:
    data = path.read_bytes()
    book = ledger.read(path.with_suffix(".evidence.json").read_bytes(), path.name)
    return AdmittedArticle(
        name=path.name, data=data, article=article.parse(data, path.name), ledger=book, record=approval.read(path.with_suffix(".txt").read_bytes())
    )


def _only(admitted: Admitted, found: list[AdmittedArticle], publication: Publication) -> Admitted:
    """A site of these articles alone: what else is published is no part of how they read."""
    days = sorted({a.article.edition for a in found})
    return Admitted(
        level=admitted.level,
        current=admitted.current,
        articles=tuple(found),
        editions=tuple(_bare(day, [a for a in found if a.article.edition == day], publication) for day in days),
        pages=(),
        deadlines=(),
    )


def _bare(day: date, own: list[AdmittedArticle], publication: Publication) -> AdmittedEdition:
    said = Edition(date=day, number=editions.number(day, publication), status="needs-review", subject="", preheader="", articles=tuple(a.id for a in own))
    return AdmittedEdition(edition=said, record=None, articles=tuple(own), approved=False, complete=False, why="preview")


def _edition(path: Path, admitted: Admitted) -> AdmittedEdition | None:
    said = editions.parse(path.read_bytes(), path.name)
    own = {a.id: a for a in admitted.articles}
    if any(i not in own for i in said.articles):
        return None
    record = approval.read(path.with_suffix(".txt").read_bytes())
    return AdmittedEdition(edition=said, record=record, articles=tuple(own[i] for i in said.articles), approved=True, complete=True)
