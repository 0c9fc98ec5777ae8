"""`briefing sources`: the list of sources with their health; checking, adding, importing and exporting them."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from .. import plainfile
from ..config import CollectSettings
from ..config import sources as read_sources
from ..errors import FetchError, UsageError
from ..model import CITE_KIND, Source
from ..store import State, Store
from . import Context
from .collect import as_json, choose, day, health, show

HELP = "show the sources and their health; check, add, import or export them"
EXAMPLE = "briefing sources add https://ledger.example/ --category ai-news"
_VERBS = {
    "list": "health of each (default)",
    "check": "read each now, keep nothing",
    "add": "find the feed behind an address and add it to sources.yaml",
    "add-link": "keep one article's address under a manual source",
    "import": "add the feeds of an OPML file",
    "export": "write all feeds as OPML to stdout",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs of this command. Positional, so that common options may stand before and after them."""
    parser.add_argument("verb", nargs="?", choices=list(_VERBS), default="list", help="; ".join(f"{k}: {v}" for k, v in _VERBS.items()))
    parser.add_argument("what", nargs="?", default="", metavar="ADDRESS-OR-FILE", help="for add, add-link and import")
    parser.add_argument("--source", metavar="ID", action="append", default=[], help="only this source (may be given more than once)")
    parser.add_argument("--category", default="", help="for add and import: the category of what is added")
    parser.add_argument("--tier", choices=list(CITE_KIND), default="trade", help="for add and import (default: trade)")


def run(args: argparse.Namespace, context: Context) -> int:
    """One verb; check ends with 3 where a source failed and 9 where all did, add and add-link with 3 where nothing could be read."""
    if args.verb in {"add", "add-link", "import"} and not args.what:
        raise UsageError(f"sources {args.verb}: needs {'a file' if args.verb == 'import' else 'an address'}; `briefing sources --help` shows how")
    verbs = {"list": _list, "check": _check, "add": _add, "add-link": _add_link, "import": _import, "export": _export}
    return verbs[args.verb](args, context)


def _read(context: Context) -> tuple[tuple[Source, ...], CollectSettings]:
    return read_sources(context.project.sources, context.project.name(context.project.sources))


def _list(args: argparse.Namespace, context: Context) -> int:
    project = context.project
    listed, _ = _read(context)
    states, counts = {}, {}
    if project.store.is_file():
        with Store.open(project.store) as store:
            states, counts = dict(store.states()), dict(store.counts())
    rows: list[tuple[object, ...]] = []
    for s in choose(listed, args.source):
        state = states.get(s.id) or State(source=s.id)
        rows.append((s.id, s.tier, s.category, state.outcome or "never read", day(state.last_good), counts.get(s.id, 0), state.failures, state.detail))
    if context.json:
        keys = ("source", "tier", "category", "outcome", "last_good", "items", "failures", "detail")
        context.console.json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        health(context, ("source", "tier", "category", "outcome", "last good", "items", "failures", "what was seen"), rows, less=(1, 2))
        _sum(rows, context)
    return 0


def _sum(rows: Sequence[tuple[object, ...]], context: Context) -> None:
    """How many sources there are, and what came of them last."""
    counted = Counter(str(r[3]) for r in rows)
    context.console.line()
    context.console.paragraph(f"{len(rows)} sources ({', '.join(f'{n} {word}' for word, n in counted.most_common())})")


def _check(args: argparse.Namespace, context: Context) -> int:
    from ..collect.run import collect

    listed, settings = _read(context)
    chosen = choose(listed, args.source)
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(Path(folder) / "check.sqlite", write=True, now=context.now) as store,
        context.console.progress("check", len(chosen)) as step,
    ):
        report = collect(chosen, settings, store, context.now, step)
    if context.json:
        context.console.json(as_json(report))
    else:
        show(report, context)
    return report.code


def _add(args: argparse.Namespace, context: Context) -> int:
    from ..collect.discover import Found, feed_of
    from ..collect.fetch import Fetcher
    from ..collect.workers import Workers

    listed, settings = _read(context)

    async def find() -> Found:
        async with Fetcher(settings) as fetcher, Workers(1) as workers:
            return await feed_of(args.what, fetcher, workers, context.now)

    try:
        found = asyncio.run(find())
    except FetchError as error:
        raise FetchError(error.reason, f"{args.what}: {error.detail}", url=args.what) from error
    added = _put(context, listed, [found], args)
    if not added:
        context.console.line(f"{found.url} is in sources.yaml already")
    return 0


def _add_link(args: argparse.Namespace, context: Context) -> int:
    from ..collect.pages import add_link

    listed, settings = _read(context)
    manual = [s for s in choose(listed, args.source) if s.kind == "manual"]
    if len(manual) != 1:
        hint = "add one with kind: manual to sources.yaml" if not manual else "name one with --source"
        raise UsageError(f"sources add-link: {len(manual)} manual sources to file the link under; {hint}")
    with Store.open(context.project.store, write=True, now=context.now) as store:
        item, new = add_link(args.what, manual[0], settings, store, context.now)
    context.console.line(f"{'kept' if new else 'known already'}: {item.title} ({item.url})")
    return 0


def _import(args: argparse.Namespace, context: Context) -> int:
    from ..collect.discover import from_opml

    listed, _ = _read(context)
    path = Path(args.what)
    try:
        found = from_opml(path.read_bytes(), path.name)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give the OPML file's path") from error
    added = _put(context, listed, found, args)
    context.console.line(f"{added} added, {len(found) - added} known already; `briefing sources check` reads them")
    return 0


def _export(args: argparse.Namespace, context: Context) -> int:
    from ..collect.discover import to_opml

    listed, _ = _read(context)
    context.console.out.write(to_opml(choose(listed, args.source), context.publication.name))
    return 0


def _put(context: Context, listed: Sequence[Source], found: Sequence[object], args: argparse.Namespace) -> int:
    """Add what is not listed to sources.yaml, checked as a whole before it takes the old one's place."""
    from ..collect import urls
    from ..collect.discover import Found, appended, entry

    ids, known, blocks = {s.id for s in listed}, {urls.key(urls.link(s.url) or s.url) for s in listed}, []
    for one in found:
        if isinstance(one, Found) and urls.key(one.url) not in known:
            name, lines = entry(one, ids, category=args.category, tier=args.tier)
            ids.add(name)
            known.add(urls.key(one.url))
            blocks.append(lines)
            context.console.line(lines.rstrip("\n"))
    if blocks:
        path = context.project.sources
        whole = appended(path.read_text(encoding="utf-8"), blocks).encode("utf-8")
        with tempfile.TemporaryDirectory() as folder:  # checked where nobody looks, then put in place whole
            trial = Path(folder) / path.name
            trial.write_bytes(whole)
            read_sources(trial, context.project.name(path))
        plainfile.write(path, whole)
    return len(blocks)
