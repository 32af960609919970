"""Shapes of slumps and of what looks like them: star-shaped, stretched and turned downslope."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import Proj, Transformer

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.types import Float32Array, FloatArray
from entropice.virtual_scenes.pixel_grid import PixelGrid

if TYPE_CHECKING:
    Shares = Float32Array | FloatArray

_ORDERS: Final = np.arange(2, 8)
_SHRINKING: Final = 1.3
_N_CORNERS: Final = 96


@dataclass(frozen=True)
class Star:
    """A closed line around a middle.

    Attributes
    ----------
    x_m, y_m
        The middle, EPSG:3413.
    down_x, down_y
        Unit vector of the way down.
    along_m, across_m
        Half axes along and across it; the area is π along_m across_m in EPSG:3413.
    cosines, sines
        Departures of the radius from a circle, of the orders 2 to 7; shape (6,).
    """

    x_m: float
    y_m: float
    down_x: float
    down_y: float
    along_m: float
    across_m: float
    cosines: FloatArray
    sines: FloatArray

    @property
    def reach_m(self) -> float:
        """No point of the line is farther (m) from the middle.

        (1 + Σ_k √(a_k² + b_k²)) times the longer half axis, over the `cosines` a and `sines` b.
        """
        largest = 1 + np.hypot(self.cosines, self.sines).sum()
        return float(largest * max(self.along_m, self.across_m))

    def axes(self, grid: PixelGrid) -> tuple[Float32Array, Float32Array]:
        """Metres down and across from the middle, each of the grid's shape.

        Down is positive downslope, across to the left of it (in EPSG:3413, seen from above); float32.
        """
        x_m = (grid.x_m - self.x_m).astype(np.float32)[None, :]
        y_m = (grid.y_m - self.y_m).astype(np.float32)[:, None]
        down_x, down_y = np.float32(self.down_x), np.float32(self.down_y)
        return x_m * down_x + y_m * down_y, y_m * down_x - x_m * down_y

    def depth(self, down_m: Float32Array, across_m: Float32Array) -> Float32Array:
        """1 in the middle, 0 on the line, negative outside; distances are shares of the radius there.

        Parameters
        ----------
        down_m, across_m
            Metres from the middle, down the slope and across it, as `axes` gives them; both of one shape.

        Returns
        -------
        Float32Array
            1 − d / r(φ), of that shape. u and v are both distances over the half axes of their directions, d² = u² + v²
            and φ the angle of (u, v); r(φ) = (1 + Σ_k a_k cos kφ + b_k sin kφ) / √(1 + Σ_k (a_k² + b_k²) / 2), over the
            orders k of `cosines` a and `sines` b, is the radius of the line, scaled to the area of a circle of 1.
            Of an ellipse (a = b = 0) it is 1 − d.

        Examples
        --------
        >>> star = Star(0.0, 0.0, 1.0, 0.0, along_m=20.0, across_m=10.0, cosines=np.zeros(6), sines=np.zeros(6))
        >>> down_m, across_m = np.array([0, 10, 20, 0], dtype=np.float32), np.array([0, 0, 0, 15], dtype=np.float32)
        >>> star.depth(down_m, across_m).tolist()
        [1.0, 0.5, 0.0, -0.5]
        """
        down, across = down_m / np.float32(self.along_m), across_m / np.float32(self.across_m)
        distance = np.sqrt(down * down + across * across)
        safe = np.maximum(distance, np.float32(1e-6))
        radius = self._radius(down / safe, across / safe)
        inside: Float32Array = 1 - distance / radius.astype(np.float32)
        return inside

    def outline(self) -> shapely.Polygon:
        """The line as a polygon in EPSG:3413.

        96 corners on the line, so that its area is a little smaller than that of the star.
        """
        angle = 2 * np.pi * np.arange(_N_CORNERS) / _N_CORNERS
        cosine, sine = np.cos(angle), np.sin(angle)
        radius = self._radius(cosine, sine)
        down_m, across_m = radius * cosine * self.along_m, radius * sine * self.across_m
        x_m = self.x_m + down_m * self.down_x - across_m * self.down_y
        y_m = self.y_m + down_m * self.down_y + across_m * self.down_x
        return shapely.Polygon(np.stack([x_m, y_m], axis=-1))

    def _radius(self, cosine: "Shares", sine: "Shares") -> "Shares":
        """Radius of the unit star towards an angle; sines and cosines of multiples by recurrence."""
        area = 1 + np.sum(self.cosines**2 + self.sines**2) / 2
        before = np.ones_like(cosine), np.zeros_like(sine)
        now, radius = (cosine, sine), np.ones_like(cosine)
        for of_cosine, of_sine in zip(self.cosines.tolist(), self.sines.tolist(), strict=True):
            before, now = now, (2 * cosine * now[0] - before[0], 2 * cosine * now[1] - before[1])
            radius = radius + of_cosine * now[0] + of_sine * now[1]
        return radius / float(np.sqrt(area))


def departures(chances: FloatArray, roughness: float) -> FloatArray:
    """Departures from a circle for numbers over [0, 1), shape (…, 6): the finer, the smaller.

    (2 c − 1) · roughness / k^1.3 for the order k = 2 … 7 along the last axis.

    Examples
    --------
    >>> departures(np.array([0.5, 0.5, 0.5, 1.0, 0.5, 0.5]), 1.0).round(3).tolist()
    [0.0, 0.0, 0.0, 0.123, 0.0, 0.0]
    """
    shrinking: FloatArray = (2 * chances - 1) * roughness / _ORDERS**_SHRINKING
    return shrinking


def farthest(roughness: float) -> float:
    """No departure of that roughness reaches farther from a circle of radius 1.

    √2 · Σ roughness / k^1.3 over the orders k = 2 … 7: both of an order at their largest, all pointing one way.
    """
    return float(np.sqrt(2) * np.sum(roughness / _ORDERS**_SHRINKING))


def seen_scale(x_m: FloatArray, y_m: FloatArray) -> FloatArray:
    """Areas in EPSG:3413 over true ones at places there, shape (n,).

    Below 1 north of 70° N, where EPSG:3413 is true, and above 1 south of it.

    Notes
    -----
    Snyder 1987, Map Projections: A Working Manual (USGS Professional Paper 1395), eq. 21-32 to 21-35, by PROJ.

    Examples
    --------
    >>> seen_scale(np.array([0.0]), np.array([-1e-3])).round(3).tolist()
    [0.941]
    """
    lon_deg, lat_deg = Transformer.from_crs(POLAR_CRS, LON_LAT_CRS, always_xy=True).transform(x_m, y_m)
    scale: FloatArray = np.asarray(Proj(POLAR_CRS).get_factors(lon_deg, lat_deg).areal_scale)
    return scale
