"""The house's own pages: Markdown with `title` and `description`, read by Python-Markdown. Raw HTML in them is shown as text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable
from dataclasses import dataclass

import markdown
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from .. import yamlfile
from ..errors import ContentRefused

_WEB = re.compile(r"https?://|mailto:|#")


class _Front(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=1, max_length=100)
    slug: str = ""
    description: str = Field(default="", max_length=300)


@dataclass(frozen=True, slots=True)
class Text:
    """A page's title, its description and its body as HTML."""

    title: str
    description: str
    html: Markup


class _Links(Treeprocessor):
    """Links inside the site get the site's path, links out of it do not hand over the window; headings begin at two; tables are framed."""

    def __init__(self, md: markdown.Markdown, to: Callable[[str], str]) -> None:
        super().__init__(md)
        self._to = to

    def run(self, root: etree.Element) -> None:
        self._frame_tables(root)
        for element in root.iter():
            if element.tag == "h1":
                element.tag = "h2"
            if element.tag != "a":
                continue
            href = element.get("href", "")
            if href.startswith("/"):
                element.set("href", self._to(href))
            elif href.startswith("http"):
                element.set("rel", "noopener")
            elif not _WEB.match(href):
                element.set("href", "#")

    @staticmethod
    def _frame_tables(root: etree.Element) -> None:
        """A table scrolls inside a named region that the keyboard reaches, so that the page never scrolls sideways."""
        for number, place in enumerate([i for i, e in enumerate(root) if e.tag == "table"], 1):
            table = root[place]
            region = etree.Element("div", {"class": "scroll", "role": "region", "aria-label": f"Table {number}", "tabindex": "0"})
            region.append(table)
            root[place] = region


def parse(data: bytes, name: str, to: Callable[[str], str]) -> Text:
    """The page these bytes say. `to` makes a link of a path of the site. Raises ContentRefused: file, line, what is allowed."""
    try:
        lines = data.decode("utf-8").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        raise ContentRefused(f"{name}:1: is not UTF-8 text; save it as UTF-8") from error
    if lines[0].strip() != "---" or "---" not in [s.strip() for s in lines[1:]]:
        raise ContentRefused(f"{name}:1: must begin with a line ---, title and description, and a line ---")
    end = [s.strip() for s in lines[1:]].index("---") + 1
    try:
        raw, where = yamlfile.load("\n".join(lines[1:end]) + "\n", first_line=2)
    except yamlfile.YamlFault as error:
        raise ContentRefused(f"{name}:{error.line}: {error}") from error
    front, faults = yamlfile.check(_Front, raw, where)
    if front is None:
        raise ContentRefused("; ".join(f"{name}:{line}: {what}" for line, what in faults))
    return Text(front.title, front.description, _html("\n".join(lines[end + 1 :]), to))


def _html(body: str, to: Callable[[str], str]) -> Markup:
    md = markdown.Markdown(extensions=["tables", "sane_lists"], output_format="html")
    md.preprocessors.deregister("html_block")
    md.inlinePatterns.deregister("html")
    md.inlinePatterns.deregister("image_link")
    md.inlinePatterns.deregister("image_reference")
    md.treeprocessors.register(_Links(md, to), "briefing-links", 5)
    return Markup(md.convert(body))  # raw HTML is off: every character of the text is escaped
