"""The page about evidence tells the reasons as the program has them."""

from __future__ import annotations

from pathlib import Path

from briefing.evidence import REASONS
from briefing.evidence.reasons import problem, table

PAGE = Path(__file__).parent.parent / "docs" / "evidence.md"


def test_the_table_of_reasons_is_the_programs_own() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), "run `python3 -m briefing.evidence` and put its table into docs/evidence.md"


def test_every_reason_makes_a_message_and_a_fix() -> None:
    for word in REASONS:
        made = problem(word, "“x”", "it says “y”", hint="s2 does say it")
        assert made.reason == word
        assert "{" not in made.found + made.fix
        assert made.fix.startswith("S2 does say it: ")
