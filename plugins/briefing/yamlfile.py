"""Strict YAML with line numbers: what `sources.yaml`, front matter, editions, deadlines and the playbook are read with.

Refused: duplicate keys, tags, anchors and aliases, more than one document, anything that is not plain data. YAML 1.2 rules
(`no` is a word, `012` is twelve). Every fault names its line.
"""

from __future__ import annotations

import difflib
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from . import yamlplain

Path = tuple[str | int, ...]
Lines = Mapping[Path, int]
M = TypeVar("M", bound=BaseModel)

_LONGEST = 4_000_000


class YamlFault(ValueError):
    """Text that is not YAML as we read it. `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def load(text: str, *, first_line: int = 1) -> tuple[Any, dict[Path, int]]:
    """The data (dicts, lists, str, int, float, bool, None, date, datetime) and the line of each key and list entry.

    `first_line` is the line number of the text's first line in its file. Raises YamlFault.
    """
    if len(text) > _LONGEST:
        raise YamlFault(first_line, f"is longer than {_LONGEST:,} characters; split it")
    return yamlplain.load(text, first_line) or load_fully(text, first_line=first_line)


def load_fully(text: str, *, first_line: int = 1) -> tuple[Any, dict[Path, int]]:
    """The same as `load`, always by the full reader: any YAML, and every fault with its line. Raises YamlFault."""
    yaml = YAML(typ="rt", pure=True)
    yaml.allow_duplicate_keys = False
    try:
        for event in yaml.parse(io.StringIO(text)):
            _refuse_magic(event, first_line)
        data = yaml.load(io.StringIO(text))
    except YamlFault:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise YamlFault(line, f"is not valid YAML ({(error.problem or 'unreadable').split(chr(10))[0]}); correct this line") from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise YamlFault(first_line, f"is not valid YAML ({str(error).splitlines()[0] if str(error) else 'unreadable'})") from error
    lines: dict[Path, int] = {(): first_line}
    return _plain(data, (), lines, first_line), lines


def _refuse_magic(event: Any, first_line: int) -> None:
    line = first_line + event.start_mark.line
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise YamlFault(line, "uses a YAML anchor or alias; write the value out, or quote a text that begins with & or *")
    tag = getattr(event, "tag", None) or getattr(event, "ctag", None)
    if (tag is not None and str(tag).startswith("!")) or (tag is not None and "python" in str(tag)):
        raise YamlFault(line, "uses a YAML tag; remove it, or quote a text that begins with !")


def _plain(node: Any, path: Path, lines: dict[Path, int], first: int) -> Any:
    if isinstance(node, Mapping):
        out = {}
        for key, value in node.items():
            name = str(key)
            here = (*path, name)
            lines[here] = first + _line_of(node, key)
            out[name] = _plain(value, here, lines, first)
        return out
    if isinstance(node, Sequence) and not isinstance(node, str | bytes):
        items = []
        for index, value in enumerate(node):
            here = (*path, index)
            lines[here] = first + _line_of(node, index)
            items.append(_plain(value, here, lines, first))
        return items
    if isinstance(node, bool) or node is None:
        return node
    for kind in (str, int, float):
        if isinstance(node, kind):
            return kind(node)
    if isinstance(node, datetime):
        return datetime.fromisoformat(node.isoformat())
    if isinstance(node, date):
        return node
    return str(node)


def _line_of(node: Any, key: Any) -> int:
    try:
        marks = node.lc
        where = marks.item if isinstance(key, int) else marks.key
        return int(where(key)[0])
    except (AttributeError, KeyError, TypeError, IndexError):
        return 0


def check(model: type[M], data: Any, lines: Lines) -> tuple[M | None, list[tuple[int, str]]]:
    """The validated model, or None and every fault as (line, "key: what was found, what is allowed")."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [_fault(model, e, lines) for e in error.errors()]


def _fault(model: type[BaseModel], error: Any, lines: Lines) -> tuple[int, str]:
    loc = tuple(p for p in error["loc"] if not (isinstance(p, str) and p.startswith("function-")))
    line = 1
    for cut in range(len(loc), -1, -1):
        if loc[:cut] in lines:
            line = lines[loc[:cut]]
            break
    key = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in loc).lstrip(".") or "file"
    if error["type"] == "extra_forbidden":
        known = _known_keys(model, loc[:-1])
        near = difflib.get_close_matches(str(loc[-1]), known, 1)
        hint = f"; did you mean {near[0]}?" if near else f"; allowed here: {', '.join(known)}"
        return line, f"{key}: unknown key{hint}"
    if error["type"] == "missing":
        return line, f"{key}: is missing; add it"
    found = error.get("input")
    shown = "" if isinstance(found, dict | list) else f", found {json.dumps(found, default=str, ensure_ascii=False)[:80]}"
    message = str(error["msg"]).removeprefix("Value error, ")
    return line, f"{key}: {message[:1].lower()}{message[1:]}{shown}"


def _known_keys(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    """The keys allowed at `path` below `model`, as far as the annotations tell."""
    here: Any = model
    for part in path:
        if isinstance(part, int):
            continue
        field = here.model_fields.get(part) if isinstance(here, type) and issubclass(here, BaseModel) else None
        here = _model_in(field.annotation) if field else None
        if here is None:
            return []
    return list(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else []


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for arg in getattr(annotation, "__args__", ()):
        found = _model_in(arg)
        if found is not None:
            return found
    return None


def quoted(text: str) -> str:
    """The text as a double-quoted YAML scalar on one line (also valid JSON); control characters are escaped."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x7f", "\\x7f")
