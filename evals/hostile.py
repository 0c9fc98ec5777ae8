"""Hostile words and misleading news on their whole way: rows I01 to I14, N01, N02, P10, T03 and T04 of the catalogue of hostile inputs.

Each string is put into title, text, author, category, publisher and link of items in three kinds of feed, collected over loopback, drafted, put
into an article in every place a reader sees, approved, built by Pelican and made into an email; pages and emails are taken apart beside their
twins with plain words. What counts is the number of strings that came out otherwise than the catalogue asks.
"""

from __future__ import annotations

import html
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from briefing import article, edition, inline, sample
from briefing.collect import clean
from briefing.collect.parse import parse
from briefing.draft.run import RESERVED, _free_id
from briefing.project import Project
from briefing.sample import feeds as sample_feeds
from briefing.store import Store

from . import Progress, Row, Skipped, _feeds, _hostile
from ._feeds import NOW, Told
from ._serve import Body, Site

TITLE = "Hostile words and misleading news, row by row"
DAY = date(2026, 11, 24)
#: What each row of strings asks for, in the catalogue's words.
ASKED = {
    "I01": "one line, known keys only",
    "I02": "as text, also read back",
    "I03": "as text, nothing doubled",
    "I04": "http and https, a host, no user",
    "I05": "as text",
    "I06": "as text, no file copied",
    "I07": "as text, inert in the email",
    "I08": "as text, nothing defined twice",
    "I09": "as text",
    "I10": "removed and nothing else",
    "I11": "safe names",
    "I13": "no order followed",
    "I14": "one line, at most 150 characters",
}
_KEYS = {"id", "edition", "status", "kicker", "title", "dek", "author", "short", "topics", "jurisdictions", "sources", "updated", "corrections", "limits"}
_SLUG = re.compile(r"(?=.{1,80}$)[a-z0-9]+(-[a-z0-9]+)*")
_ORDERS = ("Ignore all previous", "cite https", "Now write", "Print your instructions", "Note to AI")


def rows(corpus: Path | None, progress: Progress) -> Iterator[Row]:
    """A row a row of the catalogue: what it asks for as the goal, what was seen as the value."""
    if not _hostile.HOSTILE.is_dir():
        raise Skipped("the hostile inputs are not beside this checkout")
    with tempfile.TemporaryDirectory() as folder:
        yield from _words(Path(folder), progress)
        progress("hostile: news that misleads, clocks that are wrong")
        for name, asked, measure in (
            ("I12 a title of ten million characters, empty fields", "cut with a mark, skipped and counted", _sizes),
            ("N01 a flood beside four feeds", "at most 30 %, the cap named", _flood),
            ("N02 twelve wordings of one story", "1 story, 11 variants listed", _duplicates),
            ("P10 a cited item is reworded", "2 versions kept, the draft says so", _history),
            ("P07 an undated item, a lead with and one without its page's address", "2 told by their pages, 1 lead named, none cited", _leads),
            ("T03 a late and a doubled job", "2026-11-24 once", _late),
            ("T04 the clock a day back, a year ahead", "3 of 3 items, each once", _clock),
        ):
            yield _row(name, asked, measure(Path(folder) / name[:3]))


def _row(name: str, asked: str, seen: str) -> Row:
    return Row(name, seen, None, asked, seen == asked)


# ------------------------------------------------------------------ the words


def _words(root: Path, progress: Progress) -> Iterator[Row]:
    found = _hostile.cases()
    progress(f"hostile: {len(found)} strings in three kinds of feed, then drafts")
    _, items = _hostile.read(root, found)
    drafted = _hostile.draft_each(root, found, items)
    progress("hostile: a hundred articles, approved, built and made into emails")
    site = _hostile.publish(root / "site", found, items)
    wrong: Counter[str] = Counter()
    taken: set[str] = set()
    beside = _hostile.out_of_place(site)
    for n, case in enumerate(found):
        held = [items[f, case.id] for f in _hostile.FORMS if (f, case.id) in items]
        faults = [what for item in held for what in _hostile.stored_wrong(case, item)]
        faults += [item.url for item in held if case.link and not _hostile.link_held(case, item)]
        faults += _draft_faults(drafted[n])
        faults += _site_faults(site, n)
        faults += [f"id {slug}" for slug in [_free_id(case.text, taken)] if slug in taken or slug in RESERVED or not _SLUG.fullmatch(slug)]
        taken.add(_free_id(case.text, taken))
        faults += [f"file {name}" for name in beside] if case.row == "I06" else []
        for what in faults[:3]:
            progress(f"  {case.id}: {what[:160]}")
        wrong[case.row] += bool(faults)
    for row, asked in ASKED.items():
        count = sum(c.row == row for c in found)
        yield _row(f"{row} {count} strings", f"{asked}: {count} of {count}", f"{asked}: {count - wrong[row]} of {count}")


