# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""What stands beside the running text: one statistic, one pull quote, one list, and the questions at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .. import inline
from ..model import Answer, Bullets, Paragraph, PullQuote, Statistic
from ..playbook import Question
from . import concepts, english
from .desk import Desk, Said, figures, pieces_of
from .english import DATE, capital
from .passages import Line, Voice, leans
from .people import introduce
from .plan import ASKING, Slots
from .quotes import Quote
from .restate import LONGEST, restate

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
        and 4 <= len(rest.split()) <= 26
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


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with the question it answers and the words that bring it in."""

    question: str
    intro: str
    bullets: Bullets


def bullets(lines: Sequence[Line], desk: Desk) -> Listed | None:
    """A list of three to five: dates to keep, a list that a source has, or the figures; None where there is none."""
    return _dates_to_keep(lines, desk) or _source_list(lines, desk) or _figures(lines, desk)


_DUE = re.compile(
    r"\b(?:effective|takes? effect|applies|due|deadline|closes?|begins?|starts?|will|must|arrives?|expects?|until|follows|accepted|falls due)\b", re.I
)


def _dates_to_keep(lines: Sequence[Line], desk: Desk) -> Listed | None:
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
    return _as_bullets("Which dates should you keep?", "These days stand in the sources, the nearest one first.", rows, desk)


def _source_list(lines: Sequence[Line], desk: Desk) -> Listed | None:
    """A source's own list, each entry in our words, under the words that stood before it."""
    groups: dict[tuple[str, str], dict[int, list[Line]]] = {}
    for line in lines:
        if line.bullet and not line.quoted and line.key not in desk.used:
            groups.setdefault((line.source, line.heading), {}).setdefault(line.para, []).append(line)
    for (source, _), entries in sorted(groups.items(), key=lambda g: -len(g[1])):
        rows = [row for entry in entries.values() if (row := _entry(entry, desk))]
        if len(rows) >= 3:
            name = desk.voices[source].name
            return _as_bullets(f"What does {name} list?", f"The points below follow the list on the page of {name}, in other words.", rows[:5], desk)
    return None


def _entry(entry: Sequence[Line], desk: Desk) -> tuple[Line, str] | None:
    """One entry: its sentence, or its label and its sentence: "A cut-off: two in the afternoon leaves time"."""
    first = entry[0]
    if len(first.text.split()) <= 5 and len(entry) > 1 and not english.parts(first.text):
        made = restate(entry[1].text, desk.runs)
        low = english.lower_first(made.text) if made and len(pieces_of(made.text)) == 1 else ""
        return (entry[1], f"{english.capital(first.text.rstrip('.'))}: {low}") if low else None
    made = restate(first.text, desk.runs) if not first.order and not re.match(r"[a-z]", first.text) else None
    if made is None or not english.parts(first.text) or len(pieces_of(made.text)) > 1 or re.search(r"\b(?:you|your)\b", made.text) or made.text.endswith("?"):
        return None
    return first, made.text


def _figures(lines: Sequence[Line], desk: Desk) -> Listed | None:
    """Short sentences with a figure, the most central first, for a story that has neither dates nor a list."""
    rows: list[tuple[Line, str]] = []
    for line in sorted(lines, key=lambda x: (-x.weight, x.key)):
        made = desk.restated(line)
        if len(rows) >= 4 or made is None or line.key in desk.used or line.unknown or len(pieces_of(made.text)) > 1 or not 6 <= len(made.text.split()) <= 19:
            continue
        if not re.search(
            r"[$€£]\d|\d+(?:[.,]\d+)* (?:percent|of|hours|minutes|days|people|firms|employers|calls|workers|applicants|comments|clinicians|insurers|customers|cases|clients)|\d{3,}",
            english.DATE.sub("", made.text),
        ):
            continue
        if (
            desk.repeats(made.text)
            or any(len(english.content(made.text) & english.content(t)) >= 4 for _, t in rows)
            or introduce(made.text, desk.people, set()) != (made.text, set())
        ):
            continue
        rows.append((line, made.text))
    return (
        _as_bullets(
            "Which figures are worth knowing?", "Each figure stands in the source beside it.", sorted(rows, key=lambda r: (r[0].source, r[0].place)), desk
        )
        if len(rows) >= 3
        else None
    )


