"""How sentences are turned and spelled: each turn on its own example, and the sentences it must leave alone."""

from __future__ import annotations

import pytest

from briefing.draft import english, fits, turns
from briefing.draft.restate import partly_quoted, restate
from briefing.draft.style import house
from briefing.draft.swaps import swap


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("The duty begins on 2 August 2027 for the 5 firms.", "The duty begins on August 2, 2027 for the five firms."),
        ("It fell 18% after sixteen years.", "It fell 18 percent after 16 years."),
        ("It rose 3 per cent on Nov. 18.", "It rose 3 percent on November 18."),
        ("Neighbours didn’t favour the programme.", "Neighbors did not favor the program."),
        ("They can’t recognise it and won’t say so.", "They cannot recognize it and will not say so."),
        ("Article 5 says nothing of the 3 rules.", "Article 5 says nothing of the three rules."),
        ("About one edit in ten removed a statement.", "About one edit in ten removed a statement."),
        ("The Labour Party and the Centre for Data spoke.", "The Labour Party and the Centre for Data spoke."),
        ("“We favour it,” he said on 2 August.", "“We favour it,” he said on 2 August."),
        ("On 45 August it said so.", "On 45 August it said so."),
    ],
)
def test_the_house_spells_its_own_way_and_leaves_names_and_quotations_alone(text: str, ours: str) -> None:
    assert house(text) == ours


@pytest.mark.parametrize(
    ("turn", "text", "turned"),
    [
        (turns.said_first, "Food prices rose again in May, the agency said on Friday", ""),  # the day is no date yet
        (turns.said_first, "Prices rose again in early May, the agency said on May 8", "The agency said on May 8 that prices rose again in early May"),
        (turns.said_first, "Salaries were cut by half, said Ada Bell, who runs the union", "Ada Bell, who runs the union, said that salaries were cut by half"),
        (turns.said_first, "Prices rose again in early May, she said", ""),
        (
            turns.according_first,
            "Prices rose again in early May, according to Ada Bell, the bank’s head of cards",
            "According to Ada Bell, the bank’s head of cards, prices rose again in early May",
        ),
        (turns.no_aside, "Maple Fork, a group of 14 clinics, switched the assistant off", "Maple Fork switched the assistant off"),
        (
            turns.no_aside,
            "At Allenby Supply, a parts distributor with 140 employees, the desk keeps long threads",
            "At Allenby Supply, the desk keeps long threads",
        ),
        (turns.no_aside, "Ada Bell, the head of cards, said the bank was wrong", ""),  # who somebody is stays beside what they say
        (turns.no_aside, "The firm, which denies the charge, paid the fine", ""),
        (turns.pair, "It paused the pilot in Richmond and Connersville", "It paused the pilot in Connersville and Richmond"),
        (turns.pair, "It works in Bosnia and Herzegovina", ""),
        (turns.last_two, "The price covers fuel, insurance and labor", "The price covers fuel, labor and insurance"),
        (turns.last_two, "It was painted with care, mute tones and painted shadows", ""),
        (turns.active, "The plan was approved by the panel on May 9", "The panel approved the plan on May 9"),
        (turns.active, "The plan was approved by it", ""),
        (
            turns.span_first,
            "The number of students fell by 45 percent in the first two years",
            "In the first two years, the number of students fell by 45 percent",
        ),
        (turns.span_first, "It said that numbers fell in the first two years", ""),
        (turns.day_last, "The pilot ran from March 1 to August 31, 2026, at four hospitals", "The pilot ran at four hospitals from March 1 to August 31, 2026"),
        (turns.day_first, "The court on May 3 threw out the case", "On May 3, the court threw out the case"),
        (turns.day_first, "The note published on May 3 argues for another way", ""),  # the day is the note's
        (turns.doing, "A supplier that withholds a report breaks the rule", "A supplier withholding a report breaks the rule"),
        (turns.doing, "The firm uses software that listens to visits and drafts the note", ""),  # the second verb would hang
        (turns.plurals, "It may not use recordings or notes to train its products", "It may not use notes or recordings to train its products"),
        (turns.plurals, "The desk keeps threads open for weeks and scrolls back to see them", ""),
    ],
)
def test_a_turn_does_its_one_thing_and_nothing_where_it_is_not_sure(turn: object, text: str, turned: str) -> None:
    assert turn(text) == turned  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    [
        "India moved to punish Pakistan after the attack, which Islamabad denies",
        "He denied the claim, though a photograph shows them together",
        "It may resume, except where the audit is not finished",
    ],
)
def test_what_disputes_or_limits_a_sentence_is_never_cut(text: str) -> None:
    assert all("denies" in made or "though" in made or "except" in made for made in turns.shorter(text))


def test_a_restated_sentence_keeps_its_quotation_untouched() -> None:
    text = "The minister said the plan was “on track but nobody should be in any doubt” and would be published before the end of the month."
    made = restate(text, english.Runs([text]), longest=8)
    assert made is None or "“on track but nobody should be in any doubt”" in made.text


def test_a_quotation_is_masked_and_comes_back_whole() -> None:
    plain, found = english.masked("It is “on track” and “ready”.")
    assert plain == "It is QuotationA and QuotationB."
    assert english.unmasked(plain, found) == "It is “on track” and “ready”."
    assert english.unmasked("It is QuotationA.", found) == ""


def test_straight_marks_become_curly_where_they_are_paired() -> None:
    assert english.typographic('He said "yes" to the firm\'s plan.') == "He said “yes” to the firm’s plan."
    assert english.typographic('A 5" screen') == 'A 5" screen'


def test_a_sentence_ends_in_its_sources_words_with_its_name() -> None:
    text = "Nobody in the state has tested whether the owner of such a system knows about it."
    made = next(partly_quoted(text, text, "the Docket writes"))
    assert made[0].endswith("the Docket writes.")
    assert made[0].count("“") == made[0].count("”") == 1
    assert 5 <= made[1] <= 16


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("An applicant can ask that a person look again.", "ask a person look"),
        ("They would have allowed the rule to take effect.", "to applies"),
        ("It is an attack against one member.", "compared with one"),
        ("It does not yet have the staff.", "does still not"),
        ("It teaches subjects such as medicine.", "for instance medicine"),
        ("No supervisor has to explain further.", "must explain"),
        ("It had no plans to issue a rule.", "intends"),
        ("The yearly audits come due that June.", "due June"),
        ("It applies to a bakery as well as to a furnace.", "along with to"),
        ("The agency found that a program ranked people.", "found a program"),
    ],
)
def test_an_exchange_that_was_once_wrong_stays_away(text: str, wrong: str) -> None:
    assert wrong not in swap(text)
    assert wrong not in swap(text, spare=True)


def test_a_word_of_a_question_is_found_with_its_last_letter_doubled() -> None:
    assert {"running", "runs", "ran"} <= set(fits.forms("run"))
    assert "setting" in fits.forms("set")
    assert "seting" not in fits.forms("set")
