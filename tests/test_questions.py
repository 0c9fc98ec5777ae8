# ruff: noqa: E501 - sample sentences stand on one line
"""Questions are asked only where a sentence of the sources answers them, and headings promise what stands below them."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from briefing import inline, playbook
from briefing.draft import absences, asked, english, fits, listed, passages, plan, whose, write
from briefing.draft.desk import Desk
from briefing.draft.english import Runs
from briefing.draft.passages import Line, Voice
from briefing.model import Answer, CiteKind
from evals import _sample

PAGE = """---
topic: general
name: AI readiness
match: [software]
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
{questions}
## Headings
- What exactly changed? | needs: how
"""


def question(line: str) -> playbook.Question:
    """The question of one playbook line, read as the playbook is read."""
    return playbook.parse(PAGE.replace("{questions}", f"- {line}").encode("utf-8"), "general.md").questions[0]


def wanting(groups: str) -> playbook.Question:
    return question(f"What is asked? | needs: how | with: {groups}")


# ---------------------------------------------------------------- with:


@pytest.mark.parametrize(
    ("groups", "text", "held"),
    [
        ("keep/store, # year", "Notices must be kept for three years.", True),
        ("keep/store, # year", "Notices must be kept for as long as they are needed.", False),
        ("file", "Inventories are filed through the portal, and filing is free.", True),
        ("file", "The profile of the firm is public.", False),
        ("#", "The rule applies from May 18, 2027.", False),
        ("#", "Bulletin 2026-14 cites Code 27-4-19.", False),
        ("#", "Seventeen callers were missed.", True),
        ("@", "The totals are to be published in the fall of 2027.", True),
        ("@", "Bulletin 2026-14 is short.", False),
        ("@", "Claims are due by Jan. 29.", True),
        ("may", "The rule takes effect on May 18, 2027.", False),
        ("may", "An employer may ask for more time.", True),
        ("$", "The regulation allows a fine of up to €6 million.", True),
        ("$", "The regulation reaches 412 insurers.", False),
        ("%", "In 23 of 97 firms nobody was named.", True),
        ("%", "The totals follow in the second half of the year.", False),
        ("not", "The company cannot name the supplier.", True),
        ("not", "The supplier won’t be named.", True),
        ("#, !would", "A retailer with 900 applicants would face a claim for each.", False),
        ("^employer, must/have to", "The employer has to complete the review.", True),
        ("^employer, must/have to", "A request must reach the employer in time.", False),
        ("penalt*", "Penalties reach as much as $2,500.", True),
        ("call back", "The clerk calls back on a known number.", True),
        ("call back", "The clerk calls the bank back.", False),
        ("insurer", "The insurer’s list is confidential.", True),
    ],
)
def test_a_group_is_held_or_not(groups: str, text: str, held: bool) -> None:
    assert fits.meets(wanting(groups), text) is held


def test_a_question_that_names_no_words_is_held_by_anything_here() -> None:
    assert fits.meets(question("What will be kept? | needs: how"), "Bread and cheese.")


def test_only_a_question_that_asks_for_it_is_answered_by_what_nobody_knows() -> None:
    assert fits.wants_the_open(wanting("not/unclear, date"))
    assert not fits.wants_the_open(wanting("!not, date"))


# ------------------------------------------------------------ whose sentence


def voice(marker: str, name: str, text: str, kind: CiteKind = "reporting", title: str = "") -> Voice:
    return Voice(marker=marker, name=name, kind=kind, published=date(2026, 11, 17), text=text, title=title, full=name)


CLINIC = voice(
    "s1",
    "Clinic Wire",
    "Alder Clinics switched off its phone assistant on November 16, 2026, after an internal audit of 1,200 calls found urgent ones among those it had kept from a nurse.\n"
    "Two nurses heard every call of the sample.\n"
    "Callers waited 14 minutes on average in the first week, and 21 percent gave up waiting for a nurse.",
    title="Alder Clinics switches off its assistant",
)
NEIGHBOR = voice(
    "s2",
    "Birch Health",
    "Birch Health paused its own pilot of the same assistant at two sites on November 17, 2026.\n"
    "The pilot began on August 3, 2026, and handled some 3,150 calls outside office hours.\n"
    "Alder Clinics had told Birch Health of its audit a day earlier.",
    "vendor",
)
REPORT = voice(
    "s3",
    "Operations Weekly",
    "Alder Clinics pays roughly $31,000 a week for borrowed nurses.\n"
    "Cedar Pediatrics, with five offices in the same county, never stopped staffing its own line. The practice pays $2,600 a month for that time.\n"
    "The operations director, Dana Frost, said Alder Clinics would keep nurses on the line until the audit ends.",
)
VOICES = (CLINIC, NEIGHBOR, REPORT)


def lines_of(*voices: Voice) -> tuple[Line, ...]:
    return passages.weigh([line for v in voices for line in passages.read(v)], english.content(" ".join(v.title for v in voices)))


def desk_of(*voices: Voice, actor: str = "Alder Clinics", turn: int = 0) -> Desk:
    desk = Desk({v.marker: v for v in voices}, Runs(v.text for v in voices), turn=turn)
    desk.others = whose.others(lines_of(*voices), voices, actor, "", {})
    return desk


def test_a_neighbors_page_and_anothers_anecdote_are_not_about_the_actor() -> None:
    found = whose.others(lines_of(*VOICES), VOICES, "Alder Clinics", "", {})
    assert found == {
        ("s2", 0): True,  # begins with the neighbor's name
        ("s2", 1): False,  # the neighbor's pilot, without its name
        ("s3", 1): True,  # another practice
        ("s3", 2): True,  # what follows about it, its name put in for "the practice"
    }


# ------------------------------------------------------------------- answers


def ask(*lines: str, voices: tuple[Voice, ...] = VOICES, said: frozenset[str] = frozenset()) -> tuple[Answer, ...]:
    desk = desk_of(*voices)
    return asked.questions([question(x) for x in lines], plan.Slots(actor="Alder Clinics", thing="", date=""), lines_of(*voices), desk, set(said))


def told(answers: tuple[Answer, ...]) -> dict[str, str]:
    return {a.question: " ".join(inline.text(b.md) for b in a.blocks) for a in answers}


def test_a_date_question_is_not_answered_with_the_neighbors_date() -> None:
    found = told(ask("Since when has the pilot run? | needs: date | with: pilot/assistant, begin/start, @"))
    assert "Since when has the pilot run?" not in found


def test_a_question_about_others_is_answered_by_others() -> None:
    found = told(ask("What have other providers done? | needs: how | with: pilot/clinic/health, pause/stop | about: others"))
    assert "Birch Health paused" in found["What have other providers done?"]


def test_a_question_is_asked_where_one_sentence_holds_all_it_wants() -> None:
    found = told(
        ask(
            "How long did callers wait? | needs: figure | with: wait/hold, # minute/minute",
            "What does a call cost? | needs: cost | with: call, $",
        )
    )
    assert found["How long did callers wait?"].startswith("Callers waited 14 minutes")
    assert "What does a call cost?" not in found, "the money and the call stand in different sentences"


def test_what_a_heading_asks_is_not_asked_again() -> None:
    line = "How long did callers wait? | needs: figure | with: wait/hold, # minute/minute"
    assert line.split("?")[0] + "?" in told(ask(line))
    assert line.split("?")[0] + "?" not in told(ask(line, said=frozenset({"How long do callers wait now?"})))


def test_one_fact_answers_one_question() -> None:
    found = told(
        ask(
            "How long did callers wait? | needs: figure | with: wait/hold, # minute/minute",
            "How many of them gave up? | needs: cost | with: give up/gave up, #",
        )
    )
    assert len([a for a in found.values() if "minutes" in a]) == 1


# -------------------------------------------------------------------- headings


def test_nothing_makes_up_for_a_heading_whose_words_are_not_there() -> None:
    waited = lines_of(CLINIC)[2]
    fine = question("How long did callers wait before a nurse could answer? | needs: figure | with: fine/penalty, $")
    wait = question("How long was the wait? | needs: figure | with: wait, minute")
    assert plan.suits(wait, waited) > 1.0
    assert plan.suits(fine, waited) < 0.0, "though it has the words of the question and the figure"


# -------------------------------------------------------------- absences, lists


def test_an_absence_is_claimed_only_where_no_source_tells() -> None:
    bare = voice("s1", "Clinic Wire", "Alder Clinics begins a pilot of an assistant.", title="Alder Clinics starts a pilot")
    paid = voice("s2", "Operations Weekly", "The pilot costs the clinics $900 a month.")
    every = {absences.unanswered((bare,), turn).question for turn in range(12) if absences.unanswered((bare,), turn)}  # type: ignore[union-attr]
    assert "What will it cost a business?" in every
    assert all((found := absences.unanswered((bare, paid), turn)) is None or found.question != "What will it cost a business?" for turn in range(12))


def test_absences_are_worded_apart_and_long_enough() -> None:
    answers = [a.answer for a in absences.ABSENCES]
    assert len({" ".join(a.split()[:6]) for a in answers}) == len(answers)
    assert all(15 <= len(a.split()) <= 50 for a in answers)


def test_a_list_is_named_after_what_its_source_says_it_holds() -> None:
    terms = voice(
        "s1",
        "Harbor Models",
        "Harbor Models changes its terms on January 19, 2027.\nThere are three exceptions:\n- Batch jobs are kept for 48 hours after they finish.\n"
        "- Files stay until the customer deletes them from the workspace.\n- Flagged requests are kept for up to 60 days in a separate store.",
        "primary",
    )
    made = listed.bullets(lines_of(terms), desk_of(terms, actor="Harbor Models"))
    assert made is not None
    assert made.question == "Which exceptions does Harbor Models list?"
    assert len(made.bullets.items) == 3


def test_days_are_listed_only_where_they_say_what_happens() -> None:
    first = date(2026, 12, 15)
    days = [english.us_date(first + timedelta(days=30 * n)) for n in range(3)]
    stubs = voice("s1", "The Ledger", "\n".join(f"Reports start on {day}." for day in days), "reporting")
    whole = voice(
        "s1",
        "The Ledger",
        f"The department will open the portal for insurers on {days[0]}.\nEvery insurer must file its first inventory by {days[1]}.\nThe department will publish the first totals on {days[2]}.",
    )
    assert listed.bullets(lines_of(stubs), desk_of(stubs, actor="The Ledger")) is None
    made = listed.bullets(lines_of(whole), desk_of(whole, actor="The Ledger"))
    assert made is not None
    assert [english.DATE.findall(inline.text(i.md))[0] for i in made.bullets.items] == days


# ---------------------------------------------------------- the sample's drafts


@pytest.fixture(scope="module")
def drafts() -> list[SimpleNamespace]:
    """The first edition's drafts, with the lines of their sources."""
    material = _sample.load()
    day = min(_sample.EDITIONS)
    setting = write.Setting(playbook=material.guide, edition=day, author="Dana Whitlock", jurisdictions=())
    out = []
    for choice in material.choices(day):
        if material.story(choice) in _sample.EDITIONS[day]:
            made = write.draft(choice.story, material.told(choice), setting)
            setting = write.after(setting, made.article)
            lines = lines_of(*(voice(marker, "x", snapshot.text) for marker, snapshot in made.texts.items()))
            out.append(SimpleNamespace(name=material.story(choice), article=made.article, lines=lines))
    return out


