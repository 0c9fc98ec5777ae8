"""The ways to publish what nobody approved. Each is a function that does it to a copy of the small briefing, and the levels that promise to stop it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from briefing import approval, article, trial

from ._world import DANA, DAY, EVERY, MALLORY, PLACE, World, signer

Attempt = Callable[[World], None]
ATTEMPTS: dict[str, tuple[Attempt, tuple[str, ...]]] = {}


def attempt(name: str, levels: tuple[str, ...] = EVERY) -> Callable[[Attempt], Attempt]:
    """One way to publish what was not approved, and the levels that promise to stop it."""

    def keep(function: Attempt) -> Attempt:
        ATTEMPTS[name] = (function, levels)
        return function

    return keep


def _several(title: str, cases: dict[str, Attempt], levels: tuple[str, ...] = EVERY) -> None:
    for name, function in cases.items():
        ATTEMPTS[f"{title}: {name}"] = (function, levels)


def _status(line: str) -> Attempt:
    return lambda w: w.edit(w.draft, "status: needs-review", line)


_several(
    "status",
    {
        "the word alone": _status("status: approved"),
        "published": _status("status: published"),
        "Approved": _status("status: Approved"),
        "twice": _status("status: needs-review\nstatus: approved"),
        "twice, Pelican's last": _status("status: approved\nstatus: published"),
        "missing": lambda w: w.edit(w.draft, "status: needs-review\n", ""),
        "empty": _status("status:"),
        "quoted": _status('status: "approved"'),
        "with a tag": _status("status: !!str approved"),
        "with an anchor": _status("status: &a approved"),
        "upper-case key": _status("Status: approved"),
        "hidden": _status("status: hidden"),
        "a no-break space after it": _status("status: approved\u00a0"),
        "a second head": lambda w: w.put(w.draft, "---\nstatus: published\n---\n" + w.text(w.draft)),
        "a byte order mark": lambda w: w.put(w.draft, "\ufeff" + w.text(w.draft).replace("needs-review", "approved")),
        "Pelican's own head": lambda w: w.put(w.draft, "Title: Smuggled\nDate: 2026-11-24\nStatus: published\n\nSmuggled words.\n"),
        "no head at all": lambda w: w.put(w.draft, "Smuggled words.\n"),
    },
)


def _field(old: str, new: str, place: str = "wabash-tools.md") -> Attempt:
    return lambda w: w.edit(w.file(f"{PLACE}/{place}"), old, new)


_several(
    "changed after approval",
    {
        "title": _field('title: "Wabash', 'title: "Smuggled Wabash'),
        "dek": _field('dek: "The Wabash', 'dek: "The Smuggled Wabash'),
        "kicker": _field('kicker: "AI', 'kicker: "Smuggled AI'),
        "author": _field('author: "Dana', 'author: "Smuggled Dana'),
        "short version": _field("Offices such as Wabash", "Smuggled offices such as Wabash"),
        "topic": _field("[ai-inventory]", "[ai-inventory, smuggled]"),
        "source title": _field("Notice of the Wabash", "Smuggled notice of the Wabash"),
        "source address": _field("https://wabash-tools.example/notice", "https://wabash-tools.example/Smuggled"),
        "lead": _field("The Wabash list has", "The Smuggled list has"),
        "statistic": _field("**14 of 41**", "**14 Smuggled of 41**"),
        "list": _field("- The Wabash clerks", "- The Smuggled clerks"),
        "principle": _field("A list is the smallest", "A Smuggled list is the smallest"),
        "next step": _field("Ask each team lead", "Ask each Smuggled lead"),
        "answer": _field("The Wabash clerks keep", "The Smuggled clerks keep"),
        "a link": _field("The Wabash list has", "The [Wabash](https://example.org/Smuggled) list has"),
        "limits": _field("sources:\n", 'limits: "Smuggled"\nsources:\n'),
        "a correction": _field("sources:\n", 'corrections:\n  - date: 2026-11-24\n    text: "Smuggled"\nsources:\n'),
        "the evidence": _field("Wabash Office asked", "Smuggled Office asked", "wabash-tools.evidence.json"),
        "the subject": lambda w: w.edit(w.project.edition(DAY), "Clerks list", "Smuggled clerks list"),
        "the preheader": lambda w: w.edit(w.project.edition(DAY), "One line a tool", "One Smuggled line a tool"),
        "the order": lambda w: w.edit(w.project.edition(DAY), "  - wabash-tools", "  - smuggled-tools\n  - wabash-tools"),
        "items not used": lambda w: w.edit(
            w.project.edition(DAY),
            "not_used: []",
            'not_used:\n  - title: "Smuggled"\n    publisher: "x"\n    url: "https://example.org/"\n    reason: "x"',
        ),
        "the bytes, after a commit of the good ones": lambda w: (w.commit(DANA), w.edit(w.good, "list has", "Smuggled list has"), None)[-1],
    },
)


@attempt("record: copied from another article")
def _copied(w: World) -> None:
    w.say_approved(w.draft)
    shutil.copytree(w.project.approvals / "wabash-tools", w.project.approvals / "smuggled-tools")


@attempt("record: copied and its article line changed")
def _relabelled(w: World) -> None:
    _copied(w)
    w.edit(w.record("smuggled-tools"), "article: wabash-tools", "article: smuggled-tools")


@attempt("record: another text under the approved name")
def _swapped(w: World) -> None:
    w.put(w.good, w.text(w.draft).replace("smuggled-tools", "wabash-tools", 1).replace("needs-review", "approved"))


@attempt("record: its parts changed to fit the draft")
def _parts(w: World) -> None:
    _relabelled(w)
    a = article.parse(w.draft.read_bytes())
    parts = approval.parts(w.draft.read_bytes(), w.draft.with_name("smuggled-tools.evidence.json").read_bytes(), a)
    path = w.record("smuggled-tools")
    lines = [line for line in w.text(path).split("\n") if not line.startswith("part ")]
    w.put(path, "\n".join([*lines[:-1], *(f"part {k}: {v}" for k, v in sorted(parts.items())), ""]))


@attempt("record: a record of the edition for an article")
def _edition_record(w: World) -> None:
    w.say_approved(w.draft)
    shutil.copytree(w.project.approvals / f"edition-{DAY.isoformat()}", w.project.approvals / "smuggled-tools")


@attempt("record: one folder deeper")
def _deeper(w: World) -> None:
    w.say_approved(w.draft)
    path = w.forge(w.draft, DANA)
    (path.parent / "more").mkdir()
    path.rename(path.parent / "more" / path.name)


@attempt("record: by hand, in the name of a stranger", ("1", "2", "3", "3 outside"))
def _stranger(w: World) -> None:
    w.say_approved(w.draft)
    w.sign(w.forge(w.draft, MALLORY), "mallory")
    w.commit()


@attempt("record: by hand, in Dana's name", ("2", "3", "3 outside"))
def _in_her_name(w: World) -> None:
    w.say_approved(w.draft)
    w.sign(w.forge(w.draft, DANA), "mallory")
    w.commit()


@attempt("record: in Dana's name, with her as the commit's author", ("3", "3 outside"))
def _forged_author(w: World) -> None:
    w.say_approved(w.draft)
    w.forge(w.draft, DANA)
    w.commit(MALLORY, "--author", DANA)


@attempt("record: in Dana's name, address in other letters", ("2", "3", "3 outside"))
def _letters(w: World) -> None:
    w.say_approved(w.draft)
    w.sign(w.forge(w.draft, "Dana Whitlock <DANA@brief.example.org>"), "mallory")
    w.commit(MALLORY)


@attempt("record: not committed", ("2",))
def _not_committed(w: World) -> None:
    w.say_approved(w.draft)
    w.forge(w.draft, DANA)


def _merged(w: World, *how: str) -> None:
    """Dana's branch merged in this way, the forged record beside it in the same commit."""
    w.git("checkout", "--quiet", "-b", "side")
    w.put(w.file("note.txt"), "x\n")
    w.commit(DANA)
    w.git("checkout", "--quiet", "main")
    w.git("merge", "--quiet", *how, "side")
    w.say_approved(w.draft)
    w.forge(w.draft, DANA)
    w.commit(MALLORY)


