"""Mountains without lakes: valleys with flat floors, ridges and walls between them, and rivers on the floors."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.types import Float32Array
from entropice.virtual_lakes.regions import Region
from entropice.virtual_lakes.specification import PIXEL_M, Mountains
from entropice.virtual_scenes.hashing import stream
from entropice.virtual_scenes.noise import noise, octaves, smooth_step
from entropice.virtual_scenes.pixel_grid import PixelGrid

_ROUGH_M: Final = (800.0, 400.0, 200.0, 100.0, 50.0, 25.0)
_ROUGH_EXPONENT: Final = 1.0
_HUMMOCKS_M: Final = (220.0, 110.0, 55.0)
_FLOOR_ROUGH: Final = np.float32(0.035)
_LEAST_SLOPE: Final = np.float32(2e-4)
_TILT_M: Final = 25_000.0
_BRAIDS_M: Final = (0.0, 45.0, -60.0)
_CHANNEL_M: Final = 17.0
_PLAIN_M: Final = 110.0


@dataclass(frozen=True)
class Relief:
    """Fields of the shape of the grid.

    Attributes
    ----------
    elevation_m
        Above the sea.
    height
        0 on the floors of valleys, about 1 on the ridges.
    river
        Share of a pixel that is running water.
    gravel
        Share of a pixel that belongs to a river's plain.
    """

    elevation_m: Float32Array
    height: Float32Array
    river: Float32Array
    gravel: Float32Array


def relief_of(region: Region, mountains: Mountains, seed: int) -> Relief:
    """The relief of a region, a pure function of absolute position.

    Notes
    -----
    z = b + 120 t + `height_m` H + `roughness_m` (.035 + √min(H, 1)) n + `hummocks_m` m in m, with b from 3,600 m at 30°
    to 250 m at 80° N, t a noise of 25 km and n a sum of noises from 800 to 25 m, of mean 0 and variance 1 and about
    1.3, m hummocks of 220 m and less here and there. H is 0 within half of `floor_m` of the lines where a smooth field
    is 0, the middles of valleys, and grows with its size beyond twice `floor_m`. Rivers of three braids run along these
    lines, in some valleys.
    """
    grid = region.grid
    valley = _valley(grid, mountains, seed)
    from_middle_m = _from_line_m(valley)
    height = _height(grid, valley, from_middle_m, mountains, seed)
    elevation_m = 120 * noise(grid, stream(seed, "tilt"), _TILT_M) + np.float32(_base_m(region.lat_deg))
    elevation_m += np.float32(mountains.height_m) * height
    rough = octaves(grid, stream(seed, "rough"), _ROUGH_M, _ROUGH_EXPONENT)
    elevation_m += np.float32(mountains.roughness_m) * (_FLOOR_ROUGH + np.sqrt(np.minimum(height, 1))) * rough
    elevation_m += np.float32(mountains.hummocks_m) * _hummocks(grid, seed)
    river, gravel = _river(grid, from_middle_m, seed)
    return Relief(elevation_m, height, river, gravel)


def steepness(elevation_m: Float32Array) -> tuple[Float32Array, Float32Array]:
    """Rise per metre towards larger x and towards larger y.

    float32 of the shape of `elevation_m` (m, row 0 at the top), by differences of the neighbours on both sides, which
    are 10 m away, and on one side at edges.

    Examples
    --------
    >>> eastward, northward = steepness(np.array([[5.0, 15.0], [0.0, 10.0]], dtype=np.float32))
    >>> eastward.tolist(), northward.tolist()
    ([[1.0, 1.0], [1.0, 1.0]], [[0.5, 0.5], [0.5, 0.5]])
    """
    southward: Float32Array = np.gradient(elevation_m, np.float32(PIXEL_M), axis=0)
    eastward: Float32Array = np.gradient(elevation_m, np.float32(PIXEL_M), axis=1)
    return eastward, -southward


def _base_m(lat_deg: float) -> float:
    """Height of the valleys: mountains with lakes below glaciers lie the higher the farther south."""
    return float(np.interp(lat_deg, [30, 50, 60, 80], [3600, 1900, 700, 250]))


def _valley(grid: PixelGrid, mountains: Mountains, seed: int) -> Float32Array:
    """0 along the middles of valleys, which have neither beginning nor end."""
    spacings_m = tuple(mountains.valley_m / 2**step for step in range(4))
    return octaves(grid, stream(seed, "valleys"), spacings_m, 1.35)


def _from_line_m(valley: Float32Array) -> Float32Array:
    """Distance from the nearest place where a field is 0, with its sign; true near that line alone."""
    rise_x, rise_y = steepness(valley)
    slope: Float32Array = np.hypot(rise_x, rise_y)
    distance_m: Float32Array = valley / slope.clip(_LEAST_SLOPE)
    return distance_m


def _height(
    grid: PixelGrid, valley: Float32Array, from_middle_m: Float32Array, mountains: Mountains, seed: int
) -> Float32Array:
    """Walls beside the floors, cut by hanging valleys."""
    wall = np.abs(valley) * smooth_step(np.abs(from_middle_m), mountains.floor_m / 2, 2 * mountains.floor_m)
    spacings_m = tuple(mountains.valley_m / 2**step for step in (1, 2, 3))
    hanging = np.abs(octaves(grid, stream(seed, "hanging valleys"), spacings_m, 1.3))
    height: Float32Array = wall * (np.float32(0.5) + np.float32(0.6) * np.sqrt(hanging**2 + np.float32(0.01)))
    return height


def _hummocks(grid: PixelGrid, seed: int) -> Float32Array:
    """Heaps and dry hollows that ice left, here and there."""
    where = smooth_step(noise(grid, stream(seed, "moraines"), 1500.0), -0.4, 0.8)
    return where * octaves(grid, stream(seed, "hummocks"), _HUMMOCKS_M, 0.5)


def _river(grid: PixelGrid, from_middle_m: Float32Array, seed: int) -> tuple[Float32Array, Float32Array]:
    """Shares of braided channels and of their plain; some valleys have none."""
    strength = smooth_step(noise(grid, stream(seed, "discharge"), 2600.0), -0.5, 0.7)
    river = np.zeros(grid.shape, dtype=np.float32)
    for number, away_m in enumerate(_BRAIDS_M):
        wander_m = 70 * octaves(grid, stream(seed, "braids", number), (700.0, 260.0, 110.0), 0.9)
        across_m = np.abs(from_middle_m - np.float32(away_m) + wander_m)
        width_m = _CHANNEL_M * strength * (1.0 if number == 0 else 0.6)
        river = np.maximum(river, np.clip((width_m - across_m) / np.float32(PIXEL_M) + np.float32(0.5), 0, 1))
    river *= strength > 0
    plain_m = _PLAIN_M * strength + 40 * noise(grid, stream(seed, "plains"), 300.0)
    gravel = smooth_step(np.abs(from_middle_m) - plain_m, 25, -25)
    return river, (gravel * (strength > 0)).astype(np.float32)
