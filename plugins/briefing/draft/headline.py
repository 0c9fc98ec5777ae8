# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""Title, dek and short version: made from what the sources agree on, never a pasted headline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from . import english
from .desk import Desk
from .english import DATE, capital
from .orders import is_order
from .passages import Line, Voice
from .swaps import swap

_LABEL = re.compile(r"^(?:Client note|Statement|Note|Podcast|Opinion|Analysis|Guidance [\d/]+|Bulletin [\d-]+|[A-Z][\w’ -]{3,32}): (?=\S)")
_MODIFIER = re.compile(
    r" (?:licensed|based|located|operating|doing business|established) in [A-Z]\w+(?: [A-Z]\w+)*|,? (?:Inc|LLC|LLP|Ltd)\.?,?(?= )|, of [A-Z]\w+,?(?= )|, which [^,]+,|, an? [^,]+,"
)
_CUTS = re.compile(
    r",? (?=(?:on|from|by|at|for|after|before|in|with|to|when|if|over|until|and|but|as|between|since|during|about|while|so|because|although|though)\b)|, |; "
)
_ENDS = re.compile(
    r"\b(?:the|a|an|of|in|on|for|to|and|or|by|with|from|at|its|their|that|which|each|every|is|are|was|than|as|it|will|has|have|must|not|be|who|when|if|between|up|into|new|other|more|fewer|early|late|only|just|even|still|also|following|against|about|over|under|without|because|but|so|before|after|said|says|[$€£][\d.,]+(?:-\w+)?)$",
    re.I,
)
_HEAD_WORDS = (
    (r"\bpauses\b", "halts"),
    (r"\bstops storing\b", "no longer stores"),
    (r"\bstops keeping\b", "no longer keeps"),
    (r"\bfaked\b", "fake"),
    (r"\bevery\b", "each"),
    (r"\bput a name beside\b", "name an owner for"),
    (r"\baudit finds\b", "audit shows"),
    (r"\bfor up to\b", "up to"),
    (r"\breports results of\b", "publishes results of"),
    (r"\bsays (?=[a-z]+ )", "says that "),
    (r"\bartificial intelligence\b", "AI"),
    (r" a (?=day|month|week|year|seat)", " per "),
    (r"(?<=s) told to\b", " are told to"),
    (r"(?<=[A-Za-z]) to (?=pay|keep|stop|open|close|review|publish|require|end|drop)", " will "),
)
_PROPER = re.compile(r"\b[A-Z][\w’&-]+(?: (?:of |and |& )?[A-Z][\w’&-]+)*")


def titles(lines: Sequence[Line], voices: Sequence[Voice], actor: str, taken: Iterable[str] = ()) -> list[str]:
    """Headlines of six to twelve words with an actor and an active verb, the best first; the last is a source's title, shortened."""
    central = _central(voices, lines)
    used = frozenset(taken)
    theirs = {_flat(v.title) for v in voices}
    scored: dict[str, float] = {}
    for order, (candidate, bonus) in enumerate(_candidates(lines, voices, actor)):
        text = _tidy(candidate)
        if not 6 <= len(text.split()) <= 12 or len(text) > 85 or text in used or text.endswith("?") or _ENDS.search(text) or _hollow(text):
            continue
        scored.setdefault(text, bonus + _worth(text, central, theirs, actor) - 0.01 * order)
    return [*sorted(scored, key=lambda t: (-scored[t], t)), _fallback(lines, voices)]


def _worth(text: str, central: Mapping[str, float], theirs: Set[str], actor: str) -> float:
    words = english.content(text)
    points = 1.6 * sum(central.get(w, 0.0) for w in words) / (3 + len(words)) - 0.1 * abs(len(text.split()) - 10)
    points += 0.35 * bool(actor and actor.removeprefix("the ").split()[0] in text) + 0.2 * bool(_PROPER.search(text[1:]))
    points += 0.3 * bool(re.search(r"\b(?:must|will|cannot|no longer)\b", text)) - 0.3 * bool(re.search(r"\bissues\b", text))
    points -= 0.9 * bool(re.match(r"(?:The|Each|Every|It|This|There|That|What|How|When|Under|In|On|By|If|For)\b", text)) + 0.5 * bool(DATE.search(text))
    return points - 0.45 * (_flat(text) in theirs or any(_flat(text) in t for t in theirs))


