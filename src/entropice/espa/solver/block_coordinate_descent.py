"""Block coordinate descent of many fits at once: sweep over the blocks until no fit's objective falls any more.

The blocks are affiliations, box centres, class probabilities and feature weights; `entropice.espa.updates` minimises
over each with the others held. So the objective falls to a local minimum, and which one depends on the initial boxes.
"""

from dataclasses import dataclass

import numpy as np
from array_api_compat import array_namespace, device
from numpy.typing import NDArray

from entropice.espa.solver.assignment import AssignmentStep
from entropice.espa.solver.batches import as_numpy, copy_of, to_memory, write
from entropice.espa.updates import (
    Array,
    Boxes,
    FitConstants,
    Order,
    Penalties,
    assignment_costs,
    choose,
    take,
    update,
)


@dataclass(frozen=True)
class SolverOptions:
    """How to sweep, and when to stop.

    Attributes
    ----------
    order
        Of the block updates.
    holds_number
        Whether the feature weights hold an effective number of features, or their entropy has a strength.
    max_iter, tol
        A fit ends when a sweep lowers the objective by no more than ``tol`` of its size, or after ``max_iter``.
    check_every
        Sweeps between two looks at which fits go on: 1 on the CPU, more where a look waits for a device.
    """

    order: Order
    holds_number: bool
    max_iter: int
    tol: float
    check_every: int


@dataclass(frozen=True)
class FitState:
    """Fits (B) of a batch between two sweeps.

    Attributes
    ----------
    boxes, constants, penalties
        Of each fit.
    weighting_of
        (B,): the weighting of the rows that a fit sees.
    loss
        (B,): objective after the last sweep taken, infinity before the first.
    is_running
        (B,): whether the last sweep lowered the objective by enough to go on.
    """

    boxes: Boxes
    constants: FitConstants
    penalties: Penalties
    weighting_of: Array
    loss: Array
    is_running: Array


@dataclass(frozen=True)
class Solutions:
    """Where fits ended: boxes (B, ...) in memory, the objective after every sweep, which converged (B,).

    Attributes
    ----------
    boxes
        After the last sweep that was taken.
    curves
        For each fit the objective after every sweep that was taken, (sweeps,).
    has_converged
        (B,): False where ``max_iter`` ended it.
    """

    boxes: Boxes
    curves: list[NDArray[np.float64]]
    has_converged: NDArray[np.bool_]


def solve(
    assign: AssignmentStep,
    boxes: Boxes,
    constants: FitConstants,
    penalties: Penalties,
    weighting_of: Array,
    options: SolverOptions,
) -> Solutions:
    """Sweep all fits until each has converged, or ``max_iter`` times.

    Parameters
    ----------
    assign
        The assignment step.
    boxes, constants, penalties
        Initial boxes (B, ...), and what each fit holds fixed, in the namespace and on the device of the step.
    weighting_of
        (B,): the weighting of the rows that each fit sees.
    options
        How to sweep, and when to stop.

    Returns
    -------
    Solutions
        Boxes (B, ...) in memory; curves (sweeps,), strictly falling, have as many entries as a fit took sweeps.

    Notes
    -----
    A sweep is one step of assignment and one of `entropice.espa.updates.update`. It is taken where it lowers the
    objective L; a fit has converged where ``L_before − L_after ≤ tol |L_after|``.
    """
    xp = array_namespace(boxes.centers)
    unknown = xp.full_like(penalties.eps_class, xp.inf)
    state = FitState(boxes, constants, penalties, weighting_of, unknown, unknown > 0)
    solved = copy_of(to_memory(boxes))
    losses = np.full((options.max_iter, unknown.shape[0]), np.nan)
    running = np.arange(unknown.shape[0])
    n_sweeps = 0
    while len(running) and n_sweeps < options.max_iter:
        n_next = min(options.check_every, options.max_iter - n_sweeps)
        state, curves = _sweeps(assign, state, options, n_next)
        losses[n_sweeps : n_sweeps + n_next, running] = curves
        n_sweeps += n_next
        is_running = as_numpy(state.is_running)
        if n_sweeps == options.max_iter or not is_running.all():
            # Fits that have converged leave the batch, so that later sweeps cost only those that go on.
            write(to_memory(state.boxes), solved, running)
            state = _keep(state, np.flatnonzero(is_running))
            running = running[is_running]
    has_converged = ~np.isin(np.arange(unknown.shape[0]), running)
    return Solutions(solved, [curve[~np.isnan(curve)] for curve in losses.T], has_converged)


def _sweeps(
    assign: AssignmentStep, state: FitState, options: SolverOptions, n_sweeps: int
) -> tuple[FitState, NDArray[np.float64]]:
    """Sweep some times; return the fits and their losses (n_sweeps, B), NaN where a sweep was not taken.

    Losses are copied into memory once at the end: each copy would wait for the device.
    """
    xp = array_namespace(state.loss)
    curves = []
    for _ in range(n_sweeps):
        state, is_taken = _sweep(assign, state, options)
        curves.append(xp.where(is_taken, state.loss, xp.nan))
    return state, as_numpy(xp.stack(curves))


def _sweep(assign: AssignmentStep, state: FitState, options: SolverOptions) -> tuple[FitState, Array]:
    """Sweep once; return the fits and which of them (B,) took the sweep.

    A sweep that does not lower the objective is not taken: each block update is exact, so that the fit is at a minimum
    and what would change is rounding.
    """
    xp = array_namespace(state.loss)
    # The affiliations are never held: (T, K) of every fit would not fit the memory, and all updates need is their sums.
    costs = assignment_costs(state.boxes, state.constants, state.penalties)
    sums = assign(costs, state.weighting_of, state.penalties.eps_affiliation)
    boxes, loss = update(
        state.boxes, sums, state.constants, state.penalties, options.order, holds_number=options.holds_number
    )
    is_taken = state.is_running & (loss < state.loss)
    # The first loss is infinite: infinity minus a number exceeds any tolerance, and the first sweep is always taken.
    is_running = state.is_running & (state.loss - loss > options.tol * xp.abs(loss))
    swept = FitState(
        choose(is_taken, boxes, state.boxes),
        state.constants,
        state.penalties,
        state.weighting_of,
        xp.where(is_taken, loss, state.loss),
        is_running,
    )
    return swept, is_taken


def _keep(state: FitState, fits: NDArray[np.int64]) -> FitState:
    # Converged fits are cut out of all arrays rather than masked: a product over the rows costs by its columns.
    xp = array_namespace(state.loss)
    index = xp.asarray(fits, device=device(state.loss))
    return FitState(
        take(state.boxes, index),
        take(state.constants, index),
        take(state.penalties, index),
        *(xp.take(part, index, axis=0) for part in (state.weighting_of, state.loss, state.is_running)),
    )
