# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""What readers ask and a story's sources may not tell. An absence is a claim: it stands only where no source matches `told`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .passages import Voice

#: A reader of this topic would ask: looked for in titles and in so many words of the first source only, since any long text mentions staff or money somewhere.
_OPENING_WORDS = 110


@dataclass(frozen=True, slots=True)
class Absence:
    """Something readers ask that may be missing from every source."""

    question: str
    told: re.Pattern[str]  # any source that matches does tell it
    answer: str  # at least 15 words
    asked: re.Pattern[str]  # asked only where a source matches this
    of_any_news: bool = False  # a few lines without it leave every reader asking


def _absence(question: str, told: str, answer: str, asked: str, *, of_any_news: bool = False) -> Absence:
    return Absence(question, re.compile(told, re.I), answer, re.compile(asked, re.I), of_any_news)


def unanswered(voices: Sequence[Voice], turn: int) -> Absence | None:
    """The question that a reader of this story asks and that none of its sources answers; the order turns with the article's place in its edition."""
    texts = [f"{v.title} {v.text}" for v in voices]
    openings = [f"{v.title} {' '.join(v.text.split()[:_OPENING_WORDS])}" for v in voices[:1]] + [v.title for v in voices[1:]]
    start = (turn * 3) % len(ABSENCES)
    for absence in (*ABSENCES[start:], *ABSENCES[:start]):
        if any(absence.asked.search(t) for t in openings) and not any(absence.told.search(t) for t in texts):
            return absence
    return None


def of_a_few_lines(voices: Sequence[Voice], most: int) -> list[Absence]:
    """For a story of a few lines: what readers of this story ask, then what any reader asks of any news, where it is not told.

    Which of the general ones come first turns with the day the story was published, so that short items do not all ask the same.
    """
    texts = [f"{v.title} {v.text}" for v in voices]
    open_ones = [a for a in ABSENCES if not any(a.told.search(t) for t in texts)]
    own = [a for a in open_ones if any(a.asked.search(t) for t in texts)]
    general = [a for a in open_ones if a.of_any_news and a not in own and (a.question != _FIGURES or any(re.search(r"\d", t) for t in texts))]
    turn = next((v.published.toordinal() for v in voices if v.published), 0) % max(1, len(general))
    return [*own, *general[turn:], *general[:turn]][:most]


#: Asked only where there are figures.
_FIGURES = "Has anyone independent checked the figures?"
_RULE = r"\b(?:final rule|new rule|bulletin|guidance|regulation|directive|ordinance|statute)\b"
_TRIAL = r"\b(?:pilot|rollout|roll out|trial run|introduces?|introduced|deploy\w*)\b"

ABSENCES: tuple[Absence, ...] = (
    _absence(
        "What will it cost a business?",
        r"[$€£]\s?\d|\b(?:costs?|prices?|fees?|expenses?|free|euros?|dollars?|spend\w*|budgets?)\b",
        "The sources do not say what it will cost a business, either in money or in the hours that staff will spend.",
        rf"{_RULE}|{_TRIAL}|\bnew terms\b",
        of_any_news=True,
    ),
    _absence(
        "Does insurance pay for such a loss?",
        r"\binsur|\bpolicy\b|\bpolicies\b|\bcoverage\b",
        "The sources do not say whether insurance pays for such a loss. The wording of a company’s own policy decides that.",
        r"\bfraud|\bstolen|\bscam\w*|\bransom\w*",
    ),
    _absence(
        _FIGURES,
        r"\bindependent|peer.review|outside (?:party|firm|auditor|reviewer)|\baudit\w*|third.party|\buniversity\b|\bresearchers?\b|\breplicat",
        "The sources do not mention an independent check of the figures, so they stand as those who publish them report them.",
        r"\b(?:pilot|trial|study|survey|benchmark)\b",
        of_any_news=True,
    ),
    _absence(
        "Can a person who is turned down appeal?",
        r"\bappeal|review by a person|human review|\bobject(?:ed|ion|s)?\b|\bchallenge|\breconsider|\bcomplain",
        "Nothing in the sources tells a person who is turned down whether an appeal is possible, or where it would have to be made.",
        r"\b(?:applicants?|rejected|denied|eligib\w+|refused|claimants?|screen(?:ed|ing) out)\b",
    ),
    _absence(
        "Will the staff concerned be trained?",
        r"\btrain(?:ing|ed|s)?\b|\bcourses?\b|\bworkshops?\b|\binstruct\w*|\bteach\w*|\btaught\b|\blessons?\b",
        "No source speaks of training for the people who will work with it, and none gives the hours that learning it would take.",
        _TRIAL,
    ),
    _absence(
        "Do other states or countries plan the same?",
        r"\bother (?:states|countries|jurisdictions|regulators|cities)|\belsewhere\b|matching rule|\bfirst state\b|\bneighbo\w+|\bstate laws\b|\bno plans for a rule\b",
        "Whether other states or countries plan the same is left out of every source. A firm with offices in several should ask there.",
        _RULE,
    ),
    _absence(
        "Whose product was used?",
        r"\b(?:called|named|supplied|vendors?|suppliers?|makers?|made by|built by|developed by|provided by|model from)\b|\b[A-Z][a-z]+’s (?:software|model|tool|assistant)\b",
        "No source names the maker of the product that was used, so nobody can look up how others have fared with it.",
        r"\b(?:software|tool|assistant|chatbot|algorithm)\b",
    ),
    _absence(
        "What do its critics say?",
        r"\bcritic\w*|\bobject\w*|\boppos\w+|\bwarn\w*|\bunions?\b|\bworr\w+|\bargu\w+|\bcompla\w+|\bskeptic\w*|\bsceptic\w*|\bconcerns?\b|\bhalf a step\b",
        "The sources quote nobody who opposes it. That does not show that nobody does, only that nobody was asked.",
        rf"{_RULE}|\bnew terms\b|{_TRIAL}",
        of_any_news=True,
    ),
    _absence(
        "What happens to those who do not comply?",
        r"\bfine[sd]?\b|\bpenalt\w+|\bsanction\w*|\bviolat\w+|\benforce\w*|\bpunish\w*|\bliab\w+|\bbinding\b",
        "What follows for those who do not comply is not stated in any source. No fine, no warning and no inspector is mentioned.",
        _RULE,
    ),
    _absence(
        "Are small firms treated differently?",
        r"\bsmall\w*\b|\bfewer than\b|\bless than\b|\bexempt\w*|\bthreshold|\b\d+ or more\b|\bunder \d",
        "The sources make no difference between large and small firms, and they name no size below which the duties would fall away.",
        _RULE,
    ),
    _absence(
        "Were customers or patients told?",
        r"\b(?:told|inform\w*|notif\w+|notices?|asked|consent\w*|agree\w*|warned|announce[ds]? to)\b",
        "No source says whether customers or patients were told about the software, or whether they could have refused it.",
        r"\b(?:patients?|callers?|customers?|policyholders?)\b",
    ),
    _absence(
        "How long will the old arrangement be kept?",
        r"\b(?:until|existing customers|phase[ds]? out|transition\w*|grace|keep their|old (?:price|rate|version|terms))\b",
        "The sources do not say how long the old arrangement stays open to those who already have it, or whether it does at all.",
        r"\b(?:new terms|price (?:rise|increase)|new prices|retired?|deprecat\w+)\b",
    ),
)
