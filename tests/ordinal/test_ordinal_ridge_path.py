"""Newton's method finds the minimum: scikit-learn's where it has the model, a general minimiser's elsewhere."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from entropice.ordinal.continuation import stages_of
from entropice.ordinal.ridge_path import Problem, _factor, _newton_step, ridge_path

RIDGES = [0.01, 1.0, 1e3]


def problem(n_classes=2, n_rows=80):
    random = np.random.default_rng(n_classes)
    rows = random.normal(size=(n_rows, 5))
    codes = np.digitize(rows[:, 0] + random.logistic(size=n_rows), np.linspace(-0.5, 1.5, n_classes - 1))
    return rows - rows.mean(axis=0), stages_of(codes, random.integers(1, 4, n_rows).astype(float), n_classes)


def test_one_stage_is_logistic_regression():
    rows, stages = problem()
    solutions = ridge_path(rows, stages, RIDGES, 1e-14, 50)
    for ridge in RIDGES:
        rival = LogisticRegression(C=1 / ridge, tol=1e-12, max_iter=5000)
        rival.fit(rows, stages.outcomes[:, 0], sample_weight=stages.weights[:, 0])
        assert solutions[ridge].direction == pytest.approx(rival.coef_[0], abs=1e-6)
        assert solutions[ridge].intercepts == pytest.approx(rival.intercept_, abs=1e-6)


@pytest.mark.parametrize("ridge", RIDGES)
def test_several_stages_share_a_direction_where_the_slope_of_the_objective_is_0(ridge):
    rows, stages = problem(4)
    found = ridge_path(rows, stages, [ridge], 1e-12, 50)[ridge]
    whole = Problem(rows, stages)
    coefficients = np.concatenate([found.intercepts, found.direction])
    assert len(coefficients) == 3 + 5
    slope = approx_fprime(coefficients, lambda at: whole.loss(whole.at(at), ridge), 1e-7)
    assert slope == pytest.approx(np.zeros(8), abs=2e-4)


def test_a_step_promises_how_far_its_parabola_falls():
    """By hand: gᵀx + xᵀHx/2 with H = diag(1 + 1, 7 + 1), g = (4, −8) is least at (−2, 1), where it is −4 − 4."""
    step, promised = _newton_step(_factor(np.diag([1.0, 7.0]), np.array([1.0, 1.0])), np.array([4.0, -8.0]))
    assert step == pytest.approx([-2.0, 1.0])
    assert promised == pytest.approx(8.0)


def test_a_path_ends_where_single_fits_end():
    rows, stages = problem(4)
    together = ridge_path(rows, stages, RIDGES, 1e-14, 50)
    for ridge in RIDGES:
        alone = ridge_path(rows, stages, [ridge], 1e-14, 50)[ridge]
        assert together[ridge].direction == pytest.approx(alone.direction, abs=1e-7)


def test_separable_rows_under_a_weak_ridge_have_a_finite_answer():
    rows = np.linspace(-1, 1, 40)[:, None] * 1e3
    solution = ridge_path(rows, stages_of((rows[:, 0] > 0).astype(int), np.ones(40), 2), [1e-6], 1e-10, 200)[1e-6]
    assert np.isfinite(solution.direction).all()
    assert solution.direction[0] > 0


def test_too_few_steps_are_told():
    rows, stages = problem(4)
    with pytest.warns(ConvergenceWarning, match=r"max_iter=1 steps for ridge 0\.01"):
        ridge_path(rows, stages, [0.01], 1e-10, 1)
