# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""Which facts stand where: the lead, and the sections whose headings the sources can answer."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..model import Block, Paragraph, Section
from ..playbook import GENERAL, Need, Question
from . import concepts, english, fits
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
    cuts = [m.start() for m in re.finditer(r",?(?: in| of| for| by)? (?:that|who|which|after|because|when|where|while|and|with|until|as|so)\b", body)]
    for cut in reversed(cuts):
        head = body[:cut].rstrip(",")
        tight = body[cut : cut + 1] != "," and re.match(r"(?: in| of| for| by)? (?:that|who|which)\b", body[cut:])
        if re.search(r"\b(?:in|of|to|for|by|with|on|from|at|and|or)$", head) or (tight and not _whole_thing(head)):
            continue
        if len(head.split()) >= 9 and english.parts(head) is not None and not re.search(r"\b(?:said|announced|reported|charges|found|between|both)$", head):
            yield head + "."


def _whole_thing(head: str) -> bool:
    """Whether a text ends with a noun phrase that means something without the clause that follows: "a resume-screening tool", never "callers"."""
    match = re.search(r"\b(?:an?|the|its|their|\d[\d,]*) (?P<np>(?:[\w’-]+ ){1,3}[\w’-]+)$", head)
    return bool(match) and not any(w in english.AUX or w in english.PAST_OF or w in english._CLEAR_PAST for w in match["np"].split())  # type: ignore[index]


def paragraphs(saids: Sequence[Said], size: int = 3) -> tuple[Paragraph, ...]:
    """Sentences as paragraphs of about `size`: a new one where the source changes, never a short sentence alone."""
    out: list[list[Said]] = []
    for said in saids:
        full = bool(out) and len(out[-1]) >= size
        turned = bool(out) and len(out[-1]) >= 2 and out[-1][-1].markers != said.markers
        far = bool(out) and len(out[-1]) >= 2 and _apart(out[-1][-1], said)
        if not out or full or turned or far or said.text.startswith("“"):
            out.append([])
        out[-1].append(said)
    joined: list[list[Said]] = []
    for group in out:
        if joined and len(group) == 1 and group[0].words < 22 and len(joined[-1]) <= size and not group[0].text.startswith("“"):
            joined[-1].extend(group)
        else:
            joined.append(group)
    return tuple(Paragraph(md=" ".join(s.md for s in group)) for group in joined)


def _apart(one: Said, two: Said) -> bool:
    """Whether two sentences of one source stood in different paragraphs there."""
    return bool(one.lines and two.lines and one.lines[-1].para != two.lines[0].para)


def fit(question: str, text: str) -> float:
    """How well a sentence answers a question, by the words they share beyond the small ones."""
    asked = english.content(re.sub(r"\{\w+\}", "", question)) - ASKING
    return len(asked & english.content(text)) / (len(asked) ** 0.5) if asked else 0.0


#: Words that ask and say nothing about what is asked.
ASKING = english.content(
    "what who when how much many long will does have need must come next actor thing say says happen change work people company business keep make use cost tool software system assistant say may can"
)


#: What a heading of the general topic must be better by, so that the topic's own come first.
_COMMON = 0.3


