"""What imaging the most probable cells first would find, of forecasts out of fold."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pandas as pd

from entropice.report.run_tables import RunTables
from entropice.types import DataFrame, FloatArray, Series

TARGET: Final = 0.8
"""Of all slumps, or cells with slumps: the share whose cost is read off."""
N_POINTS: Final = 100
CELLS_WITH_SLUMPS: Final = "cells with slumps"
SLUMPS: Final = "slumps counted"
SLUMP_AREA: Final = "slump area mapped"
FOUND: Final = {CELLS_WITH_SLUMPS: "happened", SLUMPS: "n_slumps", SLUMP_AREA: "slump_area_m2"}
GAIN_COLUMNS: Final = ["model", "found", "area", "share", "is_target"]
PRECISION_COLUMNS: Final = ["model", "recall", "precision", "lift", "prevalence"]
_ROUNDING: Final = 1e-9

Curve = Callable[[FloatArray, FloatArray], DataFrame]


def gain_curves(run: RunTables) -> DataFrame:
    """Share found by share of the tested land imaged, most probable cells first; each year counts anew.

    From `RunTables.judged` and, of the table ``cells``, ``area_m2 land_fraction`` and of each year ``rts_count
    rts_area_fraction observed_fraction``: the area of slumps is the product of the last two and the land.

    Returns
    -------
    DataFrame
        Columns ``model`` (title), ``found`` (``cells with slumps``, ``slumps counted`` or ``slump area mapped``),
        ``area`` and ``share`` in 0..1 at 100 equal steps of area from 0, and, ``is_target``, at the first probability
        down to which at least 80 % is found. Cells of equal probability are imaged in random order. Cells and years of
        which it is unknown are left out; no rows of what does not occur.

    Examples
    --------
    Two cells of one size; the one with the slump has the higher chance, so that half of the land finds all:

    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"cell_id": [7, 8], "area_m2": 1e6, "land_fraction": 1.0})
    >>> judged = pd.DataFrame({"model": "eSPA", "cell_id": [7, 8], "year": 2020, "p_any": [0.75, 0.25],
    ...                        "happened": [True, False]})
    >>> curve = gain_curves(SimpleNamespace(judged=judged, frame=lambda _: cells))
    >>> curve[curve["is_target"]][["found", "area", "share"]].to_numpy().tolist()
    [['cells with slumps', 0.5, 1.0]]
    """
    rows = _with_land_and_slumps(run)
    parts = [
        curve.assign(model=model, found=found)
        for found, column in FOUND.items()
        for model, curve in _of_models(rows, "land_m2", column, gain)
    ]
    return pd.concat(parts, ignore_index=True)[GAIN_COLUMNS] if parts else pd.DataFrame(columns=GAIN_COLUMNS)


def precision_curves(run: RunTables) -> DataFrame:
    """Precision by recall of any slump, at each hundredth of recall.

    Returns
    -------
    DataFrame
        Columns ``model`` (title), ``recall``, ``precision``, ``lift``: precision over ``prevalence``, the share of
        tested cells and years with slumps. No rows without slumps.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> judged = pd.DataFrame({"model": "eSPA", "p_any": [0.75, 0.5, 0.25], "happened": [True, False, True]})
    >>> precision_curves(SimpleNamespace(judged=judged))[["recall", "precision"]].round(3).to_numpy().tolist()
    [[0.5, 1.0], [1.0, 0.667]]
    """
    rows = run.judged.assign(n=1.0)
    parts = [curve.assign(model=model) for model, curve in _of_models(rows, "n", "happened", precision)]
    return pd.concat(parts, ignore_index=True)[PRECISION_COLUMNS] if parts else pd.DataFrame(columns=PRECISION_COLUMNS)


def gain(cost: FloatArray, hits: FloatArray) -> DataFrame:
    """Columns ``area share is_target`` of a gain curve, from cost and hits summed down to each step, (n_step,) each.

    A step is a probability, the highest first. ``share`` is interpolated at 100 equal steps of area, for cells of equal
    chance are imaged in random order; the last row is the first step at which the share reaches .8, but for 1e-9. The
    last sums are above 0; no sum is NaN.

    Examples
    --------
    >>> curve = gain(np.array([1.0, 2.0, 4.0]), np.array([3.0, 4.0, 4.0]))
    >>> curve[["area", "share"]].iloc[[0, 25, 50, -1]].to_numpy().tolist()
    [[0.0, 0.0], [0.25, 0.75], [0.5, 1.0], [0.5, 1.0]]
    """
    area, share = (np.append(0.0, values / values[-1]) for values in (cost, hits))
    # Whole numbers over N_POINTS, for steps that are summed up would not end at 1.
    at = np.arange(N_POINTS + 1) / N_POINTS
    target = np.argmax(share >= TARGET - _ROUNDING)
    return pd.DataFrame(
        {
            "area": np.append(at, area[target]),
            "share": np.append(np.interp(at, area, share), share[target]),
            "is_target": np.append(np.zeros(len(at), dtype=bool), True),
        }
    )


def precision(cost: FloatArray, hits: FloatArray) -> DataFrame:
    """Columns ``recall precision lift prevalence`` where recall reaches each hundredth, from cost and hits (n_step,).

    Both are summed down to each step, a step being a probability, the highest first; the last sums are above 0.

    Not interpolated: precision between two steps is no mixture of theirs. A step that reaches several hundredths comes
    once.

    Examples
    --------
    Of four cells, two have slumps, and are the first and the fourth to be imaged:

    >>> precision(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 1.0, 1.0, 2.0])).to_numpy().tolist()
    [[0.5, 1.0, 2.0, 0.5], [1.0, 0.5, 1.0, 0.5]]
    """
    recall, prevalence = hits / hits[-1], hits[-1] / cost[-1]
    # The first step at which each hundredth is reached; below it by rounding alone counts as reached.
    steps = np.unique(np.searchsorted(recall, np.arange(1, N_POINTS + 1) / N_POINTS - _ROUNDING))
    precisions = hits[steps] / cost[steps]
    return pd.DataFrame(
        {
            "recall": recall[steps],
            "precision": precisions,
            "lift": precisions / prevalence,
            "prevalence": prevalence,
        }
    )


def _of_models(rows: DataFrame, cost: str, hits: str, curve: Curve) -> Iterator[tuple[str, DataFrame]]:
    for model, of_model in rows.dropna(subset=[cost, hits]).groupby("model", sort=False):
        # Cells of one probability are one step: in which order they stand in the table must not matter.
        sums = of_model.groupby("p_any")[[cost, hits]].sum().astype(float)[::-1].cumsum()
        if sums[hits].iloc[-1] > 0:
            yield str(model), curve(sums[cost].to_numpy(), sums[hits].to_numpy())


def _with_land_and_slumps(run: RunTables) -> DataFrame:
    """The forecasts of cells that the run tells of, with ``land_m2 n_slumps slump_area_m2`` (NaN where unknown)."""
    cells = run.frame("cells").set_index("cell_id")
    land_m2 = (cells["area_m2"] * cells["land_fraction"]).rename("land_m2")
    rows = run.judged.join(land_m2, on="cell_id", how="inner")
    count, fraction, observed = (
        _in_its_year(rows, cells, name) for name in ("rts_count", "rts_area_fraction", "observed_fraction")
    )
    return rows.assign(n_slumps=count, slump_area_m2=fraction * observed * rows["land_m2"])


def _in_its_year(rows: DataFrame, cells: DataFrame, quantity: str) -> Series:
    """For each row a quantity of its cell and year; NaN where the run does not tell it."""
    values = pd.Series(np.nan, index=rows.index)
    for year in rows["year"].unique():
        if f"{quantity}_{year}" in cells:
            of_year = rows["year"] == year
            values[of_year] = rows.loc[of_year, "cell_id"].map(cells[f"{quantity}_{year}"].astype(float))
    return values
