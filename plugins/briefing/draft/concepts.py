"""Which words of a question and of a source mean the same matter, so that "reliable" finds "not a random sample"."""

from __future__ import annotations

from functools import lru_cache

from . import english

_GROUPS = (
    "lose lost loss losses money paid pay payment victims stolen recover recovered back",
    "insurance insurer policy premium bank banks cover recovered claim good",
    "reliable evidence strong sample random volunteers volunteered measured study small certain tell recordings limits randomized survey",
    "compared comparison against versus baseline before",
    "owner owners shop shops small company firm business main street bakery garage family",
    "start starts begin begins began effective applies apply date due deadline period until since takes",
    "help helpline visit support advice adviser free template",
    "attack unfold fraud scam caller voice email impersonated fake cloned pattern call",
    "prosecuted investigators investigation police agencies inquiry investigate opened",
    "notice notices written told inform disclose disclosure explain words wording",
    "record records recorded log logs keep kept retain retention store stored hold entries inventory list listed filed file",
    "review person human appeal object reconsider asks",
    "fine fines fined penalty penalties violation violations sanction exposure charged bill civil punish binding",
    "exempt exemption covered covers covers outside scope reach apply applies include affected left limits duty",
    "audit audited check checked verify verified examine examination independent tested test tests testers reviewers",
    "staff workers worker employees employee people crew clinicians nurses supervisors team",
    "patients patient callers caller customers customer applicants applicant candidates policyholders clients",
    "vendor vendors supplier suppliers provider maker software tool tools assistant system systems model",
    "delete deleted deletion erase erased wiped data prompts content text private privacy confidential",
    "return returns resume restart back come stay off paused",
    "cost costs price prices pay fee fees charge spend expense expenses budget hours money seat",
    "overtime savings staffing saved shifts hours resigned vacancies turnover",
    "overrule veto strike cross refuse refused override decide decides authority say",
    "error errors mistake mistakes missed wrong fault failed accuracy accurate inaccurate harm harmed safety injuries",
    "change changed changes new different differently behave drop dropped withdrawn draft proposal final",
    "train training learn learned course",
    "age older race sex bias disadvantaged gap rate ranked score scored scores screening",
    "sign signs signed signature clinician clinicians doctor doctors themselves",
    "consent agree agreed decline declined refuse opt stop asked",
    "employer employers agency staffing company duty responsible answers answer liable carries",
    "expected follow next later plan plans will promised intends undecided open decided decision",
)  # fmt: skip


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[int]]:
    out: dict[str, set[int]] = {}
    for number, group in enumerate(_GROUPS):
        for word in group.split():
            out.setdefault(english.stem(word), set()).add(number)
    return {word: frozenset(groups) for word, groups in out.items()}


@lru_cache(maxsize=8192)
def of(text: str) -> frozenset[int]:
    """The matters a text speaks of."""
    table = _table()
    return frozenset(g for word in english.content(text) for g in table.get(word, ()))


def answered(asked: frozenset[str], text: str) -> float:
    """The share of a question's own words that a text takes up: 1 for the word itself, 0.6 for another word of the same matter."""
    if not asked:
        return 0.0
    words, matters, table = english.content(text), of(text), _table()
    points = sum(1.0 if w in words else 0.6 if table.get(w, frozenset()) & matters else 0.0 for w in asked)
    return points / len(asked)
