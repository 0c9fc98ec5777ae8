"""A finished site in a real browser. Without Chromium these tests are skipped with a message; in CI that is a failure."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evals import _browser

WORLD = Path(__file__).resolve().parent.parent / "site" / "conftest.py"


@pytest.fixture(scope="session")
def world() -> Any:
    """The small publication of tests/site."""
    spec = importlib.util.spec_from_file_location("briefing_site_world", WORLD)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def out(world: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world.build_site(tmp_path_factory.mktemp("browser"), world.make_admitted()).out


@pytest.fixture(scope="module")
def address(out: Path) -> Iterator[str]:
    with _browser.served(out) as base:
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium a module: a longer life would keep playwright's event loop in the way of other tests."""
    if _browser.chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(_browser.MISSING)
        pytest.skip(_browser.MISSING)
    with _browser.browser() as started:
        yield started
