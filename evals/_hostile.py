"""Hostile words on their whole way: served in feeds, collected, drafted, put into articles, approved, built into pages and emails.

What a reader has to see is worked out here by rules that share nothing with the code they judge. A site is judged beside its twin: the same
articles with plain words in the same places. An element, attribute or address that the twin does not have came out of the words.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import html
import io
import json
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote

from bs4 import BeautifulSoup

from briefing import approving, cli, config, evidence, inline, playbook, sample, trial
from briefing import article as articles
from briefing import edition as editions
from briefing.collect import clean
from briefing.collect.report import Report
from briefing.collect.run import collect
from briefing.config import CollectSettings, Publication
from briefing.draft import write as drafts
from briefing.draft.run import _free_id
from briefing.errors import ArticleError
from briefing.model import Article, Correction, Edition, Item, Paragraph, PullQuote, Source, Story
from briefing.project import Project
from briefing.records import Records
from briefing.sample import feeds as sample_feeds
from briefing.site.mail import senders
from briefing.store import Store

from . import ROOT
from ._serve import Body, Site

HOSTILE = ROOT.parent / "shared" / "hostile"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = date(2026, 11, 3)
HOST = "words.example"
FORMS = ("json", "atom", "rss")
DAY = date(2026, 11, 24)
#: Longest title the store keeps, and the mark of what was cut (docs/sources.md).
TITLE = 300
MARK = " […]"

_JOINER = "\u2060"


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile string, its row of the catalogue, and what has to come of it."""

    id: str
    row: str
    text: str
    expect: str

    @property
    def link(self) -> bool:
        """Whether it is meant as an item's link."""
        return self.expect.startswith("link-")


def cases(folder: Path = HOSTILE) -> tuple[Case, ...]:
    """Every string, in the file's order."""
    found = json.loads((folder / "strings.json").read_text(encoding="utf-8"))
    return tuple(Case(c["id"], c["case"], c["text"], c["expect"]) for c in found)


def shown(case: Case) -> str:
    """What a reader sees of it on one line: white space folded, what is invisible or controls left out where the row says so."""
    text = " ".join(case.text.split())
    if case.expect in {"no-control", "safe-slug"}:
        text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf"})
    if case.expect == "cleaned":
        text = re.sub("([\u0300-\u036f]{3})[\u0300-\u036f]+", r"\1", text)
    return " ".join(text.split())


def as_title(case: Case, fallback: str) -> str:
    """The title an item with these words has: cut with a mark where they are long, something else of the item where they are empty."""
    text = shown(case) or fallback
    return text if len(text) <= TITLE else text[: TITLE - len(MARK)] + MARK


# -------------------------------------------------------------------- feeds


@cache
def around() -> tuple[str, str]:
    """What stands before and after the words in an item's text: a page of the sample week, enough for a draft."""
    page = next(p for p in sample.load().pages if p.slug == "phone-triage-fallback-plan")
    text = clean.text(sample_feeds.body_html(page)).split("\n\n")
    return "\n\n".join(text[:2]), "\n\n".join(text[2:7])


def around_it(text: str) -> str:
    """The words as a paragraph of their own in an item's text."""
    before, after = around()
    return f"{before}\n\n{text}\n\n{after}"


def address(n: int, form: str = "json") -> str:
    """The link of item n where the words are not meant as one."""
    return f"https://{form}.{HOST}/items/{n}"


def _link(case: Case, n: int, form: str) -> str:
    return case.text if case.link else address(n, form)


def _day(n: int) -> str:
    return (NOW - timedelta(days=2) + timedelta(minutes=n)).isoformat()


def _holds(form: str, case: Case) -> bool:
    """Whether this format can carry the string at all: XML has no control characters."""
    return form == "json" or not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", case.text)


def json_feed(found: Sequence[Case]) -> bytes:
    """Words as JSON strings: `content_text` is plain text by its standard."""
    items = []
    for n, c in enumerate(found):
        text = around_it(c.text)
        author = [{"name": c.text}]
        items.append(
            {"id": c.id, "url": _link(c, n, "json"), "title": c.text, "content_text": text, "authors": author, "tags": [c.text], "date_published": _day(n)}
        )
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Words", "items": items}).encode()


