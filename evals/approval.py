"""Nothing goes out that an editor did not approve in exactly this form: attempts to break that, and work that must not be stopped by it.

Every attempt starts from the same small briefing with a real git history: one article that Dana approved, signed and committed, one draft that nobody
approved ("Smuggled"), one article that was approved and withdrawn ("Recalled"). An attempt has worked if one of those two words, or any other
word that Dana did not approve, stands in the built site or its email.
"""

from __future__ import annotations

import gc
import logging
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from briefing import approval, article, cli, config, trial
from briefing.project import Project
from briefing.site import build, gate

from . import Progress, Row, at_most, equal, fact
from ._archive import archive
from ._attempts import ATTEMPTS
from ._gitwork import FIRST, THEN, then
from ._gitwork import work as git_work
from ._world import DAY, PLACE, SEED, got_past, levels, open_edition, published, start, words_of
from ._world import template as make_template

TITLE = "Approval: what gets past the gate, and what it stops without need"


def bypasses(template: Path, work: Path, progress: Progress) -> Iterator[Row]:
    """Every attempt at every level that promises to stop it, through the real build."""
    known = levels(template.parent)
    tried, past, mail, stopped = 0, [], [], 0
    for number, (name, (function, applicable)) in enumerate(ATTEMPTS.items()):
        world = start(template, work / f"attempt-{number}")
        try:
            function(world)
        except AssertionError as error:
            raise RuntimeError(f"the attempt {name!r} could not be made: {error}") from error
        for variant in ("edition approved", "edition not approved"):
            # An approved edition publishes only what it lists. Without one, each article stands on its own approval: both are tried.
            if variant == "edition not approved" and not open_edition(world):
                continue
            for level in applicable:
                tried += 1
                words, why = published(world, known[level])
                stopped += bool(why)
                if got_past(words):
                    past.append(f"{name} (level {level}, {variant})")
                if got_past(words_of(world.project.output / "email")):
                    mail.append(name)
        shutil.rmtree(world.root)
        if number % 20 == 19:
            progress(f"bypass attempts: {number + 1} of {len(ATTEMPTS)}, {len(past)} got past")
    for name in past:
        progress(f"GOT PAST: {name}")
    yield Row("bypass attempts", len(ATTEMPTS), None, "≥ 60", len(ATTEMPTS) >= 60)
    yield fact("  runs of them, attempts × levels", tried)
    yield fact("  ended with no build at all", stopped)
    yield equal("  published", len(past), 0)
    yield equal("  in the email bundle", len(mail), 0)
    world = start(template, work / "control")
    words, why = published(world, known["3 outside"])
    yield Row(
        "  control: the approved article is published", "yes" if "Wabash Office" in words and not why else f"no {why}", None, "yes", "Wabash Office" in words
    )
    world.say_approved(world.draft)
    open_edition(world)
    world.edit(world.project.settings, '"approval_level": 1', '"approval_level": 0')
    seen = bool(got_past(published(world, {})[0]))
    yield Row("  control: at level 0 the draft is published and found", "yes" if seen else "no", None, "yes", seen)
    shutil.rmtree(world.root)


def one_byte(template: Path, work: Path, progress: Progress, *, count: int = 10_000) -> Iterator[Row]:
    """Seeded one-byte changes of the approved article, its evidence and its edition, each through the whole gate."""
    world = start(template, work / "bytes")
    for path in (world.draft, world.gone):
        path.unlink()
        path.with_name(f"{path.stem}.evidence.json").unlink()
    publication = config.publication(world.project.settings)
    environ = {"BRIEFING_NOW": trial.NOW.isoformat()}
    files = [world.good, world.good.with_name("wabash-tools.evidence.json"), world.project.edition(DAY)]
    data = {path: path.read_bytes() for path in files}
    weights = [len(data[path]) for path in files]
    dice = random.Random(SEED)
    past, named = [], 0
    for number in range(count):
        path = dice.choices(files, weights)[0]
        at, delta = dice.randrange(len(data[path])), dice.randrange(1, 256)
        changed = bytearray(data[path])
        changed[at] = (changed[at] + delta) % 256
        path.write_bytes(bytes(changed))
        found = gate.admit(world.project, publication, environ)
        through = bool(found.articles) if path != files[2] else any(e.approved for e in found.editions)
        if through:
            past.append((path.name, at, delta))
        named += any(r.code in {5, 6} and (r.line or "evidence" in r.name + r.message) for r in found.refusals)
        path.write_bytes(data[path])
        if number % 2500 == 2499:
            progress(f"one-byte changes: {number + 1} of {count}, {len(past)} got past")
    for case in past[:10]:
        progress(f"GOT PAST: {case}")
    yield equal("one-byte changes", count, 10_000)
    yield equal("  refused", count - len(past), count)
    yield fact("  refusals that name a line or the evidence file", named / count)
    shutil.rmtree(world.root)


