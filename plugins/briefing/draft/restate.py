# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""The same fact in our words: a sentence split, turned round, trimmed and its words exchanged until no source's run is left in it.

Each turn is a small rule that keeps what is said. A rule that is not sure of the sentence does nothing, and a sentence that no
rule can free is left to a quotation or left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import english, turns
from .english import DATE, Runs, capital, lower_first
from .style import house
from .swaps import rotate, swap

#: Longest run of a source's words outside quotation marks.
LONGEST = 12
_MONTH = "|".join(english.MONTHS)
_WHEN = (
    rf"(?:(?:on|by|until|before|after|since|from|in|between|starting|for|during) (?:the end of |the spring of |the fall of |early |late |mid-)?(?:{DATE.pattern}|(?:{_MONTH})\b)"
    rf"(?:(?: to| and| through| until) (?:{DATE.pattern}|(?:{_MONTH})\b))?)"
)
_TAIL = re.compile(rf"^(?P<main>.+?) (?P<tail>{_WHEN})$")
_MIDDLE = re.compile(rf"^(?P<main>[^,;]+?) (?P<tail>{_WHEN}), (?P<rest>(?!\d{{4}})[^;]+)$")
_SUBORDINATE = re.compile(r"\b(?:that|which|who|whose|whether|because|if|when|while|where|although|though|unless|than)\b", re.I)
_ASIDE = re.compile(
    r", (?:which|who|for example|for instance|among them|in other words|as we read it|in our reading|in fact|of course)\b[^,;]*(?=, (?!and\b|or\b))|, (?:for example|for instance|in fact|of course),?(?= )"
)
_TRAILING = re.compile(r", (?:which|who|including|mainly)\b[^,;]{8,}$")
_NEEDED = english.NEEDED
_WHICH = re.compile(r"^(?P<a>.*?(?P<np>(?:the|a|an|its|their) (?:[a-z][\w’-]*\s){0,3}[a-z][\w’-]*|[A-Z][\w’-]+(?: [A-Z&][\w’-]*)*)), which (?P<b>.+)$")
_PASSIVE = re.compile(
    r"^(?P<np>(?:The|A|An|[A-Z]\w+)(?: [\w’-]+){0,6}) will (?P<verb>publish|release|issue|hold|open|announce|post|send|offer|extend|review) (?P<obj>[^,;]+?) (?P<tail>(?:on|in|by|before|at) .+)$"
)
_REQUIRES = re.compile(
    r"^(?P<np>(?:The|A|This|[A-Z][\w-]+)(?: [\w’-]+){0,6}?) (?:also )?(?P<verb>requires|required|obliges) (?P<who>.+?) to (?P<do>[a-z]+) (?P<rest>.+)$"
)
_ESTIMATES = re.compile(
    r"^(?P<np>(?:The|A|[A-Z][\w-]+)(?: [\w’&-]+){0,6}?) (?P<verb>estimates|expects|says|said|believes|found|finds|notes|reports|reported) that (?P<rest>.+)$"
)


@dataclass(frozen=True, slots=True)
class Restated:
    """A sentence (or two) in our words, how it was turned, and the longest run left in it."""

    text: str
    turn: str
    run: int
    cost: float


def restate(text: str, runs: Runs, *, avoid: frozenset[str] = frozenset(), longest: int = LONGEST) -> Restated | None:
    """The cheapest turn that leaves no run over `longest` words, or None. `avoid` holds turns that should not come again."""
    plain, quotations = english.masked(text)
    for candidates in (_turns(plain), _turns(plain, spare=True), _turned_twice(plain, runs, longest)):
        if quotations:
            candidates = ((whole, turn, cost) for made, turn, cost in candidates if (whole := english.unmasked(made, quotations)))
        best = _cheapest(candidates, runs, avoid, longest)
        if best:
            return best
    return None


