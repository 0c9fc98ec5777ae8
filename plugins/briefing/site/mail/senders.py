"""The tags of mail services: what each puts in place of, and how an article's own words are kept from becoming one.

A mail service replaces its tags in whatever it is handed, so an article about templates could unsubscribe its readers. The
defence does not depend on which service is set: while a letter is made, no text holds a character that begins or ends a tag of
any of them (private-use stand-ins take their place), and the one tag we want is put in as the very last step.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from ...errors import ContentRefused, joins
from ...offer import JOINER

#: Stands for the unsubscribe address until `html_tags` or `text_tags` puts in the sender's own tag.
UNSUBSCRIBE = "\ue0f0"

_RESERVED = "{}%*|<>$[]"
_STAND_IN = {ord(c): chr(0xE000 + ord(c)) for c in _RESERVED}
_HIDDEN = {"Cc", "Cf", "Co", "Cs"}
_OPENS_IN_TEXT = re.compile(r"(?<=\{)(?=[{%$#])|(?<=\})(?=\})|(?<=\*)(?=\|)|(?<=\|)(?=\*)|(?<=<)(?=%)|(?<=%)(?=[%A-Za-z_>}])|(?<=\[)(?=[\[%])")
_TAG = re.compile(r"\{\{|\{%|\{\$|\{#|\*\||\|\*|<%|%%|\[\[|\[%|%(?![0-9A-Fa-f]{2})[A-Za-z_][\w.]*%")
_URL_SAFE = "!#$&'()*+,/:;=?@~-._%"


@dataclass(frozen=True, slots=True)
class Sender:
    """What one mail service replaces. `known` says how its spelling was learnt."""

    unsubscribe: str
    known: str


#: By `Sender.service` of the settings. Web view and postal address are our own page and setting: the same in every service.
SENDERS: Mapping[str, Sender] = {
    "buttondown": Sender("{{ unsubscribe_url }}", "its documentation; needed in naked mode"),
    "mailchimp": Sender("*|UNSUB|*", "its documentation"),
    "kit": Sender("{{ unsubscribe_url }}", "its documentation; the template around it holds {{ message_content }}"),
    "listmonk": Sender("{{ UnsubscribeURL }}", "its documentation; sets both one-click headers itself"),
    "postmark": Sender("{{{ pm:unsubscribe }}}", "its documentation; appended where it is absent"),
    "mailgun": Sender("%unsubscribe_url%", "its documentation"),
    "sendgrid": Sender("<%asm_group_unsubscribe_raw_url%>", "public code that uses it"),
    "resend": Sender("{{{RESEND_UNSUBSCRIBE_URL}}}", "public code that uses it"),
    "mailerlite": Sender("{$unsubscribe}", "public code that uses it"),
}


def held(words: str) -> str:
    """The words with every character that could begin or end a tag replaced by a stand-in; control, format and private characters are dropped."""
    shown = (
        words
        if words.replace("\n", "").replace("\xa0", "").isprintable()  # then no character of it is a control, format or private one
        else "".join(c for i, c in enumerate(words) if unicodedata.category(c) not in _HIDDEN or c == "\n" or joins(words, i))
    )
    return shown.translate(_STAND_IN)


def html_tags(document: str, service: str) -> str:
    """The finished HTML: stand-ins become character references, the unsubscribe mark becomes the service's tag.

    Raises ContentRefused where a tag of any service would stand in it that we did not put there.
    """
    out = re.sub("[\ue000-\ue07f]", lambda m: f"&#{ord(m.group()) - 0xE000};", document)
    return _with_tag(out, service, _without_head(out))


def text_tags(document: str, service: str) -> str:
    """The finished plain text: a word joiner stands inside whatever would be a tag. Raises ContentRefused as `html_tags` does."""
    out = _split(document)
    return _with_tag(out, service, out)


def header(words: str) -> str:
    """Words for a subject or a preheader: one line, no control or private character.

    A word joiner stands inside whatever would be a tag, or an encoded word that a mail client would decode.
    """
    return _split(held(" ".join(words.split()))).replace("=?", f"={JOINER}?")


def href(url: str) -> str:
    """The address with what could form a tag percent-encoded: it leads to the same place."""
    url = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", url)
    return quote(url, safe=_URL_SAFE)


def found(text: str) -> tuple[str, ...]:
    """What any service could read as the start of a tag, in order."""
    return tuple(_TAG.findall(text))


def _split(words: str) -> str:
    plain = re.sub("[\ue000-\ue07f]", lambda m: chr(ord(m.group()) - 0xE000), words)
    return _OPENS_IN_TEXT.sub(JOINER, plain)


def _with_tag(document: str, service: str, checked: str) -> str:
    strays = found(checked)
    if strays:
        raise ContentRefused(f"the email holds {strays[0]!r}, which a mail service would replace; reword the sentence")
    return document.replace(UNSUBSCRIBE, SENDERS[service].unsubscribe)


def _without_head(document: str) -> str:
    """The document without style blocks: our own style sheet has braces and percentages of its own."""
    return re.sub(r"<style\b.*?</style>", "", document, flags=re.DOTALL)