def assign(found: Sequence[Theme], headings: Sequence[Question], slots: Slots, desk: Desk, barred: frozenset[str]) -> dict[Theme, Question]:
    """Each theme's heading, its slots filled: the pairs that fit best come first, and no question is asked twice.

    A heading is taken only where a sentence of the theme holds what it asks for (`with:`); the more of its sentences do, the better.
    """
    pairs: list[tuple[float, int, int, Theme, Question]] = []
    for n, theme in enumerate(found):
        ready = [x for x in theme.lines if x.stands and desk.sayable(x)]
        for place, heading in enumerate(headings):
            text = slots.fill(heading.text)
            if not text or text in barred or len(text.split()) > 14 or (theme.open and not _asks_what_is_open(heading)):
                continue
            filled = replace(heading, text=text)
            opening = max((_suits(filled, x) for x in ready if _may_open(filled, x, theme, desk)), default=None)
            if opening is not None:
                pairs.append((opening + _share(filled, theme) - 0.012 * min(place, 40) - _COMMON * (heading.topic == GENERAL), -n, -place, theme, filled))
    out: dict[Theme, Question] = {}
    asked: list[frozenset[str]] = [english.content(text) - ASKING for text in sorted(barred)]
    kinds: Counter[str] = Counter()
    for _, _, _, theme, heading in sorted(pairs, key=lambda p: p[:3], reverse=True):
        mine = english.content(heading.text) - ASKING
        alike = any(len(mine & other) >= 0.6 * min(len(mine), len(other)) for other in asked if mine and other)
        if theme in out or heading in out.values() or alike or kinds[heading.needs] >= 2:
            continue
        out[theme] = heading
        asked.append(mine)
        kinds[heading.needs] += 1
    return out


def _asks_what_is_open(heading: Question) -> bool:
    return fits.wants_the_open(heading) or (not heading.wanted and heading.needs in {"next", "scope"})


def _may_open(heading: Question, line: Line, theme: Theme, desk: Desk) -> bool:
    """Whether the sentence may stand first under the heading: it holds what is asked, is not what nobody knows, and says so if it is about somebody else."""
    known = theme.open or not line.unknown or fits.wants_the_open(heading)
    whose = line.key in desk.others if heading.about == "others" else desk.others.get(line.key, True)
    return fits.meets(heading, line.text) and known and whose


#: What it costs a sentence not to hold what its heading asks for: more than anything else can make up for.
_NOT_ASKED = 4.0


def _suits(heading: Question, line: Line) -> float:
    """How well this sentence would open the answer: what the heading asks for, its own words, and the kind of fact."""
    asked = english.content(heading.text) - ASKING
    shared = concepts.answered(asked, line.text) if asked else 0.15
    kind = (
        (heading.needs in line.needs) + _kind_bonus(heading.needs, line)
        if heading.needs != "quote"
        else 0.9 * bool(re.search(r"\b(?:said|says|called|wants|objected|supports|backs|warned)\b", line.text))
    )
    if heading.wanted:
        return 1.0 + 0.6 * shared + 0.3 * kind + 0.15 * min(line.weight, 4.0) - (0.0 if fits.meets(heading, line.text) else _NOT_ASKED)
    return 1.1 * shared + 0.7 * kind + 0.15 * min(line.weight, 4.0) - (1.0 if asked and not shared else 0.0)


def _share(heading: Question, theme: Theme) -> float:
    """How much of a theme is what the heading asks for: by its words where it names them, else by its kind."""
    if theme.open:
        return (1.2 if heading.needs == "next" else 0.2) + 0.5 * bool(_OPEN_WORDS.search(heading.text))
    if heading.needs == "quote":
        return 1.2 * sum(x.quoted for x in theme.lines) / len(theme.lines)
    if heading.wanted:
        return 1.6 * math.sqrt(sum(fits.meets(heading, x.text) for x in theme.lines) / len(theme.lines))
    share = sum(heading.needs in x.needs for x in theme.lines) / len(theme.lines)
    return 0.8 * share - 0.5 * (heading.needs == "next") - 0.8 * bool(heading.needs == "next" and _OPEN_WORDS.search(heading.text))


_OPEN_WORDS = re.compile(r"\b(?:undecided|open|missing|not|still|worked out|unsettled|questions|cannot|nobody|disclosed|looked into)\b")


