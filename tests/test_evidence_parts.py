"""Figures, dates, names, roles, quotations and denials, each read by itself."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.evidence import absence, dates, names, numbers, polarity, quotations
from briefing.evidence.reading import figures, gist
from briefing.evidence.words import stem, tokens

FIGURES = {
    "61 %": (61, "percent"),
    "61 per cent": (61, "percent"),
    "Sixty-one percent": (61, "percent"),
    "$5 million": (5_000_000, "money"),
    "$1.2 million": (1_200_000, "money"),
    "10,000 dollars": (10_000, "money"),
    "a hundred and fifty dollars": (150, "money"),
    "two thousand three hundred rows": (2300, "count"),
    "half a million rows": (500_000, "count"),
    "a dozen rows": (12, "count"),
    "one in four": (Fraction(1, 4), "ratio"),
    "9 out of 10": (Fraction(9, 10), "ratio"),
    "4.1 out of 10": (Fraction(41, 100), "ratio"),
    "two-thirds": (Fraction(2, 3), "ratio"),
    "5 p.m.": (17 * 60, "clock"),
    "14th floor": (14, "ordinal"),
    "a 30-day limit": (30, "count"),
    "1,200 notes": (1200, "count"),
}


@pytest.mark.parametrize(("text", "expected"), FIGURES.items(), ids=FIGURES.keys())
def test_a_figure_is_worth_what_it_says(text: str, expected: tuple[Fraction | int, str]) -> None:
    (found,) = figures(text)
    assert (found.value, found.kind) == expected


NO_FIGURES = ["one accountable owner", "no one", "third-party connectors", "March 2, 2027", "in 2027", "the first list"]


@pytest.mark.parametrize("text", NO_FIGURES)
def test_what_is_no_figure(text: str) -> None:
    assert figures(text) == ()


def test_names_with_digits_are_marks() -> None:
    assert [(n.text, n.kind) for n in figures("Bulletin 2026-14 under Code 27-4-19 names GPT-4.1 and B2B.")] == [
        (t, "mark") for t in ("2026-14", "27-4-19", "GPT-4.1", "B2B")
    ]


def test_a_range_is_two_figures_with_one_unit() -> None:
    assert [(n.value, n.unit) for n in figures("between 40 and 120 staff hours")] == [(40, stem("hours")), (120, stem("hours"))]


AGREE = {
    ("61 %", "sixty-one percent"): True,
    ("half of them", "50 percent of them"): True,
    ("fewer than one in four", "23 percent"): True,
    ("three years", "36 months"): True,
    ("two days", "48 hours"): True,
    ("30 days", "30 hours"): False,
    ("$30", "€30"): False,
    ("30 percent", "30 rows"): False,
    ("about 300,000", "310,000"): True,
    ("300,000", "310,000"): False,
    ("about 311,000", "310,000"): False,  # told more exactly than the source, so not rounded from it
    ("more than 400", "412"): True,
    ("more than 420", "412"): False,
    ("fewer than 26 employees", "fewer than 25 employees"): False,
    ("GPT-4.1", "gpt-4.1"): True,
    ("2026-14", "2026-41"): False,
}


@pytest.mark.parametrize(("pair", "expected"), AGREE.items(), ids=[" | ".join(p) for p in AGREE])
def test_figures_agree_in_worth_kind_and_measure(pair: tuple[str, str], expected: bool) -> None:
    (claim,), (source,) = figures(pair[0]), figures(pair[1])
    assert numbers.agree(claim, source) is expected


@given(st.integers(0, 10**12))
def test_any_whole_number_is_read_with_and_without_commas(n: int) -> None:
    for text in (f"{n} rows", f"{n:,} rows"):
        assert [f.value for f in numbers.find(text)] == [n]


PUBLISHED, EDITION = date(2026, 11, 12), date(2026, 11, 24)  # a Thursday, a Tuesday
DATES = {
    ("March 2, 2027", "2 March 2027"): True,
    ("2027-03-02", "Mar. 2, 2027"): True,
    ("March 2", "March 2, 2027"): True,
    ("March 2, 2027", "March 2"): True,
    ("March 2, 2029", "March 2"): False,
    ("March 2, 2027", "March 2027"): False,
    ("in April", "April 30"): True,
    ("in 2027", "April 30, 2027"): True,
    ("November 12", "Thursday"): True,
    ("November 5", "Thursday"): True,
    ("November 11", "Thursday"): False,
    ("November 12, 2026", "today"): True,
    ("November 11, 2026", "yesterday"): True,
    ("Thursday", "November 12, 2026"): True,
    ("Friday", "November 12, 2026"): False,
    ("fall 2027", "October 2027"): True,
    ("third quarter of 2026", "Q3 2026"): True,
    ("3/11/2026", "November 3, 2026"): True,
    ("13/11/2026", "November 13, 2026"): True,
    ("last year", "in 2025"): True,
    ("March 2, 2027", "April 30, 2027"): False,
}


@pytest.mark.parametrize(("pair", "expected"), DATES.items(), ids=[" | ".join(p) for p in DATES])
def test_dates_agree_when_the_source_is_as_exact(pair: tuple[str, str], expected: bool) -> None:
    (claim,), (source,) = dates.find(pair[0]), dates.find(pair[1])
    assert dates.agree(claim, source, PUBLISHED, EDITION) is expected


def test_may_and_march_are_words_too() -> None:
    assert dates.find("Insurers may march on.") == ()
    assert [d.month for d in dates.find("It ran from March to May.")] == [3, 5]


def test_a_weekday_beside_its_date() -> None:
    assert dates.wrong_weekday(dates.find("on Thursday, November 12, 2026")) is None
    wrong = dates.wrong_weekday(dates.find("on Friday, November 12, 2026"))
    assert wrong is not None
    assert wrong[1] == date(2026, 11, 12)


@given(st.dates(date(1990, 1, 1), date(2080, 12, 31)))
def test_every_day_is_read_in_every_spelling(day: date) -> None:
    for text in (day.isoformat(), f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}", f"{day:%b}. {day.day}, {day.year}"):
        found = dates.find(text.replace("May.", "May"))
        assert [(d.year, d.month, d.day) for d in found] == [(day.year, day.month, day.day)], text


NAMES = {
    "said Karen Voss of Hoosier Prairie Mutual.": ["Karen Voss of Hoosier Prairie Mutual"],
    "Wabash’s Department of Insurance spoke.": ["Wabash", "Department of Insurance"],
    "Every insurer in Wabash answered.": ["Wabash"],
    "On Tuesday in March the AI list and the FTC met.": ["FTC"],
    "But Reyes said so.": ["Reyes"],
    "The rule helps. Insurers know.": [],
    "It names Annika Brandt-Sorel.": ["Annika Brandt-Sorel"],
    "Prices for the API stay.": [],
}


@pytest.mark.parametrize(("text", "expected"), NAMES.items(), ids=NAMES.keys())
def test_names_are_capitals_where_no_sentence_begins(text: str, expected: list[str]) -> None:
    assert [n.text for n in names.find(text)] == expected


ROLES = {
    "said Karen Voss, vice president of claims at Hoosier Prairie Mutual.": [("voss", "vice president of claims at Hoosier Prairie Mutual")],
    "Commissioner Delia Hartwick spoke.": [("hartwick", "commissioner")],
    "said Omar Haddadin, Head of Trust at Northbridge AI.": [("haddadin", "Head of Trust at Northbridge AI")],
    "Thomas Reyes, who is the deputy commissioner, spoke.": [("reyes", "deputy commissioner")],
    "Karen Voss, a week later, agreed.": [],
}


@pytest.mark.parametrize(("text", "expected"), ROLES.items(), ids=ROLES.keys())
def test_roles_stand_beside_a_person(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(r.person, r.text) for r in names.roles(text)] == expected


SOURCE = "She said: “We keep it – always – in a drawer. It helps.”\n\nA committee met."
QUOTED = {
    "We keep it – always – in a drawer.": True,
    "we keep it - always - in a drawer": True,
    "We keep it … in a drawer": True,
    "We keep [the list] – always": True,
    "[W]e keep it": True,
    "It helps. We keep it": False,
    "in a drawer … A committee met": False,
    "We keep it in a drawer": False,
    "keep it – always – in a draw": False,
}


@pytest.mark.parametrize(("words", "expected"), QUOTED.items(), ids=QUOTED.keys())
def test_a_quotation_is_word_for_word_after_the_stated_changes(words: str, expected: bool) -> None:
    assert bool(list(quotations.places(words, SOURCE))) is expected


@given(st.text("ab .,[]…“”'(", max_size=40))
def test_no_quotation_makes_the_search_fail(words: str) -> None:
    for start, end in quotations.places(words, SOURCE):
        assert 0 <= start <= end <= len(SOURCE)


OPPOSITE = {
    ("It is not binding.", "The guidance is binding in law."): True,
    ("It is binding in law.", "The guidance is not binding in law."): True,
    ("It neither approves nor bans a system.", "The bulletin does not approve or ban any system."): False,
    ("The Bureau charged none of the 73 employers.", "The Bureau brought no charges against the 73 employers."): False,
    ("No more than 46 qualify.", "46 insurers qualify."): False,
    ("Nurses are not listening to all recordings.", "Four nurses are listening to all recordings, not to a sample."): True,
    ("The maker was not named.", "He declined to name the maker."): False,
    ("Agents do not file.", "Agents are exempt and file nothing."): False,
}


@pytest.mark.parametrize(("pair", "expected"), OPPOSITE.items(), ids=[p[0] for p in OPPOSITE])
def test_denials_are_compared_word_by_word(pair: tuple[str, str], expected: bool) -> None:
    assert bool(polarity.opposite(*pair)) is expected


def test_absences_are_recognised() -> None:
    for text in ("The sources do not say what it cost.", "No price was given.", "None of the reports names the maker.", "Neither source gives a date."):
        assert absence.is_absence(text), text
    for text in ("The list does not cover underwriting rules.", "It says no."):
        assert not absence.is_absence(text), text


def test_words_meet_in_their_short_form() -> None:
    for a, b in (("requires", "requirement"), ("insurer", "insurers"), ("filing", "filed"), ("policies", "policy"), ("said", "say"), ("lost", "losses")):
        assert stem(a) == stem(b), (a, b)
    assert gist("Sixty-one percent answered") == gist("61 % answered")


@given(st.text(max_size=80))
def test_tokens_are_places_in_the_text(text: str) -> None:
    for t in tokens(text):
        assert text[t.start : t.end] == t.text
