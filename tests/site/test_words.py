"""Dates, names and lengths in words."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.site import words


@pytest.mark.parametrize(
    "first,last,said",
    [
        ("2026-11-17", "2026-11-23", "November 17 to 23, 2026"),
        ("2026-10-28", "2026-11-03", "October 28 to November 3, 2026"),
        ("2025-12-29", "2026-01-04", "December 29, 2025 to January 4, 2026"),
        ("2026-11-20", "2026-11-20", "November 20, 2026"),
    ],
)
def test_spans_are_as_short_as_they_stay_clear(first: str, last: str, said: str) -> None:
    assert words.span(date.fromisoformat(first), date.fromisoformat(last)) == said


def test_days() -> None:
    day = date(2026, 3, 1)
    assert (words.day(day), words.full_day(day), words.short_day(day), words.month_day(day)) == (
        "March 1, 2026",
        "Sunday, March 1, 2026",
        "Mar 1",
        "March 1",
    )


@pytest.mark.parametrize("number,said", [(0, "zero claims"), (1, "one claim"), (9, "nine claims"), (10, "10 claims"), (1000, "1000 claims")])
def test_numbers_under_ten_are_words(number: int, said: str) -> None:
    assert words.count(number, "claim") == said


@pytest.mark.parametrize("slug,name", [("ai-inventory", "AI inventory"), ("eu-ai-act", "EU AI act"), ("insurance", "Insurance"), ("hr", "HR")])
def test_topics_have_names(slug: str, name: str) -> None:
    assert words.topic(slug) == name


@pytest.mark.parametrize(
    "text,slug",
    [
        ("What did Larkmoor publish?", "what-did-larkmoor-publish"),
        ("Who’s in charge?", "whos-in-charge"),
        ("Café & Crème: 14 of 41", "cafe-creme-14-of-41"),
        ("???", "x"),
        ("日本語", "x"),
        ("../../etc/hostname", "etc-hostname"),
        ("a word " * 40, ("a-word-" * 12)[:78]),
        ("w" * 200, "w" * 80),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert words.slug(text) == slug


def test_names_whose_letters_are_lost_keep_an_address_each() -> None:
    assert words.name_slug("Café Zürich") == "cafe-zurich"
    found = [words.name_slug(n) for n in ("東京", "大阪", "東京 AI", "大阪 AI", "Øresund", "Æresund", "م" * 200)]
    assert len(set(found)) == len(found)
    assert all(len(slug) <= 80 and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in found)


def test_a_title_that_fits_carries_the_name_and_a_longer_one_is_cut_between_words() -> None:
    assert words.page_title("Short", "The Brief") == "Short | The Brief"
    long = "Larkmoor Mutual publishes its AI register and names an owner for each system"
    assert words.page_title(long, "The Brief") == "Larkmoor Mutual publishes its AI register and names an owner…"


@given(st.text(max_size=300), st.integers(min_value=20, max_value=160))
def test_cutting_never_exceeds_and_never_breaks_a_word(text: str, longest: int) -> None:
    out = words.cut(text, longest)
    assert len(out) <= longest
    plain = " ".join(text.split())
    if out != plain:
        assert out.endswith("…")
        head = out[:-1]
        assert plain.startswith(head)
        rest = plain[len(head) :]
        # What follows the cut begins at a word's end, unless the first word alone was too long.
        assert not rest or not rest[0].isalnum() or " " not in plain[:longest]


def test_a_description_takes_as_many_parts_as_it_needs() -> None:
    assert words.description("x" * 70, "more") == "x" * 70
    assert words.description("Too short.", "So this is added to it, which makes it long enough for a search engine’s list.") == (
        "Too short. So this is added to it, which makes it long enough for a search engine’s list."
    )


def test_people() -> None:
    assert words.initials("Dana Whitlock") == "DW" and words.initials("Dana") == "D" and words.initials("Ana María de la Cruz") == "AC"
    assert words.person("Dana Whitlock <dana@brief.example.org>") == "Dana Whitlock"
    assert words.person("Dana Whitlock") == "Dana Whitlock"
    assert words.person("<dana@brief.example.org>") == "<dana@brief.example.org>"
