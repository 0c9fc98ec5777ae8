"""A ledger is written one way only and read strictly."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing import ledger
from briefing.errors import ContentRefused
from briefing.model import Claim, Ledger, Passage, Problem

HASH = "sha256:" + "ab" * 32
WORDS = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=30)


def small() -> Ledger:
    return Ledger(
        article="larkmoor-register",
        edition=date(2026, 11, 24),
        snapshots={"s10": HASH, "s2": HASH},
        collected=6,
        feeds=4,
        left_out=("A sentence that no source carries.",),
        claims=(
            Claim(
                text="The register has 27 rows.",
                type="fact",
                where="lead",
                sources=("s2",),
                word="needs your eye",
                passages=(Passage(source="s2", snapshot=HASH, text="27 rows", start=4, end=11),),
                problems=(Problem(reason="weak-passage", found="s2 carries part", fix="Read it", blocks=False),),
            ),
        ),
    )


def test_the_file_form() -> None:
    text = ledger.write(small()).decode("utf-8")
    assert text.startswith('{\n  "version": 1,\n  "article": "larkmoor-register",\n  "edition": "2026-11-24",\n')
    assert text.endswith("]\n}\n")
    assert list(json.loads(text)["snapshots"]) == ["s2", "s10"]


def test_what_was_written_is_read_again() -> None:
    assert ledger.read(ledger.write(small())) == small()


passages = st.builds(Passage, source=st.sampled_from(["s1", "s22"]), snapshot=st.just(HASH), text=WORDS, start=st.integers(0, 9), end=st.integers(9, 99))
problems = st.builds(Problem, reason=WORDS, found=WORDS, fix=WORDS, blocks=st.booleans())
claims = st.builds(
    Claim,
    text=WORDS,
    type=st.sampled_from(["fact", "quote", "absence", "house"]),
    where=WORDS,
    sources=st.tuples(st.sampled_from(["s1", "s2"])),
    passages=st.lists(passages, max_size=2).map(tuple),
    word=WORDS,
    problems=st.lists(problems, max_size=2).map(tuple),
)
ledgers = st.builds(
    Ledger,
    article=st.text("abc-", min_size=1),
    edition=st.dates(),
    claims=st.lists(claims, max_size=3).map(tuple),
    snapshots=st.dictionaries(st.sampled_from(["s1", "s2", "s11"]), st.just(HASH)),
    collected=st.integers(0, 99),
    feeds=st.integers(0, 99),
    drafted_by=WORDS,
    left_out=st.lists(WORDS, max_size=3).map(tuple),
)


@given(ledgers)
def test_every_ledger_goes_both_ways(made: Ledger) -> None:
    data = ledger.write(made)
    assert ledger.read(data) == made
    assert ledger.write(ledger.read(data)) == data


def _changed(**keys: object) -> bytes:
    return json.dumps(json.loads(ledger.write(small())) | keys).encode()


REFUSED = {
    "an unknown key": (_changed(note="x"), "x.evidence.json: note: is not a key of an evidence file"),
    "another version": (_changed(version=2), "is of version 2, this program reads version 1"),
    "a day that is none": (_changed(edition="2026-13-01"), "x.evidence.json: "),
    "a text for a number": (_changed(collected="6"), "collected: input should be a valid integer"),
    "not JSON": (b'{\n"version": 1,,\n}', "x.evidence.json:2: is not JSON"),
    "not UTF-8": (b'{"version": "\xff"}', "is not UTF-8 text"),
    "a key twice": (b'{"version": 1, "version": 1}', "has the key 'version' twice"),
    "a list": (b"[]", "the file: "),
    "deep": (b"[" * 100_000, "x.evidence.json"),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_anything_else_is_refused_with_the_way_back(data: bytes, message: str) -> None:
    with pytest.raises(ContentRefused) as caught:
        ledger.read(data, "x.evidence.json")
    assert message in str(caught.value)
    assert "briefing check --write" in str(caught.value)
    assert caught.value.code == 6
