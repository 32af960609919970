"""What lies between ice and sensor: veils of cloud, and the light of the day."""

from datetime import date
from typing import Final

import numpy as np

from entropice.imagery.uniform_hash import uniform_of
from entropice.types import Float32Array
from entropice.virtual_scenes.hashing import bell, stream
from entropice.virtual_scenes.noise import octaves, smooth_step
from entropice.virtual_scenes.pixel_grid import PixelGrid

_CLOUD: Final = (0.86, 0.87, 0.885)
_LARGEST_VEIL: Final = 0.5
_VEIL_M: Final = (60_000.0, 26_000.0, 11_000.0, 5000.0, 2200.0, 1000.0)
_WEATHER_M: Final = (300_000.0,)
_SLANT_M: Final = 120_000.0
_SHADE: Final = 0.08
_HAZE: Final = (0.08, 0.09, 0.095)
_NOISE: Final = 0.006
_LATITUDE_DEG: Final = 79.0
_TILT_DEG: Final = 23.44


def veiled(seen: Float32Array, grid: PixelGrid, seed: int, day: int) -> Float32Array:
    """Colours (3, row, column) below thin cloud, which most places have none of.

    float32; `day` is the day's number, `date.toordinal`. Cloud of one colour is laid over a share of at most half,
    which is 0 in most places and follows from seed, day and absolute position: half the `smooth_step` from 0.8 to 4 of
    a sum of noises from 60 to 1 km plus 1.3 times one of 300 km.
    """
    weather = octaves(grid, stream(seed, "weather", day), _WEATHER_M, 1.0)
    cloud = octaves(grid, stream(seed, "veils", day), _VEIL_M, 0.85)
    share = np.float32(_LARGEST_VEIL) * smooth_step(cloud + 1.3 * weather, 0.8, 4.0)
    return seen + share * (np.array(_CLOUD, dtype=np.float32)[:, None, None] - seen)


def lit(seen: Float32Array, grid: PixelGrid, seed: int, day: int, sun: float) -> Float32Array:
    """Colours in the light of a day: dim and warm where the sun is low, hazy, brighter to one side, noisy.

    Parameters
    ----------
    sun
        Sine of the sun's height.
    seen
        Colours (3, row, column) from 0 to 1.
    day
        Number of the day, `date.toordinal`; exposure and haze of a day and noise of a pixel follow from it and the
        seed.

    Notes
    -----
    haze + (1 − haze) · colour · light · warmth + noise, cut to 0–1; light is .75 + .28 sin(height) ± .03, times 1 +
    0.04 · a noise of 120 km. With s the sine of the height, warmth is (1, 1 − 0.01 (1 − s), 1 − 0.03 (1 − s)), haze an
    even number of the day times (0.08, 0.09, 0.095), and noise has a standard deviation of 0.006.
    """
    exposure = 0.75 + 0.28 * sun + 0.06 * (uniform_of(seed, "exposure", day) - 0.5)
    warmth = np.array([1.0, 1.0 - 0.01 * (1 - sun), 1.0 - 0.03 * (1 - sun)], dtype=np.float32)[:, None, None]
    haze = np.array(_HAZE, dtype=np.float32)[:, None, None] * np.float32(uniform_of(seed, "haze", day))
    slant = octaves(grid, stream(seed, "slant", day), (_SLANT_M,), 1.0)
    light = np.float32(exposure) * (1 + np.float32(_SHADE / 2) * slant)
    rows, columns = (np.round(centres_m / grid.pixel_m).astype(np.int64) for centres_m in (grid.y_m, grid.x_m))
    noise = np.stack([bell(stream(seed, "sensor", day, band), rows[:, None], columns) for band in range(3)])
    return np.clip(haze + (1 - haze) * seen * light * warmth + np.float32(_NOISE) * noise, 0, 1)


def sun_of(day: date) -> float:
    """Sine of the sun's height at noon, from the angle between its declination and the latitude of the pack.

    At 79° N, 0 where it does not rise: max(cos(79° − δ), 0) with δ = −23.44° cos(2π (day of the year + 10) / 365.25).

    Examples
    --------
    >>> [round(sun_of(date(2021, month, 21)), 2) for month in (1, 4, 6)]
    [0.0, 0.38, 0.57]
    """
    declination_deg = -_TILT_DEG * np.cos(2 * np.pi * (day.timetuple().tm_yday + 10) / 365.25)
    return float(max(np.cos(np.radians(_LATITUDE_DEG - declination_deg)), 0.0))
