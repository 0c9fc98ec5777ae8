"""A build: gate, staging, Pelican into a folder beside `output/`, audit, swap. The old site stays until the new one is whole and audited."""

from __future__ import annotations

import ctypes
import errno
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config import Publication
from ..errors import ApprovalRefused, BriefingError, LockHeld, StorageError, UsageError, one_line
from ..project import Project
from . import audit, gate, staging
from .admitted import Admitted

if TYPE_CHECKING:
    from .reads import Differs

_ROOM = __name__.rpartition(".")[0]
#: For `gc.set_threshold`: a build is one short process that keeps what it makes, and looking for garbage was a sixth of it.
COLLECTOR = (200_000, 50, 100)
#: Called after each step: its name and what came of it.
Step = Callable[[str, str], None]


class BuildFailed(BriefingError):
    """Pelican or the theme failed; nothing was swapped in."""

    code = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """What a build did."""

    admitted: Admitted
    files: int
    size: int
    email: Mapping[str, Any]  # next.json, empty where there is none
    reads: tuple[Differs, ...] = ()  # what reads otherwise than when it was approved

    @property
    def code(self) -> int:
        """The exit code."""
        return self.admitted.code


def run(project: Project, publication: Publication, environ: Mapping[str, str], step: Step) -> Built:
    """Builds the site of this project and puts it in place of the old one. Raises BriefingError; the old site then stays as it was."""
    fresh = project.root / "output.new"
    publication = publication.raised(environ)
    with lock(project):
        try:
            repair(project)
            admitted = gate.admit(project, publication, environ)
            step("gate", f"{len(admitted.articles)} articles let through, {len(admitted.refusals)} files not published")
            pelican(project, admitted, fresh)
            step("pelican", "pages written aside")
            seen = audit.audit(fresh, admitted, project, publication)
            step("audit", f"{seen.files} files read")
            differ = _reads(fresh, admitted, publication)
            swap(fresh, project.output)
            step("swap", "the new site is in place")
        except OSError as error:
            why = f"{error.strerror or error}" + (f": {project.name(Path(str(error.filename)))}" if error.filename else "")
            raise StorageError(f"the site could not be written ({why}); free space or mend permissions; the old site is kept") from error
        finally:
            clear(fresh)
            shutil.rmtree(project.var / "staging", ignore_errors=True)
    return Built(admitted=admitted, files=seen.files, size=seen.size, email=_email(project.output), reads=differ)


def _reads(fresh: Path, admitted: Admitted, publication: Publication) -> tuple[Differs, ...]:
    """What reads otherwise than when it was approved. Raises ApprovalRefused for the first of it where the publication is strict about that."""
    from . import reads  # noqa: PLC0415 - it asks this module for previews

    differ = reads.differences(fresh, admitted, publication) if publication.reads_as != "off" else ()
    if differ and publication.reads_as == "strict":
        names = ", ".join(d.subject for d in differ[:5])
        raise ApprovalRefused(
            f"{names}: the theme or the settings make {'it' if len(differ) == 1 else 'them'} read otherwise than approved; undo that change, or approve again"
        )
    return differ


