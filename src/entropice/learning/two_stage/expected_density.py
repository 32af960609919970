"""How many objects a cell lets one expect per km² of its land, before anybody looks.

With P(c | x) the chances of the classes and m_c the mean density of the training rows of class c, a cell expects

    λ(x) = Σ_c P(c | x) m_c.

What a cell has shown must not come back as what was expected of it. So cells that labels were learned from take the
forecast of the fold that has not seen them, with the means of that fold's training rows; all others take the map's.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.errors import SchemaError
from entropice.learning.classes import DensityClasses
from entropice.learning.folds import TRAIN
from entropice.learning.folds.table import has_role
from entropice.learning.training_table import KEYS
from entropice.types import DataFrame, FloatArray

DENSITY: Final = "rts_per_km2"
"""Column of labels whose mean stands for a class."""


def class_means(rows: DataFrame, classes: DensityClasses, column: str = DENSITY) -> "pd.Series[float]":
    """Mean of a column over labelled rows by class, indexed ``p_<class>`` in class order; 0 of a class that no row has.

    `rows` has the columns ``rts_area_fraction``, by which rows get their class, and `column`. Unknown values (NaN) are
    left out of a mean; it is NaN where a class has rows and none is known.

    Raises
    ------
    LabelError
        A fraction is negative, or NaN where classes have edges, as of `assign_classes`.

    Examples
    --------
    >>> classes = DensityClasses(("none", "some"), np.array([]), np.array([0.0, 0.3]))
    >>> rows = pd.DataFrame({"rts_area_fraction": [0.0, 0.2, 0.4], "rts_per_km2": [0.0, 1.0, 2.0]})
    >>> class_means(rows, classes).to_dict()
    {'p_none': 0.0, 'p_some': 1.5}
    """
    names = np.array(classes.names)[classes.assign(rows["rts_area_fraction"].to_numpy())]
    means = rows[column].astype(np.float64).groupby(names).mean()
    return means.reindex(list(classes.names), fill_value=0.0).add_prefix("p_")


def means_by_fold(
    table: DataFrame, folds: DataFrame, fold_classes: Mapping[str, dict[str, Any]], column: str = DENSITY
) -> DataFrame:
    """`class_means` of the training rows of every fold of one scheme: a row a fold, a column ``p_<class>`` a class.

    Rows are indexed by the fold's number. A class that a fold lacks has 0, and so has one whose mean is not known.
    `table` has the columns ``cell_id year rts_area_fraction`` and `column`, `folds` the columns ``scheme fold cell_id
    year role``; `fold_classes` gives the document of each fold's classes (`DensityClasses.to_json`) by "scheme/fold".

    Raises
    ------
    LabelError
        As `class_means`.

    Examples
    --------
    >>> table = pd.DataFrame({"cell_id": [1, 2], "year": 2020, "rts_area_fraction": [0.0, 0.2]})
    >>> roles = pd.DataFrame({"cell_id": [1, 2], "year": pd.array([None, None], "Int64"), "role": "train"})
    >>> classes = {"names": ["none", "some"], "edges": [], "mean_rts_area_fraction": [0.0, 0.2]}
    >>> folds, table = roles.assign(scheme="spatial", fold=0), table.assign(rts_per_km2=[0.0, 3.0])
    >>> means_by_fold(table, folds, {"spatial/0": classes}).to_dict("index")
    {0: {'p_none': 0.0, 'p_some': 3.0}}
    """
    means = {
        fold: class_means(
            table[has_role(table, roles, TRAIN)], DensityClasses.from_json(fold_classes[f"{scheme}/{fold}"]), column
        )
        for (scheme, fold), roles in folds.groupby(["scheme", "fold"])
    }
    return pd.DataFrame(means).T.fillna(0.0)


def expected_in_folds(forecasts: DataFrame, of_fold: DataFrame) -> FloatArray:
    """Σ P(class) × mean of the class in the row's fold (n,), by rows ``fold p_<class>…`` and `means_by_fold`.

    In the unit of the means. An unknown probability counts as 0.

    Examples
    --------
    >>> forecasts = pd.DataFrame({"fold": [0, 1], "p_none": [0.5, 0.75], "p_some": [0.5, 0.25]})
    >>> expected_in_folds(forecasts, pd.DataFrame({"p_none": [0.0, 0.0], "p_some": [2.0, 4.0]}, index=[0, 1])).tolist()
    [1.0, 1.0]
    """
    means = of_fold.loc[forecasts["fold"]].to_numpy()
    expected: FloatArray = (forecasts[list(of_fold)].fillna(0.0).to_numpy(np.float64) * means).sum(axis=1)
    return expected


def expected_density(
    out_of_fold: DataFrame, of_fold: DataFrame, predictions: DataFrame, of_map: "pd.Series[float]", years: Sequence[int]
) -> DataFrame:
    """Expected density of every cell in some years: Σ P(class) × mean density of the class.

    Parameters
    ----------
    out_of_fold
        ``fold cell_id year p_<class>…`` of one model and scheme: each row once.
    of_fold, of_map
        `means_by_fold`, and `class_means` of all training rows.
    predictions
        ``cell_id year p_<class>…`` of the map: each cell and year once, NaN where there is no prediction.
    years
        Of the map, that are told.

    Returns
    -------
    DataFrame
        ``cell_id year expected_per_km2 is_out_of_fold``, by cell and year, of every row of the map in these years; NaN
        where there is no forecast. A forecast out of fold takes the place of the map's, with its fold's means.

    Raises
    ------
    SchemaError
        A cell and year has several forecasts out of fold, or the map has none of a year.

    Examples
    --------
    Cell 1 was learned from, and is expected to hold what the fold without it says: 0.25 · 4 rather than 0.5 · 2.

    >>> map_ = pd.DataFrame({"cell_id": [1, 2], "year": 2020, "p_none": 0.5, "p_some": 0.5})
    >>> held_out = pd.DataFrame({"fold": [0], "cell_id": [1], "year": [2020], "p_none": [0.75], "p_some": [0.25]})
    >>> of_fold = pd.DataFrame({"p_none": [0.0], "p_some": [4.0]}, index=[0])
    >>> told = expected_density(held_out, of_fold, map_, pd.Series({"p_none": 0.0, "p_some": 2.0}), [2020])
    >>> told[["cell_id", "expected_per_km2", "is_out_of_fold"]].values.tolist()
    [[1, 1.0, True], [2, 1.0, False]]
    """
    _require(out_of_fold, predictions, years)
    mapped = predictions.loc[predictions["year"].isin(years), [*KEYS, *of_map.index]]
    on_map = mapped[list(of_map.index)].to_numpy(np.float64) @ of_map.to_numpy()
    held_out = out_of_fold[KEYS].assign(held_out=expected_in_folds(out_of_fold, of_fold))
    both = mapped[KEYS].assign(on_map=on_map).merge(held_out, on=KEYS, how="left", validate="one_to_one")
    is_out_of_fold = both["held_out"].notna()
    table = both[KEYS].assign(
        expected_per_km2=both["held_out"].where(is_out_of_fold, both["on_map"]), is_out_of_fold=is_out_of_fold
    )
    return table.sort_values(KEYS, ignore_index=True)


def _require(out_of_fold: DataFrame, predictions: DataFrame, years: Sequence[int]) -> None:
    repeated = out_of_fold.duplicated(KEYS)
    if repeated.any():
        raise SchemaError(
            "A cell and year has several forecasts out of fold.",
            field="cell_id, year",
            sample=out_of_fold.loc[repeated, "cell_id"],
            fix="choose one model and scheme",
        )
    missing = sorted(set(years) - set(predictions["year"]))
    if missing:
        raise SchemaError(
            "The map has no forecast of a year.",
            field="year",
            got=sorted(set(predictions["year"])),
            expected=missing,
            fix="add the year to modelling.prediction_years of the run that this one builds on, or leave it out",
        )
