r"""Block updates of eSPA: each is the exact minimiser of the objective in its block, so the objective never rises.

The objective is that of Horenko (2020, doi:10.1162/neco_a_01296), solved by the closed-form updates of
Vecchi et al. (2022, Neural Computation 34(5), 1220), with every term weighted by row and missing values masked:

.. math::  L = \sum_t w_t d_{t k_t} + b \sum_d W_d \log W_d - c \sum_t w_t \log \Lambda_{y_t k_t}
               - c \alpha \sum_{mk} \log \Lambda_{mk},
           \qquad d_{tk} = \sum_d \frac{W_d}{n_d} m_{td} (x_{td} - s_{kd})^2

======  =====================  =============================================================
symbol  here                   meaning
======  =====================  =============================================================
x       part of ``Evidence``   features (T, D)
m       part of ``Evidence``   1 where a value is observed, else 0 (T, D)
y       part of ``Evidence``   class codes (T), 0..M-1
w       ``weights``            row weights (T), positive, sum 1
n       ``observed_weight``    observed weight of a feature (D): sum over t of w m
k       ``affiliations``       the box of each row (T)
s       ``centers``            box centres (K, D)
Λ       ``probabilities``      P(class | box) (M, K), columns sum to 1
W       ``feature_weights``    feature weights (D), sum 1
b, c    ``eps_entropy/_class`` strengths of the entropy and of the label term
α       ``pseudo_count``       pseudo-weight of every class in every box
======  =====================  =============================================================
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

FLOOR = 1e-12
"""Smallest probability inside a logarithm."""


@dataclass(frozen=True)
class Penalties:
    """Strengths of the terms beside the discretisation error (convention "plain": that error has strength 1)."""

    eps_entropy: float
    eps_class: float
    pseudo_count: float


@dataclass(frozen=True)
class Evidence:
    """What a sweep sees of the rows, in one matrix, so that costs and sums over boxes are one product each.

    Attributes
    ----------
    matrix
        (T, 2 D + M): values with 0 where missing, observed mask, one-hot classes.
    weights
        (T,), positive, sum 1.
    squares
        (D,): weighted sum of the squared values.
    observed_weight
        (D,): weight of the rows in which the feature is observed; positive.
    """

    matrix: Floats
    weights: Floats
    squares: Floats
    observed_weight: Floats

    @property
    def n_features(self) -> int:
        """Number of features D."""
        return len(self.squares)


@dataclass(frozen=True)
class BoxModel:
    """The parameters of eSPA: centres (K, D), class probabilities (M, K) and feature weights (D,)."""

    centers: Floats
    probabilities: Floats
    feature_weights: Floats


@dataclass(frozen=True)
class BoxTotals:
    """Weighted sums over the rows of each box: values (K, D), observed weight (K, D), class weight (K, M)."""

    values: Floats
    observed: Floats
    classes: Floats


def gather_evidence(values: Floats, class_codes: Codes, weights: Floats, n_classes: int) -> Evidence:
    """Arrange rows for the sweeps; values should be centred near 0, for the expanded square cancels otherwise.

    Parameters
    ----------
    values
        (T, D); NaN is missing, and every feature has at least one observed value.
    class_codes
        (T,), 0..n_classes-1.
    weights
        (T,), positive, any sum.
    """
    observed = ~np.isnan(values)
    filled = np.where(observed, values, 0.0)
    shares = weights / weights.sum()
    return Evidence(
        matrix=np.hstack([filled, observed, class_codes[:, None] == np.arange(n_classes)]),
        weights=shares,
        squares=shares @ filled**2,
        observed_weight=shares @ observed,
    )


def relative_costs(matrix: Floats, metric: Floats, centers: Floats, label_costs: Floats) -> Floats:
    """Cost (T, K) of putting each row into each box, up to a constant per row.

    Parameters
    ----------
    matrix
        (T, 2 D + M) as in `Evidence`.
    metric
        (D,): feature weight over observed weight, ``W_d / n_d``.
    label_costs
        (M, K): cost of a row of class m in box k; zeros for a label-free assignment.
    """
    coefficients = np.hstack([-2 * metric * centers, metric * centers**2, label_costs.T])
    costs: Floats = matrix @ coefficients.T
    return costs


def label_costs(probabilities: Floats, eps_class: float) -> Floats:
    """Label term of the objective by class and box: ``-c log max(Λ, FLOOR)``, shape (M, K)."""
    costs: Floats = -eps_class * np.log(np.maximum(probabilities, FLOOR))
    return costs


def affiliate(evidence: Evidence, boxes: BoxModel, costs_of_labels: Floats) -> Codes:
    """Put each row into its cheapest box, ties to the lowest; boxes left empty are dropped from the numbering."""
    metric = boxes.feature_weights / evidence.observed_weight
    costs = relative_costs(evidence.matrix, metric, boxes.centers, costs_of_labels)
    return compact(costs.argmin(axis=1))


def compact(affiliations: Codes) -> Codes:
    """Renumber boxes 0..K-1 in their order, without gaps."""
    return np.unique(affiliations, return_inverse=True)[1]


def box_totals(evidence: Evidence, affiliations: Codes) -> BoxTotals:
    """Sum the evidence over the rows of each box, by row weight."""
    n_rows, n_features = len(affiliations), evidence.n_features
    memberships = np.zeros((n_rows, affiliations.max() + 1))
    memberships[np.arange(n_rows), affiliations] = evidence.weights
    sums = memberships.T @ evidence.matrix
    return BoxTotals(sums[:, :n_features], sums[:, n_features : 2 * n_features], sums[:, 2 * n_features :])


def update_centers(totals: BoxTotals) -> Floats:
    """Return the weighted mean of the observed values by box and feature; 0, the global mean, without any."""
    return np.divide(totals.values, totals.observed, out=np.zeros_like(totals.values), where=totals.observed > 0)


def update_probabilities(totals: BoxTotals, pseudo_count: float) -> Floats:
    """Class frequencies (M, K) of each box by weight, after adding the pseudo-weight to every class."""
    counts = totals.classes.T + pseudo_count
    frequencies: Floats = counts / counts.sum(axis=0)
    return frequencies


def feature_errors(evidence: Evidence, totals: BoxTotals, centers: Floats) -> Floats:
    """Mean squared distance (D,) to the box centre by feature, over the feature's own observed weight."""
    within = (totals.observed * centers**2 - 2 * totals.values * centers).sum(axis=0)
    errors: Floats = np.maximum(evidence.squares + within, 0.0) / evidence.observed_weight
    return errors