@attempt("record: in a merge commit", ("2", "3", "3 outside"))
def _in_a_merge(w: World) -> None:
    _merged(w, "--no-ff", "--no-commit")


@attempt("record: in a squash of Dana's branch", ("2", "3", "3 outside"))
def _in_a_squash(w: World) -> None:
    _merged(w, "--squash")


@attempt("record: through a replaced commit", ("2",))
def _replaced(w: World) -> None:
    w.say_approved(w.draft)
    w.forge(w.draft, DANA)
    w.commit(MALLORY)
    bad = w.git("rev-parse", "HEAD").strip()
    w.git("commit", "--quiet", "--amend", "--no-edit", "--author", DANA)
    w.git("replace", bad, "HEAD")
    w.git("reset", "--quiet", "--hard", bad)


@attempt("record: its edition line changed")
def _other_edition(w: World) -> None:
    w.edit(w.record("wabash-tools"), "edition: 2026-11-24", "edition: 2026-11-17")
    w.edit(w.good, "edition: 2026-11-24", "edition: 2026-11-17")
    w.edit(w.good, 'dek: "The', 'dek: "The Smuggled')


@attempt("record: doubled keys, the second one fitting")
def _doubled(w: World) -> None:
    _relabelled(w)
    path = w.forge(w.draft, MALLORY)
    w.edit(path, f"approved-by: {MALLORY}\n", f"approved-by: {MALLORY}\napproved-by: {DANA}\n")


