"""The estimator as its users meet it: parameters, defaults, what a fit leaves behind."""

import inspect

import numpy as np
import pandas as pd
import pytest
from espa_problems import small_table, worms

from entropice.espa import ESPAClassifier

PARAMETERS = {
    "n_boxes",
    "eps_entropy",
    "n_effective_features",
    "eps_class",
    "affiliation",
    "eps_affiliation",
    "order",
    "scale",
    "pseudo_count",
    "prior_weight",
    "n_init",
    "init",
    "max_iter",
    "tol",
    "class_weight",
    "reassign",
    "warm_start",
    "device",
    "dtype",
    "random_state",
}


def small_model(**parameters):
    return ESPAClassifier(4, **{"n_init": 3, "tol": 1e-6, "random_state": 0} | parameters)


def test_the_parameters_are_the_published_ones_and_all_have_defaults():
    parameters = inspect.signature(ESPAClassifier).parameters
    assert set(parameters) == PARAMETERS
    assert all(parameter.default is not inspect.Parameter.empty for parameter in parameters.values())
    assert [name for name in parameters if parameters[name].kind is not inspect.Parameter.KEYWORD_ONLY] == ["n_boxes"]
    assert all(
        f"    {name}" in ESPAClassifier.__doc__ or f", {name}\n" in ESPAClassifier.__doc__ for name in PARAMETERS
    )


@pytest.mark.parametrize("affiliation", ["hard", "soft"])
def test_a_fit_leaves_arrays_of_the_documented_shapes(affiliation):
    X, y = small_table(1)
    model = small_model(affiliation=affiliation).fit(X, np.array(["a", "b", "c"])[y])
    n_boxes = len(model.box_centers_)
    assert 1 <= n_boxes <= 4
    assert model.box_centers_.shape == (n_boxes, 4)
    assert model.box_class_probabilities_.shape == (3, n_boxes)
    assert model.classes_.tolist() == ["a", "b", "c"]
    for name in ("feature_weights_", "feature_offset_", "feature_scale_", "feature_metric_", "feature_importances_"):
        assert getattr(model, name).shape == (4,)
    assert model.predict_proba(X).shape == (60, 3)
    assert model.distances(X).shape == (60, n_boxes)
    assert model.box_of(X).shape == model.predict(X).shape == (60,)
    assert (model.n_features_in_, model.n_iter_) == (4, len(model.loss_curve_))


def test_centres_are_in_the_units_of_the_rows():
    X, y = small_table(1, missing=0.0)
    centers = small_model().fit(X, y).box_centers_
    assert (centers >= X.min(axis=0)).all()
    assert (centers <= X.max(axis=0)).all()


def test_scaling_is_learned_on_the_rows_of_the_fit_alone():
    X, y = small_table(1, missing=0.0)
    model = small_model().fit(X, y)
    assert model.feature_scale_ == pytest.approx(np.ptp(X, axis=0))
    assert model.feature_offset_ == pytest.approx(X.mean(axis=0))
    scale = model.feature_scale_.copy()
    model.predict(X * 1000)
    assert model.feature_scale_.tolist() == scale.tolist()
    assert small_model(scale=None).fit(X, y).feature_scale_.tolist() == [1.0] * 4


@pytest.mark.parametrize("seed", range(3))
def test_defaults_do_well_on_features_in_any_units(seed):
    random = np.random.default_rng(seed)
    X, y = worms(2200, 10, random)
    X = X * 10.0 ** random.integers(-4, 5, 10) + 10.0 ** random.integers(0, 5, 10)
    model = ESPAClassifier(random_state=seed).fit(X[:200], y[:200])
    assert model.score(X[200:], y[200:]) >= 0.9


def test_single_precision_is_chosen_by_the_table_or_by_name():
    X, y = small_table(1, n_rows=500)
    by_table, by_name = small_model().fit(X.astype(np.float32), y), small_model(dtype="float32").fit(X, y)
    assert by_table.loss_ == by_name.loss_
    assert by_table.box_centers_.dtype == np.float64
    in_double = small_model(dtype="float64").fit(X.astype(np.float32), y)
    assert in_double.loss_ == pytest.approx(by_table.loss_, rel=1e-4)
    assert in_double.loss_ != by_table.loss_


def test_labels_may_be_numbers_words_or_truth_values():
    X, y = small_table(1)
    for labels in (np.array([-1, 0, 7])[y], np.array(["dry", "moist", "wet"])[y], y > 0, pd.Series(y, name="state")):
        model = small_model().fit(X, labels)
        assert model.classes_.dtype == np.asarray(labels).dtype
        assert model.score(X, labels) > 0.6


def test_frames_name_the_features():
    X, y = small_table(1)
    frame = pd.DataFrame(X, columns=["a", "b", "c", "d"])
    model = small_model().fit(frame, y)
    assert model.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    assert model.predict(frame).tolist() == small_model().fit(X, y).predict(X).tolist()


def test_one_box_gives_the_shares_of_the_classes():
    X, y = small_table(1)
    model = ESPAClassifier(1, pseudo_count=0.0, random_state=0).fit(X, y)
    assert model.predict_proba(X) == pytest.approx(np.tile(np.bincount(y) / len(y), (len(X), 1)))
    assert model.box_centers_[0] == pytest.approx(np.nanmean(X, axis=0))


def test_pseudo_counts_pull_probabilities_towards_equal_shares():
    X, y = small_table(1)
    nearest = [small_model(pseudo_count=count).fit(X, y).box_class_probabilities_.min() for count in (0.0, 0.01, 10.0)]
    assert nearest == sorted(nearest)
    assert nearest[-1] == pytest.approx(1 / 3, abs=0.03)


def test_a_fit_changes_neither_its_rows_nor_its_weights_nor_its_parameters():
    X, y = small_table(1)
    weights = np.random.default_rng(0).uniform(0.5, 3.0, len(X))
    given, before, parameters = (X, y, weights), (X.copy(), y.copy(), weights.copy()), small_model().get_params()
    model = small_model().fit(X, y, sample_weight=weights)
    model.predict_proba(X)
    assert [array.tobytes() for array in given] == [array.tobytes() for array in before]
    assert model.get_params() == parameters