def _as_bullets(question: str, intro: str, rows: Sequence[tuple[Line, str]], desk: Desk) -> Listed:
    items = []
    for line, text in rows:
        said = desk.keep(Said(text, (line.source,), (line,)))
        items.append(Paragraph(md=said.md))
    return Listed(question, intro, Bullets(items=tuple(items)))


# ------------------------------------------------------------------- questions


@dataclass(frozen=True, slots=True)
class Absence:
    """Something readers ask that may be missing from every source."""

    question: str
    told: re.Pattern[str]  # any source that matches does tell it
    answer: str  # at least 15 words
    asked: re.Pattern[str]  # asked only where a source matches this


def _absence(question: str, told: str, answer: str, asked: str) -> Absence:
    return Absence(question, re.compile(told, re.I), answer, re.compile(asked, re.I))


ABSENCES: tuple[Absence, ...] = (
    _absence(
        "What will it cost a business?",
        r"[$€£]\s?\d|\b(?:costs?|prices?|fees?|expenses?|free)\b",
        "The sources do not say what it will cost a business, either in money or in the hours that staff will spend.",
        r".",
    ),
    _absence(
        "Does insurance pay for such a loss?",
        r"\binsur|\bpolicy\b|\bcoverage\b",
        "The sources do not say whether insurance pays for such a loss. The wording of a company’s own policy decides that.",
        r"\bfraud|\bstolen|\blosses\b",
    ),
    _absence(
        "Has anyone independent checked the figures?",
        r"\bindependent|peer review|outside party|\bauditors?\b|third.party|university",
        "The sources do not mention an independent check of the figures, so they stand as those who publish them report them.",
        r"\bpercent\b|\baverage\b|\bmedian\b",
    ),
    _absence(
        "Is there a way to appeal?",
        r"\bappeal|review by a person|human review|\bobject\b|challenge|reconsider",
        "The sources do not say whether those concerned can appeal, or to whom they would have to turn first.",
        r"\bapplicants?\b|\bclaims?\b|\bfined?\b|penalt",
    ),
    _absence(
        "Will staff be trained for it?",
        r"\btrain(?:ing|ed|s)?\b|\bcourse\b",
        "The sources do not mention training for the staff who will work with this, and give no hours for it.",
        r"\bstaff\b|\bemployees\b|\bclinicians\b|\bsupervisors\b",
    ),
    _absence(
        "Do other states or countries plan the same?",
        r"\bother (?:states|countries|jurisdictions|regulators)|\belsewhere\b|matching rule",
        "The sources do not say whether other states or countries plan the same. A firm with offices in several should ask there.",
        r"\bfinal rule\b|\bbulletin\b|\bguidance\b|\bregulation\b",
    ),
    _absence(
        "Which product was used?",
        r"\b(?:called|named|supplied by|vendor|supplier|maker)\b",
        "The sources do not name the product that was used, so nobody can look up how others have fared with it.",
        r"\bsoftware\b|\bmodel\b|\btool\b|\bassistant\b",
    ),
    _absence(
        "What do critics say?",
        r"\bcritics?\b|\bobjected\b|\boppos\w+|\bwarned\b|\bunion\b|\bworried\b|\bargues?\b",
        "The sources do not quote anyone who opposes it. That does not show that nobody does, only that nobody was asked.",
        r"\bfinal rule\b|\bbulletin\b|\bguidance\b|\bnew terms\b|\bassistant\b",
    ),
)  # fmt: skip


def questions(asked: Sequence[Question], slots: Slots, pool: Sequence[Line], desk: Desk, taken: set[str]) -> tuple[Answer, ...]:
    """Four to six answers of 15 to 50 words out of the story's facts, unsaid ones first; the last ones say what the sources do not tell."""
    missing = _missing(pool, desk)
    pairs: list[tuple[float, int, str, Question, Line]] = []
    for place, question in enumerate(asked):
        text = slots.fill(question.text)
        if not text or text in taken or question.needs == "quote":
            continue
        for line in pool:
            if line.stands and not line.order and line.key not in desk.barred and desk.restated(line) and len(line.text.split()) <= 40:
                points = _answers(text, question, line)
                if points > 0:
                    pairs.append((points + 0.5 * (line.key not in desk.used) - 0.012 * place, -place, text, question, line))
    out: list[Answer] = []
    done: set[str] = set()
    spent: set[tuple[str, int]] = set()
    kinds: list[str] = []
    for _, _, text, question, line in sorted(pairs, key=lambda p: (-p[0], -p[1], p[4].key)):
        if len(out) >= 6 - len(missing) or text in done or line.key in spent or kinds.count(question.needs) >= 2:
            continue
        answer = _answer(text, line, pool, desk, spent)
        if answer:
            done.add(text)
            kinds.append(question.needs)
            out.append(Answer(question=text, blocks=(Paragraph(md=answer),)))
    if len(out) + len(missing) < 4:
        out += _plain_ones(4 - len(out) - len(missing), pool, desk, spent)
    return (*out, *missing)