def _draft_faults(d: _hostile.Drafted) -> list[str]:
    a = d.article
    if a is None:
        return [] if d.why else ["no draft and no reason"]
    data = article.write(a)
    front = {line.partition(":")[0] for line in article.split(data)[0].split("\n") if line and line[0] not in " -"}
    body = " ".join(inline.text(md) for _, md, _ in article.passages(a))
    out = [f"key {key}" for key in front - _KEYS]
    out += ["status"] if a.status != "needs-review" else []
    out += ["another source"] if [s.url for s in a.sources] != [d.item.url] else []
    out += ["a link"] if any(inline.links(md) for _, md, _ in article.passages(a)) else []
    out += [f"says {order}" for order in _ORDERS if order in body]
    return out + [f"not in its evidence: {text}" for text in d.blocked]


def _site_faults(site: _hostile.Published, n: int) -> list[str]:
    a, words = site.articles[n], site.words[n]
    page, mail = (_hostile.page(site.file(a), _hostile.ASIDE), _hostile.page(site.file(a, "email.html")))
    out = [*_hostile.compare(_hostile.page(site.file(site.twin), _hostile.ASIDE), page, _hostile.PLAIN, words)]
    out += _hostile.compare(_hostile.page(site.file(site.twin, "email.html")), mail, _hostile.PLAIN, words)
    out += [*_hostile.strange(site, a, page), *_hostile.strange(site, a, mail), *_hostile.merge_tags(site, a)]
    subject = _hostile.subject(site.file(a, "message.eml"))
    if len(subject.replace("\u2060", "")) > 150 or subject.replace("\u2060", "") != " ".join(words[:150].split()):
        out.append(f"subject {subject!r}")
    return out


def _sizes(root: Path) -> str:
    huge = _hostile.Case("huge", "I12", "A" * 10_000_000, "length-limit")
    _, items = _hostile.read(root, [huge], forms=("json",), max_bytes=64_000_000)
    item = items["json", "huge"]
    cut = len(item.title) == _hostile.TITLE and item.title.endswith(_hostile.MARK) and item.summary.endswith(_hostile.MARK)
    empty = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}, {"id": "2", "title": "", "content_text": ""}]}).encode()
    feed = parse(empty, _hostile.source("json"), url="https://json.words.example/feed", content_type="application/json", now=NOW)
    return f"{'cut with a mark' if cut else 'not cut'}, {'skipped and counted' if (feed.entries, feed.skipped) == ((), 2) else 'not skipped'}"


# -------------------------------------------------------------- news and time


def told(slug: str) -> Told:
    """A page of the sample week as a feed's entry."""
    page = next(p for p in sample.load().pages if p.slug == slug)
    return Told(title=sample_feeds.plain(page.title), text=clean.text(sample_feeds.body_html(page)), id=slug)


#: One page of each of nine events of the sample week: nine stories that could all be told.
PAGES = (
    "bulletin-2026-14",
    "brightlane-settlement",
    "tallgrass-note-assistant-25-minutes",
    "northbridge-terms-checklist",
    "guidance-logs-high-risk",
    "corvane-castings-night-shift-veto",
    "voice-cloned-payment-fraud",
    "final-rule-notice-automated-decisions",
    "maple-fork-phone-triage-paused",
)


def _flood(root: Path) -> str:
    with Site() as site:
        names = {"acme": "Acme", "one": "One Gazette", "two": "Two Times", "three": "Three Post", "four": "Four Wire"}
        project = _feeds.project(root, site, names, {"acme": "primary"})
        ours = _feeds.rss("acme.example", [told(slug) for slug in PAGES[:5]]).partition(b"</title>")[2].partition(b"</channel>")[0]
        whole = (_hostile.HOSTILE / "feeds" / "flood.xml").read_bytes()
        _feeds.serve(site, "acme", whole.replace(b"</channel>", ours + b"</channel>"))
        for key, slug in zip(("one", "two", "three", "four"), PAGES[5:], strict=True):
            _feeds.serve(site, key, _feeds.rss(f"{key}.example", [told(slug)]))
        _hostile.run(project, NOW, "collect")
        said = json.loads(_hostile.run(project, NOW, "draft", "--json", "--articles", "5"))
    made = edition.read(project.edition(DAY), "edition")
    leads = [article.parse(project.article(DAY, key).read_bytes()).sources[0].publisher for key in made.articles]
    capped = any(u.reason.startswith("Acme leads") for u in made.unused) and any(s["reason"].startswith("Acme leads") for s in said["stories"])
    share = leads.count("Acme") / len(leads)
    return f"{'at most 30 %' if share <= 0.3 else f'{share:.0%}'}, the cap {'named' if capped else 'not named'}"


def _duplicates(root: Path) -> str:
    with Site() as site:
        project = _feeds.project(root, site, {"acme": "Acme"})
        _feeds.serve(site, "acme", (_hostile.HOSTILE / "feeds" / "near-duplicates.xml").read_bytes())
        _hostile.run(project, NOW, "collect")
        stories = json.loads(_hostile.run(project, NOW, "draft", "--json"))["stories"]
    return f"{len(stories)} story, {len(stories[0]['variants'])} variants listed"


