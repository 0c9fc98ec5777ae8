"""A source's text, read once: its sentences with their words, figures, dates and names. And a story's sources together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from .. import sentences
from ..model import Article, Cited, Snapshot
from . import dates, names, numbers
from .dates import Day
from .names import Name
from .numbers import Number
from .words import tokens


@dataclass(frozen=True)
class Line:
    """One sentence of a source, with its place in the snapshot's text."""

    text: str
    start: int
    end: int
    paragraph: int
    number: int = 0  # its place among the text's sentences

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """The dates it tells."""
        return dates.find(self.text)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """The figures it tells."""
        return figures(self.text)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Whom and what it names."""
        return names.find(self.text)

    @cached_property
    def placed(self) -> tuple[tuple[str, int, int], ...]:
        """Every word in small letters, without possessives, for finding names, with its offsets in the sentence."""
        return tuple((w, t.start, t.end) for t in tokens(self.text) if (w := names.bare(t.text)))

    @cached_property
    def words(self) -> frozenset[str]:
        """The same words without their places."""
        return frozenset(w for w, _, _ in self.placed)

    @cached_property
    def stems(self) -> frozenset[str]:
        """What it is about: stems of its content words, figures and dates."""
        return gist(self.text)


def figures(text: str) -> tuple[Number, ...]:
    """The figures of a sentence that are not part of a date."""
    return numbers.find(text, tuple((d.start, d.end) for d in dates.find(text)))


@lru_cache(maxsize=8192)
def gist(text: str) -> frozenset[str]:
    """Stems of the content words, with figures and dates by what they are worth: "61 %" and "sixty-one percent" meet."""
    days = dates.find(text)
    amounts = figures(text)
    taken = [(d.start, d.end) for d in days] + [(n.start, n.end) for n in amounts]
    words = {t.stem for t in tokens(text) if t.content and not any(a <= t.start < b for a, b in taken)}
    return frozenset(words | {d.key for d in days} | {n.key for n in amounts})


#: What has no full stop for so many characters is no sentence but a list or a trick: it is read in pieces, so that no page costs more than its length.
LONGEST_LINE = 1500


def _bounded(text: str, spans: Iterable[sentences.Span]) -> Iterator[sentences.Span]:
    for start, end in spans:
        while end - start > LONGEST_LINE:
            cut = text.rfind(" ", start + LONGEST_LINE // 2, start + LONGEST_LINE)
            cut = cut if cut > start else start + LONGEST_LINE
            yield start, cut
            start = cut + 1 if text[cut : cut + 1] == " " else cut
        yield start, end


@lru_cache(maxsize=256)
def lines(text: str) -> tuple[Line, ...]:
    """The sentences of a source's text."""
    out: list[Line] = []
    for number, (start, end) in enumerate(sentences.paragraphs(text)):
        for a, b in _bounded(text[start:end], sentences.spans(text[start:end])):
            out.append(Line(text[start + a : start + b], start + a, start + b, number, len(out)))
    return tuple(out)


@dataclass(frozen=True)
class Reading:
    """One source of an article, read."""

    id: str
    publisher: str
    title: str
    author: str
    url: str
    published: date | None
    snapshot: str
    text: str

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Its sentences in order."""
        return lines(self.text)

    @cached_property
    def label(self) -> frozenset[str]:
        """The words of its publisher, title and author: naming them needs no sentence of the text."""
        return frozenset(w for w in (names.bare(t.text) for t in tokens(f"{self.publisher} {self.title} {self.author}")) if w)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the text in small letters."""
        return frozenset(w for line in self.lines for w in line.words)

    @cached_property
    def small(self) -> frozenset[str]:
        """Words that the text writes with a small first letter."""
        return frozenset(t.text for line in self.lines for t in tokens(line.text) if t.text[0].islower())

    @cached_property
    def called(self) -> frozenset[str]:
        """Words of the names that are sure to be names."""
        return frozenset(w for line in self.lines for n in line.names if n.sure for w in n.words)

    @cached_property
    def alone(self) -> frozenset[str]:
        """Words that are a sure name by themselves."""
        return frozenset(n.words[0] for line in self.lines for n in line.names if n.sure and len(n.words) == 1)

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """Short forms that its names of several words would have."""
        return frozenset(names.acronym(n.text).lower() for line in self.lines for n in line.names if len(n.words) > 1)


@dataclass(frozen=True)
class Sources:
    """The sources of one article that can be looked into, and how much each word weighs among them."""

    by_id: Mapping[str, Reading]
    edition: date
    known: frozenset[str]  # every id of the source list, read or not

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """Rare words weigh more: log(1 + sentences / sentences with the word)."""
        return _weights(tuple(r.text for r in self.by_id.values()))

    def weight(self, stems: Iterable[str]) -> float:
        """The weight of these words together."""
        table = self.weights
        return sum(table.get(s, table[""]) for s in stems)

    def coverage(self, claim: frozenset[str], text: frozenset[str]) -> float:
        """How much of the claim's weight the text has, 0 to 1."""
        return self.coverages(claim, (text,))[0]

    def coverages(self, claim: frozenset[str], texts: Iterable[frozenset[str]]) -> list[float]:
        """The same for many texts at once."""
        table = self.weights
        mine = {s: table.get(s, table[""]) for s in claim}
        whole = sum(mine.values()) or 1.0
        return [sum(mine[s] for s in claim & text) / whole for text in texts]

    def some(self, ids: Iterable[str]) -> tuple[Reading, ...]:
        """The readings of these ids that there are."""
        return tuple(self.by_id[i] for i in ids if i in self.by_id)


@lru_cache(maxsize=64)
def _weights(texts: tuple[str, ...]) -> Mapping[str, float]:
    seen: Counter[str] = Counter()
    total = 1
    for text in texts:
        total += len(lines(text))
        for line in lines(text):
            seen.update(line.stems)
    return {word: math.log(1 + total / n) for word, n in seen.items()} | {"": math.log(1 + total)}


@lru_cache(maxsize=256)
def _reading(cited: Cited, snapshot: Snapshot) -> Reading:
    """Cached, because a drafter asks about one sentence after the other with the same texts."""
    return Reading(
        id=cited.id,
        publisher=cited.publisher,
        title=f"{cited.title} {snapshot.title}",
        author=snapshot.author,
        url=cited.url,
        published=cited.published,
        snapshot=snapshot.hash,
        text=snapshot.text,
    )


def sources(article: Article, texts: Mapping[str, Snapshot]) -> Sources:
    """The article's sources as they were read. A source without a text is left out."""
    return Sources(
        by_id={c.id: _reading(c, snapshot) for c in article.sources if (snapshot := texts.get(c.id)) is not None},
        edition=article.edition,
        known=frozenset(c.id for c in article.sources),
    )
