"""Cells around scattered points: how deep inside its cell a place lies."""

from functools import cache
from typing import Final

import numpy as np

from entropice.types import Float32Array, FloatArray
from entropice.virtual_scenes.hashing import hashed

_AROUND: Final = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]
_LEAST_WEIGHT: Final = 0.15
_N_QUANTILES: Final = 65
_N_SAMPLED: Final = 300


def share_of_plane(row: Float32Array, column: Float32Array, key: np.uint64) -> Float32Array:
    """Share of the plane that lies deeper in cells than a place does: 0 in the middle of a cell, 1 at its border.

    Cells are those of one point in each unit square, anywhere in it. Where the share is below c lie round floes that
    cover c of the plane, separate ones for small c and close neighbours with cracks between them near 1.

    float32 in [0, 1], of their shape; by quantiles of `depth_ratio` over 90,000 sampled places, linear between 65 of
    them.

    Parameters
    ----------
    row, column
        Any places of the plane, equal shapes.
    """
    return np.interp(depth_ratio(row, column, key), *_quantiles()).astype(np.float32)


def depth_ratio(row: Float32Array, column: Float32Array, key: np.uint64) -> Float32Array:
    """Squared distance of the nearest point over that of the second nearest (Worley 1996, doi:10.1145/237170.237267).

    Points weigh from 0.15 to 1, and squared distances are divided by their weights, so that some cells are larger than
    others. Places are two arrays of one shape; float32 from 0 at a point to 1 where two are equally far. Points are
    hashed by the key, one in each unit square, and those of the nine squares around a place are looked at. Of the bits
    of a square's `hashed` number the first three quarters, over 2¹⁶, are its point's way down and right in the square
    and, spread over 0.15 to 1, its weight.
    """
    whole_row, whole_column = np.floor(row), np.floor(column)
    within_row, within_column = row - whole_row, column - whole_column
    first = np.full(row.shape, np.inf, dtype=np.float32)
    second = first.copy()
    for down, right in _AROUND:
        point_row, point_column, weight = _points(whole_row + down, whole_column + right, key)
        south, east = point_row + np.float32(down) - within_row, point_column + np.float32(right) - within_column
        # Squares do: only their ratio is asked for.
        squared = (south * south + east * east) / weight
        np.minimum(second, np.maximum(first, squared), out=second)
        np.minimum(first, squared, out=first)
    return first / second


def _points(row: Float32Array, column: Float32Array, key: np.uint64) -> tuple[Float32Array, ...]:
    bits = hashed(key, row.astype(np.int64), column.astype(np.int64))
    shares = np.ascontiguousarray(bits)[..., None].view(np.uint16).astype(np.float32) * np.float32(2.0**-16)
    return shares[..., 0], shares[..., 1], np.float32(_LEAST_WEIGHT) + np.float32(1 - _LEAST_WEIGHT) * shares[..., 2]


@cache
def _quantiles() -> tuple[FloatArray, FloatArray]:
    """Ratios, and shares of the plane with smaller ones."""
    steps = (np.arange(_N_SAMPLED) * 0.37).astype(np.float32)
    row, column = np.meshgrid(steps, steps, indexing="ij")
    shares = np.linspace(0, 1, _N_QUANTILES)
    ratios: FloatArray = np.quantile(depth_ratio(row, column, np.uint64(1)), shares)
    return np.concatenate([[0.0], ratios[1:-1], [1.0]]), shares
