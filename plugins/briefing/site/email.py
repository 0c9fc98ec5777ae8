"""The email bundle: `output/email/<edition>/` for every complete edition, the feed, and `next.json`, written last.

`bundle` is pure; `write` puts files into a site that is being built. One edition whose email cannot be made never stops the
others or the site: it is not offered, and `next.json` says why.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from .. import edition as editions
from .. import offer
from ..config import Publication
from ..errors import ContentRefused
from ..model import Deadline
from .admitted import Admitted, AdmittedArticle, AdmittedEdition, Withdrawn
from .mail import eml, feed, html, senders, text
from .mail.letter import Letter, letter

_log = logging.getLogger(__name__)
THEME = Path(__file__).resolve().parents[3] / "themes" / "briefing" / "email"
LARGEST = 80_000  # bytes of HTML: a large provider cuts at 102 KB, and a service adds its own
_SAMPLE_ADDRESS = ("Sample Street", "00000")


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What `write` did: the state of `next.json`, the editions with an email, and lines for the editor."""

    state: offer.State
    reason: str
    editions: tuple[date, ...]
    warnings: tuple[str, ...]


def bundle(
    edition: AdmittedEdition,
    publication: Publication,
    deadlines: Sequence[Deadline] = (),
    earlier: Sequence[AdmittedArticle] = (),
    theme: Path = THEME,
) -> Mapping[str, bytes]:
    """The four files of a complete edition's email, by name. The same input gives the same bytes.

    Raises ContentRefused where the edition is not complete or its email may not be sent; the message says what to change.
    """
    if not edition.complete:
        raise ContentRefused(f"edition {edition.edition.date.isoformat()}: {edition.why or 'is not complete'}")
    return _files(letter(edition, publication, deadlines, earlier), edition, publication, theme)


def _files(said: Letter, edition: AdmittedEdition, publication: Publication, theme: Path) -> Mapping[str, bytes]:
    if not publication.sample and any(s in publication.address for s in _SAMPLE_ADDRESS):
        raise ContentRefused("pelicanconf.py: PUBLICATION.address is still the sample's; every email needs your postal address")
    service = publication.sender.service
    page = _theme(theme).page(said, service)
    if len(page) > LARGEST:
        raise ContentRefused(
            f"edition {said.edition.isoformat()}: its email is {len(page):,} bytes, at most {LARGEST:,} reach every reader whole; take out an article"
        )
    words = text.text(said, service)
    message = eml.message(said, publication, page, words, editions.published_at(said.edition, publication))
    files = dict(zip(offer.FILES, (page, words, message), strict=True))
    return {**files, offer.MANIFEST: offer.write(_manifest(said, edition, publication, files))}


def write(admitted: Admitted, publication: Publication, output: Path, theme: Path = THEME) -> Written:
    """Writes `email/` below a site's folder, `next.json` last. Files of editions that are no longer complete are not there."""
    folder = output / "email"
    made: dict[date, Mapping[str, bytes]] = {}
    letters: dict[date, Letter] = {}
    corrected = [a for a in admitted.articles if a.article.corrections]
    refused: dict[date, str] = {}
    warnings: list[str] = []
    for edition in admitted.editions:
        day = edition.edition.date
        if not edition.complete:
            refused[day] = edition.why
            continue
        letters[day] = letter(edition, publication, admitted.deadlines, _earlier(admitted, corrected, day))
        try:
            made[day] = _files(letters[day], edition, publication, theme)
        except ContentRefused as error:
            refused[day] = str(error)
            warnings.append(f"edition {day.isoformat()} has no email: {error}")
            continue
        if day == admitted.current:  # nobody changes an email that has gone
            warnings += offer.remarks(offer.Manifest.model_validate_json(made[day][offer.MANIFEST]))
    for day, files in made.items():
        _put(folder / day.isoformat(), files)
    _put(folder, {"feed.xml": _feed([(e, letters[e.edition.date]) for e in admitted.editions if e.edition.date in made], publication, theme)})
    following = _next(admitted, publication, made, refused)
    _put(folder, {offer.NEXT: offer.write(following)})
    for line in warnings:
        _log.warning("%s", line)
    return Written(state=following.state, reason=following.reason, editions=tuple(made), warnings=tuple(warnings))


