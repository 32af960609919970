"""Means of a longitude–latitude grid over cells, weighted by true area, valid at the pole and at ±180°."""

import numpy as np
import shapely
from pyproj import Transformer
from scipy.sparse import csr_matrix

from entropice.crs import EQUAL_AREA_CRS, LON_LAT_CRS, POLAR_CRS
from entropice.errors import SchemaError
from entropice.types import FloatArray, Geometries

ARC_STEPS_PER_DEGREE = 8
"""An arc of one step is cut by a chord; its sagitta holds under 1e-5 of a one-degree box at 70° N."""
MAX_AXIS_DEVIATION_DEG = 1e-3


def lonlat_weights(lon_deg: FloatArray, lat_deg: FloatArray, polygons: Geometries) -> csr_matrix:
    """Share of each grid box in each cell; every row sums to 1, or is empty where no box touches the cell.

    Parameters, shape and errors are those of `overlap_areas_m2`.
    """
    areas_m2 = overlap_areas_m2(lon_deg, lat_deg, polygons)
    totals_m2 = np.asarray(areas_m2.sum(axis=1)).ravel()
    shares = areas_m2.copy()
    shares.data /= np.repeat(totals_m2, np.diff(areas_m2.indptr))
    return shares


def overlap_areas_m2(lon_deg: FloatArray, lat_deg: FloatArray, polygons: Geometries) -> csr_matrix:
    """Area that each grid box shares with each cell; a row of a global grid sums to the cell's true area.

    Parameters
    ----------
    lon_deg
        Box centres, evenly spaced, ascending, shape (n_lon,). A global axis closes at ±180°.
    lat_deg
        Box centres, evenly spaced, ascending, shape (n_lat,); a row at a pole is half a box high.
    polygons
        Cells in EPSG:3413, north of the equator, shape (n_cell,).

    Returns
    -------
    csr_matrix
        float64, shape (n_cell, n_lat · n_lon), without stored zeros; column ``i_lat * n_lon + i_lon``.

    Raises
    ------
    SchemaError
        An axis of fewer than two values, not ascending, or not evenly spaced.

    Notes
    -----
    Boxes and cells are intersected in EPSG:6931 (Lambert azimuthal equal area), where meridians are straight lines
    and parallels are arcs; arcs are densified.
    """
    lon_step, lat_step = _step(lon_deg, "lon"), _step(lat_deg, "lat")
    cells = _reproject(polygons, POLAR_CRS, EQUAL_AREA_CRS)
    box_ids = _boxes_north_of(_southernmost(cells) - lat_step, lat_deg, len(lon_deg))
    boxes = _boxes(lon_deg[box_ids % len(lon_deg)], lat_deg[box_ids // len(lon_deg)], lon_step, lat_step)
    cell_rows, found = shapely.STRtree(boxes).query(cells, predicate="intersects")
    areas_m2 = shapely.area(shapely.intersection(cells[cell_rows], boxes[found]))
    shape = (len(cells), len(lat_deg) * len(lon_deg))
    overlap = csr_matrix((areas_m2, (cell_rows, box_ids[found])), shape=shape)
    overlap.eliminate_zeros()
    return overlap


def weighted_means(weights: csr_matrix, values: FloatArray) -> FloatArray:
    """Mean of the valid grid points of each cell; NaN where a cell has none.

    Parameters
    ----------
    weights
        Shape (n_cell, n_point), as from `lonlat_weights`.
    values
        Shape (n_point,) or (n_point, n_time); a NaN has no weight.

    Returns
    -------
    FloatArray
        float64, shape (n_cell,) or (n_cell, n_time).
    """
    valid = np.isfinite(values)
    total = weights @ np.where(valid, values, 0.0)
    weight = weights @ valid.astype(np.float64)
    means: FloatArray = np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0)
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


def _boxes_north_of(min_lat_deg: float, lat_deg: FloatArray, n_lon: int) -> np.ndarray:
    first_row = int(np.searchsorted(lat_deg, min_lat_deg))
    return np.arange(first_row * n_lon, len(lat_deg) * n_lon)


def _boxes(lon_deg: FloatArray, lat_deg: FloatArray, lon_step_deg: float, lat_step_deg: float) -> Geometries:
    n_steps = max(1, int(np.ceil(lon_step_deg * ARC_STEPS_PER_DEGREE)))
    offsets = np.linspace(-lon_step_deg / 2, lon_step_deg / 2, n_steps + 1)
    along = lon_deg[:, None] + np.concatenate([offsets, offsets[::-1]])
    south, north = (np.clip(lat_deg + side * lat_step_deg / 2, -90, 90)[:, None] for side in (-1, 1))
    across = np.hstack([np.repeat(south, n_steps + 1, axis=1), np.repeat(north, n_steps + 1, axis=1)])
    x_m, y_m = _transformer(LON_LAT_CRS, EQUAL_AREA_CRS).transform(along, across)
    boxes: Geometries = shapely.polygons(np.stack([x_m, y_m], axis=-1))
    return boxes


def _southernmost(equal_area_cells: Geometries) -> float:
    x_m, y_m = shapely.get_coordinates(equal_area_cells).T
    _, lat_deg = _transformer(EQUAL_AREA_CRS, LON_LAT_CRS).transform(x_m, y_m)
    return float(np.min(lat_deg))


def _reproject(geometries: Geometries, source: str, target: str) -> Geometries:
    transformer = _transformer(source, target)
    reprojected: Geometries = shapely.transform(
        np.asarray(geometries), lambda points: np.column_stack(transformer.transform(*points.T))
    )
    return reprojected


def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
