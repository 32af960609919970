"""How water fills a hollow."""

from heapq import heappop, heappush

import numpy as np

from entropice.types import BoolArray, Float32Array, IntArray


def filling_order(elevation_m: Float32Array, within: BoolArray, n_pixels: int) -> IntArray:
    """Pixels in the order in which rising water reaches them from the lowest one, shape (n, 2): row and column.

    int64, from the pixel with the least height within; of equal heights the one farther up, then farther left, is next.
    Where no pixel is within, the upper left one alone is given; for 0 pixels the shape is (0, 2).

    Parameters
    ----------
    within
        Pixels that water may cover, those around the lowest at least; others are never reached.
    n_pixels
        Pixels to fill; fewer are given where no more can be reached.

    Notes
    -----
    The neighbour (of four) with the least height is next, as in priority flooding (Barnes et al. 2014,
    doi:10.1016/j.cageo.2013.04.024). So the first n pixels are connected for every n, and lakes of a hollow lie within
    each other.

    Examples
    --------
    >>> elevation_m = np.array([[3.0, 1.0, 2.0], [9.0, 5.0, 0.5]], dtype=np.float32)
    >>> filling_order(elevation_m, np.ones((2, 3), dtype=bool), n_pixels=4).tolist()
    [[1, 2], [0, 2], [0, 1], [0, 0]]
    """
    start = np.unravel_index(np.where(within, elevation_m, np.inf).argmin(), within.shape)
    # Lists: reading single values of an array takes many times as long. Closed all round, so that no edge is asked for.
    heights, is_open = elevation_m.tolist(), np.pad(within, 1).tolist()
    row, column = int(start[0]), int(start[1])
    shore = [(heights[row][column], row, column)]
    is_open[row + 1][column + 1] = False
    filled: list[tuple[int, int]] = []
    while shore and len(filled) < n_pixels:
        _, row, column = heappop(shore)
        filled.append((row, column))
        for near_row, near_column in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            if is_open[near_row + 1][near_column + 1]:
                is_open[near_row + 1][near_column + 1] = False
                heappush(shore, (heights[near_row][near_column], near_row, near_column))
    return np.array(filled, dtype=np.int64).reshape(-1, 2)
