"""The eSPA classifier as a scikit-learn estimator."""

import warnings
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from entropice.espa.starts import canonical_order, start
from entropice.espa.updates import (
    BoxModel,
    Codes,
    Evidence,
    Floats,
    Penalties,
    box_totals,
    gather_evidence,
    relative_costs,
    sweep,
    update_probabilities,
)

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Descent:
    """One descent from one start: the boxes reached and the objective after every sweep."""

    boxes: BoxModel
    losses: tuple[float, ...]
    has_converged: bool


class ESPAClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """Classify by the box a row falls into, learning boxes, their class probabilities and feature weights together.

    The objective (module `entropice.espa.updates`) never rises from sweep to sweep; of ``n_init`` random starts the
    one with the lowest objective is kept. Prediction looks at distances only.

    Parameters
    ----------
    n_boxes
        Number of boxes K to start with; boxes that lose all rows are dropped.
    eps_entropy
        Strength of the entropy of the feature weights (convention "plain"): small values select few features.
    eps_class
        Strength of the label term (convention "plain").
    scale
        ``"minmax"`` maps every feature to [0, 1] over the rows of the fit; None takes features as they are.
    pseudo_count
        Pseudo-weight of every class in every box, as a share of the total weight of the rows.
    n_init
        Number of random starts.
    max_iter, tol
        A descent ends when a sweep lowers the objective by no more than ``tol`` of its size, or after ``max_iter``.
    reassign
        Recompute the class probabilities from a label-free assignment after the fit, so that they are frequencies
        of what prediction will do.
    random_state
        Seed of the starts.

    Attributes
    ----------
    classes_
        (M,) class labels.
    box_centers_
        (K, D), in the units of X.
    box_class_probabilities_
        (M, K), columns sum to 1.
    feature_weights_
        (D,), sum 1; exactly 0 for a feature that is constant or never observed in the fit.
    feature_offset_, feature_scale_, feature_metric_
        (D,): a distance is the sum of ``feature_metric_ * ((x - center) / feature_scale_)**2`` over the observed
        features; the offset (the mean) only keeps rounding small.
    loss_, loss_curve_, n_iter_
        Objective of the best start at the end and after every sweep (before ``reassign``), and its sweeps.

    Notes
    -----
    NaN is missing: such a value takes part in no sum. A row of weight 0 is an absent row, an integer weight is a
    repeated row. Neither the order of rows nor that of features matters.
    Horenko (2020), doi:10.1162/neco_a_01296; Vecchi et al. (2022), Neural Computation 34(5), 1220.
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_boxes": [Interval(Integral, 1, None, closed="left")],
        "eps_entropy": [Interval(Real, 0, None, closed="neither")],
        "eps_class": [Interval(Real, 0, None, closed="left")],
        "scale": [StrOptions({"minmax"}), None],
        "pseudo_count": [Interval(Real, 0, None, closed="left")],
        "n_init": [Interval(Integral, 1, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left")],
        "reassign": ["boolean"],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        n_boxes: int = 8,
        *,
        eps_entropy: float = 0.01,
        eps_class: float = 0.1,
        scale: str | None = "minmax",
        pseudo_count: float = 1e-4,
        n_init: int = 20,
        max_iter: int = 300,
        tol: float = 1e-8,
        reassign: bool = True,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.n_boxes = n_boxes
        self.eps_entropy = eps_entropy
        self.eps_class = eps_class
        self.scale = scale
        self.pseudo_count = pseudo_count
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.reassign = reassign
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit boxes, class probabilities and feature weights to rows X (T, D) with classes y (T,).

        Raises
        ------
        ValueError
            If a parameter is out of range, an input is malformed or infinite, a weight is negative, all weights are
            zero, or no feature varies.
        """
        self._validate_params()
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        present = weights > 0
        if not present.any():
            raise ValueError("Every sample_weight is zero; at least one must be positive.")
        self._learn(X[present], y[present], weights[present])
        return self

    def _learn(self, values: Floats, labels: Any, weights: Floats) -> None:
        """Fit to rows of positive weight."""
        self.classes_, codes = np.unique(labels, return_inverse=True)
        order = canonical_order(values, codes)
        values, codes, weights = values[order], codes[order], weights[order]
        varies = self._learn_scaling(values, weights)
        evidence = gather_evidence(self._scaled(values)[:, varies], codes, weights, len(self.classes_))
        best = self._best_descent(evidence)
        self.loss_curve_ = np.array(best.losses)
        self.loss_ = best.losses[-1]
        self.n_iter_ = len(best.losses)
        boxes = label_free(best.boxes, evidence, self.pseudo_count) if self.reassign else best.boxes
        self._store(boxes, evidence, varies)

    def _learn_scaling(self, values: Floats, weights: Floats) -> Flags:
        """Store offset and scale of every feature; return which features vary."""
        lowest, highest = np.fmin.reduce(values), np.fmax.reduce(values)
        varies: Flags = highest > lowest
        if not varies.any():
            raise ValueError(f"No feature varies over the n_samples={len(values)} rows of the fit.")
        observed = ~np.isnan(values)
        masses = np.where(varies, weights @ observed, 1.0)
        self.feature_offset_ = weights @ np.where(observed, values, 0.0) / masses
        self.feature_scale_ = np.where(varies & (self.scale == "minmax"), highest - lowest, 1.0)
        return varies

    def _scaled(self, values: Floats) -> Floats:
        scaled: Floats = (values - self.feature_offset_) / self.feature_scale_
        return scaled

    def _best_descent(self, evidence: Evidence) -> Descent:
        """Descend from every start; the lowest objective wins, the first of equals.

        The linear algebra runs in one thread, so that results do not depend on the number of cores.
        """
        random = check_random_state(self.random_state)
        penalties = Penalties(self.eps_entropy, self.eps_class, self.pseudo_count)
        descents = (
            descend(evidence, start(evidence, self.n_boxes, random), penalties, self.max_iter, self.tol)
            for _ in range(self.n_init)
        )
        with threadpool_limits(limits=1, user_api="blas"):
            best = min(descents, key=lambda descent: descent.losses[-1])
        if not best.has_converged:
            warnings.warn(
                f"eSPA still improved after max_iter={self.max_iter} sweeps: raise max_iter or tol.",
                ConvergenceWarning,
                stacklevel=4,
            )
        return best

    def _store(self, boxes: BoxModel, evidence: Evidence, varies: Flags) -> None:
        """Publish the boxes in the units and with all the features of X."""
        n_features = len(varies)
        centers = np.zeros((len(boxes.centers), n_features))
        centers[:, varies] = boxes.centers
        self.feature_weights_, self.feature_metric_ = np.zeros(n_features), np.zeros(n_features)
        self.feature_weights_[varies] = boxes.feature_weights
        self.feature_metric_[varies] = boxes.feature_weights / evidence.observed_weight
        self.box_centers_ = centers * self.feature_scale_ + self.feature_offset_
        self.box_class_probabilities_ = boxes.probabilities

    @property
    def feature_importances_(self) -> Floats:
        """Feature weights under the name scikit-learn looks for."""
        check_is_fitted(self)
        return self.feature_weights_

    def distances(self, X: Any) -> Floats:
        """Return the distance (T, K) of each row to each box; missing values take no part."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        scaled = self._scaled(X)
        observed = ~np.isnan(scaled)
        filled = np.where(observed, scaled, 0.0)
        centers = self._scaled(self.box_centers_)
        no_labels = np.zeros((0, len(centers)))
        relative = relative_costs(np.hstack([filled, observed]), self.feature_metric_, centers, no_labels)
        distances: Floats = relative + (filled**2 @ self.feature_metric_)[:, None]
        return distances

    def box_of(self, X: Any) -> Codes:
        """Return the nearest box (T,) of each row, ties to the lowest."""
        nearest: Codes = self.distances(X).argmin(axis=1)
        return nearest

    def predict_proba(self, X: Any) -> Floats:
        """Return the class probabilities (T, M) of each row's box."""
        boxes = self.box_of(X)
        probabilities: Floats = self.box_class_probabilities_.T[boxes]
        return probabilities

    def predict(self, X: Any) -> Any:
        """Return the most probable class (T,) of each row's box, ties to the first class."""
        most_probable = self.predict_proba(X).argmax(axis=1)
        return self.classes_[most_probable]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def descend(evidence: Evidence, boxes: BoxModel, penalties: Penalties, max_iter: int, tol: float) -> Descent:
    """Sweep until the objective falls by no more than ``tol`` of its size, or ``max_iter`` times."""
    losses: list[float] = []
    has_converged = False
    while len(losses) < max_iter and not has_converged:
        boxes, loss = sweep(evidence, boxes, penalties)
        has_converged = bool(losses) and losses[-1] - loss <= tol * abs(loss)
        losses.append(loss)
    return Descent(boxes, tuple(losses), has_converged)


def label_free(boxes: BoxModel, evidence: Evidence, pseudo_count: float) -> BoxModel:
    """Recompute class probabilities from an assignment by distance alone; boxes left empty are dropped."""
    no_costs = np.zeros_like(boxes.probabilities)
    metric = boxes.feature_weights / evidence.observed_weight
    nearest = relative_costs(evidence.matrix, metric, boxes.centers, no_costs).argmin(axis=1)
    kept, affiliations = np.unique(nearest, return_inverse=True)
    probabilities = update_probabilities(box_totals(evidence, affiliations), pseudo_count)
    return replace(boxes, centers=boxes.centers[kept], probabilities=probabilities)
