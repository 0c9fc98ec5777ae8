"""A draft written over again by a language model, of which only what can be shown stays.

    model-free draft ─► passages ─► answer ─► every sentence judged ─► what fails goes back, at most twice
                                              └► what stands, over the model-free draft ─► checked whole

The result is never worse than the draft it began with: a model that is away, refuses, invents or obeys a page leaves that draft as
it was. Nothing is raised for what a model does; the note says in one line what became of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .. import evidence, sentences
from ..errors import ModelUnavailable, visible
from ..model import Article, Snapshot
from . import judge, reply, request
from .compose import Composed, compose
from .judge import Material
from .reply import Fault
from .request import Answer, Numbered, Request
from .slots import Slot, slots

#: How often faults go back to the model.
ROUNDS = 2
#: The longest answers, in tokens: a briefing of 1,500 words with its ids, and so many sentences written again.
WHOLE, CORRECTED = 6_000, 3_000
#: Sentences that go back at once; more than these and the model is not up to the work.
MOST_BACK = 30
#: Passages before and after a named one that a correction may draw on.
NEAR = 2
#: Faults of words that are not repeated in the record: nothing a page made a model write travels further.
_UNSPEAKABLE = frozenset({"address", "markup", "hidden-character", "foreign-letters", "self-talk"})

#: What a ledger says of a draft that no model worded.
WITHOUT = "software, without a language model"
#: Asked of a model through a budget: gives the answer, or raises ModelUnavailable.
Ask = Callable[[Request], Answer]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drafted:
    """What a model made of a draft."""

    article: Article
    left_out: tuple[str, ...] = ()  # its sentences that could not be shown, each with the reason, for the ledger
    offered: int = 0  # sentences the model gave
    kept: int = 0  # sentences of those in the article
    rounds: int = 0  # times faults went back
    writer: str = ""  # the model, as a ledger names it; "" where none was named
    trouble: str = ""  # why the model could not be used (to the end), one line; "" where it could

    @property
    def by_model(self) -> bool:
        """Whether any of the model's words stand in the article."""
        return self.kept > 0

    @property
    def drafted_by(self) -> str:
        """What the ledger says of who drafted: the model only where a sentence of its stands in the article."""
        return self.writer if self.by_model and self.writer else WITHOUT

    @property
    def note(self) -> str:
        """What became of it, one line for the run's report."""
        if not self.by_model:
            return f"drafted without the language model: {self.trouble or 'none of its sentences could be shown'}"
        said = f"the language model wrote {self.kept} of the sentences; {self.offered - self.kept} of its {self.offered} could not be shown or were not needed"
        return f"{said}; {self.trouble}" if self.trouble else said


@dataclass(slots=True)
class _Work:
    """One draft's sentences and what is wrong with each, while they go to and fro."""

    material: Material
    held: dict[str, Slot] = field(default_factory=dict)
    fell: dict[str, tuple[Fault, ...]] = field(default_factory=dict)  # what is wrong with a sentence by itself
    wrong: dict[str, tuple[Fault, ...]] = field(default_factory=dict)  # that, and what is wrong beside the others

    def judged(self, found: Sequence[Slot]) -> None:
        """Take these sentences in place of those with the same keys, and judge them."""
        self.held |= {s.key: s for s in found}
        self.fell |= {s.key: judge.faults(s, self.material) for s in found}
        self._together()

    def drop(self, key: str, fault: Fault) -> None:
        """This sentence failed in the whole; others may have leaned on it."""
        self.fell[key] = (fault,)
        self._together()

    def _together(self) -> None:
        beside = judge.between(self.held.values(), {k for k, faults in self.fell.items() if faults})
        self.wrong = {k: self.fell[k] or ((beside[k],) if k in beside else ()) for k in self.held}

    @property
    def kept(self) -> dict[str, Slot]:
        """What nothing is wrong with, in reading order."""
        return {k: s for k, s in self.held.items() if not self.wrong[k]}

    @property
    def failing(self) -> dict[str, Slot]:
        """What cannot stay as it is."""
        return {k: s for k, s in self.held.items() if self.wrong[k]}


def rewrite(base: Article, texts: Mapping[str, Snapshot], ask: Ask) -> Drafted:
    """The draft in a model's words where they can be shown, in the base's own elsewhere. Raises nothing of a model's making.

    `base` is a model-free draft without blocking problems; `texts` maps its sources to what was read. Pure but for `ask`.
    """
    work = _Work(Material(base=base, texts=texts))
    if not work.material.passages:
        return Drafted(article=base, trouble="its sources hold no sentence a model could be shown")
    try:
        rounds = _first(work, ask)
    except ModelUnavailable as error:
        return Drafted(article=base, trouble=str(error))
    trouble = ""
    try:
        while rounds < ROUNDS and work.failing and len(work.failing) <= MOST_BACK:
            _correct(work, ask)
            rounds += 1
    except ModelUnavailable as error:
        trouble = str(error)
    offered = len(work.held)
    composed = _settled(work)
    left = tuple(_left(slot, work.wrong[key]) for key, slot in work.failing.items())
    if composed is None:
        return Drafted(article=base, left_out=left, offered=offered, rounds=rounds, trouble=trouble)
    return Drafted(article=composed.article, left_out=left, offered=offered, kept=len(composed.used), rounds=rounds, trouble=trouble)


