"""Prediction by distance alone, against literal loops; and rows whose features have huge offsets."""

import espa_reference as literal
import numpy as np
import pytest
from espa_problems import literal_problem, minmax, small_table

from entropice.espa import ESPAClassifier
from entropice.espa.data.rows import CHUNK_ROWS

both = pytest.mark.parametrize("affiliation", ["hard", "soft"])


def small_model(**parameters):
    return ESPAClassifier(**{"n_boxes": 4, "n_init": 3, "tol": 1e-6, "random_state": 0} | parameters)


def literal_distances(model, X):
    """Distances (T, K) by their definition; missing values take no part."""
    found = np.zeros((len(X), len(model.box_centers_)))
    for t, row in enumerate(X):
        for k, center in enumerate(model.box_centers_):
            for d in np.flatnonzero(~np.isnan(row)):
                scaled = (row[d] - center[d]) / model.feature_scale_[d]
                found[t, k] += model.feature_metric_[d] * scaled**2
    return found


def state_of(model, scaling):
    return literal.State(scaling.scaled(model.box_centers_), model.box_class_probabilities_, model.feature_weights_)


@both
@pytest.mark.parametrize("scale", ["minmax", None])
def test_distances_equal_literal_loops(affiliation, scale):
    X, y = small_table(5)
    model = small_model(affiliation=affiliation, scale=scale).fit(X, y)
    expected = literal_distances(model, X)
    assert model.distances(X) == pytest.approx(expected, rel=1e-10, abs=1e-12)
    assert model.box_of(X).tolist() == expected.argmin(axis=1).tolist()


@both
def test_distances_are_those_of_the_objective(affiliation):
    X, y = small_table(5)
    weights = np.random.default_rng(0).uniform(0.1, 2, len(X))
    model = small_model(affiliation=affiliation).fit(X, y, weights)
    problem, scaling = literal_problem(X, y, weights), minmax(X, weights)
    assert model.distances(X) == pytest.approx(literal.distances(problem, state_of(model, scaling)), abs=1e-10)


def test_hard_probabilities_are_the_column_of_the_nearest_box():
    X, y = small_table(6)
    model = small_model().fit(X, y)
    nearest = literal_distances(model, X).argmin(axis=1)
    assert model.predict_proba(X).tolist() == model.box_class_probabilities_.T[nearest].tolist()


def test_soft_probabilities_are_the_mixture_by_affiliations():
    X, y = small_table(6)
    model = small_model(affiliation="soft", eps_affiliation=0.03).fit(X, y)
    for row, probabilities in zip(literal_distances(model, X), model.predict_proba(X), strict=True):
        shares = literal.soft_affiliation(row.tolist(), 0.03)
        mixed = sum(share * column for share, column in zip(shares, model.box_class_probabilities_.T, strict=True))
        assert probabilities == pytest.approx(mixed, abs=1e-10)


@both
def test_predictions_on_new_rows_with_gaps_equal_the_formulas(affiliation):
    """The fit saw no missing value; of the new rows some lack features, and one lacks all."""
    X, y = small_table(7, n_rows=80, missing=0.0)
    new, _ = small_table(8, n_rows=40, missing=0.4)
    new = np.nanmean(X, axis=0) + (new - np.nanmean(new, axis=0)) / np.nanstd(new, axis=0) * X.std(axis=0)
    new[0] = np.nan
    model = small_model(affiliation=affiliation, eps_affiliation=0.02).fit(X, y)
    scaling, g = minmax(X, np.ones(len(X))), 0.02 if affiliation == "soft" else 0.0
    problem = literal_problem(X, y, np.ones(len(X)))
    expected = literal.predict_proba(problem, scaling.scaled(new), state_of(model, scaling), g)
    assert model.predict_proba(new) == pytest.approx(expected, abs=1e-10)
    assert model.predict(new).tolist() == expected.argmax(axis=1).tolist()
    assert model.distances(new)[0].tolist() == [0.0] * len(model.box_centers_)


