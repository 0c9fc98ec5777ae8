"""Which facts stand where: the lead, and the sections whose headings the sources can answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..model import Block, Paragraph, Section
from ..playbook import Need, Question
from . import english
from .desk import Desk, Said
from .english import DATE
from .passages import Line, Voice
from .quotes import Quote

_EVENT = re.compile(
    r"\b(?:issued|issues|published|publishes|adopted|announced|announces|released|reported|reports|settled|agreed|changing|changed|changes|paused|switched off|pauses|launched|opened|requires|found|collected|stopped|will pay|must)\b",
    re.I,
)
#: Sections come in this order when they exist.
ORDER: tuple[Need, ...] = ("how", "who", "scope", "figure", "date", "cost", "penalty", "quote", "next")


@dataclass(frozen=True, slots=True)
class Slots:
    """What evidence may put into a heading of the playbook."""

    actor: str
    thing: str
    date: str

    def fill(self, question: str) -> str:
        """The question with its slots filled, or "" where one is unknown."""
        for slot, value in (("actor", self.actor), ("thing", self.thing), ("date", self.date)):
            if "{" + slot + "}" in question:
                if not value:
                    return ""
                question = question.replace("{" + slot + "}", value)
        return question


def event_lines(lines: Sequence[Line], voices: Sequence[Voice]) -> list[Line]:
    """The sentences that may name the event, best first: early in the best source, with an event's verb and if possible its date."""
    scored: list[tuple[float, Line]] = []
    for rank, voice in enumerate(voices):
        for line in lines:
            if line.source != voice.marker or line.place > 3 or line.quoted or not line.stands or line.order:
                continue
            points = 2.0 - 0.5 * rank - 0.25 * line.place + 0.8 * bool(_EVENT.search(line.text)) + 0.9 * bool(DATE.search(line.text)) + 0.1 * line.weight
            scored.append((points - 0.7 * (len(line.text.split()) < 7), line))
    return [line for _, line in sorted(scored, key=lambda s: (-s[0], s[1].key))]


_INSIDE = re.compile(r",? (?:Inc|LLC|LLP|Ltd)\.?,?(?= )|(?<=[a-z]), a (?:group|company|firm|foundry|maker|chain) [^,]+,|(?<=[a-z]), which [^,]+,")
_ANNOUNCED = re.compile(rf"^(?P<who>.+?) (?P<verb>announced|said|reported|confirmed) on (?P<day>{DATE.pattern}),? that (?P<what>.+)$")


def shortened(text: str) -> Iterator[str]:
    """The sentence, then shorter ones that are still true: asides off, the date in front, later clauses off, one by one."""
    yield text
    body = _INSIDE.sub("", text).rstrip(".")
    match = _ANNOUNCED.match(body)
    if match:
        body = f"On {match['day']}, {english.lower_first(match['who']) or match['who']} {match['verb']} that {match['what']}"
    if body + "." != text:
        yield body + "."
    cuts = [m.start() for m in re.finditer(r",? (?:that|who|which|after|because|when|where|while|and|with|until|as|so)\b", body)]
    for cut in reversed(cuts):
        head = body[:cut].rstrip(",")
        if len(head.split()) >= 9 and english.parts(head) is not None and not re.search(r"\b(?:said|announced|reported|charges|found|between|both)$", head):
            yield head + "."


def paragraphs(saids: Iterable[Said], size: int = 3) -> tuple[Paragraph, ...]:
    """Sentences as paragraphs of at most `size`, a new one where the source changes after two."""
    out: list[list[Said]] = []
    for said in saids:
        if not out or len(out[-1]) >= size or (len(out[-1]) >= 2 and out[-1][-1].markers != said.markers):
            out.append([])
        out[-1].append(said)
    if len(out) > 1 and len(out[-1]) == 1 and len(out[-2]) < size + 1 and out[-1][0].words < 14:
        last = out.pop()
        out[-1] += last
    return tuple(Paragraph(md=" ".join(s.md for s in group)) for group in out)