def atom(found: Sequence[Case]) -> bytes:
    """Words as Atom text constructs of type text: markup in them is words."""
    q = html.escape
    out = []
    for n, c in enumerate(found):
        text = q(around_it(c.text))
        out.append(
            f'<entry><id>{c.id}</id><link href="{q(_link(c, n, "atom"))}"/><title type="text">{q(c.text)}</title><summary type="text">{text}</summary>'
            f'<author><name>{q(c.text)}</name></author><category term="{q(c.text)}"/><source><id>x</id><title type="text">{q(c.text)}</title></source>'
            f"<updated>{_day(n)}</updated></entry>"
        )
    return f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Words</title>{"".join(out)}</feed>'.encode()


def rss(found: Sequence[Case]) -> bytes:
    """Words as HTML in RSS: escaped once for HTML and once for XML, as a careful publisher does."""

    def q(text: str) -> str:
        return html.escape(html.escape(text, quote=False), quote=False)

    out = []
    for n, c in enumerate(found):
        paragraphs = [*around()[0].split("\n\n"), c.text, *around()[1].split("\n\n")]
        text = "".join(html.escape("<p>") + q(t) + html.escape("</p>") for t in paragraphs)
        out.append(
            f'<item><guid isPermaLink="false">{c.id}</guid><link>{html.escape(_link(c, n, "rss"), quote=False)}</link><title>{q(c.text)}</title>'
            f"<description>{text}</description><dc:creator>{q(c.text)}</dc:creator><category>{q(c.text)}</category>"
            f'<source url="https://other.example/">{q(c.text)}</source><dc:date>{_day(n)}</dc:date></item>'
        )
    return f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Words</title>{"".join(out)}</channel></rss>'.encode()


WRITERS = {"json": (json_feed, "application/feed+json"), "atom": (atom, "application/atom+xml"), "rss": (rss, "application/rss+xml")}


def source(form: str, **changes: object) -> Source:
    """The source that serves this form."""
    given: dict[str, object] = {
        "id": form,
        "name": f"The {form.title()} Office",
        "url": f"https://{form}.{HOST}/feed",
        "site": f"https://{form}.{HOST}/",
        "category": "words",
        "kind": "jsonfeed" if form == "json" else "atom" if form == "atom" else "rss",
        "tier": "primary",
        "max_items": 200,
    }
    return Source(**(given | changes))  # type: ignore[arg-type]


Items = Mapping[tuple[str, str], Item]  # by form and case


def read(root: Path, found: Sequence[Case], forms: Sequence[str] = FORMS, **limits: int) -> tuple[Report, Items]:
    """Serve the words in each form over loopback, collect them, and what the store then holds by form and case."""
    held = {f: tuple(c for c in found if _holds(f, c)) for f in forms}
    served = {(f"{f}.{HOST}", "/feed"): Body(WRITERS[f][0](held[f]), NOW, WRITERS[f][1]) for f in forms}
    with Site(served) as site, Store.open(root / "var" / "briefing.sqlite", write=True, now=NOW) as store:
        settings = CollectSettings(connect_to={f"*.{HOST}": site.address}, **limits)  # type: ignore[arg-type]
        report = collect([source(f) for f in forms], settings, store, NOW, pauses=())
        stored = store.items(NOW - timedelta(days=1), NOW + timedelta(days=1))
    by_time = {(f, _day(n)): c.id for f in forms for n, c in enumerate(held[f])}
    return report, {(i.source, by_time[i.source, i.published.isoformat()]): i for i in stored if i.published}


def stored_wrong(case: Case, item: Item) -> Iterator[str]:
    """What the store holds of a case otherwise than a reader should see it."""
    before, after = around()
    text = " ".join(f"{before} {shown(case)} {after}".split())
    if item.title != as_title(case, " ".join(text.split()[:12]) + " …"):
        yield f"title {item.title!r}"
    if " ".join(item.summary.split()) != text:
        yield f"text {item.summary!r}"
    for name, given in (("author", item.author), ("publisher", item.publisher)):
        # Names are read as HTML in every form: what looks like a tag may be gone, nothing may be added.
        if not _within(given.removesuffix(MARK), html.unescape(shown(case))) and not _within(given.removesuffix(MARK), shown(case)):
            yield f"{name} {given!r}"


def _within(part: str, whole: str) -> bool:
    """Whether the characters of `part` stand in `whole` in this order."""
    rest = iter(whole)
    return all(c in rest for c in part)


def link_held(case: Case, item: Item) -> bool:
    """Whether the item's link came to what the case asks for."""
    clean_ = re.fullmatch(r"https?://[^\s\"'<>@/]+/[^\s\"'<>]*", item.url) is not None
    if case.expect == "link-dropped":
        return clean_ and item.url == source(item.source).site and item.fields.get("link", "").startswith("left out")
    if case.expect == "link-kept":
        return item.url == quote(case.text, safe=":/?&=#%") and "link" not in item.fields
    return clean_ and "link" not in item.fields and unquote(item.url) == case.text


