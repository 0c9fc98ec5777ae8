"""The fast reader: where it answers, the answer is the full reader's; where that would refuse, it does not answer."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing import article, edition, trial, yamlfile, yamlplain
from briefing.model import Edition, Unused

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = (ROOT / "tests/data/insurer-ai-register.md").read_text(encoding="utf-8").split("---\n")[1]
ARTICLE = article.write(trial.make_article("wabash-tools")).decode().split("---\n")[1]
EDITION = edition.write(
    Edition(
        date=date(2026, 11, 24),
        number=4,
        status="approved",
        subject="A: b # c",
        preheader="",
        articles=("a", "b-2"),
        unused=(Unused(title="x", publisher="y", url="https://example.org/", reason="z"),),
    )
).decode()


def full(text: str, first: int = 1) -> tuple[Any, Any] | None:
    try:
        return yamlfile.load_fully(text, first_line=first)
    except yamlfile.YamlFault:
        return None


def agree(text: str) -> bool:
    """True where the fast reader answered; fails where it answered otherwise than the full one."""
    fast = yamlplain.load(text, 2)
    if fast is None:
        return False
    said = full(text, 2)
    assert said is not None, f"the full reader refuses {text!r}"
    assert fast[0] == said[0], text
    assert repr(fast[0]) == repr(said[0]), text
    assert fast[1] == said[1], text
    return True


@pytest.mark.parametrize("text", [SAMPLE, ARTICLE, EDITION, "a: 1\n", "a: 0", "a:\n  b: x\n", 'a: ["x, y", z]\n', 'a: "\\u200b\\n"\n', "a: []\n"])
def test_what_we_write_is_read_fast_and_the_same(text: str) -> None:
    assert agree(text)


@pytest.mark.parametrize(
    "text",
    [
        *("a: true", "a: No", "a: ~", "a:", "a: 012", "a: 1.5", "a: 1_0", "a: 2026-02-31", "a: x # y", "# c\na: b", "a: 'b'", "a: b\n\nc: d", "a: b "),
        *("a: b\na: c", "a: &x b", "a: *x", "a: !t b", "a: {b: c}", "a: [b", "a: [b,c]", "a: [b, ]", "a: |\n  b", "a:  b", "a:\tb", " a: b", "- a", "a", ""),
        *("a:\n- b", "a:\n    b: c", "a:\n  b: c\n d: e", 'a: "\ud83d"', 'a: "\\ud83d\\ude00"', 'a: "x" y', "true: x", "a: b\r\n", "---\na: b", "a: x: y"),
    ],
)
def test_what_is_unusual_is_left_to_the_full_reader(text: str) -> None:
    if text == "- a":
        assert agree(text)
    else:
        assert yamlplain.load(text, 1) is None


def test_a_thousand_changes_of_what_we_write_never_read_otherwise() -> None:
    dice = random.Random(7)
    answered = 0
    signs = [*list(" :-\"[],#\n\\tabz019~&*!|>{}'%@`\t"), "  ", "- ", ": ", "true", "\u200b", "é", "😀"]
    for number in range(1000):
        text = (SAMPLE, ARTICLE, EDITION)[number % 3]
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(text))
            text = text[:at] + dice.choice([*signs, ""]) + text[at + dice.randrange(3) :]
        answered += agree(text)
    assert answered > 200, "the comparison must have something to compare"


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,6}", fullmatch=True), st.text(max_size=30), min_size=1, max_size=4))
def test_any_words_come_back(values: dict[str, str]) -> None:
    text = "".join(f"{k}: {yamlfile.quoted(v)}\n" for k, v in values.items())
    agree(text)
