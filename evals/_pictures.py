"""The two pictures of the README, from the demo's site: `python -m evals._pictures [article-id]`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

from . import ROOT, _browser

OUTPUT = ROOT / "var" / "demo" / "project" / "output"
IMAGES = ROOT / "docs" / "images"
HEIGHT = 1000
LARGEST = 250_000  # bytes
COLOURS = 128  # enough for a page of ink, paper and one highlighter


def main(argv: list[str]) -> int:
    """Writes docs/images/article.png and email.png; 1 where there is no site or no browser, or a picture is too large."""
    if not (OUTPUT / "index.html").is_file() or _browser.chromium() is None:
        print(f"The demo's site or Chromium is missing: run `python3 run.py demo`. {_browser.MISSING}", file=sys.stderr)
        return 1
    articles = sorted(OUTPUT.glob("2*/*/*/index.html"))
    article = next((p for p in articles if p.parent.name == argv[0]), None) if argv else max(articles, key=lambda p: p.stat().st_size)
    if article is None:
        print(f"{argv[0]} is no article of the demo: {', '.join(p.parent.name for p in articles)}", file=sys.stderr)
        return 1
    email = max(OUTPUT.glob("email/2*/email.html"))  # from the disk: the site's content policy is for pages, a mail carries its styles inside
    IMAGES.mkdir(parents=True, exist_ok=True)
    with _browser.served(OUTPUT) as address:
        page = f"{address}/{article.relative_to(OUTPUT).as_posix()}"
        sizes = [_shot(page, 1280, IMAGES / "article.png"), _shot(email.as_uri(), 640, IMAGES / "email.png")]
    return int(max(sizes) > LARGEST)


def _shot(page: str, width: int, to: Path) -> int:
    """Writes the top of a page as a visitor with a light screen sees it; its size in bytes."""
    with _browser.browser() as browser:
        context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme="light")
        tab = context.new_page()
        tab.goto(page, wait_until="networkidle")
        tab.evaluate("document.fonts.ready")
        data = tab.screenshot()
        context.close()
    seen = Image.open(io.BytesIO(data)).convert("RGB")
    seen.quantize(COLOURS, dither=Image.Dither.NONE).save(to, optimize=True)
    print(f"{to.relative_to(ROOT)}: {to.stat().st_size:,} bytes, {seen.width} × {seen.height}, of {page.rsplit('/', 2)[-2]}")
    return to.stat().st_size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
