"""The source list as claims of its own: each source is used, and is the text that was checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .. import inline
from ..article import passages
from ..model import Article, Claim, Problem
from .reasons import problem


def source_claims(article: Article, snapshots: Mapping[str, str]) -> tuple[Claim, ...]:
    """One claim for each listed source that has a problem. `snapshots`: Cited.id → hash of the text that was checked."""
    used = {m for _, md, _ in passages(article) for m in inline.cites(md)}
    out = []
    for number, cited in enumerate(article.sources):
        problems = tuple(_problems(cited.id, cited.title, cited.snapshot, snapshots.get(cited.id, ""), used=cited.id in used))
        if problems:
            line = article.lines.get(f"sources.{number}.id", article.lines.get(f"sources.{number}", article.lines.get("sources", 0)))
            out.append(Claim(text=cited.title, type="house", where="sources", sources=(cited.id,), word="needs your eye", problems=problems, line=line))
    return tuple(out)


def _problems(key: str, title: str, listed: str, checked: str, *, used: bool) -> Iterator[Problem]:
    if listed and checked and listed != checked:
        yield problem("snapshot-differs", f"{key} “{title}”")
    if not used:
        yield problem("unused-source", f"{key} “{title}”")