# ----------------------------------------------------------------- articles


def day_of(n: int) -> date:
    """The edition that holds case n alone."""
    return FIRST + timedelta(weeks=n)


def telling(words: str) -> str:
    """The words, or a phrase with them where they say nothing that a source could carry: a claim has to be about something."""
    return words if len(re.findall(r"[^\W\d_]{3,}", words)) > 1 else f"The list holds {words}"


def article(n: int, words: str, url: str) -> Article:
    """An article with the words in every place a reader sees: head, text, link, quotation, questions, sources, correction."""
    a = trial.make_article(f"case-{n}", day=day_of(n), word="Wabash")
    md = inline.escape(words)
    first, second = a.sources
    section = a.sections[0]
    sources = (
        replace(first, title=words, publisher=words[:120].strip(), url=url),
        replace(second, title=f"About {words}", url=f"https://ledger.{HOST}/{n}", archived=f"https://archive.{HOST}/{n}"),
    )
    said = Paragraph(md=f"The Wabash list wrote “{md}” into one row. [s1]")
    linked = Paragraph(md=f"The Wabash list names {md} and [{md}](https://page.{HOST}/{n}) in one row. [s2]")
    return replace(
        a,
        kicker=words[:60].strip(),
        title=telling(words)[:200].strip(),
        author=f"{words[:90].strip()} Osei",
        dek=words[:400].strip(),
        sources=sources,
        lead=(Paragraph(md=f"{inline.escape(telling(words))} [s1]"), *a.lead),
        sections=(
            replace(section, question=words, blocks=(*section.blocks, said, linked)),
            replace(
                section,
                question="What did the office say?",
                blocks=(
                    Paragraph(md=f"The Wabash list says “{inline.escape(telling(words))}” in one row. [s1]"),
                    PullQuote(text=f"“{telling(words)}”", by="the Wabash list"),
                ),
            ),
        ),
        corrections=(Correction(date=a.edition, text=words),),
        limits=words,
    )


def project(root: Path, service: str = "mailchimp") -> Project:
    """A briefing with our theme, one article an edition, on trial settings."""
    made = trial.make_project(root)
    text = made.settings.read_text(encoding="utf-8").replace('"buttondown"', f'"{service}"')
    made.settings.write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "themes", root / "themes")
    return made


@dataclass(frozen=True, slots=True)
class Published:
    """A built site of one article an edition. `twin` has plain words."""

    project: Project
    cases: tuple[Case, ...]
    words: tuple[str, ...]  # of each case, as the store holds its title
    articles: tuple[Article, ...]  # of each case
    twin: Article

    def file(self, a: Article, kind: str = "") -> bytes:
        """The article's page, or a file of its edition's email."""
        out = self.project.output
        return (out / "email" / a.edition.isoformat() / kind if kind else out / f"{a.edition:%Y/%m}" / a.id / "index.html").read_bytes()


PLAIN = "plain words stand in"


def publish(root: Path, found: Sequence[Case], items: Mapping[tuple[str, str], Item]) -> Published:
    """The store's items as articles between two plain ones, written, approved and built with the real commands. Raises AssertionError."""
    made = project(root)
    words = [PLAIN, *(items["json", c.id].title for c in found), PLAIN]
    links = [address(-1), *(items["json", c.id].url for c in found), address(-2)]
    written = [article(n, w, url) for n, (w, url) in enumerate(zip(words, links, strict=True))]
    for n, (a, subject) in enumerate(zip(written, words, strict=True)):
        trial.add_article(made, a)
        e = Edition(date=a.edition, number=n + 1, status="needs-review", subject=subject[:150].strip(), preheader=subject[:200].strip(), articles=(a.id,))
        made.edition(a.edition).write_bytes(editions.write(e))
    now = datetime.combine(written[-1].edition, time(), UTC) - timedelta(hours=6)
    run(made, now, "approve", *(a.id for a in written), "--yes", "--as", trial.EDITOR)
    _approve_editions(made, [a.edition for a in written], now)
    run(made, now, "build", "--json")
    return Published(made, tuple(found), tuple(words[1:-1]), tuple(written[1:-1]), written[-1])


def _approve_editions(made: Project, days: Sequence[date], now: datetime) -> None:
    """As `briefing approve --edition` does, with the records opened once: a hundred commands would each read all of them."""
    records = Records.open(made, publication(made), {})
    for day in days:
        approving.approve(made, records, approving.look_edition(made, publication(made), records, day), trial.EDITOR, now)


