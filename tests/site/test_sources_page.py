"""The page of sources: what is read, and what each source gave for the newest edition as its approved file says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from briefing.model import Reading
from briefing.site import pages
from briefing.site.catalog import Catalog


def with_readings(site: Any, readings: Sequence[Reading]) -> Catalog:
    *older, newest = site.admitted.editions
    newest = replace(newest, edition=replace(newest.edition, readings=tuple(readings)))
    return replace(site.catalog, admitted=replace(site.admitted, editions=(*older, newest)))


def shown(catalog: Catalog) -> dict[str, str]:
    return {line.anchor.text: line.text for group in pages.sources(catalog).groups for line in group.lines if line.text}


def test_readers_see_what_was_read_for_the_edition_and_what_was_not(site: Any) -> None:
    catalog = with_readings(
        site,
        [
            Reading(source="larkmoor", items=1),
            Reading(source="was-removed-since"),
            Reading(source="harbour-ledger", reason="timeout", last=date(2026, 11, 10)),
            Reading(source="gazette", reason="blocked"),
        ],
    )
    assert pages.sources(catalog).intro.endswith("For the edition of November 24, 2026, 2 of 4 were read; the other 2 are marked below.")
    assert shown(catalog) == {
        "Larkmoor Mutual": "Primary source: the authority or the party itself. One item for the newest edition.",
        "The Harbour Ledger": "News reporting. Not read for the newest edition: it could not be reached, last read on November 10, 2026.",
        "Federal Gazette": "Primary source: the authority or the party itself. Not read for the newest edition: its server refuses programs like ours.",
    }


def test_all_read_is_said_in_one_sentence(site: Any) -> None:
    catalog = with_readings(site, [Reading(source="larkmoor", items=12), Reading(source="harbour-ledger"), Reading(source="gazette", items=2)])
    assert pages.sources(catalog).intro.endswith("For the edition of November 24, 2026 all 3 were read.")
    assert shown(catalog)["Larkmoor Mutual"].endswith("12 items for the newest edition.")
    assert shown(catalog)["The Harbour Ledger"].endswith("Read for the newest edition, nothing new.")


def test_an_edition_whose_file_nobody_approved_says_nothing_of_its_sources(site: Any) -> None:
    """The gate gives such an edition only what its articles carry; the one before it speaks, where it has a record."""
    assert "For the edition of" not in pages.sources(site.catalog).intro
    *_, before, newest = site.admitted.editions
    told = replace(before, edition=replace(before.edition, readings=(Reading(source="larkmoor", items=1),)))
    catalog = replace(site.catalog, admitted=replace(site.admitted, editions=(told, newest)))
    assert "For the edition of November 17, 2026 all 1 were read." in pages.sources(catalog).intro
