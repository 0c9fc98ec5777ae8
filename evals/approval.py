"""Nothing goes out that an editor did not approve in exactly this form: attempts to break that, and work that must not be stopped by it.

Every attempt starts from the same small briefing with a real git history: one article that Dana approved, signed and committed, one draft that nobody
approved ("Smuggled"), one article that was approved and withdrawn ("Recalled"). An attempt has worked if one of those two words, or any other
word that Dana did not approve, stands in the built site or its email. Baseline: the same attempt against Pelican as it comes.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from briefing import approval, approving, article, cli, config, trial
from briefing.model import Article, Paragraph, Record, Section
from briefing.project import Project
from briefing.site import build, gate

from . import ROOT, Progress, Row, at_most, equal, fact

TITLE = "Approval: what gets past the gate, and what it stops without need"
SEED = 20261124
DANA = trial.EDITOR
MALLORY = "Mallory Vane <mallory@example.org>"
DAY = trial.DAY
PLACE = f"content/briefings/{DAY.isoformat()}"
FORBIDDEN = ("Smuggled", "Recalled")


# -------------------------------------------------------------------- world


@dataclass
class World:
    """A copy of the small briefing that one attempt may do anything to."""

    root: Path
    top: Path  # where keys and the lists from outside are

    @property
    def project(self) -> Project:
        return Project(self.root)

    def file(self, name: str) -> Path:
        return self.root / name

    @property
    def good(self) -> Path:
        return self.file(f"{PLACE}/wabash-tools.md")

    @property
    def draft(self) -> Path:
        return self.file(f"{PLACE}/smuggled-tools.md")

    @property
    def gone(self) -> Path:
        return self.file(f"{PLACE}/recalled-tools.md")

    def record(self, subject: str, kind: str = "") -> Path:
        found = [p for p in (self.project.approvals / subject).glob("*.txt") if (".withdrawn" in p.name) == (kind == "withdrawn")]
        return found[0]

    def text(self, path: Path) -> str:
        return path.read_text(encoding="utf-8")

    def put(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def edit(self, path: Path, old: str, new: str) -> None:
        text = self.text(path)
        assert old in text, (path, old)
        self.put(path, text.replace(old, new, 1))

    def say_approved(self, path: Path) -> None:
        self.edit(path, "status: needs-review", "status: approved")

    def git(self, *args: str, who: str = MALLORY) -> str:
        name, _, address = who.rstrip(">").partition(" <")
        env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "BRIEFING_"))}
        env |= {"HOME": str(self.top), "GIT_CONFIG_NOSYSTEM": "1"}
        env |= {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in (("NAME", name), ("EMAIL", address))}
        done = subprocess.run(["git", "-c", "gc.auto=0", *args], cwd=self.root, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode:
            raise RuntimeError(f"git {' '.join(args)}: {done.stderr}")
        return done.stdout

    def commit(self, who: str = MALLORY, *args: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Work", *args, who=who)

    def command(self, *args: str) -> int:
        """One `briefing` command at level 3, its words thrown away."""
        with _environment(BRIEFING_MIN_LEVEL="3"), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return cli.main([args[0], "--project", str(self.root), "--now", trial.NOW.isoformat(), *args[1:]])

    def approve_as(self, person: str, key: str, *targets: str) -> None:
        """What `approve` writes, for someone who has the program and a key. Who is not in EDITORS is let in for the moment."""
        editors = self.project.editors.read_bytes()
        if person not in self.text(self.project.editors):
            self.put(self.project.editors, editors.decode() + person + "\n")
        code = self.command("approve", *targets, "--yes", "--as", person, "--key", str(self.top / key))
        self.project.editors.write_bytes(editors)
        assert code == 0, code

    def forge(self, path: Path, person: str, *, subject: str = "") -> Path:
        """A record written by hand over the bytes that stand there now."""
        data = path.read_bytes()
        a = article.parse(data)
        parts = approval.parts(data, path.with_name(f"{path.stem}.evidence.json").read_bytes(), a)
        record = Record(
            version=1,
            article=subject or a.id,
            edition=a.edition,
            decision="approve",
            digest=approval.digest(parts),
            parts=parts,
            approved_by=person,
            approved_at=trial.NOW + timedelta(hours=1),
        )
        target = self.project.approvals / a.id / approval.file_name(record)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(approval.write(record))
        return target

    def sign(self, record: Path, key: str, namespace: str = "briefing-approval") -> None:
        record.with_name(record.name + ".sig").unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", str(self.top / key), "-n", namespace, str(record)], check=True, capture_output=True)


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _template(top: Path) -> Path:
    """The small briefing, made once."""
    for name in ("dana", "mallory"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(top / name)], check=True)
    project = trial.make_project(top / "desk", editors=(DANA,))
    world = World(project.root, top)
    world.put(project.root / "allowed_signers", _signer(top, "dana", "dana@brief.example.org"))
    for article_id, word in (("wabash-tools", "Wabash"), ("smuggled-tools", "Smuggled"), ("recalled-tools", "Recalled")):
        trial.add_article(project, trial.make_article(article_id, word=word))
    trial.add_edition(project, ["wabash-tools"])
    shutil.copytree(ROOT / "themes", project.root / "themes")
    world.git("init", "--quiet", "--initial-branch=main")
    world.commit(DANA)
    world.git("checkout", "--quiet", "-b", "dana")
    world.approve_as(DANA, "dana", "wabash-tools", "recalled-tools", "--edition", DAY.isoformat())
    world.commit(DANA)
    assert world.command("withdraw", "recalled-tools", "--note", "wrong figure", "--as", DANA) == 0
    world.commit(DANA)
    world.git("checkout", "--quiet", "main")
    for name in ("EDITORS", "allowed_signers"):
        (top / "outside").mkdir(exist_ok=True)
        shutil.copy(project.root / name, top / "outside" / name)
    return project.root


def _signer(top: Path, name: str, address: str) -> str:
    kind, key, _ = (top / f"{name}.pub").read_text(encoding="utf-8").split(" ", 2)
    return f'{address} namespaces="briefing-approval" {kind} {key}\n'


def _levels(top: Path) -> dict[str, dict[str, str]]:
    outside = {"BRIEFING_EDITORS": str(top / "outside/EDITORS"), "BRIEFING_SIGNERS": str(top / "outside/allowed_signers")}
    return {
        "1": {"BRIEFING_MIN_LEVEL": "1"},
        "1 outside": {"BRIEFING_MIN_LEVEL": "1", **outside},
        "2": {"BRIEFING_MIN_LEVEL": "2"},
        "3": {"BRIEFING_MIN_LEVEL": "3"},
        "3 outside": {"BRIEFING_MIN_LEVEL": "3", **outside},
    }


EVERY = ("1", "2", "3", "3 outside")

# ----------------------------------------------------------------- attempts

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


@attempt("record: in a merge commit", ("2", "3", "3 outside"))
def _in_a_merge(w: World) -> None:
    w.git("checkout", "--quiet", "-b", "side")
    w.put(w.file("note.txt"), "x\n")
    w.commit(DANA)
    w.git("checkout", "--quiet", "main")
    w.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    w.say_approved(w.draft)
    w.forge(w.draft, DANA)
    w.commit(MALLORY)


@attempt("record: in a squash of Dana's branch", ("2", "3", "3 outside"))
def _in_a_squash(w: World) -> None:
    w.git("checkout", "--quiet", "-b", "side")
    w.put(w.file("note.txt"), "x\n")
    w.commit(DANA)
    w.git("checkout", "--quiet", "main")
    w.git("merge", "--quiet", "--squash", "side")
    w.say_approved(w.draft)
    w.forge(w.draft, DANA)
    w.commit(MALLORY)


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
    w.put(w.file("allowed_signers"), w.text(w.file("allowed_signers")) + _signer(w.top, "mallory", "mallory@example.org"))
    w.approve_as(MALLORY, "mallory", "smuggled-tools")
    w.commit()


@attempt("list: adds itself first, approves later", _HAND)
def _adds_itself_first(w: World) -> None:
    w.put(w.project.editors, f"{DANA}\n{MALLORY}\n")
    w.put(w.file("allowed_signers"), w.text(w.file("allowed_signers")) + _signer(w.top, "mallory", "mallory@example.org"))
    w.commit()
    w.approve_as(MALLORY, "mallory", "smuggled-tools")
    w.commit()


@attempt("list: another key for Dana's address", ("2", "3 outside"))
def _another_key(w: World) -> None:
    w.put(w.file("allowed_signers"), _signer(w.top, "mallory", "dana@brief.example.org"))
    w.approve_as(DANA, "mallory", "smuggled-tools")
    w.commit()


@attempt("list: a wildcard", ("3", "3 outside"))
def _wildcard(w: World) -> None:
    w.put(w.file("allowed_signers"), _signer(w.top, "mallory", "*"))
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


# ---------------------------------------------------------------------- run


def _start(template: Path, folder: Path, *, branch: str = "dana") -> World:
    """A fresh copy with Dana's branch merged."""
    shutil.copytree(template, folder, symlinks=True)
    world = World(folder, template.parent)
    if branch:
        world.git("merge", "--quiet", "--no-ff", "--message", "Merge", branch, who=DANA)
    return world


