"""No text of an article, edition or deadline becomes a tag of any mail service (E37, E41; hostile rows I07 and I14)."""

from __future__ import annotations

import email as stdlib
import email.policy
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import jinja2
import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefing import inline
from briefing.config import Sender as SenderSettings
from briefing.errors import ContentRefused
from briefing.model import Article, Cited, Paragraph, Statistic
from briefing.site import email as mail
from briefing.site.admitted import AdmittedEdition
from briefing.site.mail import senders

from .conftest import DEADLINES, admit, make_edition, read, with_service

JOINER = "\u2060"
HOSTILE = (
    "{{7*7}}",
    "{{ unsubscribe_url }}",
    "{% raw %}{{ x }}{% endraw %}",
    "{%- if a -%}",
    "{# gone #}",
    "{{{ pm:unsubscribe }}}",
    "{{{RESEND_UNSUBSCRIBE_URL}}}",
    "*|UNSUB|*",
    "*|FNAME:|*",
    "<%asm_group_unsubscribe_raw_url%>",
    "<% 7*7 %>",
    "%%FIRST_NAME%%",
    "%unsubscribe_url%",
    "%recipient.name%",
    "{$unsubscribe}",
    "[[name]]",
    "[%name%]",
    "Hello *|FNAME|*, and {{unsubscribe}}",
)
#: What each service replaces, as a reader of raw bytes would find it.
REPLACED = {
    "braces": re.compile(r"\{\{.*?\}\}", re.DOTALL),
    "blocks": re.compile(r"\{%.*?%\}", re.DOTALL),
    "comments": re.compile(r"\{#.*?#\}", re.DOTALL),
    "smarty": re.compile(r"\{\$.*?\}", re.DOTALL),
    "mailchimp": re.compile(r"\*\|.*?\|\*", re.DOTALL),
    "sendgrid": re.compile(r"<%.*?%>", re.DOTALL),
    "percent pairs": re.compile(r"%%.*?%%", re.DOTALL),
    "mailgun": re.compile(r"%(unsubscribe_url|tag_unsubscribe_url|mailing_list_unsubscribe_url|recipient[.\w]*)%"),
    "square pairs": re.compile(r"\[\[.*?\]\]|\[%.*?%\]", re.DOTALL),
}


def hostile_edition(text: str) -> AdmittedEdition:
    """An edition with this text in every place a reader sees."""
    md = inline.escape(text)

    def everywhere(a: Article) -> Article:
        lead = (Paragraph(md=f"{md} happened on November 17, 2026. [s1]"), Paragraph(md=f"Then **{md}**."))
        section = replace(a.sections[0], blocks=(Statistic(figure=text, md=f"of {md} [s1]"),)) if a.sections else None
        return replace(
            a,
            kicker=text,
            title=text,
            dek=text,
            lead=lead,
            sections=(section,) if section else (),
            meaning=tuple(replace(p, order=text, md=md) for p in a.meaning),
            next_step=replace(a.next_step, blocks=(Paragraph(md=md),), time=text, who=text, result=text) if a.next_step else None,
            sources=tuple(replace(s, title=text, publisher=text, url=f"https://source.example/{text.replace(' ', '+')}") for s in a.sources),
        )

    return make_edition(tuple(admit(read(n), edit=everywhere) for n in ("insurer-ai-register", "city-permits")), subject=text, preheader=text)


def found(raw: str) -> list[str]:
    raw = re.sub(r"<style\b.*?</style>", "", raw, flags=re.DOTALL)
    return [m.group() for pattern in REPLACED.values() for m in pattern.finditer(raw)]


def test_every_service_of_the_settings_has_its_tag() -> None:
    services = get_args(SenderSettings.model_fields["service"].annotation)
    assert set(senders.SENDERS) == set(services)
    assert len({s.unsubscribe for s in senders.SENDERS.values()}) == 8, "buttondown and kit share theirs"


@pytest.mark.parametrize("service", senders.SENDERS)
def test_e37_the_unsubscribe_tag_stands_once_in_each_part(service: str, edition: AdmittedEdition) -> None:
    files = mail.bundle(edition, with_service(service), DEADLINES)
    tag = senders.SENDERS[service].unsubscribe
    page, text = files["email.html"].decode("ascii"), files["email.txt"].decode("utf-8")
    assert page.count(tag) == text.count(tag) == 1
    assert f'<a class="link" href="{tag}"' in page
    assert text.rstrip().endswith(f"\n\nUnsubscribe: {tag}"), "on a line of its own"
    message = stdlib.message_from_bytes(files["message.eml"], policy=email.policy.default)
    assert message["List-Unsubscribe"] == f"<{tag}>, <mailto:editor@brief.example.org?subject=unsubscribe>"
    assert f"List-Unsubscribe: <{tag}>, ".encode() in files["message.eml"], "unfolded: a break inside a tag would spoil it"