def _cheapest(candidates: Iterable[tuple[str, str, float]], runs: Runs, avoid: frozenset[str], longest: int) -> Restated | None:
    best: Restated | None = None
    for candidate, turn, cost in candidates:
        if not _sound(candidate):
            continue
        run = runs.longest(candidate)
        if run > longest:
            continue
        cost += 0.12 * max(0, run - 6) + (0.8 if turn in avoid else 0.0) + 0.02 * max(0, max(len(s.split()) for s in _split_end(candidate)) - 24)
        if best is None or cost < best.cost - 1e-9:
            best = Restated(candidate, turn, run, cost)
    return best


def _split_end(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[a-z0-9”%][.])\s+(?=[A-Z0-9$€£])", text) if s]


def _turns(text: str, *, spare: bool = False) -> Iterator[tuple[str, str, float]]:
    for trimmed, trim_name, trim_cost in _trims(house(text.strip())):
        for turned, name, cost in _shapes(trimmed):
            swapped = _swapped(turned, spare=spare)
            label = "+".join(n for n in (trim_name, name) if n) or "plain"
            yield swapped, label, trim_cost + cost + (0.0 if swapped != turned else 0.25)


#: What is tried at most with a sentence that no single turn could free.
_MOST_TWICE = 240


def _turned_twice(text: str, runs: Runs, longest: int) -> Iterator[tuple[str, str, float]]:
    """Two turns one after the other, the second for the sentence that still copies too much."""
    tried: set[str] = set()
    for trimmed, trim_name, trim_cost in _trims(house(text.strip())):
        for turned, name, cost in _shapes(trimmed):
            pieces = _split_end(turned)
            long = [i for i, piece in enumerate(pieces) if runs.longest(_swapped(piece, spare=True)) > longest]
            if turned in tried or len(long) != 1 or not name:
                continue
            tried.add(turned)
            for again, second, more in _shapes(pieces[long[0]]):
                if not second or second in name or len(tried) > _MOST_TWICE:
                    continue
                made = " ".join((*pieces[: long[0]], again, *pieces[long[0] + 1 :]))
                if made not in tried:
                    tried.add(made)
                    yield _swapped(made, spare=True), "+".join(n for n in (trim_name, name, second) if n), trim_cost + cost + more + 0.3


def _swapped(turned: str, *, spare: bool = False) -> str:
    return swap(" ".join(numbered(x) for x in _split_end(turned)), _number_of(turned), spare=spare)


def _number_of(turned: str) -> bool | None:
    """Whether the first sentence's subject is plural, for "has to" and "have to"."""
    head = _split_end(turned)[0] if _split_end(turned) else turned
    first = english.parts(head)
    if first:
        return first.plural
    if " must " in head and not re.search(r"\b(?:who|that|which|if|when)\b", head.split(" must ")[0]):
        subject = head.split(" must ")[0]
        return True if " and " in subject else english.is_plural(subject)
    return None


def _trims(text: str) -> Iterator[tuple[str, str, float]]:
    yield text, "", 0.0
    body = text.rstrip(".")
    without = _without_aside(body)
    if without and not _NEEDED.search(_removed(body, without)) and english.parts(without) is not None:
        yield without + ".", "aside", 0.3
    cut = _TRAILING.sub("", body)
    if (
        cut != body
        and not re.match(rf"(?:{_CLAUSE_WORD}|as|in which|since|given|asked|of)\b", body, re.I)
        and len(cut.split()) >= 6
        and english.parts(cut) is not None
        and not re.search(r"(?:said|says)$", body)
        and not _NEEDED.search(body[len(cut) :])
        and cut.count("“") == cut.count("”")
    ):
        yield cut + ".", "cut", 0.5
    head = re.match(r"^(?:However|Still|In fact|For example|Also|Moreover|Then|Meanwhile|Instead|Finally), (.+)$", body)
    if head:
        yield capital(head.group(1)) + ".", "head", 0.1
    bare = turns.no_aside(body)
    if bare:
        yield bare + ".", "apposed", 0.3
    for one in turns.shorter(bare or body):
        yield one + ".", "shorter", 0.5


