from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing import store as storing
from briefing.collect.entries import Entry
from briefing.collect.merge import Merged, merge
from briefing.errors import LockHeld, StorageError
from briefing.model import Snapshot, Source
from briefing.store import MIGRATIONS, Brought, State, Store, hash_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SOURCE = Source(id="ledger", name="The Ledger", url="https://ledger.example/feed", site="https://ledger.example/", category="x", kind="rss", tier="wire")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "var" / "briefing.sqlite", write=True, now=NOW) as opened:
        yield opened


def entry(n: int = 1, title: str = "", text: str = "Text.", **given: object) -> Entry:
    fields = {"id": f"g{n}", "link": f"https://ledger.example/{n}", "title": title or f"Story {n}", "summary": text, "published": NOW - timedelta(hours=n)}
    return Entry(**{**fields, **given})  # type: ignore[arg-type]


def keep(store: Store, *entries: Entry, now: datetime = NOW) -> Merged:
    merged = merge(entries, store.memory(SOURCE.id), SOURCE, now)
    state = State(source=SOURCE.id, url=SOURCE.url, etag='"1"', last_good=now, last_try=now)
    store.save(Brought(state=state, changes=merged.changes, names=merged.names), now=now)
    return merged


def test_what_is_saved_is_read_back_whole(store: Store) -> None:
    keep(store, entry(1, fields={"effective_on": "2027-05-18"}, author="Ruth", publisher="Wire"))
    (item,) = store.items(NOW, NOW + timedelta(seconds=1))
    assert (item.source, item.url, item.title, item.author, item.publisher) == ("ledger", "https://ledger.example/1", "Story 1", "Ruth", "Wire")
    assert (item.published, item.first_seen, item.mark, item.version) == (NOW - timedelta(hours=1), NOW, "", 1)
    assert item.fields == {"effective_on": "2027-05-18"}
    assert store.item(item.id) == item
    assert store.item("0" * 16) is None
    snapshot = store.snapshot_of(item.id)
    assert snapshot is not None
    assert (snapshot.hash, snapshot.text, snapshot.origin, snapshot.read) == (hash_of("Text."), "Text.", "feed", NOW)
    assert store.snapshot(snapshot.hash) == snapshot
    assert store.snapshots([snapshot.hash, "sha256:none"]) == {snapshot.hash: snapshot}
    assert store.states()["ledger"].etag == '"1"'


def test_a_window_holds_its_start_and_not_its_end(store: Store) -> None:
    keep(store, entry(1))
    keep(store, entry(2), now=LATER)
    assert [i.title for i in store.items(NOW, LATER)] == ["Story 1"]
    assert [i.title for i in store.items(LATER, LATER + timedelta(days=7))] == ["Story 2"]


def test_p10_a_new_wording_is_a_version_and_the_old_text_stays(store: Store) -> None:
    keep(store, entry(1, "Regulator fines firm EUR 10 million", "The regulator fined the firm EUR 10 million."))
    (before,) = store.items(NOW, LATER)
    keep(store, entry(1, "Regulator fines firm EUR 1 million", "Correction: the fine is EUR 1 million."), now=LATER)
    now = store.item(before.id)
    assert now is not None
    assert (now.title, now.version, now.first_seen) == ("Regulator fines firm EUR 1 million", 2, NOW)
    assert [v.title for v in store.versions(before.id)] == ["Regulator fines firm EUR 10 million", "Regulator fines firm EUR 1 million"]
    assert store.snapshot(hash_of("The regulator fined the firm EUR 10 million.")) is not None
    newest = store.snapshot_of(before.id)
    assert newest is not None
    assert newest.text == "Correction: the fine is EUR 1 million."


def test_the_page_is_read_before_the_feeds_own_text(store: Store) -> None:
    keep(store, entry(1))
    (item,) = store.items(NOW, LATER)
    page = Snapshot(hash=hash_of("Long."), item=item.id, url=item.url, text="Long.", read=NOW, origin="page")
    assert store.page_outcome(item) == ""
    store.save_page(item, "read", "", page, now=NOW)
    assert store.page_outcome(item) == "read"
    assert store.snapshot_of(item.id) == page
    keep(store, entry(1, text="New words."), now=LATER)
    again = store.item(item.id)
    assert again is not None
    assert store.page_outcome(again) == ""


def test_d05_the_same_again_writes_no_item_version_or_text(store: Store) -> None:
    keep(store, entry(1), entry(2))
    before = _rows(store.path)
    merged = keep(store, entry(1), entry(2))
    assert (merged.new, merged.changed, merged.unchanged) == (0, 0, 2)
    assert _rows(store.path) == before


def _rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as db:
        out = {t: db.execute(f"SELECT * FROM {t}").fetchall() for t in ("items", "versions", "snapshots", "texts")}
    db.close()
    return out


def test_a_failed_write_leaves_nothing_behind(store: Store) -> None:
    merged = merge((entry(1), entry(2)), store.memory(SOURCE.id), SOURCE, NOW)
    broken = (*merged.changes, merged.changes[0])  # the same item twice: the last insert is refused
    with pytest.raises(StorageError):
        store.save(Brought(state=State(source="other")), Brought(state=State(source=SOURCE.id, etag='"new"'), changes=broken), now=NOW)
    assert store.items(NOW, LATER) == ()
    assert store.states() == {}


