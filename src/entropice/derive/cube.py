"""The cube of features: variables on cells (and years) that describe themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.sparse import csr_matrix

from entropice.errors import FeatureError
from entropice.types import CellIds, DataFrame, Dataset, FloatArray
from entropice.zonal.lonlat_weights import weighted_means

DESCRIPTION: Final = ("units", "group", "source", "statistic", "years", "long_name")


@dataclass(frozen=True)
class Feature:
    """One variable on ``("cell",)`` or ``("cell", "year")`` with everything a reader must know about it.

    Attributes
    ----------
    years
        Which years enter: calendar years, or, from the label year y, such as "y", "y-1", "y-30 to y-1".
    """

    name: str
    dimensions: tuple[str, ...]
    cell_values: FloatArray
    units: str
    group: str
    source: str
    statistic: str
    years: str
    long_name: str

    @property
    def description(self) -> dict[str, str]:
        """The attributes of the variable."""
        return {key: getattr(self, key) for key in DESCRIPTION}


def cell_cube(
    features: Iterable[Feature],
    cell_ids: CellIds,
    grid_metadata: Mapping[str, str | int],
    years: Sequence[int],
) -> Dataset:
    """Lay features out as float64 variables on ``cell_ids`` with the attributes that ``xdggs.decode`` reads.

    Raises
    ------
    FeatureError
        If the cell ids do not ascend.
    """
    if not np.all(np.diff(cell_ids.astype(np.int64)) > 0):
        raise FeatureError("The cell ids are not sorted or not unique.", field="cell_ids")
    variables = {feature.name: (feature.dimensions, feature.cell_values, feature.description) for feature in features}
    coordinates = {
        "cell_ids": ("cell", cell_ids.astype(np.uint64), dict(grid_metadata)),
        "year": ("year", np.asarray(years, dtype=np.int64), {"long_name": "label year"}),
    }
    return xr.Dataset(variables, coords=coordinates)


def fields_on_cells(fields: Dataset, weights: csr_matrix, group: str) -> list[Feature]:
    """Average every variable on (lat, lon), with or without ``year``, over cells; NaN points have no weight."""
    return [
        Feature(
            name=str(name),
            dimensions=("cell", *(dimension for dimension in field.dims if dimension == "year")),
            cell_values=_on_cells(field, weights),
            group=group,
            **{key: field.attrs[key] for key in DESCRIPTION if key != "group"},
        )
        for name, field in fields.data_vars.items()
    ]


def merge_groups(groups: Sequence[Dataset], cell_ids: CellIds) -> Dataset:
    """Join the cubes of several feature groups on the same cells and years.

    Raises
    ------
    FeatureError
        A group on other cells than `cell_ids`, groups with different years or grids, or a name that occurs twice.
    """
    for group in groups:
        _require_same_coordinates(group, groups[0], cell_ids)
    names = [str(name) for group in groups for name in group.data_vars]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise FeatureError("Two feature groups use the same name.", sample=repeated)
    return xr.merge(groups, join="exact", compat="identical", combine_attrs="no_conflicts")


def feature_dictionary(cube: Dataset) -> DataFrame:
    """One row per feature, sorted by group and name: its description, and whether it changes by label year."""
    rows: list[dict[str, Any]] = [
        {"name": str(name), **{key: feature.attrs[key] for key in DESCRIPTION}, "is_yearly": "year" in feature.dims}
        for name, feature in cube.data_vars.items()
    ]
    table = pd.DataFrame(rows, columns=["name", *DESCRIPTION, "is_yearly"])
    return table.sort_values(["group", "name"], ignore_index=True)


def _on_cells(field: xr.DataArray, weights: csr_matrix) -> FloatArray:
    points = field.transpose("lat", "lon", ...).to_numpy()
    return weighted_means(weights, points.reshape(weights.shape[1], *points.shape[2:]))


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
