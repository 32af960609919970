"""How good chances of pixels are, at a stated ratio of positives to negatives.

Logits of the steps are those *at that ratio*: `entropice.imagery.calibration.Calibration.steps_at` makes them so. Every
score takes counts with leading dimensions, so that a bootstrap scores all replicates at once.
"""

from typing import Final

import numpy as np
from scipy.special import entr, expit, log_expit

from entropice.imagery.prevalence import Curve, curve_at
from entropice.imagery.score_steps import NEGATIVE, POSITIVE, Steps
from entropice.quotients import quotient
from entropice.types import FloatArray

N_GROUPS: Final = 10
"""Chances are judged in tenths of all pixels, from the highest down."""


def at_threshold(steps: Steps, ratio: float, threshold: float) -> Curve:
    """What one threshold chooses: a curve of one step, with its precision, recall, IoU and F0.5.

    The threshold is a logit as those of the steps; a step at it is chosen. One within a bin of a histogram counts as
    the bin's upper edge. Above all steps nothing is chosen, and precision is NaN.

    Returns
    -------
    Curve
        ``true_positive``, ``false_positive`` and ``positive`` are (…, 1), as are its scores.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Examples
    --------
    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    >>> chosen = at_threshold(steps, 1.0, 2.0)
    >>> chosen.precision.round(4).tolist(), chosen.recall.tolist(), chosen.iou.round(4).tolist()
    ([0.3333], [0.5], [0.25])
    """
    curve = curve_at(steps, ratio)
    n_chosen = int((steps.thresholds >= threshold).sum())
    rows = (curve.true_positive, curve.false_positive)
    chosen = [values[..., n_chosen - 1 : n_chosen] if n_chosen else 0 * values[..., :1] for values in rows]
    return Curve(np.array([threshold]), chosen[0], chosen[1], curve.positive[..., :1])


def log_score(steps: Steps, ratio: float) -> FloatArray:
    """Mean negative log likelihood (…,) of a pixel, in nats; 0 is best.

    NaN where a leading index has no positives or no negatives; not finite where a logit is infinite.

    Parameters
    ----------
    steps
        With logits that are right at the ratio: `entropice.imagery.calibration.Calibration.steps_at`.
    ratio
        Negatives for each positive.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Notes
    -----
    −[1 / (1 + r) · mean of log p over positives + r / (1 + r) · mean of log(1 − p) over negatives], p the chance of the
    step that a pixel lies in.

    Examples
    --------
    A chance of one half costs log 2 of each pixel, whichever the ratio:

    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([0.0, 0.0, 0.0]), np.array([True, False, False]))
    >>> round(float(log_score(steps, 1.0)), 4), round(float(log_score(steps, 100.0)), 4)
    (0.6931, 0.6931)
    """
    shares = steps.shares_at(ratio)
    losses = shares[..., POSITIVE, :] * log_expit(steps.logits) + shares[..., NEGATIVE, :] * log_expit(-steps.logits)
    return np.asarray(-losses.sum(axis=-1), dtype=np.float64)


def log_skill(steps: Steps, ratio: float) -> FloatArray:
    """1 − log score / log score of the prevalence (…,): 0 is no better than knowing 1 / (1 + r) alone, 1 perfect.

    Below 0 is worse than that. NaN where a leading index has no positives or no negatives.

    Parameters
    ----------
    steps
        With logits that are right at the ratio: `entropice.imagery.calibration.Calibration.steps_at`.
    ratio
        Negatives for each positive.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Examples
    --------
    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([0.0, 0.0]), np.array([True, False]))
    >>> abs(round(float(log_skill(steps, 1.0)), 6)), float(log_skill(steps, 100.0)) < 0
    (0.0, True)
    """
    prevalence = 1 / (1 + ratio)
    return 1 - log_score(steps, ratio) / float(entr(prevalence) + entr(1 - prevalence))


def predicted_over_observed(steps: Steps, ratio: float) -> FloatArray:
    """Sum of the chances over the number of positives (…,); 1 is best.

    Both at the ratio; above 1 chances are too high. NaN where a leading index has no positives or no negatives.

    Parameters
    ----------
    steps
        With logits that are right at the ratio: `entropice.imagery.calibration.Calibration.steps_at`.
    ratio
        Negatives for each positive.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Examples
    --------
    Chances of one half where one in four is positive:

    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([0.0, 0.0]), np.array([True, False]))
    >>> float(predicted_over_observed(steps, 3.0))
    2.0
    """
    predicted, observed = _group_sums(steps, ratio)
    return quotient(predicted.sum(axis=-1), observed.sum(axis=-1))


