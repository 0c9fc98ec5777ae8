"""What is written into the site, what `next.json` says, and the check a sender makes (E47, E54; hostile rows E01 to E05)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from bs4 import BeautifulSoup

from briefing import offer
from briefing.config import Publication
from briefing.errors import ApprovalRefused, NothingApproved
from briefing.model import Correction, Record
from briefing.site import email
from briefing.site.admitted import Admitted, AdmittedArticle, AdmittedEdition, Withdrawn
from briefing.site.mail import feed as feeds

from .conftest import DAY, DEADLINES, admit, make_edition, make_record, read

TUESDAY = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)  # 07:30 in Indiana
EARLIER = date(2026, 11, 17)


@pytest.fixture
def before() -> AdmittedEdition:
    """The edition of the week before: one article."""
    article = admit(read("vendor-terms"), edit=lambda a: replace(a, id="old-terms", edition=EARLIER, title="Old terms of an older week"))
    made = make_edition((article,), date=EARLIER, number=23, subject="Last week's subject", deadlines=())
    return replace(made, record=make_record("edition-2026-11-17", datetime(2026, 11, 16, 20, 0, tzinfo=UTC)))


@pytest.fixture
def two(admitted: Admitted, before: AdmittedEdition) -> Admitted:
    return replace(admitted, editions=(before, *admitted.editions), articles=(*before.articles, *admitted.articles))


def incomplete(admitted: Admitted, why: str = "hiring-notice waits for approval") -> Admitted:
    newest = replace(admitted.editions[-1], complete=False, why=why)
    return replace(admitted, editions=(*admitted.editions[:-1], newest))


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def said(output: Path) -> dict[str, object]:
    loaded = json.loads((output / "email" / "next.json").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


# -------------------------------------------------------------------- ready


def test_every_complete_edition_has_its_four_files(two: Admitted, publication: Publication, tmp_path: Path) -> None:
    written = email.write(two, publication, tmp_path)
    assert (written.state, written.reason, written.editions) == ("ready", "", (EARLIER, DAY))
    names = [f"{day}/{name}" for day in ("2026-11-17", "2026-11-24") for name in ("email.html", "email.txt", "manifest.json", "message.eml")]
    assert list(tree(tmp_path / "email")) == [*names, "feed.xml", "next.json"]


def test_next_names_the_edition_its_window_its_approvals_and_its_files(
    admitted: Admitted, publication: Publication, files: Mapping[str, bytes], tmp_path: Path
) -> None:
    email.write(admitted, publication, tmp_path)
    edition = admitted.editions[-1]
    assert edition.record is not None
    assert said(tmp_path) == {
        "version": 1,
        "edition": "2026-11-24",
        "zone": "America/Indiana/Indianapolis",
        "state": "ready",
        "reason": "",
        "subject": "An insurer published its AI register",
        "preheader": "Fourteen AI tools had no owner. They were gone by Friday. Plus two dates.",
        "files": {f"2026-11-24/{n}": {"sha256": offer.total(b).sha256, "bytes": len(b)} for n, b in files.items()},
        "approvals": [edition.record.digest, *(a.record.digest for a in edition.articles if a.record)],
        "not-before": "2026-11-24T07:00:00-05:00",
        "not-after": "2026-11-25T00:00:00-05:00",
    }


def test_building_again_changes_no_byte(two: Admitted, publication: Publication, tmp_path: Path) -> None:
    email.write(two, publication, tmp_path / "a")
    email.write(two, publication, tmp_path / "b")
    email.write(two, publication, tmp_path / "b")
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_an_older_edition_keeps_its_bytes_when_a_newer_one_comes(two: Admitted, before: AdmittedEdition, publication: Publication, tmp_path: Path) -> None:
    alone = Admitted(level=1, current=EARLIER, articles=before.articles, editions=(before,), pages=(), deadlines=DEADLINES)
    email.write(alone, publication, tmp_path / "then")
    email.write(two, publication, tmp_path / "now")
    assert tree(tmp_path / "then" / "email" / "2026-11-17") == tree(tmp_path / "now" / "email" / "2026-11-17")


def test_remarks_are_logged_for_the_edition_that_can_still_be_changed(
    two: Admitted, publication: Publication, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The older edition has few words too, but it has gone."""
    newest = two.editions[-1]
    odd = replace(newest, edition=replace(newest.edition, subject="Too few"))
    written = email.write(replace(two, editions=(two.editions[0], odd)), publication, tmp_path)
    assert written.warnings == ("edition 2026-11-24: the subject has 7 characters; 10 to 78 are shown whole",)
    assert [r.getMessage() for r in caplog.records if r.name == "briefing.site.email"] == list(written.warnings)


