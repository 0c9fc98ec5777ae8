"""What we have seen: sources, items with all their wordings, and the texts they were read from. The only module that knows SQLite.

What always holds: everything read from one source is written in one transaction, together with the validators it came with;
what was written survives the process and the machine (WAL, full sync); nothing is ever deleted; a run with nothing new changes
no item, version or text. Writing needs the run lock, which dies with its process.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from .collect.merge import Change, Known, Memory, Name
from .errors import LockHeld, StorageError
from .model import CitedPage, Item, Snapshot

#: One script a schema version, applied in order and never edited once released. Tables with wide rows keep their rowid: with random
#: keys that halves the time of writing (measured on 18,000 items: 1.4 s and 0.5 s).
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE sources (
        id TEXT PRIMARY KEY, url TEXT NOT NULL DEFAULT '', etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '',
        body TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '',
        last_try TEXT, last_good TEXT, first_good TEXT, failing_since TEXT, failures INTEGER NOT NULL DEFAULT 0,
        not_before TEXT, moved_to TEXT NOT NULL DEFAULT '', entries INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE texts (hash TEXT NOT NULL UNIQUE, text TEXT NOT NULL);
    CREATE TABLE items (
        id TEXT PRIMARY KEY, source TEXT NOT NULL REFERENCES sources (id), url TEXT NOT NULL, title TEXT NOT NULL,
        author TEXT NOT NULL, publisher TEXT NOT NULL, published TEXT, first_seen TEXT NOT NULL, summary TEXT REFERENCES texts (hash),
        mark TEXT NOT NULL, version INTEGER NOT NULL, fields TEXT NOT NULL, digest TEXT NOT NULL, changed TEXT NOT NULL,
        names TEXT NOT NULL
    );
    CREATE INDEX items_seen ON items (first_seen);
    CREATE INDEX items_source ON items (source);
    CREATE TABLE versions (
        item TEXT NOT NULL REFERENCES items (id), version INTEGER NOT NULL, seen TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL,
        author TEXT NOT NULL, summary TEXT REFERENCES texts (hash), fields TEXT NOT NULL, PRIMARY KEY (item, version)
    );
    CREATE TABLE snapshots (
        item TEXT NOT NULL REFERENCES items (id), hash TEXT NOT NULL REFERENCES texts (hash), url TEXT NOT NULL, read TEXT NOT NULL,
        origin TEXT NOT NULL CHECK (origin IN ('page', 'feed')), title TEXT NOT NULL, author TEXT NOT NULL, PRIMARY KEY (item, hash)
    );
    CREATE INDEX snapshots_hash ON snapshots (hash);
    CREATE TABLE pages (
        item TEXT PRIMARY KEY REFERENCES items (id), outcome TEXT NOT NULL, detail TEXT NOT NULL, tried TEXT NOT NULL, version INTEGER NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE cited (
        url TEXT PRIMARY KEY, tried TEXT NOT NULL, outcome TEXT NOT NULL, since TEXT, times INTEGER NOT NULL, moved_to TEXT NOT NULL,
        title TEXT NOT NULL, text TEXT REFERENCES texts (hash), first TEXT REFERENCES texts (hash), etag TEXT NOT NULL, last_modified TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    DROP INDEX snapshots_hash;
    CREATE INDEX snapshots_hash ON snapshots (substr(hash, 8, 12));
    """,
)
_ITEM = """SELECT id, source, url, title, author, publisher, published, first_seen, coalesce(texts.text, '') AS summary, mark, version, fields
    FROM items LEFT JOIN texts ON texts.hash = items.summary"""
_VERSIONS = """SELECT version, url, title, author, coalesce(texts.text, '') AS summary, fields
    FROM versions LEFT JOIN texts ON texts.hash = versions.summary WHERE item = ? ORDER BY version"""
_KEEP_WORDING = """INSERT INTO versions SELECT id, version, changed, url, title, author, summary, fields FROM items WHERE id = ?"""
_UPDATE = """UPDATE items SET url=?, title=?, author=?, publisher=?, published=?, summary=?, mark=?, version=?,
    fields=json_patch(?, iif(json_extract(fields, '$.dated') IS NULL, '{}', json_object('dated', json_extract(fields, '$.dated')))), digest=?, changed=?
    WHERE id = ?"""
_CITED = """SELECT url, tried, outcome, since, times, moved_to, title, coalesce(new.text, '') AS text, coalesce(old.text, '') AS first, etag, last_modified
    FROM cited LEFT JOIN texts AS new ON new.hash = cited.text LEFT JOIN texts AS old ON old.hash = cited.first WHERE url = ?"""
