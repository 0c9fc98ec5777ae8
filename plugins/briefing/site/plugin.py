"""Where this package meets Pelican: connect lines, and receivers that only hand over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican import signals

from .. import config
from ..config import Publication
from . import assets, conf, staging, texts
from .admitted import Admitted
from .catalog import Catalog
from .generator import ASSETS, BriefingGenerator
from .links import Links
from .reader import CATALOG, BriefingReader
from .writer import BriefingWriter

ADMITTED = "BRIEFING_ADMITTED"
ROOT = "BRIEFING_ROOT"


def register() -> None:
    """Connect the receivers. They are functions of this module: Pelican holds them weakly."""
    signals.initialized.connect(initialized)
    signals.get_generators.connect(generators)
    signals.get_writer.connect(writer)
    signals.article_generator_finalized.connect(listed)
    signals.finalized.connect(finalized)


def initialized(pelican: Any) -> None:
    """Pelican has its settings and has read nothing yet: fix them, and see that only the staging folder will be read."""
    admitted = staging.prepare(pelican.settings)
    arrange(pelican.settings, admitted)
    pelican.path, pelican.theme = pelican.settings["PATH"], pelican.settings["THEME"]
    pelican.output_path, pelican.delete_outputdir = pelican.settings["OUTPUT_PATH"], False


def arrange(settings: dict[str, Any], admitted: Admitted) -> None:
    """Put our settings, reader and catalog into Pelican's settings. Raises BriefingError for settings, pages or articles that cannot be shown."""
    root = Path(settings[ROOT])
    publication = config.publication(root / "pelicanconf.py")
    sources = config.sources(root / "sources.yaml")[0] if (root / "sources.yaml").exists() else ()
    theme = assets.theme(root)
    found = assets.collect(theme)
    to = Links(publication.url).to
    said = {p.name: texts.parse(p.data, f"content/pages/{p.name}.md", to) for p in admitted.pages}
    catalog = Catalog(admitted, publication, sources, found.paths, said)
    catalog.check()  # here, because Pelican would turn an error while reading into one of its own
    settings.update(conf.settings(publication, theme))
    settings["READERS"] = {"md": BriefingReader, "rst": None, "html": None, "htm": None, "xhtml": None}
    settings["JINJA_GLOBALS"] = {"site": catalog.frame}
    settings[CATALOG], settings[ASSETS] = catalog, found


def generators(_: Any) -> type[BriefingGenerator]:
    """Our pages."""
    return BriefingGenerator


def writer(_: Any) -> type[BriefingWriter]:
    """Our writer."""
    return BriefingWriter


def listed(generator: Any) -> None:
    """Pelican's own groupings are not used; emptied, none of its loops over them runs."""
    generator.dates = []
    generator.tags = {}
    generator.categories = generator.authors = []


def finalized(pelican: Any) -> None:
    """Everything is written: now the email's bundle, from the same values."""
    from . import email  # noqa: PLC0415 - it is another room's, and only needed here

    catalog: Catalog = pelican.settings[CATALOG]
    publication: Publication = catalog.publication
    email.write(catalog.admitted, publication, Path(pelican.settings["OUTPUT_PATH"]))