def legitimate(template: Path, work: Path, progress: Progress, *, count: int = 500) -> Iterator[Row]:
    """Operations that change nothing an editor approved: none may cost an approval at a level that does not look at what they change."""
    dice = random.Random(SEED)
    known = levels(template.parent)
    done, wrong = 0, []
    while done < count:
        world = start(template, work / f"work-{done}", branch="")
        first, after = dice.choice(FIRST), dice.choice(THEN)
        hold = git_work(first, world, dice)
        built, hold_then = then(after, world, dice)
        # An amended squash, merge or cherry-pick keeps its author, so the levels are those of both steps.
        for level in [x for x in hold if x in hold_then]:
            publication = config.publication(built.project.settings)
            found = gate.admit(built.project, publication, {"BRIEFING_NOW": trial.NOW.isoformat(), **known[level]})
            if [a.id for a in found.articles] != ["wabash-tools"] or not found.editions[0].complete:
                wrong.append(f"{first}, then {after} (level {level}): {[r.message for r in found.refusals if r.code]}")
        done += 2
        for folder in {world.root, built.root}:
            shutil.rmtree(folder)
        if done % 100 == 0:
            progress(f"legitimate operations: {done} of {count}, {len(wrong)} false refusals")
    for case in wrong[:10]:
        progress(f"FALSE REFUSAL: {case}")
    yield equal("legitimate operations", done, count)
    yield equal("  false refusals", len(wrong), 0)


# ---------------------------------------------------------------- mutations


