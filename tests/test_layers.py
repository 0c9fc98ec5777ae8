"""The arrows of docs/architecture.md: who may import whom, and who alone may touch what."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "plugins" / "briefing"

#: Modules that only take values and return values: nothing of ours above them, no I/O.
PURE = {"model", "errors", "address", "yamlfile", "yamlplain", "inline", "article", "sentences", "evidence", "ledger", "cluster", "rank", "approval"}
#: Library → the only modules that may import it.
ONLY = {
    "pelican": {"site"},
    "feedparser": {"collect"},
    "aiohttp": {"collect", "draft"},
    "sqlite3": {"store", "commands"},
    "socket": {"collect", "sample"},
    "trafilatura": {"collect"},
    "sklearn": {"cluster", "rank", "draft", "evidence"},
    "css_inline": {"site"},
}


def modules() -> dict[str, Path]:
    return {".".join(p.relative_to(PACKAGE).with_suffix("").parts): p for p in PACKAGE.rglob("*.py") if "__pycache__" not in p.parts}


def imports(path: Path) -> list[tuple[str, int]]:
    """Absolute names of everything imported, ours as `briefing.x`."""
    parts = ["briefing", *path.relative_to(PACKAGE).with_suffix("").parts]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(a.name, node.lineno) for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = parts[: len(parts) - node.level] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            found.append((stem, node.lineno))
            found += [(f"{stem}.{a.name}", node.lineno) for a in node.names]
    return found


def room(name: str) -> str:
    return name.split(".")[0]


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_go_one_way(name: str) -> None:
    for target, line in imports(modules()[name]):
        if not target.startswith("briefing."):
            continue
        to = target.split(".")[1]
        where = f"{name}:{line} imports {target}"
        if to == "site":
            assert room(name) == "site", f"{where}: only pelicanconf.py may import site"
        if to in {"cli"}:
            assert name in {"cli"} or room(name) == "commands", f"{where}: nothing imports the command line"
        if to == "commands":
            assert room(name) in {"cli", "commands"}, f"{where}: nothing below the command line imports commands"
        if room(name) in PURE:
            assert to in PURE | {"config", "edition", "playbook"}, f"{where}: a pure module imports pure modules only"
        if name in {"model", "errors"}:
            pytest.fail(f"{where}: {name} imports nothing of ours")


@pytest.mark.parametrize("name", sorted(modules()))
def test_each_library_has_its_room(name: str) -> None:
    for target, line in imports(modules()[name]):
        library = target.split(".")[0]
        if library in ONLY:
            assert room(name) in ONLY[library], f"{name}:{line} imports {library}; that belongs in {sorted(ONLY[library])}"


def test_only_the_command_line_reads_the_clock() -> None:
    for name, path in modules().items():
        if name == "cli":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert ".now(" not in line and "date.today" not in line and "time.time()" not in line, f"{name}:{number} reads the clock: {line.strip()}"


def test_the_command_line_starts_without_pelican_or_scikit_learn() -> None:
    code = "import sys, briefing.cli as c; c._parser(); print(sorted(m for m in ('pelican', 'sklearn', 'trafilatura', 'aiohttp', 'numpy') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
