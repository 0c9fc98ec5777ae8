"""The editor's page: an edition as it reads, each sentence beside the words that carry it, the worst first. Pure: text in, text out.

What it says of a sentence is what a program can know: quoted, figures match, passage found, needs your eye, no source needed. That a
sentence is right, only a person can say.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import groupby

from . import inline, sentences
from .address import WEB
from .article import FAQ, MEANING, NEXT_STEP, passages
from .checked import Checked
from .errors import visible
from .evidence import SOURCED
from .evidence.reading import figures, gist
from .evidence.words import tokens
from .model import Article, Cited, Claim, Passage

_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
#: A comment on a pull request holds 65,536 characters.
LONGEST_REPORT = 60_000
_AGAINST = {"texts": "the texts that were read", "ledger": "its evidence file, because the texts are not on this machine", "nothing": "nothing"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One article of the page."""

    checked: Checked
    approved: Article | None = None  # the version an editor approved last, where there is one
    approved_by: str = ""

    @property
    def id(self) -> str:
        """The article's id, or its file's name where it cannot be read."""
        return self.checked.article.id if self.checked.article else self.checked.path.stem


# ------------------------------------------------------------------- changes


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence or field that differs from the approved version."""

    where: str
    before: str
    after: str


def changes(before: Article, after: Article) -> tuple[Change, ...]:
    """What differs between two versions, in reading order: fields of the head, then sentences gone and sentences new."""
    out = [
        Change(name, str(a), str(b))
        for name in ("kicker", "title", "dek", "author", "short", "topics", "jurisdictions", "limits", "corrections")
        if (a := _shown(getattr(before, name))) != (b := _shown(getattr(after, name)))
    ]
    old, new = {s.id: s for s in before.sources}, {s.id: s for s in after.sources}
    out += [Change(f"source {key}", _source(old.get(key)), _source(new.get(key))) for key in sorted(old | new) if old.get(key) != new.get(key)]
    told, tells = list(_sentences(before)), list(_sentences(after))
    gone = [(w, s) for w, s in told if (w, s) not in tells]
    came = [(w, s) for w, s in tells if (w, s) not in told]
    out += [Change(w, s, "") for w, s in gone] + [Change(w, "", s) for w, s in came]
    return tuple(out)


def _shown(value: object) -> str:
    fields = getattr(value, "__dataclass_fields__", None)
    if fields:
        return " / ".join(str(getattr(value, f)) for f in fields)
    if isinstance(value, tuple):
        return ", ".join(_shown(v) for v in value)
    return str(value)


def _source(cited: Cited | None) -> str:
    return f"{cited.title}, {cited.publisher}, {cited.url}" if cited else ""


def _sentences(article: Article) -> Iterator[tuple[str, str]]:
    for where, md, _ in passages(article):
        for s in sentences.cited(md):
            yield where, s.text + "".join(f" [{m}]" for m in s.markers)


# ------------------------------------------------------------------ the page


def page(edition: date, sheets: Sequence[Sheet]) -> str:
    """One self-contained HTML document: no script, nothing loaded, works with the keyboard, light and dark."""
    style = resources.files(__package__).joinpath("review.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = f"Review of the edition of {edition.isoformat()}"
    body = "".join((_summary(sheets), *(_article(s) for s in sheets)))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f'<meta name="robots" content="noindex">\n<title>{_e(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n'
        f'<a class="skip" href="#worst">To what needs work</a>\n<header><h1>{_e(title)}</h1>\n'
        "<p>This page is for the editor and is never published. The words beside a sentence say what was found in the cited text; whether the sentence "
        f"is right is for you to judge. Marked words of a passage are the sentence’s own; a dotted word of a sentence "
        f"stands in no passage beside it.</p></header>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _e(text: str) -> str:
    """Text for HTML with every hidden character shown as an escape in a mark."""
    out = []
    for hidden, run in groupby(text, key=lambda c: unicodedata.category(c) in _HIDDEN and c not in "\n\t"):
        part = "".join(run)
        out.append(f'<mark class="hidden">{html.escape(visible(part))}</mark>' if hidden else html.escape(part))
    return "".join(out)


def _summary(sheets: Sequence[Sheet]) -> str:
    rows = []
    for s in sheets:
        c = s.checked
        state = "cannot be read" if c.article is None else c.article.status
        rows.append(
            f'<tr><th scope="row"><a href="#{_slug(s.id)}">{_e(c.article.title if c.article else c.name)}</a></th><td>{_e(state)}</td><td>{c.made}</td>'
            f"<td>{c.carried}</td><td>{len(c.faults) + len(c.blocking)}</td><td>{len(c.to_see)}</td></tr>"
        )
    table = (
        "<table><thead><tr><th>Article</th><th>Status</th><th>Claims</th><th>Carried</th><th>Stop it</th><th>To look at</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
    worst = "".join(_worst(sheets))
    listed = f"<ul>{worst}</ul>" if worst else "<p>Nothing stops publishing and nothing asks for a second look.</p>"
    return f'<section id="worst"><h2>What needs work, the worst first</h2>{listed}</section><section><h2>The articles</h2>{table}</section>\n'


def _worst(sheets: Sequence[Sheet]) -> Iterator[str]:
    for s in sheets:
        for fault in s.checked.faults:
            yield f'<li class="stops"><a href="#{_slug(s.id)}">{_e(s.id)}</a>: {_e(fault)}</li>'
    for stops in (True, False):
        if not stops:
            yield from (f'<li class="look"><a href="#{_slug(s.id)}">{_e(s.id)}</a>: {_e(str(one))}.</li>' for s in sheets for one in s.checked.reworded)
        for s in sheets:
            for number, claim in enumerate(s.checked.claims):
                for p in claim.problems:
                    if p.blocks is stops:
                        place = f'<a href="#{_slug(s.id)}-{number}">{_e(s.id)}, line {claim.line}</a>'
                        yield f'<li class="{"stops" if stops else "look"}">{place}: {_e(p.found)}. {_e(p.fix)}.</li>'


def _slug(text: str) -> str:
    return "a-" + re.sub(r"[^a-z0-9-]", "-", text.lower())


def _article(sheet: Sheet) -> str:
    c = sheet.checked
    a = c.article
    slug = _slug(sheet.id)
    if a is None:
        faults = "".join(f"<li>{_e(f)}</li>" for f in c.faults)
        source = c.data.decode("utf-8", "backslashreplace")
        lines = "".join(f"<li><code>{_e(line)}</code></li>" for line in source.splitlines()[:400])
        return (
            f'<article id="{slug}"><h2>{_e(c.name)}</h2><p class="stops">This file cannot be read as an article:</p><ul>{faults}</ul>'
            f"<details><summary>The file as it is</summary><ol>{lines}</ol></details></article>\n"
        )
    numbered = list(enumerate(c.claims))
    head = f'<p class="kicker">{_e(a.kicker)}</p><h2>{_e(a.title)}</h2><p class="meta">{_e(c.name)}, checked against {_AGAINST[c.against]}</p>'
    parts = [head, _facts(sheet), "".join(f'<p class="stops">{_e(f)}</p>' for f in c.faults)]
    parts.append("".join(f'<p class="look">{_e(str(one))}.</p>' for one in c.reworded))
    for heading, rows in _grouped(a, numbered):
        parts.append(f"<h3>{_e(heading)}</h3>" if heading else "")
        parts.append("".join(_row(a, slug, n, claim) for n, claim in rows if claim.problems or claim.type != "question"))
    parts.append(_sources(a))
    return f'<article id="{slug}">{"".join(parts)}</article>\n'


def _grouped(a: Article, numbered: list[tuple[int, Claim]]) -> Iterator[tuple[str, list[tuple[int, Claim]]]]:
    """The claims under the headings of the page; a heading's own claim goes first below it."""
    heads = {"title": "Headline and short version", "lead": "Lead", "meaning": MEANING, "next": NEXT_STEP, "sources": "The source list"}
    current = ""
    held: list[tuple[int, Claim]] = []
    for number, claim in numbered:
        where = claim.where
        if where in {"dek"} or where.startswith("short."):
            heading = heads["title"]
        elif where in {"statistic", "pull"}:
            heading = current or heads["lead"]
        else:
            heading = heads.get(where) or (where.removeprefix("section:") if where.startswith("section:") else f"{FAQ}: {where.removeprefix('faq:')}")
        if heading != current and held:
            yield current, held
            held = []
        current = heading
        held.append((number, claim))
    if held:
        yield current, held


