"""Fit classifiers together: restarts, candidates and folds are columns of the same products."""

import functools
import itertools
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from entropice.espa.data.row_hashes import canonical_order
from entropice.espa.data.training_data import TrainingData
from entropice.espa.devices import HOST, Place, choose_place
from entropice.espa.fitted import Fitted, in_feature_units
from entropice.espa.initialisation.initial_boxes import initial_boxes, padded
from entropice.espa.solver.assignment import AssignmentStep, assignment_step, reading_origin
from entropice.espa.solver.batches import concatenate
from entropice.espa.solver.block_coordinate_descent import SolverOptions
from entropice.espa.solver.constants import feature_scales, fit_constants, label_weight_ratios, penalties_of
from entropice.espa.solver.reassignment import reassign
from entropice.espa.solver.slices import solve_in_slices
from entropice.espa.threads import one_thread
from entropice.espa.updates import Boxes, take

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

CHECK_EVERY: Final = 8
"""Sweeps between two looks at a device."""

ROUNDING: Final = 1e-10
"""Relative difference below which two objectives count as equal."""

ALIKE: Final = ("affiliation", "order", "scale", "max_iter", "tol", "class_weight", "reassign", "device")
"""Parameters that fits of one batch share, beside a number of boxes of the same power of two, and whether the feature
weights hold an effective number of features."""


def fit_together(estimators: Sequence[Any], data: TrainingData, weighting_of: Sequence[int]) -> list[Fitted]:
    """Fit every estimator (parameters of `ESPAClassifier`) to the data under the weighting it is given.

    The result of each is that of a fit on its own. Estimators are read and not changed.

    Sizes: F weightings of the rows, T rows, D features.

    Parameters
    ----------
    estimators
        One or more, with checked parameters.
    data
        Rows (T, D), classes, and weightings (F, T).
    weighting_of
        For each estimator the number of its weighting, 0 to F − 1.

    Returns
    -------
    list of Fitted
        In the order of the estimators: of each one's starts that with the lowest objective, the first of those that
        differ from it by no more than 1e-10 of its size.

    Raises
    ------
    ValueError
        If a weighting has fewer rows than an estimator has boxes; as
        `entropice.espa.initialisation.initial_boxes.initial_boxes` and `entropice.espa.devices.choose_place`.

    Warns
    -----
    ConvergenceWarning
        If best starts still improved after ``max_iter`` sweeps; says of how many estimators.
    """
    _check_boxes(estimators, data, weighting_of)
    fitted: dict[int, Fitted] = {}
    n_running = 0
    # What does not depend on the estimators is made once, when the first batch asks for it.
    steps = functools.cache(functools.partial(assignment_step, data))
    order = functools.cache(functools.partial(canonical_order, data.rows, data.codes))
    with one_thread():
        for members in _alike(estimators):
            chosen = [estimators[member] for member in members]
            results, n_unfinished = _fit_batch(chosen, data, np.array(weighting_of)[members], steps, order)
            fitted |= dict(zip(members, results, strict=True))
            n_running += n_unfinished
    if n_running:
        warnings.warn(
            f"{n_running} of {len(estimators)} eSPA fits still improved after max_iter={estimators[0].max_iter} "
            "sweeps: raise max_iter, or tol.",
            ConvergenceWarning,
            stacklevel=3,
        )
    return [fitted[member] for member in range(len(estimators))]


def _check_boxes(estimators: Sequence[Any], data: TrainingData, weighting_of: Sequence[int]) -> None:
    n_rows = (data.weights > 0).sum(axis=1)
    for estimator, weighting in zip(estimators, weighting_of, strict=True):
        if n_rows[weighting] < estimator.n_boxes:
            raise ValueError(
                f"n_samples={n_rows[weighting]} rows of positive weight should be >= n_boxes={estimator.n_boxes}: "
                "lower n_boxes, or add rows."
            )


def _alike(estimators: Sequence[Any]) -> Iterator[list[int]]:
    """Yield indices of estimators that can be fitted as columns of one product, in their order.

    Fits of a batch have equally many columns, some of boxes that are not there: at most twice as many as they need.
    """

    def key(member: int) -> str:
        shared = [getattr(estimators[member], name) for name in ALIKE]
        n_bits = int(estimators[member].n_boxes - 1).bit_length()
        return repr([n_bits, estimators[member].n_effective_features is None, *shared])

    for _, group in itertools.groupby(sorted(range(len(estimators)), key=key), key=key):
        yield list(group)


def _fit_batch(
    estimators: Sequence[Any],
    data: TrainingData,
    weighting_of: Indices,
    steps: Callable[[Place, bool], AssignmentStep],
    order: Callable[[], Indices],
) -> tuple[list[Fitted], int]:
    """Fit estimators that are alike; also tell for how many the best start has not converged."""
    alike = estimators[0]
    place, is_soft = choose_place(alike.device), alike.affiliation == "soft"
    scales = feature_scales(data.features, alike.scale)
    origin = reading_origin(data.features.means, place, is_soft)
    ratios = label_weight_ratios(data.classes, data.class_shares, alike.class_weight)
    constants = fit_constants(data.features, data.class_shares, ratios, scales, origin)
    penalties = penalties_of(estimators)
    boxes, member_of = _joined(initial_boxes(estimators, data, weighting_of, constants.precisions, order))
    assign = steps(place, is_soft)
    solutions = solve_in_slices(
        assign,
        place,
        boxes,
        constants,
        take(penalties, member_of),
        weighting_of[member_of],
        SolverOptions(
            alike.order,
            alike.n_effective_features is not None,
            alike.max_iter,
            alike.tol,
            1 if place is HOST else CHECK_EVERY,
        ),
        math.prod(data.rows.shape),
    )
    # Starts compete by the objective that they descended; the re-assignment is no step of it.
    best = _lowest(solutions.curves, member_of)
    solved = reassigned = take(solutions.boxes, best)
    if alike.reassign:
        reassigned = reassign(assign, place, solved, take(constants, weighting_of), penalties, weighting_of)
    fitted = [
        in_feature_units(
            data, f, take(reassigned, i), take(solved, i), constants.precisions[f], scales[f], solutions.curves[start]
        )
        for i, f, start in zip(np.arange(len(best))[:, None], weighting_of, best, strict=True)
    ]
    return fitted, int((~solutions.has_converged[best]).sum())


def _joined(starts: Sequence[Boxes]) -> tuple[Boxes, Indices]:
    """Boxes of the starts of all estimators, and the estimator that each start is of."""
    n_boxes = max(each.is_alive.shape[1] for each in starts)
    return concatenate([padded(each, n_boxes) for each in starts]), np.repeat(
        np.arange(len(starts)), [len(each.centers) for each in starts]
    )


def _lowest(curves: Sequence[Floats], member_of: Indices) -> Indices:
    """Index of the start with the lowest objective for each member, the first of those equal but for rounding.

    Starts often end in the same minimum, with other numbers of the boxes; without a tolerance rounding, which differs
    between devices, would choose among them.
    """
    losses = np.array([curve[-1] for curve in curves])
    lowest = np.full(member_of[-1] + 1, np.inf)
    np.minimum.at(lowest, member_of, losses)
    is_lowest = losses - lowest[member_of] <= ROUNDING * np.abs(losses)
    found: Indices = np.unique(member_of[is_lowest], return_index=True)[1]
    return np.flatnonzero(is_lowest)[found]