# --------------------------------------------------------------- to the model


def _first(work: _Work, ask: Ask) -> int:
    """The model's first answer, judged. An answer of another form is asked for once more. Returns how often something went back."""
    wanted = first_request(work.material)
    try:
        found, back = reply.read(ask(wanted).text), 0
    except ModelUnavailable as error:
        if error.reason != "bad-answer":
            raise
        again = replace(wanted, user=f"{wanted.user}\n\nAn earlier answer could not be read. Answer with one JSON object of the form asked for.")
        found, back = reply.read(ask(again).text), 1
    work.judged(slots(found))
    return back


def first_request(material: Material) -> Request:
    """The request for a whole draft: the prompt, and the passages as data."""
    return Request(
        prompt="write",
        system=request.prompt("write").text,
        user=f"{request.listed(material.base.sources, material.passages)}\n\nWrite the briefing.",
        schema=reply.schema(p.id for p in material.passages),
        tokens_out=WHOLE,
    )


def _correct(work: _Work, ask: Ask) -> None:
    """Send what fails back once, and judge what comes. A key that comes back empty or not at all is dropped."""
    failing = work.failing
    answers = reply.read_corrections(ask(correction(work.material, failing, work.wrong)).text)
    fresh = [slot.corrected(answers[key]) for key, slot in failing.items() if key in answers and answers[key].text.strip()]
    work.judged(fresh)


def correction(material: Material, failing: Mapping[str, Slot], wrong: Mapping[str, tuple[Fault, ...]]) -> Request:
    """The request that sends only the failing sentences back, each with the reason, and the passages around those they name."""
    near = _near(material, failing.values())
    lines = [f"{key}: {request.as_data(slot.whole)} — {_why(wrong[key])}" for key, slot in failing.items()]
    faults = "<faults>\n" + "\n".join(lines) + "\n</faults>"
    return Request(
        prompt="correct",
        system=request.prompt("correct").text,
        user=f"{faults}\n\n{request.listed(material.base.sources, near)}",
        schema=reply.corrections_schema(failing, [p.id for p in near]),
        tokens_out=CORRECTED,
    )


def _why(faults: Sequence[Fault]) -> str:
    return request.as_data("; ".join(f"{f.found}. {f.fix}" for f in faults))[:400]


def _near(material: Material, failing: Iterable[Slot]) -> tuple[Numbered, ...]:
    """The passages these sentences name with their neighbours; the beginning of every source where they name none."""
    chosen: set[int] = set()
    places = {p.id: n for n, p in enumerate(material.passages)}
    for slot in failing:
        named = [places[i] for i in slot.passages if i in places]
        chosen.update(m for n in named for m in range(n - NEAR, n + NEAR + 1) if 0 <= m < len(places))
    if not chosen:
        seen: dict[str, int] = {}
        for n, p in enumerate(material.passages):
            seen[p.source] = seen.get(p.source, 0) + 1
            if seen[p.source] <= 4 * NEAR:
                chosen.add(n)
    return tuple(p for n, p in enumerate(material.passages) if n in chosen)


# ------------------------------------------------------------- what may stay


def _settled(work: _Work) -> Composed | None:
    """The article of what is kept, checked whole; sentences that fail there are dropped one by one. None where nothing of it stands."""
    while work.kept:
        composed = compose(work.kept, work.material)
        if not composed.used:
            return None
        bad = evidence.blocking(evidence.check(composed.article, work.material.texts))
        bad_texts = {claim.text: problem for claim, problem in bad}
        if not bad:
            return composed
        hit = next((k for k in composed.used if _plain(work.held[k]) in bad_texts), None)
        if hit is None:
            return None
        problem = bad_texts[_plain(work.held[hit])]
        work.drop(hit, Fault(reason=problem.reason, found=problem.found, fix=problem.fix))
    return None


def _plain(slot: Slot) -> str:
    """The sentence as `evidence` names it."""
    found = sentences.cited(judge.cited(slot.whole, ()))
    return found[0].text if found else slot.whole


def _left(slot: Slot, faults: Sequence[Fault]) -> str:
    """One line for the ledger: the sentence, where it stood, and why it was left out."""
    words = "a sentence" if any(f.reason in _UNSPEAKABLE for f in faults) else f"“{visible(slot.whole)[:240]}”"
    why = visible("; ".join(f.found for f in faults))[:240]
    return f"{slot.key}: {words} of the language model: {why}"
