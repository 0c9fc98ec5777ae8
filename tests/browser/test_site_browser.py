"""What only a browser can tell: reading without scripts, requests, reflow, focus, contrast as painted, print, layout shift."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from briefing.model import Paragraph, Statistic
from evals import _browser

pytestmark = pytest.mark.browser

LEAD = "/2026/11/insurer-ai-register/"
KINDS = [
    "/",
    LEAD,
    "/editions/4/",
    "/archive/",
    "/archive/2026/",
    "/topics/hiring/",
    "/sources/",
    "/deadlines/",
    "/authors/dana-whitlock/",
    "/about/",
    "/404.html",
]
FILES = re.compile(r"\.(css|woff2|svg)$")


@pytest.fixture
def opened(browser: Any, address: str) -> Callable[..., Any]:
    """`with opened(path, width=..., **context) as page`: a page of its own context, with everything it asked for and said."""

    @contextmanager
    def open_(path: str, width: int = 1280, height: int = 900, **options: Any) -> Iterator[Any]:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda r: page.asked.append(r.url))
        page.on("console", lambda m: page.said.append(m.text))
        page.on("pageerror", lambda e: page.said.append(str(e)))
        page.goto(address + path)
        page.evaluate("document.fonts.ready.then(() => true)") if options.get("java_script_enabled", True) else None
        try:
            yield page
        finally:
            context.close()

    return open_


def words(page: Any) -> str:
    return " ".join(page.locator("body").inner_text().split())


@pytest.mark.parametrize("width", [375, 1280])
def test_s7_the_whole_article_is_read_with_scripts_off(opened, width: int) -> None:
    with opened(LEAD, width) as page:
        on = words(page)
    with opened(LEAD, width, java_script_enabled=False) as page:
        off = words(page)
    assert on == off
    for part in (
        "The short version",
        "12 of 12 claims cited",
        "A next step you can take this week",
        "Frequently asked questions",
        "How this briefing was made",
    ):
        assert part in off


def test_s6_s68_no_request_leaves_the_host_and_a_strict_policy_has_nothing_to_say(opened, address: str) -> None:
    for path in KINDS:
        with opened(path) as page:
            assert page.said == [], path
            assert [url for url in page.asked if not url.startswith(f"{address}/")] == [], path


def test_s4_a_cold_article_asks_for_at_most_eight_files_and_180_kilobytes(opened, out) -> None:
    with opened(LEAD) as page:
        page.wait_for_load_state("networkidle")
        paths = [url.partition("//")[2].partition("/")[2] for url in page.asked]
    assert len(paths) <= 8
    assert sum((out / (p + "index.html" if p.endswith("/") or not p else p)).stat().st_size for p in paths) <= 180_000
    assert len({p for p in paths if FILES.search(p)}) >= 4


@pytest.mark.parametrize("path", KINDS)
def test_s8_s9_no_horizontal_scroll_at_320_also_with_wide_text_spacing(opened, path: str) -> None:
    with opened(path, 320, bypass_csp=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.add_style_tag(content="*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}")
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        clipped = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(e => getComputedStyle(e).overflow === 'hidden' && e.scrollHeight > e.clientHeight + 1"
            " && !e.classList.contains('vh')).map(e => e.className)"
        )
        assert clipped == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 1280])
def test_s2_s10_axe_finds_nothing_on_the_article(opened, scheme: str, width: int) -> None:
    with opened(LEAD, width, color_scheme=scheme, bypass_csp=True) as page:
        page.locator("summary").click()
        assert _browser.violations(page, _browser.axe_script()) == []


@pytest.mark.parametrize("path", ["/", "/editions/4/", "/archive/2026/", "/sources/", "/deadlines/", "/about/", "/404.html"])
def test_s2_axe_finds_nothing_on_any_other_kind_of_page(opened, path: str) -> None:
    script = _browser.axe_script()
    for width, scheme in ((375, "light"), (1280, "dark")):
        with opened(path, width, color_scheme=scheme, bypass_csp=True) as page:
            assert _browser.violations(page, script) == [], (width, scheme)


def test_s11_the_skip_link_comes_first_then_reading_order_each_stop_with_an_outline(opened) -> None:
    with opened(LEAD, reduced_motion="reduce") as page:  # a smooth scroll would still be under way when the stop is looked at
        stops = []
        for _ in range(60):
            page.keyboard.press("Tab")
            at = page.evaluate(
                "(() => {const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();"
                "const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);"
                "return {tag: e.tagName, text: (e.textContent || '').trim(), outline: s.outlineWidth, style: s.outlineStyle,"
                " place: [...document.querySelectorAll('*')].indexOf(e), seen: !!top && (e.contains(top) || top.contains(e))}})()"
            )
            if at["tag"] == "BODY":
                break
            stops.append(at)
    assert stops[0]["text"] == "Skip to the briefing"
    assert len(stops) > 25
    assert [s["place"] for s in stops] == sorted(s["place"] for s in stops)
    assert {(s["outline"], s["style"]) for s in stops} == {("3px", "solid")}
    assert [s["text"] for s in stops if not s["seen"]] == []


def test_s11_the_skip_link_leads_into_the_briefing(opened) -> None:
    with opened(LEAD) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.kicker') !== null")


def test_s17_both_themes_paint_their_own_paper_at_once(opened) -> None:
    for scheme, paper in (("light", "rgb(253, 253, 251)"), ("dark", "rgb(16, 22, 19)")):
        with opened("/", color_scheme=scheme) as page:
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper


@pytest.mark.parametrize("path", ["/", LEAD, "/editions/4/", "/archive/"])
def test_s5_fonts_that_arrive_late_do_not_move_the_page(browser, address: str, path: str) -> None:
    """The fallback faces carry the fonts' metrics: the page is laid out with them first, then swapped."""
    for width in (375, 1280):
        context = browser.new_context(viewport={"width": width, "height": 900})
        page = context.new_page()
        held: list[Any] = []
        page.route("**/*.woff2", lambda route, _request, held=held: held.append(route))
        page.goto(address + path, wait_until="domcontentloaded")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert held, "no font was asked for"
        for route in held:
            route.continue_()
        page.unroute("**/*.woff2")
        page.evaluate("document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))")
        shift = page.evaluate(
            "new Promise(done => {let sum = 0; new PerformanceObserver(l => l.getEntries().forEach(e => sum += e.value))"
            ".observe({type: 'layout-shift', buffered: true}); requestAnimationFrame(() => requestAnimationFrame(() => done(sum)))})"
        )
        context.close()
        assert shift <= 0.02, width


