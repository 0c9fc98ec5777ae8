"""The house's own pages."""

from __future__ import annotations

import pytest

from briefing.errors import ContentRefused
from briefing.site import texts

FRONT = b'---\ntitle: "About"\nslug: about\ndescription: "What this is."\n---\n'


def to(path: str) -> str:
    return f"/brief{path}"


def test_a_page_is_markdown_whose_links_know_where_the_site_stands() -> None:
    text = texts.parse(FRONT + b"# Top\n\nSee [how](/how-we-work/), [law](https://law.example/), [part](#b), [x](javascript:alert(1)).\n", "about.md", to)
    assert (text.title, text.description) == ("About", "What this is.")
    assert str(text.html) == (
        '<h2>Top</h2>\n<p>See <a href="/brief/how-we-work/">how</a>, <a href="https://law.example/" rel="noopener">law</a>, '
        '<a href="#b">part</a>, <a href="#">x</a>.</p>'
    )


def test_tables_are_written_and_raw_html_and_pictures_are_shown_as_text() -> None:
    text = texts.parse(FRONT + b'| a | b |\n| - | - |\n| 1 | 2 |\n\n<div onclick="x()">hi</div> ![p](https://x.example/p.png)\n', "about.md", to)
    assert '<div aria-label="Table 1" class="scroll" role="region" tabindex="0"><table>' in text.html.replace("\n", "") and "<td>1</td>" in text.html
    assert "&lt;div onclick=" in text.html and "<div onclick" not in text.html and "<img" not in text.html


@pytest.mark.parametrize(
    "data,message",
    [
        (b"No front\n", "about.md:1: must begin with a line ---, title and description, and a line ---"),
        (b"---\ntitle: x\n", "about.md:1: must begin with a line ---, title and description, and a line ---"),
        (b"\xff\xfe", "about.md:1: is not UTF-8 text; save it as UTF-8"),
        (b"---\ntitle: About\nauthor: me\n---\nx\n", "about.md:3: author: unknown key; allowed here: title, slug, description"),
        (b"---\ndescription: x\n---\nx\n", "about.md:2: title: is missing; add it"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(data: bytes, message: str) -> None:
    with pytest.raises(ContentRefused) as caught:
        texts.parse(data, "about.md", to)
    assert str(caught.value) == message
