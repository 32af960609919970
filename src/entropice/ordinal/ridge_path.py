r"""Logistic regressions that share a direction, by Newton's method along a path of ridges.

Of stages s with own intercepts a_s and one direction b, for rows z_i (training mean 0), outcomes y and weights w,

    f(a, b) = Σ_is w_is [log(1 + exp η_is) - y_is η_is] + r/2 |b|²,    η_is = a_s + z_i·b

is minimised; the ridge r is the inverse of scikit-learn's C. f is strictly convex for r > 0. Steps are halved until f
falls; a path begins with the largest ridge, and each solution is where the next begins.

Source: le Cessie & van Houwelingen (1992), doi:10.2307/2347628.
"""

import warnings
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.exceptions import ConvergenceWarning

from entropice.ordinal.continuation import Stages

Floats = NDArray[np.float64]

SMALLEST_STEP: Final = 2.0**-40


class Solution(NamedTuple):
    """Intercepts (S,), direction (p,) and the number of Newton steps."""

    intercepts: Floats
    direction: Floats
    n_iter: int


class Problem(NamedTuple):
    """Rows (n, p) and the stages asked of them."""

    rows: Floats
    stages: Stages

    @property
    def n_stages(self) -> int:
        """Number of intercepts, which lead the vector of coefficients."""
        return int(self.stages.outcomes.shape[1])

    def logits(self, coefficients: Floats) -> Floats:
        """Logits (n, S)."""
        intercepts, direction = np.split(coefficients, [self.n_stages])
        logits: Floats = intercepts + (self.rows @ direction)[:, None]
        return logits

    def loss(self, logits: Floats, coefficients: Floats, ridge: float) -> float:
        """The objective f."""
        outcomes, weights = self.stages
        misfit = (weights * (np.logaddexp(0.0, logits) - outcomes * logits)).sum()
        return float(misfit + ridge / 2 * (coefficients[self.n_stages :] ** 2).sum())

    def newton_step(self, logits: Floats, coefficients: Floats, ridge: float) -> tuple[Floats, float]:
        """The step (S + p,) to the minimum of the local parabola, and how far f falls there."""
        outcomes, weights = self.stages
        probabilities = expit(logits)
        residuals = weights * (probabilities - outcomes)
        penalties = np.repeat([0.0, ridge], [self.n_stages, self.rows.shape[1]])
        gradient = (
            np.concatenate([residuals.sum(axis=0), self.rows.T @ residuals.sum(axis=1)]) + penalties * coefficients
        )
        curvatures = self._curvatures(weights * probabilities * expit(-logits))
        curvatures[np.diag_indices_from(curvatures)] += penalties
        step: Floats = -scipy.linalg.solve(curvatures, gradient, assume_a="pos")
        return step, float(-gradient @ step / 2)

    def _curvatures(self, variances: Floats) -> Floats:
        """Second derivatives (S + p, S + p) of the misfit, from the variances (n, S) of the outcomes."""
        scaled = np.sqrt(variances.sum(axis=1))[:, None] * self.rows
        crossed = variances.T @ self.rows
        return np.block([[np.diag(variances.sum(axis=0)), crossed], [crossed.T, scaled.T @ scaled]])


def ridge_path(
    rows: Floats, stages: Stages, ridges: Iterable[float], tol: float, max_iter: int
) -> dict[float, Solution]:
    """Solutions by ridge for standardised rows (n, p).

    Parameters
    ----------
    tol
        Newton's method ends with the step that promises to lower f by no more than this share of the weight.
    max_iter
        Largest number of steps for one ridge.
    """
    concerned = stages.weights.any(axis=1)
    problem = Problem(rows[concerned], Stages(stages.outcomes[concerned], stages.weights[concerned]))
    solutions: dict[float, Solution] = {}
    coefficients = _without_rows(problem)
    for ridge in sorted(set(ridges), reverse=True):
        coefficients, n_iter = _minimise(problem, coefficients, ridge, tol, max_iter)
        intercepts, direction = np.split(coefficients, [problem.n_stages])
        solutions[ridge] = Solution(intercepts, direction, n_iter)
    return solutions


def _without_rows(problem: Problem) -> Floats:
    """Coefficients (S + p,) that know frequencies alone."""
    outcomes, weights = problem.stages
    intercepts = logit((weights * outcomes).sum(axis=0) / weights.sum(axis=0))
    return np.concatenate([intercepts, np.zeros(problem.rows.shape[1])])


def _minimise(problem: Problem, coefficients: Floats, ridge: float, tol: float, max_iter: int) -> tuple[Floats, int]:
    enough = tol * problem.stages.weights.sum()
    logits = problem.logits(coefficients)
    for n_iter in range(1, max_iter + 1):
        step, promised = problem.newton_step(logits, coefficients, ridge)
        coefficients, logits = _descend(problem, coefficients, logits, step, ridge)
        if promised <= enough:
            return coefficients, n_iter
    warnings.warn(
        f"Newton's method did not converge in max_iter={max_iter} steps for ridge {ridge:g}.",
        ConvergenceWarning,
        stacklevel=2,
    )
    return coefficients, max_iter


def _descend(
    problem: Problem, coefficients: Floats, logits: Floats, step: Floats, ridge: float
) -> tuple[Floats, Floats]:
    """Go along the step, halved until the objective falls; stay where it does not fall at all."""
    before = problem.loss(logits, coefficients, ridge)
    length = 1.0
    while length > SMALLEST_STEP:
        further = coefficients + length * step
        logits_there = problem.logits(further)
        if problem.loss(logits_there, further, ridge) <= before:
            return further, logits_there
        length /= 2
    return coefficients, logits
