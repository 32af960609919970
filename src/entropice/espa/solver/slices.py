"""Fits solved a slice at a time, so that their memory stays a small share of the table's."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from entropice.espa.devices import Place
from entropice.espa.solver.assignment import AssignmentStep
from entropice.espa.solver.batches import to_place, write
from entropice.espa.solver.block_coordinate_descent import Solutions, SolverOptions, solve
from entropice.espa.updates import Boxes, FitConstants, Penalties, take

Indices = NDArray[np.int64]

SMALL_TABLE_VALUES: Final = 2**22
"""Values (rows × features) of a table beside which the memory of a batch does not matter."""

BATCH_VALUES: Final = 2**18
"""Values of box centres (fits × boxes × features) that are solved at a time, for a small table."""

TABLE_SHARE: Final = 1024
"""Values of a larger table for each value of box centres that is solved at a time."""


def solve_in_slices(
    assign: AssignmentStep,
    place: Place,
    boxes: Boxes,
    constants: FitConstants,
    penalties: Penalties,
    weighting_of: Indices,
    options: SolverOptions,
    n_table_values: int,
) -> Solutions:
    """Solve fits (B), each as on its own; boxes are overwritten by the solutions.

    Sizes: B fits, F weightings of the rows.

    Parameters
    ----------
    assign, place
        The assignment step, and where it is computed.
    boxes, penalties
        Of each fit (B, ...), in memory.
    constants
        Of each weighting (F, ...), in memory.
    weighting_of
        (B,): weighting of each fit.
    options
        As of `solve`.
    n_table_values
        Rows × features: the larger the table, the more fits at a time, by the values of their centres: 2¹⁸ for a table
        of 2²² values or fewer, else a 1024th of the table's; one fit at least.

    Returns
    -------
    Solutions
        In the order of the fits; its boxes are `boxes`.
    """
    curves: list[NDArray[np.float64]] = []
    has_converged = np.zeros(len(weighting_of), np.bool_)
    for fits in _slices(len(weighting_of), boxes.centers[0].size, n_table_values):
        solutions = solve(
            assign,
            to_place(place, take(boxes, fits)),
            to_place(place, take(constants, weighting_of[fits])),
            to_place(place, take(penalties, fits)),
            place.asarray(weighting_of[fits]),
            options,
        )
        # Over the initial boxes, which are no longer needed: beside them the solutions would take as much again.
        write(solutions.boxes, boxes, fits)
        curves += solutions.curves
        has_converged[fits] = solutions.has_converged
    return Solutions(boxes, curves, has_converged)


def _slices(n_fits: int, n_values: int, n_table_values: int) -> list[Indices]:
    """Indices of the fits that are solved at a time."""
    # Many fits at a time share the reading of the rows, but their boxes and sums grow with them: beside a large table
    # there is room for more than beside a small one, and more to gain.
    at_a_time = BATCH_VALUES if n_table_values <= SMALL_TABLE_VALUES else n_table_values // TABLE_SHARE
    n_slices = -(-n_fits // max(1, at_a_time // n_values))
    return np.array_split(np.arange(n_fits), n_slices)
