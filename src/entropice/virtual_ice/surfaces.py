"""What water and ice look like in true colour: red, green and blue from 0 to 1, as a screen shows them."""

from typing import Final

import numpy as np

from entropice.types import Float32Array
from entropice.virtual_ice.floes import NearestFloes
from entropice.virtual_scenes.hashing import bell, stream, uniform
from entropice.virtual_scenes.noise import octaves, smooth_step, streaks
from entropice.virtual_scenes.pixel_grid import PixelGrid

_WATER: Final = (0.115, 0.185, 0.270)
_FOAM: Final = (0.200, 0.265, 0.340)
_POND: Final = (0.47, 0.62, 0.68)
_THICKNESSES_M: Final = (0.0, 0.12, 0.35, 0.7, 1.3)
_ICE: Final = (
    (0.17, 0.33, 0.52, 0.79, 0.95),
    (0.24, 0.40, 0.58, 0.82, 0.96),
    (0.29, 0.45, 0.62, 0.84, 0.965),
)
"""Red, green and blue of nilas, grey ice, grey-white ice and ice below snow, at these thicknesses."""
_FLOE_SPREAD: Final = 0.4
_BRASH_THINNER: Final = 0.7
_SWELL_M: Final = (9000.0, 4000.0, 1800.0, 800.0)
_ROUGH_M_S: Final = 16.0
_RIDGE_M: Final = (2600.0, 1500.0)
_SNOW_M: Final = (3400.0, 1300.0, 600.0)
_FINGER_M: Final = (2600.0, 620.0)
_POND_M: Final = (1150.0, 430.0)


def water(grid: PixelGrid, wind_m_s: Float32Array, seed: int, day: int) -> Float32Array:
    """Dark, and the lighter the rougher wind makes it; shape (3, row, column).

    float32 from (0.115, 0.185, 0.27), smooth, to (0.2, 0.265, 0.34), the roughest, by min(wind / 16 m/s, 1) times a
    swell from 0 to 1. `day` is the day's number.
    """
    swell = octaves(grid, stream(seed, "swell", day), _SWELL_M, 0.4)
    rough = np.clip(wind_m_s / np.float32(_ROUGH_M_S), 0, 1) * smooth_step(swell, -2.0, 3.0)
    return _between(_colour(_WATER), _colour(_FOAM), rough)


def floe_thickness_m(mean_m: Float32Array, floes: NearestFloes) -> Float32Array:
    """Thickness of each pixel's floe where the mean of all is known: log-normal, the mean is kept.

    The factor is exp(.4 z − .08) with z of mean 0 and variance 1 by the floe's key, so it is the same on all days.
    float32, m.
    """
    departure = bell(np.uint64(7), floes.key, floes.key * 0)
    # The mean of exp(s z) is exp(s² / 2), which is taken off.
    factor = np.exp(np.float32(_FLOE_SPREAD) * departure - np.float32(_FLOE_SPREAD**2 / 2))
    thickness_m: Float32Array = mean_m * factor
    return thickness_m


def ice(thickness_m: Float32Array, floes: NearestFloes, cold: Float32Array, seed: int) -> Float32Array:
    """Grey and smooth where thin, white with ridges, snow and, in summer, ponds where thick; (3, row, column).

    float32. Colours go linearly between those of 0, 0.12, 0.35, 0.7 and 1.3 m: (0.17, 0.24, 0.29), (0.33, 0.40, 0.45),
    (0.52, 0.58, 0.62), (0.79, 0.82, 0.84) and (0.95, 0.96, 0.965), that of the last beyond; ponds cover up to three
    quarters where `cold` is −1 and the ice 1 m thick or more.
    """
    seen = _bare_ice(thickness_m)
    thick = smooth_step(thickness_m, 0.3, 1.0)
    seen *= 1 + (1 - thick) * np.float32(0.10) * _fingers(floes, seed)
    seen += thick * (np.float32(0.035) * _snow(floes, seed) - np.float32(0.06) * _ridges(floes, seed))
    ponds = thick * np.clip(-cold, 0, 1) * _ponds(floes, seed)
    return _between(seen, _colour(_POND), np.float32(0.75) * ponds)


