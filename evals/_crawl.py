"""Reads a finished site as a visitor's browser would: which links and fragments lead nowhere, and what each page weighs. No network."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

#: Attributes that make a browser ask for a file when the page is opened.
LOADS = {("link", "stylesheet"), ("link", "preload"), ("link", "icon"), ("script", ""), ("img", ""), ("source", ""), ("iframe", "")}


@dataclass
class Page:
    """One HTML file as read."""

    name: str
    size: int
    packed: int
    links: list[tuple[str, str]] = field(default_factory=list)  # (href, rel)
    loads: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    scripts: int = 0  # that a browser would run


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {k: v or "" for k, v in attrs}
        if got.get("id"):
            self.page.ids.append(got["id"])
        rel = got.get("rel", "")
        if tag == "a" and "href" in got:
            self.page.links.append((got["href"], rel))
        elif tag == "script" and got.get("type") != "application/ld+json":
            self.page.scripts += 1
        source = got.get("src") or (got.get("href") if tag == "link" else "")
        if source and ((tag, rel) in LOADS or (tag, "") in LOADS):
            self.page.loads.append(source)
        elif tag == "link" and source and rel in {"alternate", "canonical"}:
            self.page.links.append((source, rel))


def read(out: Path) -> dict[str, Page]:
    """Every page of a site by its path, the email's copies left out."""
    pages = {}
    for path in sorted(out.rglob("*.html")):
        name = path.relative_to(out).as_posix()
        if name.startswith("email/"):
            continue
        data = path.read_bytes()
        page = Page(name, len(data), len(gzip.compress(data, 9, mtime=0)))
        _Reader(page).feed(data.decode("utf-8"))
        pages[name] = page
    return pages


def dead(out: Path, base: str) -> list[str]:
    """`page: link: why` of every link inside the site that leads nowhere, and of every fragment that is not there."""
    pages = read(out)
    root = urlsplit(base)
    problems = []
    for page in pages.values():
        here = f"{base}/{page.name.removesuffix('index.html')}"
        problems += [f"{page.name}: id {i} stands twice" for i in set(page.ids) if page.ids.count(i) > 1]
        for href in [h for h, _ in page.links] + page.loads:
            target = urlsplit(urljoin(here, href))
            if target.scheme in {"mailto", "tel"} or target.netloc != root.netloc:
                continue
            if not target.path.startswith(f"{root.path}/"):
                problems.append(f"{page.name}: {href}: leaves the site's folder {root.path}/")
                continue
            name = unquote(target.path[len(root.path) :]).lstrip("/")
            name += "index.html" if name == "" or name.endswith("/") else ""
            if not (out / name).is_file():
                problems.append(f"{page.name}: {href}: there is no {name}")
            elif target.fragment and name in pages and target.fragment not in pages[name].ids:
                problems.append(f"{page.name}: {href}: {name} has no #{target.fragment}")
    return problems


def outside(out: Path, base: str) -> list[str]:
    """`page: address` of every file a page would load from another host."""
    host = urlsplit(base).netloc
    found = []
    for page in read(out).values():
        found += [f"{page.name}: {load}" for load in page.loads if urlsplit(load).netloc not in {"", host}]
    return found


def depth(out: Path, base: str) -> dict[str, int]:
    """Page → least number of clicks from the home page; pages that cannot be reached are not in it."""
    pages = read(out)
    prefix = urlsplit(base).path
    steps = {"index.html": 0}
    edge = ["index.html"]
    while edge:
        following = []
        for name in edge:
            for href, rel in pages[name].links:
                target = urlsplit(urljoin(f"{base}/{name.removesuffix('index.html')}", href))
                path = unquote(target.path.removeprefix(prefix)).lstrip("/")
                path += "index.html" if path == "" or path.endswith("/") else ""
                if rel not in {"alternate", "canonical"} and path in pages and path not in steps and target.netloc == urlsplit(base).netloc:
                    steps[path] = steps[name] + 1
                    following.append(path)
        edge = following
    return steps


def weight(out: Path, page: Page, *, italic: bool = True) -> int:
    """Bytes of a page with everything it may load: its HTML, the stylesheet, the icon and all fonts that the stylesheet names."""
    css = next((out / "assets").glob("style.*.css"))
    fonts = [p for p in (out / "assets").glob("*.woff2") if italic or "italic" not in p.name]
    icon = next((out / "assets").glob("mark.*.svg"))
    return page.size + sum(p.stat().st_size for p in (css, icon, *fonts))
