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
        """Points (n,)."""
        return cls(KDTree(unit_vectors(lon_deg, lat_deg)))

    def are_near(self, lon_deg: FloatArray, lat_deg: FloatArray, within_deg: float) -> BoolArray:
        """Whether the normals of places (m,) and of one of the points are within an angle of each other."""
        chord = 2 * np.sin(np.radians(min(within_deg, 180.0)) / 2)
        nearest, _ = self.tree.query(unit_vectors(lon_deg, lat_deg), distance_upper_bound=np.nextafter(chord, np.inf))
        return np.asarray(np.isfinite(nearest), dtype=bool)


def unit_vectors(lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
    """Vectors (n, 3) along the normals."""
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def largest_angle_deg(distance_m: float) -> float:
    """No two points so far apart on the ground have normals farther apart."""
    return float(np.degrees(distance_m / SMALLEST_RADIUS_M))
