"""Logits that mean what they say, at the ratio of positives to negatives where they are used.

A calibrated chance of a pixel is

    logit p = z / T + b,

T the temperature (Guo et al. 2017, arXiv:1706.04599), b an intercept. Both minimise the mean negative log likelihood of
validation pixels weighted to 1 : r, which is convex in (1/T, b). Logits that are right at 1 : r₀ are right at 1 : r₁
after adding the difference of the prior log-odds,

    z₁ = z₀ + log(r₀ / r₁),

for Bayes' rule adds the prior's log-odds to the log-likelihood ratio, and only the prior changes. So a model trained at
1 : r₀ has b = log(r₀ / r) before anything is fitted; `fit_temperature` keeps that. `fit_line` fits b as well, which is
Platt's scaling: a model whose losses weigh the classes, or whose ratio varied in training, has no r₀.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit

from entropice.errors import LabelError
from entropice.imagery.score_steps import NEGATIVE, POSITIVE, Steps
from entropice.types import BoolArray, FloatArray

SLOPES: Final = (1e-3, 1e3)
_POLISHING_STEPS: Final = 3
_SINGULAR: Final = 1e-12


def prior_shift(from_ratio: float, to_ratio: float) -> float:
    """What to add to logits that are right at 1 : `from_ratio` to make them right at 1 : `to_ratio`.

    ``log(r₀ / r₁)``: negatives that are ten times as many make every odds a tenth.

    Ratios are negatives for each positive, above 0.

    Examples
    --------
    >>> round(prior_shift(10.0, 100.0), 4)
    -2.3026
    """
    return float(np.log(from_ratio) - np.log(to_ratio))


@dataclass(frozen=True)
class Calibration:
    """A line through logits.

    Attributes
    ----------
    slope
        1 / T, above 0, so that the order of pixels stays.
    intercept
        b.
    ratio
        r: the line's logits are right at positives : negatives = 1 : r.
    """

    slope: float
    intercept: float
    ratio: float

    @property
    def temperature(self) -> float:
        """T, 1 / slope."""
        return 1 / self.slope

    def logits_at(self, logits: FloatArray, ratio: float) -> FloatArray:
        """Calibrated logits of any shape at 1 : `ratio`, float64: slope · z + intercept + log(r / `ratio`); NaN stays.

        Examples
        --------
        >>> line = Calibration(slope=2.0, intercept=1.0, ratio=10.0)
        >>> z = np.array([0.5, np.nan])
        >>> line.logits_at(z, 10.0).tolist(), line.logits_at(z, 100.0).round(4).tolist()
        ([2.0, nan], [-0.3026, nan])
        """
        shift = self.intercept + prior_shift(self.ratio, ratio)
        return np.asarray(self.slope * logits + shift, dtype=np.float64)

    def raw_logits(self, logits: FloatArray, ratio: float) -> FloatArray:
        """Logits of any shape that `logits_at` makes these of: its inverse.

        Examples
        --------
        >>> line = Calibration(slope=2.0, intercept=1.0, ratio=10.0)
        >>> line.raw_logits(line.logits_at(np.array([0.5, -3.0]), 100.0), 100.0).round(6).tolist()
        [0.5, -3.0]
        """
        shift = self.intercept + prior_shift(self.ratio, ratio)
        return np.asarray((logits - shift) / self.slope, dtype=np.float64)

    def steps_at(self, steps: Steps, ratio: float) -> Steps:
        """Steps with calibrated logits and thresholds at 1 : `ratio`; the counts stay."""
        return replace(
            steps, logits=self.logits_at(steps.logits, ratio), thresholds=self.logits_at(steps.thresholds, ratio)
        )

    def to_json(self) -> dict[str, Any]:
        """Return a JSON document that `from_json` reads back exactly.

        ``slope intercept ratio``, numbers.
        """
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Rebuild what `to_json` wrote.

        Raises
        ------
        TypeError
            An entry is missing, or there is another one.
        """
        return cls(**document)