def update_weights(errors: Floats, eps_entropy: float) -> Floats:
    """Boltzmann weights of the features: ``W_d ∝ exp(-e_d / b)``."""
    unnormalised = np.exp((errors.min() - errors) / eps_entropy)
    weights: Floats = unnormalised / unnormalised.sum()
    return weights


def objective(errors: Floats, totals: BoxTotals, boxes: BoxModel, penalties: Penalties) -> float:
    """Evaluate L from the sums of the boxes; ``0 log 0`` counts as 0."""
    weights = boxes.feature_weights
    entropy_term = weights @ np.log(weights, out=np.zeros_like(weights), where=weights > 0)
    label_term = ((totals.classes.T + penalties.pseudo_count) * label_costs(boxes.probabilities, 1.0)).sum()
    return float(weights @ errors + penalties.eps_entropy * entropy_term + penalties.eps_class * label_term)


def sweep(evidence: Evidence, boxes: BoxModel, penalties: Penalties) -> tuple[BoxModel, float]:
    """Update affiliations, then centres, probabilities and weights (order G S L W); return them with their L."""
    affiliations = affiliate(evidence, boxes, label_costs(boxes.probabilities, penalties.eps_class))
    totals = box_totals(evidence, affiliations)
    centers = update_centers(totals)
    errors = feature_errors(evidence, totals, centers)
    updated = BoxModel(
        centers,
        update_probabilities(totals, penalties.pseudo_count),
        update_weights(errors, penalties.eps_entropy),
    )
    return updated, objective(errors, totals, updated, penalties)
