import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.imagery.classes import scores
from entropice.imagery.classes.calibration import ClassCalibration, as_it_is, fit_calibration, smoothed
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
    assert sum(found.intercepts) == pytest.approx(0, abs=1e-9)


def test_temperature_and_prevalence_are_found_again() -> None:
    logits, labels = _drawn(2, 20_000)
    moved = 3 * logits + np.array([1.0, 0.0, -1.0])

    found = fit_calibration(moved, labels)

    assert found.temperature == pytest.approx(3, rel=0.05)
    np.testing.assert_allclose(found.logits(moved), logits, atol=0.3)


@settings(max_examples=20)
@given(seed=st.integers(0, 999))
def test_no_line_fits_the_smoothed_truth_better(seed: int) -> None:
    logits, labels = _drawn(seed, 30)
    found, truth = fit_calibration(logits, labels), smoothed(labels, 3)

    def loss(calibration: ClassCalibration) -> float:
        return -float((truth * judged(calibration.logits(logits), labels, UNIFORM).log_chances).sum())

    random = np.random.default_rng(seed)
    for _ in range(5):
        step = random.normal(size=4) * 0.05
        other = ClassCalibration(max(found.slope + step[0], 1e-3), tuple(np.array(found.intercepts) + step[1:]))
        assert loss(other) >= loss(found) - 1e-6


def test_images_that_are_all_right_make_nobody_certain() -> None:
    labels = np.arange(15) % 3
    found = fit_calibration(50 * np.eye(3)[labels], labels)

    sure = judged(found.logits(50 * np.eye(3)[labels]), labels, UNIFORM)

    assert sure.confidence.max() == pytest.approx(16 / 18, abs=1e-3)


def test_a_model_worth_nothing_says_the_prevalence() -> None:
    labels = np.array([0] * 30 + [1] * 20 + [2] * 10)
    against = -5 * np.eye(3)[labels]

    found = fit_calibration(against, labels)

    chances = np.exp(judged(found.logits(against), labels, UNIFORM).log_chances)
    np.testing.assert_allclose(chances.mean(axis=0), smoothed(labels, 3).mean(axis=0), atol=0.02)


def test_it_comes_back_from_json_and_the_neutral_one_changes_nothing() -> None:
    found = ClassCalibration(0.7, (0.1, -0.3, 0.2))
    logits, labels = _drawn(5, 10)

    assert ClassCalibration.from_json(found.to_json()) == found
    assert np.array_equal(as_it_is(3).logits(logits), logits)
    assert scores.accuracy(judged(logits, labels, UNIFORM), np.ones(10)) <= 1
