"""The site: everything that knows Pelican. `pelicanconf.py` imports this module, so Pelican itself is imported only in `register`."""

from __future__ import annotations


def register() -> None:
    """Called by Pelican for each plugin: connects the receivers."""
    from . import plugin  # noqa: PLC0415 - the commands read pelicanconf.py's neighbours without Pelican

    plugin.register()
