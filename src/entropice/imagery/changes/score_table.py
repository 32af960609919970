"""All scores of changes: those of pixels and the share that is right, with intervals, at the share that is met."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.block_bootstrap import Estimate, bootstrap, paired_difference
from entropice.imagery.pixel_score_table import PIXEL_SCORES, PixelScore, ScoredModel
from entropice.imagery.pixel_scores import at_threshold
from entropice.imagery.score_steps import Steps
from entropice.quotients import quotient
from entropice.types import DataFrame, FloatArray


def accuracy(steps: Steps, ratio: float, threshold: float) -> FloatArray:
    """Share (…,) of all pixels that is said rightly: 1 − FP − (P − TP), as shares at the ratio.

    P is the share that is positive, TP and FP are those chosen rightly and wrongly. The threshold is a logit as those
    of the steps; a step at it is chosen. NaN where a leading index has no positives or no negatives.

    Parameters
    ----------
    ratio
        Negatives for each positive, at which all shares are taken.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Examples
    --------
    Of two positives one is chosen, and with it the negative, which at 1 : 1 weighs as much as both:

    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    >>> float(accuracy(steps, 1.0, 2.0)), float(accuracy(steps, 0.5, 2.0).round(4))
    (0.25, 0.3333)
    """
    curve = at_threshold(steps, ratio, threshold)
    return np.asarray(1 - (curve.false_positive + curve.positive - curve.true_positive)[..., 0], dtype=np.float64)


def f_1(steps: Steps, ratio: float, threshold: float) -> FloatArray:
    """2 TP / (2 TP + FP + FN) (…,).

    In shares of all pixels at the ratio; the threshold is a logit as those of the steps, and a step at it is chosen.

    NaN where a leading index has no positives or no negatives; 0 where nothing is chosen.

    Raises
    ------
    LabelError
        There are no positives or no negatives at all.

    Examples
    --------
    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    >>> float(f_1(steps, 0.5, 2.0).round(6)), float(f_1(steps, 0.5, 9.0))
    (0.5, 0.0)
    """
    curve = at_threshold(steps, ratio, threshold)
    twice = 2 * curve.true_positive
    return quotient(twice, curve.true_positive + curve.false_positive + curve.positive)[..., 0]


CHANGE_SCORES: Final[tuple[PixelScore, ...]] = (
    PixelScore("accuracy", "accuracy", accuracy, 1),
    PixelScore("f_1", "F1", f_1, 1),
    *PIXEL_SCORES,
)


def natural_ratio(steps: Steps) -> float:
    """Negatives for each positive, as they are; leading dimensions are pooled. NaN where nothing is positive.

    Examples
    --------
    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    >>> natural_ratio(steps), natural_ratio(steps.with_counts(np.array([[3], [0]])))
    (0.5, nan)
    """
    n_negative, n_positive = steps.counts.sum(axis=-1).reshape(-1, 2).sum(axis=0)
    return float(n_negative / n_positive) if n_positive else np.nan


def change_score_table(model: ScoredModel, weights: FloatArray, ratio: float) -> DataFrame:
    """Every declared score at a ratio.

    Parameters
    ----------
    weights
        (n_replicate, n_block): `entropice.learning.scores.table.block_replicates`.
    ratio
        Negatives for each positive, such as those of the validation images.

    Returns
    -------
    DataFrame
        ``score value low_95 high_95 n_blocks n``, in the order of `CHANGE_SCORES`: accuracy and F1, then those of
        `entropice.imagery.pixel_score_table.PIXEL_SCORES`. ``low_95`` and ``high_95`` are the ends of the central 95 %
        of the replicates, ``n`` is the number of scored pixels.

    Raises
    ------
    LabelError
        No block has a positive, or none a negative.
    SchemaError
        Weights are of another number of blocks.
    """
    n_pixels = int(model.counts.sum())
    return _table(lambda each: bootstrap(model.score_of_counts(each, ratio), model.counts, weights), n_pixels)


def change_difference_table(first: ScoredModel, second: ScoredModel, weights: FloatArray, ratio: float) -> DataFrame:
    """How much higher every score of the first model is, in the same replicates.

    Rows and columns, ``score value low_95 high_95 n_blocks n``, are those of `change_score_table`.

    Higher is not always better: `PixelScore.best` says what a score should be.

    Parameters
    ----------
    first, second
        Counted in the same blocks, in the same order.
    weights
        (n_replicate, n_block): `entropice.learning.scores.table.block_replicates`.
    ratio
        Negatives for each positive.

    Raises
    ------
    LabelError
        No block has a positive, or none a negative.
    SchemaError
        The models, or the weights, are of another number of blocks.
    """

    def difference(declared: PixelScore) -> Estimate:
        scores = [model.score_of_counts(declared, ratio) for model in (first, second)]
        return paired_difference(scores[0], first.counts, scores[1], second.counts, weights)

    return _table(difference, int(first.counts.sum()))


def _table(estimate: Callable[[PixelScore], Estimate], n_pixels: int) -> DataFrame:
    def rows() -> Iterator[dict[str, object]]:
        for declared in CHANGE_SCORES:
            each = estimate(declared)
            yield {
                "score": declared.name,
                "value": each.value,
                "low_95": each.low_95,
                "high_95": each.high_95,
                "n_blocks": each.n_blocks,
                "n": n_pixels,
            }

    return pd.DataFrame(list(rows()))
