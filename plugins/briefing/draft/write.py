"""The article of one story: material in, an Article out, or the reason why the sources carry none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from .. import article as articles
from .. import evidence, inline
from ..model import (
    CITE_KIND,
    Answer,
    Article,
    Block,
    Cited,
    CiteKind,
    Claim,
    Item,
    NextStep,
    Paragraph,
    Principle,
    Problem,
    Section,
    Short,
    Snapshot,
    Source,
    Story,
)
from ..playbook import GENERAL, Advice, Playbook, Question, Step, Topic
from . import brief, english, extras, headline, passages, people, plan, quotes, sections, whose
from .desk import SAID_ON, Desk, Said
from .english import Runs
from .orders import is_order
from .passages import Line, Voice
from .quotes import Quote
from .restate import partly_quoted, restate
from .sections import Made
from .trim import without

#: A source of the story with fewer words than this is background at best.
SHORTEST_SOURCE = 25
#: With fewer words in all sources together a story gets the short form.
SHORT_FORM = 170
#: Below so many words of running text the draft says in `limits` how little the sources carry.
FULL = 900
_MOST_SOURCES = 7
#: How often an article is composed anew without what the evidence check did not let pass.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Told:
    """One source of a story as it was read."""

    item: Item
    source: Source
    snapshot: Snapshot


class TooLittle(Exception):
    """The sources carry no lead; says why."""


Blocked = Sequence[tuple[Claim, Problem]]


@dataclass(frozen=True, slots=True)
class Draft:
    """An article and what its ledger needs."""

    article: Article
    texts: Mapping[str, Snapshot]
    left_out: tuple[str, ...]
    drafted_by: str = "software, without a language model"


@dataclass(frozen=True, slots=True)
class Setting:
    """What every draft of an edition shares, and what earlier drafts of it have used."""

    playbook: Playbook
    edition: date
    author: str
    jurisdictions: tuple[str, ...]
    turn: int = 0
    titles: tuple[str, ...] = ()
    advice: frozenset[str] = frozenset()  # orders, steps and reasons already given in this edition


def after(setting: Setting, article: Article) -> Setting:
    """The setting for the next draft of the edition: what this one has said is not said again."""
    said = {p.order for p in article.meaning} | {article.short.do, article.short.matters}
    return replace(setting, turn=setting.turn + 1, titles=(*setting.titles, article.title), advice=setting.advice | said)


def draft(story: Story, told: Sequence[Told], setting: Setting) -> Draft:
    """The draft of one story. Raises TooLittle where the sources carry no event and one more fact.

    What the evidence check does not let pass is barred and the article composed anew, so that nothing leans on a sentence that is gone;
    what still fails is cut out, and listed with its reason.
    """
    told = [_named(t) for t in told]
    full = [t for t in told if len(t.snapshot.text.split()) >= SHORTEST_SOURCE][:_MOST_SOURCES]
    if sum(len(t.snapshot.text.split()) for t in full) < SHORT_FORM:
        return _short(story, told, setting)
    try:
        return _whole(story, _origin_first(full), setting)
    except TooLittle:
        return _short(story, told, setting)


def _whole(story: Story, told: Sequence[Told], setting: Setting) -> Draft:
    """The full form. Raises TooLittle."""
    voices = _voices(told)
    lines = _lines(voices)
    barred: frozenset[tuple[str, int]] = frozenset()
    left_out: list[str] = []
    for _ in range(_ROUNDS):
        desk = _desk(voices, lines, setting, barred, left_out)
        article = _assemble(story, told, voices, desk, setting, _compose(story, lines, voices, desk, setting))
        found = evidence.blocking(evidence.check(article, _texts(article, told)))
        failed = frozenset(x.key for claim, _ in found for x in _lines_of(claim.text, desk))
        if not failed - barred:
            break
        barred |= failed
        left_out += [f"{c.text} ({p.reason}: {p.found})" for c, p in found if _lines_of(c.text, desk)]
    return _proven(article, told, desk, headline.titles(lines, voices, _main_actor(voices, lines), setting.titles), found=found)


def _short(story: Story, told: Sequence[Told], setting: Setting) -> Draft:
    """The short form for a story of a few lines. Raises TooLittle."""
    told = _origin_first([t for t in told if len(t.snapshot.text.split()) >= 8][:4])
    if not told:
        raise TooLittle("the sources carry too little: a headline and no text")
    voices = _voices(told)
    lines = _lines(voices)
    desk = _desk(voices, lines, setting, frozenset(), ())
    made = brief.compose(voices, lines, desk)
    if made is None:
        raise TooLittle("the sources carry too little: no event and one more fact in words that can be quoted")
    topic = setting.playbook.topic(story.topics[0] if story.topics else "")
    article = _assemble(story, told, voices, desk, setting, _Pieces(made.event, made.lead, made.sections, made.faq, topic, voices[0].name))
    name = voices[0].name
    plain = f"{english.capital(name)} publishes an item about {topic.name[0].lower() if not topic.name[1:2].isupper() else topic.name[0]}{topic.name[1:]}"
    draft = _proven(
        article,
        told,
        desk,
        [*(t for t in headline.titles(lines, voices, name, setting.titles)[:-1] if not re.match(r"(?:This|That|These|We|Our|I|It|Here)\b", t)), plain],
        plain,
    )
    done = draft.article
    short = replace(done.short, happened=f"{done.title.rstrip('.')}.")
    draft = replace(draft, article=replace(done, short=short, dek=done.dek or f"A short item from {name}, with what it leaves open."))
    if not draft.article.lead or evidence.blocking(evidence.check(draft.article, draft.texts)):
        raise TooLittle(_UNPROVEN)
    return draft


_UNPROVEN = "the sources carry too little: their few lines could not be quoted so that the check passes"


def _desk(voices: Sequence[Voice], lines: Sequence[Line], setting: Setting, barred: frozenset[tuple[str, int]], left_out: Sequence[str]) -> Desk:
    spoken = [q for v in voices for q in quotes.find(tuple(x for x in lines if x.source == v.marker))]
    return Desk(
        {v.marker: v for v in voices},
        Runs(v.text for v in voices),
        turn=setting.turn,
        people=people.find([v.text for v in voices], spoken),
        names=people.bare_names(v.text for v in voices),
        barred=barred,
        left_out=list(left_out),
    )


def _texts(article: Article, told: Sequence[Told]) -> dict[str, Snapshot]:
    return {f"s{n}": t.snapshot for n, t in enumerate(told, 1) if article.cited(f"s{n}")}


def _lines_of(claim: str, desk: Desk) -> list[Line]:
    """The lines behind a claim's sentence."""
    return [x for said in desk.everything if said.text in claim or claim in said.text for x in said.lines]