def _mutate(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    kind = dice.randrange(8)
    at = dice.randrange(len(lines))
    if kind == 0:
        lines.insert(at, lines[dice.randrange(len(lines))])
    elif kind == 1:
        del lines[at]
    elif kind == 2:
        other = dice.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:
        lines[at] = lines[at][: dice.randrange(len(lines[at]) + 1)]
    elif kind == 4:
        lines[at] = lines[at].swapcase()
    elif kind == 5:
        lines[at] = lines[at] + dice.choice([b" ", b"\t", b"#", b": x", b"\r", "\u200b".encode(), b"\\", b"'", b'"'])
    elif kind == 6:
        where = dice.randrange(len(data))
        return data[:where] + bytes([dice.randrange(256)]) + data[where + 1 :]
    else:
        lines[at] = lines[at].replace(b"needs-review", b"approved").replace(b"withdraw", b"approve").replace(b"1", b"2")
    return b"\n".join(lines)


def mutations(template: Path, work: Path, progress: Progress, *, count: int = 1_000) -> Iterator[Row]:
    """Seeded mutations of drafts that say approved, and of records: what is published must have a valid record over its very bytes."""
    dice = random.Random(SEED)
    world = start(template, work / "mutations")
    publication = config.publication(world.project.settings)
    world.say_approved(world.draft)
    shutil.copytree(world.project.approvals / "wabash-tools", world.project.approvals / "smuggled-tools")
    targets = [
        world.draft,
        world.good,
        world.record("wabash-tools"),
        world.record("smuggled-tools"),
        world.record("recalled-tools", "withdrawn"),
        world.record("recalled-tools"),
    ]
    past = 0
    for number in range(count):
        path = dice.choice(targets)
        before = path.read_bytes()
        after = before
        for _ in range(dice.randrange(1, 4)):
            after = _mutate(after, dice)
        path.write_bytes(after)
        found = gate.admit(world.project, publication, {"BRIEFING_NOW": trial.NOW.isoformat()})
        for a in found.articles:
            evidence = (world.root / a.name).with_name(f"{a.id}.evidence.json").read_bytes()
            fits = a.record is not None and a.record.digest == approval.digest(approval.parts((world.root / a.name).read_bytes(), evidence, a.article))
            past += not (fits and a.id == "wabash-tools")
        path.write_bytes(before)
        if number % 500 == 499:
            progress(f"mutations: {number + 1} of {count}, {past} published without a record")
    yield equal("mutations of front matter and records", count, 1_000)
    yield equal("  published without a valid record", past, 0)
    shutil.rmtree(world.root)


# ----------------------------------------------------------------- odd files

_ODD = (
    *("a.md", "a.markdown", "a.mkd", "a.mdown", "a.MD", "a.rst", "a.html", "a.htm", "a.xhtml", "a.txt", "a.asciidoc", "a.ipynb", "a.org", "a"),
    *("a.css", "a.js", "a.json", "a.xml", "a.yaml", "a.svg", "a.png", "a.pdf", "a.zip", "a.php", "a.py", "a.jinja", ".hidden.md", ".htaccess"),
    *(
        "_headers",
        "robots.txt",
        "sitemap.xml",
        "index.html",
        "404.html",
        "CNAME",
        "feed.xml",
        "next.json",
        "a.md~",
        "#a.md#",
        "a.md.bak",
        "con.md",
        "a b.md",
        "ä.md",
    ),
)
_PLACES = ("", "briefings", PLACE.removeprefix("content/"), "pages", "pages/about", "editions", "images", "extra", "drafts", "static")


def odd_files(template: Path, work: Path, progress: Progress) -> Iterator[Row]:
    """Kinds of files in kinds of places below `content/`: not one of their words in the output."""
    world = start(template, work / "odd")
    body = "Title: Oddity\nStatus: published\nDate: 2026-11-24\n\nOddity words."
    for place in _PLACES:
        for name in _ODD:
            world.put(world.file(f"content/{place}/{name}" if place else f"content/{name}"), body)
    words, why = published(world, {})
    yield Row("kinds of odd files × places in content/", f"{len(_ODD)} × {len(_PLACES)}", None, "≥ 40", len(_ODD) >= 40)
    yield equal("  of their words in the output", words.count("Oddity"), 0)
    yield Row("  the site is built without them", "yes" if not why and "Wabash Office" in words else f"no {why}", None, "yes", not why)
    shutil.rmtree(world.root)
    progress("odd files: done")


# --------------------------------------------------------------------- cost


def cost(work: Path, progress: Progress, *, count: int = 1_000) -> Iterator[Row]:
    """The gate's own work (finding, hashing, records, verdicts) beside a whole build. Reading and parsing an article is what any build has to do."""
    project = archive(work / "archive", count)
    gc.set_threshold(*build.COLLECTOR)  # as the build's own process has it
    publication = config.publication(project.settings)
    environ = {"BRIEFING_NOW": trial.NOW.isoformat()}
    started = time.process_time()
    build.run(project, publication, environ, lambda name, outcome: progress(f"cost: {name} after {time.process_time() - started:.1f} s"))
    whole = time.process_time() - started
    pairs = [_gate_and_reading(project, publication, environ, count) for _ in range(5)]
    admitted = statistics.median(gated for gated, _ in pairs)
    own = max(0.0, statistics.median(gated - read for gated, read in pairs))
    yield fact(f"a build of {count:,} articles", whole, unit="CPU s")
    yield fact("  the gate, reading and parsing included", admitted, unit="CPU s")
    yield fact("  the gate's own work", own, unit="CPU s")
    yield at_most("  the gate's own work beside the build", 100 * own / whole, 5, unit="%")


def _gate_and_reading(project: Project, publication: config.Publication, environ: dict[str, str], count: int) -> tuple[float, float]:
    """CPU seconds of the gate, and of reading and parsing the same files alone, right after it: what lies between is the gate's own."""
    gc.collect()
    started = time.process_time()
    found = gate.admit(project, publication, environ)
    gated = time.process_time() - started
    assert len(found.articles) == count, len(found.articles)
    names = [(a.name, a.id) for a in found.articles]
    del found
    gc.collect()
    started = time.process_time()
    kept = []  # as the gate keeps them: what is kept costs the collector time
    for name, article_id in names:
        path = project.root / name
        read = article.parse(path.read_bytes(), name)
        kept.append((read, gate.ledger.read(path.with_name(f"{article_id}.evidence.json").read_bytes(), name)))
    return gated, time.process_time() - started


# ---------------------------------------------------------------------- all


def rows(corpus: Path | None, progress: Progress) -> Iterator[Row]:
    """Every row of this evaluation. Needs git and ssh-keygen; no corpus."""
    logging.getLogger().setLevel(logging.CRITICAL)
    cli_commands = cli.COMMANDS
    cli.COMMANDS = ("approve", "withdraw")
    try:
        with tempfile.TemporaryDirectory(prefix="briefing-eval-") as folder:
            top = Path(folder)
            template = make_template(top)
            work = top / "work"
            work.mkdir()
            yield from bypasses(template, work, progress)
            yield from one_byte(template, work, progress)
            yield from legitimate(template, work, progress)
            yield from mutations(template, work, progress)
            yield from odd_files(template, work, progress)
            yield from cost(work, progress)
    finally:
        cli.COMMANDS = cli_commands