def _published(world: World, environ: dict[str, str]) -> tuple[str, str]:
    """All that the built site and its email say, and what stopped the build if it was stopped."""
    shutil.rmtree(world.project.output, ignore_errors=True)
    try:
        publication = config.publication(world.project.settings)
        build.run(world.project, publication, {"BRIEFING_NOW": trial.NOW.isoformat(), **environ}, lambda name, outcome: None)
    except Exception as error:  # noqa: BLE001 - whatever stops a build also stops an attempt
        return _words(world.project.output), f"{type(error).__name__}: {error}"
    return _words(world.project.output), ""


def _words(folder: Path) -> str:
    """Every text file below a folder, file names included."""
    out = []
    for path in sorted(folder.rglob("*")):
        out.append(path.relative_to(folder).as_posix())
        if path.is_file() and path.suffix not in {".woff2", ".png", ".svg", ".css"}:
            out.append(path.read_text(encoding="utf-8", errors="replace"))
    return "\n".join(out)


def _got_past(words: str) -> list[str]:
    return [w for w in FORBIDDEN if w in words or w.casefold() in words]


def bypasses(template: Path, work: Path, progress: Progress) -> Iterator[Row]:
    """Every attempt at every level that promises to stop it, through the real build."""
    levels = _levels(template.parent)
    tried, past, mail, stopped = 0, [], [], 0
    for number, (name, (function, applicable)) in enumerate(ATTEMPTS.items()):
        world = _start(template, work / f"attempt-{number}")
        try:
            function(world)
        except AssertionError as error:
            raise RuntimeError(f"the attempt {name!r} could not be made: {error}") from error
        for variant in ("edition approved", "edition not approved"):
            # An approved edition publishes only what it lists. Without one, each article stands on its own approval: both are tried.
            if variant == "edition not approved" and not _open_edition(world):
                continue
            for level in applicable:
                tried += 1
                words, why = _published(world, levels[level])
                stopped += bool(why)
                if _got_past(words):
                    past.append(f"{name} (level {level}, {variant})")
                if _got_past(_words(world.project.output / "email")):
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
    world = _start(template, work / "control")
    words, why = _published(world, levels["3 outside"])
    yield Row(
        "  control: the approved article is published", "yes" if "Wabash Office" in words and not why else f"no {why}", None, "yes", "Wabash Office" in words
    )
    world.say_approved(world.draft)
    _open_edition(world)
    world.edit(world.project.settings, '"approval_level": 1', '"approval_level": 0')
    seen = bool(_got_past(_published(world, {})[0]))
    yield Row("  control: at level 0 the draft is published and found", "yes" if seen else "no", None, "yes", seen)
    shutil.rmtree(world.root)


