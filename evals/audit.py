"""A finished site looked at as a visitor's browser does: links, weight, accessibility, markup. `python3 run.py audit`.

Audits the demo's site, or `output/` where there is no demo. What needs a tool that is not installed is left out with a message;
with CI=true in the environment a missing browser is a failure.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import config

from . import ROOT, Progress, Row, Skipped, _browser, _crawl, at_most, equal, fact

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TITLE = "The site, audited"
WIDTHS = ((375, "light"), (1280, "dark"))
PICTURES = ROOT / "var" / "audit"
A_KIND = 2  # pages looked at in the browser for each folder of the site; home and the newest edition are always among them


def rows(corpus: Path | None, progress: Progress) -> list[Row]:
    """One row a promise."""
    out, base = _site()
    progress(f"auditing {out.relative_to(ROOT)}")
    return [*_read(out, base), *_seen(out, progress), *_checked(out, progress)]


def _site() -> tuple[Path, str]:
    for project in (ROOT / "var" / "demo" / "project", ROOT):
        if (project / "output" / "index.html").is_file():
            return project / "output", config.publication(project / "pelicanconf.py").url
    raise Skipped("there is no site yet; run `python3 run.py demo` first")


def _read(out: Path, base: str) -> Iterator[Row]:
    pages = _crawl.read(out)
    css = next((out / "assets").glob("style.*.css"))
    dead, outside, steps = _crawl.dead(out, base), _crawl.outside(out, base), _crawl.depth(out, base)
    yield fact("pages", len(pages))
    yield equal("dead links and fragments", len(dead), 0, unit=dead[0] if dead else "")
    yield equal("files loaded from other hosts", len(outside), 0, unit=outside[0] if outside else "")
    yield equal("pages not reachable from home", len(set(pages) - set(steps) - {"404.html"}), 0)
    yield at_most("clicks to the farthest page", max(steps.values()), 4)
    yield at_most("heaviest page, all files", max(_crawl.weight(out, p) for p in pages.values()), 180_000, unit="bytes")
    yield at_most("largest page, packed", max(p.packed for p in pages.values()), 16_000, unit="bytes")
    yield at_most("stylesheet, packed", len(gzip.compress(css.read_bytes(), 9, mtime=0)), 8_000, unit="bytes")
    yield equal("scripts", sum(p.scripts for p in pages.values()), 0)


def _sample(out: Path) -> list[str]:
    """Home, and the first pages of each folder."""
    kinds: dict[str, list[str]] = {}
    for name in _crawl.read(out):
        parts = name.removesuffix("index.html").split("/")
        kinds.setdefault("article" if parts[0].isdigit() else parts[0], []).append(name)
    return [name for names in kinds.values() for name in names[-A_KIND:]]


def _seen(out: Path, progress: Progress) -> Iterator[Row]:
    if _browser.chromium() is None:
        if os.environ.get("CI") == "true":
            yield equal("Chromium found", 0, 1)
        progress(f"left out: the browser's part. {_browser.MISSING}")
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    script = _browser.axe_script()
    found: list[str] = []
    said: list[str] = []
    wide: list[str] = []
    most = 0
    sample = _sample(out)
    with _browser.served(out) as address, _browser.browser() as browser:
        printed = [(_minutes(out / name), _sheets(browser, f"{address}/{name}")) for name in _crawl.read(out) if name[:1].isdigit()]
        for name in sample:
            progress(f"  {name}")
            for width, scheme in WIDTHS:
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
                page = context.new_page()
                page.goto(f"{address}/{name}")
                page.screenshot(
                    path=str(PICTURES / f"{name.removesuffix('index.html').strip('/').replace('/', '-') or 'home'}-{width}-{scheme}.png"), full_page=True
                )
                found += [f"{name} {width} {scheme}: {v}" for v in _browser.violations(page, script)]
                context.close()
            context = browser.new_context(viewport={"width": 320, "height": 700})
            page = context.new_page()
            asked: list[str] = []
            page.on("request", lambda r, asked=asked: asked.append(r.url))
            page.on("console", lambda m, name=name, said=said: said.append(f"{name}: {m.text}"))
            page.goto(f"{address}/{name}", wait_until="networkidle")
            most = max(most, len(asked))
            said += [f"{name}: asked for {url}" for url in asked if not url.startswith(address)]
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                wide.append(name)
            context.close()
    for line in (*found, *said, *wide):
        progress(f"  {line}")
    progress(f"pictures of these pages are in {PICTURES.relative_to(ROOT)}")
    yield fact("pages in the browser", len(sample))
    yield equal("accessibility violations (WCAG 2.2 A and AA, best practice)", len(found), 0)
    yield equal("messages under a strict content policy, requests elsewhere", len(said), 0)
    yield equal("pages wider than 320 pixels", len(wide), 0)
    yield at_most("requests of a cold page", most, 8)
    yield at_most("Letter pages of a five-minute article, claims opened", max((n for minutes, n in printed if minutes <= 5), default=0), 4)
    yield fact("Letter pages of the longest article", max((n for _, n in printed), default=0))


def _minutes(page: Path) -> int:
    found = re.search(r"(\d+)\s+min read", page.read_text(encoding="utf-8"))
    return int(found.group(1)) if found else 0


def _sheets(browser: Browser, address: str) -> int:
    page = browser.new_page()
    page.goto(address)
    sheets = len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="Letter")))
    page.close()
    return sheets


def _checked(out: Path, progress: Progress) -> Iterator[Row]:
    """The HTML checker, where Java and its file are: `VNU_JAR`, or node_modules of this folder."""
    jar = Path(os.environ.get("VNU_JAR") or ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar")
    if not jar.is_file() or shutil.which("java") is None:
        progress("left out: the HTML checker. Install Java and `npm install --ignore-scripts --no-save vnu-jar`, or set VNU_JAR")
        return
    files = [str(out / name) for name in _crawl.read(out)]
    done = subprocess.run(["java", "-jar", str(jar), "--errors-only", "--format", "gnu", *files], capture_output=True, text=True, check=False)
    errors = [line for line in done.stderr.splitlines() if line.strip()]
    for line in errors[:10]:
        progress(f"  {line}")
    yield equal("errors of the HTML checker", len(errors), 0)
