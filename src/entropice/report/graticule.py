"""Meridians and parallels on polar maps, ±180° among them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from pyproj import Transformer

from entropice.crs import LON_LAT_CRS, POLAR_CRS
from entropice.types import FloatArray

MERIDIANS_DEG: Final = tuple(range(-150, 181, 30))
PARALLELS_DEG: Final = tuple(range(40, 90, 10))
_LABEL_DEPTH: Final = 0.065
_PARALLEL_DEPTH: Final = 0.12
_CROWDED: Final = 0.15
"""Names closer to the pole than this share of the frame would overlap."""
_STEPS: Final = 400

Frame = tuple[float, float, float, float]
"""Left, bottom, right, top, in EPSG:3413 metres."""


@dataclass(frozen=True)
class GraticuleLine:
    """A meridian or a parallel.

    Attributes
    ----------
    name
        Such as ``150°W`` or ``80°N``.
    parts
        What lies in the frame: points (n, 2) of each part, EPSG:3413 metres; a meridian is straight.
    name_at
        Where to write the name: where a meridian enters the frame, or a parallel is farthest from its edges. None
        where names would overlap.
    """

    name: str
    parts: tuple[FloatArray, ...]
    name_at: tuple[float, float] | None


def graticule(frame_m: Frame) -> list[GraticuleLine]:
    """Meridians every 30° and parallels every 10°, as far as they lead well into the frame.

    Meridians come first, from 150°W eastwards to 180°, then parallels from 40°N to 80°N. A meridian is left out where
    it never lies 6.5 % of the frame's longer side inside all edges, a parallel where it never lies 12 % inside; names
    nearer to the pole than 15 % of the frame's width are left out.

    Examples
    --------
    >>> [line.name for line in graticule((-2.5e6, -2.5e6, 2.5e6, 2.5e6))][-2:]
    ['70°N', '80°N']
    """
    # Meridians end a degree before the pole, where twelve of them would run into one another.
    lats, lons = np.linspace(PARALLELS_DEG[0], 89.0, _STEPS), np.linspace(-180.0, 180.0, _STEPS + 1)
    meridians = [(_longitude_name(lon), _projected(np.full_like(lats, lon), lats)) for lon in MERIDIANS_DEG]
    parallels = [(f"{lat}°N", _projected(lons, np.full_like(lons, lat))) for lat in PARALLELS_DEG]
    return [
        *(
            _line(name, points[[0, -1]], points[np.argmax(depth >= _LABEL_DEPTH)], frame_m)
            for name, points in meridians
            if (depth := _depth(points, frame_m)).max() >= _LABEL_DEPTH
        ),
        *(
            _line(name, points, points[np.argmax(depth)], frame_m)
            for name, points in parallels
            if (depth := _depth(points, frame_m)).max() >= _PARALLEL_DEPTH
        ),
    ]


def _line(name: str, points: FloatArray, name_at: FloatArray, frame_m: Frame) -> GraticuleLine:
    x, y = (float(value) for value in name_at)
    left, _, right, _ = frame_m
    is_crowded = np.hypot(x, y) < _CROWDED * (right - left)
    parts = shapely.get_parts(shapely.clip_by_rect(shapely.LineString(points), *frame_m))
    return GraticuleLine(name, tuple(map(shapely.get_coordinates, parts)), None if is_crowded else (x, y))


def _projected(lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
    to_polar = Transformer.from_crs(LON_LAT_CRS, POLAR_CRS, always_xy=True)
    return np.column_stack(to_polar.transform(lon_deg, lat_deg))


def _longitude_name(lon_deg: int) -> str:
    if lon_deg % 180 == 0:
        return f"{abs(lon_deg)}°"
    return f"{abs(lon_deg)}°{'E' if lon_deg > 0 else 'W'}"


def _depth(line: FloatArray, frame_m: Frame) -> FloatArray:
    """Distance of each point to the nearest edge as a share of the frame's longer side; negative outside."""
    left, bottom, right, top = frame_m
    x, y = line.T
    distance: FloatArray = np.minimum.reduce([x - left, right - x, y - bottom, top - y])
    return distance / max(right - left, top - bottom)
