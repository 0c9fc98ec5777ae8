"""The email in a real browser: no request, no overflow, no accessibility violation, legible in dark (E11, E17, E18, E19, E21, E27)."""

from __future__ import annotations

import base64
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FORCED = ("--blink-settings=forceDarkModeEnabled=true", "--enable-features=WebContentsForceDark")
#: A mail has no page around it: main landmarks belong to the client that shows it.
NOT_FOR_MAIL = {"rules": {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}}}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI has to have Chromium")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Any) -> Iterator[Any]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
    yield browser
    browser.close()


@pytest.fixture
def inverting(playwright: Any) -> Iterator[Any]:
    """A stand-in for the clients that turn a mail dark by themselves."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, *FORCED])
    yield browser
    browser.close()


@pytest.fixture
def page_file(files: Mapping[str, bytes], tmp_path: Path) -> Path:
    path = tmp_path / "email.html"
    path.write_bytes(files["email.html"])
    return path


@pytest.fixture
def bare_file(files: Mapping[str, bytes], tmp_path: Path) -> Path:
    """What is left where a client drops every style block."""
    path = tmp_path / "bare.html"
    path.write_bytes(re.sub(rb"<style.*?</style>", b"", files["email.html"], flags=re.DOTALL))
    return path


def opened(browser: Any, path: Path, width: int, scheme: str = "light") -> Any:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(path.as_uri())
    return page


def overflow(page: Any) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_e11_opening_it_asks_for_nothing(browser: Any, page_file: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri(), wait_until="networkidle")
    page.close()
    assert asked == [page_file.as_uri()]


@pytest.mark.parametrize("width", [280, 320, 375, 640])
def test_e17_without_style_blocks_nothing_overflows(browser: Any, bare_file: Path, width: int) -> None:
    page = opened(browser, bare_file, width)
    assert overflow(page) <= 0
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 640])
def test_e18_with_them_nothing_overflows_and_dark_is_dark(browser: Any, page_file: Path, width: int, scheme: str) -> None:
    page = opened(browser, page_file, width, scheme)
    assert overflow(page) <= 0
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(16, 22, 19)")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 640])
def test_e19_no_accessibility_violation(browser: Any, page_file: Path, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, page_file, width, scheme)
    found = Axe().run(page, options=NOT_FOR_MAIL).response["violations"]
    page.close()
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []


def test_e27_the_button_can_be_hit(browser: Any, page_file: Path) -> None:
    page = opened(browser, page_file, 375)
    box = page.locator("a.btn").bounding_box()
    page.close()
    assert box["height"] >= 44


def test_e21_a_client_that_inverts_by_itself_leaves_it_legible(inverting: Any, page_file: Path) -> None:
    page = opened(inverting, page_file, 375)
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": 375, "height": 800})
    paper, ink = _paper_and_ink(page, shot)
    page.close()
    assert paper < 0.1, "the paper is dark"
    assert ink > 0.6, "the words are light"


def _paper_and_ink(page: Any, shot: bytes) -> tuple[float, float]:
    """Luminance of the most frequent pixel and of the lightest one per cent, read in the browser itself."""
    result = page.evaluate(
        """async (data) => {
          const image = new Image(); image.src = 'data:image/png;base64,' + data; await image.decode();
          const canvas = new OffscreenCanvas(image.width, image.height), ink = canvas.getContext('2d');
          ink.drawImage(image, 0, 0);
          const bytes = ink.getImageData(0, 0, image.width, image.height).data, all = [], counts = {};
          for (let i = 0; i < bytes.length; i += 4) {
            const value = Math.round(0.2126 * bytes[i] + 0.7152 * bytes[i + 1] + 0.0722 * bytes[i + 2]);
            all.push(value); counts[value] = (counts[value] || 0) + 1;
          }
          all.sort((a, b) => b - a);
          const paper = Object.entries(counts).sort((a, b) => b[1] - a[1])[0][0];
          return [paper / 255, all[Math.floor(all.length / 100)] / 255];
        }""",
        base64.b64encode(shot).decode("ascii"),
    )
    return float(result[0]), float(result[1])