# ------------------------------------------------------------- nothing ready


def test_e01_an_edition_that_is_not_complete_is_none_and_the_older_one_is_not_offered(two: Admitted, publication: Publication, tmp_path: Path) -> None:
    written = email.write(incomplete(two), publication, tmp_path)
    assert written.state == "none"
    state = said(tmp_path)
    assert (state["edition"], state["state"], state["reason"]) == ("2026-11-24", "none", "hiring-notice waits for approval")
    assert (state["files"], state["subject"], state["approvals"], state["not-before"]) == ({}, "", [], None)
    assert "Last week" not in (tmp_path / "email" / "next.json").read_text(encoding="utf-8")
    assert not (tmp_path / "email" / "2026-11-24").exists()
    with pytest.raises(ApprovalRefused, match=r"edition 2026-11-24 is not offered \(state none\): hiring-notice waits for approval\. Send nothing"):
        offer.verify(tmp_path / "email", TUESDAY)


def test_e01_a_week_without_any_article_is_none(before: AdmittedEdition, publication: Publication, tmp_path: Path) -> None:
    quiet = Admitted(level=1, current=DAY, articles=before.articles, editions=(before,), pages=(), deadlines=())
    email.write(quiet, publication, tmp_path)
    state = said(tmp_path)
    assert (state["edition"], state["state"], state["reason"]) == ("2026-11-24", "none", "no article of this edition is approved")


def test_e01_before_the_first_edition_there_is_a_feed_and_a_none(publication: Publication, tmp_path: Path) -> None:
    email.write(Admitted(level=1, current=DAY, articles=(), editions=(), pages=(), deadlines=()), publication, tmp_path)
    assert list(tree(tmp_path / "email")) == ["feed.xml", "next.json"]
    assert feedparser.parse((tmp_path / "email" / "feed.xml").read_bytes()).entries == []


def withdrawal(what: str, note: str) -> Withdrawn:
    record = Record(
        version=1,
        article=what,
        edition=DAY,
        decision="withdraw",
        digest="sha256:" + "0" * 64,
        approved_by="Dana Whitlock <dana@brief.example.org>",
        approved_at=TUESDAY,
        note=note,
    )
    return Withdrawn(id=what, edition=DAY, record=record)


def test_a_withdrawn_edition_says_so(two: Admitted, publication: Publication, tmp_path: Path) -> None:
    gone = replace(two, editions=two.editions[:1], withdrawn=(withdrawal("edition-2026-11-24", "The statistic was wrong."),))
    email.write(gone, publication, tmp_path)
    state = said(tmp_path)
    assert (state["edition"], state["state"], state["reason"], state["files"]) == ("2026-11-24", "withdrawn", "The statistic was wrong.", {})


def test_a_withdrawn_article_withdraws_its_editions_email(two: Admitted, publication: Publication, tmp_path: Path) -> None:
    gone = replace(incomplete(two), withdrawn=(withdrawal("hiring-notice", ""),))
    email.write(gone, publication, tmp_path)
    state = said(tmp_path)
    assert (state["state"], state["reason"]) == ("withdrawn", "hiring-notice was withdrawn")


def test_one_edition_that_cannot_be_mailed_stops_neither_the_other_nor_the_site(two: Admitted, publication: Publication, tmp_path: Path) -> None:
    huge = read("insurer-ai-register").replace(b"at eight in the morning.", b"at eight in the morning. " + b"And again. " * 9_000)
    edition = make_edition((admit(huge),))
    written = email.write(replace(two, editions=(two.editions[0], edition), articles=(*two.articles[:1], *edition.articles)), publication, tmp_path)
    assert (written.state, written.editions) == ("none", (EARLIER,))
    assert written.reason.startswith("edition 2026-11-24: its email is ")
    (warning,) = written.warnings
    assert warning.startswith("edition 2026-11-24 has no email: edition 2026-11-24: its email is ")


# --------------------------------------------------------------- the sender


@pytest.fixture
def offered(admitted: Admitted, publication: Publication, tmp_path: Path) -> Path:
    email.write(admitted, publication, tmp_path)
    return tmp_path / "email"


def test_what_was_built_may_be_sent_on_its_day(offered: Path) -> None:
    assert offer.verify(offered, TUESDAY).subject == "An insurer published its AI register"


