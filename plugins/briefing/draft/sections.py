"""The sections of an article: which questions the sources answer, which paragraphs answer each, and the sentences they are told in.

A heading takes the paragraphs, of whichever source, that hold a sentence with what it asks for. A paragraph that no chosen heading
asks for joins the section it is alike to while the article is short; one that is alike to none is left out, however much it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..model import Block, Section
from ..playbook import GENERAL, Need, Question
from . import concepts, fits, plan, themes
from .desk import Desk, Said, chained
from .passages import Line
from .quotes import Quote
from .themes import Part

Key = tuple[str, int]

#: Words of the sections with which an article reaches its length; parts join the sections until then.
TARGET = 920
#: Words of a section that its heading asks for, and with what has joined it.
_SIZE, _LARGEST = 190, 260
#: Words of a section of voices: three or four people.
_VOICES = 100
#: A section has at least so many words and sentences.
_LEAST_WORDS, _LEAST_SENTENCES = 34, 2
#: Of a paragraph's sentences so many must hold what the heading asks for.
_LEAST_SHARE = 0.3
#: How alike a part must be to a section to join it.
_JOINS = 0.10
#: A paragraph that stood next to one of the section's is nearer by so much.
_BESIDE = 0.08
#: A part of one short sentence stands with the part before it; from so many words on it may stand alone.
_ALONE = 22
#: A sentence lighter than this is chatter unless it goes on with the one before.
_LIGHT = 0.55
#: What a heading is worth: the topic's own, a neighbour's, and the general ones that fit every story.
_OWN, _NEAR, _GENERAL = 1.0, 0.9, 0.7
#: What it costs an opening sentence to be about somebody else without saying so.
_ANOTHERS = 4.0
#: How often the headings are chosen anew where one came to nothing.
_TRIES = 3
#: Where there is room, what no heading of the playbook asks for is told under one of these.
_REST = ("What else do the sources tell?", "What more is reported?", "What else is part of the story?", "What other details are there?")
#: The best source's paragraphs count so much more.
_BEST = 1.3


@dataclass(frozen=True, slots=True)
class Made:
    """One section as it was told: its heading, and its sentences paragraph by paragraph."""

    need: Need
    question: str
    groups: tuple[tuple[Said, ...], ...]

    @property
    def saids(self) -> tuple[Said, ...]:
        """Every sentence."""
        return tuple(s for group in self.groups for s in group)

    def section(self, extra: Sequence[Block]) -> Section:
        """Its blocks: the paragraphs, then the callouts."""
        return Section(question=self.question, blocks=(*(p for group in self.groups for p in plan.paragraphs(group)), *extra))


@dataclass(frozen=True, slots=True)
class _Chapter:
    heading: Question
    parts: tuple[Part, ...]
    open: bool = False

    def words(self, desk: Desk) -> int:
        return sum(_length(p, desk) for p in self.parts)


def compose(
    headings: Sequence[Question], lines: Sequence[Line], best: Sequence[str], desk: Desk, slots: plan.Slots, most: int, spoken: Mapping[Key, Quote]
) -> list[Made]:
    """Up to `most` sections, those with most to say in the order of the sources, what is open last.

    `best` are the sources' markers, best first; `spoken` the quotations that may stand, by the line that holds them.
    A heading whose paragraphs turn out to say too little is left aside and the others are chosen anew.
    """
    desk.spoken = spoken
    asked = _varied([replace(h, text=text) for h in headings if (text := slots.fill(h.text)) and len(text.split()) <= 14], desk.turn)
    parts = themes.parts(lines, best)
    made: list[Made] = []
    kept = desk
    for _ in range(_TRIES):
        trial = desk.fork()
        told, empty = _attempt(asked, *parts, best, trial, most)
        if sum(s.words for m in told for s in m.saids) > sum(s.words for m in made for s in m.saids):
            made, kept = told, trial
        asked = [h for h in asked if h not in empty]
        if not empty:
            break
    desk.adopt(kept)
    return made


def _attempt(
    asked: Sequence[Question], closed: Sequence[Part], undecided: Sequence[Part], best: Sequence[str], desk: Desk, most: int
) -> tuple[list[Made], list[Question]]:
    """The sections as they can be told, and the headings that came to nothing."""
    last = _open_chapter(asked, undecided, desk)
    room = most - (last is not None)
    chapters = _chapters(asked, [p for p in closed if _tellable(p, desk)], best[0], desk, room)
    chapters = _filled(chapters, _unplaced(closed, chapters), desk)
    order = {marker: n for n, marker in enumerate(best)}
    chapters.sort(key=lambda c: (c.heading.needs == "quote", min((order[p[0].source], p[0].place) for p in c.parts)))
    if len(chapters) < room and sum(c.words(desk) for c in chapters) < TARGET:
        chapters += _rest(_unplaced(closed, chapters), desk)
    out: list[Made] = []
    empty: list[Question] = []
    for chapter in [*chapters, *([last] if last else [])]:
        groups = _told(chapter, desk)
        saids = [s for group in groups for s in group]
        if len(saids) < _LEAST_SENTENCES or sum(s.words for s in saids) < _LEAST_WORDS - 6:
            desk.unsay(saids)
            empty.append(chapter.heading)
            continue
        out.append(Made(chapter.heading.needs, chapter.heading.text, tuple(groups)))
    return out, empty


# ------------------------------------------------------------------- choosing


def _unplaced(parts: Sequence[Part], chapters: Sequence[_Chapter]) -> list[Part]:
    """The parts that no chapter has."""
    return [p for p in parts if not any(p in c.parts for c in chapters)]


def _varied(asked: Sequence[Question], turn: int) -> list[Question]:
    """Of headings that ask for the same in other words only one, another in each article of an edition."""
    alike: dict[object, list[Question]] = {}
    for heading in asked:
        alike.setdefault((heading.topic, heading.needs, heading.wanted, heading.about) if heading.wanted else heading.text, []).append(heading)
    return [found[turn % len(found)] for found in alike.values()]


def _chapters(asked: Sequence[Question], parts: Sequence[Part], best: str, desk: Desk, most: int) -> list[_Chapter]:
    """The headings whose answers say most, one after the other; a paragraph belongs to the first that takes it."""
    left = list(parts)
    home = asked[0].topic if asked else ""
    out: list[_Chapter] = []
    while len(out) < most:
        found = [_chapter(h, left, best, home, desk) for h in asked if _is_new(h, out)]
        points, chapter = max(found, key=lambda f: f[0], default=(0.0, None))  # the first of equals: the topic's own headings stand first
        if chapter is None or points <= 0:
            break
        out.append(chapter)
        left = [p for p in left if p not in chapter.parts]
    return out


def _is_new(heading: Question, chapters: Sequence[_Chapter]) -> bool:
    """Whether no chapter asks nearly the same, and at most one the same kind of fact."""
    alike = plan.asks_the_same(plan.own_words(heading.text), (plan.own_words(c.heading.text) for c in chapters), 0.6)
    kinds = sum(c.heading.needs == heading.needs for c in chapters)
    return not alike and kinds < (1 if heading.needs == "quote" else 2) and all(c.heading != heading for c in chapters) and not plan.asks_what_is_open(heading)


def _chapter(heading: Question, parts: Sequence[Part], best: str, home: str, desk: Desk) -> tuple[float, _Chapter]:
    """What a heading would bring, and the paragraphs it takes: those with most of what it asks for, up to a section's size."""
    rated = [(_share(heading, p, desk) * (_BEST if p[0].source == best else 1.0), -n, p) for n, p in enumerate(parts)]
    taken: list[Part] = []
    points, count = 0.0, 0
    for share, _, part in sorted(rated, key=lambda r: r[:2], reverse=True):
        size = _length(part, desk)
        if share < _LEAST_SHARE or count + size > (_VOICES if heading.needs == "quote" else _SIZE) + 30:
            continue
        taken.append(part)
        count += size
        points += size * share
    told = [x for p in taken for x in _tellable(p, desk)]
    if len(told) < _LEAST_SENTENCES or count < _LEAST_WORDS:
        return 0.0, _Chapter(heading, ())
    worth = _GENERAL if heading.topic == GENERAL else _OWN if heading.topic == home else _NEAR
    if heading.needs == "quote" and heading.topic != GENERAL:
        worth = _GENERAL / 2  # a topic's heading names who speaks, and does not know who does
    own = plan.own_words(heading.text)
    named = concepts.answered(own, " ".join(x.text for x in told)) if own else 0.5
    return points * worth * (0.5 + 0.5 * named), _Chapter(heading, tuple(taken))


