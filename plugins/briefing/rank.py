# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""This week's choice: which stories an edition tells, and why, in words an editor would use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log2

from .config import Publication
from .model import Article, Choice, Item, Source, Story
from .playbook import GENERAL, Playbook

#: No owner's sources may lead more than this share of an edition's stories.
SOURCE_SHARE = 0.3
#: How the reason of a story begins that could have been told as well.
WEAKER = "weaker than the"
#: What the reason says of a story that was passed over because its source or its topic has its share already.
LEADS = "leads another story already"
TOPIC_FULL = "the edition has enough on this topic"
_TIER_POINTS = {"primary": 2.4, "wire": 1.4, "trade": 1.2, "analysis": 1.0, "vendor": 0.7, "aggregator": 0.2}
_TIER_WORDS = {
    "primary": "the primary document",
    "wire": "news reporting",
    "trade": "the trade press",
    "analysis": "analysts",
    "vendor": "the vendor itself",
    "aggregator": "a digest",
}
_RULES = re.compile(
    r"\b(?:rule|rules|law|act|bill|regulation|regulator|guidance|bulletin|compliance|settle\w*|penalt\w+|fine[sd]?|effective|deadline|attorney general|commission|enforce\w*|statute|requires?|must|notice)\b",
    re.I,
)
_AI = re.compile(
    r"\b(?:AI|artificial intelligence|machine learning|algorithm\w*|automated|automation|chatbots?|models?|LLMs?|software|assistant|deepfake\w*|clon(?:ed|ing)|scor(?:es|ing)|logs?|audit)\b",
    re.I,
)
_BUSINESS = re.compile(
    r"\b(?:business\w*|employers?|compan(?:y|ies)|firms?|customers?|workers?|staff|vendors?|suppliers?|insurers?|hospitals?|clinics?|manufacturers?|plant|owners?|contracts?|pric\w+|costs?|payments?)\b",
    re.I,
)
_FIGURE = re.compile(r"[$€£]\s?\d|\b\d[\d,.]*\s?(?:percent|%|million|billion)|\b\d{2,}\b")
_DAY = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{1,2}\b|\b\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class _Judged:
    story: Story
    score: float
    why: tuple[str, ...]
    against: str  # "" or why it cannot be told


def choose(
    stories: Sequence[Story],
    sources: Sequence[Source],
    playbook: Playbook,
    publication: Publication,
    repeats: Mapping[str, Article] | None = None,
    texts: Mapping[str, str] | None = None,
) -> tuple[Choice, ...]:
    """Every story with its score and reason, the chosen first, best first.

    `repeats` maps the ids of stories that an earlier edition told to its article, `texts` item ids to text.

    At most `publication.articles` are chosen; no owner's sources lead over 30 % of them, no topic more than half.
    """
    known = {s.id: s for s in sources}
    texts = texts or {}
    judged = [_judge(_with_topics(s, playbook, texts), known, publication, (repeats or {}).get(s.id), texts) for s in stories]
    judged.sort(key=lambda j: (bool(j.against), -j.score, j.story.id))
    return _pick(judged, known, publication)


def share(publication: Publication) -> int:
    """How many stories of an edition one owner's sources may lead: at most `SOURCE_SHARE` of them, one in any case."""
    return max(1, int(publication.articles * SOURCE_SHARE))


def owner(item: Item, sources: Mapping[str, Source]) -> str:
    """Who answers for the feed an item came from. What the feed itself calls the publisher does not count: a flood could vary it."""
    return sources[item.source].voice if item.source in sources else item.source


def interest(text: str) -> float:
    """How much an item's opening has of what this briefing is about: software at work, rules, business."""
    return len(_AI.findall(text)) + 0.6 * len(_RULES.findall(text)) + 0.4 * len(_BUSINESS.findall(text))


def _with_topics(story: Story, playbook: Playbook, texts: Mapping[str, str]) -> Story:
    body = " ".join(_text(i, texts) for i in story.items)
    return replace(story, topics=playbook.about(body, " ".join(i.title for i in story.items)))


