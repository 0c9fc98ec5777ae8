"""The email against what mail clients support, what services replace, and a real newsletter of the same length.

Support comes from the data of caniemail.com (MIT), read without its style blocks: what is left must work everywhere. A property,
element or attribute that the data does not know has to stand in `UNLISTED` with its reason, so that nothing new slips in.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from briefing import article as articles
from briefing import evidence, inline
from briefing.config import Publication
from briefing.model import Article, Edition, Ledger, Record
from briefing.site import email
from briefing.site.admitted import AdmittedArticle, AdmittedEdition
from briefing.site.mail import senders

from . import ROOT, Progress, Row, at_most, equal, fact

TITLE = "Email: support, safety, size"
ARTICLES = ("insurer-ai-register", "city-permits", "hiring-notice", "vendor-terms")
DAY = date(2026, 11, 24)

#: family.platform → what may be unsupported there, with no effect a reader would notice.
CLIENTS: Mapping[str, frozenset[str]] = {
    "gmail.desktop-webmail": frozenset(),
    "gmail.ios": frozenset(),
    "gmail.android": frozenset(),
    "apple-mail.macos": frozenset(),
    "apple-mail.ios": frozenset(),
    "outlook.ios": frozenset(),
    "outlook.outlook-com": frozenset(),
    "outlook.windows": frozenset({"css-overflow", "css-max-height"}),  # both hide the preheader, which mso-hide hides there
    "yahoo.desktop-webmail": frozenset({"html-aria-label"}),  # the wrapper's name, for screen readers elsewhere
}

CSS: Mapping[str, str] = {
    "background-color": "css-background-color",
    "border": "css-border",
    "display": "css-display",
    "font-size": "css-font-size",
    "font-weight": "css-font-weight",
    "letter-spacing": "css-letter-spacing",
    "line-height": "css-line-height",
    "margin": "css-margin",
    "max-height": "css-max-height",
    "max-width": "css-max-width",
    "overflow": "css-overflow",
    "padding": "css-padding",
    "text-align": "css-text-align",
    "text-decoration": "css-text-decoration",
    "vertical-align": "css-vertical-align",
    "width": "css-width",
}
HTML: Mapping[str, str] = {
    "body": "html-body",
    "div": "html-div",
    "h1": "html-h1-h6",
    "h2": "html-h1-h6",
    "h3": "html-h1-h6",
    "li": "html-lists",
    "ol": "html-lists",
    "ul": "html-lists",
    "p": "html-p",
    "span": "html-span",
    "strong": "html-strong",
    "table": "html-table",
    "tbody": "html-table",
    "td": "html-table",
    "th": "html-table",
    "tr": "html-table",
    "@align": "html-align",
    "@aria-label": "html-aria-label",
    "@cellpadding": "html-cellpadding",
    "@cellspacing": "html-cellspacing",
    "@dir": "html-dir",
    "@lang": "html-lang",
    "@role": "html-role",
    "@width": "html-width",
}
UNLISTED: Mapping[str, str] = {
    "color": "older than any list",
    "font-family": "older than any list; both stacks end in a generic",
    "color-scheme": "on the html element only: dropped with it, and dark stays light",
    "supported-color-schemes": "as color-scheme, for one older client",
    "mso-hide": "read by Outlook alone",
    "-webkit-text-size-adjust": "stops phones from enlarging text; nothing is lost where it is ignored",
    "-ms-text-size-adjust": "the same",
    "html": "dropped by most clients; the wrapper repeats what it says",
    "head": "dropped by most clients",
    "meta": "hints only",
    "title": "for browsers",
    "a": "older than any list",
    "br": "older than any list",
    "em": "older than any list",
    "@aria-roledescription": "a word for screen readers",
    "@border": "older than any list",
    "@charset": "in meta",
    "@class": "for the style blocks",
    "@content": "in meta",
    "@href": "older than any list",
    "@http-equiv": "in meta",
    "@name": "in meta",
    "@scope": "a word for screen readers",
    "@style": "what is counted above",
    "@xmlns:o": "read by Outlook alone",
}
#: What an HTML checker finds in every sound email.
EXPECTED = (
    "“xmlns:o”",
    "“supported-color-schemes”",
    "“http-equiv”",
    "Element “meta” is missing",  # x-apple-disable-message-reformatting has no content
    "“mso-hide”",
    "Bad value “{{ unsubscribe_url }}”",
)
TEXTS = (
    "{{ unsubscribe_url }}",
    "{% raw %}{{ x }}{% endraw %}",
    "{# gone #}",
    "{{{ pm:unsubscribe }}}",
    "*|UNSUB|*",
    "<%asm_group_unsubscribe_raw_url%>",
    "%%FIRST_NAME%%",
    "%unsubscribe_url%",
    "%recipient.name%",
    "{$unsubscribe}",
    "[[name]]",
)


def rows(corpus: Path | None, progress: Progress) -> list[Row]:
    """Support only where the corpus is there; the rest needs the checkout alone."""
    publication = _publication("buttondown")
    edition = _edition()
    began = time.process_time()
    files = email.bundle(edition, publication)
    took = time.process_time() - began
    out = [*_size(files, took), *_tags(progress)]
    out += _checked(files["email.html"], progress)
    if corpus is not None and (corpus / "email").is_dir():
        out += support(corpus / "email" / "caniemail.json.gz", files["email.html"].decode("ascii"))
        out += _newsletter(corpus / "email", files["email.html"])
    return out


def _size(files: Mapping[str, bytes], took: float) -> Iterator[Row]:
    yield at_most("HTML of a four-article edition", len(files["email.html"]), 60_000, unit="B")
    yield at_most("longest line", max(map(len, files["email.html"].split(b"\n"))), 900, unit="B")
    yield fact("plain text", len(files["email.txt"]), unit="B")
    yield fact("the first bundle, templates read included", took * 1000, unit="ms")


# --------------------------------------------------------------------- tags


def _tags(progress: Progress) -> Iterator[Row]:
    tried = replaced = 0
    for service, sender in senders.SENDERS.items():
        for text in TEXTS:
            files = email.bundle(_edition(_saying(text)), _publication(service))
            for name in ("email.html", "email.txt"):
                raw = re.sub(r"<style\b.*?</style>", "", files[name].decode("utf-8"), flags=re.DOTALL)
                tried += 1
                replaced += bool(senders.found(raw.replace(sender.unsubscribe, "", 1))) or raw.count(sender.unsubscribe) != 1
        progress(f"tags: {service} done")
    yield fact("hostile texts × services × parts", tried)
    yield equal("of these replaced by a service", replaced, 0)


def _saying(text: str) -> Callable[[Article], Article]:
    md = inline.escape(text)

    def edit(a: Article) -> Article:
        meaning = tuple(replace(p, order=text, md=md) for p in a.meaning)
        sources = tuple(replace(s, title=text, publisher=text, url=f"{s.url}/{text.replace(' ', '+')}") for s in a.sources)
        return replace(a, kicker=text, title=text, dek=text, meaning=meaning, sources=sources)

    return edit


# ------------------------------------------------------------------ support


def support(data: Path, html: str) -> Iterator[Row]:
    """Which features each client does not support, beyond those accepted above."""
    with gzip.open(data, "rt", encoding="utf-8") as file:
        known = {f["slug"]: f["stats"] for f in json.load(file)["data"]}
    used, strange = features(html)
    yield fact("features used without style blocks", len(used))
    yield equal("properties, elements and attributes nobody has judged", ", ".join(sorted(strange)) or "none", "none")
    for client, accepted in CLIENTS.items():
        missing = {slug for slug in used if slug in known and supported(known[slug], client) == "n"}
        yield equal(f"not supported in {client}", ", ".join(sorted(missing - accepted)) or "none", "none")


def supported(stats: Mapping[str, Any], client: str) -> str:
    """`y`, `a` (in part), `n` or `u` (unknown) for the newest version of a client."""
    family, _, platform = client.partition(".")
    versions = list(stats.get(family, {}).get(platform, {}).values())
    return str(versions[-1])[0] if versions else "u"


def features(html: str) -> tuple[set[str], set[str]]:
    """The features of the data that an email uses without its style blocks, and what neither the data nor we know."""
    bare = re.sub(r"<!--\[if mso\]>.*?<!\[endif\]-->|<style\b.*?</style>", "", html, flags=re.DOTALL)
    used, strange = {"css-unit-px", "css-unit-percent"}, set()
    for name in sorted(_names(BeautifulSoup(bare, "lxml"))):
        root = name.removesuffix(":none")
        slug = "css-display-none" if name == "display:none" else HTML.get(name) or CSS.get(root) or CSS.get(root.partition("-")[0])
        if slug:
            used.add(slug)
        elif name not in UNLISTED:
            strange.add(name)
    return used, strange


def _names(soup: BeautifulSoup) -> set[str]:
    out: set[str] = set()
    for tag in soup.find_all(True):
        out |= {tag.name, *(f"@{a}" for a in tag.attrs)}
        for declaration in str(tag.get("style", "")).split(";"):
            name, _, value = (part.strip() for part in declaration.partition(":"))
            if name:
                out.add("display:none" if (name, value) == ("display", "none") else name)
    return out


# ------------------------------------------------------------- HTML checker


def _checked(html: bytes, progress: Progress) -> Iterator[Row]:
    """What an HTML checker says beyond the seven things that email needs and the web does not know."""
    jar = Path(os.environ.get("VNU_JAR") or ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar")
    if not jar.is_file() or shutil.which("java") is None:
        progress("left out: the HTML checker. Install Java and `npm install --ignore-scripts --no-save vnu-jar`, or set VNU_JAR")
        return
    done = subprocess.run(["java", "-jar", str(jar), "--errors-only", "--format", "gnu", "-"], input=html, capture_output=True, check=False)
    lines = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "error" in line]
    beyond = [line for line in lines if not any(known in line for known in EXPECTED)]
    for line in beyond[:10]:
        progress(f"  {line}")
    yield equal("findings of the HTML checker beyond what email needs", len(beyond), 0)
    yield equal("findings that email needs", len(lines) - len(beyond), 7)


# --------------------------------------------------------------- a real one


def _newsletter(folder: Path, ours: bytes) -> Iterator[Row]:
    path = next(folder.glob("real_*.html.gz"), None)
    if path is None:
        return
    theirs = gzip.decompress(path.read_bytes())
    yield fact("bytes of HTML a word", len(ours) / _words(ours), baseline=len(theirs) / _words(theirs))
    yield fact("pictures", ours.count(b"<img"), baseline=theirs.count(b"<img"))
    yield fact("bytes beyond ASCII", sum(b > 127 for b in ours), baseline=sum(b > 127 for b in theirs))


def _words(html: bytes) -> int:
    soup = BeautifulSoup(html, "lxml")
    for tag in soup.find_all(["style", "script", "title"]):
        tag.decompose()
    return len(soup.get_text(" ").split())


# ------------------------------------------------------------------ edition


def _edition(edit: Callable[[Article], Article] = lambda a: a) -> AdmittedEdition:
    admitted = tuple(_admitted(name, edit) for name in ARTICLES)
    edition = Edition(
        date=DAY,
        number=24,
        status="approved",
        subject="An insurer published its AI register",
        preheader="Fourteen AI tools had no owner. They were gone by Friday.",
        articles=tuple(a.id for a in admitted),
    )
    return AdmittedEdition(edition=edition, record=_record("edition-2026-11-24"), articles=admitted, approved=True, complete=True)


def _admitted(name: str, edit: Callable[[Article], Article]) -> AdmittedArticle:
    data = (ROOT / "tests" / "data" / f"{name}.md").read_bytes()
    article = edit(articles.parse(data))
    ledger = Ledger(article=article.id, edition=DAY, claims=tuple(evidence.claims(article)), snapshots={})
    return AdmittedArticle(name=name, data=data, article=article, ledger=ledger, record=_record(name))


def _record(name: str) -> Record:
    return Record(
        version=1,
        article=name,
        edition=DAY,
        decision="approve",
        digest="sha256:" + "0" * 64,
        approved_by="Dana Whitlock <dana@brief.example.org>",
        approved_at=datetime(2026, 11, 23, 21, 5, tzinfo=UTC),
    )


def _publication(service: str) -> Publication:
    return Publication.model_validate(
        {
            "name": "The Readiness Brief",
            "tagline": "Five minutes, every Tuesday.",
            "url": "https://brief.example.org",
            "first_edition": date(2026, 6, 16),
            "author": {"id": "dana-whitlock", "name": "Dana Whitlock", "role": "editor", "bio": "Reads every source."},
            "address": "The Readiness Brief, 7 Harbour Lane, Alder Bay, WB 12345",
            "subscribe": "https://list.example.org/subscribe",
            "sender": {
                "service": service,
                "from_name": "The Readiness Brief",
                "from_address": "brief@brief.example.org",
                "reply_to": "editor@brief.example.org",
            },
        }
    )