def run(made: Project, now: datetime, *args: str, code: int = 0) -> str:
    """What a command prints. Raises AssertionError where its exit code is another."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        got = cli.main([args[0], "--project", str(made.root), "--now", now.isoformat(), *args[1:]])
    if got != code:
        raise AssertionError(f"briefing {args[0]} ended with {got}, not {code}: {err.getvalue()[-2000:]} {out.getvalue()[-2000:]}")
    return out.getvalue()


def publication(made: Project) -> Publication:
    """The settings of this project."""
    return config.publication(made.settings)


# ------------------------------------------------------------------- drafts


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the drafter made of one hostile item alone."""

    case: Case
    item: Item
    article: Article | None  # None: declined
    why: str = ""  # why it was declined
    blocked: tuple[str, ...] = ()  # sentences that the evidence check stops


def draft_each(root: Path, found: Sequence[Case], items: Mapping[tuple[str, str], Item]) -> tuple[Drafted, ...]:
    """A draft of each case's item alone, the forms in turn, without a language model."""
    guide = playbook.load(ROOT / "playbook", "playbook")
    setting = drafts.Setting(playbook=guide, edition=DAY, author="Dana Whitlock", jurisdictions=("Indiana",))
    out = []
    with Store.open(root / "var" / "briefing.sqlite") as store:
        for n, case in enumerate(found):
            item = next(items[f, case.id] for f in (FORMS[n % 3], "json") if (f, case.id) in items)
            snapshot = store.snapshot_of(item.id)
            assert snapshot is not None
            told = [drafts.Told(item, source(item.source), snapshot)]
            try:
                made = drafts.draft(Story(id="0" * 12, items=(item,)), told, setting)
                one = replace(made.article, id=_free_id(made.article.title, set()))
                one = articles.parse(articles.write(one), case.id)
            except drafts.TooLittle as why:
                out.append(Drafted(case, item, None, str(why)))
                continue
            except ArticleError as why:
                out.append(Drafted(case, item, None, f"unreadable: {why}"))
                continue
            blocked = tuple(c.text for c, _ in evidence.blocking(evidence.check(one, made.texts)))
            out.append(Drafted(case, item, one, blocked=blocked))
    return tuple(out)


