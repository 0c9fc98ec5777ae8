"""The theme's own promises: the tokens of docs/design.md, their contrast, fonts, preferences, print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing.errors import ConfigError
from briefing.site import assets

THEME = Path(__file__).resolve().parents[2] / "themes" / "briefing"
CSS = THEME / "static" / "css"

#: The table of docs/design.md: token, light, dark.
TOKENS = {
    "paper": ("#fdfdfb", "#101613"),
    "wash": ("#f2f5f0", "#19211d"),
    "ink": ("#16201b", "#ebefea"),
    "ink-2": ("#46524b", "#b9c2bb"),
    "ink-3": ("#5a665f", "#9aa59d"),
    "pine": ("#0a5c48", "#7bd0b4"),
    "pine-deep": ("#06402f", "#a5e3ce"),
    "on-pine": ("#ffffff", "#101613"),
    "mark": ("#efee8c", "#d9dc66"),
    "on-mark": ("#16201b", "#16201b"),
    "mark-soft": ("#efee8c", "#4a4c14"),
    "bar": ("#16201b", "#d9dc66"),
    "rule": ("#d3d9d2", "#2f3934"),
    "rule-ui": ("#7c877f", "#76827b"),
    "amber": ("#854a00", "#f0b35b"),
    "brick": ("#9c2f22", "#f39c8d"),
}
#: Which token stands on which, and the least contrast.
PAIRS = [
    *[(t, ground, 4.5) for t in ("ink", "ink-2", "ink-3", "pine", "pine-deep", "amber", "brick") for ground in ("paper", "wash")],
    ("on-pine", "pine", 4.5),
    ("on-pine", "pine-deep", 4.5),
    ("on-mark", "mark", 4.5),
    ("ink", "mark-soft", 4.5),
    ("paper", "ink", 4.5),  # the author's initials
    ("rule-ui", "paper", 3.0),
    ("rule-ui", "wash", 3.0),
    ("bar", "paper", 3.0),
]


def tokens(scheme: str) -> dict[str, str]:
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    light, _, dark = text.partition("@media (prefers-color-scheme:dark)")
    found = dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{6})", light))
    return found | (dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{6})", dark)) if scheme == "dark" else {})


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_arithmetic_of_contrast() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("place,scheme", [(0, "light"), (1, "dark")])
def test_the_stylesheet_has_the_colours_of_the_design(place: int, scheme: str) -> None:
    assert tokens(scheme) == {name: pair[place] for name, pair in TOKENS.items()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("text,ground,least", PAIRS)
def test_s16_every_pair_reads(scheme: str, text: str, ground: str, least: float) -> None:
    found = tokens(scheme)
    assert contrast(found[text], found[ground]) >= least, f"{text} on {ground}: {contrast(found[text], found[ground]):.2f}"


def test_no_colour_stands_outside_the_tokens_but_in_print() -> None:
    for path in sorted(CSS.glob("*.css")):
        if path.name not in {"tokens.css", "print.css"}:
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8")) == [], path.name


def test_every_component_is_in_the_stylesheet_and_every_class_of_the_templates_has_a_rule() -> None:
    named = re.findall(r'"([a-z-]+\.css)"', (CSS / "main.css").read_text(encoding="utf-8"))
    assert sorted(named) == sorted(p.name for p in CSS.glob("*.css") if p.name != "main.css")
    css = assets.stylesheet(CSS)
    for path in (THEME / "templates").rglob("*.html"):
        text = re.sub(r"\{%.*?%\}", " ", path.read_text(encoding="utf-8"))
        for value in re.findall(r'class="([^"]*)"', text):
            for name in value.split():
                assert re.search(rf"\.{name}(?![a-z-])", css), f"{path.name}: class {name} has no rule"


def test_s18_forced_colours_and_reduced_motion_are_answered() -> None:
    css = assets.stylesheet(CSS)
    assert "@media (forced-colors:active)" in css and "CanvasText" in css
    assert "@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}" in css
    assert css.count("transition") == css.count("animation") == 0


def test_s19_print_hides_the_navigation_shows_addresses_and_opens_the_record() -> None:
    css = (CSS / "print.css").read_text(encoding="utf-8")
    for part in (".masthead .nav", ".rail", ".band", "attr(href)", "details::details-content"):
        assert part in css


def test_s20_fonts_are_ours_swap_and_have_fallbacks_of_the_same_size(site) -> None:
    css = site.text(next((site.out / "assets").glob("style.*.css")).relative_to(site.out).as_posix())
    faces = re.findall(r"@font-face\{(.*?)\}", css)
    hosted = [f for f in faces if "url(" in f]
    assert len(hosted) == 4 and all("font-display:swap" in f for f in hosted)
    assert all("size-adjust" in f and "ascent-override" in f for f in faces if "url(" not in f)
    for name in re.findall(r"url\(([^)]+)\)", css):
        assert (site.out / "assets" / name).is_file(), name
    assert {p.name for p in (site.out / "assets").glob("OFL-*.txt")} == {"OFL-Newsreader.txt", "OFL-PublicSans.txt"}
    preloads = site.page("index.html").find_all("link", rel="preload")
    assert len(preloads) == 2 and all(p["as"] == "font" and p.has_attr("crossorigin") for p in preloads)


def test_s17_both_theme_colours_are_those_of_the_paper(site) -> None:
    metas = {m["media"]: m["content"] for m in site.page("index.html").find_all("meta", attrs={"name": "theme-color"})}
    assert metas == {"(prefers-color-scheme: light)": TOKENS["paper"][0], "(prefers-color-scheme: dark)": TOKENS["paper"][1]}


def test_no_text_is_smaller_than_13_pixels() -> None:
    for size in re.findall(r"(?:font:[^;{}]*?|font-size:)(?<!\d)(\.\d+)rem", assets.stylesheet(CSS)):
        assert float(size) >= 0.8125, size


def test_a_stylesheet_that_names_a_missing_file_says_where(tmp_path: Path) -> None:
    (tmp_path / "main.css").write_text('@import "base.css";\n@import "gone.css";\n', encoding="utf-8")
    (tmp_path / "base.css").write_text("/* why */\nbody {\n  margin: 0\n}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        assets.stylesheet(tmp_path)
    assert str(caught.value) == 'themes/briefing/static/css/main.css:2: must be @import "component.css"; of a file beside it'


def test_the_stylesheet_is_the_components_in_order_without_comments(tmp_path: Path) -> None:
    (tmp_path / "main.css").write_text('/* order */\n@import "b.css";\n@import "a.css";\n', encoding="utf-8")
    (tmp_path / "a.css").write_text("a{\n  color:red\n}\n", encoding="utf-8")
    (tmp_path / "b.css").write_text("/* why\nso */\nb{top:0}\n", encoding="utf-8")
    assert assets.stylesheet(tmp_path) == "b{top:0}\na{\ncolor:red\n}\n"


def test_a_project_may_bring_its_own_theme_and_otherwise_gets_ours(tmp_path: Path) -> None:
    assert assets.theme(tmp_path) == THEME
    own = tmp_path / "themes" / "briefing" / "templates"
    own.mkdir(parents=True)
    (own / "base.html").write_text("x", encoding="utf-8")
    assert assets.theme(tmp_path) == tmp_path / "themes" / "briefing"
