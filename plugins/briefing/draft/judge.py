"""May this sentence of a model stay? Every rule in turn, stricter than for a person's draft: what only needs an eye is refused too.

A sentence is held against two readings of its sources. First against every passage the model was shown: a name, a role or a speaker may
come from any of them. Then against the passages the sentence names and nothing else: figures, dates, quotations, "not" and "may"
must stand there, and most of its words. What the model was not shown (orders to software among it) supports nothing.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from .. import evidence, inline
from ..model import Article, Cited, Claim, Paragraph, Section, Snapshot, Statistic
from .english import DATE, Runs, content
from .reply import Fault, fault
from .request import Numbered, numbered
from .slots import Slot

#: Reasons of this module: what is said of the sentence, and what to do.
REASONS: Mapping[str, tuple[str, str]] = {
    "no-passage-named": ("names no passage", "name the passages it comes from"),
    "unknown-passage": ("names a passage that does not exist", "name passages of the list only"),
    "absence": ("says what is not told", "leave it out"),
    "figure-elsewhere": ("has a figure that the passages it names do not write", "copy the figure as a passage writes it"),
    "copied": ("copies a source", "say it in other words, or quote a part of it"),
    "unlike-passages": ("is only loosely like the passages it names", "say no more than they do"),
    "leaning": ("needs a sentence before it that is not there", "say whom or what it is about"),
    "repeated": ("says again what stands before", "leave it out, or tell something new"),
}
#: The longest run of words shared with a source outside quotation marks.
LONGEST_RUN = 12
#: The share of a sentence's telling words that its passages must carry.
CARRIED = 0.5
#: From this share of common telling words on, two sentences say the same.
SAME = 0.75
_RELATIVE = re.compile(
    r"\b(?:today|yesterday|tomorrow|tonight|now|(?:this|last|next) (?:week|month|year|quarter|\w+day)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
#: Words that place a sentence with its source: they need no passage.
_PLACING = "according account report reports reported says said states stated writes wrote page published"
_PUBLISHED = re.compile(r"\b(?:said|says|published?|publishes|reported|reports|issued|announced|wrote|posted)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_QUOTED = re.compile(r"“[^”]*”,?")
_OPENS = re.compile(r"\W*(?:It|Its|He|She|They|Their|His|Her|This|That|These|Those|Both|Such|The same|(?:One|Two|Some|None) of them)\b(?! is (?:not )?clear)")
_PERSON = re.compile(r"\b(?:he|she|him|his|hers?)\b", re.IGNORECASE)
_NAMED_BEFORE = re.compile(r"[A-Z][\w’-]+ [A-Z][\w’-]+.*?\b(?:he|she|him|his|hers?)\b")
#: What must stand in the named passages themselves, by the first word of evidence's reason.
_NAMED = ("number", "date", "quote", "statistic", "negation", "modality")
#: What a question may be refused for: it tells nothing, but it may bring in no name and no figure.
_IN_QUESTIONS = ("number", "date", "quote", "name")
_HARMLESS = frozenset({"unused-source", "partly-unread"})


@dataclass(frozen=True, kw_only=True)
class Material:
    """What one story gives a model to write from: the model-free draft, its sources' texts, and the passages that are shown."""

    base: Article
    texts: Mapping[str, Snapshot]

    @cached_property
    def passages(self) -> tuple[Numbered, ...]:
        """The passages the model is shown."""
        return numbered(self.base.sources, self.texts)

    @cached_property
    def by_id(self) -> Mapping[str, Numbered]:
        """Passage id → passage."""
        return {p.id: p for p in self.passages}

    @cached_property
    def shown(self) -> Mapping[str, Snapshot]:
        """The sources with everything blanked that the model was not shown; places stay what they are."""
        return self._only(self.passages)

    @cached_property
    def alphabet(self) -> frozenset[str]:
        """Every character of the passages."""
        return frozenset("".join(p.text for p in self.passages))

    @cached_property
    def runs(self) -> Runs:
        """Where copied runs are looked for: the whole texts."""
        return Runs(s.text for s in self.texts.values())

    def named(self, ids: Iterable[str]) -> Mapping[str, Snapshot]:
        """The sources with everything blanked but these passages."""
        return self._only([self.by_id[i] for i in ids])

    def markers(self, slot: Slot) -> tuple[str, ...]:
        """The sources whose passages the sentence names, each once, in the order of the source list."""
        held = {self.by_id[i].source for i in slot.passages if i in self.by_id}
        return tuple(c.id for c in self.base.sources if c.id in held)

    def _only(self, passages: Iterable[Numbered]) -> dict[str, Snapshot]:
        keep: dict[str, list[Numbered]] = {}
        for p in passages:
            keep.setdefault(p.source, []).append(p)
        return {source: replace(self.texts[source], text=_blanked(self.texts[source].text, parts)) for source, parts in keep.items()}


