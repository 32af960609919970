"""Features that were fitted on all rows, and features that say where a cell is."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from entropice.learning.leaks.artefacts import Artefacts
from entropice.learning.leaks.check import Check, Finding
from entropice.learning.leaks.ranks import rank_correlations
from entropice.learning.training_table import cells_and_years, feature_frame
from entropice.types import BoolArray, FloatArray

EXACT: Final = 1e-6
PLACE: Final = 0.999


def scaled_features(artefacts: Artefacts) -> Iterator[Finding]:
    """Columns with mean 0 and standard deviation 1 over all rows, or without any correlation: measurements have none.

    Looked at are the rows (n) of the training table and all cells and years of the cube, by `standardised` and
    `components`. One finding with their names by table, or none. The evidence is ``features``: sorted names by
    ``training_table`` and ``features`` (the cube).

    Raises
    ------
    FeatureError
        If a feature of the cube with mean 0 holds an infinite value.
    """
    frames = {"training_table": artefacts.features, "features": centred_features(artefacts.cube)}
    found = {
        name: sorted({*standardised(frame), *components(frame)})
        for name, frame in frames.items()
    }  # fmt: skip
    if any(found.values()):
        names = next(each for each in found.values() if each)
        yield Finding(
            "scaling or components fitted on all rows",
            f"{len(names)} features, {names[0]} among them, are standardised or uncorrelated over all rows, test rows "
            "included.",
            {"features": found},
        )


def centred_features(cube: xr.Dataset) -> pd.DataFrame:
    """The features of a cube that have mean 0, nearly, over all cells and years, with ``cell_id year``.

    Dims of the cube are (cell, year); a row for each cell and year. Nearly is to a millionth of the standard deviation,
    or of 1 where that is larger. All others are as little standardised as they are components; one feature is in memory
    at a time.

    Raises
    ------
    FeatureError
        If one of them holds an infinite value.

    Examples
    --------
    >>> features = {"rain_mm": (("cell", "year"), [[300.0], [500.0]]), "scaled": (("cell", "year"), [[-1.0], [1.0]])}
    >>> cube = xr.Dataset(features, {"year": [2020], "cell_ids": ("cell", np.array([7, 8], dtype=np.uint64))})
    >>> centred_features(cube).to_dict("list")
    {'cell_id': [7, 8], 'year': [2020, 2020], 'scaled': [-1.0, 1.0]}
    """
    years = cube["year"].to_numpy().tolist()
    others = [name for name, feature in cube.data_vars.items() if not _is_centred(cells_and_years(feature, years))]
    return feature_frame(cube.drop_vars(others), years)


def _is_centred(values: FloatArray) -> bool:
    mean, deviation = _moments(pd.DataFrame({"feature": values.ravel()}))
    return bool((mean.abs() < EXACT * deviation.clip(lower=1.0)).all())


def standardised(frame: pd.DataFrame) -> list[str]:
    """Names of the columns with mean 0 and standard deviation 1 (of the known values, to 1e-6; n in the denominator).

    Examples
    --------
    >>> standardised(pd.DataFrame({"rain_mm": [300.0, 500.0, np.nan], "scaled": [-1.0, 1.0, np.nan]}))
    ['scaled']
    """
    # No measurement has mean 0 and deviation 1 to six digits; a scaler leaves just that on the rows it was fitted to.
    mean, deviation = _moments(frame)
    return [str(name) for name in frame.columns[(mean.abs() < EXACT) & ((deviation - 1).abs() < EXACT)]]


def components(frame: pd.DataFrame) -> list[str]:
    """Names of the columns with mean 0 that are uncorrelated (below 1e-6) with another such column; NaN counts as 0.

    Mean 0 is to a millionth of the standard deviation; constant columns, and one such column alone, are none.

    Examples
    --------
    >>> frame = pd.DataFrame({"first": [1.0, 1.0, -1.0, -1.0], "second": [1.0, -1.0, 1.0, -1.0]})
    >>> components(frame.assign(rain=[1.0, 2.0, 4.0, 8.0]))
    ['first', 'second']
    """
    mean, deviation = _moments(frame)
    varies = deviation > 0
    centred = frame.loc[:, varies & (mean.abs() < EXACT * deviation)].fillna(0.0)
    if centred.shape[1] < 2:
        return []
    # Components of all rows are uncorrelated over all rows, to the last digits; those of training rows are not quite,
    # and two measurements never.
    is_uncorrelated = (np.abs(np.corrcoef(centred.to_numpy(), rowvar=False)) < EXACT).any(axis=1)
    return [str(name) for name, found in zip(centred.columns, is_uncorrelated, strict=True) if found]


def _moments(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Mean and standard deviation of each column; one column at a time, for a step of all takes as much memory."""
    return (
        pd.Series({name: column.mean() for name, column in frame.items()}, dtype=float),
        pd.Series({name: column.std(ddof=0) for name, column in frame.items()}, dtype=float),
    )


