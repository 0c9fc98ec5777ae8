"""What is chosen when news misleads and clocks are wrong: rows N01, N02, P10, T03, T04, over real feeds and the real commands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from briefing import article, cli, config, edition, rank
from briefing.project import Project
from briefing.store import Store
from evals import ROOT
from evals import _feeds as feeds
from evals._feeds import NOW
from evals._serve import Site
from evals.hostile import PAGES, told

DAY = date(2026, 11, 24)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run a command on a project at a moment: exit code and what it printed."""

    def command(project: Project, now: datetime, *args: str) -> tuple[int, str]:
        capsys.readouterr()
        code = cli.main([args[0], "--project", str(project.root), "--now", now.isoformat(), *args[1:]])
        return code, capsys.readouterr().out

    return command


# ----------------------------------------------------------------- N01: floods


def test_n01_a_flood_gets_no_more_than_its_share_and_the_editor_sees_why(
    site: Site, tmp_path: Path, hostile: Path, run: Callable[..., tuple[int, str]]
) -> None:
    project = feeds.project(
        tmp_path / "p", site, {"acme": "Acme", "one": "One Gazette", "two": "Two Times", "three": "Three Post", "four": "Four Wire"}, {"acme": "primary"}
    )
    whole = (hostile / "feeds" / "flood.xml").read_bytes()
    flood = feeds.rss("acme.example", [told(slug) for slug in PAGES[:5]])
    feeds.serve(site, "acme", whole.replace(b"</channel>", flood.partition(b"</title>")[2].partition(b"</channel>")[0] + b"</channel>"))
    for key, slug in zip(("one", "two", "three", "four"), PAGES[5:], strict=True):
        feeds.serve(site, key, feeds.rss(f"{key}.example", [told(slug)]))
    assert run(project, NOW, "collect")[0] == 0
    code, out = run(project, NOW, "draft", "--json", "--articles", "5")
    assert code == 0
    said = json.loads(out)
    made = edition.read(project.edition(DAY), "edition")
    leads = [article.parse(project.article(DAY, key).read_bytes()).sources[0].publisher for key in made.articles]
    assert set(leads) >= {"Acme", "One Gazette"}, "the flood and the ordinary feeds are both heard"
    assert leads.count("Acme") == 1, "30 % of five stories is one and a half"
    capped = [s for s in said["stories"] if s["reason"].startswith("Acme leads")]
    assert capped
    assert {u.reason for u in made.unused if u.reason.startswith("Acme leads")} == {s["reason"] for s in capped}


@pytest.mark.parametrize(("articles", "most"), [(1, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 2), (9, 2)])
def test_n01_a_share_is_never_rounded_up(articles: int, most: int) -> None:
    settings = config.publication(ROOT / "pelicanconf.py").model_copy(update={"articles": articles})
    assert rank.share(settings) == most


def test_n01_feeds_of_one_owner_are_one_source(site: Site, tmp_path: Path, run: Callable[..., tuple[int, str]]) -> None:
    names = {"acme-a": "Acme News", "acme-b": "Acme Blog", "acme-c": "Acme Labs", "one": "One Gazette", "two": "Two Times"}
    families = {key: "acme" for key in names if key.startswith("acme")}
    project = feeds.project(tmp_path / "p", site, names, dict.fromkeys(families, "primary"), families)
    for n, key in enumerate(names):
        feeds.serve(site, key, feeds.rss(f"{key}.example", [told(PAGES[n])]))
    run(project, NOW, "collect")
    said = json.loads(run(project, NOW, "draft", "--json", "--articles", "4")[1])
    owned = [s for s in said["stories"] if s["title"] in {told(slug).title for slug in PAGES[:3]}]
    assert len(owned) == 3
    assert sum(s["chosen"] for s in owned) == 1


# -------------------------------------------------------- N02: near-duplicates


