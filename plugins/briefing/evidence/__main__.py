"""`python3 -m briefing.evidence` prints the table of reasons for docs/evidence.md."""

from __future__ import annotations

import sys

from .reasons import table

sys.stdout.write(table())