@pytest.mark.parametrize("service", senders.SENDERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_e41_hostile_text_arrives_literal_and_is_replaced_by_no_service(service: str, text: str) -> None:
    files = mail.bundle(hostile_edition(text), with_service(service), DEADLINES)
    page, plain = files["email.html"].decode("ascii"), files["email.txt"].decode("utf-8")
    allowed = re.findall(re.escape(senders.SENDERS[service].unsubscribe), page)
    assert len(allowed) == 1
    for raw in (page, plain):
        assert found(raw.replace(senders.SENDERS[service].unsubscribe, "", 1)) == []
    soup = BeautifulSoup(page, "lxml")
    h1 = soup.h1
    assert h1 is not None
    assert h1.get_text() == " ".join(text.split()), "letter for letter"
    assert " ".join(text.split()) in " ".join(plain.replace(JOINER, "").split())


@pytest.mark.parametrize("text", ["{{7*7}}", "{% raw %}{{ x }}{% endraw %}", "{# gone #}", "{{{ pm:unsubscribe }}}"])
def test_e41_a_real_template_engine_finds_one_tag_only(text: str) -> None:
    files = mail.bundle(hostile_edition(text), with_service("buttondown"), DEADLINES)
    for name in ("email.html", "email.txt"):
        raw = files[name].decode("utf-8")
        rendered = (
            jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True).from_string(raw).render(unsubscribe_url="https://u.example/1")
        )
        assert rendered == raw.replace("{{ unsubscribe_url }}", "https://u.example/1")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["{", "}", "%", "*", "|", "<", ">", "$", "[", "]", "#", "=", "a", "UNSUB", " ", "é"]), min_size=1, max_size=14).map("".join))
def test_e41_whatever_the_characters(text: str) -> None:
    shown = f"x{text}x"
    html = senders.html_tags(str(senders.held(shown)).replace("&", "&amp;"), "mailgun")
    assert BeautifulSoup(html, "lxml").get_text() == shown
    assert found(html) == []
    plain = senders.text_tags(senders.held(shown), "mailgun")
    assert plain.replace(JOINER, "") == shown
    assert found(plain) == []
    assert found(senders.header(shown)) == []


@given(st.text(st.sampled_from("{}%*|<>$[]#?=&/azAZ09 -._~é\ue0f0"), max_size=30))
@settings(max_examples=100, deadline=None)
def test_an_address_holds_no_tag_and_stays_the_same_place(tail: str) -> None:
    url = senders.href(f"https://source.example/{tail}")
    assert url.isascii()
    assert found(url) == []
    assert senders.href(url) == url, "a second pass changes nothing"


def test_an_address_without_oddities_is_untouched() -> None:
    url = "https://statehouse.example/act-12?section=4&view=text#p%C3%A9-1"
    assert senders.href(url) == url


def test_i14_a_subject_is_one_line_without_a_tag(edition: AdmittedEdition, hostile: Path) -> None:
    cases = [c for c in json.loads((hostile / "strings.json").read_text(encoding="utf-8")) if c["case"] in {"I14", "I07", "I10", "I01"}]
    assert len(cases) > 8
    for case in cases:
        odd = replace(edition, edition=replace(edition.edition, subject=case["text"][:150], preheader=case["text"][:150]))
        files = mail.bundle(odd, with_service("mailchimp"))
        message = stdlib.message_from_bytes(files["message.eml"], policy=email.policy.default)
        subject = str(message["Subject"])
        assert "\n" not in subject and "\r" not in subject, case["id"]
        assert found(subject) == [], case["id"]
        assert len(subject.replace(JOINER, "")) <= 150, case["id"]
        assert message["Bcc"] is None and message.defects == [], case["id"]
        assert {k.lower() for k in message} == HEADERS, case["id"]
        assert json.loads(files["manifest.json"])["subject"] == subject, case["id"]


HEADERS = {
    "date",
    "from",
    "reply-to",
    "subject",
    "message-id",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "archived-at",
    "mime-version",
    "content-type",
}


def test_i14_an_encoded_word_in_a_subject_is_shown_as_it_was_typed(edition: AdmittedEdition) -> None:
    odd = replace(edition, edition=replace(edition.edition, subject="=?utf-8?q?hidden?= register"))
    raw = mail.bundle(odd, with_service("buttondown"))["message.eml"]
    assert str(stdlib.message_from_bytes(raw, policy=email.policy.default)["Subject"]) == f"={JOINER}?utf-8?q?hidden?= register"


def test_a_tag_that_slipped_through_stops_the_email() -> None:
    with pytest.raises(ContentRefused, match=r"holds '\{\{', which a mail service would replace"):
        senders.html_tags("<p>{{ x }}</p>", "listmonk")
    with pytest.raises(ContentRefused, match=r"holds '%unsubscribe_url%'"):
        senders.html_tags("<p>%unsubscribe_url%</p>", "mailgun")


def test_a_source_address_cannot_carry_the_tag_of_a_service() -> None:
    def odd(a: Article) -> Article:
        return replace(
            a, sources=(Cited(id="s1", title="T", publisher="P", url="https://s.example/%unsubscribe_url%/*|UNSUB|*/{{x}}", kind="primary"), *a.sources[1:])
        )

    files = mail.bundle(make_edition((admit(read("insurer-ai-register"), edit=odd),)), with_service("postmark"))
    assert b"https://s.example/%25unsubscribe_url%25/*%7CUNSUB%7C*/%7B%7Bx%7D%7D" in files["email.html"]
    assert b"https://s.example/%25unsubscribe_url%25/*%7CUNSUB%7C*/%7B%7Bx%7D%7D" in files["email.txt"]
