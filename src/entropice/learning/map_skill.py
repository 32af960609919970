"""Scores of a map where the label of every cell is known, the unobserved ones among them."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.learning.classes import DensityClasses
from entropice.learning.scores import REFERENCE, fold_score_table
from entropice.learning.training_table import KEYS

ALL_LAND: Final = "all land"
NEVER_OBSERVED: Final = "land never observed"
_MAP: Final = "map"
COLUMNS: Final = {"extent": str, "score": str, "value": float, "n_cell_years": int, "n_positive": int}


def map_skill(
    predictions: pd.DataFrame,
    labels: pd.DataFrame,
    training_table: pd.DataFrame,
    classes: Mapping[str, Any],
    places: pd.DataFrame,
) -> pd.DataFrame:
    """Score a map against the labels of all its cells and years.

    Parameters
    ----------
    predictions
        Columns ``cell_id year p_<class>…``; rows without probabilities are left out.
    labels
        Columns ``cell_id year rts_area_fraction``; rows without a label are left out.
    training_table
        Columns ``cell_id rts_area_fraction`` of what was observed: skill is measured against its class frequencies.
    classes
        Of the map, as `DensityClasses.to_json` gives them.
    places
        As `score_table` takes them.

    Returns
    -------
    DataFrame
        ``extent score value n_cell_years n_positive`` for the extents "all land" and, where there is any, "land never
        observed": cells that are not in the training table. Scores are those of the registry. There are no intervals:
        nothing is left out of the count. No rows where the map and the labels share no cell and year.

    Raises
    ------
    LabelError
        A fraction is negative, or a cell has no block or no land, as `score_table`.

    Examples
    --------
    The map is right of cell 2, which nobody had looked at: a Brier score of 1/16 beside the prevalence's 1/4.

    >>> map_ = pd.DataFrame({"cell_id": [1, 2], "year": 2020, "p_none": [0.5, 0.25], "p_some": [0.5, 0.75]})
    >>> labels = pd.DataFrame({"cell_id": [1, 2], "year": 2020, "rts_area_fraction": [0.0, 0.1]})
    >>> seen = pd.DataFrame({"cell_id": [1, 3], "rts_area_fraction": [0.0, 0.2]})
    >>> classes = {"names": ["none", "some"], "edges": [], "mean_rts_area_fraction": [0.0, 0.2]}
    >>> places = pd.DataFrame({"block": [0, 1], "land_area_m2": 1e6}, index=[1, 2])
    >>> skill = map_skill(map_, labels, seen, classes, places).set_index(["extent", "score"])["value"]
    >>> float(skill[NEVER_OBSERVED, "brier_skill"])
    0.75
    """
    density = DensityClasses.from_json(dict(classes))
    columns = [f"p_{name}" for name in density.names]
    rows = predictions[[*KEYS, *columns]].merge(labels.dropna(), on=KEYS).dropna()
    if rows.empty:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    codes = density.assign(rows.pop("rts_area_fraction").to_numpy())
    # One fold for all: the map was fitted once, and has seen some of these rows. Land that was never observed is told
    # apart below, for there it has not.
    told = rows.assign(fold=0, model=_MAP, class_=np.array(density.names)[codes])
    reference = told.assign(model=REFERENCE, **dict(zip(columns, _frequencies(training_table, density), strict=True)))
    forecasts = pd.concat([told, reference], ignore_index=True)
    is_new = ~forecasts["cell_id"].isin(training_table["cell_id"])
    extents = pd.concat([forecasts.assign(scheme=ALL_LAND), forecasts[is_new].assign(scheme=NEVER_OBSERVED)])
    scores = fold_score_table(extents, places)
    of_map = scores[scores["model"] == _MAP].rename(columns={"scheme": "extent"})
    return of_map[list(COLUMNS)].reset_index(drop=True)


def _frequencies(training_table: pd.DataFrame, density: DensityClasses) -> list[float]:
    codes = density.assign(training_table["rts_area_fraction"].to_numpy())
    shares: list[float] = (np.bincount(codes, minlength=len(density.names)) / len(codes)).tolist()
    return shares
