"""Errors planted in true sentences: one change each, of a kind that has been seen in published drafts. Deterministic.

A plant is made with plain string work and the source's own text, never with the checker's parts, so that the checker does not
choose its own questions.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

KINDS = (
    "number",
    "number of something else",
    "date",
    "date of something else",
    "name",
    "name of someone else",
    "role",
    "quotation",
    "source",
    "negation",
    "attribution",
    "absence",
)

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_FIGURE = re.compile(rf"(?<![\w.,/-])[$€£]?\d[\d,]*(?:\.\d+)?(?![\w,]*-?\d)(?!\s*(?:{'|'.join(MONTHS)}))")
_DATE = re.compile(rf"\b(?:{'|'.join(MONTHS)})\s+\d{{1,2}}\b(?:,\s+\d{{4}})?|\b\d{{1,2}}\s+(?:{'|'.join(MONTHS)})\b(?:\s+\d{{4}})?")
_PERSON = re.compile(
    r"\b(?!The |A |In |On |At |For |By |And |But |When |While |After |If |Under |Its |Their |No |Not |As |Of )[A-Z][a-z]+ [A-Z][a-z]{2,}(?:-[A-Z][a-z]+)?\b"
)
QUOTE = re.compile(r"“([^”]{25,})”")
_ROLES = ("commissioner", "director", "president", "spokesman", "chief executive", "treasurer", "editor", "inspector", "chief scientist", "founder")
_ROLE = re.compile(
    r"\b((?:deputy |vice |chief |general |plant |operations |compliance |staff |policy |business |associate )?(?:commissioner|director|president|"
    r"officer|counsel|manager|attorney|agent|researcher|lawyer|physician|economist|professor|spokesman|spokeswoman|spokesperson|secretary|minister|"
    r"senator|governor|analyst|founder|chairman|head|editor))\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\bsaid ((?:Dr\. )?[A-Z][a-z]+ [A-Z][\w-]+)|((?:Dr\. )?[A-Z][a-z]+ [A-Z][\w-]+) said\b|(?<=” )((?:Dr\. )?[A-Z][a-z]+ [A-Z][\w-]+),? (?:said|wrote)"
)
_AUXILIARY = re.compile(r"\b(is|are|was|were|will|can|must|may|has|have|had|should|could|would|does|did)\b(?! not|n[’']t| been no)")
_INVENTED = ("Otto Brandvold", "Celia Marchbanks", "Ravi Thornquist", "Ingrid Sallow", "Peter Quillfeather", "Mona Estrada-Finch")
_INVENTED_BODIES = ("Halvard Systems", "Brookmere Council", "the Calder Institute", "Norvane Group")
_WORDS = [
    "budget",
    "winter",
    "machine",
    "corner",
    "number",
    "question",
    "payment",
    "manager",
    "promise",
    "village",
    "answer",
    "mistake",
    "reason",
    "danger",
    "picture",
    "decade",
    "lawyer",
    "signal",
]


@dataclass(frozen=True)
class Planted:
    """A sentence with one error. `source`: a marker change, the sentence itself is true."""

    kind: str
    text: str
    was: str
    became: str
    elsewhere: bool = False  # cite the other source instead


def plants(sentence: str, source: str, rng: random.Random) -> Iterator[Planted]:
    """Every kind of error this sentence allows, one of each."""
    yield from _numbers(sentence, source, rng)
    yield from _dates(sentence, source, rng)
    yield from _names(sentence, source, rng)
    yield from _roles(sentence, source, rng)
    yield from _quotations(sentence, source, rng)
    yield from _attribution(sentence, source, rng)
    yield from _negation(sentence, rng)


def _swap(kind: str, sentence: str, m: re.Match[str], new: str, group: int = 0) -> Planted:
    return Planted(kind, sentence[: m.start(group)] + new + sentence[m.end(group) :], m.group(group), new)


def figures(text: str) -> list[re.Match[str]]:
    dates = [d.span() for d in _DATE.finditer(text)]
    found = [m for m in _FIGURE.finditer(text) if m.group().rstrip(",") == m.group() and not any(a < m.end() and m.start() < b for a, b in dates)]
    return [m for m in found if not re.fullmatch(r"(?:19|20)\d\d", m.group())]


def _numbers(sentence: str, source: str, rng: random.Random) -> Iterator[Planted]:
    found = figures(sentence)
    if not found:
        return
    m = rng.choice(found)
    for _ in range(20):
        new = _other_figure(m.group(), rng)
        if not re.search(rf"(?<![\d.,]){re.escape(new.lstrip('$€£'))}(?![\d.,]*\d)", source):
            yield _swap("number", sentence, m, new)
            break
    after = re.match(r"\s*(%|percent|per cent|million|billion|[a-z]+)?", sentence[m.end() :])
    unit = (after.group(1) or "") if after else ""
    others = [
        o.group()
        for o in figures(source)
        if _digits(o.group()) != _digits(m.group())
        and o.group()[0].isdigit() == m.group()[0].isdigit()
        and _unit(source, o) == unit
        and o.group() not in sentence
    ]
    if others and unit:
        yield _swap("number of something else", sentence, m, rng.choice(others))


def _digits(figure: str) -> str:
    return re.sub(r"[^\d.]", "", figure).rstrip(".")


def _unit(text: str, m: re.Match[str]) -> str:
    after = re.match(r"\s*(%|percent|per cent|million|billion|[a-z]+)?", text[m.end() :])
    return (after.group(1) or "") if after else ""


def _other_figure(figure: str, rng: random.Random) -> str:
    digits = [i for i, c in enumerate(figure) if c.isdigit()]
    if len(digits) >= 2 and rng.random() < 0.4 and figure[digits[0]] != figure[digits[1]] and figure[digits[1]] != "0":
        a, b = digits[0], digits[1]
        return figure[:a] + figure[b] + figure[a + 1 : b] + figure[a] + figure[b + 1 :]
    at = rng.choice(digits)
    new = rng.choice([d for d in "123456789" if d != figure[at]])
    return figure[:at] + new + figure[at + 1 :]


def _dates(sentence: str, source: str, rng: random.Random) -> Iterator[Planted]:
    found = list(_DATE.finditer(sentence))
    if not found:
        return
    m = rng.choice(found)
    for _ in range(20):
        if rng.random() < 0.5:
            new = re.sub("|".join(MONTHS), rng.choice(MONTHS), m.group())
        else:
            new = re.sub(r"\b\d{1,2}\b", str(rng.randint(1, 28)), m.group(), count=1)
        if new != m.group() and new not in source and re.sub(r", \d{4}| \d{4}", "", new) not in source:
            yield _swap("date", sentence, m, new)
            break
    bare = re.sub(r",? \d{4}", "", m.group())
    others = [o.group() for o in _DATE.finditer(source) if _parts(o.group()) != _parts(bare) and o.group() not in sentence]
    if others:
        yield _swap("date of something else", sentence, m, rng.choice(others))


def _parts(day: str) -> frozenset[str]:
    """Month and day, whichever stands first."""
    return frozenset(re.findall(r"[A-Z][a-z]+|\b\d{1,2}\b", day))


def _names(sentence: str, source: str, rng: random.Random) -> Iterator[Planted]:
    found = [m for m in _PERSON.finditer(sentence) if m.start() > 0 or sentence.startswith(m.group())]
    found = [m for m in found if m.group().split()[0] not in MONTHS]
    if found:
        m = rng.choice(found)
        yield _swap("name", sentence, m, rng.choice(_INVENTED if rng.random() < 0.6 else _INVENTED_BODIES))
    people = _people(source)
    mine = [p for p in people if p in sentence and not re.search(rf"{re.escape(p)} said|said {re.escape(p)}", sentence)]
    others = sorted(p for p in people if p.split()[-1] not in sentence)
    if mine and others:
        old = rng.choice(mine)
        new = rng.choice(others)
        yield Planted("name of someone else", sentence.replace(old, new, 1), old, new)


def _people(source: str) -> list[str]:
    """Names that a source lets speak: surely people."""
    found = {m.group(g).removeprefix("Dr. ") for m in _SAID.finditer(source) for g in (1, 2, 3) if m.group(g)}
    return sorted(p for p in found if len(p.split()) == 2 and p.split()[0] not in {"The", "But", "And"})


def _roles(sentence: str, source: str, rng: random.Random) -> Iterator[Planted]:
    """A role that stands beside a person's name is changed to another."""
    beside = re.compile(rf"(?<=[a-z],\s){_ROLE.pattern}|(?<=[a-z],\sthe\s){_ROLE.pattern}|(?<=[a-z],\sa\s){_ROLE.pattern}", re.IGNORECASE)
    for m in beside.finditer(sentence):
        before = sentence[: m.start()]
        if not re.search(r"[A-Z][a-z]+ [A-Z][\w-]+,(?: the| a)? $", before):
            continue
        old = m.group()
        new = rng.choice([r for r in _ROLES if r not in old.lower() and old.lower() not in r])
        yield Planted("role", sentence[: m.start()] + new + sentence[m.end() :], old, new)
        return


