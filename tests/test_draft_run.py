"""The edition: what drafting writes, what it leaves alone, and what it says when there is nothing to do. The sample week over loopback HTTP."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefing import article, config, edition, evidence, ledger
from briefing.draft.run import RESERVED, Report, draft
from briefing.errors import ConfigError, ContentRefused
from briefing.project import Project
from briefing.store import Store

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 17)
EVENING = datetime(2026, 11, 16, 22, tzinfo=UTC)


@pytest.fixture
def project(filled: Project, tmp_path: Path) -> Project:
    """A copy that a test may change."""
    shutil.copytree(filled.root, tmp_path / "p")
    return Project(tmp_path / "p")


def run(project: Project, day: date = DAY, now: datetime = EVENING, **changes: object) -> Report:
    publication = config.publication(project.settings).model_copy(update=changes)
    with Store.open(project.store) as store:
        return draft(project, publication, day, store, now)


@pytest.fixture(scope="module")
def drafted(filled: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The first edition, drafted once for the tests that only read it."""
    target = tmp_path_factory.mktemp("drafted") / "p"
    shutil.copytree(filled.root, target)
    run(Project(target))
    return Project(target)


def tree(project: Project) -> dict[str, bytes]:
    return {p.relative_to(project.root).as_posix(): p.read_bytes() for p in sorted(project.content.rglob("*")) if p.is_file()}


def test_an_edition_lists_its_drafts_and_what_was_left_aside(drafted: Project) -> None:
    whole = edition.read(drafted.edition(DAY), "edition")
    assert len(whole.articles) == 4
    assert all(drafted.article(DAY, a).is_file() and drafted.evidence(DAY, a).is_file() for a in whole.articles)
    assert whole.status == "needs-review"
    assert 10 <= len(whole.subject) <= 78
    assert 40 <= len(whole.preheader) <= 110
    assert whole.unused
    assert all(u.reason for u in whole.unused)
    assert any("no date" in u.reason for u in whole.unused)


def test_the_four_stories_told_by_several_are_the_drafts(drafted: Project) -> None:
    found = [article.parse(p.read_bytes(), p.name) for p in sorted(drafted.briefings.glob("*/*.md"))]
    assert all(len(a.sources) >= 3 for a in found)
    assert len({a.title for a in found}) == 4
    assert all(a.status == "needs-review" and a.author == "Dana Whitlock" and a.id not in RESERVED for a in found)


def test_each_draft_agrees_with_its_evidence(drafted: Project) -> None:
    with Store.open(drafted.store) as store:
        for path in sorted(drafted.briefings.glob("*/*.md")):
            one = article.parse(path.read_bytes(), path.name)
            book = ledger.read(path.with_suffix("").with_suffix(".evidence.json").read_bytes(), path.name)
            texts = {c.id: store.snapshot(c.snapshot) for c in one.sources}
            assert all(texts.values())
            assert book.made == book.cited > 20
            assert evidence.blocking(evidence.check(one, {k: t for k, t in texts.items() if t})) == ()


def test_no_advice_is_given_twice_in_an_edition(drafted: Project) -> None:
    found = [article.parse(p.read_bytes(), p.name) for p in sorted(drafted.briefings.glob("*/*.md"))]
    assert len({a.short.do for a in found}) == len({a.short.matters for a in found}) == 4
    orders = [p.order for a in found for p in a.meaning]
    assert len(orders) == len(set(orders))


def test_a_second_run_changes_nothing_also_after_edits_and_deletions(project: Project) -> None:
    first = run(project)
    path = next(p for p in first.written if p.suffix == ".md")
    path.write_text(path.read_text(encoding="utf-8").replace("status: needs-review", "status: approved"), encoding="utf-8")
    gone = [p for p in first.written if p.suffix == ".md"][-1]
    gone.unlink()
    before = tree(project)
    again = run(project)
    assert again.written == ()
    assert "stands already" in again.note
    assert tree(project) == before


def test_a_run_that_died_before_the_edition_file_is_finished_and_keeps_what_stands(project: Project) -> None:
    first = run(project)
    project.edition(DAY).unlink()
    edited = next(p for p in first.written if p.suffix == ".md")
    edited.write_bytes(edited.read_bytes() + b"\n")
    before = tree(project)
    run(project)
    after = tree(project)
    assert {k: v for k, v in after.items() if k in before} == before
    assert edition.read(project.edition(DAY), "e").articles == edition.parse(after[f"content/editions/{DAY}.yaml"], "e").articles
    assert len(after) == len(before) + 1


def test_an_empty_week_leaves_nothing_in_the_way_of_a_later_run(project: Project) -> None:
    report = run(project, day=date(2026, 12, 15), now=datetime(2026, 12, 14, 22, tzinfo=UTC))
    assert (report.items, report.written) == (0, ())
    assert not project.edition(date(2026, 12, 15)).exists()


def test_a_story_told_last_week_is_named_as_told(project: Project) -> None:
    run(project)
    report = run(project, day=date(2026, 11, 24), now=datetime(2026, 11, 23, 22, tzinfo=UTC))
    assert all("11-17" not in str(p) for p in report.written)


def test_a_missing_playbook_is_one_line_and_nothing_is_written(project: Project) -> None:
    shutil.rmtree(project.playbook)
    with pytest.raises(ConfigError) as caught:
        run(project)
    assert caught.value.faults == ("playbook/: is missing or holds no .md file; copy the playbook folder of the sample, drafting needs its guidance",)
    assert not project.briefings.exists()


def test_a_broken_edition_file_is_named_and_kept(project: Project) -> None:
    project.editions.mkdir(parents=True)
    project.edition(DAY).write_text("edition: soon\n", encoding="utf-8")
    with pytest.raises(ContentRefused, match=r"content/editions/2026-11-17.yaml:1: edition: "):
        run(project)
    assert project.edition(DAY).read_text(encoding="utf-8") == "edition: soon\n"


def test_the_number_of_drafts_is_the_publications(project: Project) -> None:
    report = run(project, articles=2)
    assert sum(p.suffix == ".md" for p in report.written) == 2
