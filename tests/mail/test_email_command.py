"""`briefing email` on a built bundle, and a real mail server on loopback that takes the message."""

from __future__ import annotations

import argparse
import email as stdlib
import email.policy
import io
import json
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from briefing import post
from briefing.commands import Context
from briefing.commands import email as command
from briefing.config import Publication
from briefing.console import Console
from briefing.errors import ApprovalRefused, BriefingError, NothingApproved, UsageError
from briefing.project import Project
from briefing.site import email as mail
from briefing.site.admitted import Admitted

TUESDAY = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


@pytest.fixture
def root(admitted: Admitted, publication: Publication, tmp_path: Path) -> Path:
    mail.write(admitted, publication, tmp_path / "output")
    return tmp_path


def run(root: Path, *words: str, now: datetime = TUESDAY, as_json: bool = False) -> str:
    """The command's output. Parsed as the command line does it."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    command.arguments(parser)
    out = io.StringIO()
    assert command.run(parser.parse_args(words), Context(Project(root), now, Console(out, io.StringIO()), json=as_json)) == 0
    return out.getvalue()


# --------------------------------------------------------------------- show


def test_show_says_what_will_be_sent_and_that_the_files_match(root: Path) -> None:
    out = run(root, "show")
    assert out.splitlines()[:8] == [
        "edition:   2026-11-24, number 24",
        "state:     ready",
        "subject:   An insurer published its AI register",
        "preheader: Fourteen AI tools had no owner. They were gone by Friday. Plus two dates.",
        "from:      The Readiness Brief <brief@brief.example.org>",
        "reads in:  2 min (340 words)",
        "approvals: 5",
        "send:      from 2026-11-24 07:00:00-05:00 until before 2026-11-25 00:00:00-05:00",
    ]
    assert "output/email/2026-11-24/message.eml" in out
    assert out.count("matches") == 3


def test_show_for_a_program_is_the_manifest(root: Path) -> None:
    data = json.loads(run(root, "show", as_json=True))
    assert (data["state"], data["folder"], data["edition"]) == ("ready", "output/email/2026-11-24", "2026-11-24")
    assert data["files"]["email.html"]["bytes"] == (root / "output/email/2026-11-24/email.html").stat().st_size


def test_show_names_what_an_editor_may_want_to_change(admitted: Admitted, publication: Publication, tmp_path: Path) -> None:
    edition = admitted.editions[0]
    odd = replace(edition, edition=replace(edition.edition, subject="Too few", preheader="Hello *|FNAME|*"))
    mail.write(replace(admitted, editions=(odd,)), publication, tmp_path / "output")
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    said = io.StringIO()
    command.run(parser.parse_args(["show"]), Context(Project(tmp_path), TUESDAY, Console(io.StringIO(), said)))
    assert said.getvalue().splitlines() == [
        "edition 2026-11-24: the subject has 7 characters; 10 to 78 are shown whole",
        "edition 2026-11-24: the preheader should be 40 to 110 characters and not the subject",
        "edition 2026-11-24: subject or preheader holds a mail service's tag; an invisible joiner keeps it from being replaced",
    ]


def test_show_ends_with_4_where_nothing_is_offered(root: Path, tmp_path: Path) -> None:
    path = root / "output" / "email" / "next.json"
    waiting = {"version": 1, "edition": "2026-12-01", "zone": "UTC", "state": "none", "reason": "two articles wait"}
    path.write_text(json.dumps(waiting), encoding="utf-8")
    with pytest.raises(NothingApproved, match=r"edition 2026-12-01 is not offered \(state none\): two articles wait\.") as caught:
        run(root, "show")
    assert caught.value.code == 4
    assert "state:     not offered now" in run(root, "show", "--edition", "2026-11-24")
    with pytest.raises(NothingApproved, match=r"2026-12-01/manifest\.json: is missing; this edition has no email"):
        run(root, "show", "--edition", "2026-12-01")
    path.unlink()
    with pytest.raises(NothingApproved, match="Run `briefing build` after approving"):
        run(root, "show")


def test_show_ends_with_5_where_a_file_was_changed(root: Path) -> None:
    path = root / "output" / "email" / "2026-11-24" / "email.txt"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ApprovalRefused, match=r"email\.txt: is not the file that was approved") as caught:
        run(root, "show")
    assert caught.value.code == 5


def refused(root: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as caught:
        run(root, *words)
    assert caught.value.code == 2
    return capsys.readouterr().err


def test_an_edition_is_named_by_its_day(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "'last week' is no day; write it as 2026-11-24" in refused(root, capsys, "show", "--edition", "last week")


# ------------------------------------------------------------------- verify


def test_verify_is_the_senders_check(root: Path) -> None:
    folder = root / "output" / "email"
    assert run(root, "verify", str(folder)) == "edition 2026-11-24 may be sent now: 4 files are what was approved\n"
    assert json.loads(run(root, "verify", str(folder), as_json=True))["state"] == "ready"


@pytest.mark.parametrize("case", ["too late", "changed", "none", "missing"])
def test_verify_ends_with_5_whatever_is_wrong(root: Path, case: str) -> None:
    folder, now = root / "output" / "email", TUESDAY
    if case == "too late":
        now = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
    elif case == "changed":
        (folder / "2026-11-24" / "message.eml").write_bytes(b"x")
    elif case == "none":
        (folder / "next.json").write_text('{"version":1,"edition":"2026-12-01","zone":"UTC","state":"none","reason":"none yet"}', encoding="utf-8")
    else:
        (folder / "next.json").unlink()
    with pytest.raises(BriefingError) as caught:
        run(root, "verify", str(folder), now=now)
    assert caught.value.code == 5
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------- test-send


class Server(Controller):
    """A mail server on a free port of loopback."""

    def __init__(self, handler: Box, **more: object) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=0, **more)

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # the first connection needs the port that was taken
        super()._trigger_server()


class Box:
    """A mailbox that keeps what it is given."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return "250 kept"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address.startswith("nobody"):
            return "550 no such reader"
        envelope.rcpt_tos.append(address)
        return "250 ok"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def port(box: Box) -> Iterator[int]:
    server = Server(box)
    server.start()
    yield server.port
    server.stop()


