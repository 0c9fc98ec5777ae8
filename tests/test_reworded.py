"""A source that says something else than what was read: reworded in its feed, read anew, taken back; and when nothing is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing import article, reworded, trial
from briefing.collect.merge import Change
from briefing.model import Article, Item, Snapshot
from briefing.project import Project
from briefing.store import Brought, State, Store, hash_of

READ = datetime(2026, 11, 20, tzinfo=UTC)
LATER = READ + timedelta(days=2)
ITEM = Item(id="a" * 16, source="x", url="https://x.example/1", title="Office lists tools", first_seen=READ, summary="The office lists 27 tools.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "briefing.sqlite", write=True, now=READ) as opened:
        put(opened, ITEM, READ)
        yield opened


def put(store: Store, item: Item, now: datetime) -> None:
    store.save(Brought(state=State(source="x", url="https://x.example/feed"), changes=(Change(item, f"digest {item.version}", ()),)), now=now)


def page(store: Store, text: str, read: datetime, item: Item = ITEM) -> str:
    digest = hash_of(text)
    store.save_page(item, "read", "", Snapshot(hash=digest, item=item.id, url=item.url, text=text, read=read, origin="page", title=item.title), now=read)
    return digest


def citing(digest: str) -> Article:
    made = trial.make_article("wabash-tools")
    return replace(made, sources=(replace(made.sources[0], snapshot=digest), made.sources[1]))


def what(store: Store, digest: str) -> list[str]:
    return [one.what for one in reworded.of(citing(digest), "a.md", store)]


def test_what_stands_as_it_was_read_is_not_mentioned(store: Store) -> None:
    assert what(store, hash_of(ITEM.summary)) == []
    assert what(store, page(store, "The whole page.", READ)) == []
    assert what(store, "sha256:" + "0" * 64) == [], "a text that this machine never had"


def test_a_new_wording_in_the_feed_is_told_with_both_titles(store: Store) -> None:
    put(store, replace(ITEM, title="Office lists 14 tools", summary="The office lists 14 tools.", version=2), LATER)
    assert what(store, hash_of(ITEM.summary)) == [
        "was changed by its publisher since it was read on 2026-11-20: “Office lists tools” is now “Office lists 14 tools”"
    ]


@pytest.mark.parametrize("word", ["Retracted", "Correction", "withdrawn", "Erratum"])
def test_what_was_taken_back_is_told_with_the_word(store: Store, word: str) -> None:
    put(store, replace(ITEM, summary=f"{word}: the list has 14 tools.", version=2), LATER)
    assert what(store, hash_of(ITEM.summary)) == [f"was changed by its publisher since it was read on 2026-11-20 (it says “{word}”)"]


def test_a_page_counts_as_changed_when_it_was_read_anew_or_its_feed_was_reworded(store: Store) -> None:
    first = page(store, "The whole page.", READ)
    second = replace(ITEM, summary="Other words.", version=2)
    put(store, second, LATER)
    assert what(store, first) == ["was changed by its publisher since it was read on 2026-11-20"]
    assert page(store, "The whole page.", LATER, second) == first
    assert what(store, first) == [], "the page was read again and says the same"
    page(store, "Another page.", LATER + timedelta(days=1), replace(second, version=2))
    assert what(store, first) == ["was changed by its publisher since it was read on 2026-11-20"]


def test_every_article_is_looked_at_and_one_that_breaks_the_form_hides_no_other(store: Store, tmp_path: Path) -> None:
    project = Project(tmp_path / "p")
    for n, day in enumerate(("2026-11-17", "2026-11-24")):
        path = project.briefings / day / f"a{n}.md"
        path.parent.mkdir(parents=True)
        path.write_bytes(article.write(citing(hash_of(ITEM.summary))) if n else b"no front matter")
    put(store, replace(ITEM, summary="Other words.", version=2), LATER)
    (one,) = reworded.everywhere(project, store)
    assert str(one) == (
        "content/briefings/2026-11-24/a1.md:16: s1 was changed by its publisher since it was read on 2026-11-20; "
        "read it again, then correct the article or leave it and say why"
    )
