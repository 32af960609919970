"""The line through the logits of a map that an audit finds.

With pᵢ the map's P(any) of the cells in the sample and yᵢ what a person saw, the corrected chance is

    logit p′ = a + b · logit p.

a and b maximise the likelihood with Jeffreys' prior (Firth 1993, doi:10.1093/biomet/80.1.27), which is finite whatever
was seen. The slope b is estimated where at least `MIN_OF_EACH` cells with slumps and as many without were seen, else it
is 1. The interval of the intercept (b held) is that of the score test, all a with

    (Σ wᵢ (yᵢ − p′ᵢ(a)))² ≤ z² · Σ wᵢ² p′ᵢ(a) (1 − p′ᵢ(a)),

Wilson's interval (1927, doi:10.1080/01621459.1927.10502953) where all pᵢ are equal; that of the slope is Wald's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import norm

from entropice.errors import LabelError
from entropice.learning.scores.skills import log_odds
from entropice.types import BoolArray, FloatArray

MIN_OF_EACH: Final = 30

_Z = float(norm.ppf(0.975))
_WIDEST_LOGIT = 30.0
_MAX_STEPS = 100


@dataclass(frozen=True)
class Correction:
    """A line through the logits of a map, and the 95 % intervals of its parts.

    Attributes
    ----------
    intercept, slope
        a and b.
    intercept_low, intercept_high
        Infinite where all cells of the sample gave the same answer.
    slope_low, slope_high
        NaN where the slope is not estimated.
    n, n_with
        Cells that were looked at, and those with slumps.
    """

    intercept: float
    intercept_low: float
    intercept_high: float
    slope: float
    slope_low: float
    slope_high: float
    n: int
    n_with: int

    def apply(self, p_any: FloatArray) -> FloatArray:
        """Corrected chance (n,) of any slump, by that of the map (n,); NaN stays NaN.

        ``logit⁻¹(a + b logit p)``, p kept within 1e-4 and 1 − 1e-4 (`log_odds`).

        Examples
        --------
        Odds of 1 : 9, doubled.

        >>> correction = Correction(np.log(2.0), 0.0, np.log(9.0), 1.0, np.nan, np.nan, n=40, n_with=8)
        >>> correction.apply(np.array([0.1, np.nan])).round(4).tolist()
        [0.1818, nan]
        """
        return self._shifted(self.intercept, p_any)

    def interval(self, p_any: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Ends (n,) of the corrected chance at the ends of the intercept's interval; 0 or 1 where one is infinite.

        The slope is held at its estimate. NaN stays NaN.

        Examples
        --------
        >>> correction = Correction(np.log(2.0), 0.0, np.inf, 1.0, np.nan, np.nan, n=40, n_with=40)
        >>> low, high = correction.interval(np.array([0.1]))
        >>> low.round(4).tolist(), high.tolist()
        ([0.1], [1.0])
        """
        return self._shifted(self.intercept_low, p_any), self._shifted(self.intercept_high, p_any)

    def _shifted(self, intercept: float, p_any: FloatArray) -> FloatArray:
        chance: FloatArray = expit(intercept + self.slope * log_odds(p_any))
        return chance


def fit_correction(answers: pd.DataFrame) -> Correction:
    """Fit intercept and slope to the cells that were looked at.

    Parameters
    ----------
    answers
        Columns ``p_any`` (0 to 1), ``weight`` (positive, of any sum) and ``observed`` (boolean), (n). No value is NaN.

    Returns
    -------
    Correction
        Its slope is 1, with NaN for an interval, where fewer than 30 (`MIN_OF_EACH`) cells with slumps or without were
        seen, or the map says the same everywhere.

    Raises
    ------
    LabelError
        If there are none.

    Notes
    -----
    ``logit p′ = a + b logit p`` by the likelihood with Jeffreys' prior: Firth (1993), doi:10.1093/biomet/80.1.27.
    Weights are divided by their mean, and log odds are those of `log_odds`. The slope's interval is Wald's, b ± 1.96
    standard errors; the intercept is fitted anew with the slope held, and its interval is that of `intercept_interval`.
    Newton's method takes 100 steps at most, each part of a step at most 1, and ends below 1e-10.

    Examples
    --------
    A map that says a tenth everywhere, and slumps in half of forty cells: a is the logit of .5 minus that of .1.

    >>> import numpy as np
    >>> answers = pd.DataFrame({"p_any": 0.1, "weight": 1.0, "observed": np.arange(40) % 2 == 0})
    >>> correction = fit_correction(answers)
    >>> round(correction.intercept, 4), correction.slope, bool(correction.intercept_low > 0)
    (2.1972, 1.0, True)
    >>> correction.apply(np.array([0.1])).round(4).tolist()
    [0.5]
    """
    if answers.empty:
        raise LabelError("The audit holds no answer.", field="observed", fix="fill in the sample, then read it again")
    logits, observed = log_odds(answers["p_any"].to_numpy()), answers["observed"].to_numpy()
    # With a mean of 1 the sum is the number of answers: the prior weighs about as much as half an answer of each kind,
    # whatever unit weights had.
    weights = (answers["weight"] / answers["weight"].mean()).to_numpy()
    slope, slope_error = _slope(logits, observed, weights)
    intercept = _jeffreys(np.ones((len(logits), 1)), slope * logits, observed, weights)[0][0]
    low, high = intercept_interval(slope * logits, observed, weights)
    return Correction(
        float(intercept),
        *(low, high),
        *(slope, slope - _Z * slope_error, slope + _Z * slope_error),
        *(len(observed), int(observed.sum())),
    )


