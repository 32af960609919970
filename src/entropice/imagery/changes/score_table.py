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
    """Share (…,) of all pixels that is said rightly: 1 − FP − (P − TP), as shares at the ratio."""
    curve = at_threshold(steps, ratio, threshold)
    return np.asarray(1 - (curve.false_positive + curve.positive - curve.true_positive)[..., 0], dtype=np.float64)


def f_1(steps: Steps, ratio: float, threshold: float) -> FloatArray:
    """2 TP / (2 TP + FP + FN) (…,)."""
    curve = at_threshold(steps, ratio, threshold)
    twice = 2 * curve.true_positive
    return quotient(twice, curve.true_positive + curve.false_positive + curve.positive)[..., 0]


CHANGE_SCORES: Final[tuple[PixelScore, ...]] = (
    PixelScore("accuracy", "accuracy", accuracy, 1),
    PixelScore("f_1", "F1", f_1, 1),
    *PIXEL_SCORES,
)


def natural_ratio(steps: Steps) -> float:
    """Negatives for each positive, as they are; leading dimensions are pooled. NaN where nothing is positive."""
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
        ``score value low_95 high_95 n_blocks n``; ``n`` is the number of scored pixels.

    Raises
    ------
    LabelError
        No block has a positive, or none a negative.
    """
    n_pixels = int(model.counts.sum())
    return _table(lambda each: bootstrap(model.score_of_counts(each, ratio), model.counts, weights), n_pixels)


def change_difference_table(first: ScoredModel, second: ScoredModel, weights: FloatArray, ratio: float) -> DataFrame:
    """How much higher every score of the first model is, in the same replicates; columns of `change_score_table`.

    Weights are (n_replicate, n_block); raises SchemaError where the models were scored on other blocks.
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