def fit_temperature(steps: Steps, ratio: float, training_ratio: float) -> Calibration:
    """The temperature alone, of a model trained at 1 : `training_ratio`.

    Parameters
    ----------
    steps
        Raw logits of validation pixels; leading dimensions are pooled.
    ratio
        The likelihood is that of pixels weighted to 1 : `ratio` (`Steps.shares_at`), at which the calibration is right.

    Raises
    ------
    LabelError
        No slope between 1e-3 and 1e3 is best: logits do not tell positives from negatives, or tell them without a
        fault; or one of both is missing.

    Notes
    -----
    logit p = z / T + log(r₀ / r), r₀ `training_ratio` and r `ratio`; T minimises the mean negative log likelihood (Guo
    et al. 2017, arXiv:1706.04599).

    Examples
    --------
    Of pixels at a logit of 2 three in four are positive, at −2 one in four: the log-odds that are right are ±log 3, so
    that the temperature is 2 / log 3. Where negatives are four times as many as in training, log 4 is taken off.

    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.repeat([2.0, -2.0], 4), np.array([1, 1, 1, 0, 1, 0, 0, 0], bool))
    >>> round(fit_temperature(steps, 1.0, 1.0).temperature, 4), round(2 / float(np.log(3)), 4)
    (1.8205, 1.8205)
    >>> round(fit_temperature(steps, 4.0, 1.0).intercept, 4)
    -1.3863
    """
    # The loss is convex in the slope 1 / T, not in T: its derivative has one root at most, which a bracket finds.
    pooled, shift = steps.pooled(), prior_shift(training_ratio, ratio)
    shares = pooled.shares_at(ratio)

    def gradient(slope: float) -> float:
        chance = expit(slope * pooled.logits + shift)
        return float(((shares.sum(axis=0) * chance - shares[POSITIVE]) * pooled.logits).sum())

    if not gradient(SLOPES[0]) < 0 < gradient(SLOPES[1]):
        raise _no_calibration()
    return Calibration(float(brentq(gradient, *SLOPES)), shift, ratio)


def fit_line(steps: Steps, ratio: float) -> Calibration:
    """Temperature and intercept by maximum likelihood (Platt's scaling).

    Parameters
    ----------
    steps, ratio
        As in `fit_temperature`.

    Raises
    ------
    LabelError
        The two classes can't be told apart, or are told apart without a fault, or one of both is missing: no line with
        a slope between 1e-3 and 1e3 is best then.

    Notes
    -----
    Platt 1999, *Probabilistic outputs for support vector machines*, without its prior: log p / (1 − p) = slope · z +
    intercept at 1 : `ratio`.

    Examples
    --------
    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.repeat([3.0, -1.0], 4), np.array([1, 1, 1, 0, 1, 0, 0, 0], bool))
    >>> line = fit_line(steps, 1.0)
    >>> line.logits_at(np.array([3.0, -1.0]), 1.0).round(4).tolist(), round(float(np.log(3)), 4)
    ([1.0986, -1.0986], 1.0986)
    """
    intercept, slope = calibration_line(steps.pooled(), ratio)
    if not SLOPES[0] < slope < SLOPES[1]:
        raise _no_calibration()
    return Calibration(float(slope), float(intercept), ratio)


def calibration_line(steps: Steps, ratio: float) -> FloatArray:
    """Intercept and slope (…, 2) of the logistic regression of the truth on logits, pixels weighted to 1 : `ratio`.

    Leading dimensions start from the fit of all of them together and come to their own by three of Newton's steps. NaN
    where there is no fit: one of both missing, one logit for all, or logits that tell them apart without a fault.

    Raises
    ------
    LabelError
        The ratio is not above 0.

    Examples
    --------
    Logits twice as large as they should be have a slope of one half; without a fault there is no line.

    >>> from entropice.imagery.score_steps import steps_of
    >>> z = 2 * np.log(3)
    >>> steps = steps_of(np.repeat([z, -z], 4), np.array([1, 1, 1, 0, 1, 0, 0, 0], bool))
    >>> [abs(round(float(each), 4)) for each in calibration_line(steps, 1.0)]
    [0.0, 0.5]
    >>> calibration_line(steps_of(np.array([1.0, -1.0]), np.array([True, False])), 1.0).tolist()
    [nan, nan]
    """
    # Without a fault the likelihood rises for ever with the slope: there is no maximum to look for.
    if _are_separated(steps.pooled()):
        return np.full((*steps.counts.shape[:-2], 2), np.nan)
    line = np.broadcast_to(_line_of_all(steps.pooled(), ratio), (*steps.counts.shape[:-2], 2))
    shares = steps.shares_at(ratio)
    # A fit of its own for each of a thousand replicates would take minutes. They lie so near to the line of all that
    # Newton's steps, which double the right digits, are there after three.
    for _ in range(_POLISHING_STEPS):
        line = line + _newton_step(shares, steps.logits, line)
    # Three steps towards a maximum that is nowhere end at some number.
    return np.where(_are_separated(steps)[..., None], np.nan, line)


