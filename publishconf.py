"""The settings a published site is built with: those of pelicanconf.py, and where the site is written.

Everything else about Pelican is fixed in plugins/briefing/site/conf.py, so that no settings file can open a way around the gate.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from pelicanconf import *  # noqa: F403

OUTPUT_PATH = "output"
SITEURL = PUBLICATION["url"]  # noqa: F405
TIMEZONE = PUBLICATION.get("zone", "America/Indiana/Indianapolis")  # noqa: F405