def _judge(story: Story, sources: Mapping[str, Source], publication: Publication, before: Article | None, texts: Mapping[str, str]) -> _Judged:
    voices = {_voice(i, sources) for i in story.items}
    tiers = [sources[i.source].tier for i in story.items if i.source in sources] or ["aggregator"]
    whole = " ".join(f"{i.title}. {_text(i, texts)}" for i in story.items)
    opening = " ".join(f"{i.title}. {i.summary or _text(i, texts)[:400]}" for i in story.items)
    score = 2.2 * log2(1 + len(voices)) + max(_TIER_POINTS.get(t, 0.0) for t in tiers)
    why = [_told_by(len(voices), tiers)]
    rules, tech, trade = len(_RULES.findall(opening)), len(_AI.findall(opening)), len(_BUSINESS.findall(opening))
    score += 0.25 * min(rules, 5) + 0.45 * min(tech, 4) + 0.2 * min(trade, 4)
    if rules and tech:
        why.append("concerns a rule or duty")
    elif tech:
        why.append("is about software at work")
    if story.topics and story.topics[0] != GENERAL:
        score += 0.8
    place, nearness = _near(opening, publication)
    score += nearness
    if place:
        why.append(f"touches {place}")
    dated = _effective(story)
    if dated:
        score += 1.0
        why.append(f"takes effect {dated}")
    score += 0.5 * bool(_FIGURE.search(whole)) + 0.3 * bool(_DAY.search(whole)) + 0.3 * min(1.0, len(whole.split()) / 900)
    return _Judged(story, round(score, 4), tuple(why), _against(story, sources, before, tech))


def _against(story: Story, sources: Mapping[str, Source], before: Article | None, tech: int) -> str:
    marks = {i.mark for i in story.items}
    if "" not in marks:
        words = {"undated": "carries no date, so nobody can tell that it is new", "future": "is dated in the future", "backlog": "is older than this week"}
        return words.get(next(iter(sorted(marks))), "is not news of this week")
    if before and not any(i.source in sources and sources[i.source].tier == "primary" for i in story.items):
        return f"was told in the edition of {_us(before.edition)} (“{before.title}”) and brings no new document"
    if tech == 0:
        return "has nothing to do with software, AI or the rules for them, as far as its opening shows"
    languages = {sources[i.source].language for i in story.items if i.source in sources}
    if languages and not any(lang.startswith("en") for lang in languages):
        return "is not in English"
    return ""


def _pick(judged: Sequence[_Judged], sources: Mapping[str, Source], publication: Publication) -> tuple[Choice, ...]:
    chosen: list[_Judged] = []
    passed: list[tuple[_Judged, str]] = []
    most = share(publication)
    for one in judged:
        if one.against:
            passed.append((one, one.against))
        elif len(chosen) >= publication.articles:
            passed.append((one, f"{WEAKER} {_COUNTS[publication.articles]} chosen: {_sentence(one.why)}"))
        elif sum(owner(c.story.lead, sources) == owner(one.story.lead, sources) for c in chosen) >= most:
            passed.append((one, f"{_name(one.story.lead, sources)} {LEADS}: {_sentence(one.why)}"))
        elif one.story.topics and sum(c.story.topics[:1] == one.story.topics[:1] for c in chosen) >= max(1, publication.articles // 2):
            passed.append((one, f"{TOPIC_FULL}: {_sentence(one.why)}"))
        else:
            chosen.append(one)
    return (
        *(Choice(story=j.story, score=j.score, reason=_sentence(j.why), chosen=True) for j in chosen),
        *(Choice(story=j.story, score=j.score, reason=reason, chosen=False) for j, reason in passed),
    )


def _sentence(why: Sequence[str]) -> str:
    return "; ".join(why)


def _told_by(voices: int, tiers: Sequence[str]) -> str:
    best = min(tiers, key=lambda t: list(_TIER_WORDS).index(t) if t in _TIER_WORDS else 9)
    count = _COUNTS[voices] if voices < len(_COUNTS) else str(voices)
    if voices == 1:
        return f"told by one publisher, {_TIER_WORDS[best]}"
    return f"told by {count} publishers, " + ("the primary document among them" if best == "primary" else f"{_TIER_WORDS[best]} at best")


def _near(text: str, publication: Publication) -> tuple[str, float]:
    for place, name in enumerate(publication.jurisdictions):
        if re.search(rf"\b{re.escape(name)}\b", text) or (name == "US" and re.search(r"\b(?:federal|Federal|U\.S\.|United States)\b", text)):
            return name, round(1.0 - 0.2 * place, 2) if place < 5 else 0.1
    return "", 0.0


def _effective(story: Story) -> str:
    for item in story.items:
        text = item.fields.get("effective_on", "")
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return _us(date.fromisoformat(text))
    return ""


def _us(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _text(item: Item, texts: Mapping[str, str]) -> str:
    return texts.get(item.id) or item.summary


def _voice(item: Item, sources: Mapping[str, Source]) -> str:
    source = sources.get(item.source)
    return item.publisher or (source.voice if source else item.source)


def _name(item: Item, sources: Mapping[str, Source]) -> str:
    source = sources.get(item.source)
    return item.publisher or (source.name if source else item.source)