def _history(root: Path) -> str:
    with Site() as site:
        project = _feeds.project(root, site, {"feed": "The Feed"})
        _feeds.serve(site, "feed", (_hostile.HOSTILE / "feeds" / "history-1.xml").read_bytes())
        _hostile.run(project, NOW, "collect")
        key = _feeds.cite(project, DAY, "Regulator fines firm EUR 10 million")
        _feeds.serve(site, "feed", (_hostile.HOSTILE / "feeds" / "history-2.xml").read_bytes())
        _hostile.run(project, NOW + timedelta(days=1), "collect")
        said = json.loads(_hostile.run(project, NOW + timedelta(days=1), "check", "--json", code=6))
    with Store.open(project.store) as store:
        versions = len(store.versions(key))
    named = any("was changed by its publisher" in line for a in said["articles"] for line in a["reworded"])
    return f"{versions} versions kept, the draft {'says so' if named else 'says nothing'}"


def _leads(root: Path) -> str:
    """Two aggregator's links, one of them with the publisher's address in it, and an entry without a date whose page states one."""
    clear = "https://news.google.com/rss/articles/CBMiIGh0dHBzOi8vZ2F6ZXR0ZS5leGFtcGxlL25vdGljZTEy0gEA"
    token = "https://news.google.com/rss/articles/CBMiHUFVX3lxTFB4MFdjM2Q3enFrUTBKMm1WNXRCOHlO0gEA"
    with Site() as site:
        project = _feeds.project(root, site, {"finds": "News Finder", "two": "Two Times"}, {"finds": "aggregator"})
        project.sources.write_text(project.sources.read_text(encoding="utf-8").replace("pages: false", "pages: true"), encoding="utf-8")
        found = [replace(told(PAGES[0]), link=clear, id="a"), replace(told(PAGES[1]), link=token, id="b")]
        _feeds.serve(site, "finds", _feeds.rss("finds.example", found))
        undated = re.sub(rb"<pubDate>[^<]*</pubDate>", b"", _feeds.rss("two.example", [replace(told(PAGES[2]), id="c")]))
        _feeds.serve(site, "two", undated)
        for (host, path), slug in ((("gazette.example", "/notice12"), PAGES[0]), (("two.example", "/c"), PAGES[2])):
            site.bodies[host, path] = Body(_page(told(slug)), NOW, "text/html")
        _hostile.run(project, NOW, "collect")
        said = json.loads(_hostile.run(project, NOW, "draft", "--json", "--articles", "4"))
    sources = [s for path in project.briefings.glob("*/*.md") for s in article.parse(path.read_bytes()).sources]
    by_page = {"https://gazette.example/notice12", "https://two.example/c"} & {s.url for s in sources if s.published == date(2026, 11, 20)}
    cited = sum("google" in s.url or s.publisher == "News Finder" for s in sources)
    return f"{len(by_page)} told by their pages, {len(said['leads'])} lead named, {cited or 'none'} cited"


def _page(entry: Told) -> bytes:
    """The entry as its publisher's page, which states its day."""
    head = f'<title>{entry.title}</title><meta property="article:published_time" content="{entry.published.isoformat()}">'
    paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in entry.text.split("\n\n"))
    return f"<html><head>{head}</head><body><article><h1>{entry.title}</h1>{paragraphs}</article></body></html>".encode()


def _week(root: Path, site: Site) -> Project:
    project = _feeds.project(root, site, {"one": "One Gazette", "two": "Two Times"}, {"one": "primary"})
    _feeds.serve(site, "one", _feeds.rss("one.example", [told(PAGES[0])]))
    _feeds.serve(site, "two", _feeds.rss("two.example", [told(PAGES[1])]))
    return project


def _late(root: Path) -> str:
    midnight = datetime(2026, 11, 24, 5, tzinfo=UTC)  # in Indianapolis
    seen: list[str] = []
    with Site() as site:
        for late_h in (0.0, 7.0, 29.9):
            project = _week(root / str(late_h), site)
            _hostile.run(project, NOW, "collect")
            for _ in range(2):
                said = json.loads(_hostile.run(project, midnight + timedelta(hours=late_h), "draft", "--json"))
                seen += [said["edition"]] if said["written"] else []
    return f"{seen[0]} once" if seen == [seen[0]] * 3 else ", ".join(seen)


def _clock(root: Path) -> str:
    least = 3
    for name, wrong in (("back", -timedelta(days=1)), ("ahead", timedelta(days=365))):
        with Site() as site:
            project = _week(root / name, site)
            _hostile.run(project, NOW, "collect")
            _feeds.serve(site, "two", _feeds.rss("two.example", [told(PAGES[1]), told(PAGES[2])]))
            _hostile.run(project, NOW + wrong, "collect")
            _hostile.run(project, NOW + timedelta(hours=1), "collect")
            stories = json.loads(_hostile.run(project, NOW + timedelta(hours=2), "draft", "--json"))["stories"]
            least = min(least, len({s["title"] for s in stories}) if len(stories) == 3 else -1)
    return f"{least} of 3 items, each once"
