"""The cube of features: variables on cells (and years) that describe themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.sparse import csr_matrix

from entropice.errors import FeatureError
from entropice.types import BoolArray, CellIds, DataFrame, Dataset, FloatArray, GeoDataFrame
from entropice.zonal.lonlat_weights import row_shares, weighted_means

DESCRIPTION: Final = ("units", "group", "source", "statistic", "years", "long_name")


@dataclass(frozen=True)
class Feature:
    """One variable on ``("cell",)`` or ``("cell", "year")`` with everything a reader must know about it.

    Attributes
    ----------
    cell_values
        float64, shape (n_cells,) or (n_cells, n_years).
    known_fraction
        Share of each cell's area that the source knows; of the shape of `cell_values`, or (n_cells,). 1 where a value
        does not come from an area.
    years
        Which years enter: calendar years, or, from the label year y, such as "y", "y-1", "y-30 to y-1".
    """

    name: str
    dimensions: tuple[str, ...]
    cell_values: FloatArray
    known_fraction: FloatArray
    units: str
    group: str
    source: str
    statistic: str
    years: str
    long_name: str

    @property
    def description(self) -> dict[str, str]:
        """The attributes of the variable: ``units group source statistic years long_name``."""
        return {key: getattr(self, key) for key in DESCRIPTION}


def cell_cube(
    features: Iterable[Feature],
    cells: GeoDataFrame,
    grid_metadata: Mapping[str, str | int],
    years: Sequence[int],
    min_known_fraction: float,
) -> Dataset:
    """Lay features out as float64 variables on ``cell_ids`` with the attributes that ``xdggs.decode`` reads.

    Parameters
    ----------
    features
        With ``cell_values`` of shape (n_cells,) or (n_cells, n_years).
    cells
        Columns ``cell_id`` (uint64, ascending) and ``land_fraction`` (0 to 1).
    grid_metadata
        Attributes of the coordinate, as of `entropice.dggs.Grid.metadata`.
    years
        Label years, (n_years,).
    min_known_fraction
        A value is NaN in a cell of which its source knows less area than this share of the land: what only touches a
        cell is no statistic of it. Land is the measure because many sources end at the coast.

    Returns
    -------
    Dataset
        Variables on ("cell",) or ("cell", "year"), by name, with the attributes ``units group source statistic years
        long_name``; coordinates ``cell_ids`` and ``year``. The share itself is enough; a
        value of which nothing is known is NaN also where a cell has no land.

    Raises
    ------
    FeatureError
        If the cell ids do not ascend.

    Examples
    --------
    The second cell is all land, of which the source knows a fifth:

    >>> import numpy as np
    >>> import pandas as pd
    >>> slope = Feature("slope_deg", ("cell",), np.array([3.0, 8.0]), np.array([1.0, 0.2]), "degree", "terrain",
    ...                 "ArcticDEM", "mean", "2007 to 2022", "slope")
    >>> cells = pd.DataFrame({"cell_id": np.array([7, 9], dtype=np.uint64), "land_fraction": [1.0, 1.0]})
    >>> cube = cell_cube([slope], cells, {"grid_name": "h3", "level": 5}, [2020], min_known_fraction=0.5)
    >>> cube["slope_deg"].values.tolist(), cube["slope_deg"].attrs["units"]
    ([3.0, nan], 'degree')
    """
    coordinates = cell_coordinates(cells, grid_metadata, years)
    least_fraction = min_known_fraction * cells["land_fraction"].to_numpy()
    variables = {
        feature.name: (feature.dimensions, _where_known(feature, least_fraction), feature.description)
        for feature in features
    }
    return xr.Dataset(variables, coords=coordinates.coords)


def cell_coordinates(cells: GeoDataFrame, grid_metadata: Mapping[str, str | int], years: Sequence[int]) -> Dataset:
    """The coordinates of a cube, as `cell_cube` takes and describes them, without variables.

    Returns
    -------
    Dataset
        ``cell_ids`` (n_cells,), uint64 on ("cell",) with the grid's attributes, and ``year`` (n_years,), int64.

    Raises
    ------
    FeatureError
        If the cell ids do not ascend.

    Examples
    --------
    >>> cells = pd.DataFrame({"cell_id": np.array([7, 9], dtype=np.uint64), "land_fraction": [1.0, 1.0]})
    >>> made = cell_coordinates(cells, {"grid_name": "h3", "level": 5}, [2020])
    >>> made["cell_ids"].values.tolist(), made["cell_ids"].attrs, dict(made.sizes)
    ([7, 9], {'grid_name': 'h3', 'level': 5}, {'cell': 2, 'year': 1})
    >>> cell_coordinates(cells[::-1], {}, [2020])
    Traceback (most recent call last):
        ...
    entropice.errors.FeatureError: The cell ids are not sorted or not unique...
    """
    cell_ids = cells["cell_id"].to_numpy()
    # Compared as signed numbers: a difference of unsigned ones is never negative.
    if not np.all(np.diff(cell_ids.astype(np.int64)) > 0):
        raise FeatureError("The cell ids are not sorted or not unique.", field="cell_ids")
    coordinates = {
        "cell_ids": ("cell", cell_ids.astype(np.uint64), dict(grid_metadata)),
        "year": ("year", np.asarray(years, dtype=np.int64), {"long_name": "label year"}),
    }
    return xr.Dataset(coords=coordinates)


def fields_on_cells(fields: Dataset, overlap_m2: csr_matrix, cell_m2: FloatArray, group: str) -> list[Feature]:
    """Average every variable on (lat, lon), with or without ``year``, over cells; NaN points have no weight.

    Parameters
    ----------
    fields
        Variables on (lat, lon) or (lat, lon, year) in any order of dims, with the attributes of `DESCRIPTION`.
    overlap_m2
        Area that each grid box shares with each cell, shape (n_cells, n_lat · n_lon), as from `overlap_areas_m2`.
    cell_m2
        Area of each cell, shape (n_cells,).
    group
        Of the features.

    Returns
    -------
    list of Feature
        In the order of the variables. Values of shape (n_cells,) or (n_cells, n_years), means weighted by area; NaN
        where a cell has no known point. `known_fraction` is the area of known boxes in a cell over the cell's area.

    Examples
    --------
    The first cell shares 1 m² with a box of value 4 and 3 m² with one of 8, the second 2 m² each with an unknown one
    and one of 1.

    >>> described = {"units": "mm", "source": "ERA5", "statistic": "sum", "years": "y", "long_name": "rain"}
    >>> fields = xr.Dataset({"rain_mm": (("lat", "lon"), np.array([[4.0, 8.0], [np.nan, 1.0]]), described)})
    >>> overlap_m2 = csr_matrix(np.array([[1.0, 3.0, 0.0, 0.0], [0.0, 0.0, 2.0, 2.0]]))
    >>> (feature,) = fields_on_cells(fields, overlap_m2, np.array([4.0, 4.0]), "climate")
    >>> feature.cell_values.tolist(), feature.known_fraction.tolist()
    ([7.0, 1.0], [1.0, 0.5])
    """
    weights = row_shares(overlap_m2)
    return [
        Feature(
            name=str(name),
            dimensions=("cell", *(dimension for dimension in field.dims if dimension == "year")),
            cell_values=weighted_means(weights, _points(field)),
            known_fraction=_known_fraction(_points(field), overlap_m2, cell_m2),
            group=group,
            **{key: field.attrs[key] for key in DESCRIPTION if key != "group"},
        )
        for name, field in fields.data_vars.items()
    ]


def merge_groups(groups: Sequence[Dataset], cell_ids: CellIds) -> Dataset:
    """Join the cubes of several feature groups, as from `cell_cube`, on the same cells and years.

    Dims and coordinates are those of the groups; `cell_ids` (n_cells,) are the cells of the run.

    Raises
    ------
    FeatureError
        A group on other cells than `cell_ids`, groups with different years or grids, or else a name that occurs twice.

    Examples
    --------
    >>> cells = pd.DataFrame({"cell_id": np.array([7, 9], dtype=np.uint64), "land_fraction": [1.0, 1.0]})
    >>> empty = cell_coordinates(cells, {"grid_name": "h3", "level": 5}, [2020])
    >>> slope, rain = empty.assign(slope_deg=("cell", [3.0, 8.0])), empty.assign(rain_mm=("cell", [1.0, 2.0]))
    >>> list(merge_groups([slope, rain], np.array([7, 9], dtype=np.uint64)).data_vars)
    ['slope_deg', 'rain_mm']
    >>> merge_groups([slope, slope], np.array([7, 9], dtype=np.uint64))
    Traceback (most recent call last):
        ...
    entropice.errors.FeatureError: Two feature groups use the same name...
    """
    for group in groups:
        _require_same_coordinates(group, groups[0], cell_ids)
    names = [str(name) for group in groups for name in group.data_vars]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise FeatureError("Two feature groups use the same name.", sample=repeated)
    return xr.merge(groups, join="exact", compat="identical", combine_attrs="no_conflicts")


def feature_dictionary(cube: Dataset) -> DataFrame:
    """One row per feature, sorted by group and name: its description, and whether it changes by label year.

    Columns ``name units group source statistic years long_name is_yearly`` of the variables of a cube: text, the last
    one bool. Without variables there is no row; KeyError of a variable that lacks one of these attributes.

    Examples
    --------
    >>> described = dict.fromkeys(DESCRIPTION, "?") | {"units": "mm"}
    >>> cube = xr.Dataset({"rain_mm": (("cell", "year"), [[1.0]], described), "area": ("cell", [2.0], described)})
    >>> feature_dictionary(cube)[["name", "units", "is_yearly"]].to_numpy().tolist()
    [['area', 'mm', False], ['rain_mm', 'mm', True]]
    """
    rows: list[dict[str, Any]] = [
        {"name": str(name), **{key: feature.attrs[key] for key in DESCRIPTION}, "is_yearly": "year" in feature.dims}
        for name, feature in cube.data_vars.items()
    ]
    table = pd.DataFrame(rows, columns=["name", *DESCRIPTION, "is_yearly"])
    return table.sort_values(["group", "name"], ignore_index=True)


def _points(field: xr.DataArray) -> FloatArray:
    """Shape (n_points,) or (n_points, n_years)."""
    values = field.transpose("lat", "lon", ...).to_numpy()
    points: FloatArray = values.reshape(-1, *values.shape[2:])
    return points


def _known_fraction(points: FloatArray, overlap_m2: csr_matrix, cell_m2: FloatArray) -> FloatArray:
    """Shape (n_cells,) where every point is known, else that of the points with cells for them."""
    is_known: BoolArray = np.isfinite(points)
    known_m2 = np.asarray(overlap_m2.sum(axis=1)).ravel() if is_known.all() else overlap_m2 @ is_known.astype(float)
    fraction: FloatArray = (known_m2.T / cell_m2).T
    return fraction


def _where_known(feature: Feature, least_fraction: FloatArray) -> FloatArray:
    """Values without those of cells of which less than `least_fraction`, of shape (n_cells,), is known."""
    # Transposed, so that (n_cells,) broadcasts over years: NumPy matches axes from the last one.
    is_known = (least_fraction <= feature.known_fraction.T) & (feature.known_fraction.T > 0)
    values: FloatArray = np.where(is_known, feature.cell_values.T, np.nan).T
    return values


def _require_same_coordinates(group: Dataset, first: Dataset, cell_ids: CellIds) -> None:
    ids, name = group["cell_ids"], next(iter(group.data_vars), "no feature")
    differs = [
        what
        for what, is_same in {
            "cells": np.array_equal(ids.values, cell_ids),
            "years": np.array_equal(group["year"].values, first["year"].values),
            "grid": ids.attrs == first["cell_ids"].attrs,
        }.items()
        if not is_same
    ]
    if differs:
        raise FeatureError(
            "The feature groups do not fit together.",
            field=", ".join(differs),
            got=f"differences in the group that starts with {name}",
            expected="the same cells, years and grid everywhere",
            fix="run the whole features pipeline again: kedro run --pipelines features",
        )
