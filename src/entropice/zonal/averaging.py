"""Weighted means of grid points: compiled loops over cells, their points, and time."""

from typing import Any, Final

import numpy as np

from entropice.memory_hints import LINE_BYTES, prefetch, store_past_caches
from entropice.zonal.compiled import compiled, compiled_in_place, compiled_reduction_in_place

POINTS_AHEAD: Final = 4
"""So many points before it is needed, a point is asked for."""


@compiled_reduction_in_place
def _all_finite(values: Any) -> bool:
    """Say whether all values are finite: only those times zero are zero."""
    # One sum without a branch runs in vector registers; a test of each value would not.
    zero = 0.0
    for k in range(values.size):
        zero += values[k] * 0.0
    return zero == 0.0


@compiled
def average_points(
    starts: Any, points: Any, shares: Any, values: Any, means: Any, first_cell: int, stop_cell: int
) -> None:
    """Average the points of each cell at each time, in place, from `first_cell` to before `stop_cell`.

    Parameters
    ----------
    starts, points, shares
        A sparse matrix of weights by rows (cells), as SciPy keeps it: ``indptr`` (n_cells + 1,), ``indices`` and
        ``data`` (n_entries,); weights are not negative and need not sum to 1.
    values
        float32 or float64, C-contiguous, shape (n_points, n_time); what is not finite has no weight.
    means
        float32 or float64, shape (n_cells, n_time), in the unit of the values: overwritten for the cells asked for,
        left as they are for the others; NaN where no point is known. Sums are float64.
    first_cell, stop_cell
        Positions of cells; `stop_cell` itself is not averaged.

    Notes
    -----
    ``Σ_k share_k value_k / Σ_k share_k`` over the points that are known at the time.

    Examples
    --------
    Weights 0.5 and 1.5: (0.5 · 4 + 1.5 · 8) / 2. At the second time the second point is unknown. The second cell has no
    point, and the third is not asked for.

    >>> import numpy as np
    >>> from scipy.sparse import csr_matrix
    >>> weights, means = csr_matrix(np.array([[0.5, 1.5], [0.0, 0.0], [1.0, 0.0]])), np.zeros((3, 2))
    >>> values = np.array([[4.0, 4.0], [8.0, np.inf]])
    >>> average_points(weights.indptr, weights.indices, weights.data, values, means, 0, 2)
    >>> means.tolist()
    [[7.0, 4.0], [nan, nan], [0.0, 0.0]]
    """
    mean, weight = np.empty(values.shape[1]), np.empty(values.shape[1])
    has_gaps = False
    for cell in range(first_cell, stop_cell):
        own = starts[cell], starts[cell + 1]
        # Neighbours are alike: where the last cell had gaps, a sum without a look at them would be made in vain. Both
        # ways give the same numbers where there are none.
        if not has_gaps:
            has_gaps = not _average_all(own, points, shares, values, mean)
        if has_gaps:
            has_gaps = _average_known(own, points, shares, values, mean, weight)
        for time in range(mean.size):
            store_past_caches(means, cell, time, mean[time])


@compiled_in_place
def _ask_for_point(points: Any, values: Any, k: int) -> None:
    """Ask for the values of a point some entries ahead: it lies anywhere in memory."""
    ahead = min(k + POINTS_AHEAD, points.size - 1)
    for time in range(0, values.shape[1], LINE_BYTES // values.itemsize):
        prefetch(values, points[ahead], time)


@compiled_in_place
def _average_all(own: tuple[int, int], points: Any, shares: Any, values: Any, mean: Any) -> bool:
    """Average the points of one cell; says whether all of them are known at all times, else the means are wrong."""
    whole = 0.0
    mean[:] = 0.0
    for k in range(*own):
        share, row = shares[k], values[points[k]]
        _ask_for_point(points, values, k)
        whole += share
        for time in range(mean.size):
            mean[time] += share * row[time]
    # Most cells lie in the grid with all their area: division by 1 would change nothing.
    if whole != 1.0:
        for time in range(mean.size):
            mean[time] /= whole
    # NaN and infinity do not vanish from a sum.
    return whole > 0.0 and _all_finite(mean)


@compiled_in_place
def _average_known(own: tuple[int, int], points: Any, shares: Any, values: Any, mean: Any, weight: Any) -> bool:
    """Average the points of one cell where some are unknown; says whether some are."""
    whole = 0.0
    mean[:] = 0.0
    weight[:] = 0.0
    for k in range(*own):
        share, row = shares[k], values[points[k]]
        _ask_for_point(points, values, k)
        whole += share
        for time in range(mean.size):
            is_known = abs(row[time]) < np.inf
            mean[time] += share * row[time] if is_known else 0.0
            weight[time] += share if is_known else 0.0
    n_whole = 0
    # Weights of known points are summed in the order of `whole`: where all are known, both are equal to the last bit.
    for time in range(mean.size):
        mean[time] = mean[time] / weight[time] if weight[time] > 0.0 else np.nan
        n_whole += weight[time] == whole
    has_gaps: bool = n_whole < mean.size
    return has_gaps