#: Asked where the playbook's own questions find too few answers: the kind of fact alone decides.
_PLAIN: tuple[Question, ...] = (
    Question(text="Which figure is worth remembering?", needs="figure"),
    Question(text="What was done about it?", needs="how"),
    Question(text="Who is concerned?", needs="who"),
    Question(text="What has a limit here?", needs="scope"),
)


def _plain_ones(count: int, pool: Sequence[Line], desk: Desk, spent: set[tuple[str, int]]) -> list[Answer]:
    out: list[Answer] = []
    for question in _PLAIN:
        ready = [
            x
            for x in pool
            if x.stands
            and not re.search(r"\b(?:said|says|would)\b", x.text)
            and not x.order
            and not x.unknown
            and x.key not in spent
            and question.needs in x.needs
            and _STRONG[question.needs].search(x.text)
            and desk.restated(x)
        ]
        for line in sorted(ready, key=lambda x: (x.key in desk.used, -x.weight, x.key)):
            answer = _answer(question.text, line, pool, desk, spent) if len(out) < count else ""
            if answer:
                out.append(Answer(question=question.text, blocks=(Paragraph(md=answer),)))
                break
    return out


_STRONG: dict[str, re.Pattern[str]] = {
    "cost": re.compile(r"[$€£]\s?\d|\bstaff hours\b|\bfree\b|\bno charge\b"),
    "date": DATE,
    "penalty": re.compile(r"\b(?:fines?|penalt\w+|violations?|sanction\w*|liab\w+|admit|fund|civil payment|will pay)\b", re.I),
    "figure": re.compile(r"\d"),
    "who": re.compile(
        r"\b(?:employers?|insurers?|providers?|deployers?|owner|employees?|people|clients|customers|applicants|workers|clinicians|nurses|auditor|firms|companies|person|supervisors?)\b",
        re.I,
    ),
    "scope": re.compile(
        r"\b(?:appl(?:y|ies)|covers?|covered|exempt|only|does not|do not|not (?:be )?(?:used|covered|apply)|outside|alone|limited|fewer than|under|over)\b",
        re.I,
    ),
    "how": re.compile(
        r"\b(?:must|has to|have to|needs? to|keeps?|records?|shows?|asks?|gives?|sends?|may|can|reads?|writes|strikes?|calls?|deletes?|lets?|checks?|reviews?|uses?)\b",
        re.I,
    ),
    "next": re.compile(r"\b(?:will|expects?|plans?|promised|intends|means to|not (?:yet )?(?:decided|said))\b", re.I),
}


def _answers(text: str, question: Question, line: Line) -> float:
    """How well the line answers the question; 0 where it does not have the kind of fact asked for or none of the question's own words."""
    if question.needs not in line.needs or not _STRONG[question.needs].search(line.text):
        return 0.0
    if question.needs == "date" and not _BEGINS.search(line.text):
        return 0.0
    if text.startswith("How many") and not _COUNTED.search(DATE.sub("", line.text)):
        return 0.0
    words = english.content(text) - ASKING
    shared = concepts.answered(words, f"{line.text} {line.heading}")
    if words and (shared < (0.55 if len(words) > 1 else 0.45) or not concepts.answered(words, line.text)):
        return 0.0
    if _NEGATIVE.search(text) and not _DENIES.search(line.text):
        return 0.0
    return 0.4 + (shared if words else 0.25) + 0.12 * min(line.weight, 4.0) - 0.02 * max(0, len(line.text.split()) - 26)


_BEGINS = re.compile(r"\b(?:appl(?:y|ies)|effect\w*|starts?|started|begins?|began|due|from|closes?|runs?|ran|force|until|by|takes?)\b", re.I)
_COUNTED = re.compile(r"\b\d[\d,]*\b(?! (?:business |working )?(?:days?|months?|hours?|minutes?|weeks?|years?|percent)\b)(?! or (?:more|older|over))")
_NEGATIVE = re.compile(r"\b(?:not|outside|left (?:out|aside)|leave aside|never|stop)\b")
_DENIES = re.compile(r"\b(?:not|no|never|nothing|exempt\w*|outside|only|alone|except|cannot|nor)\b", re.I)


