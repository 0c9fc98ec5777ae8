"""The records that pass between the parts. Frozen, keyword-only, true from birth; nothing here reads, writes or decides.

Collecting:   Source → Item (+ Snapshot)            Choosing: Story → Choice
Drafting:     Article (its blocks) + Ledger         Approving: Record
Publishing:   Edition, Deadline
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

SourceKind = Literal["rss", "atom", "jsonfeed", "federal_register", "sitemap", "manual"]
Tier = Literal["primary", "wire", "trade", "analysis", "vendor", "aggregator"]
CiteKind = Literal["primary", "reporting", "analysis", "vendor"]
ClaimType = Literal["fact", "quote", "statistic", "absence", "analysis", "advice", "house", "question"]
Decision = Literal["approve", "withdraw"]

Day = date  # for records that have a field called date

#: How a source's tier is named in a source list.
CITE_KIND: Mapping[str, CiteKind] = {
    "primary": "primary",
    "wire": "reporting",
    "trade": "reporting",
    "analysis": "analysis",
    "vendor": "vendor",
    "aggregator": "reporting",
}


def _aware(moment: datetime | None, name: str) -> None:
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{name} needs a time zone")


# ---------------------------------------------------------------- collecting


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One entry of `sources.yaml`."""

    id: str  # a-z 0-9 -, fixed for ever: items are filed under it
    name: str  # the publisher, as readers see it
    url: str  # the feed's address
    site: str  # the publisher's home page
    category: str
    kind: SourceKind
    tier: Tier
    language: str = "en"
    family: str = ""  # feeds of one owner count as one voice; "" = the source itself
    max_items: int = 200
    interval_h: float = 0.0  # not asked more often than this
    day_first: bool = False  # how 03.11.2026 is read
    line: int = 0  # where it stands in sources.yaml, for messages
    options: Mapping[str, str] = field(default_factory=dict)  # kind-specific, e.g. agencies, term

    @property
    def voice(self) -> str:
        """Who speaks: the family where there is one, else the source."""
        return self.family or self.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One entry of one source, as it stands now. Earlier wordings are kept as versions in the store."""

    id: str  # 16 hex digits, stable: source + the entry's own identity
    source: str  # Source.id
    url: str  # canonical link; always http(s)
    title: str  # plain text, one line
    author: str = ""
    publisher: str = ""  # the true publisher where the feed names another than the source
    published: datetime | None = None  # None: not given or impossible
    first_seen: datetime
    summary: str = ""  # plain text of what the feed itself carries
    mark: Literal["", "undated", "future", "backlog"] = ""  # backlog: older than the source's first fetch window
    version: int = 1
    fields: Mapping[str, str] = field(default_factory=dict)  # effective_on, comments_close_on, document_number, ...

    def __post_init__(self) -> None:
        _aware(self.published, "published")
        _aware(self.first_seen, "first_seen")


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """The text of an item as it was read, the only thing a citation may rest on."""

    hash: str  # "sha256:" + 64 hex digits of the UTF-8 text
    item: str  # Item.id
    url: str
    text: str  # plain text, paragraphs separated by one blank line
    read: datetime
    origin: Literal["page", "feed"]  # the article page, or what the feed carried
    title: str = ""
    author: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CitedPage:
    """What a page that an article cites said when it was asked again. A failure that may pass changes nothing of what was known."""

    url: str  # as the source list names it, without a fragment
    tried: datetime
    outcome: str  # read, unchanged, or a word of collect.fetch.REASONS
    since: datetime | None = None  # first of the answers in a row that say the page is not there
    times: int = 0  # how many those are, at most one a day
    moved_to: str = ""  # where the page now leads for good, or a front page it is sent to
    title: str = ""  # as the page named itself last
    text: str = ""  # its text as it was read last; "" until it could be read
    first: str = ""  # its text as it was read the first time
    etag: str = ""  # exactly as received
    last_modified: str = ""

    def __post_init__(self) -> None:
        _aware(self.tried, "tried")
        _aware(self.since, "since")


# ------------------------------------------------------------------ choosing


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """Items of several sources about one event."""

    id: str  # 12 hex digits from its oldest item: stable while the story grows
    items: tuple[Item, ...]  # best source first (primary, wire, trade, analysis, vendor), then oldest
    topics: tuple[str, ...] = ()  # playbook topics, best first

    @property
    def lead(self) -> Item:
        """The item the story is told from."""
        return self.items[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What was decided about a story for one edition, and why, in the editor's words."""

    story: Story
    score: float
    reason: str
    chosen: bool


# ------------------------------------------------------------------ articles


@dataclass(frozen=True, kw_only=True, slots=True)
class Cited:
    """One source of an article, as its front matter lists it."""

    id: str  # s1, s2, ... stable while the editor moves paragraphs
    title: str
    publisher: str
    url: str
    kind: CiteKind
    published: date | None = None
    read: date | None = None
    snapshot: str = ""  # "sha256:..." or "" where an editor added the source by hand
    archived: str = ""  # address of an archived copy


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """Running text. `md` is inline Markdown with `[s1]` markers; `line` is the file's line, from 1."""

    md: str
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Bullets:
    """A list of one-sentence items."""

    items: tuple[Paragraph, ...]
    line: int = 0
    ordered: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Statistic:
    """`> **14 of 41** tools were switched off. [s1]`: the figure, then the rest of its sentence."""

    figure: str  # plain text, as written in the passage it cites
    md: str  # the rest, with markers
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class PullQuote:
    """`> “Words that stand in the body.”` then `> — speaker, role`."""

    text: str  # with its quotation marks, plain text
    by: str
    line: int = 0