def test_s19_print_hides_the_navigation_and_stays_within_four_letter_pages(opened) -> None:
    with opened(LEAD) as page:
        page.emulate_media(media="print")
        hidden = page.evaluate("['.nav', '.rail', '.band', '.skip'].filter(s => getComputedStyle(document.querySelector(s)).display !== 'none')")
        assert hidden == []
        assert page.locator(".claims tbody tr").first.is_visible()
        shown = page.evaluate("getComputedStyle(document.querySelector('.sources .t a'), '::after').content")
        assert "attr(href)" in shown or "https://" in shown
        pdf = page.pdf(format="Letter")
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", pdf)) <= 4


def test_controls_are_at_least_48_and_markers_at_least_24_pixels_high(opened) -> None:
    with opened(LEAD, 375) as page:
        assert page.locator(".btn").bounding_box()["height"] >= 48
        assert page.locator("#email").bounding_box()["height"] >= 48
        area = page.evaluate(
            "(() => {const s = getComputedStyle(document.querySelector('.cite a'), '::before');return [parseFloat(s.width), parseFloat(s.height)]})()"
        )
        assert min(area) >= 20 and max(area) >= 24


def test_a_source_is_marked_when_a_reader_comes_from_its_number(opened) -> None:
    with opened(LEAD) as page:
        page.locator(".cite a").first.click()
        assert page.url.endswith("#source-1")
        assert "gradient" in page.evaluate("getComputedStyle(document.querySelector('#source-1')).backgroundImage")


def test_s8_words_that_never_end_do_not_widen_a_page(browser, world, tmp_path) -> None:
    """Titles, publishers, figures, claims and deadlines of one long word each, at 320 pixels."""
    admitted = world.make_admitted()
    newest = admitted.editions[-1]
    lead = newest.articles[0]
    long = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    sections = list(lead.article.sections)
    sections[0] = replace(
        sections[0], question=f"{long}?", blocks=(Paragraph(md=f"{long} [s1]"), Statistic(figure="1,234,567,890 of 2,345,678,901", md="x [s1]"))
    )
    bad = replace(
        lead.article,
        title=long,
        dek=long,
        kicker=long[:60],
        author=long[:90],
        sections=tuple(sections),
        sources=tuple(replace(s, title=long, publisher=long[:120]) for s in lead.article.sources),
        faq=tuple(replace(f, question=long) for f in lead.article.faq),
    )
    changed = replace(lead, article=bad, ledger=replace(lead.ledger, claims=tuple(replace(c, text=long) for c in lead.ledger.claims)))
    edition = replace(newest, articles=(changed, *newest.articles[1:]))
    deadlines = tuple(replace(d, instrument=long, status=long, citation=long) for d in admitted.deadlines)
    given = replace(
        admitted,
        editions=(*admitted.editions[:-1], edition),
        articles=tuple(changed if a.id == lead.id else a for a in admitted.articles),
        deadlines=deadlines,
    )
    out = world.build_site(tmp_path, given).out
    with _browser.served(out) as base:
        context = browser.new_context(viewport={"width": 320, "height": 800})
        page = context.new_page()
        for path in ("/", LEAD, "/editions/4/", "/archive/", "/archive/2026/", "/sources/", "/deadlines/"):
            page.goto(base + path)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") == 320, path
        context.close()
