"""The whole way on the sample week, once for all tests of this file: what a stranger is promised by `python3 run.py demo`."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing import article, demo, inline
from briefing.console import Console
from briefing.model import Bullets, Paragraph, PullQuote, Statistic

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-11-24"
pytestmark = pytest.mark.timeout(600)  # two editions are played, whatever else the machine does


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[demo.Played]:
    folder = tmp_path_factory.mktemp("demo") / "project"
    yield demo.play(ROOT, Console(io.StringIO(), io.StringIO(), quiet=True), folder)


def briefing(played: demo.Played, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "briefing.cli", args[0], "--project", str(played.project.root), "--now", "2026-11-23T22:00:00+00:00", *args[1:]]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


def tree(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def approved(played: demo.Played) -> list[article.Article]:
    found = [article.parse(p.read_bytes(), p.name) for p in sorted(played.project.briefings.glob("*/*.md"))]
    return [a for a in found if a.status == "approved"]


def missing_elements(a: article.Article) -> list[str]:
    """What of the article's shape is not there."""
    blocks = [b for _, b in article.body_blocks(a)]
    lists = [b for b in blocks if isinstance(b, Bullets)]
    quotes = [b for b in blocks if isinstance(b, PullQuote)]
    body = " ".join(inline.text(md) for where, md, _ in article.passages(a) if where != "pull")
    rules = {
        "headline of 6 to 12 words": 6 <= len(a.title.split()) <= 12,
        "dek of at most 160 characters": 0 < len(a.dek) <= 160,
        "short lines of at most 25 words": all(0 < len(s.split()) <= 25 for s in (a.short.happened, a.short.matters, a.short.do)),
        "lead of 2 to 4 paragraphs": 2 <= sum(isinstance(b, Paragraph) for b in a.lead) <= 4,
        "3 to 5 sections that ask": 3 <= len(a.sections) <= 5 and all(s.question.endswith("?") for s in a.sections),
        "one statistic": sum(isinstance(b, Statistic) for b in blocks) == 1,
        "one pull quote, word for word from the page": len(quotes) == 1 and quotes[0].text.strip('“”"') in body,
        "one list of 3 to 5": len(lists) == 1 and 3 <= len(lists[0].items) <= 5,
        "three principles": len(a.meaning) == 3,
        "a next step": a.next_step is not None,
        "4 to 6 questions": 4 <= len(a.faq) <= 6,
        "answers of 15 to 50 words": all(15 <= len(" ".join(inline.text(b.md) for b in q.blocks).split()) <= 50 for q in a.faq),
        "sources, the primary one first": bool(a.sources) and (a.sources[0].kind == "primary" or all(s.kind != "primary" for s in a.sources)),
        "body of 900 to 1,500 words, or says why not": 900 <= article.words(a) <= 1500 or bool(a.limits),
    }
    return [name for name, holds in rules.items() if not holds]


def test_three_approved_articles_have_every_element(played: demo.Played) -> None:
    lacking = {a.id: missing_elements(a) for a in approved(played)}
    assert sum(not m for m in lacking.values()) >= 3, lacking


def test_no_word_of_the_unapproved_draft_stands_in_the_output(played: demo.Played) -> None:
    assert len(played.held_back) == 1
    held = next(played.project.briefings.glob(f"*/{played.held_back[0]}.md"))
    draft = article.parse(held.read_bytes(), held.name)
    sentences = {draft.title, draft.dek, draft.id, draft.short.happened} | {inline.text(b.md) for b in draft.lead if isinstance(b, Paragraph)}
    own = {s.url for s in draft.sources} - {s.url for a in approved(played) for s in a.sources}
    assert own
    for file in sorted(played.project.output.rglob("*")):
        if not file.is_file() or file.suffix in {".woff2"}:
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        for words in sentences | own:
            assert words not in text, f"{file.name} holds {words!r} of the unapproved draft"


def test_next_json_is_ready_and_its_hashes_match(played: demo.Played) -> None:
    offered = json.loads((played.project.output / "email" / "next.json").read_text(encoding="utf-8"))
    assert (offered["state"], offered["edition"]) == ("ready", DAY)
    assert len(offered["files"]) == 4
    for name, said in offered["files"].items():
        data = (played.project.output / "email" / name).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (said["sha256"], said["bytes"])


def test_two_builds_are_byte_identical(played: demo.Played) -> None:
    before = tree(played.project.output)
    done = briefing(played, "build")
    assert done.returncode == 0, done.stderr
    assert tree(played.project.output) == before


def test_collect_and_draft_again_change_nothing_and_keep_an_editors_edits(played: demo.Played, tmp_path: Path) -> None:
    edited = next(played.project.briefings.glob(f"{DAY}/{played.held_back[0]}.md"))
    text = edited.read_text(encoding="utf-8")
    edited.write_text(text.replace("kicker: ", "kicker:  ", 1), encoding="utf-8")
    before = tree(played.project.content)
    assert briefing(played, "draft", "--edition", DAY).returncode == 0
    assert tree(played.project.content) == before
    edited.write_text(text, encoding="utf-8")


def test_one_changed_byte_leaves_the_article_out_and_the_email_unoffered(played: demo.Played, tmp_path: Path) -> None:
    target = next(p for p in sorted(played.project.briefings.glob(f"{DAY}/*.md")) if "status: approved" in p.read_text(encoding="utf-8"))
    good = target.read_bytes()
    shutil.copytree(played.project.output, tmp_path / "output")
    try:
        body = good.index(b"\n---\n", 4) + 5
        at = good.index(b"e", body + 40)
        target.write_bytes(good[:at] + b"a" + good[at + 1 :])
        line = good[:at].count(b"\n") + 1
        done = briefing(played, "build")
        assert done.returncode == 5, done.stdout + done.stderr
        assert f"{played.project.name(target)}:{line}:" in done.stdout + done.stderr
        assert not list(played.project.output.rglob(f"{target.stem}/index.html"))
        assert json.loads((played.project.output / "email" / "next.json").read_text(encoding="utf-8"))["state"] == "none"
    finally:
        target.write_bytes(good)
    assert briefing(played, "build").returncode == 0
    assert tree(played.project.output) == tree(tmp_path / "output")