def _answer(text: str, first: Line, pool: Sequence[Line], desk: Desk, spent: set[tuple[str, int]]) -> str:
    """The answer with its markers, 15 to 50 words; a fact the body has told is told in another way where there is one."""
    parts: list[Said] = []
    known: set[str] = set()
    for line in (first, *_seconds(first, pool)):
        count = sum(p.words for p in parts)
        if count >= 18 or (count >= 15 and len(parts) >= 2):
            break
        if line.key in spent or line.key in desk.barred:
            continue
        follows = bool(parts) and (first.source, first.place + 1) == line.key and line.follows
        made = _otherwise(line, desk, near=follows)
        met = introduce(made, desk.people, known) if made else None
        if met is None or desk.runs.longest(met[0]) > 12 or count + len(met[0].split()) > 50:
            if not parts:
                return ""
            continue
        if any(figures(met[0]) & figures(p.text) or len(english.content(met[0]) & english.content(p.text)) > 0.6 * len(english.content(met[0])) for p in parts):
            continue
        if desk.runs.longest(" ".join((*(p.text for p in parts), met[0]))) > LONGEST:
            continue
        known |= met[1]
        parts.append(Said(met[0], (line.source,), (line,)))
    if not 15 <= sum(p.words for p in parts) <= 50:
        return ""
    desk.everything += parts
    for part in parts:
        spent |= {x.key for x in part.lines}
        desk.used |= {x.key for x in part.lines}
    return " ".join(p.md for p in parts)


def _otherwise(line: Line, desk: Desk, *, near: bool) -> str:
    now = desk.restated(line, near=near)
    if now is None or line.key not in desk.used:
        return now.text if now else ""
    other = restate(line.near if near else line.text, desk.runs, avoid=frozenset({now.turn}))
    return other.text if other else now.text


def _seconds(first: Line, pool: Sequence[Line]) -> list[Line]:
    """What may go on after the first sentence: the one after it, then those that speak of the same."""
    mine = english.content(first.text)
    after = [x for x in pool if x.key == (first.source, first.place + 1) and x.para == first.para and x.follows and not x.order]
    alike = sorted(
        (x for x in pool if x.stands and not x.order and x.key != first.key and len(x.text.split()) <= 28),
        key=lambda x: (-len(mine & english.content(x.text)), x.key),
    )
    return [*after, *(x for x in alike if 1 <= len(mine & english.content(x.text)) <= 0.7 * len(english.content(x.text)))][:12]


def _missing(pool: Sequence[Line], desk: Desk) -> list[Answer]:
    """What no source tells, looked for in all of them, and what the sources themselves say is open."""
    out: list[Answer] = []
    texts = [v.text for v in desk.voices.values()]
    for absence in ABSENCES:
        if any(absence.asked.search(t) for t in texts) and not any(absence.told.search(t) for t in texts):
            out.append(Answer(question=absence.question, blocks=(Paragraph(md=inline.escape(absence.answer)),)))
            break
    open_lines = sorted(
        (x for x in pool if x.unknown and x.stands and not x.order and x.key not in desk.barred and desk.restated(x)),
        key=lambda x: (x.key in desk.used, -x.weight, x.key),
    )
    parts: list[Said] = []
    for line in open_lines:
        text = _otherwise(line, desk, near=False)
        met = introduce(text, desk.people, set()) if text else None
        if (
            met is None
            or sum(p.words for p in parts) + len(met[0].split()) > 50
            or any(len(english.content(met[0]) & english.content(p.text)) >= 4 for p in parts)
        ):
            continue
        parts.append(Said(met[0], (line.source,), (line,)))
        if len(parts) == 2:
            break
    if sum(p.words for p in parts) >= 15:
        desk.everything += parts
        for part in parts:
            desk.used |= {x.key for x in part.lines}
        out.append(Answer(question="What is not known yet?", blocks=(Paragraph(md=" ".join(p.md for p in parts)),)))
    return out


__all__ = ["ABSENCES", "bullets", "capital", "pull_quote", "questions", "statistic", "Voice"]
