"""Pelican's settings for this site, in one place. `pelicanconf.py` says who publishes; everything below follows from it.

They are set when Pelican starts, whatever the settings file says: an address, a status or a reader that a settings file could
change would be a way around the gate.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..config import Publication
from . import links

#: Entries a feed, newest first: more than half a year of weeks with one briefing, two months with four.
FEED_ENTRIES = 30

#: What Pelican would otherwise write, read or guess. Each line switches one of its habits off.
FIXED: dict[str, Any] = {
    "ARTICLE_PATHS": [""],
    "ARTICLE_EXCLUDES": ["pages"],
    "PAGE_PATHS": ["pages"],
    "PAGE_EXCLUDES": [],
    "STATIC_PATHS": [],
    "THEME_STATIC_PATHS": [],  # the theme's files are written under hashed names by `generator`
    "TEMPLATE_PAGES": {},
    "DIRECT_TEMPLATES": [],
    "OUTPUT_SOURCES": False,
    "DEFAULT_METADATA": {"status": "draft"},  # publishing is an explicit word, said by our reader only
    "WITH_FUTURE_DATES": True,  # False would compare with the clock
    "DRAFT_SAVE_AS": "",
    "DRAFT_PAGE_SAVE_AS": "",
    "TAG_SAVE_AS": "",
    "CATEGORY_SAVE_AS": "",
    "AUTHOR_SAVE_AS": "",
    "YEAR_ARCHIVE_SAVE_AS": "",
    "MONTH_ARCHIVE_SAVE_AS": "",
    "DAY_ARCHIVE_SAVE_AS": "",
    "FEED_ATOM": None,
    "FEED_RSS": None,
    "FEED_ALL_ATOM": links.ATOM.lstrip("/"),
    "FEED_ALL_RSS": None,
    "CATEGORY_FEED_ATOM": None,
    "CATEGORY_FEED_RSS": None,
    "AUTHOR_FEED_ATOM": None,
    "AUTHOR_FEED_RSS": None,
    "TAG_FEED_ATOM": None,
    "TAG_FEED_RSS": None,
    "TRANSLATION_FEED_ATOM": None,
    "TRANSLATION_FEED_RSS": None,
    "FEED_APPEND_REF": False,
    "FEED_MAX_ITEMS": FEED_ENTRIES,
    "ARTICLE_ORDER_BY": "briefing_order",
    "ARTICLE_TRANSLATION_ID": None,  # no translations: Pelican's search for them is quadratic
    "PAGE_TRANSLATION_ID": None,
    "FORMATTED_FIELDS": [],  # metadata is plain text
    "TYPOGRIFY": False,
    "USE_FOLDER_AS_CATEGORY": False,
    "FILENAME_METADATA": "(?P<slug>.*)",
    "PATH_METADATA": "",
    "EXTRA_PATH_METADATA": {},
    "RELATIVE_URLS": False,
    "PAGINATED_TEMPLATES": {},
    "CACHE_CONTENT": False,
    "LOAD_CONTENT_CACHE": False,
    "DELETE_OUTPUT_DIRECTORY": False,  # the build writes to a folder of its own and swaps
    "INTRASITE_LINK_REGEX": r"(?P<what>(?!))",  # never: an article's links are whole addresses
    "JINJA_ENVIRONMENT": {"autoescape": True, "auto_reload": False, "trim_blocks": True, "lstrip_blocks": True, "extensions": []},
    "TEMPLATE_EXTENSIONS": [".html"],
    "SUMMARY_MAX_LENGTH": None,
    "DEFAULT_PAGINATION": False,
}


def settings(publication: Publication, theme: Path) -> dict[str, Any]:
    """All of Pelican's settings that this site fixes, the publication's own among them."""
    return FIXED | {
        "SITENAME": publication.name,
        "SITESUBTITLE": publication.tagline,
        "SITEURL": publication.url,
        "FEED_DOMAIN": publication.url,
        "TIMEZONE": publication.zone,
        "DEFAULT_LANG": publication.language,
        "AUTHOR": publication.author.name,
        "THEME": str(theme),
        "THEME_TEMPLATES_OVERRIDES": [],
    }
