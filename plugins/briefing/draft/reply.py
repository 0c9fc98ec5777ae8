"""A model's answer, read strictly: the form it must have, and the rules its words must keep before anyone looks them up.

The form has no field for an address, a status, a name of a file or a source: a sentence names passages it was given, by id. Rules for
words are of two kinds. Taken off silently: spaces at the ends, a list mark before, passage ids in brackets behind; straight quotation
marks become curly. Refused, with the reason: everything in FAULTS.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .. import sentences
from ..article import FAQ, MEANING, NEXT_STEP
from ..errors import ModelUnavailable

Kind = Literal["headline", "dek", "happened", "question", "sentence", "figure"]

#: Why words are refused before they are looked up: what is said of them, and what to do.
FAULTS: Mapping[str, tuple[str, str]] = {
    "hidden-character": ("holds an invisible character", "write plain letters"),
    "address": ("holds a web or email address", "name the publisher instead"),
    "markup": ("holds markup, brackets or an id", "write plain words"),
    "foreign-letters": ("holds letters that stand in no passage", "write in the passages’ language"),
    "self-talk": ("speaks of the passages or of the writer", "tell what happened"),
    "exclamation": ("ends with an exclamation mark", "end with a full stop"),
    "length": ("is too long or too short", "keep to the length that was asked for"),
    "unfinished": ("does not end as a sentence", "write one whole sentence"),
    "several": ("is more than one sentence", "write one sentence"),
    "no-figure": ("is a statistic without a number", "give the number as a passage writes it"),
    "reserved": ("is a heading that the house uses itself", "ask something about the story"),
    "open-quotation": ("has a quotation mark that is not closed", "close it after the last quoted word"),
}
_WORDS: Mapping[Kind, tuple[int, int]] = {
    "headline": (4, 14), "dek": (5, 30), "happened": (5, 25), "question": (3, 16), "sentence": (3, 45), "figure": (1, 8),
}  # fmt: skip
_HOUSE = {q.casefold() for q in (MEANING, NEXT_STEP, FAQ)}
_LONGEST_DEK = 160
_ADDRESS = re.compile(r"(?:https?|ftp|mailto|data|javascript):|www\.|\b[\w.+-]+@[\w-]+\.\w|\b[\w-]{2,}\.(?:[a-z]{2,24}|[A-Z]{2,24})\b", re.IGNORECASE)
_MARKUP = re.compile(r"[<>`\[\]{}|\\*_~^]|^\s*#|&#?\w{1,31};|!\[|\b[sS]\d{1,2}\.\d{1,4}\b|--")
_SELF = re.compile(
    r"\b(?:the|these|given) passages?\b|\bas an? (?:AI|language model|assistant)\b|\bI(?:’m| am) (?:sorry|unable|an? )|\bI cannot\b", re.IGNORECASE
)
_IDS = re.compile(r"(?:\s*[\[(](?:s\d{1,2}(?:\.\d{1,4})?[\s,;]*)+[\])])+(?=[.?]?$)")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Sentence(_Strict):
    """One sentence and the passages it comes from."""

    text: str = Field(max_length=2000)
    passages: tuple[str, ...] = Field(max_length=12, strict=False)


class Figure(_Strict):
    """A number with its unit, and the rest of its sentence."""

    figure: str = Field(max_length=200)
    text: str = Field(max_length=2000)
    passages: tuple[str, ...] = Field(max_length=12, strict=False)


class Part(_Strict):
    """A section: its question, the sentences that answer it, and a list where there is one."""

    question: str = Field(max_length=400)
    sentences: tuple[Sentence, ...] = Field(max_length=20, strict=False)
    points: tuple[Sentence, ...] = Field(max_length=12, strict=False)


class Asked(_Strict):
    """A frequently asked question."""

    question: str = Field(max_length=400)
    sentences: tuple[Sentence, ...] = Field(max_length=8, strict=False)


class Reply(_Strict):
    """A whole answer to `prompts/write.md`."""

    headline: Sentence
    dek: Sentence
    happened: Sentence
    lead: tuple[Sentence, ...] = Field(max_length=20, strict=False)
    sections: tuple[Part, ...] = Field(max_length=12, strict=False)
    statistic: Figure | None
    faq: tuple[Asked, ...] = Field(max_length=12, strict=False)


class Corrected(_Strict):
    """One sentence written again, by the key it was sent back under; an empty text drops it."""

    key: str = Field(max_length=60)
    text: str = Field(max_length=2000)
    passages: tuple[str, ...] = Field(max_length=12, strict=False)


class Corrections(_Strict):
    """A whole answer to `prompts/correct.md`."""

    sentences: tuple[Corrected, ...] = Field(max_length=200, strict=False)


_Form = TypeVar("_Form", Reply, Corrections)


# --------------------------------------------------------------------- form


def schema(ids: Iterable[str]) -> dict[str, Any]:
    """The JSON Schema of a Reply that may name these passages only. Lists are bounded: a small model would not end them."""
    named = _named(ids)
    ref = {"$ref": "#/$defs/sentence"}
    part = _object(question=_TEXT, sentences=_list(ref, 6), points=_list(ref, 5))
    asked = _object(question=_TEXT, sentences=_list(ref, 2))
    figure = _object(figure=_TEXT, text=_TEXT, passages=named)
    whole = _object(
        headline=ref,
        dek=ref,
        happened=ref,
        lead=_list(ref, 6),
        sections=_list(part, 5),
        statistic={"anyOf": [figure, {"type": "null"}]},
        faq=_list(asked, 5),
    )
    return whole | {"$defs": {"sentence": _object(text=_TEXT, passages=named)}}


def corrections_schema(keys: Iterable[str], ids: Iterable[str]) -> dict[str, Any]:
    """The JSON Schema of Corrections of these keys, which may name these passages only."""
    wanted = list(keys)
    item = _object(key={"type": "string", "enum": wanted}, text=_TEXT, passages=_named(ids))
    return _object(sentences=_list(item, len(wanted)))


_TEXT = {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    """Every property required and no other allowed, as strict services ask."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: Mapping[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": dict(items), "maxItems": most}