def _main_actor(voices: Sequence[Voice], lines: Sequence[Line]) -> str:
    return voices[0].name if voices[0].kind == "primary" else _main_name(voices, lines)


def _named(one: Told) -> Told:
    """The same, under our own name of the source where the feed's name of the publisher is an order to software."""
    return replace(one, item=replace(one.item, publisher="")) if is_order(one.item.publisher) else one


def _origin_first(told: Sequence[Told]) -> list[Told]:
    """The primary document first, then whoever the others speak of (a vendor's or researcher's own text), then by time."""

    def rank(one: Told) -> tuple[float, str, str]:
        name = _spoken_name(one.item.publisher or one.source.name, one.snapshot.text, []).removeprefix("the ")
        others = [t for t in told if t is not one]
        spoken_of = sum(name in t.snapshot.text for t in others)
        own = one.source.tier == "primary" or (bool(others) and spoken_of * 2 >= len(others) and name in one.snapshot.text)
        return (0.0 if one.source.tier == "primary" else 0.5 if own else 1.0, (one.item.published or one.item.first_seen).isoformat(), one.item.id)

    return sorted(told, key=rank)


def _voices(told: Sequence[Told]) -> tuple[Voice, ...]:
    out = []
    for number, one in enumerate(told, 1):
        full = one.item.publisher or one.source.name
        out.append(
            Voice(
                marker=f"s{number}",
                name=_spoken_name(full, one.snapshot.text, [t.snapshot.text for t in told]),
                kind=_kind(one, told),
                published=one.item.published.date() if one.item.published else None,
                text=english.typographic(one.snapshot.text),
                title=one.item.title,
                full=full,
            )
        )
    return tuple(out)


def _kind(one: Told, told: Sequence[Told]) -> CiteKind:
    """What the source is to this story: whoever publishes its own findings or its own terms is the primary source of them."""
    if one.source.tier in {"analysis", "vendor"} and one is told[0] and len(told) > 1:
        name = _spoken_name(one.item.publisher or one.source.name, one.snapshot.text, []).removeprefix("the ")
        if any(name in t.snapshot.text for t in told[1:]):
            return "primary"
    return CITE_KIND[one.source.tier]


