"""The site's settings. `PUBLICATION` is yours to fill in: every command reads it. docs/settings.md explains each key."""

from briefing import site

PUBLICATION = {
    "name": "Tuesday Briefing",
    "tagline": "Five minutes, every Tuesday.",
    "description": "AI news and compliance for people who run things, with the sources in plain view.",
    "url": "https://brief.example.org",
    "language": "en",
    "zone": "America/Indiana/Indianapolis",
    "weekday": "tuesday",
    "cutoff": "monday 18:00",
    "send": "07:00",
    "first_edition": "2026-11-17",
    "author": {
        "id": "dana-whitlock",
        "name": "Dana Whitlock",
        "role": "editor",
        "bio": "Dana has spent fifteen years helping regulated firms buy software they can explain. She reads every source before a briefing goes out.",
    },
    "address": "Tuesday Briefing, 100 Sample Street, Springfield, IN 00000",
    "subscribe": "https://list.example.org/subscribe",
    "sender": {
        "service": "buttondown",
        "from_name": "Tuesday Briefing",
        "from_address": "briefing@brief.example.org",
        "reply_to": "editor@brief.example.org",
    },
    "articles": 4,
    "jurisdictions": ["Indiana", "US", "EU", "UK"],
    "approval_level": 1,
}

PLUGINS = [site]
