"""Tuesday Briefing: a news briefing that can show its sources."""
