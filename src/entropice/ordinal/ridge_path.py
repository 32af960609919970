r"""Logistic regressions that share a direction, by Newton's method along a path of ridges.

Of stages s with own intercepts a_s and one direction b, for rows z_i (training mean 0), outcomes y and weights w,

    f(a, b) = Σ_is w_is [log(1 + exp η_is) - y_is η_is] + r/2 |b|²,    η_is = a_s + z_i·b

is minimised; the ridge r is the inverse of scikit-learn's C. f is strictly convex for r > 0. Steps are halved until f
does not rise. A path begins with the largest ridge; each solution is where the next begins. The second derivatives cost
most: they are kept from step to step, and from ridge to ridge, for as long as steps with them close the gap fast.

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
FAST: Final = 0.1
"""Second derivatives are renewed where a step leaves more than this share of the gap to the minimum."""
ROUNDING: Final = 1e-13
"""Share of f by which it may seem to rise."""


class Solution(NamedTuple):
    """Intercepts (S,), direction (p,) and the number of Newton steps."""

    intercepts: Floats
    direction: Floats
    n_iter: int


class Point(NamedTuple):
    """Coefficients (S + p,), intercepts first, and the logits (n, S) that they give."""

    coefficients: Floats
    logits: Floats


class Problem(NamedTuple):
    """Rows (n, p) and the stages asked of them."""

    rows: Floats
    stages: Stages

    @property
    def n_stages(self) -> int:
        """Number of intercepts."""
        return int(self.stages.outcomes.shape[1])

    def at(self, coefficients: Floats) -> Point:
        """The point of some coefficients (S + p,), intercepts first, with logits (n, S): ``a_s + z_i·b``.

        Examples
        --------
        Intercepts 1 and 2 and the direction 3, at rows −1 and 1.

        >>> import numpy as np
        >>> stages = Stages(np.zeros((2, 2)), np.ones((2, 2)))
        >>> Problem(np.array([[-1.0], [1.0]]), stages).at(np.array([1.0, 2.0, 3.0])).logits.tolist()
        [[-2.0, -1.0], [4.0, 5.0]]
        """
        intercepts, direction = np.split(coefficients, [self.n_stages])
        return Point(coefficients, intercepts + (self.rows @ direction)[:, None])

    def loss(self, point: Point, ridge: float) -> float:
        """The objective f, as the module states it: ``Σ w [log(1 + exp η) − y η] + r/2 |b|²`` with r the ridge.

        Examples
        --------
        Two rows at logit 0 cost log 2 each; with b = 2 and r = 1 the logits are −2 and 2, and the ridge costs 2.

        >>> from math import exp, log
        >>> import numpy as np
        >>> problem = Problem(np.array([[-1.0], [1.0]]), Stages(np.array([[0.0], [1.0]]), np.ones((2, 1))))
        >>> at_zero, at_two = (problem.loss(problem.at(np.array([0.0, b])), 1.0) for b in (0.0, 2.0))
        >>> round(at_zero / log(2), 9), round(at_two - 2 * log(1 + exp(-2)), 9)
        (2.0, 2.0)
        """
        outcomes, weights = self.stages
        misfit = (weights * (np.logaddexp(0.0, point.logits) - outcomes * point.logits)).sum()
        return float(misfit + self.penalties(ridge) @ point.coefficients**2 / 2)

    def gradient(self, point: Point, ridge: float) -> Floats:
        """First derivatives of f, shape (S + p,): ``Σ_i w_is (σ(η_is) − y_is)`` by intercept, then by direction
        ``Σ_is w_is (σ(η_is) − y_is) z_i + r b``.

        Examples
        --------
        At 0 all σ are 1/2: by intercept 1/2 − 1/2, by direction 1/2 · (−1) + (−1/2) · 1.

        >>> import numpy as np
        >>> problem = Problem(np.array([[-1.0], [1.0]]), Stages(np.array([[0.0], [1.0]]), np.ones((2, 1))))
        >>> problem.gradient(problem.at(np.zeros(2)), 1.0).tolist()
        [0.0, -1.0]
        """
        outcomes, weights = self.stages
        residuals = weights * (expit(point.logits) - outcomes)
        of_misfit = np.concatenate([residuals.sum(axis=0), self.rows.T @ residuals.sum(axis=1)])
        slopes: Floats = of_misfit + self.penalties(ridge) * point.coefficients
        return slopes

    def curvatures(self, point: Point) -> Floats:
        """Second derivatives of f without its ridge, shape (S + p, S + p), intercepts first.

        With ``v_is = w_is σ(η_is) σ(−η_is)``: ``Σ_i v_is`` on the diagonal of the intercepts, ``Σ_i v_is z_i`` between
        an intercept and the direction, ``Σ_is v_is z_i z_iᵀ`` within the direction.

        Examples
        --------
        At 0 all v are 1/4; the rows −1 and 1 cancel between intercept and direction.

        >>> import numpy as np
        >>> problem = Problem(np.array([[-1.0], [1.0]]), Stages(np.array([[0.0], [1.0]]), np.ones((2, 1))))
        >>> problem.curvatures(problem.at(np.zeros(2))).tolist()
        [[0.5, 0.0], [0.0, 0.5]]
        """
        # σ(η) σ(−η), not σ (1 − σ): the latter is 0 by rounding long before the curvature is.
        variances = self.stages.weights * expit(point.logits) * expit(-point.logits)
        scaled = np.sqrt(variances.sum(axis=1))[:, None] * self.rows
        crossed = variances.T @ self.rows
        return np.block([[np.diag(variances.sum(axis=0)), crossed], [crossed.T, scaled.T @ scaled]])

    def penalties(self, ridge: float) -> Floats:
        """The ridge of each coefficient, shape (S + p,): none for intercepts.

        Examples
        --------
        >>> import numpy as np
        >>> Problem(np.zeros((5, 3)), Stages(np.zeros((5, 2)), np.ones((5, 2)))).penalties(0.5).tolist()
        [0.0, 0.0, 0.5, 0.5, 0.5]
        """
        return np.repeat([0.0, ridge], [self.n_stages, self.rows.shape[1]])


def ridge_path(
    rows: Floats, stages: Stages, ridges: Iterable[float], tol: float, max_iter: int
) -> dict[float, Solution]:
    """Solutions by ridge for standardised rows (n, p).

    Parameters
    ----------
    rows
        Without NaN; a constant column gets the coefficient 0.
    stages
        Outcomes and weights (n, S); a stage holds both outcomes, or its intercept is infinite.
    ridges
        Positive.
    tol
        Newton's method ends with the step that promises to lower f by no more than this share of the weight: half the
        product of step and negative gradient. Steps are halved, down to 2⁻⁴⁰, until f rises by no more than 1e-13 of
        it.
    max_iter
        Largest number of steps for one ridge.

    Returns
    -------
    dict
        A solution for each ridge, the largest first; a ridge that is asked for twice occurs once.

    Warns
    -----
    ConvergenceWarning
        Where `max_iter` steps do not suffice; the last point is the solution then.

    Examples
    --------
    Rows at −1 and 1 with outcomes 0 and 1: the derivative by b is 0 where r b = 2 σ(−b). The weaker the ridge, the
    larger b.

    >>> from math import exp
    >>> import numpy as np
    >>> stages = Stages(np.array([[0.0], [1.0]]), np.ones((2, 1)))
    >>> found = ridge_path(np.array([[-1.0], [1.0]]), stages, [0.1, 1.0], tol=1e-14, max_iter=100)
    >>> [(r, round(float(own.direction[0]), 4)) for r, own in found.items()]
    [(1.0, 0.6748), (0.1, 2.128)]
    >>> round(2 / (1 + exp(0.67483)), 4)
    0.6748
    """
    concerned = stages.weights.any(axis=1)
    problem = Problem(rows[concerned], Stages(stages.outcomes[concerned], stages.weights[concerned]))
    solutions: dict[float, Solution] = {}
    point = problem.at(_frequencies_alone(problem))
    curvatures = problem.curvatures(point)
    # From the strongest ridge on: its solution is near the start, where there is no direction, and each is near the
    # next.
    for ridge in sorted(set(ridges), reverse=True):
        point, curvatures, n_iter = _minimise(problem, point, curvatures, ridge, tol, max_iter)
        intercepts, direction = np.split(point.coefficients, [problem.n_stages])
        solutions[ridge] = Solution(intercepts, direction, n_iter)
    return solutions


def _frequencies_alone(problem: Problem) -> Floats:
    """Coefficients (S + p,) of the best f without any direction."""
    outcomes, weights = problem.stages
    intercepts = logit((weights * outcomes).sum(axis=0) / weights.sum(axis=0))
    return np.concatenate([intercepts, np.zeros(problem.rows.shape[1])])


def _minimise(
    problem: Problem, point: Point, curvatures: Floats, ridge: float, tol: float, max_iter: int
) -> tuple[Point, Floats, int]:
    """Return the minimum, the last second derivatives and the number of steps."""
    enough = tol * problem.stages.weights.sum()
    penalties = problem.penalties(ridge)
    factor = _factor(curvatures, penalties)
    gap = np.inf
    for n_iter in range(1, max_iter + 1):
        gradient = problem.gradient(point, ridge)
        step, promised = _newton_step(factor, gradient)
        # Newton's method with the derivatives of an earlier point still goes downhill, linearly in place of
        # quadratically; a gap that shrinks tenfold a step is cheaper to follow than new derivatives are to make.
        if promised > FAST * gap:
            curvatures = problem.curvatures(point)
            factor = _factor(curvatures, penalties)
            step, promised = _newton_step(factor, gradient)
        point, gap = _descend(problem, point, step, ridge), promised
        if promised <= enough:
            return point, curvatures, n_iter
    warnings.warn(
        f"Newton's method did not converge in max_iter={max_iter} steps for ridge {ridge:g}.",
        ConvergenceWarning,
        stacklevel=2,
    )
    return point, curvatures, max_iter


def _factor(curvatures: Floats, penalties: Floats) -> tuple[Floats, bool]:
    """Cholesky factor of the second derivatives of f."""
    factor: tuple[Floats, bool] = scipy.linalg.cho_factor(curvatures + np.diag(penalties), overwrite_a=True)
    return factor


def _newton_step(factor: tuple[Floats, bool], gradient: Floats) -> tuple[Floats, float]:
    """The step (S + p,) to the minimum of the local parabola, and how far f falls there."""
    step: Floats = -scipy.linalg.cho_solve(factor, gradient, check_finite=False)
    return step, float(-gradient @ step / 2)


def _descend(problem: Problem, point: Point, step: Floats, ridge: float) -> Point:
    """Go along the step, halved until f does not rise; stay where no length will do."""
    # At the minimum f is flat, and rounding makes it seem to rise: without the margin the last step would be refused.
    highest = problem.loss(point, ridge) * (1 + ROUNDING)
    length = 1.0
    while length > SMALLEST_STEP:
        there = problem.at(point.coefficients + length * step)
        if problem.loss(there, ridge) <= highest:
            return there
        length /= 2
    return point