def brash(thickness_m: Float32Array, grain: Float32Array) -> Float32Array:
    """Broken ice between floes, thinner and a little darker than they are; shape (3, row, column).

    Colours of `ice` without its pattern at 0.7 of the thickness, times .88 to .98, the darker towards the edge of a
    piece.
    """
    return _bare_ice(np.float32(_BRASH_THINNER) * thickness_m) * (np.float32(0.88) + np.float32(0.1) * (1 - grain))


def laid(below: Float32Array, above: Float32Array, share: Float32Array) -> Float32Array:
    """Colours where a share of each pixel is covered.

    below + share · (above − below), share (row, column) within 0–1.
    """
    return _between(below, above, share)


def inside(share: Float32Array, cover: Float32Array, pixel: float) -> Float32Array:
    """Share of each pixel inside floes that cover a share of the plane: 1/2 on their outlines, 0 where there are none.

    float32, by `smooth_step` over two pixels.

    Parameters
    ----------
    pixel
        Edge of a pixel over the spacing of floes. Shares go with the square of distances, so that their slope does
        with the root of the cover.

    Examples
    --------
    >>> share, cover = np.array([0.0, 0.5, 1.0], dtype=np.float32), np.full(3, 0.5, dtype=np.float32)
    >>> inside(share, cover, pixel=0.1).tolist()
    [1.0, 0.5, 0.0]
    """
    width = np.float32(2 * pixel) * np.sqrt(np.maximum(cover, np.float32(1e-3)))
    return smooth_step((cover - share) / width, -1, 1) * (cover > 0)


def _bare_ice(thickness_m: Float32Array) -> Float32Array:
    return np.stack([np.interp(thickness_m, _THICKNESSES_M, values) for values in _ICE]).astype(np.float32)


def _fingers(floes: NearestFloes, seed: int) -> Float32Array:
    """Bands with sharp ends, as one sheet of thin ice slides over another."""
    angle = (2 * np.pi * uniform(stream(seed, "slides"), floes.key, floes.key * 0)).astype(np.float32)
    along_m = floes.x_m * np.cos(angle) + floes.y_m * np.sin(angle)
    across_m = floes.y_m * np.cos(angle) - floes.x_m * np.sin(angle)
    along, across = (np.float32(1 / length) for length in _FINGER_M)
    return 2 * smooth_step(streaks(along_m * along, across_m * across, stream(seed, "fingers")), -0.3, 0.3) - 1


def _snow(floes: NearestFloes, seed: int) -> Float32Array:
    total = np.zeros(floes.share.shape, dtype=np.float32)
    for number, length_m in enumerate(_SNOW_M):
        scale = np.float32(1 / length_m)
        total += streaks(floes.x_m * scale, floes.y_m * scale, stream(seed, "snow", number))
    return total


def _ridges(floes: NearestFloes, seed: int) -> Float32Array:
    """Shadows of ridges: lines where a field is 0."""
    lines = []
    for number, length_m in enumerate(_RIDGE_M):
        scale = np.float32(1 / length_m)
        field = streaks(floes.x_m * scale, floes.y_m * scale, stream(seed, "ridges", number))
        lines.append(smooth_step(np.abs(field), 0.10, 0.0))
    return np.maximum(*lines)


def _ponds(floes: NearestFloes, seed: int) -> Float32Array:
    total = np.zeros(floes.share.shape, dtype=np.float32)
    for number, length_m in enumerate(_POND_M):
        scale = np.float32(1 / length_m)
        total += streaks(floes.x_m * scale, floes.y_m * scale, stream(seed, "ponds", number))
    return smooth_step(total, 0.1, 0.8)


def _colour(colour: tuple[float, float, float]) -> Float32Array:
    return np.array(colour, dtype=np.float32)[:, None, None]


def _between(one: Float32Array, other: Float32Array, share: Float32Array) -> Float32Array:
    return one + share * (other - one)
