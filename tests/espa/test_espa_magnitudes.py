"""The unit of a feature changes nothing, as far as its squares are numbers; beyond that it is refused."""

import numpy as np
import pytest
from espa_problems import small_table

from entropice.espa import ESPAClassifier


def fitted(X, y, affiliation):
    return ESPAClassifier(4, n_init=4, random_state=0, affiliation=affiliation).fit(X, y)


@pytest.mark.parametrize("affiliation", ["hard", "soft"])
@pytest.mark.parametrize(
    ("dtype", "scale"),
    [
        ("float64", 1e-145),
        ("float64", 1e-80),
        ("float64", 1e80),
        ("float64", 1e145),
        ("float32", 1e-11),
        ("float32", 1e11),
    ],
)
def test_classes_are_told_apart_in_any_unit(dtype, scale, affiliation):
    X = np.random.default_rng(0).normal(size=(400, 6))
    y = (X[:, 0] > 0).astype(int)
    X[:, 0] *= scale

    assert fitted(X.astype(dtype), y, affiliation).score(X.astype(dtype), y) > 0.97


@pytest.mark.parametrize("affiliation", ["hard", "soft"])
@pytest.mark.parametrize(
    ("dtype", "scale"),
    [
        ("float64", 1e154),
        ("float64", 1e200),
        ("float64", 1e-160),
        ("float64", 1e-200),
        ("float32", 1e18),
        ("float32", 1e-22),
    ],
)
def test_values_that_cannot_be_squared_are_refused_by_name_and_extent(dtype, scale, affiliation):
    X, y = small_table(1)
    X[:, 2] *= scale

    with pytest.raises(ValueError, match=rf"Feature 2 lies in .* cannot be squared in {dtype}: change its unit"):
        fitted(X.astype(dtype), y, affiliation)


def test_a_constant_feature_has_no_smallest_extent():
    X, y = small_table(1)
    X[:, 1] = 1e-300

    assert np.isfinite(fitted(X, y, "hard").predict_proba(X)).all()


def test_rows_too_large_for_a_distance_are_refused_in_prediction():
    X, y = small_table(1)
    X[:, 0] *= 1e-140
    model = fitted(X, y, "hard")
    rows = X[:5].copy()
    rows[3, 0] = 1e308

    with pytest.raises(ValueError, match="Row 3 holds a value too large for its distance"):
        model.predict_proba(rows)
