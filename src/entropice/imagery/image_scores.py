"""The table of how good models are on held-out tiles, at every ratio of positives to negatives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import pandas as pd

from entropice.imagery.block_bootstrap import Estimate, bootstrap, paired_difference
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

LIKELY: Final = 0.0
"""The logit from which on a pixel is likelier positive than not."""


@dataclass(frozen=True)
class ImageScore:
    """One score of pixels.

    Attributes
    ----------
    name, title
        In tables, and for people.
    description
        What it says.
    value
        Of steps (…) whose logits are calibrated at a ratio, and the ratio.
    bigger_is_better
        None where it has a best value in between.
    best
        What a perfect model has.
    """

    name: str
    title: str
    description: str
    value: Callable[[Steps, float], FloatArray]
    bigger_is_better: bool | None
    best: float


def _of_likely(name: str) -> Callable[[Steps, float], FloatArray]:
    def value(steps: Steps, ratio: float) -> FloatArray:
        chosen: FloatArray = getattr(at_threshold(steps, ratio, LIKELY), name)[..., 0]
        return chosen

    return value


def _slope(steps: Steps, ratio: float) -> FloatArray:
    slope: FloatArray = calibration_line(steps, ratio)[..., 1]
    return slope


IMAGE_SCORES: Final[tuple[ImageScore, ...]] = (
    ImageScore("pr_auc", "PR-AUC", "average precision over all thresholds", average_precision, True, 1.0),
    ImageScore(
        "precision_at_recall_50",
        "precision at recall .5",
        "share of the chosen pixels that are positive where half of the positives are found",
        partial(precision_at_recall, recall=0.5),
        True,
        1.0,
    ),
    ImageScore(
        "precision_at_recall_80",
        "precision at recall .8",
        "the same where four of five positives are found",
        partial(precision_at_recall, recall=0.8),
        True,
        1.0,
    ),
    ImageScore("iou", "IoU", "intersection over union of likely and true pixels", _of_likely("iou"), True, 1.0),
    ImageScore(
        "f_half", "F0.5", "precision and recall of likely pixels, precision twice", _of_likely("f_half"), True, 1.0
    ),
    ImageScore("log_score", "log score", "mean negative log likelihood of a pixel, in nats", log_score, False, 0.0),
    ImageScore("log_skill", "log skill", "1 − log score over that of the prevalence", log_skill, True, 1.0),
    ImageScore(
        "calibration_slope",
        "calibration slope",
        "slope of the truth's log-odds on the forecast's",
        _slope,
        None,
        1.0,
    ),
    ImageScore(
        "predicted_over_observed",
        "predicted / observed",
        "sum of the chances over the number of positives",
        predicted_over_observed,
        None,
        1.0,
    ),
    ImageScore(
        "predicted_over_observed_top",
        "predicted / observed, top tenth",
        "the same in the tenth of all pixels with the highest chances",
        predicted_over_observed_at_the_top,
        None,
        1.0,
    ),
    ImageScore(
        "ece", "ECE", "mean gap between chance and frequency, in tenths of all pixels", calibration_error, False, 0.0
    ),
)


def score_table(
    counts: Mapping[str, IntArray],
    calibrations: Mapping[str, Calibration],
    ratios: Sequence[float],
    weights: FloatArray,
    reference: str,
) -> DataFrame:
    """Scores of every model, and how far the reference is ahead of it in the same blocks.

    Parameters
    ----------
    counts
        By model, int64 (n_block, 2, n_bin) of the raw logits; all models have the same blocks.
    calibrations
        By model, fitted on other tiles.
    weights
        (n_replicate, n_block) how often each replicate holds a block.
    reference
        Name of the model that is compared with the others.

    Returns
    -------
    DataFrame
        ``model score ratio value low_95 high_95 lead lead_low_95 lead_high_95 n_blocks``; ``lead`` is the reference's
        score minus the model's, with the interval of the pairs.
    """
    rows = [
        _row(model, score, ratio, counts, calibrations, weights, reference)
        for ratio in ratios
        for score in IMAGE_SCORES
        for model in counts
    ]
    return pd.DataFrame(rows)


def _row(
    model: str,
    score: ImageScore,
    ratio: float,
    counts: Mapping[str, IntArray],
    calibrations: Mapping[str, Calibration],
    weights: FloatArray,
    reference: str,
) -> dict[str, object]:
    own = bootstrap(_scorer(score, ratio, calibrations[model]), counts[model], weights)
    lead = _lead(model, score, ratio, counts, calibrations, weights, reference)
    return {
        "model": model,
        "score": score.name,
        "ratio": ratio,
        "value": own.value,
        "low_95": own.low_95,
        "high_95": own.high_95,
        "lead": lead.value,
        "lead_low_95": lead.low_95,
        "lead_high_95": lead.high_95,
        "n_blocks": own.n_blocks,
    }


def _lead(
    model: str,
    score: ImageScore,
    ratio: float,
    counts: Mapping[str, IntArray],
    calibrations: Mapping[str, Calibration],
    weights: FloatArray,
    reference: str,
) -> Estimate:
    first, second = (_scorer(score, ratio, calibrations[name]) for name in (reference, model))
    return paired_difference(first, counts[reference], second, counts[model], weights)


def _scorer(score: ImageScore, ratio: float, calibration: Calibration) -> Callable[[FloatArray], FloatArray]:
    def of_counts(counts: FloatArray) -> FloatArray:
        return score.value(calibration.steps_at(steps_of_counts(counts), ratio), ratio)

    return of_counts
