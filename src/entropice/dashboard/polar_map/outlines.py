"""Outlines of cells as the flat arrays that a graphics card takes."""

from dataclasses import dataclass

import numpy as np
import shapely

from entropice.dashboard.polar_map.arrays import KeyedArray, keyed
from entropice.types import Geometries


@dataclass(frozen=True)
class Outlines:
    """Closed rings in EPSG:3413, one after the other.

    Attributes
    ----------
    n_cells
        Number of cells.
    bounds_m
        Left, bottom, right, top of all.
    vertices
        float32 x and y in turn (m).
    starts
        uint32: where each ring begins, and where the last one ends.
    owners
        uint32: which cell each ring is of.
    """

    n_cells: int
    bounds_m: tuple[float, float, float, float]
    vertices: KeyedArray
    starts: KeyedArray
    owners: KeyedArray


def outlines_of(polygons: Geometries) -> Outlines:
    """The outer rings of polygons and multipolygons (n_cells,) in EPSG:3413; cells have no holes.

    Coordinates are rounded to float32, some 0.25 m at most; a cell of several polygons has several rings. There has to
    be a cell.

    Examples
    --------
    >>> two = outlines_of(shapely.box([0, 2], [0, 0], [1, 3], [1, 1]))
    >>> two.bounds_m, list(np.frombuffer(two.starts.content, np.uint32)) == [0, 5, 10]
    ((0.0, 0.0, 3.0, 1.0), True)
    """
    parts, owners = shapely.get_parts(polygons, return_index=True)
    rings = shapely.get_exterior_ring(parts)
    starts = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(rings))])
    left, bottom, right, top = (float(edge) for edge in shapely.total_bounds(polygons))
    return Outlines(
        n_cells=len(polygons),
        bounds_m=(left, bottom, right, top),
        vertices=keyed(shapely.get_coordinates(rings).astype(np.float32)),
        starts=keyed(starts.astype(np.uint32)),
        owners=keyed(owners.astype(np.uint32)),
    )