def _email(output: Path) -> Mapping[str, Any]:
    try:
        data: Mapping[str, Any] = json.loads((output / "email" / "next.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data


# ------------------------------------------------------------------ pelican


def pelican(project: Project, admitted: Admitted, output: Path, staged: Path | None = None) -> None:
    """Pelican in this process, from a fresh staging folder (`var/staging`, or `staged`) to `output`. Any ERROR that it logs ends the build.

    Raises BriefingError of ours as it is, BuildFailed with what Pelican said otherwise.
    """
    import pelican as pelican_  # noqa: PLC0415 - slow, and only the build needs it
    from pelican import log  # noqa: PLC0415
    from pelican.settings import read_settings  # noqa: PLC0415

    log.console.quiet = True
    log.init(level=logging.WARNING, fatal="errors", handler=None, name="pelican")
    heard = _Heard()
    logging.getLogger().addHandler(heard)
    folder = staging.stage(admitted, staged or project.var / "staging")
    clear(output)
    output.mkdir(parents=True)
    settings_file = next(p for p in (project.root / "publishconf.py", project.settings) if p.is_file())
    try:
        settings = read_settings(str(settings_file), override={"OUTPUT_PATH": str(output), "PATH": str(folder)})
        staging.arrange(settings, project, admitted, folder)
        _require_plugin(settings, project.name(settings_file))
        site = pelican_.Pelican(settings)
        _require_folders(site, folder, output)
        site.run()
    except (BriefingError, OSError):
        raise
    except Exception as error:
        cause = _cause(error)
        if isinstance(cause, (BriefingError, OSError)):
            raise cause from error
        if heard.ours:
            raise ApprovalRefused(f"{heard.ours}; the old site is kept") from error
        said = f"{heard.first} ({type(cause).__name__}: {cause})" if heard.first else f"{type(cause).__name__}: {cause}"
        raise BuildFailed(f"the site could not be built: {one_line(said)}; the old site is kept; correct it and build again") from error
    finally:
        logging.getLogger().removeHandler(heard)


def _require_plugin(settings: Mapping[str, Any], name: str) -> None:
    if not any(getattr(p, "__name__", p) == "briefing.site" for p in settings.get("PLUGINS") or []):
        raise UsageError(f"{name}: PLUGINS does not hold briefing's site; write PLUGINS = [site] as docs/settings.md shows")


def _require_folders(site: Any, folder: Path, output: Path) -> None:
    """Nobody may have turned Pelican to other folders since."""
    if site.path != str(folder) or site.output_path != str(output):
        raise UsageError("another plugin changed the folders of the build; remove it from PLUGINS")


def _cause(error: BaseException) -> BaseException:
    """What went wrong first: Pelican logs an exception and raises a bare RuntimeError in its place."""
    while isinstance(error, RuntimeError) and error.__context__ is not None:
        error = error.__context__
    return error


class _Heard(logging.Handler):
    """Keeps the first ERROR: Pelican raises a bare RuntimeError after it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.first = ""
        self.ours = ""  # said by our reader, which Pelican would only call "could not process"

    def emit(self, record: logging.LogRecord) -> None:
        if not self.first:
            self.first = record.getMessage()
            self.ours = self.first if record.name.startswith(_ROOM) else ""


# --------------------------------------------------------------------- swap


def swap(fresh: Path, output: Path) -> None:
    """Puts a finished site in place of the old one: in one step where the system can, else by two renames that `repair` understands."""
    old = output.with_name(f"{output.name}.old")
    if not output.exists():
        fresh.rename(output)
        return
    if _exchange(fresh, output):
        fresh.rename(old)
    else:
        output.rename(old)
        fresh.rename(output)
    clear(old)


def _exchange(a: Path, b: Path) -> bool:
    """Exchanges two folders at once (Linux); False where that is not possible."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    here = -100  # AT_FDCWD
    done = rename(here, os.fsencode(a), here, os.fsencode(b), 2)  # RENAME_EXCHANGE
    if done == 0:
        return True
    if ctypes.get_errno() in {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}:
        return False
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(b))


def repair(project: Project) -> None:
    """Puts right what a build that died left: the old site back where only its copy is left, and no half-written folder."""
    old = project.output.with_name(f"{project.output.name}.old")
    if old.exists() and not project.output.exists():
        old.rename(project.output)
    clear(old)
    clear(project.root / "output.new")


def clear(path: Path) -> None:
    """Takes away a folder, or whatever else stands in its place: a link or a pipe there would be followed, or waited for. What cannot be taken away stays."""
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)


# --------------------------------------------------------------------- lock


@contextmanager
def lock(project: Project) -> Iterator[None]:
    """One build at a time. Raises LockHeld with the other's process id. The lock ends with the process, however that ends."""
    import fcntl  # noqa: PLC0415 - not on every system

    try:
        project.var.mkdir(parents=True, exist_ok=True)
        handle = (project.var / "build.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"var/build.lock: cannot be written ({error.strerror}); mend its permissions") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            raise LockHeld(f"another build is at work (process {handle.read().strip() or 'unknown'}); wait for it to end") from error
        handle.seek(0)
        handle.truncate()
        handle.write(str(os.getpid()))
        handle.flush()
        yield