@pytest.mark.parametrize("name", ["email.html", "email.txt", "message.eml", "manifest.json"])
@pytest.mark.parametrize("where", [0, 300, -2])
def test_e02_one_changed_byte_fails_the_check(offered: Path, name: str, where: int) -> None:
    path = offered / "2026-11-24" / name
    data = bytearray(path.read_bytes())
    data[where] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ApprovalRefused, match=rf"2026-11-24/{name}: is not the file that was approved .*Send nothing"):
        offer.verify(offered, TUESDAY)


@pytest.mark.parametrize(
    ("moment", "fits"),
    [
        (TUESDAY - timedelta(minutes=31), False),
        (TUESDAY - timedelta(minutes=30), True),
        (datetime(2026, 11, 25, 4, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 25, 5, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 12, 30, tzinfo=UTC), False),
    ],
)
def test_e04_only_from_the_send_time_until_the_day_ends(offered: Path, moment: datetime, fits: bool) -> None:
    if fits:
        offer.verify(offered, moment)
    else:
        with pytest.raises(ApprovalRefused, match=r"may be sent from 2026-11-24T07:00:00-05:00 until before 2026-11-25T00:00:00-05:00; it is "):
            offer.verify(offered, moment)


def test_e05_new_files_beside_the_old_next_fail_and_so_does_the_reverse(
    offered: Path, quartet: tuple[AdmittedArticle, ...], publication: Publication, tmp_path: Path
) -> None:
    changed = make_edition(quartet, subject="An insurer published its register of systems")
    email.write(Admitted(level=1, current=DAY, articles=quartet, editions=(changed,), pages=(), deadlines=DEADLINES), publication, tmp_path / "new")
    new = tmp_path / "new" / "email"
    old_next, old_files = (offered / "next.json").read_bytes(), tree(offered / "2026-11-24")
    for name in old_files:  # the delivery stops after each file
        (offered / "2026-11-24" / name).write_bytes((new / "2026-11-24" / name).read_bytes())
        with pytest.raises(ApprovalRefused, match="is not the file that was approved"):
            offer.verify(offered, TUESDAY)
    (offered / "next.json").write_bytes((new / "next.json").read_bytes())
    offer.verify(offered, TUESDAY)
    for name, data in old_files.items():
        (offered / "2026-11-24" / name).write_bytes(data)
        with pytest.raises(ApprovalRefused, match="is not the file that was approved"):
            offer.verify(offered, TUESDAY)
    (offered / "next.json").write_bytes(old_next)
    offer.verify(offered, TUESDAY)


def test_e05_next_is_the_last_file_written(admitted: Admitted, publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    write_bytes = Path.write_bytes

    def noting(self: Path, data: bytes) -> int:
        order.append(self.name)
        return write_bytes(self, data)

    monkeypatch.setattr(Path, "write_bytes", noting)
    email.write(admitted, publication, tmp_path)
    assert order[-1] == "next.json"
    assert order.count("next.json") == 1


def test_e05_a_cut_or_missing_file_fails(offered: Path) -> None:
    path = offered / "2026-11-24" / "email.html"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ApprovalRefused, match="is not the file that was approved"):
        offer.verify(offered, TUESDAY)
    path.unlink()
    with pytest.raises(ApprovalRefused, match=r"email\.html: cannot be read \(No such file or directory\); the delivery may have stopped"):
        offer.verify(offered, TUESDAY)


def test_a_cut_next_is_one_line(offered: Path) -> None:
    path = offered / "next.json"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ApprovalRefused, match=r"next\.json: is not JSON; the delivery may have stopped half-way"):
        offer.verify(offered, TUESDAY)


def test_a_missing_next_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(NothingApproved, match=r"next\.json: is missing; no email is offered"):
        offer.read_next(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"state": "maybe"}, "state: Input should be 'ready', 'none' or 'withdrawn'"),
        ({"files": {}}, "state ready needs subject, files"),
        ({"not-after": "2026-11-25T00:00:00"}, "not-after: .*offset from UTC"),
        ({"state": "none", "reason": "why"}, "state none has a reason, and neither subject nor files"),
        ({"extra": 1}, "extra: Extra inputs are not permitted"),
        ({"version": 2}, "version: Input should be 1"),
    ],
)
def test_a_next_that_contradicts_itself_is_refused(offered: Path, change: dict[str, object], message: str) -> None:
    path = offered / "next.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(ApprovalRefused, match=message):
        offer.verify(offered, TUESDAY)


