# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""The questions at the end of an article: those of the playbook that a sentence of the sources really answers, and what no source tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from .. import inline
from ..model import Answer, Paragraph
from ..playbook import GENERAL, Question
from . import absences, concepts, english, fits
from .desk import QUOTABLE, QUOTED_PER_SOURCE, SAID_ON, Desk, Said, figures, pieces_of
from .passages import ADVICE, Line
from .people import introduce
from .plan import Slots, asks_the_same, own_words
from .restate import LONGEST, infix, restate

#: Questions of an article, how many a reader expects at least, and words of an answer. Under 15 words an answer is a stub; over 50 it is a paragraph of the body.
MOST, FEWEST = 6, 4
SHORTEST, LONGEST_ANSWER = 15, 50
#: Sentences of the answers that may stand as their source has them, with its name.
_MOST_SOURCED = 3
#: A question of a neighboring topic is asked only where so much of its own words is found in the sentence.
_NEIGHBOUR = 0.34
#: An answer of so many words needs no second sentence.
_ENOUGH = 20
#: A line of the story's first source, one that the body has not used, and one that speaks of the question's own words are better by so much.
_FIRST_SOURCE, _UNSAID, _OWN_WORDS = 0.3, 0.7, 0.3
#: What it costs to need the source's own words.
_SOURCED = 0.4
#: How much a question loses for each place it stands later: the topic's own come first, the general ones last.
_LATER = 0.008
_LEANS = re.compile(
    r"^“?(?:But|And|So|Or|Yet|Still|Then|Also|It|They|He|She|This|That|These|Those|Its|Their|His|Her|Such|There|In between|Meanwhile|Afterwards?|At first|Since then|As a result)\b(?! (?:is|are) no\b)|\b(?:therefore|however|thus)\b"
)
_SAID = re.compile(r"“|\b(?:said|says|reported|writes|wrote|according to|told|(?:reports|notes|adds) that)\b")
_WRITES = {"primary": "says", "reporting": "reports", "analysis": "writes", "vendor": "says"}
_OPEN = re.compile(
    r"\b(?:undecided|open|missing|not|still|worked out|unsettled|unknown|unclear|cannot|nobody|disclosed|looked into|under review|disputed)\b", re.I
)
_STILL_OPEN = ("What is not known yet?", "Which answers are still missing?", "What could nobody say so far?", "What has been left open?")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A question with a sentence that answers it."""

    points: float
    place: int
    question: Question  # its slots filled
    line: Line


@dataclass(slots=True)
class _Book:
    """What the answers of one article have used up. Mutable on purpose: every answer limits the next."""

    pool: Sequence[Line]
    desk: Desk
    strangers: frozenset[tuple[str, int]]  # sentences about somebody else than the story's actor
    told: frozenset[str]  # sentences of the article, word for word
    taken: list[frozenset[str]]  # content words of the headings and questions asked so far
    home: str  # the id of the story's own topic
    names: frozenset[str]  # the words of the actor's and the thing's name
    spent: set[tuple[str, int]] = field(default_factory=set)
    openings: list[Said] = field(default_factory=list)  # the first sentences of the answers so far
    kinds: list[str] = field(default_factory=list)
    sourced: int = 0  # sentences that name their source
    again: bool = False  # facts that the body has word for word may be told again, with their source named
    words: dict[tuple[str, int], list[str]] = field(default_factory=dict)  # how each line can be worded


def questions(asked: Sequence[Question], slots: Slots, pool: Sequence[Line], desk: Desk, taken: set[str]) -> tuple[Answer, ...]:
    """At most six answers of 15 to 50 words: first what the sources answer, last what they leave open and what none of them tells.

    `taken` are the headings of the article: what they ask is not asked again. Fewer than four where fewer truly fit.
    """
    voices = tuple(desk.voices.values())
    book = _Book(
        pool,
        desk,
        frozenset(desk.others),
        frozenset(piece for said in desk.said for piece in pieces_of(said.text)),
        [own_words(t) for t in sorted(taken)],
        asked[0].topic if asked else "",
        english.content(f"{slots.actor} {slots.thing}"),
    )
    still_open = None if any(_OPEN.search(t) for t in taken) else _still_open(book)
    pairs = sorted(_pairs(asked, slots, book), key=lambda p: (-p.points, p.place, p.line.key))
    out = _answers(pairs, MOST - (still_open is not None), book)
    if len(out) + (still_open is not None) < FEWEST:
        book.again = True
        out += _answers(pairs, FEWEST - len(out) - (still_open is not None), book)
    if still_open:
        out.append(still_open)
    absence = absences.unanswered(voices, desk.turn) if len(out) < MOST - 1 else None
    if absence and not _asked_already(absence.question, book):
        out.append(Answer(question=absence.question, blocks=(Paragraph(md=inline.escape(absence.answer)),)))
    return tuple(out)


def _answers(pairs: Sequence[_Pair], most: int, book: _Book) -> list[Answer]:
    """The best pairs whose answers can be written, at most two of a kind."""
    out: list[Answer] = []
    for pair in pairs:
        if len(out) >= most:
            break
        if book.kinds.count(pair.question.needs) >= 2 or _asked_already(pair.question.text, book):
            continue
        answer = _answer(pair, book)
        if answer:
            book.kinds.append(pair.question.needs)
            book.taken.append(own_words(pair.question.text))
            out.append(Answer(question=pair.question.text, blocks=(Paragraph(md=answer),)))
    return out


def _pairs(asked: Sequence[Question], slots: Slots, book: _Book) -> Iterator[_Pair]:
    """Every question with every sentence that meets it."""
    ready = [x for x in book.pool if x.stands and not x.order and x.key not in book.desk.barred and len(x.text.split()) <= 42 and _wordings(x, book)]
    first = next(iter(book.desk.voices), "")
    for place, question in enumerate(asked):
        text = slots.fill(question.text)
        if not text or question.needs == "quote" or len(text.split()) > 14:
            continue
        filled = replace(question, text=text)
        for line in ready:
            points = _points(filled, line, book)
            if points > 0:
                points += _FIRST_SOURCE * (line.source == first) + _UNSAID * (line.key not in book.desk.used) - _LATER * place
                points -= _SOURCED * (book.desk.restated(line) is None)
                yield _Pair(points, place, filled, line)


def _points(question: Question, line: Line, book: _Book) -> float:
    """How well a sentence opens the answer; 0 where it lacks what the question asks for, or speaks of somebody else."""
    if question.about != "anyone" and (line.key in book.strangers) != (question.about == "others"):
        return 0.0
    if (line.unknown and not fits.wants_the_open(question)) or not fits.meets(question, line.text):
        return 0.0
    words = own_words(question.text)
    shared = concepts.answered(words, line.text)
    if not question.wanted and (shared < 0.55 or question.needs not in line.needs):
        return 0.0
    if question.topic not in {book.home, GENERAL} and shared < _NEIGHBOUR:
        return 0.0
    return 1.0 + _OWN_WORDS * shared + 0.12 * min(line.weight, 4.0) - 0.02 * max(0, len(line.text.split()) - 26)


def _asked_already(question: str, book: _Book) -> bool:
    """Whether a heading or an earlier question asks nearly the same."""
    return asks_the_same(own_words(question), book.taken, 0.5)


# ------------------------------------------------------------------- answers


def _answer(pair: _Pair, book: _Book) -> str:
    """The answer with its markers, "" where it would be too short, too long, or what another answer has said."""
    parts: list[Said] = []
    known: set[str] = set()
    for line in (pair.line, *_seconds(pair, book)):
        count = sum(p.words for p in parts)
        if count >= _ENOUGH or (count >= SHORTEST and len(parts) >= 2) or len(parts) == 3:
            break
        said, met = _sentence(line, pair, parts, known, book)
        if said is not None:
            known |= met
            parts.append(said)
        elif not parts:
            return ""
    if not SHORTEST <= sum(p.words for p in parts) <= LONGEST_ANSWER:
        return ""
    book.desk.everything += parts
    book.openings.append(parts[0])
    for part in parts:
        named = _names_source(part.text, part.lines[0], book.desk)
        book.sourced += named
        if named and part.text.startswith("“"):
            book.desk.quoted[part.lines[0].source] = book.desk.quoted.get(part.lines[0].source, 0) + len(part.lines[0].raw.split())
        book.spent |= {x.key for x in part.lines}
        book.desk.used |= {x.key for x in part.lines}
    return " ".join(p.md for p in parts)


def _sentence(line: Line, pair: _Pair, parts: Sequence[Said], known: set[str], book: _Book) -> tuple[Said | None, set[str]]:
    """One sentence of an answer and the people it brings in; None where it cannot stand here."""
    desk = book.desk
    if line.key in book.spent or line.key in desk.barred:
        return None, set()
    near = bool(parts) and (pair.line.source, pair.line.place + len(parts)) == line.key and line.follows and not line.stands
    for text in _after(line, desk) if near else _wordings(line, book):
        met = introduce(text, desk.people, known)
        if met is None or met[0] in book.told or (not near and _LEANS.search(met[0])):
            continue
        begins = pieces_of(text)[0]
        if not parts and begins != text and not fits.meets(pair.question, begins):
            continue  # in two sentences now, and what was asked for stands in the second
        so_far = " ".join(p.text for p in parts)
        if desk.runs.longest(met[0]) > 12 or desk.runs.longest(f"{so_far} {met[0]}") > LONGEST or len(f"{so_far} {met[0]}".split()) > LONGEST_ANSWER:
            continue
        if _told(line, met[0], parts or book.openings):
            return None, set()
        if _names_source(text, line, desk) and (book.sourced >= _MOST_SOURCED or any(_names_source(p.text, p.lines[0], desk) for p in parts)):
            continue
        return Said(met[0], (line.source,), (line,)), met[1]
    return None, set()


def _after(line: Line, desk: Desk) -> list[str]:
    """The sentence as it goes on after its own predecessor, in our words."""
    made = desk.restated(line, near=True)
    return [made.text] if made else []


def _wordings(line: Line, book: _Book) -> list[str]:
    """How the sentence can stand: in our words, where the body has it already another turn of it first, else with its source's name."""
    if line.key not in book.words:
        book.words[line.key] = [t for t in _worded(line, book.desk) if not ADVICE.match(t)]
    texts = book.words[line.key]
    return [*_framed(texts, line, book), *texts] if book.again else texts