def _share(heading: Question, part: Part, desk: Desk) -> float:
    """How much of a paragraph is what the heading asks for: 0 where none of its sentences that can be told holds it."""
    told = _tellable(part, desk)
    if heading.needs == "quote":
        return sum(x.key in desk.spoken for x in told) / max(2, len(told)) if told else 0.0
    return sum(_asked_for(heading, x) for x in told) / len(told) if told else 0.0


def _asked_for(heading: Question, line: Line) -> bool:
    """Whether a sentence holds what the heading asks for; where the heading names no words, by what it is about."""
    return fits.meets(heading, line.text) if heading.wanted else plan.suits(heading, line) > 1.0


def _is_about_whom_it_asks(heading: Question, line: Line, desk: Desk) -> bool:
    """Whether a sentence may open the answer: about the story's actor, or one that names at once whom else it is about."""
    return line.key in desk.others if heading.about == "others" else desk.others.get(line.key, True)


def _open_chapter(asked: Sequence[Question], undecided: Sequence[Part], desk: Desk) -> _Chapter | None:
    """What no source knows, under the first heading that asks for it; None where that is too little."""
    parts = tuple(p for p in undecided if _tellable(p, desk))
    told = [x for p in parts for x in _tellable(p, desk)]
    if len(told) < _LEAST_SENTENCES or sum(len(x.text.split()) for x in told) < _LEAST_WORDS:
        return None
    headings = [h for h in asked if plan.asks_what_is_open(h) and any(_asked_for(h, x) for x in told)]
    return _Chapter(headings[0], parts[:5], open=True) if headings else None


