"""The sun of late summer, and the shadows of mountains."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.imagery.uniform_hash import uniform_of
from entropice.types import Float32Array
from entropice.virtual_lakes.regions import Region
from entropice.virtual_lakes.relief import steepness
from entropice.virtual_lakes.shadows import shadow_depth_m
from entropice.virtual_lakes.specification import LakesSpecification
from entropice.virtual_scenes.noise import smooth_step

_LOWEST_SUN_DEG: Final = 8.0
_TURN_DEG: Final = 25.0
_FALL_DEG: Final = 4.0
_PENUMBRA_M: Final = 6.0
_BRIGHTEST: Final = 2.2


@dataclass(frozen=True, eq=False)
class Light:
    """Of a region in a year.

    Attributes
    ----------
    sunlight
        Direct light over that of flat ground, 0 in shadow.
    shadow_m
        How far the ground lies below the edge of a shadow, 0 outside.
    """

    sunlight: Float32Array
    shadow_m: Float32Array


def light_of(specification: LakesSpecification, region: Region, surface_m: Float32Array, seed: int, year: int) -> Light:
    """Within 25° of noon, the sun up to 4° lower than then.

    Parameters
    ----------
    surface_m
        With flat water, float32 (row, column) of the region.

    Notes
    -----
    Sunlight is (1 − g / tan h) / √(1 + ∇z · ∇z) within 0–2.2, g the rise towards the sun and h its height: the cosine
    of the angle to the normal over that on flat ground. It fades to 0 over 6 m below the edge of a shadow. Azimuth,
    within 25° of south, and height are uniform, drawn by seed, region and year; the sun is never lower than 8°.
    """
    turn, fall = (uniform_of(seed, word, region.number, year) for word in ("sun turns", "sun falls"))
    # A lower sun would lay whole regions into shadow.
    height_deg = max(sun_height_deg(region, specification) - _FALL_DEG * fall, _LOWEST_SUN_DEG)
    rise = float(np.tan(np.radians(height_deg)))
    azimuth = np.arctan2(*region.outwards[::-1]) + np.radians(_TURN_DEG) * (2 * turn - 1)
    towards = float(np.cos(azimuth)), float(np.sin(azimuth))
    shadow_m = shadow_depth_m(surface_m, towards, rise)
    return Light(_facing(surface_m, towards, rise) * smooth_step(shadow_m, _PENUMBRA_M, 0), shadow_m)


def sun_height_deg(region: Region, specification: LakesSpecification) -> float:
    """At noon, in the middle of a region: 90° − latitude + declination, at least 8°."""
    return max(90 - region.lat_deg + specification.optical.declination_deg, _LOWEST_SUN_DEG)


def noon_shadow_m(specification: LakesSpecification, region: Region, surface_m: Float32Array) -> Float32Array:
    """How far the ground lies (m) below the edge of a shadow at noon, of the shape of `surface_m`; 0 outside.

    The sun stands in the south, `sun_height_deg` high; see `shadow_depth_m`.
    """
    rise = float(np.tan(np.radians(sun_height_deg(region, specification))))
    return shadow_depth_m(surface_m, region.outwards, rise)


def _facing(surface_m: Float32Array, towards: tuple[float, float], rise: float) -> Float32Array:
    """Light on a slope over that on flat ground: the ratio of the cosines of incidence, cut where it dazzles."""
    rise_x, rise_y = steepness(surface_m)
    uphill = rise_x * np.float32(towards[0]) + rise_y * np.float32(towards[1])
    facing: Float32Array = (1 - uphill / np.float32(rise)) / np.sqrt(1 + rise_x**2 + rise_y**2)
    return facing.clip(0, _BRIGHTEST)
