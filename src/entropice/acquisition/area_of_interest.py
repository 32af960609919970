"""Which published tiles a region needs; looked up in the polar CRS, because degrees break at ±180° and the pole."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import shapely
from pyproj import Transformer

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.dggs import Region
from entropice.types import BaseGeometry, BoolArray, Geometries

MAX_EDGE_DEG: Final = 0.25
"""Edges of footprints in degrees are split to this before they are projected."""
METRES_PER_DEGREE: Final = 110_000.0
"""Of latitude; a little less than anywhere north of 50° N."""
N_CIRCLE_SEGMENTS: Final = 256


@dataclass(frozen=True)
class AreaOfInterest:
    """The area that the cells of a region can cover.

    Attributes
    ----------
    area
        Polygon in EPSG:3413.
    min_lat_deg
        No part of it lies south of this.
    """

    area: BaseGeometry
    min_lat_deg: float

    @classmethod
    def around(cls, region: Region, margin_m: float) -> Self:
        """A region with a margin, since cells with their centre inside extend beyond it.

        A region without a polygon is all north of its latitude. The margin is in metres of EPSG:3413; of
        `min_lat_deg`, 1° is taken for 110,000 m, so that it comes to lie a little too far south.
        """
        min_lat_deg = region.min_lat_deg - margin_m / METRES_PER_DEGREE
        area = _cap(region.min_lat_deg) if region.polygon is None else region.polygon
        return cls(area.buffer(margin_m), min_lat_deg)

    def meets(self, footprints: Geometries) -> BoolArray:
        """Whether EPSG:3413 polygons intersect the area, bool, shape (n,). Touching counts.

        Examples
        --------
        >>> area = AreaOfInterest(shapely.box(0, 0, 10, 10), min_lat_deg=50.0)
        >>> area.meets(shapely.box([5, 10, 11], 0, 20, 1)).tolist()
        [True, True, False]
        """
        shapely.prepare(self.area)
        met: BoolArray = shapely.intersects(self.area, footprints)
        return met


def footprints(lon_lat: Geometries) -> Geometries:
    """Polygons in degrees as EPSG:3413, edges split finely first; none of them may cross ±180°.

    Shape (n,) both, valid polygons in the same order; longitude is x, latitude y. Edges are split to 0.25° at most
    (`MAX_EDGE_DEG`), straight in degrees. What is given is not changed.
    """
    to_polar = Transformer.from_crs(LON_LAT_CRS, POLAR_CRS, always_xy=True)
    split = shapely.segmentize(lon_lat, MAX_EDGE_DEG)
    projected = shapely.transform(split, to_polar.transform, interleaved=False)
    valid: Geometries = np.asarray(shapely.make_valid(projected), dtype=object)
    return valid


def _cap(min_lat_deg: float) -> BaseGeometry:
    """Everything from a latitude to the pole; the polygon lies around the circle."""
    to_polar = Transformer.from_crs(LON_LAT_CRS, POLAR_CRS, always_xy=True)
    x_m, y_m = to_polar.transform(0.0, min_lat_deg)
    # A buffer has its corners on the circle and its edges inside: made larger by this, the edges touch it.
    radius_m = np.hypot(x_m, y_m) / np.cos(np.pi / (4 * N_CIRCLE_SEGMENTS))
    return shapely.Point(0.0, 0.0).buffer(radius_m, quad_segs=N_CIRCLE_SEGMENTS)
