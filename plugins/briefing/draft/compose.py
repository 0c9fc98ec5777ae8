"""A model's kept sentences and the model-free draft into one article. Pure.

The model-free draft (the base) gives everything a model may not write: id, edition, status, author, sources, topics, meaning, next step,
the lines "matters" and "do". It also stands in wherever the model's words fell: the opening sentence, the title, a statistic, a list, the
quotation set apart, whole sections and questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .. import article as articles
from .. import inline, sentences
from ..evidence.absence import is_absence
from ..model import Answer, Article, Block, Bullets, Paragraph, PullQuote, Section, Statistic
from .judge import Material, cited, same
from .slots import Slot

#: Sections an article has, where the base has as many; questions it has at least and at most; points of a list.
SECTIONS = 3
QUESTIONS = (4, 6)
POINTS = (3, 5)
#: Sentences of one paragraph.
PARAGRAPH = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Composed:
    """The article, and which of the model's sentences stand in it."""

    article: Article
    used: frozenset[str]  # keys


@dataclass(slots=True)
class _Page:
    """The article while it is put together."""

    material: Material
    kept: Mapping[str, Slot]
    used: set[str]

    def take(self, slots: Iterable[Slot]) -> list[Slot]:
        """These slots, marked as used."""
        found = list(slots)
        self.used.update(s.key for s in found)
        return found

    def words(self, key: str, instead: str) -> str:
        """The model's words for a line of the head, or the base's."""
        if key not in self.kept:
            return instead
        self.used.add(key)
        return self.kept[key].text

    def paragraphs(self, slots: Sequence[Slot]) -> list[Block]:
        """Sentences in paragraphs, none of a single short sentence where it can be helped."""
        size = PARAGRAPH if len(slots) % PARAGRAPH != 1 else PARAGRAPH - 1
        parts = [slots[i : i + size] for i in range(0, len(slots), size)]
        return [Paragraph(md=" ".join(cited(s.text, self.material.markers(s)) for s in part)) for part in parts]


def compose(kept: Mapping[str, Slot], material: Material) -> Composed:
    """The article of these sentences (by key, in reading order) over the base. Sources that nothing cites any more leave the list."""
    base = material.base
    page = _Page(material, kept, set())
    title = page.words("headline", base.title)
    dek = page.words("dek", base.dek)
    short = replace(base.short, happened=page.words("happened", base.short.happened))
    lead = _lead(page)
    sections = _sections(page, lead)
    faq = _faq(page)
    made = replace(base, title=title, dek=dek, short=short, lead=tuple(lead), sections=tuple(sections), faq=tuple(faq), status="needs-review")
    used = {m for _, md, _ in articles.passages(made) for m in inline.cites(md)}
    return Composed(article=replace(made, sources=tuple(c for c in base.sources if c.id in used)), used=frozenset(page.used))


# --------------------------------------------------------------------- lead


def _lead(page: _Page) -> list[Block]:
    """The model's lead; the base's opening where the model's fell; the base's whole lead where too little is left."""
    base = page.material.base.lead
    found = [s for s in page.kept.values() if s.role == "lead"]
    if len(found) < 2:
        return list(base)
    if "lead.1" in page.kept:
        return page.paragraphs(page.take(found))
    opening = base[:1]
    rest = [s for s in found if not any(same(s.text, t) for t in _texts(opening, ()))]
    return [*opening, *page.paragraphs(page.take(rest))]


# ----------------------------------------------------------------- sections


def _sections(page: _Page, lead: Sequence[Block]) -> list[Section]:
    """The model's sections; the base's where too few are left, those first that hold a list or a quotation the model's have not."""
    base = page.material.base
    out = [s for n in _groups(page.kept, "section") if (s := _section(page, n)) is not None]
    if not out:
        return list(base.sections)
    wanted = min(SECTIONS, len(base.sections))
    for section in sorted(base.sections, key=lambda s: not _missing(s, out)):
        asked = {s.question.casefold() for s in out}
        needed = len(out) < wanted or _missing(section, out)
        if needed and section.question.casefold() not in asked and not _told(section, _texts(lead, out)):
            out.append(section)
    return _with_extras(page, out)


def _missing(section: Section, present: Sequence[Section]) -> bool:
    """Whether the section has a list or a quotation set apart and none of the others has."""
    kinds = {type(b) for s in present for b in s.blocks}
    return any(isinstance(b, Bullets | PullQuote) and type(b) not in kinds for b in section.blocks)


def _groups(kept: Mapping[str, Slot], kind: str) -> list[str]:
    return list(dict.fromkeys(s.group for s in kept.values() if s.group.startswith(kind + ".")))


