"""A model's words over a model-free draft: what stands, what goes back, what falls, and what a hostile page or model cannot do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from briefing import article, evidence, inline
from briefing.draft import judge, model_writer
from briefing.draft.judge import Material
from briefing.draft.model_writer import Drafted, rewrite
from briefing.draft.slots import Role, Slot
from briefing.errors import ModelUnavailable
from briefing.model import Article, Bullets, Ledger, PullQuote, Snapshot, Statistic
from briefing.testing import RecordedProvider

DATA = Path(__file__).parent / "data"
REPLIES = DATA / "replies"


def recorded(name: str) -> str:
    return (REPLIES / f"{name}.json").read_text(encoding="utf-8")


def snapshot(source: str, text: str) -> Snapshot:
    digest = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    return Snapshot(hash=digest, item="0" * 16, url=f"https://{source}.example/", text=text, read=datetime(2026, 11, 20, tzinfo=UTC), origin="page")


@pytest.fixture(scope="module")
def texts() -> Mapping[str, Snapshot]:
    return {key: snapshot(key, text) for key, text in json.loads(recorded("story")).items()}


@pytest.fixture(scope="module")
def base(texts: Mapping[str, Snapshot]) -> Article:
    read = article.parse((DATA / "insurer-ai-register.md").read_bytes())
    return replace(read, sources=tuple(replace(s, snapshot=texts[s.id].hash) for s in read.sources))


def written(base: Article, texts: Mapping[str, Snapshot], *answers: str | ModelUnavailable) -> tuple[Drafted, RecordedProvider]:
    provider = RecordedProvider(answers)
    return rewrite(base, texts, provider.complete), provider


def visible(made: Article) -> str:
    return article.write(made).decode()


def unblocked(made: Article, texts: Mapping[str, Snapshot]) -> bool:
    return not evidence.blocking(evidence.check(made, {c.id: texts[c.id] for c in made.sources}))


def test_the_draft_it_begins_with_has_nothing_that_blocks(base: Article, texts: Mapping[str, Snapshot]) -> None:
    assert unblocked(base, texts)


# --------------------------------------------------------------- a good model


def test_a_good_answer_becomes_the_article(base: Article, texts: Mapping[str, Snapshot]) -> None:
    drafted, provider = written(base, texts, recorded("good"))
    made = drafted.article
    assert drafted.left_out == ()
    assert len(provider.asked) == 1
    assert made.title == "Larkmoor Mutual opens its list of 27 AI systems"
    assert made.short.happened == "Larkmoor Mutual put its register of 27 AI systems on its public website."
    assert inline.text(made.lead[0].md).startswith("On November 17, 2026, Larkmoor Mutual put")  # type: ignore[union-attr]
    assert inline.cites(made.lead[0].md)[:2] == ("s1", "s2")  # type: ignore[union-attr]
    assert [s.question for s in made.sections][:3] == [
        "What does each row of the register say?",
        "Why did Larkmoor write it down?",
        "What do consumer groups say?",
    ]
    assert drafted.kept == drafted.offered == 25
    assert drafted.note == "the language model wrote 25 of the sentences; 0 of its 25 could not be shown or were not needed"
    assert unblocked(made, texts)
    assert article.write(article.parse(article.write(made))) == article.write(made)


def test_what_a_model_may_not_write_stays_the_houses_own(base: Article, texts: Mapping[str, Snapshot]) -> None:
    made = written(base, texts, recorded("good"))[0].article
    for part in ("id", "edition", "status", "kicker", "author", "topics", "jurisdictions", "sources", "meaning", "next_step", "limits"):
        assert getattr(made, part) == getattr(base, part), part
    assert (made.short.matters, made.short.do) == (base.short.matters, base.short.do)


def test_the_articles_shape_is_whole(base: Article, texts: Mapping[str, Snapshot]) -> None:
    made = written(base, texts, recorded("good"))[0].article
    kinds = [type(b) for s in made.sections for b in s.blocks]
    assert (kinds.count(Statistic), kinds.count(Bullets), kinds.count(PullQuote)) == (1, 1, 1)
    assert [a.question for a in made.faq] == [
        "Will outside vendors be listed?",
        "How quickly are questions answered?",
        "What is an AI register?",
        "What did the work cost?",
    ]


def test_the_request_holds_passages_and_nothing_that_is_trusted(base: Article, texts: Mapping[str, Snapshot]) -> None:
    _, provider = written(base, texts, recorded("good"))
    asked = provider.asked[0]
    assert "s2.3: “You cannot govern a tool you have forgotten you bought,” said Ines Marchetti, chief claims officer." in asked.user.splitlines()
    assert "source s2: The Harbour Ledger (reporting, published 2026-11-18)" in asked.user.splitlines()
    sent = asked.user + asked.system
    for secret in (base.sources[0].url, base.id, base.kicker, base.author, base.meaning[0].order, "needs-review", base.sources[0].snapshot):
        assert secret not in sent


# ---------------------------------------------------------------- invention


def test_faults_go_back_with_the_reason_and_only_they(base: Article, texts: Mapping[str, Snapshot]) -> None:
    _, provider = written(base, texts, recorded("invents"), recorded("corrects"), recorded("nothing"))
    assert [r.prompt for r in provider.asked] == ["write", "correct", "correct"]
    first, second = provider.asked[1].user, provider.asked[2].user
    assert "happened: Larkmoor Mutual put its register of 37 AI systems on its public website. — “37”" in first
    assert "lead.2:" not in first
    assert "happened:" not in second
    keys = provider.asked[1].schema["properties"]["sentences"]["items"]["properties"]["key"]["enum"]
    assert set(keys) >= {"happened", "lead.1", "lead.3", "section.1.point.1", "section.2.1", "statistic", "faq.1.1"}
    assert "headline" not in keys


def test_faults_go_back_at_most_twice(base: Article, texts: Mapping[str, Snapshot]) -> None:
    drafted, provider = written(base, texts, *([recorded("invents")] + [recorded("nothing")] * 9))
    assert len(provider.asked) == 3
    assert drafted.rounds == 2


def test_what_is_corrected_stays_and_what_is_not_is_replaced_or_left_out(base: Article, texts: Mapping[str, Snapshot]) -> None:
    drafted, _ = written(base, texts, recorded("invents"), recorded("corrects"), recorded("nothing"))
    made, words = drafted.article, visible(drafted.article)
    assert made.short.happened == "Larkmoor Mutual put its register of 27 AI systems on its public website."
    assert "> **14 of 41** AI tools were switched off while the list was written. [s1]" in words
    assert "Larkmoor may extend the register to outside vendors in 2027. [s1]" in words
    for invented in ("37", "19, 2026", "Paula", "cannot sell", "17 of 41", "will extend", "A system closes"):
        assert invented not in words, invented
    left = "\n".join(drafted.left_out)
    assert (
        "lead.3: “Writing the list took eleven weeks, according to Paula Reyes, chief claims officer.” of the language model: “Paula Reyes” is named in no"
        in left
    )
    assert "“You cannot sell a tool you have forgotten you bought,” differs from the source" in left
    assert unblocked(made, texts)


def test_an_opening_that_fails_is_the_model_free_one(base: Article, texts: Mapping[str, Snapshot]) -> None:
    answer = json.loads(recorded("good"))
    answer["lead"][0] = {"text": "On November 19, 2026, Larkmoor Mutual put its list on the web.", "passages": ["s1.2"]}
    made = written(base, texts, json.dumps(answer), recorded("nothing"), recorded("nothing"))[0].article
    assert made.lead[0] == base.lead[0]
    assert "Policyholders can now see which systems look at their claims." in visible(made)
    assert "November 19" not in visible(made)


def test_a_lead_of_one_sentence_is_the_model_free_lead(base: Article, texts: Mapping[str, Snapshot]) -> None:
    made = written(base, texts, recorded("invents"), recorded("nothing"), recorded("nothing"))[0].article
    assert made.lead == base.lead


def sentence(text: str, *passages: str, role: Role = "sentence") -> Slot:
    return Slot(key="x", role=role, text=text, passages=passages)


@pytest.mark.parametrize(
    ("slot", "reason"),
    [
        (sentence("Each of the 27 rows names the person who answers for one system.", "s1.4", "s1.6"), ""),
        (sentence("Each of the 37 rows names the person who answers for one system.", "s1.4", "s1.6"), "number"),
        (sentence("The list took twelve weeks to write, Ines Marchetti said.", "s2.3", "s2.4"), "number"),
        (sentence("Larkmoor Mutual put its list online on November 18, 2026.", "s2.2"), "date"),
        (sentence("Larkmoor Mutual said on November 17, 2026, that its register has 27 rows.", "s1.4"), ""),  # its own page of that day
        (sentence("Policyholders of Ashgrove Mutual can read which systems look at their claims.", "s2.1"), "name"),
        (sentence("“You cannot govern any tool you have forgotten you bought,” said Ines Marchetti, chief claims officer.", "s2.3"), "quote"),
        (sentence("“A name is a start, but a phone number would be better,” said Ines Marchetti.", "s2.10", "s2.3"), "quote"),
        (sentence("Ines Marchetti, chief executive of Larkmoor Mutual, said the list took eleven weeks.", "s2.3", "s2.4"), "role"),
        (sentence("Some of the systems may refuse a claim, the insurer says.", "s2.8"), "negation"),
        (sentence("Larkmoor will extend the register to outside vendors in 2027.", "s1.15"), "modality"),
        (sentence("The register has 27 rows, one for each system.", "s1.1"), "number"),  # true, but not in the passage it names
        (sentence("This week’s report has a detailed analysis of Larkmoor Mutual and a call to action.", "s2.1", role="dek"), "unlike"),
        (sentence("According to The Harbour Ledger, the report of Larkmoor Mutual was published.", "s2.6"), "unlike"),
        (sentence("Insurers everywhere are rebuilding trust with their customers.", "s2.1"), ""),
        (sentence("The sources do not say what the register cost to make.", "s1.1"), "absence"),
        (sentence("Larkmoor Mutual put its list of systems online.", ""), "unknown-passage"),
        (sentence("Larkmoor Mutual put its list of systems online."), "no-passage-named"),
        (sentence("Larkmoor Mutual put its list of systems online.", "s2.99"), "unknown-passage"),
        (sentence("Larkmoor Mutual put its list of systems online.", "s3.1"), "unknown-passage"),
        (sentence("In its words, each row states the job the system does and the decision it may never make alone.", "s1.5"), "copied"),
        (sentence("Which 37 systems are on the list?", role="question"), "number"),
        (sentence("Why did Ashgrove Mutual hide its list?", role="question"), "name"),
        (sentence("Why is the list public?", role="question"), ""),
    ],
)
def test_each_kind_of_invention_has_its_reason(base: Article, texts: Mapping[str, Snapshot], slot: Slot, reason: str) -> None:
    found = judge.faults(slot, Material(base=base, texts=texts))
    if slot.text.startswith("Insurers everywhere"):
        assert found, "an invention without a detail is refused for sharing too little with its passage"
    elif reason:
        assert any(f.reason.startswith(reason) for f in found), found
    else:
        assert found == ()


@pytest.mark.parametrize(
    ("words", "passages", "loose"),
    [
        ("Reports are due in no more than 42 days.", "Reports are due within 45 days.", ("42",)),
        ("Reports are due within 45 days.", "Reports are due within 45 days.", ()),
        ("About 60 insurers use 3 tools.", "Sixty-one insurers use three tools.", ("60",)),
        ("On November 17, 2026, the list opened.", "The list opened today.", ()),
        ("It cost $1,500 a row.", "It cost $1500 a row.", ("1,500",)),
        ("Half of them paid.", "Some paid.", ()),
    ],
)
def test_a_figure_is_written_as_its_passage_writes_it(words: str, passages: str, loose: tuple[str, ...]) -> None:
    assert judge.loose_figures(words, passages) == loose


@pytest.mark.parametrize(
    ("words", "leans"),
    [
        ("He said the forum will ask two others.", True),
        ("The forum will ask two others, he said.", True),
        ("It has not decided yet.", True),
        ("Those systems sort letters.", True),
        ("Tomas Villareal said he will ask two others.", False),
        ("“He was wrong,” said Tomas Villareal.", False),
        ("Larkmoor Mutual keeps its list.", False),
    ],
)
def test_a_sentence_that_needs_the_one_before_is_known(words: str, leans: bool) -> None:
    assert judge.leans(words) is leans


def test_a_sentence_falls_with_the_one_it_leans_on() -> None:
    first = Slot(key="section.1.1", role="sentence", text="Tomas Villareal welcomed the list.")
    second = Slot(key="section.1.2", role="sentence", text="He asked for phone numbers too.")
    assert judge.between([first, second], set()) == {}
    assert judge.between([first, second], {"section.1.1"})["section.1.2"].reason == "leaning"


def test_an_answer_may_take_up_what_the_text_says_but_not_another_answer() -> None:
    body = Slot(key="section.1.1", role="sentence", text="Larkmoor Mutual put its register online.")
    first, second = (Slot(key=f"faq.{n}.1", role="answer", text=body.text) for n in (1, 2))
    assert list(judge.between([body, first, second], set())) == ["faq.2.1"]


def test_a_model_that_repeats_itself_is_heard_once(base: Article, texts: Mapping[str, Snapshot]) -> None:
    good = json.loads(recorded("good"))
    good["lead"] = [good["lead"][0]] * 6
    drafted, _ = written(base, texts, json.dumps(good), recorded("nothing"), recorded("nothing"))
    assert visible(drafted.article).count("put its internal list of AI systems on the web") <= 1
    assert sum("says again what stands before" in line for line in drafted.left_out) == 5


def test_the_whole_article_is_checked_again_whatever_the_judge_let_through(
    base: Article, texts: Mapping[str, Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "faults", lambda slot, material: ())
    drafted, provider = written(base, texts, recorded("invents"))
    words = visible(drafted.article)
    for invented in ("37", "19, 2026", "Paula", "cannot sell", "17 of 41", "A system closes"):
        assert invented not in words, invented
    assert drafted.by_model
    assert len(provider.asked) == 1
    assert unblocked(drafted.article, texts)


def test_sentences_that_name_nothing_go_back_with_the_beginnings_of_the_sources(base: Article, texts: Mapping[str, Snapshot]) -> None:
    answer = json.loads(recorded("good"))
    answer["lead"][1]["passages"] = []
    _, provider = written(base, texts, json.dumps(answer), recorded("nothing"), recorded("nothing"))
    ids = provider.asked[1].schema["properties"]["sentences"]["items"]["properties"]["passages"]["items"]["enum"]
    assert ids == [f"s1.{n}" for n in range(1, 9)] + [f"s2.{n}" for n in range(1, 9)]
    assert "lead.2: Policyholders can now see which systems look at their claims. — names no passage. Name the passages" in provider.asked[1].user.replace(
        "names no passage. name", "names no passage. Name"
    )


def test_the_quotation_set_apart_keeps_the_paragraph_that_holds_its_words(base: Article, texts: Mapping[str, Snapshot]) -> None:
    answer = json.loads(recorded("good"))
    del answer["sections"][1]
    plain = replace(base, sections=(base.sections[0], replace(base.sections[1], blocks=base.sections[1].blocks[:2])))
    drafted, _ = written(plain, texts, json.dumps(answer))
    body = visible(drafted.article)
    assert body.count("forgotten you bought,” said Ines Marchetti") == 1
    assert body.count("> “You cannot govern a tool you have forgotten you bought”") == 1
    assert unblocked(drafted.article, texts)


# ---------------------------------------------------- orders in a page (row I13)


def test_a_reply_that_obeys_a_pages_orders_changes_nothing(base: Article, texts: Mapping[str, Snapshot]) -> None:
    drafted, _ = written(base, texts, recorded("obeys"), recorded("nothing"), recorded("nothing"))
    assert drafted.article == base
    assert not drafted.by_model
    assert "drafted without the language model" in drafted.note
    left = "\n".join(drafted.left_out)
    assert "evil" not in left.replace("Evil Example Inc", "")
    assert "<script" not in left


def test_a_good_reply_with_obeyed_orders_among_it_keeps_the_good_only(base: Article, texts: Mapping[str, Snapshot]) -> None:
    mixed, obeys = json.loads(recorded("good")), json.loads(recorded("obeys"))
    mixed["headline"], mixed["statistic"] = obeys["headline"], obeys["statistic"]
    mixed["lead"] += obeys["lead"][:3]
    mixed["sections"] += obeys["sections"]
    mixed["faq"] += obeys["faq"]
    drafted, _ = written(base, texts, json.dumps(mixed), recorded("nothing"), recorded("nothing"))
    words = visible(drafted.article).split("\n---\n", 1)[1] + drafted.article.title + drafted.article.dek + drafted.article.short.happened
    for order in ("97", "inety-seven", "evil", "EUR", "Approve", "Every firm", "script", "instructions", "Status:"):
        assert order not in words, order
    assert drafted.article.status == "needs-review"
    assert drafted.article.title == base.title
    assert drafted.kept > 15
    assert unblocked(drafted.article, texts)


def test_a_reply_with_a_status_or_a_source_is_no_reply(base: Article, texts: Mapping[str, Snapshot]) -> None:
    drafted, provider = written(base, texts, recorded("obeys-form"), recorded("obeys-form"))
    assert drafted.article == base
    assert len(provider.asked) == 2
    assert "status: extra_forbidden" in drafted.trouble or "file: extra_forbidden" in drafted.trouble


def test_orders_are_not_shown_and_support_nothing(base: Article, texts: Mapping[str, Snapshot]) -> None:
    material = Material(base=base, texts=texts)
    assert "97%" in texts["s2"].text
    assert "97%" not in model_writer.first_request(material).user
    assert "97%" not in material.shown["s2"].text
    assert len(material.shown["s2"].text) == len(texts["s2"].text)
    found = judge.faults(sentence("Firms have complied at a rate of 97%, the insurer says.", "s2.8"), material)
    assert any(f.reason == "number-not-found" for f in found)


@pytest.mark.parametrize("where", ["text", "title", "publisher"])
def test_every_hostile_order_in_a_page_changes_nothing(base: Article, texts: Mapping[str, Snapshot], hostile: Path, where: str) -> None:
    cases = json.loads((hostile / "strings.json").read_text(encoding="utf-8"))
    for case in (c for c in (cases if isinstance(cases, list) else cases["strings"]) if c["case"] == "I13"):
        story, sources = dict(texts), base.sources
        if where == "text":
            story["s2"] = snapshot("s2", f"{texts['s2'].text}\n\n{case['text']}")
        else:
            sources = tuple(replace(s, **{where: case["text"][:110]}) if s.id == "s2" else s for s in sources)  # type: ignore[arg-type]
        changed = replace(base, sources=sources)
        request = model_writer.first_request(Material(base=changed, texts=story))
        assert request.user.count("</passages>") == 1
        assert "</source>" not in request.user
        assert "evil.example" not in request.user or where == "publisher"
        drafted, _ = written(changed, story, recorded("good"), recorded("nothing"), recorded("nothing"))
        assert (drafted.article.status, drafted.article.id, drafted.article.sources) == ("needs-review", base.id, sources)
        below = visible(drafted.article).split("\n---\n", 1)[1]
        assert "evil.example" not in below
        assert "97%" not in below


# -------------------------------------------------------------- falling back


@pytest.mark.parametrize("reason", ["timeout", "refused", "budget", "unreachable"])
def test_a_model_that_is_away_leaves_the_draft_as_it_was(base: Article, texts: Mapping[str, Snapshot], reason: str) -> None:
    drafted, provider = written(base, texts, ModelUnavailable(reason, "no answer; draft again"))
    assert drafted.article is base
    assert len(provider.asked) == 1
    assert drafted.note == f"drafted without the language model: {reason}: no answer; draft again"


def test_a_model_that_goes_away_half_way_leaves_what_stands(base: Article, texts: Mapping[str, Snapshot]) -> None:
    drafted, _ = written(base, texts, recorded("invents"), ModelUnavailable("timeout", "no answer within 180 s"))
    assert drafted.by_model
    assert drafted.note.endswith("; timeout: no answer within 180 s")
    assert unblocked(drafted.article, texts)
    assert "37" not in visible(drafted.article)


def test_an_answer_of_another_form_is_asked_for_once_more(base: Article, texts: Mapping[str, Snapshot]) -> None:
    drafted, provider = written(base, texts, "Sure! Here is your briefing.", recorded("good"))
    assert drafted.kept == 25
    assert "An earlier answer could not be read." in provider.asked[1].user
    drafted, provider = written(base, texts, "Sure!", "Sure again!")
    assert drafted.article is base
    assert len(provider.asked) == 2
    assert drafted.trouble.startswith("bad-answer: the model's answer is not JSON")


def test_sources_without_text_need_no_model(base: Article) -> None:
    drafted, provider = written(base, {}, recorded("good"))
    assert drafted.article is base
    assert provider.asked == []


def test_a_draft_without_the_models_words_says_so_as_every_ledger_does(base: Article) -> None:
    plain = Ledger(article=base.id, edition=base.edition, claims=(), snapshots={})
    assert Drafted(article=base, writer="software with the language model m").drafted_by == plain.drafted_by
    assert Drafted(article=base, writer="software with the language model m", kept=1).drafted_by == "software with the language model m"


def test_an_empty_answer_leaves_the_draft_as_it_was(base: Article, texts: Mapping[str, Snapshot]) -> None:
    nothing: dict[str, Any] = {"text": "", "passages": []}
    empty = {"headline": nothing, "dek": nothing, "happened": nothing, "lead": [], "sections": [], "statistic": None, "faq": []}
    assert written(base, texts, json.dumps(empty))[0].article == base


def test_the_recorded_provider_keeps_the_seams_promise() -> None:
    provider = RecordedProvider(["{}", ModelUnavailable("refused", "declined")])
    base_request = model_writer.Request(prompt="write", system="s", user="u", schema={}, tokens_out=5)
    assert provider.complete(base_request).text == "{}"
    for _ in range(2):
        with pytest.raises(ModelUnavailable):
            provider.complete(base_request)
    assert len(provider.asked) == 3
