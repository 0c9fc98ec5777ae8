"""The plain text part, the message file and the manifest (E35, E44, E45, E46)."""

from __future__ import annotations

import email as stdlib
import email.policy
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from briefing import offer
from briefing.config import Publication
from briefing.site import email as mail
from briefing.site.admitted import AdmittedEdition

from .conftest import DEADLINES, with_service

DAYS = re.compile(r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Jul) \d{1,2}(?:, \d{4})?")


@pytest.fixture
def text(files: Mapping[str, bytes]) -> str:
    return files["email.txt"].decode("utf-8")


@pytest.fixture
def message(files: Mapping[str, bytes]) -> EmailMessage:
    parsed = stdlib.message_from_bytes(files["message.eml"], policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def flat(words: str) -> str:
    return " ".join(words.split())


# --------------------------------------------------------------------- text


def test_e44_lines_are_at_most_72_but_for_addresses(text: str) -> None:
    assert [line for line in text.split("\n") if len(line) > 72 and "https://" not in line] == []
    assert "\r" not in text and "\t" not in text


def test_e44_no_html_and_no_css(text: str) -> None:
    assert not re.search(r"</?[a-z]+[ >]|&#?\w+;|style=|font-", text)


def test_e44_same_headings_in_the_same_order_as_the_html(text: str, files: Mapping[str, bytes]) -> None:
    underlined = [flat(m) for m in re.findall(r"(?:^|\n\n)((?:[^\n]+\n){1,3}?)(?:=+|-+)\n", text)]
    soup = BeautifulSoup(files["email.html"], "lxml")
    headings = [flat(h.get_text()) for h in soup.find_all(["h1", "h2"])]
    assert [re.sub(r" \[\d+\]$", "", u) for u in underlined] == ["The Readiness Brief", *headings, "Links"]


def test_e44_same_numbers_days_and_sources_as_the_html(text: str, files: Mapping[str, bytes]) -> None:
    soup = BeautifulSoup(files["email.html"], "lxml")
    article = soup.find(attrs={"role": "article"})
    assert article is not None
    html = flat(article.get_text(" "))
    assert set(DAYS.findall(flat(text))) == set(DAYS.findall(html)) != set()
    body = re.sub(r"\[\d+\]|https://\S+|^\d+\.", "", flat(text))
    assert set(re.findall(r"\d[\d,.]*\d|\d", body)) == set(re.findall(r"\d[\d,.]*\d|\d", re.sub(r"\[ ?\d+ ?\]", "", html)))
    linked = {a["href"] for a in soup.find_all("a")} - {"{{ unsubscribe_url }}", "https://brief.example.org/"}  # the name in the head leads home
    assert set(re.findall(r"https://\S+", text)) == linked


def test_e44_every_sentence_of_the_html_stands_in_the_text(text: str, files: Mapping[str, bytes]) -> None:
    soup = BeautifulSoup(files["email.html"], "lxml")
    for mark in soup.find_all(class_="cite"):
        mark.decompose()
    for br in soup.find_all("br"):
        br.replace_with(" ")
    known = flat(re.sub(r" \[\d+\]", "", flat(text)))
    for tag in soup.find_all(["p", "li", "h1", "h2", "h3"]):
        said = flat(tag.get_text())
        if tag.find("a", string="Unsubscribe") is None:
            for sentence in re.split(r"(?<=[.?!]) ", said):
                assert sentence in known, sentence


def test_e44_every_number_in_brackets_is_listed_once_with_its_address(text: str) -> None:
    used = set(re.findall(r"\[(\d+)\]", text.partition("Sources\n")[0]))
    listed = re.findall(r"^\[(\d+)\]", text, re.MULTILINE)
    own = {n for n in listed if int(n) > 6}
    assert len(listed) == len(set(listed))
    assert used <= set(listed)
    assert set(listed) - used == {max(own, key=int)}, "only the archive, which stands in the foot"
    addresses = dict(re.findall(r"^\[(\d+)\][^\[]*?(https://\S+)", text, re.MULTILINE))
    assert addresses["1"] == "https://larkmoor.example/ai-register"
    assert sorted(map(int, addresses)) == list(range(1, len(listed) + 1))


# ------------------------------------------------------------------ message


def test_e45_text_first_then_html_and_both_come_back_byte_for_byte(message: EmailMessage, files: Mapping[str, bytes]) -> None:
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), plain.get_content_charset()) == ("text/plain", "utf-8")
    assert (html.get_content_type(), html.get_content_charset()) == ("text/html", "utf-8")
    for part, name in ((plain, "email.txt"), (html, "email.html")):
        body = part.get_content()
        assert body.count("\n") == body.count("\r\n"), "line ends of a message"
        assert body.replace("\r\n", "\n").encode("utf-8") == files[name]
    assert message.defects == plain.defects == html.defects == []


