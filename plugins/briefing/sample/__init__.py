"""The sample week: invented publishers, their feeds and pages, and a real HTTP server on 127.0.0.1 that answers for them.

    week = sample.load()
    with sample.Server(week, as_of=tuesday) as server:
        text = sample.sources_yaml(server.port)     # a `sources.yaml` whose hosts all lead to this server

The pages are Markdown files under the top-level `sample/` folder (`sample/README.md` says how they are written). Nothing
here looks at a clock: what a feed shows depends on `as_of` alone.
"""

from .records import SAMPLE, Page, Publisher, Week, load
from .server import Hit, Server, sources_yaml

__all__ = ["SAMPLE", "Hit", "Page", "Publisher", "Server", "Week", "load", "sources_yaml"]
