"""Where everything stands on the site: the only place that knows addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of one publication. `base` is its https address without a final slash; it may have a path."""

    base: str

    @property
    def prefix(self) -> str:
        """The path the site stands under: empty, or `/brief`."""
        return urlsplit(self.base).path.rstrip("/")

    @property
    def host(self) -> str:
        """The site's host name."""
        return urlsplit(self.base).hostname or ""

    def to(self, path: str) -> str:
        """A link inside the site, from the host's root; `path` begins with a slash."""
        return self.prefix + path

    def full(self, path: str) -> str:
        """The whole address of a path of the site."""
        return self.base + path

    @staticmethod
    def file(path: str) -> str:
        """The file a path is written to: a path that ends in a slash is a folder's index."""
        return path.lstrip("/") + ("index.html" if path.endswith("/") else "")


def article(edition: date, article_id: str) -> str:
    """An article's path. It never changes: edition and id are fixed at drafting."""
    return f"/{edition.year:04d}/{edition.month:02d}/{article_id}/"


def edition(number: int) -> str:
    """An edition's path."""
    return f"/editions/{number}/"


def year(value: int) -> str:
    """The path of a year's editions."""
    return f"/archive/{value:04d}/"


def topic(slug: str) -> str:
    """A topic's path."""
    return f"/topics/{slug}/"


def publisher(slug: str) -> str:
    """The path of the briefings that cite one publisher."""
    return f"/sources/{slug}/"


def author(author_id: str) -> str:
    """An author's path."""
    return f"/authors/{author_id}/"


def page(name: str) -> str:
    """A page of the house."""
    return f"/{name}/"


def article_picture(day: date, article_id: str) -> str:
    """The picture that links to an article show elsewhere."""
    return f"{article(day, article_id)}card.png"


def edition_picture(number: int) -> str:
    """The picture that links to an edition show elsewhere."""
    return f"{edition(number)}card.png"


HOME = "/"
ARCHIVE = "/archive/"
TOPICS = "/topics/"
SOURCES = "/sources/"
DEADLINES = "/deadlines/"
CALENDAR = "/deadlines.ics"
FEEDS = "/feeds/"
ATOM = "/feeds/all.atom.xml"
EDITIONS_ATOM = "/feeds/editions.atom.xml"
CORRECTIONS_ATOM = "/feeds/corrections.atom.xml"
JSON_FEED = "/feeds/all.json"
SITEMAP = "/sitemap.xml"
ROBOTS = "/robots.txt"
LLMS = "/llms.txt"
NOT_FOUND = "/404.html"
LOGO = "/logo.svg"
HEADERS = "/_headers"
HTACCESS = "/.htaccess"
HOW_WE_WORK = "/how-we-work/"
CORRECTIONS = "/corrections/"
PRIVACY = "/privacy/"
ABOUT = "/about/"


def topic_atom(slug: str) -> str:
    """A topic's feed."""
    return f"/feeds/topics/{slug}.atom.xml"
