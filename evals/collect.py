"""Collecting held to hostile servers, to every feed and page of the corpus, and to a second parser."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from briefing.collect import quick
from briefing.collect.extract import extract
from briefing.collect.parse import entry_of, tolerant
from briefing.collect.report import Report
from briefing.collect.run import collect
from briefing.config import CollectSettings
from briefing.errors import FetchError
from briefing.model import Source
from briefing.store import Store

from . import ROOT, Progress, Row, Skipped, at_least, equal, fact
from ._serve import Body, Site

TITLE = "Collecting (hostile rows, corpus feeds, a second parser, article text)"
NOW = datetime(2026, 8, 18, 12, tzinfo=UTC)
HOSTILE = ROOT.parent / "shared" / "hostile"
#: Catalogue row, path of the hostile server, and the outcome and reason that have to be seen.
EXPECTED = (
    ("F01", "/slow-body", "broken timeout"),
    ("F01", "/never", "broken timeout"),
    ("F02", "/endless", "broken too-large"),
    ("F03", "/huge-declared", "broken too-large"),
    ("F04", "/gzip-bomb", "broken too-large"),
    ("F05", "/redirect-loop", "broken too-many-hops"),
    ("F05", "/redirect-chain/9", "broken too-many-hops"),
    ("F05", "/redirect-chain/4", "new"),
    ("F06", "/redirect-private", "broken private-address"),
    ("F07", "/short-body", "broken cut-off"),
    ("F07", "/reset", "broken cut-off"),
    ("F07", "/close-at-once", "broken cut-off"),
    ("F08", "/not-http", "broken not-http"),
    ("F08", "/many-headers", "broken not-http"),
    ("F08", "/gzip-lie", "broken encoding"),
    ("F08", "/deflate-raw", "new"),
    ("F09", "/html-instead", "broken not-a-feed"),
    ("F09", "/empty", "broken not-a-feed"),
    ("F09", "/status/200", "broken not-a-feed"),
    ("F10", "/status/410", "gone gone"),
    ("F11", "/status/404", "broken not-found"),
    ("F11", "/status/401", "blocked blocked"),
    ("F11", "/status/500", "broken server-error"),
    ("F12", "/retry-after/3600", "blocked wait"),
    ("F13", "/etag", "new"),
    ("F14", "/flaky", "new"),
    ("F15", "/permanent", "moved"),
)
FEEDS = (
    ("P01", "bomb-entities.xml", {"flawed too-hard", "broken too-hard"}),
    ("P02", "external-entity.xml", {"flawed too-hard", "new"}),
    ("P02", "external-dtd.xml", {"new", "broken not-a-feed"}),
    ("P03", "cut-off.xml", {"flawed cut-off"}),
    ("P04", "undeclared-entity.xml", {"new"}),
    ("P04", "control-chars.xml", {"new"}),
    ("P05", "latin1-called-utf8.xml", {"new"}),
    ("P07", "dates.xml", {"new"}),
    ("P08", "no-ids.xml", {"new"}),
    ("P11", "body-is-a-path.txt", {"broken not-a-feed"}),
    ("P11", "body-is-a-url.txt", {"broken not-a-feed"}),
    ("P13", "html-everywhere.xml", {"new"}),
)
LIMITS = {"deadline_s": 3.0, "max_bytes": 2_000_000}


def rows(corpus: Path | None, progress: Progress) -> Iterator[Row]:
    """The rows of each part that can be measured here."""
    if corpus is None and not HOSTILE.is_dir():
        raise Skipped("neither the corpus nor the hostile inputs are here")
    with tempfile.TemporaryDirectory() as folder:
        if HOSTILE.is_dir():
            progress("hostile rows")
            yield from _hostile(Path(folder))
        if corpus is not None:
            progress("every feed of the corpus")
            yield from _feeds(corpus, Path(folder))
            progress("two parsers over every entry")
            yield from _agreement(corpus, progress)
            progress("article text")
            for name in ("aeb", "fundus_en"):
                yield from _articles(corpus, name)


# ------------------------------------------------------------------ hostile rows


def _hostile(folder: Path) -> Iterator[Row]:
    spec = importlib.util.spec_from_file_location("hostile_server", HOSTILE / "server.py")
    if spec is None or spec.loader is None:
        raise Skipped("the hostile server cannot be loaded")
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    good = {f"/good/{n}": _rss(n) for n in range(40)}
    feeds = {f"/feed/{n}": (HOSTILE / "feeds" / n).read_bytes() for _, n, _ in FEEDS}
    with module.Hostile(routes={**good, **feeds}) as server:
        seen = _outcomes(folder / "f.sqlite", server, [path for _, path, _ in EXPECTED])
        for number, (row, path, expected) in enumerate(EXPECTED):
            yield equal(f"{row} {path}", seen[number], expected)
        seen = _outcomes(folder / "p.sqlite", server, [f"/feed/{name}" for _, name, _ in FEEDS])
        for number, (row, name, allowed) in enumerate(FEEDS):
            yield Row(f"{row} {name}", seen[number], " or ".join(sorted(allowed)), "one of these", seen[number] in allowed)
        bad = [path for _, path, expected in EXPECTED if " " in expected][:20]
        report = _run(folder / "both.sqlite", server, [*good, *bad])
        yield equal("F18 of 40 good sources beside 20 bad ones, read whole", sum(s.new == 2 for s in report.sources[:40]), 40)
        yield equal("F18 bad ones named with a reason", sum(bool(s.reason) and not s.fine for s in report.sources[40:]), 20)


def _rss(number: int) -> bytes:
    items = "".join(f"<item><title>{number} {k}</title><guid>{number}-{k}</guid><link>https://g{number}.t.example/{k}</link></item>" for k in "ab")
    return f'<rss version="2.0"><channel><title>{number}</title>{items}</channel></rss>'.encode()


def _outcomes(path: Path, server: Any, paths: list[str]) -> list[str]:
    return [f"{s.outcome} {s.reason}".strip() for s in _run(path, server, paths).sources]


def _run(path: Path, server: Any, paths: list[str]) -> Report:
    sources = [_source(n, f"https://s{n}.t.example{p}") for n, p in enumerate(paths)]
    settings = CollectSettings(**LIMITS, connect_to={"*.t.example": server.server.private})
    with Store.open(path, write=True, now=NOW) as store:
        return collect(sources, settings, store, NOW, pauses=(0.0, 0.0))


def _source(number: int, url: str, most: int = 10_000) -> Source:
    return Source(id=f"s{number}", name=f"s{number}", url=url, site=url, category="x", kind="rss", tier="trade", max_items=most)


# ------------------------------------------------------------------ corpus feeds


def _files(corpus: Path) -> list[tuple[Path, dict[str, str]]]:
    with (corpus / "feeds" / "manifest.csv").open(encoding="utf-8", newline="") as handle:
        return [(corpus / "feeds" / r["file"], r) for r in csv.DictReader(handle)]


def _bytes(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _feeds(corpus: Path, folder: Path) -> Iterator[Row]:
    files = _files(corpus)
    bodies = {(f"s{n}.c.example", "/f"): Body(_bytes(p), NOW, "application/xml") for n, (p, _) in enumerate(files)}
    with Site(bodies) as site, Store.open(folder / "corpus.sqlite", write=True, now=NOW) as store:
        settings = CollectSettings(connect_to={"*.c.example": site.address}, deadline_s=300)
        report = collect([_source(n, f"https://s{n}.c.example/f") for n in range(len(files))], settings, store, NOW)
        again = collect([_source(n, f"https://s{n}.c.example/f") for n in range(len(files))], settings, store, NOW)
    usable = [int(r["entries"]) > 0 or r["file"].endswith(".json.gz") or r["format"] == "" for _, r in files]
    unread = [s for s in report.sources if not s.fine]
    faults = sum("a fault of this program" in s.detail for s in report.sources)
    yield equal(f"corpus feeds collected without a fault, of {len(files)}", len(report.sources) - faults, len(files))
    yield equal("unusable ones named with a reason", sum(bool(s.reason and s.detail) for s in unread), len(unread))
    yield fact("feeds read", len(report.sources) - len(unread), baseline=sum(usable))
    yield fact("entries kept", report.new, baseline=sum(int(r["entries"]) for _, r in files))
    yield equal("items new or changed in a second run", again.new + again.changed, 0)


# ------------------------------------------------------------------- two parsers


def _agreement(corpus: Path, progress: Progress) -> Iterator[Row]:
    """Entry by entry: link, title, date and text of the quick parser and of the tolerant one."""
    total = same = read = 0
    differs: Counter[str] = Counter()
    source = _source(0, "https://c.example/f", 1_000_000)
    for path, row in _files(corpus):
        data = _bytes(path)
        found = quick.read(data, "application/xml")
        if found is None:
            continue
        read += 1
        mine = [entry_of(raw, source.url, NOW) for raw in found[1]]
        theirs = tolerant(data, source, source.url, "application/xml", NOW).entries
        mine_whole = [e for e in mine if e is not None]
        total += max(len(mine_whole), len(theirs))
        if len(mine_whole) != len(theirs):
            differs["number of entries"] += 1
            continue
        for a, b in zip(mine_whole, theirs, strict=True):
            unlike = [k for k in ("link", "title", "published", "summary") if getattr(a, k) != getattr(b, k)]
            same += not unlike
            differs.update(unlike)
            if unlike:
                progress(f"  {row['file']}: {', '.join(unlike)}: {str(getattr(a, unlike[0]))[:60]!r} beside {str(getattr(b, unlike[0]))[:60]!r}")
    yield fact("feeds the quick parser reads", read, baseline=len(_files(corpus)))
    yield at_least("entries both parsers read alike", same / total, 0.995)
    for what, number in sorted(differs.items()):
        yield fact(f"  unlike in {what}", number)


# ------------------------------------------------------------------ article text


def _articles(corpus: Path, name: str) -> Iterator[Row]:
    """Shingles of four words, as the corpus measures its baselines: mean precision, mean recall, and F of the two."""
    precision = recall = 0.0
    pages, refused = 0, 0
    baseline = {"aeb": 0.950, "fundus_en": 0.940}[name]
    with gzip.open(corpus / "articles" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as handle:
        for row in map(json.loads, handle):
            gold = row["gold_text"] if "gold_text" in row else _gold(row["gold"])
            try:
                text = extract(row["html"].encode("utf-8", "replace"), row.get("url") or "https://a.example/x", "text/html", NOW).text
            except FetchError:
                text, refused = "", refused + 1
            want, got = _shingles(gold), _shingles(text)
            both = sum((want & got).values())
            pages += 1
            precision += both / max(sum(got.values()), 1)
            recall += both / max(sum(want.values()), 1)
    p, r = precision / pages, recall / pages
    yield at_least(f"{name}: 4-gram F over {pages} pages", 2 * p * r / (p + r), 0.94, baseline=baseline)
    yield fact(f"{name}: precision", p)
    yield fact(f"{name}: recall", r)
    yield fact(f"{name}: pages left to the feed's text", refused)


def _gold(gold: dict[str, Any]) -> str:
    found = gold.get("paragraphs") or []
    return "\n".join(str(p) for p in found) if isinstance(found, list) else str(found)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(zip(*(words[k:] for k in range(4)), strict=False)) if len(words) >= 4 else Counter({tuple(words): 1} if words else {})