_AMEND = "UPDATE items SET url = ?, title = ?, publisher = ?, published = ?, mark = ?, fields = ? WHERE id = ?"
_PUT_SNAPSHOT = "INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?)"
_JSON = json.JSONEncoder(ensure_ascii=False).encode
#: The index holds twelve digits of a hash, a sixth of it. The plus keeps SQLite from putting the value into the expression, where it finds no index.
_HASH_IS = "substr(snapshots.hash, 8, 12) = substr(?, 8, 12) AND +snapshots.hash = ?"
_SNAPSHOT = "SELECT item, snapshots.hash, url, text, read, origin, title, author FROM snapshots JOIN texts ON texts.hash = snapshots.hash"


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What is known of one source between runs."""

    source: str
    url: str = ""  # the address the validators belong to
    etag: str = ""  # exactly as received
    last_modified: str = ""
    body: str = ""  # sha256 of the last body that was read: equal bytes need no parsing
    outcome: str = ""  # of the last try
    reason: str = ""
    detail: str = ""
    last_try: datetime | None = None
    last_good: datetime | None = None
    first_good: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0  # in a row
    not_before: datetime | None = None  # asked by the server; capped
    moved_to: str = ""  # proposed to the editor, never followed for good
    entries: int = 0  # in the last body


_MOMENTS = ("last_try", "last_good", "first_good", "failing_since", "not_before")
_FIELDS = tuple(f.name for f in dataclasses.fields(State))  # as the table has them, but for the first, which it calls id
_PUT_STATE = f"""INSERT INTO sources (id, {", ".join(_FIELDS[1:])}) VALUES ({", ".join("?" * len(_FIELDS))})
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _FIELDS[1:])}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """What one source brought in one run."""

    state: State
    changes: tuple[Change, ...] = ()
    names: tuple[tuple[str, tuple[Name, ...]], ...] = ()  # new names of items that did not change otherwise


