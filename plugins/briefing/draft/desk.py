"""The writing desk of one article: what has been said, from whom, how often a turn was used, and the sentence that comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from .. import inline
from . import english, split
from .english import Runs, capital, lower_first
from .passages import Line, Voice
from .people import Person, introduce
from .quotes import Quote
from .restate import LONGEST, Restated, infix, partly_quoted, restate

#: Words of one source that may stand in quotation marks in one article.
QUOTED_PER_SOURCE = 140
#: So many sentences of an article may name their source in the middle.
MOST_INFIXED = 16
#: So many sentences of one source's own text, no person's speech, may stand in quotation marks.
MOST_HALVES = 3
_PLACING = (
    "{Name} reports that {s}",
    "According to {name}, {s}",
    "{Name} adds that {s}",
    "{Name} notes that {s}",
    "By {names} account, {s}",
)
_SAYS = {
    "primary": ("{name} says", "according to {name}", "{name} states"),
    "reporting": ("{name} reports", "according to {name}", "{name} writes"),
    "analysis": ("{name} writes", "in {names} reading", "according to {name}"),
    "vendor": ("{name} says", "by {names} account", "according to {name}"),
}
_WROTE = {
    "primary": ("{name} says", "{name} states"),
    "reporting": ("{name} reports", "{name} writes"),
    "analysis": ("{name} writes", "{name} says"),
    "vendor": ("{name} says", "{name} writes"),
}
_DOES = r"(?:’s)? (?:now |then |also |still |later )?(?:[a-z]+(?:s|ed)|said|told|put|got|kept|had|has|was|is)\b"
#: How a source's own words are given with the day it published them.
SAID_ON = {"primary": "said", "reporting": "reported", "analysis": "wrote", "vendor": "said"}
#: A sentence that can stand in quotation marks as it is.
QUOTABLE = re.compile(r"(?!(?:It|They|He|She|That|This|These|Those|But|And|So|Its|Their|His|Her)\b)[A-Z][^“”:;?]+[.]")
_SPOKEN = (
    "“{q},” said {name}, {role}.",
    "{Name}, {role}, put it this way: “{q}.”",
    "In the words of {name}, {role}: “{q}.”",
    "“{q},” {name}, {role}, said.",
    "{Name}, {role}, said: “{q}.”",
    "“{q}” is how {name}, {role}, described it.",
)


_AGAIN = ("“{q},” {name} said.", "{name} said: “{q}.”", "In {name}’s words: “{q}.”")


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


#: "The delay", "The old call script": a thing that must have been spoken of before. One that says itself what it is ("the cost of …") need not.
_THE_THING = re.compile(r"^[Tt]he (?:(?!only\b|first\b|last\b|same\b|next\b)[a-z][\w’-]* ){0,2}(?P<head>[a-z][\w-]*)$")

_SAYS_ALREADY = re.compile(r"\b(?:reports|reported|wrote|writes|according to)\b")
#: What always stands for something said just before.
_POINTS_BACK = frozenset(("figure", "number", "difference", "answer", "point", "idea", "problem", "rest", "total", "reason", "exception", "trend"))

_FIGURE = re.compile(r"[$€£]\s?\d[\d,.]*\d?(?: million| billion)?|\b\d[\d,.]*\d\b|\b\d+(?= (?:percent|days|hours|months|minutes|years))")


def figures(text: str) -> frozenset[str]:
    """The days and figures of a sentence, as they compare."""
    days = {" ".join(re.sub(r",? \d{4}", "", d).split()) for d in english.DATE.findall(text)}
    bare = english.DATE.sub(" ", text)
    return frozenset(days | {f.replace(" ", "") for f in _FIGURE.findall(bare) if not re.fullmatch(r"(?:19|20)\d\d", f)})


def chained(line: Line, after: Line | None) -> bool:
    """Whether the line comes right after its own predecessor."""
    return after is not None and line.follows and (after.source, after.place + 1) == line.key and after.para == line.para


def pieces_of(text: str) -> list[str]:
    """The sentences of our own text: split where a full stop (and a closing mark) is followed by a capital, outside quotations."""
    return list(split.split(text))


@dataclass
class Desk:
    """Mutable on purpose: an article is written in order, and every sentence limits the next."""

    voices: Mapping[str, Voice]
    runs: Runs
    turn: int = 0  # the article's place in the edition: frames begin elsewhere in each
    said: list[Said] = field(default_factory=list)
    everything: list[Said] = field(default_factory=list)  # also what was taken back, and answers
    used: set[tuple[str, int]] = field(default_factory=set)
    quoted: dict[str, int] = field(default_factory=dict)
    frames: dict[str, int] = field(default_factory=dict)
    openings: set[str] = field(default_factory=set)
    placed: int = 0
    infixed: int = 0
    spoke: int = 0
    halves: dict[str, int] = field(default_factory=dict)  # sentences of a source that stand half or wholly in its own words
    speakers: set[str] = field(default_factory=set)
    people: Mapping[str, Person] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # last word → first word of names without a role
    known: set[str] = field(default_factory=set)  # surnames introduced with their role
    barred: frozenset[tuple[str, int]] = frozenset()  # lines that the evidence check did not let pass
    others: Mapping[tuple[str, int], bool] = field(default_factory=dict)  # lines about somebody else than the actor; True where they begin with the name
    left_out: list[str] = field(default_factory=list)
    cache: dict[tuple[str, int, bool], Restated | None] = field(default_factory=dict)
    spoken: Mapping[tuple[str, int], Quote] = field(default_factory=dict)  # quotations that may stand, by the line that holds them
    tellable: dict[tuple[tuple[str, int], int, int], list[Line]] = field(default_factory=dict)  # what sections has found out so far
    _titles: frozenset[str] | None = None

    def fork(self) -> Desk:
        """A desk in the same state, to try what comes next; what each line can be worded as is shared."""
        copied = {
            "said": list(self.said),
            "everything": list(self.everything),
            "used": set(self.used),
            "quoted": dict(self.quoted),
            "frames": dict(self.frames),
            "openings": set(self.openings),
            "halves": dict(self.halves),
            "speakers": set(self.speakers),
            "known": set(self.known),
            "tellable": {},
        }
        return replace(self, **copied)  # type: ignore[arg-type]

    def adopt(self, other: Desk) -> None:
        """Take over the state of a fork of this desk."""
        for each in fields(self):
            setattr(self, each.name, getattr(other, each.name))

    # ------------------------------------------------------------- asking

    def restated(self, line: Line, *, near: bool = False) -> Restated | None:
        """The line in our words, or None; asked once. `near`: it comes right after the sentence before it."""
        key = (*line.key, near)
        if key not in self.cache:
            usable = line.follows if near else line.stands
            self.cache[key] = restate(line.near if near else line.text, self.runs) if usable else None
        return self.cache[key]

    def sayable(self, line: Line, after: Line | None = None) -> bool:
        """Whether the line can be written now: not used, no repeat, and ours to say. `after` is the line said just before."""
        if line.key in self.barred or line.key in self.used or line.order or not self._usable(line, after):
            return False
        if not chained(line, after) and self.unheard_of(line.text):
            return False
        return not self.repeats(line.text)

    def _usable(self, line: Line, after: Line | None) -> bool:
        if self.restated(line, near=chained(line, after)):
            return True
        return (line.stands or chained(line, after)) and self.infixed < MOST_INFIXED and bool(self._attributed(line, dry=True))

    def unheard_of(self, text: str) -> bool:
        """Whether the sentence is about "the delay" or "the curve" that nothing has spoken of so far."""
        found = english.parts(text)
        match = _THE_THING.match(found.subject) if found else None
        if not match:
            return False
        if self._titles is None:
            self._titles = english.content(" ".join(v.title for v in self.voices.values()))
        heard = self._titles.union(*(english.content(s.text) for s in self.said))
        if match["head"] in _POINTS_BACK:
            return True
        return english.stem(match["head"]) not in heard

    def repeats(self, text: str) -> bool:
        """Whether something already written says nearly the same: most of its words, or the same day or figure of the same thing."""
        mine = english.content(text)
        if len(mine) < 2:
            return True
        facts = figures(text)
        for said in self.said:
            other = english.content(said.text)
            shared = len(mine & other)
            if shared >= 0.66 * len(mine) or shared >= 0.8 * len(other):
                return True
            same = facts & figures(said.text)
            days = {f for f in same if english.DATE.fullmatch(f)}
            if days and len({w for w in mine - english.content(" ".join(days)) if not re.fullmatch(r"20\d\d", w)}) <= 4:
                return True
            if same and len(mine & other - same) >= (2 if len(same) == len(facts) else 0.35 * len(mine)):
                return True
        return False

    # ------------------------------------------------------------- saying

    def say(self, line: Line, *, after: Line | None = None, place: bool = False) -> Said | None:
        """The line as a sentence of ours, taken down as said. `place` names the source in front where that is possible."""
        near = chained(line, after)
        for text in self._wordings(line, near=near):
            met = introduce(text, self.people, self.known)
            if met is None or self._stranger(met[0]) or self._copied_on(met[0]):
                continue
            text = (self._place(met[0], self.voices[line.source]) if place and not near else "") or met[0]
            self.known |= met[1]
            return self.keep(Said(text, (line.source,), (line,)))
        made = self._attributed(line) if line.stands or near else ""
        met = introduce(made, self.people, self.known) if made else None
        if met is None or self._stranger(met[0]) or self._copied_on(met[0]):
            return None
        self.known |= met[1]
        return self.keep(Said(met[0], (line.source,), (line,)))

    def _wordings(self, line: Line, *, near: bool) -> list[str]:
        """The line in our words, and in other words where the first ones would go on copying what stands before."""
        first = self.restated(line, near=near)
        if first is None:
            return []
        other = restate(line.near if near else line.text, self.runs, avoid=frozenset({first.turn}))
        return [first.text] + ([other.text] if other and other.text != first.text else [])

    def _copied_on(self, text: str) -> bool:
        """Whether this sentence, after the one before it, makes a longer copied run than one sentence may have."""
        before = " ".join(s.text for s in self.said[-2:])
        return self.runs.longest(f"{before} {text}") > LONGEST

    def _stranger(self, text: str) -> bool:
        """Whether somebody stands in it by surname alone whom nothing has introduced."""
        told = " ".join(s.text for s in self.said)
        for last, first in self.names.items():
            if last in self.known or last in self.people or not re.search(rf"(?<!{first} )(?<![\w-]){last}{_DOES}", text):
                continue
            if f"{first} {last}" not in told and not re.search(rf"\b(?:the|The|a|an) {last}\b", text):
                return True
        return False

    def keep(self, said: Said) -> Said:
        """Take a sentence down as said."""
        self.said.append(said)
        self.everything.append(said)
        for line in said.lines:
            self.used.add(line.key)
        return said

    def unsay(self, saids: Sequence[Said]) -> None:
        """Take sentences back: they will not stand after all."""
        for said in saids:
            self.said.remove(said)
            self.used -= {x.key for x in said.lines}

    def _place(self, text: str, voice: Voice) -> str:
        if self.placed >= 5 or voice.name.lower() in text.lower() or re.search(r"\b(?:said|says|according to|reports|writes)\b", text) or "“" in text:
            return ""
        first, *others = pieces_of(text)
        low = lower_first(first)
        if not low or first.startswith(("Under ", "According")):
            return ""
        for step in range(len(_PLACING)):
            frame = _PLACING[(self.turn * 2 + self.placed + step) % len(_PLACING)]
            if self.frames.get(frame):
                continue
            made = _filled(frame, voice, low)
            if self.runs.longest(made) <= 12:
                self.frames[frame] = 1
                self.placed += 1
                return " ".join([made, *others])
        return ""

    def _attributed(self, line: Line, *, dry: bool = False) -> str:
        """The line with its source named inside it, or partly or wholly in the source's own words; "" where none of that can be done."""
        voice = self.voices[line.source]
        if _SAYS_ALREADY.search(line.text) or voice.name.lower() in line.text.lower() or (not dry and self.said and self._names(self.said[-1], voice)):
            return ""
        forms = _SAYS[voice.kind]
        turned = infix(line.text, _filled(forms[(self.turn + self.infixed) % len(forms)], voice, ""))
        again = restate(turned, self.runs) if turned else None
        if again and again.turn == "plain":
            self.infixed += not dry
            return again.text
        return self._in_their_words(line, voice, dry=dry)

    def _names(self, said: Said, voice: Voice) -> bool:
        """Whether the sentence before has just named this source as the one that says it."""
        return said.markers == (voice.marker,) and voice.name.lower() in said.text.lower() and not any(voice.name.lower() in x.text.lower() for x in said.lines)

    def _in_their_words(self, line: Line, voice: Voice, *, dry: bool) -> str:
        """The line with its second half, or the whole of it, in quotation marks and its source named."""
        spent, done = self.quoted.get(line.source, 0), self.halves.get(line.source, 0)
        said = _filled(_WROTE[voice.kind][(self.turn + self.infixed) % 2], voice, "")
        made, count = next((m for m in self._quoting(line, said, done) if spent + m[1] <= QUOTED_PER_SOURCE and self.runs.longest(m[0]) <= LONGEST), ("", 0))
        if not made or done >= MOST_HALVES:
            return ""
        if not dry:
            self.infixed += 1
            self.halves[line.source] = done + 1
            self.quoted[line.source] = spent + count
        return made

    def _quoting(self, line: Line, said: str, done: int) -> Iterator[tuple[str, int]]:
        yield from partly_quoted(line.text, line.raw, said)
        if done < 1 and line.raw == line.text and 8 <= len(line.raw.split()) <= 26 and QUOTABLE.fullmatch(line.raw):
            yield f"“{line.raw.rstrip('.')},” {said}.", len(line.raw.split())

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
            if quote.surname in self.known:
                text = _AGAIN[(self.turn + self.spoke) % len(_AGAIN)].format(q=quote.words, name=quote.surname)
            else:
                text = frame.format(q=quote.words, name=name, Name=name, role=quote.role)
            outside = re.sub(r"“[^”]*”", " ", text)
            if self.runs.longest(outside) > 12:
                continue
            self.frames[frame] = 1
            self.spoke += 1
            self.speakers.add(quote.name)
            self.known.add(quote.surname)
            self.quoted[quote.source] = spent + quote.length
            line = next((x for x in lines if x.key == (quote.source, quote.place)), None)
            return self.keep(Said(text, (quote.source,), (line,) if line else ()))
        return None


def _filled(frame: str, voice: Voice, sentence: str) -> str:
    name = voice.name
    names = f"{name}’" if name.endswith("s") else f"{name}’s"
    return frame.format(name=name, Name=capital(name), names=names, s=sentence)
