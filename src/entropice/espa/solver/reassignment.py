"""Class probabilities recomputed after a fit from an assignment by distance alone, as prediction will assign."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from entropice.espa.devices import Place
from entropice.espa.solver.assignment import AssignmentStep
from entropice.espa.solver.batches import to_memory, to_place
from entropice.espa.updates import Boxes, FitConstants, Penalties, label_free_costs, update_probabilities


def reassign(
    assign: AssignmentStep,
    place: Place,
    boxes: Boxes,
    constants: FitConstants,
    penalties: Penalties,
    weighting_of: NDArray[np.int64],
) -> Boxes:
    """Return boxes (B, ...) with probabilities by distance alone; boxes left empty are no more alive.

    A sweep puts rows into boxes with the help of their labels. New rows have none: their frequencies of the classes in
    a box are those of an assignment without labels: by `label_free_costs`, then `update_probabilities`. Centres and
    feature weights stay.

    Parameters
    ----------
    assign, place
        The assignment step, and where it is computed.
    boxes, constants, penalties
        Of each fit (B, ...), in memory; not changed.
    weighting_of
        (B,): weighting of each fit.
    """
    sums = to_memory(
        assign(
            label_free_costs(to_place(place, boxes), to_place(place, constants)),
            place.asarray(weighting_of),
            place.asarray(penalties.eps_affiliation),
        )
    )
    # A box that won its rows by their labels alone may be nearest to none: prediction would never reach it.
    probabilities = update_probabilities(sums, constants, penalties)
    return replace(boxes, probabilities=probabilities, is_alive=sums.classes.sum(axis=-1) > 0)