def _open_edition(world: World) -> bool:
    """Takes the edition's own approval away; False where the attempt has already spoilt that file."""
    path = world.project.edition(DAY)
    if "status: approved" not in world.text(path):
        return False
    world.edit(path, "status: approved", "status: needs-review")
    return True


def one_byte(template: Path, work: Path, progress: Progress, *, count: int = 10_000) -> Iterator[Row]:
    """Seeded one-byte changes of the approved article, its evidence and its edition, each through the whole gate."""
    world = _start(template, work / "bytes")
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


# ---------------------------------------------------------- legitimate work


def _work(name: str, w: World, dice: random.Random) -> tuple[str, ...]:
    """One legitimate operation on a repository whose main has drafts and whose branch `dana` has the approvals. Gives the levels that must hold."""
    if name == "merge commit":
        w.git("merge", "--quiet", "--no-ff", "--message", "Merge", "dana")
    elif name == "fast-forward":
        w.git("merge", "--quiet", "--ff-only", "dana")
    elif name == "squash by the editor":
        w.git("merge", "--quiet", "--squash", "dana")
        w.git("commit", "--quiet", "--message", "Squash", who=DANA)
    elif name == "squash by another":
        w.git("merge", "--quiet", "--squash", "dana")
        w.git("commit", "--quiet", "--message", "Squash")
        return ("1", "3", "3 outside")
    elif name == "rebase":
        _chore(w, dice)
        w.git("checkout", "--quiet", "dana")
        w.git("rebase", "--quiet", "main")
    elif name == "cherry-pick":
        _chore(w, dice)
        w.git("cherry-pick", "main..dana")
    elif name == "octopus":
        w.git("branch", "--quiet", "chore")
        w.git("checkout", "--quiet", "chore")
        _chore(w, dice)
        w.git("checkout", "--quiet", "main")
        w.git("merge", "--quiet", "--no-ff", "--message", "Merge", "dana", "chore")
    else:
        raise ValueError(name)
    return ("1", "2", "3", "3 outside")


