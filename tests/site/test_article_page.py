"""The article page where an article is not the usual one: sources by hand, another author, two approvals, nothing to cite."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from briefing.model import Claim, Correction, Ledger, Passage
from briefing.site import article_page
from briefing.site.admitted import AdmittedArticle
from briefing.site.catalog import Catalog


@pytest.fixture
def shown(site):
    """`shown(change)`: the page of the lead after `change(admitted article)`."""

    def show(change) -> tuple[Catalog, AdmittedArticle, article_page.view.ArticlePage]:
        newest = site.admitted.editions[-1]
        changed = change(newest.articles[0])
        edition = replace(newest, articles=(changed, *newest.articles[1:]))
        catalog = replace(site.catalog, admitted=replace(site.admitted, editions=(*site.admitted.editions[:-1], edition)))
        return catalog, changed, article_page.page(catalog, changed)

    return show


def steps(page) -> dict[str, str]:
    return {row.label: str(row.html) for row in page.steps}


def test_s46_a_source_without_dates_or_snapshot_says_so_and_an_archived_one_links(shown) -> None:
    def change(a):
        first, second = a.article.sources
        bare = replace(first, published=None, read=None, snapshot="")
        kept = replace(second, archived="https://archive.example/2")
        return replace(a, article=replace(a.article, sources=(bare, kept)))

    _, _, page = shown(change)
    assert (page.sources[0].published, page.sources[0].read, page.sources[0].archived) == (None, None, "")
    assert page.sources[0].reason == "No archived copy: added by the editor."
    assert (page.sources[1].archived, page.sources[1].reason) == ("https://archive.example/2", "")


def test_another_author_has_a_page_and_no_borrowed_biography(shown) -> None:
    catalog, _, page = shown(lambda a: replace(a, article=replace(a.article, author="Ana María Cruz")))
    assert (page.profile.href, page.profile.role, page.profile.bio) == ("/authors/ana-maria-cruz/", "", "")
    assert page.card.role == ""
    assert "ana-maria-cruz" in catalog.authors and catalog.author_name("ana-maria-cruz") == "Ana María Cruz"


def test_a_second_approval_is_named_with_its_day(shown) -> None:
    def change(a):
        return replace(a, second=replace(a.record, approved_by="Priya Shah <priya@brief.example.org>", approved_at=datetime(2026, 11, 27, 3, 0, tzinfo=UTC)))

    text = steps(shown(change)[2])["Approved"]
    # 03:00 in UTC is still the evening of the 26th where the publication is.
    assert text.startswith("By Dana Whitlock, November 26, 2026. And by Priya Shah, November 26, 2026. Revision <code>")


def test_the_revision_links_to_the_repository_where_readers_can_look_it_up(site) -> None:
    publication = site.publication.model_copy(update={"repository": "https://git.example.org/brief?a=1&b=2"})
    catalog = replace(site.catalog, publication=publication)
    text = steps(article_page.page(catalog, catalog.by_id["insurer-ai-register"]))["Approved"]
    assert '<a href="https://git.example.org/brief?a=1&amp;b=2" rel="noopener">' in text


def test_collected_by_hand_over_several_days(shown) -> None:
    def change(a):
        first, second = a.article.sources
        dated = (replace(first, read=date(2026, 11, 18)), second)
        return replace(a, article=replace(a.article, sources=dated), ledger=replace(a.ledger, collected=0, feeds=0, left_out=("a", "b")))

    said = steps(shown(change)[2])
    assert said["Collected"] == "Two sources, chosen by hand, read November 18 to 20, 2026."
    assert said["Drafted"].endswith("Two sentences could not be shown in a source and were left out.")


def test_an_article_that_states_nothing_needs_no_table(shown, site) -> None:
    def change(a):
        ledger = Ledger(
            article=a.id, edition=a.article.edition, claims=(Claim(text="Start with the list.", type="advice", where="meaning", sources=()),), snapshots={}
        )
        return replace(a, ledger=ledger)

    _, _, page = shown(change)
    assert page.claims == ()
    assert page.other_claims == "One other sentence is advice, a question or the house’s own reading and brings in no new fact."
    assert steps(page)["Checked"] == "Nothing in this briefing needs a source."


def test_s52_a_long_passage_is_cut_at_forty_words_and_each_source_is_linked_once(shown) -> None:
    long = " ".join(f"word{n}" for n in range(60))

    def change(a):
        passages = tuple(Passage(source=s, snapshot="", text=long, start=0, end=len(long)) for s in ("s1", "s2", "s1"))
        return replace(a, ledger=replace(a.ledger, claims=(Claim(text="x", type="fact", where="lead", sources=("s1", "s2"), passages=passages),)))

    row = shown(change)[2].claims[0]
    assert [p.split()[-1] for p in row.passages] == ["…"] * 3 and len(row.passages[0].split()) == 41
    assert [(s.text, s.href) for s in row.sources] == [("1", "#source-1"), ("2", "#source-2")]


def test_s52_claims_of_one_passage_share_a_row_and_a_claim_stated_twice_is_named_once(shown) -> None:
    def claim(text: str, passage: str) -> Claim:
        passages = (Passage(source="s1", snapshot="", text=passage, start=0, end=1),) if passage else ()
        return Claim(text=text, type="fact" if passage else "absence", where="lead", sources=("s1",), passages=passages)

    def change(a):
        claims = (claim("One.", "first"), claim("Two.", "second"), claim("Three.", "first"), claim("One.", "first"), claim("No price.", ""))
        return replace(a, ledger=replace(a.ledger, claims=claims))

    _, _, page = shown(change)
    assert [[(c.text, c.often) for c in row.claims] for row in page.claims] == [
        [("One.", "stated twice"), ("Three.", "")],
        [("Two.", "")],
        [("No price.", "")],
    ]
    assert [row.passages for row in page.claims] == [("first",), ("second",), ()]


def test_corrections_stand_newest_first_and_move_the_date(shown) -> None:
    def change(a):
        notes = (Correction(date=date(2026, 11, 25), text="First."), Correction(date=date(2026, 11, 28), text="Second."))
        return replace(a, article=replace(a.article, updated=None, corrections=notes))

    catalog, a, page = shown(change)
    assert [n.text for n in page.corrections] == ["Second.", "First."]
    # No approval was given on the 28th: the time is the publication's sending time.
    assert page.updated and page.updated.iso == "2026-11-28T07:00:00-05:00"
    assert catalog.changed_at(a).isoformat() == page.head.modified == "2026-11-28T07:00:00-05:00"


def test_s42_a_change_before_publication_is_no_update(shown) -> None:
    _, _, page = shown(lambda a: replace(a, article=replace(a.article, updated=date(2026, 11, 23), corrections=())))
    assert page.updated is None and page.head.modified == page.head.published


def test_an_article_without_closing_parts_has_a_shorter_list_of_contents(shown) -> None:
    _, _, page = shown(lambda a: replace(a, article=replace(a.article, meaning=(), next_step=None, faq=())))
    assert [x.text for x in page.contents] == ["What did Larkmoor publish?", "How do they keep a person in charge?", "Sources"]
    assert page.next_step is None and page.faq == ()
    assert '"FAQPage"' not in page.head.structured


def test_dates_are_those_of_the_edition_and_never_past_on_its_day(site) -> None:
    newest, _, first = site.catalog.editions
    assert [d.iso for d in site.catalog.dates_for(newest)] == ["2026-12-15", "2027-01-31"]  # first-reports is past
    assert [d.iso for d in site.catalog.dates_for(first)] == ["2026-12-15", "2027-01-31", "2027-07-01"]  # it names none: the next three
