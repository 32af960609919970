"""The run folder: all that a run hands to QGIS and to the reader, and how it is written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entropice.report.geopackage import write_geopackage
from entropice.report.layers import Layer
from entropice.report.manifest import file_entries, to_json
from entropice.report.overviews import Overview, write_overview


@dataclass(frozen=True)
class RunFolder:
    """The content of a run folder.

    Attributes
    ----------
    layers
        Tables of ``run.gpkg``, top of the map first.
    overviews
        One GeoTIFF each.
    report_html
        A complete HTML document.
    manifest
        Everything but ``layers``, ``overviews`` and ``files``, which follow from the content.
    """

    layers: tuple[Layer, ...]
    overviews: tuple[Overview, ...]
    report_html: str
    manifest: dict[str, Any]


def write_run_folder(content: RunFolder, folder: Path) -> None:
    """Write every file into an empty folder, ``manifest.json`` with their hashes last; same content, same bytes."""
    write_geopackage(content.layers, folder / "run.gpkg")
    for overview in content.overviews:
        write_overview(overview, folder / overview.file_name)
    (folder / "report.html").write_text(content.report_html, encoding="utf-8")
    manifest = content.manifest | {
        "layers": [layer.description() for layer in content.layers],
        "overviews": [overview.description() for overview in content.overviews],
        "files": file_entries(folder),
    }
    (folder / "manifest.json").write_text(to_json(manifest), encoding="utf-8")
