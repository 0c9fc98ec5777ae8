"""What templates are given: small frozen objects with every word and link decided. Templates place, they do not think.

Text fields are plain text (the templates escape them); fields of type Markup are safe HTML made by `blocks`. Every `href` is ready
to print.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """Words that lead somewhere; `href` is empty where there is nowhere to lead."""

    text: str
    href: str = ""
    current: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """A day or moment: for machines and in words."""

    iso: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What stands on every page of one site."""

    name: str
    tagline: str
    language: str
    home: str
    nav: tuple[Anchor, ...]
    foot: tuple[Anchor, ...]
    address: str
    subscribe: str
    privacy: str
    calendar: str
    deadlines: str
    archive: str
    promise: str  # the sentence over the subscribe form
    stylesheet: str
    icon: str
    preload: tuple[str, ...]
    atom: str
    json_feed: str
    sample: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What a page says about itself to browsers, search engines and feed readers."""

    title: str
    description: str
    canonical: str  # empty: this page has no address of its own (404)
    kind: str = "website"  # OpenGraph type
    headline: str = ""
    author: str = ""
    published: str = ""
    modified: str = ""
    section: str = ""
    structured: str = ""  # JSON-LD, already safe to place
    atom: str = ""  # a feed of this page's own list
    picture: Anchor | None = None  # what a link to this page shows elsewhere: address, and in words what is on it


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """The thin line under the masthead."""

    number: int = 0
    number_href: str = ""
    stamp: Stamp | None = None


# ------------------------------------------------------------------ article


@dataclass(frozen=True, kw_only=True, slots=True)
class Para:
    """Running text."""

    html: Markup
    kind: str = "para"


@dataclass(frozen=True, kw_only=True, slots=True)
class List:
    """A list in the running text."""

    items: tuple[Markup, ...]
    ordered: bool
    kind: str = "list"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stat:
    """The statistic."""

    figure: str
    html: Markup
    sources: tuple[Anchor, ...]
    kind: str = "stat"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pull:
    """The pull quote."""

    text: str
    by: str
    kind: str = "pull"


BlockView = Para | List | Stat | Pull


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionView:
    """A question and what answers it."""

    id: str
    title: str
    blocks: tuple[BlockView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A term and its text: a principle, a step of the record, a line of the short version, a question with its answer."""

    label: str
    html: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStepView:
    """The one thing to do."""

    title: str
    blocks: tuple[Markup, ...]
    time: str
    who: str
    result: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRow:
    """One source of an article, as readers see it."""

    number: int
    title: str
    href: str
    publisher: Anchor
    kind: str  # in words
    published: Stamp | None
    read: Stamp | None
    archived: str  # address of the archived copy
    reason: str  # why there is none


@dataclass(frozen=True, kw_only=True, slots=True)
class Faq:
    """One question and its answer."""

    id: str
    question: str
    blocks: tuple[Markup, ...]
    text: str  # the answer in plain words, for the structured data


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A claim, and a word on how often the page states it where that is more than once."""

    text: str
    often: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimRow:
    """The claims that the same passages carry, and those passages."""

    claims: tuple[Said, ...]
    sources: tuple[Anchor, ...]
    passages: tuple[str, ...]
    word: str  # where there is no passage: why


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What stands behind an article, counted by the build."""

    approved_by: str  # empty at level 0
    approved_on: Stamp | None
    made: int
    cited: int
    sources: int
    primary: int
    how: str  # link to the record


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A correction."""

    stamp: Stamp
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """The author's box."""

    name: str
    first: str
    role: str
    bio: str
    href: str
    initials: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DateRow:
    """A deadline."""

    iso: str
    day: str  # Dec 15
    year: str
    words: str  # December 15, 2026
    event: str
    instrument: str
    jurisdiction: str
    citation: str
    status: str
    near: bool
    href: str
    checked: str  # who checked it against the official text and when, or that nobody did


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """An article as lists and other pages show it."""

    id: str
    href: str
    title: str
    kicker: Anchor
    dek: str
    minutes: int
    author: Anchor
    role: str
    number: int
    edition: str  # link to the edition
    stamp: Stamp
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticlePage:
    """One briefing."""

    head: Head
    strip: Strip
    card: Card
    published: Stamp
    updated: Stamp | None
    short: tuple[Row, ...]
    corrections: tuple[Note, ...]
    lead: tuple[BlockView, ...]
    limits: str
    sections: tuple[SectionView, ...]
    meaning_title: str
    meaning: tuple[Row, ...]
    next_step: NextStepView | None
    sources: tuple[SourceRow, ...]
    faq_title: str
    faq: tuple[Faq, ...]
    steps: tuple[Row, ...]
    claims: tuple[ClaimRow, ...]
    other_claims: str  # what the sentences are that cite nothing
    profile: Profile
    contents: tuple[Anchor, ...]
    dates: tuple[DateRow, ...]
    related: tuple[Card, ...]


# -------------------------------------------------------------- other pages


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionRow:
    """An edition in a list: published, or skipped with the sentence that says so."""

    number: int
    href: str
    stamp: Stamp
    title: str  # its lead headline
    cards: tuple[Card, ...]
    minutes: int
    skipped: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One article on the edition page."""

    place: int
    card: Card
    short: tuple[Row, ...]  # the lead only
    html: Markup  # the others: their opening paragraph with the edition's own source numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionPage:
    """One week."""

    head: Head
    strip: Strip
    number: int
    title: str
    minutes: int
    contents: tuple[Anchor, ...]
    stories: tuple[Story, ...]
    withheld: str
    dates: tuple[DateRow, ...]
    sources: tuple[SourceRow, ...]
    approval: str
    previous: EditionRow | None
    next: EditionRow | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HomePage:
    """The newest edition; `lead` is None where nothing is published yet."""

    head: Head
    strip: Strip
    lead: Card | None
    published: Stamp | None
    others: tuple[Card, ...]
    dates: tuple[DateRow, ...]
    past: tuple[EditionRow, ...]
    edition: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A headed part of a list page."""

    title: str
    id: str
    editions: tuple[EditionRow, ...] = ()
    cards: tuple[Card, ...] = ()
    lines: tuple[Line, ...] = ()
    dates: tuple[DateRow, ...] = ()
    notes: tuple[tuple[Card, Note], ...] = ()
    empty: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a plain list."""

    anchor: Anchor
    text: str = ""
    more: Anchor | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPage:
    """A page that is a heading, a paragraph and lists."""

    head: Head
    strip: Strip
    title: str
    intro: str
    groups: tuple[Group, ...]
    foot: tuple[Anchor, ...] = ()
    here: str = ""  # this page's link, to mark it in the navigation


@dataclass(frozen=True, kw_only=True, slots=True)
class TextPage:
    """A page of the house, and what the build adds to it."""

    head: Head
    strip: Strip
    title: str
    html: Markup
    groups: tuple[Group, ...] = ()
