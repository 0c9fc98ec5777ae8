"""Hands one message to a mail server that someone named. Only `briefing email test-send` does: the list is sent by a mail service."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass

from .errors import UsageError

TIMEOUT_S = 30.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A mail server and how to speak to it."""

    host: str
    port: int
    starttls: bool = False
    user: str = ""
    password: str = ""
    trust: ssl.SSLContext | None = None  # whom to believe; None: the machine's certificates


def send(message: bytes, sender: str, to: str, server: Server) -> None:
    """Sends the message with a To: line before it and not a byte changed after it.

    Raises UsageError where the server cannot be reached or does not take it; a password never goes out unencrypted.
    """
    if server.user and not server.starttls:
        raise UsageError("a password is only sent encrypted; add --starttls")
    where = f"{server.host}:{server.port}"
    try:
        with smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S) as peer:
            if server.starttls:
                peer.starttls(context=server.trust or ssl.create_default_context())
            if server.user:
                peer.login(server.user, server.password)
            peer.sendmail(sender, [to], f"To: {to}\r\n".encode("ascii") + message)
    except smtplib.SMTPResponseException as error:
        answer = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
        raise UsageError(f"{where} refused the message ({error.smtp_code} {answer}); nothing was sent") from error
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise UsageError(f"{where} refused {to} ({code} {said.decode('utf-8', 'replace')}); check --to") from error
    except smtplib.SMTPException as error:
        raise UsageError(f"{where} does not speak as expected ({error}); check --host, --port and --starttls") from error
    except OSError as error:
        raise UsageError(f"{where} cannot be reached ({error.strerror or error}); check --host and --port") from error