def _row(a: Article, slug: str, number: int, claim: Claim) -> str:
    worst = "stops" if any(p.blocks for p in claim.problems) else "look" if claim.problems else "fine"
    markers = " ".join(f"[{m}]" for m in claim.sources)
    problems = "".join(f'<p class="{"stops" if p.blocks else "look"}">{_e(p.found)}. {_e(p.fix)}.</p>' for p in claim.problems)
    beside = "".join(_passage(a, claim, p) for p in claim.passages)
    label = claim.word or "not checked"
    note = f"{claim.type}, line {claim.line}" if claim.line else claim.type
    right = f'<p class="word">{_e(label)} <span>{_e(note)}</span></p>{problems}{beside}'
    if worst == "fine" and claim.type not in SOURCED and not claim.passages:
        right = f'<p class="word quiet">{_e(label)} <span>{_e(note)}</span></p>'
    text = _unlike(claim.text, claim.passages) if claim.type in SOURCED and claim.passages else _e(claim.text)
    left = f'<p class="sentence">{text} <span class="marks">{_e(markers)}</span></p>'
    return f'<div class="row {worst}" id="{slug}-{number}">{left}<div class="beside">{right}</div></div>\n'


def _passage(a: Article, claim: Claim, p: Passage) -> str:
    cited = a.cited(p.source)
    name = f"{p.source}, {cited.publisher}: {cited.title}" if cited else p.source
    link = f'<a href="{html.escape(cited.url)}" rel="noopener noreferrer">{_e(name)}</a>' if cited and WEB.match(cited.url) else _e(name)
    return f"<blockquote><p>{_highlighted(p.text, claim.text)}</p><footer>{link}</footer></blockquote>"


