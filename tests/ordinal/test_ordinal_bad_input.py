"""Input that cannot be fitted or predicted is refused, with what was got and what is expected."""

import numpy as np
import pytest
from ordinal_problems import GROUPS, ordered_table
from sklearn.exceptions import NotFittedError

from entropice.ordinal import GroupComponents, OrdinalRidgeClassifier, fit_path


@pytest.fixture
def table():
    return ordered_table()


def test_an_infinite_value_is_refused_in_fit_and_prediction(table):
    X, y = table
    fitted = OrdinalRidgeClassifier().fit(X, y)
    X.iloc[3, 1] = np.inf
    for use in (lambda: OrdinalRidgeClassifier().fit(X, y), lambda: fitted.contributions(X), lambda: fitted.predict(X)):
        with pytest.raises(ValueError, match="Input X contains infinity"):
            use()


def test_one_class_is_refused_by_name_also_among_the_rows_that_weigh(table):
    X, y = table
    with pytest.raises(ValueError, match=r"at least two classes are needed, got one class only: \['wet'\]"):
        OrdinalRidgeClassifier().fit(X, np.full(len(y), "wet"))
    with pytest.raises(ValueError, match=r"got one class only: \[2\]"):
        OrdinalRidgeClassifier().fit(X, y, sample_weight=(y == 2).astype(float))


def test_a_negative_weight_is_refused(table):
    X, y = table
    with pytest.raises(ValueError, match="Negative values in data passed to `sample_weight`"):
        OrdinalRidgeClassifier().fit(X, y, sample_weight=np.where(y == 0, -1.0, 1.0))
    with pytest.raises(ValueError, match="Negative values in data passed to `sample_weight`"):
        GroupComponents().fit(X, sample_weight=np.where(y == 0, -1.0, 1.0))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ridge": 0.0}, "'ridge' parameter of OrdinalRidgeClassifier must be a float in the range"),
        ({"later_ridge": -1.0}, "'later_ridge' parameter"),
        ({"clip": 0.0}, "'clip' parameter"),
        ({"exposure_scale": 0.0}, "'exposure_scale' parameter"),
        ({"max_iter": 0}, "'max_iter' parameter"),
        ({"n_components": 0, "groups": GROUPS}, "'n_components' parameter"),
        ({"groups": GROUPS[:3]}, "one label a column: got 3 labels for 5 columns"),
        (
            {"groups": GROUPS, "n_components": {"climate": 1}},
            r"n_components lacks the groups \['terrain', 'exposure'\]",
        ),
        ({"groups": [0] * 5, "n_components": {0: 0}}, r"at least 1 for every group, got \{0: 0\}"),
        ({"exposure": "area"}, "one of the 5 columns, got 'area'"),
        ({"exposure": 5}, "one of the 5 columns, got 5"),
        ({"exposure": -1}, "one of the 5 columns, got -1"),
    ],
)
def test_parameters_that_mean_nothing_are_refused(table, changes, message):
    with pytest.raises(ValueError, match=message):
        OrdinalRidgeClassifier(**changes).fit(*table)


def test_a_path_checks_every_ridge(table):
    with pytest.raises(ValueError, match="'later_ridge' parameter"):
        fit_path(OrdinalRidgeClassifier(), *table, [(1.0, 1.0), (1.0, 0.0)])


def test_nothing_is_predicted_before_a_fit(table):
    X, _ = table
    model = OrdinalRidgeClassifier()
    for method in (model.predict, model.predict_proba, model.stage_logits, model.contributions):
        with pytest.raises(NotFittedError):
            method(X)
    with pytest.raises(NotFittedError):
        GroupComponents().transform(X)


def test_other_columns_than_in_the_fit_are_refused(table):
    X, y = table
    fitted = OrdinalRidgeClassifier().fit(X, y)
    with pytest.raises(ValueError, match="feature names should match"):
        fitted.predict_proba(X.rename(columns={"wet": "dry"}))
