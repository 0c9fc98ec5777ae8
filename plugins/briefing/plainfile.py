"""Files as they are: read once, never through a symbolic link; written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import ContentRefused, StorageError

_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read(path: Path, name: str, *, most: int) -> bytes:
    """The bytes of a plain file of at most `most` bytes.

    Raises FileNotFoundError where there is none, ContentRefused for a link, a pipe, a folder or a file that is too long, StorageError where
    the disk refuses.
    """
    try:
        handle = os.open(path, _OPEN)
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.EMLINK} or path.is_symlink():
            raise ContentRefused(f"{name}: is a symbolic link; replace it by the file itself") from error
        raise StorageError(f"{name}: cannot be read ({error.strerror}); check its permissions") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode) or (not hasattr(os, "O_NOFOLLOW") and path.is_symlink()):
        os.close(handle)
        raise ContentRefused(f"{name}: is no plain file; remove it")
    with os.fdopen(handle, "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ContentRefused(f"{name}: is longer than {most:,} bytes; shorten it")
    return data


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing found below a folder."""

    path: Path
    name: str  # below the folder that was walked, with forward slashes
    kind: str  # "file", "link" or "odd" (a pipe, a socket, a device)


def walk(folder: Path, *, below: str = "") -> Iterator[Entry]:
    """Everything below a folder that is no folder, in steady order. Links are named and never followed. Nothing where there is no folder.

    `below` stands before each entry's name.
    """
    if folder.is_symlink():
        yield Entry(folder, below.rstrip("/"), "link")
        return
    yield from _walk(str(folder), below)


def _walk(folder: str, below: str) -> Iterator[Entry]:
    """Without recursion: folders may lie deeper in each other than functions may."""
    waiting = [iter(_entries(folder, below))]
    names = [below]
    while waiting:
        entry = next(waiting[-1], None)
        if entry is None:
            waiting.pop()
            names.pop()
            continue
        name = names[-1] + entry.name
        if entry.is_symlink():
            yield Entry(Path(entry.path), name, "link")
        elif entry.is_dir(follow_symlinks=False):
            waiting.append(iter(_entries(entry.path, f"{name}/")))
            names.append(f"{name}/")
        else:
            yield Entry(Path(entry.path), name, "file" if entry.is_file(follow_symlinks=False) else "odd")


def _entries(folder: str, below: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda e: e.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError(f"{below or folder}: cannot be read ({error.strerror}); check its permissions") from error


def write(path: Path, data: bytes) -> None:
    """Puts the bytes in place at once, through a file beside it. Raises StorageError; what was there before then stays."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise StorageError(
            f"{path}: cannot be written ({error.strerror}); what was there before is kept; free space or mend permissions, then run the command again"
        ) from error
