"""Boundaries that a splitter gets wrong, and markers that must stay with their sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing import inline, sentences
from briefing.sentences import CitedSentence

# Text → where its sentences end, written as the sentences themselves.
CASES = {
    "a quotation of two sentences stays together": ["He said “It works. We keep it.”", "Then he left."],
    "a quotation that opens the sentence": ["“It works. We keep it.”", "Then he left."],
    "straight quotation marks": ['She said "It works. We keep it."', "Then she left."],
    "after p.m. a sentence may begin": ["It opens at 5 p.m.", "Shares rose."],
    "after p.m. a day goes on": ["It opens at 5 p.m. Tuesday.", "Bring a list."],
    "after p.m. a zone goes on": ["It opens at 9 a.m. Eastern.", "Bring a list."],
    "list numbers stay with their words": ["1. Review the list.", "2. Sign it."],
    "titles and initials": ["Approx. $2 went to Dr. J. R. Smith of the U.S. Senate.", "It ended."],
    "a small letter goes on": ["Yahoo! said it was fine.", "She left."],
    "No. before a figure": ["The rule (see 12 C.F.R. § 1002.9) applies.", "No. 14 is next."],
    "No. as an answer": ["Did they?", "No.", "They left."],
    "e.g. and i.e.": ["Some tools, e.g. This and i.e. That, stay."],
    "a company at the end": ["He works for Acme Inc.", "The firm is old."],
    "a company in the middle": ["Acme Inc. said no."],
    "a question in quotation marks": ["“Do you know?” she asked.", "He did."],
    "a figure opens": ["It costs $1.5 million.", "23 percent agreed."],
    "a name with a small first letter": ["iPhone sales rose.", "iPhone users left."],
    "a bracket closes the sentence": ["It ended (or so they said.)", "Then more."],
    "a version number": ["Use version 4.1.", "It is better."],
    "one letter opens": ["Put a name on each row.", "A person can be asked."],
    "an ellipsis": ["What now?", "Nothing … and then more."],
}


@pytest.mark.parametrize("expected", CASES.values(), ids=CASES.keys())
def test_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    assert list(sentences.split(" ".join(expected))) == expected


def test_a_blank_line_and_a_list_item_end_a_sentence() -> None:
    text = "What the list is\n\nIt has rows. Each has\nan owner.\n- one thing\n- another"
    assert sentences.split(text) == ("What the list is", "It has rows.", "Each has\nan owner.", "- one thing", "- another")


def test_a_quotation_that_never_closes_does_not_swallow_the_page() -> None:
    text = "He said “It works. " + "We keep it. " * 40 + "The end."
    assert len(sentences.split(text)) > 40


MARKED = {
    "after the full stop": ("The register has 27 rows. [s1] Each has an owner. [s2]", [("The register has 27 rows.", "s1"), ("Each has an owner.", "s2")]),
    "several": ("It has rows. [s1][s2] More.", [("It has rows.", "s1 s2"), ("More.", "")]),
    "in the middle": ("The list [s1] has rows [s2].", [("The list has rows.", "s1 s2")]),
    "twice the same": ("The list [s1] has rows. [s1]", [("The list has rows.", "s1")]),
    "no space": ("It ends.[s1]Next.", [("It ends.", "s1"), ("Next.", "")]),
    "first of all": ("[s1] It begins.", [("It begins.", "s1")]),
    "after a quotation of two sentences": ("“A list. It helps.” [s3] They went on.", [("“A list. It helps.”", "s3"), ("They went on.", "")]),
    "in bold": ("**Start. [s1]** Then go.", [("Start.", "s1"), ("Then go.", "")]),
    "escaped is no marker": ("It says \\[s1\\] there.", [("It says [s1] there.", "")]),
}


@pytest.mark.parametrize(("md", "expected"), MARKED.values(), ids=MARKED.keys())
def test_a_marker_belongs_to_the_sentence_before_it(md: str, expected: list[tuple[str, str]]) -> None:
    assert sentences.cited(md) == tuple(CitedSentence(text=t, markers=tuple(m.split())) for t, m in expected)


WORDS = st.text(alphabet="abc ABC.!?”“\"'’()[]0123 \n…,;", max_size=200)


@given(WORDS)
def test_the_sentences_are_the_text_again(text: str) -> None:
    assert "".join("".join(sentences.split(text)).split()) == "".join(text.split())
    ends = [0, *(x for span in sentences.spans(text) for x in span)]
    assert ends == sorted(ends)


@given(st.text(max_size=120))
def test_any_words_survive_as_markdown_and_as_sentences(text: str) -> None:
    escaped = inline.escape(text)
    shown = inline.text(escaped)
    assert "".join(s.text for s in sentences.cited(escaped)).replace(" ", "") == shown.replace(" ", "")
