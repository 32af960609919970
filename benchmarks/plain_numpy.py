"""eSPA as plain vectorised NumPy in double precision: what a competent user would write, to compare with."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

FLOOR: Final = 1e-12


class State(NamedTuple):
    """Centres (K, D), class probabilities by box (M, K), feature weights (D,), and the objective."""

    centers: Floats
    probabilities: Floats
    feature_weights: Floats
    loss: float


def begin(centers: Floats, codes: Codes) -> State:
    """Start at given centres (K, D), with the shares of the classes in every box and equal feature weights."""
    n_boxes, n_features = centers.shape
    shares = np.bincount(codes) / len(codes)
    return State(centers, np.tile(shares[:, None], n_boxes), np.full(n_features, 1 / n_features), np.inf)


def sweep(rows: Floats, codes: Codes, state: State, eps_entropy: float, eps_class: float) -> State:
    """Sweep once in plain vectorised NumPy over whole arrays: rows (T, D) of equal weight without missing values.

    The squared norms of the rows are left out of the distances, since they do not change which box is nearest.
    """
    centers, probabilities, weights, _ = state
    n_boxes, n_classes = len(centers), len(probabilities)
    distances = rows @ (-2 * weights * centers).T + centers**2 @ weights
    costs = distances - eps_class * np.log(np.maximum(probabilities, FLOOR))[codes]
    box = costs.argmin(axis=1)
    affiliations = np.eye(n_boxes)[box]
    masses = affiliations.sum(axis=0)
    centers = affiliations.T @ rows / masses[:, None]
    probabilities = np.eye(n_classes)[codes].T @ affiliations / masses
    errors = ((rows - centers[box]) ** 2).mean(axis=0)
    unnormalised = np.exp(-(errors - errors.min()) / eps_entropy)
    weights = unnormalised / unnormalised.sum()
    label_term = -np.log(np.maximum(probabilities, FLOOR))[codes, box].mean()
    loss = weights @ errors + eps_entropy * weights @ np.log(weights) + eps_class * label_term
    return State(centers, probabilities, weights, float(loss))
