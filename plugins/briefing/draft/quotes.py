# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""Who said what, word for word: the quotations of a source with their speaker and role, and the sentences that carry them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .passages import Line

_NAME = r"(?:Dr\.?\s+|Judge\s+|Sen\.\s+|Rep\.\s+)?[A-Z][\w’'-]+(?:\s+(?:[A-Z]\.|[A-Z][\w’'-]+|de|van|von|del|la))*\s+[A-Z][\w’'-]+"
_SAID = r"(?:said|says|wrote|told|explained|added)"
_AFTER = re.compile(rf"“([^”]+?)[,.]?”\s+{_SAID}\s+({_NAME})(?:,\s+(.+?))?(?=\.\s|\.$|;)")
_BEFORE = re.compile(rf"({_NAME}),\s+([^“”]{{6,110}}?),\s+(?:{_SAID})[^“”]{{0,12}}[,:]\s+“([^”]+?)[.]?”")
_LAST = re.compile(rf"“([^”]+?)[,.]?”\s+([A-Z][\w’'-]+)\s+{_SAID}\b|“([^”]+?)[,.]?”\s+{_SAID}\s+([A-Z][\w’'-]+)\.")
_INTRODUCED = re.compile(
    rf"({_NAME}),\s+((?:a|an|the|who|director|president|manager|partner|counsel|chief|head|professor|owner|founder|chair|vice|deputy|steward|spokes\w+|[a-z]+ (?:manager|director|supervisor|nurse|officer|president))\b[^.“”;]{{3,100}}?)(?=,\s|\.)"
)
_ROLE_END = re.compile(r",?\s+(?:in an? (?:interview|email|statement|comment)|by (?:phone|email)|who|whose|which|after|when|on [A-Z]).*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A person's words."""

    source: str
    words: str  # without quotation marks and without the final comma or full stop
    name: str
    role: str  # begins small unless it is a name; "" where the source gives none
    place: int
    weight: float

    @property
    def length(self) -> int:
        """Words in it."""
        return len(self.words.split())

    @property
    def surname(self) -> str:
        """How a second mention names the speaker."""
        return self.name.split()[-1]


def find(lines: tuple[Line, ...]) -> tuple[Quote, ...]:
    """The quotations of one source that name their speaker, in order. A speaker without a role is looked up in the text above."""
    roles: dict[str, tuple[str, str]] = {}
    out: list[Quote] = []
    for line in lines:
        for match in _INTRODUCED.finditer(line.raw):
            roles.setdefault(match.group(1).split()[-1], (match.group(1), _role(match.group(2))))
        found = _in_line(line, roles)
        if found and 4 <= found.length <= 45:
            out.append(found)
            if found.role:
                roles.setdefault(found.surname, (found.name, found.role))
    return tuple(out)


def _in_line(line: Line, roles: dict[str, tuple[str, str]]) -> Quote | None:
    text = line.raw
    match = _AFTER.search(text)
    if match:
        name = match.group(2)
        known = roles.get(name.split()[-1], (name, ""))
        role = _role(match.group(3) or "") or known[1]
        return _quote(line, match.group(1), name, role)
    match = _BEFORE.search(text)
    if match:
        return _quote(line, match.group(3), match.group(1), _role(match.group(2)))
    match = _LAST.search(text)
    if match:
        surname = match.group(2) or match.group(4)
        if surname in roles:
            return _quote(line, match.group(1) or match.group(3), *roles[surname])
    return None


def _quote(line: Line, words: str, name: str, role: str) -> Quote | None:
    words = words.strip().rstrip(",")
    if not words or re.search(r"[?!]$", words) or words[0].islower():
        return None
    return Quote(source=line.source, words=words, name=name, role=role, place=line.place, weight=line.weight)


def _role(text: str) -> str:
    text = _ROLE_END.sub("", text.strip().rstrip(".,"))
    if not text or len(text.split()) > 16 or re.search(r"\b(?:said|says|was|were|had)\b", text):
        return ""
    if re.match(r"(?:who|whose) ", text):
        return ""
    text = re.sub(r"\bour\b", "the firm’s", text)
    head = re.split(r" (?:of|in|at|for)\b|,", text, maxsplit=1)[0]
    if head.istitle() or all(w[0].isupper() or w in {"and", "for", "of"} for w in head.split()):
        return head.lower() + text[len(head) :]
    return text
