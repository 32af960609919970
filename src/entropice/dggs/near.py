"""Which places lie near any of many points."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from entropice.types import BoolArray, FloatArray

SMALLEST_RADIUS_M = 6_335_000.0
"""Shortest radius of curvature of the ellipsoid, rounded down: an angle between normals is no larger than by it."""


@dataclass(frozen=True)
class NearPoints:
    """Points on the ground, to ask what lies near one of them.

    Attributes
    ----------
    tree
        Of unit vectors.
    """

    tree: KDTree

    @classmethod
    def of(cls, lon_deg: FloatArray, lat_deg: FloatArray) -> "NearPoints":
        """Points (n,), of longitudes and geodetic latitudes in degrees; ValueError for one that is not finite.

        They are kept as `unit_vectors`, along the normals of the ellipsoid.
        """
        return cls(KDTree(unit_vectors(lon_deg, lat_deg)))

    def are_near(self, lon_deg: FloatArray, lat_deg: FloatArray, within_deg: float) -> BoolArray:
        """Whether the normals of places (m,) and of one of the points are within an angle of each other.

        Longitudes and latitudes are in degrees, finite (ValueError else), the angle too; at the angle itself rounding
        decides. Without a point no place is near.

        Examples
        --------
        One point at 80° N: places a little less and a little more than 1° farther north, and one on the other side.

        >>> import numpy as np
        >>> points = NearPoints.of(np.array([0.0]), np.array([80.0]))
        >>> points.are_near(np.array([0.0, 0.0, 180.0]), np.array([80.999, 81.001, 80.0]), within_deg=1.0).tolist()
        [True, False, False]
        """
        # Straight through the Earth: chords are as ordered as angles, know neither poles nor ±180°, and a tree holds
        # them.
        # The tree leaves out what lies at the bound itself: the next number after it takes that in.
        chord = 2 * np.sin(np.radians(min(within_deg, 180.0)) / 2)
        nearest, _ = self.tree.query(unit_vectors(lon_deg, lat_deg), distance_upper_bound=np.nextafter(chord, np.inf))
        return np.asarray(np.isfinite(nearest), dtype=bool)


def unit_vectors(lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
    """Vectors (n, 3) of length 1 along the normals, by longitudes and latitudes (n,) in degrees; NaN stays NaN.

    ``(cos φ cos λ, cos φ sin λ, sin φ)`` with λ the longitude and φ the geodetic latitude.

    Examples
    --------
    >>> import numpy as np
    >>> unit_vectors(np.array([0.0, 90.0, 0.0]), np.array([0.0, 0.0, 90.0])).round(9).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def largest_angle_deg(distance_m: float) -> float:
    """No two points so far apart on the ground (m) have normals farther apart (degrees): distance over 6,335 km.

    That is the ellipsoid's shortest radius of curvature, along the meridian at the equator.

    Examples
    --------
    >>> round(largest_angle_deg(110_567.0), 4)
    1.0
    """
    return float(np.degrees(distance_m / SMALLEST_RADIUS_M))
