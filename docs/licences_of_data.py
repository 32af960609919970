"""Write docs/licences-of-data.md from the declarations of the sources: ``python docs/licences_of_data.py``."""

from pathlib import Path

from entropice.pipelines.image_sources.registry import IMAGE_SOURCES
from entropice.pipelines.sources.declaration import Licence
from entropice.pipelines.sources.registry import SOURCES

HEADER = """# Licences of data

Generated from the declarations below `src/entropice/pipelines/sources/` and `src/entropice/pipelines/image_sources/` by
`python docs/licences_of_data.py`. Whoever shows results made of these data shows these credits; each report, model card
and manifest does. No data are part of this project.

| in `composition.yml` | source | terms | credit | reference |
|---|---|---|---|---|
"""


def licences_of_data() -> str:
    """The page."""
    by_licence: dict[Licence, list[str]] = {}
    for name, licences in _declared():
        for licence in licences:
            by_licence.setdefault(licence, []).append(f"`{name}`")
    rows = [(", ".join(names), one.source, one.terms, one.credit, one.reference) for one, names in by_licence.items()]
    return HEADER + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _declared() -> list[tuple[str, tuple[Licence, ...]]]:
    of_cells = [(source.name, (source.licence,)) for source in SOURCES if source.licence is not None]
    return of_cells + [(source.name, source.licences) for source in IMAGE_SOURCES]


if __name__ == "__main__":
    Path(__file__).with_name("licences-of-data.md").write_text(licences_of_data(), encoding="utf-8")
