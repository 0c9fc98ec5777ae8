"""The house's own guidance by topic, out of `playbook/*.md`: what a briefing says in the publication's own voice.

A topic's file has front matter (topic, name, match, also) and six sections of bullets. docs/drafting.md shows one. It is read
strictly: a bullet that cannot be used later is named now, with its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast, get_args

from pydantic import BaseModel, ConfigDict, Field

from . import yamlfile
from .errors import ConfigError

Need = Literal["cost", "date", "figure", "how", "next", "penalty", "quote", "scope", "who"]
NEEDS: tuple[str, ...] = get_args(Need)
#: The topic that answers where no other fits.
GENERAL = "general"
_SECTIONS = ("Matters", "Meaning", "Next step", "Do", "Questions", "Headings")
_MEANING = re.compile(r"\*\*(.+?)\.?\*\*\s+(\S.*)")
_COST = re.compile(r"Time:\s*(.+?)\.\s+Who:\s*(.+?)\.\s+You will have:\s*(.+?)\.?")
_SLOTS = {"actor", "thing", "date"}
About = Literal["story", "others", "anyone"]
_ABOUT: tuple[str, ...] = get_args(About)
#: One alternative of a `with:` group: words, a word with * for any ending, and the signs for a figure, a date, money, a share.
_ALTERNATIVE = re.compile(r"(?:[#@$%]|[a-zäöü][\w’-]*\*?)(?: (?:[#@$%]|[a-zäöü][\w’-]*\*?))*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """An order and its reason: one row of what a story means for a business."""

    order: str  # without its full stop
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing to do this week, what it takes, and its short form."""

    action: str
    time: str
    who: str
    result: str
    do: str  # the same in one short sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One thing that the sentence which answers a question must hold: any of these words or signs."""

    words: tuple[str, ...]  # each in all its forms; # a figure, @ a date, $ money, % a share
    subject: bool = False  # it must stand before the verb
    absent: bool = False  # it must not stand there at all


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a reader asks, and what answers it. May hold {actor}, {thing} and {date}."""

    text: str
    needs: Need
    wanted: tuple[Wanted, ...] = ()  # all of them in one sentence; () leaves it to the question's own words
    about: About = "story"  # whether the answer may, or must, speak of somebody else than the story's own actor
    topic: str = ""  # the id of the topic whose file has it


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One file of the playbook."""

    id: str
    name: str
    match: tuple[str, ...]
    also: tuple[str, ...]
    matters: tuple[str, ...]
    meaning: tuple[Advice, ...]
    steps: tuple[Step, ...]
    questions: tuple[Question, ...]
    headings: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Playbook:
    """Every topic by its id; `general` is always there."""

    topics: Mapping[str, Topic]

    def topic(self, name: str) -> Topic:
        """The topic, or `general` where the playbook has none of this name."""
        return self.topics.get(name) or self.topics[GENERAL]

    def about(self, text: str, title: str = "") -> tuple[str, ...]:
        """The topics a text is about, best first, at most four; never empty.

        A topic scores by how many of its different words occur, the title counting double, so that one word repeated
        does not make a topic.
        """
        score: dict[str, float] = {}
        body, head = text.lower(), title.lower()
        for topic in self.topics.values():
            if topic.id == GENERAL:
                continue
            found = 0.0
            for word in topic.match:
                pattern = _word(word)
                if pattern.search(head):
                    found += 2.0 + 0.5 * word.count(" ")
                hits = len(pattern.findall(body))
                found += (0.0 if not hits else 1.0 + 0.15 * min(hits, 5)) * (1.0 + 0.3 * word.count(" "))
            score[topic.id] = found / (len(topic.match) + 6) ** 0.5
        best = sorted(score, key=lambda t: (-score[t], t))
        top = score[best[0]] if best else 0.0
        kept = tuple(t for t in best[:4] if score[t] >= 0.5 * top and score[t] >= 0.35)
        return kept or (GENERAL,)


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _word(word: str) -> re.Pattern[str]:
    if word not in _PATTERNS:
        _PATTERNS[word] = re.compile(rf"(?<!\w){re.escape(word.lower())}(?!\w)")
    return _PATTERNS[word]


