"""An article without sentences that could not be shown. What falls empty by it goes too."""

from __future__ import annotations

from dataclasses import replace

from .. import inline, sentences
from ..article import passages
from ..model import Answer, Article, Block, Bullets, Paragraph, PullQuote, Section, Statistic


def without(article: Article, bad: set[str]) -> Article:
    """The article without these sentences (plain text), callouts whose words are gone, empty sections, and sources no longer cited."""
    sections = tuple(s for s in (_section(section, bad) for section in article.sections) if s is not None)
    lead = tuple(b for b in (_block(b, bad) for b in article.lead) if b is not None) or article.lead
    faq = tuple(a for a in (_answer(a, bad) for a in article.faq) if a is not None)
    trimmed = replace(
        article,
        lead=lead,
        sections=_pulls(sections),
        faq=faq,
        dek="" if article.dek in bad else article.dek,
        short=replace(article.short, happened=article.title.rstrip(".") + "." if article.short.happened in bad else article.short.happened),
    )
    used = {m for md in _all_md(trimmed) for m in inline.cites(md)}
    return replace(trimmed, sources=tuple(s for s in trimmed.sources if s.id in used) or trimmed.sources[:1])


def _section(section: Section, bad: set[str]) -> Section | None:
    blocks = [b for b in (_block(b, bad) for b in section.blocks) if b is not None]
    return replace(section, blocks=tuple(blocks)) if any(isinstance(b, Paragraph) for b in blocks) else None


def _block(block: Block, bad: set[str]) -> Block | None:
    if isinstance(block, Paragraph):
        md = _md(block.md, bad)
        return replace(block, md=md) if md else None
    if isinstance(block, Bullets):
        items = tuple(i for i in block.items if inline.text(i.md) not in bad)
        return replace(block, items=items) if len(items) >= 3 else None
    if isinstance(block, Statistic):
        return None if inline.text(f"{inline.escape(block.figure)} {block.md}") in bad else block
    return None if block.text in bad else block


def _md(md: str, bad: set[str]) -> str:
    if not any(s.text in bad for s in sentences.cited(md)):
        return md  # untouched: the splitter may join what we wrote as two
    kept = []
    for sentence in sentences.cited(md):
        if sentence.text not in bad:
            marks = "".join(f"[{m}]" for m in sentence.markers)
            kept.append(f"{inline.escape(sentence.text)} {marks}".rstrip())
    return " ".join(kept)


def _answer(answer: Answer, bad: set[str]) -> Answer | None:
    blocks = tuple(replace(b, md=md) for b in answer.blocks if (md := _md(b.md, bad)))
    return replace(answer, blocks=blocks) if blocks else None


def _pulls(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Pull quotes only where their words still stand in the running text."""
    body = " ".join(inline.text(b.md) for s in sections for b in s.blocks if isinstance(b, Paragraph))
    return tuple(replace(s, blocks=tuple(b for b in s.blocks if not isinstance(b, PullQuote) or b.text.strip("“”") in body)) for s in sections)


def _all_md(article: Article) -> list[str]:
    return [md for _, md, _ in passages(article)]
