"""Means of a longitude–latitude grid over cells, weighted by true area, valid at the pole and at ±180°."""

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Final

import numpy as np
from pyproj import Transformer
from scipy.sparse import csr_matrix

from entropice.crs import EQUAL_AREA_CRS, LON_LAT_CRS, POLAR_CRS
from entropice.errors import SchemaError
from entropice.types import Float32Array, FloatArray, Geometries
from entropice.zonal.averaging import average_points
from entropice.zonal.rings import rings_of
from entropice.zonal.sectors import LonLatBoxes, cut_by_boxes

MAX_AXIS_DEVIATION_DEG = 1e-3
N_PARTS: Final = 64
"""Cells are divided among threads in this many parts; a cell's mean does not depend on it."""


def lonlat_weights(lon_deg: FloatArray, lat_deg: FloatArray, polygons: Geometries) -> csr_matrix:
    """Share of each grid box in each cell; every row sums to 1, or is empty where no box touches the cell.

    A share is of the part of the cell that the grid covers: area of box ∩ cell over the area of all boxes ∩ cell, as
    `overlap_areas_m2` cuts them.

    Parameters
    ----------
    lon_deg, lat_deg
        Box centres (degrees), evenly spaced, ascending, shapes (n_lon,) and (n_lat,); a row at a pole is half a box
        high.
    polygons
        Cells in EPSG:3413, north of the equator, shape (n_cell,).

    Returns
    -------
    csr_matrix
        float64, shape (n_cell, n_lat · n_lon); column ``i_lat * n_lon + i_lon``.

    Raises
    ------
    SchemaError
        An axis of fewer than two values, not ascending, or not evenly spaced.
    GridError
        A geometry that is no polygon, or a vertex that is no finite number.

    Examples
    --------
    A cell centred at the pole shares all four sectors of the polar row alike, and nothing of the row below.

    >>> import numpy as np
    >>> from shapely import box
    >>> lon_deg, lat_deg = np.array([-135.0, -45.0, 45.0, 135.0]), np.array([70.0, 80.0, 90.0])
    >>> polygons = np.array([box(-100e3, -100e3, 100e3, 100e3)], dtype=object)
    >>> lonlat_weights(lon_deg, lat_deg, polygons).toarray().round(6).reshape(3, 4).tolist()
    [[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25]]
    """
    return row_shares(overlap_areas_m2(lon_deg, lat_deg, polygons))


