"""Rasters in UTM zones, which overlap on the ground: cells are cut at the meridians, so that none counts twice."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import shapely
from pyproj import Transformer
from rasterio.transform import Affine

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.types import Geometries, IntArray

N_ZONES: Final = 60
ZONE_WIDTH_DEG: Final = 6
NORTH_ZONES_EPSG: Final = 32600

LONGEST_EDGE_M: Final = 2000.0
"""Edges are cut to this length before they are projected: between vertices they then stray 0.2 m at most."""

_MERIDIAN_STEP_DEG = 0.02
_SOUTH_DEG = 40.0
_MARGIN_M = 10.0
_ROUNDING_M2 = 1e-3


@dataclass(frozen=True)
class UtmRaster:
    """Where the pixels of a raster lie.

    Attributes
    ----------
    zone
        1 to 60, in the northern hemisphere.
    transform
        (a, b, c, d, e, f), from (column, row) to coordinates; e is positive in a bottom-up raster.
    shape
        Rows and columns.
    """

    zone: int
    transform: tuple[float, float, float, float, float, float]
    shape: tuple[int, int]

    @property
    def crs(self) -> str:
        """The zone's CRS, ``EPSG:326<zone>``."""
        return utm_crs(self.zone)

    @property
    def affine(self) -> Affine:
        """The transform as rasterio uses it."""
        return Affine(*self.transform)

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge, whichever way the rows run."""
        n_rows, n_columns = self.shape
        (west, first), (east, last) = self.affine * (0, 0), self.affine * (n_columns, n_rows)
        return west, min(first, last), east, max(first, last)

    def coarsened(self, factor: int) -> "UtmRaster":
        """The same square in pixels `factor` times as wide; `factor` divides rows and columns."""
        n_rows, n_columns = self.shape
        affine = self.affine * Affine.scale(factor)
        return UtmRaster(self.zone, tuple(affine)[:6], (n_rows // factor, n_columns // factor))

    def ground(self) -> shapely.Geometry:
        """The part of the raster between the zone's meridians, in the zone's CRS; empty where there is none."""
        return shapely.intersection(shapely.box(*self.bounds_m), _strip(self.zone))


def utm_crs(zone: int) -> str:
    """CRS of a northern zone."""
    return f"EPSG:{NORTH_ZONES_EPSG + zone}"


def zone_lon_deg(zone: int) -> tuple[float, float]:
    """Western and eastern meridian of a zone, −180 to 180: six degrees each, without the exceptions of Svalbard."""
    west_deg = -180.0 + ZONE_WIDTH_DEG * (zone - 1)
    return west_deg, west_deg + ZONE_WIDTH_DEG


def cells_on(raster: UtmRaster, polygons: Geometries) -> tuple[IntArray, Geometries]:
    """Cells with ground on a raster, and what of them lies there, in the zone's CRS.

    Parameters
    ----------
    raster
        Where the pixels lie.
    polygons
        Cells in EPSG:3413.

    Returns
    -------
    rows
        Positions in `polygons`, ascending, int64.
    parts
        Polygons in the raster's CRS. Parts in neighbouring zones share the meridian as their border: together they
        are the cell.
    """
    ground = raster.ground()
    if ground.is_empty:
        return np.array([], dtype=np.int64), np.array([], dtype=object)
    parts = projected(polygons, POLAR_CRS, raster.crs)
    cut = np.flatnonzero(~shapely.contains_properly(ground, parts))
    parts[cut] = [_areal(part) for part in shapely.intersection(parts[cut], ground)]
    rows = np.flatnonzero(~shapely.is_empty(parts))
    return rows, parts[rows]


def cells_near(tree: shapely.STRtree, raster: UtmRaster) -> IntArray:
    """Positions, ascending, of the cells (a tree of polygons in EPSG:3413) that may have ground on a raster."""
    ground = projected(np.array([raster.ground()]), raster.crs, POLAR_CRS)
    return np.sort(tree.query(ground[0], predicate="dwithin", distance=_MARGIN_M))


def projected(polygons: Geometries, from_crs: str, to_crs: str) -> Geometries:
    """Polygons in another CRS, their edges cut to 2 km first so that straight lines stay where they are."""
    fine = shapely.segmentize(polygons, LONGEST_EDGE_M)
    moved: Geometries = shapely.transform(fine, transformer(from_crs, to_crs).transform, interleaved=False)
    return moved


@lru_cache(maxsize=4 * N_ZONES)
def transformer(from_crs: str, to_crs: str) -> Transformer:
    """From (x, y) or (longitude, latitude) to (x, y) or (longitude, latitude); made once, which takes milliseconds."""
    return Transformer.from_crs(from_crs, to_crs, always_xy=True)


@lru_cache(maxsize=N_ZONES)
def _strip(zone: int) -> shapely.Polygon:
    """Everything north of 40° N between a zone's meridians, in its CRS."""
    west_deg, east_deg = zone_lon_deg(zone)
    lat_deg = np.arange(_SOUTH_DEG, 90.0, _MERIDIAN_STEP_DEG)
    lon = np.concatenate([np.full_like(lat_deg, west_deg), [west_deg], np.full_like(lat_deg, east_deg)])
    lat = np.concatenate([lat_deg, [90.0], lat_deg[::-1]])
    strip = shapely.polygons(np.column_stack(transformer(LON_LAT_CRS, utm_crs(zone)).transform(lon, lat)))
    shapely.prepare(strip)
    return strip


def _areal(geometry: shapely.Geometry) -> shapely.Geometry:
    """The polygons of a cut; where it only touches, or leaves slivers of rounding, there are none."""
    parts = shapely.get_parts(geometry)
    areas = parts[shapely.area(parts) > _ROUNDING_M2]
    return shapely.multipolygons(areas) if len(areas) else shapely.Polygon()
