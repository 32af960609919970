"""What radar makes of slopes: foreshortening, layover and shadow."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.imagery.uniform_hash import uniform_of
from entropice.types import BoolArray, Float32Array
from entropice.virtual_lakes.regions import Region
from entropice.virtual_lakes.relief import steepness
from entropice.virtual_lakes.shadows import shadow_depth_m
from entropice.virtual_lakes.specification import Radar

_ORBIT_TILT_DEG: Final = 12.0
_POWER: Final = (np.float32(10**-1.2), np.float32(10**0.9))
_LOCAL: Final = (np.float32(np.radians(4.0)), np.float32(np.radians(86.0)))


@dataclass(frozen=True, eq=False)
class RadarView:
    """A region as the radar of a year looks at it.

    Attributes
    ----------
    echo
        Power that comes back over that of flat ground.
    in_shadow
        Where none comes back.
    """

    echo: Float32Array
    in_shadow: BoolArray


def radar_view(region: Region, surface_m: Float32Array, radar: Radar, seed: int, year: int) -> RadarView | None:
    """The view of a year; None where the radar has no image.

    `surface_m` is float32 (row, column) with flat water; both fields have its shape. Incidence θ, side and whether
    there is an image are drawn by seed, region and year. Echo lies within −12 and 9 dB.

    Notes
    -----
    θ is uniform over `incidence_deg`. The sensor stands in the west or in the east, each with a chance of ½, turned by
    12°, the tilt of its orbit, towards the south. Ground that rises away from it by the angle α is seen at θ − α
    instead of θ, and returns tan θ / tan(θ − α) times the power of flat ground: that of a facet's area on the ground. θ
    − α is held within 4° and 86°, and the echo is then cut at both ends, layover (α > θ) at the upper one. Shadow is
    where the ground lies below rays of the height 90° − θ (`shadow_depth_m`).
    """
    named = region.number, year
    if uniform_of(seed, "radar is missing", *named) < radar.missing_share:
        return None
    low, high = np.radians(radar.incidence_deg)
    incidence = low + (high - low) * uniform_of(seed, "incidence", *named)
    towards = _towards(region, is_west=uniform_of(seed, "orbit", *named) < 0.5)
    rise_x, rise_y = steepness(surface_m)
    facing = np.arctan(-(rise_x * np.float32(towards[0]) + rise_y * np.float32(towards[1])))
    # Without the bounds tan would change its sign in layover and shadow.
    local = np.clip(np.float32(incidence) - facing, *_LOCAL)
    echo = np.clip(np.float32(np.tan(incidence)) / np.tan(local), *_POWER)
    return RadarView(echo.astype(np.float32), shadow_depth_m(surface_m, towards, float(1 / np.tan(incidence))) > 0)


def _towards(region: Region, *, is_west: bool) -> tuple[float, float]:
    """Direction of the sensor in EPSG:3413: a quarter turn from the south, and the tilt of the orbit."""
    turn = np.pi / 2 - np.radians(_ORBIT_TILT_DEG) if not is_west else -np.pi / 2 + np.radians(_ORBIT_TILT_DEG)
    angle = np.arctan2(*region.outwards[::-1]) + turn
    return float(np.cos(angle)), float(np.sin(angle))
