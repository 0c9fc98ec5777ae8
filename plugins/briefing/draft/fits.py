# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""Whether a sentence holds what a question of the playbook asks for.

A question names its answer's words (`with:` in the playbook). They are looked for in all their forms, days and years are
told from figures, and a group may be bound to the sentence's subject: "Who must file?" is not answered by "must be filed".
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ..playbook import Question, Wanted
from . import english

_COUNT = r"(?:\d[\d,.]*\d|\d|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-[a-z]+)?|hundreds?|thousands?|millions?|dozens?)"
_SIGNS = {
    "#": _COUNT,
    "@": "@",
    "$": rf"(?:(?:[$€£]|EUR|USD|GBP)\s?{_COUNT}|{_COUNT} (?:(?:million|billion) )?(?:dollars|euros|pounds|cents))",
    "%": rf"(?:{_COUNT}\s?(?:percent|per cent|%)|{_COUNT} (?:out )?(?:of|in) (?:the |every |all |those )?{_COUNT}|(?<!first )(?<!second )(?<!latter )(?<!former )half|(?:a|one|two) (?:third|quarter|fifth)s?|most of|majority|(?:nearly|almost) all)",
}
_MONTH = "|".join(english.MONTHS)
_SHORT = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\."
_DAYS = re.compile(rf"{english.DATE.pattern}|{_SHORT}(?: \d{{1,2}}(?:, \d{{4}})?)?|\b(?:{_MONTH})\b(?! (?:said|says|is|was|has)\b)|\b(?:19|20)\d\d\b(?![-/]\d)")
#: "Bulletin 2026-14", "Code 27-4-19": numbers that count nothing.
_NUMBERED = re.compile(r"\b(?:19|20)\d\d[-/]\d+\b|\b\d+-\d+-\d+\b|\b(?:[Ss]ection|[Aa]rticle|[Ll]ocal|[Rr]ule|[Cc]hapter) \d+\b")
_GAP = r"[\s-]+"


@lru_cache(maxsize=16384)
def bare(text: str) -> str:
    """The text as groups are looked for in it: a day, month or year is @, a document's number is §, typographic apostrophes are plain."""
    masked = _DAYS.sub("@", _NUMBERED.sub("§", text.replace("@", " ")))
    return masked.replace("’", "'")


@lru_cache(maxsize=16384)
def subject(text: str) -> str:
    """What stands before the main verb, an opening phrase left out; the first seven words where the verb cannot be told."""
    found = english.parts(text)
    return found.subject if found else " ".join(text.split()[:7])


def meets(question: Question, text: str) -> bool:
    """Whether one sentence holds every group of the question and none that must be absent. True where the question names none."""
    return _holds(question.wanted, text)


@lru_cache(maxsize=65536)
def _holds(wanted: tuple[Wanted, ...], text: str) -> bool:
    return all(_has(w.words, subject(text) if w.subject else text) is not w.absent for w in wanted)


def _has(words: tuple[str, ...], text: str) -> bool:
    """Whether one of the alternatives stands in the text: single words by look-up, the others by their pattern."""
    if not _single(words).isdisjoint(_tokens(text)):
        return True
    pattern = _pattern(words)
    return pattern is not None and pattern.search(bare(text)) is not None


@lru_cache(maxsize=16384)
def _tokens(text: str) -> frozenset[str]:
    """The words of a text in small letters, also the parts of compounds, without the possessive."""
    return frozenset(w.removesuffix("'s").rstrip("'") for w in _TOKEN.findall(bare(text).lower()))


_TOKEN = re.compile(r"[^\W_]+(?:'[a-z]+)?")


def wants_the_open(question: Question) -> bool:
    """Whether the question asks for what is denied or not known, so that a sentence saying so answers it."""
    return any(not w.absent and _DENYING & set(w.words) for w in question.wanted)


_DENYING = frozenset(("not", "no", "never", "none", "nothing", "open", "unknown", "unclear", "undecided", "unsettled", "whether", "without", "silent"))


def _is_single(word: str) -> bool:
    return word.isalpha() and word != "not"


@cache
def _single(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(form for w in words if _is_single(w) for form in forms(w))


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    rest = [_sequence(w) for w in words if not _is_single(w)]
    return re.compile(rf"(?<![\w])(?:{'|'.join(rest)})(?![\w])", re.IGNORECASE) if rest else None


def _sequence(words: str) -> str:
    """One alternative: a word in its forms, a sign, or several of them next to each other."""
    return _GAP.join(_SIGNS.get(w) or _word(w) for w in words.split())


def _word(word: str) -> str:
    if word.endswith("*"):
        return re.escape(word[:-1].replace("’", "'")) + r"[\w'-]*"
    if word == "not":
        return r"(?:not|cannot|\w+n't)"
    return f"(?:{'|'.join(re.escape(f) for f in forms(word))})(?:'s?)?"


def forms(word: str) -> tuple[str, ...]:
    """A word as the groups find it: a verb with its tenses, anything else with its plural."""
    word = word.replace("’", "'")
    found = {word, english.third(word)} if len(word) > 3 else {word, word + "s"}
    if word in english.BASES:
        found |= {english.third(word), english.past(word), english.participle(word), english.gerund(word)}
    return tuple(sorted(found))
