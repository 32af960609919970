"""Yearly indices of cells as fields that sequences are cut from: departures, cells side by side."""

import math
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from entropice.derive.climate.departures import UsualYears
from entropice.dggs import Grid
from entropice.dggs.faces import FaceLayout, face_layout
from entropice.grid_keys import n_cells_of_earth
from entropice.imagery.bands import band_named, departure_of
from entropice.types import CellIds, Dataset, Float32Array, FloatArray

EARTH_M2: Final = 5.100656e14
"""Surface of the WGS 84 ellipsoid."""


def index_names(cube: Dataset) -> tuple[str, ...]:
    """Names of the indices of a cube on (cell, year), sorted: a store keeps no order."""
    return tuple(sorted(map(str, cube.data_vars)))


def index_values(cube: Dataset) -> FloatArray:
    """Values (n_year, n_index, n_cell) of a cube on (cell, year), indices in the order of `index_names`.

    ValueError of a cube without variables.

    Examples
    --------
    >>> import xarray as xr
    >>> cube = xr.Dataset({"b": (("cell", "year"), [[1.0, 2.0]]), "a": (("cell", "year"), [[3.0, 4.0]])})
    >>> index_names(cube), index_values(cube).tolist()
    (('a', 'b'), [[[3.0], [1.0]], [[4.0], [2.0]]])
    """
    return np.stack([cube[name].transpose("year", "cell").to_numpy() for name in index_names(cube)], axis=1)


def layout_of(cell_ids: CellIds, grid: Grid, least_px: int) -> FaceLayout:
    """Where cells (n_cell,), one or more, lie in their fields: squares of base faces of `least_px` pixels or more.

    As of `entropice.dggs.faces.face_layout`.

    Raises
    ------
    GridError
        Cells of the grid are no squares of faces: any but a HEALPix grid.
    """
    return face_layout(grid, cell_ids, least_px)


def departure_fields(cube: Dataset, usual: UsualYears, grid: Grid, least_px: int) -> Dataset:
    """Fields of the departures of every index, as `entropice.imagery.frames.field_checks.require_series` asks for.

    Parameters
    ----------
    cube
        On (cell, year), one variable an index, one or more, with the coordinates ``cell_ids`` (ascending) and ``year``;
        the attribute ``source`` of the first is that of the fields.
    usual
        Of the same cells, and of the indices in the order of `index_names`.
    grid
        Of the cells.
    least_px
        Edge of the sequences that will be cut.

    Returns
    -------
    Dataset
        float32 (time, y, x) of the band ``departure_of_<index>``, in standard deviations; ``time`` is the first day of
        the label year. Pixels are cells (coordinate ``cell_ids``), and NaN where they are none of the cube or nothing
        is known or usual; coordinates are metres, if cells were squares side by side:
        their centres, from 0 at the left and the bottom, ``y`` falling with the row. Attributes ``grid`` (key),
        ``section_px``, ``pixel_m`` (root of the Earth's 5.100656e14 m² over its cells, in whole metres), ``step``
        ("P1Y") and ``source``.

    Raises
    ------
    GridError
        Cells of the grid are no squares of faces: any but a HEALPix grid.
    """
    cell_ids, years = cube["cell_ids"].to_numpy().astype(np.uint64), cube["year"].to_numpy()
    layout = layout_of(cell_ids, grid, least_px)
    departures: Float32Array = layout.spread(cell_ids, usual.departures(index_values(cube)))
    variables = {
        departure_of(name): (("time", "y", "x"), departures[:, place], _described(name))
        for place, name in enumerate(index_names(cube))
    }
    source = str(cube[index_names(cube)[0]].attrs["source"])
    return xr.Dataset(variables, _coordinates(layout, years, _edge_m(grid)), _attributes(layout, grid, source))


def _described(name: str) -> dict[str, str]:
    band = band_named(departure_of(name))
    return {"units": band.unit, "long_name": band.title}


def _edge_m(grid: Grid) -> float:
    return float(round(math.sqrt(EARTH_M2 / n_cells_of_earth(grid.key))))


def _coordinates(layout: FaceLayout, years: FloatArray, edge_m: float) -> dict[str, object]:
    n_rows, n_columns = layout.cell_ids.shape
    return {
        "time": pd.DatetimeIndex([f"{int(year):04d}-01-01" for year in years]).as_unit("ns"),
        "y": (n_rows - np.arange(n_rows) - 0.5) * edge_m,
        "x": (np.arange(n_columns) + 0.5) * edge_m,
        "cell_ids": (("y", "x"), layout.cell_ids.astype(np.int64)),
    }


def _attributes(layout: FaceLayout, grid: Grid, source: str) -> dict[str, object]:
    return {
        "grid": grid.key,
        "section_px": layout.section_px,
        "pixel_m": _edge_m(grid),
        "step": "P1Y",
        "source": source,
    }
