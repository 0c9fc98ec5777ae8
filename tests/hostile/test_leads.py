"""From an aggregator's link to a draft: the publisher's page is cited or nothing, and the editor is told what was left."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing import cli
from evals import _feeds as feeds
from evals import hostile
from evals._feeds import NOW
from evals._serve import Site

TOKEN = "https://news.google.com/rss/articles/CBMiHkFVX3lxTFB4MFdjM2Q3enFrUTBKMm1WNXRCOHlO0gEA"


def test_the_publishers_page_is_cited_or_nothing(tmp_path: Path) -> None:
    assert hostile._leads(tmp_path / "p") == "2 told by their pages, 1 lead named, none cited"


def test_what_only_an_aggregator_knows_is_named_to_the_editor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Site() as site:
        made = feeds.project(tmp_path / "p", site, {"finds": "News Finder"})
        entries = [feeds.Told(title=f"Agency {n} adopts an AI rule", text="An AI rule. " * 30, id=str(n), link=f"{TOKEN}?oc={n}") for n in range(7)]
        feeds.serve(site, "finds", feeds.rss("finds.example", entries))
        assert cli.main(["collect", "--project", str(made.root), "--now", NOW.isoformat()]) == 0
        capsys.readouterr()
        assert cli.main(["draft", "--project", str(made.root), "--now", NOW.isoformat()]) == 0
    (line,) = [x for x in capsys.readouterr().out.splitlines() if " leads " in x]
    assert line.startswith("7 leads without a publisher's page: “Agency ")
    assert line.endswith(", and 2 more; look them up, and add a page with `briefing sources add-link ADDRESS`")
    assert line.count("“Agency") == 5
    assert not made.briefings.exists() or not list(made.briefings.glob("*/*.md"))
