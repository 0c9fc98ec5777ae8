"""Settings: read whole, wrong ones named with file, line, key and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing import config
from briefing.errors import ConfigError, UsageError

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = (ROOT / "pelicanconf.py").read_text(encoding="utf-8")

SOURCES = """\
collect:
  deadline_s: 20
sources:
  - id: ledger
    name: The Wabash Ledger
    url: https://ledger.example/feed.xml
    site: https://ledger.example/
    category: compliance-state
    kind: rss
    tier: wire
"""


def settings_faults(tmp_path: Path, text: str) -> tuple[str, ...]:
    path = tmp_path / "pelicanconf.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        config.publication(path)
    assert caught.value.code == 2
    return caught.value.faults


def source_faults(tmp_path: Path, text: str) -> tuple[str, ...]:
    path = tmp_path / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        config.sources(path)
    return caught.value.faults


def test_the_shipped_settings_are_read_without_running_them(tmp_path: Path) -> None:
    path = tmp_path / "pelicanconf.py"
    path.write_text(SETTINGS + "\nraise SystemExit('executed')\n", encoding="utf-8")
    publication = config.publication(path)
    assert publication.weekday == "tuesday"
    assert publication.cutoff_day == 0
    assert publication.cutoff_time.isoformat() == "18:00:00"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"zone": "America/Indiana/Indianapolis"', '"zone": "America/Springfield"', "PUBLICATION.zone: must be a time zone such as"),
        ('"weekday": "tuesday"', '"weekday": "tuseday"', "PUBLICATION.weekday: input should be 'monday'"),
        ('"cutoff": "monday 18:00"', '"cutoff": "monday 25:00"', "PUBLICATION.cutoff: must be a time of day such as 07:00"),
        ('"tagline"', '"tag_line"', "PUBLICATION.tag_line: unknown key; did you mean tagline?"),
        ('"approval_level": 1', '"approval_level": 7', "PUBLICATION.approval_level:"),
        ('"role": "editor",', "", "PUBLICATION.author.role: is missing; add it"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in SETTINGS
    changed = SETTINGS.replace(old, new)
    line = SETTINGS[: SETTINGS.index(old)].count("\n") + 1
    found = settings_faults(tmp_path, changed)
    assert any(message in f for f in found), found
    if "missing" not in message:
        assert any(f.startswith(f"pelicanconf.py:{line}: ") for f in found), (line, found)


def test_settings_that_are_no_python_or_no_literal(tmp_path: Path) -> None:
    assert settings_faults(tmp_path, "PUBLICATION = {\n")[0].startswith("pelicanconf.py:")
    assert "PUBLICATION: is missing" in settings_faults(tmp_path, "X = 1\n")[0]
    assert "plain values only" in settings_faults(tmp_path, "PUBLICATION = {'name': open('x')}\n")[0]


def test_ci_can_raise_the_level_and_nothing_lowers_it(tmp_path: Path) -> None:
    path = tmp_path / "pelicanconf.py"
    path.write_text(SETTINGS, encoding="utf-8")
    publication = config.publication(path)
    assert [publication.level({config.MIN_LEVEL: v}) for v in ("0", "1", "2", "3")] == [1, 1, 2, 3]
    with pytest.raises(UsageError, match="set it to 0, 1, 2 or 3"):
        publication.level({config.MIN_LEVEL: "none"})


def test_sources_are_read_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(SOURCES, encoding="utf-8")
    sources, limits = config.sources(path)
    assert [(s.id, s.line, s.voice) for s in sources] == [("ledger", 4, "ledger")]
    assert (limits.deadline_s, limits.max_hops) == (20, 5)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: rss", "kind: rs", "sources.yaml:9: sources[0].kind: input should be 'rss', 'atom'"),
        ("tier: wire", "teir: wire", "sources.yaml:10: sources[0].teir: unknown key; did you mean tier?"),
        ("https://ledger.example/feed.xml", "ftp://ledger.example/", "sources.yaml:6: sources[0].url: must be a http or https address"),
        ("deadline_s: 20", "deadline_s: 0", "sources.yaml:2: collect.deadline_s: input should be greater than 0"),
        (
            "collect:\n",
            "collect:\n  connect_to: {ledger.example: '10.0.0.1:80'}\n",
            "sources.yaml:2: collect.connect_to: ledger.example may only point at 127.0.0.1:port",
        ),
        ("sources:\n", "sources:\n  - &x\n    id: a\n", "sources.yaml:4: uses a YAML anchor"),
        ("    tier: wire\n", "    tier: wire\n    tier: trade\n", "sources.yaml:11: is not valid YAML"),
    ],
)
def test_a_wrong_source_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    found = source_faults(tmp_path, SOURCES.replace(old, new, 1))
    assert any(f.startswith(message) for f in found), found


def test_doubled_sources_are_named(tmp_path: Path) -> None:
    entry = SOURCES.partition("sources:\n")[2]
    assert source_faults(tmp_path, SOURCES + entry) == (
        "sources.yaml:11: sources[1].id: ledger stands already in line 4; keep one",
        "sources.yaml:13: sources[1].url: https://ledger.example/feed.xml stands already in line 6; keep one",
    )


def test_the_projects_own_sources_are_valid() -> None:
    sources, limits = config.sources(ROOT / "sources.yaml")
    assert len(sources) >= 40
    assert not limits.allow_private
    assert not limits.connect_to
