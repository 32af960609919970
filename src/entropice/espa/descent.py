"""Many descents at once: sweep until each stops falling, without asking the device more often than needed."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device, to_device
from numpy.typing import NDArray

from entropice.espa.updates import (
    Array,
    Boxes,
    BoxSums,
    Costs,
    Moments,
    Order,
    Penalties,
    assignment_costs,
    choose,
    take,
    update,
)

Affiliate = Callable[[Costs, Array, Array], BoxSums]
"""Gives sums over the boxes by costs, weighting of each fit (B,) and strength of the affiliations' entropy (B,)."""


@dataclass(frozen=True)
class Schedule:
    """How to descend.

    Attributes
    ----------
    order
        Of the block updates.
    max_iter, tol
        A descent ends when a sweep lowers the objective by no more than ``tol`` of its size, or after ``max_iter``.
    check_every
        Sweeps between two looks at which descents go on: 1 on the CPU, more where a look waits for a device.
    """

    order: Order
    max_iter: int
    tol: float
    check_every: int


@dataclass(frozen=True)
class Fits:
    """Fits of a batch (B) on their way down; `weighting_of` names the weighting of the rows that each sees."""

    boxes: Boxes
    moments: Moments
    penalties: Penalties
    weighting_of: Array
    loss: Array
    is_running: Array


@dataclass(frozen=True)
class Descents:
    """Where the descents ended: boxes (B, ...) in memory, the objective after every sweep, which converged (B,)."""

    boxes: Boxes
    curves: list[NDArray[np.float64]]
    has_converged: NDArray[np.bool_]


def descend(
    affiliate: Affiliate, boxes: Boxes, moments: Moments, penalties: Penalties, weighting_of: Array, schedule: Schedule
) -> Descents:
    """Sweep all fits until each has converged; a sweep that does not lower the objective is not taken."""
    xp = array_namespace(boxes.centers)
    unknown = xp.full_like(penalties.eps_class, xp.inf)
    fits = Fits(boxes, moments, penalties, weighting_of, unknown, unknown > 0)
    lowest = on_host(boxes)
    losses = np.full((schedule.max_iter, unknown.shape[0]), np.nan)
    going = np.arange(unknown.shape[0])
    n_sweeps = 0
    while len(going) and n_sweeps < schedule.max_iter:
        n_next = min(schedule.check_every, schedule.max_iter - n_sweeps)
        fits, curves = _sweep_on(affiliate, fits, schedule, n_next)
        losses[n_sweeps : n_sweeps + n_next, going] = curves
        n_sweeps += n_next
        is_running = as_numpy(fits.is_running)
        if n_sweeps == schedule.max_iter or not is_running.all():
            put(on_host(fits.boxes), lowest, going)
            fits = _keep(fits, np.flatnonzero(is_running))
            going = going[is_running]
    has_converged = ~np.isin(np.arange(unknown.shape[0]), going)
    return Descents(lowest, [curve[~np.isnan(curve)] for curve in losses.T], has_converged)


def _sweep_on(affiliate: Affiliate, fits: Fits, schedule: Schedule, n_sweeps: int) -> tuple[Fits, NDArray[np.float64]]:
    """Sweep some times; return the fits and their losses (n_sweeps, B), NaN where a sweep was not taken."""
    xp = array_namespace(fits.loss)
    curves = []
    for _ in range(n_sweeps):
        fits, taken = _sweep(affiliate, fits, schedule)
        curves.append(xp.where(taken, fits.loss, xp.nan))
    return fits, as_numpy(xp.stack(curves))


def _sweep(affiliate: Affiliate, fits: Fits, schedule: Schedule) -> tuple[Fits, Array]:
    """Sweep once; return the fits and which of them (B,) took the sweep."""
    xp = array_namespace(fits.loss)
    costs = assignment_costs(fits.boxes, fits.moments, fits.penalties)
    sums = affiliate(costs, fits.weighting_of, fits.penalties.eps_affiliation)
    boxes, loss = update(fits.boxes, sums, fits.moments, fits.penalties, schedule.order)
    is_taken = fits.is_running & (loss < fits.loss)
    is_running = fits.is_running & (fits.loss - loss > schedule.tol * xp.abs(loss))
    lowered = xp.where(is_taken, loss, fits.loss)
    return (
        Fits(choose(is_taken, boxes, fits.boxes), fits.moments, fits.penalties, fits.weighting_of, lowered, is_running),
        is_taken,
    )


def _keep(fits: Fits, chosen: NDArray[np.int64]) -> Fits:
    xp = array_namespace(fits.loss)
    index = xp.asarray(chosen, device=device(fits.loss))
    return Fits(
        take(fits.boxes, index),
        take(fits.moments, index),
        take(fits.penalties, index),
        *(xp.take(part, index, axis=0) for part in (fits.weighting_of, fits.loss, fits.is_running)),
    )


def put(source: Boxes, target: Boxes, places: NDArray[np.int64]) -> None:
    """Write boxes into some places of others, in memory."""
    for field in fields(Boxes):
        getattr(target, field.name)[places] = getattr(source, field.name)


def on_host(boxes: Boxes) -> Boxes:
    """Copy boxes into memory."""
    return Boxes(**{field.name: as_numpy(getattr(boxes, field.name)).copy() for field in fields(Boxes)})


def as_numpy(array: Array) -> NDArray[Any]:
    """View or copy an array of any namespace as NumPy's."""
    return np.asarray(to_device(array, "cpu"))