def _filled(chapters: Sequence[_Chapter], spare: Sequence[Part], desk: Desk) -> list[_Chapter]:
    """The chapters with the spare parts that are alike to them, the most alike first, until the article is long enough."""
    done = list(chapters)
    left = [p for p in spare if _carries(p, desk)]
    value = themes.rarity([p for c in chapters for p in c.parts] + left)
    while left and sum(c.words(desk) for c in done) < TARGET:
        free = [(n, c) for n, c in enumerate(done) if c.words(desk) < _LARGEST and c.heading.needs != "quote"]
        pairs = [(themes.alike(c.parts, p, value) + _BESIDE * _is_beside(c, p), -n, -m) for n, c in free for m, p in enumerate(left)]
        points, n, m = max(pairs, default=(0.0, 0, 0))
        if points < _JOINS:
            break
        done[-n] = replace(done[-n], parts=(*done[-n].parts, left.pop(-m)))
    return done


def _is_beside(chapter: _Chapter, part: Part) -> bool:
    """Whether a part stood next to one of the chapter's in its source."""
    return any(p[0].source == part[0].source and abs(p[0].para - part[0].para) == 1 for p in chapter.parts)


def _rest(spare: Sequence[Part], desk: Desk) -> list[_Chapter]:
    """One chapter of what is left, in the order of the sources, where that is enough for one."""
    taken: list[Part] = []
    for part in spare:
        if _carries(part, desk) and sum(_length(p, desk) for p in taken) < _SIZE:
            taken.append(part)
    if sum(_length(p, desk) for p in taken) < 2 * _LEAST_WORDS:
        return []
    return [_Chapter(Question(text=_REST[desk.turn % len(_REST)], needs="how"), tuple(taken))]