def section(theme: Theme, heading: Question, desk: Desk, size: int, spoken: Sequence[Quote]) -> list[Said]:
    """Up to `size` sentences of this theme: the best answer first, what stands beside it, then other parts, each only where it carries a paragraph."""
    ready = [line for line in theme.lines if line.stands and desk.sayable(line)]
    if not ready:
        return []
    first = max(ready, key=lambda x: (_suits(heading, x) - _NOT_ASKED * (not desk.others.get(x.key, True)) + _opens(x, theme, desk), -theme.lines.index(x)))
    out: list[Said] = []
    for n, part in enumerate(_reading_order(theme, first)):
        left = size - len(out)
        if left <= 0:
            break
        told = _tell(part, desk, left, spoken, named=n > 0)
        if n and not theme.open and (sum(len(s.lines) > 0 for s in told) < 2 or sum(s.words for s in told) < 24):
            desk.unsay(told)
            continue
        out += told
    return out


def _tell(part: Sequence[Line], desk: Desk, most: int, spoken: Sequence[Quote], *, named: bool) -> list[Said]:
    """A part in its own order: sentences, and a quotation where it stands, at most two."""
    out: list[Said] = []
    last: Line | None = None
    voiced = 0
    for line in part:
        if len(out) - voiced >= most:
            break
        quote = next((q for q in spoken if (q.source, q.place) == line.key), None)
        if quote is not None and voiced < 2 and out:
            said = desk.speak(quote, [line])
            voiced += said is not None
            out += [said] if said else []
            last = None if said else last
            continue
        if not desk.sayable(line, last) or (line.weight < _LIGHT and not chained(line, last)):
            continue
        said = desk.say(line, after=last, place=named and not out and desk.voices[line.source].kind != "primary")
        if said:
            out.append(said)
            last = line
    return out


#: A sentence lighter than this is chatter unless it goes on with the one before.
_LIGHT = 0.55


def _opens(line: Line, theme: Theme, desk: Desk) -> float:
    """What speaks for a sentence as an answer's first: it begins a part, is told plainly, and is not about one person or one firm's anecdote."""
    begins = 0.25 * any(p[0].key == line.key for p in theme.parts[:2])
    plain = 0.0 if desk.restated(line) else -0.6
    person = -0.7 * any(name in line.text for name in desk.people)
    return begins + plain + person - 0.04 * min(10, theme.lines.index(line))


def _reading_order(theme: Theme, first: Line) -> list[Sequence[Line]]:
    """The first line and what follows it in its part, what stands before it, then the other parts, the most alike first."""
    own = next(part for part in theme.parts if first in part)
    at = own.index(first)
    about = english.content(" ".join(x.text for x in own))
    others = sorted((p for p in theme.parts if p is not own), key=lambda p: -len(about & english.content(" ".join(x.text for x in p))) / (4 + len(p)))
    return [own[at:], own[:at], *others]


def _kind_bonus(need: Need, line: Line) -> float:
    return 0.5 * bool(_KIND[need].search(line.text)) if need in _KIND else 0.0


_KIND: dict[str, re.Pattern[str]] = {
    "cost": re.compile(r"[$€£]\d|\bhours\b"),
    "date": DATE,
    "figure": re.compile(r"percent|\d"),
    "next": re.compile(r"\bnot\b|\bno\b|\bwill\b|\bexpects\b"),
    "penalty": re.compile(r"[$€£]\d|penalt|\bfine"),
    "scope": re.compile(r"applies to|covers|exempt|does not|covered|\bonly\b|in scope"),
    "who": re.compile(
        r"^(?:[Tt]he |[Aa]n? |[Ee]ach |[Ee]very |[Aa]ny |[Oo]nly )?(?:[\w-]+ ){0,3}(?:owner|employees?|insurers?|employers?|clinicians?|nurses?|supervisors?|administrators?|customers?|applicants?|providers?|deployers?|auditor|people|firms|companies|workers|clients)\b"
    ),
}


def as_section(question: str, saids: Sequence[Said], extra: Sequence[Block]) -> Section:
    """The section's blocks: its paragraphs, then callouts."""
    return Section(question=question, blocks=(*paragraphs(saids), *extra))
