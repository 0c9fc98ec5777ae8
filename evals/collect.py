"""Collecting held to the rows F, S, P, D and T of the catalogue, to every feed and page of the corpus, and to a second parser.

A row of the catalogue shows what was asked for as its goal and what was seen as its value. The replay of eight Tuesdays and the benchmark
stand below: everything that `briefing collect` promises is in one place.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

from lxml import etree

from briefing.collect import clean, quick
from briefing.collect.extract import extract
from briefing.collect.parse import entry_of, tolerant
from briefing.collect.run import collect
from briefing.config import CollectSettings
from briefing.errors import FetchError
from briefing.model import Source
from briefing.store import Store

from . import Progress, Row, Skipped, _fetching, _parsing, _storage, _times, at_least, equal, fact, replay
from ._fetching import HOSTILE
from ._serve import Body, Site

TITLE = "Collecting (rows F S P D T, corpus feeds, a second parser, article text)"
NOW = datetime(2026, 8, 18, 12, tzinfo=UTC)


def rows(corpus: Path | None, progress: Progress) -> Iterator[Row]:
    """The rows of each part that can be measured here."""
    if corpus is None and not HOSTILE.is_dir():
        raise Skipped("neither the corpus nor the hostile inputs are here")
    with tempfile.TemporaryDirectory() as folder:
        if HOSTILE.is_dir():
            progress("rows F, S and P")
            yield from _fetching.rows(Path(folder) / "fetching")
            yield from _parsing.rows(Path(folder) / "parsing")
            yield from _storage.rows(Path(folder) / "storage", progress)
            progress("rows T")
            yield from _times.rows(Path(folder) / "times")
        if corpus is not None:
            progress("every feed of the corpus")
            yield from _feeds(corpus, Path(folder))
            progress("two parsers over every entry")
            yield from _agreement(corpus, progress)
            progress("article text")
            for name in ("aeb", "fundus_en"):
                yield from _articles(corpus, name)
            progress("the replay of eight Tuesdays")
            yield from replay.rows(corpus, progress)
            progress("the benchmark")
            yield from _benchmark(corpus, progress)


def _benchmark(corpus: Path, progress: Progress) -> Iterator[Row]:
    """The benchmark's own rows; one that says why where its peer is not installed."""
    from bench import collect as benchmark

    try:
        yield from benchmark.rows(corpus, progress)
    except Skipped as why:
        yield fact("benchmark", f"skipped: {why}")


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
        captions: frozenset[str] = frozenset()
        total += max(len(mine_whole), len(theirs))
        if len(mine_whole) != len(theirs):
            differs[_UNKNOWN] += 1
            continue
        for a, b in zip(mine_whole, theirs, strict=True):
            unlike = [k for k in ("link", "title", "published", "summary") if getattr(a, k) != getattr(b, k)]
            same += not unlike
            if unlike:
                captions = captions or _captions(data)
                differs.update(_why(k, str(getattr(a, k)), str(getattr(b, k)), captions) for k in unlike)
                progress(f"  {row['file']}: {', '.join(unlike)}: {str(getattr(a, unlike[0]))[:60]!r} beside {str(getattr(b, unlike[0]))[:60]!r}")
    yield fact("feeds the quick parser reads", read, baseline=len(_files(corpus)))
    yield at_least("entries both parsers read alike", same / total, 0.995)
    yield equal("unlike without a reason we know", differs.pop(_UNKNOWN, 0), 0)
    for what, number in sorted(differs.items()):
        yield fact(f"  unlike: {what}", number)


_UNKNOWN = "unexplained"


def _why(field: str, ours: str, theirs: str, captions: frozenset[str]) -> str:
    """Why the two parsers read an entry otherwise, as far as the two readings and the document tell."""
    if field == "title" and unescape(theirs) == ours:
        return "a character's name of HTML 5, which feedparser leaves as it is"
    if field == "published" and abs((datetime.fromisoformat(ours) - datetime.fromisoformat(theirs)).total_seconds()) == 12 * 3600:
        return "a clock of twelve hours, whose PM feedparser leaves out"
    if field != "summary":
        return _UNKNOWN
    if theirs in captions:
        return "feedparser takes a picture's caption or title for the text"
    if ours.split() == theirs.split():
        return "a paragraph or a space"
    if theirs.startswith(ours) and len(theirs) - len(ours) < 20:
        return "a link to read more behind the text"
    return "several texts, of which we keep the longest" if len(ours) > len(theirs) else _UNKNOWN


def _captions(data: bytes) -> frozenset[str]:
    """What the document says about pictures and films, as plain text."""
    root = etree.fromstring(data, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    return frozenset(clean.text("".join(e.itertext())) for name in ("description", "title") for e in root.iter(f"{{http://search.yahoo.com/mrss/}}{name}"))


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
