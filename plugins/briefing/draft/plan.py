# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""Which facts stand where: the lead, and the sections whose headings the sources can answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..model import Paragraph
from ..playbook import Need, Question
from . import concepts, english, fits
from .desk import Said
from .english import DATE
from .passages import Line, Voice

_EVENT = re.compile(
    r"\b(?:issued|issues|published|publishes|adopted|announced|announces|released|reported|reports|settled|agreed|changing|changed|changes|paused|switched off|pauses|launched|opened|requires|found|collected|stopped|will pay|must)\b",
    re.I,
)


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


#: Words that ask and say nothing about what is asked.
ASKING = english.content(
    "what who when how much many long will does have need must come next actor thing say says happen change work people company business keep make use cost tool software system assistant say may can"
)


def own_words(question: str) -> frozenset[str]:
    """What a question asks about: its words but those that only ask."""
    return english.content(question) - ASKING


def asks_the_same(mine: frozenset[str], others: Iterable[frozenset[str]], share: float) -> bool:
    """Whether one of the others asks nearly what this question asks: they share so much of the shorter one's own words."""
    return any(len(mine & other) >= share * min(len(mine), len(other)) for other in others if mine and other)


def asks_what_is_open(heading: Question) -> bool:
    """Whether the heading asks for what is not known or not decided."""
    return fits.wants_the_open(heading) or (not heading.wanted and heading.needs in {"next", "scope"})


#: What it costs a sentence not to hold what its heading asks for: more than anything else can make up for.
_NOT_ASKED = 4.0


def suits(heading: Question, line: Line) -> float:
    """How well this sentence would open the answer: what the heading asks for, its own words, and the kind of fact."""
    asked = own_words(heading.text)
    shared = concepts.answered(asked, line.text) if asked else 0.15
    kind = (
        (heading.needs in line.needs) + _kind_bonus(heading.needs, line)
        if heading.needs != "quote"
        else 0.9 * bool(re.search(r"\b(?:said|says|called|wants|objected|supports|backs|warned)\b", line.text))
    )
    if heading.wanted:
        return 1.0 + 0.6 * shared + 0.3 * kind + 0.15 * min(line.weight, 4.0) - (0.0 if fits.meets(heading, line.text) else _NOT_ASKED)
    return 1.1 * shared + 0.7 * kind + 0.15 * min(line.weight, 4.0) - (1.0 if asked and not shared else 0.0)


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
