"""Whom a sentence is about: the story's own actor, or somebody else who stands in the same sources.

A report on one clinic tells of its neighbor too. "The pilot began in August" on the neighbor's own page is no answer to a
question about the clinic, though it has the words and the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from . import english
from .passages import Line, Voice
from .people import Person

_LED = re.compile(
    r"^(?:(?:The|A|An|Dr\.|Sen\.|Rep\.|Judge|Inspector|Senator|State Senator) )?(?P<name>[A-Z][\w’&-]*(?: (?:of |and |& |the )?[A-Z][\w’&-]*)*)(?P<after>.?)"
)
_NAMED_AFTER = re.compile(r"^(?:The|A|An) (?:[a-z]+ ){0,2}[a-z]+, (?P<name>[A-Z][\w&-]+(?: [A-Z][\w&-]+)*)")
_PLACED = re.compile(r"^(?:At|For|With) (?P<name>[A-Z][\w&-]+(?: [A-Z][\w&-]+)*)")
_COMMON = frozenset(("The", "Inc", "LLP", "LLC", "Ltd", "Health", "AI", "And", "Of", "Group", "Company"))


def others(pool: Sequence[Line], voices: Sequence[Voice], actor: str, thing: str, people: Mapping[str, Person]) -> dict[tuple[str, int], bool]:
    """The sentences that are about somebody else than the actor, by their keys, and whether each says so by beginning with the name.

    Those are: what a further party says of itself on its own page, what begins with another's name, and what follows such a
    sentence in its paragraph without naming the actor.
    """
    known = _inner_names(pool)
    own = _words([actor, thing]) | _shared(known, voices)
    apart = {v.marker for v in voices[1:] if v.kind in {"primary", "vendor"} and not _words([v.name]) & own}
    actors_own = {v.marker for v in voices if _words([v.name]) & own}
    out: dict[tuple[str, int], bool] = {}
    told: tuple[str, int] | None = None  # the paragraph in which somebody else was named
    for line in pool:
        here = (line.source, line.para)
        stranger = _led_by_stranger(line.text, own, known, people)
        if stranger and line.source not in actors_own:
            told = here
        if stranger or ((line.source in apart or told == here) and not own & _words([line.text])):
            out[line.key] = stranger
    return out


def _shared(names: frozenset[str], voices: Sequence[Voice]) -> frozenset[str]:
    """The names that nearly every source has, or the best source's title: whoever settles, sells or is audited belongs to the story as the actor does."""
    told = [_words([v.title, v.text]) for v in voices]
    most = max(3, len(voices) - 1)
    return frozenset(n for n in names if sum(n in t for t in told) >= most or n in _words([voices[0].title]))


def _led_by_stranger(text: str, own: frozenset[str], known: frozenset[str], people: Mapping[str, Person]) -> bool:
    name = _leading_name(text, own, known)
    words = _words([name])
    if not words or words & own:
        return False
    person = people.get(name.split()[-1])
    return not (person and _words([person.role]) & own)


def _leading_name(text: str, own: frozenset[str], known: frozenset[str]) -> str:
    """The name that a sentence begins with, or is placed at; "" where there is none. A single word is one only if it is known as a name."""
    found = english.parts(text)
    placed = _PLACED.match(text)
    if placed and placed["name"].split()[0] not in english.MONTHS:
        return placed["name"]
    apposed = _NAMED_AFTER.match(text)
    if apposed:  # "The vendor, Cedar Line, said"; not "The director, Dana Frost, said the clinics would"
        return "" if own & _words([text]) else apposed["name"]
    head = english.capital(found.subject if found else text)
    match = _LED.match(head)
    if match is None:
        return ""
    name = re.sub(r"’s?$", "", match["name"])
    if " " in name:
        return "" if re.match(r"\s?\d", head[match.end("name") :]) else name
    whole = match["after"] in {"", ","} or match["name"].endswith("’s") or found is None
    return name if whole and name in known and not head.startswith(("The ", "A ", "An ")) else ""


def _inner_names(pool: Iterable[Line]) -> frozenset[str]:
    """Words that are written with a capital inside sentences: names, whatever else they may be at a beginning."""
    return frozenset(w for line in pool for w in re.findall(r"(?<=[a-z,;] )[A-Z][\w&-]+", line.raw) if w not in english.MONTHS + english.WEEKDAYS)


def _words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(w for name in names for w in re.findall(r"\b[A-Z][\w&-]+", name) if w not in _COMMON)