def _spoken_name(full: str, own: str, all_texts: Sequence[str]) -> str:
    """How the publisher is called inside a sentence: the part of its name that its own text uses, with "the" where texts have it."""
    parts = full.split()
    name = full
    everything = " ".join((own, *all_texts))
    for n in range(len(parts), 0, -1):
        head = " ".join(parts[:n])
        acts = rf"(?:^|[a-z,.] ){re.escape(head)}(?:’s|’)? (?:[a-z]+ed|has|had|is|was|says|said|found|will|plans|did|does|told|reports|argues)\b"
        stands = head in everything if n == len(parts) else bool(re.search(acts, everything)) and (n > 1 or full not in everything)
        if len(head) > 3 and parts[n - 1] not in {"of", "the", "&", "and", "for"} and stands:
            name = head
            break
    else:
        name = re.sub(r"\s+(?:client notes|blog|newsroom)$", "", full, flags=re.I)
    if name.startswith("The "):
        return name
    text = " ".join(all_texts)
    with_the = len(re.findall(rf"\b[Tt]he {re.escape(name)}\b", text))
    without = len(re.findall(rf"(?<![Tt]he ){re.escape(name)}\b(?!’s newsroom)", text))
    agency = re.search(r"\b(?:Department|Bureau|Office|Agency|Commission|Authority|Administration|Gazette|Register|Council|Ministry|Board|Journal)\b", name)
    return f"the {name}" if (with_the and with_the >= without) or (agency and with_the >= without) else name


def _lines(voices: Sequence[Voice]) -> tuple[Line, ...]:
    lines = [line for voice in voices for line in passages.read(voice)]
    titles = frozenset(w for v in voices for w in english.content(v.title))
    return passages.weigh(lines, titles)


# ------------------------------------------------------------------ composing


@dataclass(frozen=True, slots=True)
class _Pieces:
    event: str
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    faq: tuple[Answer, ...]
    topic: Topic
    actor: str


def _compose(story: Story, lines: Sequence[Line], voices: Sequence[Voice], desk: Desk, setting: Setting) -> _Pieces:
    topic = setting.playbook.topic(story.topics[0] if story.topics else "")
    near = [setting.playbook.topic(t) for t in (*story.topics[1:], *topic.also)]
    candidates = plan.event_lines(lines, voices)
    if not candidates:
        raise TooLittle("the sources carry too little: no sentence of theirs names an event")
    found = _event_sentence(candidates, desk)
    if found is None:
        raise TooLittle("the sources carry too little: the event cannot be told with its date in words of our own")
    event, opening = found
    lead = _lead(opening, event, lines, desk)
    if len(desk.said) < 2:
        raise TooLittle("the sources carry too little: an event and no second fact")
    slots = _slots(event, voices, lines)
    desk.others = whose.others(lines, voices, slots.actor or voices[0].name, slots.thing, desk.people)
    statistic = extras.statistic(lines, desk)
    listed = extras.bullets(lines, desk)
    spoken = _best_quotes(lines, voices)
    headings = [h for t in (topic, *near, setting.playbook.topic(GENERAL)) for h in t.headings]
    made = sections.compose(headings, lines, [v.marker for v in voices], desk, slots, 4 if listed else 5, {(q.source, q.place): q for q in spoken})
    told = _with_callouts(made, listed, statistic, spoken)
    asked = _askable(topic, near, setting)
    faq = extras.questions(asked, slots, lines, desk, {s.question for s in told})
    return _Pieces(opening.text, lead, told, faq, topic, slots.actor)


def _event_sentence(candidates: Sequence[Line], desk: Desk) -> tuple[Line, Said] | None:
    """The first sentence names the event and its date: the day the sentence gives, else the day its source was published."""
    for line in candidates:
        voice = desk.voices[line.source]
        for text in _event_texts(line, voice, desk):
            met = people.introduce(text, desk.people, desk.known)
            if (
                line.key not in desk.barred
                and not desk.unheard_of(line.text)
                and met
                and english.DATE.search(text.split(". ")[0])
                and desk.runs.longest(met[0]) <= 12
            ):
                desk.known |= met[1]
                return line, desk.keep(Said(met[0], (line.source,), (line,)))
    return None


