"""S29, S30: the picture a link shows elsewhere: size, words, equal bytes, and that only approved words are on it."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from briefing.errors import ApprovalRefused, ConfigError, ContentRefused
from briefing.site import assets, audit, pictures
from briefing.site.pictures import Painter, Picture

THEME = assets.theme(Path("nowhere"))
LEAD = "2026/11/insurer-ai-register"
SAID = Picture(kicker="Hiring", title="A clinic must tell patients that software writes the notes", day="No. 24, November 24, 2026", name="The Readiness Brief")


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(THEME)


def shown(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def chunks(data: bytes) -> Iterator[bytes]:
    at = 8
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        yield name
        at += size + 12


def drawn(data: bytes, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """Where in a part of the picture something stands."""
    part = shown(data).crop(box)
    return ImageChops.difference(part, Image.new("RGB", part.size, pictures.PAPER)).getbbox()


def test_s29_every_article_edition_and_home_names_a_picture_of_the_right_size_that_is_there(site) -> None:
    pages = [f"2026/11/{a.id}/index.html" for a in site.admitted.articles if a.article.edition.month == 11]
    pages += [f"editions/{e.edition.number}/index.html" for e in site.admitted.editions] + ["index.html"]
    for name in pages:
        page = site.page(name)
        of = {m["property"]: m["content"] for m in page.find_all("meta", property=re.compile("^og:image"))}
        path = of["og:image"].removeprefix("https://brief.example.org/")
        data = (site.out / path).read_bytes()
        picture = Image.open(io.BytesIO(data))
        assert (picture.format, picture.size) == ("PNG", (1200, 630)) and len(data) < 120_000
        assert (of["og:image:width"], of["og:image:height"]) == ("1200", "630")
        assert len(of["og:image:alt"]) > 40 and "No. " in of["og:image:alt"]
        assert page.find("meta", attrs={"name": "twitter:card"})["content"] == "summary_large_image"


def test_s29_the_alternative_names_the_headline_and_other_pages_have_no_picture(site) -> None:
    page = site.page(f"{LEAD}/index.html")
    alt = page.find("meta", property="og:image:alt")["content"]
    assert page.h1.get_text(strip=True) in alt
    other = site.page("archive/index.html")
    assert other.find("meta", property="og:image") is None
    assert other.find("meta", attrs={"name": "twitter:card"})["content"] == "summary"


def test_s22_the_structured_data_names_the_same_picture(site) -> None:
    page = site.page(f"{LEAD}/index.html")
    assert f'"image":{{"@type":"ImageObject","url":"https://brief.example.org/{LEAD}/card.png","width":1200,"height":630}}' in str(page)


def test_s30_the_same_words_give_the_same_bytes_and_a_file_holds_pixels_only(painter) -> None:
    data = painter.png(SAID)
    assert Painter(THEME).png(SAID) == data
    assert set(chunks(data)) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


@pytest.mark.parametrize(
    "change", [{"title": "Another"}, {"kicker": "Law"}, {"day": "No. 25, December 1, 2026"}, {"name": "Other"}], ids=lambda c: next(iter(c))
)
def test_each_word_of_a_picture_changes_it(painter, change: dict[str, Any]) -> None:
    assert painter.png(replace(SAID, **change)) != painter.png(SAID)


@pytest.mark.parametrize(
    "title",
    ["AI", "A clinic must tell patients that software writes the notes, and ask again when the vendor or the model is changed", "W" * 85, "One " * 40],
    ids=["short", "long", "one word", "more than fits"],
)
def test_a_headline_stays_inside_its_margins_and_above_the_line(painter, title: str) -> None:
    data = painter.png(replace(SAID, title=title, kicker="K" * 90, name="N" * 90))
    assert drawn(data, (0, 30, 76, 630)) is None and drawn(data, (1128, 30, 1200, 630)) is None
    assert drawn(data, (0, 500, 1200, 510)) is None and drawn(data, (0, 600, 1200, 630)) is None
    assert drawn(data, (80, 130, 1120, 500)) is not None


def test_letters_the_fonts_lack_lose_their_accent_or_leave_the_link_without_a_picture(site) -> None:
    assert pictures.drawable("Łódź  and “Čapek” – 40 % naïve\u200b") == "Lódz and “Capek” – 40 % naïve"
    assert pictures.drawable("東京 rules") == ""
    e = site.admitted.editions[-1]
    a = replace(e.articles[0], article=replace(e.articles[0].article, title="東京"))
    assert pictures.of_article(a, e, site.catalog.publication) is None


def test_the_letters_said_to_be_in_the_fonts_are_there(painter) -> None:
    face = painter._faces[60]
    assert face._glyph("\u4e00")[0] is None  # what is missing draws nothing
    for char in map(chr, range(0x21, 0x2200)):
        if pictures._has(char) and char.strip():
            assert face._glyph(char)[0] is not None, f"U+{ord(char):04X}"


def test_the_colours_are_those_of_the_stylesheet() -> None:
    css = (THEME / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    for name, colour in (("paper", pictures.PAPER), ("ink", pictures.INK), ("mark", pictures.MARK)):
        found = re.search(rf"--{name}:#([0-9a-f]{{6}})", css)
        assert found and tuple(bytes.fromhex(found.group(1))) == colour


def test_a_font_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"newsreader-display\.woff2 and public-sans\.woff2 cannot be read"):
        Painter(tmp_path)


def test_the_audit_stops_a_picture_with_other_words_and_one_that_belongs_to_nothing(site, tmp_path: Path, painter) -> None:
    out = tmp_path / "output"
    for a in site.admitted.articles:
        page = out / f"{a.article.edition:%Y/%m}/{a.id}/index.html"
        page.parent.mkdir(parents=True)
        page.write_text("<p></p>", encoding="utf-8")
        (page.parent / "card.png").write_bytes((site.out / page.relative_to(out).parent / "card.png").read_bytes())
    args = (site.admitted, site.project, site.catalog.publication)
    audit.audit(out, *args)
    good = (out / LEAD / "card.png").read_bytes()
    (out / LEAD / "card.png").write_bytes(painter.png(SAID))
    with pytest.raises(ApprovalRefused, match=r"card\.png: shows other words"):
        audit.audit(out, *args)
    (out / LEAD / "card.png").write_bytes(good)
    (out / "about.png").write_bytes(good)
    with pytest.raises(ContentRefused, match=r"about\.png: is no file of the theme"):
        audit.audit(out, *args)