def _framed(texts: Sequence[str], line: Line, book: _Book) -> list[str]:
    """A sentence that the body has, or that is too short for an answer, with its source; a short one with the day as well."""
    voice = book.desk.voices[line.source]
    out = []
    for text in texts:
        low = english.lower_first(text)
        short = len(text.split()) < SHORTEST
        if len(pieces_of(text)) > 1 or voice.name.lower() in text.lower() or _SAID.search(text) or not (short or line.key in book.desk.used):
            continue
        if short and low and voice.published and not english.DATE.search(text):
            out.append(f"{english.capital(voice.name)} {SAID_ON[voice.kind]} on {english.us_date(voice.published)}, that {low}")
        out.append(f"{text.rstrip('.')}, according to {voice.name}.")
    return out


def _worded(line: Line, desk: Desk) -> list[str]:
    now = desk.restated(line)
    if now is None:
        return [] if line.key in desk.used else _with_source(line, desk)
    other = restate(line.text, desk.runs, avoid=frozenset({now.turn}))
    texts = [now.text] + ([other.text] if other and other.text != now.text else [])
    return texts[::-1] if line.key in desk.used else texts


def _with_source(line: Line, desk: Desk) -> list[str]:
    """The sentence with its source named inside it; where that leaves too long a copied run, as a quotation of it."""
    voice = desk.voices[line.source]
    if voice.name.lower() in line.text.lower() or _SAID.search(line.text) or line.text.split()[0].lower() in english.BASES:
        return []
    out = []
    for said in (f"according to {voice.name}", f"{voice.name} {_WRITES[voice.kind]}"):
        turned = infix(line.text, said)
        made = restate(turned, desk.runs) if turned else None
        out += [made.text] if made and made.turn == "plain" else []
    short = 8 <= len(line.raw.split()) <= 28 and desk.quoted.get(line.source, 0) + len(line.raw.split()) <= QUOTED_PER_SOURCE
    if not out and short and line.raw == line.text and QUOTABLE.fullmatch(line.raw):
        out.append(f"“{line.raw.rstrip('.')},” {voice.name} {_WRITES[voice.kind]}.")
    return out


