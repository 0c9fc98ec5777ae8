"""What happens on a real full disk. Run in a mount namespace of its own, so that nothing outside sees what is mounted:
`unshare -m python -m evals._disk SCENARIO FOLDER`. Prints what was seen in one line."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from briefing import cli
from briefing.store import Store

NOW = "2026-11-22T12:00:00+00:00"


def tmpfs(folder: Path, size: str, *, again: bool = False) -> None:
    """A file system in memory of this size at this folder; `again` changes the size of the one that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ["-o", f"remount,size={size}"] if again else ["-t", "tmpfs", "-o", f"size={size}"]
    subprocess.run(["mount", *options, *([] if again else ["tmpfs"]), str(folder)], check=True, capture_output=True)


def command(root: Path, *args: str) -> tuple[int, list[str]]:
    """A command's exit code and its lines on stderr that are no progress."""
    err = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(err):
        code = cli.main([args[0], "--project", str(root), "--now", NOW, "-q", *args[1:]])
    return code, err.getvalue().splitlines()


def tree(folder: Path) -> dict[str, str]:
    """Each file below a folder and the digest of its bytes."""
    return {p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def store(root: Path) -> str:
    """A store that fills its disk: the source `small` fits, `large` does not."""
    tmpfs(root / "var", "400k")
    first, _ = command(root, "collect", "--source", "small")
    code, said = command(root, "collect")
    with Store.open(root / "var" / "briefing.sqlite") as opened:
        kept, whole = opened.counts().get("small", 0), not opened.check()
    tmpfs(root / "var", "64m", again=True)
    after, _ = command(root, "collect")
    with Store.open(root / "var" / "briefing.sqlite") as opened:
        large = opened.counts().get("large", 0)
    words = "one line" if len(said) == 1 and "free space" in said[0] else repr(said)
    return f"{first}, full {code} ({words}), {kept} items stay, {'whole' if whole else 'damaged'}, with room {after} and {large} more"


def drafts(root: Path) -> str:
    """A content folder that fills up while drafts are written; with room the same drafts come as on a disk that was never full."""
    command(root, "collect")
    fresh = root.with_name("fresh")
    shutil.copytree(root, fresh)
    command(fresh, "draft", "--no-pages")
    want = tree(fresh / "content")
    tmpfs(root / "content", "24k")
    code, said = command(root, "draft", "--no-pages")
    half = [name for name, digest in tree(root / "content").items() if want.get(name) != digest]
    tmpfs(root / "content", "16m", again=True)
    after, _ = command(root, "draft", "--no-pages")
    same = tree(root / "content") == want
    words = "one line" if len(said) == 1 and "free space" in said[0] else repr(said)
    return f"full {code} ({words}), {len(half)} half files, with room {after}, {'the same drafts' if same else 'other drafts'}"


def site(root: Path) -> str:
    """A disk that fills up at five points of a build; the site that stands is the old one."""
    disk = root.with_name("disk")
    tmpfs(disk, "96m")
    here = disk / "project"
    shutil.copytree(root, here, symlinks=True)
    code, said = command(here, "build")
    if code:
        return f"the first build ended with {code}: {said}"
    before = tree(here / "output")
    seen = [_filled(disk, here, before, spare) for spare in _LEVELS]
    after, _ = command(here, "build")
    left = [p.name for p in here.iterdir() if p.name.startswith("output.")]
    return f"{', '.join(sorted(set(seen)))} at {len(seen)} fill levels, with room {after}" + (f", left over {left}" if left else "")


#: Bytes left on the disk when the build begins: none at all to half of what it takes.
_LEVELS = (0, 20_000, 60_000, 120_000, 250_000)


def _filled(disk: Path, here: Path, before: dict[str, str], spare: int) -> str:
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb") as file:
        while True:
            file.write(bytes(4096))
            file.flush()
    with filler.open("r+b") as file:
        file.truncate(max(filler.stat().st_size - spare, 0))
    code, said = command(here, "build")
    filler.unlink()
    old = tree(here / "output") == before
    words = "one line" if len(said) == 1 else repr(said)
    return f"{code} ({words}) and the old site {'whole' if old else 'changed'}"


def main(argv: Sequence[str]) -> None:
    """One scenario on one prepared project."""
    print({"store": store, "drafts": drafts, "site": site}[argv[0]](Path(argv[1])))


if __name__ == "__main__":
    main(sys.argv[1:])
