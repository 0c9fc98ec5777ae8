"""The Federal Gazette's JSON API, in the shape of a public register's documents API: filters, pages, one document.

An API that ignores a filter would hide a collector's mistake, so a parameter that is not known here is refused with 400.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from .feeds import dump
from .records import Page, Publisher

_PER_PAGE = 20
_MOST = 1_000
_KNOWN = {
    "format", "fields[]", "order", "page", "per_page", "conditions[term]", "conditions[agencies][]", "conditions[type][]",
    "conditions[publication_date][gte]", "conditions[publication_date][lte]", "conditions[publication_date][is]",
}  # fmt: skip
_TYPES = {"RULE": "Rule", "PRORULE": "Proposed Rule", "NOTICE": "Notice", "PRESDOCU": "Presidential Document"}


class BadQuery(ValueError):
    """A parameter this API does not know, or a value it cannot read."""


def listing(publisher: Publisher, pages: Sequence[Page], query: Mapping[str, list[str]]) -> bytes:
    """One page of documents, newest first unless `order=oldest`. Raises BadQuery."""
    unknown = sorted(set(query) - _KNOWN)
    if unknown:
        raise BadQuery(f"unknown parameter {unknown[0]}")
    found = [page for page in pages if _matches(page, query)]
    if query.get("order") == ["oldest"]:
        found.reverse()
    per_page = min(_whole(query, "per_page", _PER_PAGE), _MOST)
    number = _whole(query, "page", 1)
    total = max(1, -(-len(found) // per_page))
    fields = query.get("fields[]", [])
    documents = [document(page) for page in found[(number - 1) * per_page : number * per_page]]
    answer: dict[str, object] = {"count": len(found), "description": "Documents", "total_pages": total}
    if number < total:
        answer["next_page_url"] = _page_url(publisher, query, number + 1)
    if number > 1:
        answer["previous_page_url"] = _page_url(publisher, query, number - 1)
    answer["results"] = [{k: v for k, v in d.items() if not fields or k in fields} for d in documents]
    return dump(answer)


def document(page: Page) -> dict[str, object]:
    """One document as the API gives it. A field the sample does not fill is there and null, as in the real shape."""
    site = page.publisher.site
    day = page.published.date().isoformat() if page.published else None
    return {
        "abstract": page.summary or None,
        "action": {"Rule": "Final rule.", "Proposed Rule": "Proposed rule; request for comment."}.get(page.type, "Notice."),
        "agencies": [_agency(site, name) for name in page.agencies],
        "agency_names": list(page.agencies),
        "body_html_url": page.url,
        "citation": page.citation or None,
        "comments_close_on": page.comments_close_on.isoformat() if page.comments_close_on else None,
        "dates": _dates(page) or None,
        "document_number": page.document_number,
        "effective_on": page.effective_on.isoformat() if page.effective_on else None,
        "html_url": page.url,
        "json_url": json_url(page),
        "pdf_url": None,
        "publication_date": day,
        "title": page.title,
        "toc_subject": None,
        "topics": [],
        "type": page.type or "Notice",
    }


def json_url(page: Page) -> str:
    """Where the API gives this document alone."""
    return f"{page.publisher.site}api/v1/documents/{page.document_number}.json"


def _agency(site: str, name: str) -> dict[str, object]:
    slug = name.lower().replace(" ", "-")
    return {"raw_name": name.upper(), "name": name, "id": 100 + sum(map(ord, slug)) % 400, "url": f"{site}agencies/{slug}",
            "json_url": f"{site}api/v1/agencies/{slug}", "parent_id": None, "slug": slug}  # fmt: skip


def _dates(page: Page) -> str:
    sentences = []
    if page.effective_on:
        sentences.append(f"This {(page.type or 'notice').lower()} is effective {_us(page.effective_on)}.")
    if page.comments_close_on:
        sentences.append(f"Comments must be received by {_us(page.comments_close_on)}.")
    return " ".join(sentences)


def _us(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _matches(page: Page, query: Mapping[str, list[str]]) -> bool:
    day = page.published.date().isoformat() if page.published else ""
    text = f"{page.title} {page.summary} {page.body}".lower()
    slugs = {name.lower().replace(" ", "-") for name in page.agencies}
    return all(
        (
            all(word in text for term in query.get("conditions[term]", []) for word in term.lower().replace('"', "").split()),
            not query.get("conditions[agencies][]") or bool(slugs & set(query["conditions[agencies][]"])),
            not query.get("conditions[type][]") or page.type in {_TYPES.get(t, t) for t in query["conditions[type][]"]},
            all(day >= limit for limit in query.get("conditions[publication_date][gte]", [])),
            all(day <= limit for limit in query.get("conditions[publication_date][lte]", [])),
            all(day == limit for limit in query.get("conditions[publication_date][is]", [])),
        )
    )


def _whole(query: Mapping[str, list[str]], name: str, default: int) -> int:
    value = query.get(name, [str(default)])[-1]
    if not value.isascii() or not value.isdigit() or int(value[:6]) < 1:
        raise BadQuery(f"{name} must be a whole number from 1, not {value!r}")
    return int(value[:6])


def _page_url(publisher: Publisher, query: Mapping[str, list[str]], number: int) -> str:
    pairs = [(k, v) for k, values in query.items() if k != "page" for v in values]
    return f"{publisher.feed_url}?{urlencode([*pairs, ('page', str(number))])}"
