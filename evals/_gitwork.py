"""Ordinary git work that changes nothing an editor approved."""

from __future__ import annotations

import random
import shutil

from ._world import DANA, PLACE, World


def work(name: str, w: World, dice: random.Random) -> tuple[str, ...]:
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


def then(name: str, w: World, dice: random.Random) -> tuple[World, tuple[str, ...]]:
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