def _without_aside(body: str) -> str:
    """The sentence without its first aside between commas, where its verb or a preposition goes on after it; "" where there is none."""
    found = _ASIDE.search(body)
    if not found or "," in body[: found.start()]:
        return ""
    after = body[found.end() :].lstrip(", ")
    word = after.split(" ", 1)[0]
    if word in {"said", "says", "told", "thinks", "believes"}:
        return ""  # who somebody is must stay beside what they say
    goes_on = word in english.AUX or word in english._CLEAR_PAST or word in english.PAST_OF or word in english.THIRD_OF
    return f"{body[: found.start()]} {after}" if goes_on or word in english._PREPOSITIONS else ""


def _removed(before: str, after: str) -> str:
    start = 0
    while start < len(after) and before[start] == after[start]:
        start += 1
    return before[start : start + len(before) - len(after)]


_BARE_FRONT = re.compile(
    rf"^(?P<front>(?:By|In|On|Since|After|Until|Before|During) (?:the end of |early |late )?(?:{DATE.pattern}|(?:{_MONTH})\b)) (?=(?:the|a|an|every|each|most|nurses|[A-Z][a-z]+|it|they)\b)"
)


def _shapes(text: str) -> Iterator[tuple[str, str, float]]:
    text = _BARE_FRONT.sub(lambda m: f"{m['front']}, ", text)
    yield text, "", 0.0
    turned = rotate(text)
    if turned != text:
        yield turned, "rotate", 0.1
    body = text.rstrip(".")
    for make in (
        _to_front,
        _to_back,
        _passive,
        _requires,
        _estimate,
        _when_back,
        _from_to,
        _middle_front,
        _that,
        _clause_front,
        _clause_back,
        _according,
        _among,
        turns.said_first,
        turns.according_first,
        turns.pair,
        turns.last_two,
        turns.active,
        turns.span_first,
        turns.day_last,
        turns.day_first,
        turns.doing,
        turns.plurals,
    ):
        turned = make(body)
        if turned:
            yield turned + ".", make.__name__.strip("_"), 0.15
    for make_two in (_two_clauses, _two_verbs, _which, _aside_first, _reason, turns.who_last):
        pair = make_two(body)
        if not pair:
            continue
        a, b = pair
        yield f"{a}. {b}.", make_two.__name__.strip("_"), 0.2
        fronted = _to_front(b)
        if fronted:
            yield f"{a}. {fronted}.", make_two.__name__.strip("_") + "+front", 0.35
        first = _to_front(a)
        if first:
            yield f"{first}. {b}.", "front+" + make_two.__name__.strip("_"), 0.35
        passive = _passive(a)
        if passive:
            yield f"{passive}. {b}.", "passive+" + make_two.__name__.strip("_"), 0.35
        requires = _requires(a)
        if requires:
            yield f"{requires}. {b}.", "requires+" + make_two.__name__.strip("_"), 0.35


_FRONTED = re.compile(r"(?:In|On|At|For|From|With|Under|By|To|After|Before|During|Within|Until|Since)\b")


def numbered(text: str) -> str:
    """A sentence should not begin with digits: "A total of 187 insurers"."""
    if re.match(r"\d\d? ", text) and not re.match(r"\d+ (?:a|p)\.m", text):
        number, rest = text.split(" ", 1)
        return f"{capital(english.in_words(int(number)))} {rest}"
    return f"A total of {text}" if re.match(r"\d[\d,]* [a-z]+s\b", text) else text


_SECOND_VERB = re.compile(
    r"\b(?:and|but|then|or) (?:\w+ly )?(?:will|would|can|could|may|might|must|should|has|have|had|is|are|was|were|does|did|now|then|[a-z]{2,}(?:ed|es))\b"
)


def _second_verb(main: str) -> bool:
    """Whether a day at the end of `main` may belong to its second verb only: "pays $270 now and will pay $288 from February"."""
    if _SECOND_VERB.search(main) or _two_verbs(main) is not None or _two_clauses(main) is not None:
        return True
    later = re.split(r" (?:and|but|or) ", main)[1:]
    return any(w in english.AUX or w in english._CLEAR_PAST or (i and w in english.PAST_OF) for part in later for i, w in enumerate(part.lower().split()))


