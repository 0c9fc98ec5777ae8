"""Every error this package raises on purpose, and the exit code each ends a command with.

    BriefingError                    1   (never raised itself: a bug if seen)
    ├── UsageError                   2   wrong call or configuration
    │   └── ConfigError              2   a settings file: file, line, key, what is allowed
    ├── SourcesFailed                3   done, but some sources failed
    ├── NothingApproved              4   no approved edition: nothing published for it, no email
    ├── ApprovalRefused              5   an approval is missing, changed or cannot be checked
    ├── ContentRefused               6   an article, edition or page breaks a rule
    │   └── ArticleError             6   one article: file, line, rule
    ├── StorageError                 7   disk, permissions, damaged store
    ├── LockHeld                     8   another run is at work
    ├── NoSourceRead                 9   no source could be read at all
    ├── FetchError                   3   one address could not be read (never ends a run by itself)
    └── ModelUnavailable             3   a language model gave no usable answer (never ends a run: drafts are made without it)

The numbers are those of `docs/exit-codes.md`. `str(error)` is one line that says which file or source, what was found
and what to do next; control characters in it are made visible by `one_line`.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

_USERINFO = re.compile(r"(https?://)[^/\s@]*@")
_LONGEST = 600


def visible(text: str) -> str:
    """The text with every control, format and line-break character written as an escape such as `\\u200b`."""
    if text.isprintable():
        return text  # most text, and a hundred times faster
    out = []
    for char in text:
        if unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}:
            out.append(char.encode("unicode_escape", "surrogatepass").decode("ascii"))
        else:
            out.append(char)
    return "".join(out)


def joins(text: str, index: int) -> bool:
    """Whether the character at `index` is a joiner (U+200C, U+200D) between two that need one: emoji, Arabic and Indic letters.

    It is then part of the word, the only invisible character that is.
    """
    if text[index] not in "\u200c\u200d" or not 0 < index < len(text) - 1:
        return False
    return all(ord(c) >= 0x0590 and unicodedata.category(c)[0] in "LMS" for c in (text[index - 1], text[index + 1]))


def one_line(text: str) -> str:
    """A message safe to print on a terminal: one line, no control characters, no password in an address, at most 600 characters."""
    text = _USERINFO.sub(r"\1", visible(" ".join(text.split())))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def public_url(url: str) -> str:
    """The address without user name, password, query values or fragment, for messages and logs."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "…" if parts.query else "", ""))
    except ValueError:
        return visible(url)


class BriefingError(Exception):
    """The root. `code` is the exit code; the message is one line."""

    code = 1

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class UsageError(BriefingError):
    """The command or its settings are wrong."""

    code = 2


class ConfigError(UsageError):
    """A settings file is wrong. All faults are listed, one `file:line: key: what, what is allowed` each."""

    def __init__(self, faults: str | list[str]) -> None:
        self.faults = tuple(one_line(f) for f in ([faults] if isinstance(faults, str) else faults))
        super().__init__("; ".join(self.faults))


class FetchError(BriefingError):
    """One address could not be read.

    `reason` is a word of a closed list (see `collect.fetch.REASONS`), `detail` says what was seen.
    """

    code = 3

    def __init__(self, reason: str, detail: str, *, url: str = "", retry_after_s: float | None = None) -> None:
        self.reason = reason
        self.detail = one_line(detail)
        self.url = url
        self.retry_after_s = retry_after_s
        super().__init__(f"{reason}: {detail}")


class ModelUnavailable(BriefingError):
    """A language model gave no usable answer; the draft is made without it.

    `reason` is a word of a closed list (see `draft.request.REASONS`), `detail` says what was seen.
    """

    code = 3

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = one_line(detail)
        super().__init__(f"{reason}: {detail}")


class SourcesFailed(BriefingError):
    """The run is done and usable, but some sources failed; each is named in the report."""

    code = 3


class NothingApproved(BriefingError):
    """No approved article or edition: nothing is published for it and no email is offered."""

    code = 4


class ApprovalRefused(BriefingError):
    """An approval is missing, does not fit the bytes, or cannot be checked."""

    code = 5


class ContentRefused(BriefingError):
    """Content breaks a rule: file, line, the offending text made visible, the rule."""

    code = 6


class ArticleError(ContentRefused):
    """One or more faults in one article; each is `file:line: what, what to do`."""

    def __init__(self, path: Path | str, faults: list[tuple[int, str]]) -> None:
        self.path = str(path)
        self.faults = tuple((line, one_line(text)) for line, text in faults)
        super().__init__("; ".join(f"{self.path}:{line}: {text}" for line, text in self.faults))

    @property
    def lines(self) -> tuple[str, ...]:
        """One printable line a fault."""
        return tuple(f"{self.path}:{line}: {text}" for line, text in self.faults)


class StorageError(BriefingError):
    """Disk full, read-only or damaged: what was kept and how to restore."""

    code = 7


class LockHeld(BriefingError):
    """Another run holds the lock: its process id and start time."""

    code = 8


class NoSourceRead(BriefingError):
    """No source could be read; the last good state is kept."""

    code = 9