def _candidates(lines: Sequence[Line], voices: Sequence[Voice], actor: str) -> Iterator[tuple[str, float]]:
    for voice in voices:
        for text in () if is_order(voice.title) else _from_title(voice.title, actor):
            yield text, 0.5
    for voice in voices:
        for line in sorted((x for x in lines if x.source == voice.marker and x.place < 6 and not x.quoted and not x.order), key=lambda x: x.place):
            for text in _from_line(line.text, voice):
                yield text, 0.2 if voice is voices[0] else 0.0


def _from_line(text: str, voice: Voice) -> Iterator[str]:
    text = _MODIFIER.sub("", text)
    found = english.parts(text)
    if not found or found.front or found.subject.lower() in {"it", "they", "there", "he", "she"} or "“" in text:
        return
    subject = re.sub(r"^(?:The|An?) (?=[A-Z])", "", found.subject).split(", ")[0]
    if re.match(r"The (?:bulletin|rule|final rule|guidance|regulation)$", found.subject) and voice.kind == "primary":
        subject = voice.name.removeprefix("the ")
    verb = _now(found.verb.lower(), english.is_plural(subject) is True, found.rest)
    if verb:
        rest = re.split(r"; | — | which | so that ", f" {found.rest}")[0]
        yield from _shorter(f"{subject} {verb}{rest}")


def _now(verb: str, plural: bool, rest: str) -> str:
    """The verb as a headline has it, in the present; "" where that is not sure."""
    if verb in english.MODALS:
        return verb
    if verb in english.PAST_OF:
        base = english.PAST_OF[verb]
        return base if plural else english.third(base)
    if verb in {"has", "have"}:
        return verb
    first = rest.split()[0] if rest.split() else ""
    if verb in {"is", "are"} and (first.endswith(("ed", "ing")) or first in {"now", "available", "open", "free", "live"}):
        return verb
    return verb if verb in english.THIRD_OF or (plural and verb in english.BASES) else ""


def _shorter(text: str) -> Iterator[str]:
    """The text, and the text cut at each later phrase, longest first, at most twelve words."""
    text = " ".join(text.split()).rstrip(".,;:")
    if len(text.split()) <= 12:
        yield text
    for cut in reversed(list(_CUTS.finditer(text))):
        head = text[: cut.start()].rstrip(",;")
        if 6 <= len(head.split()) <= 12 and not _ENDS.search(head):
            yield head


def _from_title(text: str, actor: str) -> Iterator[str]:
    """A source's title without its label and its second half, its tense and words changed, its vague actor named."""
    for whole in dict.fromkeys((_LABEL.sub("", text).strip(), text)):
        head = re.split(r"[.:;?] | — ", whole)[0]
        for part in dict.fromkeys((head, re.split(r", (?:new|and|but|says)\b", head)[0])):
            made = re.sub(r"^([A-Z][a-z]+s) in ([A-Z][a-z]+) ", lambda m: f"{m.group(2)} {m.group(1).lower()} ", part)
            made = _present(made)
            for pattern, repl in _HEAD_WORDS:
                made = re.sub(pattern, repl, made)
            made = capital(swap(made)).replace("  ", " ")
            if not _verb(made):
                continue
            yield from _shorter(made)
            vague = re.match(
                r"^(?:Clinic group|Hospital group|Insurer|Regulator|Agency|Vendor|Foundry|State|A [A-Z]?[a-z]+ (?:foundry|clinic|hospital|firm))\b", made
            )
            if vague and actor:
                yield from _shorter(f"{actor.removeprefix('the ')}{made[vague.end() :]}")


