"""An article's Markdown file: read into an `Article`, written from one, without loss.

The grammar is small on purpose. A Git host's preview, Pelican and the email must all read the same words, so everything that
two renderers would read differently (raw HTML, tables, footnotes, reference links, attribute lists, code, images) is refused
with its line. `docs/article-format.md` shows every element.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from . import inline, yamlfile
from .address import WEB
from .errors import ArticleError, joins, visible
from .model import (
    Answer,
    Article,
    Block,
    Bullets,
    Cited,
    CiteKind,
    Correction,
    NextStep,
    Paragraph,
    Principle,
    PullQuote,
    Section,
    Short,
    Statistic,
)

MEANING = "What does this mean for your business?"
NEXT_STEP = "A next step you can take this week"
FAQ = "Frequently asked questions"
STATUSES = ("needs-review", "approved")
LONGEST = 256 * 1024

_REFUSED = (
    (re.compile(r"^(```|~~~)"), "code blocks are not part of an article; write the words as a sentence"),
    (re.compile(r"^(\t| {4,})"), "an indented line would become code; remove the spaces at its start"),
    (re.compile(r"^\|"), "tables are not part of an article; use a list"),
    (re.compile(r"^(-{3,}|\*{3,}|_{3,}|={3,})\s*$"), "rules and underlined headings are not used; remove the line"),
    (re.compile(r"^\[[^\]]+\]:"), "link and footnote definitions are refused; put the address into the source list"),
    (re.compile(r"^\*\[[^\]]+\]:"), "abbreviation definitions are refused; write the words out"),
    (re.compile(r"(?<!\\)\{[:#.%{]"), "attribute lists and template tags are refused; write \\{ for a brace"),
    (re.compile(r"(?<!\\)<[A-Za-z/!?]"), "raw HTML is refused; write \\< for a less-than sign"),
    (re.compile(r"(?<!\\)!\["), "images are not part of an article; write \\! before a bracket"),
    (re.compile(r"(?<!\\)\[\^"), "footnotes are refused; cite a source as [s1]"),
    (re.compile(r"(?<!\\)\](\[(?!s\d)|\s\[(?!s\d)[^\]]*\]$)"), "reference links are refused; write [words](https://…)"),
    (re.compile(r"(?<!\\)`"), "code marks are refused; use quotation marks"),
    (re.compile(r"(?<!\\)[{|](static|filename|attach|author|category|tag|index)[}|]"), "Pelican's own links are refused; write the full https address"),
    (re.compile(r"^(\*|\+)\s"), "lists begin with '- '; change the mark"),
)
_COST = re.compile(r"^\*\*Time:\*\*\s*(.+?)\s*\*\*Who:\*\*\s*(.+?)\s*\*\*You will have:\*\*\s*(.+)$")
_PRINCIPLE = re.compile(r"^\*\*(.+?)\*\*\s+(.+)$")
_FIGURE = re.compile(r"^\*\*(.+?)\*\*\s*(.*)$")
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


# ------------------------------------------------------------- front matter


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class _Short(_Strict):
    happened: str
    matters: str
    do: str


class _Source(_Strict):
    id: str = Field(pattern=r"^s[1-9]\d{0,2}$")
    title: str = Field(min_length=1, max_length=400)
    publisher: str = Field(min_length=1, max_length=120)
    url: str = Field(max_length=2000)
    kind: CiteKind
    published: date | None = None
    read: date | None = None
    snapshot: str = Field(default="", pattern=r"^(sha256:[0-9a-f]{64})?$")
    archived: str = ""

    @field_validator("url", "archived")
    @classmethod
    def _web(cls, value: str) -> str:
        if value and not WEB.match(value):
            raise ValueError("must be a http or https address with a host and no user name")
        return value


class _Correction(_Strict):
    date: date
    text: str = Field(min_length=1)


class _Front(_Strict):
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)
    edition: date
    status: Literal["needs-review", "approved"]
    kicker: str = Field(min_length=1, max_length=60)
    title: str = Field(min_length=1, max_length=200)
    dek: str = Field(max_length=400)
    author: str = Field(min_length=1, max_length=100)
    short: _Short
    topics: list[str] = Field(min_length=1, max_length=8)
    jurisdictions: list[str] = Field(default_factory=list, max_length=12)
    sources: list[_Source] = Field(min_length=1, max_length=99)
    updated: date | None = None
    corrections: list[_Correction] = Field(default_factory=list)
    limits: str = ""

    @field_validator("topics")
    @classmethod
    def _slugs(cls, value: list[str]) -> list[str]:
        for slug in value:
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
                raise ValueError(f"topic {slug!r} must be lower-case words joined by hyphens")
        return value


# -------------------------------------------------------------------- lines


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines of one block: a heading, a list, a quotation or a paragraph."""

    kind: Literal["h2", "h3", "list", "quote", "para"]
    line: int
    lines: tuple[str, ...]

    @property
    def joined(self) -> str:
        return " ".join(s.strip() for s in self.lines)


