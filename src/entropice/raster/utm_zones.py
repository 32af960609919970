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
        """The zone's CRS, ``EPSG:326<zone>``.

        Examples
        --------
        >>> UtmRaster(7, (10, 0, 5e5, 0, -10, 7e6), (2, 3)).crs
        'EPSG:32607'
        """
        return utm_crs(self.zone)

    @property
    def affine(self) -> Affine:
        """The transform as rasterio uses it: times (column, row) it gives (x, y) of outer corners (m, zone's CRS)."""
        return Affine(*self.transform)

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge, whichever way the rows run.

        Examples
        --------
        Two rows of 10 m from the south on, and the same from the north on:

        >>> UtmRaster(33, (10, 0, 5e5, 0, 10, 7e6), (2, 3)).bounds_m
        (500000.0, 7000000.0, 500030.0, 7000020.0)
        >>> UtmRaster(33, (10, 0, 5e5, 0, -10, 7e6), (2, 3)).bounds_m
        (500000.0, 6999980.0, 500030.0, 7000000.0)
        """
        n_rows, n_columns = self.shape
        (west, first), (east, last) = self.affine * (0, 0), self.affine * (n_columns, n_rows)
        return west, min(first, last), east, max(first, last)

    def coarsened(self, factor: int) -> "UtmRaster":
        """The same square in pixels `factor` times as wide.

        `factor` divides rows and columns, which is not checked: rows and columns that are left over fall away.

        Examples
        --------
        >>> UtmRaster(33, (10, 0, 5e5, 0, -10, 7e6), (4, 6)).coarsened(2)
        UtmRaster(zone=33, transform=(20.0, 0.0, 500000.0, 0.0, -20.0, 7000000.0), shape=(2, 3))
        """
        n_rows, n_columns = self.shape
        affine = self.affine * Affine.scale(factor)
        return UtmRaster(self.zone, tuple(affine)[:6], (n_rows // factor, n_columns // factor))

    def ground(self) -> shapely.Geometry:
        """The part of the raster between the zone's meridians, in the zone's CRS; empty where there is none.

        North of 40° N alone. A meridian is shared with the ground of the neighbouring zone, as a border without area.
        """
        return shapely.intersection(shapely.box(*self.bounds_m), _strip(self.zone))


def utm_crs(zone: int) -> str:
    """CRS of a northern zone, 1 to 60 (not checked).

    Examples
    --------
    >>> utm_crs(33)
    'EPSG:32633'
    """
    return f"EPSG:{NORTH_ZONES_EPSG + zone}"


def zone_lon_deg(zone: int) -> tuple[float, float]:
    """Western and eastern meridian of a zone, −180 to 180: six degrees each, without the exceptions of Svalbard.

    Examples
    --------
    >>> zone_lon_deg(1), zone_lon_deg(33), zone_lon_deg(60)
    ((-180.0, -174.0), (12.0, 18.0), (174.0, 180.0))
    """
    west_deg = -180.0 + ZONE_WIDTH_DEG * (zone - 1)
    return west_deg, west_deg + ZONE_WIDTH_DEG


def cells_on(raster: UtmRaster, polygons: Geometries) -> tuple[IntArray, Geometries]:
    """Cells with ground on a raster, and what of them lies there, in the zone's CRS.

    Parameters
    ----------
    raster
        Where the pixels lie.
    polygons
        Cells in EPSG:3413, shape (n_cells,); they are not changed.

    Returns
    -------
    rows
        Positions in `polygons`, ascending, int64; none of cells that only touch (10 cm² or less on the raster's
        ground).
    parts
        Polygons in the raster's CRS, as many as `rows`. Parts in neighbouring zones share the meridian as their border:
        together they are the cell.

    Examples
    --------
    A cell of 100 × 100 m on a raster of 1 km, and one beside it:

    >>> raster = UtmRaster(33, (10, 0, 500_000, 0, -10, 7_600_000), (100, 100))
    >>> squares = shapely.box([600_000, 500_100], 7_599_500, [600_100, 500_200], 7_599_600)
    >>> rows, parts = cells_on(raster, projected(squares, raster.crs, POLAR_CRS))
    >>> rows.tolist(), shapely.area(parts).round().tolist()
    ([1], [10000.0])
    """
    ground = raster.ground()
    if ground.is_empty:
        return np.array([], dtype=np.int64), np.array([], dtype=object)
    parts = projected(polygons, POLAR_CRS, raster.crs)
    # Cells wholly inside need no cut, and stay bit for bit as they were projected.
    cut = np.flatnonzero(~shapely.contains_properly(ground, parts))
    parts[cut] = [_areal(part) for part in shapely.intersection(parts[cut], ground)]
    rows = np.flatnonzero(~shapely.is_empty(parts))
    return rows, parts[rows]


def cells_near(tree: shapely.STRtree, raster: UtmRaster) -> IntArray:
    """Positions, ascending, of the cells (a tree of polygons in EPSG:3413) that may have ground on a raster.

    int64, shape (n,): all within 10 m of the raster's ground, so more than those of `cells_on` and never fewer; none
    where the raster has no ground between its zone's meridians.
    """
    ground = projected(np.array([raster.ground()]), raster.crs, POLAR_CRS)
    return np.sort(tree.query(ground[0], predicate="dwithin", distance=_MARGIN_M))


def projected(polygons: Geometries, from_crs: str, to_crs: str) -> Geometries:
    """Polygons in another CRS, their edges cut to 2 km first so that straight lines stay where they are.

    Both arrays have the shape (n,), in the same order; `from_crs` is in metres. The polygons that are given stay as
    they are.
    """
    fine = shapely.segmentize(polygons, LONGEST_EDGE_M)
    moved: Geometries = shapely.transform(fine, transformer(from_crs, to_crs).transform, interleaved=False)
    return moved


@lru_cache(maxsize=4 * N_ZONES)
def transformer(from_crs: str, to_crs: str) -> Transformer:
    """From (x, y) or (longitude, latitude) to (x, y) or (longitude, latitude); made once, which takes milliseconds.

    The order is the same for every CRS, whatever its definition says; angles are in degrees, x and y in the CRS's unit.

    Examples
    --------
    >>> x_m, y_m = transformer("EPSG:4326", "EPSG:32633").transform(15.0, 0.0)  # longitude first
    >>> round(x_m), round(abs(y_m))
    (500000, 0)
    """
    return Transformer.from_crs(from_crs, to_crs, always_xy=True)


@lru_cache(maxsize=N_ZONES)
def _strip(zone: int) -> shapely.Polygon:
    """Everything north of 40° N between a zone's meridians, in its CRS."""
    west_deg, east_deg = zone_lon_deg(zone)
    # A meridian is a curve in UTM; in steps of 2.2 km straight lines stray from it by less than 5 mm.
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
