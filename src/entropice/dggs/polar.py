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
    """Points in EPSG:3413 (m), shape (n, 2), of longitudes and latitudes (n,) in degrees.

    Rounded to 1 mm so that equal points are equal numbers. NaN or infinite where either is not finite.

    Examples
    --------
    EPSG:3413 has 45° W pointing down; the pole is its origin.

    >>> import numpy as np
    >>> project(np.array([0.0, -45.0]), np.array([90.0, 70.0])).tolist()
    [[0.0, 0.0], [0.0, -2187927.649]]
    """
    # Neighbouring cells compute a shared vertex by different paths, whose last bits differ; `zonal` needs it equal.
    coordinates = _transformer(LON_LAT_CRS, POLAR_CRS).transform(lon_deg, lat_deg)
    return np.round(np.column_stack(coordinates), MILLIMETRE_DECIMALS)


def unproject(coordinates_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Longitude (−180 to 180) and latitude (degrees), shape (n,) each, of EPSG:3413 points (m) of shape (n, 2).

    The inverse of `project` but for its rounding. NaN or infinite where a coordinate is not finite; any longitude at
    the pole.

    Examples
    --------
    Straight down lies 45° W, and 70° N at this distance from the pole.

    >>> import numpy as np
    >>> lon_deg, lat_deg = unproject(np.array([[0.0, -2187927.649]]))
    >>> lon_deg.round(6).tolist(), lat_deg.round(6).tolist()
    ([-45.0], [70.0])
    """
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

    Examples
    --------
    >>> import numpy as np
    >>> at_m = project(np.array([0.0, 0.0, 0.0]), np.array([90.0, 70.0, 50.0]))
    >>> scale_at(at_m).round(3).tolist()
    [0.97, 1.0, 1.098]
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
    """One EPSG:3413 polygon per ring, shape (n_rings,).

    Parameters
    ----------
    lon_deg, lat_deg
        Vertices, degrees, shape (n,); rings need not be closed.
    ring
        Ring of each vertex, shape (n,): ascending from 0 without a gap, three vertices or more each.

    Returns
    -------
    Geometries
        Closed, without holes, with straight edges; vertices are rounded to 1 mm as of `project`, in the given order.

    Examples
    --------
    Four points at 80° N make a square around the pole.

    >>> import numpy as np
    >>> square, = ring_polygons(np.array([-45.0, 45.0, 135.0, -135.0]), np.full(4, 80.0), np.zeros(4, dtype=np.int64))
    >>> square.wkt
    'POLYGON ((0 -1085920.297, 1085920.297 0, 0 1085920.297, -1085920.297 0, 0 -1085920.297))'
    """
    polygons: Geometries = shapely.polygons(shapely.linearrings(project(lon_deg, lat_deg), indices=ring))
    return polygons


def equal_area_m2(geometries: Geometries) -> FloatArray:
    """Area (m², WGS 84 ellipsoid) of EPSG:3413 geometries (n,), shape (n,); cutting a polygon conserves the sum.

    Edges are straight in EPSG:3413. They are split before they go to EPSG:6931, whose areas are those of the
    WGS 84 ellipsoid, because a straight line of one is curved in the other. Empty geometries have area 0, a missing
    one (None) NaN.

    Examples
    --------
    A square kilometre of the plane at the pole and at 60° N, divided by the square of `scale_at`: 0.970 and 1.039.

    >>> import numpy as np
    >>> from shapely import box
    >>> at_60 = project(np.array([-45.0]), np.array([60.0]))[0]
    >>> squares = np.array([box(-500, -500, 500, 500), box(-500, at_60[1] - 500, 500, at_60[1] + 500)], dtype=object)
    >>> (equal_area_m2(squares) / 1e6).round(3).tolist()
    [1.063, 0.926]
    """
    split = shapely.segmentize(geometries, MAX_STRAIGHT_M)
    to_equal_area = _transformer(POLAR_CRS, EQUAL_AREA_CRS).transform
    area_m2: FloatArray = shapely.area(shapely.transform(split, to_equal_area, interleaved=False))
    return area_m2