class _Faults:
    """Collects what is wrong, so that an editor sees all of it at once."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        self.found: list[tuple[int, str]] = []

    def add(self, line: int, text: str) -> None:
        self.found.append((line, text))

    def stop_if_any(self) -> None:
        if self.found:
            raise ArticleError(self.path, sorted(set(self.found)))


def split(data: bytes, path: Path | str = "article") -> tuple[str, str, int]:
    """Front matter text, body text and the body's first line number. Line ends become `\\n`. Raises ArticleError."""
    faults = _Faults(path)
    if len(data) > LONGEST:
        faults.add(1, f"is {len(data):,} bytes; an article has at most {LONGEST:,}. Shorten it")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ArticleError(path, [(line, "is not UTF-8 text; save the file as UTF-8")]) from error
    text = text.replace("\r\n", "\n")
    for number, words_ in enumerate(text.split("\n"), 1):
        for place, char in enumerate("" if words_.isprintable() else words_):
            if unicodedata.category(char) in _HIDDEN and not joins(words_, place):
                faults.add(number, f"holds the invisible character {visible(char)}; delete it")
    faults.stop_if_any()
    parts = re.match(r"---\n(.*?\n)---\n(.*)\Z", text, re.DOTALL)
    if not parts:
        raise ArticleError(path, [(1, "has no front matter; an article begins with a line --- and closes its head with ---")])
    front, body = parts.group(1), parts.group(2)
    return front, body, front.count("\n") + 3


def parse(data: bytes, path: Path | str = "article") -> Article:
    """The article these bytes say. Raises ArticleError with every fault found, each with its line."""
    front_text, body, body_line = split(data, path)
    faults = _Faults(path)
    try:
        raw, lines = yamlfile.load(front_text, first_line=2)
    except yamlfile.YamlFault as error:
        raise ArticleError(path, [(error.line, f"front matter {error}")]) from error
    if not isinstance(raw, dict):
        raise ArticleError(path, [(2, "front matter must be `key: value` lines")])
    front, wrong = yamlfile.check(_Front, raw, lines)
    for line, what in wrong:
        faults.add(line, f"front matter {what}")
    faults.stop_if_any()
    assert front is not None
    if len({s.id for s in front.sources}) != len(front.sources):
        faults.add(lines.get(("sources",), 2), "two sources have the same id; give each its own")
    parts = _body(list(_chunks(body, body_line, faults)), body_line, faults)
    article = _article(front, raw, lines, parts)
    for line, md in inline_texts(article):
        for href in inline.links(md):
            if not WEB.match(href):
                faults.add(line, f"links to {visible(href)!r}; only http and https addresses with a host are allowed")
        for marker in inline.cites(md):
            if article.cited(marker) is None:
                faults.add(line, f"cites [{marker}], which is not in the source list; add the source or correct the marker")
    faults.stop_if_any()
    return article


def _chunks(body: str, first: int, faults: _Faults) -> Iterator[_Chunk]:
    held: list[str] = []
    kind: Literal["list", "quote", "para"] = "para"
    start = first

    def flush() -> Iterator[_Chunk]:
        if held:
            yield _Chunk(kind, start, tuple(held))
            held.clear()

    for number, line in enumerate(body.split("\n"), first):
        stripped = line.strip()
        if not stripped:
            yield from flush()
            continue
        continues_list = bool(held) and kind == "list" and line.startswith("  ") and not line.startswith("    ")
        for pattern, why in _REFUSED:
            if pattern.search(line):
                faults.add(number, why)
                break
        heading = re.match(r"(#{1,6})\s+(.*?)\s*(?:(?<=\s)#+)?$", line)  # a closing # stands apart: "C\#" ends with its own
        if heading:
            yield from flush()
            if len(heading.group(1)) not in (2, 3):
                faults.add(number, "headings are ## (a question) or ### (in the frequently asked questions)")
            yield _Chunk("h2" if len(heading.group(1)) == 2 else "h3", number, (heading.group(2),))
            continue
        now: Literal["list", "quote", "para"] = "quote" if line.startswith(">") else "list" if re.match(r"(-|\d{1,2}\.)\s", line) or continues_list else "para"
        if now != kind or not held:
            yield from flush()
            kind, start = now, number
        held.append(line)
    yield from flush()


