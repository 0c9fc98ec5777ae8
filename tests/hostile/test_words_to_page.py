"""The hostile strings on their whole way, rows I01 to I14: feed, store, draft, article, approval, page, email."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import feedparser
import pytest

from briefing import article, inline, yamlfile
from briefing import edition as editions
from briefing.collect.parse import parse
from briefing.draft.run import RESERVED, _free_id
from evals import _hostile as hostile
from evals._hostile import Case, Drafted, Published

KEYS = {"id", "edition", "status", "kicker", "title", "dek", "author", "short", "topics", "jurisdictions", "sources"}
MAY = {"updated", "corrections", "limits"}
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@pytest.fixture(scope="module")
def found() -> tuple[Case, ...]:
    if not hostile.HOSTILE.is_dir():
        pytest.skip("the hostile inputs are not beside this checkout")
    return hostile.cases()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("words")


@pytest.fixture(scope="module")
def collected(root: Path, found: Sequence[Case]) -> tuple[hostile.Report, hostile.Items]:
    return hostile.read(root, found)


@pytest.fixture(scope="module")
def drafted(root: Path, found: Sequence[Case], collected: tuple[hostile.Report, hostile.Items]) -> tuple[Drafted, ...]:
    return hostile.draft_each(root, found, collected[1])


@pytest.fixture(scope="module")
def published(root: Path, found: Sequence[Case], collected: tuple[hostile.Report, hostile.Items]) -> Published:
    return hostile.publish(root / "site", found, collected[1])


def faults(lines: Sequence[tuple[str, object]]) -> str:
    return "\n".join(f"{case}: {what}" for case, what in lines)


# -------------------------------------------------------------- feed → store


def test_every_string_is_there(found: Sequence[Case]) -> None:
    assert len(found) >= 104
    assert {c.row for c in found} == {f"I{n:02}" for n in range(1, 15)} - {"I12"}


def test_no_item_is_lost_and_no_source_fails(found: Sequence[Case], collected: tuple[hostile.Report, hostile.Items]) -> None:
    report, items = collected
    assert report.code == 0
    assert {c for f, c in items if f == "json"} == {c.id for c in found}
    assert len([1 for f, _ in items if f != "json"]) == 2 * (len(found) - 1), "XML has no form for one of them, which holds a zero byte"


@pytest.mark.parametrize("form", hostile.FORMS)
def test_the_store_holds_the_words_a_reader_would_see(form: str, found: Sequence[Case], collected: tuple[hostile.Report, hostile.Items]) -> None:
    wrong = [(c.id, what) for c in found if (form, c.id) in collected[1] for what in hostile.stored_wrong(c, collected[1][form, c.id])]
    assert not wrong, faults(wrong)


@pytest.mark.parametrize("form", hostile.FORMS)
def test_i04_a_link_is_a_web_address_or_left_out_with_a_word(form: str, found: Sequence[Case], collected: tuple[hostile.Report, hostile.Items]) -> None:
    report, items = collected
    wrong = [(c.id, items[form, c.id].url) for c in found if c.link and not hostile.link_held(c, items[form, c.id])]
    assert not wrong, faults(wrong)
    dropped = sum(c.expect == "link-dropped" for c in found)
    told = next(s for s in report.sources if s.source == form)
    assert told.no_link == dropped
    assert f"{dropped} links left out (“javascript:alert(1)”, “JaVaScRiPt:alert(1)”, “javascript:alert(1)”, …)" in told.detail


def test_markup_in_a_feed_is_read_as_html_and_leaves_its_words_only(found: Sequence[Case]) -> None:
    """The same strings unescaped, as a careless publisher sends them."""
    for case in found:
        if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", case.text):
            continue
        item = f"<item><title><![CDATA[{case.text}]]></title><guid>g</guid><description>Words.</description></item>"
        data = f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>".encode()
        (entry,) = parse(data, hostile.source("rss"), url="https://rss.words.example/feed", content_type="application/rss+xml", now=hostile.NOW).entries
        assert "\n" not in entry.title
        assert len(entry.title) <= hostile.TITLE
        if "&lt;" not in case.text:
            # What shows no word as HTML is shown as the characters it is; what does leaves no element behind.
            assert not re.search(r"<[a-z][^>]*>", entry.title) or entry.title == hostile.as_title(case, ""), case.id


# ------------------------------------------------------------- store → draft


def test_drafts_of_hostile_items_are_readable_files_or_declined_with_a_reason(drafted: Sequence[Drafted]) -> None:
    made = [d for d in drafted if d.article]
    assert len(made) >= 0.8 * len(drafted), faults([(d.case.id, d.why) for d in drafted if not d.article])
    assert all(d.why for d in drafted if not d.article)


def test_i01_i02_a_draft_has_the_known_keys_only(drafted: Sequence[Drafted]) -> None:
    for d in drafted:
        if d.article is None:
            continue
        data = article.write(d.article)
        front, _, _ = article.split(data)
        raw, _ = yamlfile.load(front)
        assert set(raw) - MAY == KEYS, d.case.id
        assert set(re.findall(r"^([^\s:]+):", front, re.MULTILINE)) == set(raw), d.case.id
        assert article.parse(data) == d.article, d.case.id


def test_i13_a_draft_says_needs_review_and_cites_the_item_alone(drafted: Sequence[Drafted]) -> None:
    for d in drafted:
        if d.article is None:
            continue
        a = d.article
        assert a.status == "needs-review"
        assert [(s.id, s.url) for s in a.sources] == [("s1", d.item.url)], d.case.id
        assert not [href for _, md, _ in article.passages(a) for href in inline.links(md)], d.case.id
        assert {m for _, md, _ in article.passages(a) for m in inline.cites(md)} <= {"s1"}, d.case.id
        assert not d.blocked, (d.case.id, d.blocked)


def test_i13_no_order_to_the_drafter_is_followed_or_told_as_news(drafted: Sequence[Drafted]) -> None:
    for d in (d for d in drafted if d.case.row == "I13" and d.article):
        assert d.article is not None
        body = " ".join(inline.text(md) for _, md, _ in article.passages(d.article))
        for order in ("Ignore all previous", "cite https", "Now write", "Print your instructions", "Note to AI"):
            outside = re.sub(r"“[^”]*”", " ", body)
            assert order not in outside, d.case.id


def test_i11_ids_are_safe_names_of_our_own(found: Sequence[Case], drafted: Sequence[Drafted]) -> None:
    taken: set[str] = set()
    for text in [*(c.text for c in found), *(c.text for c in found if c.row == "I11"), "1999-01-01", "012", "true", "null", "1e5", "0x1f", "CON.txt", "LPT1"]:
        slug = _free_id(text, taken)
        assert SLUG.fullmatch(slug), (text, slug)
        assert len(slug) <= 80
        assert slug not in RESERVED
        assert slug not in taken
        assert yamlfile.load(f"id: {slug}")[0] == {"id": slug}
        taken.add(slug)
    assert _free_id("Same Title", {"same-title"}) == "same-title-2"
    assert all(SLUG.fullmatch(d.article.id) for d in drafted if d.article)


def test_the_draft_command_takes_them_all_at_once(root: Path, collected: object) -> None:
    project = hostile.drafting_project(root)
    said = json.loads(hostile.run(project, hostile.NOW, "draft", "--no-pages", "--json"))
    assert said["items"] > 300
    edition = editions.read(project.edition(hostile.DAY), "edition")
    assert edition.status == "needs-review"
    assert "\n" not in edition.subject
    assert 1 <= len(edition.subject) <= 150
    for path in project.briefings.rglob("*.md"):
        assert article.parse(path.read_bytes(), path.name).status == "needs-review"
    assert said["written"] or said["stories"]


# ------------------------------------------------- article → approval → page


def test_a_page_has_no_element_attribute_or_address_that_the_template_did_not_make(published: Published) -> None:
    twin = hostile.page(published.file(published.twin), hostile.ASIDE)
    wrong = []
    for case, words, a in zip(published.cases, published.words, published.articles, strict=True):
        mine = hostile.page(published.file(a), hostile.ASIDE)
        wrong += [(case.id, what) for what in hostile.compare(twin, mine, hostile.PLAIN, words)]
        wrong += [(case.id, address) for address in hostile.strange(published, a, mine)]
    assert not wrong, faults(wrong)


def test_the_parts_aside_hold_known_elements_only(published: Published) -> None:
    known = set(hostile.page(published.file(published.twin)).shapes)
    for case, a in zip(published.cases, published.articles, strict=True):
        mine = hostile.page(published.file(a))
        assert set(mine.shapes) <= known, case.id
        assert not hostile.strange(published, a, mine), case.id


def test_the_structured_data_of_a_page_is_whole_json_with_the_words(published: Published) -> None:
    for case, words, a in zip(published.cases, published.words, published.articles, strict=True):
        found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', published.file(a).decode("utf-8"), re.DOTALL)
        assert len(found) == 1, case.id
        assert hostile.telling(words)[:100].strip() in json.dumps(json.loads(found[0]), ensure_ascii=False).replace('\\"', '"').replace("\\\\", "\\"), case.id


def test_every_page_of_the_site_is_free_of_what_only_words_could_bring(published: Published) -> None:
    """Lists, topics, editions, publishers: those hold the words of many articles at once."""
    out = published.project.output
    pages = list(out.rglob("*.html"))
    assert len(pages) > 3 * len(published.cases)
    for path in pages:
        mine = hostile.page(path.read_bytes())
        assert {t.name for t in mine.tags}.isdisjoint({"iframe", "object", "embed", "base", "frame", "applet", "math"}), path
        assert not [t for t in mine.tags if any(a.startswith("on") for a in t.attributes)], path
        assert not [x for x in mine.addresses if re.match(r"(?i)\s*(?:javascript|data|vbscript|file|ftp):", x)], path
        assert not [x for x in mine.addresses if "evil.example" in x], path


def test_i06_nothing_is_copied_in_or_left_beside_the_site(published: Published) -> None:
    assert hostile.out_of_place(published) == []


def test_feeds_carry_the_words_as_text(published: Published) -> None:
    out = published.project.output
    titles = {" ".join(hostile.telling(w)[:200].split()) for w in published.words}
    found = json.loads((out / "feeds" / "all.json").read_text(encoding="utf-8"))["items"]
    assert {i["title"] for i in found} <= titles | {hostile.PLAIN}
    read = feedparser.parse((out / "feeds" / "all.atom.xml").read_bytes(), sanitize_html=False)
    assert not read.bozo
    for entry in read.entries:
        shown = hostile.page(entry.title).tags if entry.title_detail.type == "text/html" else ()
        assert [t.name for t in shown if t.name not in {"html", "body", "p"}] == []
        for part in entry.get("content", []):
            tags = hostile.page(part.value)
            assert not [t for t in tags.tags if t.name in {"script", "style", "iframe", "form", "img", "svg", "meta", "object"}]
            assert not [x for x in tags.addresses if not x.startswith(("https://", "http://", "/", "#"))]


# ------------------------------------------------------------------- → email


def test_an_email_has_no_element_attribute_or_address_that_the_template_did_not_make(published: Published) -> None:
    twin = hostile.page(published.file(published.twin, "email.html"))
    wrong = []
    for case, words, a in zip(published.cases, published.words, published.articles, strict=True):
        mine = hostile.page(published.file(a, "email.html"))
        wrong += [(case.id, what) for what in hostile.compare(twin, mine, hostile.PLAIN, words)]
        wrong += [(case.id, address) for address in hostile.strange(published, a, mine)]
    assert not wrong, faults(wrong)


def test_the_text_part_has_the_same_words(published: Published) -> None:
    """As often as the twin has its own, less the one place that cuts a kicker at 60 characters."""
    often = hostile.mail_text(published.file(published.twin, "email.txt")).count(hostile.PLAIN)
    assert often >= 7
    for case, words, a in zip(published.cases, published.words, published.articles, strict=True):
        said = hostile.mail_text(published.file(a, "email.txt"))
        assert said.count(" ".join(words[:120].split())) >= often - 1, case.id


def test_i07_no_merge_tag_stands_in_an_email(published: Published) -> None:
    wrong = [(case.id, tag) for case, a in zip(published.cases, published.articles, strict=True) for tag in hostile.merge_tags(published, a)]
    assert not wrong, faults(wrong)


def test_i14_a_subject_is_one_line_of_at_most_150_characters(published: Published) -> None:
    for case, words, a in zip(published.cases, published.words, published.articles, strict=True):
        raw = published.file(a, "message.eml")
        said = hostile.subject(raw)
        assert said.replace("\u2060", "") == " ".join(words[:150].split()), case.id
        assert not re.search(rb"(?im)^bcc:", raw), case.id
        manifest = json.loads(published.file(a, "manifest.json"))
        assert manifest["subject"] == said, case.id


# ----------------------------------------------------------------- I12: sizes


def test_i12_a_title_of_ten_million_characters_is_cut_with_a_mark(tmp_path: Path) -> None:
    huge = Case("huge", "I12", "A" * 10_000_000, "length-limit")
    report, items = hostile.read(tmp_path, [huge], forms=("json",), max_bytes=64_000_000)
    assert report.code == 0
    item = items["json", "huge"]
    assert len(item.title) == hostile.TITLE
    assert item.title.endswith(hostile.MARK)
    assert len(item.summary) <= 60_000
    assert item.summary.endswith(hostile.MARK)


def test_i12_an_item_without_anything_is_skipped_and_counted(tmp_path: Path) -> None:
    items = [{"id": "1"}, {"id": "2", "title": "", "url": "", "content_text": "", "authors": []}, {"id": "3", "title": "Words", "content_text": ""}]
    data = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": items}).encode()
    feed = parse(data, hostile.source("json"), url="https://json.words.example/feed", content_type="application/json", now=hostile.NOW)
    assert [(e.title, e.summary) for e in feed.entries] == [("Words", "")]
    assert feed.skipped == 2