@attempt("record: a link to a record elsewhere", ("1", "2", "3", "3 outside"))
def _linked_record(w: World) -> None:
    w.say_approved(w.draft)
    path = w.forge(w.draft, DANA)
    path.rename(w.top / f"elsewhere-{w.root.name}")
    path.symlink_to(w.top / f"elsewhere-{w.root.name}")


_HAND = ("1 outside", "2", "3 outside")


@attempt("list: adds itself and approves", _HAND)
def _adds_itself(w: World) -> None:
    w.put(w.project.editors, f"{DANA}\n{MALLORY}\n")
    w.put(w.file("allowed_signers"), w.text(w.file("allowed_signers")) + signer(w.top, "mallory", "mallory@example.org"))
    w.approve_as(MALLORY, "mallory", "smuggled-tools")
    w.commit()


@attempt("list: adds itself first, approves later", _HAND)
def _adds_itself_first(w: World) -> None:
    w.put(w.project.editors, f"{DANA}\n{MALLORY}\n")
    w.put(w.file("allowed_signers"), w.text(w.file("allowed_signers")) + signer(w.top, "mallory", "mallory@example.org"))
    w.commit()
    w.approve_as(MALLORY, "mallory", "smuggled-tools")
    w.commit()


@attempt("list: another key for Dana's address", ("2", "3 outside"))
def _another_key(w: World) -> None:
    w.put(w.file("allowed_signers"), signer(w.top, "mallory", "dana@brief.example.org"))
    w.approve_as(DANA, "mallory", "smuggled-tools")
    w.commit()


@attempt("list: a wildcard", ("3", "3 outside"))
def _wildcard(w: World) -> None:
    w.put(w.file("allowed_signers"), signer(w.top, "mallory", "*"))
    w.say_approved(w.draft)
    w.sign(w.forge(w.draft, DANA), "mallory")
    w.commit()


@attempt("list: taken away", ("1", "2", "3", "3 outside"))
def _no_list(w: World) -> None:
    w.project.editors.unlink()
    w.file("allowed_signers").unlink()
    w.say_approved(w.draft)
    w.sign(w.forge(w.draft, MALLORY), "mallory")
    w.commit()


