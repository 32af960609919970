"""Moments of the pixels of every cell: compiled loops over runs and border pixels."""

from typing import Any, NamedTuple

import numpy as np

from entropice.types import FloatArray
from entropice.zonal.clipping import Borders, Runs
from entropice.zonal.compiled import compiled_reduction, compiled_reduction_in_place
from entropice.zonal.coverage import Coverage, ask_ahead, borders_in_rows, runs_in_rows

Totals = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]


class Sample(NamedTuple):
    """Moments of some pixels, and their range as integers that have the order of the values."""

    weight: float
    mean: float
    squared_deviations: float
    lowest_key: int
    highest_key: int


@compiled_reduction
def _key(bits: Any, top: Any) -> Any:
    """Integer in the order of the float that has these bits (IEEE 754: negative ones count backwards)."""
    # Its own inverse: flipping all but the sign bit twice gives the bits back.
    return bits if bits >= 0 else np.bitwise_xor(bits, top)


@compiled_reduction
def _is_known(value: Any, unknown: Any) -> Any:
    return (value == value) & (value != unknown)


@compiled_reduction_in_place
def _merged(a: Sample, b: Sample) -> Sample:
    """Moments of both samples together, as in `Moments.merged`."""
    if b.weight == 0.0:
        return a
    # Of means and deviations: sums and squares would lose the digits that the shift of each run has saved.
    weight = a.weight + b.weight
    share, difference = b.weight / weight, b.mean - a.mean
    return Sample(
        weight,
        a.mean + difference * share,
        a.squared_deviations + b.squared_deviations + difference * difference * a.weight * share,
        min(a.lowest_key, b.lowest_key),
        max(a.highest_key, b.highest_key),
    )


@compiled_reduction_in_place
def _run(values: Any, bits: Any, unknown: Any, bottom: Any, top: Any) -> Sample:
    """Moments of whole pixels, about the first known value so that a large mean does not eat the spread."""
    first = 0
    while first < values.size and not _is_known(values[first], unknown):
        first += 1
    if first == values.size:
        return Sample(0.0, 0.0, 0.0, top, bottom)
    shift, weight, total, squares, lowest, highest = np.float64(values[first]), 0, 0.0, 0.0, top, bottom
    # One pass, as memory is the bottleneck. About a value of its own row, deviations are as small as the row's spread,
    # so that sum and sum of squares lose no digits to a large mean. Selections in place of branches let the loop run
    # in vector registers.
    for k in range(values.size):
        is_known, key = _is_known(values[k], unknown), _key(bits[k], top)
        difference = np.float64(values[k]) - shift if is_known else 0.0
        weight += int(is_known)
        total += difference
        squares += difference * difference
        lowest = min(lowest, key if is_known else top)
        highest = max(highest, key if is_known else bottom)
    return Sample(float(weight), shift + total / weight, squares - total * total / weight, lowest, highest)


@compiled_reduction_in_place
def _with_runs(
    seen: Sample, values: Any, bits: Any, runs: Runs, first_row: int, unknown: Any, bottom: Any, top: Any
) -> Sample:
    """Moments of what has been seen and of the whole pixels of a cell."""
    # Runs are summed on their own and merged: each is short and has a shift of its own, so that a slope across the
    # cell does not take digits from the spread within its rows.
    for k in range(runs.row.size):
        ask_ahead(values, runs, k, first_row)
        row, columns = runs.row[k] - first_row, slice(runs.first[k], runs.stop[k])
        seen = _merged(seen, _run(values[row, columns], bits[row, columns], unknown, bottom, top))
    return seen


@compiled_reduction_in_place
def _border(values: Any, bits: Any, borders: Borders, first_row: int, unknown: Any, bottom: Any, top: Any) -> Sample:
    """Moments of a cell's border pixels, in two passes: mean first, then deviations."""
    weight, total, squares, lowest, highest = 0.0, 0.0, 0.0, top, bottom
    # Border pixels are few and scattered over the rows: a second pass costs little and needs no shift.
    for k in range(borders.row.size):
        pixel = borders.row[k] - first_row, borders.column[k]
        is_known, key = _is_known(values[pixel], unknown), _key(bits[pixel], top)
        weight += borders.weight[k] if is_known else 0.0
        total += borders.weight[k] * np.float64(values[pixel]) if is_known else 0.0
        lowest = min(lowest, key if is_known else top)
        highest = max(highest, key if is_known else bottom)
    mean = total / weight if weight > 0.0 else 0.0
    for k in range(borders.row.size):
        value = values[borders.row[k] - first_row, borders.column[k]]
        difference = np.float64(value) - mean if _is_known(value, unknown) else 0.0
        squares += borders.weight[k] * difference * difference
    return Sample(weight, mean, squares, lowest, highest)


@compiled_reduction
def add_cells(
    totals: Totals, coverage: Coverage, strip: Any, bits: Any, first_row: int, unknown: Any, limits: Any
) -> None:
    """Add a strip's pixels to count, mean, squared deviations, minimum and maximum of every cell, in place.

    Parameters
    ----------
    totals
        Of each cell, float64, shape (n_cells,) each, as in `Moments`.
    coverage
        Weights of the cells on the tile.
    strip
        float32 or float64, shape (n_rows, columns): rows of the tile from `first_row` on. NaN has no weight.
    bits
        The strip seen as integers of its size, int32 or int64.
    unknown
        A value without weight, of the strip's dtype; NaN for none.
    limits
        Lowest and highest integer of the dtype of `bits`, shape (2,).

    Examples
    --------
    Weights 0.5 and 1 of values 2 and 5: mean (1 + 5) / 1.5 = 4, squared deviations 0.5 · 4 + 1 · 1.

    >>> import numpy as np
    >>> from rasterio.transform import Affine
    >>> from shapely import box
    >>> from entropice.zonal.coverage import cell_coverage
    >>> coverage = cell_coverage(np.array([box(0.5, 0, 2, 1)], dtype=object), Affine(1, 0, 0, 0, -1, 1), (1, 2))
    >>> totals = tuple(np.array([start]) for start in (0.0, 0.0, 0.0, np.inf, -np.inf))
    >>> strip, limits = np.array([[2.0, 5.0]]), np.array([-(2**63), 2**63 - 1])
    >>> add_cells(totals, coverage, strip, strip.view(np.int64), 0, np.float64(np.nan), limits)
    >>> [total.item() for total in totals]
    [1.5, 4.0, 3.0, 2.0, 5.0]
    """
    counts, means, squared_deviations, minima, maxima = totals
    bottom, top = limits
    # Keys are turned back into floats by looking at the same memory as the strip's type: no conversion, no rounding.
    keys, end_row = limits.copy(), first_row + strip.shape[0]
    range_of_keys = keys.view(strip.dtype)
    for cell in range(counts.size):
        seen = Sample(counts[cell], means[cell], squared_deviations[cell], top, bottom)
        runs = runs_in_rows(coverage, cell, first_row, end_row)
        seen = _with_runs(seen, strip, bits, runs, first_row, unknown, bottom, top)
        borders = borders_in_rows(coverage, cell, first_row, end_row)
        seen = _merged(seen, _border(strip, bits, borders, first_row, unknown, bottom, top))
        counts[cell], means[cell], squared_deviations[cell] = seen.weight, seen.mean, seen.squared_deviations
        if seen.lowest_key <= seen.highest_key:
            keys[0], keys[1] = _key(seen.lowest_key, top), _key(seen.highest_key, top)
            minima[cell] = min(minima[cell], range_of_keys[0])
            maxima[cell] = max(maxima[cell], range_of_keys[1])
