"""Why a claim does not stand: a closed list. The word is for programs, the rest for the editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One reason: what is said about the sentence, what to do next, and whether it stops publishing."""

    says: str  # template; `{what}` is the detail, `{found}` what stands there instead
    fix: str
    blocks: bool = True


REASONS: Mapping[str, Reason] = {
    "no-source": Reason(says="states {what} and cites no source", fix="add the marker of the source that says it, or take the sentence out"),
    "unsourced-detail": Reason(says="brings in {what} without a source{found}", fix="cite the source that has it, or write the sentence without it"),
    "unknown-marker": Reason(says="cites [{what}], which is not in the source list", fix="add the source or correct the marker"),
    "unused-source": Reason(says="lists {what}, which no sentence cites", fix="cite it where it is used, or take it off the list", blocks=False),
    "no-snapshot": Reason(says="cites {what}, whose text is not kept", fix="run `briefing collect`, or cite a source whose text is kept"),
    "partly-unread": Reason(says="cites {what}, whose text is not kept", fix="read that source yourself, or take the marker off", blocks=False),
    "snapshot-differs": Reason(
        says="{what} was checked against another text than the one listed", fix="run `briefing check --write` and read the sentences again"
    ),
    "not-in-ledger": Reason(says="was changed after the last check: {what}", fix="run `briefing check --write` where the texts are kept"),
    "blocked-in-ledger": Reason(says="is kept with a problem: {what}", fix="mend it and run `briefing check --write`"),
    "no-passage": Reason(says="no sentence of {what} is about this", fix="cite the source that says it, or take the sentence out"),
    "weak-passage": Reason(says="{what} carries only part of these words", fix="read the passage beside it and say no more than it does", blocks=False),
    "wrong-source": Reason(says="{what} does not say this{found}", fix="correct the marker"),
    "quote-not-found": Reason(says="the quotation {what} stands in no cited source{found}", fix="quote word for word or write it without quotation marks"),
    "quote-changed": Reason(says="the quotation {what} differs from the source{found}", fix="use the source’s own words"),
    "quote-edited": Reason(says="the quotation {what} was shortened or edited", fix="see that the sense is kept", blocks=False),
    "quote-speaker": Reason(says="the words {what} are another’s{found}", fix="name the one who said it"),
    "quote-unattributed": Reason(says="the quotation {what} does not say who speaks", fix="name the speaker in the same sentence", blocks=False),
    "number-not-found": Reason(says="{what} stands in no cited source{found}", fix="correct the figure or cite the source that has it"),
    "number-elsewhere": Reason(says="{what} is said of something else{found}", fix="correct the figure"),
    "number-unit": Reason(says="{what} has another unit in the source{found}", fix="correct the unit"),
    "statistic-figure": Reason(says="the figure {what} is not in the passage{found}", fix="copy the figure as the source writes it"),
    "date-not-found": Reason(says="{what} stands in no cited source{found}", fix="correct the date or cite the source that has it"),
    "date-elsewhere": Reason(says="{what} is the date of something else{found}", fix="correct the date"),
    "date-weekday": Reason(says="{what} is another day of the week{found}", fix="correct the day or the date"),
    "name-not-found": Reason(says="{what} is named in no cited source{found}", fix="correct the name or cite the source that has it"),
    "name-elsewhere": Reason(says="the source says this of another{found}, not of {what}", fix="correct the name"),
    "role-differs": Reason(says="the source does not call {what}{found}", fix="correct the role"),
    "negation-differs": Reason(says="the source says the opposite about “{what}”{found}", fix="say it as the source does"),
    "modality-stronger": Reason(says="the source says “{what}” less firmly{found}", fix="keep the source’s “may”, “plans to” or “proposed”"),
    "limit-differs": Reason(says="the source does not put it as {what}{found}", fix="keep the source’s “at least”, “up to” or “more than”"),
    "rate-differs": Reason(says="the source does not count by {what}{found}", fix="keep the source’s “a month” or “a year”"),
    "figures-swapped": Reason(says="{what} have changed places{found}", fix="put each figure where the source has it"),
    "time-differs": Reason(says="the source does not put it {what}{found}", fix="keep the source’s “before”, “after”, “from” or “until”"),
    "opposite-word": Reason(says="{what} is the opposite of the source’s word{found}", fix="say it as the source does"),
    "sides-swapped": Reason(says="the two sides of {what} have changed places{found}", fix="say who does it and to whom as the source does"),
    "said-of-fewer": Reason(says="the source does not say it of {what}{found}", fix="say it of as many as the source does"),
    "said-more-firmly": Reason(says="{what} is firmer than the source{found}", fix="keep the source’s “said”, “expects” or “believes”"),
    "cause-added": Reason(says="the source does not say {what}{found}", fix="join the two as the source does"),
    "condition-dropped": Reason(says="the source says it only under a condition: {what}", fix="see that the sentence is true without it", blocks=False),
    "absence-contradicted": Reason(says="a source does tell it{found}", fix="take the sentence out or answer the question"),
    "attribution-differs": Reason(says="the source does not give this to {what}{found}", fix="name the one the source names"),
}


def problem(reason: str, what: str = "", found: str = "", *, hint: str = "", blocks: bool | None = None) -> Problem:
    """A Problem in the list's words. `hint` (such as "s3 does say it") goes before the fix. Raises KeyError for an unknown reason."""
    entry = REASONS[reason]
    says = entry.says.format(what=what, found=f" ({found})" if found else "")
    fix = f"{hint}: {entry.fix}" if hint else entry.fix
    return Problem(reason=reason, found=says, fix=fix[0].upper() + fix[1:], blocks=entry.blocks if blocks is None else blocks)


def table() -> str:
    """The reasons as a Markdown table, for docs/evidence.md."""
    rows = ["| reason | what is said | what to do |", "| --- | --- | --- |"]
    for word, r in REASONS.items():
        says = r.says.replace("{found}", "").replace("{what}", "…")
        fix = r.fix[0].upper() + r.fix[1:]
        rows.append(f"| {word}{'' if r.blocks else ' (look)'} | {says} | {fix} |")
    return "\n".join(rows) + "\n"
