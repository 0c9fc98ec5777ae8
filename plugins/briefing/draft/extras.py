"""What stands beside the running text: one statistic, one pull quote, one list, and the questions at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .. import inline
from ..model import Answer, Bullets, Paragraph, PullQuote, Statistic
from ..playbook import Question
from . import english
from .desk import Desk, Said, pieces_of
from .english import DATE, capital
from .passages import Line, Voice
from .plan import Slots, fit
from .quotes import Quote

_MONEY = r"(?:about |nearly |over |under |roughly )?[$€£]\d[\d,.]*\d?(?: (?:million|billion))?"
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
_CHANGED = re.compile(
    rf"^(?P<np>[A-Z][^,;]{{6,80}}?) (?P<verb>fell|dropped|rose|climbed|grew|went) (?P<rest>by |to )(?P<figure>{_MONEY}|{_COUNT}(?: (?:percent|hours|minutes|points))?)(?P<tail>[^;]*)$"
)


def statistic(pool: Sequence[Line], desk: Desk) -> Statistic | None:
    """One figure, as its source writes it, at the start of its sentence."""
    best, score = None, 0.0
    for line in pool:
        if line.quoted or line.order or line.key in desk.used:
            continue
        for sentence in _clauses(line.text.rstrip(".")):
            made = _led_by_figure(sentence)
            if made is None or not _readable(made[0], made[1]):
                continue
            figure, rest = made
            if figure.lower() not in line.raw.lower() or desk.runs.longest(f"{figure}{rest}") > 12:
                continue
            points = (
                line.weight
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
    if match and english.parts(match.group(1)) and re.match(r"\d|[$€£]", match.group(2)):
        out += [match.group(1), match.group(2)]
    found = english.parts(text)
    if found and found.front and re.match(r"\d|[$€£]", found.subject) and len(found.front.split()) <= 8:
        low = found.front[0].lower() + found.front[1:]
        if "," not in found.rest:
            out.append(f"{found.subject} {found.verb} {found.rest} {low}")
    return tuple(out)


def _led_by_figure(text: str) -> tuple[str, str] | None:
    match = _STARTS.match(text)
    if match and not DATE.match(text) and english.parts(text) is not None and not re.match(r" (?:a|p)\.m", match["rest"]):
        return match["figure"], match["rest"]
    match = _IS.match(text)
    if match:
        np = match["np"]
        return match["figure"], f"{match['rest']} {match['verb']} {np[0].lower()}{np[1:]}"
    match = _THAT.match(text)
    if match:
        low = english.lower_first(match["np"]) or match["np"]
        return match["figure"], f" {match['rest']}, {low} {match['verb']}"
    match = _CHANGED.match(text)
    if match and "," not in match["tail"]:
        return None
    return None


def _readable(figure: str, rest: str) -> bool:
    return 4 <= len(rest.split()) <= 26 and not re.match(r" ?(?:of|and|or|to|percent)\b.{0,3}$", rest) and not DATE.match(figure + rest)


def pull_quote(spoken: Sequence[tuple[Quote, Said]]) -> PullQuote | None:
    """The most quotable words among those the body quotes: short, whole, and with their speaker."""
    best, score = None, -9.0
    for quote, _ in spoken:
        points = -abs(quote.length - 16) / 8.0 + quote.weight * 0.2
        if 8 <= quote.length <= 32 and points > score:
            best, score = quote, points
    return PullQuote(text=f"“{best.words}”", by=f"{best.name}, {best.role}") if best else None


def bullets(lines: Sequence[Line], desk: Desk) -> tuple[str, Bullets] | None:
    """A list of three to five and the line that brings it in: dates to keep, or a list that a source has."""
    return _dates_to_keep(lines, desk) or _source_list(lines, desk)


_DUE = re.compile(
    r"\b(?:effective|takes? effect|applies|due|deadline|closes?|begins?|starts?|will|must|arrives?|expects?|until|follows|accepted|falls due)\b", re.I
)


def _dates_to_keep(lines: Sequence[Line], desk: Desk) -> tuple[str, Bullets] | None:
    latest = max((v.published for v in desk.voices.values() if v.published), default=None)
    found: dict[object, tuple[Line, str]] = {}
    for line in sorted(lines, key=lambda x: (len(x.text.split()), x.place)):
        if not line.stands or line.quoted or line.order or not _DUE.search(line.text) or len(DATE.findall(line.text)) != 1 or "," in DATE.sub("", line.text):
            continue
        days = english.full_dates(line.text)
        restated = desk.restated(line)
        if len(days) == 1 and latest and days[0] > latest and restated and len(pieces_of(restated.text)) == 1 and len(restated.text.split()) <= 20:
            found.setdefault(days[0], (line, restated.text))
    if len(found) < 3:
        return None
    rows = [(found[day][0], found[day][1]) for day in sorted(found, key=str)][:5]
    return _as_bullets("The dates to keep:", rows, desk)


def _source_list(lines: Sequence[Line], desk: Desk) -> tuple[str, Bullets] | None:
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if (
            line.bullet
            and not line.quoted
            and not line.order
            and line.key not in desk.used
            and 3 <= len(line.text.split()) <= 30
            and not line.text.endswith("?")
        ):
            groups.setdefault((line.source, line.heading), []).append(line)
    for group in sorted(groups.values(), key=len, reverse=True):
        rows = []
        for line in group:
            restated = desk.restated(line)
            if restated and not re.match(r"[a-z]", line.text):
                rows.append((line, restated.text))
        if len(rows) >= 3:
            return _as_bullets("", rows[:5], desk)
    return None


def _as_bullets(intro: str, rows: Sequence[tuple[Line, str]], desk: Desk) -> tuple[str, Bullets]:
    items = []
    for line, text in rows:
        said = desk.keep(Said(text, (line.source,), (line,)))
        items.append(Paragraph(md=said.md))
    return intro, Bullets(items=tuple(items))


# ------------------------------------------------------------------- questions


@dataclass(frozen=True, slots=True)
class Absence:
    """Something readers ask that may be missing from every source."""

    question: str
    told: re.Pattern[str]  # any source that matches does tell it
    answer: str
    topics: frozenset[str] = frozenset()  # only for these; empty: any


ABSENCES: tuple[Absence, ...] = (
    Absence("What will it cost a business?", re.compile(r"[$€£]\s?\d|\b(?:costs?|prices?|fees?|expenses?)\b", re.I), "The sources do not say what it will cost a business, in money or in staff time."),
    Absence("Has anyone independent checked the figures?", re.compile(r"\bindependent|peer review|outside party|auditor|third.party", re.I), "The sources do not mention an independent check of the figures. Read them as the publisher’s own."),
    Absence("What happens to those who do not comply?", re.compile(r"\bfines?\b|\bfined\b|penalt|sanction|enforce|violation", re.I), "The sources do not say what happens to those who do not comply.", frozenset({"insurance", "hiring-and-hr", "records-and-logs", "eu-and-uk-rules", "notices-and-disclosure", "enforcement-and-settlements", "ai-inventory"})),
    Absence("How accurate is the software?", re.compile(r"\baccura|error rate|mistakes?\b|errors?\b|false", re.I), "The sources do not say how accurate the software is, or how that was measured."),
    Absence("Is training for staff part of it?", re.compile(r"\btrain(?:ing|ed|s)?\b", re.I), "The sources do not mention training for staff."),
    Absence("Can a decision be appealed?", re.compile(r"\bappeal|review by a person|object\w* to|challenge", re.I), "The sources do not say whether a decision can be appealed.", frozenset({"insurance", "hiring-and-hr", "notices-and-disclosure"})),
    Absence("Do other states or countries plan the same?", re.compile(r"\bother (?:states|countries|jurisdictions|regulators)|elsewhere\b", re.I), "The sources do not say whether other states or countries plan the same.", frozenset({"insurance", "hiring-and-hr", "notices-and-disclosure", "records-and-logs", "ai-inventory", "eu-and-uk-rules"})),
    Absence("Is there insurance against the loss?", re.compile(r"\binsur|\bcover(?:ed|age)?\b", re.I), "The sources do not say whether insurance pays for such a loss.", frozenset({"payment-fraud-and-security"})),
    Absence("Which software product was used?", re.compile(r"\b(?:vendor|supplier|supplied|software is|called)\b", re.I), "The sources do not name the software product."),
)  # fmt: skip


def questions(asked: Sequence[Question], slots: Slots, pool: Sequence[Line], desk: Desk, topics: Sequence[str], taken: set[str]) -> tuple[Answer, ...]:
    """Four to six answers of 15 to 50 words from what has not been said yet; the last says what the sources do not tell."""
    out: list[Answer] = []
    missing = _missing(pool, desk, topics)
    for question in asked:
        if len(out) >= 6 - len(missing):
            break
        text = slots.fill(question.text)
        if not text or text in taken or question.needs == "quote":
            continue
        answer = _answer(question, text, pool, desk)
        if answer:
            taken.add(text)
            out.append(Answer(question=text, blocks=(Paragraph(md=answer),)))
    return (*out, *missing)


def _answer(question: Question, text: str, pool: Sequence[Line], desk: Desk) -> str:
    ready = [(fit(text, x.text + " " + x.heading), x) for x in pool if question.needs in x.needs and desk.sayable(x) and desk.restated(x)]
    ready = [(f, x) for f, x in ready if f >= 0.45 or (f > 0 and question.needs in {"cost", "penalty", "date", "figure"})]
    if not ready:
        return ""
    _, first = max(ready, key=lambda r: (r[0] + 0.3 * r[1].weight, -r[1].place))
    said = desk.say(first)
    if said is None:
        return ""
    parts = [said]
    while sum(s.words for s in parts) < 15:
        more = _second(first, pool, desk, text)
        extra = desk.say(more) if more else None
        if extra is None:
            return ""
        parts.append(extra)
    return " ".join(s.md for s in parts) if sum(s.words for s in parts) <= 50 else ""


def _second(first: Line, pool: Sequence[Line], desk: Desk, text: str) -> Line | None:
    best, score = None, 0.6
    for line in pool:
        if not desk.sayable(line) or not desk.restated(line) or len(line.text.split()) > 30:
            continue
        points = (
            0.9 * (line.source == first.source and line.para == first.para and line.place > first.place)
            + fit(text, line.text)
            + 0.15 * len(english.content(first.text) & english.content(line.text))
        )
        if points > score:
            best, score = line, points
    return best


def _missing(pool: Sequence[Line], desk: Desk, topics: Sequence[str]) -> list[Answer]:
    out: list[Answer] = []
    texts = [v.text for v in desk.voices.values()]
    for absence in ABSENCES:
        if absence.topics and not absence.topics & set(topics):
            continue
        if not any(absence.told.search(t) for t in texts):
            out.append(Answer(question=absence.question, blocks=(Paragraph(md=_fifteen(absence.answer, desk.voices)),)))
            break
    open_lines = [x for x in pool if x.unknown and desk.sayable(x) and desk.restated(x)]
    if open_lines:
        line = max(open_lines, key=lambda x: (x.weight, -x.place))
        said = desk.say(line)
        if said:
            answer = said.md
            more = next((x for x in open_lines if x.key != line.key and desk.sayable(x)), None)
            extra = desk.say(more) if more and said.words < 28 else None
            answer = f"{answer} {extra.md}" if extra else answer
            if len(inline.text(answer).split()) >= 12:
                out.append(Answer(question="What can nobody say yet?", blocks=(Paragraph(md=answer),)))
    return out


def _fifteen(answer: str, voices: object) -> str:
    if len(answer.split()) >= 15:
        return answer
    return f"{answer} If it matters to you, ask before you act."


__all__ = ["ABSENCES", "bullets", "capital", "pull_quote", "questions", "statistic", "Voice"]