class _Front(BaseModel):
    model_config = ConfigDict(extra="forbid")
    topic: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str = Field(min_length=2, max_length=60)
    match: list[str] = Field(min_length=1)
    also: list[str] = Field(default_factory=list)


def load(folder: Path, name: str = "") -> Playbook:
    """Every topic of the folder. Raises ConfigError with every fault, `file:line: what, what to do` each."""
    name = name or folder.name
    files = sorted(folder.glob("*.md")) if folder.is_dir() else []
    if not files:
        raise ConfigError(f"{name}/: is missing or holds no .md file; copy the playbook folder of the sample, drafting needs its guidance")
    topics: dict[str, Topic] = {}
    faults: list[str] = []
    for path in files:
        label = f"{name}/{path.name}"
        try:
            topic = parse(path.read_bytes(), label)
        except ConfigError as error:
            faults += error.faults
            continue
        if topic.id in topics:
            faults.append(f"{label}:2: topic: {topic.id} stands in two files; rename one")
        topics[topic.id] = topic
    if not faults:
        if GENERAL not in topics:
            faults.append(f"{name}/: has no topic {GENERAL}; add {name}/general.md, it answers where no other topic fits")
        faults += [f"{name}/{t.id}.md: also: {a} is no topic of the playbook; correct or remove it" for t in topics.values() for a in t.also if a not in topics]
    if faults:
        raise ConfigError(faults)
    return Playbook(topics)


def parse(data: bytes, label: str) -> Topic:
    """The topic one file says. Raises ConfigError."""
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{label}:1: is not UTF-8 text; save it as UTF-8") from error
    parts = re.match(r"---\n(.*?\n)---\n(.*)\Z", text, re.DOTALL)
    if not parts:
        raise ConfigError(f"{label}:1: has no front matter; begin with a line --- and the keys topic, name, match")
    try:
        raw, lines = yamlfile.load(parts.group(1), first_line=2)
    except yamlfile.YamlFault as error:
        raise ConfigError(f"{label}:{error.line}: {error}") from error
    front, wrong = yamlfile.check(_Front, raw, lines)
    faults = [f"{label}:{line}: {what}" for line, what in wrong]
    sections = _sections(parts.group(2), parts.group(1).count("\n") + 3, label, faults)
    steps = _steps(sections["Next step"], sections["Do"], label, faults)
    meaning = tuple(_advice(line, words, label, faults) for line, words in sections["Meaning"])
    questions = tuple(_question(line, words, label, faults) for line, words in sections["Questions"])
    headings = tuple(_question(line, words, label, faults) for line, words in sections["Headings"])
    if faults or front is None:
        raise ConfigError(faults)
    return Topic(
        id=front.topic,
        name=front.name,
        match=tuple(front.match),
        also=tuple(front.also),
        matters=tuple(words for _, words in sections["Matters"]),
        meaning=meaning,
        steps=steps,
        questions=tuple(replace(q, topic=front.topic) for q in questions),
        headings=tuple(replace(h, topic=front.topic) for h in headings),
    )


_Lines = list[tuple[int, str]]