def intercept_interval(offset: FloatArray, observed: BoolArray, weights: FloatArray) -> tuple[float, float]:
    """Ends of the 95 % interval of a in logit p = a + offset, by the score test; infinite on a side without evidence.

    Parameters
    ----------
    offset, observed, weights
        (n,): log odds without a, the answers, and weights above 0, of a mean of 1.

    Notes
    -----
    Inverts the score test: all a with ``(Σ w (y − p(a)))² ≤ z² Σ w² p(a) (1 − p(a))``; z = 1.96, and ends beyond ±30
    are infinite. With equal offsets and weights that is Wilson's interval of the share (1927,
    doi:10.1080/01621459.1927.10502953).

    Examples
    --------
    Wilson's interval of 20 among 40 is .352 to .648; of 40 among 40 there is no upper end.

    >>> ends = intercept_interval(np.zeros(40), np.arange(40) < 20, np.ones(40))
    >>> expit(ends).round(3).tolist(), intercept_interval(np.zeros(40), np.ones(40, dtype=bool), np.ones(40))[1]
    ([0.352, 0.648], inf)
    """

    def excess(z: float, intercept: float) -> float:
        chance = expit(intercept + offset)
        sd = np.sqrt((weights**2 * chance * (1 - chance)).sum())
        return float((weights * (observed - chance)).sum() - z * sd)

    low, high = _root(partial(excess, _Z)), _root(partial(excess, -_Z))
    return -np.inf if low is None else low, np.inf if high is None else high


def _slope(logits: FloatArray, observed: BoolArray, weights: FloatArray) -> tuple[float, float]:
    """The slope and its standard error; 1 and NaN where it is not identified."""
    if min(observed.sum(), (~observed).sum()) < MIN_OF_EACH or np.ptp(logits) == 0:
        return 1.0, np.nan
    design = np.column_stack([np.ones(len(logits)), logits])
    coefficients, covariance = _jeffreys(design, np.zeros(len(logits)), observed, weights)
    return float(coefficients[1]), float(np.sqrt(covariance[1, 1]))


def _jeffreys(
    design: FloatArray, offset: FloatArray, observed: BoolArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Coefficients (k,) of a logistic regression with Jeffreys' prior, and their covariance, by Newton's method."""
    coefficients = np.zeros(design.shape[1])
    for _ in range(_MAX_STEPS):
        chance = expit(offset + design @ coefficients)
        curvature = weights * chance * (1 - chance)
        covariance = np.linalg.inv(design.T @ (curvature[:, None] * design))
        # The score of Jeffreys' prior, half the log determinant of the information: each row counts as if half of its
        # leverage had answered yes and half no, so that no coefficient runs away where all gave the same answer.
        leverage = curvature * np.einsum("ij,jk,ik->i", design, covariance, design)
        step = covariance @ design.T @ (weights * (observed - chance) + leverage * (0.5 - chance))
        # Held short: from 0 a full step can overshoot to where every chance is 0 or 1 and the information is singular.
        coefficients = coefficients + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-10:
            break
    return coefficients, covariance


def _root(excess: Callable[[float], float]) -> float | None:
    """The logit at which a falling function is 0; None where it does not change its sign."""
    ends = excess(-_WIDEST_LOGIT), excess(_WIDEST_LOGIT)
    return float(brentq(excess, -_WIDEST_LOGIT, _WIDEST_LOGIT)) if ends[0] > 0 > ends[1] else None