def test_e45_headers_of_a_list(message: EmailMessage) -> None:
    said = {k: str(v) for k, v in message.items()}
    digest = re.fullmatch(r"<2026-11-24\.([0-9a-f]{24})@brief\.example\.org>", said.pop("Message-ID"))
    assert digest
    boundary = message.get_boundary()
    assert boundary and digest.group(1) in boundary
    del said["Content-Type"]
    assert said == {
        "Date": "Tue, 24 Nov 2026 07:00:00 -0500",
        "From": "The Readiness Brief <brief@brief.example.org>",
        "Reply-To": "The Readiness Brief <editor@brief.example.org>",
        "Subject": "An insurer published its AI register",
        "List-Id": "<briefing.brief.example.org>",
        "List-Unsubscribe": "<{{ unsubscribe_url }}>, <mailto:editor@brief.example.org?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Archived-At": "<https://brief.example.org/editions/24/>",
        "MIME-Version": "1.0",
    }


def test_e45_every_line_ends_with_crlf_and_is_ascii(files: Mapping[str, bytes]) -> None:
    raw = files["message.eml"]
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_e45_names_and_subjects_beyond_ascii_are_encoded(edition: AdmittedEdition, publication: Publication) -> None:
    sender = publication.sender.model_copy(update={"from_name": "Brève, “lue”"})
    odd = replace(edition, edition=replace(edition.edition, subject="Größer als gedacht: 41 % – und ein Name"))
    raw = mail.bundle(odd, publication.model_copy(update={"sender": sender}))["message.eml"]
    assert raw.isascii()
    parsed = stdlib.message_from_bytes(raw, policy=email.policy.default)
    assert parsed["Subject"] == "Größer als gedacht: 41 % – und ein Name"
    assert parsed["From"].addresses[0].display_name == "Brève, “lue”"


def test_another_word_is_another_message_id(edition: AdmittedEdition, publication: Publication) -> None:
    other = replace(edition, edition=replace(edition.edition, preheader="Fourteen AI tools had no owner, and nobody missed them."))
    ids = {stdlib.message_from_bytes(mail.bundle(e, publication)["message.eml"])["Message-ID"] for e in (edition, other, edition)}
    assert len(ids) == 2


# ----------------------------------------------------------------- manifest


def test_e35_the_manifest_says_what_the_email_is(files: Mapping[str, bytes], edition: AdmittedEdition) -> None:
    manifest = offer.Manifest.model_validate_json(files["manifest.json"])
    assert manifest.edition == date(2026, 11, 24)
    assert (manifest.subject, manifest.preheader) == (edition.edition.subject, edition.edition.preheader)
    assert (manifest.from_name, manifest.archive) == ("The Readiness Brief", "https://brief.example.org/editions/24/")
    assert manifest.message_id in files["message.eml"].decode("ascii")
    assert {n: (s.sha256, s.bytes) for n, s in manifest.files.items()} == {
        n: (hashlib.sha256(files[n]).hexdigest(), len(files[n])) for n in ("email.html", "email.txt", "message.eml")
    }
    assert len(manifest.approvals) == 5
    assert edition.record is not None
    assert manifest.approvals[0] == edition.record.digest


@pytest.mark.parametrize("damage", ['"version": 2', '"extra": 1, "version": 1', '"version": "one"'])
def test_e35_a_manifest_of_another_shape_is_refused(files: Mapping[str, bytes], damage: str) -> None:
    with pytest.raises(ValueError, match=r"version|extra"):
        offer.Manifest.model_validate_json(files["manifest.json"].replace(b'"version": 1', damage.encode()))


def test_e46_two_builds_give_the_same_bytes(edition: AdmittedEdition, publication: Publication, files: Mapping[str, bytes]) -> None:
    assert mail.bundle(edition, publication, DEADLINES) == files


def test_e46_also_in_another_process_zone_and_language(files: Mapping[str, bytes]) -> None:
    """Nothing of the machine is in the email: not its zone, locale, hash seed or host name."""
    root = Path(__file__).resolve().parents[2]
    code = (
        "import hashlib, importlib, sys; sys.path.insert(0, 'tests'); c = importlib.import_module('mail.conftest');"
        "f = c.email.bundle(c.make_edition(tuple(c.admit(c.read(n)) for n in c.ORDER)), c.make_publication(), c.DEADLINES);"
        "print(sorted((n, hashlib.sha256(b).hexdigest()) for n, b in f.items()))"
    )
    env = {**os.environ, "TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], cwd=root, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(sorted((n, hashlib.sha256(b).hexdigest()) for n, b in files.items()))


def test_another_service_changes_the_tag_and_nothing_else(edition: AdmittedEdition, files: Mapping[str, bytes]) -> None:
    other = mail.bundle(edition, with_service("mailchimp"), DEADLINES)
    for name in ("email.html", "email.txt"):
        assert other[name].replace(b"*|UNSUB|*", b"{{ unsubscribe_url }}") == files[name]


def test_the_date_is_the_editions_also_when_summer_time_ends(edition: AdmittedEdition, publication: Publication) -> None:
    for day, offset in ((date(2026, 10, 27), "-0400"), (date(2026, 11, 3), "-0500")):
        moved = replace(edition, edition=replace(edition.edition, date=day))
        sent = stdlib.message_from_bytes(mail.bundle(moved, publication)["message.eml"])["Date"]
        assert sent == datetime(day.year, day.month, day.day).strftime(f"%a, %d %b %Y 07:00:00 {offset}")  # noqa: DTZ001 - only its words
