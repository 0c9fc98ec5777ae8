"""Markers are found without taking a line apart, and are the same ones that the page shows."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from briefing import inline

PIECES = ("[s1]", "[s22]", "[", "]", "\\", "*", "_", "**", "(", ")", "a", "&#91;", "s1", " ", "\n", "[s1", "](https://a.example/)", "`", "<b>", "!", "&amp;")


def shown(parts: tuple[inline.Node, ...]) -> list[str]:
    return [m for n in parts for m in ([n.text] if n.kind == "cite" else shown(n.children))]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_the_markers_found_are_those_the_page_shows(md: str) -> None:
    assert list(inline.cites(md)) == shown(inline.nodes(md))


def test_an_escaped_marker_is_none_and_one_behind_an_escaped_backslash_is() -> None:
    assert inline.cites(r"Not \[s1] but \\[s2], *and [s3]*.") == ("s2", "s3")
