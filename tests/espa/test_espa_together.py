"""Fits in one batch give what each gives alone."""

import numpy as np
import pytest
from espa_problems import partition, small_table, training_data_of
from sklearn.exceptions import ConvergenceWarning

from entropice.espa import ESPAClassifier
from entropice.espa.fitting import fit_together


def folds(n_rows):
    """Weightings of all rows, and of all but a fourth."""
    random = np.random.default_rng(1)
    weights = random.uniform(0.5, 1.5, n_rows)
    return np.array([weights, *(weights * (np.arange(n_rows) % 4 != fold) for fold in range(4))])


def candidates(affiliation):
    """Candidates that differ in everything that one batch may hold, and in what it may not."""
    base = {"n_init": 3, "random_state": 2, "affiliation": affiliation, "tol": 1e-5}
    varied = [
        {"n_boxes": 3},
        {"n_boxes": 3, "eps_entropy": 0.3, "eps_class": 1.0},
        {"n_boxes": 3, "eps_class": 0.0, "pseudo_count": 0.1, "n_init": 1},
        {"n_boxes": 3, "eps_affiliation": 0.1, "random_state": 8},
        {"n_boxes": 3, "n_effective_features": 2.0, "prior_weight": 0.1},
        {"n_boxes": 3, "n_effective_features": 3.5},
        {"n_boxes": 5},
        {"n_boxes": 6},
        {"n_boxes": 3, "order": "GWSL"},
        {"n_boxes": 3, "class_weight": "balanced"},
        {"n_boxes": 3, "scale": None},
        {"n_boxes": 3, "reassign": False},
        {"n_boxes": 3, "init": "random"},
    ]
    return [ESPAClassifier(**base | change) for change in varied]


def assert_same(together, alone):
    """The same boxes; starts that end alike may number them differently."""
    first, second = together.centers[:, 0].argsort(), alone.centers[:, 0].argsort()
    assert together.curve[-1] == pytest.approx(alone.curve[-1], rel=0, abs=1e-12)
    assert together.centers[first] == pytest.approx(alone.centers[second], rel=1e-9, abs=1e-9)
    assert together.probabilities[:, first] == pytest.approx(alone.probabilities[:, second], rel=0, abs=1e-9)
    assert together.feature_weights == pytest.approx(alone.feature_weights, rel=0, abs=1e-9)


@pytest.mark.parametrize("missing", [0.0, 0.2], ids=["complete", "missing"])
@pytest.mark.parametrize("affiliation", ["hard", "soft"])
def test_candidates_on_folds_fitted_together_are_those_fitted_alone(affiliation, missing):
    X, y = small_table(21, n_rows=80, n_features=5, missing=missing)
    weightings = folds(len(X))
    pairs = [(candidate, fold) for candidate in candidates(affiliation) for fold in range(len(weightings))]
    together = fit_together(
        [pair[0] for pair in pairs], training_data_of(X, y, weightings), [pair[1] for pair in pairs]
    )
    for (candidate, fold), found in zip(pairs, together, strict=True):
        (alone,) = fit_together([candidate], training_data_of(X, y, weightings[fold][None]), [0])
        assert_same(found, alone)
        candidate.fit(X, y, weightings[fold])
        assert found.curve[-1] == pytest.approx(candidate.loss_, rel=0, abs=1e-12)
        used = weightings[fold] > 0
        boxes = candidate.box_of(X[used])
        candidate.adopt(found)
        assert partition(candidate.box_of(X[used])) == partition(boxes)


def test_batches_are_split_where_they_would_grow_too_large(monkeypatch):
    X, y = small_table(22, n_rows=80)
    data, pairs = training_data_of(X, y, folds(len(X))), [(each, f) for each in candidates("hard") for f in range(5)]
    arguments = [pair[0] for pair in pairs], data, [pair[1] for pair in pairs]
    whole = fit_together(*arguments)
    monkeypatch.setattr("entropice.espa.solver.slices.BATCH_VALUES", 200)
    for found, expected in zip(fit_together(*arguments), whole, strict=True):
        assert_same(found, expected)


def test_a_fold_without_a_class_fits_the_classes_it_has():
    X, y = small_table(23, n_rows=60)
    weightings = np.array([np.ones(len(X)), y != 1])
    model = ESPAClassifier(3, n_init=2, random_state=0)
    first, second = fit_together([model, model], training_data_of(X, y, weightings), [0, 1])
    assert first.classes.tolist() == [0, 1, 2]
    assert second.classes.tolist() == [0, 2]
    alone = model.fit(X[y != 1], y[y != 1])
    assert second.curve[-1] == pytest.approx(alone.loss_, rel=0, abs=1e-12)
    assert second.probabilities == pytest.approx(alone.box_class_probabilities_, rel=0, abs=1e-12)


def test_a_fold_with_fewer_rows_than_boxes_is_refused():
    X, y = small_table(24)
    weightings = np.array([np.ones(len(X)), np.arange(len(X)) < 6])
    with pytest.raises(ValueError, match=r"n_samples=6 rows of positive weight should be >= n_boxes=8: lower n_boxes"):
        fit_together([ESPAClassifier(8)] * 2, training_data_of(X, y, weightings), [0, 1])


def test_it_says_what_to_do_when_it_has_not_converged():
    with pytest.warns(
        ConvergenceWarning, match=r"1 of 1 eSPA fits still improved after max_iter=1 sweeps: raise max_iter, or tol"
    ):
        ESPAClassifier(4, n_init=3, random_state=0, max_iter=1).fit(*small_table(8))
