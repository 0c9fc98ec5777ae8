"""Sentences that say something is not told: "The sources do not say what it cost". True only while no source tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import polarity
from .numbers import MEASURES, Number
from .reading import Line, Reading, gist
from .words import listed, stem, tokens

_TELL = (
    r"(?:say|tell|give|name|state|mention|report|explain|describe|disclose|publish|list|reveal|specify|"
    r"record|show|cover|answer|provide|estimate|put|set\s+out|include|address|identify|quote|break\s+(?:out|down)|quantify)s?"
)
_TOLD = (
    r"(?:said|told|given|named|stated|mentioned|reported|explained|described|disclosed|"
    r"published|listed|revealed|specified|provided|announced|quantified|released|known|available)"
)
_SOURCES = (
    r"(?:sources?|articles?|reports?|accounts?|stories|documents?|pages?|notices?|announcements?|statements?|texts?|bulletins?|rules?|"
    r"guidance|company|firm|department|agency|regulators?|vendors?|court|settlement|they|it|coverage|pieces?)"
)
_NONE = r"(?:no|none|neither|nobody|nothing)"
ABSENT = re.compile(
    rf"\b{_SOURCES}(?:\s+(?:here|cited|we\s+read|below|above|so\s+far|listed))?\s+(?:do|does|did|have|has)\s*(?:not|n[’']t)\s+(?:yet\s+)?(?:{_TELL}|{_TOLD})\b"
    rf"|\b(?:no|none|neither)\s+(?:of\s+(?:the|these|our)\s+)?(?:sources?|one|reports?|articles?|accounts?)\s+(?:here\s+|cited\s+)?(?:{_TELL}|gave|said|told|named|put|mentioned|reported|disclosed)\b"
    rf"|\bnobody\s+has\s+(?:yet\s+)?(?:{_TOLD})\b"
    rf"|\b{_NONE}\s+(?:\w+\s+){{1,4}}(?:was|were|is|are|has\s+been|have\s+been)\s+(?:{_TOLD})\b"
    rf"|\b(?:was|were|is|are|has|have)\s*(?:not|n[’']t)\s+(?:been\s+)?(?:yet\s+)?(?:{_TOLD})\b",
    re.IGNORECASE,
)
#: The sentence speaks of the story's sources as such: looked for in all of them, and it needs no marker.
OF_SOURCES = re.compile(
    r"\b(?:the|these|our|none\s+of\s+the|no)\s+(?:cited\s+)?(?:sources?|reports?|articles?|accounts?|coverage)\b|\bnone\s+of\s+them\b|\bneither\s+source\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\b(?:cost|price|fee|pay|paid|spend|spent|budget|dollars?|worth|charge|amount|sum|fine|penalt|lost?|loss)\w*\b", re.IGNORECASE)
_WHEN = re.compile(r"\bwhen\b|\bdate\b|\bdeadline\b|\bwhat day\b", re.IGNORECASE)
_COUNT = re.compile(r"\b(?:how many|number of)\s+(?:other\s+|more\s+|new\s+|staff\s+|such\s+)?([a-z]+)\b", re.IGNORECASE)
_LONG = re.compile(r"\bhow long\b", re.IGNORECASE)
_TELLING = frozenset(stem(w) for w in listed("say tell give name state know disclose publish estimate decide reveal explain announce"))
_UNKNOWN = re.compile(r"\b(?:unknown|unclear|undisclosed|unsettled|confidential|open question|yet to|remains? to)\b", re.IGNORECASE)
#: Money is told of different things: what something costs, what is paid, what is fined, what is lost.
_PURSES = (
    re.compile(r"\b(?:cost|price|fee|spend|spent|budget|outlay)\w*\b|\ba (?:month|seat|year)\b", re.IGNORECASE),
    re.compile(r"\b(?:pay|paid|payment|settle)\w*\b", re.IGNORECASE),
    re.compile(r"\b(?:fine|penalt)\w*\b", re.IGNORECASE),
    re.compile(r"\b(?:los[est]|loss)\w*\b", re.IGNORECASE),
)
_VAGUE = frozenset(
    gist(
        "source sources article report say tell give name mention state explain describe disclose publish much many cost price number amount date when "
        "what who why how make keep made kept detail details figure company firm work anything information exact precise public yet"
    )
)


@dataclass(frozen=True)
class Contradiction:
    """Where a source tells it. `sure`: it tells the very kind of thing the claim asks for."""

    reading: Reading
    line: Line
    sure: bool


def is_absence(text: str) -> bool:
    """Whether the sentence says that something is not told."""
    return bool(ABSENT.search(text))


def topic(text: str) -> frozenset[str]:
    """What the sentence says is not told: the content words after its "not say"."""
    found = ABSENT.search(text)
    if not found:
        return frozenset()
    after = gist(text[found.end() :]) - _VAGUE
    return after or gist(text[: found.start()] + found.group()) - _VAGUE


def contradiction(text: str, readings: tuple[Reading, ...]) -> Contradiction | None:
    """The sentence of a source that tells what the claim says is not told, or None.

    It must share most of the claim's topic, alone or with the sentence before it, and where the claim asks for money, a day or a number, hold one.
    Without such a question shared words prove little: then `sure` is False.
    """
    wanted = topic(text)
    asks = _asks(text)
    if not wanted or (len(wanted) < 2 and not asks):
        return None
    for reading in readings:
        previous: frozenset[str] = frozenset()
        for line in reading.lines:
            alone, joined = len(wanted & line.stems) / len(wanted), len(wanted & (line.stems | previous)) / len(wanted)
            previous = line.stems
            near = alone >= (0.6 if asks else 0.8) or (bool(asks) and joined == 1 and alone >= 0.3)
            if near and not _silent(line.text, wanted) and all(_holds(line, kind, text) for kind in asks):
                return Contradiction(reading, line, sure=bool(asks))
    return None


def _asks(text: str) -> tuple[str, ...]:
    """What the claim says is not told: a count, else money or a length, and a day."""
    if _COUNT.search(text):
        return ("count",)
    found = [kind for kind, pattern in (("length", _LONG), ("money", _MONEY), ("day", _WHEN)) if pattern.search(text)]
    return tuple(found[:1])


def _silent(text: str, wanted: frozenset[str]) -> bool:
    """Whether a source's sentence itself says that it does not know or tell this."""
    return is_absence(text) or bool(_UNKNOWN.search(text)) or bool(polarity.denied(text) & (wanted | _TELLING))


def _holds(line: Line, kind: str, claim: str) -> bool:
    if kind == "money":
        asked = [p for p in _PURSES if p.search(claim)]
        return any(n.kind == "money" for n in line.numbers) and (not asked or any(p.search(line.text) for p in asked))
    if kind == "day":
        return any(d.month or d.months or d.weekday is not None for d in line.days)
    if kind == "length":
        return any(n.kind == "count" and n.unit in MEASURES for n in line.numbers)
    counted = _COUNT.search(claim)
    return counted is not None and any(_counts(line, n, stem(counted.group(1))) for n in line.numbers)


def _counts(line: Line, number: Number, noun: str) -> bool:
    """Whether the figure counts this noun: "94 written comments", not "38 of them from firms"."""
    for token in [t for t in tokens(line.text) if t.start >= number.end][:6]:
        if re.search(r"[:;.(]", line.text[number.end : token.start]):
            return False
        if token.stem == noun:
            return True
        if token.text.lower() in {"of", "from", "to", "in", "for", "with", "or", "that", "who"}:
            return False
    return False
