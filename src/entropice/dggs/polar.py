"""From points on the globe to polygons and areas in the polar plane."""

from functools import cache

import numpy as np
import shapely
from pyproj import Geod, Transformer

from entropice.crs import EQUAL_AREA_CRS, LON_LAT_CRS, POLAR_CRS
from entropice.types import FloatArray, Geometries, IntArray

MILLIMETRE_DECIMALS = 3
MAX_STRAIGHT_M = 10_000.0
"""A straight line this long in one polar CRS is straight to better than a metre in the other."""

TRUE_LATITUDE_DEG = 70.0
"""Where lengths in EPSG:3413 are those on the ground."""

_ECCENTRICITY = np.sqrt(Geod(ellps="WGS84").es)


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def project(lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
    """Points in EPSG:3413, shape (n, 2), rounded to 1 mm so that equal points are equal numbers."""
    coordinates = _transformer(LON_LAT_CRS, POLAR_CRS).transform(lon_deg, lat_deg)
    return np.round(np.column_stack(coordinates), MILLIMETRE_DECIMALS)


def unproject(coordinates_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude (degrees) of EPSG:3413 points of shape (n, 2)."""
    return _transformer(POLAR_CRS, LON_LAT_CRS).transform(coordinates_m[:, 0], coordinates_m[:, 1])


def scale_at(coordinates_m: FloatArray) -> FloatArray:
    """Length in EPSG:3413 over length on the ground, at points of shape (n, 2), in every direction alike.

    1 at 70° N, 0.970 at the pole, 1.098 at 50° N, 1.292 at 30° N: it grows from the pole outwards, so that the
    smallest scale of a patch is where it comes nearest to the pole. An area on the ground is the projected one over
    the square of the scale. NaN where a coordinate is not finite; shape (n,).

    Notes
    -----
    Snyder (1987), *Map Projections: A Working Manual*, USGS Professional Paper 1395, doi:10.3133/pp1395, equations
    14-15, 15-9, 21-32 and 21-34: ``k = rho / (a m)`` with ``rho = a m_c t / t_c``. The cosine of the latitude in ``t``
    cancels that in ``m``, so that the pole is a point like others.
    """
    is_finite = np.isfinite(coordinates_m).all(axis=1)
    _, lat_deg = unproject(coordinates_m)
    return _growth(np.where(is_finite, lat_deg, np.nan)) / _growth(np.array(TRUE_LATITUDE_DEG))


def _growth(lat_deg: FloatArray) -> FloatArray:
    """``t / m`` of a latitude: its scale but for a factor."""
    sine = np.sin(np.radians(lat_deg))
    across = _ECCENTRICITY * sine
    growth: FloatArray = np.sqrt(1 - across**2) / (1 + sine) * ((1 + across) / (1 - across)) ** (_ECCENTRICITY / 2)
    return growth


def ring_polygons(lon_deg: FloatArray, lat_deg: FloatArray, ring: IntArray) -> Geometries:
    """One EPSG:3413 polygon per ring; vertex ``i`` belongs to ring number ``ring[i]``, ascending from 0."""
    polygons: Geometries = shapely.polygons(shapely.linearrings(project(lon_deg, lat_deg), indices=ring))
    return polygons


def equal_area_m2(geometries: Geometries) -> FloatArray:
    """Ellipsoidal area of EPSG:3413 polygons; cutting a polygon conserves the sum.

    Edges are straight in EPSG:3413. They are split before they go to EPSG:6931, whose areas are those of the
    WGS 84 ellipsoid, because a straight line of one is curved in the other. Empty geometries have area 0.
    """
    split = shapely.segmentize(geometries, MAX_STRAIGHT_M)
    to_equal_area = _transformer(POLAR_CRS, EQUAL_AREA_CRS).transform
    area_m2: FloatArray = shapely.area(shapely.transform(split, to_equal_area, interleaved=False))
    return area_m2
