"""The YAML that we write ourselves, read fast: `key: value` lines, JSON strings, days, whole numbers, plain words, lists and maps by indentation.

`yamlfile` asks here first. What this module is not sure of, it leaves to the full reader by answering None: comments, other quotes, blank lines,
anything with a fault. So it never decides what is wrong, and where it answers, the answer is the full reader's (a test compares the two).
It exists because the full reader takes 20 to 40 ms an article, which was most of a build.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*):(?: (.+))?")
# No control characters, no escapes but JSON's own, no surrogates: there the two readers would differ.
_TEXT = re.compile(r'"(?:[^"\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]|\\["\\/bfnrt]|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})*"')
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"0|[1-9]\d{0,8}")
_MEANS_ELSE = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_INDENT = 2

Path = tuple[str | int, ...]


class _Unsure(Exception):
    pass


def load(text: str, first_line: int) -> tuple[Any, dict[Path, int]] | None:
    """What `yamlfile.load` would give, or None where that has to look itself."""
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if not lines:
        return None
    reader = _Reader(lines, first_line)
    try:
        data, at = reader.block(0, 0, ())
    except (_Unsure, ValueError, IndexError):
        return None
    return (data, reader.where) if at == len(lines) else None


class _Reader:
    def __init__(self, lines: list[str], first: int) -> None:
        self.lines = lines
        self.first = first
        self.where: dict[Path, int] = {(): first}

    def block(self, at: int, indent: int, path: Path) -> tuple[Any, int]:
        """The map or list that begins in line `at` with this indentation, and the line after it."""
        if self.lines[at][indent : indent + 2] == "- ":
            return self.items(at, indent, path)
        return self.keys(at, indent, path, {})

    def keys(self, at: int, indent: int, path: Path, out: dict[str, Any]) -> tuple[dict[str, Any], int]:
        pad = " " * indent
        while at < len(self.lines):
            line = self.lines[at]
            if not line.startswith(pad) or line[indent : indent + 1] == " ":
                break
            at = self.key(line[indent:], at, indent, path, out)
        if not out:
            raise _Unsure
        return out, at

    def key(self, rest: str, at: int, indent: int, path: Path, out: dict[str, Any]) -> int:
        """One `key: value` or `key:` with a block under it; the line after it."""
        match = _KEY.fullmatch(rest)
        if not match or match.group(1) in out or match.group(1).lower() in _MEANS_ELSE:
            raise _Unsure
        name, value = match.groups()
        here = (*path, name)
        self.where[here] = self.first + at
        if value is not None:
            out[name] = self.value(value, at, here)
            return at + 1
        if at + 1 >= len(self.lines) or not self.lines[at + 1].startswith(" " * (indent + _INDENT)):
            raise _Unsure
        out[name], at = self.block(at + 1, indent + _INDENT, here)
        return at

    def items(self, at: int, indent: int, path: Path) -> tuple[list[Any], int]:
        out: list[Any] = []
        mark = " " * indent + "- "
        while at < len(self.lines) and self.lines[at].startswith(mark):
            rest = self.lines[at][indent + _INDENT :]
            here = (*path, len(out))
            self.where[here] = self.first + at
            if _KEY.fullmatch(rest):
                entry: dict[str, Any] = {}
                after = self.key(rest, at, indent + _INDENT, here, entry)
                if after < len(self.lines) and self.lines[after].startswith(" " * (indent + _INDENT)):
                    entry, after = self.keys(after, indent + _INDENT, here, entry)
                out.append(entry)
                at = after
            else:
                out.append(self.scalar(rest))
                at += 1
        return out, at

    def value(self, text: str, at: int, path: Path) -> Any:
        if not text.startswith("["):
            return self.scalar(text)
        if not text.endswith("]"):
            raise _Unsure
        inside, end = text[1:-1], 0
        out: list[Any] = []
        while end < len(inside):
            match = _TEXT.match(inside, end) or _WORD.match(inside, end)
            if not match:
                raise _Unsure
            self.where[(*path, len(out))] = self.first + at
            out.append(self.scalar(match.group(0)))
            end = match.end()
            if end < len(inside):
                if inside[end : end + 2] != ", " or end + 2 == len(inside):
                    raise _Unsure
                end += 2
        return out

    def scalar(self, text: str) -> Any:
        if _TEXT.fullmatch(text):
            return json.loads(text)
        if _WORD.fullmatch(text) and text.lower() not in _MEANS_ELSE:
            return text
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _NUMBER.fullmatch(text):
            return int(text)
        raise _Unsure