def test_a_file_outside_the_folder_is_never_read(offered: Path) -> None:
    secret = offered.parent / "secret.txt"
    secret.write_bytes(b"x")
    path = offered / "next.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["files"]["../secret.txt"] = offer.total(b"x").model_dump()
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ApprovalRefused, match="names a file outside its folder"):
        offer.verify(offered, TUESDAY)


# --------------------------------------------------------------------- feed


def test_the_feed_has_one_item_an_edition_dated_by_its_approval(two: Admitted, publication: Publication, tmp_path: Path) -> None:
    email.write(two, publication, tmp_path)
    parsed = feedparser.parse((tmp_path / "email" / "feed.xml").read_bytes())
    assert parsed.bozo == 0
    assert parsed.feed.title == "The Readiness Brief"
    assert [(e.title, e.id, e.link, e.published) for e in parsed.entries] == [
        ("An insurer published its AI register", "briefing-edition-2026-11-24", "https://brief.example.org/editions/24/", "Mon, 23 Nov 2026 21:05:00 +0000"),
        ("Last week's subject", "briefing-edition-2026-11-17", "https://brief.example.org/editions/23/", "Mon, 16 Nov 2026 20:00:00 +0000"),
    ]


def test_the_feeds_content_is_the_letter_without_style_block_or_unsubscribe_tag(admitted: Admitted, publication: Publication, tmp_path: Path) -> None:
    email.write(admitted, publication, tmp_path)
    (entry,) = feedparser.parse((tmp_path / "email" / "feed.xml").read_bytes(), sanitize_html=False).entries
    content = entry.content[0].value
    soup = BeautifulSoup(content, "lxml")
    assert not soup.find_all(["style", "script", "img", "form"])
    assert "{{" not in content and "Unsubscribe" not in content
    assert all(a["href"].startswith("https://") for a in soup.find_all("a"))
    assert "AI tools were switched off while the list was being written." in soup.get_text()
    assert entry.summary != content
    assert "Read past editions" in soup.get_text()


def test_e54_a_correction_moves_no_id_and_no_date(admitted: Admitted, publication: Publication, tmp_path: Path) -> None:
    first = admitted.articles[0]
    note = Correction(date=DAY, text="An earlier version said 26 rows.")
    corrected = replace(first, article=replace(first.article, corrections=(note,), title="A corrected headline of the same briefing"))
    edition = replace(admitted.editions[0], articles=(corrected, *admitted.editions[0].articles[1:]))
    email.write(admitted, publication, tmp_path / "a")
    email.write(replace(admitted, editions=(edition,)), publication, tmp_path / "b")
    a, b = (feedparser.parse((tmp_path / x / "email" / "feed.xml").read_bytes()).entries[0] for x in "ab")
    assert (a.id, a.published, a.link) == (b.id, b.published, b.link)
    assert a.content[0].value != b.content[0].value


def test_a_withdrawn_edition_leaves_the_feed(two: Admitted, publication: Publication, tmp_path: Path) -> None:
    email.write(incomplete(two), publication, tmp_path)
    assert [e.id for e in feedparser.parse((tmp_path / "email" / "feed.xml").read_bytes()).entries] == ["briefing-edition-2026-11-17"]


def test_the_feed_keeps_the_newest_twenty(before: AdmittedEdition, publication: Publication, tmp_path: Path) -> None:
    editions = tuple(
        replace(before, edition=replace(before.edition, date=EARLIER - timedelta(weeks=n), number=100 - n)) for n in reversed(range(feeds.NEWEST + 3))
    )
    email.write(Admitted(level=1, current=DAY, articles=before.articles, editions=editions, pages=(), deadlines=()), publication, tmp_path)
    links = [e.link for e in feedparser.parse((tmp_path / "email" / "feed.xml").read_bytes()).entries]
    assert links == [f"https://brief.example.org/editions/{100 - n}/" for n in range(feeds.NEWEST)]


def test_e03_nothing_of_an_article_that_is_not_admitted_is_in_any_file(admitted: Admitted, publication: Publication, tmp_path: Path) -> None:
    """The bundle knows the admitted articles only: another article's words have no way in, whatever the edition lists."""
    email.write(incomplete(admitted), publication, tmp_path)
    everything = b"".join(tree(tmp_path).values())
    for article in admitted.articles:
        assert article.article.title.encode() not in everything
