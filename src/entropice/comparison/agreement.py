"""How alike the maps of two runs are on the units."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from entropice.comparison.skill import spearman
from entropice.types import DataFrame, FloatArray

Maps = Mapping[tuple[str, int], FloatArray]
"""Values (n_unit,) by quantity and year."""


def agreement_table(maps: Mapping[str, Maps]) -> DataFrame:
    """Rank correlation and mean absolute difference of every pair of runs, quantity and year, where both are known.

    The expected share of land in cells with slumps grows with the cells: of runs with unlike cells compare its order,
    not its height. The expected density does not.

    Parameters
    ----------
    maps
        By run; all have the same quantities, years and units. NaN is unknown.

    Returns
    -------
    DataFrame
        ``run other quantity year rank_correlation mean_absolute_difference n_units``, pairs in the order of the runs.
        The correlation is Spearman's, the difference in the unit of the quantity, both over the ``n_units`` units that
        both know; NaN without any, the correlation also where either map is the same everywhere.

    Raises
    ------
    KeyError
        A run lacks a quantity or year of one before it.

    Examples
    --------
    >>> one, other = np.array([1.0, 2.0, np.nan]), np.array([1.0, 4.0, 5.0])
    >>> table = agreement_table({"a": {("p", 2020): one}, "b": {("p", 2020): other}})
    >>> table.iloc[:, 4:].to_numpy().tolist()
    [[1.0, 1.0, 2.0]]
    """
    rows = [
        {"run": one, "other": other, "quantity": quantity, "year": year,
         **_agreement(maps[one][quantity, year], maps[other][quantity, year])}
        for one, other in combinations(maps, 2)
        for quantity, year in maps[one]
    ]  # fmt: skip
    columns = ["run", "other", "quantity", "year", "rank_correlation", "mean_absolute_difference", "n_units"]
    return pd.DataFrame(rows, columns=columns)


def _agreement(one: FloatArray, other: FloatArray) -> dict[str, float]:
    is_known = ~np.isnan(one) & ~np.isnan(other)
    one, other = one[is_known], other[is_known]
    difference = float(np.abs(one - other).mean()) if len(one) else np.nan
    return {"rank_correlation": spearman(one, other), "mean_absolute_difference": difference, "n_units": len(one)}