def _event_texts(line: Line, voice: Voice, desk: Desk) -> Iterator[str]:
    for shorter in plan.shortened(line.text):
        made = restate(shorter, desk.runs)
        if made is None:
            continue
        text = made.text
        if english.DATE.search(text.split(". ")[0]):
            yield text
            continue
        if voice.published is None:
            continue
        day = english.us_date(voice.published)
        low = english.lower_first(text)
        named = re.match(rf"(?:The )?{re.escape(voice.name.removeprefix('the '))} ", text)
        if low and not named:
            yield f"{english.capital(voice.name)} {SAID_ON[voice.kind]} on {day}, that {low}"
        found = english.parts(text)
        if named and found and (found.verb in english.PAST_OF or found.verb in english._CLEAR_PAST):
            yield f"On {day}, {low}"
    yield from _quoted_event(line, voice)


_WROTE = {"primary": "wrote", "reporting": "reported", "analysis": "wrote", "vendor": "wrote"}


def _quoted_event(line: Line, voice: Voice) -> Iterator[str]:
    """The event with its end, or the whole of it, in its source's own words and the day they were published, where those are few enough."""
    if voice.published is None or line.place > 2:
        return
    day = english.us_date(voice.published)
    for made, _ in partly_quoted(line.text, line.raw, f"{voice.name} {_WROTE[voice.kind]} on {day}"):
        yield made
    plain = re.fullmatch(r"[A-Z][^“”:;?!]+[.]", line.raw) and line.raw == line.text
    if plain and 8 <= len(line.raw.split()) <= 34 and line.place == 0:
        yield f"{english.capital(voice.name)} {_WROTE[voice.kind]} on {day}: “{line.raw}”"


def _lead(opening: Said, event: Line, lines: Sequence[Line], desk: Desk) -> tuple[Block, ...]:
    """The event, what its source says next (whom it concerns, from when, how much), and at most one sentence of another source that adds to it."""
    saids = [opening]
    last = event
    for line in (x for x in lines if x.source == event.source and event.place < x.place <= event.place + 20):
        if len(saids) >= 4 or (len(saids) >= 2 and line.place > event.place + 8):
            break
        if desk.sayable(line, last) and (line.weight >= 1.0 or DATE_OR_FIGURE.search(line.text)):
            said = desk.say(line, after=last)
            if said:
                saids.append(said)
                last = line
    fitting = (x for x in lines if x.source != event.source and x.place <= 5 and x.needs & {"how", "who", "date"} and not any(n in x.text for n in desk.people))
    for line in sorted(fitting, key=lambda x: (-x.weight, x.key)):
        if len(saids) >= 5 or (len(saids) >= 3 and line.weight < 2.4):
            break
        if desk.sayable(line) and desk.restated(line):
            said = desk.say(line, place=True)
            if said:
                saids.append(said)
                break
    return plan.paragraphs(saids, size=2)


DATE_OR_FIGURE = re.compile(rf"{english.DATE.pattern}|[$€£]\d|\d+ percent|\b\d{{2,}}\b")


def _slots(event: Line, voices: Sequence[Voice], lines: Sequence[Line]) -> plan.Slots:
    found = english.parts(event.text)
    subject = re.sub(r"^The (?=[A-Z])", "the ", found.subject.split(", ")[0]) if found else ""
    named = re.match(r"(?:the )?[A-Z][\w’&-]+(?: (?:of |and |& )?[A-Z][\w’&-]+)+$", subject) and sum(
        subject.removeprefix("the ").split()[0] in v.text for v in voices
    ) * 2 > len(voices)
    if (
        named
        and _SUFFIX.search(subject.split(" of ")[0])
        and re.search(r" of [A-Z]\w+$", subject)
        and not re.search(r"\b(?:Department|Bureau|Office|Ministry|Council|Board|University)\b", subject)
    ):
        subject = subject.split(" of ")[0]
    actor = subject if named else voices[0].name if voices[0].kind == "primary" else _main_name(voices, lines)
    thing = next((m.group() for line in lines[:12] for m in re.finditer(r"\b(?:Bulletin|Guidance|Rule|Act|Directive|Regulation) \d[\w/-]*", line.text)), "")
    dates = [d for line in lines[:10] for d in english.full_dates(line.text)]
    return plan.Slots(actor=actor, thing=thing, date=english.us_date(dates[0]) if dates else "")


_ORGANISATION = re.compile(r"(?<![.!?:] )(?<!^)\b[A-Z][\w’&-]+(?: (?:of |and |& )?[A-Z][\w’&-]+){0,3}")
_SUFFIX = re.compile(
    r"\b(?:Clinics?|Castings|Health|AI|Staffing|Bureau|Office|Department|Agency|Commission|LLP|Inc|Bank|University|Systems|Labs|Group|Company|Mutual|Works|Security|Council|Authority)\b"
)


