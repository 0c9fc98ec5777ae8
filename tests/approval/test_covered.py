"""docs/approving.md, the table of what an approval covers: each row is done to an approved article and its edition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing import trial

if TYPE_CHECKING:
    from tests.approval.conftest import Desk

ROOT = Path(__file__).resolve().parents[2]
LAW = """  - id: {id}
    instrument: "Notice rule"
    jurisdiction: "Indiana"
    event: "takes effect"
    date: 2027-01-01
    status: "in force"
    url: "https://law.example/{id}"
"""


def table() -> dict[str, str]:
    text = (ROOT / "docs" / "approving.md").read_text(encoding="utf-8")
    part = text[text.index("| changed after approval") :].split("\n\n")[0]
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in part.split("\n")[2:]]
    return {r[0]: r[1] for r in rows}


def rename(desk: Desk) -> None:
    (desk.project.briefings / trial.DAY.isoformat()).rename(desk.project.briefings / "kept")


def line_ends(desk: Desk) -> None:
    for path in [p for p in desk.project.content.rglob("*") if p.is_file()]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def pages(desk: Desk) -> None:
    path = desk.project.content / "pages" / "about.md"
    path.parent.mkdir()
    path.write_text("---\ntitle: About\n---\nOther words.\n", encoding="utf-8")


def colours(desk: Desk) -> None:
    path = desk.project.root / "themes/briefing/static/css/x.css"
    path.parent.mkdir(parents=True)
    path.write_text("p { color: red }\n", encoding="utf-8")


def settings(desk: Desk) -> None:
    desk.edit(desk.project.settings, "Five minutes, every Tuesday.", "Ten minutes, every Tuesday.")
    desk.project.sources.write_text("sources: []\n", encoding="utf-8")


DONE: dict[str, Callable[[Desk], None]] = {
    "any byte of the article's file: title, dek, text, sources, topics, corrections": lambda d: d.edit(d.path("wabash-tools"), "27", "28"),
    "the evidence file": lambda d: d.edit(d.project.evidence(trial.DAY, "wabash-tools"), '"feeds": 9', '"feeds": 8'),
    "the article's id or edition": lambda d: d.edit(d.path("wabash-tools"), "edition: 2026-11-24", "edition: 2026-11-17"),
    "the edition's order, subject or preheader": lambda d: d.edit(d.project.edition(trial.DAY), "Clerks list", "Clerks sell"),
    "a deadline that the edition shows": lambda d: d.edit(d.project.deadlines, "https://law.example/shown", "https://law.example/other"),
    "the file's name or folder": rename,
    "line ends (CRLF or LF)": line_ends,
    "the theme's colours and measures": colours,
    "the pages of the house (about, privacy …)": pages,
    "a deadline that no edition shows": lambda d: d.edit(d.project.deadlines, "https://law.example/hidden", "https://law.example/other"),
    "settings and the source list": settings,
}


@pytest.fixture
def shown(desk: Desk) -> Desk:
    """An approved article, and an approved edition that shows one of two deadlines."""
    desk.project.deadlines.write_text("deadlines:\n" + LAW.format(id="shown") + LAW.format(id="hidden"), encoding="utf-8")
    desk.edit(desk.project.edition(trial.DAY), "deadlines: []", "deadlines:\n  - shown")
    desk.approve("wabash-tools", "--edition", trial.DAY.isoformat())
    return desk


def test_every_row_is_done() -> None:
    assert set(table()) == set(DONE)


@pytest.mark.parametrize("row", list(DONE))
def test_what_an_approval_covers(row: str, shown: Desk) -> None:
    assert shown.admit().editions[0].complete
    DONE[row](shown)
    found = shown.admit()
    article, email = [a.id for a in found.articles] == ["wabash-tools"], any(e.complete for e in found.editions)
    said = {(True, True, 0): "yes", (True, False, 5): "the articles yes, the email no, 5", (False, False, 5): "no, 5"}[article, email, found.code]
    assert table()[row].partition(":")[0] == said