def predicted_over_observed_at_the_top(steps: Steps, ratio: float) -> FloatArray:
    """Sum of the chances over the positives, shape (…,), in the tenth of all pixels with the highest chances.

    1 is best, above it chances are too high.

    A step across the tenth's end counts in proportion. NaN where that tenth holds no positive, or a leading index no
    negatives.

    Parameters
    ----------
    steps
        With logits that are right at the ratio: `entropice.imagery.calibration.Calibration.steps_at`.
    ratio
        Negatives for each positive.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Examples
    --------
    At 1 : 9 the positive is the top tenth; its chance is one half.

    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([0.0, -5.0]), np.array([True, False]))
    >>> float(predicted_over_observed_at_the_top(steps, 9.0).round(6))
    0.5
    """
    predicted, observed = _group_sums(steps, ratio)
    return quotient(predicted[..., 0], observed[..., 0])


def calibration_error(steps: Steps, ratio: float) -> FloatArray:
    """ECE (…,): mean gap between chance and frequency, in tenths of all pixels.

    Tenths are of equal size at the ratio, by falling chance, not bins of equal width; a step across an edge is split in
    proportion. 0 is best; NaN where a leading index has no positives or no negatives.

    Parameters
    ----------
    steps
        With logits that are right at the ratio: `entropice.imagery.calibration.Calibration.steps_at`.
    ratio
        Negatives for each positive.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Notes
    -----
    Σ |p̄ⱼ − f̄ⱼ| / 10 over the tenths, p̄ⱼ the mean chance and f̄ⱼ the share of positives: the expected calibration
    error of Guo et al. 2017, arXiv:1706.04599, with groups of equal size.

    Examples
    --------
    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([0.0, 0.0]), np.array([True, False]))
    >>> float(calibration_error(steps, 3.0).round(6))
    0.25
    """
    predicted, observed = _group_sums(steps, ratio)
    return np.asarray(np.abs(predicted - observed).sum(axis=-1), dtype=np.float64)


def reliability(steps: Steps, ratio: float) -> tuple[FloatArray, FloatArray]:
    """Mean chance and frequency in tenths of all pixels, from the highest chances down; shape (…, 10) each.

    A step across the edge of two tenths is split in proportion. NaN where a leading index has no positives or no
    negatives.

    Parameters
    ----------
    steps
        With logits that are right at the ratio: `entropice.imagery.calibration.Calibration.steps_at`.
    ratio
        Negatives for each positive.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Examples
    --------
    At 1 : 4 the positive, whose chance is one half, is the upper two tenths:

    >>> from entropice.imagery.score_steps import steps_of
    >>> chance, frequency = reliability(steps_of(np.array([0.0, -50.0]), np.array([True, False])), 4.0)
    >>> chance.round(6)[:3].tolist(), frequency.round(6)[:3].tolist()
    ([0.5, 0.5, 0.0], [1.0, 1.0, 0.0])
    """
    predicted, observed = _group_sums(steps, ratio)
    return predicted * N_GROUPS, observed * N_GROUPS


def _group_sums(steps: Steps, ratio: float) -> tuple[FloatArray, FloatArray]:
    """Chances and positives (…, `N_GROUPS`) of the groups, as shares of all pixels.

    A step across the edge of a group is split in proportion, as a random order of its pixels would on average.
    """
    shares = steps.shares_at(ratio)
    pixels = shares.sum(axis=-2)
    return _by_group(pixels, pixels * expit(steps.logits)), _by_group(pixels, shares[..., POSITIVE, :])


def _by_group(pixels: FloatArray, values: FloatArray) -> FloatArray:
    edges = np.linspace(0, 1, N_GROUPS + 1)
    reached, sums = (np.insert(each.cumsum(axis=-1), 0, 0.0, axis=-1) for each in (pixels, values))
    rows = zip(reached.reshape(-1, reached.shape[-1]), sums.reshape(-1, sums.shape[-1]), strict=True)
    groups = [np.diff(np.interp(edges, *row)) for row in rows]
    return np.array(groups).reshape(*values.shape[:-1], N_GROUPS)
