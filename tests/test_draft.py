# ruff: noqa: E501 - a case is read as one line
"""Drafts of the sample week: what every draft has, what none has, and the small moves a sentence is put in other words with."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from briefing import article, evidence, inline
from briefing.draft import brief, english, headline, passages, people, quotes, restate, swaps, write
from briefing.model import Bullets, Item, Paragraph, PullQuote, Snapshot, Source, Statistic, Story
from evals import _sample
from evals import draft as measured


@pytest.fixture(scope="module")
def drafts() -> dict[str, write.Draft]:
    return dict(_sample.drafts(_sample.load()))


def test_every_story_of_the_sample_is_drafted(drafts: dict[str, write.Draft]) -> None:
    assert set(drafts) == {name for names in _sample.EDITIONS.values() for name in names}


def test_no_draft_says_what_its_sources_do_not(drafts: dict[str, write.Draft]) -> None:
    found = {name: [(c.text, p.reason) for c, p in evidence.blocking(evidence.check(d.article, d.texts))] for name, d in drafts.items()}
    assert not any(found.values()), found


def test_nothing_longer_than_twelve_words_is_copied(drafts: dict[str, write.Draft]) -> None:
    assert {name: measured.copied(d) for name, d in drafts.items() if measured.copied(d) > 12} == {}


def test_quotations_stay_in_their_budget(drafts: dict[str, write.Draft]) -> None:
    assert all(max(measured.quoted(d).values()) <= 140 for d in drafts.values())


def test_every_draft_has_the_shape_or_says_what_is_short(drafts: dict[str, write.Draft]) -> None:
    for name, draft in drafts.items():
        one = draft.article
        assert 6 <= len(one.title.split()) <= 12, (name, one.title)
        assert 0 < len(one.dek) <= 160, (name, one.dek)
        assert all(0 < len(s.split()) <= 25 for s in (one.short.happened, one.short.matters, one.short.do)), (name, one.short)
        assert 2 <= len(one.lead) <= 4, name
        assert 3 <= len(one.sections) <= 5, name
        assert len(one.meaning) == 3
        assert one.next_step is not None
        assert not write.missing_elements(one) or one.limits, name
        assert article.words(one) >= write.FULL or one.limits, name


def test_answers_are_of_a_length_a_reader_takes_in(drafts: dict[str, write.Draft]) -> None:
    for name, draft in drafts.items():
        for answer in draft.article.faq:
            count = len(" ".join(inline.text(b.md) for b in answer.blocks).split())
            assert 15 <= count <= 50, (name, answer.question, count)


def test_the_lead_begins_with_a_dated_event(drafts: dict[str, write.Draft]) -> None:
    for name, draft in drafts.items():
        block = draft.article.lead[0]
        assert isinstance(block, Paragraph)
        assert english.DATE.search(inline.text(block.md).split(". ")[0]), (name, block.md)


def test_the_pull_quote_stands_in_the_body(drafts: dict[str, write.Draft]) -> None:
    for name, draft in drafts.items():
        blocks = [b for _, b in article.body_blocks(draft.article)]
        body = " ".join(inline.text(b.md) for b in blocks if isinstance(b, Paragraph))
        for block in blocks:
            if isinstance(block, PullQuote):
                assert block.text.strip("“”") in body, name


def test_callouts_come_once(drafts: dict[str, write.Draft]) -> None:
    for draft in drafts.values():
        kinds = Counter(type(b) for _, b in article.body_blocks(draft.article))
        assert all(kinds[k] <= 1 for k in (Statistic, PullQuote, Bullets))


def test_no_frame_of_speech_comes_twice(drafts: dict[str, write.Draft]) -> None:
    for name, draft in drafts.items():
        body = " ".join(inline.text(md) for where, md, _ in article.passages(draft.article) if not where.startswith("faq"))
        for frame in ("put it this way", "In the words of", "is how", "adds that", "notes that", "By [A-Z][^.]{3,40}’s account, ", "tells it, "):
            assert len(re.findall(frame, body)) <= 1, (name, frame)


def test_every_source_listed_is_used_and_the_primary_one_is_first(drafts: dict[str, write.Draft]) -> None:
    for name, draft in drafts.items():
        used = {m for _, md, _ in article.passages(draft.article) for m in inline.cites(md)}
        assert {s.id for s in draft.article.sources} == used, name
        kinds = [s.kind for s in draft.article.sources]
        assert kinds[0] == "primary" or "primary" not in kinds, (name, kinds)


def test_a_draft_reads_back_as_it_was_written_and_comes_out_the_same_twice(drafts: dict[str, write.Draft]) -> None:
    again = dict(_sample.drafts(_sample.load()))
    for name, draft in drafts.items():
        data = article.write(draft.article)
        assert article.write(article.parse(data, "x.md")) == data
        assert article.write(again[name].article) == data, name


# ------------------------------------------------------------------- sentences

RUNS = english.Runs(["nothing of this is copied"])


@pytest.mark.parametrize(
    ("sentence", "turned"),
    [
        ("The first inventory must be filed by April 30, 2027", "By April 30, 2027, the first inventory must be filed"),
        ("The rule takes effect on May 18, 2027", "On May 18, 2027, the rule takes effect"),
        ("The firm said it would answer by May 18, 2027", ""),  # the day may belong to the answer or to the saying
        ("The guidance sets a date that falls on May 18, 2027", ""),
    ],
)
def test_a_closing_date_moves_to_the_front_only_where_it_is_free(sentence: str, turned: str) -> None:
    assert restate._to_front(sentence) == turned


def test_an_order_of_an_instrument_is_said_of_those_it_binds() -> None:
    assert (
        restate._requires("The bulletin requires each insurer to keep a list and to name an owner")
        == "Under the bulletin, each insurer must keep a list and name an owner"
    )
    assert restate._requires("The Bureau requires each insurer to keep a list") == ""


@pytest.mark.parametrize(
    "kept",
    [
        "The rule may not apply before March 2, 2027.",
        "No insurer has to pay more than $10,000 for each violation.",
        "Clinicians who did not use it went from 70 minutes to 66 minutes.",
        "The company will not say whether 17 of 94 calls were lost.",
    ],
)
def test_numbers_negation_and_modals_survive_every_swap(kept: str) -> None:
    made = swaps.swap(kept, plural=True)
    for word in (r"\bnot\b", r"\bno\b", r"\bmay\b", r"\bwill\b", r"\d[\d,]*"):
        assert re.findall(word, made, re.I) == re.findall(word, kept, re.I), made


def test_articles_agree_after_a_swap() -> None:
    assert swaps.swap("They asked for an annual audit of a yearly report.") == "They called for an annual audit of an annual report."


def test_a_run_counts_words_outside_quotation_marks() -> None:
    runs = english.Runs(["The bulletin applies to the 412 property, casualty, health and life insurers that hold a Wabash license."])
    assert runs.longest("The bulletin applies to the 412 property, casualty, health and life insurers that do.") == 13
    assert runs.longest("It says: “The bulletin applies to the 412 property, casualty, health and life insurers.”") == 5


def voice(text: str, **changes: object) -> passages.Voice:
    fields = {"marker": "s1", "name": "the Harbour Bureau", "kind": "primary", "published": date(2026, 11, 12), "text": text} | changes
    return passages.Voice(**fields)  # type: ignore[arg-type]


def test_pronouns_take_their_noun_or_are_not_used_alone() -> None:
    lines = passages.read(voice("The bulletin requires care. It applies to 412 insurers. They file once a year."))
    assert lines[1].text == "The bulletin applies to 412 insurers."
    assert lines[1].near == "It applies to 412 insurers."
    assert not lines[2].stands  # "They" may be the insurers; the sentence before has another subject


def test_we_becomes_the_publisher_and_a_weekday_its_date() -> None:
    lines = passages.read(voice("We do not train our models. The rule was published Thursday. Sales fell last month."))
    assert lines[0].text == "The Harbour Bureau does not train its models."
    assert lines[1].text == "The rule was published on November 12."
    assert not lines[2].stands


def test_headings_and_bullets_are_known_and_fragments_are_not_used() -> None:
    lines = passages.read(
        voice("What it costs\n\nA first list takes 40 hours.\n\n- A cut-off. Two in the afternoon leaves time.\n\nFines, for a start, which sit in the law.")
    )
    assert [(x.heading, x.bullet, x.stands) for x in lines] == [
        ("What it costs", False, True),
        ("What it costs", True, False),
        ("What it costs", True, True),
        ("What it costs", False, False),
    ]


def test_quotations_come_with_speaker_and_role() -> None:
    text = "“Nobody is in charge of it,” said Delia Hartwick, Commissioner of the Harbour Bureau. Hartwick took office in May. “We count,” Hartwick said, and left."
    found = quotes.find(passages.read(voice(text)))
    assert [(q.words, q.name, q.role) for q in found] == [("Nobody is in charge of it", "Delia Hartwick", "commissioner of the Harbour Bureau")]


def test_a_first_mention_carries_the_role_and_a_second_does_not() -> None:
    known = {"Voss": people.Person("Karen Voss", "vice president of claims at Hoosier Prairie")}
    assert people.introduce("Voss put the work at 60 hours.", known, set()) == (
        "Karen Voss, vice president of claims at Hoosier Prairie, put the work at 60 hours.",
        {"Voss"},
    )
    assert people.introduce("Karen Voss put the work at 60 hours.", known, {"Voss"}) == ("Voss put the work at 60 hours.", {"Voss"})


# ------------------------------------------------------------------ short form


def told(text: str, title: str = "Routing for models", day: datetime | None = datetime(2026, 11, 12, 9, tzinfo=UTC)) -> write.Told:
    source = Source(id="maker", name="Harbour Models", url="https://m.example/f", site="https://m.example/", category="ai-vendor", kind="rss", tier="vendor")
    item = Item(id="0" * 16, source="maker", url="https://m.example/1", title=title, published=day, first_seen=datetime(2026, 11, 12, 10, tzinfo=UTC))
    snapshot = Snapshot(hash="sha256:" + "1" * 64, item=item.id, url=item.url, text=text, read=item.first_seen, origin="feed")
    return write.Told(item, source, snapshot)


def setting() -> write.Setting:
    return write.Setting(playbook=_sample.load().guide, edition=date(2026, 11, 17), author="Dana Whitlock", jurisdictions=("US",))


FEW = (
    "Harbour Models now routes each request to the smallest model that can answer it. The routing rules stand in one file that an administrator edits. "
    "The feature is open to business customers in the preview region until the end of the year."
)


def test_a_few_lines_make_a_short_honest_briefing() -> None:
    one = told(FEW)
    made = write.draft(Story(id="0" * 12, items=(one.item,)), [one], setting())
    text = " ".join(inline.text(md) for _, md, _ in article.passages(made.article))
    assert made.article.limits == "This briefing is shorter than usual because only one source was available."
    assert "Harbour Models wrote on November 12, 2026: “Harbour Models now routes each request" in text
    assert made.article.next_step is not None
    assert any("The sources do not" in inline.text(b.md) for q in made.article.faq for b in q.blocks)
    assert not evidence.blocking(evidence.check(made.article, made.texts))


@pytest.mark.parametrize(
    "one",
    [
        told("Routing for models"),
        told(
            "Nous avons le plaisir de vous annoncer que notre nouvelle plateforme est disponible pour tous les clients de la région, avec des règles que chacun peut modifier à tout moment."
        ),
        told(FEW, day=None),
    ],
    ids=["a headline alone", "another language", "no date"],
)
def test_what_carries_no_event_is_not_drafted(one: write.Told) -> None:
    with pytest.raises(write.TooLittle, match="the sources carry too little"):
        write.draft(Story(id="0" * 12, items=(one.item,)), [one], setting())


def test_english_is_known_by_its_small_words() -> None:
    assert brief.english_enough("The rule applies to all of the firms in the state.")
    assert not brief.english_enough("Die Regel gilt für alle Firmen im Land und darüber hinaus.")


@pytest.mark.parametrize("end", ["Bureau issues guidance on", "Wabash insurers must keep each", "The vendor has told them that"])
def test_no_headline_ends_in_the_air(end: str) -> None:
    assert headline._ENDS.search(end)


@pytest.mark.parametrize(
    "sentence",
    [
        "She pays $270 a month now and will pay $288 from February, since she is billed monthly",
        "The firm closed a plant and hired forty people in March",
    ],
)
def test_a_day_is_never_moved_in_front_of_a_verb_it_does_not_belong_to(sentence: str) -> None:
    moved = [shape for shape, _, _ in restate._shapes(sentence) if re.match(r"(?:From February|In March),", shape)]
    assert moved == []
