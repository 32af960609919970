"""How many squares of a tiling touch a region."""

from typing import Final

import numpy as np
import shapely
from pyproj import Transformer

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.dggs import Region
from entropice.raster.utm_zones import UtmRaster, projected
from entropice.types import BaseGeometry, Geometries

N_CIRCLE: Final = 720
ZONES: Final = range(1, 61)
LAST_LAT_DEG: Final = 84.0
"""UTM ends here, and land not far from here."""

_UTM_BOX_M: Final = (100_000, 4_400_000, 900_000, 9_330_000)
"""Holds every zone between 40° N and 84° N."""


def outline(region: Region) -> BaseGeometry:
    """The region in EPSG:3413: its polygon, or where a latitude is its only limit, 720 corners on that circle."""
    return _cap(region.min_lat_deg) if region.polygon is None else region.polygon


def polar_squares(area: BaseGeometry, edge_m: float) -> int:
    """Squares of a tiling of EPSG:3413 with a corner at the pole that touch an area in EPSG:3413.

    A square that shares no more than a border with the area does not count; an empty area has none. `edge_m` is in
    metres of the projection.

    >>> polar_squares(shapely.box(0, 0, 1000, 2000), 1000.0), polar_squares(shapely.box(-1, 0, 1000, 2000), 1000.0)
    (2, 4)
    """
    return len(_touching(area, edge_m))


def utm_squares(area: BaseGeometry, edge_m: float) -> int:
    """Squares of tilings of the northern UTM zones, each to its zone's meridians, that touch an area in EPSG:3413.

    Corners are whole multiples of `edge_m` in the metres of a zone. A square across a border of zones counts in both;
    what lies north of 84° N, where UTM ends, counts in none, nor does a square that shares a border alone.
    """
    south_of_the_end = shapely.difference(area, _cap(LAST_LAT_DEG))
    return sum(_squares_of_zone(south_of_the_end, zone, edge_m) for zone in ZONES)


def southernmost_deg(area: BaseGeometry) -> float:
    """Lowest latitude of an area in EPSG:3413, whose circles of latitude are circles round the pole; 90 if empty.

    It is that of the corner farthest from the pole: between two corners an edge comes no farther.

    >>> southernmost_deg(shapely.Polygon())
    90.0
    """
    if area.is_empty:
        return 90.0
    farthest = max(shapely.get_coordinates(shapely.convex_hull(area)).tolist(), key=lambda xy: xy[0] ** 2 + xy[1] ** 2)
    lat_deg: float = Transformer.from_crs(POLAR_CRS, LON_LAT_CRS, always_xy=True).transform(*farthest)[1]
    return lat_deg


def _squares_of_zone(area: BaseGeometry, zone: int, edge_m: float) -> int:
    west_m, south_m, east_m, north_m = _UTM_BOX_M
    raster = UtmRaster(
        zone, (1000.0, 0.0, west_m, 0.0, -1000.0, north_m), ((north_m - south_m) // 1000, (east_m - west_m) // 1000)
    )
    here = shapely.intersection(projected(np.array([raster.ground()]), raster.crs, POLAR_CRS)[0], area)
    if here.is_empty:
        return 0
    return len(_touching(projected(np.array([here]), POLAR_CRS, raster.crs)[0], edge_m))


def _touching(area: BaseGeometry, edge_m: float) -> Geometries:
    """Squares that share more than a border with an area; none with an empty one."""
    if area.is_empty:
        return np.empty(0, dtype=object)
    west, south, east, north = np.array(area.bounds) / edge_m
    columns, rows = np.arange(np.floor(west), np.ceil(east)), np.arange(np.floor(south), np.ceil(north))
    x, y = (axis.ravel() * edge_m for axis in np.meshgrid(columns, rows))
    squares: Geometries = shapely.box(x, y, x + edge_m, y + edge_m)
    shapely.prepare(area)
    touching: Geometries = squares[shapely.intersects(area, squares) & ~shapely.touches(area, squares)]
    return touching


def _cap(min_lat_deg: float) -> BaseGeometry:
    """Everything north of a latitude."""
    lon_deg = np.linspace(-180.0, 180.0, N_CIRCLE, endpoint=False)
    project = Transformer.from_crs(LON_LAT_CRS, POLAR_CRS, always_xy=True).transform
    return shapely.Polygon(np.column_stack(project(lon_deg, np.full(N_CIRCLE, min_lat_deg))))
