"""Smooth random fields that are functions of absolute position."""

from collections.abc import Callable
from typing import Final

import numpy as np

from entropice.types import Float32Array, FloatArray, IntArray
from entropice.virtual_scenes.hashing import hashed, uniform
from entropice.virtual_scenes.pixel_grid import PixelGrid

_TO_UNIT_VARIANCE: Final = np.float32(np.sqrt(3.0) * 315 / 151)
"""Of even numbers over [−1, 1) under cubic B-splines, whose squares sum to 151/315 on average along each axis."""

Weights = tuple[Float32Array, Float32Array, Float32Array, Float32Array]
Kernel = Callable[[Float32Array], Weights]


def b_spline(share: Float32Array) -> Weights:
    """Weights of four neighbours for a place between the second and the third: cubic B-spline, which smooths.

    With s in [0, 1] the way from the second to the third: (1 − s)³/6, (3s³ − 6s² + 4)/6, the same of 1 − s, and s³/6.
    They sum to 1 and are not negative; each has the shape of `share`.

    Examples
    --------
    >>> [weight.round(2).tolist() for weight in b_spline(np.array([0.5], dtype=np.float64))]
    [[0.02], [0.48], [0.48], [0.02]]
    """
    rest = 1 - share
    one, three, four, six = (np.float32(number) for number in (1, 3, 4, 6))
    rest, squared = one - share, share * share
    second = (three * squared * share - six * squared + four) / six
    third = (three * rest * rest * rest - six * rest * rest + four) / six
    return rest * rest * rest / six, second, third, squared * share / six


def catmull_rom(share: Float32Array) -> Weights:
    """Weights of four neighbours for a place between the second and the third: passes through all values.

    With s in [0, 1] the way from the second to the third: (2s² − s − s³)/2, (3s³ − 5s² + 2)/2, (s + 4s² − 3s³)/2 and
    (s³ − s²)/2. They sum to 1; the outer ones are negative, so that values may go beyond those around.

    Examples
    --------
    >>> [weight.tolist() for weight in catmull_rom(np.array([0.0, 0.5], dtype=np.float32))]
    [[0.0, -0.0625], [1.0, 0.5625], [0.0, 0.5625], [0.0, -0.0625]]
    """
    half, two, three, four, five = (np.float32(number) for number in (0.5, 2, 3, 4, 5))
    squared = share * share
    cubed = squared * share
    first = two * squared - share - cubed
    second = three * cubed - five * squared + two
    third = share + four * squared - three * cubed
    return half * first, half * second, half * third, half * (cubed - squared)


def interpolated(
    values_at: Callable[[IntArray, IntArray], Float32Array], rows: FloatArray, columns: FloatArray, kernel: Kernel
) -> Float32Array:
    """Values of a lattice between its points, shape (rows, columns).

    Parameters
    ----------
    values_at
        float32 values at consecutive whole rows (n,) and columns (m,), shape (n, m).
    rows, columns
        Fractional positions, each monotone; the field is the product of both axes.
    kernel
        Weights of four neighbours by the share of the way from the second to the third: `b_spline` or `catmull_rom`.

    Examples
    --------
    >>> def values_at(rows, columns):
    ...     return (10 * rows[:, None] + columns).astype(np.float32)
    >>> interpolated(values_at, np.array([2.0, 2.5]), np.array([3.0, 3.5]), catmull_rom).tolist()
    [[23.0, 23.5], [28.0, 28.5]]
    """
    first_row, row, row_weights = _taps(rows, kernel)
    first_column, column, column_weights = _taps(columns, kernel)
    lattice = values_at(first_row + np.arange(row.max() + 4), first_column + np.arange(column.max() + 4))
    by_row = _weighted([weight[:, None] for weight in row_weights], [lattice[row + tap] for tap in range(4)])
    return _weighted(list(column_weights), [by_row[:, column + tap] for tap in range(4)])