def drafting_project(root: Path) -> Project:
    """The store's project with all that `briefing draft` needs."""
    made = Project(root / "draft")
    made.root.mkdir()
    shutil.copy(ROOT / "pelicanconf.py", made.settings)
    shutil.copytree(ROOT / "playbook", made.playbook)
    shutil.copytree(root / "var", made.var)
    listed = [source(f) for f in FORMS]
    lines = [f"  - {{id: {s.id}, name: {s.name}, url: '{s.url}', site: '{s.site}', category: {s.category}, kind: {s.kind}, tier: {s.tier}}}" for s in listed]
    made.sources.write_text("sources:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return made


# -------------------------------------------------------------------- twins

#: Parts of an article's page that depend on how the words split into sentences, on the other articles, or on letters the fonts have: words
#: that cannot be drawn have no picture for links.
ASIDE = ("section.related", "section.prov", 'script[type="application/ld+json"]', 'meta[property^="og:image"]', 'meta[name="twitter:card"]')
_ADDRESSES = ("href", "src", "action", "srcset", "poster", "data", "formaction", "background", "cite", "ping")


@dataclass(frozen=True, slots=True)
class Tag:
    """An element: its name, its attributes, its own words."""

    name: str
    attributes: Mapping[str, str]
    words: str


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML document as a browser takes it apart."""

    tags: tuple[Tag, ...]

    @property
    def shapes(self) -> tuple[tuple[str, ...], ...]:
        """Each element's name and the names of its attributes, in document order."""
        return tuple((t.name, *sorted(t.attributes)) for t in self.tags)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every place a browser could be sent to."""
        return tuple(t.attributes[a] for t in self.tags for a in _ADDRESSES if a in t.attributes)


def page(data: bytes | str, without: Sequence[str] = ()) -> Page:
    """Take a document apart, less the parts that these selectors name."""
    soup = BeautifulSoup(data, "lxml")
    for selector in without:
        for part in soup.select(selector):
            part.decompose()
    out = []
    for tag in soup.find_all(True):
        attributes = {k: " ".join(v) if isinstance(v, list) else v for k, v in tag.attrs.items()}
        out.append(Tag(tag.name, attributes, _folded(" ".join(str(c) for c in tag.children if isinstance(c, str)))))
    return Page(tuple(out))


def _folded(text: str) -> str:
    return " ".join(text.replace(_JOINER, "").split())


def compare(twin: Page, mine: Page, plain: str, words: str) -> tuple[str, ...]:
    """Where a page differs from its twin by more than the words in the places of the plain ones; nothing where all is well."""
    if twin.shapes != mine.shapes:
        more = list((Counter(mine.shapes) - Counter(twin.shapes)).elements())[:3]
        return (f"other elements or attributes: {more or 'fewer'}",)
    out = []
    for a, b in zip(twin.tags, mine.tags, strict=True):
        pairs = [("words", a.words, b.words), *((k, v, _folded(b.attributes[k])) for k, v in a.attributes.items())]
        for where, theirs, ours in pairs:
            if plain in theirs and not _stands(theirs, ours, plain, words, cut=a.name in {"title", "meta"}):
                out.append(f"{a.name} {where}: {ours[:120]!r}")
    return tuple(out)


def _stands(theirs: str, ours: str, plain: str, words: str, *, cut: bool) -> bool:
    """Whether our text is theirs with the words in place, whole or at the length the place has. The head of a page cuts and adds as it likes."""
    told = telling(words)
    if cut:
        return words[:14] in ours or told[:14] in ours
    given = {_folded(text) for text in (words, told, *(words[:n] for n in (60, 90, 120, 150, 200, 400)), *(told[:n] for n in (150, 200)))}
    places = "|".join(re.escape(text) for text in sorted(given, key=len, reverse=True))
    return re.fullmatch(f"({places})".join(re.escape(part) for part in theirs.split(plain)), ours) is not None


def strange(site: Published, a: Article, mine: Page) -> tuple[str, ...]:
    """Addresses on a page that are neither of its sources, nor of the site, nor a place on it."""
    known = {u for s in a.sources for u in (s.url, s.archived)} | {f"https://page.{HOST}/{a.id.removeprefix('case-')}"}
    made = publication(site.project)
    known |= {made.subscribe, "*|UNSUB|*", made.url}
    known |= {senders.href(u) for u in known}
    return tuple(
        x for x in mine.addresses if x not in known and not x.startswith((f"{made.url}/", "#")) and not re.match(r"/[A-Za-z0-9._/-]*(?:#[a-z0-9-]+)?$", x)
    )


#: What any of the mail services would replace, written down here once more.
TAGS = re.compile(r"\{\{|\{%|\{#|\*\||\|\*|<%|%%|\[\[|%(?![0-9A-Fa-f]{2})[A-Za-z_][\w.]*%")


def merge_tags(site: Published, a: Article) -> list[str]:
    """Tags in an article's email beyond the one for unsubscribing, which has to stand once in each part."""
    tag = senders.SENDERS["mailchimp"].unsubscribe
    out = TAGS.findall(subject(site.file(a, "message.eml")))
    for name in ("email.html", "email.txt"):
        data = re.sub(r"<style\b.*?</style>|<!--\[if mso\]>.*?<!\[endif\]-->", "", site.file(a, name).decode("utf-8"), flags=re.DOTALL)
        out += TAGS.findall(data.replace(tag, "", 1))
        out += [] if tag in data else [f"no {tag} in {name}"]
    return out


def out_of_place(site: Published) -> list[str]:
    """Files beside the site or in it that no build writes."""
    root, out = site.project.root, site.project.output
    known = {"content", "output", "var", "approvals", "themes", "pelicanconf.py", "EDITORS", ".gitattributes", ".gitignore", "__pycache__"}
    found = [p.name for p in root.iterdir() if p.name not in known] + [p.name for p in root.parent.iterdir() if p.name not in {"site", "var", "draft"}]
    for path in (p for p in out.rglob("*") if p.is_file()):
        odd = not re.fullmatch(r"[A-Za-z0-9._/-]+", path.relative_to(out).as_posix()) or path.is_symlink()
        if odd or path.read_bytes() in {site.project.settings.read_bytes(), Path("/etc/hostname").read_bytes() if Path("/etc/hostname").is_file() else b"x"}:
            found.append(str(path))
    return found


def mail_text(data: bytes) -> str:
    """The words of a plain-text part: line breaks folded, joiners that keep tags apart left out."""
    return _folded(data.decode("utf-8"))


def subject(data: bytes) -> str:
    """The subject of a message as a mail program shows it. Raises AssertionError where the message has defects."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert not message.defects, message.defects
    return str(message["Subject"])
