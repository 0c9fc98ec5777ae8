"""Rows D of the catalogue: runs that are killed, disks that are full or may not be written, stores that are damaged, two runs at once."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from briefing import edition as editions
from briefing import trial
from briefing.model import Edition
from briefing.project import Project
from briefing.store import Store

from . import ROOT, Progress, Row, _feeds
from ._disk import tree
from ._fetching import row, rss
from ._launch import Launcher
from ._serve import Body, Site

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 11, 24)
SOURCES = 16
#: A root user may write whatever its permissions say; without these capabilities it may not.
_BOUND = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner")


def rows(folder: Path, progress: Progress, *, kills: int = 200, starts: int = 50, stops: int = 30) -> Iterator[Row]:
    """All rows D; the numbers are those of the catalogue."""
    with _desk(folder) as desk:
        drafts = kills // 20
        progress(f"storage: {kills} killed runs")
        yield row(f"D01 {kills - drafts} runs of collect killed", "0 faults, then every item once, nothing left over", _killed_collects(desk, kills - drafts))
        yield row(f"D01 {drafts} runs of draft killed", "0 faults, then the drafts of an undisturbed run", _killed_drafts(desk, drafts))
        for name, asked, scenario, prepare in _FULL:
            yield _in_a_namespace(name, asked, scenario, prepare(desk))
        progress(f"storage: {starts} times two to eight runs together")
        yield row(f"D03 2 to 8 runs together, {starts} times", "one worked each time, the others 8, as one run", _together(desk, starts))
        yield row("D05 three runs on the same inputs", "drafts and site equal, nothing changed in git, an edit kept", _again(desk))
        yield from _quick(desk)
        progress(f"storage: {stops} runs asked to stop")
        yield row(f"D09 SIGTERM, {stops} times", "130, one line, lock free, whole", _stopped(desk, stops, (signal.SIGTERM,)))
        yield row(f"D09 Ctrl-C twice, {stops} times", "130, one line, lock free, whole", _stopped(desk, stops, (signal.SIGINT, signal.SIGINT)))


def quick(folder: Path) -> Iterator[Row]:
    """The rows that take seconds: a full disk under the store, the lock, damaged stores, what may not be written."""
    with _desk(folder) as desk:
        name, asked, scenario, prepare = _FULL[0]
        yield _in_a_namespace(name, asked, scenario, prepare(desk))
        yield from _quick(desk)


def _quick(desk: Desk) -> Iterator[Row]:
    yield row("D04 the holder of the lock killed", "8 while it runs, 0 after", _holder(desk))
    for damage in ("truncated", "zeroed", "newer", "text"):
        yield row(f"D06 a store that is {damage}", "7, what to do named, kept as it was", _damaged(desk, damage))
    for name, what, command in _READ_ONLY:
        yield _unwritable(desk, name, what, command)


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    folder.mkdir(parents=True, exist_ok=True)
    with Site() as site, Launcher() as launcher:
        yield Desk(folder, site, launcher)


@dataclass(slots=True)
class Desk:
    """Projects that read from loopback, and a way to start commands on them as processes."""

    folder: Path
    site: Site
    launcher: Launcher
    made: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(20261122))

    def project(self, *names: str) -> Project:
        """A new project with these sources."""
        self.made += 1
        made = _feeds.project(self.folder / f"p{self.made}", self.site, {n: n.title() for n in names})
        _git(made.root, "init", "-q")
        (made.root / ".gitignore").write_text("var/\noutput/\noutput.*/\n", encoding="utf-8")
        return made

    def serve(self, name: str, *titles: str, text: str = "") -> None:
        """Put these items into a source's feed."""
        _feeds.serve(self.site, name, rss(*titles, extra=f"<description>{text}</description>" if text else ""))

    def start(self, project: Project, *args: str, at: datetime = NOW) -> tuple[int, Path]:
        """Start a command: its process id and the file its words go to."""
        self.made += 1
        output = self.folder / f"said{self.made}"
        return self.launcher.start([args[0], "--project", str(project.root), "--now", at.isoformat(), *args[1:]], output), output

    def run(self, project: Project, *args: str, at: datetime = NOW) -> tuple[int, str]:
        """Run a command to its end: its exit code and its words."""
        pid, output = self.start(project, *args, at=at)
        return self.launcher.end(pid), output.read_text(encoding="utf-8")


def _git(root: Path, *args: str) -> str:
    who = ["-c", "user.name=Dana Whitlock", "-c", "user.email=dana@brief.example.org"]
    return subprocess.run(["git", *who, *args], cwd=root, check=True, capture_output=True, text=True).stdout


def _counts(project: Project) -> tuple[dict[str, int], tuple[str, ...]]:
    with Store.open(project.store) as store:
        return dict(store.counts()), store.check()


