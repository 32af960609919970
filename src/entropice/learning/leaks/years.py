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
    """Declared years beyond the label year, rows of the table that hold a later year of the cube, and shifted lags."""
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
    """Features whose rows in the training table are not those of the cube in the label year."""
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

    A lag is a variable called ``<stem>_lag_<years>[_<unit>]`` beside ``<stem>[_<unit>]``.
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
