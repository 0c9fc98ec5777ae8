# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""Further turns for news prose: who said it moved to the front, asides left away, the doer of a passive named first, pairs turned round.

Each function takes a sentence without its full stop and gives it turned, or "" where it is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from . import english
from .english import DATE, capital, lower_first

_NEEDED = english.NEEDED
_SAID = "said|says|say|reported|reports|found|finds|wrote|writes|added|adds|estimated|estimates|warned|warns|noted|notes|explained|explains|announced|confirmed"
_WHO = r"(?:the |an? |its |their )?[A-Za-z][\w’&.-]*(?: [\w’&.-]+){0,6}?"
_HOW = rf"(?: (?:on )?{DATE.pattern}| in an? (?:email|statement|interview|report|letter|filing|blog post|briefing)(?: on {DATE.pattern})?)?"
_SAID_LAST = re.compile(rf"^(?P<what>[^“”]{{20,}}), (?P<who>{_WHO}) (?P<verb>{_SAID})(?P<how>{_HOW})$")
_SAID_THEN_WHO = re.compile(
    r"^(?P<what>[^“”]{20,}), (?P<verb>said|says|explains|explained|adds|added|notes|noted|warns|warned) (?P<who>[A-Z][\w’.-]*(?: [\w’.&-]+){0,5}?)(?P<role>, [^,]{6,90}(?:, [^,]{4,40})?)?$"
)
_ACCORDING_LAST = re.compile(r"^(?P<what>[^“”]{20,}), according to (?P<who>[^“”]{3,110})$")


def said_first(body: str) -> str:
    """ "Prices rose in May, the agency said on Friday" as "The agency said on Friday that prices rose in May"."""
    match = _SAID_LAST.match(body)
    if match and not re.match(r"(?:he|she|it|they|who|which|that|and|but)\b", match["who"], re.I):
        low = _inside(match["what"])
        return f"{capital(match['who'])} {match['verb']}{match['how']} that {low}" if low else ""
    match = _SAID_THEN_WHO.match(body)
    if match:
        low = _inside(match["what"])
        role = f"{match['role']}," if match["role"] else ""
        return f"{match['who']}{role} {match['verb']} that {low}" if low else ""
    return ""


def according_first(body: str) -> str:
    """ "X, according to Ada Bell, the bank’s head of cards" as "According to Ada Bell, the bank’s head of cards, X"."""
    match = _ACCORDING_LAST.match(body)
    low = _inside(match["what"]) if match else ""
    return f"According to {match['who']}, {low}" if match and low else ""


def _inside(clause: str) -> str:
    """A main clause as it stands behind "that", or "" where it may be none."""
    if english.parts(clause) is None or re.search(r"\b(?:said|says|told)\b", clause):
        return ""
    return lower_first(clause)


_APPOSED = re.compile(
    r"^(?P<name>(?:(?:At|In|For|With|From|By|Under) )?(?:The |An? )?[A-Z][\w’&.-]*(?: (?:of |and |& |the )?[A-Z][\w’&.-]*){0,5}|(?:The|An?|Its|Their) [a-z][\w’-]*(?: [a-z][\w’-]*){0,2}), "
    r"(?P<aside>(?:an?|the|one of|based in|founded in|formerly|part of|headquartered in|home to|owned by|which|whose)\b[^,;“”]{3,110}(?:, [A-Z][\w]+)?), (?P<rest>[a-z][^“”]+)$"
)


def no_aside(body: str) -> str:
    """ "Maple Fork, a group of 14 clinics, switched it off" as "Maple Fork switched it off"."""
    match = _APPOSED.match(body)
    if (
        not match
        or _NEEDED.search(match["aside"])
        or (not re.match(r"(?:At|In|For|With|From|By|Under) ", match["name"]) and re.match(r"(?:the|an?) ", match["rest"]))
        or re.match(r"(?:and|or|who|which|said|says|told|thinks|believes|wrote|writes|argues|expects|wants|called|warned|added)\b", match["rest"])
    ):
        return ""
    led = bool(re.match(r"(?:At|In|For|With|From|By|Under) ", match["name"]))
    turned = f"{match['name']}{',' if led else ''} {match['rest']}"
    return turned if english.parts(turned) is not None else ""