def _blanked(text: str, keep: Iterable[Numbered]) -> str:
    out = [c if c.isspace() else " " for c in text]
    for p in keep:
        out[p.start : p.end] = text[p.start : p.end]
    return "".join(out)


# -------------------------------------------------------------------- rules


def faults(slot: Slot, material: Material) -> tuple[Fault, ...]:
    """Why the sentence cannot stay; empty where it can. Its words are looked up only where they keep the rules for words."""
    broken = fault(slot.figure, "figure", material.alphabet) if slot.role == "statistic" else None
    broken = broken or fault(slot.whole, slot.kind, material.alphabet)
    if broken:
        return (broken,)
    if slot.role in {"question", "asked"}:
        return tuple(_problems(slot, material, material.shown, _IN_QUESTIONS))
    if not slot.passages:
        return (_fault("no-passage-named"),)
    if any(i not in material.by_id for i in slot.passages):
        return (_fault("unknown-passage"),)
    if _claim(slot, material)[1].type == "absence":
        return (_fault("absence"),)
    return tuple(dict.fromkeys(_looked_up(slot, material)))


def _looked_up(slot: Slot, material: Material) -> Iterator[Fault]:
    if material.runs.longest(slot.whole) > LONGEST_RUN:
        yield _fault("copied")
    yield from _problems(slot, material, material.shown, ())
    named = material.named(slot.passages)
    yield from _problems(slot, _undated(slot, material, named), named, _NAMED)
    if loose_figures(slot.whole, " ".join(s.text for s in named.values())):
        yield _fault("figure-elsewhere")
    publishers = " ".join(c.publisher for c in material.base.sources if c.id in named)
    if carried(slot.whole, (s.text for s in named.values()), f"{publishers} {_PLACING}") < CARRIED:
        yield _fault("unlike-passages")


def _undated(slot: Slot, material: Material, named: Mapping[str, Snapshot]) -> Material:
    """The material without the days of publication, where they are not what the sentence speaks of.

    A model is told each source's day; it may not make that the day of an event. The day stands where a named passage counts from it ("today",
    "on Tuesday"), and where the sentence tells that the publisher said or published something.
    """

    def kept(cited: Cited) -> bool:
        said = bool(_PUBLISHED.search(slot.whole)) and cited.publisher.removeprefix("The ").split(" ")[0] in slot.whole
        return cited.id not in named or said or bool(_RELATIVE.search(named[cited.id].text))

    plain = tuple(c if kept(c) else replace(c, published=None) for c in material.base.sources)
    return Material(base=replace(material.base, sources=plain), texts=material.texts)


def loose_figures(sentence: str, passages: str) -> tuple[str, ...]:
    """Figures of the sentence, days apart, that the passages do not write: in digits, or in words up to twelve.

    A second lock beside evidence, which reads "more than 40" as true of 45. A model may not round, add up or convert.
    """
    held = set(_FIGURE.findall(passages))
    spelled = {str(n) for n, word in enumerate(_WORDS, 1) if re.search(rf"\b{word}\b", passages, re.IGNORECASE)}
    return tuple(f for f in _FIGURE.findall(DATE.sub(" ", sentence)) if f not in held | spelled)