@both
def test_the_most_probable_class_is_predicted_and_the_first_of_equals(affiliation):
    X, y = small_table(9)
    model = small_model(affiliation=affiliation).fit(X, np.array(["b", "a", "c"])[y])
    assert model.predict(X).tolist() == model.classes_[model.predict_proba(X).argmax(axis=1)].tolist()
    model.box_class_probabilities_ = np.full_like(model.box_class_probabilities_, 1 / 3)
    model.affiliation = "hard"
    assert set(model.predict(X)) == {"a"}


def test_hard_probabilities_are_frequencies_of_what_prediction_does():
    X, y = small_table(6)
    model = small_model(pseudo_count=0.0).fit(X, y)
    boxes = model.box_of(X)
    assert sorted(set(boxes)) == list(range(len(model.box_centers_)))
    for box in range(len(model.box_centers_)):
        expected = np.bincount(y[boxes == box], minlength=3) / (boxes == box).sum()
        assert model.box_class_probabilities_[:, box] == pytest.approx(expected)


def test_without_reassignment_probabilities_are_those_of_the_descent():
    X, y = small_table(6)
    problem, scaling = literal_problem(X, y, np.ones(len(X))), minmax(X, np.ones(len(X)))
    model = small_model(reassign=False).fit(X, y)
    state = state_of(model, scaling)
    strengths = literal.Strengths(model.eps_entropy, model.eps_class, 0.0, model.pseudo_count)
    affiliations, swept = literal.sweep(problem, state, strengths, "GSLW")
    assert model.box_class_probabilities_ == pytest.approx(swept.probabilities, abs=1e-10)
    assert model.loss_ == pytest.approx(literal.objective(problem, affiliations, state, strengths), abs=1e-10)


@both
@pytest.mark.parametrize("n_rows", [1, CHUNK_ROWS, CHUNK_ROWS + 1])
def test_a_row_is_predicted_alike_among_any_others(affiliation, n_rows):
    X, y = small_table(6, n_rows=CHUNK_ROWS + 1)
    model = small_model(affiliation=affiliation, n_init=1).fit(X, y)
    assert model.predict_proba(X[:n_rows]) == pytest.approx(model.predict_proba(X)[:n_rows], abs=1e-12)


OFFSETS = {
    "air temperature in K": (263.0, 12.0),
    "year": (2011.5, 6.0),
    "northing in m": (7.3e6, 5e4),
    "pressure in Pa": (1.01e5, 900.0),
}


def offset_table(dtype):
    """Clusters in features with huge offsets; the values as they are stored in the precision."""
    random = np.random.default_rng(3)
    box = random.integers(0, 4, 3000)
    places = random.normal(size=(4, len(OFFSETS)))
    offsets, spreads = np.array(list(OFFSETS.values())).T
    X = (places[box] + 0.35 * random.normal(size=(3000, len(OFFSETS)))) * spreads + offsets
    X[random.random(X.shape) < 0.05] = np.nan
    X[0] = offsets
    return X.astype(dtype), box % 3, offsets


@both
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_offsets_cost_no_assignment(dtype, affiliation):
    """Fit and prediction as on centred values in double precision, up to rows that all but tie."""
    X, y, offsets = offset_table(dtype)
    centered = X.astype(np.float64) - offsets
    init = centered[~np.isnan(centered).any(axis=1)][:4]
    expected = small_model(affiliation=affiliation, init=init).fit(centered, y)
    model = small_model(affiliation=affiliation, init=init + offsets).fit(X, y)
    loss_tolerance, tolerance = (1e-4, 1e-5) if dtype == np.float32 else (1e-9, 1e-12)
    assert model.loss_ == pytest.approx(expected.loss_, rel=loss_tolerance)
    by_loops = literal_distances(expected, centered)
    excess = np.take_along_axis(by_loops, model.box_of(X)[:, None], axis=1)[:, 0] - by_loops.min(axis=1)
    assert excess.max() <= tolerance