@attempt("list: an orphan branch with a list of its own", ("1 outside", "2", "3 outside"))
def _orphan(w: World) -> None:
    w.git("checkout", "--quiet", "--orphan", "other")
    w.git("rm", "--quiet", "-r", "-f", "--cached", ".")
    w.put(w.project.editors, f"{MALLORY}\n")
    w.git("add", "EDITORS")
    w.git("commit", "--quiet", "--message", "Mine")
    w.git("checkout", "--quiet", "--force", "main")
    w.git("merge", "--quiet", "--allow-unrelated-histories", "-X", "theirs", "--message", "Merge", "other")
    w.say_approved(w.draft)
    w.sign(w.forge(w.draft, MALLORY), "mallory")
    w.commit()


_several(
    "signature",
    {
        "none": lambda w: (w.say_approved(w.draft), w.forge(w.draft, DANA), None)[-1],
        "of another record": lambda w: (
            w.say_approved(w.draft),
            shutil.copy(next((w.project.approvals / "wabash-tools").glob("*.sig")), f"{w.forge(w.draft, DANA)}.sig"),
            None,
        )[-1],
        "for another purpose": lambda w: (w.say_approved(w.draft), w.sign(w.forge(w.draft, DANA), "dana", "git"), None)[-1],
        "by another key": lambda w: (w.say_approved(w.draft), w.sign(w.forge(w.draft, DANA), "mallory"), None)[-1],
        "of a revoked key": lambda w: (
            w.say_approved(w.draft),
            w.sign(w.forge(w.draft, DANA), "dana"),
            shutil.copy(w.top / "dana.pub", w.file("revoked_keys")),
            None,
        )[-1],
    },
    ("3",),
)

_several(
    "withdrawal",
    {
        "ignored": lambda w: None,
        "its note changed": lambda w: w.edit(w.record("recalled-tools", "withdrawn"), "note: wrong figure", "note: all good"),
        "made unreadable": lambda w: w.put(w.record("recalled-tools", "withdrawn"), "nothing to see\n"),
        "turned into an approval": lambda w: w.edit(w.record("recalled-tools", "withdrawn"), "decision: withdraw", "decision: approve"),
        "approved again, later, by hand": lambda w: (w.forge(w.gone, DANA), None)[-1],
        "emptied": lambda w: w.put(w.record("recalled-tools", "withdrawn"), ""),
    },
)


@attempt("withdrawal: taken out again", ("2",))
def _taken_out(w: World) -> None:
    w.record("recalled-tools", "withdrawn").unlink()
    w.commit()


@attempt("withdrawal: renamed so that it reads like another file", ("2",))
def _renamed_withdrawal(w: World) -> None:
    path = w.record("recalled-tools", "withdrawn")
    path.rename(path.with_suffix(".bak"))
    w.commit()


def _taken_back(w: World, path: Path, person: str) -> None:
    """A withdrawal by hand with words of its own: what the corrections page and its feed could say."""
    made = w.forge(path, person)
    record = replace(approval.read(made.read_bytes()), decision="withdraw", note="Smuggled words")
    (made.parent / approval.file_name(record)).write_bytes(approval.write(record))
    made.unlink()
    w.commit()


@attempt("withdrawal: by hand, of what nobody approved, with words of its own")
def _note_on_a_draft(w: World) -> None:
    w.say_approved(w.draft)
    _taken_back(w, w.draft, MALLORY)


@attempt("withdrawal: by hand, of the approved article, with words of its own")
def _note_on_the_good(w: World) -> None:
    _taken_back(w, w.good, MALLORY)


@attempt("withdrawal: the same in Dana's name", ("2", "3", "3 outside"))
def _note_in_her_name(w: World) -> None:
    _taken_back(w, w.good, DANA)


