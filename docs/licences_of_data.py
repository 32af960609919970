"""Write docs/licences-of-data.md from the declarations of the sources: ``python docs/licences_of_data.py``."""

from pathlib import Path

from entropice.pipelines.sources.declaration import Licence
from entropice.pipelines.sources.registry import SOURCES

HEADER = """# Licences of data

Generated from the declarations below `src/entropice/pipelines/sources/` by `python docs/licences_of_data.py`. Whoever
shows results of the environment `arctic` shows these credits; each report and manifest does. No data are part of this
project.

| in `composition.yml` | source | terms | credit | reference |
|---|---|---|---|---|
"""


def licences_of_data() -> str:
    """The page."""
    licences = dict.fromkeys(source.licence for source in SOURCES if source.licence is not None)
    rows = [(_names(one), one.source, one.terms, one.credit, one.reference) for one in licences]
    return HEADER + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _names(licence: Licence) -> str:
    return ", ".join(f"`{source.name}`" for source in SOURCES if source.licence == licence)


if __name__ == "__main__":
    Path(__file__).with_name("licences-of-data.md").write_text(licences_of_data(), encoding="utf-8")