def _to_front(body: str) -> str:
    """ "The first inventory must be filed by April 30, 2027" as "By April 30, 2027, the first inventory must be filed"."""
    match = _TAIL.match(body)
    if not match:
        return ""
    main, tail = match["main"], match["tail"]
    if (
        "," in main
        or _FRONTED.match(main)
        or _SUBORDINATE.search(main)
        or english.parts(main) is None
        or DATE.search(main)
        or _second_verb(main)
        or re.search(r"\b(?:and|or|to|of|than|announced|said|expects?|is|are|was|were|been|be)$", main)
        or re.search(r"\b(?:until|before|after|since|by|when|once)\b", main)
    ):
        return ""
    if re.search(r" (?:announced|said|says|expects|expected|reported|told|promised|thinks|hopes|asked|agreed|plans?|wants?|means|intends) ", main):
        return ""
    first = lower_first(main)
    return f"{capital(tail)}, {first}" if first else ""


def _to_back(body: str) -> str:
    """ "On June 1, Corvane stopped planning by hand" as "Corvane stopped planning by hand on June 1"."""
    found = english.parts(body)
    if (
        not found
        or not found.front
        or len(found.front.split()) > 12
        or not re.match(r"(?:In|On|At|From|Since|Until|By|For|Between|During|Within)\b", found.front)
    ):
        return ""
    rest = f"{found.verb} {found.rest}"
    if (
        "," in re.sub(DATE, "", rest)
        or _SUBORDINATE.search(rest)
        or (DATE.search(rest) and DATE.search(found.front))
        or re.search(r"\b(?:19|20)\d\d$", rest)
        or len(rest.split()) > 16
        or found.subject.lower() in {"it", "they", "he", "she", "there"}
    ):
        return ""
    return f"{capital(numbered(found.subject))} {rest} {found.front[0].lower()}{found.front[1:]}"


def _when_back(body: str) -> str:
    """ "When an insurer adds a system, it must update its list" as "An insurer must update its list when it adds a system"."""
    match = re.match(
        r"^(?P<w>When|If|Where) (?P<np>(?:an?|the|any|each|every) [\w’-]+(?: [\w’-]+){0,4}?) (?P<v>[a-z]+(?:s|ed)) (?P<x>.+), (?P<p>it|he or she) (?P<rest>[^,]+)$",
        body,
    )
    if not match or match["v"] not in english.THIRD_OF or english.is_plural(match["np"]) is not False:
        return ""
    return f"{capital(match['np'])} {match['rest']} {match['w'].lower()} {match['p']} {match['v']} {match['x']}"


def _according(body: str) -> str:
    """ "X, according to the desk" as "According to the desk, X", and "X, Reyes said" as "Reyes said that X"."""
    match = re.match(r"^(?P<x>[^“”]+), according to (?P<y>[^,“”]{3,60})$", body)
    if match:
        low = lower_first(match["x"])
        return f"According to {match['y']}, {low}" if low else ""
    match = re.match(
        r"^(?P<x>[^“”]+), (?P<y>(?:the |an? )?(?:[A-Z][\w’-]+|group|company|firm|agency|department|office|association|union|desk|[a-z]+’s [a-z ]+?)(?: [A-Z][\w’-]+)?) (?P<v>said|says)$",
        body,
    )
    low = lower_first(match["x"]) if match else ""
    return f"{capital(match['y'])} {match['v']} that {low}" if match and low and match["y"] not in {"He", "She", "It", "They"} else ""


def _among(body: str) -> str:
    """ "High-risk uses include recruitment and credit" as "Among high-risk uses are recruitment and credit"."""
    match = re.match(r"^(?P<np>[^,;“”]{4,60}?s) include (?P<list>[^;“”]+ and [^;“”]+)$", body)
    low = lower_first(match["np"]) if match else ""
    return f"Among {low} are {match['list']}" if match and low else ""


_CLAUSE_WORD = "when|if|because|after|before|once|unless|until|where|although|though|while|as soon as|as long as"
_PRONOUN_FIRST = re.compile(r"(?:it|they|he|she|this|that|these|those|its|their|his|her|we|you|which|who|one|some|both|each)\b", re.I)
_ENDS_CLAUSE = re.compile(rf"^(?P<a>[^,;]+?),? (?P<w>{_CLAUSE_WORD}) (?P<b>[^;]+)$")


