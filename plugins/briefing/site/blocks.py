"""An article's Markdown as safe HTML: blocks for the page, one piece for feeds, openings for the edition page.

The only place where running text becomes markup. Everything comes out of `inline.html`, which escapes; there is no second reading
of Markdown and no pass over finished pages.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from .. import article as articles
from .. import inline
from ..model import Article, Block, Bullets, Paragraph, Statistic
from . import view, words

#: Fragments that the templates use themselves.
RESERVED = ("main", "title", "short", "correction", "means", "next", "sources", "faq", "how", "subscribe", "sub-h", "rel-h", "email", "x")
WORDS_A_MINUTE = 200  # as article.minutes counts; a test holds them together
_BETWEEN = re.compile(r"</a></sup>\s*<sup class=\"cite\">")


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """Everything of an article that is read out of its running text. Made once: reading inline Markdown is what a build costs most."""

    order: tuple[str, ...]  # source ids by display number
    words: int
    minutes: int
    numbers: Numbers
    lead: tuple[view.BlockView, ...]
    sections: tuple[view.SectionView, ...]
    meaning: tuple[view.Row, ...]
    next_step: view.NextStepView | None
    faq: tuple[view.Faq, ...]
    opening: tuple[str, ...]  # the source ids of the first paragraph
    feed: str  # the whole article for feed readers


def body(article: Article, address: str) -> Body:
    """The body of one article; `address` is that of its page, for feeds."""
    order = articles.source_order(article)
    numbers = Numbers(order)
    counted = articles.words(article)
    return Body(
        order=order,
        words=counted,
        minutes=max(1, -(-counted // WORDS_A_MINUTE)),
        numbers=numbers,
        lead=tuple(block(b, numbers, article) for b in article.lead),
        sections=sections(article, numbers),
        meaning=tuple(view.Row(label=p.order, html=inside(p.md, numbers.marker)) for p in article.meaning),
        next_step=next_step(article, numbers),
        faq=faq(article, numbers),
        opening=inline.cites(opening(article)),
        feed=feed(article, address, order),
    )


class Numbers:
    """Display numbers of cited sources, given out in order of first use, and the markup of a marker.

    `page` is put before the fragment: empty for the page itself, the article's whole address in a feed.
    """

    def __init__(self, order: tuple[str, ...], page: str = "") -> None:
        self.of: Mapping[str, int] = {s: n for n, s in enumerate(order, 1)}
        self._page = html.escape(page)

    def marker(self, source_id: str) -> str:
        """A marker's HTML: a link to the source that says its number aloud."""
        number = self.of[source_id]
        return f'<sup class="cite"><a href="{self._page}#source-{number}" aria-label="Source {number}">{number}</a></sup>'

    def anchor(self, source_id: str) -> view.Anchor:
        """A link to the source with its number as text."""
        return view.Anchor(text=str(self.of[source_id]), href=f"{html.unescape(self._page)}#source-{self.of[source_id]}")


def inside(md: str, marker: Callable[[str], str]) -> Markup:
    """A paragraph's inside. Neighbouring markers become one superscript: 1, 2 and not 12."""
    return Markup(_BETWEEN.sub("</a>, ", inline.html(md, marker)))  # inline.html escapes every word


def _none(_: str) -> str:
    return ""


def block(b: Block, numbers: Numbers, article: Article) -> view.BlockView:
    """One block of the running text."""
    if isinstance(b, Paragraph):
        return view.Para(html=inside(b.md, numbers.marker))
    if isinstance(b, Bullets):
        return view.List(items=tuple(inside(i.md, numbers.marker) for i in b.items), ordered=b.ordered)
    if isinstance(b, Statistic):
        return view.Stat(figure=b.figure, html=inside(b.md, _none), sources=_stat_sources(b, numbers, article))
    return view.Pull(text=b.text, by=b.by)


def _stat_sources(b: Statistic, numbers: Numbers, article: Article) -> tuple[view.Anchor, ...]:
    out = []
    for source_id in dict.fromkeys(inline.cites(b.md)):
        source = article.cited(source_id)
        if source:
            out.append(view.Anchor(text=f"{source.publisher}, {source.title}", href=numbers.anchor(source_id).href))
    return tuple(out)


def sections(article: Article, numbers: Numbers) -> tuple[view.SectionView, ...]:
    """The question sections with their fragments; a fragment never collides with one of the page's own."""
    taken = set(RESERVED)
    out = []
    for section in article.sections:
        stem = words.slug(section.question)[:60].rstrip("-")
        name, n = stem, 2
        while name in taken or name.startswith("source-"):
            name, n = f"{stem}-{n}" if not stem.startswith("source-") else f"on-{stem}", n + 1
        taken.add(name)
        out.append(view.SectionView(id=name, title=section.question, blocks=tuple(block(b, numbers, article) for b in section.blocks)))
    return tuple(out)


