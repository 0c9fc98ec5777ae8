"""The build: real Pelican, the real theme, a folder beside `output/`, the audit, the swap."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from briefing import config, trial
from briefing.errors import ApprovalRefused, BriefingError, ContentRefused, LockHeld, StorageError
from briefing.project import Project
from briefing.site import audit, build, staging

if TYPE_CHECKING:
    from tests.approval.conftest import Desk


@pytest.fixture
def site(make_desk: Callable[..., Desk]) -> Desk:
    """One article and its edition are approved; one draft waits; the theme is here."""
    desk = make_desk(theme=True)
    desk.approve("wabash-tools", "--edition", trial.DAY.isoformat())
    desk.commit("Approve")
    return desk


def tree(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def words(folder: Path) -> str:
    return "\n".join(p.read_text(encoding="utf-8", errors="replace") for p in sorted(folder.rglob("*")) if p.is_file())


def test_e03_the_approved_article_is_published_and_no_word_of_the_draft(site: Desk) -> None:
    code, report, err = site.build_cli()
    assert (code, err.count("briefing:")) == (0, 0)
    assert [p["id"] for p in report["published"]] == ["wabash-tools"]
    assert report["email"]["state"] == "ready"
    output = site.project.output
    assert (output / "2026/11/wabash-tools/index.html").is_file()
    said = words(output)
    assert "WabashTools" in said
    assert "MononTools" not in said
    assert "monon-tools" not in said
    assert sorted(p.name for p in site.project.root.iterdir() if p.name.startswith("output")) == ["output"]
    assert not (site.project.var / "staging").exists()


def test_two_builds_are_the_same_bytes(site: Desk) -> None:
    site.build_cli()
    first = tree(site.project.output)
    site.build_cli()
    assert tree(site.project.output) == first


def test_a_changed_byte_leaves_the_article_out_with_code_5_and_its_line(site: Desk) -> None:
    site.build()
    site.edit(site.path("wabash-tools"), "The WabashTools list has one row", "The WabashTools list has two rows")
    code, report, _ = site.build()
    assert (code, report["published"], report["email"]["state"]) == (5, [], "none")
    (said,) = [r for r in report["left_out"] if r["code"] == 5]
    assert said["file"] == "content/briefings/2026-11-24/wabash-tools.md"
    assert "line 35 was “…he WabashTools list has one row" in said["why"]
    assert "WabashTools" not in words(site.project.output)


def test_a15_withdrawn_is_gone_from_pages_feeds_and_email(site: Desk) -> None:
    site.build()
    site.run("withdraw", "wabash-tools", "--note", "wrong figure")
    code, report, _ = site.build()
    assert (code, report["withdrawn"]) == (4, ["wabash-tools"])
    assert "WabashTools" not in words(site.project.output)
    assert report["email"]["state"] in {"none", "withdrawn"}


def test_e01_nothing_approved_is_code_4_and_last_weeks_email_is_not_offered(site: Desk) -> None:
    site.build()
    site.now = site.now.replace(day=27)
    code, report, _ = site.build()
    assert (code, report["edition"], [p["id"] for p in report["published"]]) == (4, "2026-12-01", ["wabash-tools"])
    offered = json.loads((site.project.output / "email/next.json").read_text(encoding="utf-8"))
    assert (offered["state"], offered["edition"]) == ("none", "2026-12-01")


def test_broken_front_matter_is_named_and_the_rest_is_built(site: Desk) -> None:
    site.edit(site.path("monon-tools"), "kicker:", "kikker:")
    code, out, err = site.run("build")
    assert code == 6
    assert out.startswith("Edition of 2026-11-24\narticle       title")
    assert "Build 4/4 swap: the new site is in place" in err
    assert "  content/briefings/2026-11-24/monon-tools.md:5: front matter kikker: unknown key; did you mean kicker?" in out
    assert (site.project.output / "2026/11/wabash-tools/index.html").is_file()


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("PLUGINS = [site]", "PLUGINS = []", 2, "pelicanconf.py: PLUGINS does not hold briefing's site"),
        ("PLUGINS = [site]", "PLUGINS = ['briefing.nosuch', site]", 1, "the site could not be built: "),
    ],
)
def test_settings_that_would_leave_the_gate_out_stop_the_build(site: Desk, old: str, new: str, code: int, says: str) -> None:
    site.build_cli()
    before = tree(site.project.output)
    site.edit(site.project.settings, old, new)
    got, _, err = site.build_cli()
    assert got == code
    assert says in err
    assert "Traceback" not in err
    assert tree(site.project.output) == before


def test_settings_cannot_open_pelicans_own_ways(site: Desk) -> None:
    """Static paths, template pages, drafts and sources of Pelican stay shut whatever the settings say."""
    with site.project.settings.open("a", encoding="utf-8") as file:
        file.write(
            '\nPATH = "content"\nARTICLE_PATHS = ["briefings"]\nSTATIC_PATHS = ["briefings", "../EDITORS"]\nOUTPUT_SOURCES = True\n'
            'DRAFT_SAVE_AS = "drafts/{slug}.html"\nDEFAULT_METADATA = {"status": "published"}\nEXTRA_PATH_METADATA = {}\n'
            'TEMPLATE_PAGES = {"../EDITORS": "editors.html"}\nREADERS = {}\nUSE_FOLDER_AS_CATEGORY = True\n'
        )
    (site.project.content / "loose.md").write_text("Title: Loose\nStatus: published\nDate: 2026-11-24\n\nLoose unapproved words.\n", encoding="utf-8")
    code, _, _ = site.build()
    assert code == 6
    said = words(site.project.output)
    assert "MononTools" not in said
    assert "Loose unapproved" not in said
    assert trial.EDITOR not in said


def test_a10_a_file_that_changes_between_the_check_and_the_build_stops_it(site: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Pelican reads is compared once more with what was verified; the reason comes through Pelican's own error."""
    site.build()
    before = tree(site.project.output)
    real = staging.stage

    def stage(admitted: Any, folder: Path) -> Path:
        real(admitted, folder)
        path = folder / "wabash-tools.md"
        path.write_bytes(path.read_bytes().replace(b"27", b"28"))
        return folder

    monkeypatch.setattr(staging, "stage", stage)
    code, _, err = site.build()
    assert (code, err) == (5, "briefing: wabash-tools.md: changed between the check and the build; run `briefing build` again; the old site is kept\n")
    assert tree(site.project.output) == before


