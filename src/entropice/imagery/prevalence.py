"""Scores of a ranking of pixels at a stated ratio of positives to negatives, 1 : r.

Samples hold positives more often than land does. With P positives and N negatives in the sample, each negative weighs
r P / N; with n⁺ₖ and n⁻ₖ the counts at or above threshold k,

    precisionₖ = n⁺ₖ / (n⁺ₖ + r P / N · n⁻ₖ),    recallₖ = n⁺ₖ / P,

what replicating the negatives would give, at no cost and without the noise of drawing them. PR-AUC is the *average
precision* Σₖ (recallₖ − recallₖ₋₁) precisionₖ, without interpolation, as scikit-learn's; equal scores share a step.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.imagery.score_steps import NEGATIVE, POSITIVE, Steps
from entropice.quotients import quotient
from entropice.types import FloatArray

BETA: Final = 0.5
"""F0.5 weighs precision twice as much as recall."""

_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Curve:
    """What is chosen by each threshold, from the highest down.

    Attributes
    ----------
    thresholds
        (n_step,) logits.
    true_positive, false_positive, positive
        (…, n_step) shares of all pixels at the ratio: chosen rightly, chosen wrongly, and all that are positive.
    """

    thresholds: FloatArray
    true_positive: FloatArray
    false_positive: FloatArray
    positive: FloatArray

    @property
    def precision(self) -> FloatArray:
        """Share (…, n_step) of the chosen that is positive; NaN where nothing is chosen."""
        return quotient(self.true_positive, self.true_positive + self.false_positive)

    @property
    def recall(self) -> FloatArray:
        """Share (…, n_step) of the positives that is chosen; NaN where there is none."""
        return quotient(self.true_positive, self.positive)

    @property
    def iou(self) -> FloatArray:
        """Intersection over union (…, n_step), TP / (P + FP) at the ratio; NaN where nothing is positive or chosen."""
        return quotient(self.true_positive, self.positive + self.false_positive)

    @property
    def f_half(self) -> FloatArray:
        """F0.5 (…, n_step): (1 + β²) TP / (TP + FP + β² (TP + FN)) with β = 1/2; NaN of nothing."""
        weight = BETA**2
        chosen = self.true_positive + self.false_positive
        return quotient((1 + weight) * self.true_positive, chosen + weight * self.positive)


def curve_at(steps: Steps, ratio: float) -> Curve:
    """The curve where positives : negatives = 1 : `ratio`; leading dimensions are those of the counts.

    Returns
    -------
    Curve
        A point a step, thresholds falling, so that recall never falls. At a leading index without positives all scores
        are NaN, at one without negatives all but recall.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Notes
    -----
    precisionₖ = n⁺ₖ / (n⁺ₖ + r P / N · n⁻ₖ) and recallₖ = n⁺ₖ / P, of the n⁺ₖ positives and n⁻ₖ negatives at or above
    threshold k, of P and N in all.

    Examples
    --------
    >>> from entropice.imagery.score_steps import steps_of
    >>> curve = curve_at(steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True])), ratio=1.0)
    >>> curve.recall.tolist(), curve.precision.round(4).tolist()
    ([0.5, 0.5, 1.0], [1.0, 0.3333, 0.5])
    """
    # Shares of all pixels at the ratio, not counts: every score is then a ratio of two of them, at any ratio.
    above = steps.shares_at(ratio).cumsum(axis=-1)
    true_positive = above[..., POSITIVE, :]
    positive = np.broadcast_to(true_positive[..., -1:], true_positive.shape)
    return Curve(steps.thresholds, true_positive, above[..., NEGATIVE, :], positive)


def average_precision(steps: Steps, ratio: float) -> FloatArray:
    """PR-AUC (…,) at a ratio; NaN where a leading index has no positives or no negatives.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Notes
    -----
    Σₖ (recallₖ − recallₖ₋₁) precisionₖ, without interpolation; recall before the first step is 0.

    Examples
    --------
    The negative lies between two positives. At 1 : 1 it weighs as much as both of them: ½ · 1 + ½ · ½.

    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    >>> float(average_precision(steps, 1.0)), round(float(average_precision(steps, 0.5)), 4)
    (0.75, 0.8333)
    """
    curve = curve_at(steps, ratio)
    return _mean_over_recall(curve, curve.precision)


def average_precision_bounds(steps: Steps, ratio: float) -> tuple[FloatArray, FloatArray]:
    """Least and largest PR-AUC (…,) that pixels can have whatever their order within steps.

    Within a step that begins at TP₀ and FP₀ and ends at TP₁ and FP₁, the precision at any of its positives lies between
    TP₀ / (TP₀ + FP₁) and TP₁ / (TP₁ + FP₀).

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Examples
    --------
    A positive and a negative of one logit, whose order nobody knows:

    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([0.0, 0.0]), np.array([True, False]))
    >>> [float(bound) for bound in average_precision_bounds(steps, 1.0)], float(average_precision(steps, 1.0))
    ([0.0, 1.0], 0.5)
    """
    curve = curve_at(steps, ratio)
    tp, fp = curve.true_positive, curve.false_positive
    tp_before, fp_before = (_before(values) for values in (tp, fp))
    low, high = quotient(tp_before, tp_before + fp), quotient(tp, tp + fp_before)
    return _mean_over_recall(curve, low), _mean_over_recall(curve, high)


def precision_at_recall(steps: Steps, ratio: float, recall: float) -> FloatArray:
    """Precision (…,) at the highest threshold that finds a share `recall` of the positives.

    Exactly as much, but for 1e-9, is enough; `recall` is in 0..1, which is not checked. NaN where a leading index has
    no positives or no negatives.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Examples
    --------
    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    >>> [float(precision_at_recall(steps, 1.0, recall)) for recall in (0.5, 0.8)]
    [1.0, 0.5]
    """
    curve = curve_at(steps, ratio)
    # Recall is a sum of shares, which ends up a rounding below 0.5 where half of the positives are found.
    first = (curve.recall >= recall - _ROUNDING).argmax(axis=-1)[..., None]
    return np.asarray(np.take_along_axis(curve.precision, first, axis=-1)[..., 0], dtype=np.float64)


def _mean_over_recall(curve: Curve, precision: FloatArray) -> FloatArray:
    """Mean of a precision (…, n_step), each step as heavy as its rise in recall; NaN without either."""
    rise = curve.recall - _before(curve.recall)
    # A step of negatives alone has no rise, and the first steps may have no precision: both add nothing.
    mean = np.where(rise > 0, rise * np.nan_to_num(precision), 0.0).sum(axis=-1)
    is_unknown = np.isnan(curve.recall[..., -1]) | np.isnan(curve.false_positive[..., -1])
    return np.asarray(np.where(is_unknown, np.nan, mean), dtype=np.float64)


def _before(values: FloatArray) -> FloatArray:
    """Values (…, n_step) of the step before; 0 before the first."""
    return np.concatenate([np.zeros_like(values[..., :1]), values[..., :-1]], axis=-1)
