"""The playbook's files keep the form the drafter reads and the voice a reader trusts."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from ruamel.yaml import YAML

PLAYBOOK = Path(__file__).resolve().parent.parent / "playbook"
FILES = sorted(PLAYBOOK.glob("*.md"))

TOPICS = {
    "ai-inventory",
    "boards-and-governance",
    "customer-service",
    "enforcement-and-settlements",
    "eu-and-uk-rules",
    "general",
    "healthcare",
    "hiring-and-hr",
    "insurance",
    "model-updates-and-pricing",
    "notices-and-disclosure",
    "payment-fraud-and-security",
    "pilots-and-rollouts",
    "privacy-and-data",
    "records-and-logs",
    "shop-floor-and-operations",
    "small-business",
    "vendor-contracts",
}
FEWEST = {"Matters": 4, "Meaning": 8, "Next step": 4, "Do": 4, "Questions": 12, "Headings": 8}
NEEDS = {"date", "cost", "who", "how", "penalty", "scope", "figure", "next", "quote"}
SLOTS = {"{actor}", "{thing}", "{date}"}

# A number in words is a number all the same: a reader would look for its source.
NUMBER_WORDS = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|dozens?|hundreds?|"
    r"thousands?|millions?|billions?|percent|per cent|twice)\b",
    re.IGNORECASE,
)
DATE_WORDS = re.compile(
    r"\b(January|February|March|April|June|July|August|September|October|November|December|"
    r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?)\b"
)
# Capitals inside a sentence that are no names.
KNOWN_CAPITALS = {"AI", "HR", "IT", "EU", "UK"}
STOCK_PHRASES = re.compile(
    r"AI-powered|game.chang|leverage|landscape|unlock|delve|robust|seamless|cutting-edge|in today's|at the end of the day",
    re.IGNORECASE,
)

Sections = dict[str, list[list[str]]]


def read(path: Path) -> tuple[dict[str, object], Sections]:
    """Front matter, and per section its items, each item as its lines."""
    text = path.read_text(encoding="utf-8")
    assert text.startswith("---\n"), f"{path.name}: no front matter"
    _, front, body = text.split("---\n", 2)
    sections: Sections = {}
    current: list[list[str]] | None = None
    for number, line in enumerate(body.splitlines(), start=front.count("\n") + 3):
        if line.startswith("## "):
            assert line[3:] not in sections, f"{path.name}:{number}: section {line[3:]!r} stands twice"
            current = sections.setdefault(line[3:], [])
        elif line.startswith("- "):
            assert current is not None, f"{path.name}:{number}: an item before the first section"
            current.append([line[2:]])
        elif line.startswith("  "):
            assert current, f"{path.name}:{number}: a second line without an item"
            current[-1].append(line.strip())
        else:
            assert not line, f"{path.name}:{number}: neither heading, item nor second line: {line!r}"
    return dict(YAML(typ="safe").load(front)), sections


PAGES = {path.stem: read(path) for path in FILES}


def words(text: str) -> int:
    return len(text.replace("*", "").split())


def every_line(sections: Sections) -> list[tuple[str, str]]:
    """All lines of a file as (section, text), a question without its needs."""
    return [(name, line.split(" | needs:")[0]) for name, items in sections.items() for item in items for line in item]


def sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.?])\**\s+", text.replace("*", "")) if s]


def test_every_topic_has_its_file() -> None:
    assert set(PAGES) == TOPICS


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_front_matter_names_the_topic_and_what_marks_a_story(topic: str) -> None:
    front = PAGES[topic][0]
    assert set(front) == {"topic", "name", "match", "also"}
    assert front["topic"] == topic
    name, match, also = front["name"], front["match"], front["also"]
    assert isinstance(name, str)
    assert isinstance(match, list)
    assert isinstance(also, list)
    assert 1 <= words(name) <= 4
    assert 8 <= len(match) <= 25
    assert len({str(m).casefold() for m in match}) == len(match), "a word stands twice"
    assert all(isinstance(m, str) and m == m.strip() for m in match)
    assert set(also) <= TOPICS - {topic}
    assert 1 <= len(also) <= 3


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_sections_stand_in_order_with_enough_in_each(topic: str) -> None:
    sections = PAGES[topic][1]
    assert list(sections) == list(FEWEST)
    for name, fewest in FEWEST.items():
        assert len(sections[name]) >= fewest, f"{name}: {len(sections[name])} of {fewest}"
    assert len(sections["Do"]) == len(sections["Next step"])
    assert all(len(item) == (2 if name == "Next step" else 1) for name, items in sections.items() for item in items)


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_lines_keep_their_length(topic: str) -> None:
    sections = PAGES[topic][1]
    for [line] in [*sections["Matters"], *sections["Do"]]:
        assert words(line) <= 25, line
        assert len(sentences(line)) == 1, line
        assert line.endswith("."), line
    for [line] in sections["Meaning"]:
        found = re.fullmatch(r"\*\*([A-Z][^*]+\.)\*\* (.+\.)", line)
        assert found, line
        assert words(found[1]) <= 7, line
        assert 20 <= words(found[2]) <= 45, f"{words(found[2])} words: {line}"
        assert 1 <= len(sentences(found[2])) <= 3, line
    for action, terms in sections["Next step"]:
        assert 35 <= words(action) <= 60, f"{words(action)} words: {action}"
        assert re.fullmatch(r"Time: [^.]+\. Who: [^.]+\. You will have: [^.]+\.", terms), terms


@pytest.mark.parametrize("topic", sorted(TOPICS))
@pytest.mark.parametrize("section", ["Questions", "Headings"])
def test_questions_say_which_fact_answers_them(topic: str, section: str) -> None:
    kinds = set()
    for [line] in PAGES[topic][1][section]:
        found = re.fullmatch(r"([A-Z{].*\?) \| needs: (\w+) \| with: [^|]+(?: \| about: (?:others|anyone))?", line)
        assert found, f"it must say which words its answer holds: {line}"
        assert found[2] in NEEDS, line
        assert set(re.findall(r"\{[^}]*\}", found[1])) <= SLOTS, line
        assert not re.search(r"\b(?:it|this)\b", found[1]), f"name the thing: {line}"
        assert words(found[1]) <= 13, line
        kinds.add(found[2])
    assert len(kinds) >= 5, f"only {sorted(kinds)}: most stories would find no question"


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_house_text_brings_in_no_number_name_or_date(topic: str) -> None:
    for section, line in every_line(PAGES[topic][1]):
        if line.startswith("Time: "):
            line = line.split(". ", 1)[1]  # a small duration is the one number allowed
        assert not re.search(r"\d", line), line
        assert not NUMBER_WORDS.search(line), line
        assert not DATE_WORDS.search(line), line
        inner = re.sub(r"(^|[.?:] |[“\"])[A-Z]\w*", " ", line.replace("**", ""))
        capitals = set(re.findall(r"\b[A-Z]\w*", inner)) - KNOWN_CAPITALS
        assert not capitals, f"{section}: {sorted(capitals)} in {line}"


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_the_voice_is_calm(topic: str) -> None:
    for _, line in every_line(PAGES[topic][1]):
        assert "!" not in line, line
        assert not STOCK_PHRASES.search(line), line
        assert not re.search(r"[<>`_\[\]#]|https?:", line), f"markup or an address: {line}"


def test_no_sentence_stands_twice() -> None:
    seen: dict[str, str] = {}
    for topic, (_, sections) in PAGES.items():
        for section, line in every_line(sections):
            for sentence in [line] if line.startswith("Time: ") else sentences(line):
                where = f"{topic} / {section}"
                assert sentence not in seen, f"{where} and {seen[sentence]}: {sentence}"
                seen[sentence] = where


def test_no_opening_becomes_a_habit() -> None:
    """An edition shows several topics: four first words may open a sentence in two files, never in three."""
    openings: defaultdict[str, set[str]] = defaultdict(set)
    for topic, (_, sections) in PAGES.items():
        for section, line in every_line(sections):
            if section in {"Matters", "Meaning", "Next step"} and not line.startswith("Time: "):
                for sentence in sentences(line):
                    openings[" ".join(sentence.lower().split()[:4])].add(topic)
    habits = {opening: sorted(topics) for opening, topics in openings.items() if len(topics) > 2}
    assert not habits


def test_no_principle_is_named_twice() -> None:
    names = [re.split(r"\*\*", line)[1] for _, s in PAGES.values() for [line] in s["Meaning"]]
    assert len(names) == len(set(names))
    assert len(names) >= 8 * len(TOPICS)
