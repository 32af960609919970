"""Boxes and class probabilities of new rows by distance, for one or many fitted models, block by block."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entropice.espa.compiled import chunks_with_costs, find_cheapest
from entropice.espa.data.missing_values import find_missing, one_hot
from entropice.espa.data.rows import Rows, Values
from entropice.espa.namespaced import soft_affiliations
from entropice.espa.threads import one_thread
from entropice.espa.updates import Costs, distance_costs

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class FittedBoxes:
    """What prediction needs of a fitted model.

    Attributes
    ----------
    centers
        (K, D), in the units of the features.
    metric
        (D,): a distance is the sum of ``metric * (x - center)**2`` over the observed features.
    offset
        (D,): near the centres; keeps rounding small.
    probabilities
        (M, K).
    eps_affiliation
        Strength of the entropy of soft affiliations, or None for hard ones.
    """

    centers: Floats
    metric: Floats
    offset: Floats
    probabilities: Floats
    eps_affiliation: float | None


def distances(rows: Rows, model: FittedBoxes) -> Floats:
    """Return the distances (T, K), float64, of rows (T, D) to the boxes: ``Σ_d metric_d (x_d − s_kd)²`` where observed.

    NaN is missing; a row without any value has distance 0 to all boxes.

    Sizes: T rows, D features, K boxes.

    Raises
    ------
    ValueError
        A value too large for its distance to be a number in the precision of the rows.

    Examples
    --------
    Boxes at (0, 0) and (2, 0), metric (1, 1/2).

    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> model = FittedBoxes(np.array([[0.0, 0.0], [2.0, 0.0]]), np.array([1.0, 0.5]), np.zeros(2), np.eye(2), None)
    >>> distances(rows_of(np.array([[1.0, 2.0], [3.0, np.nan]]), None), model).tolist()
    [[3.0, 3.0], [9.0, 1.0]]
    """
    found = np.empty((rows.shape[0], len(model.centers)))
    for where, values, costs in _chunks(rows, [model]):
        deviations = np.nan_to_num(values - model.offset, nan=0.0)
        # Costs leave out what all boxes of a row share, which suffices to compare boxes; a distance needs it back.
        found[where] = costs.T + (deviations**2 @ model.metric)[:, None]
    return np.maximum(found, 0.0)


def nearest(rows: Rows, models: Sequence[FittedBoxes]) -> Codes:
    """Return the nearest box (B, T), int64, of rows (T, D) in each of B models, ties to the lowest.

    Models are of the same features. NaN is missing; a row without any value gets box 0.

    Raises
    ------
    ValueError
        A value too large for its distance to be a number in the precision of the rows.

    Examples
    --------
    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> model = FittedBoxes(np.array([[0.0], [2.0]]), np.ones(1), np.zeros(1), np.eye(2), None)
    >>> nearest(rows_of(np.array([[1.0], [1.5], [np.nan]]), None), [model]).tolist()
    [[0, 1, 0]]
    """
    found = np.empty((len(models), rows.shape[0]), np.int64)
    for where, _, costs in _chunks(rows, models):
        for model, own in enumerate(_split(costs, models)):
            found[model, where] = _nearest_in_chunk(own)
    return found


def class_probabilities(rows: Rows, models: Sequence[FittedBoxes]) -> Floats:
    """Return class probabilities (B, T, M) in models of the same classes: of the nearest box, or mixed if soft.

    Rows are (T, D), NaN is missing. Mixed are the boxes' probabilities by affiliations ``∝ exp(−distance_k / g)`` with
    g ``eps_affiliation``. Float64, each row of sum 1; one model or more, whose features are the same.

    Sizes: T rows, D features, M classes.

    Raises
    ------
    ValueError
        A value too large for its distance to be a number in the precision of the rows.

    Examples
    --------
    Half-way between two boxes the first one counts, or both by half.

    >>> import numpy as np
    >>> from entropice.espa.data.rows import rows_of
    >>> boxes = np.array([[0.0], [2.0]]), np.ones(1), np.zeros(1), np.array([[1.0, 0.5], [0.0, 0.5]])
    >>> models = [FittedBoxes(*boxes, eps_affiliation=strength) for strength in (None, 0.1)]
    >>> class_probabilities(rows_of(np.array([[1.0]]), None), models).tolist()
    [[[1.0, 0.0]], [[0.75, 0.25]]]
    """
    found = np.empty((len(models), rows.shape[0], len(models[0].probabilities)))
    for where, _, costs in _chunks(rows, models):
        for model, own in enumerate(_split(costs, models)):
            found[model, where] = _probabilities_in_chunk(models[model], own)
    return found


def _probabilities_in_chunk(model: FittedBoxes, costs: Values) -> Floats:
    if model.eps_affiliation is None:
        frequencies: Floats = model.probabilities.T[_nearest_in_chunk(costs)]
        return frequencies
    affiliations = soft_affiliations(costs.T[:, None, :], np.array([model.eps_affiliation]))[:, 0, :]
    # Affiliations sum to 1 in the precision of the rows; probabilities shall do so in double precision.
    mixed = affiliations.astype(np.float64) @ model.probabilities.T
    shares: Floats = mixed / mixed.sum(axis=1, keepdims=True)
    return shares


def _nearest_in_chunk(costs: Values) -> Codes:
    nearest_box = np.empty(costs.shape[1], np.uint32)
    find_cheapest(costs, np.empty(costs.shape[1], costs.dtype), nearest_box)
    return nearest_box.astype(np.int64)


def _chunks(rows: Rows, models: Sequence[FittedBoxes]) -> Iterator[tuple[slice, Values, Values]]:
    """Yield rows chunk by chunk: where, values (n, D), and costs (sum of K, n) of all boxes of all models."""
    with one_thread():
        for where, block in rows.blocks():
            # Block by block: a feature that is complete in a block costs no mask there.
            is_missing = np.zeros(rows.shape[1], np.bool_)
            find_missing(block, is_missing)
            partial_columns = np.flatnonzero(is_missing)
            costs = _costs(models, one_hot(partial_columns, rows.shape[1]))
            for chunk in chunks_with_costs(Rows(block, rows.dtype), partial_columns, costs):
                inside = slice(chunk.first, chunk.first + chunk.n_rows)
                outside = slice(where.start + inside.start, where.start + inside.stop)
                _require_finite(chunk.costs, outside.start)
                yield outside, block[inside], chunk.costs


def _require_finite(costs: Values, first_row: int) -> None:
    is_finite = np.isfinite(costs).all(axis=0)
    if not is_finite.all():
        raise ValueError(
            f"Row {first_row + int(is_finite.argmin())} holds a value too large for its distance to the boxes to be "
            f"computed in {costs.dtype}: is it in the unit of the fit?"
        )


def _costs(models: Sequence[FittedBoxes], partial: Floats) -> Costs:
    """Distance costs of all boxes of all models (1, sum of K, ·), up to a constant per row."""
    parts = [
        distance_costs(
            model.centers - model.offset, model.metric, model.offset, partial, np.ones(len(model.centers), np.bool_)
        )
        for model in models
    ]
    coefficients, partial_coefficients, constants = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Costs(coefficients[None], partial_coefficients[None], constants[None, :, None])


def _split(costs: Values, models: Sequence[FittedBoxes]) -> list[Any]:
    ends = np.cumsum([len(model.centers) for model in models])
    return np.split(costs, ends[:-1])