def next_step(article: Article, numbers: Numbers) -> view.NextStepView | None:
    """The one thing to do, where the article has one."""
    step = article.next_step
    if step is None:
        return None
    return view.NextStepView(
        title=articles.NEXT_STEP,
        blocks=tuple(inside(b.md, numbers.marker) for b in step.blocks),
        time=step.time,
        who=step.who,
        result=step.result,
    )


def faq(article: Article, numbers: Numbers) -> tuple[view.Faq, ...]:
    """The questions with their answers, marked up and in plain words."""
    return tuple(
        view.Faq(
            id=f"question-{n}",
            question=a.question,
            blocks=tuple(inside(b.md, numbers.marker) for b in a.blocks),
            text=" ".join(inline.text(b.md) for b in a.blocks),
        )
        for n, a in enumerate(article.faq, 1)
    )


# --------------------------------------------------------------------- feed


def feed(article: Article, page: str, order: tuple[str, ...]) -> str:
    """The whole article as plain HTML for feed readers: no classes needed, no style, every link absolute. `page` is its address."""
    numbers = Numbers(order, page)
    e = html.escape
    corrected = sorted(article.corrections, key=lambda c: c.date, reverse=True)
    out = [f'<p><strong>Correction, <time datetime="{c.date.isoformat()}">{words.day(c.date)}</time>.</strong> {e(c.text)}</p>' for c in corrected]
    out += [f"<p><strong>{label}</strong> {e(text)}</p>" for label, text in short_lines(article)]
    out += [_feed_block(b, numbers, article) for b in article.lead]
    if article.limits:
        out.append(f"<p><em>{e(article.limits)}</em></p>")
    for section in article.sections:
        out.append(f"<h2>{e(section.question)}</h2>")
        out += [_feed_block(b, numbers, article) for b in section.blocks]
    if article.meaning:
        rows = "".join(f"<li><strong>{e(p.order)}.</strong> {inside(p.md, numbers.marker)}</li>" for p in article.meaning)
        out.append(f"<h2>{e(articles.MEANING)}</h2><ul>{rows}</ul>")
    if article.next_step:
        step = article.next_step
        out.append(f"<h2>{e(articles.NEXT_STEP)}</h2>")
        out += [f"<p>{inside(b.md, numbers.marker)}</p>" for b in step.blocks]
        cost = f"<strong>Time:</strong> {e(step.time)}. <strong>Who:</strong> {e(step.who)}. <strong>You will have:</strong> {e(step.result)}."
        out.append(f"<p>{cost}</p>")
    out.append(_feed_end(article, numbers))
    return _clean("".join(out))


def _feed_block(b: Block, numbers: Numbers, article: Article) -> str:
    shown = block(b, numbers, article)
    if isinstance(shown, view.Para):
        return f"<p>{shown.html}</p>"
    if isinstance(shown, view.List):
        tag = "ol" if shown.ordered else "ul"
        return f"<{tag}>{''.join(f'<li>{i}</li>' for i in shown.items)}</{tag}>"
    if isinstance(shown, view.Stat) and isinstance(b, Statistic):
        return f"<blockquote><p><strong>{html.escape(shown.figure)}</strong> {inside(b.md, numbers.marker)}</p></blockquote>"
    return ""  # the pull quote repeats words of the text: a feed reader would only see them twice


def _feed_end(article: Article, numbers: Numbers) -> str:
    e = html.escape
    rows = []
    for source_id in numbers.of:
        source = article.cited(source_id)
        if source:
            rows.append(f'<li><a href="{e(source.url)}">{e(source.title)}</a>, {e(source.publisher)}</li>')
    questions = "".join(f"<h3>{e(a.question)}</h3>" + "".join(f"<p>{inside(b.md, numbers.marker)}</p>" for b in a.blocks) for a in article.faq)
    asked = f"<h2>{e(articles.FAQ)}</h2>{questions}" if article.faq else ""
    return f"<h2>Sources</h2><ol>{''.join(rows)}</ol>{asked}"


def _clean(text: str) -> str:
    return text.replace(' class="cite"', "")


def short_lines(article: Article) -> tuple[tuple[str, str], ...]:
    """The short version's three lines with their labels."""
    s = article.short
    return (("What happened.", s.happened), ("Why it matters.", s.matters), ("What to do.", s.do))


def opening(article: Article) -> str:
    """The first paragraph of the lead, as inline Markdown."""
    return next((b.md for b in article.lead if isinstance(b, Paragraph)), "")
