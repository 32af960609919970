"""Temperature and line: found again where they are known, equal to scikit-learn's, and right at any ratio."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pixel_problems import gaussian_pixels
from sklearn.linear_model import LogisticRegression

from entropice.errors import LabelError
from entropice.imagery.calibration import Calibration, calibration_line, fit_line, fit_temperature, prior_shift
from entropice.imagery.pixel_scores import log_score, predicted_over_observed
from entropice.imagery.score_steps import Steps, steps_of


def test_a_known_temperature_is_found_again():
    """Logits right at 1 : 9, made three times too bold, on pixels weighted to 1 : 200."""
    logits, is_positive = gaussian_pixels(0, 200_000, 0.1)
    fitted = fit_temperature(steps_of(3 * logits, is_positive), ratio=200, training_ratio=9)
    assert fitted.temperature == pytest.approx(3, rel=0.02)
    assert fitted.intercept == pytest.approx(np.log(9 / 200))


def test_the_temperature_is_best_of_all():
    logits, is_positive = gaussian_pixels(1, 5000, 0.1)
    steps = steps_of(2 * logits, is_positive)
    fitted = fit_temperature(steps, ratio=50, training_ratio=9)

    def loss(slope):
        return log_score(Calibration(slope, fitted.intercept, 50).steps_at(steps, 50), 50)

    slopes = fitted.slope * np.geomspace(1 / 3, 3, 41)
    losses = np.array([loss(slope) for slope in slopes])
    assert losses.argmin() == 20
    assert (np.diff(np.diff(losses) / np.diff(slopes)) > 0).all(), "convex in 1/T"


@pytest.mark.parametrize("ratio", [9, 200, 1000])
def test_the_line_is_scikit_learns(ratio):
    logits, is_positive = gaussian_pixels(2, 3000, 0.1)
    weights = np.where(is_positive, 1 / is_positive.sum(), ratio / (~is_positive).sum())
    reference = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(logits[:, None], is_positive, weights)
    intercept, slope = calibration_line(steps_of(logits, is_positive), ratio)
    assert slope == pytest.approx(reference.coef_[0, 0], rel=1e-5)
    assert intercept == pytest.approx(reference.intercept_[0], rel=1e-5)


def test_leading_dimensions_have_each_their_own_line():
    blocks = [gaussian_pixels([3, block], 2000, 0.1, distance) for block, distance in enumerate((1.5, 2.0, 2.5))]
    edges = np.linspace(-14, 14, 300)
    counts = np.stack([[np.histogram(z[y == yes], edges)[0][::-1] for yes in (False, True)] for z, y in blocks])
    steps = Steps((edges[:-1] + 0.05)[::-1], edges[:-1][::-1], counts)
    lines = calibration_line(steps, 200)
    for block in range(3):
        np.testing.assert_allclose(lines[block], calibration_line(steps.with_counts(counts[block]), 200), rtol=1e-6)


def test_calibrated_logits_are_right_at_every_ratio():
    logits, is_positive = gaussian_pixels(4, 400_000, 0.05)
    steps = steps_of(0.5 * logits + 1, is_positive)
    fitted = fit_line(steps, 200)
    for ratio in (20, 200, 1000):
        intercept, slope = calibration_line(fitted.steps_at(steps, ratio), ratio)
        assert slope == pytest.approx(1, abs=0.04)
        assert intercept == pytest.approx(0, abs=0.25)
        assert predicted_over_observed(fitted.steps_at(steps, ratio), ratio) == pytest.approx(1, abs=0.1)
    assert predicted_over_observed(fitted.steps_at(steps, 200), 200) == pytest.approx(1, abs=1e-6)


@given(st.floats(0.1, 5), st.floats(-3, 3), st.floats(1, 1000), st.floats(1, 1000))
def test_a_calibration_comes_back_from_json_and_ratios_shift_there_and_back(slope, intercept, ratio, other):
    calibration = Calibration(slope, intercept, ratio)
    assert Calibration.from_json(calibration.to_json()) == calibration
    z = np.array([-1.0, 2.0])
    np.testing.assert_allclose(
        calibration.logits_at(z, ratio), calibration.logits_at(z, other) + prior_shift(other, ratio), atol=1e-12
    )


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_logits_that_tell_all_or_the_contrary_are_refused(sign):
    steps = steps_of(sign * np.array([-2.0, -1.0, 1.0, 2.0]), np.array([False, False, True, True]))
    with pytest.raises(LabelError, match="cannot be calibrated"):
        fit_temperature(steps, 1, 1)
    with pytest.raises(LabelError, match="cannot be calibrated"):
        fit_line(steps, 1)


def test_one_logit_for_all_has_no_line():
    steps = steps_of(np.zeros(10), np.arange(10) < 3)
    assert np.isnan(calibration_line(steps, 5)).all()


def test_a_block_that_is_told_apart_without_a_fault_has_no_line_beside_others_that_have():
    some = steps_of(np.repeat([1.0, -1.0], 4), np.array([1, 1, 1, 0, 1, 0, 0, 0], dtype=bool))
    counts = np.stack([some.counts, [[0, 4], [4, 0]], [[4, 0], [0, 4]], [[4, 4], [0, 0]]])
    lines = calibration_line(some.with_counts(counts), 1)
    np.testing.assert_allclose(lines[0], [0, np.log(3)], atol=1e-3)
    assert np.isnan(lines[1:]).all()