@attempt("older form: approved once, replaced by an approved correction, restored")
def _restored(w: World) -> None:
    line = "Ask each team lead for one {}line per tool."
    w.edit(w.good, line.format(""), line.format("recalled "))
    w.approve_as(DANA, "dana", "wabash-tools")
    w.commit(DANA)
    before = w.good.read_bytes()
    w.edit(w.good, line.format("recalled "), line.format("plain "))
    w.approve_as(DANA, "dana", "wabash-tools")
    w.commit(DANA)
    w.good.write_bytes(before)
    w.commit()


@attempt("place: a second file with the approved id")
def _same_id(w: World) -> None:
    text = w.text(w.draft).replace("id: smuggled-tools", "id: wabash-tools").replace("needs-review", "approved")
    w.put(w.file(f"{PLACE}/aaa.md"), text)


def _place(name: str, text: str = "Title: Smuggled\nDate: 2026-11-24\nStatus: published\nSlug: smuggled\n\nSmuggled words.\n") -> Attempt:
    return lambda w: w.put(w.file(name), text)


_several(
    "place",
    {
        "content/": _place("content/smuggled.md"),
        "content/pages/": _place("content/pages/smuggled.md"),
        "a page in a folder": _place("content/pages/more/about.md"),
        "content/editions/": _place("content/editions/smuggled.md"),
        "HTML": _place("content/smuggled.html", "<html><head><title>Smuggled</title></head><body>Smuggled</body></html>"),
        "reStructuredText": _place("content/smuggled.rst", "Smuggled\n########\n\n:date: 2026-11-24\n:status: published\n\nSmuggled words.\n"),
        "a static file": _place("content/images/smuggled.txt", "Smuggled"),
        "a link to the draft": lambda w: w.file(f"{PLACE}/link.md").symlink_to(w.draft),
        "a linked folder": lambda w: w.file("content/pages").symlink_to(w.draft.parent),
        "a hard link under the approved name": lambda w: (w.good.unlink(), os.link(w.draft, w.good), None)[-1],
        "a script in a page": _place("content/pages/about.md", "---\ntitle: About\n---\n<script>document.write('Smuggled')</script>\n"),
        "a broken edition file": lambda w: w.put(w.project.edition(DAY), "edition: 2026-11-24\nsubject: Smuggled\n"),
        "a later edition, approved": lambda w: _later(w),
    },
)


@attempt("theme: a template that includes a link to the draft")
def _linked_in_the_theme(w: World) -> None:
    templates = w.file("themes/briefing/templates")
    (templates / "draft.html").symlink_to(w.draft)
    w.edit(templates / "article.html", "{% block", '{% include "draft.html" %}{% block')


def _later(w: World) -> None:
    """Approved by Dana herself, for a day that has not come."""
    day = DAY + timedelta(days=7)
    trial.add_article(w.project, trial.make_article("later-tools", day=day, word="Smuggled"))
    w.approve_as(DANA, "dana", "later-tools")
    w.commit(DANA)


def _settings(more: str) -> Attempt:
    return lambda w: w.put(w.project.settings, w.text(w.project.settings) + more)


_several(
    "settings",
    {
        "level 0 in the branch": lambda w: (w.say_approved(w.draft), w.edit(w.project.settings, '"approval_level": 1', '"approval_level": 0'), None)[-1],
        "static paths": _settings('\nSTATIC_PATHS = ["briefings", "."]\n'),
        "template pages": _settings(f'\nTEMPLATE_PAGES = {{"briefings/{DAY.isoformat()}/smuggled-tools.md": "smuggled.html"}}\n'),
        "article paths": _settings('\nPATH = "content"\nARTICLE_PATHS = ["briefings"]\nDEFAULT_METADATA = {"status": "published"}\nREADERS = {}\n'),
        "drafts saved": _settings('\nDRAFT_SAVE_AS = "d/{slug}.html"\nOUTPUT_SOURCES = True\n'),
        "no plugin": _settings("\nPLUGINS = []\n"),
        "another content folder": _settings(f'\nPATH = "{PLACE}"\nOUTPUT_PATH = "elsewhere"\n'),
        "templates of its own": _settings('\nTHEME_TEMPLATES_OVERRIDES = ["content/briefings"]\n'),
    },
)
