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
    """Four independent numbers of 16 bits for each pair of whole coordinates, shape (4, rows, columns).

    uint16, the four quarters of `entropice.virtual_scenes.hashing.hashed`, on machines of little-endian order the
    lowest bits first; rows (n,) and columns (m,) are numbers of the lattice, and may be negative.
    """
    bits = np.ascontiguousarray(hashed(key, rows[:, None], columns[None, :]))
    # One hash serves four bands.
    return np.moveaxis(bits[..., None].view(np.uint16), -1, 0)


def gaussian(bits: Quarters) -> Float32Array:
    """Mean 0 and variance 1; no number lies beyond ±4.33. float32 of the shape of `bits`, uint16.

    Φ⁻¹((b + ½) / 65536) of the bits b.

    Examples
    --------
    >>> gaussian(np.array([0, 65535], dtype=np.uint16)).astype(float).round(2).tolist()
    [-4.32, 4.32]
    """
    return _gaussian_table()[bits]


def speckle(bits: Quarters, n_looks: float) -> Float32Array:
    """Gamma with mean 1 and variance 1 / `n_looks`, which power is multiplied by.

    float32 of the shape of `bits`, uint16; `n_looks` is above 0. At most four numbers of looks are kept as tables. It
    is the quantile of that distribution at (b + ½) / 65536 of the bits b.

    Examples
    --------
    >>> drawn = speckle(np.arange(65536, dtype=np.uint16), n_looks=4.0)
    >>> round(float(drawn.mean()), 3), round(float(drawn.var()), 3)
    (1.0, 0.25)
    """
    return _gamma_table(n_looks)[bits]


@lru_cache(1)
def _gaussian_table() -> Float32Array:
    table: Float32Array = ndtri(_CHANCES).astype(np.float32)
    return table


@lru_cache(4)
def _gamma_table(n_looks: float) -> Float32Array:
    table: Float32Array = (gammaincinv(n_looks, _CHANCES) / n_looks).astype(np.float32)
    return table