def test_n02_twelve_wordings_are_one_story_with_its_variants_listed(site: Site, tmp_path: Path, hostile: Path, run: Callable[..., tuple[int, str]]) -> None:
    project = feeds.project(tmp_path / "p", site, {"acme": "Acme", "one": "One Gazette"})
    feeds.serve(site, "acme", (hostile / "feeds" / "near-duplicates.xml").read_bytes())
    feeds.serve(site, "one", feeds.rss("one.example", [told(PAGES[0])]))
    run(project, NOW, "collect")
    said = json.loads(run(project, NOW, "draft", "--json")[1])
    (story,) = [s for s in said["stories"] if "compliant" in s["title"]]
    assert story["items"] == 12
    assert len(story["variants"]) == 11
    assert {v["title"].rstrip("!") for v in story["variants"]} <= {
        "Acme announces AI tool is now compliant",
        "Acme Inc says AI tool is now compliant",
        "Acme Ltd announces AI tool is now compliant",
        "Acme, says AI tool is now compliant",
    }
    assert len({v["url"] for v in story["variants"]}) == 11
    made = edition.read(project.edition(DAY), "edition")
    assert sum("compliant" in u.title for u in made.unused) == 1


# ----------------------------------------------------------- P10: what changed


def test_p10_a_draft_says_that_its_source_was_changed_and_keeps_both_wordings(
    site: Site, tmp_path: Path, hostile: Path, run: Callable[..., tuple[int, str]]
) -> None:
    project = feeds.project(tmp_path / "p", site, {"feed": "The Feed"})
    feeds.serve(site, "feed", (hostile / "feeds" / "history-1.xml").read_bytes())
    assert run(project, NOW, "collect")[0] == 0
    feeds.cite(project, DAY, "Regulator fines firm EUR 10 million")
    name = project.name(project.article(DAY, "regulator-fine"))
    before = project.article(DAY, "regulator-fine").read_bytes()
    assert "was changed by its publisher" not in run(project, NOW, "check")[1]

    feeds.serve(site, "feed", (hostile / "feeds" / "history-2.xml").read_bytes())
    code, out = run(project, NOW + timedelta(days=1), "collect")
    assert code == 0
    expected = (
        f"{name}:16: s1 was changed by its publisher since it was read on 2026-11-22: “Regulator fines firm EUR 10 million” is now "
        "“Regulator fines firm EUR 1 million” (it says “Correction”); read it again, then correct the article or leave it and say why"
    )
    assert [line for line in out.splitlines() if line.startswith("warning: ")][:1] == [f"warning: {expected}"], (
        "the run that sees the change names the edition's article that cites it"
    )
    assert f"{expected}.\n" in run(project, NOW + timedelta(days=1), "check")[1]
    told_again = json.loads(run(project, NOW + timedelta(days=1), "check", "--json")[1])
    assert next(line for a in told_again["articles"] for line in a["reworded"]) == expected
    assert project.article(DAY, "regulator-fine").read_bytes() == before, "nothing is changed by itself"

    with Store.open(project.store) as store:
        items = {i.title: i for i in store.items(NOW - timedelta(days=1), NOW + timedelta(days=2))}
        assert set(items) == {"Regulator fines firm EUR 1 million", "Stays"}, "what left the feed is not deleted"
        versions = store.versions(items["Regulator fines firm EUR 1 million"].id)
        assert [(v.version, v.title) for v in versions] == [(1, "Regulator fines firm EUR 10 million"), (2, "Regulator fines firm EUR 1 million")]


# -------------------------------------------------------------- T03, T04: time


@pytest.fixture
def week(site: Site, tmp_path: Path) -> Project:
    project = feeds.project(tmp_path / "p", site, {"one": "One Gazette", "two": "Two Times"}, {"one": "primary"})
    feeds.serve(site, "one", feeds.rss("one.example", [told(PAGES[0])]))
    feeds.serve(site, "two", feeds.rss("two.example", [told(PAGES[1])]))
    return project


