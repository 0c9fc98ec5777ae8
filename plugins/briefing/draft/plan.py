"""Which facts stand where: the lead, and the sections whose headings the sources can answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..model import Block, Paragraph, Section
from ..playbook import Need, Question
from . import english
from .desk import Desk, Said, chained
from .english import DATE
from .passages import Line, Voice
from .quotes import Quote
from .themes import Theme

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


def paragraphs(saids: Sequence[Said], size: int = 3) -> tuple[Paragraph, ...]:
    """Sentences as paragraphs of about `size`: a new one where the source changes, never a short sentence alone."""
    out: list[list[Said]] = []
    for said in saids:
        full = bool(out) and len(out[-1]) >= size
        turned = bool(out) and len(out[-1]) >= 2 and out[-1][-1].markers != said.markers
        far = bool(out) and len(out[-1]) >= 2 and _apart(out[-1][-1], said)
        if not out or full or turned or far:
            out.append([])
        out[-1].append(said)
    joined: list[list[Said]] = []
    for group in out:
        if joined and (len(group) == 1 and group[0].words < 22) and len(joined[-1]) <= size:
            joined[-1].extend(group)
        else:
            joined.append(group)
    return tuple(Paragraph(md=" ".join(s.md for s in group)) for group in joined)


def _apart(one: Said, two: Said) -> bool:
    """Whether two sentences of one source stood in different paragraphs there."""
    return bool(one.lines and two.lines and one.lines[-1].para != two.lines[0].para)


def fit(question: str, text: str) -> float:
    """How well a sentence answers a question, by the words they share beyond the small ones."""
    asked = english.content(re.sub(r"\{\w+\}", "", question)) - _ASKING
    return len(asked & english.content(text)) / (len(asked) ** 0.5) if asked else 0.0


_ASKING = english.content(
    "what who when how much many long will does have need must come next actor thing say says happen change work people company business keep make use cost"
)


def pick_heading(theme: Theme, headings: Sequence[Question], slots: Slots, taken: set[str]) -> tuple[str, Need]:
    """The question of the playbook that this theme answers best, with its kind; ("", "how") where none fits."""
    wants = Counter(need for line in theme.lines for need in line.needs)
    total = max(1, len(theme.lines))
    words = english.content(theme.text)
    first = english.content(" ".join(x.heading for x in theme.lines[:1]) + " " + " ".join(x.text for x in theme.lines[:2]))
    best, score = ("", "how"), -9.0
    for place, heading in enumerate(headings):
        text = slots.fill(heading.text)
        if not text or text in taken or len(text.split()) > 14 or heading.needs == "quote" or (theme.open and heading.needs not in {"next", "scope"}):
            continue
        asked = english.content(re.sub(r"\{\w+\}", "", heading.text)) - _ASKING
        points = 1.2 * wants[heading.needs] / total + (0.9 * len(asked & words) + 0.6 * len(asked & first)) / (1 + len(asked)) - (0.5 if asked and not asked & words else 0.0) - 0.012 * place
        if theme.open and heading.needs == "next":
            points += 1.0 + 0.5 * bool(_OPEN_WORDS.search(text))
        elif heading.needs == "next":
            points -= 0.35
        if points > score:
            best, score = (text, heading.needs), points
    return best


_OPEN_WORDS = re.compile(r"\b(?:undecided|open|missing|not|still|worked out|unsettled|questions)\b")


def section(theme: Theme, question: str, need: Need, desk: Desk, size: int, spoken: Sequence[Quote]) -> list[Said]:
    """Up to `size` sentences and one or two quotations of this theme: the best answer first, then each part in its own order."""
    ready = [line for line in theme.lines if desk.sayable(line) and line.stands]
    if not ready:
        return []
    first = max(ready, key=lambda x: (_answers(question, need, x, theme), -x.place))
    order = _reading_order(theme, first)
    out: list[Said] = []
    last: Line | None = None
    voiced = 0
    for line in order:
        if len(out) >= size + voiced:
            break
        quote = next((q for q in spoken if (q.source, q.place) == line.key), None)
        if quote is not None and voiced < 2 and out:
            said = desk.speak(quote, [line])
            if said:
                out.append(said)
                voiced += 1
                last = None
            continue
        if not desk.sayable(line, last) or (line.weight < _LIGHT and not chained(line, last)):
            continue
        moved = bool(out) and last is not None and line.source != last.source
        said = desk.say(line, after=last, place=moved and desk.voices[line.source].kind != "primary")
        if said:
            out.append(said)
            last = line
    return out


#: A sentence lighter than this is chatter unless it goes on with the one before.
_LIGHT = 0.55


def _answers(question: str, need: Need, line: Line, theme: Theme) -> float:
    begins = 0.35 if any(part[0].key == line.key for part in theme.parts) else 0.0
    return 0.9 * fit(question, line.text) + 0.5 * (need in line.needs) + 0.5 * line.weight + _kind_bonus(need, line) + begins - 0.1 * theme.lines.index(line) / len(theme.lines)


def _reading_order(theme: Theme, first: Line) -> list[Line]:
    """The first line, what follows it in its part, what stands before it, then the other parts."""
    own = next(part for part in theme.parts if first in part)
    at = own.index(first)
    return [*own[at:], *own[:at], *(line for part in theme.parts if part is not own for line in part)]


def _kind_bonus(need: Need, line: Line) -> float:
    return 0.5 * bool(_KIND[need].search(line.text)) if need in _KIND else 0.0


_KIND: dict[str, re.Pattern[str]] = {
    "cost": re.compile(r"[$€£]\d|\bhours\b"),
    "date": DATE,
    "figure": re.compile(r"percent|\d"),
    "next": re.compile(r"\bnot\b|\bno\b|\bwill\b|\bexpects\b"),
    "penalty": re.compile(r"[$€£]\d|penalt|\bfine"),
    "scope": re.compile(r"applies to|covers|exempt|does not|covered|\bonly\b|in scope"),
    "who": re.compile(r"\b(?:owner|employee|person|must|named|who)\b"),
}


def as_section(question: str, saids: Sequence[Said], extra: Sequence[Block]) -> Section:
    """The section's blocks: its paragraphs, then callouts."""
    return Section(question=question, blocks=(*paragraphs(saids), *extra))
