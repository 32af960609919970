"""What each run says of the units: forecasts of observed ground, and the whole map.

Expectation is linear, whatever the dependence between cells: the expected slump area of a unit is the sum over its
cells of expected density × land area, so its expected density is the mean of the cells' weighted by land area, and the
expected share of its land that lies in cells with slumps is the mean of their probabilities weighted alike. The
probability of any slump in the unit does not follow from those of its cells: 1 − Π(1 − p) holds for independent cells
only, and neighbours are alike. So nothing here asks for it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from entropice.comparison.finished_run import DENSITY, OBSERVED, PROBABILITY, FinishedRun
from entropice.comparison.units import Overlap
from entropice.types import BoolArray, DataFrame, FloatArray, GeoDataFrame

MAPPED: Final = (DENSITY, PROBABILITY)
"""Quantities of the map that are brought to units."""


def forecasts_on_units(run: FinishedRun, truth: DataFrame, on_units: Overlap, min_covered_share: float) -> DataFrame:
    """Out-of-fold densities of every model on observed ground.

    A unit's is Σ d A / Σ A over its cells that were tested: d the expected density, A the part of the cell's observed
    land that lies in the unit.

    Parameters
    ----------
    truth
        As `truth.observed_density` returns it: ``cell_id year observed_land_area_m2``, units in their order in every
        year.
    min_covered_share
        Of a unit's observed land that tested cells must hold; elsewhere the unit has no forecast.

    Returns
    -------
    DataFrame
        ``cell_id year model forecast``, known rows only, by year, model and unit; ``cell_id`` is the unit's.

    Raises
    ------
    ValueError
        The run has no forecast of any year of the truth.
    """
    parts = [
        _of_year(run, str(model), observed, rows, on_units, min_covered_share)
        for year, observed in truth.groupby("year", sort=True)
        for model, rows in run.forecasts[run.forecasts["year"] == year].groupby("model", sort=True)
    ]
    return pd.concat(parts, ignore_index=True)


def _of_year(
    run: FinishedRun,
    model: str,
    truth: DataFrame,
    rows: DataFrame,
    on_units: Overlap,
    min_covered_share: float,
) -> DataFrame:
    density = rows.set_index("cell_id")["rts_area_fraction"].reindex(run.cells.index).to_numpy(np.float64)
    observed_m2 = run.cells["land_area_m2"].to_numpy(np.float64) * run.mapped(OBSERVED, truth["year"].iloc[0])
    # Only observed land counts: a forecast for land that nobody saw cannot be judged by what was seen.
    tested_m2 = on_units.total(np.where(np.isnan(density), np.nan, observed_m2))
    is_covered = tested_m2 >= min_covered_share * truth["observed_land_area_m2"].to_numpy(np.float64)
    forecast = np.where(is_covered, on_units.mean(density, np.nan_to_num(observed_m2)), np.nan)
    return truth[["cell_id", "year"]].assign(model=model, forecast=forecast).dropna()


def maps_on_units(
    run: FinishedRun, units: GeoDataFrame, on_units: Overlap, min_covered_share: float
) -> Mapping[tuple[str, int], FloatArray]:
    """Quantities of the map by name and year, each (n_unit,); NaN where too little of a unit's land is mapped.

    Means over the cells of a unit, weighted by their land in it: expected density, and the share of the land that lies
    in cells with slumps. Too little is less than `min_covered_share` of the unit's land. The names are
    ``expected_rts_area_fraction`` and ``p_any_rts``, the years those of the run.
    """
    land_m2 = run.cells["land_area_m2"].to_numpy(np.float64)
    unit_land_m2 = (units["area_m2"] * units["land_fraction"]).to_numpy(np.float64)
    return {
        (quantity, year): _mapped_mean(run.mapped(quantity, year), land_m2, unit_land_m2, on_units, min_covered_share)
        for quantity in MAPPED
        for year in run.run.years
    }


def _mapped_mean(
    values: FloatArray, land_m2: FloatArray, unit_land_m2: FloatArray, on_units: Overlap, min_covered_share: float
) -> FloatArray:
    mapped_m2 = on_units.total(np.where(np.isnan(values), np.nan, land_m2))
    return np.where(mapped_m2 >= min_covered_share * unit_land_m2, on_units.mean(values, land_m2), np.nan)


def known_by_all(forecasts: Sequence[DataFrame]) -> DataFrame:
    """``cell_id year`` of every unit and year for which each run has a forecast of each of its models.

    Parameters
    ----------
    forecasts
        Of each run, at least one, as `forecasts_on_units` returns them: ``model cell_id year``, known rows only.

    Returns
    -------
    DataFrame
        By year and ``cell_id``.

    Examples
    --------
    >>> one = pd.DataFrame({"model": ["espa", "forest", "espa"], "cell_id": [1, 1, 2], "year": 2020})
    >>> other = pd.DataFrame({"model": "espa", "cell_id": [2, 1], "year": 2020})
    >>> known_by_all([one, other]).to_numpy().tolist()
    [[1, 2020]]
    """
    complete = [_complete(table) for table in forecasts]
    first, *others = complete
    for other in others:
        first = first.merge(other, on=["cell_id", "year"])
    return first.sort_values(["year", "cell_id"], ignore_index=True)


def _complete(forecasts: DataFrame) -> DataFrame:
    counts = forecasts.groupby(["cell_id", "year"]).size()
    # Models of a run are scored on the same units, or one that keeps silent where it is hard would look better.
    is_complete: BoolArray = (counts == forecasts["model"].nunique()).to_numpy()
    return counts[is_complete].index.to_frame(index=False)
