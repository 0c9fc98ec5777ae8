"""What people see while a command works: a bar on a terminal, plain lines elsewhere. All of it goes to stderr; data goes to stdout."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from .errors import visible

#: Called once a finished piece of work: its name and what came of it.
Step = Callable[[str, str], None]


class Console:
    """Progress, tables and JSON of one command. `quiet` drops progress; tables and JSON always go out."""

    def __init__(self, out: IO[str] | None = None, err: IO[str] | None = None, *, quiet: bool = False) -> None:
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self.quiet = quiet

    @property
    def live(self) -> bool:
        """Whether progress may be drawn and redrawn."""
        return not self.quiet and self.err.isatty()

    @contextmanager
    def progress(self, title: str, total: int) -> Iterator[Step]:
        """A step function for `total` pieces of work. Lines on a pipe are `title n/total name: outcome`."""
        if self.quiet:
            yield lambda name, outcome: None
            return
        if not self.live:
            yield self._plain_steps(title, total)
            return
        from rich.console import Console as Rich  # noqa: PLC0415 - a slow import that only terminals need
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        columns = (
            TextColumn("{task.description:<12}"),
            BarColumn(32),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[last]}", markup=False),
        )
        with Progress(*columns, console=Rich(file=self.err), transient=True) as bar:
            task = bar.add_task(title, total=total, last="")

            def step(name: str, outcome: str) -> None:
                bar.update(task, advance=1, last=visible(f"{name}: {outcome}")[:60])

            yield step

    def _plain_steps(self, title: str, total: int) -> Step:
        done = 0

        def step(name: str, outcome: str) -> None:
            nonlocal done
            done += 1
            self.say(f"{title} {done}/{total} {name}: {outcome}")

        return step

    def say(self, line: str) -> None:
        """One line for a person, on stderr."""
        if not self.quiet:
            self.err.write(visible(line) + "\n")
            self.err.flush()

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> None:
        """A table on stdout: aligned columns, no colours, readable on a pipe; figures to the right."""
        cells = [[visible(str(c)) for c in row] for row in rows]
        widths = [max([len(h), *(len(r[i]) for r in cells)]) for i, h in enumerate(headings)]
        right = [bool(cells) and all(_figure(r[i]) for r in cells) for i in range(len(headings))]
        if title:
            self.out.write(f"{title}\n")
        for row in [list(headings), ["-" * w for w in widths], *cells]:
            line = "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True))
            self.out.write(line.rstrip() + "\n")
        self.out.flush()

    def fits(self, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> bool:
        """Whether this table is no wider than the terminal; anything fits where the result goes elsewhere."""
        if not self.out.isatty():
            return True
        widths = [max([len(h), *(len(visible(str(r[i]))) for r in rows)]) for i, h in enumerate(headings)]
        return sum(widths) + 2 * (len(widths) - 1) <= shutil.get_terminal_size().columns

    def line(self, text: str = "") -> None:
        """One line of the result, on stdout."""
        self.out.write(visible(text) + "\n")

    def paragraph(self, text: str, *, hang: int = 2) -> None:
        """One line of the result that may be long: broken between words on a terminal, further lines set in; one line elsewhere."""
        shown = visible(text)
        if self.out.isatty():
            width = max(shutil.get_terminal_size().columns - 1, 40)
            start = len(shown) - len(shown.lstrip(" "))
            shown = textwrap.fill(shown, width, subsequent_indent=" " * (start + hang), break_long_words=False, break_on_hyphens=False)
        self.out.write(shown + "\n")

    def json(self, data: Any) -> None:
        """The result for a program, on stdout."""
        json.dump(data, self.out, indent=2, ensure_ascii=False, default=str, sort_keys=False)
        self.out.write("\n")


def _figure(cell: str) -> bool:
    return cell in {"", "-"} or cell.replace(",", "").replace(".", "", 1).replace("-", "", 1).rstrip(" %sMBmk").isdigit()
