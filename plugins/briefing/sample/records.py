"""What the `sample/` folder says, as frozen records: the publishers, their pages, and the week that holds them all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from .. import yamlfile
from ..errors import ConfigError
from ..model import Tier

#: Where the sample's files stand in a checkout.
SAMPLE = Path(__file__).resolve().parents[3] / "sample"

#: An undated page, and one whose date is a mistake in the future, stands in its feed from this day on.
ODD_FROM = datetime(2026, 11, 10, 12, tzinfo=UTC)
#: A publication date at or after this is such a mistake: the sample's three weeks are over by then.
FUTURE = datetime(2027, 1, 1, tzinfo=UTC)

FeedKind = Literal["rss", "rdf", "atom", "jsonfeed", "federal_register"]

_MARKUP = re.compile(r"</?[a-z][a-z0-9]*>|&(?:[a-z]+|#[0-9]+);")
_FRONT = re.compile(r"\A---\n(.*?\n)---\n(.*)\Z", re.DOTALL)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Publisher:
    """One invented publisher and its feed."""

    id: str
    name: str
    site: str  # https://<host>/, with the final slash
    feed: str  # the feed's path under `site`
    kind: FeedKind
    tier: Tier
    category: str
    language: str
    fails: int = 0  # the HTTP status its server answers everything with; 0: it works

    @property
    def host(self) -> str:
        """The host alone, such as `ledger.example`."""
        return self.site.removeprefix("https://").rstrip("/")

    @property
    def feed_url(self) -> str:
        """The feed's whole address."""
        return self.site + self.feed


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One item of a publisher: what its feed says about it and what its page holds."""

    publisher: Publisher
    slug: str
    title: str  # as the feed carries it: may hold tags or entities, see `title_is_html`
    body: str  # Markdown; "" for an item that has a recording and no text
    summary: str
    author: str
    published: datetime | None  # None: the feed gives no date
    updated: datetime | None
    appears: datetime  # from when on the feed shows it; differs from `published` for undated and future items only
    story: str  # the story it tells; "" for a background item
    language: str
    full_text_in_feed: bool = False
    no_page: bool = False  # its text stands in the feed only; its address answers 404
    link: str = ""  # the link as the feed writes it where that is not the page's own address (relative, or another's page)
    enclosure: str = ""  # address of a recording
    effective_on: date | None = None
    comments_close_on: date | None = None
    document_number: str = ""
    citation: str = ""
    type: str = ""
    agencies: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where the page stands on its host: `/<yyyy>/<slug>`."""
        return f"/{(self.published or self.appears).year}/{self.slug}"

    @property
    def url(self) -> str:
        """The page's whole address."""
        return self.publisher.site.rstrip("/") + self.path

    @property
    def feed_link(self) -> str:
        """The link its feed gives: nearly always `url`."""
        return self.link or self.url

    @property
    def title_is_html(self) -> bool:
        """Whether the title holds tags or entities that its publisher means as HTML."""
        return bool(_MARKUP.search(self.title))

    def changed(self, as_of: datetime) -> datetime:
        """When it last changed, seen from `as_of`."""
        return self.updated if self.updated is not None and self.updated < as_of else self.appears


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """The whole sample: every publisher in file order and every page, oldest first."""

    publishers: tuple[Publisher, ...]
    pages: tuple[Page, ...]

    def shown(self, publisher: Publisher, as_of: datetime) -> tuple[Page, ...]:
        """What this publisher's feed shows just before `as_of` (aware), newest first. Raises ValueError for a naive time."""
        if as_of.tzinfo is None:
            raise ValueError("as_of needs a time zone")
        return tuple(p for p in reversed(self.pages) if p.publisher == publisher and p.appears < as_of)

    def stories(self) -> Mapping[str, tuple[Page, ...]]:
        """Each story's pages, oldest first."""
        out: dict[str, list[Page]] = {}
        for page in self.pages:
            if page.story:
                out.setdefault(page.story, []).append(page)
        return {story: tuple(pages) for story, pages in out.items()}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Publisher(_Strict):
    id: str
    name: str
    site: str = Field(pattern=r"^https://[a-z.]+\.example/$")
    feed: str
    kind: FeedKind
    tier: Tier
    category: str
    language: str
    fails: int = Field(default=0, ge=0, le=599)


class _Publishers(_Strict):
    publishers: list[_Publisher]


class _Front(_Strict):
    title: str = Field(min_length=3)
    published: datetime | None = None
    updated: datetime | None = None
    appears: datetime | None = None
    author: str = ""
    summary: str = ""
    story: str = ""
    language: str = ""
    full_text_in_feed: bool = False
    no_page: bool = False
    link: str = ""
    enclosure: str = ""
    effective_on: date | None = None
    comments_close_on: date | None = None
    document_number: str = ""
    citation: str = ""
    type: str = ""
    agencies: list[str] = Field(default_factory=list)

    @field_validator("published", "updated", "appears")
    @classmethod
    def _aware(cls, moment: datetime | None) -> datetime | None:
        if moment is not None and moment.tzinfo is None:
            raise ValueError("needs a time and a zone, such as 2026-11-12T15:00:00Z")
        return moment


def load(root: Path = SAMPLE) -> Week:
    """The sample under `root`. Raises ConfigError with every fault of the first file that has one: file, line, key, what is allowed."""
    publishers = _publishers(root / "publishers.yaml", f"{root.name}/publishers.yaml")
    pages = [
        _page(publisher, path, f"{root.name}/{publisher.id}/{path.name}") for publisher in publishers for path in sorted((root / publisher.id).glob("*.md"))
    ]
    # The publisher's id and the slug settle the order of items of one moment: a folder's order is not the same everywhere.
    pages.sort(key=lambda page: (page.appears, page.publisher.id, page.slug))
    return Week(publishers=publishers, pages=tuple(pages))


def _publishers(path: Path, name: str) -> tuple[Publisher, ...]:
    data, lines = _yaml(_read(path, name), name)
    model, faults = yamlfile.check(_Publishers, data, lines)
    if model is None:
        raise ConfigError([f"{name}:{line}: {what}" for line, what in faults])
    return tuple(Publisher(**entry.model_dump()) for entry in model.publishers)


def _page(publisher: Publisher, path: Path, name: str) -> Page:
    match = _FRONT.match(_read(path, name))
    if match is None:
        raise ConfigError(f"{name}:1: has no front matter; begin it with --- and the keys that sample/README.md lists")
    if not _SLUG.match(path.stem):
        raise ConfigError(f"{name}:1: the file name is not a slug; use a-z, 0-9 and - only")
    data, lines = _yaml(match[1], name, first_line=2)
    front, faults = yamlfile.check(_Front, data, lines)
    if front is None:
        raise ConfigError([f"{name}:{line}: {what}" for line, what in faults])
    fields = front.model_dump()
    fields["appears"] = front.appears or _appears(front.published)
    fields["agencies"] = tuple(front.agencies)
    fields["language"] = front.language or publisher.language
    return Page(**fields, publisher=publisher, slug=path.stem, body=match[2].strip())


def _appears(published: datetime | None) -> datetime:
    return ODD_FROM if published is None or published >= FUTURE else published


def _yaml(text: str, name: str, *, first_line: int = 1) -> tuple[object, yamlfile.Lines]:
    try:
        return yamlfile.load(text, first_line=first_line)
    except yamlfile.YamlFault as error:
        raise ConfigError(f"{name}:{error.line}: {error}") from error


def _read(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"{name}: is missing; the sample week needs a whole checkout") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}:1: is not UTF-8 text; save it as UTF-8") from error
