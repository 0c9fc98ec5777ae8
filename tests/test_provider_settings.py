"""The language model's settings: what is read, and the message for each thing that is wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest

from briefing.draft import settings
from briefing.errors import UsageError

URL = "https://api.example/v1"
FULL = {"BRIEFING_MODEL_URL": URL, "BRIEFING_MODEL": "small-1", "PATH": "/bin"}


def test_no_settings_means_no_model() -> None:
    assert settings.read({"PATH": "/bin", "BRIEFING_MIN_LEVEL": "1"}) is None
    assert settings.read({"BRIEFING_MODEL_URL": "", "BRIEFING_MODEL": " ", "BRIEFING_MODEL_KEY": ""}) is None


def test_the_smallest_settings_have_careful_defaults() -> None:
    read = settings.read(FULL)
    assert read is not None
    assert (read.url, read.name, read.dialect) == (URL + "/chat/completions", "small-1", "openai")
    assert (read.tokens, read.usd, read.seconds) == (200_000, None, 180.0)
    assert read.described == "software with the language model small-1"


def test_a_price_makes_a_cost() -> None:
    read = settings.read(FULL | {"BRIEFING_MODEL_USD": "2.50", "BRIEFING_MODEL_PRICE": "0.50/2", "BRIEFING_MODEL_TOKENS": "5000"})
    assert read is not None
    assert (read.usd, read.tokens) == (Decimal("2.50"), 5000)
    assert read.cost(1_000_000, 500_000) == Decimal("1.50")


@pytest.mark.parametrize(
    ("url", "dialect", "address"),
    [
        ("https://api.example/v1/", "openai", "https://api.example/v1/chat/completions"),
        ("https://api.example/v1/chat/completions", "openai", "https://api.example/v1/chat/completions"),
        ("https://api.example", "anthropic", "https://api.example/v1/messages"),
        ("https://api.example/v1", "anthropic", "https://api.example/v1/messages"),
        ("https://api.example/v1/messages", "anthropic", "https://api.example/v1/messages"),
        ("http://127.0.0.1:8080/v1", "llamacpp", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://[::1]:8080/v1", "llamacpp", "http://[::1]:8080/v1/chat/completions"),
        ("http://localhost:8080/v1", "llamacpp", "http://localhost:8080/v1/chat/completions"),
    ],
)
def test_the_address_gets_its_dialects_path(url: str, dialect: str, address: str) -> None:
    read = settings.read({"BRIEFING_MODEL_URL": url, "BRIEFING_MODEL": "m", "BRIEFING_MODEL_DIALECT": dialect})
    assert read is not None
    assert read.url == address


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"BRIEFING_MODEL_URL": ""}, "BRIEFING_MODEL_URL is not set but BRIEFING_MODEL is; set it, or unset BRIEFING_MODEL to draft without a language model"),
        ({"BRIEFING_MODEL": ""}, "BRIEFING_MODEL is not set but BRIEFING_MODEL_URL is"),
        ({"BRIEFING_MODEL_ULR": "x"}, "BRIEFING_MODEL_ULR is not a setting; the language model's are BRIEFING_MODEL_URL, BRIEFING_MODEL, "),
        ({"BRIEFING_MODEL_URL": "http://api.example/v1"}, "BRIEFING_MODEL_URL uses http to api.example, another machine; use https there"),
        ({"BRIEFING_MODEL_URL": "http://127.0.0.1.evil.example/v1"}, "another machine; use https there"),
        ({"BRIEFING_MODEL_URL": "ftp://api.example"}, "BRIEFING_MODEL_URL is not a web address; set it to https://"),
        ({"BRIEFING_MODEL_URL": "https://[::1/v1"}, "BRIEFING_MODEL_URL is not an address"),
        ({"BRIEFING_MODEL_URL": "https://u:p@api.example/v1"}, "put the key into BRIEFING_MODEL_KEY"),
        ({"BRIEFING_MODEL_URL": "https://api.example/v1?key=abc"}, "put the key into BRIEFING_MODEL_KEY"),
        ({"BRIEFING_MODEL": "bad\u200bname"}, "BRIEFING_MODEL is 'bad\\u200bname'; a model's name has letters"),
        ({"BRIEFING_MODEL": "a](https://evil.example)"}, "a model's name has letters"),
        ({"BRIEFING_MODEL_KEY": "two words"}, "BRIEFING_MODEL_KEY is no key"),
        ({"BRIEFING_MODEL_DIALECT": "openapi"}, "BRIEFING_MODEL_DIALECT is 'openapi'; set it to one of openai, anthropic, llamacpp"),
        ({"BRIEFING_MODEL_TOKENS": "many"}, "BRIEFING_MODEL_TOKENS is 'many'; set it to a whole number above 0"),
        ({"BRIEFING_MODEL_TOKENS": "0"}, "BRIEFING_MODEL_TOKENS is '0'"),
        ({"BRIEFING_MODEL_USD": "2"}, "BRIEFING_MODEL_USD is set without a price; set BRIEFING_MODEL_PRICE"),
        ({"BRIEFING_MODEL_USD": "NaN", "BRIEFING_MODEL_PRICE": "1/2"}, "BRIEFING_MODEL_USD is 'NaN'; set it to dollars such as 1.50"),
        ({"BRIEFING_MODEL_PRICE": "3"}, "BRIEFING_MODEL_PRICE is '3'; set it to dollars a million tokens, in/out"),
        ({"BRIEFING_MODEL_PRICE": "3/-1"}, "BRIEFING_MODEL_PRICE is '-1'"),
        ({"BRIEFING_MODEL_SECONDS": "soon"}, "BRIEFING_MODEL_SECONDS is 'soon'; set it to seconds such as 180"),
        ({"BRIEFING_MODEL_SECONDS": "0"}, "BRIEFING_MODEL_SECONDS is 0, which is for a model on this machine"),
    ],
)
def test_each_wrong_setting_says_what_to_do(change: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings.read(FULL | change)
    assert message in str(caught.value)
    assert "two words" not in str(caught.value)
    assert "key=abc" not in str(caught.value)
    assert "u:p@" not in str(caught.value)


def test_a_local_model_may_take_its_time() -> None:
    read = settings.read({"BRIEFING_MODEL_URL": "http://127.0.0.1:8080/v1", "BRIEFING_MODEL": "m", "BRIEFING_MODEL_SECONDS": "0"})
    assert read is not None
    assert read.seconds is None