# --------------------------------------------------------------------- body


@dataclass(frozen=True, slots=True)
class _Body:
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    meaning: tuple[Principle, ...]
    next_step: NextStep | None
    faq: tuple[Answer, ...]


def _body(chunks: list[_Chunk], first_line: int, faults: _Faults) -> _Body:
    groups: list[tuple[_Chunk | None, list[_Chunk]]] = [(None, [])]
    for chunk in chunks:
        if chunk.kind == "h2":
            groups.append((chunk, []))
        else:
            groups[-1][1].append(chunk)
    lead = _blocks(groups[0][1], faults)
    if not lead:
        faults.add(first_line, "has no lead; begin with a paragraph that names the event and its date")
    sections: list[Section] = []
    special: dict[str, tuple[_Chunk, list[_Chunk]]] = {}
    for head, inside in groups[1:]:
        assert head is not None
        title = inline.text(head.lines[0])
        if title in (MEANING, NEXT_STEP, FAQ):
            if title in special:
                faults.add(head.line, f"the heading “{title}” stands twice; keep one")
            special[title] = (head, inside)
        else:
            if special:
                faults.add(head.line, f"“{title}” stands after the closing parts; move the section above “{MEANING}”")
            sections.append(Section(question=title, blocks=_blocks(inside, faults), line=head.line))
    return _Body(
        lead,
        tuple(sections),
        _meaning(*special[MEANING], faults) if MEANING in special else (),
        _next(*special[NEXT_STEP], faults) if NEXT_STEP in special else None,
        _faq(*special[FAQ], faults) if FAQ in special else (),
    )


def _blocks(chunks: list[_Chunk], faults: _Faults) -> tuple[Block, ...]:
    return tuple(b for b in (_block(c, faults) for c in chunks) if b is not None)


def _block(chunk: _Chunk, faults: _Faults) -> Block | None:
    if chunk.kind == "h3":
        faults.add(chunk.line, f"### headings stand only under “{FAQ}”; use ##")
        return None
    if chunk.kind == "list":
        return _list(chunk)
    if chunk.kind == "quote":
        return _quote(chunk, faults)
    return Paragraph(md=chunk.joined, line=chunk.line)


def _list(chunk: _Chunk) -> Bullets:
    items: list[tuple[int, list[str]]] = []
    for offset, line in enumerate(chunk.lines):
        mark = re.match(r"(-|\d{1,2}\.)\s+(.*)$", line)
        if mark:
            items.append((chunk.line + offset, [mark.group(2)]))
        else:
            items[-1][1].append(line.strip())
    return Bullets(
        items=tuple(Paragraph(md=" ".join(words), line=line) for line, words in items),
        line=chunk.line,
        ordered=chunk.lines[0][0].isdigit(),
    )


def _quote(chunk: _Chunk, faults: _Faults) -> Statistic | PullQuote | None:
    lines = [s.lstrip(">").strip() for s in chunk.lines]
    lines = [s for s in lines if s]
    whole = " ".join(lines)
    figure = _FIGURE.match(whole)
    if figure:
        return Statistic(figure=inline.text(figure.group(1)), md=figure.group(2), line=chunk.line)
    if whole.startswith(("“", '"')) and len(lines) >= 2 and re.match(r"[—–-] ?\S", lines[-1]):
        return PullQuote(
            text=inline.text(" ".join(lines[:-1])),
            by=inline.text(lines[-1].lstrip("—–- ")),
            line=chunk.line,
        )
    faults.add(
        chunk.line,
        "a quotation block is a statistic (> **14 of 41** the rest of the sentence. [s1]) or a pull quote (> “Words.” then > — speaker, role)",
    )
    return None


