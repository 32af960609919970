"""All scores of pixels, one declaration each, and the tables of them at several ratios with intervals."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.block_bootstrap import Estimate, ScoreOfCounts, bootstrap, paired_difference
from entropice.imagery.calibration import Calibration, calibration_line
from entropice.imagery.pixel_scores import (
    at_threshold,
    calibration_error,
    log_score,
    log_skill,
    predicted_over_observed,
    predicted_over_observed_at_the_top,
)
from entropice.imagery.prevalence import average_precision, precision_at_recall
from entropice.imagery.score_histograms import steps_of_counts
from entropice.imagery.score_steps import Steps
from entropice.types import DataFrame, FloatArray, IntArray

RATIOS: Final = (200.0, 500.0, 1000.0)
RECALLS: Final = (0.5, 0.8)


@dataclass(frozen=True)
class PixelScore:
    """One score, for computing and for readers.

    Attributes
    ----------
    name, title
        In tables, and for people.
    score
        The score (…,) of steps at a ratio; the third argument is the threshold in use, a logit at that ratio.
    best
        Its best value.
    """

    name: str
    title: str
    score: Callable[[Steps, float, float], FloatArray]
    best: float


def _in_use(steps: Steps, ratio: float, threshold: float, name: str) -> FloatArray:
    values: FloatArray = getattr(at_threshold(steps, ratio, threshold), name)
    return values[..., 0]


def _at_recall(steps: Steps, ratio: float, _: float, recall: float) -> FloatArray:
    return precision_at_recall(steps, ratio, recall)


PIXEL_SCORES: Final[tuple[PixelScore, ...]] = (
    PixelScore("pr_auc", "PR-AUC", lambda steps, ratio, _: average_precision(steps, ratio), 1),
    *(
        PixelScore(
            f"precision_at_recall_{100 * recall:.0f}",
            f"precision at {100 * recall:.0f} % recall",
            partial(_at_recall, recall=recall),
            1,
        )
        for recall in RECALLS
    ),
    *(
        PixelScore(name, title, partial(_in_use, name=name), 1)
        for name, title in (("iou", "IoU"), ("precision", "precision"), ("recall", "recall"), ("f_half", "F0.5"))
    ),
    PixelScore("log_score", "log score", lambda steps, ratio, _: log_score(steps, ratio), 0),
    PixelScore("log_skill", "log skill", lambda steps, ratio, _: log_skill(steps, ratio), 1),
    PixelScore("slope", "calibration slope", lambda steps, ratio, _: calibration_line(steps, ratio)[..., 1], 1),
    PixelScore("intercept", "calibration intercept", lambda steps, ratio, _: calibration_line(steps, ratio)[..., 0], 0),
    PixelScore("predicted_over_observed", "predicted over observed", lambda s, r, _: predicted_over_observed(s, r), 1),
    PixelScore(
        "predicted_over_observed_at_the_top",
        "predicted over observed, top tenth",
        lambda steps, ratio, _: predicted_over_observed_at_the_top(steps, ratio),
        1,
    ),
    PixelScore("ece", "ECE", lambda steps, ratio, _: calibration_error(steps, ratio), 0),
)


@dataclass(frozen=True)
class ScoredModel:
    """What a model gave on test pixels, and how it is used.

    Attributes
    ----------
    counts
        (n_block, 2, n_bin) histograms of raw logits: `entropice.imagery.score_histograms.score_counts`.
    calibration
        Fitted on validation pixels.
    threshold
        Raw logit from which pixels are chosen, at all ratios alike.
    """

    counts: IntArray
    calibration: Calibration
    threshold: float

    def score_of_counts(self, declared: PixelScore, ratio: float) -> ScoreOfCounts:
        """A declared score at a ratio, as a bootstrap asks for it: (…,) of counts (…, 2, n_bin) of raw logits.

        Logits and the threshold in use are calibrated at the ratio before they are scored. Of the 2 negatives come
        first. A leading index without positives or without negatives has NaN (without negatives alone recall is
        known); where all leading indices together lack one of both, the function raises LabelError (``slope`` and
        ``intercept`` are NaN).
        """
        threshold = float(self.calibration.logits_at(np.array([self.threshold]), ratio)[0])

        def score(counts: FloatArray) -> FloatArray:
            return declared.score(self.calibration.steps_at(steps_of_counts(counts), ratio), ratio, threshold)

        return score


def pixel_score_table(model: ScoredModel, weights: FloatArray, ratios: Sequence[float] = RATIOS) -> DataFrame:
    """Every declared score at every ratio.

    Parameters
    ----------
    weights
        (n_replicate, n_block): `entropice.learning.scores.table.block_replicates`.
    ratios
        Negatives for each positive.

    Returns
    -------
    DataFrame
        ``ratio score value mean low_95 high_95 n_blocks n_undefined``: a row a ratio and score, in the order of the
        ratios and of `PIXEL_SCORES`. ``value`` is that of all blocks together; the rest is as in
        `entropice.imagery.block_bootstrap.Estimate`, NaN without replicates.

    Raises
    ------
    LabelError
        No block has a positive, or none a negative.
    SchemaError
        Weights are of another number of blocks.

    Notes
    -----
    Scores are ``pr_auc`` (`average_precision`), ``precision_at_recall_50`` and ``…_80``, ``iou``, ``precision``,
    ``recall`` and ``f_half`` at the threshold in use (`at_threshold`), ``log_score``, ``log_skill``, ``slope`` and
    ``intercept`` (`calibration_line`), ``predicted_over_observed``, ``predicted_over_observed_at_the_top`` and ``ece``
    (`calibration_error`), of calibrated logits and of shares at the ratio.
    """
    return _table(ratios, lambda each, ratio: bootstrap(model.score_of_counts(each, ratio), model.counts, weights))


def pixel_difference_table(
    first: ScoredModel, second: ScoredModel, weights: FloatArray, ratios: Sequence[float] = RATIOS
) -> DataFrame:
    """How much higher every score of the first model is, in the same replicates.

    Rows and columns, ``ratio score value mean low_95 high_95 n_blocks n_undefined``, are those of `pixel_score_table`.

    Higher is not always better: `PixelScore.best` says what a score should be.

    Parameters
    ----------
    first, second
        Counted in the same blocks, in the same order.
    weights
        (n_replicate, n_block): `entropice.learning.scores.table.block_replicates`.
    ratios
        Negatives for each positive.

    Raises
    ------
    LabelError
        No block has a positive, or none a negative.
    SchemaError
        The models, or the weights, are of another number of blocks.
    """

    def difference(declared: PixelScore, ratio: float) -> Estimate:
        scores = (model.score_of_counts(declared, ratio) for model in (first, second))
        return paired_difference(next(scores), first.counts, next(scores), second.counts, weights)

    return _table(ratios, difference)


def _table(ratios: Sequence[float], estimate: Callable[[PixelScore, float], Estimate]) -> DataFrame:
    def rows() -> Iterator[dict[str, object]]:
        for ratio in ratios:
            for each in PIXEL_SCORES:
                yield {"ratio": ratio, "score": each.name, **asdict(estimate(each, ratio))}

    return pd.DataFrame(list(rows()))
