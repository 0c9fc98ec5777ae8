"""What the model may use for an edition: counted before the answer is used, kept on disk, and a stop when it is used up."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from briefing.draft import budget
from briefing.draft.budget import Meter
from briefing.draft.request import REASONS, Request
from briefing.draft.settings import ModelSettings
from briefing.errors import ModelUnavailable, StorageError
from briefing.testing import RecordedProvider

EDITION = date(2026, 11, 24)
AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
ASK = Request(prompt="write", system="s" * 300, user="u" * 600, schema={}, tokens_out=1000)  # 700 tokens in, at the most 1,000 out


def settings(**more: Any) -> ModelSettings:
    return ModelSettings(url="http://127.0.0.1:9/v1/chat/completions", name="small-1", **more)


def meter(folder: Path, provider: RecordedProvider, **more: Any) -> Meter:
    path = folder / "model" / "2026-11-24.json"
    return Meter(provider=provider, settings=settings(**more), path=path, name="var/model/2026-11-24.json", edition=EDITION, at=AT)


def test_each_request_is_on_record(tmp_path: Path) -> None:
    asking = meter(tmp_path, RecordedProvider(["{}" * 30, "{}"]), price_in=Decimal(1), price_out=Decimal(2))
    asking.asking("first-article")(ASK)
    asking.asking("second-article")(ASK)
    kept = json.loads(asking.path.read_text(encoding="utf-8"))
    assert kept["edition"] == "2026-11-24"
    assert kept["calls"][0] == {
        "at": "2026-11-23T20:00:00Z",
        "article": "first-article",
        "model": "small-1",
        "prompt": "write",
        "outcome": "answered",
        "tokens_in": 700,
        "tokens_out": 21,
        "usd": "0.000742",
    }
    assert [c["article"] for c in kept["calls"]] == ["first-article", "second-article"]


@pytest.mark.parametrize(
    ("reason", "tokens_in", "tokens_out"),
    [
        ("timeout", 700, 1000),
        ("cut-off", 700, 1000),
        ("bad-answer", 700, 0),
        ("refused", 700, 0),
        ("server-error", 700, 0),
        ("unreachable", 0, 0),
        ("wait", 0, 0),
    ],
)
def test_a_failed_request_counts_as_what_it_may_have_used(tmp_path: Path, reason: str, tokens_in: int, tokens_out: int) -> None:
    asking = meter(tmp_path, RecordedProvider([ModelUnavailable(reason, "x")]))
    with pytest.raises(ModelUnavailable):
        asking.asking("a")(ASK)
    kept = budget.load(asking.path, "x", asking.settings, EDITION).calls[0]
    assert (kept.outcome, kept.tokens_in, kept.tokens_out) == (reason, tokens_in, tokens_out)
    assert reason in REASONS


def test_a_request_that_does_not_fit_is_not_made(tmp_path: Path) -> None:
    provider = RecordedProvider(["{}", "{}", "{}"])
    ask = meter(tmp_path, provider, tokens=2_400).asking("a")
    ask(ASK)  # uses 701
    with pytest.raises(ModelUnavailable) as caught:
        ask(ASK)
    assert caught.value.reason == "budget"
    assert str(caught.value) == ("budget: 701 of 2,400 tokens are used for 2026-11-24 and this request may need 1,700; raise BRIEFING_MODEL_TOKENS")
    assert len(provider.asked) == 1


def test_money_is_a_limit_of_its_own(tmp_path: Path) -> None:
    provider = RecordedProvider(["{}", "{}"])
    ask = meter(tmp_path, provider, usd=Decimal("0.02"), price_in=Decimal(5), price_out=Decimal(15)).asking("a")
    ask(ASK)  # may cost 0.0185, costs 0.003515
    with pytest.raises(ModelUnavailable) as caught:
        ask(ASK)
    assert str(caught.value) == "budget: $0.004 of $0.020 are used for 2026-11-24 and this request may cost $0.018; raise BRIEFING_MODEL_USD"
    assert len(provider.asked) == 1


def test_another_edition_has_its_own_budget(tmp_path: Path) -> None:
    asking = meter(tmp_path, RecordedProvider(["{}"]))
    asking.asking("a")(ASK)
    assert budget.load(tmp_path / "2026-12-01.json", "x", asking.settings, date(2026, 12, 1)).used_tokens == 0


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"version": 2, "edition": "2026-11-24", "calls": []}', b'{"version": 1, "edition": "2026-12-01", "calls": []}', b"\xff"]
)
def test_a_record_that_cannot_be_read_stops_the_model_and_nothing_else(tmp_path: Path, damage: bytes) -> None:
    provider = RecordedProvider(["{}"])
    asking = meter(tmp_path, provider)
    asking.path.parent.mkdir()
    asking.path.write_bytes(damage)
    with pytest.raises(ModelUnavailable) as caught:
        asking.asking("a")(ASK)
    assert caught.value.reason == "budget"
    assert "var/model/2026-11-24.json" in str(caught.value)
    assert "delete it" in str(caught.value)
    assert provider.asked == []
    assert asking.path.read_bytes() == damage


def test_a_record_that_cannot_be_kept_stops_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(budget.os, "fsync", full)
    with pytest.raises(ModelUnavailable) as caught:
        meter(tmp_path, RecordedProvider(["{}"])).asking("a")(ASK)
    assert str(caught.value).startswith("budget: var/model/2026-11-24.json: cannot be written (No space left on device)")
    with pytest.raises(StorageError):
        budget.save(tmp_path / "x.json", "x.json", budget.Budget(edition=EDITION, tokens=1, usd=None))


def test_the_record_is_replaced_whole(tmp_path: Path) -> None:
    asking = meter(tmp_path, RecordedProvider(["{}", "{}"]))
    asking.asking("a")(ASK)
    asking.asking("a")(ASK)
    assert sorted(p.name for p in asking.path.parent.iterdir()) == ["2026-11-24.json"]