def _names_source(text: str, line: Line, desk: Desk) -> bool:
    """Whether the source's name was put into the sentence."""
    name = desk.voices[line.source].name
    return name in text and name not in line.text


def _told(line: Line, text: str, earlier: Sequence[Said]) -> bool:
    """Whether one of the earlier sentences says the same, as read or as written."""
    return _says_again(line.text, [s.lines[0].text for s in earlier]) or _says_again(text, [s.text for s in earlier])


def _says_again(text: str, earlier: Sequence[str]) -> bool:
    """Whether one of the earlier sentences says the same: its figure of the same thing, or most of its words."""
    mine, facts = english.content(text), figures(text)
    for other in earlier:
        shared = mine & english.content(other)
        if len(shared) > 0.6 * min(len(mine), len(english.content(other))) or (facts & figures(other) and len(shared) >= 3):
            return True
    return False


def _seconds(pair: _Pair, book: _Book) -> list[Line]:
    """What may go on after the first sentence, best first: its neighbors on the same matter, then what answers the question too."""
    first = pair.line
    mine = english.content(english.DATE.sub("", first.text)) - _everywhere(book)
    near: list[tuple[int, Line]] = []
    also: list[tuple[int, Line]] = []
    for line in book.pool:
        if line.key == first.key or line.order or line.quoted:
            continue
        shared = len(mine & english.content(line.text))
        away = line.place - first.place if (line.source, line.para) == (first.source, first.para) else 0
        if away in _BESIDE and (line.stands or (away == 1 and line.follows)) and _goes_on(line, first, shared):
            near.append((_BESIDE.index(away), line))
        elif (line.key in book.strangers) == (first.key in book.strangers) and line.stands and len(line.text.split()) <= 30 and line.unknown == first.unknown:
            if pair.question.wanted and fits.meets(pair.question, line.text) and shared:
                also.append((-10 - shared, line))
            elif shared >= 3:
                also.append((-shared, line))
    return [line for found in (near, also) for _, line in sorted(found, key=lambda p: (p[0], p[1].key))][:10]


