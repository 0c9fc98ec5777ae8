"""The documentation says what the code does: every setting, every exit code, every module."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing import config, errors

DOCS = Path(__file__).resolve().parent.parent / "docs"


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("key", list(config.Publication.model_fields))
def test_every_setting_is_documented(key: str) -> None:
    assert f"| `{key}` |" in text("settings.md")


@pytest.mark.parametrize("key", [*config.Person.model_fields, *config.Sender.model_fields])
def test_every_nested_setting_is_documented(key: str) -> None:
    assert f"`{key}`" in text("settings.md")


def test_every_mail_service_is_documented() -> None:
    for service in config.Sender.model_fields["service"].annotation.__args__:  # type: ignore[union-attr]
        assert f"`{service}`" in text("settings.md")


def test_every_exit_code_is_documented() -> None:
    codes = {c.code for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.BriefingError)}
    documented = {int(n) for n in re.findall(r"^\| (\d+) \|", text("exit-codes.md"), re.MULTILINE)}
    assert codes | {0} <= documented


def test_every_link_between_documents_leads_somewhere() -> None:
    root = DOCS.parent
    for page in [*DOCS.rglob("*.md"), root / "README.md", root / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
        for target in re.findall(r"`(docs/[a-z0-9./-]+)`", page.read_text(encoding="utf-8")):
            assert (root / target).exists(), f"{page.name} names {target}"


def test_every_module_has_a_place_in_the_architecture() -> None:
    package = DOCS.parent / "plugins" / "briefing"
    named = text("architecture.md")
    for path in sorted(package.iterdir()):
        if path.suffix == ".py" and path.stem != "__init__":
            assert re.search(rf"\b{path.stem}\b", named), f"{path.name} is not in docs/architecture.md"
        elif path.is_dir() and (path / "__init__.py").exists():
            assert f"{path.name}/" in named or f"{path.name}." in named, f"{path.name}/ is not in docs/architecture.md"
