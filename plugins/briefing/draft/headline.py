"""Title, dek and short version: made from what the sources agree on, never a pasted headline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from . import english
from .desk import Desk
from .english import DATE, Runs, capital
from .passages import Line, Voice
from .swaps import swap

_LABEL = re.compile(r"^(?:Client note|Statement|Note|Podcast|Opinion|Analysis|Guidance [\d/]+|Bulletin [\d-]+|[^:]{3,40}): ")
_INSTRUMENT = re.compile(r"^The (?:bulletin|rule|final rule|guidance|order|regulation|law|act|terms|new terms|settlement|agreement|notice)$")
_MODIFIER = re.compile(
    r" (?:licensed|based|located|operating|doing business|established) in [A-Z]\w+(?: [A-Z]\w+)*|,? (?:Inc|LLC|LLP|Ltd)\.?,?(?= )|, of [A-Z]\w+,?(?= )|, which [^,]+,|, a (?:group|company|foundry|firm) [^,]+,"
)
_CUTS = re.compile(r" (?=(?:on|from|by|at|for|after|before|in|with|to|of|when|if|over|until|and|as|between|since|during|about)\b)")
_ENDS = re.compile(
    r"\b(?:the|a|an|of|in|on|for|to|and|or|by|with|from|at|its|their|that|which|each|every|is|are|was|than|as|it|will|has|have|must|not|be|who|when|if|between|up|into)$",
    re.I,
)


def title(lines: Sequence[Line], voices: Sequence[Voice], runs: Runs, taken: Iterable[str] = ()) -> str:
    """Six to twelve words with an actor and an active verb. Falls back on the shortened first sentence of the best source."""
    theirs = [english.words(v.title) for v in voices]
    central = _central(voices, lines)
    best, score = "", -9.0
    for order, candidate in enumerate(_candidates(lines, voices)):
        text = _tidy(candidate)
        count = len(text.split())
        if not 6 <= count <= 12 or not _has_verb(text) or text in taken or len(text) > 85 or text.endswith("?"):
            continue
        words = english.content(text)
        points = sum(central.get(w, 0.0) for w in words) / 3.0 - 0.05 * order - 0.12 * abs(count - 10)
        points += 0.5 * bool(re.match(r"[A-Z][\w’-]+ (?:[A-Z]|\w+s\b)", text)) - 0.4 * bool(re.match(r"(?:An?|The|Each|Every|It|This|There)\b", text))
        points -= max(0.0, 0.5 * (max((_shared(english.words(text), t) for t in theirs), default=0) - 6))
        if points > score:
            best, score = text, points
    return best or _fallback(lines, voices)


def _candidates(lines: Sequence[Line], voices: Sequence[Voice]) -> Iterable[str]:
    for voice in voices:
        for line in sorted((x for x in lines if x.source == voice.marker and x.place < 8 and not x.quoted and not x.order), key=lambda x: x.place):
            yield from _from_line(line.text, voice)
    for voice in voices:
        yield from _from_title(voice.title)


def _from_line(text: str, voice: Voice) -> Iterable[str]:
    text = _MODIFIER.sub(lambda m: "" if not m.group().endswith(",") else "", text)
    found = english.parts(text)
    if not found or found.subject.lower() in {"it", "they", "there", "he", "she"}:
        return
    subject = re.sub(r"^(?:The|An?) (?=[A-Z])", "", found.subject)
    subject = subject.split(", ")[0]
    if _INSTRUMENT.match(found.subject) and voice.kind == "primary":
        subject = re.sub(r"^the ", "", voice.name)
    plural = english.is_plural(subject, "") is True
    verb = found.verb.lower()
    rest = f" {found.rest}"
    if verb in english.PAST_OF:
        base = english.PAST_OF[verb]
        verb = base if plural else english.third(base)
    elif verb in {"has", "have", "had", "was", "were", "is", "are"}:
        passive = re.match(r" ([a-z]+ed|made|kept|sold|paid|found|struck|told)\b", rest)
        if not passive or verb in {"had", "is", "are"}:
            return
    rest = DATE.sub("", re.sub(r" (?:on|by|from|until|since|in|starting) (?=" + DATE.pattern + ")", " ", rest)) if len(rest.split()) > 8 else rest
    rest = re.split(r", |; | — | which | so that ", rest)[0]
    whole = f"{subject} {verb}{rest}"
    yield from _shorter(whole)


def _shorter(text: str) -> Iterable[str]:
    """The text, and the text cut at each later phrase, longest first, at most twelve words."""
    text = " ".join(text.split()).rstrip(".,")
    if len(text.split()) <= 12:
        yield text
    for cut in reversed(list(_CUTS.finditer(text))):
        head = text[: cut.start()]
        if 6 <= len(head.split()) <= 12 and not _ENDS.search(head):
            yield head


def _from_title(text: str) -> Iterable[str]:
    text = _LABEL.sub("", text).strip()
    text = re.split(r"(?<=[a-z])[.:;] | — ", text)[0]
    text = re.sub(r"^([A-Z][a-z]+s) in ([A-Z][a-z]+) ", lambda m: f"{m.group(2)} {m.group(1).lower()} ", text)
    yield from _shorter(capital(swap(text)))
    if len(text.split()) > 7:
        yield from _shorter(capital(swap(re.sub(r" but .*$", "", text))))


def _tidy(text: str) -> str:
    text = re.sub(r"\bthe (?:use|number) of the\b", "the", " ".join(text.split()))
    text = re.sub(r"\bartificial intelligence\b", "AI", text)
    return capital(text.strip(" .,;:"))


def _has_verb(text: str) -> bool:
    tokens = text.split()
    return english._finite(tokens) is not None or any(
        t in english.THIRD_OF or t in english.BASES and tokens[max(0, i - 1)].endswith("s") for i, t in enumerate(tokens) if i
    )


def _shared(ours: tuple[str, ...], theirs: tuple[str, ...]) -> int:
    best = 0
    for i in range(len(ours)):
        for j in range(len(theirs)):
            n = 0
            while i + n < len(ours) and j + n < len(theirs) and ours[i + n] == theirs[j + n]:
                n += 1
            best = max(best, n)
    return best


def _central(voices: Sequence[Voice], lines: Sequence[Line]) -> dict[str, float]:
    """Words in the titles and first sentences of several sources, by how many have them."""
    out: dict[str, float] = {}
    for voice in voices:
        opening = " ".join(x.text for x in lines if x.source == voice.marker and x.place < 2)
        for word in english.content(voice.title + " " + opening):
            out[word] = out.get(word, 0.0) + 1.0 / len(voices)
    return out


def _fallback(lines: Sequence[Line], voices: Sequence[Voice]) -> str:
    text = _tidy(_LABEL.sub("", voices[0].title)) or (lines[0].text if lines else "")
    words = text.split()
    while len(words) > 12 or (words and _ENDS.search(words[-1])):
        words.pop()
    return capital(" ".join(words)) or "A briefing without a title"


def dek(desk: Desk, heading: str, lead: str) -> str:
    """A sentence of the body that adds to the headline, at most 160 characters; "" where none is short enough."""
    known = english.content(heading)
    best, score = "", -9.0
    for said in desk.said:
        if len(said.lines) != 1 or "“" in said.text or said.text in lead:
            continue
        line = said.lines[0]
        text = said.text
        if len(text) > 160 or len(text) < 45:
            continue
        shared = len(known & english.content(text)) / (len(english.content(text)) or 1)
        points = (
            line.weight
            - 2.0 * max(0.0, shared - 0.35)
            + 0.3 * bool(line.needs & {"scope", "who", "figure"})
            - 0.6 * line.unknown
            - 0.4 * bool(re.search(r"\b(?:reports|writes|according|says)\b", text))
        )
        if points > score:
            best, score = text, points
    return best


def happened(event: str, heading: str) -> str:
    """What happened in at most 25 words."""
    first = event.split(". ")[0].rstrip(".") + "."
    return first if len(first.split()) <= 25 else heading.rstrip(".") + "."
