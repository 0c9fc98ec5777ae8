# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""A source's text as sentences, each with its place, what it can answer, and whether it can stand without its neighbour.

What leans on the sentence before is set upright here: a leading "It" becomes the noun it stands for, "we" becomes the
publisher, "today" becomes its date. What cannot be set upright is marked and is never used alone.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..model import CiteKind
from . import english, split
from .english import DATE
from .orders import is_order

_ONE_LINE = re.compile(r"\n+")
_DATELINE = re.compile(r"^[A-Z][A-Z .,’'-]{3,40}(?:\.|\s[—–-])\s+(?=[A-Z“])")
_LABEL = re.compile(r"^[A-Z][a-z]+(?: [a-z]+)?:\s+(?=[A-Z])")
_BULLET = re.compile(r"^(?:[-•*]|\d{1,2}[.)])\s+")
_RELATIVE_DAY = re.compile(
    r"\b(?:tonight|(?:last|this|next) year’s|(?:past|coming) year|(?:last|this|next|past|coming) (?:week|month|quarter|spring|summer|fall|autumn|winter|night|night’s|"
    r"January|February|March|April|May|June|July|August|September|October|November|December)|(?:days|weeks|months|years) ago|so far|a year ago|recently|lately|(?:a|one|two|three) (?:week|month|day)s? ago)\b",
    re.I,
)
_WEEKDAY = re.compile(rf"\b(on )?({'|'.join(english.WEEKDAYS)})\b(?! and\b| or\b|s\b|’s| (?:morning|afternoon|evening|night))(?=[.,;]|\s|$)")
_LOOSE_DAY = re.compile(rf"\b(?:[Ss]ince|[Oo]n|[Ll]ast|[Bb]y|[Uu]ntil) (?:{'|'.join(english.WEEKDAYS)})\b(?!s\b)(?!,? (?:{'|'.join(english.MONTHS)}))")
#: What points at something said before and is not resolved here.
_LEANS = re.compile(
    r"^(?:(?:First|Second|Third|Fourth|Finally|Last|Next),|(?:And|But|So|Or|Nor|Yet|Still|Then|Thus|Hence|Therefore|Instead|Otherwise|However|Moreover|Also|Even so|Meanwhile|Elsewhere|For example|For instance|That|This|These|Those|Such|Both|Neither|Either|"
    r"Others?|Another|The others?|The latter|The former|The rest|The remaining|The second|The third|The fourth|The fifth|The other|The same|The difference|The period|The most|Two of|One of|One|None|Some|Half|All|Each|Any|Few|Most|Most of|Many|Here|There|"
    r"In (?:those|these|that|this|the rest|both|exchange|return|such)|On (?:that|this)|At (?:that|this)|From (?:that|this|there)|Of (?:these|those|them)|Under (?:that|this|these|the (?:new|old))|After (?:that|this|the)|Before (?:that|this|the)|Until (?:now|it|then|that)|Since then|Whether|Either way|Not|Only|What|How|Why|Hers|His|Her|Their|Its|My|Your)\b|"
    r"\w+ of (?:them|these|those|the \w+)\b|(?:The|Its|Their) \w+ one\b|One \w+ed\b|(?:All|Two|Three|Four|Five|Both) (?:\w+ )?(?:failures|errors|things|points|cases|kinds)\b)"
)
_FREE = re.compile(
    r"^(?:Each (?:entry|system|inventory|use|report|year|owner)|Any (?:patient|employer|company|owner|tool|system)|All \d|Most (?:of the|companies|firms)|Half of the|One in|Many (?:companies|firms|owners)|Some (?:companies|firms)|Whether|Only (?:\w+ )?(?:of )?\d|Neither party|There (?:is|are) no|Under the)\b"
)
_MID_LEANS = re.compile(
    r"(?:\b(?:will|would|do|does|did|can|could) not\.$)|(?:\b(?:agreed|refused|declined|objected|complied|disagreed|differ|vary|neither|either|too|alike|walked away)\.$)|\b(?:the others|of them|those (?:two|three|four|\d+)|the latter|the former|such programs|this (?:note|post|page|article|story|section|list|way)|that one|these (?:two|three)|above|below|(?<!^)both(?=[.,]| within| in| on| by)|this one|that company|that firm|(?:of|in|on|for|with|from|by|at|attacked|about) that [a-z]+|the same (?:mistake|right|rule|thing|way)|(?:thinks|believes|did|do|does|done|says|said) so|the other \d+|the next,|the first three|here)\b",
    re.I,
)
_TO_READER = re.compile(r"\b(?:you|your|yours|let us know|click|subscribe|sign up|read more|see our|contact us|at this link)\b", re.I)
_WE = re.compile(r"\b(?:[Ww]e|[Uu]s|[Oo]urs?|[Oo]urselves|I|[Mm]y|[Mm]e)\b")
_ORDERS = frozenset(
    english.word_list(
        "ask find copy remove print write make take put keep send match check pick note list show give tell use add read set look start begin train change "
        "choose store name record agree test review treat plan hold build count decide do don’t call bring avoid consider review map let turn move walk "
        "stop"
    )
)
#: "If customers are to hold the records, start with …": advice to the reader, whatever stands before it.
ADVICE = re.compile(
    r"(?:If|When|Where|Before|After|Once|Until) [^,]+, (?:then )?(?:start|begin|ask|list|check|choose|keep|call|write|treat|consider|put|use|set|take|make|get|look|do|read|give|tell|send|count|expect)\b",
    re.I,
)
UNKNOWN = re.compile(
    r"\b(?:not (?:yet )?(?:known|clear|decided|said|settled|say|saying|publish(?:ed)?|set|measure[d]?|estimate[d]?|tell|certain|disclosed?)|has no (?:date|figure)|no (?:date|figure|decision|number) (?:has|is|was|yet|for)|unclear|unknown|uncertain|undecided|declined to|cannot (?:be told|say|tell)|could not (?:be|say|tell|estimate)|"
    r"silent on|remains? open|left open|nothing in|does not (?:say|mention|settle|address)|do not know|did not (?:say|answer|tell|measure|estimate)|would not (?:say|discuss)|too (?:few|small|early) to|not a (?:random|randomized)|no one can|is under review|nor is it|neither .{3,60} said)\b",
    re.I,
)
_NEEDS: dict[str, re.Pattern[str]] = {
    "date": re.compile(r"\b(?:effective|takes? effect|in force|due|deadlines?|by|from|until|begins?|began|starts?|started|closes?|applies|before|between|expires?|runs|binding|ran)\b", re.I),
    "who": re.compile(r"\b(?:applies to|reach(?:es)?|covers|owner|responsib\w+|accountable|employees?|named|answers? for|person|nurses?|clinicians?|supervisors?|administrators?|insurers|carriers|employers|providers?|deployers?|applicants?|customers|auditor|who)\b", re.I),
    "scope": re.compile(r"\b(?:applies|apply|covers?|covered|scope|exempt\w*|except\w*|does not (?:reach|apply|cover|include|affect|approve|set|contain|require|bind)|do not (?:apply|file|need|change)|only|outside|excluded?|includes?|counts as|limited to|not affected|voluntary|fewer than|less than|belong)\b", re.I),
    "cost": re.compile(r"(?:[$€£]\s?\d|\b(?:costs?|prices?|fees?|expenses?|spend|budget|staff hours|hours of work|outlay|bill|a seat|premium)\b)", re.I),
    "penalty": re.compile(r"\b(?:fine[sd]?|penalt\w+|violations?|sanctions?|enforce\w*|settlement|liab\w+|punish\w*|legally binding|binding|civil payment|to resolve|admit)\b", re.I),
    "how": re.compile(r"\b(?:must|has to|have to|records?|works?|listens|prepares|reads|keeps?|delet\w+|shows?|contains?|uses?|used|scor\w+|rule|steps?|needs?|sort|entries|entry|changed?|called|call|plans|planned|strike|struck|switch\w*|review\w*|allow\w*|recommend\w*|requires?|should|filed|notice)\b", re.I),
    "next": re.compile(r"\b(?:will|expects?|plans? to|intends?|next|later|promised|not (?:yet )?decided|in preparation|follow|under review|by (?:January|February|March|April|May|June|July|August|September|October|November|December)|extend)\b", re.I),
}  # fmt: skip
_NUMBER = re.compile(
    r"(?:[$€£]\s?)?\b\d[\d,.]*\d?\s?(?:percent|%|million|billion)?|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|seventeen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?\b",
    re.I,
)
_HEADING_NEEDS = {
    "cost": re.compile(r"\b(?:cost|price|budget|pay|support)", re.I),
    "penalty": re.compile(r"\b(?:enforce|penalt|terms of the settlement|correction)", re.I),
    "who": re.compile(r"\b(?:who|whom|inside the company|employees?|people)\b", re.I),
    "scope": re.compile(r"\b(?:scope|covered|exempt|does not|not covered|small|outside|who must)", re.I),
    "next": re.compile(r"\b(?:next|open|not know|unknown|not clear|not known|cannot say|did not learn|later)", re.I),
    "how": re.compile(r"\b(?:how|what|recorded|contains|must say|works|worked|terms|changes)\b", re.I),
    "date": re.compile(r"\b(?:when|dates?|timing|filing|claim)\b", re.I),
    "figure": re.compile(r"\b(?:found|results|numbers|figures)\b", re.I),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """A source as a draft speaks of it."""

    marker: str  # s1
    name: str  # "the Fair Work Bureau", "Compliance Docket": as it stands inside a sentence
    kind: CiteKind
    published: date | None
    text: str
    title: str = ""
    full: str = ""  # the publisher's name as listed


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One sentence of one source, set upright where that was possible."""

    source: str  # the marker
    raw: str  # as it stands in the source
    text: str  # with pronouns, "we" and weekdays resolved
    near: str  # the same, its leading pronoun kept: for use right after the sentence before
    heading: str  # the source's own heading above it
    para: int
    place: int  # its number in the source, from 0
    stands: bool  # it can stand without the sentence before
    follows: bool  # it can stand right after the sentence before
    needs: frozenset[str]  # which kinds of question it can answer
    quoted: bool = False  # it holds somebody's words in quotation marks
    bullet: bool = False
    unknown: bool = False  # it says what is not known or not decided
    order: bool = False  # advice to the reader or an order to software, not a fact
    weight: float = 0.0  # how central it is among all sentences of the story

    @property
    def key(self) -> tuple[str, int]:
        """Names the sentence within the story."""
        return self.source, self.place


def read(voice: Voice) -> tuple[Line, ...]:
    """Every sentence of one source, in order. Headings, labels and datelines are used and not kept as sentences."""
    out: list[Line] = []
    heading, subject, person = "", "", ""  # the subject begins with "+" where it is plural
    for para, (block, bullet, is_heading) in enumerate(_blocks(voice.text)):
        if is_heading:
            heading, subject = block, ""
            continue
        subject = ""
        for at, raw in enumerate(split.split(block)):
            text = raw if bullet else _LABEL.sub("", raw)
            line, subject, person = _line(voice, text, raw, heading, para, len(out), bullet, at > 0, subject, person, out[-1].raw if out and at else "")
            out.append(line)
    return tuple(out)


def _blocks(text: str) -> list[tuple[str, bool, bool]]:
    """(text, is a bullet, is a heading) of each paragraph."""
    raw = [p.strip() for p in _ONE_LINE.split(text) if p.strip()]
    out: list[tuple[str, bool, bool]] = []
    for n, block in enumerate(raw):
        if _BULLET.match(block) and (not re.match(r"\d", block) or block.endswith(".")):
            out.append((_BULLET.sub("", block), True, False))
            continue
        block = re.sub(r"^#+\s*", "", block)
        short = len(block.split()) <= 12 and not re.search(r"[.!?:;”\"]$", block) and n + 1 < len(raw)
        numbered = bool(re.match(r"\d{1,2}\.\s", block)) and len(block.split()) <= 10 and not block.endswith(".")
        out.append((_BULLET.sub("", block) if numbered else _DATELINE.sub("", block), False, short or numbered))
    return out


def _line(
    voice: Voice, text: str, raw: str, heading: str, para: int, place: int, bullet: bool, inner: bool, subject: str, person: str, previous: str
) -> tuple[Line, str, str]:
    text, quotations = _embedded(text)
    quoted = "“" in text or '"' in text
    near, usable = text, not quoted
    resolved = True
    if not quoted:
        near, spoken = _third_person(text, voice)
        near, dated = _dates(near, voice.published)
        usable = spoken and dated and not _TO_READER.search(near) and not near.endswith(("?", ":")) and not near[:1].islower()
        text, resolved = _pronoun(near, subject, person, previous)
    if not quoted and _COMPANY.match(text):
        resolved = resolved and not inner
        text, resolved = _company(text, previous) if inner else (text, False)
    leans = (
        bool(_ANNOUNCES.search(text)) or bool(_LEANS.match(text) and not _FREE.match(text)) or bool(_MID_LEANS.search(text)) or bool(_BARE_COUNT.match(text))
    )
    usable = (
        usable
        and not re.search(r", (?:about |some )?\d+ (?:minutes|hours|days|percent)\.$", raw)
        and not re.search(r"[a-z]{2}\. [A-Z][a-z]+ ", raw)
        and not _SELF.search(near)
        and _has_verb(near)
        and not re.match(r"(?:(?:Who|Where|What|How|Why|Which)\b|(?:First|Second|Third|Fourth|Finally), )", near)
    )
    order = text.split(" ", 1)[0].strip(",").lower() in _ORDERS or is_order(raw) or bool(ADVICE.match(text))
    if quotations:
        text, near = english.unmasked(text, quotations) or raw, english.unmasked(near, quotations) or raw
    line = Line(
        source=voice.marker,
        raw=raw,
        text=text,
        near=near,
        heading=heading,
        para=para,
        place=place,
        stands=usable and resolved and not leans and not order and not _unbound(text),
        follows=usable and inner and not order and _agrees(near, subject),
        needs=_answers(text, heading),
        quoted=quoted,
        bullet=bullet,
        unknown=bool(UNKNOWN.search(text)),
        order=order,
    )
    found = english.parts(text)
    if found:
        subject = ("+" if found.plural else "") + re.sub(r" (?:then|also|now|still|later|often|usually|therefore|already|soon)$", "", found.subject)
    elif not quoted:
        subject = ""
    named = re.findall(r"(?:said|says) (?:Dr\. )?([A-Z][\w’-]+(?: [A-Z][\w’.-]+)+)", raw)
    if named:
        person = named[-1].split()[-1]
    return line, subject, person


#: Words in quotation marks that may stand inside a sentence we tell; more is somebody's speech.
_FEW_QUOTED = 12


def _embedded(text: str) -> tuple[str, tuple[str, ...]]:
    """A sentence with a few quoted words inside as one that can be told, each quotation masked; any other as it is."""
    if text.startswith("“") or text.count("“") != text.count("”") or '"' in text:
        return text, ()
    plain, found = english.masked(text)
    if not found or sum(len(q.split()) for q in found) > _FEW_QUOTED or re.search(r"[,.]”", text) or english.parts(plain) is None:
        return text, ()
    return plain, found


def _agrees(near: str, subject: str) -> bool:
    """Whether a leading pronoun can stand for the subject of the sentence before, by its number."""
    if not subject or not re.match(r"(?:It|They|Its|Their)\b", near):
        return True
    return subject.startswith("+") == near.startswith("The")


#: A count whose noun stands in the sentence before: "Nine allowed the supplier".
_BARE_COUNT = re.compile(
    r"^(?:(?:Twenty|Thirty|Forty|Fifty|Sixty|Seventy|Eighty|Ninety)(?:-\w+)?|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|Thirteen|Fifteen|Seventeen|Nineteen) (?:said|say|had|have|has|was|were|is|are|did|do|allowed|gave|took|used|spoke|found|paid|lost|[a-z]+ed)\b"
)
_SELF = re.compile(
    r"\b(?:this (?:note|page|post|article|column|newsletter)|we spoke to|our report|told .{3,40} for this|is general information|not legal advice|published beside|grateful|reader(?:s)? (?:asked|wrote))\b",
    re.I,
)
_PRONOUN = re.compile(r"\b(it|its|itself|they|them|their|theirs|he|him|his|she|her|hers|this|these|those|that one|such)\b", re.I)


def leans(text: str) -> bool:
    """Whether the sentence points at something it does not name."""
    return bool(_MID_LEANS.search(text)) or _unbound(text)


def _has_verb(text: str) -> bool:
    """Whether a finite verb stands anywhere in it: a fragment is no sentence of a briefing."""
    tokens = [w.strip(",.;:—").lower() for w in text.split()]
    sure = any(w in english.AUX or w in english._CLEAR_PAST or w.endswith("n’t") for w in tokens)
    sure = sure or any(
        i and w.endswith("ed") and len(w) > 4 and tokens[i - 1] not in english._DETERMINERS | english._PREPOSITIONS for i, w in enumerate(tokens)
    )
    sure = sure or any(i and w in english.BASES and tokens[i - 1].endswith("s") for i, w in enumerate(tokens))
    return (
        sure
        or english.parts(text) is not None
        or (
            not re.search(r", (?:for a start|by name)|\b(?:who|which|that)\b", text)
            and any(i and (w in english.PAST_OF or w in english.THIRD_OF) for i, w in enumerate(tokens))
        )
    )


def _unbound(text: str) -> bool:
    """Whether a pronoun in the sentence has nothing before it in the sentence that it could stand for."""
    return any(not _is_bound(m.group(1).lower(), text, m.start(), m.end()) for m in _PRONOUN.finditer(text))


_THING = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ee]ach|[Ee]very|[Aa]ny|[Nn]o|[Oo]ne) [a-z]|[A-Z][\w’&-]+ ?(?!$)")
_SEVERAL = re.compile(
    r"\b[a-z]+s\b|\b(?:people|staff|each|every|anyone|everyone|nobody|patient|applicant|and|children|police|workforce|crew)\b|[A-Z][a-z]+s\b", re.I
)
_SOMEBODY = re.compile(r"\b(?:man|woman|person|patient|owner|worker|employee|caller|mother|father|director)\b")
_ACTS = re.compile(
    r"(?:Dr|[A-Z][a-z]+ [A-Z]|(?!Of|In|On|At|The|For|By|From|When|If|As|Since|After|Some|Two|Three)[A-Z][a-z]+ (?:said|says|has|had|will|would|did|was|is|could|put|made|took|sees))"
)


def _is_bound(word: str, text: str, start: int, end: int) -> bool:
    """Whether one pronoun, at this place, can stand for something named before it."""
    before, after = text[:start], text[end:]
    if word in {"it", "its"}:
        return _it_is_bound(text, before, after)
    if word in {"they", "them", "their", "theirs"}:
        return bool(_SEVERAL.search(before))
    if word in {"he", "him", "his", "she", "her", "hers"}:
        return bool(re.search(r"\b[A-Z][a-z]+\b", before.partition(" ")[2]) or _ACTS.match(before) or _SOMEBODY.search(before))
    if word in {"these", "those", "such", "this"}:
        return start > 0 and bool(re.match(r" (?:who|that|which|as|in|with|of|week|year|month)\b", after))
    return True


def _it_is_bound(text: str, before: str, after: str) -> bool:
    if re.match(r" (?:is|was|takes?|took|will take|comes|seems|appears|may be|would be) .{0,40}\b(?:to|that)\b", after):
        return True  # "it takes an hour to", which stands for nothing
    if not _THING.search(before[1:] if before[:1].isupper() and " " not in before.strip() else before):
        return False
    head = english.parts(text)
    if not head or not head.plural:
        return True
    inside = re.search(r"\b(?:the|an?|each|every|one) [a-z]|[A-Z]\w", before[len(head.subject) :])
    return bool(inside or re.search(r"\b(?:the|an?|each|every|one) ", head.subject, re.I))


#: Says that something follows and not what: "Three dates matter."
_ANNOUNCES = re.compile(
    r"^(?:[\w’ -]+ )?(?:[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]everal|[Aa]nother|[Aa] (?:second|third)) (?:\w+ ){0,2}(?:things?|points?|matters?|changes?|steps?|dates?|documents?|questions?|details?|groups?|words?|lessons?|kinds|concessions?)\b(?: \w+){0,4}\.$"
    r"|^The \w+(?: \w+)? is (?:plain|simple|clear|another matter)\.$|\bthe (?:phrase|sentence|wording|definition)\b"
    r"|\b(?:most (?:useful|interesting|striking|telling|surprising) (?:number|figure|part|finding|line|element)|headline change|worth remembering|worth knowing|another matter|the practical one)\b"
)
_COMPANY = re.compile(r"The (?:company|firm|group|practice|shop|association|lender|plant|business|bank|maker|organization)\b(?!’s)")
_ORG = re.compile(r"\b[A-Z][\w’&-]+(?: (?:of |and |& )?[A-Z][\w’&-]+)+")


def _company(text: str, previous: str) -> tuple[str, bool]:
    """ "The company" as the one organisation that the sentence before begins with; False where there is none."""
    found = english.parts(previous)
    subject = found.subject.split(", ")[0] if found else ""
    if not _ORG.fullmatch(subject.removeprefix("The ")) or len(_ORG.findall(previous)) != 1:
        return text, False
    return _COMPANY.sub(subject, text, count=1), True


#: A new thing brought in after the subject: "it" may mean that.
_AMBIGUOUS = re.compile(r"\b(?:an?|one|another) [a-z]")
_AGENT = frozenset(
    english.word_list(
        "expects plans has will declined did does says said asked kept paid stopped intends counted wants opposes supports offers expected could would may "
        "must requires estimates received"
    )
)


def _pronoun(text: str, subject: str, person: str, previous: str) -> tuple[str, bool]:
    """The sentence with a leading pronoun replaced by what it stands for, and whether that was possible (or not needed)."""
    match = re.match(r"(It|They|He|She)(’s|’ll|’d)?\b", text)
    if not match:
        return text, True
    word = match.group(1)
    if match.group(2) or re.match(
        r"It (?:takes|took|will take|costs?|came|comes)\b|It (?:is|was|will be|has been|would be) (?:\w+ )?(?:that|to|not|uncertain|possible|unclear|too|also|certain|often|the)\b",
        text,
    ):
        return text, False
    plural = subject.startswith("+")
    subject = subject.removeprefix("+")
    if word in {"He", "She"}:
        if person and subject.split()[-1:] != [person] and re.fullmatch(r"[A-Z][\w’-]+", subject.split()[-1] if subject else ""):
            return text, False
        return (f"{person}{text[len(word) :]}", True) if person and subject.split()[-1:] == [person] else (text, False)
    if not subject or len(subject.split()) > 8 or subject.lower() in {"it", "they", "he", "she", "we", "you", "i", "there"}:
        return text, False
    verb = text[len(word) :].split()[:1]
    if _AMBIGUOUS.search(previous) and not (
        re.match(r"The (?:bulletin|rule|guidance|notice|order|law|agreement|form|report)\b", subject)
        or (re.match(r"(?:The )?[A-Z]", subject) and verb and verb[0] in _AGENT)
    ):
        return text, False
    if plural != (word == "They") or re.match(r"(?i)(no|nothing|nobody|neither|any|each|every|what|who)\b", subject):
        return text, False
    name = re.sub(r"^(An?) (?=\w)", "The ", subject)
    return f"{english.capital(name)}{text[len(word) :]}", True


_WE_VERB = re.compile(r"\b([Ww]e)\s+((?:also|still|then|now|only|never|currently)\s+)?([a-z]+)\b")
_AGREE = {"do": "does", "have": "has", "are": "is", "were": "was"}


def _third_person(text: str, voice: Voice) -> tuple[str, bool]:
    """ "We do not train" as "Northbridge does not train". False where first-person words are left over."""
    if not _WE.search(text):
        return text, True
    name = english.capital(voice.name)

    def we(match: re.Match[str]) -> str:
        verb = match.group(3)
        known = verb in english.MODALS or verb in english.PAST_OF or verb in english._CLEAR_PAST or verb in _AGREE
        if not known and verb not in english.BASES:
            return match.group(0)
        verb = _AGREE.get(verb, verb) if known else english.third(verb)
        return f"{name if match.start() == 0 else voice.name} {match.group(2) or ''}{verb}"

    text = _WE_VERB.sub(we, text)
    seen = voice.name in text or name in text
    text = re.sub(r"\b([Aa]s) ([Ww]e|[A-Z][^,]{2,40}) read it\b", rf"\1 {voice.name} reads it", text)
    text = re.sub(r"^Our\b", f"{name}’s", text)
    text = re.sub(r"\bour\b", "its" if seen else f"{voice.name}’s", text)
    text = re.sub(r"\b(told|asked|let|gave|for|with|from|to) us\b", rf"\1 {voice.name}", text)
    return text, not _WE.search(text)


_YEAR = re.compile(
    r"(?:\b(?P<prep>[Bb]y|[Ss]ince|[Ff]rom|[Uu]ntil|[Oo]f|[Tt]han|[Ii]n|[Dd]uring|[Ee]arlier|[Ll]ater) )?\b(?P<which>[Ll]ast|[Tt]his|[Nn]ext) year\b(?!’)"
)
_NEAR_DAY = re.compile(r"\b(?P<word>[Yy]esterday|[Tt]omorrow)\b(?!’)")


def _near_dates(text: str, published: date) -> str:
    """ "Last year" and "yesterday" as the year and the day that they were."""

    def year(match: re.Match[str]) -> str:
        number = published.year + {"last": -1, "this": 0, "next": 1}[match["which"].lower()]
        prep = match["prep"] or ("In" if match["which"][0].isupper() else "in")
        return f"{prep} in {number}" if prep.lower() in {"earlier", "later"} else f"{prep} {number}"

    def day(match: re.Match[str]) -> str:
        then = published + timedelta(days=-1 if match["word"].lower() == "yesterday" else 1)
        return f"{'On' if match['word'][0].isupper() else 'on'} {english.MONTHS[then.month - 1]} {then.day}"

    return _NEAR_DAY.sub(day, _YEAR.sub(year, text))


def _dates(text: str, published: date | None) -> tuple[str, bool]:
    """The sentence with weekdays, "today" and "last year" as dates. False where it says "last month" or the like, which we do not work out."""
    if published is not None:
        text = _near_dates(text, published)
    elif _YEAR.search(text) or _NEAR_DAY.search(text):
        return text, False
    if _RELATIVE_DAY.search(text):
        return text, False
    if re.search(r"\b(?:[Tt]oday|[Nn]ow)\b", text) and not re.search(r"\b(?:until|from|by) now\b", text):
        today = re.search(r"\b[Tt]oday\b", text)
        if today:
            if published is None:
                return text, False
            day = english.us_date(published)
            front = re.match(r"^(?P<a>(?:The |[A-Z])[^.;“]*?),? (?P<has>has )?today (?P<b>(?:[a-z]+ed|made|set|put|began|found|gave|took|sent)\b.*)$", text)
            if front:
                text = f"On {day}, {english.lower_first(front['a']) or front['a']}{',' if ', which ' in front['a'] else ''} {front['b']}"
            text = re.sub(r"^Today,? ", f"On {day}, ", text)
            text = re.sub(r"(?<=\w),? today(?=[ .,])", f" on {day}", text, count=1)
    match = _WEEKDAY.search(text)
    if match and not re.search(rf"{match.group(2)},? (?:{'|'.join(english.MONTHS)}) \d", text):
        if published is None or re.search(r"\b(?:every|each|next|a|the|by|until)\s+$", text[: match.start()]):
            return text, published is not None and bool(re.search(r"\b(?:every|each|a)\s+$", text[: match.start()]))
        then = english.weekday_before(match.group(2), published)
        text = f"{text[: match.start()]}on {english.MONTHS[then.month - 1]} {then.day}{text[match.end() :]}"
    if _LOOSE_DAY.search(text):
        return text, False
    return text, True


def _answers(text: str, heading: str) -> frozenset[str]:
    found = {kind for kind, pattern in _NEEDS.items() if pattern.search(text)}
    bare = DATE.sub(" ", text)
    if "date" in found and not DATE.search(text) and not re.search(r"\b\d+ (?:days|months|hours|weeks)\b", text):
        found.discard("date")
    if _NUMBER.search(bare):
        found.add("figure")
    if UNKNOWN.search(text):
        found.add("next")
    if heading:
        found |= {kind for kind, pattern in _HEADING_NEEDS.items() if pattern.search(heading) and (kind != "date" or DATE.search(text))}
    return frozenset(found)


# ----------------------------------------------------------------- weights


def weigh(lines: Sequence[Line], title_words: frozenset[str]) -> tuple[Line, ...]:
    """The lines with their weight: words that many sentences and several sources share, figures, an early place."""
    often: Counter[str] = Counter()
    voices: dict[str, set[str]] = {}
    for line in lines:
        for word in english.content(line.text):
            often[word] += 1
            voices.setdefault(word, set()).add(line.source)
    count = max(1, len({line.source for line in lines}))
    value = {w: math.log1p(n) * (0.5 + len(voices[w]) / count) * (1.6 if w in title_words else 1.0) for w, n in often.items()}
    out = []
    for line in lines:
        found = english.content(line.text)
        core = sum(value[w] for w in found) / (len(found) + 4) if found else 0.0
        early = 1.0 / (1.0 + 0.12 * line.place)
        exact = 0.25 * bool(_NUMBER.search(line.text)) + 0.2 * bool(DATE.search(line.text))
        out.append(replace(line, weight=core + 0.8 * early + exact))
    return tuple(out)