def _carries(part: Part, desk: Desk) -> bool:
    """Whether a part has enough that can be told to stand as a paragraph, or beside another."""
    told = _tellable(part, desk)
    return len(told) >= _LEAST_SENTENCES or _length(part, desk) >= 12


def _length(part: Part, desk: Desk) -> int:
    return sum(len(x.text.split()) for x in _tellable(part, desk))


def _tellable(part: Part, desk: Desk) -> list[Line]:
    """The lines of a part that can be told one after the other, and at most two quotations. Asked once while nothing more is said."""
    now = (part[0].key, len(part), len(desk.said))
    if now not in desk.tellable:
        desk.tellable[now] = _can_be_told(part, desk)
    return desk.tellable[now]


def _can_be_told(part: Part, desk: Desk) -> list[Line]:
    out: list[Line] = []
    for line in part:
        last = out[-1] if out else None
        if _is_ours(line, last, desk) or (_may_be_spoken(line, desk) and sum(x.key in desk.spoken for x in out) < 2):
            out.append(line)
    return out


def _is_ours(line: Line, last: Line | None, desk: Desk) -> bool:
    """Whether a line can be written now, after `last`, and is no chatter."""
    return desk.sayable(line, last) and (line.weight >= _LIGHT or chained(line, last))


def _may_be_spoken(line: Line, desk: Desk) -> bool:
    quote = desk.spoken.get(line.key)
    return quote is not None and quote.name not in desk.speakers


# -------------------------------------------------------------------- telling


def _told(chapter: _Chapter, desk: Desk) -> list[tuple[Said, ...]]:
    """The chapter's paragraphs: the best answer first with what follows it, then the others in the order they were taken."""
    heading = chapter.heading
    ready = [(part, x) for part in chapter.parts for x in _tellable(part, desk) if x.stands and not x.quoted]
    if not ready:
        return []
    own, first = max(ready, key=lambda r: (_opens(r[1], r[0], heading, desk), -chapter.parts.index(r[0]), -r[1].place))
    at = own.index(first)
    groups: list[list[Said]] = []
    for n, part in enumerate((own[at:], own[:at], *(p for p in chapter.parts if p is not own))):
        named = bool(groups) and groups[-1][-1].markers != ((part[0].source,) if part else ())
        told = _tell(part, desk, named=named and n > 0)
        short = sum(s.words for s in told) < _ALONE
        if n and short and groups and told and len(groups[-1]) <= 3 and not told[0].text.startswith("“"):
            groups[-1] += told
        elif told and (not short or not n or chapter.open):
            groups.append(told)
        else:
            desk.unsay(told)
    return [tuple(g) for g in groups]


def _tell(part: Sequence[Line], desk: Desk, *, named: bool) -> list[Said]:
    """A part in its own order: sentences, and a quotation where it stands, at most two."""
    out: list[Said] = []
    last: Line | None = None
    voiced = 0
    for line in part:
        quote = desk.spoken.get(line.key)
        if quote is not None and voiced < 2:
            said = desk.speak(quote, [line])
            voiced += said is not None
            out += [said] if said else []
            last = None if said else last
            continue
        if not _is_ours(line, last, desk):
            continue
        said = desk.say(line, after=last, place=named and not out and desk.voices[line.source].kind != "primary")
        if said:
            out.append(said)
            last = line
    return out


def _opens(line: Line, part: Part, heading: Question, desk: Desk) -> float:
    """What speaks for a sentence as an answer's first: it holds what is asked, begins its paragraph, is told plainly, and is not about somebody else."""
    begins = 0.25 * (part[0].key == line.key)
    plain = 0.0 if desk.restated(line) else -0.6
    person = -0.7 * any(name in line.text for name in desk.people)
    another = -_ANOTHERS * (not _is_about_whom_it_asks(heading, line, desk))
    return plan.suits(heading, line) + begins + plain + person + another
