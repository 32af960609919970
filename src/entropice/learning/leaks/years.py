"""Features of years after the label year."""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from entropice.learning.leaks.artefacts import Artefacts
from entropice.learning.leaks.check import Check, Finding
from entropice.types import FloatArray

KIND: Final = "feature year after label year"
_LATER: Final = re.compile(r"\by\+\d")
_LAG: Final = re.compile(r"(?P<stem>.+)_lag_(?P<years>\d+)(?P<unit>_.+)?$")


def future_features(artefacts: Artefacts) -> Iterator[Finding]:
    """Declared years beyond the label year, rows of the table that hold a later year of the cube, and shifted lags.

    Declared is the attribute ``years`` of a feature of the cube: "y+1" and the like are beyond the label year y. The
    others are those of `rows_of_a_later_year` and `shifted_lags`. One finding with the three lists of names, or none.
    The evidence is ``declared rows_of_a_later_year differ_from_their_lags``.
    """
    declared = [str(name) for name, feature in artefacts.cube.items() if _LATER.search(feature.attrs.get("years", ""))]
    later, shifted = rows_of_a_later_year(artefacts), shifted_lags(artefacts.cube)
    if declared or later or shifted:
        names = [*declared, *later, *shifted]
        yield Finding(
            KIND,
            f"{len(set(names))} features come from years after the label year, {names[0]} among them.",
            {"declared": declared, "rows_of_a_later_year": later, "differ_from_their_lags": shifted},
        )


def rows_of_a_later_year(artefacts: Artefacts) -> list[str]:
    """Features whose rows in the training table are not those of the cube in the label year.

    Looked at are features of both that change by year, (cell, year) in the cube; values are the same to 1e-5 of their
    size, and NaN is the same as NaN.

    Examples
    --------
    The table says of 2019 what the cube says of 2020.

    >>> rain = (("cell", "year"), [[300.0, 500.0]])
    >>> cube = xr.Dataset({"rain_mm": rain}, {"year": [2019, 2020], "cell_ids": ("cell", [7])})
    >>> table = pd.DataFrame({"cell_id": [7], "year": 2019, "rain_mm": 500.0})
    >>> run = Artefacts(table, table, {}, table, cube, table, 0.0, 2, 0, lambda some_folds: table)
    >>> rows_of_a_later_year(run)
    ['rain_mm']
    """
    cube, table = artefacts.cube, artefacts.table
    cell = pd.Index(cube["cell_ids"].to_numpy()).get_indexer(table["cell_id"])
    year = pd.Index(cube["year"].to_numpy()).get_indexer(table["year"])
    return [
        name
        for name in map(str, artefacts.features.columns)
        if name in cube
        and "year" in cube[name].dims
        and not _same(artefacts.features[name].to_numpy(), _by_cell_and_year(cube, name)[cell, year])
    ]


def shifted_lags(cube: xr.Dataset) -> list[str]:
    """Features of a cube on (cell, year) that are not, in an earlier year, what their lag says of that year.

    A lag is a variable called ``<stem>_lag_<years>[_<unit>]`` beside ``<stem>[_<unit>]``. Compared are years of which
    the cube holds the earlier one, too; names are sorted.

    Examples
    --------
    What the lag calls the rain of 2019 is not what rain says of 2019, but of 2020: it was shifted by a year.

    >>> values = {"rain_mm": [[300.0, 500.0]], "rain_lag_1_mm": [[100.0, 500.0]]}
    >>> variables = {name: (("cell", "year"), of_years) for name, of_years in values.items()}
    >>> cube = xr.Dataset(variables, {"year": [2019, 2020]})
    >>> shifted_lags(cube)
    ['rain_mm']
    """
    years = cube["year"].to_numpy()
    shifted = []
    for lagged in map(str, cube.data_vars):
        match = _LAG.match(lagged)
        name = f"{match['stem']}{match['unit'] or ''}" if match else ""
        if match is None or name not in cube:
            continue
        earlier = pd.Index(years).get_indexer(years - int(match["years"]))
        known = earlier >= 0
        if not _same(_by_cell_and_year(cube, lagged)[:, known], _by_cell_and_year(cube, name)[:, earlier[known]]):
            shifted.append(name)
    return sorted(set(shifted))


def _by_cell_and_year(cube: xr.Dataset, name: str) -> FloatArray:
    return np.asarray(cube[name].transpose("cell", "year").to_numpy(), dtype=np.float64)


def _same(found: FloatArray, expected: FloatArray) -> bool:
    return bool(np.allclose(found, expected, rtol=1e-5, atol=1e-9, equal_nan=True))


FUTURE: Final = Check(KIND, future_features)
