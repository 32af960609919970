"""Polygons clipped by pixels: compiled loops over edges and rows.

Everything here is in pixel coordinates: x counts columns and y rows from the tile's first corner, pixel (row, column)
is the unit square from (column, row) to (column + 1, row + 1).
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from entropice.types import FloatArray, IntArray
from entropice.zonal.compiled import compiled, compiled_in_place

Int32Array = NDArray[np.int32]

NEGLIGIBLE_PX: Final = 1e-10
"""A smaller part of a pixel is rounding: it is dropped, and what lacks no more than this is a whole pixel."""

LONGEST_INSERTION: Final = 32
"""A row with more crossings than this is sorted by the library."""


class Crossings(NamedTuple):
    """Where edges cross pixels; shape (capacity,) each.

    `height` is the signed share of the pixel's height that an edge passes, positive where the cell lies to its right,
    and `area` the part of this pixel between the edge and the pixel's right side.
    """

    row: Int32Array
    column: Int32Array
    height: FloatArray
    area: FloatArray


class Runs(NamedTuple):
    """Whole pixels from column `first` to before `stop`; shape (n,) each."""

    row: Int32Array
    first: Int32Array
    stop: Int32Array


class Borders(NamedTuple):
    """Pixels covered in part; shape (n,) each."""

    row: Int32Array
    column: Int32Array
    weight: FloatArray


@compiled
def _span(low: float, high: float, size: int) -> int:
    """Count the pixels of an axis between two coordinates, inside the tile."""
    return max(0, int(np.floor(min(high, size))) - int(np.floor(max(low, 0.0))) + 1)


@compiled
def most_crossings(points: FloatArray, ring_starts: IntArray, n_rows: int, n_columns: int) -> IntArray:
    """Bound the number of crossings of each ring, so that memory is had once and loops need not ask for more.

    Parameters
    ----------
    points
        Closed rings one after another, float64, shape (n_points, 2): x, y in pixels; finite.
    ring_starts
        First point of each ring and the end, int64, shape (n_rings + 1,).
    n_rows, n_columns
        Of the tile.

    Returns
    -------
    IntArray
        int64, shape (n_rings,). An edge crosses as many pixels as it passes rows and columns, and one more; what lies
        outside the tile's rows counts nothing. An upper bound: `clip_cells` may find far fewer.

    Examples
    --------
    A triangle in a tile of 2 by 2 pixels. Its edges pass 1 row and 2 columns, 2 rows and 2 columns, 2 rows and
    1 column, each and one more: 4 + 5 + 4.

    >>> import numpy as np
    >>> triangle = np.array([[0.5, 0.5], [1.5, 0.5], [0.5, 1.5], [0.5, 0.5]])
    >>> most_crossings(triangle, np.array([0, 4]), 2, 2).tolist()
    [13]
    """
    bounds = np.zeros(ring_starts.size - 1, dtype=np.int64)
    for ring in range(bounds.size):
        for start in range(ring_starts[ring], ring_starts[ring + 1] - 1):
            (x0, y0), (x1, y1) = points[start], points[start + 1]
            in_rows = _span(min(y0, y1), max(y0, y1), n_rows)
            if in_rows:
                bounds[ring] += in_rows + _span(min(x0, x1), max(x0, x1), n_columns) + 1
    return bounds


@compiled_in_place
def _add_crossing(found: Crossings, n: int, row: int, column: int, height: float, area: float) -> int:
    found.row[n] = row
    found.column[n] = column
    found.height[n] = height
    found.area[n] = area
    return n + 1


@compiled_in_place
def _trace_row(
    found: Crossings, n: int, row: int, x0: float, x1: float, height: float, sign: float, n_columns: int
) -> int:
    """Add the crossings of a piece of edge that stays in one row and spans `height` of it, from left to right."""
    left, right = min(x0, x1), max(x0, x1)
    passed, x = 0.0, max(left, 0.0)
    # What lies left of the tile still opens or closes the cell for the whole row: it counts at the first pixel, with
    # all of that pixel to its right. What lies right of the tile has no pixel to its right and needs no crossing.
    if left < 0.0:
        passed = height if right <= 0.0 else height * (-left / (right - left))
        n = _add_crossing(found, n, row, 0, sign * passed, sign * passed)
        if right <= 0.0:
            return n
    for column in range(int(np.floor(x)), n_columns):
        following = min(column + 1.0, right)
        # Differences of a running total telescope: the shares of a row add up to `height` but for one rounding, however
        # many pixels a flat edge crosses. Summed shares would drift, and with them the test of inside or outside.
        total = height if following == right else height * ((following - left) / (right - left))
        share = sign * (total - passed)
        n = _add_crossing(found, n, row, column, share, share * (1.0 - ((x + following) / 2.0 - column)))
        if following == right:
            break
        passed, x = total, following
    return n


@compiled
def _x_at(y: float, x0: float, y0: float, x1: float, y1: float) -> float:
    """Where an edge is at height `y` between its ends, and never beyond them."""
    # Rounding may carry the interpolated x past an end, by a hair into the next pixel, which `most_crossings` has not
    # counted.
    return min(max(x0 + (x1 - x0) * ((y - y0) / (y1 - y0)), min(x0, x1)), max(x0, x1))


@compiled_in_place
def _trace_edge(
    found: Crossings, n: int, x0: float, y0: float, x1: float, y1: float, sign: float, n_rows: int, n_columns: int
) -> int:
    """Add the crossings of an edge that lies in the order of y, then x: the same numbers for both its cells."""
    if y1 <= 0.0 or y0 >= n_rows or min(x0, x1) >= n_columns:
        return n
    start = max(y0, 0.0)
    x = x0 if start == y0 else _x_at(start, x0, y0, x1, y1)
    for row in range(int(np.floor(start)), n_rows):
        stop = min(row + 1.0, y1)
        following = x1 if stop == y1 else _x_at(stop, x0, y0, x1, y1)
        n = _trace_row(found, n, row, x, following, stop - start, sign, n_columns)
        if stop == y1:
            break
        x, start = following, stop
    return n


@compiled_in_place
def _trace_ring(found: Crossings, n: int, ring: FloatArray, orientation: float, n_rows: int, n_columns: int) -> int:
    for vertex in range(ring.shape[0] - 1):
        x0, y0 = ring[vertex]
        x1, y1 = ring[vertex + 1]
        # Neighbours run through their common edge in opposite directions. Rounding depends on the direction; traced
        # from the same end for both, the edge's shares differ in sign alone and cancel where cells tessellate.
        if y0 < y1 or (y0 == y1 and x0 < x1):
            n = _trace_edge(found, n, x0, y0, x1, y1, orientation, n_rows, n_columns)
        else:
            n = _trace_edge(found, n, x1, y1, x0, y0, -orientation, n_rows, n_columns)
    return n


@compiled
def _sort_row(order: IntArray, column: Int32Array) -> None:
    """Sort the crossings of one row by column, in place."""
    # Most rows have a few crossings, nearly in order already: insertion is done before a library's sort has begun.
    if order.size > LONGEST_INSERTION:
        for k, item in enumerate(order[np.argsort(column[order])]):
            order[k] = item
        return
    for i in range(1, order.size):
        item = order[i]
        k = i
        while k > 0 and column[order[k - 1]] > column[item]:
            order[k] = order[k - 1]
            k -= 1
        order[k] = item


@compiled
def _by_row(row: Int32Array) -> tuple[IntArray, IntArray]:
    """Start of each row's crossings and the end, and the crossings in order of rows (counting sort)."""
    first = row.min()
    starts = np.zeros(row.max() - first + 2, dtype=np.int64)
    for item in row:
        starts[item - first + 1] += 1
    starts = np.cumsum(starts)
    free, order = starts.copy(), np.empty(row.size, dtype=np.int64)
    for k in range(row.size):
        place = row[k] - first
        order[free[place]] = k
        free[place] += 1
    return starts, order


