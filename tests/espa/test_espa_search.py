"""The search: every score is that of a fit on its own, the best is refitted, and bad folds and grids are refused."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from espa_problems import small_table
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import check_scoring
from sklearn.model_selection import GroupKFold, ParameterGrid, StratifiedKFold

from entropice.espa import ESPAClassifier, ESPASearch, StoredTable
from entropice.espa.search import log_score

NAMES = ["slope", "elevation", "northness", "ice"]
GRID = {"n_boxes": [2, 5], "eps_class": [0.05, 0.5]}
BASE = ESPAClassifier(n_init=2, random_state=0)
N_ROWS = 80


def search(param_grid=GRID, **parameters):
    return ESPASearch(parameters.pop("estimator", BASE), param_grid=param_grid, **{"cv": 3} | parameters)


def table(seed=0, **parameters):
    return small_table(seed, n_rows=N_ROWS, **parameters)


def group_folds(seed, y):
    groups = np.random.default_rng(seed).integers(0, 6, len(y))
    return list(GroupKFold(3).split(y, y, groups))


def bootstrap_folds(seed, y):
    """Training rows drawn with repetition."""
    random = np.random.default_rng(seed)
    return [(random.choice(train, len(train)), test) for train, test in group_folds(seed, y)]


FOLDS = {"groups": group_folds, "bootstrap": bootstrap_folds}


def score_one_by_one(param_grid, splits, X, y, scoring, *, base=BASE, weights=None):
    """Scores (candidates, folds) of fits on the training rows alone."""
    scores = []
    for params in ParameterGrid(param_grid):
        model = ESPAClassifier(**base.get_params() | params)
        for train, test in splits:
            model.fit(X[train], y[train], sample_weight=None if weights is None else weights[train])
            extra = {} if weights is None else {"sample_weight": weights[test]}
            scores.append(check_scoring(model, scoring)(model, X[test], y[test], **extra))
    return np.array(scores).reshape(-1, len(splits))


def scores_of(fitted):
    return np.array([fitted.cv_results_[f"split{fold}_test_score"] for fold in range(fitted.n_splits_)]).T


@pytest.fixture
def no_fit(monkeypatch):
    """Fail as soon as anything is fitted."""

    def fit(*_):
        pytest.fail("a fit was begun")

    monkeypatch.setattr("entropice.espa.fitting._fit_batch", fit)


@pytest.mark.parametrize("folds", FOLDS)
@pytest.mark.parametrize("affiliation", ["hard", "soft"])
@settings(max_examples=6)
@given(seed=st.integers(0, 10_000), missing=st.sampled_from([0.0, 0.2]), balanced=st.booleans())
def test_every_score_is_that_of_a_fit_on_its_own(affiliation, folds, seed, missing, balanced):
    X, y = table(seed, missing=missing)
    splits = FOLDS[folds](seed, y)
    base = ESPAClassifier(
        affiliation=affiliation, class_weight="balanced" if balanced else None, n_init=2, random_state=seed
    )
    found = search(cv=splits, estimator=base).fit(X, y)
    expected = score_one_by_one(GRID, splits, X, y, log_score, base=base)
    assert scores_of(found) == pytest.approx(expected, rel=0, abs=1e-12)
    assert found.cv_results_["mean_test_score"] == pytest.approx(expected.mean(axis=1), rel=0, abs=1e-12)
    assert found.cv_results_["std_test_score"] == pytest.approx(expected.std(axis=1), rel=0, abs=1e-12)
    assert expected.mean(axis=1)[found.best_index_] >= expected.mean(axis=1).max() - 1e-12


@pytest.mark.parametrize("scoring", ["accuracy", "neg_log_loss", log_score])
def test_weights_act_on_fits_and_scores_as_in_fits_on_their_own(scoring):
    X, y = table(3)
    weights = np.random.default_rng(3).exponential(size=N_ROWS)
    splits = list(StratifiedKFold(3).split(X, y))
    found = search(cv=splits, scoring=scoring).fit(X, y, sample_weight=weights)
    expected = score_one_by_one(GRID, splits, X, y, scoring, weights=weights)
    assert scores_of(found) == pytest.approx(expected, rel=0, abs=1e-12)


def test_grids_of_any_parameter_mix_in_one_search():
    """Candidates that cannot share products, and one that stops early, change nothing about the others."""
    X, y = table(4)
    grids = [{"affiliation": ["hard", "soft"], "order": ["GSLW", "GWSL"]}, {"n_init": [1, 3], "scale": [None]}]
    splits = group_folds(4, y)
    found = search(grids, cv=splits).fit(X, y)
    assert found.cv_results_["params"] == list(ParameterGrid(grids))
    assert scores_of(found) == pytest.approx(score_one_by_one(grids, splits, X, y, log_score), rel=0, abs=1e-12)


@pytest.mark.parametrize(("affiliation", "tolerance"), [("hard", 1e-6), ("soft", 1e-3)])
def test_single_precision_scores_as_fits_on_their_own_but_for_rounding(affiliation, tolerance):
    X, y = table(5, missing=0.0)
    splits, base = group_folds(5, y), ESPAClassifier(affiliation=affiliation, n_init=2, random_state=0)
    found = search(cv=splits, estimator=base).fit(X.astype(np.float32), y)
    expected = score_one_by_one(GRID, splits, X.astype(np.float32), y, log_score, base=base)
    assert scores_of(found) == pytest.approx(expected, rel=0, abs=tolerance)


def as_iterator(splits):
    return iter(splits)


def as_masks(splits):
    return [tuple(np.isin(np.arange(N_ROWS), rows) for rows in split) for split in splits]


def as_lists(splits):
    return [tuple(rows.tolist() for rows in split) for split in splits]


@pytest.mark.parametrize("form", [as_iterator, as_masks, as_lists])
def test_folds_may_come_in_any_form(form):
    X, y = table(6)
    splits = group_folds(6, y)
    assert (scores_of(search(cv=form(splits)).fit(X, y)) == scores_of(search(cv=splits).fit(X, y))).all()


def test_spatial_groups_go_to_the_splitter():
    X, y = table(6)
    groups = np.random.default_rng(6).integers(0, 6, N_ROWS)
    found = search(cv=GroupKFold(3)).fit(X, y, groups=groups)
    assert (scores_of(found) == scores_of(search(cv=group_folds(6, y)).fit(X, y))).all()
    assert found.n_splits_ == 3


def test_a_number_means_stratified_folds():
    X, y = table(7)
    assert (scores_of(search(cv=4).fit(X, y)) == scores_of(search(cv=StratifiedKFold(4)).fit(X, y))).all()


def test_a_test_fold_without_some_class_and_one_with_a_new_class_are_scored():
    X, y = table(8)
    splits = [(np.flatnonzero(y != 2), np.flatnonzero(y == 2)), (np.arange(40), np.flatnonzero(y == 1))]
    found = search(cv=splits).fit(X, y)
    assert scores_of(found)[:, 0] == pytest.approx(np.log(1e-12))
    assert (scores_of(found)[:, 1] > np.log(1e-12)).all()


def test_the_default_score_is_the_mean_log_probability_of_the_true_class():
    X, y = table(9)
    model = ESPAClassifier(4, n_init=2, random_state=0).fit(X, y)
    expected = check_scoring(model, "neg_log_loss")(model, X, y)
    assert log_score(model, X, y) == pytest.approx(expected)
    weights = np.arange(1.0, N_ROWS + 1)
    weighted = check_scoring(model, "neg_log_loss")(model, X, y, sample_weight=weights)
    assert log_score(model, X, y, weights) == pytest.approx(weighted)


def test_a_scorer_sees_the_rows_as_they_were_given():
    X, y = table(10)
    frame, seen = pd.DataFrame(X, columns=NAMES, index=np.arange(N_ROWS) + 1000), []

    def scorer(model, rows, labels):
        seen.append((list(rows.columns), rows.index.tolist(), labels.tolist()))
        return float((model.predict(rows) == labels).mean())

    splits = group_folds(10, y)
    found = search(cv=splits, scoring=scorer).fit(frame, y)
    by_name = search(cv=splits, scoring="accuracy").fit(X, y)
    assert (scores_of(found) == scores_of(by_name)).all()
    test = splits[0][1]
    assert (NAMES, (test + 1000).tolist(), y[test].tolist()) in seen
    assert len(seen) == 4 * 3


def test_the_first_of_equals_is_the_best_and_equals_share_a_rank():
    X, y = table(11)
    score_of = {2: 0.5, 3: 0.7, 4: 0.7, 5: 0.1}
    found = search({"n_boxes": [2, 3, 4, 5]}, scoring=lambda model, X, y: score_of[model.n_boxes]).fit(X, y)
    assert (found.best_index_, found.best_params_, found.best_score_) == (1, {"n_boxes": 3}, pytest.approx(0.7))
    assert found.cv_results_["rank_test_score"].tolist() == [3, 1, 1, 4]


def test_the_best_is_refitted_to_all_rows():
    X, y = table(12)
    weights = np.random.default_rng(12).exponential(size=N_ROWS)
    found = search().fit(X, y, sample_weight=weights)
    alone = ESPAClassifier(**BASE.get_params() | found.best_params_).fit(X, y, sample_weight=weights)
    assert found.best_estimator_.get_params() == alone.get_params()
    assert found.predict_proba(X).tobytes() == alone.predict_proba(X).tobytes()
    assert found.predict(X).tolist() == alone.predict(X).tolist()
    assert found.feature_importances_.tobytes() == alone.feature_weights_.tobytes()
    assert found.classes_.tolist() == [0, 1, 2]


def test_a_data_frame_keeps_its_names_and_their_order():
    X, y = table(13)
    frame = pd.DataFrame(X, columns=NAMES)
    found = search().fit(frame, pd.Series(y))
    assert found.feature_names_in_.tolist() == NAMES
    assert found.best_estimator_.feature_names_in_.tolist() == NAMES
    assert found.predict(frame).tolist() == search().fit(X, y).predict(X).tolist()
    with pytest.raises(ValueError, match="feature names"):
        found.predict(frame[NAMES[::-1]])


def test_a_table_on_disk_is_searched_like_one_in_memory(tmp_path):
    X, y = table(14)
    np.save(tmp_path / "rows.npy", X)
    stored = StoredTable(np.load(tmp_path / "rows.npy", mmap_mode="r"))
    found, expected = search().fit(stored, y), search().fit(X, y)
    assert (scores_of(found) == scores_of(expected)).all()
    assert found.predict_proba(stored).tobytes() == expected.predict_proba(X).tobytes()


@pytest.mark.parametrize("scoring", [log_score, "neg_log_loss"])
def test_rows_of_weight_zero_are_as_if_not_there(scoring):
    """Even where they bring a class of their own."""
    X, y = table(15)
    splits = group_folds(15, y)
    labels, weights = np.array(["a", "b", "c"])[y], np.ones(N_ROWS)
    labels[::9], weights[::9] = "z", 0.0
    kept = np.flatnonzero(weights)
    renumbered = [tuple(np.flatnonzero(np.isin(kept, rows)) for rows in split) for split in splits]
    found = search(cv=splits, scoring=scoring).fit(X, labels, sample_weight=weights)
    expected = search(cv=renumbered, scoring=scoring).fit(X[kept], labels[kept])
    assert scores_of(found) == pytest.approx(scores_of(expected), rel=0, abs=1e-12)
    assert found.classes_.tolist() == ["a", "b", "c"]


def test_neither_the_estimator_nor_the_data_are_changed():
    X, y = table(16)
    base, copy, weights = ESPAClassifier(3, n_init=2), X.copy(), np.full(N_ROWS, 2.0)
    search(estimator=base).fit(X, y, sample_weight=weights)
    assert base.get_params() == ESPAClassifier(3, n_init=2).get_params()
    assert not hasattr(base, "classes_")
    assert np.array_equal(X, copy, equal_nan=True)
    assert (weights == 2.0).all()


@pytest.mark.parametrize(
    ("param_grid", "error", "message"),
    [
        ([], ValueError, "param_grid is empty"),
        ({"n_boxes": []}, ValueError, "n_boxes"),
        ({"n_boxes": 3}, TypeError, "n_boxes"),
        ({"n_box": [3]}, ValueError, "n_box"),
        ({"n_boxes": [3, 0]}, ValueError, r"'n_boxes' .* Got 0"),
        ([{"n_boxes": [3]}, {"eps_entropy": [-1.0]}], ValueError, r"'eps_entropy' .* Got -1.0"),
        ({"n_boxes": [2, 70]}, ValueError, "n_boxes=70: lower n_boxes"),
        ({"dtype": ["float32", "float64"]}, ValueError, "dtype: set it on the estimator"),
        ("n_boxes", ValueError, "param_grid"),
    ],
    ids=["no-grid", "no-value", "no-list", "unknown", "no-boxes", "negative", "too-many-boxes", "dtype", "text"],
)
def test_a_bad_grid_is_refused_before_any_fit(no_fit, param_grid, error, message):
    with pytest.raises(error, match=message):
        search(param_grid).fit(*table(17))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"scoring": "best"}, "scoring"),
        ({"scoring": 3}, "scoring"),
        ({"cv": 1}, "n_splits"),
        ({"cv": "spatial"}, "cv"),
        ({"estimator": StratifiedKFold(2)}, "estimator"),
        ({"estimator": ESPAClassifier(eps_class=-1.0)}, "eps_class"),
    ],
    ids=["scorer", "number", "one-fold", "folds", "estimator", "parameter"],
)
def test_bad_parameters_are_refused_before_any_fit(no_fit, parameters, message):
    with pytest.raises(ValueError, match=message):
        search(**parameters).fit(*table(18))


ALL = np.arange(N_ROWS)


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        ([], "cv gives no fold"),
        ([(ALL, ALL[:0])], r"cv must give|no row"),
        ([(ALL, np.zeros(N_ROWS, bool))], r"cv must give|no row"),
        ([(ALL[:0], ALL)], "cv must give"),
        ([(np.zeros(N_ROWS, bool), ALL)], r"cv must give|weight is zero in the training rows of fold 0"),
        ([(np.zeros(7, bool), ALL)], "cv must give masks of 80 rows"),
        ([(ALL, ALL + 1)], "cv must give .* 0 to 79"),
        ([(ALL - 1, ALL)], "cv must give .* 0 to 79"),
        ([(ALL / 2, ALL)], "cv must give"),
    ],
    ids=["none", "no-test", "empty-test", "no-train", "empty-train", "short-mask", "beyond", "negative", "fractions"],
)
def test_bad_folds_are_refused_before_any_fit(no_fit, splits, message):
    with pytest.raises(ValueError, match=message):
        search(cv=splits).fit(*table(19))


def test_a_fold_that_cannot_be_trained_on_is_named_before_any_fit(no_fit):
    X, y = table(20, missing=0.0)
    good = (ALL[:60], ALL[60:])
    with pytest.raises(ValueError, match=r"training rows of fold 1 contain only one class .*: 2\."):
        search(cv=[good, (np.flatnonzero(y == 2), ALL)]).fit(X, y)
    X[:40, 2] = np.nan
    frame = pd.DataFrame(X, columns=NAMES)
    with pytest.raises(ValueError, match=r"northness has no value in the training rows of fold 1 \(n_samples=40"):
        search(cv=[good, (ALL[:40], ALL[40:])]).fit(frame, y)
    with pytest.raises(ValueError, match="Found input variables with inconsistent numbers of samples"):
        search().fit(X, y, groups=np.zeros(N_ROWS - 1))


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_score_that_is_no_number_is_refused_with_its_candidate_and_fold(wrong):
    def scorer(model, X, y):
        return wrong if model.n_boxes == 5 else 0.5

    with pytest.raises(ValueError, match=r"n_boxes=5.*fold 0"):
        search(scoring=scorer).fit(*table(21))


@pytest.mark.parametrize(
    "model",
    [
        "ESPASearch(ESPAClassifier(n_init=1, random_state=0), param_grid={'n_boxes': [3, 4]}, cv=2)",
        "ESPAEnsemble(ESPAClassifier(3, n_init=1), 3, cv=2)",
    ],
    ids=["search", "ensemble"],
)
def test_scikit_learn_accepts_what_is_built_on_the_classifier(model):
    """All of its checks, none skipped; the one of array libraries needs a switch that SciPy reads on import."""
    code = (
        "import json; from sklearn.utils.estimator_checks import check_estimator; from entropice.espa import *;"
        f"results = check_estimator({model}, on_skip=None, on_fail=None);"
        "print(json.dumps({result['check_name']: result['status'] for result in results}))"
    )
    environment = os.environ | {"SCIPY_ARRAY_API": "1"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert run.returncode == 0, run.stderr
    statuses = json.loads(run.stdout.splitlines()[-1])
    assert {name: status for name, status in statuses.items() if status != "passed"} == {}
    assert len(statuses) > 50
