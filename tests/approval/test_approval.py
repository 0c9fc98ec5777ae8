"""Approvals as values: parts, digests, records and the verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing import approval, article, trial
from briefing.approval import Filed
from briefing.errors import ContentRefused
from briefing.model import Record

A = trial.make_article("wabash-tools")
DATA = article.write(A)
PARTS = approval.parts(DATA, b"{}\n", A)
AT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)


def record(**changes: object) -> Record:
    parts = changes.pop("parts", {**PARTS, **approval.hints(A)})
    base = Record(
        version=1,
        article=A.id,
        edition=A.edition,
        decision="approve",
        digest=approval.digest(parts),  # type: ignore[arg-type]
        parts=parts,  # type: ignore[arg-type]
        approved_by=trial.EDITOR,
        approved_at=AT,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def filed(r: Record, name: str = "approvals/wabash-tools/x.txt") -> Filed:
    return Filed(name=name, record=r, data=approval.write(r), withdrawal=r.decision == "withdraw")


def decide(*files: Filed, parts: dict[str, str] = PARTS, why: str = "", needed: int = 1) -> approval.Verdict:
    return approval.decide(A.id, parts, files, lambda f: why, editors_needed=needed)


def test_crlf_is_no_change() -> None:
    assert approval.parts(DATA.replace(b"\n", b"\r\n"), b"{}\r\n", A) == PARTS


@pytest.mark.parametrize("change", [lambda d: d + b" ", lambda d: d.replace(b"27", b"28"), lambda d: d.replace(b"\n", b"\r", 1), lambda d: d[:-1]])
def test_any_other_byte_is(change: object) -> None:
    assert approval.digest(approval.parts(change(DATA), b"{}\n", A)) != approval.digest(PARTS)  # type: ignore[operator]


def test_the_evidence_the_id_and_the_edition_are_covered() -> None:
    want = approval.digest(PARTS)
    assert approval.digest(approval.parts(DATA, b"{} \n", A)) != want
    assert approval.digest(approval.parts(DATA, b"{}\n", replace(A, id="monon-tools"))) != want
    assert approval.digest(approval.parts(DATA, b"{}\n", replace(A, edition=date(2026, 12, 1)))) != want


def test_hints_do_not_change_a_digest() -> None:
    assert approval.digest({**PARTS, **approval.hints(A)}) == approval.digest(PARTS)


def test_hints_name_what_changed_and_nothing_that_only_moved() -> None:
    parsed = article.parse(DATA)
    moved = article.parse(DATA.replace(b"sources:", b'limits: "One source was closed."\nsources:'))
    assert approval.changed(approval.hints(parsed), approval.hints(moved)) == ("field limits",)
    dek = replace(parsed, dek="Another.")
    assert approval.changed(approval.hints(parsed), approval.hints(dek)) == ("field dek",)


def test_a_record_reads_back_as_it_was_written() -> None:
    one = record(note="Checked with the office", reads_as="sha256:" + "a" * 64)
    assert approval.read(approval.write(one)) == one
    assert approval.read(approval.write(one).replace(b"\n", b"\r\n")) == one


LINES = approval.write(record(note="fine")).decode().split("\n")


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ([*LINES[:-1], "extra: 1", ""], ": 'extra' is no key of a record"),
        ([LINES[0], *LINES], ":2: has 'version' a second time"),
        (["version: 2", *LINES[1:]], "version: must be 1, found '2'"),
        ([line for line in LINES if not line.startswith("decision")], "has no line “decision: …”"),
        ([line.replace("approve", "approved") if line.startswith("decision") else line for line in LINES], "decision: must be approve or withdraw"),
        ([line.replace("Dana Whitlock <", "<") if line.startswith("approved-by") else line for line in LINES], "approved-by: must be Name <address>"),
        ([line.replace("22:00:00Z", "22:00:00") if line.startswith("approved-at") else line for line in LINES], "approved-at: must be a time"),
        ([line.replace("2026-11-23T", "2026-13-23T") if line.startswith("approved-at") else line for line in LINES], "does not match format"),
        (LINES[1:2] + LINES[:1] + LINES[2:], "is not in the form in which records are written"),
        ([*LINES[:-1]], "is not in the form in which records are written"),
        ([line + " " if line.startswith("note") else line for line in LINES], "is not “key: value”"),
        ([line.replace("fine", "fi\u200bne") for line in LINES], "is not “key: value”"),
        ([line.replace("part article: ", "part article: 0") for line in LINES], "is no part"),
        (["", *LINES], ":1: is not “key: value”"),
    ],
)
def test_a_record_in_any_other_form_is_refused_with_its_line(broken: list[str], says: str) -> None:
    with pytest.raises(ContentRefused) as error:
        approval.read("\n".join(broken).encode(), "r.txt")
    assert says in str(error.value)
    assert str(error.value).startswith("r.txt:")


def test_a_record_whose_digest_is_not_that_of_its_parts_is_refused() -> None:
    with pytest.raises(ContentRefused, match="not that of its own parts"):
        approval.read(approval.write(record(digest="sha256:" + "0" * 64)))


@given(st.integers(0, len(approval.write(record())) - 1), st.integers(1, 255))
def test_a_changed_byte_in_a_record_never_reads_as_another_approval_of_these_bytes(at: int, delta: int) -> None:
    data = bytearray(approval.write(record()))
    data[at] = (data[at] + delta) % 256
    try:
        read = approval.read(bytes(data))
    except ContentRefused:
        return
    assert read.digest == record().digest


def test_without_a_record_nothing_is_approved() -> None:
    verdict = decide()
    assert (verdict.state, verdict.ok) == ("unapproved", False)
    assert verdict.why == "has status approved but no approval is on record; run `briefing approve wabash-tools`, or set its status to needs-review"


def test_the_record_of_these_bytes_approves() -> None:
    assert decide(filed(record())).record == record()


def test_a_record_of_other_bytes_does_not_and_the_parts_are_named() -> None:
    verdict = decide(filed(record()), parts=approval.parts(DATA + b"x", b"{}\n", A))
    assert (verdict.state, verdict.changed[0]) == ("changed", "article")
    assert verdict.why == "was changed since Dana Whitlock approved it on 2026-11-23"


def test_a_record_of_another_article_does_not() -> None:
    assert decide(filed(record(article="monon-tools"))).state == "unapproved"


def test_what_nobody_vouches_for_does_not() -> None:
    verdict = decide(filed(record()), why="who is that?")
    assert (verdict.state, verdict.why) == ("unproven", "who is that?")


def test_a_withdrawal_is_final_for_its_digest_whatever_comes_later() -> None:
    back = record(decision="withdraw", approved_at=AT + timedelta(hours=1), note="wrong figure")
    again = record(approved_at=AT + timedelta(days=2))
    verdict = decide(filed(record()), filed(back), filed(again))
    assert verdict.state == "withdrawn"
    assert verdict.why == "was withdrawn by Dana Whitlock on 2026-11-23 (wrong figure); change it and approve it again with `briefing approve`"


def test_an_older_approval_does_not_come_back_after_a_withdrawal_and_a_newer_one_counts() -> None:
    other = approval.parts(DATA + b"x", b"{}\n", A)
    back = filed(record(parts=other, decision="withdraw", approved_at=AT))
    assert decide(filed(record(approved_at=AT)), back).state == "withdrawn"
    assert decide(filed(record(approved_at=AT - timedelta(days=1))), back).state == "withdrawn"
    assert decide(filed(record(approved_at=AT + timedelta(seconds=1))), back).ok


def test_a_withdrawal_that_cannot_be_read_still_withdraws() -> None:
    broken = Filed(name="approvals/wabash-tools/a.withdrawn.txt", record=None, fault="is not UTF-8 text", withdrawal=True)
    assert decide(filed(record()), broken).state == "withdrawn"


def test_two_editors_are_two_people() -> None:
    dana, ravi = filed(record()), filed(record(approved_by=trial.SECOND))
    shout = filed(record(approved_by="Dana Whitlock <DANA@brief.example.org>"))
    assert decide(dana, needed=2).why == "needs the approval of a second editor; ask one to run `briefing approve`"
    assert not decide(dana, shout, needed=2).ok
    assert decide(dana, ravi, needed=2).second is not None


def test_editors_are_read_strictly() -> None:
    people = approval.editors(b"# the desk\nDana Whitlock <dana@brief.example.org>\n\nRavi Osei <ravi@brief.example.org> until 2026-12-01\n")
    assert [e.person for e in people] == [trial.EDITOR, trial.SECOND]
    assert approval.editor(people, trial.SECOND, AT)
    assert approval.editor(people, trial.SECOND, datetime(2026, 12, 1, tzinfo=UTC)) is None
    assert approval.editor(people, "Dana <dana@brief.example.org>", AT) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dana@brief.example.org", "EDITORS:1: must be “Name <address>”"),
        ("* <*@example.org>, x", "EDITORS:1: must be"),
        ("A B <a@example.org>\nB C <A@example.org>", "EDITORS:2: A@example.org stands here twice"),
        ("A B <a@example.org> until 2026-02-31", "is no day"),
        ("A\u202eB <a@example.org>", "EDITORS:1: must be"),
    ],
)
def test_a_list_of_editors_with_anything_else_is_refused(text: str, says: str) -> None:
    with pytest.raises(ContentRefused) as error:
        approval.editors(text.encode())
    assert says in str(error.value)


def test_the_first_difference_names_its_line_and_both_wordings() -> None:
    assert approval.first_difference(b"a\nb 14 of 41 c\n", b"a\nb 14 of 42 c\n") == (2, "line 2 was “b 14 of 41 c”, is “b 14 of 42 c”")
    assert approval.first_difference(b"a\n", b"a\r\n") == (0, "")
    assert approval.first_difference(b"a\n", b"a\nb\nc\n") == (2, "line 2 was “”, is “b”")
    assert approval.first_difference(b"a\nb", b"a") == (2, "from line 2 on, 1 lines were taken away")
    long = b"x" * 300
    assert len(approval.first_difference(long + b"1", long + b"2")[1]) < 200
