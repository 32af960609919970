"""The map of a model that was applied without training: the quantities of a run's map that need no labels."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from entropice.report.layers import CELLS, Layer, build_cells
from entropice.report.quantities import OF_A_CELL, Quantity, YearOfRun, predicted_quantities
from entropice.report.table import Table
from entropice.report.tables import cells_table
from entropice.types import DataFrame, GeoDataFrame

OUTSIDE_RANGE: Final = Quantity(
    "n_features_outside_range", "Features beyond the training data",
    "Number of features whose value lies outside the range of the training rows.", "1", "doubt", "number",
    lambda year: year.predictions["n_features_outside_range"],
)  # fmt: skip


@dataclass(frozen=True)
class AppliedMap:
    """The table of cells, and how its columns are shown."""

    cells: Table
    layers: tuple[Layer, ...]


def applied_map(cells: GeoDataFrame, predictions: DataFrame, class_names: tuple[str, ...]) -> AppliedMap:
    """One row per cell, a column for each quantity and year.

    Parameters
    ----------
    cells
        ``cell_id lon_deg lat_deg area_m2 land_fraction`` and outlines in EPSG:3413.
    predictions
        The columns of the dataset ``applied_predictions``.
    """
    by_cell = cells.set_index("cell_id")
    years = sorted(predictions["year"].unique().tolist())
    told = {year: _year_of(by_cell, predictions[predictions["year"] == year]) for year in years}
    table, layers = build_cells(told, (*predicted_quantities(class_names), OUTSIDE_RANGE, *OF_A_CELL))
    of_cells = tuple(layer for layer in layers if layer.table == CELLS)
    return AppliedMap(cells_table(table, of_cells, {year: str(year) for year in years}), of_cells)


def _year_of(by_cell: GeoDataFrame, rows: DataFrame) -> YearOfRun:
    """Nothing is known of labels, drivers and surveys."""
    nothing = pd.DataFrame(index=by_cell.index)
    return YearOfRun(by_cell, nothing, rows.set_index("cell_id").reindex(by_cell.index), nothing, nothing)