def carried(sentence: str, texts: Iterable[str], placing: str = "") -> float:
    """The share of the sentence's telling words that stand in these texts together, 0 to 1; days and words of `placing` are not counted.

    A sentence of nothing but those tells nothing, and carries 0.
    """
    words = content(DATE.sub(" ", sentence))
    held = frozenset[str]().union(*(content(t) for t in texts))
    counted = words - (content(placing) - held)
    return len(counted & held) / len(counted) if counted else 0.0


def _problems(slot: Slot, material: Material, texts: Mapping[str, Snapshot], families: tuple[str, ...]) -> Iterator[Fault]:
    """What evidence says against the sentence with these texts: everything, or only the reasons of these families."""
    probe, claim = _claim(slot, material)
    for problem in evidence.check_claim(claim, probe, texts).problems:
        if problem.reason not in _HARMLESS and (not families or problem.reason.startswith(families)):
            yield Fault(reason=problem.reason, found=problem.found, fix=problem.fix)


def _claim(slot: Slot, material: Material) -> tuple[Article, Claim]:
    """An article of this sentence alone, and the sentence as a claim of it.

    The second line and "what happened" are judged as sentences of the lead: there a vague one, too, needs a passage that is about it.
    """
    base, marks = material.base, material.markers(slot)
    bare = replace(base, lead=(), sections=(), meaning=(), next_step=None, faq=(), limits="", dek="", short=replace(base.short, happened="", matters="", do=""))
    if slot.role in {"headline", "question", "asked"}:
        probe, where = replace(bare, title=slot.text), "title"
    elif slot.role == "statistic":
        stat = Statistic(figure=slot.figure, md=cited(slot.text, marks))
        probe, where = replace(bare, sections=(Section(question="What?", blocks=(stat,)),)), "statistic"
    else:
        probe, where = replace(bare, lead=(Paragraph(md=cited(slot.text, marks)),)), "lead"
    return probe, next(c for c in evidence.claims(probe) if c.where == where)


def cited(text: str, markers: Iterable[str]) -> str:
    """Plain words as inline Markdown, the markers after them."""
    marks = "".join(f"[{m}]" for m in markers)
    return f"{inline.escape(text)} {marks}" if marks else inline.escape(text)


def same(one: str, other: str) -> bool:
    """Whether two sentences say the same: one has most of the other's telling words."""
    a, b = content(one), content(other)
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= SAME


def between(held: Iterable[Slot], failed: Container[str]) -> Mapping[str, Fault]:
    """What is wrong with sentences beside each other, by key; `failed` are those that fell by themselves.

    A question asked twice, a sentence that says again what an earlier one says, and one that leans on a sentence that fell.
    """
    told: dict[bool, list[Slot]] = {False: [], True: []}  # the running text, and the answers, which may take up what it says
    asked: set[str] = set()
    found: dict[str, Fault] = {}
    before: Slot | None = None  # the kept sentence directly before, in the same part
    for slot in held:
        if slot.role in {"question", "asked"}:
            if slot.text.casefold() in asked:
                found[slot.key] = _fault("repeated")
            asked.add(slot.text.casefold())
        elif slot.role in {"lead", "sentence", "point", "answer"} and slot.key not in failed:
            beside = before is not None and (before.role, before.group) == (slot.role, slot.group) and slot.role != "point"
            earlier = told[slot.role == "answer"]
            if any(same(slot.text, t.text) for t in earlier):
                found[slot.key] = _fault("repeated")
            elif leans(slot.text) and not beside:
                found[slot.key] = _fault("leaning")
            else:
                earlier.append(slot)
        before = None if slot.key in failed or slot.key in found else slot
    return found


def leans(text: str) -> bool:
    """Whether the sentence needs the one before to say whom or what it is about."""
    words = _QUOTED.sub("", text)
    return bool(_OPENS.match(words)) or (bool(_PERSON.search(words)) and not _NAMED_BEFORE.search(words))


def _fault(reason: str) -> Fault:
    found, fix = REASONS[reason]
    return Fault(reason=reason, found=found, fix=fix)