def _unlike(text: str, beside: Sequence[Passage]) -> str:
    """The sentence with the words dotted that stand in none of its passages: there a summary says more, or says it otherwise."""
    told = {t.stem for p in beside for t in tokens(p.text)} | gist(" ".join(p.text for p in beside))
    amounts = [(n.start, n.end) for n in figures(text) if n.key in told]
    out, at = [], 0
    for t in tokens(text):
        if t.content and t.stem not in told and not any(a <= t.start < b for a, b in amounts):
            out += [_e(text[at : t.start]), f'<u class="new">{_e(t.text)}</u>']
            at = t.end
    return "".join((*out, _e(text[at:])))


def _highlighted(text: str, claim: str) -> str:
    """The passage with the words it shares with the sentence marked, so that the eye finds what differs."""
    shared = {t.stem for t in tokens(claim) if t.content}
    out, at = [], 0
    for t in tokens(text):
        if t.content and t.stem in shared:
            out += [_e(text[at : t.start]), f"<mark>{_e(t.text)}</mark>"]
            at = t.end
    return "".join((*out, _e(text[at:])))


def _facts(sheet: Sheet) -> str:
    """What was read, what was left out, what changed: opened with the keyboard or a click."""
    c, a = sheet.checked, sheet.checked.article
    assert a is not None
    out = []
    if a.limits:
        out.append(f'<p class="look">What the sources could not carry: {_e(a.limits)}</p>')
    if c.ledger is not None:
        told = f"Drafted by {c.ledger.drafted_by}; {c.ledger.collected} items of the story were read, from {c.ledger.feeds} sources."
        out.append(f'<p class="meta">{_e(told)}</p>')
        if c.ledger.left_out:
            items = "".join(f"<li>{_e(x)}</li>" for x in c.ledger.left_out)
            out.append(f"<details><summary>Left out: {len(c.ledger.left_out)}</summary><ul>{items}</ul></details>")
    if sheet.approved is not None:
        found = changes(sheet.approved, a)
        rows = "".join(_change(x) for x in found)
        inner = f"<ul>{rows}</ul>" if found else "<p>The words are the same.</p>"
        out.append(f"<details open><summary>Changed since {_e(sheet.approved_by or 'the last approval')}: {len(found)}</summary>{inner}</details>")
    return "".join(out)


