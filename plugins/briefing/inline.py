"""Inline Markdown, read once for the page, the email, the evidence and the editor's eye.

One engine (Python-Markdown's inline patterns) with everything taken out that another renderer would read differently or that
could carry more than words: raw HTML, images, references, autolinks. What is left: emphasis, links, backslash escapes,
entities, and our citation markers `[s1]`.
"""

from __future__ import annotations

import html as _html
import re
import string
import xml.etree.ElementTree as etree
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import markdown
from markdown.inlinepatterns import InlineProcessor

from .address import WEB

MARKER = re.compile(r"\[(s[1-9]\d{0,2})\]")
_KEEP = {"escape", "link", "em_strong", "em_strong2"}
_ESCAPED = re.compile(rf"\\[{re.escape(string.punctuation)}]")
_SPECIAL = re.compile(r"([\\`*_\[\]<>&#|~$^{}!])")
_BLOCK_START = re.compile(r"^(\s*)(?=[-+=:](\s|$|[-=:])|>)|^(\s*\d{1,9})(?=[.)](\s|$))")


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a line: words, or words in emphasis or a link, or a citation marker (`text` is then its id)."""

    kind: Literal["text", "em", "strong", "link", "cite"]
    text: str = ""
    children: tuple[Node, ...] = ()
    href: str = ""


class _Cite(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[etree.Element, int, int]:  # type: ignore[override]
        element = etree.Element("cite")
        element.text = markdown.util.AtomicString(m.group(1))
        return element, m.start(0), m.end(0)


class _Entity(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        return _html.unescape(m.group(0)), m.start(0), m.end(0)


def _engine() -> markdown.Markdown:
    md = markdown.Markdown(extensions=[])
    md.ESCAPED_CHARS = list(string.punctuation)
    for name in [item.name for item in md.inlinePatterns._priority]:  # type: ignore[attr-defined]
        if name not in _KEEP:
            md.inlinePatterns.deregister(name)
    md.inlinePatterns.register(_Cite(MARKER.pattern, md), "cite", 175)
    md.inlinePatterns.register(_Entity(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});", md), "entity", 90)
    return md


_MD = _engine()


@lru_cache(maxsize=8192)
def nodes(md: str) -> tuple[Node, ...]:
    """The pieces of one paragraph of inline Markdown, line breaks read as spaces."""
    root = etree.Element("div")
    para = etree.SubElement(root, "p")
    para.text = " ".join(md.split())
    _MD.reset()
    for name in ("inline", "unescape"):
        _MD.treeprocessors[name].run(root)
    return _children(para)


def _children(element: etree.Element) -> tuple[Node, ...]:
    out: list[Node] = []
    _add_text(out, element.text)
    for child in element:
        if child.tag == "cite":
            out.append(Node("cite", child.text or ""))
        elif child.tag in {"em", "strong"}:
            out.append(Node("em" if child.tag == "em" else "strong", children=_children(child)))
        elif child.tag == "a":
            out.append(Node("link", children=_children(child), href=child.get("href", "")))
        else:
            out.extend(_children(child))
        _add_text(out, child.tail)
    return tuple(out)


def _add_text(out: list[Node], text: str | None) -> None:
    if text:
        text = text.replace(markdown.util.STX, "").replace(markdown.util.ETX, "")
        out.append(Node("text", text))


def text(md: str) -> str:
    """The words a reader sees: no markup, no markers, single spaces."""
    return " ".join(_plain(nodes(md)).split())


def _plain(parts: tuple[Node, ...]) -> str:
    out = []
    for node in parts:
        if node.kind == "cite":
            continue
        out.append(node.text if node.kind == "text" else _plain(node.children))
    return "".join(out)


def cites(md: str) -> tuple[str, ...]:
    """The marker ids in order of appearance, repeats kept."""
    if "](" in md or markdown.util.STX in md:
        return tuple(_walk(nodes(md), "cite", lambda n: n.text))
    # Outside a link, a marker is a marker wherever it stands, unless it is escaped. A site asks this of every line twice; a test compares the two.
    return tuple(MARKER.findall(_ESCAPED.sub(" ", md)))


def links(md: str) -> tuple[str, ...]:
    """The link targets in order of appearance."""
    return tuple(_walk(nodes(md), "link", lambda n: n.href))


def _walk(parts: tuple[Node, ...], kind: str, take: Callable[[Node], str]) -> list[str]:
    out: list[str] = []
    for node in parts:
        if node.kind == kind:
            out.append(take(node))
        out.extend(_walk(node.children, kind, take))
    return out


def html(md: str, cite: Callable[[str], str], *, link_attrs: str = ' rel="noopener"') -> str:
    """Safe HTML of one paragraph's inside. `cite(id)` gives the HTML of a marker; the space before a marker is dropped."""
    return _html_of(nodes(md), cite, link_attrs)


def _html_of(parts: tuple[Node, ...], cite: Callable[[str], str], attrs: str) -> str:
    out: list[str] = []
    for node in parts:
        if node.kind == "text":
            out.append(_html.escape(node.text))
        elif node.kind == "cite":
            if out:
                out[-1] = out[-1].rstrip(" ")
            out.append(cite(node.text))
        elif node.kind == "link":
            inner = _html_of(node.children, cite, attrs)
            if not WEB.match(node.href):
                out.append(inner)
                continue
            out.append(f'<a href="{_html.escape(node.href)}"{attrs}>{inner}</a>')
        else:
            out.append(f"<{node.kind}>{_html_of(node.children, cite, attrs)}</{node.kind}>")
    return "".join(out)


def escape(words: str) -> str:
    """Plain words as inline Markdown that reads back as exactly those words (white space folded), also at a line's start."""
    out = _SPECIAL.sub(r"\\\1", " ".join(words.split()))
    return _BLOCK_START.sub(lambda m: f"{m.group(3)}\\" if m.group(3) is not None else f"{m.group(1)}\\", out)
