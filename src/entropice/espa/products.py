"""Costs of some rows in all boxes as one product, panel by panel of rows; the rows are read once, as they lie."""

from typing import Final

from entropice.espa.jit import compiled
from entropice.espa.registers import N_VECTORS, PANEL_BYTES, TILE_BOXES, VECTOR_BYTES, multiply, transpose

SMALL_TILE: Final = 4
"""Boxes are multiplied 8 or 4 at a time, so that there must be a multiple of 4."""


@compiled
def find_costs(values, observed, codes, coefficients, panel, costs):  # type: ignore[no-untyped-def]
    """Write the costs (K, n) of rows in boxes.

    Parameters
    ----------
    values
        (n, D), 0 for missing.
    observed
        (n, P): mask of the partial features.
    codes
        (n,): classes.
    coefficients
        (K, D + P + M): of values, masks and indicators of the classes; M may be 0. K is a multiple of `SMALL_TILE`.
    panel
        (D + P + M, rows of a panel), overwritten.
    costs
        (K, n or more), a multiple of a panel's rows, overwritten.
    """
    width = PANEL_BYTES // values.itemsize
    n_values, n_linear = values.shape[1], values.shape[1] + observed.shape[1]
    for first in range(0, len(values), width):
        lay_out(values, first, panel[:n_values])
        lay_out(observed, first, panel[n_values:n_linear])
        # A class's constant is one more product, with the indicator of the class: a look-up by code would gather from
        # memory, row by row and box by box.
        for m in range(len(panel) - n_linear):
            for lane in range(min(width, len(values) - first)):
                panel[n_linear + m, lane] = codes[first + lane] == m
        multiply_boxes(coefficients, panel, costs, first)


@compiled
def lay_out(values, first, panel):  # type: ignore[no-untyped-def]
    """Write a panel's rows of values (n, D), from `first` on, into the panel (D, width); at the end fewer rows."""
    n_lanes, n_features = VECTOR_BYTES // values.itemsize, values.shape[1]
    n_rows = min(N_VECTORS * n_lanes, len(values) - first)
    if n_rows < N_VECTORS * n_lanes or n_features < n_lanes:
        for feature in range(n_features):
            for lane in range(n_rows):
                panel[feature, lane] = values[first + lane, feature]
        return
    for lane in range(0, n_rows, n_lanes):
        for start in range(0, n_features, n_lanes):
            # The last columns are no whole square: the one that ends with them overlaps its neighbour.
            feature = min(start, n_features - n_lanes)
            transpose(values, first + lane, feature, panel, feature, lane)


@compiled
def multiply_boxes(coefficients, panel, costs, first):  # type: ignore[no-untyped-def]
    """Write the products of all boxes (K, ·) with a panel into costs (K, n) from row `first` on."""
    n_boxes, box = len(coefficients), 0
    while box + TILE_BOXES <= n_boxes:
        multiply(TILE_BOXES, coefficients, box, panel, costs, first)
        box += TILE_BOXES
    if box < n_boxes:
        multiply(SMALL_TILE, coefficients, box, panel, costs, first)