def _present(text: str) -> str:
    """The first past verb of a title in the present: "returned 25 minutes" as "returns 25 minutes"."""
    tokens = text.split(" ")
    for i, token in enumerate(tokens[1:8], 1):
        if token in english.AUX or token in english.THIRD_OF:
            return text
        if (
            (token in english.PAST_OF or token in english._CLEAR_PAST)
            and token not in {"used", "based"}
            and i + 1 < len(tokens)
            and tokens[i + 1] not in {"by", "to", "in", "with"}
        ):
            base = english.PAST_OF.get(token, "")
            subject = " ".join(tokens[:i])
            if not base or (token == base and english.is_plural(subject)):
                return text
            tokens[i] = base if english.is_plural(subject) else english.third(base)
            return " ".join(tokens)
    return text


def _verb(text: str) -> bool:
    tokens = text.split()
    return english._finite(tokens) is not None or any(
        i and (t in english.MODALS or (t in english.THIRD_OF and t not in english._NOUNISH) or t in {"tell", "report", "pay", "let", "lets"})
        for i, t in enumerate(tokens)
    )


def _hollow(text: str) -> bool:
    """Whether the words say that something was published and not what."""
    return bool(
        re.search(
            r"\b(?:issues?|publishes|adopts|has adopted|releases) (?:the )?(?:Bulletin|Guidance|final rule|rule|notice|document)\b[^,]{0,16}$|^(?:Client note|Statement)",
            text,
        )
    )


def _flat(text: str) -> str:
    return " ".join(english.words(text))


def _tidy(text: str) -> str:
    return capital(re.sub(r"\bartificial intelligence\b", "AI", " ".join(text.split())).strip(" .,;:"))


def _central(voices: Sequence[Voice], lines: Sequence[Line]) -> dict[str, float]:
    """Words of titles and first sentences, by the share of sources that have them there."""
    out: dict[str, float] = {}
    for voice in voices:
        opening = " ".join(x.text for x in lines if x.source == voice.marker and x.place < 2)
        for word in english.content(voice.title + " " + opening):
            out[word] = out.get(word, 0.0) + 1.0 / len(voices)
    return out


def _fallback(lines: Sequence[Line], voices: Sequence[Voice]) -> str:
    theirs = "" if is_order(voices[0].title) else _tidy(_LABEL.sub("", voices[0].title))
    words = (theirs or next((x.text for x in lines if not x.order), "")).split()
    while len(words) > 12 or (words and _ENDS.search(words[-1])):
        words.pop()
    return capital(" ".join(words)) or "A briefing without a title"


_NAMED = re.compile(r"\b(?:reports|writes|according|adds|account|notes that|says|tells it|reading)\b")


def dek(desk: Desk, heading: str, lead: str) -> str:
    """One or two sentences of the body that add to the headline, at most 160 characters; "" where none is short enough."""
    known = english.content(heading) | english.content(lead)
    best, score = "", -9.0
    for said in desk.said:
        text = said.text
        if len(said.lines) != 1 or "“" in text or text in lead or not 50 <= len(text) <= 160 or text.startswith(("It ", "They ", "But ")):
            continue
        line = said.lines[0]
        if not line.stands or re.match(r"[$€£\d]|[A-Z][a-z]+(?:-\w+)? (?:percent|of)\b", text):
            continue
        mine = english.content(text)
        points = (
            line.weight
            - 2.2 * max(0.0, len(known & mine) / (len(mine) or 1) - 0.3)
            + 0.3 * bool(line.needs & {"scope", "who", "figure"})
            - 0.7 * line.unknown
            - 1.2 * bool(_NAMED.search(text))
        )
        points += 0.6 * bool(re.search(r"\b(?:must|has to|have to|requires?|applies|covers?|cannot|may|will|without)\b", text))
        points -= 0.8 * bool(re.match(r"(?:Where|When|If|Unless|Because|Since|Although|On|In|By|From|Under|For|At|Of) ?\b", text)) + 0.8 * any(
            name in text for name in desk.people
        )
        points += 0.008 * min(len(text), 130)
        if points > score:
            best, score = text, points
    return best


def happened(event: str, heading: str, day: str) -> str:
    """What happened in at most 25 words: the first sentence, else the headline with its day."""
    first = event.split(". ")[0].rstrip(".") + "."
    if len(first.split()) <= 25:
        return first
    return heading.rstrip(".") + "."
