"""What a source wrote, as plain text: no markup, nothing invisible, bounded length. Cleaning clean text changes nothing."""

from __future__ import annotations

import html
import re
import unicodedata

from lxml import etree

#: Longest title and longest text kept, in characters; what is cut ends with the mark.
TITLE = 300
TEXT = 60_000
MARK = " […]"

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3
    h4 h5 h6 header hr legend li main menu nav ol option p pre section summary table tbody td tfoot th thead tr ul""",
    )
)
_SKIPPED = frozenset(
    re.findall(r"\w+", "script style noscript template iframe object embed applet svg math head title select textarea button audio video canvas")
)
_TAG = re.compile(r"<[a-zA-Z!/?]")
_ANY_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>?|<[!?][^<>]*>?")
_SCRIPTS = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);?")
_BREAK = re.compile(r"[ \t]*\n[ \t]*(?:\n[ \t]*)+")
_SPACE = re.compile(r"[ \t\n\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_ODD = re.compile(r"[^\t\n\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2027\u2030-\u205e\u20a0-\u20cf\u2100-\u23ff]")
_WILD_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_JOINERS = "\u200c\u200d"


def visible_only(text: str) -> str:
    """The text without control, direction, zero-width, private and surrogate characters; line separators become line ends.

    Joiners stay between characters that need them (emoji, Arabic and Indic letters). At most three combining marks in a row.
    """
    if not _ODD.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\x85", "\n").replace("\x0c", "\n")
    out = []
    for index, char in enumerate(text):
        if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cs"} or (char in _JOINERS and _joins(text, index)):
            out.append(char)
    return _WILD_MARKS.sub(r"\1", "".join(out))


def _joins(text: str, index: int) -> bool:
    return 0 < index < len(text) - 1 and all(ord(c) >= 0x0590 and unicodedata.category(c) not in {"Cc", "Cf", "Zs"} for c in (text[index - 1], text[index + 1]))


def text(markup: str, limit: int = TEXT) -> str:
    """The paragraphs of an HTML fragment as plain text, one blank line between them. Character references are resolved once."""
    if not _TAG.search(markup):
        return paragraphs(html.unescape(markup) if "&" in markup else markup, limit)
    source = visible_only(markup[: limit * 20])
    parser = etree.HTMLParser(huge_tree=True, recover=True)
    try:
        root = etree.fromstring(f"<html><body><div>{source}</div></body></html>", parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or any("xcessive depth" in e.message for e in parser.error_log):
        return paragraphs(_stripped(source), limit)  # the library stops where elements nest too deep, and drops the rest
    return paragraphs(_walk(root), limit)


def _stripped(source: str) -> str:
    """The text between tags, for markup no parser takes."""
    source = _SCRIPTS.sub(" ", source)
    return html.unescape(_ANY_TAG.sub(lambda m: "\n\n" if m[1] and m[1].lower() in _BLOCKS else "\n" if m[1] and m[1].lower() == "br" else "", source))


def _walk(root: etree._Element) -> str:
    """All visible text of a tree; blocks are set off by blank lines. Iterative: pages nest deeper than Python recurses."""
    out: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if event in {"comment", "pi"}:
            out.append(element.tail or "")
            continue
        tag = element.tag
        if event == "start":
            if tag in _SKIPPED:
                walker.skip_subtree()
                continue
            if tag in _BLOCKS:
                out.append("\n\n")
            elif tag == "br":
                out.append("\n")
            if element.text:
                out.append(element.text.replace("\n", " "))
        else:
            if tag in _BLOCKS:
                out.append("\n\n")
            if element.tail:
                out.append(element.tail.replace("\n", " "))
    return "".join(out)


def paragraphs(plain: str, limit: int = TEXT) -> str:
    """Plain text with nothing invisible, single spaces, and one blank line between its paragraphs; cut at a word, with the mark."""
    plain = visible_only(plain.replace("\r\n", "\n").replace("\r", "\n"))
    parts = (_SPACE.sub(" ", p).strip() for p in _BREAK.split(plain))
    return cut("\n\n".join(p for p in parts if p), limit)


def line(plain: str, limit: int = TITLE) -> str:
    """Plain text on one line."""
    return cut(_SPACE.sub(" ", visible_only(plain[: limit * 20])).strip(), limit)


def title(markup: str, limit: int = TITLE) -> str:
    """The title an HTML fragment shows, on one line. Where nothing would be left, the characters themselves are the title."""
    if not _TAG.search(markup) and not _ENTITY.search(markup):
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
