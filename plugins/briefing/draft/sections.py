"""The sections of an article: which parts of the sources stand under which question, and the sentences they are told in.

A section is a theme under the heading it answers. Parts that belong to no chosen theme join the section they are alike to, until
the article has its length; a part that is alike to none is left out, however much it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..model import Block, Section
from ..playbook import Need, Question
from . import english, fits, plan, themes
from .desk import Desk, Said, chained
from .passages import Line
from .quotes import Quote
from .themes import Theme

#: Words of the sections with which an article reaches its length; parts join the sections until then.
TARGET = 760
#: Sentences of a section out of its own theme, and with what has joined it.
SIZE, MOST = 9, 14
#: How alike a part must be to a section to join it; less will do where it holds what the heading asks for.
_JOINS, _JOINS_ASKED = 0.09, 0.03
#: Parts that join one section at most.
_MOST_JOINED = 3
#: A part carries a paragraph from so many sentences and words on.
_LEAST_SENTENCES, _LEAST_WORDS = 2, 24
#: A sentence lighter than this is chatter unless it goes on with the one before.
_LIGHT = 0.55

Part = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """One section as it was told: its heading, and its sentences part by part."""

    need: Need
    question: str
    groups: tuple[tuple[Said, ...], ...]

    @property
    def saids(self) -> tuple[Said, ...]:
        """Every sentence."""
        return tuple(s for group in self.groups for s in group)

    def section(self, extra: Sequence[Block]) -> Section:
        """Its blocks: the paragraphs of each part, then the callouts."""
        return Section(question=self.question, blocks=(*(p for group in self.groups for p in plan.paragraphs(group)), *extra))


@dataclass(frozen=True, slots=True)
class _Chapter:
    theme: Theme
    heading: Question
    joined: tuple[Part, ...] = ()


def compose(
    headings: Sequence[Question], lines: Sequence[Line], best: Sequence[str], desk: Desk, slots: plan.Slots, most: int, spoken: Sequence[Quote]
) -> list[Made]:
    """Three to `most` sections, the themes with most to say, what is open last. `best` are the sources' markers, best first."""
    found = themes.of(lines, best)
    ranked = sorted((t for t in found if not t.open), key=lambda t: (-_worth(t, best[0], desk), found.index(t)))
    near = set(ranked[: most + 3])
    asked = plan.assign([t for t in found if t.open or t in near], headings, slots, desk, frozenset())
    closed = [t for t in ranked if t in asked][: most - any(t.open and t in asked for t in found)]
    chapters = [_Chapter(t, asked[t]) for t in found if t in closed or (t.open and t in asked)]
    spare = [part for t in found if t not in {c.theme for c in chapters} for part in t.parts]
    out: list[Made] = []
    for chapter in _filled(chapters, spare, desk):
        groups = _told(chapter, desk, spoken)
        saids = [s for group in groups for s in group]
        if len(saids) < _LEAST_SENTENCES or sum(s.words for s in saids) < 28:
            desk.unsay(saids)
            continue
        out.append(Made(chapter.heading.needs, chapter.heading.text, tuple(groups)))
    return out


def _worth(theme: Theme, best: str, desk: Desk) -> float:
    """What a theme has to say; the best source's own themes come before others'."""
    told = sum(x.weight for x in theme.lines if desk.sayable(x))
    return told * (1.7 if theme.parts[0][0].source == best else 1.0)


def _filled(chapters: Sequence[_Chapter], spare: Sequence[Part], desk: Desk) -> list[_Chapter]:
    """The chapters with the spare parts that are alike to them, the most alike first, until the article is long enough."""
    done = list(chapters)
    value = themes.rarity([p for c in chapters for p in c.theme.parts] + list(spare))
    count = sum(_length(p, desk) for c in chapters for p in c.theme.parts)
    left = [p for p in spare if _carries(p, desk)]
    while count < TARGET and left:
        pairs = [
            (_affinity(c, p, value, desk), -n, -m) for n, c in enumerate(done) for m, p in enumerate(left) if not c.theme.open and len(c.joined) < _MOST_JOINED
        ]
        points, n, m = max(pairs, default=(0.0, 0, 0))
        if points <= 0:
            break
        part = left.pop(-m)
        done[-n] = replace(done[-n], joined=(*done[-n].joined, part))
        count += _length(part, desk)
    return done