def _clause_front(body: str) -> str:
    """ "The model lost a day when a file came in broken" as "When a file came in broken, the model lost a day"."""
    match = _ENDS_CLAUSE.match(body)
    if (
        not match
        or _PRONOUN_FIRST.match(match["b"])
        or match["w"] == "where"
        or re.search(r"\b(?:it|its|they|them|their|he|she|his|her|him)\b", match["b"])
        or re.search(r"\b(?:said|says|told|asked|whether|if|that|only|even|not|just|than|and|or)$", match["a"])
        or _SUBORDINATE.search(match["a"])
    ):
        return ""
    if (
        english.parts(match["a"]) is None
        or english.parts(capital(match["b"])) is None
        or match["b"].count(",") > 1
        or re.search(r",? (?:and|but|or) ", match["b"])
        or re.search(r"\b(?:said|says|told)\b", match["a"])
    ):
        return ""
    low = lower_first(match["a"])
    return f"{capital(match['w'])} {match['b']}, {low}" if low and not _PRONOUN_FIRST.match(low) else ""


def _clause_back(body: str) -> str:
    """ "Because calls rose in August, the total hardly moved" as "The total hardly moved because calls rose in August"."""
    match = re.match(rf"^(?P<w>{_CLAUSE_WORD}) (?P<b>[^,;]+), (?P<a>[^,;]+)$", body, re.I)
    if (
        not match
        or _PRONOUN_FIRST.match(match["a"])
        or _PRONOUN_FIRST.match(match["b"])
        or english.parts(capital(match["a"])) is None
        or match["w"].lower() == "while"
        or (match["w"].lower() in {"after", "before", "until"} and english.parts(capital(match["b"])) is None and not match["b"].split()[0].endswith("ing"))
        or len(match["a"].split()) > 20
        or re.search(r"\b(?:said|says|told)\b|“", match["a"])
    ):
        return ""
    return f"{capital(match['a'])} {match['w'].lower()} {match['b']}"


def _reason(body: str) -> tuple[str, str] | None:
    """ "A because B" as "A. The reason: B"."""
    match = re.match(r"^(?P<a>[^,;]+?),? because (?P<b>[^;]+)$", body)
    if not match or english.parts(match["a"]) is None or re.search(r"\bnot\b|\bsaid\b|\bsays\b", match["a"]):
        return None
    return match["a"], f"The reason: {match['b']}"


_FROM_TO = re.compile(
    r"^(?P<a>.+?) from (?P<x>(?:[$€£]?\d[\d,.]*|[a-z]+)(?: (?:hours|minutes|percent|days|seats|points))?(?: (?:a|per) [a-z]+)?) to (?P<y>[$€£]?\d[\d,.]*\d?(?: (?:hours|minutes|percent|days|seats|points))?(?: (?:a|per) [a-z]+)?)(?P<end>(?: over| in| on| after|,).*)?$"
)


def _from_to(body: str) -> str:
    """ "fell from 31 a month to 12" as "fell to 12 from 31 a month"."""
    match = _FROM_TO.match(body)
    if not match or not re.search(r"(?:fell|dropped|rose|went|down|up|grew|moved|cut|increased|climbed)\b", match["a"].split(",")[-1]):
        return ""
    return f"{match['a']} to {match['y']} from {match['x']}{match['end'] or ''}"


def _middle_front(body: str) -> str:
    """ "Nine workers quit between June and August, against four a year earlier" as "Between June and August, nine workers quit, against four …"."""
    match = _MIDDLE.match(body)
    if (
        not match
        or len(match["main"].split()) < 5
        or _SUBORDINATE.search(match["main"])
        or english.parts(match["main"]) is None
        or DATE.search(match["main"])
        or _second_verb(match["main"])
        or re.match(rf"(?:and|or|{_MONTH})\b", match["rest"])
    ):
        return ""
    low = lower_first(match["main"])
    return f"{capital(match['tail'])}, {low}, {match['rest']}" if low else ""