def fit(question: str, text: str) -> float:
    """How well a sentence answers a question, by the words they share beyond the small ones."""
    asked = english.content(re.sub(r"\{\w+\}", "", question)) - _ASKING
    return len(asked & english.content(text)) / (len(asked) ** 0.5) if asked else 0.0


_ASKING = english.content(
    "what who when how much many long will does have need must come next actor thing say says happen change work people company business keep make use cost"
)


def pick_heading(need: Need, headings: Sequence[Question], found: Sequence[Line], slots: Slots, taken: set[str]) -> str:
    """The heading of this kind that the best sentences answer; a plainer one where nothing matches its own words. "" where none is left."""
    best, score = "", -1.0
    for place, heading in enumerate(headings):
        if heading.needs != need or heading.text in taken:
            continue
        text = slots.fill(heading.text)
        if not text or len(text.split()) > 14:
            continue
        match = max((fit(heading.text, line.text + " " + line.heading) for line in found[:4]), default=0.0)
        special = len(english.content(re.sub(r"\{\w+\}", "", heading.text)) - _ASKING)
        points = match - (0.35 * special if match == 0 else 0.0) - 0.02 * place
        if points > score or not best:
            best, score = text, points
    return best


def section(need: Need, question: str, pool: Sequence[Line], desk: Desk, size: int, quote: Quote | None) -> tuple[list[Said], Said | None]:
    """Up to `size` sentences that answer the question, the best answer first, then its neighbours in their own order, and the quotation."""
    ready = [line for line in pool if need in line.needs and desk.sayable(line)]
    if not ready:
        return [], None
    first = max(ready, key=lambda x: (0.9 * fit(question, x.text) + 0.35 * fit(question, x.heading) + 0.6 * x.weight + _kind_bonus(need, x), -x.place))
    out: list[Said] = []
    opening = desk.say(first)
    if opening is None:
        return [], None
    out.append(opening)
    last = first
    while len(out) < size:
        follow = _follow(need, question, first, last, pool, desk)
        if follow is None:
            break
        moved = follow.source != last.source
        said = desk.say(follow, place=moved and desk.voices[follow.source].kind != "primary")
        if said is None:
            desk.used.add(follow.key)
            continue
        out.append(said)
        last = follow
    spoken = desk.speak(quote, pool) if quote else None
    return out, spoken


def _kind_bonus(need: Need, line: Line) -> float:
    if need == "cost":
        return 0.8 * bool(re.search(r"[$€£]\d|hours", line.text))
    if need == "date":
        return 0.6 * bool(DATE.search(line.text)) + 0.3 * ("effect" in line.text or "from" in line.text)
    if need == "figure":
        return 0.5 * bool(re.search(r"percent|\d", line.text))
    if need == "next":
        return 0.5 * line.unknown
    if need == "penalty":
        return 0.7 * bool(re.search(r"[$€£]\d|penalt|fine", line.text))
    if need == "scope":
        return 0.5 * bool(re.search(r"applies to|covers|exempt|does not|covered|only", line.text))
    return 0.0


def _follow(need: Need, question: str, first: Line, last: Line, pool: Sequence[Line], desk: Desk) -> Line | None:
    best, score = None, 0.95
    near = english.content(first.text)
    for line in pool:
        if not desk.sayable(line):
            continue
        points = 0.5 * line.weight + 0.5 * (need in line.needs) + 0.4 * fit(question, line.text)
        if line.source == last.source and line.place > last.place:
            points += 0.9 if line.para == last.para else 0.45 if line.heading == last.heading and line.heading else 0.0
        elif line.source == last.source:
            points -= 0.35
        points += 0.12 * min(4, len(near & english.content(line.text)))
        if need not in line.needs and not (line.source == last.source and line.para == last.para):
            points -= 0.6
        if points > score:
            best, score = line, points
    return best


def as_section(question: str, saids: Sequence[Said], spoken: Said | None, extra: Sequence[Block]) -> Section:
    """The section's blocks: paragraphs, the quotation as its own, then callouts."""
    blocks: list[Block] = list(paragraphs(saids))
    if spoken:
        blocks.append(Paragraph(md=spoken.md))
    return Section(question=question, blocks=(*blocks, *extra))
