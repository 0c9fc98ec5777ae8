"""The HTML part, row by row of the email's requirements (E1 to E55 as numbered in docs/sending.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from bs4 import BeautifulSoup, Tag

from briefing import article as articles
from briefing import inline, offer
from briefing.config import Publication
from briefing.errors import ContentRefused
from briefing.model import Article, Cited, Correction, Paragraph
from briefing.site import email
from briefing.site.admitted import AdmittedArticle, AdmittedEdition
from briefing.site.mail.letter import letter

from .conftest import DEADLINES, ORDER, admit, make_edition, read

LAYOUT = {"role": "presentation", "border": "0", "cellpadding": "0", "cellspacing": "0"}
PALETTE_DARK_PAPER = "#101613"


@pytest.fixture
def html(files: Mapping[str, bytes]) -> str:
    return files["email.html"].decode("ascii")


@pytest.fixture
def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


def styles(soup: BeautifulSoup) -> list[str]:
    return [tag.get_text() for tag in soup.find_all("style")]


def declared(tag: Tag) -> dict[str, str]:
    pairs = (d.partition(":") for d in str(tag.get("style", "")).split(";") if d.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def own_text(tag: Tag) -> str:
    return "".join(t for t in tag.find_all(string=True, recursive=False) if type(t).__name__ == "NavigableString").strip()


def shown(soup: BeautifulSoup) -> Iterator[Tag]:
    """Every element of the letter that carries words of its own."""
    body = soup.find(attrs={"role": "article"})
    assert isinstance(body, Tag)
    for tag in body.find_all(True):
        if own_text(tag):
            yield tag


def inherited(tag: Tag, name: str) -> str:
    for node in (tag, *tag.parents):
        if isinstance(node, Tag) and name in (found := declared(node)):
            return found[name]
    return ""


def remarks(files: Mapping[str, bytes]) -> tuple[str, ...]:
    return offer.remarks(offer.Manifest.model_validate_json(files["manifest.json"]))


def words(soup: BeautifulSoup) -> str:
    letter_ = soup.find(attrs={"role": "article"})
    assert isinstance(letter_, Tag)
    return " ".join(letter_.get_text().split())


# ----------------------------------------------------------------- the file


def test_e1_size_is_far_below_what_providers_cut(html: str) -> None:
    assert len(html.encode()) < 60_000


def long_article(count: int) -> bytes:
    step = "Ask each team lead for one line per AI tool they use: what it does, who owns it, what it must never do alone."
    return read("insurer-ai-register").replace(step.encode(), ((step + " ") * count).encode())


def test_e1_a_mail_that_would_be_cut_is_refused_and_says_what_to_do(publication: Publication) -> None:
    edition = make_edition((admit(long_article(800)),))
    with pytest.raises(ContentRefused, match=r"edition 2026-11-24: its email is \d+,\d+ bytes, at most 80,000 .* take out an article"):
        email.bundle(edition, publication)


def test_e1_the_editor_is_warned_before_that(publication: Publication) -> None:
    edition = make_edition((admit(long_article(450)),))
    files = email.bundle(edition, publication)
    assert 60_000 < len(files["email.html"]) < 80_000
    assert any("above 60,000" in line for line in remarks(files))


def test_e2_ascii_without_control_characters_or_c1_references(html: str) -> None:
    assert html.isascii()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", html)
    assert not any(0x7F <= int(n) <= 0x9F or int(n) < 32 for n in re.findall(r"&#(\d+);", html))


def test_e2_control_characters_of_settings_and_deadlines_never_arrive(quartet: tuple[AdmittedArticle, ...], publication: Publication) -> None:
    edition = make_edition(quartet, subject="One\u0085two\u200bthree\x00", preheader="\x92" * 3)
    odd = tuple(replace(d, event=d.event + "\x92\u202e\ue0f0") for d in DEADLINES)
    page = email.bundle(edition, publication, odd)["email.html"].decode("ascii")
    assert not any(int(n) < 32 or 0x7F <= int(n) <= 0x9F or int(n) in {0x200B, 0x202E} for n in re.findall(r"&#(\d+);", page))
    assert page.count("{{ unsubscribe_url }}") == 1, "a private character in a text is no unsubscribe mark"


def test_e3_lines_are_short_enough_for_any_relay(html: str) -> None:
    assert max(map(len, html.split("\n"))) <= 900


def test_e3_also_with_long_words_addresses_and_sentences(publication: Publication) -> None:
    url = "https://larkmoor.example/" + "a" * 660
    data = read("insurer-ai-register").replace(b"https://larkmoor.example/ai-register", url.encode())
    page = email.bundle(make_edition((admit(data),)), publication)["email.html"].decode("ascii")
    assert max(map(len, page.split("\n"))) <= 900
    assert url in [a["href"] for a in BeautifulSoup(page, "lxml").find_all("a")]


def test_e4_doctype_charset_viewport_title(html: str, soup: BeautifulSoup) -> None:
    assert html.startswith("<!DOCTYPE html>")
    assert soup.find("meta", charset="utf-8")
    assert soup.find("meta", attrs={"name": "viewport"})["content"] == "width=device-width, initial-scale=1"
    assert soup.title is not None
    robots = soup.find("meta", attrs={"name": "robots"})
    assert robots is not None and robots["content"] == "noindex", "the copy on the site is not the edition's page"
    assert soup.title.string == "No. 24: An insurer published its AI register"


def test_e5_and_e6_one_named_wrapper_repeats_language_and_direction(soup: BeautifulSoup) -> None:
    root = soup.html
    assert root is not None
    assert (root["lang"], root["dir"]) == ("en", "ltr")
    (wrapper,) = soup.find_all(attrs={"role": "article"})
    assert (wrapper["lang"], wrapper["dir"], wrapper["aria-roledescription"]) == ("en", "ltr", "email")
    assert wrapper["aria-label"] == "The Readiness Brief, number 24"
    assert not soup.find_all(attrs={"role": "main"})


def test_e7_one_h1_and_no_skipped_level(soup: BeautifulSoup) -> None:
    levels = [int(h.name[1]) for h in soup.find_all(re.compile("^h[1-6]$"))]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False))


def test_e8_layout_tables_are_presentation_and_the_dates_are_data(soup: BeautifulSoup) -> None:
    data = [t for t in soup.find_all("table") if any(th.find_parent("table") is t for th in t.find_all("th"))]
    (dates,) = data
    assert "role" not in dates.attrs
    assert [th["scope"] for th in dates.find_all("th")] == ["row", "row"]
    for table in soup.find_all("table"):
        if table is not dates:
            assert {k: table.get(k) for k in LAYOUT} == LAYOUT
        assert table["cellpadding"] == table["cellspacing"] == table["border"] == "0"


def test_e9_shallow_tables_and_no_layout_by_div(soup: BeautifulSoup) -> None:
    assert max(len(t.find_parents("table")) + 1 for t in soup.find_all("table")) <= 4
    assert not any({"width", "float"} & declared(d).keys() for d in soup.find_all("div"))


def test_e10_and_e12_nothing_that_runs_loads_or_shows_a_picture(html: str, soup: BeautifulSoup) -> None:
    assert not soup.find_all(["script", "form", "input", "iframe", "video", "audio", "svg", "object", "embed", "link", "base", "img", "button"])
    assert not re.search(r"@import|@font-face|url\(|amp4email|background=|src=", html, re.IGNORECASE)


def test_e13_style_blocks_are_small_flat_and_apart(soup: BeautifulSoup) -> None:
    blocks = styles(soup)
    assert all(len(b) < 8_000 for b in blocks)
    assert sum(map(len, blocks)) < 14_000
    for block in blocks:
        depth, inside = 0, False
        for char in block:
            depth += {"{": 1, "}": -1}.get(char, 0)
            assert not (inside and char == "@"), "an @ rule inside an @ rule empties the block in some clients"
            inside = (inside and depth > 0) or char == "@"
        assert depth == 0
    assert ["prefers-color-scheme" in b for b in blocks].count(True) == 1
    (ogsc,) = [b for b in blocks if "data-ogsc" in b]
    assert "@media" not in ogsc


def test_e14_no_style_that_a_client_drops(soup: BeautifulSoup) -> None:
    inline_styles = " ".join(str(t["style"]) for t in soup.find_all(style=True))
    assert not re.search(r"var\(|calc\(|\drem|flex|grid|position|rgba?\(|hsla?\(|(margin|padding)[a-z-]*:\s*[^;]*-\d", inline_styles)
    assert all(len(h) == 7 for h in re.findall(r"#[0-9a-fA-F]+", inline_styles))


def test_e15_important_is_lower_case_after_a_space(html: str) -> None:
    assert re.findall(r"!\s*important", html, re.IGNORECASE)
    assert not re.search(r"\S!important|!\s+important", html, re.IGNORECASE)
    assert len(re.findall("!important", html, re.IGNORECASE)) == html.count("!important")


# ------------------------------------------------------------------- colour


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def dark_rules(soup: BeautifulSoup) -> dict[str, dict[str, str]]:
    (block,) = [b for b in styles(soup) if "prefers-color-scheme" in b]
    out: dict[str, dict[str, str]] = {}
    for names, body in re.findall(r"((?:\.\w+,?)+)\{([^}]*)\}", block):
        for name in names.split(","):
            pairs = (d.partition(":") for d in body.replace(" !important", "").split(";"))
            out.setdefault(name[1:], {}).update({k: v for k, _, v in pairs})
    return out


def in_dark(tag: Tag, name: str, rules: dict[str, dict[str, str]]) -> str:
    for node in (tag, *tag.parents):
        if not isinstance(node, Tag):
            continue
        value = next((rules[c][name] for c in rules if c in (node.get("class") or []) and name in rules[c]), "") or declared(node).get(name, "")
        if value:
            return value
    return ""


def test_e20_every_word_has_contrast_on_a_named_background_in_light_and_dark(soup: BeautifulSoup) -> None:
    rules = dark_rules(soup)
    seen = 0
    for tag in shown(soup):
        light = (inherited(tag, "color"), inherited(tag, "background-color"))
        dark = (in_dark(tag, "color", rules), in_dark(tag, "background-color", rules))
        assert all(light) and all(dark), f"{own_text(tag)!r} has no named colours"
        assert contrast(*light) >= 4.5, f"{own_text(tag)!r}: {light}"
        assert contrast(*dark) >= 4.5, f"{own_text(tag)!r}: {dark}"
        seen += 1
    assert seen > 40
    assert rules["bg"]["background-color"] == PALETTE_DARK_PAPER


def test_e22_no_pure_black_and_no_white_on_nothing(html: str, soup: BeautifulSoup) -> None:
    assert not re.search(r"#000000|#000\b|color:\s*(black|white)", html)
    for tag in soup.find_all(style=re.compile(r"(?<!-)color: #ffffff")):
        assert declared(tag).get("background-color"), "white text names its own background"


def test_e23_sizes_that_can_be_read(soup: BeautifulSoup) -> None:
    for tag in shown(soup):
        size, line = inherited(tag, "font-size"), inherited(tag, "line-height")
        assert size.endswith("px") and line.endswith("px")
        if tag.find_parent(class_="cite") or "cite" in (tag.get("class") or []):
            assert (size, inherited(tag, "font-weight")) == ("12px", "bold")
        else:
            assert int(size[:-2]) >= 14
            assert int(line[:-2]) >= int(size[:-2]) * 1.1
    reading = [p for p in soup.find_all("p") if "sans" not in p["class"] and not {"brand", "dek"} & set(p["class"])]
    assert {declared(p)["font-size"] for p in reading} == {"18px"}


def test_e24_two_families_each_ending_in_a_generic(html: str) -> None:
    stacks = {s.strip() for s in re.findall(r"font-family:\s*([^;\"}!]+)", html)}
    assert stacks == {"Georgia,'Times New Roman',serif", "Arial,Helvetica,sans-serif", "Georgia,serif", "Arial,sans-serif"}


def test_e25_and_e26_outlook_gets_its_table_and_its_pixels(html: str, soup: BeautifulSoup) -> None:
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->") == 3
    assert '<!--[if mso]><table role="presentation" width="600"' in html
    assert len(soup.find_all("table", style=re.compile("max-width: 600px"))) == 1
    assert "<o:PixelsPerInch>96</o:PixelsPerInch>" in html
    assert 'xmlns:o="urn:schemas-microsoft-com:office:office"' in html


# -------------------------------------------------------------------- links


def test_e27_the_button_is_a_coloured_cell_with_a_coloured_link(soup: BeautifulSoup) -> None:
    (link,) = soup.find_all("a", class_="btn")
    style = declared(link)
    cell = link.find_parent("td")
    assert cell is not None
    assert declared(cell)["background-color"] == style["background-color"] == "#0a5c48"
    height = int(style["line-height"][:-2]) + 2 * int(style["padding"].split("px")[0]) + 2 * int(style["border"].split("px")[0])
    assert height >= 44
    assert " ".join(link.get_text().split()) == "Read the full briefing"


def test_e28_links_hold_words_only(soup: BeautifulSoup) -> None:
    for link in soup.find_all("a"):
        assert {t.name for t in link.find_all(True)} <= {"em", "strong", "span"}


def test_e29_and_e30_every_address_is_whole_and_https(soup: BeautifulSoup) -> None:
    hrefs = [a["href"] for a in soup.find_all("a")]
    assert hrefs.count("{{ unsubscribe_url }}") == 1
    assert all(re.fullmatch(r"https://[a-z.]+\.(org|example)(/[^\s\"<>]*)?", h) for h in hrefs if h != "{{ unsubscribe_url }}")


def test_e29_an_http_source_is_named_but_not_linked(publication: Publication) -> None:
    data = read("insurer-ai-register").replace(b"https://ledger.example", b"http://ledger.example")
    files = email.bundle(make_edition((admit(data),)), publication)
    page = BeautifulSoup(files["email.html"], "lxml")
    assert not any("ledger.example" in a["href"] for a in page.find_all("a"))
    assert "Insurer opens its AI list to policyholders. The Harbour Ledger, November 18, 2026." in words(page)
    assert "[2]" in words(page)
    assert b"http://ledger.example/insurer-ai-list" in files["email.txt"]


def test_e31_link_texts_say_where_they_lead_and_each_leads_to_one_place(soup: BeautifulSoup) -> None:
    targets: dict[str, set[str]] = {}
    for link in soup.find_all("a"):
        text = " ".join(link.get_text().split())
        assert text.lower() not in {"", "click here", "here", "read more", "more", "link", "this"}
        assert "://" not in text
        targets.setdefault(text, set()).add(link["href"])
    assert {t: h for t, h in targets.items() if len(h) > 1} == {}


def test_e31_sources_with_one_title_are_told_apart_by_publisher(quartet: tuple[AdmittedArticle, ...], publication: Publication) -> None:
    def same_title(a: Article) -> Article:
        return replace(a, sources=tuple(replace(s, title="AI terms") for s in a.sources))

    page = BeautifulSoup(
        email.bundle(make_edition(tuple(admit(read(n), edit=same_title) for n in ("insurer-ai-register", "vendor-terms"))), publication)["email.html"], "lxml"
    )
    (listed,) = page.find_all("ol")
    assert [a.get_text() for a in listed.find_all("a")] == ["AI terms (Larkmoor Mutual)", "AI terms (The Harbour Ledger)", "AI terms (Quillon Desk)"]


def test_e32_the_sources_are_the_editions_each_once_in_order_of_first_use(soup: BeautifulSoup, quartet: tuple[AdmittedArticle, ...]) -> None:
    (listed,) = soup.find_all("ol")
    addresses = [a["href"] for a in listed.find_all("a")]
    assert addresses == [
        "https://larkmoor.example/ai-register",
        "https://ledger.example/insurer-ai-list",
        "https://cityhall.example/permits/first-quarter",
        "https://ledger.example/permit-desk",
        "https://statehouse.example/act-12?section=4&view=text",
        "https://quillon.example/terms/v7",
    ]
    assert set(addresses) == {s.url for a in quartet for s in a.article.sources}


def test_e32_every_marker_leads_to_the_source_with_its_number(soup: BeautifulSoup) -> None:
    (listed,) = soup.find_all("ol")
    addresses = [a["href"] for a in listed.find_all("a")]
    markers = [(int(c.get_text().strip("[]")), c.a["href"]) for c in soup.find_all(class_="cite")]
    assert [n for n, _ in markers] == [1, 1, 2, 3, 3, 4, 5, 5, 6, 6]
    assert all(addresses[n - 1] == href for n, href in markers)


def test_e36_the_web_page_is_linked_in_the_head(soup: BeautifulSoup) -> None:
    wanted = soup.find("a", string="Read on the web")
    assert wanted is not None
    assert wanted["href"] == "https://brief.example.org/editions/24/"
    assert soup.find_all("a").index(wanted) <= 1


def test_e40_nothing_counts_the_reader(html: str, soup: BeautifulSoup) -> None:
    assert not soup.find_all("img")
    assert not re.search(r"utm_|[?&](e|email|uid|subscriber|mc_eid)=|1px\s*;\s*height:\s*1px", html)


# ---------------------------------------------------------- words and facts


def test_e33_the_preheader_stands_first_and_is_hidden_three_ways(soup: BeautifulSoup) -> None:
    body = soup.body
    assert body is not None
    first = body.find(True)
    assert isinstance(first, Tag)
    assert {"display": "none", "max-height": "0", "mso-hide": "all"}.items() <= declared(first).items()
    said, filler = first.get_text()[:73], first.get_text()[73:]
    assert said == "Fourteen AI tools had no owner. They were gone by Friday. Plus two dates."
    assert set(filler) <= set("\u034f\u200c\xa0\n")
    assert filler.count("\u034f") >= 70


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"subject": "Too few"}, "the subject has 7 characters"),
        ({"subject": "x" * 79}, "the subject has 79 characters"),
        ({"preheader": "Short."}, "the preheader should be 40 to 110"),
        ({"subject": "*|FNAME|* and the register"}, "holds a mail service's tag"),
    ],
)
def test_e33_and_e34_the_editor_is_told_of_odd_subjects(
    quartet: tuple[AdmittedArticle, ...], publication: Publication, change: dict[str, str], expected: str
) -> None:
    edition = make_edition(quartet, **change)
    said = remarks(email.bundle(edition, publication))
    assert any(expected in line and line.startswith("edition 2026-11-24: ") for line in said)


def test_e34_a_good_subject_is_left_alone(files: Mapping[str, bytes]) -> None:
    assert remarks(files) == ()


@pytest.mark.parametrize("address", ["Tuesday Briefing, 100 Sample Street, Springfield, IN 00000", "Somewhere, ZZ 00000"])
def test_e38_no_email_goes_out_with_the_samples_postal_address(edition: AdmittedEdition, publication: Publication, address: str) -> None:
    with pytest.raises(ContentRefused, match=r"PUBLICATION\.address is still the sample's"):
        email.bundle(edition, publication.model_copy(update={"address": address}))
    files = email.bundle(edition, publication.model_copy(update={"address": address, "sample": True}))
    assert "Sample: every name and fact here is invented." in words(BeautifulSoup(files["email.html"], "lxml"))
    assert b"Sample: every name and fact here is invented." in files["email.txt"]


def test_e38_and_e39_the_foot_says_who_why_and_how_to_leave(soup: BeautifulSoup) -> None:
    said = words(soup)
    assert "The Readiness Brief, 7 Harbour Lane, Alder Bay, WB 12345" in said
    assert "You subscribed at brief.example.org. We do not track opens or clicks." in said
    assert "Spotted an error? Reply to this email." in said
    assert "Unsubscribe or read past editions" in said


def test_e42_no_placeholder_is_left(html: str) -> None:
    assert re.findall(r"\{\{.*?\}\}", html) == ["{{ unsubscribe_url }}"]
    assert not re.search(r"\b(TK|TODO|XXX|FIXME|lorem|None|undefined)\b", unescape(re.sub("<style.*?</style>", "", html, flags=re.DOTALL)))
    assert not re.search("[\ue000-\uf8ff]|&#5(7[3-9]|[89])\\d\\d\\d;", html)


def test_e43_and_e50_days_are_whole_days_of_the_edition(soup: BeautifulSoup) -> None:
    said = words(soup)
    assert "No. 24. Tuesday, November 24, 2026. 2 min read." in said
    assert not re.search(r"\b(today|tomorrow|yesterday|last week|next week|days left|in \d+ days)\b", said, re.IGNORECASE)


def test_e47_an_edition_that_is_not_complete_has_no_email(edition: AdmittedEdition, publication: Publication) -> None:
    waiting = replace(edition, complete=False, why="article hiring-notice waits for approval")
    with pytest.raises(ContentRefused, match="edition 2026-11-24: article hiring-notice waits for approval"):
        email.bundle(waiting, publication)


def test_e48_the_sign_off_and_its_numbers_are_the_records(soup: BeautifulSoup, quartet: tuple[AdmittedArticle, ...]) -> None:
    ledger = quartet[0].ledger
    assert (ledger.cited, ledger.made) == (11, 11)
    assert "Approved by Dana Whitlock, November 23. 11 of 11 claims cited. How this was made" in words(soup)
    assert "Checked, edited and approved by Dana Whitlock." in words(soup)


def test_e48_a_claim_without_a_passage_shows_in_the_count(quartet: tuple[AdmittedArticle, ...], publication: Publication) -> None:
    first = quartet[0]
    claims = (replace(next(c for c in first.ledger.claims if c.type == "fact"), passages=()), *first.ledger.claims)
    edition = make_edition((replace(first, ledger=replace(first.ledger, claims=claims)), *quartet[1:]))
    assert "11 of 12 claims cited." in words(BeautifulSoup(email.bundle(edition, publication)["email.html"], "lxml"))


def test_e48_the_day_of_approval_is_the_publications_day(quartet: tuple[AdmittedArticle, ...], publication: Publication) -> None:
    late = quartet[0].record
    assert late is not None
    moved = replace(late, approved_at=late.approved_at.replace(day=24, hour=3))  # Monday evening in Indiana
    page = email.bundle(make_edition((replace(quartet[0], record=moved),)), publication)["email.html"]
    assert "Approved by Dana Whitlock, November 23." in words(BeautifulSoup(page, "lxml"))


def test_e48_on_trial_nobody_is_named(quartet: tuple[AdmittedArticle, ...], publication: Publication) -> None:
    edition = make_edition(tuple(replace(a, record=None) for a in quartet))
    said = words(BeautifulSoup(email.bundle(edition, publication)["email.html"], "lxml"))
    assert "Marked as approved on trial, without a record. 11 of 11 claims cited." in said
    assert "Dana" not in said


def test_e48_two_editors_are_both_named(quartet: tuple[AdmittedArticle, ...], publication: Publication) -> None:
    record = quartet[1].record
    assert record is not None
    other = replace(record, approved_by="Ola Brandt <ola@brief.example.org>")
    edition = make_edition((quartet[0], replace(quartet[1], record=other), *quartet[2:]))
    assert "approved by Dana Whitlock and Ola Brandt." in words(BeautifulSoup(email.bundle(edition, publication)["email.html"], "lxml"))


def test_e49_every_sentence_is_word_for_word_of_its_article(soup: BeautifulSoup, quartet: tuple[AdmittedArticle, ...]) -> None:
    lead = quartet[0].article
    for tag in soup.find_all(class_="cite"):
        tag.decompose()
    said = [" ".join(t.get_text().split()) for t in soup.find_all(["p", "li", "h1", "h3"])]
    assert lead.title in said
    assert lead.dek in said
    for block in lead.lead[:2]:
        assert isinstance(block, Paragraph)
        assert inline.text(block.md) in said
    for principle in lead.meaning:
        assert f"{principle.order}. {inline.text(principle.md)}" in said
    assert "14 of 41" in said
    assert "AI tools were switched off while the list was being written." in said
    for other in quartet[1:]:
        first = other.article.lead[0]
        assert isinstance(first, Paragraph)
        assert inline.text(first.md) in said, "the first paragraph of these articles is its two sentences"
        assert other.article.title in said


def test_e51_dates_are_sorted_and_none_is_past(soup: BeautifulSoup) -> None:
    rows = [" ".join(r.get_text(" ").split()) for r in soup.find_all("table", class_="dates")[0].find_all("tr")]
    assert rows == [
        "Jan 15, 2027 Bulletin 2026-14: comments close on AI inventories . Draft guidance",
        "Jul 1, 2027 Act 12: notice duty starts for automated hiring decisions . Signed into law",
    ]
    assert soup.find(class_="due").get_text() == "Draft guidance", "a near day is set off"


def test_e51_a_day_that_the_edition_does_not_name_is_left_out(quartet: tuple[AdmittedArticle, ...], publication: Publication) -> None:
    edition = make_edition(quartet, deadlines=())
    assert "Dates to keep" not in words(BeautifulSoup(email.bundle(edition, publication, DEADLINES)["email.html"], "lxml"))


def test_e52_minutes_are_counted_from_the_words(edition: AdmittedEdition, publication: Publication) -> None:
    said = letter(edition, publication, DEADLINES)
    assert 300 <= said.words <= 1000
    assert said.minutes == -(-said.words // 200) == 2


def test_e54_a_correction_stands_in_its_own_email_and_in_the_next(quartet: tuple[AdmittedArticle, ...], publication: Publication) -> None:
    note = Correction(date=date(2026, 11, 20), text="An earlier version said 26 rows. The register has 27.")
    old = replace(quartet[0].article, id="older", edition=date(2026, 11, 17), title="An older briefing", corrections=(note,))
    older = replace(quartet[0], article=old)
    page = email.bundle(make_edition(quartet), publication, earlier=[older])["email.html"]
    said = words(BeautifulSoup(page, "lxml"))
    assert "Corrections to earlier briefings Correction, November 20, 2026. An older briefing. An earlier version said 26 rows. The register has 27." in said
    for day, edition in ((date(2026, 11, 12), old.edition), (date(2026, 11, 24), old.edition)):  # the last edition told it; the next will
        other = replace(older, article=replace(old, edition=edition, corrections=(replace(note, date=day),)))
        assert "Corrections to earlier" not in words(BeautifulSoup(email.bundle(make_edition(quartet), publication, earlier=[other])["email.html"], "lxml"))
    skipped = replace(older, article=replace(old, edition=date(2026, 11, 3), corrections=(replace(note, date=date(2026, 11, 12)),)))
    assert "Corrections to earlier" in words(BeautifulSoup(email.bundle(make_edition(quartet), publication, earlier=[skipped])["email.html"], "lxml"))
    own = replace(quartet[0], article=replace(quartet[0].article, corrections=(note,)))
    said = words(BeautifulSoup(email.bundle(make_edition((own, *quartet[1:])), publication)["email.html"], "lxml"))
    assert said.index("Correction, November 20, 2026.") < said.index("On November 17, 2026, Larkmoor"), "directly above the lead"


def test_a_lead_without_figure_meaning_or_step_is_still_whole(publication: Publication) -> None:
    def bare(a: Article) -> Article:
        return replace(a, sections=(), meaning=(), next_step=None, faq=())

    edition = make_edition((admit(read(ORDER[0]), edit=bare),))
    page = BeautifulSoup(email.bundle(edition, publication)["email.html"], "lxml")
    assert [h.get_text() for h in page.find_all("h2")] == ["Sources"]
    assert page.find("a", class_="btn") is not None


def test_a_source_that_only_the_body_cites_is_listed_too(publication: Publication) -> None:
    def more(a: Article) -> Article:
        return replace(a, sources=(*a.sources, Cited(id="s9", title="Minutes", publisher="The Board", url="https://board.example/minutes", kind="primary")))

    page = BeautifulSoup(email.bundle(make_edition((admit(read(ORDER[0]), edit=more),)), publication)["email.html"], "lxml")
    assert "Minutes. The Board." in words(page)


def test_emphasis_and_links_of_the_article_arrive(publication: Publication) -> None:
    data = read(ORDER[0]).replace(b"on its public website.", b"on its *public* [website](https://larkmoor.example/), **all** of it.")
    articles.parse(data)
    page = BeautifulSoup(email.bundle(make_edition((admit(data),)), publication)["email.html"], "lxml")
    link = page.find("a", string="website")
    assert link is not None
    assert link["href"] == "https://larkmoor.example/"
    assert page.find("em", string="public") and page.find("strong", string="all")
