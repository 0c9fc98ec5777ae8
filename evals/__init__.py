"""Quality measured on real input. `python3 run.py eval NAME` prints a module's rows; `bench/` does the same for time and memory.

A module has `TITLE` and `rows(corpus, progress)`: the corpus folder or None where there is none, and a function that takes one
line of progress. It returns rows; it may raise `Skipped` with the reason where it has nothing to measure on.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"

Progress = Callable[[str], None]


class Skipped(Exception):
    """There is nothing to measure on; says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure. `holds` is None where there is no goal; goals are shown as text such as `≥ 0.98`."""

    name: str
    value: float | str
    baseline: float | str | None = None
    goal: str = ""
    holds: bool | None = None
    unit: str = ""


def at_least(name: str, value: float, goal: float, *, baseline: float | str | None = None, unit: str = "") -> Row:
    """A row that holds where the value reaches the goal."""
    return Row(name, round(value, 4), baseline, f"≥ {goal:g}", value >= goal, unit)


def at_most(name: str, value: float, goal: float, *, baseline: float | str | None = None, unit: str = "") -> Row:
    """A row that holds where the value stays at or under the goal."""
    return Row(name, round(value, 4), baseline, f"≤ {goal:g}", value <= goal, unit)


def equal(name: str, value: float | str, goal: float | str, *, unit: str = "") -> Row:
    """A row that holds where the value is exactly the independent count beside it."""
    return Row(name, value, goal, f"= {goal}", value == goal, unit)


def fact(name: str, value: float | str, *, baseline: float | str | None = None, unit: str = "") -> Row:
    """A row without a goal."""
    return Row(name, round(value, 4) if isinstance(value, float) else value, baseline, "", None, unit)


def main(package: str, argv: Sequence[str] | None = None) -> int:
    """Run the named modules of `package`; 0 only if every goal holds, 2 for an unknown name."""
    folder = ROOT / package
    names = sorted(p.stem for p in folder.glob("*.py") if not p.stem.startswith("_"))
    parser = argparse.ArgumentParser(prog=f"run.py {'eval' if package == 'evals' else package}")
    parser.add_argument("name", choices=[*names, "all"], help="what to measure")
    parser.add_argument("--json", action="store_true", help="rows of name, value, baseline, goal, holds")
    parser.add_argument("--corpus", type=Path, default=CORPUS, metavar="DIR", help="another corpus of the same layout")
    args = parser.parse_args(argv)
    corpus = args.corpus.resolve() if args.corpus.is_dir() else None
    every: list[Row] = []
    for name in names if args.name == "all" else [args.name]:
        module = importlib.import_module(f"{package}.{name}")
        try:
            rows = list(module.rows(corpus, lambda line: print(line, file=sys.stderr, flush=True)))
        except Skipped as why:
            print(f"{name}: skipped: {why}", file=sys.stderr)
            continue
        every += rows
        if not args.json:
            table(module.TITLE, rows)
    if args.json:
        print(json.dumps([asdict(r) for r in every], indent=2, ensure_ascii=False))
    return 0 if all(r.holds is not False for r in every) else 1


def table(title: str, rows: Sequence[Row]) -> None:
    """Rows as an aligned table on stdout."""
    head = ("", "value", "baseline", "goal", "holds")
    cells = [head] + [(r.name, _cell(r.value, r.unit), _cell(r.baseline, r.unit), r.goal, {True: "yes", False: "NO", None: ""}[r.holds]) for r in rows]
    widths = [max(len(c[i]) for c in cells) for i in range(len(head))]
    print(f"\n{title}")
    for n, row in enumerate(cells):
        print("  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))).rstrip())
        if n == 0:
            print("  ".join("-" * w for w in widths))


def _cell(value: float | str | None, unit: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        text = f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
        return f"{text} {unit}".strip()
    return f"{value} {unit}".strip() if unit else str(value)