def _left(project: Project) -> list[str]:
    """Files beside the store that no run needs."""
    return sorted({p.name for p in project.var.iterdir()} - {"briefing.sqlite", "briefing.sqlite.lock"})


# ---------------------------------------------------------------- D01, D09


def _killed_collects(desk: Desk, times: int) -> str:
    """Each run brings one more item a source; what a run told before it died is in the store, and no source is there in part."""
    names = [f"k{n}" for n in range(SOURCES)]
    project, took = desk.project(*names), _usual(desk)
    faults: list[str] = []
    told: dict[str, int] = {}
    died = 0
    for turn in range(1, times + 1):
        for name in names:
            desk.serve(name, *(f"{name} {n}" for n in range(turn)))
        pid, output = desk.start(project, "collect")
        time.sleep(desk.chance.random() * took)
        desk.launcher.kill(pid)
        died += desk.launcher.end(pid) == -signal.SIGKILL
        told |= {line.split()[2].rstrip(":").lower(): turn for line in output.read_text(encoding="utf-8").splitlines() if line.startswith("collect ")}
        if project.store.is_file():
            counts, broken = _counts(project)
            faults += [*broken, *(f"{n}: {counts.get(n, 0)} of {least}" for n, least in told.items() if counts.get(n, 0) < least)]
            faults += [f"{n}: {count} is more than there is" for n, count in counts.items() if count > turn]
    code, _ = desk.run(project, "collect")
    counts, broken = _counts(project)
    whole = counts == dict.fromkeys(names, times) and not broken and code == 0
    left = _left(project)
    if died < times // 2:
        faults.append(f"only {died} of {times} died of it")
    return f"{len(faults)} faults, then {'every item once' if whole else f'{code} {counts}'}, {left or 'nothing left over'}"


def _usual(desk: Desk) -> float:
    """Seconds an undisturbed run takes here, at best of four: the time within which the others are killed."""
    names = [f"u{n}" for n in range(SOURCES)]
    took = []
    for _ in range(4):
        project = desk.project(*names)
        for name in names:
            desk.serve(name, "one")
        started = time.monotonic()
        desk.run(project, "collect")
        took.append(time.monotonic() - started)
    return min(took)


def _week(desk: Desk) -> Project:
    """A project whose store holds a week that can be drafted."""
    from .hostile import PAGES, told  # the sample's pages; that module uses this one's neighbours

    project = desk.project(*(f"w{n}" for n in range(4)))
    for n, slug in enumerate(PAGES[:4]):
        _feeds.serve(desk.site, f"w{n}", _feeds.rss(f"w{n}.example", [told(slug)]))
    desk.run(project, "collect")
    return project


def _killed_drafts(desk: Desk, times: int) -> str:
    project = _week(desk)
    started = time.monotonic()
    desk.run(project, "draft")
    took, want = time.monotonic() - started, tree(project.content)
    faults = 0
    for _ in range(times):
        shutil.rmtree(project.content)
        pid, _ = desk.start(project, "draft")
        time.sleep(desk.chance.random() * took)
        desk.launcher.kill(pid)
        desk.launcher.end(pid)
        found = tree(project.content) if project.content.is_dir() else {}
        faults += sum(want.get(name) != digest for name, digest in found.items() if not name.rpartition("/")[2].startswith("."))
        code, _ = desk.run(project, "draft")
        faults += code != 0 or tree(project.content) != want
    return f"{faults} faults, then {'the drafts of an undisturbed run' if tree(project.content) == want and want else 'other drafts'}"


def _at_work(project: Project, pid: int) -> None:
    """Wait until this run has taken the lock: before that there is nothing to stop."""
    lock = project.store.with_name(project.store.name + ".lock")
    for _ in range(2_000):
        if lock.is_file() and f"process {pid}," in lock.read_text(encoding="utf-8"):
            return
        time.sleep(0.005)


def _stopped(desk: Desk, times: int, signals: Sequence[int]) -> str:
    """Asked to stop at random moments of a run; those that had ended already end with 0."""
    names = [f"s{n}" for n in range(SOURCES)]
    project, took = desk.project(*names), _usual(desk)
    faults: list[str] = []
    stopped = 0
    for turn in range(1, times + 1):
        for name in names:
            desk.serve(name, *(f"{name} {n}" for n in range(turn)))
        pid, output = desk.start(project, "collect")
        _at_work(project, pid)
        time.sleep(desk.chance.random() * took * 0.8)
        for how in signals:
            desk.launcher.kill(pid, how)
            time.sleep(desk.chance.random() * 0.01)
        code, said = desk.launcher.end(pid), output.read_text(encoding="utf-8")
        words = [line for line in said.splitlines() if line.startswith("briefing: ")]
        stopped += code == 130
        if code not in {0, 130} or (code == 130 and (len(words) != 1 or "what was finished is kept" not in words[0])) or "Traceback" in said:
            faults.append(f"{code}: {said[-300:]}")
    if project.store.is_file() and _counts(project)[1]:
        faults.append("the store is damaged")
    Store.open(project.store, write=True, now=NOW).close()
    return "130, one line, lock free, whole" if not faults and stopped else f"{stopped} stopped, {len(faults)} faults: {faults[:1]}"