def _meaning(head: _Chunk, inside: list[_Chunk], faults: _Faults) -> tuple[Principle, ...]:
    out: list[Principle] = []
    for chunk in inside:
        if chunk.kind != "list":
            faults.add(chunk.line, f"“{MEANING}” is a list of - **Order.** Reason.")
            continue
        for item in _list(chunk).items:
            match = _PRINCIPLE.match(item.md)
            if not match:
                faults.add(item.line, "a principle begins with its order in bold: - **Start with the list.** Reason.")
                continue
            out.append(Principle(order=inline.text(match.group(1)).rstrip("."), md=match.group(2), line=item.line))
    if not out:
        faults.add(head.line, f"“{MEANING}” is empty; add two to four principles")
    return tuple(out)


def _next(head: _Chunk, inside: list[_Chunk], faults: _Faults) -> NextStep | None:
    paragraphs = [c for c in inside if c.kind == "para"]
    cost = _COST.match(paragraphs[-1].joined) if paragraphs else None
    if len(paragraphs) != len(inside) or cost is None or len(paragraphs) < 2:
        faults.add(
            head.line,
            f"“{NEXT_STEP}” is one or more paragraphs and then the line **Time:** … **Who:** … **You will have:** …",
        )
        return None
    return NextStep(
        blocks=tuple(Paragraph(md=c.joined, line=c.line) for c in paragraphs[:-1]),
        time=inline.text(cost.group(1)).rstrip("."),
        who=inline.text(cost.group(2)).rstrip("."),
        result=inline.text(cost.group(3)).rstrip("."),
        line=paragraphs[-1].line,
    )


def _faq(head: _Chunk, inside: list[_Chunk], faults: _Faults) -> tuple[Answer, ...]:
    out: list[tuple[_Chunk, list[Paragraph]]] = []
    for chunk in inside:
        if chunk.kind == "h3":
            out.append((chunk, []))
        elif chunk.kind == "para" and out:
            out[-1][1].append(Paragraph(md=chunk.joined, line=chunk.line))
        else:
            faults.add(chunk.line, f"under “{FAQ}” stand ### questions and paragraphs only")
    for question, answer in out:
        if not answer:
            faults.add(question.line, "this question has no answer; write one or remove it")
    if not out:
        faults.add(head.line, f"“{FAQ}” is empty; add ### questions or remove the heading")
    return tuple(Answer(question=inline.text(q.lines[0]), blocks=tuple(a), line=q.line) for q, a in out)


def _article(front: _Front, raw: dict[str, Any], lines: yamlfile.Lines, body: _Body) -> Article:
    return Article(
        id=front.id,
        edition=front.edition,
        status=front.status,
        kicker=front.kicker,
        title=front.title,
        dek=front.dek,
        author=front.author,
        short=Short(**front.short.model_dump()),
        topics=tuple(front.topics),
        jurisdictions=tuple(front.jurisdictions),
        sources=tuple(Cited(**s.model_dump()) for s in front.sources),
        lead=body.lead,
        sections=body.sections,
        meaning=body.meaning,
        next_step=body.next_step,
        faq=body.faq,
        updated=front.updated,
        corrections=tuple(Correction(**c.model_dump()) for c in front.corrections),
        limits=front.limits,
        lines={".".join(str(p) for p in path): n for path, n in lines.items() if path and path[0] in raw},
    )


# --------------------------------------------------------------------- walk


def body_blocks(article: Article) -> Iterator[tuple[str, Block]]:
    """Every block of the running text with where it stands: `lead` or `section:<question>`."""
    for block in article.lead:
        yield "lead", block
    for section in article.sections:
        for block in section.blocks:
            yield f"section:{section.question}", block


def passages(article: Article) -> Iterator[tuple[str, str, int]]:
    """(where, inline Markdown, line) of everything a reader reads below the head, in reading order.

    `where` is lead, section:<question>, statistic, pull, meaning, next or faq:<question>. A statistic's Markdown is its whole
    sentence. Titles of sections are not included.
    """
    for where, block in body_blocks(article):
        if isinstance(block, Paragraph):
            yield where, block.md, block.line
        elif isinstance(block, Bullets):
            for item in block.items:
                yield where, item.md, item.line
        elif isinstance(block, Statistic):
            yield "statistic", f"{inline.escape(block.figure)} {block.md}".strip(), block.line
        else:
            yield "pull", inline.escape(block.text), block.line
    for principle in article.meaning:
        yield "meaning", f"{inline.escape(principle.order)}. {principle.md}", principle.line
    if article.next_step:
        for block in article.next_step.blocks:
            yield "next", block.md, block.line
    for answer in article.faq:
        for block in answer.blocks:
            yield f"faq:{answer.question}", block.md, block.line


