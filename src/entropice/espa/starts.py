"""Where a fit begins: k-means++ centres, their own classes mixed with the priors, uniform feature weights."""

import numpy as np

from entropice.espa.updates import BoxModel, Codes, Evidence, Floats, relative_costs


def canonical_order(values: Floats, class_codes: Codes) -> Codes:
    """Order of the rows that depends neither on their given order nor on that of the features.

    Random starts drawn in this order make a fit invariant to both permutations (rows that are equal up to an
    exchange of features keep their given order).
    """
    return np.lexsort([class_codes, *np.sort(values, axis=1).T])


def start(evidence: Evidence, n_boxes: int, random: np.random.RandomState) -> BoxModel:
    """Draw rows as centres; a box's class probabilities lie half-way from the priors to the class of its row.

    On the distractor problem (a tight pair of features unrelated to the classes) about 20 % of these starts reach the
    solution, against 3 % when every box starts with the priors and the first affiliation is blind to the classes.
    """
    n_features = evidence.n_features
    feature_weights = np.full(n_features, 1 / n_features)
    drawn = _spread_rows(evidence, feature_weights / evidence.observed_weight, n_boxes, random)
    one_hot = evidence.matrix[:, 2 * n_features :]
    probabilities = (one_hot[drawn].T + (evidence.weights @ one_hot)[:, None]) / 2
    return BoxModel(evidence.matrix[drawn, :n_features], probabilities, feature_weights)


def _spread_rows(evidence: Evidence, metric: Floats, n_boxes: int, random: np.random.RandomState) -> list[int]:
    """Draw rows by k-means++: the next ∝ weight × distance to the nearest drawn (fewer if none is left)."""
    drawn = [_draw(evidence.weights, random)]
    nearest = _distances(evidence, metric, drawn[0])
    while len(drawn) < n_boxes and nearest.max() > 0:
        drawn.append(_draw(evidence.weights * nearest, random))
        nearest = np.minimum(nearest, _distances(evidence, metric, drawn[-1]))
    return drawn


def _draw(masses: Floats, random: np.random.RandomState) -> int:
    """Draw one row by inverse cumulative mass, so that repeated rows draw as one heavier row does."""
    cumulated = masses.cumsum()
    return int(cumulated.searchsorted(random.uniform() * cumulated[-1], side="right"))


def _distances(evidence: Evidence, metric: Floats, row: int) -> Floats:
    """Squared distances (T,) of all rows to one, over the observed features; rounding noise counts as 0."""
    values = evidence.matrix[:, : evidence.n_features]
    no_labels = np.zeros((evidence.matrix.shape[1] - 2 * evidence.n_features, 1))
    norms = values**2 @ metric
    distances = norms + relative_costs(evidence.matrix, metric, values[[row]], no_labels)[:, 0]
    return np.where(distances > 1e-12 * norms.max(), distances, 0.0)
