"""Noise of pixels, looked up: 16 hashed bits choose a quantile."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.special import gammaincinv, ndtri

from entropice.types import Float32Array, IntArray
from entropice.virtual_scenes.hashing import hashed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Quarters = NDArray[np.uint16]
else:
    Quarters = Any

_CHANCES: Final = (np.arange(65536) + 0.5) / 65536


def quarters(key: np.uint64, rows: IntArray, columns: IntArray) -> Quarters:
    """Four independent numbers of 16 bits for each pair of whole coordinates, shape (4, rows, columns)."""
    bits = np.ascontiguousarray(hashed(key, rows[:, None], columns[None, :]))
    return np.moveaxis(bits[..., None].view(np.uint16), -1, 0)


def gaussian(bits: Quarters) -> Float32Array:
    """Mean 0 and variance 1; no number lies beyond ±4.3."""
    return _gaussian_table()[bits]


def speckle(bits: Quarters, n_looks: float) -> Float32Array:
    """Gamma with mean 1 and variance 1 / `n_looks`, which power is multiplied by."""
    return _gamma_table(n_looks)[bits]


@lru_cache(1)
def _gaussian_table() -> Float32Array:
    table: Float32Array = ndtri(_CHANCES).astype(np.float32)
    return table


@lru_cache(4)
def _gamma_table(n_looks: float) -> Float32Array:
    table: Float32Array = (gammaincinv(n_looks, _CHANCES) / n_looks).astype(np.float32)
    return table