def inline_texts(article: Article) -> Iterator[tuple[int, str]]:
    """(line, inline Markdown) of every piece of running text, for checks of links and markers."""
    for _, md, line in passages(article):
        yield line, md


def words(article: Article) -> int:
    """Words of the body: lead to next step. Sources, questions and the record are not counted (DESIGN.md section 1)."""
    counted = [inline.text(md) for where, md, _ in passages(article) if where != "pull" and not where.startswith("faq:")]
    counted += [s.question for s in article.sections] + [MEANING, NEXT_STEP]
    return sum(len(t.split()) for t in counted)


def minutes(article: Article) -> int:
    """Reading time in whole minutes at 200 words a minute, at least 1."""
    return max(1, -(-words(article) // 200))


def source_order(article: Article) -> tuple[str, ...]:
    """Source ids in the order of first use in the text; unused ones follow in list order. Their place is the display number."""
    seen: dict[str, None] = {}
    for _, md, _ in passages(article):
        for marker in inline.cites(md):
            seen.setdefault(marker)
    for source in article.sources:
        seen.setdefault(source.id)
    return tuple(s for s in seen if article.cited(s))


# -------------------------------------------------------------------- write


def write(article: Article) -> bytes:
    """The article's canonical file: UTF-8, `\\n` line ends. `parse(write(a)) == a` up to line numbers."""
    return ("---\n" + "\n".join(_front_lines(article)) + "\n---\n" + "\n\n".join(_body_parts(article)) + "\n").encode("utf-8")


def _front_lines(a: Article) -> Iterator[str]:
    q = yamlfile.quoted
    yield f"id: {a.id}"
    yield f"edition: {a.edition.isoformat()}"
    yield f"status: {a.status}"
    for key in ("kicker", "title", "dek", "author"):
        yield f"{key}: {q(getattr(a, key))}"
    yield "short:"
    for key in ("happened", "matters", "do"):
        yield f"  {key}: {q(getattr(a.short, key))}"
    yield f"topics: [{', '.join(a.topics)}]"
    yield f"jurisdictions: [{', '.join(q(j) for j in a.jurisdictions)}]"
    if a.updated:
        yield f"updated: {a.updated.isoformat()}"
    if a.corrections:
        yield "corrections:"
        for c in a.corrections:
            yield f"  - date: {c.date.isoformat()}"
            yield f"    text: {q(c.text)}"
    if a.limits:
        yield f"limits: {q(a.limits)}"
    yield "sources:"
    for s in a.sources:
        yield from _source_lines(s)


def _source_lines(s: Cited) -> Iterator[str]:
    q = yamlfile.quoted
    yield f"  - id: {s.id}"
    yield f"    title: {q(s.title)}"
    yield f"    publisher: {q(s.publisher)}"
    yield f"    url: {q(s.url)}"
    yield f"    kind: {s.kind}"
    if s.published:
        yield f"    published: {s.published.isoformat()}"
    if s.read:
        yield f"    read: {s.read.isoformat()}"
    if s.snapshot:
        yield f"    snapshot: {q(s.snapshot)}"
    if s.archived:
        yield f"    archived: {q(s.archived)}"


def _body_parts(a: Article) -> Iterator[str]:
    for block in a.lead:
        yield _block_md(block)
    for section in a.sections:
        yield f"## {inline.escape(section.question)}"
        for block in section.blocks:
            yield _block_md(block)
    if a.meaning:
        yield f"## {MEANING}"
        yield "\n".join(f"- **{inline.escape(p.order)}.** {p.md}" for p in a.meaning)
    if a.next_step:
        yield f"## {NEXT_STEP}"
        for block in a.next_step.blocks:
            yield block.md
        n = a.next_step
        e = inline.escape
        yield f"**Time:** {e(n.time)}. **Who:** {e(n.who)}. **You will have:** {e(n.result)}."
    if a.faq:
        yield f"## {FAQ}"
        for answer in a.faq:
            yield f"### {inline.escape(answer.question)}"
            for block in answer.blocks:
                yield block.md


def _block_md(block: Block) -> str:
    if isinstance(block, Paragraph):
        return block.md
    if isinstance(block, Bullets):
        return "\n".join(f"{f'{n}.' if block.ordered else '-'} {p.md}" for n, p in enumerate(block.items, 1))
    if isinstance(block, Statistic):
        return f"> **{inline.escape(block.figure)}** {block.md}"
    return f"> {inline.escape(block.text)}\n> — {inline.escape(block.by)}"