_BRACKETS = re.compile(r" \([^()“”]{2,80}\)")
_DASHES = re.compile(r"(?<=\w) [—–-] [^—–“”]{4,90} [—–-] (?=\w)")
_PARTICIPLE_LAST = re.compile(
    r", (?:citing|saying|adding|noting|making|leaving|bringing|giving|allowing|raising|including|pushing|marking|prompting|following|highlighting|meaning|using|killing|reflecting|joining|organizing|awarding|ranging|helping|forcing|causing|sending|putting|underlining|underscoring|as well as|along with|such as|with) [^,;“”]{8,}$"
)
_RELATIVE_LAST = re.compile(r", (?:which|who|where) [^,;“”]{8,}$")
_DASH_LAST = re.compile(r" [—–-] [^—–“”]{8,}$")


def shorter(body: str) -> Iterator[str]:
    """The sentence without what stands in brackets, between dashes or trails behind its last clause, where that is no condition."""
    for pattern, space in ((_BRACKETS, ""), (_DASHES, " "), (_DASH_LAST, ""), (_PARTICIPLE_LAST, ""), (_RELATIVE_LAST, "")):
        found = pattern.search(body)
        if not found or _NEEDED.search(found.group()):
            continue
        made = (body[: found.start()] + space + body[found.end() :]).strip()
        if re.match(r"(?:In|At|On|For|With|From|By|Under)\b[^,]*, (?:which|who|where)\b", made):
            continue
        if len(made.split()) >= 7 and english.parts(made) is not None and not re.search(r"\b(?:said|says|that|and|or|of)$", made):
            yield made


_WHO_LAST = re.compile(r"^(?P<a>.+?\b(?P<name>[A-Z][\w’-]+(?: [A-Z][\w’.-]+)+)), who (?P<b>[^,;“”]+)$")


def who_last(body: str) -> tuple[str, str] | None:
    """ "It was led by Ada Bell, who runs the desk" as "It was led by Ada Bell. Bell runs the desk"."""
    match = _WHO_LAST.match(body)
    if not match or english.parts(match["a"]) is None or not english._is_finite(["x", *match["b"].split()], 1):
        return None
    return match["a"], f"{match['name'].split()[-1]} {match['b']}"


_PAIR = re.compile(r"(?<=[a-z,] )(?P<led>in |at |from )(?P<one>[A-Z][\w’-]+(?: [A-Z][\w’-]+)?) and (?P<two>[A-Z][\w’-]+(?: [A-Z][\w’-]+)?)(?= [a-z]|$|,)")


def pair(body: str) -> str:
    """ "at two sites in Richmond and Connersville" as "at two sites in Connersville and Richmond"."""
    found = _PAIR.search(body)
    if not found or re.search(r"\b(?:between|from|respectively|both|then|first)\b", body) or found["one"] in english.MONTHS or found["two"] in english.MONTHS:
        return ""
    if found["one"].split()[0] in {"Bosnia", "Trinidad", "Antigua", "Turks", "Saint", "Tyne", "Newfoundland", "Wallis", "Food", "Health", "Trade"}:
        return ""
    return f"{body[: found.start()]}{found['led']}{found['two']} and {found['one']}{body[found.end() :]}"


_LIST = re.compile(r"^(?P<a>.+?[a-z]), (?P<b>[a-z][\w’-]*(?: [\w’-]+){0,3}) and (?P<c>[a-z][\w’-]*(?: [\w’-]+){0,3})$")


