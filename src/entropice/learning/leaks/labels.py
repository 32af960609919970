"""Features that are labels: of the row itself, of its neighbours, of its own cell in other years."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from entropice.learning.leaks.artefacts import Artefacts
from entropice.learning.leaks.check import Check, Finding
from entropice.learning.leaks.ranks import areas_under_curves, rank_correlations
from entropice.quotients import quotient
from entropice.types import FloatArray, IntArray

STRONGEST: Final = 0.9
"""Rank correlation that no measurement has with labels; with slumps or none, 2 AUC − 1 stands for it.

Of virtual Arctics (eight, 188 features each) the strongest is .67 with a row's own label, .77 with its neighbours'.
"""

NUMBERS_OF_NEIGHBOURS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 18)


def own_labels(artefacts: Artefacts) -> Iterator[Finding]:
    """Features that go with the row's own label: that tell slumps from none, or that rise with their area.

    Above 0.9 in absolute rank correlation with the area fraction, or in |2 AUC − 1| of slumps against none; a slump of
    unknown area counts as a fraction of 1. One finding for all such features, or none. The evidence is
    ``correlations``, by name, the strongest first. `rank_correlations` and `areas_under_curves` say how unknown values
    count.

    Examples
    --------
    >>> import xarray as xr
    >>> table = pd.DataFrame({"cell_id": [1, 2, 3], "year": 2020, "rts_area_fraction": [0.0, 0.1, 0.2]})
    >>> table = table.assign(headwalls=[0.0, 3.0, 9.0], rain=[5.0, 4.0, 6.0])
    >>> run = Artefacts(table, table, {}, table, xr.Dataset(), table, 0.0, 2, 0, lambda some_folds: table)
    >>> [finding.statement for finding in own_labels(run)]
    ['headwalls has a rank correlation of 1.00 with its own label; 1 features exceed 0.9.']
    """
    area = artefacts.table[["rts_area_fraction"]].fillna(1.0)
    by_area = rank_correlations(artefacts.features, area)["rts_area_fraction"]
    by_order = 2 * (areas_under_curves(artefacts.features, artefacts.is_positive) - 0.5).abs()
    strongest = pd.concat([by_area, by_order], axis=1).max(axis=1)
    yield from _findings("label as a feature", strongest, "its own label")


def neighbours_labels(artefacts: Artefacts) -> Iterator[Finding]:
    """Features that go with labels of the nearest other cells, or of the cell in other years.

    Above 0.9 in absolute rank correlation with any of `neighbour_means`. One finding for all such features, or none.
    The evidence is ``correlations``, by name, the strongest first.
    """
    strongest = rank_correlations(artefacts.features, pd.DataFrame(neighbour_means(artefacts))).max(axis=1)
    yield from _findings("neighbour's label", strongest, "labels of neighbouring cells or other years")


def _findings(kind: str, strongest: pd.Series, of_what: str) -> Iterator[Finding]:
    found = strongest[strongest > STRONGEST].sort_values(ascending=False)
    if len(found):
        yield Finding(
            kind,
            f"{found.index[0]} has a rank correlation of {found.iloc[0]:.2f} with {of_what}; "
            f"{len(found)} features exceed {STRONGEST:g}.",
            {"correlations": {str(name): float(value) for name, value in found.items()}},
        )


def neighbour_means(artefacts: Artefacts) -> dict[str, FloatArray]:
    """Means (n,) of labels by name: over the nearest cells in the same year and in all, over the cell's other years.

    Rows are those of the training table; labels are slumps (0 or 1) and their area fraction, unknown areas taken as the
    largest. Names are ``<label> in other years``, ``<label> of <k> nearest`` and ``<label> of <k> nearest in all
    years`` for every k of 1 to 8, 10, 12 and 18 (`NUMBERS_OF_NEIGHBOURS`) that there are other cells for. NaN where no
    such label is known.

    Examples
    --------
    Of three cells on a line the middle one has slumps, and is the nearest of both others.

    >>> import xarray as xr
    >>> table = pd.DataFrame({"cell_id": [1, 2, 3], "year": 2020, "rts_area_fraction": [0.0, 0.1, 0.0]})
    >>> places = pd.DataFrame({"x_m": [0.0, 1e3, 3e3], "y_m": 0.0}, index=[1, 2, 3])
    >>> run = Artefacts(table, table, {}, table, xr.Dataset(), places, 0.0, 2, 0, lambda some_folds: table)
    >>> neighbour_means(run)["slumps of 1 nearest"].tolist()
    [1.0, 0.0, 1.0]
    """
    table = artefacts.table
    # Means over several numbers of neighbours, as nobody knows how many a leaking feature has smoothed over.
    area = table["rts_area_fraction"].fillna(table["rts_area_fraction"].max())
    labels = table[["cell_id", "year"]].assign(slumps=artefacts.is_positive.astype(float), area=area)
    means: dict[str, FloatArray] = {}
    for label in ("slumps", "area"):
        by_year = labels.pivot_table(label, "cell_id", "year")
        cell = by_year.index.get_indexer(pd.Index(table["cell_id"]))
        year = by_year.columns.get_indexer(pd.Index(table["year"]))
        values = by_year.to_numpy(dtype=np.float64)
        means[f"{label} in other years"] = _other_years(values)[cell, year]
        for k, nearest in _nearest(artefacts.places.loc[by_year.index]).items():
            sums, counts = np.nansum(values[nearest], axis=1), (~np.isnan(values[nearest])).sum(axis=1)
            means[f"{label} of {k} nearest"] = quotient(sums, counts)[cell, year]
            means[f"{label} of {k} nearest in all years"] = quotient(sums.sum(axis=1), counts.sum(axis=1))[cell]
    return means


def _other_years(values: FloatArray) -> FloatArray:
    """Mean of each row of (n_cell, n_year) without the entry itself; NaN where it is the only one."""
    known = ~np.isnan(values)
    sums, counts = np.nansum(values, axis=1, keepdims=True), known.sum(axis=1, keepdims=True)
    return quotient(sums - np.nan_to_num(values), counts - known)


def _nearest(places: pd.DataFrame) -> dict[int, IntArray]:
    """Positions (n_cell, k) of the k nearest other cells, by k."""
    coordinates_m = places[["x_m", "y_m"]].to_numpy(dtype=np.float64)
    most = min(max(NUMBERS_OF_NEIGHBOURS), len(places) - 1)
    _, nearest = KDTree(coordinates_m).query(coordinates_m, k=most + 1)
    return {k: nearest[:, 1 : k + 1] for k in NUMBERS_OF_NEIGHBOURS if k <= most}


LABELS: Final = Check("label as a feature", own_labels)
NEIGHBOURS: Final = Check("neighbour's label", neighbours_labels)