# --------------------------------------------------------------- D02, D07


def _in_a_namespace(name: str, asked: str, scenario: str, project: Project) -> Row:
    command = ["unshare", "-m", sys.executable, "-m", "evals._disk", scenario, str(project.root)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=300)
    except FileNotFoundError:
        return Row(name, "skipped: this system has no unshare", None, asked)
    if "Operation not permitted" in done.stderr or "must be superuser" in done.stderr:
        return Row(name, "skipped: this user may mount nothing", None, asked)
    return row(name, asked, done.stdout.strip() or done.stderr.strip()[-300:])


def _for_a_full_store(desk: Desk) -> Project:
    project = desk.project("small", "large")
    desk.serve("small", "a", "b", "c")
    desk.serve("large", *(f"large {n}" for n in range(150)), text="word " * 3_000)
    text = project.sources.read_text(encoding="utf-8").replace("https://large.example/feed", "https://large.example/feed?b")
    desk.site.bodies["large.example", "/feed?b"] = Body(
        b"".join([b'<rss version="2.0"><channel><title>F</title>', *(_long(n) for n in range(150)), b"</channel></rss>"]), NOW
    )
    project.sources.write_text(text, encoding="utf-8")
    return project


def _long(number: int) -> bytes:
    words = " ".join(f"w{number}-{k}" for k in range(1_500))
    return (
        f"<item><title>large {number}</title><guid>{number}</guid><link>https://large.example/{number}</link><description>{words}</description></item>".encode()
    )


def _approved(desk: Desk) -> Project:
    """A small briefing with one approved article and edition, ready to build."""
    desk.made += 1
    project = trial.make_project(desk.folder / f"p{desk.made}")
    trial.add_article(project, trial.make_article("one-office"))
    whole = Edition(date=trial.DAY, number=4, status="needs-review", subject="One office asks for a list", preheader="A list.", articles=("one-office",))
    project.edition(trial.DAY).write_bytes(editions.write(whole))
    _git(project.root, "init", "-q")
    for args in (("one-office",), ("--edition", trial.DAY.isoformat())):
        code, said = desk.run(project, "approve", *args, "--yes", "--as", trial.EDITOR, at=trial.NOW)
        if code:
            raise AssertionError(said)
    return project


_FULL: tuple[tuple[str, str, str, Callable[[Desk], Project]], ...] = (
    ("D02 a full disk under the store", "0, full 7 (one line), 3 items stay, whole, with room 0 and 150 more", "store", _for_a_full_store),
    ("D02 a full disk under the drafts", "full 7 (one line), 0 half files, with room 0, the same drafts", "drafts", _week),
    ("D02, D08 a full disk under the site", "7 (one line) and the old site whole at 5 fill levels, with room 0", "site", _approved),
)
_READ_ONLY: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("D07 the store's folder", "var", ("collect",)),
    ("D07 the store itself", "var/briefing.sqlite", ("collect",)),
    ("D07 the project, no store yet", ".", ("collect",)),
    ("D07 the content folder", "content", ("draft",)),
    ("D07 the list of sources", ".", ("sources", "import", "LIST")),
    ("D07 the output's folder", ".", ("build",)),
    ("D07 the records' folder", "approvals/one-office", ("withdraw", "one-office", "--note", "wrong", "--as", trial.EDITOR)),
)


@contextmanager
def _read_only(path: Path) -> Iterator[None]:
    """Nobody without special rights may write this folder or file."""
    mode = path.stat().st_mode
    path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        path.chmod(mode)