def _quotations(sentence: str, source: str, rng: random.Random) -> Iterator[Planted]:
    m = QUOTE.search(sentence)
    if not m:
        return
    words = list(re.finditer(r"[A-Za-z]{4,}", m.group(1)))
    if words:
        w = rng.choice(words)
        start = m.start(1) + w.start()
        new = rng.choice([x for x in _WORDS if x not in m.group(1)])
        yield Planted("quotation", sentence[:start] + new + sentence[start + len(w.group()) :], w.group(), new)


def _attribution(sentence: str, source: str, rng: random.Random) -> Iterator[Planted]:
    m = _SAID.search(sentence)
    if not m:
        return
    group = next(g for g in (1, 2, 3) if m.group(g))
    others = sorted({o.group(g) for o in _SAID.finditer(source) for g in (1, 2, 3) if o.group(g) and o.group(g).split()[-1] not in sentence})
    if others:
        yield _swap("attribution", sentence, m, rng.choice(others), group)


def _negation(sentence: str, rng: random.Random) -> Iterator[Planted]:
    outside = QUOTE.sub(lambda q: " " * len(q.group()), sentence)
    gone = re.search(r"\b(is|are|was|were|will|can|must|may|has|have|had|should|could|would|does|did) not\b|\b(can)not\b", outside)
    if gone:
        yield Planted("negation", sentence[: gone.start()] + (gone.group(1) or "can") + sentence[gone.end() :], gone.group(), gone.group(1) or "can")
        return
    found = list(_AUXILIARY.finditer(outside))
    if found and not re.search(r"\b(?:not|no|never|none|nobody|neither|without|nor)\b|n[’']t\b", outside):
        m = rng.choice(found[:2])
        yield Planted("negation", sentence[: m.end()] + " not" + sentence[m.end() :], m.group(), f"{m.group()} not")


def varied(sentence: str, rng: random.Random) -> str:
    """The same statement, written a little differently: figures, dates and marks in another usual form."""
    out = sentence
    if rng.random() < 0.7:
        out = re.sub(r"(\d) percent\b", r"\1 %" if rng.random() < 0.5 else r"\1 per cent", out)
    if rng.random() < 0.5:
        out = re.sub(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}})\b", r"\2 \1 \3", out)
    if rng.random() < 0.5:
        out = out.replace("“", '"').replace("”", '"')
    if rng.random() < 0.5:
        out = re.sub(r"(?<=\d),(?=\d{3}\b)", "", out) if not re.search(r"\d,\d{3},", out) else out
    if rng.random() < 0.3:
        out = re.sub(r", (?:which|who|where) [^,.“”\"]{10,80}(?=[,.]|$)", "", out, count=1)
    return out


def sampled(items: Sequence[str], most: int, rng: random.Random) -> list[str]:
    """At most so many of these, in their order."""
    kept = sorted(rng.sample(range(len(items)), min(most, len(items))))
    return [items[i] for i in kept]
