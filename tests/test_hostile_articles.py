"""Rows I01 to I14 on an article's file: whatever a source calls itself, the file reads back as the same words or is refused with the reason.

The strings are classes of attack on titles, summaries, authors and links; each is put into every place of an article that holds others' words.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from briefing import article, evidence, inline, ledger
from briefing.errors import ArticleError
from briefing.model import Article, Paragraph, Short

BASE = article.parse((Path(__file__).parent / "data" / "insurer-ai-register.md").read_bytes())
HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def cases() -> list[dict[str, Any]]:
    path = Path(__file__).resolve().parent.parent.parent / "shared" / "hostile" / "strings.json"
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else []


def folded(text: str) -> str:
    return " ".join(text.split())


def hides(text: str) -> bool:
    return any(unicodedata.category(c) in HIDDEN for c in folded(text))


def filled(text: str) -> Article:
    """The example article with the string in its head, its source list and its running text, as the drafter would put it there."""
    one = folded(text)[:200] or "-"
    body = Paragraph(md=f"{inline.escape(one)} [s1]", line=0)
    section = replace(BASE.sections[0], question=one[:150], blocks=(body, *BASE.sections[0].blocks))
    return replace(
        BASE,
        title=one,
        dek=one,
        author=one[:100],
        short=Short(happened=one, matters=one, do=one),
        sources=(replace(BASE.sources[0], title=one, publisher=one[:120]), BASE.sources[1]),
        lead=(body, *BASE.lead),
        sections=(section, *BASE.sections[1:]),
    )


def lineless(value: Any) -> Any:
    """The value with every line number at 0."""
    if isinstance(value, tuple):
        return tuple(lineless(v) for v in value)
    if hasattr(value, "__dataclass_fields__"):
        return replace(value, **{n: 0 if n == "line" else lineless(getattr(value, n)) for n in value.__dataclass_fields__ if n != "lines"})
    return value


@pytest.mark.skipif(not cases(), reason="the hostile inputs are not beside this checkout")
@pytest.mark.parametrize("case", [c for c in cases() if c["case"] not in {"I04", "I11", "I14"}], ids=lambda c: c["id"])
def test_words_stay_words(case: dict[str, Any]) -> None:
    made = filled(case["text"])
    data = article.write(made)
    if case["expect"] == "no-control":
        with pytest.raises(ArticleError) as caught:
            article.parse(data, "x.md")
        assert "invisible character" in str(caught.value)
        return
    read = article.parse(data, "x.md")
    assert lineless(read) == lineless(made)
    shown = {inline.text(p.md) for p in read.lead if isinstance(p, Paragraph)}
    assert made.title in shown
    assert inline.cites(read.lead[0].md) == ("s1",)  # type: ignore[union-attr]
    assert inline.links(read.lead[0].md) == ()  # type: ignore[union-attr]


@pytest.mark.skipif(not cases(), reason="the hostile inputs are not beside this checkout")
@pytest.mark.parametrize("case", cases(), ids=lambda c: c["id"])
def test_the_head_has_exactly_the_known_keys_for_any_yaml_reader(case: dict[str, Any]) -> None:
    front, _, _ = article.write(filled(case["text"])).decode("utf-8").removeprefix("---\n").partition("\n---\n")
    try:
        keys = set(YAML(typ="safe", pure=True).load(front))
    except YAMLError:
        assert hides(case["text"])
        return
    assert keys == {"id", "edition", "status", "kicker", "title", "dek", "author", "short", "topics", "jurisdictions", "sources"}
    assert YAML(typ="safe", pure=True).load(front)["status"] == "needs-review"


@pytest.mark.skipif(not cases(), reason="the hostile inputs are not beside this checkout")
@pytest.mark.parametrize("case", [c for c in cases() if c["case"] == "I04"], ids=lambda c: c["id"])
def test_only_web_addresses_are_sources_and_links(case: dict[str, Any]) -> None:
    good = case["expect"] == "link-kept" or bool(inline.WEB.match(case["text"]))
    made = replace(BASE, sources=(replace(BASE.sources[0], url=case["text"]), BASE.sources[1]))
    if good:
        assert article.parse(article.write(made)).sources[0].url == case["text"]
    else:
        with pytest.raises(ArticleError):
            article.parse(article.write(made))
    html = inline.html(f"[words]({case['text']})", lambda _: "")
    assert "javascript" not in html.lower() or "href" not in html
    assert "onmouseover=" not in html.replace("&quot;", "").replace("%22", "") or '"onmouseover' not in html


@pytest.mark.skipif(not cases(), reason="the hostile inputs are not beside this checkout")
@pytest.mark.parametrize("case", [c for c in cases() if c["case"] == "I13"], ids=lambda c: c["id"])
def test_an_order_in_a_source_carries_nothing(case: dict[str, Any]) -> None:
    """A source that gives orders is a source like any other: its words can be cited as its own and change no status, link or figure elsewhere."""
    from datetime import UTC, datetime

    from briefing.model import Snapshot

    text = f"The register has 27 rows.\n\n{case['text']}"
    held = {"s1": Snapshot(hash="sha256:" + "1" * 64, item="a", url="https://a.example/", text=text, read=datetime(2026, 11, 20, tzinfo=UTC), origin="page")}
    wrong = replace(BASE, lead=(Paragraph(md="Larkmoor says 98 percent of firms pay EUR 2 at evil.example. [s1]", line=33),))
    found = evidence.check(wrong, held)
    assert any(p.reason == "number-not-found" for c, p in evidence.blocking(found) if c.where == "lead")
    assert article.parse(article.write(wrong)).status == "needs-review"


@pytest.mark.skipif(not cases(), reason="the hostile inputs are not beside this checkout")
def test_the_checker_and_the_ledger_take_every_string() -> None:
    """No string makes the checker fail, and what it finds goes into a ledger and out again."""
    from datetime import UTC, datetime

    from briefing.model import Snapshot

    every = "\n\n".join(c["text"][:2000] for c in cases())
    held = {"s1": Snapshot(hash="sha256:" + "1" * 64, item="a", url="https://a.example/", text=every, read=datetime(2026, 11, 20, tzinfo=UTC), origin="page")}
    for case in cases():
        made = evidence.record(filled(case["text"]), held)
        for p in (p for c in made.claims for p in c.passages):
            assert held["s1"].text[p.start : p.end] == p.text
        assert ledger.write(ledger.read(ledger.write(made))) == ledger.write(made)


PRINTABLE = st.text(st.characters(exclude_categories=tuple(HIDDEN)), min_size=1, max_size=80).map(folded).filter(bool)


@given(PRINTABLE)
@example("#")
@example("What of C#")
@example("Which # counts ##")
def test_any_printable_words_go_through_the_file(text: str) -> None:
    made = filled(text)
    assert lineless(article.parse(article.write(made))) == lineless(made)