def tree(project: Project) -> dict[str, bytes]:
    return {p.relative_to(project.root).as_posix(): p.read_bytes() for p in sorted(project.content.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("late_h", [0, 7, 29.9])
def test_t03_a_late_job_and_a_doubled_one_make_the_right_edition_once(week: Project, late_h: float, run: Callable[..., tuple[int, str]]) -> None:
    zone = timedelta(hours=5)  # Indianapolis in November
    midnight = datetime(2026, 11, 24, tzinfo=UTC) + zone
    assert run(week, NOW, "collect")[0] == 0
    late = midnight + timedelta(hours=late_h)
    assert run(week, late, "collect")[0] == 0
    assert json.loads(run(week, late, "draft", "--json")[1])["edition"] == "2026-11-24"
    first = tree(week)
    assert sum(name.endswith(".md") for name in first) == 2
    again = json.loads(run(week, late + timedelta(minutes=3), "draft", "--json")[1])
    assert again["written"] == []
    assert tree(week) == first
    after = json.loads(run(week, midnight + timedelta(days=2), "draft", "--json")[1])
    assert after["edition"] == "2026-12-01"
    assert [s for s in after["stories"] if s["chosen"]] == [], "next week's edition tells none of it again"


def stored(project: Project) -> dict[str, Any]:
    with Store.open(project.store) as store:
        items = store.items(datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))
    assert len({i.id for i in items}) == len(items)
    return {i.title: (i.first_seen, i.mark, i.version) for i in items}


def test_t04_a_clock_set_back_a_day_loses_and_repeats_nothing_and_is_told(site: Site, week: Project, run: Callable[..., tuple[int, str]]) -> None:
    run(week, NOW, "collect")
    before = stored(week)
    feeds.serve(site, "two", feeds.rss("two.example", [told(PAGES[1]), told(PAGES[2])]))
    code, out = run(week, NOW - timedelta(days=1), "collect")
    assert code == 0
    assert "warning: the clock says 2026-11-21 12:00 UTC, the last run was at 2026-11-22 12:00: check the machine's clock" in out
    after = stored(week)
    assert {t: after[t] for t in before} == before
    assert len(after) == 3
    run(week, NOW + timedelta(hours=1), "collect")
    assert stored(week) == after
    assert len(json.loads(run(week, NOW + timedelta(hours=2), "draft", "--json")[1])["stories"]) == 3


def test_t04_a_clock_a_year_ahead_hides_no_item_from_its_week(site: Site, week: Project, run: Callable[..., tuple[int, str]]) -> None:
    """The run in the wrong year sees an item first; the week it belongs to has it all the same."""
    run(week, NOW, "collect")
    feeds.serve(site, "two", feeds.rss("two.example", [told(PAGES[1]), told(PAGES[2])]))
    assert run(week, NOW + timedelta(days=365), "collect")[0] == 0
    code, out = run(week, NOW + timedelta(hours=1), "collect")
    assert code == 0
    assert "the last run was at 2027-11-22 12:00: check the machine's clock" in out
    now = stored(week)
    assert len(now) == 3
    assert {mark for _, mark, _ in now.values()} == {""}
    assert max(seen for seen, _, _ in now.values()) == NOW + timedelta(hours=1)
    said = json.loads(run(week, NOW + timedelta(hours=2), "draft", "--json")[1])
    assert len(said["stories"]) == 3
    assert run(week, NOW + timedelta(hours=3), "collect")[0] == 0
    assert stored(week) == now


def test_t04_a_wait_that_a_wrong_clock_wrote_down_ends_with_the_week(site: Site, week: Project, run: Callable[..., tuple[int, str]]) -> None:
    run(week, NOW + timedelta(days=365), "collect")
    feeds.serve(site, "one", feeds.rss("one.example", [told(PAGES[0]), told(PAGES[3])]))
    code, _ = run(week, NOW, "collect")
    assert code == 0
    assert len(stored(week)) == 3, "both sources were asked although their last run lies in the future"
