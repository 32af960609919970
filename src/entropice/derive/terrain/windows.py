"""Sums over discs and extremes over squares of pixels: exact, so the same wherever a raster is cut."""

from typing import Any

import numpy as np
from array_api_compat import array_namespace, is_numpy_namespace

from entropice.zonal.compiled import compiled

Array = Any
"""An array of any namespace of the array API standard."""


def disc_half_widths(pixel_size_m: float, radius_m: float) -> tuple[int, ...]:
    """For each pixel row of a disc, top to bottom, how many pixels it reaches to either side of its middle.

    Pixels whose centre lies within the radius or on it. A radius below the size of a pixel gives the pixel alone.

    Examples
    --------
    >>> disc_half_widths(pixel_size_m=10.0, radius_m=20.0)
    (0, 1, 2, 1, 0)
    """
    half = int(radius_m // pixel_size_m)
    squares = [radius_m**2 - (row * pixel_size_m) ** 2 for row in range(-half, half + 1)]
    return tuple(int(np.sqrt(square) // pixel_size_m) for square in squares)


def running_sums(values: Array) -> Array:
    """Sums of integers (rows, columns) along each row up to every column: (rows, columns + 1), from 0; same dtype.

    A run of columns sums up to the difference of two of them. That sums fit the dtype is not checked.

    Examples
    --------
    >>> import numpy as np
    >>> running_sums(np.array([[1, 2, 3]])).tolist()
    [[0, 1, 3, 6]]
    """
    return array_namespace(values).cumulative_sum(values, axis=1, dtype=values.dtype, include_initial=True)


def disc_sums(running: Array, half_widths: tuple[int, ...], margin: int) -> Array:
    """Sum integers over the disc around every pixel that is at least `margin` from the edge.

    Parameters
    ----------
    running
        Of `running_sums`, shape (rows, columns + 1).
    half_widths
        Of `disc_half_widths`, for a disc of ``2 · half + 1`` rows.
    margin
        `half` or more.

    Returns
    -------
    Array
        Shape (rows − 2·margin, columns − 2·margin); dtype of `running`.

    Notes
    -----
    The cost of a pixel grows with the radius, not its square. Sums of integers have no rounding, so neither the cut,
    nor the order, nor the device has a say.

    Examples
    --------
    The middle pixel and its four direct neighbours:

    >>> import numpy as np
    >>> running = running_sums(np.arange(9).reshape(3, 3))
    >>> disc_sums(running, disc_half_widths(1.0, 1.0), margin=1).tolist()
    [[20]]
    """
    # A disc is a stack of runs, one a row; a run's sum is the difference of two running sums. The compiled loop does
    # what the array version does without its temporary arrays; integers make both agree to the last bit.
    is_here = is_numpy_namespace(array_namespace(running))
    return (_compiled_disc_sums if is_here else _disc_sums)(running, half_widths, margin)


def square_maximum(values: Array, half: int) -> Array:
    """The largest value of the ``(2 · half + 1)²`` pixels around every pixel at least `half` from the edge.

    Values of shape (rows, columns), the result of (rows − 2·half, columns − 2·half), same dtype. What NaN does depends
    on the namespace: take it out first.

    Notes
    -----
    Maxima of windows twice as long are maxima of two of the shorter ones: the cost grows with the logarithm of `half`.

    Examples
    --------
    >>> import numpy as np
    >>> square_maximum(np.array([[1, 2, 3, 4], [9, 5, 6, 7], [7, 8, 0, 8]]), half=1).tolist()
    [[9, 8]]
    """
    return _window_maximum(_window_maximum(values, 2 * half + 1, axis=0), 2 * half + 1, axis=1)


def _window_maximum(values: Array, length: int, axis: int) -> Array:
    xp = array_namespace(values)
    reach = 1
    while reach < length:
        # The last pair may overlap: a maximum does not mind a pixel that it sees twice, as a sum would.
        step = min(reach, length - reach)
        n_left = values.shape[axis] - step
        values = xp.maximum(_part(values, 0, n_left, axis), _part(values, step, n_left, axis))
        reach += step
    return values


def _part(values: Array, first: int, count: int, axis: int) -> Array:
    part = slice(first, first + count)
    return values[part, :] if axis == 0 else values[:, part]


def _disc_sums(running: Array, half_widths: tuple[int, ...], margin: int) -> Array:
    n_rows, n_columns = running.shape[0] - 2 * margin, running.shape[1] - 1 - 2 * margin
    first_row = margin - len(half_widths) // 2
    total = array_namespace(running).zeros_like(running[:n_rows, :n_columns])
    for row, width in enumerate(half_widths, start=first_row):
        band = running[row : row + n_rows, :]
        total += band[:, margin + width + 1 : margin + width + 1 + n_columns]
        total -= band[:, margin - width : margin - width + n_columns]
    return total


def _compiled_disc_sums(running: Any, half_widths: tuple[int, ...], margin: int) -> Any:
    shape = running.shape[0] - 2 * margin, running.shape[1] - 1 - 2 * margin
    total = np.zeros(shape, dtype=running.dtype)
    _add_runs(total, np.ascontiguousarray(running), np.array(half_widths, dtype=np.int64), margin)
    return total


@compiled
def _add_runs(total: Any, running: Any, half_widths: Any, margin: int) -> None:
    n_rows, n_columns = total.shape
    first_row = margin - len(half_widths) // 2
    for row in range(n_rows):
        line = total[row]
        for band in range(len(half_widths)):
            width = half_widths[band]
            sums = running[first_row + row + band]
            ends = sums[margin + width + 1 : margin + width + 1 + n_columns]
            starts = sums[margin - width : margin - width + n_columns]
            for column in range(n_columns):
                line[column] += ends[column] - starts[column]
