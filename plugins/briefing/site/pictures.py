"""The picture that a link shows elsewhere: one for each article and edition, drawn from the words the gate let through.

Drawn anew in every build, in the theme's two fonts, with our own spacing: a layout engine that one machine has and another
has not would make other bytes. A picture holds sixteen colours and nothing but pixels: no date, no text, no name of a program.
"""

from __future__ import annotations

import io
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from ..config import Publication
from ..errors import ConfigError
from . import links, words
from .admitted import Admitted, AdmittedArticle, AdmittedEdition

WIDTH, HEIGHT = 1200, 630
FONTS = ("newsreader-display.woff2", "public-sans.woff2")
SIZES = (92, 84, 76, 68, 60)  # of the headline: the first at which it fits
LINES = 4
#: As tokens.css has them: a test compares.
PAPER, INK, MARK = (0xFD, 0xFD, 0xFB), (0x16, 0x20, 0x1B), (0xEF, 0xEE, 0x8C)
_SHADES = 9  # of ink on paper; the other seven of sixteen colours are ink on the highlighter
_SIDE, _TOP, _BAR = 80, 64, 20
_TRACKING = -0.018  # of the size, between the letters of a headline
#: Pairs that stand apart without it, in thousandths of the size: the font's own values, by classes.
_KERN = (
    ("TVWY", "acegmnopqrsuvwxyz.,-", -70),
    ("TVWY", "A", -90),
    ("A", "TVWY’", -90),
    ("A", "vwy", -60),
    ("PF", ".,A", -80),
    ("L", "TVWY’", -85),
    ("’", "s", -45),
)
_STROKES = str.maketrans("ŁłĐđ‐‑", "LlDd--")  # letters that Unicode does not take apart, hyphens that have a name of their own
_OTHERS = "ıŒœ–—‘’‚“”„•…‹›€™−"  # what the fonts have beyond Latin-1


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """The words of one picture."""

    kicker: str
    title: str
    day: str  # "No. 24, November 24, 2026"
    name: str

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return f"Headline “{self.title}” on paper, marked {self.kicker}. Below: {self.name}, {self.day}."


def every(admitted: Admitted, publication: Publication) -> Iterator[tuple[str, Picture]]:
    """(path on the site, words) of every picture: each article's, and each edition's with its lead headline."""
    for e in admitted.editions:
        for a in e.articles:
            picture = of_article(a, e, publication)
            if picture:
                yield links.article_picture(a.article.edition, a.id), picture
        edition = of_edition(e, publication)
        if edition:
            yield links.edition_picture(e.edition.number), edition


def of_article(a: AdmittedArticle, e: AdmittedEdition, publication: Publication) -> Picture | None:
    """An article's picture; None where the fonts do not have its letters: a link then shows words only."""
    return _picture(a.article.kicker, a.article.title, e, publication)


def of_edition(e: AdmittedEdition, publication: Publication) -> Picture | None:
    """An edition's picture: its lead headline, marked as the week's."""
    return _picture("This edition", e.articles[0].article.title, e, publication) if e.articles else None


def _picture(kicker: str, title: str, e: AdmittedEdition, publication: Publication) -> Picture | None:
    drawn = [drawable(t) for t in (kicker, title, publication.name)]
    if not all(drawn):
        return None
    return Picture(kicker=drawn[0], title=drawn[1], day=f"No. {e.edition.number}, {words.day(e.edition.date)}", name=drawn[2])


def drawable(text: str) -> str:
    """The words in letters the fonts have: accents they lack are dropped; empty where a letter cannot be drawn at all."""
    out = []
    for char in unicodedata.normalize("NFC", " ".join(text.split())).translate(_STROKES):
        if _has(char):
            out.append(char)
            continue
        base = "".join(c for c in unicodedata.normalize("NFKD", char) if _has(c))
        if not base and unicodedata.category(char)[0] not in "MC":
            return ""
        out.append(base)
    return "".join(out)


def _has(char: str) -> bool:
    return " " <= char <= "~" or ("\xa0" <= char <= "\xff" and char != "\xad") or char in _OTHERS


# ------------------------------------------------------------------- drawing


@lru_cache(maxsize=2)
def painter(theme: Path) -> Painter:
    """The painter with a theme's fonts. Raises ConfigError where they cannot be read."""
    return Painter(theme)