_SAY = re.compile(
    r"^(?P<a>.{4,60}?\b(?:said|says|thinks|believes|expects|warned|argues|argued|worries|hopes)) (?P<b>(?!that\b|it\b$|to\b|in\b|on\b|at\b|so\b|nothing|no\b)(?:the|a|an|its|it|they|their|coding|most|many|each|every|his|her|[A-Z]\w+|[a-z]+s|\d+)\b.+)$"
)


def _that(body: str) -> str:
    """ "said the point was another" as "said that the point was another"."""
    match = _SAY.match(body)
    return f"{match['a']} that {match['b']}" if match and english.parts(capital(match["b"])) is not None and "“" not in body else ""


_ROLE_WORD = re.compile(
    r"\b(?:director|manager|owner|president|lawyer|partner|professor|analyst|nurse|physician|chief|steward|counsel|officer|adviser|supervisor|worker|examiner|economist)\b"
)
_FIRM_WORD = re.compile(
    r"\b(?:company|firm|group|agency|clinics?|hospital|maker|insurer|plant|foundry|start-?up|bank|provider|vendor|union|university|charity|retailer|lender|supplier|manufacturer|network|chain|tool|system|law|bill|program)\b"
)
_ASIDE_FIRST = re.compile(
    r"^(?P<n>(?:The )?[A-Z][\w’&.-]*(?: (?:of |and |& )?[A-Z][\w’&.-]*)*), (?P<rel>who|which|an?) (?P<x>[^,;]+(?:, [^,;]+(?= and ))?), (?P<v>[a-z]+ .+)$"
)


def _aside_first(body: str) -> tuple[str, str] | None:
    """ "Hana Sobczak, who studies shift work, has followed it" as "Hana Sobczak studies shift work. Sobczak has followed it"."""
    match = _ASIDE_FIRST.match(body)
    if not match or match["rel"] == "who" or not english._is_finite(["x", *match["v"].split()], 1):
        return None
    name, verb = match["n"], match["x"].split()[0]
    person = match["rel"] == "who"
    if match["rel"] in {"a", "an"} and (_ROLE_WORD.search(match["x"]) or not _FIRM_WORD.search(match["x"])):
        return None
    if match["rel"] in {"who", "which"} and not (verb in english.THIRD_OF or verb in english.AUX or verb in english.PAST_OF or verb in english._CLEAR_PAST):
        return None
    said = f"{name} {match['x']}" if match["rel"] in {"who", "which"} else f"{name} is {match['rel']} {match['x']}"
    again = name.split()[-1] if person else "It"
    return said, f"{again} {match['v']}"


def infix(text: str, said: str) -> str:
    """The sentence with an attribution set in after its front or its subject: "A rented system, the Department says, counts as the insurer’s own". "" where unsure."""
    body = text.rstrip(".")
    found = english.parts(body)
    if not found or (said.split()[-2:] and found.subject.lower().endswith(said.rsplit(" ", 1)[0].lower())):
        return ""
    rest = f"{found.verb} {found.rest}"
    if found.front and not _SUBORDINATE.match(found.front):
        return f"{found.front}, {said}, {lower_first(found.subject) or found.subject} {rest}."
    if (
        found.front
        or len(found.subject.split()) < 2
        or re.search(r"\b(?:there|that|which|who|claims?|says?)\b", found.subject)
        or len(found.rest.split()) < 4
        or "," in found.subject
    ):
        return ""
    return f"{found.subject}, {said}, {rest}."


_TAIL_FROM = re.compile(
    r" (?=(?:if|when|unless|because|only if|after|before|at|with|without|so that|as long as|to|for|from|in|on|by|under|about|against|into|through|over|between|among|until|since|that|which|whether|how)\b)"
)
_BAD_END = re.compile(
    r"(?:,|\b(?:and|or|not|only|the|a|an|of|to|in|on|for|by|with|from|at|as|is|are|was|were|be|been|has|have|had|will|may|must|can|said|says|that|more|less|fewer|rather|such|between))$"
)