def _chore(w: World, dice: random.Random) -> None:
    w.put(w.file(f"docs/note-{dice.randrange(10**6)}.md"), "A note.\n")
    w.commit()


def _then(name: str, w: World, dice: random.Random) -> tuple[World, tuple[str, ...]]:
    """What happens to the merged repository afterwards; gives what is built and the levels that must hold."""
    every = ("1", "2", "3", "3 outside")
    if name == "amend the message":
        w.git("commit", "--quiet", "--amend", "--allow-empty", "--message", f"Words {dice.random()}")
    elif name == "rename":
        new = f"name-{dice.randrange(10**6)}"
        for suffix in (".md", ".evidence.json"):
            w.git("mv", f"{PLACE}/wabash-tools{suffix}", f"{PLACE}/{new}{suffix}")
        w.commit()
    elif name == "move":
        w.git("mv", PLACE, f"content/briefings/{dice.choice(['autumn', 'archive', '2026'])}")
        w.commit()
    elif name == "CRLF checkout":
        w.file(".gitattributes").unlink()
        w.commit()
        folder = w.root.with_name(w.root.name + "-crlf")
        w.git("clone", "--quiet", "--config", "core.autocrlf=true", str(w.root), str(folder))
        return World(folder, w.top), every
    elif name == "shallow clone":
        folder = w.root.with_name(w.root.name + "-shallow")
        w.git("clone", "--quiet", "--depth", "1", f"file://{w.root}", str(folder))
        return World(folder, w.top), ("1", "3", "3 outside")
    elif name == "tarball":
        shutil.rmtree(w.root / ".git")
        return w, ("1", "3", "3 outside")
    elif name == "restyle":
        css = next(iter(sorted((w.root / "themes").rglob("*.css"))))
        w.put(css, w.text(css) + f"\n.x {{ color: #{dice.randrange(16**6):06x} }}\n")
        w.commit()
    elif name == "another draft":
        w.put(w.file(f"{PLACE}/new-{dice.randrange(10**6)}.md"), w.text(w.draft).replace("smuggled-tools", f"other-{dice.randrange(10**6)}", 1))
        w.commit()
    elif name == "an editor joins":
        w.put(w.project.editors, f"{DANA}\nRavi Osei <ravi@brief.example.org>\n")
        w.commit(DANA)
    elif name == "edit and undo":
        before = w.good.read_bytes()
        w.edit(w.good, "27", "28")
        w.commit()
        w.good.write_bytes(before)
        w.commit()
    elif name == "packed":
        w.git("gc", "--quiet")
    elif name != "nothing more":
        raise ValueError(name)
    return w, every


FIRST = ("merge commit", "fast-forward", "squash by the editor", "squash by another", "rebase", "cherry-pick", "octopus")
THEN = (
    *("amend the message", "rename", "move", "CRLF checkout", "shallow clone", "tarball", "restyle", "another draft", "an editor joins"),
    *("edit and undo", "packed", "nothing more"),
)


def legitimate(template: Path, work: Path, progress: Progress, *, count: int = 500) -> Iterator[Row]:
    """Operations that change nothing an editor approved: none may cost an approval at a level that does not look at what they change."""
    dice = random.Random(SEED)
    levels = _levels(template.parent)
    done, wrong = 0, []
    while done < count:
        world = _start(template, work / f"work-{done}", branch="")
        first, then = dice.choice(FIRST), dice.choice(THEN)
        hold = _work(first, world, dice)
        built, hold_then = _then(then, world, dice)
        # An amended squash, merge or cherry-pick keeps its author, so the levels are those of both steps.
        for level in [x for x in hold if x in hold_then]:
            publication = config.publication(built.project.settings)
            found = gate.admit(built.project, publication, {"BRIEFING_NOW": trial.NOW.isoformat(), **levels[level]})
            if [a.id for a in found.articles] != ["wabash-tools"] or not found.editions[0].complete:
                wrong.append(f"{first}, then {then} (level {level}): {[r.message for r in found.refusals if r.code]}")
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
    world = _start(template, work / "mutations")
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
    world = _start(template, work / "odd")
    body = "Title: Oddity\nStatus: published\nDate: 2026-11-24\n\nOddity words."
    for place in _PLACES:
        for name in _ODD:
            world.put(world.file(f"content/{place}/{name}" if place else f"content/{name}"), body)
    words, why = _published(world, {})
    yield Row("kinds of odd files × places in content/", f"{len(_ODD)} × {len(_PLACES)}", None, "≥ 40", len(_ODD) >= 40)
    yield equal("  of their words in the output", words.count("Oddity"), 0)
    yield Row("  the site is built without them", "yes" if not why and "Wabash Office" in words else f"no {why}", None, "yes", not why)
    shutil.rmtree(world.root)
    progress("odd files: done")