def test_a_real_mail_server_gets_the_message_intact(root: Path, box: Box, port: int) -> None:
    out = run(root, "test-send", "--to", "me@reader.example", "--host", "127.0.0.1", "--port", str(port))
    assert out == f"edition 2026-11-24 went to me@reader.example through 127.0.0.1:{port}\n"
    (taken,) = box.taken
    assert (taken.mail_from, taken.rcpt_tos) == ("brief@brief.example.org", ["me@reader.example"])
    sent = taken.content
    assert isinstance(sent, bytes)
    assert sent == b"To: me@reader.example\r\n" + (root / "output/email/2026-11-24/message.eml").read_bytes()
    message = stdlib.message_from_bytes(sent, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    html = message.get_body(("html",))
    assert html is not None
    assert html.get_content().replace("\r\n", "\n").encode() == (root / "output/email/2026-11-24/email.html").read_bytes()


def test_nothing_is_sent_without_a_host(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "required: --host" in refused(root, capsys, "test-send", "--to", "me@reader.example")


def test_nothing_is_sent_while_no_edition_is_offered_unless_one_is_named(root: Path, box: Box, port: int) -> None:
    waiting = {"version": 1, "edition": "2026-12-01", "zone": "UTC", "state": "none", "reason": "two articles wait"}
    (root / "output/email/next.json").write_text(json.dumps(waiting), encoding="utf-8")
    words = ("test-send", "--to", "me@reader.example", "--host", "127.0.0.1", "--port", str(port))
    with pytest.raises(NothingApproved, match="two articles wait"):
        run(root, *words)
    assert box.taken == []
    run(root, *words, "--edition", "2026-11-24")
    assert len(box.taken) == 1


def test_a_changed_message_is_not_sent(root: Path, box: Box, port: int) -> None:
    path = root / "output/email/2026-11-24/message.eml"
    path.write_bytes(path.read_bytes().replace(b"Larkmoor", b"Larkmour"))
    with pytest.raises(ApprovalRefused):
        run(root, "test-send", "--to", "me@reader.example", "--host", "127.0.0.1", "--port", str(port))
    assert box.taken == []


@pytest.mark.parametrize("to", ["me", "me@reader.example, you@reader.example", "me@reader.example\r\nBcc: all@reader.example", "mé@reader.example"])
def test_an_address_that_could_be_more_than_one_line_or_reader_is_refused(root: Path, capsys: pytest.CaptureFixture[str], to: str) -> None:
    assert "is no mail address; write it as me@example.org" in refused(root, capsys, "test-send", "--to", to, "--host", "127.0.0.1")


def test_a_reader_the_server_does_not_know_is_one_line(root: Path, port: int) -> None:
    with pytest.raises(UsageError, match=r"refused nobody@reader\.example \(550 no such reader\); check --to"):
        run(root, "test-send", "--to", "nobody@reader.example", "--host", "127.0.0.1", "--port", str(port))


def test_a_closed_port_is_one_line(root: Path, port: int) -> None:
    with pytest.raises(UsageError, match=r"127\.0\.0\.1:1 cannot be reached \(Connection refused\); check --host and --port"):
        run(root, "test-send", "--to", "me@reader.example", "--host", "127.0.0.1", "--port", "1")


def test_a_password_is_asked_from_the_environment_and_never_sent_in_the_clear(root: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("test-send", "--to", "me@reader.example", "--host", "127.0.0.1", "--port", str(port), "--user", "me")
    with pytest.raises(UsageError, match="--user is given but BRIEFING_SMTP_PASSWORD is not set"):
        run(root, *words)
    monkeypatch.setenv("BRIEFING_SMTP_PASSWORD", "sesame")
    with pytest.raises(UsageError, match="a password is only sent encrypted; add --starttls") as caught:
        run(root, *words)
    assert "sesame" not in str(caught.value)
    with pytest.raises(UsageError, match=r"does not speak as expected .*check --host, --port and --starttls"):
        run(root, *words, "--starttls")


class Login:
    """Knows one reader's password."""

    def __call__(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        return AuthResult(handled=False, success=isinstance(data, LoginPassword) and (data.login, data.password) == (b"me", b"sesame"))


def test_with_starttls_the_certificate_is_checked_and_the_password_accepted(root: Path, box: Box) -> None:
    authority = trustme.CA()
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    ours = ssl.create_default_context()
    authority.configure_trust(ours)
    server = Server(box, tls_context=theirs, require_starttls=True, auth_required=True, authenticator=Login())
    server.start()
    try:
        where = post.Server(host="127.0.0.1", port=server.port, starttls=True, user="me", password="sesame", trust=ours)
        message = (root / "output/email/2026-11-24/message.eml").read_bytes()
        with pytest.raises(UsageError, match=r"cannot be reached|certificate"):
            post.send(message, "brief@brief.example.org", "me@reader.example", replace(where, trust=None))
        with pytest.raises(UsageError, match=r"refused the message .535"):
            post.send(message, "brief@brief.example.org", "me@reader.example", replace(where, password="wrong"))
        assert box.taken == []
        post.send(message, "brief@brief.example.org", "me@reader.example", where)
        assert len(box.taken) == 1
    finally:
        server.stop()
