# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""The people of a story: full name and role, so that the first mention of each carries both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import english
from .quotes import Quote

_TITLE = r"(?:Dr\.? |Judge |Sen\. |Rep\. )?"
_NAMED = re.compile(rf"({_TITLE}[A-Z][\w’-]+ (?:[A-Z]\. )?[A-Z][\w’-]+(?:-[A-Z]\w+)?)")
_ROLE = re.compile(
    r"^, (?P<role>(?:who (?:runs|owns|leads|heads|studies|manages|directs)|(?:an?|the|its|their|head|chief|director|deputy|vice|president|manager|partner|counsel|owner|founder|chair|steward|professor|economist|lawyer|analyst|regional|senior|associate|"
    r"medical|plant|night|[a-z]+ (?:manager|director|supervisor|nurse|officer|president|adviser|agent)))\b[^.;“”]{2,90}?)(?=,|\.|$)"
)
_HEAD = re.compile(
    r"\b(?:who|director|manager|owner|president|lawyer|attorney|partner|professor|analyst|nurse|physician|doctor|chief|steward|counsel|officer|adviser|advisor|supervisor|worker|examiner|economist|commissioner|chair\w*|founder|head|secretary|spokes\w+|"
    r"administrator|engineer|agent|tender|bookkeeper|consultant|researcher|scientist|teacher|surgeon|editor|leader|controller|coordinator|representative|senator|judge|clerk|technician)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a source names."""

    name: str
    role: str  # "" where no source gives one

    @property
    def surname(self) -> str:
        """How later mentions call them."""
        return self.name.split()[-1]

    @property
    def introduced(self) -> str:
        """Name and role as a first mention has them, with a comma at the end."""
        return f"{self.name}, {self.role}," if self.role else self.name


def find(texts: Iterable[str], spoken: Iterable[Quote]) -> Mapping[str, Person]:
    """Surname → person, from speakers and from names that a role follows. Two people of one surname are left out."""
    out: dict[str, Person] = {q.surname: Person(q.name, q.role) for q in spoken}
    twice: set[str] = set()
    for text in texts:
        for match in _NAMED.finditer(text):
            name = match.group(1)
            role = _ROLE.match(text[match.end() : match.end() + 130])
            if not role or not _HEAD.search(role["role"]):
                continue
            person = Person(name, re.sub(r"^who runs ", "who runs ", role["role"]).strip())
            known = out.get(person.surname)
            if known and known.name.removeprefix("Dr. ") != name.removeprefix("Dr. "):
                twice.add(person.surname)
            elif known is None or not known.role:
                out[person.surname] = person
    return {k: v for k, v in out.items() if k not in twice}


def bare_names(texts: Iterable[str]) -> Mapping[str, str]:
    """Last word → first word of every name of two capitalised words, for names that no role follows."""
    out: dict[str, str] = {}
    for text in texts:
        for match in re.finditer(r"\b([A-Z][a-z]+) ([A-Z][a-z]+)\b", text):
            if match.group(1).lower() in english.STOP or match.group(1) in english.MONTHS + english.WEEKDAYS:
                continue
            out.setdefault(match.group(2), match.group(1))
    return out


def introduce(text: str, people: Mapping[str, Person], known: set[str]) -> tuple[str, set[str]] | None:
    """The sentence with name and role at each first mention, and who is then known; None where somebody stays a bare surname."""
    met: set[str] = set()
    outside = re.sub(r"“[^”]*”", lambda m: " " * len(m.group()), text)
    for surname, person in people.items():
        match = re.search(
            rf"(?<![\w-])(?P<first>{re.escape(person.name)}|{re.escape(person.name.removeprefix('Dr. '))}|{re.escape(surname)})(?![\w-])(?! (?:Clinics?|Health|AI|Castings|Packaging|Accounting|Bakery|Staffing|LLP|Inc|Co\b))",
            outside,
        )
        if not match:
            continue
        met.add(surname)
        if surname in known:
            if match.group() != surname:
                text = text.replace(match.group(), surname, 1)
            continue
        if match.group() == surname and re.match(r"’s\b", outside[match.end() :]):
            return None
        if match.group() != surname and (
            _ROLE.match(outside[match.end() :])
            or not person.role
            or re.search(r"(?:manager|director|officer|supervisor|nurse|commissioner|president) $", outside[: match.start()])
        ):
            continue
        if match.group() == surname and not person.role:
            return None
        after = text[match.end() :]
        if len(english.content(person.role) & english.content(outside[match.end() :])) >= 2 and match.group() != surname:
            continue
        text = f"{text[: match.start()]}{person.introduced}{after[1:] if after.startswith(',') else after}"
        outside = re.sub(r"“[^”]*”", lambda m: " " * len(m.group()), text)
    return text, met
