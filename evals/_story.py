"""A sample story as its model-free draft, for evaluations that need one and no edition."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from hashlib import sha256

from briefing.draft.write import Draft, Setting, Told
from briefing.draft.write import draft as write_draft
from briefing.model import Snapshot, Story
from briefing.sample import records
from evals import _sample


def names() -> tuple[str, ...]:
    """The sample's stories."""
    return tuple(records.load().stories())


def drafted(name: str, edition: date, *, sources: int = 9, characters: int = 100_000, added: str = "") -> Draft:
    """The draft of a story from the beginnings of its first sources; `added` goes to the end of the last source's text."""
    held = _sample.load()
    items = [i for i in held.items if held.truth[i.id] == name and i.published][:sources]
    known = {s.id: s for s in held.sources}
    told = [Told(i, known[i.source], _cut(held.texts[i.id], characters, added if i is items[-1] else "")) for i in items]
    topics = held.guide.about(" ".join(t.snapshot.text for t in told), items[0].title)
    story = Story(id="0" * 12, items=tuple(items), topics=topics)
    return write_draft(story, told, Setting(playbook=held.guide, edition=edition, author="Dana Whitlock", jurisdictions=("Wabash", "US")))


def _cut(snapshot: Snapshot, characters: int, added: str) -> Snapshot:
    """Whole paragraphs up to so many characters, at least one, and what is added."""
    text = ""
    for paragraph in re.split(r"\n\s*\n", snapshot.text):
        if text and len(text) + len(paragraph) > characters:
            break
        text = f"{text}\n\n{paragraph.strip()}".strip()
    text = f"{text}\n\n{added}" if added else text
    return replace(snapshot, text=text, hash=f"sha256:{sha256(text.encode()).hexdigest()}")