def test_reading_needs_no_lock_and_may_not_write(store: Store) -> None:
    keep(store, entry(1))
    with Store.open(store.path) as reader:
        assert len(reader.items(NOW, LATER)) == 1
        with pytest.raises(RuntimeError, match="write=True"):
            reader.save(Brought(state=State(source="x")), now=NOW)


def test_d03_a_second_run_is_told_who_is_at_work(store: Store) -> None:
    with pytest.raises(LockHeld) as caught:
        Store.open(store.path, write=True, now=NOW)
    assert f"process {os.getpid()}, started 2026-11-22T12:00:00+00:00" in str(caught.value)
    assert caught.value.code == 8
    store.close()
    Store.open(store.path, write=True, now=NOW).close()


def test_d04_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "briefing.sqlite"
    opening = f"Store.open(Path({str(path)!r}), write=True)"
    code = f"import time; from pathlib import Path; from briefing.store import Store; held = {opening}; print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockHeld, match=f"process {holder.pid}"):
            Store.open(path, write=True)
        holder.send_signal(signal.SIGKILL)
    finally:
        holder.kill()
        holder.wait()
        if holder.stdout:
            holder.stdout.close()
    Store.open(path, write=True).close()


@pytest.mark.parametrize("damage", ["text", "zeroed", "truncated"])
def test_d06_a_damaged_store_is_named_and_kept(store: Store, damage: str) -> None:
    keep(store, *(entry(n, text="x" * 5_000) for n in range(40)))
    path = store.path
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    store.close()
    whole = path.read_bytes()
    spoilt = {"text": b"not a database\n" * 100, "zeroed": bytes(len(whole)), "truncated": whole[: len(whole) // 3]}[damage]
    path.write_bytes(spoilt)
    if damage == "zeroed":
        spoilt = path.read_bytes()
    with pytest.raises(StorageError) as caught, Store.open(path, write=True) as opened:
        faults = opened.check()
        raise StorageError(faults[0])
    assert caught.value.code == 7
    assert path.read_bytes()[:1000] == spoilt[:1000] or damage == "zeroed"


def test_d06_a_newer_store_is_left_alone(store: Store) -> None:
    store.close()
    with sqlite3.connect(store.path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StorageError, match=f"schema 99, this program knows {len(MIGRATIONS)}"):
        Store.open(store.path)


def test_d07_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(StorageError, match="var"):
        Store.open(tmp_path / "var" / "briefing.sqlite", write=True)


def test_d02_a_full_disk_keeps_what_was_saved(store: Store) -> None:
    keep(store, entry(1))
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageError, match="disk is full"):
        keep(store, *(entry(n, text="x" * 50_000) for n in range(2, 12)))
    assert [i.title for i in store.items(NOW, LATER)] == ["Story 1"]
    assert store.check() == ()


def test_a_text_that_does_not_fit_its_hash_is_found(store: Store) -> None:
    keep(store, entry(1))
    assert store.check() == ()
    store._db.execute("UPDATE texts SET text = 'other words'")
    (fault,) = store.check()
    assert "does not fit its hash" in fault


def test_a_backup_is_whole_and_put_in_place_at_once(store: Store, tmp_path: Path) -> None:
    keep(store, entry(1), entry(2))
    store.backup(tmp_path / "copies" / "store.sqlite")
    with Store.open(tmp_path / "copies" / "store.sqlite") as copy:
        assert copy.items(NOW, LATER) == store.items(NOW, LATER)
        assert copy.check() == ()
    assert [p.name for p in (tmp_path / "copies").iterdir() if p.suffix == ".part"] == []


def test_a_store_of_an_earlier_version_is_brought_up_to_date_and_nothing_of_it_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "briefing.sqlite"
    with monkeypatch.context() as earlier:
        earlier.setattr(storing, "MIGRATIONS", MIGRATIONS[:1])
        with Store.open(path, write=True, now=NOW) as old:
            keep(old, entry(1), entry(2, text="Other."))
            items = old.items(NOW, LATER)
    with Store.open(path) as new:
        assert new.items(NOW, LATER) == items
        assert {s.text for s in new.snapshots([hash_of("Text."), hash_of("Other.")]).values()} == {"Text.", "Other."}
        assert new.check() == ()
        assert new._db.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)


def test_a_text_is_found_by_its_hash_without_reading_the_others(store: Store) -> None:
    keep(store, *(entry(n, text=f"Text {n}.") for n in range(50)))
    asked: list[str] = []
    store._db.set_trace_callback(asked.append)
    assert store.snapshot(hash_of("Text 7.")) is not None
    store._db.set_trace_callback(None)
    plans = [row["detail"] for statement in asked for row in store._db.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert any("USING INDEX snapshots_hash" in plan for plan in plans)
    assert not any(plan.startswith("SCAN") for plan in plans)


def test_what_one_source_brings_stands_together_in_the_store(store: Store) -> None:
    first = {c.item.id[:3] for c in keep(store, *(entry(n) for n in range(40))).changes}
    other = replace(SOURCE, id="herald")
    second = {c.item.id[:3] for c in merge([entry(n) for n in range(40)], store.memory(other.id), other, NOW).changes}
    assert (len(first), len(second), len(first | second)) == (1, 1, 2)
    assert len({i.id for i in store.items(NOW, LATER)}) == 40
    assert all(len(i.id) == 16 for i in store.items(NOW, LATER))