def _section(page: _Page, group: str) -> Section | None:
    """The section of this number, or None where its question, its answer or all the rest fell."""
    own = [s for s in page.kept.values() if s.group == group]
    question = page.kept.get(f"{group}.question")
    told = [s for s in own if s.role == "sentence"]
    if question is None or len(told) < 2 or told[0].key != f"{group}.1":
        return None
    blocks = page.paragraphs(page.take([question, *told])[1:])
    points = [s for s in own if s.role == "point"][: POINTS[1]]
    if len(points) >= POINTS[0]:
        marks = page.material.markers
        blocks.append(Bullets(items=tuple(Paragraph(md=cited(s.text, marks(s))) for s in page.take(points))))
    return Section(question=question.text, blocks=tuple(blocks))


def _told(section: Section, texts: Sequence[str]) -> bool:
    """Whether most of what a section says stands in these sentences already."""
    own = _texts((), (section,))
    return sum(any(same(t, other) for other in texts) for t in own) > len(own) / 2


def _with_extras(page: _Page, sections: list[Section]) -> list[Section]:
    """The sections with one statistic, one list and one quotation set apart: the model's, else the base's."""
    present = [b for s in sections for b in s.blocks]
    blocks = [b for s in page.material.base.sections for b in s.blocks]
    if not any(isinstance(b, Statistic) for b in present):
        slot = page.kept.get("statistic")
        if slot is not None:
            page.take([slot])
            sections[0] = _added(sections[0], Statistic(figure=slot.figure, md=cited(slot.text, page.material.markers(slot))))
        else:
            sections[0] = _added(sections[0], *[b for b in blocks if isinstance(b, Statistic)][:1])
    if not any(isinstance(b, Bullets) for b in present):
        sections[-1] = _added(sections[-1], *[b for b in blocks if isinstance(b, Bullets)][:1])
    if not any(isinstance(b, PullQuote) for b in present):
        _add_pull(sections, blocks)
    return sections


def _add_pull(sections: list[Section], base: Sequence[Block]) -> None:
    """The base's quotation, behind the section that holds its words, or with the base's paragraph that holds them."""
    pull = next((b for b in base if isinstance(b, PullQuote)), None)
    if pull is None:
        return
    words = pull.text.strip("“”").rstrip(".,")
    for n, section in enumerate(sections):
        if any(words in text for text in _texts((), (section,))):
            sections[n] = _added(section, pull)
            return
    holder = next((b for b in base if isinstance(b, Paragraph) and words in inline.text(b.md)), None)
    if holder is not None:
        sections[-1] = _added(sections[-1], holder, pull)


def _added(section: Section, *blocks: Block) -> Section:
    return replace(section, blocks=(*section.blocks, *blocks))


# ---------------------------------------------------------------- questions


def _faq(page: _Page) -> list[Answer]:
    """The model's answers, then the base's: those that say what the sources do not tell always, others to make up the number."""
    out: list[Answer] = []
    base = page.material.base.faq
    silent = [a for a in base if any(is_absence(inline.text(b.md)) for b in a.blocks)]
    for group in _groups(page.kept, "faq"):
        own = [s for s in page.kept.values() if s.group == group and s.role == "answer"]
        question = page.kept.get(f"{group}.question")
        if question is not None and own and own[0].key == f"{group}.1" and len(out) < QUESTIONS[1] - len(silent):
            out.append(Answer(question=question.text, blocks=tuple(_as_paragraphs(page, question, own))))
    for answer in base:
        fresh = not any(same(inline.text(b.md), t) for b in answer.blocks for t in _answers(out))
        if answer in silent or (len(out) < QUESTIONS[0] - len(silent) and fresh):
            out.append(answer)
    return out if len(out) >= min(QUESTIONS[0], len(base)) else [*out, *(a for a in base if a not in out)][: QUESTIONS[0]]


def _as_paragraphs(page: _Page, question: Slot, own: list[Slot]) -> Iterable[Paragraph]:
    page.take([question, *own])
    return (b for b in page.paragraphs(own) if isinstance(b, Paragraph))


def _answers(answers: Iterable[Answer]) -> list[str]:
    return [t for a in answers for b in a.blocks for t in (s.text for s in sentences.cited(b.md))]


def _texts(lead: Iterable[Block], sections: Iterable[Section]) -> list[str]:
    """Every sentence of these blocks, plain."""
    out: list[str] = []
    for block in [*lead, *(b for s in sections for b in s.blocks)]:
        parts = [block] if isinstance(block, Paragraph) else list(block.items) if isinstance(block, Bullets) else []
        out += [s.text for p in parts for s in sentences.cited(p.md)]
    return out