def _sections(body: str, first: int, label: str, faults: list[str]) -> dict[str, _Lines]:
    """The bullets of each section; an indented line goes on with its bullet, joined by a newline."""
    out: dict[str, _Lines] = {s: [] for s in _SECTIONS}
    here: _Lines | None = None
    for number, line in enumerate(body.split("\n"), first):
        if not line.strip():
            continue
        if line.startswith("## "):
            here = out.get(line[3:].strip())
            if here is None:
                faults.append(f"{label}:{number}: unknown section {line[3:].strip()!r}; allowed: {', '.join(_SECTIONS)}")
                here = []
        elif line.startswith("- ") and here is not None:
            here.append((number, line[2:].strip()))
        elif line.startswith("  ") and here:
            here[-1] = (here[-1][0], f"{here[-1][1]}\n{line.strip()}")
        else:
            faults.append(f"{label}:{number}: is neither a section, a bullet nor a bullet's second line; begin it with '- '")
    for section, entries in out.items():
        if not entries:
            faults.append(f"{label}:{first}: section ## {section} is missing or empty; add its bullets")
    return out


def _steps(steps: _Lines, dos: _Lines, label: str, faults: list[str]) -> tuple[Step, ...]:
    out = []
    for place, (line, words) in enumerate(steps):
        action, _, rest = words.partition("\n")
        cost = _COST.fullmatch(rest.strip())
        if not cost:
            faults.append(f"{label}:{line}: a next step needs the indented line 'Time: … Who: … You will have: …' below it")
        elif place >= len(dos):
            faults.append(f"{label}:{line}: has no short form; add a bullet under ## Do, in the same order")
        else:
            out.append(Step(action=action, time=cost.group(1), who=cost.group(2), result=cost.group(3), do=dos[place][1]))
    return tuple(out)


def _advice(line: int, words: str, label: str, faults: list[str]) -> Advice:
    match = _MEANING.fullmatch(words)
    if not match:
        faults.append(f"{label}:{line}: a principle begins with its order in bold: - **Start with the list.** Reason.")
        return Advice(order="", reason="")
    return Advice(order=match.group(1).rstrip("."), reason=match.group(2))


def _question(line: int, words: str, label: str, faults: list[str]) -> Question:
    text, *rest = (part.strip() for part in words.split(" | "))
    fields = {key.strip(): value.strip() for key, _, value in (part.partition(":") for part in rest)}
    needs, about = fields.get("needs", ""), fields.get("about", "story")
    before = len(faults)
    if not text.endswith("?") or needs not in NEEDS:
        faults.append(f"{label}:{line}: a question ends with '? | needs: kind'; kinds are {', '.join(NEEDS)}")
    for key in sorted(fields.keys() - {"needs", "with", "about"}):
        faults.append(f"{label}:{line}: {key}: is no field of a question; after '?' come needs:, with: and about:")
    if about not in _ABOUT:
        faults.append(f"{label}:{line}: about: {about} is not known; write {', '.join(_ABOUT)}")
    slots = set(re.findall(r"\{([^}]*)\}", text))
    if not slots <= _SLOTS:
        faults.append(f"{label}:{line}: unknown slot {{{min(slots - _SLOTS)}}}; allowed: {{actor}}, {{thing}}, {{date}}")
    wanted = tuple(_wanted(line, group.strip(), label, faults) for group in fields["with"].split(",")) if "with" in fields else ()
    if wanted and all(w.absent for w in wanted):
        faults.append(f"{label}:{line}: with: says only what must not stand there; add a group of words that must")
    if len(faults) > before:
        return Question(text="", needs="how")
    return Question(text=text, needs=cast(Need, needs), wanted=wanted, about=cast(About, about))


def _wanted(line: int, group: str, label: str, faults: list[str]) -> Wanted:
    """One group: words joined by /, with ^ in front where they must stand before the verb and ! where they must not stand at all."""
    words = tuple(" ".join(w.split()) for w in group.lstrip("!^").split("/"))
    sign = group[: len(group) - len(group.lstrip("!^"))]
    if sign not in {"", "!", "^", "!^"} or not all(_ALTERNATIVE.fullmatch(w) for w in words):
        faults.append(f"{label}:{line}: with: {group!r} cannot be read; write small words joined by / and groups joined by commas: keep/store, # year/month")
    return Wanted(words=words, subject="^" in sign, absent="!" in sign)