def test_every_draft_finds_at_least_four_questions(drafts: list[SimpleNamespace]) -> None:
    assert {d.name: len(d.article.faq) for d in drafts if not 4 <= len(d.article.faq) <= 6} == {}


def test_answers_are_of_a_length_and_stand_alone(drafts: list[SimpleNamespace]) -> None:
    for d in drafts:
        body = {s for section in d.article.sections for b in section.blocks for s in _sentences(getattr(b, "md", ""))}
        body |= {s for b in d.article.lead for s in _sentences(b.md)}
        for name, answer in told(d.article.faq).items():
            assert 15 <= len(answer.split()) <= 50, f"{d.name}: {name}: {answer}"
            assert answer.split()[0] not in {"It", "They", "He", "She", "But", "And", "This", "That"}, f"{d.name}: {answer}"
            first = _sentences(answer)[0]
            assert first not in body, f"{d.name}: the body has it word for word: {first}"


def test_the_first_sentence_rests_on_a_line_that_holds_what_is_asked(drafts: list[SimpleNamespace]) -> None:
    asked_of = {q.text: q for t in playbook.load(_sample.ROOT / "playbook").topics.values() for q in t.questions}
    seen = 0
    for d in drafts:
        for name, answer in told(d.article.faq).items():
            if name not in asked_of:
                continue
            mine = english.content(_sentences(answer)[0])
            near = [x for x in d.lines if len(mine & english.content(x.raw)) >= 0.4 * len(mine)]
            assert any(fits.meets(asked_of[name], x.text) for x in near), f"{d.name}: {name}: {answer}"
            seen += 1
    assert seen >= 3 * len(drafts)


def test_no_edition_repeats_a_heading_of_a_list_or_says_where_a_figure_stands(drafts: list[SimpleNamespace]) -> None:
    intros = [inline.text(s.blocks[0].md) for d in drafts for s in d.article.sections if type(s.blocks[-1]).__name__ == "Bullets"]
    assert len(intros) == len(set(intros))
    assert not any("Each figure stands in the source beside it" in i for i in intros)


def test_no_two_questions_of_a_draft_ask_the_same(drafts: list[SimpleNamespace]) -> None:
    for d in drafts:
        words = [(t, english.content(t) - plan.ASKING) for t in (*(s.question for s in d.article.sections), *(a.question for a in d.article.faq))]
        for n, (text, mine) in enumerate(words):
            for other, theirs in words[n + 1 :]:
                assert not mine or not theirs or len(mine & theirs) < min(len(mine), len(theirs)), f"{d.name}: {text} / {other}"


def _sentences(md: str) -> list[str]:
    return [s for s in inline.text(md).replace("? ", ". ").split(". ") if s]
