"""An edition's drafts: what is new this week is chosen, told and written to files that are not there yet.

Nothing that exists is ever overwritten. Once an edition's file stands, it decides: only stories it lists by id and whose drafts were
never written could be added, so a second run changes nothing, and a draft that an editor deleted stays deleted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from .. import article as articles
from .. import cluster, deadlines, evidence, ledger, plainfile, playbook, rank, yamlfile
from .. import edition as editions
from ..collect import leads
from ..collect.readings import readings
from ..config import Publication
from ..config import sources as read_sources
from ..errors import ArticleError, ContentRefused
from ..model import Article, Choice, Edition, Item, Reading, Snapshot, Source, Story, Unused
from ..project import Project
from ..store import Store
from .model_writer import Drafted
from .write import Draft, Setting, Told, TooLittle, after
from .write import draft as write_draft

#: Reads the article pages of these items into the store; what cannot be read keeps the feed's text.
Pages = Callable[[Sequence[Item]], object]
Progress = Callable[[str, str], None]
#: Words a draft with a language model, see `provider.rewriter`; gives the draft back as it was where the model is of no use.
Rewrite = Callable[[Article, Mapping[str, Snapshot]], Drafted]
#: So many stories beyond those an edition needs have their pages read, so that words decide and not the length of a feed's summary.
_PAGES_READ = 90
_MOST_UNUSED = 60
#: Names of the site's own pages: an article may not take one.
RESERVED = frozenset(
    [
        "index",
        "archive",
        "archives",
        "editions",
        "edition",
        "topics",
        "topic",
        "sources",
        "deadlines",
        "how-we-work",
        "corrections",
        "privacy",
        "about",
        "subscribe",
        "feeds",
        "feed",
        "email",
        "search",
        "tags",
        "tag",
        "category",
        "categories",
        "author",
        "authors",
        "theme",
        "static",
        "assets",
        "images",
        "css",
        "js",
        "fonts",
        "404",
        "robots",
        "sitemap",
        "calendar",
        "briefings",
        "pages",
        "drafts",
        # device names, which some systems cannot check out
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{device}{n}" for device in ("com", "lpt") for n in range(1, 10)),
    ]
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What drafting came to."""

    edition: date
    written: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()  # files that stood there and were left as they are
    choices: tuple[Choice, ...] = ()
    leads: tuple[Item, ...] = ()  # what only an aggregator's link is known of: never told, for the editor to look up
    failed: Mapping[str, str] = field(default_factory=dict)  # story title → why it was not drafted
    model: Mapping[str, str] = field(default_factory=dict)  # article id → what became of the language model's words; empty without one
    items: int = 0
    note: str = ""


def draft(
    project: Project,
    publication: Publication,
    edition: date,
    store: Store,
    now: datetime,
    progress: Progress | None = None,
    *,
    pages: Pages | None = None,
    rewrite: Rewrite | None = None,
) -> Report:
    """Choose and draft this edition. `pages` reads the article pages of the stories that may be told, `rewrite` words drafts with a language model.

    Raises ConfigError (sources, playbook), ContentRefused (an edition file or article that cannot be read), StorageError.
    """
    step = progress or _silent
    guide = playbook.load(project.playbook, project.name(project.playbook))
    sources, _ = read_sources(project.sources, project.name(project.sources))
    path = project.edition(edition)
    if path.exists():
        editions.read(path, project.name(path))
        return Report(edition=edition, kept=(path,), note=f"{project.name(path)} stands already; nothing was changed. Delete it to draft this edition anew")
    start, end = editions.window(edition, publication)
    known = {s.id: s for s in sources}
    seen = tuple(i for i in store.items(start, end) if i.first_seen <= now)
    if pages is not None and seen:
        pages(_short_list(seen))
        seen = tuple(i for i in store.items(start, end) if i.first_seen <= now)  # as their pages state them: addresses of leads, days of undated ones
    unfound = tuple(i for i in seen if leads.is_lead(i, known.get(i.source)))
    items = tuple(i for i in seen if not leads.is_lead(i, known.get(i.source)))
    earlier = _earlier(project, edition)
    told = _told_before(earlier, store)
    texts = _texts((*items, *(i for i, _ in told)), store)
    stories, repeats = _apart(cluster.stories((*items, *(i for i, _ in told)), texts, {s.id: s.tier for s in sources}), told)
    choices = rank.choose(stories, sources, guide, publication, repeats, texts)
    read = readings(sources, store.states(), seen, start)
    report = _write_all(project, publication, edition, store, step, guide, known, choices, earlier, len(seen), rewrite, read)
    return replace(report, leads=tuple(sorted(unfound, key=_worth)))


def _silent(name: str, outcome: str) -> None:
    return None