def _main_name(voices: Sequence[Voice], lines: Sequence[Line]) -> str:
    """The organisation the story is about: the name that most sources and most sentences have, none of the publishers; else the first publisher."""
    publishers = {v.name.removeprefix("the ").removeprefix("The ") for v in voices}
    counted: Counter[str] = Counter()
    told: dict[str, set[str]] = {}
    for line in lines:
        for name in set(_ORGANISATION.findall(line.raw)):
            name = re.sub(r"’s?$", "", name)
            if name in publishers or name.split()[0] in english.MONTHS + english.WEEKDAYS:
                continue
            counted[name] += 2 if _SUFFIX.search(name) else 1
            told.setdefault(name, set()).add(line.source)
    people = {q.name.removeprefix("Dr. ") for v in voices for q in quotes.find(tuple(x for x in lines if x.source == v.marker))}
    people |= {n.split()[-1] for n in people}
    best = max((n for n in counted if n not in people and len(n) > 3), key=lambda n: (len(told[n]), bool(_SUFFIX.search(n)), counted[n], n), default="")
    own = next((v.name for v in voices if v.kind in {"vendor", "primary"}), "")
    return best if best and len(told[best]) >= max(1, len(voices) // 2) else own or voices[0].name


def _best_quotes(lines: Sequence[Line], voices: Sequence[Voice]) -> list[Quote]:
    found = [q for voice in voices for q in quotes.find(tuple(x for x in lines if x.source == voice.marker))]
    return sorted(
        (q for q in found if q.role and 6 <= q.length <= 40 and not re.match(r"(?:the (?:company|firm|group|practice|plant)|its|their)\b", q.role)),
        key=lambda q: (-q.weight - 0.3 * (8 <= q.length <= 26), q.source, q.place),
    )


def _with_callouts(made: Sequence[Made], listed: extras.Listed | None, statistic: Block | None, spoken: Sequence[Quote]) -> tuple[Section, ...]:
    """The sections with their callouts; a list stands under a question of its own, before what is open."""
    stat_at = next((i for i, m in enumerate(made) if m.need in {"figure", "cost"}), 0)
    pull = extras.pull_quote([(q, s) for m in made for s in m.saids for q in spoken if f"“{q.words}" in s.text])
    out = []
    for i, one in enumerate(made):
        extra: list[Block] = []
        if pull and any(pull.text.strip("“”") in s.text for s in one.saids):
            extra.append(pull)
        if statistic and i == stat_at:
            extra.append(statistic)
        out.append(one.section(extra))
    if listed:
        at = len(out) - 1 if made and made[-1].need == "next" else len(out)
        out.insert(max(0, at), Section(question=listed.question, blocks=(Paragraph(md=inline.escape(listed.intro)), listed.bullets)))
    return tuple(out)


def _askable(topic: Topic, near: Sequence[Topic], setting: Setting) -> list[Question]:
    return [*topic.questions, *(q for t in near for q in t.questions), *setting.playbook.topic("general").questions]


# ------------------------------------------------------------------ assembling


def _assemble(story: Story, told: Sequence[Told], voices: Sequence[Voice], desk: Desk, setting: Setting, pieces: _Pieces) -> Article:
    every = _lines(voices)
    heading = headline.titles(every, voices, pieces.actor, setting.titles)[0]
    text = " ".join(v.text for v in voices)
    step = _best_step(pieces.topic, text, setting)
    article = Article(
        id="draft",
        edition=setting.edition,
        status="needs-review",
        kicker=pieces.topic.name,
        title=heading,
        dek=headline.dek(desk, heading, pieces.event),
        author=setting.author,
        short=Short(happened=headline.happened(pieces.event, heading, ""), matters=_best_matters(pieces.topic, text, setting), do=step.do),
        topics=tuple(dict.fromkeys((pieces.topic.id, *story.topics)))[:4],
        jurisdictions=tuple(j for j in setting.jurisdictions if re.search(rf"\b{re.escape(j)}\b", text)) or setting.jurisdictions[:0],
        sources=tuple(_cited(t, v) for t, v in zip(told, voices, strict=True)),
        lead=pieces.lead,
        sections=pieces.sections,
        meaning=tuple(Principle(order=a.order, md=inline.escape(a.reason)) for a in _best_advice(pieces.topic, text, setting)),
        next_step=NextStep(blocks=(Paragraph(md=inline.escape(step.action)),), time=step.time, who=step.who, result=step.result),
        faq=pieces.faq,
    )
    article = without(article, set())
    return replace(article, limits=_limits(article, voices))


def _cited(told: Told, voice: Voice) -> Cited:
    return Cited(
        id=voice.marker,
        title=told.item.title[:400] or voice.full,
        publisher=voice.full,
        url=told.item.url,
        kind=voice.kind,
        published=voice.published,
        read=told.snapshot.read.date(),
        snapshot=told.snapshot.hash,
    )


def _overlap(words: str, text: frozenset[str]) -> float:
    mine = english.content(words)
    return len(mine & text) / (len(mine) or 1)


def _best_advice(topic: Topic, text: str, setting: Setting) -> list[Advice]:
    words = english.content(text)
    ranked = sorted(topic.meaning, key=lambda a: (a.order in setting.advice, -_overlap(f"{a.order} {a.reason}", words), topic.meaning.index(a)))
    return sorted(ranked[:3], key=topic.meaning.index)


def _best_step(topic: Topic, text: str, setting: Setting) -> Step:
    words = english.content(text)
    return min(topic.steps, key=lambda s: (s.do in setting.advice, -_overlap(s.action, words), topic.steps.index(s)))


def _best_matters(topic: Topic, text: str, setting: Setting) -> str:
    words = english.content(text)
    return min(topic.matters, key=lambda m: (m in setting.advice or len(m.split()) > 25, -_overlap(m, words), topic.matters.index(m)))


def _limits(article: Article, voices: Sequence[Voice]) -> str:
    """One plain sentence on what a reader should know about the reach of this briefing; "" where it has the whole shape."""
    missing = missing_elements(article)
    if articles.words(article) < FULL:
        if sum(len(v.text.split()) for v in voices) < SHORT_FORM and len(voices) > 1:
            return "This briefing is short because its sources carry only a few lines each."
        if len(voices) == 1:
            if len(voices[0].text.split()) >= FULL:
                return "This briefing is shorter than usual: it rests on one source and leaves out parts of it."
            return "This briefing is shorter than usual because only one source was available."
        return f"This briefing is shorter than usual and leaves out parts of its {english.in_words(len(voices))} sources."
    return f"The sources gave this briefing {missing[0]}." if missing else ""


def missing_elements(article: Article) -> tuple[str, ...]:
    """The elements of the shape that this article lacks, each as "no …"."""
    kinds = {type(b).__name__ for s in article.sections for b in s.blocks}
    found = (
        (len(article.sections) >= 3, "too little for three sections"),
        ("Statistic" in kinds, "no figure that stands on its own"),
        ("PullQuote" in kinds, "no person’s words to set apart"),
        ("Bullets" in kinds, "no dates or points to list"),
        (4 <= len(article.faq) <= 6, "too little for more questions and answers"),
        (bool(article.dek), "no second fact for the line under its headline"),
    )
    return tuple(words for there, words in found if not there)


# -------------------------------------------------------------------- proving


def _proven(article: Article, told: Sequence[Told], desk: Desk, titles: Sequence[str], plain: str = "", *, found: Blocked | None = None) -> Draft:
    """The article without the sentences that the evidence check blocks; each is listed with its reason.

    `found` is what the check has said of this article already. Raises TooLittle where something stays blocked.
    """
    texts = {f"s{n}": t.snapshot for n, t in enumerate(told, 1)}
    left_out = list(desk.left_out)
    if plain and article.title not in titles:
        article, found = replace(article, title=_next_title(article, {c.id: texts[c.id] for c in article.sources}, titles)), None
    for _ in range(4):
        kept = {c.id: texts[c.id] for c in article.sources}
        bad = evidence.blocking(evidence.check(article, kept)) if found is None else found
        if not bad:
            return Draft(article, kept, tuple(dict.fromkeys(left_out)))
        for claim, problem in bad:
            left_out.append(f"{claim.text} ({problem.reason}: {problem.found})")
        article, found = without(article, {c.text for c, _ in bad}), None
        if any(c.where == "title" for c, _ in bad):
            article = replace(article, title=_next_title(article, kept, titles))
    raise TooLittle(_UNPROVEN)


def _next_title(article: Article, texts: Mapping[str, Snapshot], titles: Sequence[str]) -> str:
    """The best headline that the sources carry; where none does, the last one stays and the check names it."""
    for text in titles[:24]:
        tried = replace(article, title=text)
        claim = next(c for c in evidence.claims(tried) if c.where == "title")
        if not any(p.blocks for p in evidence.check_claim(claim, tried, texts).problems):
            return text
    return titles[-1]
