"""The email as one message file: text and HTML, the headers of a list, nothing that depends on when or where it was built."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ...config import Publication
from . import senders
from .letter import Letter


def message_id(letter: Letter, html: bytes, text: bytes) -> str:
    """An id that is the same for the same email and differs for any other."""
    return f"<{letter.edition.isoformat()}.{_digest(html, text)[:24]}@{_domain(letter)}>"


def message(letter: Letter, publication: Publication, html: bytes, text: bytes, sent: datetime) -> bytes:
    """The message, CRLF line ends: multipart/alternative, text first. It has no To: whoever sends it adds the reader."""
    who, tag = publication.sender, senders.SENDERS[publication.sender.service].unsubscribe
    out = EmailMessage(policy=SMTP.clone(max_line_length=200))
    out["Date"] = format_datetime(sent)
    out["From"] = _address(who.from_name, who.from_address)
    out["Reply-To"] = _address(who.from_name, who.reply_to)
    out["Subject"] = senders.header(letter.subject)
    out["Message-ID"] = message_id(letter, html, text)
    out["List-Id"] = f"<briefing.{_domain(letter)}>"
    out["List-Unsubscribe"] = f"<{tag}>, <mailto:{who.reply_to}?subject=unsubscribe>"
    out["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    out["Archived-At"] = f"<{letter.web}>"
    out.set_content(text.decode("utf-8"), charset="utf-8", cte="quoted-printable")
    out.add_alternative(html.decode("ascii"), subtype="html", charset="utf-8", cte="7bit")
    out.set_boundary(f"=_briefing_{_digest(html, text)[:32]}")
    return out.as_bytes()


def _digest(html: bytes, text: bytes) -> str:
    return hashlib.sha256(hashlib.sha256(html).digest() + hashlib.sha256(text).digest()).hexdigest()


def _domain(letter: Letter) -> str:
    return letter.host.partition("/")[0].partition(":")[0]


def _address(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)
