"""Structured data: the JSON-LD graph of each page, made from the same values the page shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from ..model import Article
from . import links, pictures, view
from .admitted import AdmittedArticle
from .catalog import Catalog

Thing = dict[str, Any]


def script(things: Iterable[Thing]) -> Markup:
    """The graph as the inside of a `application/ld+json` element: no character in it can end the element or open a tag."""
    text = json.dumps({"@context": "https://schema.org", "@graph": list(things)}, ensure_ascii=False, separators=(",", ":"))
    for char, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(char, escape)
    return Markup(text)


def organization(c: Catalog) -> Thing:
    """The publisher, with its policies where those pages exist."""
    at = c.links
    pages = {p.name for p in c.admitted.pages}
    out: Thing = {
        "@type": "NewsMediaOrganization",
        "@id": at.full("/#org"),
        "name": c.publication.name,
        "url": at.full(links.HOME),
        "logo": {"@type": "ImageObject", "url": at.full(links.LOGO)},
        "correctionsPolicy": at.full(links.CORRECTIONS),
    }
    if "how-we-work" in pages:
        out["ethicsPolicy"] = out["publishingPrinciples"] = at.full(links.HOW_WE_WORK)
    return out


def person(c: Catalog, name: str) -> Thing:
    """An author: always a person."""
    path = links.author(c.author_id(name))
    out: Thing = {"@type": "Person", "@id": c.links.full(path) + "#person", "name": name, "url": c.links.full(path)}
    if name == c.publication.author.name:
        out["jobTitle"] = c.publication.author.role
    return out


def trail(c: Catalog, *steps: tuple[str, str]) -> Thing:
    """The way to a page: (name, path) from home on; the last step is the page itself and carries no address."""
    items: list[Thing] = []
    for place, (name, path) in enumerate((("Home", links.HOME), *steps), 1):
        item: Thing = {"@type": "ListItem", "position": place, "name": name}
        if place <= len(steps):
            item["item"] = c.links.full(path)
        items.append(item)
    return {"@type": "BreadcrumbList", "itemListElement": items}


def article_graph(c: Catalog, a: AdmittedArticle, sources: tuple[view.SourceRow, ...]) -> Markup:
    """Publisher, author, trail, the article with its citations, and the questions that stand on the page."""
    art = a.article
    things = [
        organization(c),
        person(c, art.author),
        trail(c, (art.kicker, links.topic(art.topics[0])), (art.title, links.article(art.edition, art.id))),
        _news(c, a, sources),
    ]
    faq = c.body(a).faq
    if faq:
        things.append(_faq(c.links.full(links.article(art.edition, art.id)), faq))
    return script(things)


def _news(c: Catalog, a: AdmittedArticle, sources: tuple[view.SourceRow, ...]) -> Thing:
    art = a.article
    address = c.links.full(links.article(art.edition, art.id))
    author = {"@id": person(c, art.author)["@id"]}
    return {
        "@type": "NewsArticle",
        "@id": f"{address}#article",
        "mainEntityOfPage": address,
        "headline": art.title,
        "description": art.dek,
        **_image(c, links.article_picture(art.edition, art.id)),
        "datePublished": c.published_at(a).isoformat(),
        "dateModified": c.changed_at(a).isoformat(),
        "inLanguage": c.publication.language,
        "isAccessibleForFree": True,
        "wordCount": c.body(a).words,
        "timeRequired": f"PT{c.body(a).minutes}M",
        "articleSection": art.kicker,
        "author": author,
        "editor": author,
        "publisher": {"@id": c.links.full("/#org")},
        **_correction(art),
        "citation": [_citation(art, s) for s in sources],
        "isBasedOn": [s.href for s in sources if _kind(art, s.href) == "primary"],
    }


def _image(c: Catalog, path: str) -> Mapping[str, Any]:
    found = c.picture(path)
    if found is None:
        return {}
    return {"image": {"@type": "ImageObject", "url": found.href, "width": pictures.WIDTH, "height": pictures.HEIGHT}}


def _correction(art: Article) -> Mapping[str, Any]:
    if not art.corrections:
        return {}
    return {"correction": [{"@type": "CorrectionComment", "text": x.text, "datePublished": x.date.isoformat()} for x in art.corrections]}


def _kind(art: Article, url: str) -> str:
    return next((s.kind for s in art.sources if s.url == url), "")


def _citation(art: Article, s: view.SourceRow) -> Thing:
    out: Thing = {
        "@type": "CreativeWork",
        "name": s.title,
        "url": s.href,
        "publisher": {"@type": "Organization", "name": s.publisher.text},
    }
    if s.published:
        out["datePublished"] = s.published.iso
    return out


def _faq(address: str, faq: tuple[view.Faq, ...]) -> Thing:
    return {
        "@type": "FAQPage",
        "@id": f"{address}#faq",
        "mainEntity": [{"@type": "Question", "name": f.question, "acceptedAnswer": {"@type": "Answer", "text": f.text}} for f in faq],
    }


def list_graph(c: Catalog, title: str, path: str, cards: Iterable[view.Card] = (), *, above: tuple[tuple[str, str], ...] = ()) -> Markup:
    """Publisher, trail and, where the page lists briefings, the list."""
    things = [organization(c), trail(c, *above, (title, path))]
    items = [
        {"@type": "ListItem", "position": n, "url": c.links.full(card.href.removeprefix(c.links.prefix)), "name": card.title} for n, card in enumerate(cards, 1)
    ]
    if items:
        things.append(
            {"@type": "CollectionPage", "@id": c.links.full(path) + "#page", "name": title, "mainEntity": {"@type": "ItemList", "itemListElement": items}}
        )
    return script(things)


def home_graph(c: Catalog) -> Markup:
    """Publisher and site."""
    site: Thing = {
        "@type": "WebSite",
        "@id": c.links.full("/#site"),
        "url": c.links.full(links.HOME),
        "name": c.publication.name,
        "description": c.publication.description or c.publication.tagline,
        "inLanguage": c.publication.language,
        "publisher": {"@id": c.links.full("/#org")},
    }
    return script([organization(c), site])
