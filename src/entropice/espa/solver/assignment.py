"""The assignment step (the E-step of eSPA): compiled where it can be, else in an array namespace."""

import functools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from entropice.espa.compiled import CompiledPass
from entropice.espa.data.missing_values import one_hot
from entropice.espa.data.training_data import TrainingData
from entropice.espa.devices import HOST, Place
from entropice.espa.namespaced import NamespacedPass, host_chunks, resident_chunks
from entropice.espa.updates import Array, BoxSums, Costs

Floats = NDArray[np.float64]

AssignmentStep = Callable[[Costs, Array, Array], BoxSums]
"""Assigns every row to boxes and sums over these, by costs, weighting of each fit (B,) and ``eps_affiliation`` (B,).

The affiliations themselves (T, K) are never held: the updates need only the sums.
"""


def assignment_step(data: TrainingData, place: Place, is_soft: bool) -> AssignmentStep:
    """Return the compiled step for hard affiliations on the CPU, else the step in the namespace of the place.

    The step takes costs (B, K, ·), the weighting of each fit (B,) and ``eps_affiliation`` (B,) and gives the sums
    (B, K, ·) over the rows of `data`, relative to the feature means of each weighting. On a device the rows are copied
    there now, once.

    Sizes: B fits, K boxes.
    """
    return _compiled_step(data) if _is_compiled(place, is_soft) else _namespaced_step(data, place, is_soft)


def reading_origin(means: Floats, place: Place, is_soft: bool) -> Floats:
    """Point (D,) that the step reads values from, by the feature means under each weighting (F, D).

    The compiled step reads values as they lie in memory and subtracts the means while it sums. In a namespace sums are
    held in the precision of the rows, so that values are first moved to a point near all means: those of the first
    weighting.

    Sizes: F weightings of the rows, D features.

    Examples
    --------
    >>> import numpy as np
    >>> from entropice.espa.devices import HOST
    >>> means = np.array([[5.0, 1.0], [6.0, 2.0]])
    >>> reading_origin(means, HOST, False).tolist(), reading_origin(means, HOST, True).tolist()
    ([0.0, 0.0], [5.0, 1.0])
    """
    return np.zeros(means.shape[1]) if _is_compiled(place, is_soft) else means[0]


def _is_compiled(place: Place, is_soft: bool) -> bool:
    return place is HOST and not is_soft


def _compiled_step(data: TrainingData) -> AssignmentStep:
    compiled = CompiledPass(data.rows, data.codes, data.weights, data.features.means, data.features.partial_columns)
    return lambda costs, weighting_of, _: compiled.sums(costs, weighting_of)


def _namespaced_step(data: TrainingData, place: Place, is_soft: bool) -> AssignmentStep:
    features = data.features
    origin = reading_origin(features.means, place, is_soft)
    read = functools.partial(
        host_chunks, data.rows, data.codes, data.weights, features.partial_columns, len(data.classes), origin
    )
    return NamespacedPass(
        (lambda _: read()) if place is HOST else resident_chunks(read(), place),
        place.asarray(features.means - origin),
        place.asarray(one_hot(features.partial_columns, len(origin))),
        is_soft,
    ).sums
