"""The email's documents cannot lie: each row names a test that exists, each service and file is described (E56)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from briefing import offer
from briefing.site.mail import senders

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent


def rows() -> list[tuple[int, list[str]]]:
    text = (ROOT / "docs" / "email.md").read_text(encoding="utf-8")
    return [(int(n), [w.strip() for w in held.split(",")]) for n, held in re.findall(r"^\| E(\d+) \|.*\| ([^|]+) \|$", text, re.MULTILINE)]


def test_every_row_of_a_test_file_is_held_there() -> None:
    assert [n for n, _ in rows()] == [*range(1, 55), 56]
    for number, places in rows():
        for place in places:
            if place in {"eval", "with Java", "docs/sending.md"}:
                continue
            source = (HERE / f"test_email_{place}.py").read_text(encoding="utf-8")
            assert re.search(rf"def test_(\w+_and_)?e{number}_", source), f"E{number} has no test in test_email_{place}.py"


def test_every_test_of_a_row_is_in_the_list() -> None:
    known = {n for n, _ in rows()}
    for path in HERE.glob("test_email_*.py"):
        if path.name not in {"test_email_bundle.py", "test_email_docs.py"}:  # the bundle's numbers are hostile rows E01 to E05
            for name in re.findall(r"def test_(e\d+(?:_and_e\d+)*)", path.read_text(encoding="utf-8")):
                assert {int(n) for n in re.findall(r"\d+", name)} <= known


@pytest.mark.parametrize(
    "word", ["SPF", "DKIM", "DMARC", "one click", "0.1 %", "test-send", "Monday 18:00", "verify", "next.json", offer.MANIFEST, *offer.FILES]
)
def test_e56_sending_says_it(word: str) -> None:
    assert word in (ROOT / "docs" / "sending.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("service", senders.SENDERS)
def test_e56_every_service_is_described_with_its_tag(service: str) -> None:
    text = (ROOT / "docs" / "sending.md").read_text(encoding="utf-8").replace("\\|", "|")
    row = next(line for line in text.splitlines() if line.startswith(f"| `{service}` |"))
    assert f"`{senders.SENDERS[service].unsubscribe}`" in row


def test_e16_clients_support_what_is_used(corpus: Path, files: Mapping[str, bytes]) -> None:
    from evals import email as measured

    rows = list(measured.support(corpus / "email" / "caniemail.json.gz", files["email.html"].decode("ascii")))
    assert len(rows) == 2 + len(measured.CLIENTS)
    assert [row for row in rows if row.holds is False] == []


def test_e16_an_unjudged_feature_is_noticed() -> None:
    from evals import email as measured

    used, strange = measured.features('<body><blink style="filter: blur(1px)">x</blink><p hidden>y</p></body>')
    assert strange == {"blink", "filter", "@hidden"}
    assert {"html-body", "html-p"} <= used


def test_e56_the_example_of_next_json_is_one() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "sending.md").read_text(encoding="utf-8"), re.DOTALL)
    read = offer.Next.model_validate_json(example)
    assert (read.state, list(read.files)) == ("ready", ["2026-11-24/email.html"])
    assert set(offer.Next.model_json_schema()["properties"]) == set(json.loads(example)), "it shows every key"
