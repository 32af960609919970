"""Clouds and their shadows: what hides the ground, and what only darkens it."""

from typing import Final

import numpy as np
from scipy.special import ndtri

from entropice.types import BoolArray, Float32Array
from entropice.virtual_scenes.noise import octaves, smooth_step
from entropice.virtual_scenes.pixel_grid import PixelGrid
from entropice.virtual_scenes.sensors import Strip

_SPACINGS_M: Final = (2600.0, 1300.0, 600.0, 280.0, 120.0, 50.0)
_EXPONENT: Final = 0.8
_SPREAD: Final = float(np.sqrt(sum((spacing / _SPACINGS_M[0]) ** (2 * _EXPONENT) for spacing in _SPACINGS_M)))
_OPAQUE: Final = 0.25
_SHADE: Final = 0.55
_BRIGHT: Final = np.float32(0.75)


def clouded(
    reflectance: Float32Array, grid: PixelGrid, strip: Strip, shadow_m: float, key: np.uint64
) -> tuple[Float32Array, BoolArray]:
    """Reflectances (5, row, column) below shadows and thin cloud, and where the ground is seen (row, column).

    Parameters
    ----------
    reflectance
        float32, of the ground under clear sky; not changed, and given back itself where the strip has no clouds.
    grid
        Centres of the pixels; of one strip.
    shadow_m
        How far a shadow lies from its cloud, away from the sun.
    key
        Of the clouds, by `stream`.

    Notes
    -----
    The thickness t rises by `smooth_step` from 0 to 1, from 0.35 below to 0.5 above the value that a random field,
    about normal, exceeds in `cloud_share` of the plane, and t' is that at the place towards the sun: reflectance ρ
    becomes ρ (1 − .55 t') + t (.75 − ρ (1 − .55 t')). The ground is seen where t < .25; what lies below thicker cloud
    has values, too.
    """
    if strip.cloud_share == 0:
        return reflectance, np.ones(grid.shape, dtype=bool)
    cloud = _thickness(grid, strip, key)
    away = shadow_m / np.hypot(*strip.sun[:2])
    shadow = _thickness(grid.shifted(away * strip.sun[0], away * strip.sun[1]), strip, key)
    seen: Float32Array = reflectance * (1 - np.float32(_SHADE) * shadow)
    seen += cloud * (_BRIGHT - seen)
    return seen, cloud < _OPAQUE


def _thickness(grid: PixelGrid, strip: Strip, key: np.uint64) -> Float32Array:
    """From 0, no cloud, to 1, nothing but cloud."""
    edge = _SPREAD * float(ndtri(1 - strip.cloud_share))
    return smooth_step(octaves(grid, key, _SPACINGS_M, _EXPONENT), edge - 0.35, edge + 0.5)