@compiled_in_place
def _add_run(runs: Runs, n: int, start: int, row: int, first: int, stop: int) -> int:
    """Add whole pixels, joined to the cell's last run where they touch it; the cell's runs begin at `start`."""
    if first >= stop:
        return n
    if n > start and runs.row[n - 1] == row and runs.stop[n - 1] == first:
        runs.stop[n - 1] = stop
        return n
    runs.row[n] = row
    runs.first[n] = first
    runs.stop[n] = stop
    return n + 1


@compiled_in_place
def _sweep_row(
    found: Crossings, order: IntArray, n_columns: int, pieces: tuple[Runs, Borders], n: tuple[int, int], start: int
) -> tuple[int, int]:
    """Turn one row's crossings, sorted by column, into runs and border pixels; returns how many there are now."""
    (runs, borders), (n_runs, n_borders) = pieces, n
    row, column, inside, k = found.row[order[0]], 0, 0.0, 0
    while k < order.size:
        here, weight = found.column[order[k]], inside
        # Between crossings the sum of heights is 0 or 1 but for rounding, so that any limit between them would do.
        if inside > 0.5:
            n_runs = _add_run(runs, n_runs, start, row, column, here)
        while k < order.size and found.column[order[k]] == here:
            inside += found.height[order[k]]
            weight += found.area[order[k]]
            k += 1
        column = here + 1
        # A border along a pixel's side would else leave slivers: pixels of weight 1 − 1e-16, which break up a run, and
        # of 1e-16, whose extreme values would count.
        if weight > 1.0 - NEGLIGIBLE_PX:
            n_runs = _add_run(runs, n_runs, start, row, here, column)
        elif weight > NEGLIGIBLE_PX:
            borders.row[n_borders], borders.column[n_borders], borders.weight[n_borders] = row, here, weight
            n_borders += 1
    if inside > 0.5:
        n_runs = _add_run(runs, n_runs, start, row, column, n_columns)
    return n_runs, n_borders


