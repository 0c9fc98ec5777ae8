"""The deadlines as an iCalendar file: whole days, permanent ids, the same bytes from the same list."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from icalendar import Calendar, Event, vDate, vDatetime

from .catalog import Catalog


def ics(c: Catalog) -> bytes:
    """RFC 5545: CRLF, folded at 75 bytes. DTSTAMP is the day a row was last checked, else the publication's first day: never the clock."""
    out = Calendar()
    out.add("prodid", f"-//{c.publication.name}//Deadlines//EN")
    out.add("version", "2.0")
    out.add("calscale", "GREGORIAN")
    out.add("method", "PUBLISH")
    out.add("x-wr-calname", f"{c.publication.name}: deadlines")
    for d in c.admitted.deadlines:
        row = c.date_row(d, c.today)
        event = Event()
        event.add("uid", f"{d.id}@{c.links.host}")
        event["dtstamp"] = vDatetime(datetime.combine(d.verified or c.publication.first_edition, time(0), UTC))
        event["dtstart"] = vDate(d.date)
        event["dtend"] = vDate(d.date + timedelta(days=1))
        event["dtstart"].params["VALUE"] = event["dtend"].params["VALUE"] = "DATE"
        event.add("summary", f"{d.jurisdiction}: {d.instrument}, {d.event}")
        event.add("description", " ".join(f"{part.rstrip('.')}." for part in (row.status, d.citation, row.checked) if part))
        event.add("url", d.url)
        event.add("transp", "TRANSPARENT")
        out.add_component(event)
    return bytes(out.to_ical())
