"""An article's file and back: what is read, what is refused, and with which words."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing import article, inline
from briefing.errors import ArticleError
from briefing.model import Bullets, Paragraph, PullQuote, Statistic

GOOD = (Path(__file__).parent / "data" / "insurer-ai-register.md").read_bytes()


def faults(data: bytes) -> tuple[str, ...]:
    with pytest.raises(ArticleError) as caught:
        article.parse(data, "x.md")
    assert caught.value.code == 6
    return caught.value.lines


def test_every_element_of_the_sample_is_read() -> None:
    a = article.parse(GOOD, "x.md")
    assert a.id == "insurer-ai-register"
    assert a.edition == date(2026, 11, 24)
    assert [s.id for s in a.sources] == ["s1", "s2"]
    assert a.sources[0].published == date(2026, 11, 17)
    assert [p.md for p in a.lead if isinstance(p, Paragraph)][1].endswith("[s1][s2]")
    assert [s.question for s in a.sections] == ["What did Larkmoor publish?", "How do they keep a person in charge?"]
    kinds = [type(b) for s in a.sections for b in s.blocks]
    assert kinds == [Paragraph, Statistic, Paragraph, PullQuote, Bullets]
    statistic = a.sections[0].blocks[1]
    assert isinstance(statistic, Statistic)
    assert (statistic.figure, inline.cites(statistic.md), statistic.line) == ("14 of 41", ("s1",), 41)
    assert [p.order for p in a.meaning] == ["Start with the list", "Put a name on each row", "Write down the limit"]
    assert a.next_step is not None
    assert (a.next_step.time, a.next_step.who, a.next_step.result) == ("30 minutes", "whoever runs operations", "a first register")
    assert [f.question for f in a.faq] == ["What is an AI register?", "What did the work cost?"]


def test_writing_what_was_read_gives_the_same_bytes() -> None:
    assert article.write(article.parse(GOOD)) == GOOD


def test_windows_line_ends_read_the_same() -> None:
    assert article.parse(GOOD.replace(b"\n", b"\r\n")) == article.parse(GOOD)


def test_wrapped_paragraphs_read_as_one() -> None:
    wrapped = GOOD.replace(b"Larkmoor Mutual put its internal list", b"Larkmoor Mutual put\nits internal list")
    assert article.write(article.parse(wrapped)) == GOOD


def test_minutes_and_display_order_are_counted() -> None:
    a = article.parse(GOOD)
    assert article.words(a) == 233
    assert article.minutes(a) == 2
    assert article.source_order(a) == ("s1", "s2")
    swapped = article.parse(GOOD.replace(b"website. [s1]", b"website. [s2]"))
    assert article.source_order(swapped) == ("s2", "s1")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"status: needs-review", b"status: publishd", "x.md:4: front matter status: input should be 'needs-review' or 'approved', found \"publishd\""),
        (b"dek: ", b"dekk: ", "x.md:7: front matter dekk: unknown key; did you mean dek?"),
        (b'kicker: "AI inventory"\n', b"", "x.md:2: front matter kicker: is missing; add it"),
        (b"edition: 2026-11-24", b"edition: 31/02/2026", "x.md:3: front matter edition:"),
        (b'title: "L', b'title: &a "L', "x.md:6: front matter uses a YAML anchor or alias"),
        (b"title: ", b"title: !!python/name:os.system ", "x.md:6: front matter uses a YAML tag"),
        (b"status: needs-review", b"status: needs-review\nstatus: approved", "x.md:5: front matter is not valid YAML"),
        (b"https://larkmoor.example/ai-register", b"javascript:alert(1)", "x.md:19: front matter sources[0].url: must be a http or https address"),
        (b"https://larkmoor.example/ai-register", b"https://me:pw@larkmoor.example/", "x.md:19: front matter sources[0].url: must be a http or https address"),
        (b"website. [s1]", b"website. [s7]", "x.md:33: cites [s7], which is not in the source list"),
        (b"website. [s1]", b"website.\n<script>x</script> [s1]", "x.md:34: raw HTML is refused"),
        (b"website. [s1]", b"website.\n\n    indented [s1]", "x.md:35: an indented line would become code"),
        (b"website. [s1]", b"website.\n\n[x]: https://e.example/", "x.md:35: link and footnote definitions are refused"),
        (b"website. [s1]", b"see [the terms]({static}/../pelicanconf.py) [s1]", "x.md:33: Pelican's own links are refused"),
        (b"website. [s1]", b"see ![a](https://e.example/a.png) [s1]", "x.md:33: images are not part of an article"),
        (b"website. [s1]", b"see [a](javascript:alert) [s1]", "x.md:33: links to 'javascript:alert'"),
        (b"website. [s1]", b"web\xe2\x80\xaesite. [s1]", "x.md:33: holds the invisible character \\u202e"),
        (b"website. [s1]", b"website. {: .big } [s1]", "x.md:33: attribute lists and template tags are refused"),
        (b"website. [s1]", b"website. {% raw %} [s1]", "x.md:33: attribute lists and template tags are refused"),
        (b"> **14 of 41** AI", b"> AI", "x.md:41: a quotation block is a statistic"),
        (b"**Time:** 30 minutes. ", b"", "x.md:60: “A next step you can take this week” is one or more paragraphs"),
        (b"- **Start with the list.** Most", b"- Most", "x.md:56: a principle begins with its order in bold"),
        (
            b"## Frequently asked questions\n",
            b"## Frequently asked questions\n\nLoose words.\n",
            "x.md:68: under “Frequently asked questions” stand ### questions",
        ),
        (b"## What did Larkmoor publish?", b"### What did Larkmoor publish?", "x.md:37: ### headings stand only under"),
        (b"## What did Larkmoor publish?", b"# What did Larkmoor publish?", "x.md:37: headings are ## (a question)"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: bytes, new: bytes, message: str) -> None:
    assert GOOD.count(old) >= 1
    lines = faults(GOOD.replace(old, new, 1))
    assert any(line.startswith(message) for line in lines), lines


def test_a_section_after_the_closing_parts_is_refused() -> None:
    assert any("stands after the closing parts" in line for line in faults(GOOD + b"\n## One more?\n\nWords. [s1]\n"))


def test_bytes_that_are_no_article() -> None:
    assert faults(b"Just a paragraph.\n") == ("x.md:1: has no front matter; an article begins with a line --- and closes its head with ---",)
    assert faults(b"---\nid: \xff\n---\n") == ("x.md:2: is not UTF-8 text; save the file as UTF-8",)
    assert "at most" in faults(b"---\n" + b"x" * (article.LONGEST + 1))[0]


WORDS = st.text(st.characters(blacklist_categories=("Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Cn"), max_codepoint=0x2FFF), min_size=1, max_size=80)


@settings(max_examples=300, deadline=None)
@given(WORDS)
def test_any_words_survive_the_file(words: str) -> None:
    """A source's words go into a title, a list and a paragraph and come back as words, never as markup."""
    plain = " ".join(words.split())
    if not plain:
        return
    a = article.parse(GOOD)
    md = f"{inline.escape(words)} [s1]"
    changed = dataclasses.replace(a, title=plain[:200], lead=(Paragraph(md=md),), limits=plain)
    data = article.write(changed)
    again = article.parse(data)
    assert again.title == plain[:200]
    assert again.limits == plain
    block = again.lead[0]
    assert isinstance(block, Paragraph)
    assert inline.text(block.md) == plain
    assert inline.cites(block.md)[-1] == "s1"
    assert article.write(again) == data


@pytest.mark.parametrize("words", ["👨\u200d👩\u200d👧 family", "می\u200cشود", "क\u094d\u200dष"])
def test_a_joiner_that_belongs_to_its_word_is_kept_and_any_other_is_refused(words: str) -> None:
    good = dataclasses.replace(article.parse(GOOD), title=words)
    assert article.parse(article.write(good)).title == words
    for wrong in ("AI\u200d Act", "A\u200cI", "“\u200d”", f"{words} \u200d"):
        assert "holds the invisible character \\u200" in faults(article.write(dataclasses.replace(good, title=wrong)))[0]