@compiled
def clip_cells(
    points: FloatArray,
    ring_starts: IntArray,
    first_rings: IntArray,
    orientation: float,
    shape: tuple[int, int],
    capacities: IntArray,
) -> tuple[IntArray, tuple[Int32Array, Int32Array, Int32Array], IntArray, tuple[Int32Array, Int32Array, FloatArray]]:
    """Clip every cell by the pixels of a tile.

    Parameters
    ----------
    points
        Closed rings one after another, float64, shape (n_points, 2): x, y in pixels; finite. Holes run the other way
        round than outer rings do.
    ring_starts
        First point of each ring and the end, int64, shape (n_rings + 1,).
    first_rings
        First ring of each cell and the end, int64, shape (n_cells + 1,). Cells may overlap: each is clipped on its own.
    orientation
        1 where an outer ring has its inside at higher columns than an edge that goes towards higher rows, else −1. With
        the wrong sign all weights are negative, and nothing is found.
    shape
        Rows and columns.
    capacities
        Bound of each cell's crossings, shape (n_cells,): the sum over its rings of `most_crossings`. A smaller number
        is not noticed, and writes beyond the arrays.

    Returns
    -------
    Start of each cell's runs and the end, int64, shape (n_cells + 1,); the arrays of `Runs`, by row and column within a
    cell; the same for border pixels and `Borders`, with weights from 1e-10 to 1 − 1e-10. The arrays are as long as the
    sum of the capacities: what lies behind the last start was never written. Python calls this, so tuples have no
    names: making such a one is Python code, and a signal meanwhile crashes the process.

    Examples
    --------
    Three pixels in a row; a rectangle holds half of the first, all of the second and a quarter of the third.

    >>> import numpy as np
    >>> rectangle = np.array([[0.5, 0.0], [2.25, 0.0], [2.25, 1.0], [0.5, 1.0], [0.5, 0.0]])
    >>> rings, cells = np.array([0, 5]), np.array([0, 1])
    >>> most = most_crossings(rectangle, rings, 1, 3)
    >>> starts, runs, ends, borders = clip_cells(rectangle, rings, cells, -1.0, (1, 3), most)
    >>> [part[: starts[-1]].tolist() for part in runs], [part[: ends[-1]].tolist() for part in borders]
    ([[0], [1], [2]], [[0, 0], [0, 2], [0.5, 0.25]])
    """
    # A run or border pixel begins in or right after a pixel that is crossed: neither are more than crossings.
    n_cells, total, most = capacities.size, capacities.sum(), capacities.max() if capacities.size else 0
    runs = Runs(np.empty(total, np.int32), np.empty(total, np.int32), np.empty(total, np.int32))
    borders = Borders(np.empty(total, np.int32), np.empty(total, np.int32), np.empty(total))
    found = Crossings(np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most), np.empty(most))
    run_starts, border_starts = np.zeros(n_cells + 1, np.int64), np.zeros(n_cells + 1, np.int64)
    for cell in range(n_cells):
        n, counts = 0, (run_starts[cell], border_starts[cell])
        for ring in range(first_rings[cell], first_rings[cell + 1]):
            vertices = points[ring_starts[ring] : ring_starts[ring + 1]]
            n = _trace_ring(found, n, vertices, orientation, shape[0], shape[1])
        if n:
            starts, order = _by_row(found.row[:n])
            for row in range(starts.size - 1):
                crossings = order[starts[row] : starts[row + 1]]
                if crossings.size:
                    _sort_row(crossings, found.column)
                    counts = _sweep_row(found, crossings, shape[1], (runs, borders), counts, run_starts[cell])
        run_starts[cell + 1], border_starts[cell + 1] = counts
    return (
        run_starts,
        (runs.row, runs.first, runs.stop),
        border_starts,
        (borders.row, borders.column, borders.weight),
    )