def _affinity(chapter: _Chapter, part: Part, value: themes.Value, desk: Desk) -> float:
    """How well a part goes into a chapter; 0 where it does not."""
    alike = themes.alike((*chapter.theme.parts, *chapter.joined), part, value)
    asked = bool(chapter.heading.wanted) and any(fits.meets(chapter.heading, x.text) for x in part if x.stands and desk.sayable(x))
    return alike + 0.1 * asked if alike >= (_JOINS_ASKED if asked else _JOINS) else 0.0


def _carries(part: Part, desk: Desk) -> bool:
    """Whether a part has enough that can be told to stand as a paragraph."""
    told = _tellable(part, desk)
    return len(told) >= _LEAST_SENTENCES and sum(len(x.text.split()) for x in told) >= _LEAST_WORDS


def _length(part: Part, desk: Desk) -> int:
    return sum(len(x.text.split()) for x in _tellable(part, desk)[:SIZE])


def _tellable(part: Part, desk: Desk) -> list[Line]:
    out: list[Line] = []
    for line in part:
        last = out[-1] if out else None
        if desk.sayable(line, last) and (line.weight >= _LIGHT or chained(line, last)):
            out.append(line)
    return out


def _told(chapter: _Chapter, desk: Desk, spoken: Sequence[Quote]) -> list[tuple[Said, ...]]:
    """The chapter's sentences, part by part: the best answer first, what stands beside it, then the other parts, each only where it carries a paragraph."""
    theme, heading = chapter.theme, chapter.heading
    ready = [x for x in theme.lines if x.stands and desk.sayable(x)]
    if not ready:
        return []
    first = max(ready, key=lambda x: (plan.suits(heading, x) + _opens(x, theme, desk), -theme.lines.index(x)))
    own, others = _reading_order(theme, first)
    groups: list[tuple[Said, ...]] = []
    for n, part in enumerate((*own, *others, *chapter.joined)):
        left = (SIZE if n < len(own) + len(others) else MOST) - sum(len(g) for g in groups)
        if left <= 0 or not part:
            continue
        told = _tell(part, desk, left, spoken, named=bool(groups) and groups[-1][-1].markers != (part[0].source,))
        if n and not theme.open and (sum(len(s.lines) > 0 for s in told) < _LEAST_SENTENCES or sum(s.words for s in told) < _LEAST_WORDS):
            desk.unsay(told)
        elif told:
            groups.append(tuple(told))
    return groups


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


def _opens(line: Line, theme: Theme, desk: Desk) -> float:
    """What speaks for a sentence as an answer's first: it begins a part, is told plainly, and is not about one person or one firm's anecdote."""
    begins = 0.25 * any(p[0].key == line.key for p in theme.parts[:2])
    plain = 0.0 if desk.restated(line) else -0.6
    person = -0.7 * any(name in line.text for name in desk.people)
    return begins + plain + person - 0.04 * min(10, theme.lines.index(line))


def _reading_order(theme: Theme, first: Line) -> tuple[list[Sequence[Line]], list[Sequence[Line]]]:
    """The part of the first sentence from there on and what stands before it; then the other parts, the most alike first."""
    own = next(part for part in theme.parts if first in part)
    at = own.index(first)
    about = english.content(" ".join(x.text for x in own))
    others = sorted((p for p in theme.parts if p is not own), key=lambda p: -len(about & english.content(" ".join(x.text for x in p))) / (4 + len(p)))
    return [own[at:], own[:at]], list(others)
