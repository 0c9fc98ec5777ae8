# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""What stands beside the running text: one statistic and one pull quote here; the list and the questions at the end have files of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .. import inline
from ..model import PullQuote, Statistic
from . import english
from .absences import ABSENCES
from .asked import questions
from .desk import Desk, Said
from .english import DATE
from .listed import Listed, bullets
from .passages import Line, leans
from .quotes import Quote

_MONEY = r"(?:up to |as much as |about |nearly |over |under |roughly )?[$€£]\d[\d,.]*\d?(?: (?:million|billion))?"
_COUNT = r"\d[\d,.]*\d?(?: (?:percent|of (?:the |every )?\d[\d,]*|in \d+))?|\d"
_STARTS = re.compile(
    rf"^(?P<figure>(?:About |Nearly |Over |Some |More than )?(?:{_MONEY}|{_COUNT}|(?:Twenty|Thirty|Forty|Fifty|Sixty|Seventy|Eighty|Ninety)(?:-\w+)?(?: percent| of (?:the )?\d[\d,]*)?))(?P<rest> .+)$"
)
_IS = re.compile(
    rf"^(?P<np>(?:The|Its|Their) [^,;]{{4,70}}?) (?P<verb>is|was|are|were) (?P<figure>{_MONEY}|{_COUNT}(?: (?:percent|hours|minutes|days|points|calls))?)(?P<rest>[^,;]*)$"
)
_THAT = re.compile(
    rf"^(?P<np>(?:The )?[A-Z][\w’&. -]{{2,40}}?) (?P<verb>estimates|expects|found|said|says|reported) that (?P<figure>{_MONEY}|{_COUNT}) (?P<rest>[^,;]+)$"
)
_COSTS = re.compile(
    rf"^(?P<np>(?:The|Its|A|An|[A-Z]\w+)[^,;]{{3,60}}?) (?P<verb>costs?|pays?|charges|will pay|now pays) (?P<figure>{_MONEY}(?: (?:a|per|each|every) (?:month|week|year|seat|day))?)(?P<rest>(?: for| to| more)? ?[^,;]*)$"
)
_TOOK = re.compile(
    r"^(?:(?P<front>In [^,]{4,40}), )?(?P<np>(?:The )?[\w’& -]{3,50}?) (?P<verb>received|collected|counted|struck|reviewed|examined|answered|recorded|reported|handled) (?P<figure>\d[\d,]*(?: of (?:the )?\d[\d,]*)?) (?P<obj>[a-z][^,;]{3,70}?)(?:, or [\d.]+ percent)?$"
)


def statistic(pool: Sequence[Line], desk: Desk) -> Statistic | None:
    """One figure, as its source writes it, at the start of its sentence."""
    best, score = None, 0.0
    for line in pool:
        if line.quoted or line.order or line.key in desk.used or line.key in desk.barred:
            continue
        for sentence in _clauses(line.text.rstrip(".")):
            made = _led_by_figure(sentence)
            if made is None or not _readable(made[0], made[1]) or leans(f"{made[0]}{made[1]}"):
                continue
            figure, rest = made
            if figure.lower() not in line.raw.lower() or desk.runs.longest(f"{figure}{rest}") > 12:
                continue
            points = (
                line.weight
                + 0.9 * bool(re.search(r"percent| of (?:the |every )?\d|in \d", figure))
                - 1.0 * bool(re.search(r"\b(?:answered|comments|responses|examined|looked at|reviewed|survey)\b", rest))
                + 0.6 * bool(re.search(r"percent|of|[$€£]|million", figure))
                + 0.4 * line.stands
                - (0.5 if re.fullmatch(r"\d", figure) else 0.0)
                - 0.02 * max(0, len(rest.split()) - 16)
            )
            if not line.stands and re.search(r"\b(?:it|they|them|those|these|this)\b", rest, re.I):
                points -= 1.5
            if points > score:
                best, score = (figure, rest, line), points
    if best is None:
        return None
    figure, rest, line = best
    desk.keep(Said(f"{figure}{rest}.", (line.source,), (line,)))
    return Statistic(figure=figure, md=f"{inline.escape(rest.strip())}. [{line.source}]")


