"""Distortions of meaning planted in true sentences: every name, figure and word may stand in the source, and the sentence is false.

One change each, made with plain string work and never with the checker's parts, outside quotation marks (a changed quotation is a
kind of its own). Deterministic. Whether a change makes the sentence false was judged per kind, not per sentence: a few of these
plants say nearly the same as before ("all" for "both"), so no kind can reach 1.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping

from ._planted import MONTHS, QUOTE, Planted, figures

KINDS = (
    "limit turned",
    "limit invented",
    "range turned",
    "rate",
    "figures swapped",
    "time turned",
    "date moved",
    "comparison turned",
    "quantity strengthened",
    "condition dropped",
    "statement hardened",
    "possibility hardened",
    "cause invented",
    "sides swapped",
)

_LIMITS = {
    "at least": "at most",
    "at most": "at least",
    "no more than": "no fewer than",
    "no fewer than": "no more than",
    "more than": "fewer than",
    "fewer than": "more than",
    "less than": "more than",
    "up to": "at least",
    "under": "over",
    "over": "under",
    "within": "no sooner than",
}
_LIMIT = re.compile(
    rf"\b({'|'.join(sorted(_LIMITS, key=len, reverse=True))})"
    r"(?= (?:about |a |an |the first )?(?:[$€£]?\d|one |two|three|four|five|six|seven|eight|nine|ten|half))"
)
_TIMES = {"before": "after", "after": "before", "until": "from", "since": "until", "by": "after", "from": "until", "starting": "until", "through": "before"}
_WHEN = rf"(?:{'|'.join(MONTHS)}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:19|20)\d\d|(?:\d{{1,2}} (?:{'|'.join(MONTHS)})))"
_TIME_DATE = re.compile(rf"\b(before|after|until|since|by|from|starting|through)(?= (?:the end of |early |late |mid-)?{_WHEN}\b)")
_TIME_ELSE = re.compile(r"\b(before|after|until)(?= (?:the|a|an|it|he|she|they|its|their|his|her|an?y|each|[a-z]+ing)\b)")
_RATES = {"month": "year", "year": "month", "day": "week", "week": "day", "hour": "day", "quarter": "month", "workday": "week"}
_ADVERBS = {"monthly": "yearly", "weekly": "daily", "daily": "weekly", "yearly": "monthly", "annual": "monthly", "annually": "monthly", "quarterly": "yearly"}
_RATE = re.compile(rf"\b(per|a|each|every) ({'|'.join(_RATES)})\b(?! (?:ago|later|earlier|before|after|old|of|in|when|that))")
_ADVERB = re.compile(rf"\b({'|'.join(_ADVERBS)})\b")
_DAY = re.compile(
    rf",? ((?:on|from|in|by|until|since|before|after) (?:(?:{'|'.join(MONTHS)})(?: \d{{1,2}})?(?:, \d{{4}}| \d{{4}})?"
    rf"|\d{{1,2}} (?:{'|'.join(MONTHS)})(?: \d{{4}})?))(?=[,.; ]|$)"
)
_RANGE = re.compile(r"\b(from )([$€£]?\d[\d,.]*\d|[$€£]?\d)((?: [a-z%]+){0,3}? to )([$€£]?\d[\d,.]*\d|[$€£]?\d)(?![\d/-])")
_TURNS = {
    a: b
    for x, y in (
        ("more", "fewer"), ("higher", "lower"), ("larger", "smaller"), ("bigger", "smaller"), ("longer", "shorter"), ("faster", "slower"),
        ("better", "worse"), ("earlier", "later"), ("most", "fewest"), ("rose", "fell"), ("rise", "fall"), ("rises", "falls"),
        ("increase", "decrease"), ("increased", "decreased"), ("increases", "decreases"), ("gained", "lost"), ("raised", "lowered"), ("raise", "lower"),
        ("first", "last"), ("above", "below"), ("highest", "lowest"), ("largest", "smallest"), ("up", "down"), ("grew", "shrank"), ("growing", "shrinking"),
        ("cheaper", "dearer"), ("stronger", "weaker"), ("easier", "harder"), ("allows", "forbids"), ("allow", "forbid"), ("accepted", "rejected"),
        ("approved", "rejected"), ("supports", "opposes"), ("supported", "opposed"), ("include", "exclude"), ("includes", "excludes"), ("won", "lost"),
        ("starts", "ends"), ("begins", "ends"), ("opened", "closed"), ("voluntary", "mandatory"), ("public", "secret"), ("internal", "external"),
    )
    for a, b in ((x, y), (y, x))
}  # fmt: skip
_TURN = re.compile(rf"\b({'|'.join(_TURNS)})\b")
_AMOUNT = re.compile(r"\b(some|several|many|most|few|half|a few|a number)( of (?:the|its|their|his|her))?(?= [a-z]+s\b)", re.IGNORECASE)
_PLURAL = re.compile(r"^([A-Z][a-z]{3,}[^s]s) (?=(?:must|can|may|are|were|have|had|will|should|could|do|did|[a-z]+ed)\b)")
_CONDITION = re.compile(r",? (?:only )?(?:if|unless|provided that|except|as long as) [^,.;“”]{8,}(?=[,.;])")
_LED = re.compile(r"^(?:If|Unless) [^,.;“”]{8,}, ")
_SAYING = {"said": "proved", "says": "proves", "say": "prove", "argued": "showed", "argues": "shows", "estimates": "proves", "estimated": "proved",
           "believes": "has shown", "claimed": "proved", "suggests": "proves", "suggested": "proved", "warned": "proved", "thinks": "knows"}  # fmt: skip
_SAID = re.compile(rf"(?<=[a-z’'] )({'|'.join(_SAYING)})(?= (?:that |the |it |he |she |they |its |a |there |[a-z]+s )|\.$)")
_POSSIBLE = {"may": "will", "might": "will", "could": "will", "can": "must", "plans to": "will", "plan to": "will", "expects to": "will", "should": "must",
             "is expected to": "will", "are expected to": "will", "intends to": "will", "wants to": "will", "hopes to": "will"}  # fmt: skip
_MAY = re.compile(rf"\b({'|'.join(sorted(_POSSIBLE, key=len, reverse=True))})(?= (?:be |have )?[a-z]+)")
_AND = re.compile(r",? (?:and|but|while|when|as|after)(?= (?:it|he|she|they|the|its|their|no|this|that|nobody|most|many|all)\b [a-z]+ )")
_VERBS = (
    r"(?:tell|told|ask|asked|send|sent|give|gave|sue|sued|fine|fined|order|ordered|suspend|suspended|use|used|buy|bought|hire|hired|pay|paid|own|owned|"
    r"approve|approved|reject|rejected|block|blocked|review|reviewed|supply|supplied|charge|charged|audit|audited|replace|replaced|notify|notified|warn|warned|"
    r"criticize|criticized|support|supported|oppose|opposed|acquire|acquired|join|joined|follow|followed|meet|met|beat|lead|led|help|helped|see|saw|call|called|"
    r"run|ran|cover|covered|carry|carried|find|found|need|needed|require|required|allow|allowed|bar|barred|write|wrote|make|made|take|took|keep|kept|win|won|"
    r"hold|held|put|set|change|changed|match|matched|read|test|tested|represent|represented|accuse|accused|praise|praised|killed|kill|attack|attacked|protect|protected)s?"
)
_NO_NOUN = "That|This|They|He|She|It|We|You|When|While|After|Before|Under|Although|What|There|These|Those|Most|Some|Nobody|Nothing|Each|Every|Because|Since"
_NOUN = (
    rf"(?:(?!(?:{_NO_NOUN})\b)(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Ee]ach|[Ee]very|[Tt]his|[Hh]is|[Hh]er) (?:[a-z]+ )?[a-z]{{4,}}"
    rf"|(?!(?:{_NO_NOUN})\b)[A-Z][a-z]+(?: [A-Z][a-z]+){{0,2}}|(?:[a-z]+ )?[a-z]{{4,}}s)"
)
_AHEAD = (
    r"(?=[,.;]|$| (?:and|or|to|in|on|at|for|with|from|by|that|which|who|when|after|before|each|every|as|because|if|until|without|under|over|"
    r"about|into|last|this|next|but|than|while|where)\b)"
)
_SIDES = re.compile(
    rf"(?<![\w’'-])({_NOUN}) ((?:(?:may|must|can|will|would|has|had|have|did|does|could|should|cannot|also) ){{0,2}}(?:not )?{_VERBS}) ({_NOUN}){_AHEAD}"
)


def plants(sentence: str, rng: random.Random) -> Iterator[Planted]:
    """Every distortion this sentence allows, one of each kind."""
    open_ = QUOTE.sub(lambda q: "\x00" * len(q.group()), sentence)
    yield from _worded("limit turned", _LIMIT, _LIMITS, sentence, open_)
    yield from _invented(sentence, open_, rng)
    yield from _ranges(sentence, open_)
    yield from _rates(sentence, open_)
    yield from _swapped(sentence, open_)
    yield from _worded("time turned", _TIME_DATE if _TIME_DATE.search(open_) else _TIME_ELSE, _TIMES, sentence, open_)
    yield from _worded("comparison turned", _TURN, _TURNS, sentence, _LIMIT.sub(lambda m: "\x00" * len(m.group()), open_))
    yield from _strengthened(sentence, open_)
    yield from _unconditional(sentence, open_)
    yield from _worded("statement hardened", _SAID, _SAYING, sentence, open_)
    yield from _worded("possibility hardened", _MAY, _POSSIBLE, sentence, open_)
    yield from _caused(sentence, open_)
    yield from _sides(sentence, open_)


def _put(kind: str, sentence: str, start: int, end: int, new: str) -> Planted:
    text = sentence[:start] + new + sentence[end:]
    return Planted(kind, text[0].upper() + text[1:], sentence[start:end], new)


def _worded(kind: str, pattern: re.Pattern[str], other: Mapping[str, str], sentence: str, open_: str) -> Iterator[Planted]:
    m = pattern.search(open_)
    if m:
        yield _put(kind, sentence, m.start(1), m.end(1), other[m.group(1).lower()])


def _invented(sentence: str, open_: str, rng: random.Random) -> Iterator[Planted]:
    """A limit before a figure that has none; half of the time the figure is moved as if it had been rounded."""
    for m in figures(open_):
        before = open_[max(0, m.start() - 14) : m.start()].lower()
        if re.search(
            r"(?:than|least|most|to|under|over|about|nearly|some|within|almost|roughly|around|and|-|the|of|no|rule|section|bill|act|no\.|at|for) $", before
        ):
            continue
        whole = m.group().lstrip("$€£").replace(",", "")
        if not whole.isdigit() or int(whole) < 13 or not re.match(r" [a-z]{3,}", open_[m.end() :]):
            continue
        moved = m.group().replace(m.group().lstrip("$€£"), str(int(int(whole) * 0.94)))
        new = f"no more than {moved}" if rng.random() < 0.5 and moved != m.group() else f"fewer than {m.group()}"
        yield _put("limit invented", sentence, m.start(), m.end(), new)
        return


def _ranges(sentence: str, open_: str) -> Iterator[Planted]:
    m = _RANGE.search(open_)
    if m and m.group(2) != m.group(4):
        yield _put("range turned", sentence, m.start(), m.end(), m.group(1) + m.group(4) + m.group(3) + m.group(2))


def _rates(sentence: str, open_: str) -> Iterator[Planted]:
    m = _RATE.search(open_)
    if m:
        yield _put("rate", sentence, m.start(2), m.end(2), _RATES[m.group(2)])
        return
    yield from _worded("rate", _ADVERB, _ADVERBS, sentence, open_)


def _swapped(sentence: str, open_: str) -> Iterator[Planted]:
    """Two figures that are written alike change places, where that is no range."""
    found = [m for m in figures(open_) if not _RANGE.search(open_[max(0, m.start() - 12) : m.end() + 12])]
    for a in found:
        for b in found:
            apart = open_[a.end() : b.start()]
            if (
                a.start() < b.start()
                and _form(open_, a) == _form(open_, b)
                and a.group() != b.group()
                and not re.fullmatch(r"(?: ?(?:-|to|or|and|in|of)? ?)", apart)
            ):
                text = sentence[: a.start()] + b.group() + sentence[a.end() : b.start()] + a.group() + sentence[b.end() :]
                yield Planted("figures swapped", text, f"{a.group()} … {b.group()}", f"{b.group()} … {a.group()}")
                return


def _form(text: str, m: re.Match[str]) -> tuple[bool, bool]:
    return m.group()[0].isdigit(), bool(re.match(r" ?(?:%|percent|per cent)", text[m.end() :]))


def joined(first: str, second: str) -> tuple[str, Planted] | None:
    """Two true statements as one sentence, and the same with the second one's date put in front of the first; None where they do not allow it.

    Most dated sentences make one statement only. Of two joined ones, a date can come to stand with the wrong one.
    """
    day = _DAY.search(second, 20)
    if (
        not day
        or _DAY.search(first)
        or any(m in first + second for m in '“”;:"()')
        or re.search(rf"{'|'.join(MONTHS)}", second[: day.start()] + second[day.end() :])
    ):
        return None
    true = f"{first.rstrip('.')}, and {_small(second)}"
    rest = second[: day.start()] + second[day.end() :]
    moved = f"{day.group(1)[0].upper()}{day.group(1)[1:]}, {_small(first.rstrip('.'))}, and {_small(rest)}"
    return true, Planted("date moved", moved, day.group(1), "in front")


def _small(text: str) -> str:
    """A sentence as it stands within another: only a word that surely names nothing loses its capital."""
    word = text.split()[0]
    return text[0].lower() + text[1:] if word in _OPENING or (word.endswith("s") and word[:-1].isalpha() and word[:-1].lower() in _COUNTED) else text


_OPENING = frozenset(
    [
        "The",
        "A",
        "An",
        "It",
        "He",
        "She",
        "They",
        "Its",
        "Their",
        "Most",
        "Some",
        "All",
        "That",
        "This",
        "No",
        "Every",
        "Each",
        "Two",
        "Three",
        "Nearly",
        "About",
        "In",
        "On",
        "Of",
    ]
)
_COUNTED = frozenset(
    [
        "recording",
        "question",
        "notice",
        "prompt",
        "customer",
        "employer",
        "insurer",
        "official",
        "change",
        "entr",
        "total",
        "comment",
        "surgeon",
        "clinician",
        "patient",
    ]
)


def _strengthened(sentence: str, open_: str) -> Iterator[Planted]:
    m = _AMOUNT.search(open_)
    if m:
        yield _put("quantity strengthened", sentence, m.start(), m.end(), "all")
        return
    m = _PLURAL.search(open_)
    if m:
        yield _put("quantity strengthened", sentence, m.start(1), m.end(1), "All " + m.group(1).lower())


def _unconditional(sentence: str, open_: str) -> Iterator[Planted]:
    m = _CONDITION.search(open_) or _LED.search(open_)
    if m and len((sentence[: m.start()] + sentence[m.end() :]).split()) >= 5:
        yield _put("condition dropped", sentence, m.start(), m.end(), "")


def _caused(sentence: str, open_: str) -> Iterator[Planted]:
    m = _AND.search(open_)
    if m and m.start() > 15 and not re.search(r"\b(?:because|due to|since|so that|as a result)\b", open_):
        yield _put("cause invented", sentence, m.start(), m.end(), " because")


def _sides(sentence: str, open_: str) -> Iterator[Planted]:
    for m in _SIDES.finditer(open_):
        a, b = m.group(1), m.group(3)
        if (
            a.split()[-1].lower() != b.split()[-1].lower()
            and not re.search(r"(?:of|in|on|at|by|with|for|to|from|said|says|that) $", open_[: m.start()])
            and a.split()[0] not in MONTHS
        ):
            first = b[0].upper() + b[1:] if m.start() == 0 else b
            second = (
                a[0].lower() + a[1:]
                if m.start() == 0 and a.split()[0].lower() in {"the", "a", "an", "its", "their", "each", "every", "this", "his", "her"}
                else a
            )
            yield _put("sides swapped", sentence, m.start(), m.end(), f"{first} {m.group(2)} {second}")
            return
