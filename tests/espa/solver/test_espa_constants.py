"""What a fit holds fixed while it sweeps."""

from dataclasses import fields

import numpy as np
import pytest
from espa_problems import random_batch, small_table

from entropice.espa.solver.constants import feature_scales, fit_constants, label_weight_ratios

CLASSES = np.array([0, 1, 2])


def test_label_ratios_make_the_label_weights_sum_to_one():
    """Shares .8 and .2. Balanced, ratios are 1/2 / .8 and 1/2 / .2; with factors 1 and 3, they are 1 / 1.4 and
    3 / 1.4."""
    shares = np.array([[0.8, 0.2]])
    assert label_weight_ratios(CLASSES[:2], shares, None) == pytest.approx(np.array([[1.0, 1.0]]))
    assert label_weight_ratios(CLASSES[:2], shares, "balanced") == pytest.approx(np.array([[0.625, 2.5]]))
    assert label_weight_ratios(CLASSES[:2], shares, {1: 3.0}) == pytest.approx(np.array([[1 / 1.4, 3 / 1.4]]))


def test_a_weighting_without_a_class_balances_those_it_has():
    ratios = label_weight_ratios(CLASSES, np.array([[0.25, 0.5, 0.25], [1 / 3, 2 / 3, 0.0]]), "balanced")
    assert ratios[1] == pytest.approx([1.5, 0.75, 0.0])


def test_a_feature_is_scaled_by_its_extent_where_it_varies():
    X, y = small_table(3)
    X[:, 1] = 4.0
    features = random_batch(
        1, values=X, codes=y, weightings=np.ones((1, 60)), weighting_of=[0], is_soft=False
    ).data.features
    extents = np.nanmax(X, axis=0) - np.nanmin(X, axis=0)
    assert feature_scales(features, "minmax").tolist() == [[extents[0], 1.0, *extents[2:]]]
    assert feature_scales(features, None).tolist() == [[1.0] * 4]


@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 0.5, 1: 3.0}])
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_constants_are_those_of_the_formulas(missing, class_weight):
    X, y = small_table(5, missing=missing)
    X[:, 2] = np.where(np.isnan(X[:, 2]), np.nan, -1.5)
    weightings = np.array([np.ones(60), np.arange(60) % 3 != 0])
    batch = random_batch(
        1, values=X, codes=y, weightings=weightings, weighting_of=[0, 1], is_soft=False, class_weight=class_weight
    )
    data = batch.data
    ratios = label_weight_ratios(data.classes, data.class_shares, class_weight)
    scales = feature_scales(data.features, "minmax")
    found = fit_constants(data.features, data.class_shares, ratios, scales, np.zeros(4))
    for field in fields(found):
        expected = getattr(batch.constants, field.name)
        assert getattr(found, field.name) == pytest.approx(expected, rel=1e-14), field.name