def row_shares(areas_m2: csr_matrix) -> csr_matrix:
    """Areas of grid boxes in cells, shape (n_cell, n_box), as shares that sum to 1 in every row that is not empty.

    The areas themselves are not changed.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.sparse import csr_matrix
    >>> row_shares(csr_matrix(np.array([[1.0, 3.0], [0.0, 0.0]]))).toarray().tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    totals_m2 = np.asarray(areas_m2.sum(axis=1)).ravel()
    shares = areas_m2.copy()
    shares.data /= np.repeat(totals_m2, np.diff(areas_m2.indptr))
    return shares


def overlap_areas_m2(lon_deg: FloatArray, lat_deg: FloatArray, polygons: Geometries) -> csr_matrix:
    """Area that each grid box shares with each cell; a row of a global grid sums to the cell's true area.

    Parameters
    ----------
    lon_deg
        Box centres (degrees), evenly spaced, ascending, shape (n_lon,). A global axis, of boxes that miss 360° by less
        than half a box, closes at ±180°.
    lat_deg
        Box centres (degrees), evenly spaced, ascending, shape (n_lat,); a row at a pole is half a box high, and what
        lies south of the equator has no box.
    polygons
        Cells in EPSG:3413, north of the equator, shape (n_cell,).

    Returns
    -------
    csr_matrix
        float64, shape (n_cell, n_lat · n_lon), without stored zeros; column ``i_lat * n_lon + i_lon``.

    Raises
    ------
    SchemaError
        An axis of fewer than two values, not ascending, or not evenly spaced (every step within 0.001° of the median);
        longitude first.
    GridError
        A geometry that is no polygon, or a vertex that is no finite number.

    Notes
    -----
    Cells are cut in EPSG:6931 (Lambert azimuthal equal area), where meridians are straight lines and parallels are
    circles: areas are those of the boxes themselves, not of chords. A cell's edges are straight there between its
    vertices.

    Examples
    --------
    A cell centred at the pole lies within the polar row of 10° and has the same area in each of its four boxes.

    >>> import numpy as np
    >>> from shapely import box
    >>> lon_deg, lat_deg = np.array([-135.0, -45.0, 45.0, 135.0]), np.array([70.0, 80.0, 90.0])
    >>> polygons = np.array([box(-100e3, -100e3, 100e3, 100e3)], dtype=object)
    >>> areas_m2 = overlap_areas_m2(lon_deg, lat_deg, polygons)
    >>> areas_m2.shape, areas_m2.indices.tolist(), (areas_m2.data / areas_m2.sum()).round(9).tolist()
    ((1, 12), [8, 9, 10, 11], [0.25, 0.25, 0.25, 0.25])
    """
    boxes = _boxes(lon_deg, lat_deg)
    rings = rings_of(polygons)
    points = np.column_stack(_transformer(POLAR_CRS, EQUAL_AREA_CRS).transform(*rings.points.T))
    starts, found, areas_m2 = cut_by_boxes(rings._replace(points=points), boxes)
    row_from_north, column = np.divmod(found, len(lon_deg))
    box = (len(lat_deg) - 1 - row_from_north) * len(lon_deg) + column
    overlap = csr_matrix((areas_m2, box, starts), shape=(len(polygons), len(lat_deg) * len(lon_deg)))
    overlap.sort_indices()
    return overlap


def weighted_means(weights: csr_matrix, values: FloatArray | Float32Array, out: Any = None) -> FloatArray:
    """Mean of the known grid points of each cell, weighted; NaN where a cell has none.

    Parameters
    ----------
    weights
        Shape (n_cell, n_point), as from `lonlat_weights`: not negative. Without cells there are no means.
    values
        float32 or float64, shape (n_point,) or (n_point, n_time); what is not finite has no weight.
    out
        Where to put the means, float32 or float64 of the result's shape: one array serves many variables, whose
        memory is the larger part of the time otherwise.

    Returns
    -------
    FloatArray
        `out`, or new float64 of shape (n_cell,) or (n_cell, n_time).

    Raises
    ------
    SchemaError
        Values or `out` of a shape that does not fit the weights.

    Examples
    --------
    A point that is not known leaves its weight to the others.

    >>> import numpy as np
    >>> from scipy.sparse import csr_matrix
    >>> weights = csr_matrix(np.array([[0.25, 0.75, 0.0], [0.0, 0.0, 1.0]]))
    >>> weighted_means(weights, np.array([[4.0, 4.0], [8.0, np.nan], [1.0, np.nan]])).tolist()
    [[7.0, 4.0], [1.0, nan]]
    """
    shape = (weights.shape[0], *values.shape[1:])
    means = np.empty(shape) if out is None else out
    _require_points(values.shape, weights.shape[1])
    _require_out(means.shape, shape)
    columns = np.ascontiguousarray(values.reshape(len(values), -1))
    into = means.reshape(len(means), columns.shape[1])
    edges = np.linspace(0, len(means), N_PARTS + 1).astype(np.int64)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        parts = [
            threads.submit(average_points, weights.indptr, weights.indices, weights.data, columns, into, first, stop)
            for first, stop in pairwise(edges)
        ]
    for part in parts:
        part.result()
    return means


def _step(axis_deg: FloatArray, name: str) -> float:
    steps = np.diff(axis_deg)
    step = float(np.median(steps)) if len(steps) else 0.0
    if step <= 0 or np.abs(steps - step).max() > MAX_AXIS_DEVIATION_DEG:
        raise SchemaError(
            "The grid's axis is not evenly spaced and ascending.",
            field=name,
            got=f"steps from {steps.min():g} to {steps.max():g}" if len(steps) else f"{len(axis_deg)} value",
            expected="two values or more, one positive step",
            fix="interpolate to a regular longitude–latitude grid first",
        )
    return step


def _require_points(found: tuple[int, ...], n_points: int) -> None:
    if not found or len(found) > 2 or found[0] != n_points:
        raise SchemaError(
            "The values are not those of the grid that the weights were computed for.",
            field="values",
            got=f"shape {found}",
            expected=f"({n_points},) or ({n_points}, n_time)",
        )


def _require_out(found: tuple[int, ...], shape: tuple[int, ...]) -> None:
    if found != shape:
        raise SchemaError("The means do not fit where they shall go.", field="out", got=found, expected=shape)


def _boxes(lon_deg: FloatArray, lat_deg: FloatArray) -> LonLatBoxes:
    """Boxes around points, in EPSG:6931; rows count from the north."""
    lon_step_deg, lat_step_deg = _step(lon_deg, "lon"), _step(lat_deg, "lat")
    # Rounded axes (float32 in many files) miss 360° by a little: a gap or an overlap at ±180° that no cell should see.
    if abs(len(lon_deg) * lon_step_deg - 360) < lon_step_deg / 2:
        lon_step_deg = 360 / len(lon_deg)
    edges_deg = np.clip(np.append(lat_deg - lat_step_deg / 2, lat_deg[-1] + lat_step_deg / 2), 0, 90)[::-1]
    x_m, y_m = _transformer(LON_LAT_CRS, EQUAL_AREA_CRS).transform(np.zeros(len(edges_deg)), edges_deg)
    west_deg = float(lon_deg[0]) - lon_step_deg / 2
    return LonLatBoxes(np.radians(west_deg), np.radians(lon_step_deg), len(lon_deg), np.square(x_m) + np.square(y_m))


def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
