from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from briefing import cli
from briefing.collect.fetch import REASONS
from briefing.collect.report import OUTCOMES
from briefing.config import CollectSettings, SourcesFile, sources
from briefing.model import SourceKind, Tier
from briefing.store import Brought, State, Store

ROOT = Path(__file__).resolve().parent.parent
NOW = "2026-11-22T12:00:00+00:00"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A briefing's folder with two sources that nothing answers for."""
    (tmp_path / "pelicanconf.py").write_bytes((ROOT / "pelicanconf.py").read_bytes())
    entries = "".join(
        f"  - {{id: {name}, name: The {name}, url: http://127.0.0.1:9/{name}, category: x, kind: rss, tier: trade}}\n" for name in ("ledger", "docket")
    )
    (tmp_path / "sources.yaml").write_text(f"collect: {{allow_private: true, deadline_s: 1}}\nsources:\n{entries}", encoding="utf-8")
    return tmp_path


def call(project: Path, capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = cli.main([*args, "--project", str(project), "--now", NOW])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out, said.err


def test_sources_are_listed_with_their_health(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(project / "var" / "briefing.sqlite", write=True) as store:
        state = State(source="ledger", outcome="broken", reason="timeout", detail="not finished", failures=4)
        store.save(Brought(state=state), now=datetime(2026, 11, 22, tzinfo=UTC))
    code, out, _ = call(project, capsys, "sources", "list")
    assert code == 0
    lines = out.splitlines()
    assert lines[2].split() == ["ledger", "trade", "x", "broken", "never", "0", "4", "not", "finished"]
    assert lines[3].split() == ["docket", "trade", "x", "never", "read", "never", "0", "0"]
    code, out, _ = call(project, capsys, "sources", "--json")
    assert [(s["source"], s["outcome"]) for s in json.loads(out)] == [("ledger", "broken"), ("docket", "never read")]


class Terminal(io.StringIO):
    """Where a person looks."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("command", [("sources", "list"), ("collect", "--quiet")])
def test_on_a_terminal_nothing_is_wider_than_it_and_the_reasons_stand_below(project: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    if command[0] == "sources":
        told = "no connection to 127.0.0.1; it is asked again next run"
        states = [State(source=n, outcome="broken", reason="refused", detail=told) for n in ("ledger", "docket")]
        with Store.open(project / "var" / "briefing.sqlite", write=True) as store:
            store.save(*(Brought(state=s) for s in states), now=datetime(2026, 11, 22, tzinfo=UTC))
    monkeypatch.setenv("COLUMNS", "80")
    seen = Terminal()
    monkeypatch.setattr("sys.stdout", seen)
    cli.main([*command, "--project", str(project), "--now", NOW])
    lines = seen.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    rows = [line for line in lines if line.startswith(("ledger ", "docket "))]
    assert ["broken" in r.split() for r in rows] == [True, True]
    below = "\n".join(lines[lines.index("") :])
    assert "ledger: no connection to 127.0.0.1; it is asked again next run" in below
    assert "2 sources (2 broken)" in below


@pytest.mark.parametrize("command", [("collect",), ("sources", "check")])
def test_sources_that_nothing_answers_for_are_named_and_end_with_9(project: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    code, out, err = call(project, capsys, *command)
    assert code == 9
    assert re.search(r"ledger +broken +0 +0 +0 +never +no connection to 127\.0\.0\.1", out)
    assert "2 sources (2 broken)" in out
    assert "2/2" in err
    assert (project / "var").exists() is (command == ("collect",))


def test_collect_speaks_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(project, capsys, "collect", "--json", "--quiet", "--source", "docket")
    report = json.loads(out)
    assert (code, report["code"], report["at"]) == (9, 9, NOW)
    assert [(s["source"], s["reason"], s["failures"]) for s in report["sources"]] == [("docket", "refused", 1)]


def test_an_unknown_source_and_a_broken_list_are_one_line_each(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(project, capsys, "collect", "--source", "nobody")
    assert (code, err.count("\n")) == (2, 1)
    assert "--source nobody: is not in sources.yaml" in err
    (project / "sources.yaml").write_text("sources:\n  - id: a\n    nmae: x\n", encoding="utf-8")
    code, _, err = call(project, capsys, "collect")
    assert code == 2
    assert re.search(r"^briefing: sources\.yaml:3: .*nmae", err, re.MULTILINE)


def test_a_run_at_work_ends_the_next_with_8(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(project / "var" / "briefing.sqlite", write=True, now=datetime(2026, 11, 22, tzinfo=UTC)):
        code, _, err = call(project, capsys, "collect")
    assert code == 8
    assert "another run is at work (process " in err


@pytest.mark.parametrize(
    ("agent", "warned"),
    [
        ("TuesdayBriefing/0.1 (+https://brief.example.org/how-we-work/)", True),
        ("Brief/1 (+https://desk.example/)", True),
        ("ReadinessBrief/1.0 (+https://thereadinessbrief.com/how-we-work/)", False),
    ],
)
def test_doctor_says_when_publishers_could_not_reach_us(project: Path, capsys: pytest.CaptureFixture[str], agent: str, warned: bool) -> None:
    text = (project / "sources.yaml").read_text(encoding="utf-8")
    text = text.replace("collect: {", f"collect: {{user_agent: '{agent}', ") if "collect: {" in text else f"collect:\n  user_agent: '{agent}'\n{text}"
    (project / "sources.yaml").write_text(text, encoding="utf-8")
    code, out, _ = call(project, capsys, "doctor")
    assert code == 0
    assert ("warning: sources.yaml: collect.user_agent: names an address of the sample" in out) is warned


def test_doctor_finds_a_whole_store_and_a_damaged_one(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(project, capsys, "doctor")[0] == 0
    path = project / "var" / "briefing.sqlite"
    Store.open(path, write=True).close()
    code, out, _ = call(project, capsys, "doctor")
    assert (code, "store: whole; 0 items" in out) == (0, True)
    path.write_bytes(b"no database " * 500)
    code, _, err = call(project, capsys, "doctor")
    assert code == 7
    assert "is damaged" in err
    assert path.read_bytes().startswith(b"no database")


def test_a_backup_is_made_and_put_back_and_what_was_there_is_kept(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, backup = project / "var" / "briefing.sqlite", project / "backups" / "a.sqlite"
    with Store.open(path, write=True) as store:
        store.save(Brought(state=State(source="ledger", outcome="new")), now=datetime(2026, 11, 22, tzinfo=UTC))
    assert call(project, capsys, "doctor", "--backup", str(backup))[0] == 0
    path.write_bytes(b"spoilt " * 999)
    code, out, _ = call(project, capsys, "doctor", "--restore", str(backup))
    assert (code, "store: whole; 0 items" in out) == (0, True)
    assert "what was there is kept as var/briefing.sqlite.20261122T120000.aside" in out
    assert (project / "var" / "briefing.sqlite.20261122T120000.aside").read_bytes() == b"spoilt " * 999
    with Store.open(path) as store:
        assert store.states()["ledger"].outcome == "new"
    assert sorted(p.name for p in path.parent.iterdir() if ".part" in p.name) == []


@pytest.mark.parametrize(("content", "said"), [(None, "is not there"), (b"spoilt " * 999, "is damaged")])
def test_a_backup_that_is_none_leaves_the_store_alone(project: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str) -> None:
    path, backup = project / "var" / "briefing.sqlite", project / "a.sqlite"
    with Store.open(path, write=True) as store:
        store.save(Brought(state=State(source="ledger", outcome="new")), now=datetime(2026, 11, 22, tzinfo=UTC))
    if content is not None:
        backup.write_bytes(content)
    code, _, err = call(project, capsys, "doctor", "--restore", str(backup))
    assert (code, said in err) == (7, True)
    with Store.open(path) as store:
        assert store.states()["ledger"].outcome == "new"


# ----------------------------------------------------------- the list and its page


def test_our_own_list_is_sound() -> None:
    listed, _ = sources(ROOT / "sources.yaml")
    assert len(listed) >= 40
    categories = {s.category for s in listed}
    assert {"compliance-federal", "compliance-state", "compliance-eu-uk", "ai-news", "ai-vendor", "legal-analysis", "security", "healthcare"} <= categories
    assert any(s.kind == "federal_register" for s in listed)
    assert any("indiana" in s.id or s.id == "ibj" for s in listed)
    assert all(s.site.startswith("https://") and s.url.startswith("https://") for s in listed)


def test_an_editor_finds_the_schema_on_the_first_line_and_a_word_for_every_key() -> None:
    assert (ROOT / "sources.yaml").read_text(encoding="utf-8").splitlines()[0] == "# yaml-language-server: $schema=docs/sources.schema.json"
    schema: Any = SourcesFile.model_json_schema()
    for part in (schema, schema["$defs"]["CollectSettings"], schema["$defs"]["_SourceEntry"]):
        assert part["additionalProperties"] is False
        assert [k for k, v in part["properties"].items() if not v.get("description")] == []


def test_the_schema_is_the_one_of_the_code() -> None:
    assert json.loads((ROOT / "docs" / "sources.schema.json").read_text(encoding="utf-8")) == SourcesFile.model_json_schema()


def test_every_key_word_and_limit_is_explained() -> None:
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    schema: Any = SourcesFile.model_json_schema()
    keys = list(schema["$defs"]["_SourceEntry"]["properties"]) + list(CollectSettings.model_fields)
    words = [*OUTCOMES, *REASONS, *get_args(SourceKind), *get_args(Tier)]
    assert [w for w in (*keys, *words) if f"`{w}`" not in page] == []
