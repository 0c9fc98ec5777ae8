"""The theme's own files under names that carry their hash, so that a browser may keep them for ever.

The stylesheet is one file: `static/css/main.css` names the components in order, the build puts them one after the other.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import ConfigError

FOLDER = "/assets/"
_IMPORT = re.compile(r'^@import "([a-z0-9-]+\.css)";$')
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_FONT = re.compile(r"url\(\.\./fonts/([a-z0-9.-]+)\)")


@dataclass(frozen=True, slots=True)
class Assets:
    """`paths`: theme file → path on the site. `files`: path on the site → bytes."""

    paths: Mapping[str, str]
    files: Mapping[str, bytes]


def theme(root: Path) -> Path:
    """The theme's folder: the project's own where it has one, else the one that comes with this code. Raises ConfigError."""
    for folder in (root / "themes" / "briefing", Path(__file__).resolve().parents[3] / "themes" / "briefing"):
        if (folder / "templates" / "base.html").is_file():
            return folder
    raise ConfigError("themes/briefing/templates/base.html: is missing; restore the theme from the repository")


def collect(folder: Path) -> Assets:
    """The fonts, icon and stylesheet of a theme. Raises ConfigError where the stylesheet names a file that is not there."""
    paths: dict[str, str] = {}
    files: dict[str, bytes] = {}

    def keep(name: str, data: bytes) -> None:
        stem, _, suffix = name.rpartition(".")
        paths[name] = f"{FOLDER}{stem}.{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"
        files[paths[name]] = data

    static = folder / "static"
    for font in sorted((static / "fonts").glob("*.woff2")):
        keep(font.name, font.read_bytes())
    keep("mark.svg", (static / "mark.svg").read_bytes())
    css = stylesheet(static / "css")
    css = _FONT.sub(lambda m: f"url({_beside(paths, m.group(1))})", css)
    keep("style.css", css.encode("utf-8"))
    files["/logo.svg"] = (static / "mark.svg").read_bytes()
    for licence in sorted((static / "fonts").glob("OFL-*.txt")):
        files[f"{FOLDER}{licence.name}"] = licence.read_bytes()
    return Assets(paths, files)


def _beside(paths: Mapping[str, str], font: str) -> str:
    if font not in paths:
        raise ConfigError(f"themes/briefing/static/css: names the font {font}, which is not in static/fonts; add it or correct the name")
    return paths[font].removeprefix(FOLDER)


def stylesheet(folder: Path) -> str:
    """The components of `main.css` in its order, without comments and indentation. Raises ConfigError."""
    out = []
    for number, line in enumerate((folder / "main.css").read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("/*"):
            continue
        found = _IMPORT.match(line)
        if not found or not (folder / found.group(1)).is_file():
            raise ConfigError(f'themes/briefing/static/css/main.css:{number}: must be @import "component.css"; of a file beside it')
        out.append((folder / found.group(1)).read_text(encoding="utf-8"))
    text = _COMMENT.sub("", "\n".join(out))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"
