"""The site: everything that knows Pelican. `pelicanconf.py` imports this module, so Pelican itself is imported only in `register`."""

from __future__ import annotations

import sys


def register() -> None:
    """Called by Pelican: connects the receivers. Ends the program where that fails.

    Pelican logs a plugin that raises and goes on without it, which would publish whatever stands in `content/`. A plugin that
    keeps drafts back has to end the program instead.
    """
    try:
        from . import plugin  # noqa: PLC0415 - the commands read pelicanconf.py's neighbours without Pelican

        plugin.register()
    except Exception as error:
        sys.stderr.write(f"briefing: the site's plugin cannot start ({type(error).__name__}: {error}); nothing was built\n")
        raise SystemExit(1) from error
