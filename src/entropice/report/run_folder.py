"""The run folder: all that a run hands to QGIS and to the reader, and how it is written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from entropice.report.content import RunContent
from entropice.report.geopackage import write_geopackage
from entropice.report.manifest import build_manifest, to_json
from entropice.report.model_files import ModelFiles, write_model_files
from entropice.report.overviews import Overview, write_overview
from entropice.report.starting_conditions import FILE_NAME, write_starting_conditions
from entropice.sha256 import file_entries
from entropice.types import Dataset

SURVEY_FILE: Final = "survey.csv"


@dataclass(frozen=True)
class RunFolder:
    """What a run folder holds.

    Attributes
    ----------
    overviews
        A GeoTIFF each.
    report_html
        A complete document.
    starting_conditions
        What other models start from.
    model
        What predicts elsewhere without training.
    """

    content: RunContent
    overviews: tuple[Overview, ...]
    report_html: str
    starting_conditions: Dataset
    model: ModelFiles


def write_run_folder(run: RunFolder, folder: Path) -> None:
    """Write every file into an empty folder, ``manifest.json`` with their hashes last; same content, same bytes.

    ``run.gpkg``, an ``overview_<column>.tif`` each, ``starting_conditions.nc``, ``model.npz``, ``model.json``,
    ``survey.csv`` (first choice first, empty where unknown), ``report.html``. `docs/run-folder.md` says what each
    holds. A write that breaks off leaves a folder without a manifest, which is no run.

    Raises
    ------
    ValueError
        The manifest or the model's document would hold NaN or an infinity.
    """
    write_geopackage(run.content, folder / "run.gpkg")
    for overview in run.overviews:
        write_overview(overview, folder / overview.file_name)
    write_starting_conditions(run.starting_conditions, folder / FILE_NAME)
    write_model_files(run.model, folder)
    run.content.survey.to_csv(folder / SURVEY_FILE, index=False, lineterminator="\n")
    (folder / "report.html").write_text(run.report_html, encoding="utf-8")
    manifest = build_manifest(run.content) | {
        "overviews": [overview.entry() for overview in run.overviews],
        "files": file_entries(folder),
    }
    (folder / "manifest.json").write_text(to_json(manifest), encoding="utf-8")
