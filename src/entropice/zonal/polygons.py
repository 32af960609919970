"""Polygons to cells: counts by one point each, areas split at borders."""

from dataclasses import dataclass

import numpy as np
import shapely

from entropice.types import FloatArray, Geometries, IntArray

OUTSIDE = -1


@dataclass(frozen=True)
class Pieces:
    """The parts that two sets of polygons share.

    Attributes
    ----------
    left, right
        Position in either set, int64, shape (n_pieces,).
    geometry
        left ∩ right, shape (n_pieces,).
    """

    left: IntArray
    right: IntArray
    geometry: Geometries

    @property
    def area_m2(self) -> FloatArray:
        """Planar area of each piece: true area where the polygons are in EPSG:6931."""
        return np.asarray(shapely.area(self.geometry), dtype=np.float64)

    def area_by_left_m2(self, n_left: int) -> FloatArray:
        """Area shared by each polygon of the left set, shape (n_left,); right polygons must not overlap."""
        return np.bincount(self.left, weights=self.area_m2, minlength=n_left).astype(np.float64)


def cut(left: Geometries, right: Geometries) -> Pieces:
    """Every pair's shared part; where `left` tessellates, the areas of each right polygon's pieces add up to its own.

    Only pairs of which neither contains the other are clipped.

    Parameters
    ----------
    left, right
        Valid polygons in one CRS, shapes (n_left,) and (n_right,).
    """
    right_row, left_row = shapely.STRtree(left).query(right, predicate="intersects")
    shapely.prepare(left)
    shapely.prepare(right)
    holds = shapely.contains(left[left_row], right[right_row])
    is_held = ~holds & shapely.contains(right[right_row], left[left_row])
    is_clipped = ~holds & ~is_held
    geometry = np.where(holds, right[right_row], left[left_row])
    geometry[is_clipped] = shapely.intersection(left[left_row[is_clipped]], right[right_row[is_clipped]])
    return Pieces(left_row.astype(np.int64), right_row.astype(np.int64), geometry)


def locate(cells: Geometries, polygons: Geometries) -> IntArray:
    """The one cell that holds each polygon's representative point, or `OUTSIDE`; int64, shape (n_polygons,).

    A point on a border belongs to the first of its cells, so that counts are conserved.
    """
    point, cell = shapely.STRtree(cells).query(shapely.point_on_surface(polygons), predicate="intersects")
    position = np.full(len(polygons), len(cells), dtype=np.int64)
    np.minimum.at(position, point, cell)
    return np.where(position == len(cells), OUTSIDE, position)
