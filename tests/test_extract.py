from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefing.collect.extract import SHORTEST, Page, extract
from briefing.errors import FetchError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = "https://ledger.example/2026/bulletin"
BODY = "".join(f"<p>Paragraph {n}: the department asks every insurer to keep a list of the systems it uses on claims.</p>" for n in range(10))


def page(head: str = "", body: str = BODY, url: str = HERE) -> Page:
    frame = f"<body><nav><a href=/>Home</a></nav><article><h1>Bulletin</h1>{body}</article></body>"
    html = f"<html><head><title>Bulletin | The Ledger</title>{head}</head>{frame}</html>"
    return extract(html.encode(), url, "text/html; charset=utf-8", NOW)


def test_the_main_text_comes_as_paragraphs_without_the_frame() -> None:
    found = page()
    assert found.text.split("\n\n")[-1] == "Paragraph 9: the department asks every insurer to keep a list of the systems it uses on claims."
    assert "Home" not in found.text
    assert found.title == "Bulletin | The Ledger"
    assert (found.author, found.link, found.published, found.walled) == ("", "", None, False)


def test_a_headline_and_labels_are_no_part_of_the_text() -> None:
    found = page('<meta property="og:title" content="Bulletin">', f"<p>Published</p>{BODY}")
    assert found.text.startswith("Paragraph 0: ")


def test_what_the_page_states_about_itself_is_taken() -> None:
    found = page(
        '<link rel="canonical" href="/2026/bulletin?utm_source=x"><meta property="og:title" content="Insurers &amp; lists">'
        '<meta name="author" content="Ruth Calloway"><meta property="article:published_time" content="2026-11-19T14:30:00Z">'
    )
    assert (found.title, found.author, found.link) == ("Insurers & lists", "Ruth Calloway", HERE)
    assert found.published == datetime(2026, 11, 19, 14, 30, tzinfo=UTC)


def test_linked_data_is_read_and_broken_linked_data_is_not_missed() -> None:
    found = page(
        '<script type="application/ld+json">{"@graph": [{"@type": ["NewsArticle"], "headline": "From data", "datePublished": "2026-11-19",'
        ' "author": [{"name": "Ruth"}, {"name": "Theo"}]}]}</script><script type="application/ld+json">{broken</script>'
    )
    assert (found.title, found.author) == ("From data", "Ruth, Theo")
    assert found.published == datetime(2026, 11, 19, tzinfo=UTC)


def test_a_date_in_the_text_or_the_address_is_never_taken() -> None:
    assert page(body="<p>Published Nov. 3, 2026</p>" + BODY, url="https://ledger.example/2026/11/03/x").published is None


@pytest.mark.parametrize("canonical", ["https://other.example/2026/bulletin", "https://ledger.example/", "javascript:alert(1)"])
def test_a_canonical_link_elsewhere_is_not_believed(canonical: str) -> None:
    assert page(f'<link rel="canonical" href="{canonical}">').link == ""


def test_a_page_that_asks_for_a_subscription_is_marked() -> None:
    assert page(body=BODY + "<p>Already a subscriber? Sign in to continue.</p>").walled


@pytest.mark.parametrize(
    ("data", "content_type", "said"),
    [
        (b"", "text/html", "holds 0 characters"),
        (b"<p>Too little.</p>", "text/html", "characters of text; the feed's own text is used"),
        (b"%PDF-1.7", "application/pdf", "the page is application/pdf, not HTML"),
        (b"\xff\xfe\x00" * 1000, "text/html", "the feed's own text is used"),
        (b"<div>" * 3_000 + b"deep", "text/html", "the feed's own text is used"),
    ],
)
def test_a_page_without_text_says_so(data: bytes, content_type: str, said: str) -> None:
    with pytest.raises(FetchError) as caught:
        extract(data, HERE, content_type, NOW)
    assert caught.value.reason == "no-text"
    assert said in caught.value.detail


def test_the_shortest_page_is_long_enough_to_cite() -> None:
    assert SHORTEST >= 400


@pytest.mark.corpus
def test_real_pages_give_their_text(corpus: Path) -> None:
    """A few of each; `run.py eval collect` measures all of them."""
    import gzip
    import json

    for name in ("aeb", "fundus_en"):
        with gzip.open(corpus / "articles" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as handle:
            rows = [json.loads(next(handle)) for _ in range(6)]
        got = 0
        for row in rows:
            try:
                got += len(extract(row["html"].encode(), str(row.get("url") or HERE), "text/html", NOW).text) > 500
            except FetchError as error:
                assert error.reason == "no-text"
        assert got >= 5, name
