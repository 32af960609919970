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

    Returns
    -------
    DataFrame
        ``run other quantity year rank_correlation mean_absolute_difference n_units``.
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