def _unwritable(desk: Desk, name: str, what: str, command: tuple[str, ...]) -> Row:
    """A command over something it may not write: exit code 7, one line that names the path, everything as it was."""
    asked = "7, one line, the path named, nothing changed"
    bound = () if os.geteuid() else _BOUND
    if bound and subprocess.run([*bound, "true"], capture_output=True, check=False).returncode:
        return Row(name, "skipped: this user may write everything, and setpriv is missing", None, asked)
    project = _approved(desk) if command[0] in {"build", "withdraw"} else _week(desk)
    if what == "." and command[0] == "collect":
        shutil.rmtree(project.var)
    project.content.mkdir(exist_ok=True)
    (desk.folder / "list.opml").write_text('<opml version="2.0"><body><outline xmlUrl="https://new.example/feed" text="New"/></body></opml>', encoding="utf-8")
    args = [str(desk.folder / "list.opml") if a == "LIST" else a for a in command]
    before = tree(project.root)
    at = (trial.NOW if command[0] in {"build", "withdraw"} else NOW + timedelta(days=1)).isoformat()
    with _read_only(project.root / what):
        line = [*bound, sys.executable, "-m", "briefing.cli", *args, "-q", "--project", str(project.root), "--now", at]
        done = subprocess.run(line, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, cwd=ROOT)
    said = done.stderr.splitlines()
    names = [project.root.name if what == "." else Path(what).name, "output"]
    words = "one line" if len(said) == 1 and said[0].startswith("briefing: ") else repr(said)[-400:]
    path = "the path named" if said and any(n in said[0] for n in names) else f"no path in {said}"
    changed = {k for k in before.keys() | tree(project.root).keys() if before.get(k) != tree(project.root).get(k) and not k.endswith((".lock", "-wal", "-shm"))}
    return row(name, asked, f"{done.returncode}, {words}, {path}, {'nothing changed' if not changed else sorted(changed)}")


# ----------------------------------------------------------- D03 to D06


def _together(desk: Desk, times: int) -> str:
    names = [f"t{n}" for n in range(SOURCES)]
    project = desk.project(*names)
    faults: list[str] = []
    refused = 0
    for turn in range(1, times + 1):
        for name in names:
            desk.serve(name, *(f"{name} {n}" for n in range(turn)))
        running = [desk.start(project, "collect") for _ in range(desk.chance.randint(2, 8))]
        codes = [desk.launcher.end(pid) for pid, _ in running]
        refused += codes.count(8)
        if 0 not in codes or set(codes) - {0, 8} or _counts(project) != (dict.fromkeys(names, turn), ()):
            faults.append(f"{codes}")
    return "one worked each time, the others 8, as one run" if not faults and refused else f"{refused} refused, {faults[:3]}"


def _holder(desk: Desk) -> str:
    project = desk.project("h")
    desk.serve("h", "a")
    code = (
        "import time; from pathlib import Path; from briefing.store import Store\n"
        f"held = Store.open(Path({str(project.store)!r}), write=True); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        if holder.stdout is not None:
            holder.stdout.readline()
        held, said = desk.run(project, "collect")
        named = f"process {holder.pid}" in said
        holder.kill()
    after, _ = desk.run(project, "collect")
    return f"{held if named else said} while it runs, {after} after"


def _again(desk: Desk) -> str:
    """Collect and draft three times in one project, in two others from the start, and build one site twice; an edit in between."""
    project = _week(desk)
    desk.run(project, "draft")
    first = tree(project.content)
    _git(project.root, "add", ".")
    _git(project.root, "commit", "-q", "-m", "x")
    for _ in range(2):
        desk.run(project, "collect")
        desk.run(project, "draft")
    clean = _git(project.root, "status", "--porcelain") == ""
    other = _week(desk)
    desk.run(other, "draft")
    equal = bool(first) and tree(other.content) == first
    draft = next(project.briefings.glob("*/*.md"))
    draft.write_bytes(draft.read_bytes() + b"\nAn editor's line.\n")
    edited = tree(project.content)
    desk.run(project, "draft")
    kept = tree(project.content) == edited
    site = _approved(desk)
    built = []
    for _ in range(3):
        desk.run(site, "build", at=trial.NOW)
        built.append(tree(site.output))
    equal = equal and bool(built[0]) and built[0] == built[1] == built[2]
    told = [f"drafts and site {'equal' if equal else 'unlike'}", f"{'nothing' if clean else 'something'} changed in git"]
    told.append(f"an edit {'kept' if kept else 'lost'}")
    return ", ".join(told)


def _damaged(desk: Desk, damage: str) -> str:
    project = desk.project("d")
    desk.serve("d", *(f"d {n}" for n in range(40)), text="word " * 800)
    desk.run(project, "collect")
    path = project.store
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if damage == "newer":
            db.execute("PRAGMA user_version = 99")
    db.close()
    whole = path.read_bytes()
    if damage != "newer":
        path.write_bytes({"text": b"not a database\n" * 100, "zeroed": bytes(len(whole)), "truncated": whole[: len(whole) // 3]}[damage])
    before = path.read_bytes()
    desk.serve("d", "d new")
    results = [desk.run(project, *args) for args in (("collect",), ("doctor",))]
    codes = sorted({code for code, _ in results})
    words = [line for _, said in results for line in said.splitlines() if line.startswith("briefing: ")]
    helped = len(words) == 2 and all(any(w in line for w in ("doctor --restore", "--restore FILE", "update the program")) for line in words)
    kept = path.read_bytes() == before or any(p.read_bytes() == before for p in project.var.iterdir() if p.is_file())
    return f"{' '.join(map(str, codes))}, what to do {'named' if helped else words}, {'kept as it was' if kept else 'changed'}"
