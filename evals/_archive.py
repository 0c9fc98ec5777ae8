"""An archive of published articles of ordinary length, for what the gate costs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from briefing import approval, approving, article, trial
from briefing.model import Article, Paragraph, Record, Section
from briefing.project import Project

from . import ROOT
from ._world import DANA


def _long(a: Article) -> Article:
    """The article at the length of a published one: about 1,000 words in eight sections."""
    said = Paragraph(md="The SeedTools Office asked for the job and the limit of each tool, and the SeedTools clerks wrote one row for each tool. [s2]")
    asked = ("who", "where", "when", "how", "why", "for whom", "with what")
    more = tuple(Section(question=f"What did the SeedTools Office ask for, and {w}?", blocks=(said, *a.sections[0].blocks, said, said)) for w in asked)
    return replace(a, sections=(*a.sections, *more))


def archive(root: Path, count: int) -> Project:
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
