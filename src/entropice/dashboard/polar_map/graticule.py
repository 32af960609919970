"""Meridians and parallels on the polar map, ±180° among them."""

from typing import Any, Final

import numpy as np
from pyproj import Transformer

from entropice.crs import LON_LAT_CRS, POLAR_CRS

MERIDIANS_DEG: Final = tuple(range(-150, 181, 30))
PARALLELS_DEG: Final = (60, 70, 80)
LOWEST_DEG: Final = 55.0


def graticule() -> dict[str, Any]:
    """``lines`` of points and ``names`` with the point that each is written ``at``, in EPSG:3413 (m)."""
    along = np.linspace(LOWEST_DEG, 88.0, 12)
    around = np.linspace(-180.0, 180.0, 121)
    lines = [_projected(np.full_like(along, lon), along) for lon in MERIDIANS_DEG]
    lines += [_projected(around, np.full_like(around, lat)) for lat in PARALLELS_DEG]
    names = [_name(_meridian(lon), lon, 72.5) for lon in MERIDIANS_DEG]
    names += [_name(f"{lat}° N", -45.0, lat) for lat in PARALLELS_DEG]
    return {"lines": lines, "names": [*names, _name("90° N", 0.0, 90.0)]}


def _meridian(lon_deg: int) -> str:
    return f"{abs(lon_deg)}°" if lon_deg % 180 == 0 else f"{abs(lon_deg)}° {'E' if lon_deg > 0 else 'W'}"


def _name(text: str, lon_deg: float, lat_deg: float) -> dict[str, Any]:
    return {"text": text, "at": _projected(np.array([lon_deg]), np.array([lat_deg]))[0]}


def _projected(lon_deg: np.ndarray, lat_deg: np.ndarray) -> list[list[float]]:
    transformer = Transformer.from_crs(LON_LAT_CRS, POLAR_CRS, always_xy=True)
    points: list[list[float]] = np.column_stack(transformer.transform(lon_deg, lat_deg)).round(1).tolist()
    return points