def last_two(body: str) -> str:
    """A closing list with its last two items turned round: "fuel, parts and labor" as "fuel, labor and parts"."""
    match = _LIST.match(body)
    if not match or re.search(r"\d", match["b"] + match["c"]) or re.search(r"\b(?:respectively|then|first|finally|from|between|both)\b", body):
        return ""
    for item in (match["b"], match["c"]):
        first = item.split()[0]
        if (
            first.endswith(("ed", "ing"))
            or first in english.AUX
            or first in english.PAST_OF
            or first in english.BASES
            or first in english.THIRD_OF
            or first
            in {"who", "which", "that", "it", "they", "not", "so", "then", "their", "its", "his", "her", "other", "others", "more", "to", "in", "on", "by"}
        ):
            return ""
        if any(w in english.AUX or w in english._CLEAR_PAST or w in {"who", "which", "that", "other", "others"} for w in item.split()):
            return ""
    return f"{match['a']}, {match['c']} and {match['b']}"


_BASE_OF_PARTICIPLE = {english.participle(b): b for b in sorted(english.BASES)}
_BY = re.compile(
    r"^(?P<obj>(?:The|An?|Each|Every|Its|Their|All|About|More|[A-Z][\w’-]*|[A-Z][a-z]+s|\d[\d,]*)(?: (?!that\b|which\b|who\b)[\w’&-]+){0,8}?) (?P<was>was|were) (?P<verb>[a-z]+(?:ed|en|n|t|e)|cut|put|set|run|made|paid|sold|found|read|told|drawn|built|led) by "
    r"(?P<who>(?:the |an? |its |their )?[A-Za-z][\w’&.-]*(?: (?!on\b|in\b|and\b|at\b|after\b|before\b|for\b|to\b|with\b|which\b|who\b|that\b|as\b|from\b|because\b|when\b|while\b|or\b)[\w’&.-]+){0,5})(?P<tail>(?: (?:on|in|at|after|before|from|last|for|as) [^,;“”]+)?)$"
)


def active(body: str) -> str:
    """ "The plan was approved by the panel on May 9" as "The panel approved the plan on May 9"."""
    match = _BY.match(body)
    base = _BASE_OF_PARTICIPLE.get(match["verb"], "") if match else ""
    low = lower_first(match["obj"]) if match else ""
    if (
        not match
        or not base
        or not low
        or re.match(r"(?:it|they|them|him|her|he|she)\b", match["who"], re.I)
        or match["who"].endswith("ing")
        or re.search(r"\b\w+ly\b", match["who"])
    ):
        return ""
    return f"{capital(match['who'])} {english.past(base)} {low}{match['tail']}"


_SPAN = (
    r"(?:(?:in|over|during|for|within) the (?:first|last|past|next|coming|same|second|third|fourth|final|opening|previous) (?:(?:two|three|four|five|six|seven|eight|nine|ten|few|\d+) )?(?:years?|months?|weeks?|days?|quarters?|hours?|half)(?: of (?:\d{4}|the year))?"
    r"|(?:in|since|by|until|before|after|during) (?:early |late |mid-)?(?:19|20)\d\d|(?:at|by) the (?:start|end|close|beginning) of (?:the year|the month|the week|the quarter|\d{4})|a year earlier|at the time|every (?:year|month|week|day))"
)
_SPAN_LAST = re.compile(rf"^(?P<main>[^,;“”]+?) (?P<tail>{_SPAN})$", re.I)


def span_first(body: str) -> str:
    """ "Enrolment fell by 45 percent in the first two years" as "In the first two years, enrolment fell by 45 percent"."""
    match = _SPAN_LAST.match(body)
    if not match:
        return ""
    main = match["main"]
    found = english.parts(main)
    if (
        found is None
        or found.front
        or DATE.search(main)
        or re.search(r"\b(?:that|which|who|than|as|because|if|when|said|says|and|or|but|to|will|would|expects?|plans?)\b", main)
    ):
        return ""
    low = lower_first(main)
    return f"{capital(match['tail'])}, {low}" if low else ""


_WHEN = rf"(?:(?:on|by|until|since|from|in|starting) {DATE.pattern}(?:(?: to| through| until| and) {DATE.pattern})?)"
_DAY_INSIDE = re.compile(rf"^(?P<main>[^,;“”]+?) (?P<when>{_WHEN}),? (?P<rest>(?:at|in|for|with|under|through|after|before|about|without|against) [^,;“”]+)$")