class Store:
    """The store of one briefing. Open it with `Store.open`; reading needs no lock."""

    def __init__(self, connection: sqlite3.Connection, path: Path, lock: int | None) -> None:
        self._db = connection
        self.path = path
        self._lock = lock

    # ------------------------------------------------------------ open, close

    @classmethod
    def open(cls, path: Path, *, write: bool = False, now: datetime | None = None) -> Self:
        """The store at `path`, made where there is none.

        With `write=True` it takes the run lock; `now` is the start time that another run is told. Raises LockHeld, and
        StorageError where the file is damaged, newer than this program, or the disk refuses.
        """
        with _disk(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = _take_lock(path, now) if write else None
        try:
            return cls(_connect(path), path, lock)
        except BaseException:
            _release(lock)
            raise

    def close(self) -> None:
        """Close the file and let the lock go."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        _release(self._lock)
        self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ---------------------------------------------------------------- reading

    def items(self, start: datetime, end: datetime) -> tuple[Item, ...]:
        """Items first seen in [start, end), the newest wording of each, oldest first."""
        where = "WHERE first_seen >= ? AND first_seen < ? ORDER BY first_seen, id"
        return tuple(map(_item, self._all(f"{_ITEM} {where}", (_time(start), _time(end)))))

    def item(self, item_id: str) -> Item | None:
        """One item in its newest wording, or None."""
        rows = self._all(f"{_ITEM} WHERE id = ?", (item_id,))
        return _item(rows[0]) if rows else None

    def versions(self, item_id: str) -> tuple[Item, ...]:
        """Every wording of an item, the oldest first."""
        newest = self.item(item_id)
        if newest is None:
            return ()
        old = (
            replace(newest, version=r["version"], url=r["url"], title=r["title"], author=r["author"], summary=r["summary"], fields=json.loads(r["fields"]))
            for r in self._all(_VERSIONS, (item_id,))
        )
        return (*old, newest)

    def snapshot(self, digest: str) -> Snapshot | None:
        """The text with this hash ("sha256:…"), or None."""
        return self.snapshots([digest]).get(digest)

    def snapshots(self, digests: Iterable[str]) -> Mapping[str, Snapshot]:
        """The texts with these hashes; hashes the store does not have are left out."""
        out: dict[str, Snapshot] = {}
        for digest in digests:
            for row in self._all(f"{_SNAPSHOT} WHERE {_HASH_IS} ORDER BY read, item LIMIT 1", (digest, digest)):
                out[digest] = _snapshot(row)
        return out

    def snapshot_of(self, item_id: str) -> Snapshot | None:
        """The newest text of an item: of its page where that was read, else what its feed carried; None where neither is known."""
        rows = self._all(f"{_SNAPSHOT} WHERE item = ? ORDER BY origin = 'page' DESC, read DESC, snapshots.hash LIMIT 1", (item_id,))
        return _snapshot(rows[0]) if rows else None

    def states(self) -> Mapping[str, State]:
        """What is known of each source, by its id."""
        return {r["id"]: _state(r) for r in self._all("SELECT * FROM sources ORDER BY id")}

    def counts(self) -> Mapping[str, int]:
        """How many items each source has brought so far."""
        return {r["source"]: r["n"] for r in self._all("SELECT source, COUNT(*) AS n FROM items GROUP BY source")}

    def memory(self, source: str) -> Memory:
        """All that is needed to recognise the items of one source."""
        rows = self._all("SELECT id, digest, version, first_seen, published, mark, names FROM items WHERE source = ?", (source,))
        items = {r["id"]: Known(r["id"], r["digest"], r["version"], _moment(r["first_seen"]), _maybe(r["published"]), r["mark"]) for r in rows}
        names: dict[Name, tuple[str, ...]] = {}
        for row in rows:
            for kind, value in json.loads(row["names"]):
                name = cast(Name, (kind, value))
                names[name] = (*names.get(name, ()), row["id"])
        return Memory(items, names)

    def page_outcome(self, item: Item) -> str:
        """What came of reading the page of this wording of an item: "" where it was not tried."""
        rows = self._all("SELECT outcome FROM pages WHERE item = ? AND version = ?", (item.id, item.version))
        return str(rows[0]["outcome"]) if rows else ""

    def cited(self, url: str) -> CitedPage | None:
        """What a cited page said when it was asked again last, or None where it never was."""
        rows = self._all(_CITED, (url,))
        return _cited(rows[0]) if rows else None

    # ---------------------------------------------------------------- writing

    def save(self, *brought: Brought, now: datetime) -> None:
        """Write what sources brought, all of it or nothing: their states with the validators, items, wordings, texts and names.

        Several are written in one transaction because each costs the disk a flush; of one source nothing is ever written in part.
        """
        with self._transaction():
            self._db.executemany(_PUT_STATE, [_state_row(one.state) for one in brought])
            self._put_changes([c for one in brought for c in one.changes], now)
            for one in brought:
                for item, more in one.names:
                    self._put_names(item, more)

    def redate(self, items: Iterable[Item]) -> None:
        """Write anew when these items were first seen, and their marks: for what a wrong clock wrote down."""
        with self._transaction():
            self._db.executemany("UPDATE items SET first_seen = ?, mark = ? WHERE id = ?", [(_time(i.first_seen), i.mark, i.id) for i in items])

    def save_page(self, item: Item, outcome: str, detail: str, snapshot: Snapshot | None, *, now: datetime, amended: Item | None = None) -> None:
        """Write what came of reading an item's page, with its text where there is one.

        `amended` is the item with what its page states of it (address, publisher, title, day): no new wording, the feed said nothing new.
        """
        with self._transaction():
            if snapshot is not None:
                self._put_snapshot(snapshot)
            if amended is not None:
                fields = json.dumps(dict(amended.fields), ensure_ascii=False, sort_keys=True)
                shown = (amended.url, amended.title, amended.publisher, _opt(amended.published), amended.mark, fields, amended.id)
                self._db.execute(_AMEND, shown)
            self._db.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)", (item.id, outcome, detail, _time(now), item.version))

    def save_cited(self, page: CitedPage) -> None:
        """Write what a cited page said when it was asked again, in place of what it said before."""
        hashes = [hash_of(text) if text else None for text in (page.text, page.first)]
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO texts VALUES (?, ?)", [(hash_of(text), text) for text in (page.text, page.first) if text])
            values = (page.url, _time(page.tried), page.outcome, _opt(page.since), page.times, page.moved_to, page.title, *hashes)
            self._db.execute(f"INSERT OR REPLACE INTO cited VALUES ({', '.join('?' * 11)})", (*values, page.etag, page.last_modified))

    def _put_changes(self, changes: Sequence[Change], now: datetime) -> None:
        """Texts, items, wordings, snapshots and names, table by table, many rows a call, in the order of their keys: each page is touched once."""
        seen = _time(now)
        texts = [(hash_of(text), text) for text in (c.item.summary or c.item.title for c in changes)]
        self._db.executemany("INSERT OR IGNORE INTO texts VALUES (?, ?)", sorted(texts))
        new, known, snapshots = [], [], []
        for c, (text, _) in zip(changes, texts, strict=True):
            i = c.item
            fields = json.dumps(dict(i.fields), ensure_ascii=False, sort_keys=True) if i.fields else "{}"
            summary = text if i.summary else None
            shown = (i.url, i.title, i.author, i.publisher, _opt(i.published), summary, i.mark, i.version, fields, c.digest, seen)
            if i.version == 1:
                new.append((i.id, i.source, *shown[:5], seen if i.first_seen is now else _time(i.first_seen), *shown[5:], _JSON(c.names)))
            else:
                known.append((*shown, i.id))
            snapshots.append((i.id, text, i.url, seen, "feed", i.title, i.author))
        self._db.executemany(f"INSERT INTO items VALUES ({', '.join('?' * 15)})", sorted(new))
        self._db.executemany(_KEEP_WORDING, [(row[-1],) for row in known])
        self._db.executemany(_UPDATE, known)
        self._db.executemany(_PUT_SNAPSHOT, sorted(snapshots))
        for c in changes:
            if c.item.version > 1 and c.names:
                self._put_names(c.item.id, c.names)

    def _put_names(self, item: str, more: Sequence[Name]) -> None:
        """Add names to those an item is known by."""
        row = self._db.execute("SELECT names FROM items WHERE id = ?", (item,)).fetchone()
        names = json.loads(row["names"]) + [list(n) for n in more]
        self._db.execute("UPDATE items SET names = ? WHERE id = ?", (json.dumps(names, ensure_ascii=False), item))

    def _put_snapshot(self, s: Snapshot) -> None:
        self._db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (s.hash, s.text))
        self._db.execute(_PUT_SNAPSHOT, (s.item, s.hash, s.url, _time(s.read), s.origin, s.title, s.author))

    # -------------------------------------------------------------- keeping it

    def check(self) -> tuple[str, ...]:
        """What is wrong with the file, in words; nothing where it is whole. Reads everything."""
        found = [str(r[0]) for r in self._all("PRAGMA integrity_check(20)") if r[0] != "ok"]
        found += [f"table {r[0]}: row {r[1]} points at nothing in {r[2]}" for r in self._all("PRAGMA foreign_key_check")]
        with _disk(self.path):
            for row in self._db.execute("SELECT hash, text FROM texts"):
                if hash_of(row["text"]) != row["hash"]:
                    found.append(f"text {row['hash'][:23]} does not fit its hash")
        return tuple(found)

    def backup(self, target: Path) -> None:
        """A whole copy of the store as it is now, written beside and put in place at once. Raises StorageError."""
        beside = target.with_name(target.name + ".part")
        with _disk(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            with contextlib.closing(sqlite3.connect(beside)) as copy:
                self._db.backup(copy)
            beside.replace(target)

    def _all(self, sql: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        with _disk(self.path):
            return self._db.execute(sql, values).fetchall()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._lock is None:
            raise RuntimeError("the store is open for reading; open it with write=True")
        with _disk(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise


def restore(path: Path, backup: Path, *, now: datetime) -> Path | None:
    """Put a backup in the store's place; what was there is kept aside, and its path returned. Raises LockHeld, StorageError.

    The backup is checked as a whole first and copied through a file beside: the store is the old one or the new one, never half.
    """
    if not backup.is_file():
        raise StorageError(f"{backup}: is not there; give the path of a backup")
    with _disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _take_lock(path, now)
    try:
        beside, aside = path.with_name(path.name + ".part"), path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%S}.aside")
        with _disk(path):
            beside.unlink(missing_ok=True)
            shutil.copyfile(backup, beside)
        with Store.open(beside) as copy:
            faults = copy.check()
        if faults:
            raise StorageError(f"{backup}: is no whole backup ({faults[0]}); use another")
        with _disk(path):
            return _swap(path, beside, aside)
    finally:
        for left in (".part", ".part-wal", ".part-shm"):
            path.with_name(path.name + left).unlink(missing_ok=True)
        _release(lock)


def _swap(path: Path, beside: Path, aside: Path) -> Path | None:
    there = path.exists()
    for suffix in ("", "-wal", "-shm"):  # the log belongs to the old file: it goes aside with it
        old = path.with_name(path.name + suffix)
        if old.exists():
            old.replace(aside.with_name(aside.name + suffix))
    beside.replace(path)
    return aside if there else None


def hash_of(text: str) -> str:
    """The name of a text: "sha256:" and the digest of its UTF-8 bytes."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()


# ------------------------------------------------------------------- the file


def _connect(path: Path) -> sqlite3.Connection:
    with _disk(path):
        db = sqlite3.connect(path, isolation_level=None, timeout=10.0, check_same_thread=False)  # collecting writes in a thread, and waits for it
        try:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA page_size = 8192")  # of a new file: texts are a few thousand bytes long
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA cache_size = -4096")  # KiB; twice as much gains nothing, with 300 feeds or 8,000
            db.execute("PRAGMA wal_autocheckpoint = 2000")  # pages: fewer, larger moves into the main file
            db.execute("PRAGMA trusted_schema = OFF")
            _migrate(db, path)
        except BaseException:
            db.close()
            raise
        return db


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise StorageError(f"{path.name}: was written by a newer version (schema {version}, this program knows {len(MIGRATIONS)}); update the program")
    if version == len(MIGRATIONS):
        return
    db.execute("BEGIN EXCLUSIVE")
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        for number in range(version, len(MIGRATIONS)):
            for statement in MIGRATIONS[number].split(";"):
                if statement.strip():
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {number + 1}")
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


def _take_lock(path: Path, now: datetime | None) -> int:
    """The run lock: a lock of the kernel on a file beside the store. It ends with the process, however that ends."""
    where = path.with_name(path.name + ".lock")
    handle = os.open(where, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held = os.read(handle, 200).decode("utf-8", "replace").strip()
        os.close(handle)
        raise LockHeld(f"{where.name}: another run is at work ({held or 'process unknown'}); wait for it to end, then run the command again") from error
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"process {os.getpid()}, started {now.isoformat(timespec='seconds') if now else 'unknown'}\n".encode(), 0)
    return handle


def _release(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)


@contextlib.contextmanager
def _disk(path: Path) -> Iterator[None]:
    """Errors of the disk and the file as ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(_why(path, error)) from error
    except OSError as error:
        raise StorageError(f"{error.filename or path}: {error.strerror or error}; free space or correct the folder's permissions, then run again") from error


def _why(path: Path, error: sqlite3.Error) -> str:
    text = str(error)
    if isinstance(error, sqlite3.OperationalError) and ("full" in text or "disk I/O" in text):
        return f"{path}: the disk is full or failing ({text}); what was saved before is kept; free space and run again"
    if "readonly" in text or "unable to open" in text:
        return f"{path}: cannot be written ({text}); correct the permissions of the file and its folder"
    if isinstance(error, sqlite3.OperationalError) and "locked" in text:
        return f"{path}: is in use by another program; close it and run again"
    return f"{path}: is damaged ({text}); move it aside and restore a backup with `briefing doctor --restore FILE`, or start empty"


def _time(moment: datetime) -> str:
    """Moments as text that sorts: UTC, microseconds always written."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _opt(moment: datetime | None) -> str | None:
    return _time(moment) if moment else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _item(r: sqlite3.Row) -> Item:
    return Item(
        id=r["id"],
        source=r["source"],
        url=r["url"],
        title=r["title"],
        author=r["author"],
        publisher=r["publisher"],
        published=_maybe(r["published"]),
        first_seen=_moment(r["first_seen"]),
        summary=r["summary"],
        mark=r["mark"],
        version=r["version"],
        fields=json.loads(r["fields"]),
    )


def _snapshot(r: sqlite3.Row) -> Snapshot:
    return Snapshot(
        hash=r["hash"], item=r["item"], url=r["url"], text=r["text"], read=_moment(r["read"]), origin=r["origin"], title=r["title"], author=r["author"]
    )


def _state_row(s: State) -> tuple[Any, ...]:
    return tuple(_opt(getattr(s, name)) if name in _MOMENTS else getattr(s, name) for name in _FIELDS)


def _state(r: sqlite3.Row) -> State:
    values = {k: r[k] for k in r.keys() if k != "id"}  # noqa: SIM118 - iterating a Row gives its values
    for name in _MOMENTS:
        values[name] = _maybe(values[name])
    return State(source=r["id"], **values)


def _cited(r: sqlite3.Row) -> CitedPage:
    values = {k: r[k] for k in r.keys()}  # noqa: SIM118 - iterating a Row gives its values
    return CitedPage(**{**values, "tried": _moment(r["tried"]), "since": _maybe(r["since"])})
