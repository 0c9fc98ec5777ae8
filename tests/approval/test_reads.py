"""`reads-as`: a template that changes words or links of an approved article is noticed, a restyle is not. Row A13."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing import approval, trial
from briefing.site import reads

if TYPE_CHECKING:
    from tests.approval.conftest import Desk

PAGE = b'<!doctype html><html><body><nav>x</nav><article><p class="a">One <b>two</b> <a href="/x/">three</a>.</p>%s</article></body></html>'


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (b'class="a"', b'class="b" id="c" style="color: red"', True),
        (b"<p ", b"<div ", True),
        (b"<b>two</b>", b"<em>two</em>", True),
        (b"<b>two</b>", b"<span><b>two</b></span>", True),
        (b"<nav>x</nav>", b"<nav>y</nav>", True),
        (b"%s", b"<aside>Related reading</aside>", True),
        (b"%s", b'<section class="ref author">Dana</section>', True),
        (b"%s", b"<!-- a comment -->", True),
        (b"One <b>", b"One\n   <b>", True),
        (b"two", b"2", False),
        (b"/x/", b"/y/", False),
        (b"One <b>", b"One<b>", False),
        (b"%s", b"<p>Sponsored</p>", False),
        (b"%s", b'<img src="/a.png" alt="">', False),
        (b"%s", b'<span title="Sponsored"></span>', False),
        (b".</p>", b"</p>", False),
    ],
)
def test_words_and_links_count_and_looks_do_not(old: bytes, new: bytes, same: bool) -> None:
    before, after = PAGE.replace(b"%s", b""), PAGE.replace(old, new).replace(b"%s", b"")
    assert (reads.of_page(before) == reads.of_page(after)) is same


def test_words_of_a_stylesheet_count_and_its_signs_do_not() -> None:
    page = PAGE.replace(b"%s", b"")
    assert reads.of_page(page, 'p{color:red} a::after{content:" →"}') == reads.of_page(page, "")
    assert reads.of_page(page, 'p::before{content:"Sponsored"}') != reads.of_page(page, "")


@pytest.fixture
def site(make_desk: Callable[..., Desk]) -> Desk:
    """An approved article and edition whose records say how they read."""
    desk = make_desk(theme=True, reads_as="report")
    desk.approve("wabash-tools", "--edition", trial.DAY.isoformat())
    desk.commit("Approve")
    return desk


def template(site: Desk, name: str) -> Path:
    return site.project.root / "themes/briefing/templates" / name


def test_the_record_says_how_it_reads_and_an_unchanged_theme_agrees(site: Desk) -> None:
    for subject in ("wabash-tools", "edition-2026-11-24"):
        assert approval.read(site.record(subject).read_bytes()).reads_as.startswith("sha256:")
    code, report, _ = site.build_cli()
    assert (code, report["reads_differently"]) == (0, [])


def test_a13_a_restyle_needs_nothing_and_other_words_are_reported(site: Desk) -> None:
    css = next(iter(sorted((site.project.root / "themes/briefing/static/css").glob("*.css"))))
    css.write_text(css.read_text(encoding="utf-8") + "\np { color: #123456 }\n", encoding="utf-8")
    site.edit(template(site, "article.html"), '<p class="dek">', '<p class="dek big">')
    assert site.build()[1]["reads_differently"] == []
    site.edit(template(site, "article.html"), '<p class="dek big">', '<p class="dek big">Sponsored. ')
    code, report, _ = site.build()
    assert (code, report["reads_differently"]) == (0, [{"id": "wabash-tools", "what": "page"}])
    _, out, _ = site.run("build")
    assert "Reads otherwise than approved: the page of wabash-tools." in out


def test_a13_where_the_publication_is_strict_the_old_site_stays(site: Desk) -> None:
    site.build()
    before = (site.project.output / "2026/11/wabash-tools/index.html").read_bytes()
    site.edit(site.project.settings, '"reads_as": "report"', '"reads_as": "strict"')
    site.edit(template(site, "article.html"), '<p class="dek">', '<p class="dek">Sponsored. ')
    code, _, err = site.build()
    assert (code, "wabash-tools: the theme or the settings make it read otherwise than approved" in err) == (5, True)
    assert (site.project.output / "2026/11/wabash-tools/index.html").read_bytes() == before


def test_a_branch_cannot_make_a_strict_publication_lenient(site: Desk) -> None:
    site.edit(site.project.settings, '"reads_as": "report"', '"reads_as": "off"')
    site.edit(template(site, "article.html"), '<p class="dek">', '<p class="dek">Sponsored. ')
    assert site.build()[0] == 0, "without a floor the setting decides"
    code, _, err = site.build(BRIEFING_MIN_READS_AS="strict")
    assert (code, "wabash-tools: the theme or the settings make it read otherwise than approved" in err) == (5, True)


def test_another_article_beside_it_changes_nothing(site: Desk) -> None:
    site.edit(site.project.edition(trial.DAY), "  - wabash-tools\n", "  - wabash-tools\n  - monon-tools\n")
    site.approve("monon-tools", "--edition", trial.DAY.isoformat())
    code, report, _ = site.build()
    assert (code, report["reads_differently"], len(report["published"])) == (0, [], 2)


def test_a_theme_that_cannot_be_shown_is_said_and_does_not_stop_the_editor(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(theme=True, reads_as="report")
    desk.edit(template(desk, "article.html"), "{% block main %}", "{% block main %}{{ nothing.at.all }}")
    code, out, err = desk.run("approve", "wabash-tools", "--yes", "--json")
    assert (code, json.loads(out)[0]["id"]) == (0, "wabash-tools")
    assert "the page could not be previewed, so the record does not say how it reads (" in err
    assert approval.read(desk.record("wabash-tools").read_bytes()).reads_as == ""