def _named(ids: Iterable[str]) -> dict[str, Any]:
    return _list({"type": "string", "enum": list(ids)}, 3)


def read(text: str) -> Reply:
    """The answer to a first request. Raises ModelUnavailable where it is not exactly of the form."""
    return _read(text, Reply)


def read_corrections(text: str) -> Mapping[str, Corrected]:
    """The answer to a correction by key; of a key that comes twice the first counts. Raises ModelUnavailable as `read` does."""
    found: dict[str, Corrected] = {}
    for sentence in _read(text, Corrections).sentences:
        found.setdefault(sentence.key, sentence)
    return found


def _read(text: str, form: type[_Form]) -> _Form:
    try:
        return form.model_validate(json.loads(_unfenced(text), object_pairs_hook=_once, parse_constant=_no_constant))
    except json.JSONDecodeError as error:
        raise ModelUnavailable("bad-answer", f"the model's answer is not JSON (character {error.pos}: {error.msg}); use a model that keeps to one") from error
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(p) for p in fault["loc"]) or "the whole"
        raise ModelUnavailable(
            "bad-answer", f"the model's answer has another form than asked ({place}: {fault['type']}); use a model that keeps to one"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ModelUnavailable("bad-answer", f"the model's answer cannot be read ({type(error).__name__}); use a model that keeps to one") from error


def _unfenced(text: str) -> str:
    """The answer without the one code fence some services put around it."""
    match = re.fullmatch(r"\s*```(?:json)?\s*\n(.*)\n\s*```\s*", text, re.DOTALL)
    return match.group(1) if match else text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in pairs:
        if key in out:
            raise ValueError("a key stands twice")
        out[key] = value
    return out


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


# -------------------------------------------------------------------- words


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Why a sentence cannot be kept. `reason` is a word of FAULTS, of `judge.REASONS` or of `evidence.REASONS`."""

    reason: str
    found: str
    fix: str


def tidy(text: str, kind: Kind) -> str:
    """The words as the house sets them. Doing it twice changes nothing."""
    words = re.sub(r"[ \t\r\n\u00a0]+", " ", unicodedata.normalize("NFC", text)).strip()
    words = re.sub(r"^[-•–]\s+", "", words)
    words = _IDS.sub("", words).strip()
    words = re.sub(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s|$)", "’", _curly(words))
    if kind == "headline":
        words = re.sub(r"(?<=\w)\.$", "", words)
    return words


def _curly(text: str) -> str:
    """Straight double quotation marks as pairs of curly ones; an odd one is left as it is and refused later."""
    if text.count('"') % 2:
        return text
    parts = text.split('"')
    return "".join(part + ("" if i == len(parts) - 1 else "“" if i % 2 == 0 else "”") for i, part in enumerate(parts))


def fault(words: str, kind: Kind, alphabet: frozenset[str]) -> Fault | None:
    """The first rule these tidied words break, or None. `alphabet` holds every letter of the passages."""
    reason = next((r for r, broken in _checks(words, kind, alphabet) if broken), "")
    if not reason:
        return None
    found, fix = FAULTS[reason]
    return Fault(reason=reason, found=found, fix=fix)


def _checks(words: str, kind: Kind, alphabet: frozenset[str]) -> Iterable[tuple[str, bool]]:
    least, most = _WORDS[kind]
    yield "hidden-character", any(unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"} for c in words)
    yield "address", bool(_ADDRESS.search(words))
    yield "markup", bool(_MARKUP.search(words))
    yield "foreign-letters", any(ord(c) > 0x7E and c not in alphabet and c not in "“”‘’–—… €£§" for c in words)
    yield "self-talk", bool(_SELF.search(words))
    yield "exclamation", "!" in re.sub(r"“[^”]*”", "", words)
    yield "length", not least <= len(words.split()) <= most or (kind == "dek" and len(words) > _LONGEST_DEK)
    yield "open-quotation", '"' in words or words.count("“") != words.count("”")
    yield "unfinished", not _ended(words, kind)
    yield "no-figure", kind == "figure" and not any(c.isdigit() for c in words)
    yield "reserved", kind == "question" and words.casefold() in _HOUSE
    yield "several", kind != "figure" and len(sentences.split(words)) != 1


def _ended(words: str, kind: Kind) -> bool:
    if kind == "question":
        return words.endswith("?")
    if kind in {"headline", "figure"}:
        return not words.endswith((",", ";", ":", "-", "—"))
    return bool(re.search(r"[.?][”’)]?$", words))