class Painter:
    """Draws pictures. The same words give the same bytes; the audit asks for them again and gets what was drawn."""

    def __init__(self, theme: Path) -> None:
        try:
            self._data = [(theme / "static" / "fonts" / name).read_bytes() for name in FONTS]
            self._faces = {size: _Face(self._data[0], size) for size in (*SIZES, 36)}
            self._small = _Face(self._data[1], 28, weight=650)
            self._plain = _Face(self._data[1], 28, weight=450)
        except OSError as error:
            raise ConfigError(f"themes/briefing/static/fonts: {' and '.join(FONTS)} cannot be read ({error}); restore them from the repository") from error
        self.png = lru_cache(maxsize=4096)(self._png)
        self._palette = [*_ramp(PAPER, _SHADES), *_ramp(MARK, 16 - _SHADES)]

    def _png(self, picture: Picture) -> bytes:
        page = Image.new("L", (WIDTH, HEIGHT), 0)
        draw = ImageDraw.Draw(page)
        draw.rectangle((0, 0, WIDTH, _BAR - 1), fill=255)
        face, lines = self._headline(picture.title)
        top = _TOP + 104
        for place, line in enumerate(lines):
            face.draw(page, line, _SIDE, top + place * face.step, _TRACKING)
        draw.rectangle((_SIDE, HEIGHT - 118, WIDTH - _SIDE - 1, HEIGHT - 117), fill=255)
        name = self._faces[36]
        day = self._plain.width(picture.day)
        name.draw(page, name.cut(picture.name, WIDTH - 2 * _SIDE - day - 40), _SIDE, HEIGHT - 92)
        self._plain.draw(page, picture.day, WIDTH - _SIDE - round(day), HEIGHT - 86)
        shades = page.point([v * (_SHADES - 1) // 255 for v in range(256)])
        self._chip(shades, picture.kicker)
        shades.putpalette(self._palette)
        out = io.BytesIO()
        shades.save(out, "PNG", compress_level=1, compress_type=zlib.Z_RLE)  # as small as the best, in less than half its time
        return out.getvalue()

    def _chip(self, shades: Image.Image, kicker: str) -> None:
        text = self._small.cut(kicker, WIDTH - 2 * _SIDE - 32)
        chip = Image.new("L", (round(self._small.width(text)) + 32, 56), 0)
        self._small.draw(chip, text, 16, 10)
        shades.paste(chip.point([_SHADES + v * (15 - _SHADES) // 255 for v in range(256)]), (_SIDE, _TOP))

    def _headline(self, title: str) -> tuple[_Face, Sequence[str]]:
        """The largest size at which the headline fits, and its lines, about equally long."""
        width = WIDTH - 2 * _SIDE
        for size in SIZES:
            face = self._faces[size]
            lines = face.wrap(title, width)
            if len(lines) <= (LINES if size <= 76 else 3) and max(map(face.tight, lines)) <= width:
                break
        else:
            lines = [face.cut(line, width) for line in lines[:LINES]]
            return face, lines
        narrow = width
        while narrow > width // 2 and len(face.wrap(title, narrow - 40)) == len(lines):
            narrow -= 40
        return face, face.wrap(title, narrow)


class _Face:
    """A font at one size, letter by letter: each is drawn once and then copied."""

    def __init__(self, data: bytes, size: int, weight: int = 0) -> None:
        self.size = size
        self.step = round(size * 1.06)
        self._font = ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)
        if weight:
            self._font.set_variation_by_axes([weight])
        self._ascent = self._font.getmetrics()[0]
        self._tight: dict[str, float] = {}
        self._glyphs: dict[str, tuple[Image.Image | None, int, int, float]] = {}

    def _glyph(self, char: str) -> tuple[Image.Image | None, int, int, float]:
        known = self._glyphs.get(char)
        if known is None:
            left, top, right, bottom = (int(v) for v in self._font.getbbox(char))
            picture = None
            if right > left and bottom > top:
                picture = Image.new("L", (right - left, bottom - top), 0)
                ImageDraw.Draw(picture).text((-left, -top), char, font=self._font, fill=255)
            known = self._glyphs[char] = (picture, left, top, self._font.getlength(char))
        return known

    def _places(self, text: str, tracking: float) -> Iterator[tuple[str, float]]:
        """Each letter with the place it begins at, and at last the end."""
        x = 0.0
        before = ""
        for char in text:
            x += _kern(before, char) * self.size / 1000
            yield char, x
            x += self._glyph(char)[3] + tracking * self.size
            before = char
        yield "", x

    def width(self, text: str, tracking: float = 0) -> float:
        """The text's length in pixels."""
        return list(self._places(text, tracking))[-1][1]

    def tight(self, text: str) -> float:
        """Its length as a headline is set. Words come again with every width that is tried."""
        known = self._tight.get(text)
        if known is None:
            known = self._tight[text] = self.width(text, _TRACKING)
        return known

    def draw(self, page: Image.Image, text: str, x: int, y: int, tracking: float = 0) -> None:
        """Puts the text on the page, its line's top left corner at x, y."""
        for char, at in self._places(text, tracking):
            picture, left, top, _ = self._glyph(char) if char else (None, 0, 0, 0)
            if picture is not None:
                page.paste(255, (x + round(at) + left, y + top), picture)

    def wrap(self, text: str, width: float) -> list[str]:
        """The text in lines no longer than `width`, but for single words that are."""
        lines: list[str] = []
        space, reached = self.tight(" "), 0.0
        for word in text.split(" "):
            length = self.tight(word)
            if lines and reached + space + length <= width:
                lines[-1] += f" {word}"
                reached += space + length
            else:
                lines.append(word)
                reached = length
        return lines

    def cut(self, text: str, width: float) -> str:
        """The text, or as much of it as fits, with an ellipsis."""
        if self.width(text) <= width:
            return text
        while text and self.width(f"{text}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"


@lru_cache(maxsize=4096)
def _kern(left: str, right: str) -> int:
    return next((by for before, after, by in _KERN if left and left in before and right in after), 0)


def _ramp(paper: tuple[int, int, int], shades: int) -> list[int]:
    """A palette's part: from the paper to ink."""
    return [p + (i - p) * n // (shades - 1) for n in range(shades) for p, i in zip(paper, INK, strict=True)]
