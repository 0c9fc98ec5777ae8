"""Right words, wrong meaning: what the check says of a sentence that turns, widens or hardens its source, and that true ones pass."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from briefing import evidence
from briefing.evidence import limits, meaning, sides, times, turns
from briefing.evidence.claims import type_of
from briefing.evidence.reading import figures
from briefing.evidence.words import stem
from briefing.model import Article, Cited, Claim, Problem, Short, Snapshot

CASES: list[dict[str, Any]] = list(YAML(typ="safe").load(Path(__file__).parent / "data" / "evidence" / "meaning.yaml"))
FALSE = [(c["source"], f) for c in CASES for f in c["false"]]


def problems(text: str, source: str, *more: str) -> tuple[Problem, ...]:
    """What the check says of one sentence that cites one page, whose text has these paragraphs."""
    page = "\n\n".join((source, *more))
    cited = Cited(id="s1", title="A page", publisher="The Publisher", url="https://x.example/", kind="primary", published=date(2026, 11, 20))
    article = Article(
        id="a", edition=date(2026, 11, 24), status="needs-review", kicker="k", title="", dek="", author="a", short=Short(happened="", matters="", do=""),
        topics=("x",), jurisdictions=(), sources=(cited,), lead=(), sections=(), meaning=(), next_step=None, faq=(),
    )  # fmt: skip
    digest = "sha256:" + hashlib.sha256(page.encode("utf-8")).hexdigest()
    snapshot = Snapshot(hash=digest, item="i", url=cited.url, text=page, read=datetime(2026, 11, 21, tzinfo=UTC), origin="page")
    claim = Claim(text=text, type=type_of(text, ("s1",), "lead"), where="lead", sources=("s1",))
    return evidence.check_claim(claim, article, {"s1": snapshot}).problems


@pytest.mark.parametrize("case", CASES, ids=[c["true"][:50] for c in CASES])
def test_a_true_sentence_passes(case: dict[str, Any]) -> None:
    assert [p for p in problems(case["true"], case["source"]) if p.reason != "weak-passage"] == []


@pytest.mark.parametrize(("source", "false"), FALSE, ids=[f["text"][:50] for _, f in FALSE])
def test_a_distorted_one_is_refused_or_shown(source: str, false: dict[str, Any]) -> None:
    found = {p.reason: p.blocks for p in problems(false["text"], source)}
    assert false["says"] in found
    assert found[false["says"]] is not false.get("look", False)


def test_what_another_sentence_of_the_page_says_is_no_contradiction() -> None:
    page = ("The exemption is for employers with fewer than 25 employees.", "The rule applies to employers with 25 or more employees.")
    assert problems("The rule applies to employers with at least 25 employees.", *page) == ()


def test_a_denial_in_one_statement_is_not_held_against_the_passage_of_the_other() -> None:
    page = ("No one has been arrested.", "Gareth Pell, plant manager at Ohio Bend Stampings, was asked in June to move $86,000.")
    assert problems("No one has been arrested, and Gareth Pell, plant manager at Ohio Bend Stampings, was asked in June to move $86,000.", *page) == ()


def test_quotations_are_left_to_the_comparison_word_for_word() -> None:
    text = "“If the hours it saves are filled with four more appointments, our members will stop using it,” said Hugh Brannigan."
    assert problems(text, text) == ()


LIMITS = {
    "at least 30 days": "up",
    "more than 30 days": "up",
    "30 or more days": "up",
    "no fewer than 30 days": "up",
    "at most 30 days": "down",
    "up to 30 days": "down",
    "no more than 30 days": "down",
    "30 days or less": "down",
    "within 30 days": "down",
    "a ceiling of 30 days": "down",
    "30 days": "",
    "about 30 days": "",
}


@pytest.mark.parametrize(("text", "side"), LIMITS.items(), ids=LIMITS.keys())
def test_on_which_side_of_a_figure_the_truth_lies(text: str, side: str) -> None:
    (number,) = figures(text)
    assert limits.side(text, number) == side


def test_a_sentence_is_cut_at_its_joints_and_not_within_a_pair() -> None:
    text = "The template is published on December 15, and a webinar follows in January."
    assert [text[a:b] for a, b in times.statements(text)] == ["The template is published on December 15", ", and a webinar follows in January."]
    assert len(times.statements("A claims administrator will mail and email notices.")) == 1


def test_the_sides_of_a_verb() -> None:
    (verb,) = sides.verbs("The owner may suspend the insurer.", 2)
    assert (verb.token.text, verb.before, verb.behind, verb.passive) == ("suspend", (stem("owner"),), (stem("insurer"),), False)


def test_every_pair_of_opposites_has_two_sides_without_a_word_in_common() -> None:
    for one, other in turns.PAIRS:
        assert one
        assert other
        assert not set(one) & set(other)
    assert meaning.SHARED < meaning.ABOUT
