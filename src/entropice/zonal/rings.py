"""Polygons as rings of vertices, laid out for compiled loops."""

from typing import Final, NamedTuple

import numpy as np
import shapely

from entropice.errors import GridError
from entropice.types import BoolArray, FloatArray, Geometries, IntArray
from entropice.zonal.compiled import compiled

POLYGON_TYPES: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


class Rings(NamedTuple):
    """Closed rings one after another.

    Attributes
    ----------
    points
        Vertices, shape (n_points, 2); outer rings run anticlockwise, holes clockwise.
    ring_starts
        First point of each ring and the end, shape (n_rings + 1,).
    first_rings
        First ring of each polygon and the end, shape (n_polygons + 1,).
    """

    points: FloatArray
    ring_starts: IntArray
    first_rings: IntArray


def rings_of(polygons: Geometries) -> Rings:
    """Take polygons apart, holes and parts included; an empty one has no ring.

    Parameters
    ----------
    polygons
        Polygons and multipolygons in any CRS, shape (n_polygons,).

    Returns
    -------
    Rings
        Closed: a ring's last vertex equals its first. Vertices are copies of the polygons'.

    Raises
    ------
    GridError
        A geometry that is no polygon, or a vertex that is no finite number.

    Examples
    --------
    A square given clockwise is turned; a hole runs the other way.

    >>> import numpy as np
    >>> from shapely import Polygon
    >>> square, hole = [(0, 0), (0, 3), (3, 3), (3, 0)], [(1, 1), (2, 1), (2, 2), (1, 2)]
    >>> rings = rings_of(np.array([Polygon(square, [hole])], dtype=object))
    >>> rings.ring_starts.tolist(), rings.first_rings.tolist()
    ([0, 5, 10], [0, 2])
    >>> rings.points[1].tolist(), rings.points[6].tolist()
    ([3.0, 0.0], [1.0, 2.0])
    """
    polygons = np.asarray(polygons, dtype=object)
    _require_polygons(polygons)
    points = shapely.get_coordinates(polygons)
    _require_finite(points, polygons)
    n_points, polygon_of_ring, is_outer = _ring_sizes(polygons)
    ring_starts = np.append(0, np.cumsum(n_points))
    _turn_rings(points, ring_starts, is_outer)
    return Rings(points, ring_starts, np.searchsorted(polygon_of_ring, np.arange(len(polygons) + 1)))


def _ring_sizes(polygons: Geometries) -> tuple[IntArray, IntArray, BoolArray]:
    """Vertices and polygon of each ring, and whether it is an outer one.

    Rings are objects that cost more to make than to use: only polygons of several rings are taken apart.
    """
    has_one = (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON) & (
        shapely.get_num_interior_rings(polygons) == 0
    )
    has_one &= ~shapely.is_empty(polygons)
    several = np.flatnonzero(~has_one)
    parts, part_polygon = shapely.get_parts(polygons[several], return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    polygon = np.concatenate([np.flatnonzero(has_one), several[part_polygon[part_of_ring]]])
    n_points = np.concatenate([shapely.get_num_coordinates(polygons[has_one]), shapely.get_num_coordinates(rings)])
    is_first = np.diff(part_of_ring, prepend=-1) > 0
    is_outer = np.concatenate([np.ones(has_one.sum(), dtype=np.bool_), is_first])
    order = np.argsort(polygon, kind="stable")
    return n_points[order], polygon[order], is_outer[order]


@compiled
def _reverse(vertices: FloatArray) -> None:
    """Reverse the order of rows, in place; an assignment to a slice would take seconds to compile, for its checks."""
    for k in range(vertices.shape[0] // 2):
        for axis in range(2):
            vertices[k, axis], vertices[-1 - k, axis] = vertices[-1 - k, axis], vertices[k, axis]


@compiled
def _turn_rings(points: FloatArray, ring_starts: IntArray, is_outer: BoolArray) -> None:
    """Turn rings, in place, so that outer ones run anticlockwise and holes clockwise."""
    for ring in range(is_outer.size):
        vertices, double_area = points[ring_starts[ring] : ring_starts[ring + 1]], 0.0
        # Relative to a vertex of its own: products of projected coordinates (1e6 m) would round away a small area.
        x, y = vertices[0]
        for k in range(vertices.shape[0] - 1):
            (x0, y0), (x1, y1) = vertices[k], vertices[k + 1]
            double_area += (x0 - x) * (y1 - y) - (x1 - x) * (y0 - y)
        if (double_area > 0.0) != is_outer[ring]:
            _reverse(vertices)


def _require_polygons(polygons: Geometries) -> None:
    kinds = shapely.get_type_id(polygons)
    wrong = np.flatnonzero(~np.isin(kinds, POLYGON_TYPES))
    if len(wrong):
        raise GridError(
            "Not every cell is a polygon.",
            field="polygons",
            got=f"{len(wrong)} of {len(polygons)} geometries of another type, or none",
            expected="Polygon or MultiPolygon",
            sample=[f"position {position}: {polygons[position]}"[:80] for position in wrong],
        )


def _require_finite(points: FloatArray, polygons: Geometries) -> None:
    is_finite = np.isfinite(points)
    if is_finite.all():
        return
    _, polygon_of_point = shapely.get_coordinates(polygons, return_index=True)
    wrong = np.unique(polygon_of_point[~is_finite.all(axis=1)])
    raise GridError(
        "Cells have vertices that are no finite numbers.",
        field="polygons",
        got=f"{len(wrong)} such cells",
        expected="coordinates in the raster's CRS",
        sample=[f"position {position}" for position in wrong],
        fix="choose cells near the tile before projecting them: far away a CRS has no coordinates",
    )
