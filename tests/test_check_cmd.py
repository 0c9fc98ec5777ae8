"""`briefing check` and `briefing review` on a real project folder with a real store."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefing import article, cli, evidence, ledger, store
from briefing.collect.merge import Change
from briefing.model import Article, Item, Snapshot

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"
READ = datetime(2026, 11, 20, tzinfo=UTC)
NOW = "2026-11-23T09:00:00-05:00"
NAME = "content/briefings/2026-11-24/insurer-ai-register.md"


def snapshot(name: str) -> Snapshot:
    text = (DATA / "evidence" / f"{name}.txt").read_text(encoding="utf-8").strip()
    return Snapshot(hash=store.hash_of(text), item=f"{name:0<16}"[:16], url=f"https://{name}.example/", text=text, read=READ, origin="page")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the example article, its ledger, and no store yet."""
    root = tmp_path / "brief"
    root.mkdir()
    shutil.copy(ROOT / "pelicanconf.py", root)
    source = (DATA / "insurer-ai-register.md").read_text(encoding="utf-8")
    texts = {"s1": snapshot("larkmoor"), "s2": snapshot("harbour")}
    source = source.replace("sha256:" + "1" * 64, texts["s1"].hash).replace("sha256:" + "2" * 64, texts["s2"].hash)
    file = root / NAME
    file.parent.mkdir(parents=True)
    file.write_text(source, encoding="utf-8")
    parsed: Article = article.parse(source.encode())
    file.with_name("insurer-ai-register.evidence.json").write_bytes(ledger.write(evidence.record(parsed, texts, collected=5, feeds=3)))
    return root


def keep_texts(root: Path) -> None:
    """Puts the two texts into the project's store."""
    with store.Store.open(root / "var" / "briefing.sqlite", write=True, now=READ) as kept:
        for name in ("larkmoor", "harbour"):
            s = snapshot(name)
            item = Item(id=s.item, source="x", url=s.url, title=name, first_seen=READ)
            kept.save(store.Brought(state=store.State(source="x"), changes=(Change(item, f"digest of {name}", ()),)), now=READ)
            kept.save_page(item, "read", "", s, now=READ)


def run(root: Path, *args: str) -> int:
    return cli.main([args[0], "--project", str(root), "--now", NOW, *args[1:]])