def pelican(site: Desk, *args: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k != "BRIEFING_NOW"} | {"COLUMNS": "300"}  # Pelican wraps what it says
    command = [sys.executable, "-m", "pelican", "-s", "pelicanconf.py", "-o", "out", *args]
    return subprocess.run(command, cwd=site.project.root, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("args", [(), ("content/briefings",)])
def test_a_plain_pelican_run_is_as_safe(site: Desk, args: tuple[str, ...]) -> None:
    (site.project.content / "loose.md").write_text("Title: Loose\n\nLoose words.\n", encoding="utf-8")
    done = pelican(site, *args)
    assert done.returncode == 0, done.stderr
    assert "content/loose.md: has no place here and is not published" in " ".join((done.stdout + done.stderr).split())
    said = words(site.project.root / "out")
    assert "Loose words" not in said
    assert "WabashTools" in said
    assert "MononTools" not in said


def test_a_plain_pelican_run_with_a_broken_plugin_builds_nothing(site: Desk) -> None:
    shadow = site.project.root / "shadow"
    (shadow / "sitecustomize").parent.mkdir()
    (shadow / "sitecustomize.py").write_text("import sys\nsys.modules['briefing.site.plugin'] = None\n", encoding="utf-8")
    site.monkeypatch.setenv("PYTHONPATH", str(shadow))
    done = pelican(site)
    assert done.returncode == 1
    assert "nothing was built" in done.stderr
    assert not (site.project.root / "out").exists() or not list((site.project.root / "out").rglob("*.html"))


# ------------------------------------------------------------ crash and swap


def publication(site: Desk) -> config.Publication:
    return config.publication(site.project.settings)


def run_here(site: Desk) -> build.Built:
    return build.run(site.project, publication(site), {"BRIEFING_NOW": site.now.isoformat()}, lambda name, outcome: None)


@pytest.fixture
def fake(site: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Stand in for Pelican: two files that say which build wrote them. The real one is tried above."""

    def use(text: str, fails: BaseException | None = None) -> None:
        def write(project: Project, admitted: Any, output: Path) -> None:
            for a in admitted.articles:
                page = output / f"{a.article.edition:%Y/%m}" / a.id / "index.html"
                page.parent.mkdir(parents=True, exist_ok=True)
                page.write_text(text, encoding="utf-8")
            if fails:
                raise fails
            (output / "index.html").write_text(text, encoding="utf-8")

        monkeypatch.setattr(build, "pelican", write)

    return use


def test_a_failure_while_writing_keeps_the_old_site(site: Desk, fake: Callable[..., None]) -> None:
    """D08."""
    fake("old")
    run_here(site)
    for failure, kind in (
        (OSError(28, "No space left on device"), StorageError),
        (KeyboardInterrupt(), KeyboardInterrupt),
        (build.BuildFailed("x"), BriefingError),
    ):
        fake("new", failure)
        with pytest.raises(kind):
            run_here(site)
        assert set(words(site.project.output).split()) == {"old"}
        assert not (site.project.root / "output.new").exists()
    fake("new")
    run_here(site)
    assert set(words(site.project.output).split()) == {"new"}


@pytest.mark.parametrize("at", range(1, 60, 7))
def test_a_disk_that_fills_up_at_any_file_keeps_the_old_site(site: Desk, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """D08 and D02 with the real Pelican: the k-th write fails."""
    output = site.project.output
    output.mkdir()
    (output / "index.html").write_text("old", encoding="utf-8")
    real, calls = Path.write_bytes, 0

    def write(self: Path, data: bytes) -> int:
        nonlocal calls
        calls += "output.new" in self.parts
        if calls == at:
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", write)
    code, _, err = site.build()
    if calls < at:
        assert code == 0, err
        return
    assert (code, err) == (7, "briefing: the site could not be written (No space left on device); free space or mend permissions; the old site is kept\n")
    assert words(output) == "old"


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_death_at_any_rename_leaves_what_the_next_build_repairs(site: Desk, fake: Callable[..., None], dies_at: int) -> None:
    """D08, without the one-step exchange: the process dies before, between and after the two renames."""
    fake("old")
    run_here(site)
    fake("new")
    calls = 0
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == dies_at:
            raise SystemExit("killed")
        return real(self, target)

    with pytest.MonkeyPatch.context() as dying, contextlib.suppress(SystemExit):
        dying.setattr(build, "_exchange", lambda a, b: False)
        dying.setattr(Path, "rename", rename)
        dying.setattr(shutil, "rmtree", lambda *a, **k: None)  # the dead clean nothing up
        run_here(site)
    build.repair(site.project)
    assert set(words(site.project.output).split()) == ({"new"} if dies_at == 3 else {"old"})
    assert sorted(p.name for p in site.project.root.iterdir() if p.name.startswith("output")) == ["output"]


@pytest.mark.parametrize("name", ["output", "output.new", "output.old"])
@pytest.mark.parametrize("what", ["pipe", "link", "file"])
def test_whatever_stands_where_a_site_is_written_is_neither_followed_nor_waited_for(
    site: Desk, fake: Callable[[str], None], tmp_path: Path, name: str, what: str
) -> None:
    fake("new")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.txt").write_text("x", encoding="utf-8")
    path = site.project.root / name
    {"pipe": lambda: os.mkfifo(path), "link": lambda: path.symlink_to(elsewhere), "file": lambda: path.write_text("x", encoding="utf-8")}[what]()
    run_here(site)
    assert (site.project.output / "index.html").is_file()
    assert not site.project.output.is_symlink()
    assert (elsewhere / "kept.txt").read_text(encoding="utf-8") == "x"


def test_the_exchange_is_one_step(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name, encoding="utf-8")
    if not build._exchange(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this system cannot exchange two folders in one step")
    assert ((tmp_path / "a/file").read_text(encoding="utf-8"), (tmp_path / "b/file").read_text(encoding="utf-8")) == ("b", "a")


def test_a_second_build_at_the_same_time_ends_at_once(site: Desk) -> None:
    with build.lock(site.project), pytest.raises(LockHeld, match=f"another build is at work \\(process {os.getpid()}\\)"):
        run_here(site)
    with build.lock(site.project):
        pass


# --------------------------------------------------------------------- audit


def put(site: Desk, name: str, text: str) -> None:
    path = site.project.output / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def look(site: Desk) -> audit.Seen:
    return audit.audit(site.project.output, site.admit(), site.project, publication(site))


def test_the_audit_finds_what_a_theme_or_a_plugin_slipped_in(site: Desk) -> None:
    site.build()
    assert look(site).files > 20
    site.edit(site.path("monon-tools"), "The MononTools list has one row for each tool.", "Each tool of the office has one row for clerks who keep a list.")
    put(site, "feeds/extra.html", "<p>Each tool of the <b>office</b> has one row for clerks who keep a list.</p>")
    with pytest.raises(ApprovalRefused, match=r"output/feeds/extra.html: holds words of content/briefings/2026-11-24/monon-tools.md"):
        look(site)
    (site.project.output / "feeds/extra.html").unlink()
    put(site, "2026/11/monon-tools/index.html", "<p>Soon</p>")
    with pytest.raises(ApprovalRefused, match="is a page of monon-tools, which was not let through"):
        look(site)


def test_names_with_accents_and_long_names_are_no_strangers(make_desk: Callable[..., Desk]) -> None:
    """Addresses fold accents and cut long names: a publisher's name must not stop its own briefing."""
    desk = make_desk(theme=True, articles=())
    a = trial.make_article("wabash-tools")
    long = "Überlandzeitungsverlagsgesellschaft für außerordentliche Angelegenheiten und Verwaltungswissenschaften zu Ærøskøbing"
    first, second = a.sources
    trial.add_article(desk.project, replace(a, author="Zoë Quiñones", sources=(replace(first, publisher="Café Ledger"), replace(second, publisher=long))))
    trial.add_edition(desk.project, ["wabash-tools"])
    desk.approve("wabash-tools", "--edition", trial.DAY.isoformat())
    code, report, err = desk.build()
    assert (code, err, [p["id"] for p in report["published"]]) == (0, "", ["wabash-tools"])


def test_the_audit_misses_no_page_and_takes_no_link(site: Desk) -> None:
    site.build()
    (site.project.output / "link.html").symlink_to(site.project.settings)
    with pytest.raises(ContentRefused, match=r"output/link.html: is a link"):
        look(site)
    (site.project.output / "link.html").unlink()
    (site.project.output / "2026/11/wabash-tools/index.html").unlink()
    with pytest.raises(ApprovalRefused, match=r"output/2026/11/wabash-tools/index.html: was not written"):
        look(site)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("index.html", "<p>Zanzibar</p>"),
        ("index.html", '<meta name="description" content="Zanz&#105;bar">'),
        ("index.html", '<img src="x.png" alt="Zanzibar">'),
        ("index.html", '<script type="application/ld+json">{"headline": "Zanz\\u0069bar"}</script>'),
        ("feeds/all.atom.xml", "<content type='html'>&lt;p&gt;Zanzibar&lt;/p&gt;</content>"),
        ("feeds/all.json", '{"x": "Zan\\u007aibar"}'),
        ("deadlines.ics", "SUMMARY:Zanz\r\n ibar\r\n"),
        ("email/2026-11-24/email.txt", "Zanzibar"),
        ("email/2026-11-24/message.eml", "Subject: =?utf-8?q?Zanzibar?=\n\nx\n"),
        ("_headers", "X-Note: Zanzibar"),
        ("extra.txt", "Zan\u00adzibar"),
    ],
)
def test_a_word_that_stands_in_nothing_approved_is_found_wherever_it_is_written(site: Desk, fake: Callable[..., None], name: str, text: str) -> None:
    """Pages, feeds, calendar and email are read as their readers read them."""
    fake("old")
    run_here(site)
    put(site, name, text)
    with pytest.raises(ApprovalRefused, match=f"output/{name}: holds “z[a-z]+r”, which stands in nothing that was approved, nor in the theme"):
        look(site)


@pytest.mark.parametrize("name", ["photo.png", "assets/style.css", "script.js", "paper.pdf"])
def test_a04_a_file_that_is_not_the_themes_is_found(site: Desk, fake: Callable[..., None], name: str) -> None:
    """An article shows no pictures; whatever else lies in the site is the theme's, byte for byte."""
    fake("old")
    run_here(site)
    put(site, name, "x")
    with pytest.raises(ContentRefused, match=f"output/{name}: is no file of the theme"):
        look(site)


def test_what_the_audit_finds_keeps_the_old_site(site: Desk, fake: Callable[..., None]) -> None:
    fake("old")
    run_here(site)
    fake("On November 17, 2026, the MononTools Office asked its clerks for a list of 27 tools.")
    with pytest.raises(ApprovalRefused):
        run_here(site)
    assert set(words(site.project.output).split()) == {"old"}