def day_last(body: str) -> str:
    """ "The pilot ran from May 1 to June 3, at two clinics" as "The pilot ran at two clinics from May 1 to June 3"."""
    match = _DAY_INSIDE.match(body)
    if (
        not match
        or english.parts(match["main"]) is None
        or DATE.search(match["rest"])
        or re.search(r"\b(?:that|which|who|if|when|because|and|but|than|or)\b", body)
    ):
        return ""
    return f"{match['main']} {match['rest']} {match['when']}"


_DAY_BEFORE_VERB = re.compile(rf"^(?P<np>[^,;“”]{{3,70}}?) (?P<when>on {DATE.pattern}),? (?P<rest>(?P<verb>[a-z]+) [^“”]+)$")


def day_first(body: str) -> str:
    """ "The court on May 3 threw out the case" as "On May 3, the court threw out the case"."""
    match = _DAY_BEFORE_VERB.match(body)
    if not match or not english._is_finite(["x", match["verb"], *match["rest"].split()[1:]], 1) or english.parts(match["np"]) is not None:
        return ""
    if any(
        w.endswith(("ed", "en")) or w in _BASE_OF_PARTICIPLE or w in english.PAST_OF for w in match["np"].lower().split()
    ):  # "the note published on May 3 says"
        return ""
    low = lower_first(match["np"])
    return f"{capital(match['when'])}, {low} {match['rest']}" if low else ""


#: Verbs that name a state, not an act: "a firm that owns" is no "firm owning".
_STATES = frozenset(
    english.word_list(
        "have be own know want need believe like mean seem belong contain consist depend matter remain think hope lack exceed equal fit agree say do feel owe "
        "prefer count rule appear date stand lie come happen exist"
    )
)
_RELATIVE = re.compile(r"(?<=[A-Za-z] )(?P<noun>[a-z][\w’-]*) (?:that|who|which) (?P<verb>[a-z]+)(?= [a-z])")


def doing(body: str) -> str:
    """ "A supplier that withholds a report" as "A supplier withholding a report"."""
    for match in _RELATIVE.finditer(body):
        base = english.THIRD_OF.get(match["verb"], match["verb"] if match["noun"].endswith("s") and match["verb"] in english.BASES else "")
        after = body[match.end() :].split()
        if any(w in english.THIRD_OF and before in {"and", "or"} for before, w in pairwise(after)):
            continue  # "that listens and drafts": the second verb would hang
        if not base or base in _STATES or match["noun"] in english.PAST_OF or match["noun"] in english.BASES or match["noun"] in english.AUX:
            continue
        if match["verb"] in english._NOUNISH and after[0] not in english._DETERMINERS | {"their", "its", "whether", "how"}:
            continue
        if match["noun"] in {"it", "one", "so", "those", "all", "anyone", "someone", "everyone", "nothing", "anything"}:
            continue
        return f"{body[: match.start()]}{match['noun']} {english.gerund(base)}{body[match.end() :]}"
    return ""


_PLURALS = re.compile(
    r"(?<=[a-z] )(?P<one>[a-z]{3,}s) (?P<and>and|or) (?P<two>[a-z]{3,}s)(?= (?:to|are|were|is|was|has|have|will|may|must|can|should)\b|[,;]|$)"
)


def plurals(body: str) -> str:
    """ "may not use recordings or notes to train" as "may not use notes or recordings to train"."""
    for match in _PLURALS.finditer(body):
        before = body[: match.start()].split()[-1]
        verbs = any(w in english.THIRD_OF and w not in english._NOUNISH for w in (match["one"], match["two"]))
        fixed = (
            match["one"].endswith(("ss", "us", "is")) or match["two"].endswith(("ss", "us", "is")) or (match["one"], match["two"]) == ("terms", "conditions")
        )
        placed = before in english._PREPOSITIONS | english._DETERMINERS or before in english.BASES or before in english.THIRD_OF or before in english.PAST_OF
        if placed and not verbs and not fixed and not re.search(r"\b(?:respectively|between|both|first|then)\b", body):
            return f"{body[: match.start()]}{match['two']} {match['and']} {match['one']}{body[match.end() :]}"
    return ""
