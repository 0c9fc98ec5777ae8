"""Sentences that say something is not told: "The sources do not say what it cost". True only while no source tells it."""

from __future__ import annotations

import re

from .names import bare
from .reading import Line, Reading, gist
from .words import tokens

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
    rf"|\bno(?:ne)?\s+(?:of\s+(?:the|these|our)\s+)?(?:sources?|one|reports?|articles?|accounts?)\s+(?:here\s+|cited\s+)?(?:{_TELL}|gave|said|told|named|put|mentioned|reported|disclosed)\b"
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
_MONEY = re.compile(r"\b(?:cost|price|fee|pay|paid|spend|spent|budget|dollars?|worth|charge|amount|sum)\w*\b", re.IGNORECASE)
_WHEN = re.compile(r"\bwhen\b|\bdate\b|\bdeadline\b|\bwhat day\b", re.IGNORECASE)
_MANY = re.compile(r"\bhow (?:many|much|large|big|long|often)\b|\bnumber of\b|\bshare of\b", re.IGNORECASE)
_VAGUE = frozenset(
    gist(
        "source sources article report say tell give name mention state explain describe disclose publish much many cost price number amount date when "
        "what who why how make keep made kept detail details figure company firm work anything information exact precise public yet"
    )
)


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


def contradiction(text: str, readings: tuple[Reading, ...]) -> tuple[Reading, Line] | None:
    """The sentence of a source that tells what the claim says is not told, or None.

    It must share most of the claim's topic and, where the claim asks for money, a day or an amount, hold one.
    """
    wanted = topic(text)
    asks = [kind for kind, pattern in (("money", _MONEY), ("day", _WHEN), ("count", _MANY)) if pattern.search(text)]
    if not wanted or (len(wanted) < 2 and not asks):
        return None
    for reading in readings:
        for line in reading.lines:
            shared = len(wanted & line.stems) / len(wanted)
            if shared < (0.6 if asks else 0.8) or is_absence(line.text) or _denies(line.text):
                continue
            if all(_holds(line, kind) for kind in asks):
                return reading, line
    return None


def _denies(text: str) -> bool:
    return any(w in {"not", "no", "nor", "never"} or w.endswith("nt") for w in (bare(t.text) for t in tokens(text)))


def _holds(line: Line, kind: str) -> bool:
    if kind == "money":
        return any(n.kind == "money" for n in line.numbers)
    if kind == "day":
        return any(d.month or d.weekday is not None for d in line.days)
    return bool(line.numbers)