def noise(grid: PixelGrid, key: np.uint64, spacing_m: float) -> Float32Array:
    """Mean 0 and variance 1 over the plane; about `spacing_m` from a height to a depth. 0 where pixels are wider.

    float32 of the grid's shape, within ±3.62. A function of key and absolute position: grids that share pixels get the
    same numbers there.

    Notes
    -----
    Value noise: hashed numbers on an absolute lattice under cubic B-splines. Knots lie at whole multiples of the
    spacing, moved by a share of it that follows from the key; their numbers are 2b − 1, b the upper 24 bits of `hashed`
    over 2²⁴, and the field is theirs times √3 · 315/151.
    """
    if spacing_m < grid.pixel_m:
        return np.zeros(grid.shape, dtype=np.float32)
    shift = np.array([1, 2])
    # Each key has a lattice of its own: knots of several noises at the same places would be seen.
    row_shift, column_shift = uniform(key, shift, -shift)

    def values_at(rows: IntArray, columns: IntArray) -> Float32Array:
        # 24 bits, as many as a float32 holds exactly.
        bits = hashed(key, rows[:, None], columns[None, :]) >> np.uint64(40)
        return bits.astype(np.float32) * np.float32(2.0**-23) - np.float32(1)

    rows, columns = grid.y_m / spacing_m + row_shift, grid.x_m / spacing_m + column_shift
    return interpolated(values_at, rows, columns, b_spline) * _TO_UNIT_VARIANCE


def octaves(grid: PixelGrid, key: np.uint64, spacings_m: tuple[float, ...], exponent: float) -> Float32Array:
    """Sum of noises whose amplitudes go with their spacing to a power; the first has amplitude 1.

    float32 of the grid's shape; its variance is Σ (spacing / first spacing)^(2 · exponent) over those not below a
    pixel. Spacings are in m. The i-th, from 0, has the key `key` XOR i.
    """
    total = np.zeros(grid.shape, dtype=np.float32)
    for number, spacing_m in enumerate(spacings_m):
        amplitude = np.float32((spacing_m / spacings_m[0]) ** exponent)
        total += amplitude * noise(grid, key ^ np.uint64(number), spacing_m)
    return total


def streaks(along: Float32Array, across: Float32Array, key: np.uint64) -> Float32Array:
    """Noise over [−1, 1] at any places of a plane with whole lattice points; equal shapes in and out.

    Bilinear between 2u − 1 on the whole points, u their `uniform` by the key, the way between them eased by 3t² − 2t³.
    """
    row, column = np.floor(along).astype(np.int64), np.floor(across).astype(np.int64)
    down, right = _eased(along - row), _eased(across - column)
    corners = [uniform(key, row + i, column + j).astype(np.float32) for i in (0, 1) for j in (0, 1)]
    upper = corners[0] + right * (corners[1] - corners[0])
    lower = corners[2] + right * (corners[3] - corners[2])
    values: Float32Array = 2 * (upper + down * (lower - upper)) - 1
    return values


def smooth_step(values: Float32Array, low: float, high: float) -> Float32Array:
    """From 0 at `low` to 1 at `high`, level at both ends; `low` may be the greater one.

    3t² − 2t³ with t the way from `low` to `high`, cut to [0, 1]; both differ. float32 of the shape of `values`.

    Examples
    --------
    >>> values = np.array([-1.0, 0.0, 0.5, 1.0, 2.0, 9.0], dtype=np.float32)
    >>> smooth_step(values, 0.0, 2.0).tolist(), smooth_step(values, 2.0, 0.0).tolist()
    ([0.0, 0.0, 0.15625, 0.5, 1.0, 1.0], [1.0, 1.0, 0.84375, 0.5, 0.0, 0.0])
    """
    return _eased(np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1))


def _eased(share: Float32Array) -> Float32Array:
    eased: Float32Array = (share * share * (3 - 2 * share)).astype(np.float32)
    return eased


def _weighted(weights: list[Float32Array], values: list[Float32Array]) -> Float32Array:
    total: Float32Array = weights[0] * values[0]
    for weight, value in zip(weights[1:], values[1:], strict=True):
        total += weight * value
    return total


def _taps(positions: FloatArray, kernel: Kernel) -> tuple[int, IntArray, Weights]:
    """Whole number of the first lattice point, where each position's first neighbour lies from it, and weights."""
    whole = np.floor(positions)
    neighbour = whole.astype(np.int64) - 1
    first = int(neighbour.min())
    return first, neighbour - first, kernel((positions - whole).astype(np.float32))