def partly_quoted(text: str, raw: str, said: str) -> Iterator[tuple[str, int]]:
    """The sentence with its end in the source's own words, and how many words are quoted, the shortest quotation first.

    "Nobody has tested “what the owner of such a system is expected to know,” the Docket writes."
    """
    body = text.rstrip(".")
    if "“" in raw or ":" in body or english.parts(body) is None:
        return
    for mark in reversed(list(_TAIL_FROM.finditer(body))):
        head, tail = body[: mark.start()], body[mark.end() :]
        count = len(tail.split())
        if not 5 <= count <= 16 or len(head.split()) < 4 or tail not in raw or _BAD_END.search(head) or head.count(",") % 2 or english.parts(head) is None:
            continue
        yield f"{swap(house(head), _number_of(head))} “{tail},” {said}.", count


def _passive(body: str) -> str:
    """ "The Department will publish the template on D" as "The template will be published on D"."""
    match = _PASSIVE.match(body)
    if (
        not match
        or _SUBORDINATE.search(match["obj"])
        or len(match["obj"].split()) > 9
        or " and " in match["obj"]
        or re.search(r"\b(?:its|their|him|her|them|it)\b", match["obj"])
    ):
        return ""
    if " and " in match["tail"] or "," in re.sub(DATE, "", match["tail"]):
        return ""
    return f"{capital(match['obj'])} will be {english.participle(match['verb'])} {match['tail']}"


def _requires(body: str) -> str:
    """ "The bulletin requires each insurer to keep a list" as "Under the bulletin, each insurer must keep a list"."""
    match = _REQUIRES.match(body)
    if not match or match["do"] not in english.BASES | {"be", "have", "do"} or len(match["who"].split()) > 12 or _SUBORDINATE.search(match["who"]):
        return ""
    np = lower_first(match["np"])
    if not re.search(
        r"\b(?:bulletin|rule|rules|law|act|guidance|order|agreement|settlement|regulation|terms|policy|contract|notice|section|clause|text|bill|statute)\b", np
    ):
        return ""
    modal = "must" if match["verb"] != "required" else "had to"
    return (
        f"Under {np}, {match['who']} {modal} {match['do']} {match['rest'].replace(' and to ', ' and ')}" if np and np.split()[0] in {"the", "a", "this"} else ""
    )


def _estimate(body: str) -> str:
    """ "The Bureau estimates that X" as "X, the Bureau estimates"."""
    match = _ESTIMATES.match(body)
    if not match or match["verb"] in {"believes"} or len(match["rest"].split()) > 18 or re.search(r"[;]|, (?:and|but)", match["rest"]):
        return ""
    np = lower_first(match["np"])
    return f"{capital(numbered(match['rest']))}, {np} {match['verb']}" if np else ""


def _two_clauses(body: str) -> tuple[str, str] | None:
    for match in _splits(body):
        a, b = match["a"].rstrip(","), match["b"]
        one, two = english.parts(a), english.parts(b)
        if not one or not two or re.match(r"(?i)(?:that|which|who|whose|whether|if|when|how|what|where|why)\b", b) or a.count("“") != a.count("”"):
            continue
        begins = b.split()[0].lower()
        if begins in english.AUX or begins in english._CLEAR_PAST or begins in english.PAST_OF or (begins in english.BASES and not b[0].isupper()):
            continue  # no subject of its own
        if not match["semi"] and (re.search(r"\b(?:said|says)\b", a) or (match["conj"] == "and" and re.search(r"\b(?:whether|if|that|because)\b", a))):
            continue
        conj = match["conj"] or ""
        if conj == "so":
            return a, f"As a result, {lower_first(capital(b)) or b}"
        if conj == "but":
            return a, f"Even so, {b}" if not two.front else capital(b)
        if conj == "while":
            return a, f"Meanwhile, {b}"
        if conj in {"though", "although"}:
            return a, f"Still, {b}"
        if conj in {"since", "because"}:
            return a, f"The reason: {b}"
        return a, capital(b)
    return None


def _splits(body: str) -> Iterator[re.Match[str]]:
    for sep in re.finditer(r"; |, (?:and|but|so|while|though|although|since|because) ", body):
        match = re.match(rf"^(?P<a>.{{{sep.start()}}})(?:(?P<semi>;) |, (?P<conj>and|but|so|while|though|although|since|because) )(?P<b>.{{10,}})$", body)
        if match and len(match["a"]) >= 12:
            yield match


