"""What a reader and a mail service see of approvals, corrections and withdrawals, in a real build. Rows E01–E05 and N04."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from briefing import offer, trial
from briefing.errors import ApprovalRefused

if TYPE_CHECKING:
    from tests.approval.conftest import Desk

PAGE = "2026/11/wabash-tools/index.html"


@pytest.fixture
def site(make_desk: Callable[..., Desk]) -> Desk:
    """Built once: one article and its edition are approved, one draft waits."""
    desk = make_desk(theme=True)
    desk.approve("wabash-tools", "--edition", trial.DAY.isoformat())
    desk.commit("Approve")
    assert desk.build()[0] == 0
    return desk


def read(site: Desk, name: str) -> str:
    return (site.project.output / name).read_text(encoding="utf-8")


def offered(site: Desk) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(read(site, "email/next.json"))
    return data


def entry_ids(site: Desk, name: str) -> list[str]:
    return re.findall(r"<(?:id|guid)[^>]*>([^<]*)<", read(site, name))


def correct(site: Desk) -> None:
    path = site.path("wabash-tools")
    site.edit(
        path, "topics: [ai-inventory]", 'topics: [ai-inventory]\ncorrections:\n  - date: 2026-11-26\n    text: "The clerks keep the list, not the office."'
    )
    site.now += timedelta(days=2)


def test_n04_a_correction_needs_an_approval_then_shows_with_its_date_and_keeps_its_address(site: Desk) -> None:
    ids = entry_ids(site, "feeds/all.atom.xml")
    correct(site)
    code, report, _ = site.build()
    assert (code, report["published"]) == (5, [])
    (said,) = [r for r in report["left_out"] if r["code"] == 5]
    assert "(corrections)" in said["why"]
    site.approve("wabash-tools")
    assert site.build()[0] == 4, "by now the next edition is due, and nothing is approved for it"
    for name in (PAGE, "corrections/index.html", "feeds/all.atom.xml"):
        assert "The clerks keep the list, not the office." in read(site, name), name
    page = read(site, PAGE)
    assert page.index("The clerks keep the list, not the office.") < page.index("asked its clerks for a list of 27 tools")
    assert 'datetime="2026-11-26' in page
    assert entry_ids(site, "feeds/all.atom.xml") == ids


def test_n04_a_correction_sends_no_second_email(site: Desk) -> None:
    """The next edition is what the sender asks for by then, and the corrected edition's feed entry keeps its id."""
    before = offered(site)
    assert before["state"] == "ready"
    ids = entry_ids(site, "email/feed.xml")
    correct(site)
    site.now = trial.NOW + timedelta(days=3)
    site.approve("wabash-tools")
    site.build()
    after = offered(site)
    assert (after["edition"], after["state"]) == ("2026-12-01", "none")
    assert entry_ids(site, "email/feed.xml") == ids


def test_e01_nothing_approved_offers_no_email_and_never_last_weeks(site: Desk) -> None:
    site.now = trial.NOW + timedelta(days=5)
    code, report, _ = site.build()
    assert (code, report["email"]["state"]) == (4, "none")
    said = offered(site)
    assert (said["edition"], said["state"]) == ("2026-12-01", "none")
    assert not said.get("files")


@pytest.mark.parametrize("name", ["email.html", "email.txt", "message.eml"])
def test_e02_e05_one_changed_byte_of_the_email_fails_the_check_that_the_sender_makes(site: Desk, name: str) -> None:
    """A file of one delivery beside the manifest of another."""
    folder = site.project.output / "email"
    said = offer.read_next(folder)
    place = folder / trial.DAY.isoformat()
    manifest = offer.Manifest.model_validate_json((place / offer.MANIFEST).read_bytes())
    offer.check_files(place, manifest.files)
    path = place / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ApprovalRefused, match=re.escape(name)):
        offer.check_files(place, manifest.files)
    assert said.state == "ready"


def test_e03_e04_nothing_of_the_drafts_hidden_later_and_withdrawn_ones_stands_anywhere(site: Desk) -> None:
    """Words, names, links and addresses of whatever was not let through, in every file and file name."""
    later = trial.DAY + timedelta(days=7)
    trial.add_article(site.project, trial.make_article("later-tools", day=later))
    trial.add_article(site.project, trial.make_article("hidden-tools"))
    trial.add_article(site.project, trial.make_article("recalled-tools"))
    site.edit(site.path("hidden-tools"), "status: needs-review", "status: hidden")
    site.approve("later-tools", "recalled-tools")
    site.run("withdraw", "recalled-tools", "--note", "wrong")
    code, report, _ = site.build()
    assert code == 6
    assert [p["id"] for p in report["published"]] == ["wabash-tools"]
    everything = "\n".join(
        f"{p.relative_to(site.project.output).as_posix()}\n{p.read_bytes().decode('utf-8', 'replace')}"
        for p in sorted(site.project.output.rglob("*"))
        if p.is_file()
    )
    for word in ("Monon", "Later", "Hidden", "Recalled"):
        assert f"{word}Tools" not in everything
        assert f"{word.lower()}-tools" not in everything
        assert f"https://{word.lower()}-tools.example" not in everything


def test_a_withdrawn_edition_takes_its_email_back_and_keeps_its_articles(site: Desk) -> None:
    site.run("withdraw", "edition-2026-11-24", "--note", "sent too early")
    code, report, _ = site.build()
    assert (code, [p["id"] for p in report["published"]]) == (0, ["wabash-tools"])
    assert offered(site)["state"] in {"none", "withdrawn"}
    assert not (site.project.output / "email" / trial.DAY.isoformat()).exists()


def test_what_the_page_says_of_its_approval_comes_from_the_record(site: Desk) -> None:
    page = read(site, PAGE)
    record = site.record("wabash-tools").read_text(encoding="utf-8")
    digest = re.search(r"^digest: sha256:([0-9a-f]{12})", record, re.MULTILINE)
    assert digest
    assert digest.group(1) in page
    assert "Dana Whitlock" in page
    assert Path(site.project.output / "index.html").is_file()