# --------------------------------------------------------------------- cost


def cost(work: Path, progress: Progress, *, count: int = 1_000) -> Iterator[Row]:
    """The gate's own work (finding, hashing, records, verdicts) beside a whole build. Reading and parsing an article is what any build has to do."""
    project = _archive(work / "archive", count)
    publication = config.publication(project.settings)
    environ = {"BRIEFING_NOW": trial.NOW.isoformat()}
    started = time.perf_counter()
    build.run(project, publication, environ, lambda name, outcome: progress(f"cost: {name} after {time.perf_counter() - started:.1f} s"))
    whole = time.perf_counter() - started
    started = time.perf_counter()
    found = gate.admit(project, publication, environ)
    admitted = time.perf_counter() - started
    assert len(found.articles) == count, len(found.articles)
    started = time.perf_counter()
    for a in found.articles:
        path = project.root / a.name
        article.parse(path.read_bytes(), a.name)
        gate.ledger.read(path.with_name(f"{a.id}.evidence.json").read_bytes(), a.name)
    reading = time.perf_counter() - started
    own = max(0.0, admitted - reading)
    yield fact(f"a build of {count:,} articles", whole, unit="s")
    yield fact("  the gate, reading and parsing included", admitted, unit="s")
    yield fact("  the gate's own work", own, unit="s")
    yield at_most("  the gate's own work beside the build", 100 * own / whole, 5, unit="%")


def _long(a: Article) -> Article:
    """The article at the length of a published one: about 1,000 words in eight sections."""
    said = Paragraph(md="The SeedTools Office asked for the job and the limit of each tool, and the SeedTools clerks wrote one row for each tool. [s2]")
    asked = ("who", "where", "when", "how", "why", "for whom", "with what")
    more = tuple(Section(question=f"What did the SeedTools Office ask for, and {w}?", blocks=(said, *a.sections[0].blocks, said, said)) for w in asked)
    return replace(a, sections=(*a.sections, *more))


def _archive(root: Path, count: int) -> Project:
    project = trial.make_project(root)
    shutil.copytree(ROOT / "themes", root / "themes")
    seed = trial.add_article(project, _long(trial.make_article("seed-tools")))
    text, book = seed.read_bytes(), seed.with_name("seed-tools.evidence.json").read_bytes()
    shutil.rmtree(seed.parent)
    first = date(2026, 11, 24) - timedelta(weeks=count // 4)
    settings = project.settings.read_text(encoding="utf-8")
    project.settings.write_text(settings.replace("2026-11-03", first.isoformat()), encoding="utf-8")
    for number in range(count):
        day = first + timedelta(weeks=number // 4)
        ident = f"tools-{number}"
        new = approving.flip(text.replace(b"seed-tools", ident.encode()).replace(b"2026-11-24", day.isoformat().encode()), ident)
        proof = book.replace(b"seed-tools", ident.encode()).replace(b"2026-11-24", day.isoformat().encode())
        path = project.article(day, ident)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(new)
        path.with_name(f"{ident}.evidence.json").write_bytes(proof)
        a = article.parse(new)
        parts = approval.parts(new, proof, a)
        record = Record(
            version=1,
            article=ident,
            edition=day,
            decision="approve",
            digest=approval.digest(parts),
            parts={**parts, **approval.hints(a)},
            approved_by=DANA,
            approved_at=trial.NOW,
        )
        target = project.approvals / ident / approval.file_name(record)
        target.parent.mkdir(parents=True)
        target.write_bytes(approval.write(record))
    return project


# ---------------------------------------------------------------------- all


def rows(corpus: Path | None, progress: Progress) -> Iterator[Row]:
    """Every row of this evaluation. Needs git and ssh-keygen; no corpus."""
    logging.getLogger().setLevel(logging.CRITICAL)
    cli_commands = cli.COMMANDS
    cli.COMMANDS = ("approve", "withdraw")
    try:
        with tempfile.TemporaryDirectory(prefix="briefing-eval-") as folder:
            top = Path(folder)
            template = _template(top)
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
