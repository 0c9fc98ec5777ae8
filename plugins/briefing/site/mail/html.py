"""The email's HTML: templates, styles put inline, ASCII, short lines.

`page` is the whole document, `fragment` the letter alone for the feed, where the service brings its own frame and foot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import css_inline
import jinja2
from markupsafe import Markup, escape

from . import senders
from .letter import Letter, Source, Text

LONGEST_LINE = 900  # bytes; the limit of a message is 998
_FILLER = 80  # invisible pairs after the preheader, so that a client shows nothing else beside the subject
_STYLES = ("phone.css", "dark.css", "outlook.css")


class Theme:
    """The email's templates in one folder. Rendering is pure: the same letter gives the same bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._jinja = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder, encoding="utf-8"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_inert,
        )
        self._jinja.filters["href"] = _href
        self._inliner = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)

    @cached_property
    def _css(self) -> dict[str, str]:
        return {name: (self.folder / name).read_text(encoding="utf-8") for name in ("inline.css", *_STYLES)}

    def page(self, letter: Letter, service: str) -> bytes:
        """The whole document, ASCII, with the service's unsubscribe tag. Raises ContentRefused where a text would become a tag."""
        out = self._render("email.html", letter)
        return senders.html_tags(_short_lines(_ascii(out)), service).encode("ascii")

    def fragment(self, letter: Letter, service: str) -> str:
        """The letter's own part with its styles inline, without a style block or an unsubscribe tag."""
        out = self._render("feed.html", letter)
        body = re.search(r"<body>(.*)</body>", out, re.DOTALL)
        assert body is not None
        return senders.html_tags(_short_lines(_ascii(body.group(1).strip())), service)

    def _render(self, template: str, letter: Letter) -> str:
        text = self._jinja.get_template(template).render(
            x=letter,
            feed=template == "feed.html",
            rich=_Rich(letter.sources),
            css={name: Markup(css) for name, css in self._css.items()},
            filler=Markup("&#847;&#8204;&nbsp;" * 15 + "\n") * (_FILLER // 15),
            unsubscribe=Markup(senders.UNSUBSCRIBE),
        )
        return self._inliner.inline(text).replace(' data-css-inline="keep"', "")


class _Rich:
    """Turns a letter's text into markup: escaped words, emphasis, links, numbered markers."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = {str(s.number): s for s in sources}

    def __call__(self, text: Text) -> Markup:
        return Markup("").join(self._parts(text))

    def _parts(self, text: Text) -> list[Markup]:
        out: list[Markup] = []
        for node in text:
            inner = Markup("").join(self._parts(node.children))
            if node.kind == "text":
                out.append(_words(node.text))
            elif node.kind == "cite":
                out.append(self._marker(node.text))
            elif node.kind == "link" and node.href.startswith("https://"):
                out.append(Markup('<a class="link" href="{}">{}</a>').format(_href(node.href), inner))
            elif node.kind == "link":
                out.append(inner)
            else:
                out.append(Markup("<{0}>{1}</{0}>").format(Markup(node.kind), inner))
        return out

    def _marker(self, number: str) -> Markup:
        source = self._sources[number]
        label = Markup("&#91;{}&#93;").format(number)
        if source.href:
            label = Markup('<a class="link" href="{}">{}</a>').format(_href(source.href), label)
        return Markup('&nbsp;<span class="cite">{}</span>').format(label)


def _words(text: str) -> Markup:
    return escape(senders.held(text))


def _inert(value: object) -> object:
    """What every template expression goes through: plain words can hold neither markup nor a tag."""
    return value if isinstance(value, Markup) else _words(str(value))


def _href(url: str) -> Markup:
    return escape(senders.href(url))


def _ascii(html: str) -> str:
    """Every character beyond ASCII as a reference, but for the stand-ins, which `senders` turns into references or the tag."""
    return _BEYOND.sub(lambda m: m.group().encode("ascii", "xmlcharrefreplace").decode("ascii"), html)


_BEYOND = re.compile("[^\x00-\x7f\ue000-\uf8ff]+")
_PIECE = re.compile(r"<!--.*?-->|<[^>]*>|[^<\s]+|\s+|<", re.DOTALL)
_ATTRIBUTE = re.compile(r'\s+(?=[\w:-]+="[^"]*")')


def _short_lines(html: str) -> str:
    """The same document with a line break in place of a space wherever a line would be too long: between words, or between attributes."""
    out: list[str] = []
    for line in html.split("\n"):
        out += [line] if len(line) <= LONGEST_LINE else _broken(line)
    return "\n".join(out).rstrip("\n") + "\n"


def _broken(line: str) -> list[str]:
    out, held = [], ""
    for piece in _PIECE.findall(line):
        if piece.isspace() and len(held) > LONGEST_LINE // 3:
            out.append(held)
            held = ""
        elif len(held) + len(piece) > LONGEST_LINE and piece.startswith("<") and not piece.startswith("<!"):
            *full, held = (held + _ATTRIBUTE.sub("\n", piece)).split("\n")
            out += full
        else:
            held += piece
    return [*out, held]
