"""Weighted means of grid points: compiled loops over cells, their points, and time."""

from typing import Any

import numpy as np

from entropice.zonal.compiled import compiled, compiled_reduction


@compiled_reduction
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
        float32 or float64, shape (n_points, n_time); what is not finite has no weight.
    means
        float32 or float64, shape (n_cells, n_time), overwritten; NaN where no point is known. Sums are float64.
    """
    total, weight = np.empty(values.shape[1]), np.empty(values.shape[1])
    for cell in range(first_cell, stop_cell):
        total[:] = 0.0
        whole, mean = 0.0, means[cell]
        for k in range(starts[cell], starts[cell + 1]):
            share, row = shares[k], values[points[k]]
            whole += share
            for time in range(total.size):
                total[time] += share * row[time]
        for time in range(total.size):
            mean[time] = total[time] / whole
        # Nearly every cell knows all its points. A weight for each time is summed only where a total shows a gap: NaN
        # and infinity do not vanish from a sum.
        if not (whole > 0.0 and _all_finite(total)):
            _average_known(starts[cell], starts[cell + 1], points, shares, values, mean, total, weight)


@compiled
def _average_known(
    first: int, stop: int, points: Any, shares: Any, values: Any, mean: Any, total: Any, weight: Any
) -> None:
    """Average the points of one cell where some are unknown."""
    total[:] = 0.0
    weight[:] = 0.0
    for k in range(first, stop):
        share, row = shares[k], values[points[k]]
        for time in range(total.size):
            is_known = abs(row[time]) < np.inf
            total[time] += share * row[time] if is_known else 0.0
            weight[time] += share if is_known else 0.0
    for time in range(total.size):
        mean[time] = total[time] / weight[time] if weight[time] > 0.0 else np.nan