def _line_of_all(steps: Steps, ratio: float) -> FloatArray:
    shares, z = steps.shares_at(ratio) * (1 + ratio), steps.logits

    def loss(line: FloatArray) -> float:
        logits = line[0] + line[1] * z
        return float(-(shares[POSITIVE] * log_expit(logits) + shares[NEGATIVE] * log_expit(-logits)).sum())

    def gradient(line: FloatArray) -> FloatArray:
        return _derivatives(shares, z, line)[0]

    def hessian(line: FloatArray) -> FloatArray:
        return _derivatives(shares, z, line)[1]

    # From the prevalence alone; a trust region, as Newton's full step overshoots where few pixels decide the slope.
    start = np.array([-np.log(ratio), 0.0])
    return np.asarray(minimize(loss, start, jac=gradient, hess=hessian, method="trust-exact").x, dtype=np.float64)


def _newton_step(shares: FloatArray, z: FloatArray, line: FloatArray) -> FloatArray:
    """Newton's step (…, 2) of the log likelihood; NaN where it has no single maximum."""
    gradient, hessian = _derivatives(shares, z, line)
    (a, b), (_, d) = np.moveaxis(hessian, (-2, -1), (0, 1))
    # As a share of its terms, for the determinant itself has no scale: a replicate of one logit has no slope.
    determinant = np.where(a * d - b**2 > _SINGULAR * a * d, a * d - b**2, np.nan)
    g_0, g_1 = np.moveaxis(gradient, -1, 0)
    return np.stack([b * g_1 - d * g_0, b * g_0 - a * g_1], axis=-1) / determinant[..., None]


def _derivatives(shares: FloatArray, z: FloatArray, line: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Gradient (…, 2) and Hessian (…, 2, 2) of the mean negative log likelihood."""
    chance = expit(line[..., :1] + line[..., 1:] * z)
    error = shares.sum(axis=-2) * chance - shares[..., POSITIVE, :]
    spread = shares.sum(axis=-2) * chance * (1 - chance)
    design = np.stack([np.ones_like(z), z])
    return error @ design.T, np.einsum("ik,...k,jk->...ij", design, spread, design)


def _are_separated(steps: Steps) -> BoolArray:
    """Whether (…,) a threshold tells positives from negatives without a fault, one way or the other."""
    positive, negative = (steps.counts[..., which, :] > 0 for which in (POSITIVE, NEGATIVE))
    # Without a pixel the lowest logit is infinite: where one of both is missing nothing is told apart wrongly.
    (lowest_1, highest_1), (lowest_0, highest_0) = (_reach(steps.logits, there) for there in (positive, negative))
    return np.asarray((lowest_1 >= highest_0) | (lowest_0 >= highest_1), dtype=bool)


def _reach(logits: FloatArray, there: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest logit (…,) of the steps that are there."""
    lowest = np.where(there, logits, np.inf).min(axis=-1, initial=np.inf)
    return lowest, np.where(there, logits, -np.inf).max(axis=-1, initial=-np.inf)


def _no_calibration() -> LabelError:
    return LabelError(
        "Logits cannot be calibrated on these pixels.",
        field="validation split",
        expected=f"logits that tell positives from negatives, with faults: a slope in {SLOPES[0]:g}..{SLOPES[1]:g}",
        fix="take a larger validation split, or look at the model: it is no better than chance, or was shown the truth",
    )
