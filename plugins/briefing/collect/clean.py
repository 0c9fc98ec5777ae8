"""What a source wrote, as plain text: no markup, nothing invisible, bounded length. Cleaning clean text changes nothing.

Tags are taken out by expressions, not by an HTML parser: the result is never markup again, so there is nothing to get wrong for
safety, it is ten times faster, and no nesting is too deep. No expression looks past the next `<`, so none can be made slow.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from ..errors import joins

#: Longest title and longest text kept, in characters; what is cut ends with the mark.
TITLE = 300
TEXT = 60_000
MARK = " […]"

#: Markup looked at for one text: eight characters of it make one of text at most in real feeds.
_MARKUP = 8

_BLOCKS = re.findall(
    r"\w+",
    """address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header
    hr legend li main menu nav ol optgroup option p pre section summary table tbody td tfoot th thead tr ul""",
)
_PARAGRAPH, _LINE = "\x00", "\x01"
_SEPARATORS = {f"{slash}{prefix}{tag}": _PARAGRAPH for tag in _BLOCKS for slash in ("", "/") for prefix in ("", "xhtml:", "html:")} | {
    "br": _LINE,
    "/br": _LINE,
}
_HIDDEN = frozenset(re.findall(r"\w+", "noscript template iframe object applet svg math head title select textarea button audio video canvas"))
#: A tag: its name is kept, its quoted values may hold a `>`. Possessive throughout, and blind behind the next `<`.
_TAG = re.compile(r"""<(/?[a-zA-Z!?][^\s>/"'<]*+)(?:>|[^<>"']*+(?:(?:"[^"<]*+"|'[^'<]*+')[^<>"']*+)*+>)""")
_ODD_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*+(?:>|\Z)")
_CODE = re.compile(r"<(?:!--.*?(?:-->|\Z)|(script|style)\b.*?(?:</\1\s*>|\Z))", re.IGNORECASE | re.DOTALL)
_MAYBE_TAG = re.compile(r"<[a-zA-Z!/?]")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);?")
_BLANK_LINE = re.compile(r"\n\s*\n|\u2029")
_LINES = re.compile(r"\x01\s*\x01[\s\x01]*")
#: Control, format, private and surrogate characters, but not spaces and joiners; a test holds this to the Unicode tables.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ue000-\uf8ff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
#: Windows-1252 read as Latin-1 leaves quotes and dashes as control characters; browsers show what was meant, and so do we.
_MISREAD = {code: char for code in range(0x80, 0xA0) if (char := bytes([code]).decode("cp1252", "ignore"))}
_JOINER = re.compile("[\u200c\u200d]")
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_WILD_MARKS = re.compile(f"({_MARKS}{{3}}){_MARKS}+")


def _words(text: str) -> str:
    """One paragraph: single spaces, nothing invisible, at most three combining marks in a row.

    The tests of what is ASCII and printable are C code and nearly always all that is needed.
    """
    text = " ".join(text.split())
    if text.isprintable():
        return text if text.isascii() else _WILD_MARKS.sub(r"\1", text)
    text = _INVISIBLE.sub("", text.translate(_MISREAD))
    if _JOINER.search(text):
        text = "".join(c for i, c in enumerate(text) if not _JOINER.match(c) or joins(text, i))
    return _WILD_MARKS.sub(r"\1", " ".join(text.split()))


def text(markup: str, limit: int = TEXT) -> str:
    """The paragraphs of an HTML fragment as plain text, one blank line between them. Character references are resolved once."""
    if not _MAYBE_TAG.search(markup):
        return paragraphs(html.unescape(markup) if "&" in markup else markup, limit)
    source = markup[: limit * _MARKUP].replace(_PARAGRAPH, "").replace(_LINE, "")
    if "<!--" in source or "<s" in source or "<S" in source:
        source = _CODE.sub(" ", source)
    pieces = _TAG.split(source)
    if hidden := _HIDDEN.intersection(map(str.lower, set(pieces[1::2]))):
        pieces = _TAG.split(_without_hidden(source, hidden))
    separators = {t: _SEPARATORS.get(t.lower(), "") for t in set(pieces[1::2])}
    pieces[1::2] = map(separators.__getitem__, pieces[1::2])
    bare = "".join(pieces)
    if "<" in bare:
        bare = _ODD_TAG.sub("", bare)
    if _LINE in bare:  # two line breaks part paragraphs, one is a space
        bare = _LINES.sub(_PARAGRAPH, bare).replace(_LINE, " ")
    if "&" in bare:  # resolved last, and never to a separator: none can part
        bare = html.unescape(bare)
    return _joined(filter(None, bare.split(_PARAGRAPH)), limit)


def _without_hidden(source: str, names: frozenset[str]) -> str:
    """Without what no reader of the page sees. An element that is never closed stays: dropping all that follows would be worse."""
    for name in sorted(names):
        ends = [m.end() for m in re.finditer(rf"</{name}\s*>", source, re.IGNORECASE)]
        if ends:
            source = re.sub(rf"<{name}\b.*?</{name}\s*>", "", source[: ends[-1]], flags=re.IGNORECASE | re.DOTALL) + source[ends[-1] :]
    return source


def _joined(parts: Iterable[str], limit: int) -> str:
    """The paragraphs that hold anything, up to the limit."""
    out: list[str] = []
    length = 0
    for part in parts:
        if words := _words(part):
            out.append(words)
            length += len(words) + 2
            if length > limit + 2:
                break
    return cut("\n\n".join(out), limit)


def paragraphs(plain: str, limit: int = TEXT) -> str:
    """Plain text with nothing invisible, single spaces, and one blank line between its paragraphs; cut at a word, with the mark."""
    return _joined(_BLANK_LINE.split(plain.replace("\r\n", "\n").replace("\r", "\n")), limit)


def line(plain: str, limit: int = TITLE) -> str:
    """Plain text on one line."""
    return cut(_words(plain[: limit * 20]), limit)


def title(markup: str, limit: int = TITLE) -> str:
    """The title an HTML fragment shows, on one line. Where nothing would be left, the characters themselves are the title."""
    if not _MAYBE_TAG.search(markup) and not _ENTITY.search(markup):
        return line(markup, limit)
    shown = line(text(markup[: limit * 20]), limit)
    return shown or line(markup, limit)


def cut(plain: str, limit: int) -> str:
    """At most `limit` characters; what is cut ends at a word where one is near, with the mark."""
    if len(plain) <= limit:
        return plain
    head = plain[: limit - len(MARK)]
    space = head.rfind(" ")
    return (head[:space] if space > limit * 0.8 else head).rstrip() + MARK
