"""The playbook is read strictly: each fault is one line with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing import playbook
from briefing.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
GOOD = """---
topic: general
name: AI readiness
match: [software]
also: []
---
## Matters
- It changes a task.

## Meaning
- **Start with the list.** Most own more than they think.

## Next step
- Ask each lead for one line per tool.
  Time: 30 minutes. Who: the office manager. You will have: a first list.

## Do
- Ask each lead for one line.

## Questions
- What will it cost? | needs: cost

## Headings
- What does {actor} want? | needs: how
"""


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        playbook.parse(text.encode("utf-8"), "playbook/general.md")
    return caught.value.faults


def test_a_topic_is_what_its_file_says() -> None:
    topic = playbook.parse(GOOD.encode("utf-8"), "general.md")
    assert topic.meaning == (playbook.Advice(order="Start with the list", reason="Most own more than they think."),)
    assert topic.steps == (
        playbook.Step(
            action="Ask each lead for one line per tool.", time="30 minutes", who="the office manager", result="a first list", do="Ask each lead for one line."
        ),
    )
    assert topic.headings == (playbook.Question(text="What does {actor} want?", needs="how", topic="general"),)


def test_a_question_is_what_its_line_says() -> None:
    line = "Who must file? | needs: who | with: ^insurer/carrier line, # day, !not | about: anyone"
    topic = playbook.parse(GOOD.replace("What will it cost? | needs: cost", line).encode("utf-8"), "general.md")
    assert topic.questions == (
        playbook.Question(
            text="Who must file?",
            needs="who",
            wanted=(
                playbook.Wanted(words=("insurer", "carrier line"), subject=True),
                playbook.Wanted(words=("# day",)),
                playbook.Wanted(words=("not",), absent=True),
            ),
            about="anyone",
            topic="general",
        ),
    )


@pytest.mark.parametrize(
    ("change", "to", "fault"),
    [
        (
            "needs: cost",
            "needs: money",
            "playbook/general.md:21: a question ends with '? | needs: kind'; kinds are cost, date, figure, how, next, penalty, quote, scope, who",
        ),
        (
            "needs: cost",
            "needs: cost | with: keep//store",
            "playbook/general.md:21: with: 'keep//store' cannot be read; write small words joined by / and groups joined by commas: keep/store, # year/month",
        ),
        ("needs: cost", "needs: cost | with: !would", "playbook/general.md:21: with: says only what must not stand there; add a group of words that must"),
        ("needs: cost", "needs: cost | wiht: keep", "playbook/general.md:21: wiht: is no field of a question; after '?' come needs:, with: and about:"),
        ("needs: cost", "needs: cost | about: nobody", "playbook/general.md:21: about: nobody is not known; write story, others, anyone"),
        ("{actor}", "{company}", "playbook/general.md:24: unknown slot {company}; allowed: {actor}, {thing}, {date}"),
        ("- **Start with the list.** Most", "- Most", "playbook/general.md:11: a principle begins with its order in bold: - **Start with the list.** Reason."),
        ("## Do", "## Doing", "playbook/general.md:17: unknown section 'Doing'; allowed: Matters, Meaning, Next step, Do, Questions, Headings"),
        ("  Time: 30 minutes. Who", "  Who", "playbook/general.md:14: a next step needs the indented line 'Time: … Who: … You will have: …' below it"),
        ("match: [software]", "match: [software]\nmatsh: [x]", "playbook/general.md:5: matsh: unknown key; did you mean match?"),
        ("- It changes a task.", "It changes a task.", "playbook/general.md:8: is neither a section, a bullet nor a bullet's second line; begin it with '- '"),
    ],
)
def test_a_fault_names_its_line(change: str, to: str, fault: str) -> None:
    assert fault in faults(GOOD.replace(change, to, 1))


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        playbook.load(tmp_path / "playbook")
    assert caught.value.faults == ("playbook/: is missing or holds no .md file; copy the playbook folder of the sample, drafting needs its guidance",)


def test_a_playbook_needs_its_general_topic_and_known_neighbours(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(GOOD.replace("topic: general", "topic: x").replace("also: []", "also: [nowhere]"), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        playbook.load(tmp_path, "playbook")
    assert len(caught.value.faults) == 2
    assert "has no topic general" in caught.value.faults[0]
    assert "nowhere is no topic of the playbook" in caught.value.faults[1]


def test_the_house_playbook_is_whole_and_falls_back() -> None:
    guide = playbook.load(ROOT / "playbook")
    assert len(guide.topics) >= 12
    assert guide.topic("no-such-topic").id == "general"
    assert guide.about("Bread and cheese.") == ("general",)
    assert guide.about("The insurer denied the claim of a policyholder; the department of insurance asks each carrier.")[0] == "insurance"
