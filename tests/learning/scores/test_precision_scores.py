"""Precision, recall and area against numbers worked by hand, scikit-learn, and repeated rows."""

import numpy as np
import pytest
from forecast_problems import forecast_of
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from entropice.learning.scores import SCORES
from entropice.learning.scores.resampled import Resampled

COUNTED = [name for name in SCORES if name.startswith(("pr_auc", "precision", "area"))]


def value(name, forecast, weights=None):
    weights = np.ones((1, forecast.n_blocks)) if weights is None else np.atleast_2d(weights).astype(float)
    return SCORES[name].values(Resampled(forecast, weights))[0]


# Six rows in the order of their chance: yes, no, yes, (yes, no) tied, no.
BY_HAND = forecast_of([0.9, 0.8, 0.7, 0.5, 0.5, 0.1], [1, 0, 1, 1, 0, 0], land_area_m2=[1, 2, 3, 4, 5, 6])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pr_auc", (1 + 2 / 3 + 3 / 5) / 3),
        ("pr_auc_lift", 2 * (1 + 2 / 3 + 3 / 5) / 3),
        ("precision_at_recall_50", 2 / 3),
        ("precision_at_recall_80", 3 / 5),
        ("area_at_recall_80", 15 / 21),
        # shares above the three rows with slumps: 1/3, 2/3, 1 of those with, 0, 1/3, 2/3 of those without
        ("pr_auc_at_0_01", (1 + 0.01 * 2 / (0.01 * 2 + 0.99) + 0.01 / (0.01 + 0.99 * 2 / 3)) / 3),
    ],
)
def test_scores_equal_the_numbers_worked_by_hand(name, expected):
    assert value(name, BY_HAND) == pytest.approx(expected)


@st.composite
def forecasts(draw):
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    n, n_blocks = draw(st.integers(8, 60)), draw(st.integers(1, 6))
    is_positive = random.random(n) < draw(st.floats(0.05, 0.9))
    is_positive[:2] = True, False
    chance = random.integers(1, draw(st.integers(3, 100)), n) / 101
    return forecast_of(chance, is_positive, np.arange(n) % n_blocks, land_area_m2=random.uniform(1, 9, n))


@given(forecast=forecasts())
@settings(max_examples=60, deadline=None)
def test_areas_under_curves_are_those_of_scikit_learn(forecast):
    truth, chance = forecast.is_positive, forecast.chance
    assert value("pr_auc", forecast) == pytest.approx(average_precision_score(truth, chance))
    assert value("auc", forecast) == pytest.approx(roc_auc_score(truth, chance))


@given(forecast=forecasts(), prevalence=st.sampled_from([0.001, 0.01, 0.05]))
@settings(max_examples=40, deadline=None)
def test_a_stated_prevalence_is_that_of_weighted_rows(forecast, prevalence):
    n, n_positive = len(forecast.chance), forecast.is_positive.sum()
    weights = np.where(forecast.is_positive, prevalence / n_positive, (1 - prevalence) / (n - n_positive))
    expected = average_precision_score(forecast.is_positive, forecast.chance, sample_weight=weights)
    assert value(f"pr_auc_at_{prevalence:g}".replace(".", "_"), forecast) == pytest.approx(expected)


@pytest.mark.parametrize("name", [*COUNTED, "auc", "log_skill", "ece"])
@given(forecast=forecasts(), seed=st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_a_replicate_is_the_score_of_rows_repeated_with_their_blocks(name, forecast, seed):
    """But for the ECE's bins, which stay those of all rows."""
    multiplicity = np.random.default_rng(seed).integers(0, 3, forecast.n_blocks)
    rows = np.repeat(np.arange(len(forecast.chance)), multiplicity[forecast.block])
    found = value(name, forecast, multiplicity)
    if len(rows) == 0:
        assert np.isnan(found)
    elif name != "ece":
        repeated = forecast_of(
            forecast.chance[rows],
            forecast.is_positive[rows],
            forecast.block[rows],
            land_area_m2=forecast.land_area_m2[rows],
        )
        assert found == pytest.approx(value(name, repeated), nan_ok=True)
    else:
        assert 0 <= found <= 1


@pytest.mark.parametrize("name", [*COUNTED, "auc"])
@given(forecast=forecasts())
@settings(max_examples=10, deadline=None)
def test_order_alone_counts(name, forecast):
    squared = forecast_of(forecast.chance**2, forecast.is_positive, forecast.block, land_area_m2=forecast.land_area_m2)
    assert value(name, squared) == pytest.approx(value(name, forecast))


def test_a_perfect_order_has_precision_one_and_needs_the_area_of_the_slumps_alone():
    perfect = forecast_of([0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0], land_area_m2=[1, 2, 3, 4])
    assert value("pr_auc", perfect) == 1
    assert value("precision_at_recall_80", perfect) == 1
    assert value("area_at_recall_80", perfect) == pytest.approx(3 / 10)
