"""From points on the globe to polygons and areas in the polar plane."""

from functools import cache

import numpy as np
import shapely
from pyproj import Transformer

from entropice.crs import EQUAL_AREA_CRS, LON_LAT_CRS, POLAR_CRS
from entropice.types import FloatArray, Geometries, IntArray

MILLIMETRE_DECIMALS = 3
MAX_STRAIGHT_M = 10_000.0
"""A straight line this long in one polar CRS is straight to better than a metre in the other."""


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
