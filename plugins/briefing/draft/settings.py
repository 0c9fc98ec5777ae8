"""The language model's settings, out of the environment and nowhere else. No settings means no model.

BRIEFING_MODEL_URL      https://… of the service, or http://127.0.0.1:… of a program on this machine
BRIEFING_MODEL          the model's name as the service knows it
BRIEFING_MODEL_KEY      the key; never shown, logged or written anywhere
BRIEFING_MODEL_DIALECT  openai (default), anthropic, llamacpp
BRIEFING_MODEL_TOKENS   tokens an edition may use, in and out together (default 200000)
BRIEFING_MODEL_USD      dollars an edition may cost; needs the price
BRIEFING_MODEL_PRICE    dollars a million tokens, in/out, such as 0.50/2
BRIEFING_MODEL_SECONDS  how long one answer may take in all (default 180; 0: no limit, on this machine only)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from typing import Literal, get_args
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from ..errors import UsageError, visible

Dialect = Literal["openai", "anthropic", "llamacpp"]
PREFIX = "BRIEFING_MODEL"
KNOWN = tuple(PREFIX + end for end in ("_URL", "", "_KEY", "_DIALECT", "_TOKENS", "_USD", "_PRICE", "_SECONDS"))
TOKENS = 200_000
SECONDS = 180.0
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}")
_PATH: Mapping[Dialect, str] = {"openai": "/chat/completions", "anthropic": "/v1/messages", "llamacpp": "/chat/completions"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelSettings:
    """Which model is asked, where, and how much of it one edition may use."""

    url: str  # the address that answers, with its path
    name: str
    dialect: Dialect = "openai"
    key: SecretStr = field(default_factory=lambda: SecretStr(""))  # its repr and str are stars
    tokens: int = TOKENS  # an edition, in and out together
    usd: Decimal | None = None  # an edition; None: only tokens are counted
    price_in: Decimal = Decimal(0)  # dollars a million tokens
    price_out: Decimal = Decimal(0)
    seconds: float | None = SECONDS  # one answer with its repeats; None: no limit

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal:
        """What so many tokens cost, in dollars."""
        return (self.price_in * tokens_in + self.price_out * tokens_out) / 1_000_000

    @property
    def described(self) -> str:
        """What a ledger says of a draft this model wrote."""
        return f"software with the language model {self.name}"


def read(environ: Mapping[str, str]) -> ModelSettings | None:
    """The settings, or None where none is set. Raises UsageError where they are wrong or only half there."""
    given = {name: value.strip() for name, value in environ.items() if name.startswith(PREFIX) and value.strip()}
    if not given:
        return None
    for name in sorted(given):
        if name not in KNOWN:
            raise UsageError(f"{visible(name)} is not a setting; the language model's are {', '.join(KNOWN)}")
    for name in (PREFIX + "_URL", PREFIX):
        if name not in given:
            raise UsageError(f"{name} is not set but {min(given)} is; set it, or unset {', '.join(sorted(given))} to draft without a language model")
    dialect = _dialect(given.get(PREFIX + "_DIALECT", "openai"))
    parts = _address(given[PREFIX + "_URL"])
    price = given.get(PREFIX + "_PRICE", "")
    usd = _money(given[PREFIX + "_USD"], "_USD") if PREFIX + "_USD" in given else None
    if usd is not None and not price:
        raise UsageError(f"{PREFIX}_USD is set without a price; set {PREFIX}_PRICE to dollars a million tokens, in/out, such as 0.50/2")
    price_in, price_out = _price(price) if price else (Decimal(0), Decimal(0))
    return ModelSettings(
        url=_with_path(parts, dialect),
        name=_name(given[PREFIX]),
        dialect=dialect,
        key=_key(given.get(PREFIX + "_KEY", "")),
        tokens=_whole(given.get(PREFIX + "_TOKENS", str(TOKENS)), "_TOKENS"),
        usd=usd,
        price_in=price_in,
        price_out=price_out,
        seconds=_seconds(given.get(PREFIX + "_SECONDS", ""), parts),
    )


def _dialect(text: str) -> Dialect:
    for known in get_args(Dialect):
        if text == known:
            return known  # type: ignore[no-any-return]
    raise UsageError(f"{PREFIX}_DIALECT is {text!r}; set it to one of {', '.join(get_args(Dialect))}")


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise UsageError(f"{PREFIX} is {text[:100]!r}; a model's name has letters, digits and . _ : / @ + - only, at most 100")
    return text


def _key(text: str) -> SecretStr:
    if not text.isascii() or not text.isprintable() or " " in text or len(text) > 1000:
        raise UsageError(f"{PREFIX}_KEY is no key (it has spaces, line breaks or letters beyond ASCII); copy it again")
    return SecretStr(text)


def _address(text: str) -> SplitResult:
    """The address, refused where its words would go over the network in the clear or a secret stands in it."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UsageError(f"{PREFIX}_URL is not an address; set it to https://… or http://127.0.0.1:PORT/v1") from error
    if parts.scheme not in {"http", "https"} or not host or port == 0 or not text.isprintable() or " " in text:
        raise UsageError(f"{PREFIX}_URL is not a web address; set it to https://… or http://127.0.0.1:PORT/v1")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(f"{PREFIX}_URL holds a user name, a query or a fragment; put the key into {PREFIX}_KEY and leave the plain address")
    if parts.scheme == "http" and not loopback(host):
        raise UsageError(f"{PREFIX}_URL uses http to {visible(host)}, another machine; use https there (http is for 127.0.0.1, ::1 and localhost)")
    return parts


def loopback(host: str) -> bool:
    """Whether this host is the machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _with_path(parts: SplitResult, dialect: Dialect) -> str:
    path, end = parts.path.rstrip("/"), _PATH[dialect]
    if path.endswith(end.removeprefix("/v1")):
        return parts._replace(path=path).geturl()
    if dialect == "anthropic":
        path = path.removesuffix("/v1")
    return parts._replace(path=path + end).geturl()


def _whole(text: str, end: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,9}", text):
        raise UsageError(f"{PREFIX}{end} is {text[:40]!r}; set it to a whole number above 0")
    return int(text)


def _money(text: str, end: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= 1_000_000:
        raise UsageError(f"{PREFIX}{end} is {text[:40]!r}; set it to dollars such as 1.50")
    return amount


def _price(text: str) -> tuple[Decimal, Decimal]:
    first, slash, second = text.partition("/")
    if not slash:
        raise UsageError(f"{PREFIX}_PRICE is {text[:40]!r}; set it to dollars a million tokens, in/out, such as 0.50/2")
    return _money(first.strip(), "_PRICE"), _money(second.strip(), "_PRICE")


def _seconds(text: str, parts: SplitResult) -> float | None:
    if not text:
        return SECONDS
    if not re.fullmatch(r"\d{1,5}(\.\d{1,3})?", text):
        raise UsageError(f"{PREFIX}_SECONDS is {text[:40]!r}; set it to seconds such as 180")
    if float(text) == 0:
        if not loopback(parts.hostname or ""):
            raise UsageError(f"{PREFIX}_SECONDS is 0, which is for a model on this machine; set it to seconds such as 180")
        return None
    return float(text)