def edit(root: Path, old: str, new: str) -> None:
    path = root / NAME
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_article_that_stands(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep_texts(project)
    assert run(project, "check") == 0
    out = capsys.readouterr().out
    assert f"{NAME}:70: look: s1 carries only part of these words. Read the passage beside it and say no more than it does.\n" in out
    assert "Edition of 2026-11-24" in out
    assert "the texts" in out


def test_a_changed_figure_is_named_with_its_line_and_the_way_out(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep_texts(project)
    edit(project, "The register has 27 rows.", "The register has 72 rows.")
    assert run(project, "check", "insurer-ai-register") == 6
    first = capsys.readouterr().out.splitlines()[0]
    assert first == (f"{NAME}:39: “72” stands in no cited source (near these words it says “27 rows”). Correct the figure or cite the source that has it.")


def test_without_the_texts_the_ledger_is_asked_and_said_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, "check") == 0
    assert "its evidence file (texts not here)" in capsys.readouterr().out
    edit(project, "The register has 27 rows.", "The register has 72 rows.")
    assert run(project, "check") == 6
    assert "was changed after the last check" in capsys.readouterr().out


def test_write_makes_the_ledger_anew_and_only_where_it_changed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep_texts(project)
    path = (project / NAME).with_name("insurer-ai-register.evidence.json")
    edit(project, "The register has 27 rows.", "Its register has 27 rows.")
    assert run(project, "check", "--write") == 0
    first = ledger.read(path.read_bytes())
    assert "Its register has 27 rows." in [c.text for c in first.claims]
    assert (first.collected, first.feeds) == (5, 3)
    assert f"{NAME.removesuffix('.md')}.evidence.json: written" in capsys.readouterr().err
    assert run(project, "check", "--write") == 0
    assert "written" not in capsys.readouterr().err


def test_write_without_the_texts_keeps_the_file_and_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = (project / NAME).with_name("insurer-ai-register.evidence.json")
    before = path.read_bytes()
    assert run(project, "check", "--write") == 0
    assert path.read_bytes() == before
    assert "kept as it is, the texts it was made from are not on this machine" in capsys.readouterr().err


def test_broken_front_matter_is_one_line_and_hides_no_other_article(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = (project / NAME).with_name("another.md")
    shutil.copy(project / NAME, other)
    other.write_text(other.read_text(encoding="utf-8").replace("status: needs-review", "status: published"), encoding="utf-8")
    assert run(project, "check") == 6
    out = capsys.readouterr().out
    assert out.startswith("content/briefings/2026-11-24/another.md:4: front matter ")
    assert NAME in out


def test_no_evidence_and_no_texts(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / NAME).with_name("insurer-ai-register.evidence.json").unlink()
    assert run(project, "check") == 6
    assert "insurer-ai-register.evidence.json: is missing, and this machine does not have the texts" in capsys.readouterr().out


def test_nothing_to_check(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, "check", "--edition", "2026-12-01") == 0
    assert "Edition of 2026-12-01: nothing to check; `briefing draft` writes its articles" in capsys.readouterr().out


@pytest.mark.parametrize("what", [["nobody"], ["--edition", "soon"]])
def test_a_wrong_call(project: Path, what: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, "check", *what) == 2
    assert capsys.readouterr().err.startswith("briefing: ")


def test_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep_texts(project)
    edit(project, "The register has 27 rows.", "The register has 72 rows.")
    assert run(project, "check", "--json") == 6
    data = json.loads(capsys.readouterr().out)
    found = data["articles"][0]
    assert (found["file"], found["claims"], found["carried"], found["checked_against"]) == (NAME, 15, 14, "texts")
    assert [p["reason"] for p in found["problems"] if p["blocks"]] == ["number-not-found"]


def test_the_review_page_is_written_where_it_says(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, "review") == 0
    path = Path(capsys.readouterr().out.splitlines()[-1])
    assert path == project / "var" / "review" / "2026-11-24.html"
    assert "Larkmoor Mutual publishes its AI register" in path.read_text(encoding="utf-8")


def test_the_review_shows_what_changed_since_the_approval(project: Path, git, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    git("init", "-q", cwd=project)
    git("add", "content", "pelicanconf.py", cwd=project)
    git("commit", "-q", "-m", "An article", cwd=project)
    approve(project)
    edit(project, "The register has 27 rows.", "Its register has 27 rows.")
    assert run(project, "review", "--markdown") == 0
    out = capsys.readouterr().out
    assert "changed since Dana Whitlock’s approval of 2026-11-20" in out
    assert "~~The register has 27 rows. \\[s1\\]~~" in out


def test_the_checker_runs_without_pelican_and_scikit_learn() -> None:
    import subprocess

    code = (
        "import sys, briefing.evidence, briefing.checked, briefing.review; print([m for m in ('pelican', 'sklearn', 'numpy', 'aiohttp') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"


def approve(project: Path) -> None:
    """An approval of the article as it stands, at level 1."""
    from briefing import approval
    from briefing.model import Record

    data = (project / NAME).read_bytes()
    parts = approval.parts(data, (project / NAME).with_name("insurer-ai-register.evidence.json").read_bytes(), article.parse(data))
    record = Record(
        version=1,
        article="insurer-ai-register",
        edition=article.parse(data).edition,
        decision="approve",
        digest=approval.digest(parts),
        parts=parts,
        approved_by="Dana Whitlock <dana@brief.example.org>",
        approved_at=READ,
    )
    path = project / "approvals" / "insurer-ai-register" / approval.file_name(record)
    path.parent.mkdir(parents=True)
    path.write_bytes(approval.write(record))
    (project / "EDITORS").write_text("Dana Whitlock <dana@brief.example.org>\n", encoding="utf-8")


def test_an_approved_article_is_named_not_listed_and_its_evidence_is_never_rewritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep_texts(project)
    path = (project / NAME).with_name("insurer-ai-register.evidence.json")
    path.write_bytes(path.read_bytes().replace(b'"collected": 5', b'"collected": 6').replace(b"needs your eye", b"needs  your eye"))
    approve(project)
    before = path.read_bytes()
    assert run(project, "check") == 0
    assert f"Approved as they stand and not listed: {NAME}" in capsys.readouterr().out
    assert run(project, "check", "insurer-ai-register", "--write") == 0
    assert path.read_bytes() == before
    assert "kept as it is, it was approved with its article; `briefing withdraw insurer-ai-register` takes that back" in capsys.readouterr().err