def _clauses(text: str) -> tuple[str, ...]:
    """The sentence, its second half where "and" joins two full clauses, and what follows an opening phrase."""
    out = [text]
    match = re.match(r"^(.+?), and (.+)$", text)
    if match and (english.parts(match.group(1)) or _STARTS.match(match.group(1))) and re.match(r"\d|[$€£]", match.group(2)):
        out += [match.group(1), match.group(2)]
    found = english.parts(text)
    of = re.match(r"^Of (?P<all>(?:the|every|those) \d[\d,]* [^,]+), (?P<n>\d[\d,]*) (?P<rest>[a-z]+ .{12,})$", text)
    if of and english.parts(text):
        return (*out, f"{of['n']} of {of['all']} {of['rest']}")
    if found and found.front and not found.front.startswith("Of ") and re.match(r"\d|[$€£]", found.subject) and len(found.front.split()) <= 8:
        low = found.front[0].lower() + found.front[1:]
        if "," not in found.rest:
            out.append(f"{found.subject} {found.verb} {found.rest} {low}")
    return tuple(out)


def _led_by_figure(text: str) -> tuple[str, str] | None:
    match = _STARTS.match(text)
    begins = match["rest"].split()[0] if match else ""
    whole = english.parts(text) is not None or begins in english.PAST_OF or begins in english.AUX
    if match and not DATE.match(text) and whole and not re.match(r" (?:a|p)\.m", match["rest"]):
        return match["figure"], match["rest"]
    match = _IS.match(text)
    if match:
        np = match["np"]
        return match["figure"], f"{match['rest']} {match['verb']} {np[0].lower()}{np[1:]}"
    match = _THAT.match(text)
    if match:
        low = english.lower_first(match["np"]) or match["np"]
        return match["figure"], f" {match['rest']}, {low} {match['verb']}"
    match = _COSTS.match(text)
    if match:
        low = english.lower_first(match["np"])
        bare = re.sub(r"^(?:about|nearly|over|under|roughly|up to|as much as) ", "", match["figure"])
        hedge = match["figure"][: len(match["figure"]) - len(bare)]
        return (bare, f" is {hedge}what {low} {match['verb']}{match['rest']}") if low else None
    match = _TOOK.match(text)
    if match and match["verb"] in english.PAST_OF:
        low = english.lower_first(match["np"])
        front = f" {match['front'][0].lower()}{match['front'][1:]}" if match["front"] else ""
        return (match["figure"], f" {match['obj']} were {english.participle(english.PAST_OF[match['verb']])} by {low}{front}") if low else None
    return None


def _readable(figure: str, rest: str) -> bool:
    return (
        not re.fullmatch(r"\d", figure)
        and 5 <= len(rest.split()) <= 26
        and not re.match(r" (?:is|are|was|were) (?:an?|the) \w+(?: \w+)?$", rest)  # "$250,000 is a civil payment" says nothing
        and not re.match(r" ?(?:of|and|or|to|percent)\b.{0,3}$", rest)
        and not DATE.match(figure + rest)
    )


def pull_quote(spoken: Sequence[tuple[Quote, Said]]) -> PullQuote | None:
    """The most quotable words among those the body quotes: short, whole, and with their speaker."""
    best, score = None, -9.0
    for quote, _ in spoken:
        points = -abs(quote.length - 16) / 8.0 + quote.weight * 0.2
        if 8 <= quote.length <= 32 and points > score:
            best, score = quote, points
    return PullQuote(text=f"“{best.words}”", by=f"{best.name}, {best.role}") if best else None


__all__ = ["ABSENCES", "Listed", "bullets", "pull_quote", "questions", "statistic"]
