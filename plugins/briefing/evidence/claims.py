"""Every sentence of an article, typed: what needs a source, and what is the house's own voice."""

from __future__ import annotations

from collections.abc import Iterator

from .. import inline, sentences
from ..article import passages
from ..model import Article, Claim, ClaimType
from . import absence, dates, names, quotations
from .reading import figures

#: Places whose claims may rest on any source of the story, because they carry no markers by design.
EVERYWHERE = ("title", "dek", "short.happened", "pull")
#: Types that need a source.
SOURCED: frozenset[ClaimType] = frozenset({"fact", "quote", "statistic", "absence"})


def claims(article: Article) -> tuple[Claim, ...]:
    """Every sentence of the article in reading order, typed, with where it stands and its line; nothing is looked up."""
    return (*_head(article), *_text(article))


def _head(article: Article) -> Iterator[Claim]:
    line = article.lines.get
    yield Claim(text=article.title, type="fact", where="title", sources=(), line=line("title", 0))
    for text in sentences.split(article.dek):
        yield Claim(text=text, type=_plain_type(text), where="dek", sources=(), line=line("dek", 0))
    for text in sentences.split(article.short.happened):
        yield Claim(text=text, type="fact", where="short.happened", sources=(), line=line("short.happened", line("short", 0)))
    for text in sentences.split(article.short.matters):
        yield Claim(text=text, type="analysis", where="short.matters", sources=(), line=line("short.matters", line("short", 0)))
    for text in sentences.split(article.short.do):
        yield Claim(text=text, type="advice", where="short.do", sources=(), line=line("short.do", line("short", 0)))


def _text(article: Article) -> Iterator[Claim]:
    headings = {f"section:{s.question}": (s.question, s.line) for s in article.sections}
    headings |= {f"faq:{a.question}": (a.question, a.line) for a in article.faq}
    for where, md, line in passages(article):
        if where in headings:
            question, at = headings.pop(where)
            yield Claim(text=question, type="question", where=where, sources=(), line=at)
        if where == "pull":
            yield Claim(text=inline.text(md), type="quote", where=where, sources=(), line=line)
            continue
        for sentence in sentences.cited(md):
            yield Claim(text=sentence.text, type=type_of(sentence.text, sentence.markers, where), where=where, sources=sentence.markers, line=line)


def type_of(text: str, markers: tuple[str, ...], where: str) -> ClaimType:
    """What kind of claim a sentence is, from its words, its markers and its place."""
    if where == "statistic":
        return "statistic"
    if text.rstrip("”\"') ").endswith("?") and not markers:
        return "question"
    if absence.is_absence(text) and (markers or absence.OF_SOURCES.search(text)):
        return "absence"
    if any(q.words >= quotations.SHORTEST for q in quotations.find(text)) and (markers or where not in {"meaning", "next"}):
        return "quote"
    if markers:
        return "fact"
    if where == "meaning":
        return "house"
    return "advice" if where == "next" else "analysis"


def _plain_type(text: str) -> ClaimType:
    """A dek's sentence is a fact where it tells a detail, else the writer's view."""
    if any(q.words >= quotations.SHORTEST for q in quotations.find(text)):
        return "quote"
    told = figures(text) or dates.find(text) or any(n.sure for n in names.find(text))
    return "fact" if told else "analysis"
