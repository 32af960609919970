"""The tables of the run's GeoPackage, one row per cell or feature."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from entropice.types import DataFrame, GeoDataFrame

N_DRIVERS: Final = 3
CELL_COLUMNS: Final = ["cell_id", "lon_deg", "lat_deg", "land_fraction"]
LABEL_COLUMNS: Final = ["state", "observed_fraction", "rts_count", "rts_per_km2"]


def probability_columns(class_names: Sequence[str]) -> list[str]:
    """The column of each class, in class order."""
    return [f"p_{name}" for name in class_names]


def yearly_tables(
    cells: GeoDataFrame,
    labels: DataFrame,
    predictions: DataFrame,
    cell_drivers: DataFrame,
    class_names: Sequence[str],
) -> dict[int, GeoDataFrame]:
    """``cells_table`` of every predicted year, ascending."""
    years = sorted(predictions["year"].unique().tolist())
    return {year: cells_table(cells, labels, predictions, cell_drivers, class_names, year) for year in years}


def cells_table(
    cells: GeoDataFrame,
    labels: DataFrame,
    predictions: DataFrame,
    cell_drivers: DataFrame,
    class_names: Sequence[str],
    year: int,
) -> GeoDataFrame:
    """Every cell exactly once, in the order of ``cells``, with its label, prediction and leading drivers of a year.

    A cell without a label has state ``unobserved`` and null label columns; one without a prediction has null
    prediction columns. ``p_any_rts`` is 1 − the first class's probability.

    Raises
    ------
    pandas.errors.MergeError
        A cell has several labels or predictions in this year.
    """
    table = cells[[*CELL_COLUMNS, "geometry"]]
    for part in (
        _label_part(labels, year),
        _prediction_part(predictions, class_names, year),
        leading_drivers(cell_drivers, year),
    ):
        table = table.merge(part, on="cell_id", how="left", validate="one_to_one")
    return table.assign(cell_id=table["cell_id"].astype(np.int64), state=table["state"].fillna("unobserved"))


def _label_part(labels: DataFrame, year: int) -> DataFrame:
    part = labels.loc[labels["year"] == year, ["cell_id", *LABEL_COLUMNS]]
    return part.assign(state=part["state"].astype("str"), rts_count=part["rts_count"].astype("Int64"))


def _prediction_part(predictions: DataFrame, class_names: Sequence[str], year: int) -> DataFrame:
    probabilities = probability_columns(class_names)
    part = predictions.loc[predictions["year"] == year]
    derived = part.assign(
        class_=part["class_"].astype("str"),
        p_any_rts=1.0 - part[probabilities[0]],
        box=part["box"].astype("Int64"),
    )
    return derived[
        ["cell_id", "class_", *probabilities, "p_any_rts", "p_max", "entropy", "expected_rts_area_fraction", "box"]
    ]


def leading_drivers(cell_drivers: DataFrame, year: int) -> DataFrame:
    """One row per cell: ``driver_1 … driver_3`` and their signed shares; null where a cell has fewer drivers."""
    part = cell_drivers[cell_drivers["year"] == year]
    table = part[["cell_id"]].drop_duplicates()
    for rank in range(1, N_DRIVERS + 1):
        names = {"feature": f"driver_{rank}", "share": f"driver_{rank}_share"}
        of_rank = part.loc[part["rank"] == rank, ["cell_id", *names]].rename(columns=names)
        table = table.merge(of_rank, on="cell_id", how="left", validate="one_to_one")
    return table


def drivers_table(cells_of_year: GeoDataFrame) -> GeoDataFrame:
    """The leading driver of every cell: ``cell_id``, ``driver_1``, ``share``, geometry."""
    renamed = cells_of_year.rename(columns={"driver_1_share": "share"})
    return renamed[["cell_id", "driver_1", "share", "geometry"]]


def importances_table(drivers: DataFrame, features: DataFrame) -> DataFrame:
    """The global importances, strongest first, with each feature's long name and unit."""
    described = drivers.merge(
        features[["name", "long_name", "unit"]], left_on="feature", right_on="name", how="left"
    ).rename(columns={"group": "feature_group"})
    columns = ["feature", "feature_group", "long_name", "unit", "weight", "null_q95", "rank"]
    return described.sort_values("rank")[columns].reset_index(drop=True)


def features_table(attributes: dict[str, dict[str, object]]) -> DataFrame:
    """One row per feature of the cube from its variables' attributes, in the cube's order."""
    fields = {"unit": "units"} | {field: field for field in ("group", "source", "statistic", "years", "long_name")}
    rows = [
        {"name": name} | {field: str(found[key]) for field, key in fields.items()} for name, found in attributes.items()
    ]
    return pd.DataFrame(rows, columns=["name", *fields])