def coordinate_features(artefacts: Artefacts) -> Iterator[Finding]:
    """Features that rise with longitude, latitude or a coordinate, or are linear in the coordinates.

    Either a rank correlation above 0.999 with one of ``x_m y_m lon_deg lat_deg``, or more than 0.999 of the variance of
    the known values explained by a plane over the map, where at least half of the rows (n) know them. One finding, or
    none. Correlations are those of `ranks.rank_correlations`, the plane is one of least squares in ``x_m`` and ``y_m``;
    a constant feature is none. The evidence is ``features``, their names.

    Examples
    --------
    A distance to the coast that is a plane over the map.

    >>> table = pd.DataFrame({"cell_id": [1, 2, 3, 4], "year": 2020}).assign(coast_km=[1.0, 3.0, 2.0, 4.0], rain=5.0)
    >>> places = pd.DataFrame({"x_m": [0.0, 0.0, 1e3, 1e3], "y_m": [0.0, 2e3, 0.0, 2e3], "lon_deg": 0.0}, [1, 2, 3, 4])
    >>> places = places.assign(lat_deg=70.0)
    >>> run = Artefacts(table, table, {}, table, xr.Dataset(), places, 0.0, 2, 0, lambda some_folds: table)
    >>> [finding.evidence for finding in coordinate_features(run)]
    [{'features': ['coast_km']}]
    """
    places = artefacts.place_of_row[["x_m", "y_m", "lon_deg", "lat_deg"]]
    by_rank = rank_correlations(artefacts.features, places).max(axis=1).to_numpy() > PLACE
    found = artefacts.features.columns[by_rank | _is_linear_in_place(artefacts)]
    if len(found):
        yield Finding(
            "coordinates as features",
            f"{found[0]} says where a cell is: a model that sees it can remember neighbours.",
            {"features": [str(name) for name in found]},
        )


def _is_linear_in_place(artefacts: Artefacts) -> BoolArray:
    """Whether each feature is a plane over the map, nearly."""
    return np.array(
        [_share_explained(column, artefacts.coordinates_m) > PLACE for _, column in artefacts.features.items()]
    )


def _share_explained(column: pd.Series, coordinates_m: FloatArray) -> float:
    is_known = column.notna().to_numpy()
    values = column[is_known].to_numpy(dtype=np.float64)
    # A plane has three numbers to choose: through a few known values it fits whatever they are.
    if len(values) < len(column) / 2 or values.std() == 0:
        return 0.0
    plane = np.column_stack([np.ones(len(values)), coordinates_m[is_known] / 1e6])
    _, residual, *_ = np.linalg.lstsq(plane, values)
    return 1 - float(residual.sum()) / float(((values - values.mean()) ** 2).sum())


SCALED: Final = Check("scaling or components fitted on all rows", scaled_features)
COORDINATES: Final = Check("coordinates as features", coordinate_features)
