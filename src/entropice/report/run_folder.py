"""The run folder: all that a run hands to QGIS and to the reader, and how it is written."""

from dataclasses import dataclass
from pathlib import Path

from entropice.report.content import RunContent
from entropice.report.geopackage import write_geopackage
from entropice.report.manifest import build_manifest, file_entries, to_json
from entropice.report.overviews import Overview, write_overview


@dataclass(frozen=True)
class RunFolder:
    """What a run folder holds: the run, one GeoTIFF for each overview, and a complete HTML document."""

    content: RunContent
    overviews: tuple[Overview, ...]
    report_html: str


def write_run_folder(run: RunFolder, folder: Path) -> None:
    """Write every file into an empty folder, ``manifest.json`` with their hashes last; same content, same bytes."""
    write_geopackage(run.content, folder / "run.gpkg")
    for overview in run.overviews:
        write_overview(overview, folder / overview.file_name)
    (folder / "report.html").write_text(run.report_html, encoding="utf-8")
    manifest = build_manifest(run.content) | {
        "overviews": [overview.entry() for overview in run.overviews],
        "files": file_entries(folder),
    }
    (folder / "manifest.json").write_text(to_json(manifest), encoding="utf-8")
