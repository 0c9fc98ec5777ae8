"""Running text as markup: nothing an article says can become more than words."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from briefing import article as articles
from briefing import inline
from briefing.model import Bullets, Paragraph, PullQuote, Section, Statistic
from briefing.site import blocks, structured

HOSTILE = 'A <script>alert(1)</script> & "quoted" </title> {{ 7*7 }} {% raw %} ]]> <!-- \' é'


@pytest.fixture
def article(admitted):
    return next(a.article for a in admitted.articles if a.id == "insurer-ai-register")


def test_markers_are_numbered_by_place_and_say_so() -> None:
    numbers = blocks.Numbers(("s3", "s1"))
    assert numbers.marker("s3") == '<sup class="cite"><a href="#source-1" aria-label="Source 1">1</a></sup>'
    assert blocks.Numbers(("s1",), "https://x.example/a/?b=1&c=2").marker("s1") == (
        '<sup class="cite"><a href="https://x.example/a/?b=1&amp;c=2#source-1" aria-label="Source 1">1</a></sup>'
    )


@pytest.mark.parametrize(
    "md,html",
    [
        ("One. [s1]", 'One.<sup class="cite"><a href="#source-1" aria-label="Source 1">1</a></sup>'),
        (
            "Two. [s1][s2]",
            'Two.<sup class="cite"><a href="#source-1" aria-label="Source 1">1</a>, <a href="#source-2" aria-label="Source 2">2</a></sup>',
        ),
        ("*Word* and **word**", "<em>Word</em> and <strong>word</strong>"),
        ("[law](https://law.example/?a=1&b=2)", '<a href="https://law.example/?a=1&amp;b=2" rel="noopener">law</a>'),
        ("[bad](javascript:alert(1))", "bad"),
        (inline.escape("<b>&</b>"), "&lt;b&gt;&amp;&lt;/b&gt;"),
    ],
)
def test_a_paragraphs_inside(md: str, html: str) -> None:
    assert blocks.inside(md, blocks.Numbers(("s1", "s2")).marker) == html


def test_every_kind_of_block(article) -> None:
    numbers = blocks.Numbers(("s1", "s2"))
    assert blocks.block(Paragraph(md="x [s1]"), numbers, article).kind == "para"
    listed = blocks.block(Bullets(items=(Paragraph(md="a"), Paragraph(md="b")), ordered=True), numbers, article)
    assert (listed.kind, listed.ordered, listed.items) == ("list", True, ("a", "b"))
    stat = blocks.block(Statistic(figure="14 of 41", md="tools were off. [s2][s1]"), numbers, article)
    assert (stat.figure, stat.html) == ("14 of 41", "tools were off.")
    assert [(s.text, s.href) for s in stat.sources] == [
        ("The Harbour Ledger, Insurer opens its AI list to policyholders", "#source-2"),
        ("Larkmoor Mutual, Our register of AI systems", "#source-1"),
    ]
    assert blocks.block(PullQuote(text="“<b>”", by="x"), numbers, article).text == "“<b>”"


def test_fragments_are_unique_and_never_the_pages_own(article) -> None:
    questions = ("Sources?", "How?", "How?", "Source 1?", "???", "What is new?", "What is new?")
    changed = replace(article, sections=tuple(Section(question=q, blocks=(Paragraph(md="x"),)) for q in questions))
    ids = [s.id for s in blocks.sections(changed, blocks.Numbers(("s1",)))]
    assert ids == ["sources-2", "how-2", "how-3", "on-source-1", "x-2", "what-is-new", "what-is-new-2"]
    assert not set(ids) & set(blocks.RESERVED)


def test_the_body_counts_as_the_article_does(admitted) -> None:
    for a in admitted.articles:
        body = blocks.body(a.article, "https://brief.example.org/x/")
        assert (body.words, body.minutes, body.order) == (articles.words(a.article), articles.minutes(a.article), articles.source_order(a.article))
    assert blocks.WORDS_A_MINUTE == 200


def test_a_feed_has_everything_once_and_whole_addresses(article) -> None:
    html = blocks.feed(article, "https://brief.example.org/a/", ("s1", "s2"))
    soup = BeautifulSoup(html, "html.parser")
    assert [h.get_text() for h in soup.find_all("h2")] == [
        "What did Larkmoor publish?",
        "How do they keep a person in charge?",
        articles.MEANING,
        articles.NEXT_STEP,
        "Sources",
        articles.FAQ,
    ]
    assert html.count("You cannot govern a tool you have forgotten you bought") == 1
    assert "14 of 41" in html and article.limits in html
    assert all(a["href"].startswith("https://") for a in soup.find_all("a"))


def test_the_graph_cannot_be_left() -> None:
    text = structured.script([{"name": HOSTILE + "\u2028"}])
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["@graph"] == [{"name": HOSTILE + "\u2028"}]


def test_hostile_words_stay_words_in_pages_feeds_calendar_and_graph(build, admitted, tmp_path) -> None:
    """The gate refuses most of this; the theme must not rely on it."""
    newest = admitted.editions[-1]
    lead = newest.articles[0]
    bad = replace(
        lead.article,
        title=HOSTILE,
        dek=HOSTILE,
        kicker=HOSTILE[:50],
        limits=HOSTILE,
        short=replace(lead.article.short, happened=HOSTILE),
        sources=tuple(replace(s, title=HOSTILE, publisher=HOSTILE[:40]) for s in lead.article.sources),
        faq=tuple(replace(f, question=HOSTILE) for f in lead.article.faq),
        sections=tuple(replace(s, question=HOSTILE) for s in lead.article.sections),
    )
    changed = replace(lead, article=bad, ledger=replace(lead.ledger, claims=tuple(replace(c, text=HOSTILE) for c in lead.ledger.claims)))
    edition = replace(newest, articles=(changed, *newest.articles[1:]))
    deadlines = tuple(replace(d, instrument=HOSTILE, event=HOSTILE, citation="a;b,c\\n") for d in admitted.deadlines)
    site = build(
        tmp_path,
        replace(
            admitted,
            articles=tuple(changed if a.id == lead.id else a for a in admitted.articles),
            editions=(*admitted.editions[:-1], edition),
            deadlines=deadlines,
        ),
    )
    shown = " ".join(HOSTILE.split())
    for name, page in site.pages():
        assert [s.get("type") for s in page.find_all("script")] in ([], ["application/ld+json"]), name
        assert not page.find_all(string=lambda t: type(t).__name__ == "Comment"), name
    page = site.page("2026/11/insurer-ai-register/index.html")
    assert " ".join(page.h1.get_text().split()) == shown
    for name in ("feeds/all.atom.xml", "feeds/editions.atom.xml", "sitemap.xml"):
        ElementTree.fromstring(site.text(name))
    atom = ElementTree.fromstring(site.text("feeds/all.atom.xml"))
    assert atom.find("{*}entry/{*}title").text == HOSTILE
    items = json.loads(site.text("feeds/all.json"))["items"]
    assert items[0]["title"] == HOSTILE
    assert BeautifulSoup(items[0]["content_html"], "html.parser").find("script") is None
