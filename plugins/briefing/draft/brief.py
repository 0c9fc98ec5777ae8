"""The short form: what to write where a feed carries a few lines and no page could be read. Honest and brief, never padded.

The publisher's own words stand in quotation marks with their day; what the lines do not tell is said; the rest is the house's guidance.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .. import inline
from ..model import Answer, Block, Paragraph, Section
from . import absences, english, split
from .desk import QUOTED_PER_SOURCE, Desk, Said
from .english import capital
from .passages import Line, Voice

#: Fewer words in all sources together are a headline, not a story.
LEAST = 25
_NEXT = ("{Name} adds: “{q}”", "The same item says: “{q}”", "It goes on: “{q}”")
_OTHERS = ("{Name} wrote on {day}: “{q}”", "On {day}, {name} put it so: “{q}”", "From {name}, on {day}: “{q}”")
#: The one section's heading: for several sources, and for one.
QUESTION, QUESTION_OF_ONE = "What do the sources say?", "What else does {name} write?"


@dataclass(frozen=True, slots=True)
class Brief:
    """The parts of a short briefing."""

    event: str
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    faq: tuple[Answer, ...]


def compose(voices: Sequence[Voice], lines: Sequence[Line], desk: Desk) -> Brief | None:
    """A short briefing, or None where the lines are too few, undated or not English."""
    usable = [v for v in voices if v.published and english_enough(v.text)]
    if not usable or sum(len(v.text.split()) for v in usable) < LEAST:
        return None
    first = usable[0]
    own = _sentences(first)
    if not own:
        return None
    day = english.us_date(first.published) if first.published else ""
    opening = _say(f"{capital(first.name)} wrote on {day}: “{own[0]}”", first, own[0], desk)
    second = _second(first, own, lines, desk)
    rest = _rest(usable, own, desk)
    if opening is None or (second is None and not rest):
        return None
    lead = [s for s in (opening, second) if s]
    asked = QUESTION if len(usable) > 1 else QUESTION_OF_ONE.format(name=first.name)
    sections = (Section(question=asked, blocks=tuple(Paragraph(md=s.md) for s in rest)),) if rest else ()
    return Brief(opening.text, tuple(Paragraph(md=s.md) for s in lead), sections, _missing(usable))


def english_enough(text: str) -> bool:
    """Whether a text reads as English, by its small words."""
    found = english.words(text)
    return bool(found) and sum(w in english.STOP for w in found) >= 0.22 * len(found)


def _sentences(voice: Voice) -> list[str]:
    """Whole sentences that can be quoted as they are."""
    out = []
    for sentence in split.split(" ".join(voice.text.split())):
        if 6 <= len(sentence.split()) <= 40 and re.fullmatch(r"[A-Z0-9][^“”\"!?…\[\]{}<>|]*[.]", sentence) and "http" not in sentence:
            out.append(sentence)
    return out


def _say(text: str, voice: Voice, quoted: str, desk: Desk) -> Said | None:
    spent = desk.quoted.get(voice.marker, 0)
    count = len(quoted.split())
    if spent + count > QUOTED_PER_SOURCE or desk.runs.longest(text) > 12:
        return None
    desk.quoted[voice.marker] = spent + count
    return desk.keep(Said(text, (voice.marker,)))


def _second(voice: Voice, own: Sequence[str], lines: Sequence[Line], desk: Desk) -> Said | None:
    """One more fact of the first source: restated where that can be done, else quoted."""
    for line in lines:
        if line.source == voice.marker and line.raw != own[0] and desk.sayable(line) and desk.restated(line):
            return desk.say(line)
    return _say(_NEXT[desk.turn % 2].format(Name=capital(voice.name), q=own[1]), voice, own[1], desk) if len(own) > 1 else None


def _rest(voices: Sequence[Voice], own: Sequence[str], desk: Desk) -> list[Said]:
    """What the other sources say, one quotation each, and at most one more of the first."""
    out: list[Said] = []
    for n, voice in enumerate(voices[1:4]):
        found = _sentences(voice)
        if found and voice.published:
            frame = _OTHERS[(desk.turn + n) % len(_OTHERS)]
            said = _say(frame.format(Name=capital(voice.name), name=voice.name, day=english.us_date(voice.published), q=found[0]), voice, found[0], desk)
            out += [said] if said else []
    told = " ".join(s.text for s in desk.said)
    more = next((s for s in own[1:] if s not in told and not desk.repeats(s)), "")
    if more:
        said = _say(f"{capital(voices[0].name)} also writes: “{more}”", voices[0], more, desk)
        out += [said] if said else []
    return out


def _missing(voices: Sequence[Voice]) -> tuple[Answer, ...]:
    """Up to three things that readers ask and these lines do not tell."""
    return tuple(Answer(question=a.question, blocks=(Paragraph(md=inline.escape(a.answer)),)) for a in absences.of_a_few_lines(voices, 2))