def _short_list(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items whose pages are worth reading: dated this week or not dated by their feed, those about software or rules first."""
    return tuple(sorted((i for i in items if i.mark in {"", "undated"}), key=_worth)[:_PAGES_READ])


def _worth(item: Item) -> tuple[float, str]:
    """Orders items: what this briefing is about comes first."""
    return -rank.interest(f"{item.title} {item.summary}"), item.id


def _texts(items: Sequence[Item], store: Store) -> dict[str, str]:
    found = {i.id: store.snapshot_of(i.id) for i in items}
    return {key: snapshot.text for key, snapshot in found.items() if snapshot is not None}


def _earlier(project: Project, edition: date) -> tuple[Article, ...]:
    """The articles of past editions; one that cannot be read is passed over, `check` and `build` name it."""
    out = []
    for path in sorted(project.briefings.glob("*/*.md")):
        try:
            one = articles.parse(path.read_bytes(), project.name(path))
        except (ArticleError, OSError):
            continue
        if one.edition < edition:
            out.append(one)
    return tuple(out)


def _told_before(earlier: Sequence[Article], store: Store) -> tuple[tuple[Item, Article], ...]:
    """The items that the articles of past editions cite, each with its article."""
    out: dict[str, tuple[Item, Article]] = {}
    for one in earlier:
        for snapshot in store.snapshots([c.snapshot for c in one.sources if c.snapshot]).values():
            item = store.item(snapshot.item)
            if item is not None:
                out[item.id] = (item, one)
    return tuple(out[key] for key in sorted(out))


def _apart(stories: Sequence[Story], told: Sequence[tuple[Item, Article]]) -> tuple[tuple[Story, ...], dict[str, Article]]:
    """This week's stories, and which of them an earlier edition told.

    The cited items were grouped together with this week's: a story that holds one is a repeat, by the same measure that makes stories. What is
    left of it are the items that are new.
    """
    before = {item.id: one for item, one in told}
    fresh: list[Story] = []
    repeats: dict[str, Article] = {}
    for story in stories:
        new = tuple(i for i in story.items if i.id not in before)
        if not new:
            continue
        cited = [before[i.id] for i in story.items if i.id in before]
        fresh.append(replace(story, items=new))
        if cited:
            repeats[story.id] = max(cited, key=lambda a: (a.edition, a.id))
    return tuple(fresh), repeats


def _write_all(
    project: Project,
    publication: Publication,
    edition: date,
    store: Store,
    step: Progress,
    guide: playbook.Playbook,
    sources: Mapping[str, Source],
    choices: Sequence[Choice],
    earlier: Sequence[Article],
    count: int,
    rewrite: Rewrite | None,
    read: tuple[Reading, ...],
) -> Report:
    setting = Setting(playbook=guide, edition=edition, author=publication.author.name, jurisdictions=publication.jurisdictions)
    ids = {p.stem for p in project.briefings.glob("*/*.md") if p.parent.name != edition.isoformat()} | {a.id for a in earlier}
    drafts: list[tuple[Draft, Choice]] = []
    model: dict[str, str] = {}
    failed: dict[str, str] = {}
    for choice in _in_turn(choices):
        if len(drafts) >= publication.articles:
            break
        if _leads_too_much(choice, drafts, publication, sources):
            continue
        try:
            made = write_draft(choice.story, _told(choice.story, sources, store), setting)
            article = _readable(replace(made.article, id=_free_id(made.article.title, ids)))
        except TooLittle as why:
            failed[choice.story.lead.title] = str(why)
            step(choice.story.lead.title, str(why))
            continue
        ids.add(article.id)
        made = replace(made, article=article)
        if rewrite is not None:
            made, model[article.id] = _worded(made, rewrite)
            article = made.article
        drafts.append((made, choice))
        setting = after(setting, article)
        step(article.title, f"{articles.words(article)} words from {len(article.sources)} sources")
    if not drafts:  # no edition file either: it would stand in the way of a later run that finds more
        return Report(edition=edition, choices=tuple(choices), failed=failed, model=model, items=count)
    written = [path for made, choice in drafts for path in _save(project, made, choice)]
    path = project.edition(edition)
    used = frozenset(choice.story.id for _, choice in drafts)
    whole = _edition(publication, edition, [d.article for d, _ in drafts], _unused(choices, used, failed, sources), project, read)
    _put(path, editions.write(whole))
    return Report(edition=edition, written=(*written, path), choices=tuple(choices), failed=failed, model=model, items=count)


def _worded(made: Draft, rewrite: Rewrite) -> tuple[Draft, str]:
    """The draft in a model's words where they could be shown, and what became of them in one line."""
    done = rewrite(made.article, made.texts)
    texts = {c.id: made.texts[c.id] for c in done.article.sources if c.id in made.texts}
    return replace(made, article=done.article, texts=texts, left_out=(*made.left_out, *done.left_out), drafted_by=done.drafted_by), done.note


def _in_turn(choices: Sequence[Choice]) -> Sequence[Choice]:
    """The chosen stories, then those passed over for want of room, in case a chosen one cannot be drafted."""
    spare = (c for c in choices if not c.chosen and (c.reason.startswith((rank.WEAKER, rank.TOPIC_FULL)) or rank.LEADS in c.reason))
    return [*(c for c in choices if c.chosen), *sorted(spare, key=lambda c: -c.score)]


def _leads_too_much(choice: Choice, drafts: Sequence[tuple[Draft, Choice]], publication: Publication, sources: Mapping[str, Source]) -> bool:
    """Whether the owner of the story's source leads as many drafts of this edition as one owner may."""
    led = sum(rank.owner(c.story.lead, sources) == rank.owner(choice.story.lead, sources) for _, c in drafts)
    return led >= rank.share(publication)


def _told(story: Story, sources: Mapping[str, Source], store: Store) -> tuple[Told, ...]:
    found: list[tuple[Item, Snapshot | None]] = [(i, store.snapshot_of(i.id)) for i in story.items if i.source in sources and i.mark == ""]
    return tuple(Told(item=i, source=sources[i.source], snapshot=s) for i, s in found if s is not None)


def _readable(article: Article) -> Article:
    """The same article. Raises TooLittle where its file could not be read back: a headline of one endless word, for example."""
    try:
        articles.parse(articles.write(article), article.id)
    except ArticleError as error:
        line, fault = error.faults[0]
        raise TooLittle(f"the sources’ words do not make an article (line {line}: {fault})") from error
    return article


def _free_id(title: str, taken: set[str]) -> str:
    """A short name for addresses, from the headline's words, that no article has and no page of the site uses."""
    plain = unicodedata.normalize("NFKD", title.replace("’", "")).encode("ascii", "ignore").decode("ascii").lower()
    words = [w for w in re.findall(r"[a-z0-9]+", plain) if w not in {"the", "a", "an", "of", "and", "to", "in", "on", "for"}] or ["briefing"]
    slug = str(words[0])
    for word in words[1:8]:
        if len(slug) + 1 + len(word) > 60:
            break
        slug = f"{slug}-{word}"
    slug = slug[:60].strip("-")
    if yamlfile.load(f"id: {slug}")[0] != {"id": slug}:  # a headline such as "1999-01-01" or "true": YAML would not read a word
        slug = f"briefing-{slug}"
    base: str = slug
    number = 2
    while slug in taken or slug in RESERVED:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _save(project: Project, made: Draft, choice: Choice) -> tuple[Path, ...]:
    one = made.article
    record = evidence.record(
        one,
        made.texts,
        collected=len(choice.story.items),
        feeds=len({i.source for i in choice.story.items}),
        left_out=made.left_out,
        drafted_by=made.drafted_by,
    )
    md, js = project.article(one.edition, one.id), project.evidence(one.edition, one.id)
    _put(md, articles.write(one))
    _put(js, ledger.write(record))
    return md, js


def _put(path: Path, data: bytes) -> None:
    """A new file, whole or not at all; one that is there is left alone (a run that died before has written it, or an editor)."""
    if not path.exists():
        plainfile.write(path, data)


def _unused(choices: Sequence[Choice], used: frozenset[str], failed: Mapping[str, str], sources: Mapping[str, Source]) -> tuple[Unused, ...]:
    out = []
    for choice in choices:
        if choice.story.id in used:
            continue
        lead = choice.story.lead
        source = sources.get(lead.source)
        out.append(
            Unused(
                title=lead.title,
                publisher=lead.publisher or (source.name if source else lead.source),
                url=lead.url,
                reason=failed.get(lead.title, choice.reason),
            )
        )
    return tuple(out[:_MOST_UNUSED])


def _edition(publication: Publication, day: date, told: Sequence[Article], unused: tuple[Unused, ...], project: Project, read: tuple[Reading, ...]) -> Edition:
    titles = [a.title for a in told]
    return Edition(
        date=day,
        number=editions.number(day, publication),
        status="needs-review",
        subject=_subject(titles),
        preheader=_preheader(told),
        articles=tuple(a.id for a in told),
        deadlines=_deadlines(project, publication, day),
        unused=unused,
        readings=read,
    )


def _deadlines(project: Project, publication: Publication, day: date) -> tuple[str, ...]:
    """The next days of `content/deadlines.yaml`, at most five within half a year."""
    listed = deadlines.read(project.deadlines, project.name(project.deadlines))
    return tuple(d.id for d in listed if day <= d.date <= day + timedelta(days=190))[:5]


def _subject(titles: Sequence[str]) -> str:
    """The lead's headline, or as much of it as a mail program shows: 10 to 78 characters."""
    words = titles[0].split()
    while len(" ".join(words)) > 78 or words[-1].lower() in _SMALL:
        words.pop()
    return " ".join(words)


_SMALL = {"the", "a", "an", "of", "and", "to", "in", "on", "for", "with", "by", "from", "at", "its", "their", "that", "over", "after"}


def _preheader(told: Sequence[Article]) -> str:
    """The other headlines that fit whole, else the lead's second line or its reason: 40 to 110 characters."""
    text = ""
    for title in (a.title for a in told[1:]):
        longer = f"{text}; {title}" if text else f"Also: {title}"
        if len(longer) <= 110:
            text = longer
    choices = (text, told[0].dek, told[0].short.matters, told[0].short.happened)
    return next((c for c in choices if 40 <= len(c) <= 110), next((c for c in choices if c), told[0].title)[:110])


__all__ = ["RESERVED", "ContentRefused", "Report", "draft"]
