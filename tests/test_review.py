"""The editor's page: everything escaped, nothing loaded, the worst first."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from briefing import article, evidence, review
from briefing.checked import Checked
from briefing.model import Article, Paragraph, Snapshot

DATA = Path(__file__).parent / "data"
DAY = date(2026, 11, 24)


def texts() -> dict[str, Snapshot]:
    out = {}
    for key, name, digit in (("s1", "larkmoor", "1"), ("s2", "harbour", "2")):
        text = (DATA / "evidence" / f"{name}.txt").read_text(encoding="utf-8").strip()
        out[key] = Snapshot(hash=f"sha256:{digit * 64}", item=name, url="https://x.example/", text=text, read=datetime(2026, 11, 20, tzinfo=UTC), origin="page")
    return out


@pytest.fixture
def register() -> Article:
    return article.parse((DATA / "insurer-ai-register.md").read_bytes())


def sheet(a: Article, held: dict[str, Snapshot] | None = None, **more: object) -> review.Sheet:
    held = held or texts()
    kept = evidence.record(a, held, left_out=("A sentence <b>that</b> no source carries.",), collected=9, feeds=4)
    checked = Checked(path=Path("x.md"), name="content/x.md", data=b"", article=a, ledger=kept, claims=kept.claims, against="texts", texts=held)
    return review.Sheet(checked=checked, **more)  # type: ignore[arg-type]


class Tags(HTMLParser):
    """Tags, attributes and words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [v for k, v in attrs if k == "id" and v]


def read(page: str) -> Tags:
    parser = Tags()
    parser.feed(page)
    return parser


def test_nothing_is_loaded_and_nothing_runs(register: Article) -> None:
    page = review.page(DAY, [sheet(register)])
    tags = read(page)
    assert not {"script", "img", "iframe", "link", "form", "object"} & set(tags.tags)
    assert not [k for k, _ in tags.attributes if k.startswith("on") or k in {"src", "style"}]
    style = re.search(r"<style>(.*)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert f"default-src &#x27;none&#x27;; style-src &#x27;sha256-{digest}&#x27;" in page
    assert "@import" not in style.group(1)
    assert "url(" not in style.group(1)


def test_every_link_inside_the_page_has_its_place(register: Article) -> None:
    wrong = replace(register, lead=(Paragraph(md="The register has 72 rows. [s1]", line=33), *register.lead[1:]))
    tags = read(review.page(DAY, [sheet(wrong)]))
    inner = [v for k, v in tags.attributes if k == "href" and v and v.startswith("#")]
    assert len(inner) >= 3
    assert {v[1:] for v in inner} <= set(tags.ids)
    assert len(tags.ids) == len(set(tags.ids))


def test_each_sentence_stands_beside_its_passage_and_source(register: Article) -> None:
    page = review.page(DAY, [sheet(register)])
    row = next(r for r in page.split('<div class="row') if "No system closes a claim" in r)
    assert "passage found" in row
    assert "<mark>closes</mark>" in row
    assert 'href="https://larkmoor.example/ai-register"' in row
    assert "verified" not in page.lower()


def test_a_word_that_no_passage_has_is_dotted_and_a_figure_in_other_words_is_not(register: Article) -> None:
    told = replace(register, lead=(Paragraph(md="The splendid register has twenty-seven rows. [s1]", line=33), *register.lead[1:]))
    page = review.page(DAY, [sheet(told)])
    row = next(r for r in page.split('<div class="row') if "splendid" in r)
    assert re.findall(r'<u class="new">(.*?)</u>', row) == ["splendid"]


def test_the_worst_is_on_top(register: Article) -> None:
    wrong = replace(register, lead=(Paragraph(md="The register has 72 rows. [s1]", line=33), *register.lead[1:]))
    page = review.page(DAY, [sheet(register), sheet(wrong)])
    worst = page[page.index('id="worst"') : page.index("<h2>The articles")]
    assert worst.index('class="stops"') < worst.index('class="look"')
    assert "“72” stands in no cited source" in worst


HOSTILE = "<script>alert(1)</script> “x” & \u202eevil\u200b"


def test_what_a_source_says_is_text_and_hidden_characters_show(register: Article) -> None:
    held = texts()
    held["s1"] = replace(held["s1"], text=held["s1"].text.replace("27 rows", f"27 rows {HOSTILE}"))
    page = review.page(DAY, [sheet(register, held)])
    assert "<script" not in page
    assert "&lt;" in page
    assert '<mark class="hidden">\\u202e</mark>' in page
    assert "\u202e" not in page
    assert "A sentence &lt;b&gt;that&lt;/b&gt; no source carries." in page


def test_an_address_that_is_none_is_no_link(register: Article) -> None:
    bad = replace(register, sources=(replace(register.sources[0], url="javascript:alert(1)"), register.sources[1]))
    tags = read(review.page(DAY, [sheet(bad)]))
    assert not [v for k, v in tags.attributes if k == "href" and v and v.startswith("javascript")]


def test_a_broken_file_is_shown_with_its_fault() -> None:
    broken = Checked(
        path=Path("x.md"), name="content/x.md", data=b"---\nid: \xe2\x80\x8b<b>\n", article=None, ledger=None, faults=("content/x.md:1: has no front matter",)
    )
    page = review.page(DAY, [review.Sheet(checked=broken)])
    assert "content/x.md:1: has no front matter" in page
    assert '<mark class="hidden">\\u200b</mark>&lt;b&gt;' in page


def test_changes_are_sentences(register: Article) -> None:
    after = replace(register, title="Another title", lead=(Paragraph(md="A new first sentence. [s1]", line=33), *register.lead[1:]))
    assert review.changes(register, after) == (
        review.Change("title", register.title, "Another title"),
        review.Change("lead", "On November 17, 2026, Larkmoor Mutual put its internal list of AI systems on its public website. [s1]", ""),
        review.Change("lead", "", "A new first sentence. [s1]"),
    )
    assert review.changes(register, register) == ()


def test_markdown_puts_new_problems_first_and_escapes(register: Article) -> None:
    wrong = replace(register, lead=(Paragraph(md="The *register* has 72 rows, @everyone. [s1]", line=33), *register.lead[1:]))
    good = sheet(register)
    now = replace(good.checked, article=wrong, claims=evidence.check(wrong, texts()))
    text = review.markdown(DAY, [review.Sheet(checked=now, approved=register, approved_by="Dana’s approval")])
    new, known = text.split("### Already noted in the evidence files")
    assert "“72” stands in no cited source" in new
    assert "carries only part" in known
    assert "@everyone" not in text
    assert "| insurer-ai-register | 15 | 14 | 1 | 1 |" in text


def test_a_report_that_would_not_fit_into_a_comment_says_what_it_leaves_out(register: Article) -> None:
    many = tuple(Paragraph(md=f"The register has {n} rows, it seems. [s1]", line=33) for n in range(1000, 1500))
    text = review.markdown(DAY, [sheet(replace(register, lead=many))])
    assert len(text) < 65_536
    assert re.search(r"\n\d+ more lines do not fit here: `briefing review` shows them all\.\n$", text)
    assert "“1,000”" in text or "“1000”" in text