Block = Paragraph | Bullets | Statistic | PullQuote


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A heading that asks, and what answers it."""

    question: str
    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Principle:
    """`- **Start with the list.** Why.` under the meaning heading."""

    order: str  # plain text, without the full stop
    md: str
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """What to do this week: the action, then `Time: … Who: … You will have: …`."""

    blocks: tuple[Paragraph, ...]
    time: str
    who: str
    result: str
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One frequently asked question."""

    question: str
    blocks: tuple[Paragraph, ...]
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Short:
    """The short version: three lines of at most 25 words."""

    happened: str
    matters: str
    do: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What was wrong and what is right, with its day."""

    date: Day
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One briefing, as its Markdown file says it. `article.parse` and `article.write` go both ways without loss."""

    id: str
    edition: date
    status: str
    kicker: str
    title: str
    dek: str
    author: str
    short: Short
    topics: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    sources: tuple[Cited, ...]
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    meaning: tuple[Principle, ...]
    next_step: NextStep | None
    faq: tuple[Answer, ...]
    updated: date | None = None
    corrections: tuple[Correction, ...] = ()
    limits: str = ""  # what the drafter says the sources could not carry ("" when nothing)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)  # front matter key → line, for messages

    def cited(self, source_id: str) -> Cited | None:
        """The source with this id, or None."""
        return next((s for s in self.sources if s.id == source_id), None)


# ------------------------------------------------------------------ evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """Words of a snapshot that carry a claim: at most 40 words, with their place in the snapshot's text."""

    source: str  # Cited.id
    snapshot: str
    text: str
    start: int  # character offsets in the snapshot text; text == snapshot.text[start:end]
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Why a claim fails or needs a look. `reason` is a word of `evidence.REASONS`."""

    reason: str
    found: str  # what was found instead, in words
    fix: str  # what to do next
    blocks: bool = True  # False: needs the editor's eye, does not block


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One sentence of an article (or short-version line, statistic, FAQ answer sentence) and what stands behind it."""

    text: str  # plain text, without markers
    type: ClaimType
    where: str  # short.happened, lead, section:<question>, statistic, pull, meaning, next, faq:<question>, title, dek
    sources: tuple[str, ...]  # marker ids
    passages: tuple[Passage, ...] = ()
    word: str = ""  # what the review says: quoted, figures match, passage found, needs your eye, no source needed
    problems: tuple[Problem, ...] = ()
    line: int = 0  # in the Markdown file; not stored in the ledger


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """Everything an article claims, with the passages: the `.evidence.json` beside it."""

    article: str
    edition: date
    claims: tuple[Claim, ...]
    snapshots: Mapping[str, str]  # Cited.id → snapshot hash
    collected: int = 0  # items of the story that were read
    feeds: int = 0  # from so many sources of sources.yaml
    drafted_by: str = "software, without a language model"
    left_out: tuple[str, ...] = ()  # sentences that could not be shown, with the reason

    @property
    def made(self) -> int:
        """How many claims need a source."""
        return sum(c.type in {"fact", "quote", "statistic", "absence"} for c in self.claims)

    @property
    def cited(self) -> int:
        """How many of those have a passage and no blocking problem."""
        return sum(
            c.type in {"fact", "quote", "statistic", "absence"} and bool(c.passages or c.type == "absence") and not any(p.blocks for p in c.problems)
            for c in self.claims
        )


# ------------------------------------------------------- approving, publishing


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One approval or withdrawal, as its file in `approvals/` says it."""

    version: int
    article: str  # article id, or "edition-2026-11-24"
    edition: date
    decision: Decision
    digest: str  # "sha256:" + 64 hex over the labelled list of parts
    parts: Mapping[str, str] = field(default_factory=dict)  # label → sha256 hex, so that a refusal can name the part
    reads_as: str = ""
    approved_by: str
    approved_at: datetime
    note: str = ""

    def __post_init__(self) -> None:
        _aware(self.approved_at, "approved_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class Unused:
    """An item that was seen and not used in an edition, with the reason."""

    title: str
    publisher: str
    url: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one source of `sources.yaml` gave for an edition."""

    source: str  # Source.id
    items: int = 0  # first seen in the edition's window
    reason: str = ""  # "" where it was read in the window; else a word of collect.fetch.REASONS, or "not-asked"
    last: Day | None = None  # of one that was not read: the day it was read last


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """`content/editions/<date>.yaml`: the order of articles and what the email says."""

    date: Day
    number: int
    status: str
    subject: str
    preheader: str
    articles: tuple[str, ...]  # ids, the lead first
    deadlines: tuple[str, ...] = ()  # ids of content/deadlines.yaml worth keeping this week
    unused: tuple[Unused, ...] = ()
    readings: tuple[Reading, ...] = ()  # those that were read first, each in the order of sources.yaml


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """One law or rule and one of its days."""

    id: str
    instrument: str
    jurisdiction: str
    citation: str
    event: str
    date: Day
    status: str
    url: str
    verified: Day | None = None
    verified_by: str = ""