def _two_verbs(body: str) -> tuple[str, str] | None:
    found = english.parts(body)
    if not found or found.verb in {"said", "says", "told", "thinks", "believes", "wrote", "expects", "estimates", "found"}:
        return None
    for sep in re.finditer(r",? (?:and|but) ", found.rest):
        a, b = found.rest[: sep.start()], found.rest[sep.end() :]
        if _SUBORDINATE.search(a) or len(a.split()) < 2 or len(b.split()) < 4 or re.search(r"\b(?:between|both|from|from \w+)\b[^,]*$", a):
            continue
        word = b.split()[0].lower()
        verb = found.verb.lower()
        negated = word in {"do", "does", "did"} and b.split()[1:2] == ["not"]
        if negated or (word in english.AUX and word not in {"do", "did", "does"}):
            pass
        elif word in english.PAST_OF or word in english._CLEAR_PAST:
            if verb not in english.PAST_OF and verb not in english._CLEAR_PAST:
                continue
            if b.split()[1:2] and b.split()[1] in {"by"}:
                continue
        elif word in english.THIRD_OF and word not in english._NOUNISH:
            if verb not in english.THIRD_OF and verb not in {"is", "has", "does"}:
                continue
        else:
            continue
        plural = found.plural
        name = "They" if plural else "It" if plural is False and not _is_person(found.subject) else (found.subject if len(found.subject.split()) <= 4 else "")
        if not name or found.subject.lower() in {"it", "they", "he", "she"}:
            name = capital(found.subject) if len(found.subject.split()) <= 4 else name
        if not name:
            return None
        front = f"{found.front}, " if found.front else ""
        adds = not negated and word not in english.AUX and " but " not in sep.group()
        second = f"{name} also {b}" if adds else f"{name} {b}"
        return f"{front}{found.subject} {found.verb} {a}", second
    return None


def _is_person(subject: str) -> bool:
    return bool(
        re.match(
            r"(?:[A-Z][a-z]+|The (?:owner|clinician|recruiter|person|applicant|employee|worker|patient|supervisor|caller|manager|auditor|director|commissioner))\b",
            subject,
        )
    ) and not re.match(r"The [A-Z]|[A-Z]\w+ (?:Health|Staffing|Castings|Clinics|AI|LLP|Bureau|Office|Department)", subject)


def _which(body: str) -> tuple[str, str] | None:
    match = _WHICH.match(body)
    if not match or ("," in match["b"] and len(match["b"].split()) > 18):
        return None
    before = match["a"][: -len(match["np"])].split()
    if re.search(r"\b(?:second|minute|hour|day|week|month|quarter|year|time|percent)s?$", match["np"]):
        return None
    if not before or before[-1].lower() in {"of", "in", "at", "for", "near", "and", "or", "on"} or before[-1].endswith((")", ",")) or before[-1][:1].isupper():
        return None
    if english.parts(match["a"]) is None or (not english._is_finite(["x", *match["b"].split()], 1) and match["b"].split()[0] not in english.AUX):
        return None
    np = re.sub(r"^(?:a|an) ", "the ", match["np"])
    return match["a"], f"{capital(np)} {match['b']}"


_BAD = re.compile(
    r"\b(?:and|or|of|the|a|an|to|by|with|in|on|for|from|at|that|which|who)[.]|\.\.|,\.|, ,|\b(\w+) \1\b(?<!that that)(?<!had had)|\bIt also (?:they|it)\b| ,"
)


def _sound(text: str) -> bool:
    """Whether a turned sentence has no trace of the turning."""
    if _BAD.search(text) or text.count("“") != text.count("”") or text.count("(") != text.count(")"):
        return False
    if re.search(r"(?:^|[.] )(?:Which|Who|Whose|And|Or|That|Nor)\b", text) or re.search(r"(?:^|[.] )(?:When|If|Although|Because|Unless|While) [^,.]*[.]", text):
        return False
    return all(3 <= len(s.split()) <= 42 and s[0].isupper() | s[0].isdigit() | (s[0] in "$€£“") for s in _split_end(text))
