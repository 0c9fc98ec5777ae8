"""The writing desk of one article: what has been said, from whom, how often a turn was used, and the sentence that comes next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .. import inline
from . import english
from .english import Runs, capital, lower_first
from .passages import Line, Voice
from .quotes import Quote
from .restate import Restated, half_quoted, infix, restate

#: Words of one source that may stand in quotation marks in one article.
QUOTED_PER_SOURCE = 140
_PLACING = (
    "{Name} reports that {s}",
    "According to {name}, {s}",
    "{Name} adds that {s}",
    "By {names} account, {s}",
    "{Name} notes that {s}",
    "As {name} tells it, {s}",
    "{Name} also found that {s}",
)
_SAYS = {
    "primary": ("{name} says", "according to {name}", "{name} states"),
    "reporting": ("{name} reports", "according to {name}", "{name} writes"),
    "analysis": ("{name} writes", "in {names} reading", "according to {name}"),
    "vendor": ("{name} says", "by {names} account", "according to {name}"),
}
_SPOKEN = (
    "“{q},” said {name}, {role}.",
    "{Name}, {role}, put it this way: “{q}.”",
    "In the words of {name}, {role}: “{q}.”",
    "“{q},” {name}, {role}, said.",
    "{Name}, {role}, said: “{q}.”",
    "“{q}” is how {name}, {role}, described it.",
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence (or two) as it will stand, with its markers, and the lines it rests on."""

    text: str  # plain words
    markers: tuple[str, ...]
    lines: tuple[Line, ...] = ()

    @property
    def md(self) -> str:
        """As Markdown, the markers after every full stop."""
        marks = "".join(f"[{m}]" for m in self.markers)
        pieces = pieces_of(self.text)
        return " ".join(f"{inline.escape(p)} {marks}" if marks else inline.escape(p) for p in pieces)

    @property
    def words(self) -> int:
        """Words in it."""
        return len(self.text.split())


def pieces_of(text: str) -> list[str]:
    """The sentences of our own text: split where a full stop (and a closing mark) is followed by a capital, outside quotations."""
    from .. import sentences  # noqa: PLC0415 - the splitter's model is slow to load and only drafting needs it

    return list(sentences.split(text))


@dataclass
class Desk:
    """Mutable on purpose: an article is written in order, and every sentence limits the next."""

    voices: Mapping[str, Voice]
    runs: Runs
    turn: int = 0  # the article's place in the edition: frames begin elsewhere in each
    said: list[Said] = field(default_factory=list)
    used: set[tuple[str, int]] = field(default_factory=set)
    quoted: dict[str, int] = field(default_factory=dict)
    frames: dict[str, int] = field(default_factory=dict)
    openings: set[str] = field(default_factory=set)
    placed: int = 0
    infixed: int = 0
    spoke: int = 0
    speakers: set[str] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)
    cache: dict[tuple[str, int], Restated | None] = field(default_factory=dict)

    # ------------------------------------------------------------- asking

    def restated(self, line: Line) -> Restated | None:
        """The line in our words, or None; asked once."""
        if line.key not in self.cache:
            self.cache[line.key] = restate(line.text, self.runs) if line.stands else None
        return self.cache[line.key]

    def sayable(self, line: Line) -> bool:
        """Whether the line can be written: not yet used, not a repeat, and free of copied runs or worth an attribution."""
        return line.key not in self.used and line.stands and not line.order and self._possible(line) and not self.repeats(line.text)

    def _possible(self, line: Line) -> bool:
        if self.restated(line):
            return True
        return self.infixed < 7 and bool(self._attributed(line, dry=True))

    def repeats(self, text: str) -> bool:
        """Whether something already written says nearly the same."""
        mine = english.content(text)
        if len(mine) < 2:
            return True
        for said in self.said:
            other = english.content(said.text)
            shared = len(mine & other)
            if shared >= 0.62 * len(mine) or shared >= 0.75 * len(other):
                return True
        return False

    # ------------------------------------------------------------- saying

    def say(self, line: Line, *, place: bool = False) -> Said | None:
        """The line as a sentence of ours, taken down as said. `place` names the source in front where that is possible."""
        restated = self.restated(line)
        text = restated.text if restated else self._attributed(line)
        if not text:
            return None
        if place:
            text = self._place(text, self.voices[line.source]) or text
        return self.keep(Said(text, (line.source,), (line,)))

    def keep(self, said: Said) -> Said:
        """Take a sentence down as said."""
        self.said.append(said)
        for line in said.lines:
            self.used.add(line.key)
        return said

    def _place(self, text: str, voice: Voice) -> str:
        if self.placed >= 6 or re.search(r"\b(?:said|says|according to|reports|writes)\b", text) or "“" in text:
            return ""
        first, *others = pieces_of(text)
        low = lower_first(first)
        if not low or first.startswith(("Under ", "According")):
            return ""
        for step in range(len(_PLACING)):
            frame = _PLACING[(self.turn * 2 + self.placed + step) % len(_PLACING)]
            if self.frames.get(frame) or ("found" in frame and voice.kind not in {"analysis", "primary"}):
                continue
            made = _filled(frame, voice, low)
            if self.runs.longest(made) <= 12:
                self.frames[frame] = 1
                self.placed += 1
                return " ".join([made, *others])
        return ""

    def _attributed(self, line: Line, *, dry: bool = False) -> str:
        voice = self.voices[line.source]
        forms = _SAYS[voice.kind]
        said = _filled(forms[(self.turn + self.infixed) % len(forms)], voice, "")
        if voice.name.lower() in line.text.lower():
            return ""
        turned = infix(line.text, said)
        if turned:
            again = restate(turned, self.runs)
            if again and again.turn == "plain":
                if not dry:
                    self.infixed += 1
                return again.text
        spent = self.quoted.get(line.source, 0)
        half, count = half_quoted(line.text, line.raw, said)
        if half and spent + count <= QUOTED_PER_SOURCE and self.runs.longest(half) <= 12:
            if not dry:
                self.infixed += 1
                self.quoted[line.source] = spent + count
            return half
        return ""

    def speak(self, quote: Quote, lines: Sequence[Line]) -> Said | None:
        """The quotation with its speaker and role, in a frame not used before."""
        spent = self.quoted.get(quote.source, 0)
        if not quote.role or spent + quote.length > QUOTED_PER_SOURCE or quote.name in self.speakers:
            return None
        for step in range(len(_SPOKEN)):
            frame = _SPOKEN[(self.turn + self.spoke + step) % len(_SPOKEN)]
            if self.frames.get(frame) or ("is how" in frame and (quote.length > 14 or quote.words.count(",") > 1)):
                continue
            name = quote.name
            text = frame.format(q=quote.words, name=name, Name=name, role=quote.role)
            outside = re.sub(r"“[^”]*”", " ", text)
            if self.runs.longest(outside) > 12:
                continue
            self.frames[frame] = 1
            self.spoke += 1
            self.speakers.add(quote.name)
            self.quoted[quote.source] = spent + quote.length
            line = next((x for x in lines if x.key == (quote.source, quote.place)), None)
            return self.keep(Said(text, (quote.source,), (line,) if line else ()))
        return None


def _filled(frame: str, voice: Voice, sentence: str) -> str:
    name = voice.name
    names = f"{name}’" if name.endswith("s") else f"{name}’s"
    return frame.format(name=name, Name=capital(name), names=names, s=sentence)
