from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collect import clean


@pytest.mark.parametrize(
    ("markup", "want"),
    [
        ("<p>One.</p><p>Two <b>bold</b>.</p>", "One.\n\nTwo bold."),
        ("One<br>two<br><br>three", "One two\n\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<p>R&amp;D &lt;script&gt;alert(1)&lt;/script&gt;</p>", "R&D <script>alert(1)</script>"),
        ("a < b and c > d && e", "a < b and c > d && e"),
        ("<p>x</p><script>alert(1)</script><style>p{}</style>y", "x\n\ny"),
        ("<!-- hidden -->shown", "shown"),
        ("<p>one\n two\t three</p>", "one two three"),
        ("plain\n\n\nparagraphs\nwrapped", "plain\n\nparagraphs wrapped"),
        ("caf&eacute; &#8217;", "café ’"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("", ""),
    ],
)
def test_markup_becomes_paragraphs(markup: str, want: str) -> None:
    assert clean.text(markup) == want


@pytest.mark.parametrize(
    ("markup", "want"),
    [
        ("Ask first: <em>three</em> questions", "Ask first: three questions"),
        ("R&amp;D credits &amp; AI", "R&D credits & AI"),
        ("A &lt;b&gt; C", "A <b> C"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("AI Act update\nStatus: published", "AI Act update Status: published"),
        ("one\u2028two", "one two"),
    ],
)
def test_a_title_is_one_line_of_what_is_shown(markup: str, want: str) -> None:
    assert clean.title(markup) == want


@pytest.mark.parametrize(
    ("given_", "want"),
    [
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("A\u200bI\u200c A\u2060ct\ufeff", "AI Act"),
        ("null\x00byte and \x1b[31mred\x1b[0m", "nullbyte and [31mred[0m"),
        ("👨\u200d👩\u200d👧 family", "👨\u200d👩\u200d👧 family"),
        ("مرحبا שלום 你好", "مرحبا שלום 你好"),
        ("e\u0301 vs \u00e9", "e\u0301 vs \u00e9"),
        ("it\x92s \x93so\x94 \x97 fine", "it’s “so” — fine"),
        ("Z" + "\u0301\u0302" * 30, "Z\u0301\u0302\u0301"),
    ],
)
def test_what_cannot_be_seen_is_removed_and_what_can_stays(given_: str, want: str) -> None:
    assert clean.line(given_) == want


def test_every_hostile_string_is_one_clean_line(hostile: Path) -> None:
    strings = json.loads((hostile / "strings.json").read_text(encoding="utf-8"))
    assert len(strings) > 100
    for string in strings:
        shown = clean.line(string["text"])
        assert "\n" not in shown
        assert clean.line(shown) == shown
        assert len(shown) <= clean.TITLE


def test_long_text_is_cut_at_a_word_with_a_mark() -> None:
    assert clean.cut("word " * 100, 52) == "word " * 8 + "word" + clean.MARK
    assert len(clean.title("x" * 10_000_000)) == clean.TITLE
    assert clean.cut("short", 10) == "short"


def test_deep_nesting_ends() -> None:
    assert "deep" in clean.text("<div>" * 5_000 + "deep" + "</div>" * 5_000)


@given(st.text())
def test_cleaning_clean_text_changes_nothing(text: str) -> None:
    once = clean.paragraphs(text)
    assert clean.paragraphs(once) == once
    assert clean.line(once) == clean.line(clean.line(once))


@given(st.text(alphabet="<>/abp&;lt\n ", max_size=60))
def test_markup_never_breaks_cleaning(markup: str) -> None:
    assert clean.paragraphs(clean.text(markup)) == clean.text(markup)
    assert "\n" not in clean.title(markup)


def test_what_counts_as_invisible_is_what_the_unicode_tables_say() -> None:
    import sys
    import unicodedata

    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} and not char.isspace() and not 0x80 <= code < 0xA0:
            assert clean.line(f"a{char}b") == "ab", hex(code)


def test_piled_marks_are_thinned_out_in_running_text_too() -> None:
    assert clean.paragraphs("before\n\nZ" + "\u0301\u0302" * 60 + "algo\n\nafter") == "before\n\nZ\u0301\u0302\u0301algo\n\nafter"
    assert clean.paragraphs("Vie\u0323\u0302t Nam, e\u0301") == "Vie\u0323\u0302t Nam, e\u0301"