#: Where a second sentence stands in the paragraph of the first, seen from there, the best place first.
_BESIDE = (1, 2, -1, 3)


def _goes_on(line: Line, first: Line, shared: int) -> bool:
    """Whether a neighbor is still about what the first sentence says: it shares two of its words, or its subject stands there."""
    return shared >= 2 or bool(shared and english.content(fits.subject(line.text)) & english.content(first.text))


def _everywhere(book: _Book) -> frozenset[str]:
    """The words that stand in every fifth sentence of the story: sharing them says nothing."""
    counted: dict[str, int] = {}
    for line in book.pool:
        for word in english.content(line.text):
            counted[word] = counted.get(word, 0) + 1
    return frozenset(w for w, n in counted.items() if n > 0.2 * len(book.pool)) | book.names


def _still_open(book: _Book) -> Answer | None:
    """What the sources themselves call open, in two sentences at most; None where that is too little."""
    desk = book.desk
    lines = sorted(
        (x for x in book.pool if x.unknown and x.stands and not x.order and x.key not in desk.barred and x.key not in book.strangers and _wordings(x, book)),
        key=lambda x: (x.key in desk.used, -x.weight, x.key),
    )
    parts: list[Said] = []
    for line in lines:
        text = next((t for t in _wordings(line, book) if t not in book.told and not _names_source(t, line, desk)), "")
        met = introduce(text, desk.people, set()) if text else None
        if met is None or _LEANS.search(met[0]) or sum(p.words for p in parts) + len(met[0].split()) > LONGEST_ANSWER:
            continue
        if not _told(line, met[0], parts) and len(parts) < 2:
            parts.append(Said(met[0], (line.source,), (line,)))
    if sum(p.words for p in parts) < SHORTEST:
        return None
    desk.everything += parts
    for part in parts:
        book.spent |= {x.key for x in part.lines}
        desk.used |= {x.key for x in part.lines}
    return Answer(question=_STILL_OPEN[desk.turn % len(_STILL_OPEN)], blocks=(Paragraph(md=" ".join(p.md for p in parts)),))


__all__ = ["LONGEST_ANSWER", "MOST", "SHORTEST", "questions"]