def _change(change: Change) -> str:
    before = f"<del>{_e(change.before)}</del>" if change.before else ""
    after = f"<ins>{_e(change.after)}</ins>" if change.after else ""
    return f"<li>{_e(change.where)}: {before} {after}</li>"


def _sources(a: Article) -> str:
    items = []
    for s in a.sources:
        link = f'<a href="{html.escape(s.url)}" rel="noopener noreferrer">{_e(s.title)}</a>' if WEB.match(s.url) else _e(s.title)
        when = f", published {s.published.isoformat()}" if s.published else ""
        items.append(f'<li><strong>{_e(s.id)}</strong> {link}, {_e(s.publisher)} ({_e(s.kind)}{when}) <span class="url">{_e(s.url)}</span></li>')
    return f'<details><summary>Sources: {len(a.sources)}</summary><ul class="plain">{"".join(items)}</ul></details>'


# ------------------------------------------------------------- as a pull request


def markdown(edition: date, sheets: Sequence[Sheet]) -> str:
    """The same as Markdown for a pull request: problems that are new since the evidence file first, then the others, then the table."""
    fresh: list[str] = []
    known: list[str] = []
    for s in sheets:
        kept = _kept(s.checked)
        fresh += [f"- **{_m(f)}**" for f in s.checked.faults]
        fresh += [f"- {_m(str(one))}." for one in s.checked.reworded]
        for stops in (True, False):
            for claim in s.checked.claims:
                for p in claim.problems:
                    if p.blocks is stops:
                        line = f"- {'**stops** ' if stops else ''}`{s.checked.name}:{claim.line or 1}` {_m(p.found)}. {_m(p.fix)}."
                        (known if (claim.text, p.reason) in kept else fresh).append(line)
    out = [f"## Review of the edition of {edition.isoformat()}", ""]
    out += ["### New problems", "", *(fresh or ["None."]), ""]
    if known:
        out += ["### Already noted in the evidence files", "", *known, ""]
    out += ["| article | claims | carried | stop it | to look at |", "| --- | ---: | ---: | ---: | ---: |"]
    out += [
        f"| {_m(s.id)} | {s.checked.made} | {s.checked.carried} | {len(s.checked.faults) + len(s.checked.blocking)} | {len(s.checked.to_see)} |" for s in sheets
    ]
    for s in sheets:
        out += _changed(s)
    return _bounded(out)


def _bounded(lines: Sequence[str]) -> str:
    """The report as one text; where it would not fit into a comment, its first lines and how many were left out."""
    size = 0
    for n, line in enumerate(lines):
        size += len(line) + 1
        if size > LONGEST_REPORT:
            return "\n".join((*lines[:n], "", f"{len(lines) - n} more lines do not fit here: `briefing review` shows them all.")) + "\n"
    return "\n".join(lines) + "\n"


def _kept(c: Checked) -> set[tuple[str, str]]:
    return {(claim.text, p.reason) for claim in (c.ledger.claims if c.ledger else ()) for p in claim.problems}


def _changed(s: Sheet) -> list[str]:
    if s.approved is None or s.checked.article is None:
        return []
    found = changes(s.approved, s.checked.article)
    return ["", f"### {_m(s.id)}: changed since {_m(s.approved_by or 'the last approval')}", "", *(
        f"- {_m(x.where)}: {'~~' + _m(x.before) + '~~ ' if x.before else ''}{_m(x.after)}" for x in found
    )] if found else []  # fmt: skip


def _m(text: str) -> str:
    """Words as Markdown that no Git host reads as anything else; hidden characters shown."""
    return inline.escape(visible(" ".join(text.split()))).replace("@", "@\u200b").replace("://", "\\://")