def _earlier(admitted: Admitted, corrected: Sequence[AdmittedArticle], day: date) -> list[AdmittedArticle]:
    """What an email may have to tell of earlier editions: their corrected articles, and one of the newest of them, for its day."""
    before = bisect_left(admitted.articles, day, key=lambda a: a.article.edition)
    newest = [a for a in admitted.articles[:before][-1:] if not a.article.corrections]
    return [*(a for a in corrected if a.article.edition < day), *newest]


def _feed(mailed: Sequence[tuple[AdmittedEdition, Letter]], publication: Publication, theme: Path) -> bytes:
    """The feed of the newest editions that have an email, each dated by its approval (on trial: by its send time)."""
    entries = []
    for edition, said in mailed[-feed.NEWEST :]:
        approved = edition.record.approved_at if edition.record else editions.published_at(said.edition, publication)
        entries.append(feed.Entry(letter=said, fragment=_theme(theme).fragment(said, publication.sender.service), approved=approved))
    description = publication.description or publication.tagline
    return feed.rss(publication.name, f"{publication.url}/", description, publication.language, entries)


def _manifest(said: Letter, edition: AdmittedEdition, publication: Publication, files: Mapping[str, bytes]) -> offer.Manifest:
    sender = publication.sender
    return offer.Manifest(
        edition=said.edition,
        number=said.number,
        subject=senders.header(said.subject),
        preheader=senders.header(said.preheader),
        from_name=sender.from_name,
        from_address=sender.from_address,
        reply_to=sender.reply_to,
        service=sender.service,
        archive=said.web,
        message_id=eml.message_id(said, files["email.html"], files["email.txt"]),
        words=said.words,
        minutes=said.minutes,
        approvals=_approvals(edition),
        files={name: offer.total(data) for name, data in files.items()},
    )


def _approvals(edition: AdmittedEdition) -> tuple[str, ...]:
    records = [edition.record, *(r for a in edition.articles for r in (a.record, a.second))]
    return tuple(r.digest for r in records if r is not None)


def _next(admitted: Admitted, publication: Publication, made: Mapping[date, Mapping[str, bytes]], refused: Mapping[date, str]) -> offer.Next:
    """Speaks of the edition that work is for now, and of no other: an older email is never offered again."""
    day = admitted.current
    files = made.get(day)
    if files is None:
        gone = _withdrawn(admitted, day)
        if gone is not None:
            return offer.Next(edition=day, zone=publication.zone, state="withdrawn", reason=gone.record.note or f"{gone.id} was withdrawn")
        why = refused.get(day) or "no article of this edition is approved"
        return offer.Next(edition=day, zone=publication.zone, state="none", reason=why)
    manifest = offer.Manifest.model_validate_json(files[offer.MANIFEST])
    start = editions.published_at(day, publication)
    return offer.Next(
        edition=day,
        zone=publication.zone,
        state="ready",
        subject=manifest.subject,
        preheader=manifest.preheader,
        files={f"{day.isoformat()}/{name}": offer.total(data) for name, data in files.items()},
        approvals=manifest.approvals,
        not_before=start,
        not_after=_midnight(day + timedelta(days=1), publication),
    )


def _withdrawn(admitted: Admitted, day: date) -> Withdrawn | None:
    """What was taken back of an edition that was approved: the edition itself, or an article it lists."""
    edition = admitted.edition(day)
    listed = edition.edition.articles if edition and edition.approved else ()
    return next((w for w in admitted.withdrawn if w.edition == day and (w.id == f"edition-{day.isoformat()}" or w.id in listed)), None)


def _midnight(day: date, publication: Publication) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=publication.tz)


def _put(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


@lru_cache(maxsize=4)
def _theme(folder: Path) -> html.Theme:
    return html.Theme(folder)
