"""Costs of some rows in all boxes as one product, panel by panel of rows; the rows are read once, as they lie."""

from typing import Any, Final

from entropice.espa.jit import compiled
from entropice.espa.registers import N_VECTORS, PANEL_BYTES, TILE_BOXES, VECTOR_BYTES
from entropice.espa.registers import multiply as typed_multiply
from entropice.espa.registers import transpose as typed_transpose

SMALL_TILE: Final = 4
"""Boxes are multiplied 8 or 4 at a time, so that there must be a multiple of 4."""

multiply: Final[Any] = typed_multiply
transpose: Final[Any] = typed_transpose


@compiled
def find_costs(values, observed, codes, coefficients, panel, costs):  # type: ignore[no-untyped-def]
    """Write the costs (K, n) of rows in boxes.

    Sizes: D features, P features with missing values, K boxes, M classes.

    Parameters
    ----------
    values
        (n, D), 0 for missing.
    observed
        (n, P): mask of the partial features.
    codes
        (n,): classes.
    coefficients
        (K, D + P + M): of values, masks and indicators of the classes. K is a multiple of `SMALL_TILE`.
    panel
        (D + P + M, rows of a panel), overwritten.
    costs
        (K, n or more), a multiple of a panel's rows, overwritten: ``coefficients_k · (values, mask, indicators)``.
        Behind the n-th row up to the end of its panel it holds no cost of anything.

    Examples
    --------
    Boxes with the costs 2 x + 1/2 (class 0) or 2 x + 5 (class 1), and x.

    >>> import numpy as np
    >>> from entropice.espa.compiled import buffers, joined
    >>> from entropice.espa.updates import Costs
    >>> by_value, by_class = np.array([[[2.0], [1.0]]]), np.array([[[0.5, 5.0], [0.0, 0.0]]])
    >>> coefficients = joined(Costs(by_value, np.zeros((1, 2, 0)), by_class), np.dtype(np.float64))
    >>> panel, costs = buffers(coefficients, 128)
    >>> values, codes = np.array([[3.0], [4.0]]), np.array([0, 1], dtype=np.int32)
    >>> find_costs(values, np.zeros((2, 0)), codes, coefficients, panel, costs)
    >>> costs[:2, :2].tolist()
    [[6.5, 13.0], [3.0, 4.0]]
    """
    width, n_boxes = PANEL_BYTES // values.itemsize, len(coefficients)
    for first in range(0, len(values), width):
        lay_out(values, observed, codes, first, panel)
        box = 0
        while box + TILE_BOXES <= n_boxes:
            multiply(TILE_BOXES, coefficients, box, panel, costs, first)
            box += TILE_BOXES
        if box < n_boxes:
            multiply(SMALL_TILE, coefficients, box, panel, costs, first)


@compiled
def lay_out(values, observed, codes, first, panel):  # type: ignore[no-untyped-def]
    """Write rows from `first` on into the panel (D + P + M, rows of a panel); at the end there are fewer.

    By values (n, D), mask (n, P) and codes (n,): a row becomes a column of values, mask and indicators of the classes.
    Columns for which no row is left keep what they held.

    Sizes: D features, P features with missing values, M classes.
    """
    n_lanes, n_values, n_partial = VECTOR_BYTES // values.itemsize, values.shape[1], observed.shape[1]
    n_rows = min(N_VECTORS * n_lanes, len(values) - first)
    if n_rows < N_VECTORS * n_lanes or n_values < n_lanes:
        for feature in range(n_values):
            for lane in range(n_rows):
                panel[feature, lane] = values[first + lane, feature]
    else:
        for lane in range(0, n_rows, n_lanes):
            for start in range(0, n_values, n_lanes):
                # The last columns are no whole square: the one that ends with them overlaps its neighbour.
                feature = min(start, n_values - n_lanes)
                transpose(values, first + lane, feature, panel, feature, lane)
    for p in range(n_partial):
        for lane in range(n_rows):
            panel[n_values + p, lane] = observed[first + lane, p]
    # A class's constant is one more product, with the indicator of the class: a look-up by code would gather from
    # memory, row by row and box by box.
    for m in range(len(panel) - n_values - n_partial):
        for lane in range(n_rows):
            panel[n_values + n_partial + m, lane] = codes[first + lane] == m
