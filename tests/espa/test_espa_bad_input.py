"""Input that cannot be fitted or predicted is refused, with what was got and the remedy."""

import numpy as np
import pandas as pd
import pytest
from espa_problems import small_table
from sklearn.exceptions import NotFittedError

from entropice.espa import ESPAClassifier

NAMES = ["slope_mean_deg", "elevation_mean_m", "ndvi_mean", "northness_mean"]


def small_model(**parameters):
    return ESPAClassifier(4, **{"n_init": 2, "random_state": 0} | parameters)


@pytest.fixture
def table():
    X, y = small_table(1)
    return pd.DataFrame(X, columns=NAMES), y


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_an_infinite_value_is_refused(table, value):
    frame, y = table
    frame.iloc[7, 2] = value
    with pytest.raises(ValueError, match="Input X contains infinity"):
        small_model().fit(frame, y)


def test_an_infinite_value_is_refused_in_prediction(table):
    frame, y = table
    model = small_model().fit(frame, y)
    frame.iloc[7, 2] = np.inf
    for method in (model.predict, model.predict_proba, model.box_of, model.distances):
        with pytest.raises(ValueError, match="Input X contains infinity"):
            method(frame)


def test_one_class_is_refused_by_name(table):
    frame, y = table
    with pytest.raises(ValueError, match=r"at least 2 classes, but the rows contain only one class .*: wet\. Add rows"):
        small_model().fit(frame, np.full(len(y), "wet"))


def test_one_class_among_the_rows_that_weigh_is_refused(table):
    frame, y = table
    with pytest.raises(ValueError, match=r"only one class of positive weight: 2\. Add rows of another class"):
        small_model().fit(frame, y, sample_weight=(y == 2).astype(float))


def test_fewer_rows_than_boxes_are_refused_with_both_numbers(table):
    frame, y = table
    message = r"n_samples=3 rows of positive weight should be >= n_boxes=4: lower n_boxes, or add rows"
    with pytest.raises(ValueError, match=message):
        small_model().fit(frame[:3], y[:3])
    with pytest.raises(ValueError, match=message):
        small_model().fit(frame, y, sample_weight=(np.arange(len(y)) < 3).astype(float))


def test_a_feature_without_any_value_is_refused_by_name(table):
    frame, y = table
    frame["ndvi_mean"] = np.nan
    with pytest.raises(
        ValueError, match=r"Feature ndvi_mean has no value in the rows \(n_samples=60 .*: drop it, or add"
    ):
        small_model().fit(frame, y)
    with pytest.raises(ValueError, match="Feature 2 has no value in the rows"):
        small_model().fit(frame.to_numpy(), y)


def test_a_feature_observed_only_in_rows_of_weight_zero_is_refused_by_name(table):
    frame, y = table
    weights = (np.arange(len(y)) >= 10).astype(float)
    frame.loc[10:, "ndvi_mean"] = np.nan
    with pytest.raises(
        ValueError, match=r"Feature ndvi_mean has no value in the rows \(n_samples=50 of positive weight"
    ):
        small_model().fit(frame, y, sample_weight=weights)


def test_features_of_which_none_varies_are_refused():
    with pytest.raises(ValueError, match=r"No feature varies in the rows \(n_samples=5 .*: add rows or features"):
        small_model().fit(np.ones((5, 2)), [0, 1, 0, 1, 0])


def test_features_in_another_order_are_refused(table):
    frame, y = table
    model = small_model().fit(frame, y)
    with pytest.raises(ValueError, match=r"feature names should match .*\n.*same order"):
        model.predict(frame[NAMES[::-1]])


def test_features_with_other_names_are_refused_by_name(table):
    frame, y = table
    model = small_model().fit(frame, y)
    with pytest.raises(ValueError, match="ndwi_mean"):
        model.predict(frame.rename(columns={"ndvi_mean": "ndwi_mean"}))


def test_another_number_of_features_is_refused_with_both_numbers(table):
    frame, y = table
    model = small_model().fit(frame.to_numpy(), y)
    for method in (model.predict, model.predict_proba, model.box_of, model.distances):
        with pytest.raises(ValueError, match="X has 3 features, but ESPAClassifier is expecting 4 features"):
            method(frame.to_numpy()[:, :3])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n_boxes", 0),
        ("n_boxes", 2.5),
        ("eps_entropy", -0.1),
        ("eps_class", -1e-9),
        ("eps_affiliation", 0.0),
        ("eps_affiliation", -1.0),
        ("affiliation", "fuzzy"),
        ("order", "SLGW"),
        ("scale", "robust"),
        ("pseudo_count", -1.0),
        ("n_init", 0),
        ("init", "pca"),
        ("max_iter", 0),
        ("tol", -1e-3),
        ("class_weight", "even"),
        ("reassign", 2),
        ("device", "tpu"),
        ("dtype", "float16"),
        ("eps_entropy", np.nan),
        ("eps_class", np.inf),
    ],
)
def test_a_parameter_out_of_range_is_refused_with_its_name_and_value(table, name, value):
    with pytest.raises(ValueError, match=rf"'{name}' parameter of ESPAClassifier must be .* Got {value!r} instead"):
        small_model().set_params(**{name: value}).fit(*table)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.zeros(60), "Sample weights must contain at least one non-zero number"),
        (np.full(60, -1.0), "Negative values in data passed to `sample_weight`"),
        (np.full(60, np.nan), "sample_weight contains NaN"),
        (np.full(60, np.inf), "sample_weight contains infinity"),
        (np.ones(59), r"sample_weight.shape == \(59,\), expected \(60,\)"),
    ],
    ids=["zero", "negative", "nan", "infinite", "short"],
)
def test_weights_that_cannot_be_are_refused(table, weights, message):
    with pytest.raises(ValueError, match=message):
        small_model().fit(*table, sample_weight=weights)


def test_labels_that_are_no_classes_are_refused(table):
    frame, y = table
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        small_model().fit(frame, y + 0.5)
    with pytest.raises(ValueError, match="Input y contains NaN"):
        small_model().fit(frame, np.where(y == 0, np.nan, y))
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        small_model().fit(frame, y[:-1])


def test_prediction_before_a_fit_is_refused(table):
    for name in ("predict", "predict_proba", "box_of", "distances"):
        with pytest.raises(NotFittedError, match="not fitted yet"):
            getattr(small_model(), name)(table[0])
    with pytest.raises(NotFittedError, match="not fitted yet"):
        _ = small_model().feature_importances_


@pytest.mark.parametrize("factor", [-1.0, 0.0, np.nan, np.inf])
def test_a_class_weight_that_is_not_positive_is_refused_with_its_value(table, factor):
    with pytest.raises(
        ValueError, match=rf"class_weight must be positive and finite, got \{{0: {factor}\}}: leave rows"
    ):
        small_model(class_weight={0: factor, 1: 2.0}).fit(*table)


def test_a_class_weight_of_an_unknown_class_is_refused_with_the_known_ones(table):
    with pytest.raises(ValueError, match=r"class_weight names 'wet', but the classes are \[0, 1, 2\]"):
        small_model(class_weight={"wet": 2.0}).fit(*table)
