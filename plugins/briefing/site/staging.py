"""The staging folder: exactly the admitted bytes, the only thing that Pelican reads.

`briefing build` prepares it before Pelican starts; a plain `pelican` run prepares it when Pelican has read its settings. Either way
`content/` itself is never given to Pelican, whatever a settings file or a command line says.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import Any

from .. import config, plainfile
from ..errors import BriefingError, ContentRefused, StorageError, UsageError, one_line, visible
from ..project import Project
from . import assets, gate
from .admitted import Admitted

ADMITTED = "BRIEFING_ADMITTED"  # the setting that holds what the gate let through
ROOT = "BRIEFING_ROOT"  # the setting that holds the project's folder, as text
STAGED = "BRIEFING_STAGED"  # the setting that holds the staging folder, as text


def stage(admitted: Admitted, folder: Path) -> Path:
    """A fresh folder with the admitted articles (`<id>.md`) and pages (`pages/<name>.md`), byte for byte. Raises StorageError."""
    try:
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
        (folder / "pages").mkdir(parents=True)
        for a in admitted.articles:
            (folder / f"{a.id}.md").write_bytes(a.data)
        for page in admitted.pages:
            (folder / "pages" / f"{page.name}.md").write_bytes(page.data)
    except OSError as error:
        raise StorageError(f"{folder.name}: cannot be written ({error.strerror}); the published site is kept") from error
    return folder


def prepare(settings: dict[str, Any]) -> Admitted:
    """What may be published, after `settings` were turned to the staging folder. Done once for a set of settings.

    Sets `PATH`, `BRIEFING_ROOT`, `BRIEFING_ADMITTED` and `BRIEFING_STAGED`. Raises BriefingError (with Pelican's `exitcode`) where there is no
    project around `PATH` or its settings cannot be read: then nothing is built.
    """
    if isinstance(settings.get(ADMITTED), Admitted) and settings.get(STAGED):
        settings["PATH"] = settings[STAGED]
        return settings[ADMITTED]  # type: ignore[no-any-return]
    try:
        root = find_root(Path(settings["PATH"]))
        project = Project(root)
        publication = config.publication(project.settings, project.name(project.settings))
        admitted = gate.admit(project, publication, os.environ)
        arrange(settings, project, admitted, stage(admitted, project.var / "staging-pelican"))
        for refusal in admitted.refusals:
            if refusal.code:
                logging.getLogger(__name__).warning("%s", one_line(refusal.text))
    except BriefingError as error:
        error.exitcode = error.code  # type: ignore[attr-defined]  # what Pelican ends with
        raise
    return admitted


def arrange(settings: dict[str, Any], project: Project, admitted: Admitted, folder: Path) -> None:
    """Turns settings to a staging folder. Raises ContentRefused where the theme holds a link."""
    _require_own_theme(project)
    settings.update({"PATH": str(folder), ROOT: str(project.root), ADMITTED: admitted, STAGED: str(folder)})


def _require_own_theme(project: Project) -> None:
    """A template may include whatever lies in the theme's folder: a link there could bring in words that nobody approved, or that no commit holds."""
    folder = assets.theme(project.root)
    if folder.parent.is_symlink():
        raise ContentRefused(f"{folder.parent.name}: is a symbolic link; replace it by the folder itself; the old site is kept")
    for entry in plainfile.walk(folder):
        if entry.kind != "file":
            what = "a symbolic link; replace it by the file itself" if entry.kind == "link" else "no plain file; remove it"
            raise ContentRefused(f"{visible(project.name(entry.path))}: is {what}; the old site is kept")


def find_root(path: Path) -> Path:
    """The project around a content folder: the nearest folder above it that holds pelicanconf.py. Raises UsageError."""
    path = path.resolve()
    found = next((p for p in (path, *path.parents) if (p / "pelicanconf.py").is_file()), None)
    if found is None:
        raise UsageError(f"{path.name}: no pelicanconf.py in this folder or above it; run `briefing build` in the briefing's folder")
    return found
