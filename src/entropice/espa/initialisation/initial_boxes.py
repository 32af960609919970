"""The boxes that a fit starts from: drawn, given, or those of the fit before."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import check_random_state

from entropice.espa.data.training_data import TrainingData
from entropice.espa.initialisation.kmeans_plus_plus import DrawnRows, Init, draw_pool, draw_rows
from entropice.espa.updates import Boxes

Floats = NDArray[np.float64]

Uniforms = tuple[tuple[float, ...], ...]
"""Random numbers (R, K) that a draw follows from; hashable, so that equal draws are made once."""

Draw = Callable[[int, Uniforms, Init], DrawnRows]
"""Draws rows by weighting, random numbers and how."""


def initial_boxes(
    estimators: Sequence[Any],
    data: TrainingData,
    weighting_of: NDArray[np.int64],
    precisions: Floats,
    order: Callable[[], NDArray[np.int64]],
) -> list[Boxes]:
    """Return the boxes (R, ...) that the starts of each estimator have under its weighting.

    Estimators of the same weighting draw from the same pool, and the same rows by the same random numbers: candidates
    then differ by their parameters alone.

    Sizes: R starts, F weightings of the rows, T rows, D features.

    Parameters
    ----------
    estimators
        Whose parameters, and for a warm start whose fit before.
    data, weighting_of
        The rows, and the weighting of each estimator.
    precisions
        (F, D), as in `entropice.espa.updates.FitConstants`.
    order
        Gives the canonical order (T,) of the rows; called only where centres are drawn.

    Returns
    -------
    list of Boxes
        In the order of the estimators, in memory. Drawn starts (R is ``n_init``) have rows as centres, by uniform
        random numbers (``n_init``, ``n_boxes``) of ``random_state``, and probabilities half-way from the prevalence to
        the row's class; given centres make one start (R = 1) with the prevalence in every box; a warm start goes on
        where the last fit was before its re-assignment. All features that vary weigh alike but in a warm start.

    Raises
    ------
    ValueError
        If given centres do not fit the rows, or a warm start meets other classes or features.
    """
    # A pool costs a pass over the rows and a draw a product per box: made once a weighting and once a seed, however
    # many candidates of a search ask for them.
    pool = functools.cache(functools.partial(draw_pool, data, order))

    @functools.cache
    def draw(weighting: int, uniforms: Uniforms, init: Init) -> DrawnRows:
        metric = precisions[weighting] * equal_weights(precisions[weighting])
        return draw_rows(pool(weighting, len(uniforms[0])), metric, np.array(uniforms), init)

    return [
        _boxes_of_starts(estimator, data, weighting, precisions[weighting], draw)
        for estimator, weighting in zip(estimators, weighting_of, strict=True)
    ]


def _boxes_of_starts(estimator: Any, data: TrainingData, weighting: int, precisions: Floats, draw: Draw) -> Boxes:
    if estimator.warm_start and hasattr(estimator, "box_centers_"):
        return _of_the_fit_before(estimator, data, weighting)
    if isinstance(estimator.init, str):
        return _drawn(estimator, data, weighting, precisions, draw)
    return _given(estimator, data, weighting, precisions)


def _drawn(estimator: Any, data: TrainingData, weighting: int, precisions: Floats, draw: Draw) -> Boxes:
    """Rows of the pool as centres; class probabilities half-way from the priors to the class of the row.

    On the distractor problem (a tight pair of features unrelated to the classes) about 20 % of these starts reach the
    solution, against 3 % when every box has the priors at first and the first affiliation is blind to the classes.
    """
    uniforms = check_random_state(estimator.random_state).uniform(size=(estimator.n_init, int(estimator.n_boxes)))
    drawn = draw(weighting, tuple(map(tuple, uniforms.tolist())), estimator.init)
    # Strength infinite: all features that vary weigh alike at first, as no sweep has told them apart.
    own = drawn.codes[:, None, :] == np.arange(len(data.classes))[:, None]
    probabilities = (own + data.class_shares[weighting][:, None]) / 2
    weights = np.tile(equal_weights(precisions), (len(uniforms), 1))
    return Boxes(drawn.centers(), probabilities, weights, np.full(len(uniforms), np.inf), drawn.is_drawn)


def _given(estimator: Any, data: TrainingData, weighting: int, precisions: Floats) -> Boxes:
    """Centres (K, D) given by the user, which say nothing of classes: every box has the priors."""
    centers = np.asarray(estimator.init, dtype=np.float64)
    expected = (int(estimator.n_boxes), data.rows.shape[1])
    if centers.shape != expected or not np.isfinite(centers).all():
        raise ValueError(f"init must be finite centres of shape (n_boxes, n_features)={expected}, got {centers.shape}.")
    priors = data.class_shares[weighting][:, None] * np.ones(expected[0])
    deviations = centers - data.features.means[weighting]
    weights, is_alive = equal_weights(precisions), np.ones((1, expected[0]), np.bool_)
    return Boxes(deviations[None], priors[None], weights[None], np.full(1, np.inf), is_alive)


def _of_the_fit_before(estimator: Any, data: TrainingData, weighting: int) -> Boxes:
    """Boxes before their re-assignment: the objective goes on from the value that it had."""
    if not np.array_equal(estimator.classes_, data.classes):
        raise ValueError(
            f"A warm start needs the classes of the fit before, {estimator.classes_.tolist()}, got "
            f"{data.classes.tolist()}: set warm_start=False."
        )
    n_features = data.rows.shape[1]
    if len(estimator.feature_weights_) != n_features:
        raise ValueError(
            f"A warm start needs the features of the fit before, {len(estimator.feature_weights_)}, got {n_features}: "
            "set warm_start=False."
        )
    # The means are those of the new rows: centres are kept in the units of the features, not as deviations.
    deviations = estimator.descent_centers_ - data.features.means[weighting]
    return Boxes(
        deviations[None],
        estimator.descent_probabilities_[None],
        estimator.feature_weights_[None],
        np.array([estimator.eps_entropy_]),
        np.ones((1, len(deviations)), np.bool_),
    )


def padded(boxes: Boxes, n_boxes: int) -> Boxes:
    """Add boxes that are not alive, up to a number (n_boxes) in every start (R, ...); their centres are 0.

    Examples
    --------
    >>> import numpy as np
    >>> boxes = Boxes(np.ones((1, 2, 1)), np.ones((1, 3, 2)) / 3, np.ones((1, 1)), np.zeros(1), np.ones((1, 2), bool))
    >>> more = padded(boxes, 4)
    >>> more.is_alive.tolist(), more.centers.ravel().tolist(), more.probabilities.shape
    ([[True, True, False, False]], [1.0, 1.0, 0.0, 0.0], (1, 3, 4))
    """
    # Fits of different numbers of boxes then stack into one array and share their products over the rows.
    missing = (0, n_boxes - boxes.is_alive.shape[1])
    return replace(
        boxes,
        centers=np.pad(boxes.centers, ((0, 0), missing, (0, 0))),
        probabilities=np.pad(boxes.probabilities, ((0, 0), (0, 0), missing)),
        is_alive=np.pad(boxes.is_alive, ((0, 0), missing)),
    )


def equal_weights(precisions: Floats) -> Floats:
    """Equal weights (D,), sum 1, of the features that vary, by their precisions (D,); 0 for the others.

    At least one precision is positive.

    Examples
    --------
    >>> import numpy as np
    >>> equal_weights(np.array([2.0, 0.0, 0.5])).tolist()
    [0.5, 0.0, 0.5]
    """
    varies = precisions > 0
    weights: Floats = varies / varies.sum()
    return weights
