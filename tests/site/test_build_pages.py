"""What holds of a build as a whole: the same bytes again, few files a week, nothing that was not let through, empty states."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import feedparser
import pytest

from briefing.errors import BriefingError, ContentRefused
from briefing.model import Claim
from briefing.site import article_page, blocks, pages, staging
from briefing.site.admitted import Admitted, Withdrawn
from briefing.site.writer import keep
from evals import _crawl

ROOT = Path(__file__).resolve().parents[2]
EMPTY = Admitted(level=1, current=date(2026, 11, 24), articles=(), editions=(), pages=(), deadlines=())

AGAIN = """
import importlib.util, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("world", sys.argv[1])
world = importlib.util.module_from_spec(spec)
sys.modules["world"] = world
spec.loader.exec_module(world)
world.build_site(Path(sys.argv[2]), world.make_admitted())
"""


@pytest.mark.parametrize("seed,zone", [("1", "Pacific/Auckland"), ("4242", "America/Los_Angeles")])
def test_s75_two_builds_are_byte_identical_in_another_place_zone_and_hash_order(site, tmp_path, seed: str, zone: str) -> None:
    env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", AGAIN, str(Path(__file__).parent / "conftest.py"), str(tmp_path)], check=True, env=env, cwd=ROOT)
    again = {p.relative_to(tmp_path / "site").as_posix(): p.read_bytes() for p in sorted((tmp_path / "site").rglob("*")) if p.is_file()}
    assert list(again) == list(site.tree())
    assert [name for name, data in site.tree().items() if again[name] != data] == []


def test_a_new_edition_leaves_the_pages_of_earlier_articles_alone(build, admitted, tmp_path, site) -> None:
    """Article pages carry nothing that changes weekly; what changes are lists, feeds and the edition before."""
    newest = admitted.editions[-1]
    before = replace(
        admitted,
        articles=tuple(a for a in admitted.articles if a.article.edition != newest.edition.date),
        editions=admitted.editions[:-1],
        current=date(2026, 11, 17),
    )
    old = build(tmp_path, before).tree()
    new = site.tree()
    changed = {name for name, data in new.items() if old.get(name) != data and name in old}
    assert not {n for n in changed if n.startswith(("2026/", "about/", "how-we-work/", "privacy/", "404", "assets/"))}
    assert "editions/3/index.html" in changed and "editions/1/index.html" not in changed
    assert "index.html" in changed and "feeds/all.atom.xml" in changed


def test_each_article_is_read_and_placed_once_however_many_pages_list_it(build, admitted, tmp_path, monkeypatch) -> None:
    read: list[str] = []
    placed: list[str] = []
    body, page = blocks.body, article_page.page
    monkeypatch.setattr(blocks, "body", lambda a, address: read.append(a.id) or body(a, address))
    monkeypatch.setattr(article_page, "page", lambda c, a: placed.append(a.id) or page(c, a))
    build(tmp_path, admitted)
    ids = sorted(a.id for a in admitted.articles)
    assert sorted(read) == sorted(placed) == ids


def test_a_file_with_the_same_bytes_keeps_its_time(tmp_path) -> None:
    path = tmp_path / "folder" / "page.html"
    assert keep(path, b"words") is True
    os.utime(path, ns=(10**18, 10**18))
    assert keep(path, b"words") is False and path.stat().st_mtime_ns == 10**18
    assert keep(path, b"other") is True and path.read_bytes() == b"other"


def test_s57_with_nothing_approved_every_page_says_so_in_a_sentence(build, tmp_path) -> None:
    site = build(tmp_path, EMPTY)
    said = {
        "index.html": "No edition has been published yet. The first one stands here once an editor has approved it.",
        "archive/index.html": "No edition has been published yet.",
        "topics/index.html": "No briefing has been published yet.",
        "deadlines/index.html": "No date lies ahead in our list.",
        "corrections/index.html": "No briefing has needed a correction so far.",
        "authors/dana-whitlock/index.html": "Nothing by this author has been published yet.",
    }
    for path, sentence in said.items():
        assert sentence in " ".join(site.page(path).main.get_text(" ").split()), path
    assert "<updated>2026-11-03T00:00:00+00:00</updated>" in site.text("feeds/all.atom.xml")
    assert site.text("feeds/all.json").count('"items": []') == 1
    assert not list((site.out / "2026").glob("*")) if (site.out / "2026").exists() else True


def test_empty_site_has_no_dead_link(build, tmp_path) -> None:
    site = build(tmp_path, EMPTY)
    assert _crawl.dead(site.out, "https://brief.example.org") == []


def test_a_file_that_changed_after_the_gate_stops_the_build(build, admitted, tmp_path, monkeypatch) -> None:
    stage = staging.stage

    def tampered(given: Admitted, folder: Path) -> Path:
        done = stage(given, folder)
        path = done / "city-permits.md"
        path.write_bytes(path.read_bytes().replace(b"Alder Bay", b"Elder Bay", 1))
        return done

    monkeypatch.setattr(staging, "stage", tampered)
    with pytest.raises(BriefingError, match=r"city-permits\.md: changed between the check and the build"):
        build(tmp_path, admitted)


def test_a_file_that_was_never_let_through_stops_the_build(build, admitted, tmp_path, monkeypatch) -> None:
    stage = staging.stage

    def smuggled(given: Admitted, folder: Path) -> Path:
        done = stage(given, folder)
        (done / "smuggled.md").write_bytes(b"Title: Smuggled\nDate: 2026-11-24\nStatus: published\n\nUnapproved words.\n")
        return done

    monkeypatch.setattr(staging, "stage", smuggled)
    with pytest.raises(BriefingError, match=r"smuggled\.md: stands in the staging folder but was not let through"):
        build(tmp_path, admitted)


def test_s44_an_article_with_an_unsupported_claim_is_never_shown_as_cited(site) -> None:
    a = site.catalog.by_id["city-permits"]
    worse = replace(a, ledger=replace(a.ledger, claims=(*a.ledger.claims, Claim(text="The moon is near.", type="fact", where="lead", sources=("s1",)))))
    editions = tuple(replace(e, articles=tuple(worse if x.id == a.id else x for x in e.articles)) for e in site.admitted.editions)
    catalog = replace(site.catalog, admitted=replace(site.admitted, editions=editions))
    with pytest.raises(ContentRefused) as caught:
        article_page.page(catalog, catalog.by_id["city-permits"])
    assert str(caught.value) == (
        "content/briefings/2026-11-24/city-permits.md: 1 of 7 claims have no passage in a source; run `briefing check` and cite or remove them"
    )


def test_two_articles_with_one_id_are_refused(site) -> None:
    first, newest = site.admitted.editions[0], site.admitted.editions[-1]
    twin = replace(first.articles[0], article=replace(first.articles[0].article, id=newest.articles[0].id))
    catalog = replace(site.catalog, admitted=replace(site.admitted, editions=(replace(first, articles=(twin,)), newest)))
    with pytest.raises(ContentRefused, match="is also that of content/briefings"):
        assert catalog.by_id


def test_a_trial_site_says_that_nothing_was_approved(build, admitted, tmp_path) -> None:
    editions = tuple(replace(e, record=None, articles=tuple(replace(a, record=None) for a in e.articles)) for e in admitted.editions)
    trial = replace(admitted, level=0, editions=editions, articles=tuple(a for e in editions for a in e.articles))
    page = build(tmp_path, trial).page("2026/11/city-permits/index.html")
    text = " ".join(page.get_text(" ").split())
    assert "Published as a trial, without a recorded approval" in text
    assert "No approval is recorded: this site runs as a trial." in text


def test_a_withheld_article_is_named_on_its_edition(site) -> None:
    newest = site.catalog.newest
    fewer = replace(newest, articles=newest.articles[:2], complete=False, why="two are not approved")
    catalog = replace(site.catalog, admitted=replace(site.admitted, editions=(*site.admitted.editions[:-1], fewer)))
    assert pages.edition(catalog, fewer).withheld == "Two briefings of this edition are withheld until an editor has approved them again."


def test_s59_what_was_withdrawn_is_told_without_its_words(build, admitted, tmp_path) -> None:
    record = replace(
        admitted.articles[0].record,
        decision="withdraw",
        article="secret-headline-words",
        note="A source took its figures back & we could not replace them.",
        approved_at=datetime(2026, 11, 25, 2, 0, tzinfo=UTC),
    )
    gone = (
        Withdrawn(id="secret-headline-words", edition=date(2026, 11, 17), record=record),
        Withdrawn(id="edition-2026-11-10", edition=date(2026, 11, 10), record=replace(record, note="", approved_at=datetime(2026, 11, 12, tzinfo=UTC))),
    )
    site = build(tmp_path, replace(admitted, withdrawn=gone))
    lines = [" ".join(li.get_text(" ").split()) for li in site.page("corrections/index.html").find(id="withdrawn").parent.select("li")]
    assert lines == [
        "A briefing of November 17, 2026 Withdrawn November 24, 2026. A source took its figures back & we could not replace them.",
        "The edition of November 10, 2026 Withdrawn November 11, 2026.",
    ]
    feed = feedparser.parse(site.text("feeds/corrections.atom.xml"))
    assert not feed.bozo
    assert [e.title for e in feed.entries] == [
        "Correction: Larkmoor Mutual publishes its AI register and names an owner for each system",
        "Withdrawn: a briefing of November 17, 2026",
        "Withdrawn: the edition of November 10, 2026",
    ]
    assert feed.entries[0].id == "tag:brief.example.org,2026-11-26:/2026/11/insurer-ai-register/corrections/1"
    assert feed.entries[0].link == "https://brief.example.org/2026/11/insurer-ai-register/#correction"
    assert not [name for name, data in site.tree().items() if b"secret-headline-words" in data and not name.startswith("email/")]


def test_an_edition_that_nobody_approved_as_such_only_lists_its_briefings(build, admitted, tmp_path) -> None:
    newest = admitted.editions[-1]
    bare = replace(newest.edition, subject="", preheader="", deadlines=(), unused=(), articles=tuple(sorted(newest.edition.articles)))
    listed = replace(newest, edition=bare, record=None, approved=False, complete=False, why="the edition file is not approved")
    site = build(tmp_path, replace(admitted, editions=(*admitted.editions[:-1], listed)))
    text = " ".join(site.page("editions/4/index.html").get_text(" ").split())
    assert "Each briefing above was approved by itself; this page only lists them." in text
    assert "withheld" not in text
