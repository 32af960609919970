"""The map of a model that was applied without training: the quantities of a run's map that need no labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from entropice.report.geopackage import write_tables
from entropice.report.layers import CELLS, Layer, build_cells
from entropice.report.manifest import to_json
from entropice.report.model_files import ModelFiles, write_model_files
from entropice.report.quantities import OF_A_CELL, Quantity, YearOfRun, predicted_quantities
from entropice.report.table import Table
from entropice.report.tables import cells_table
from entropice.sha256 import file_entries, sha256_of_value
from entropice.types import DataFrame, GeoDataFrame

SCHEMA: Final = "entropice-applied/1"

OUTSIDE_RANGE: Final = Quantity(
    "n_features_outside_range", "Features beyond the training data",
    "Number of features whose value lies outside the range of the training rows.", "1", "doubt", "number",
    lambda year: year.predictions["n_features_outside_range"],
)  # fmt: skip


@dataclass(frozen=True)
class AppliedMap:
    """The table of cells, and how its columns are shown.

    Attributes
    ----------
    cells
        A row a cell, a column for each quantity and year, outlines in EPSG:3413.
    layers
        One for each column, the latest year first.
    """

    cells: Table
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class AppliedFolder:
    """The map with the model that drew it.

    Attributes
    ----------
    years
        Label years of the map, ascending.
    model
        Arrays and document of the model.
    run
        ``run_id`` and ``title`` of the run that the model is of.
    grid
        Key of the grid.
    """

    map: AppliedMap
    years: tuple[int, ...]
    model: ModelFiles
    run: Mapping[str, str]
    grid: str


def write_applied_folder(applied: AppliedFolder, folder: Path) -> None:
    """Write map and model into an empty folder, ``manifest.json`` with their hashes last; same content, same bytes.

    ``run.gpkg`` holds the table ``cells`` with its styles, `model.npz` and `model.json` the model. The manifest has
    ``schema`` (``entropice-applied/1``) ``run_id title model_of_run grid years rebuild_command files``, ``grid`` its
    ``key`` alone, ``files`` the ``name bytes sha256`` of these three files; its ``run_id`` is the first 16 hexadecimal
    digits of `sha256_of_value` of the model's ``run_id`` and the entries of these files. A write that breaks off leaves
    a folder without a manifest, which is no run.
    """
    write_tables([applied.map.cells], folder / "run.gpkg", layers=applied.map.layers)
    write_model_files(applied.model, folder)
    files = file_entries(folder)
    manifest = {
        "schema": SCHEMA,
        "run_id": sha256_of_value([applied.run["run_id"], files])[:16],
        "title": f"{applied.run['title']}: model applied without training",
        "model_of_run": applied.run["run_id"],
        "grid": {"key": applied.grid},
        "years": list(applied.years),
        "rebuild_command": f"kedro run --pipelines apply --params model=RUN_FOLDER, of run {applied.run['run_id']}",
        "files": files,
    }
    (folder / "manifest.json").write_text(to_json(manifest), encoding="utf-8")


def applied_map(cells: GeoDataFrame, predictions: DataFrame, class_names: tuple[str, ...]) -> AppliedMap:
    """One row per cell, a column for each quantity and year.

    Quantities are those of `predicted_quantities`, ``n_features_outside_range``, and ``lon_deg lat_deg area_m2
    land_fraction`` of the cell, as far as the predictions know them. Years are those of the predictions, ascending, and
    called by their numbers; rows are in the order of ``cells``. A cell without a prediction in a year has nulls there.

    Parameters
    ----------
    cells
        ``cell_id lon_deg lat_deg area_m2 land_fraction`` and outlines in EPSG:3413.
    predictions
        The columns of the dataset ``applied_predictions``, one row at most for each cell and year.
    class_names
        The classes of the model, the one without slumps first.
    """
    by_cell = cells.set_index("cell_id")
    years = sorted(predictions["year"].unique().tolist())
    told = ((year, _year_of(by_cell, predictions[predictions["year"] == year])) for year in years)
    table, layers = build_cells(told, (*predicted_quantities(class_names), OUTSIDE_RANGE, *OF_A_CELL))
    of_cells = tuple(layer for layer in layers if layer.table == CELLS)
    return AppliedMap(cells_table(table, of_cells, {year: str(year) for year in years}), of_cells)


def _year_of(by_cell: GeoDataFrame, rows: DataFrame) -> YearOfRun:
    """Nothing is known of labels, drivers, surveys and forecasts out of fold."""
    nothing = pd.DataFrame(index=by_cell.index)
    return YearOfRun(by_cell, nothing, rows.set_index("cell_id").reindex(by_cell.index), nothing, nothing, nothing)
