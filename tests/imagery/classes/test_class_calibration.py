import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from entropice.imagery.classes.calibration import ClassCalibration, as_it_is, fit_calibration
from entropice.imagery.classes.judged import judged

UNIFORM = np.full(3, 1 / 3)


def _drawn(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels drawn with their chances."""
    random = np.random.default_rng(seed)
    logits = random.normal(size=(n, 3)) * 2
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return logits, (random.uniform(size=(n, 1)) > chances.cumsum(axis=1)).sum(axis=1).clip(0, 2)


def test_what_is_right_is_left_as_it_is() -> None:
    found = fit_calibration(*_drawn(1, 20_000))

    assert found.temperature == pytest.approx(1, abs=0.05)
    np.testing.assert_allclose(found.intercepts, 0, atol=0.06)


def test_temperature_and_prevalence_are_found_again() -> None:
    logits, labels = _drawn(2, 20_000)
    moved = 3 * logits + np.array([1.0, 0.0, -1.0])

    found = fit_calibration(moved, labels)

    assert found.temperature == pytest.approx(3, rel=0.05)
    np.testing.assert_allclose(found.logits(moved), logits, atol=0.3)


@settings(max_examples=20)
@given(seed=st.integers(0, 999))
def test_no_line_near_it_is_likelier(seed: int) -> None:
    logits, labels = _drawn(seed, 30)
    found = fit_calibration(logits, labels)

    def likelihood(line: ClassCalibration) -> float:
        own = judged(line.logits(logits), labels, UNIFORM).log_chance_of_truth.sum()
        return float(own + norm.logpdf(np.log(line.slope)) + norm.logpdf(line.intercepts).sum())

    random = np.random.default_rng(seed)
    for _ in range(5):
        step = random.normal(size=4) * 0.05
        other = ClassCalibration(found.slope * np.exp(step[0]), tuple(np.array(found.intercepts) + step[1:]))
        assert likelihood(other) <= likelihood(found) + 1e-5


def test_some_dozens_of_images_decide_alone() -> None:
    slopes = [fit_calibration(2 * logits, labels).slope for logits, labels in (_drawn(seed, 60) for seed in range(60))]

    assert np.median(slopes) == pytest.approx(0.5, abs=0.06)


def test_images_that_are_all_right_make_nobody_certain() -> None:
    labels = np.arange(15) % 3
    logits = 3.0 * np.eye(3)[labels]

    found = fit_calibration(logits, labels)

    assert 1 < found.slope < 4
    assert judged(found.logits(logits), labels, UNIFORM).confidence.max() < 0.9999


def test_a_model_worth_nothing_says_the_prevalence() -> None:
    labels = np.array([0] * 30 + [1] * 20 + [2] * 10)
    against = -5 * np.eye(3)[labels]

    found = fit_calibration(against, labels)

    chances = np.exp(judged(found.logits(against), labels, UNIFORM).log_chances)
    np.testing.assert_allclose(chances, np.tile([1 / 2, 1 / 3, 1 / 6], (60, 1)), atol=0.06)


def test_it_comes_back_from_json_and_the_neutral_one_changes_nothing() -> None:
    found = ClassCalibration(0.7, (0.1, -0.3, 0.2))
    logits, _ = _drawn(5, 10)

    assert ClassCalibration.from_json(found.to_json()) == found
    assert np.array_equal(as_it_is(3).logits(logits), logits)
