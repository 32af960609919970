"""Polygons to cells: counts by one point each, areas split at borders."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from entropice.types import FloatArray, Geometries, IntArray
from entropice.zonal.edge_index import APART, CROSSING, LEFT_HOLDS, EdgeIndex, index_edges, relations
from entropice.zonal.rings import POLYGON_TYPES, rings_of

Array = NDArray[Any]

OUTSIDE = -1

VERTICES_AT_A_TIME: Final = 2_000_000
"""Of the right polygons: what is kept of them besides their pieces takes about 100 MB."""

MOST_VERTICES: Final = 1_000
"""A larger polygon is halved first: each clipping would go through all of its vertices."""

PAIRS_PER_TASK: Final = 1_000


@dataclass(frozen=True)
class Pieces:
    """The parts that two sets of polygons share; a pair of large ones may share several.

    Attributes
    ----------
    left, right
        Position in either set, int64, shape (n_pieces,).
    geometry
        Parts of left ∩ right, shape (n_pieces,).
    """

    left: IntArray
    right: IntArray
    geometry: Geometries

    @property
    def area_m2(self) -> FloatArray:
        """Planar area of each piece, shape (n_pieces,): true area where the polygons are in EPSG:6931."""
        return np.asarray(shapely.area(self.geometry), dtype=np.float64)

    def area_by_left_m2(self, n_left: int) -> FloatArray:
        """Area shared by each polygon of the left set, shape (n_left,), in m²; 0 where there is no piece.

        Right polygons must not overlap: what several of them share would count several times. `n_left` is the size of
        the left set.
        """
        return np.bincount(self.left, weights=self.area_m2, minlength=n_left).astype(np.float64)


def cut(left: Geometries, right: Geometries) -> Pieces:
    """Every pair's shared part that has an area; where `left` tessellates, these add up to each right polygon's area.

    Only pairs whose outlines may cross are clipped. A geometry that is no polygon, or None, has no part in anything,
    and of a collection only the polygons have.

    Parameters
    ----------
    left, right
        Valid geometries in one CRS, in metres, shapes (n_left,) and (n_right,).

    Returns
    -------
    Pieces
        In the order of `right`; those of one right polygon in no stated order. Polygons that touch, or share a line,
        share no piece. Polygons of one set may overlap: each pair is cut on its own. None where either set is empty. A
        polygon of more than 1,000 vertices is halved first, again and again, so that a pair may share several pieces.

    Raises
    ------
    GridError
        A vertex that is no finite number.

    Examples
    --------
    A slump on the border of two cells, a third of it in the first:

    >>> import numpy as np
    >>> from shapely import box
    >>> cells = np.array([box(0, 0, 10, 10), box(10, 0, 20, 10)], dtype=object)
    >>> pieces = cut(cells, np.array([box(8, 2, 14, 4)], dtype=object))
    >>> pieces.left.tolist(), pieces.right.tolist(), pieces.area_m2.tolist()
    ([0, 1], [0, 0], [4.0, 8.0])
    >>> pieces.area_by_left_m2(len(cells)).tolist()
    [4.0, 8.0]
    """
    (left_parts, left_of), (right_parts, right_of) = _handy(_polygonal(left)), _handy(_polygonal(right))
    tree, edges = shapely.STRtree(left_parts), index_edges(rings_of(left_parts))
    found = [_cut_some(left_parts, right_parts[some], tree, edges, some.start) for some in _portions(right_parts)]
    return Pieces(
        left_of[np.concatenate([pieces.left for pieces in found])],
        right_of[np.concatenate([pieces.right for pieces in found])],
        np.concatenate([pieces.geometry for pieces in found]),
    )


def _cut_some(
    left: Geometries, right: Geometries, tree: shapely.STRtree, left_edges: EdgeIndex, first_right: int
) -> Pieces:
    right_row, left_row = tree.query(right)
    relation = _in_threads(partial(relations, left_edges, index_edges(rings_of(right))), left_row, right_row)
    # Most pairs of footprints and cells are nested or apart: clipping them would return one unchanged, or nothing, at
    # far more cost than the index says so.
    geometry = np.where(relation == LEFT_HOLDS, right[right_row], left[left_row])
    crossing = np.flatnonzero(relation == CROSSING)
    geometry[crossing] = _intersections(left[left_row[crossing]], right[right_row[crossing]])
    is_piece = relation != APART
    is_piece[crossing] = shapely.area(geometry[crossing]) > 0
    return Pieces(left_row[is_piece], first_right + right_row[is_piece], geometry[is_piece])


def _intersections(left: Geometries, right: Geometries) -> Geometries:
    """Polygons that the pairs share; empty ones where they share no area."""
    return _polygonal(_in_threads(shapely.intersection, left, right))


def _in_threads(of_pairs: Callable[[Array, Array], Array], left: Array, right: Array) -> Any:
    """Apply a function of pairs that holds no lock to some at a time."""
    n_parts = len(left) // PAIRS_PER_TASK + 1
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        parts = threads.map(of_pairs, np.array_split(left, n_parts), np.array_split(right, n_parts))
        return np.concatenate(list(parts))


def _portions(polygons: Geometries) -> list[slice]:
    """Slices of all polygons, in order, of about as many vertices as are worked on at a time; at least one."""
    vertices = np.cumsum(shapely.get_num_coordinates(polygons))
    n_portions = 1 + (int(vertices[-1]) // VERTICES_AT_A_TIME if len(vertices) else 0)
    edges = np.searchsorted(vertices, np.arange(1, n_portions) * VERTICES_AT_A_TIME)
    return [slice(start, stop) for start, stop in pairwise([0, *edges.tolist(), len(polygons)])]


def _handy(polygons: Geometries) -> tuple[Geometries, IntArray]:
    """Halve large polygons again and again; the parts and the position of the polygon that each is of, ascending."""
    parts, row = polygons, np.arange(len(polygons), dtype=np.int64)
    while len(large := np.flatnonzero(shapely.get_num_coordinates(parts) > MOST_VERTICES)):
        halves = _polygonal(
            np.concatenate([shapely.intersection(parts[large], half) for half in _halves(parts[large])])
        )
        parts = np.concatenate([np.delete(parts, large), halves])
        row = np.concatenate([np.delete(row, large), row[large], row[large]])
    order = np.argsort(row, kind="stable")
    return parts[order], row[order]


def _halves(polygons: Geometries) -> tuple[Geometries, Geometries]:
    """Boxes around either half of each polygon, across its longer side."""
    left, bottom, right, top = shapely.bounds(polygons).T
    is_wide = right - left > top - bottom
    x, y = np.where(is_wide, (left + right) / 2, right), np.where(is_wide, top, (bottom + top) / 2)
    x_from, y_from = np.where(is_wide, x, left), np.where(is_wide, bottom, y)
    return shapely.box(left, bottom, x, y), shapely.box(x_from, y_from, right, top)


def _polygonal(geometries: Geometries) -> Geometries:
    """The polygons among geometries and inside collections; empty polygons elsewhere."""
    polygonal = np.array(geometries, dtype=object)
    other = np.flatnonzero(~np.isin(shapely.get_type_id(polygonal), POLYGON_TYPES))
    for place in other:
        parts = shapely.get_parts(polygonal[place]) if polygonal[place] else []
        polygonal[place] = MultiPolygon([part for part in parts if isinstance(part, Polygon)])
    return polygonal


def locate(cells: Geometries, polygons: Geometries) -> IntArray:
    """The one cell that holds each polygon's representative point, or `OUTSIDE`.

    The point is that of ``shapely.point_on_surface``. On a border it belongs to the first of its cells, so that counts
    are conserved.

    Parameters
    ----------
    cells, polygons
        Geometries in one CRS, shapes (n_cells,) and (n_polygons,).

    Returns
    -------
    IntArray
        Positions in `cells`, int64, shape (n_polygons,); −1 (`OUTSIDE`) in no cell, and for an empty geometry or
        None.

    Examples
    --------
    >>> import numpy as np
    >>> from shapely import Point, box
    >>> cells = np.array([box(0, 0, 10, 10), box(10, 0, 20, 10)], dtype=object)
    >>> locate(cells, np.array([box(12, 2, 14, 4), Point(10, 5), Point(30, 5)], dtype=object)).tolist()
    [1, 0, -1]
    """
    # A point on the surface, not the centroid: that of a bent slump may lie outside of it, in another cell.
    point, cell = shapely.STRtree(cells).query(shapely.point_on_surface(polygons), predicate="intersects")
    position = np.full(len(polygons), len(cells), dtype=np.int64)
    np.minimum.at(position, point, cell)
    return np.where(position == len(cells), OUTSIDE, position)
