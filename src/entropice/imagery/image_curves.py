"""Curves of how good chances of pixels are, thinned out for drawing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from entropice.imagery.pixel_score_table import ScoredModel
from entropice.imagery.pixel_scores import N_GROUPS, reliability
from entropice.imagery.prevalence import curve_at
from entropice.imagery.score_histograms import steps_of_counts
from entropice.imagery.score_steps import Steps
from entropice.types import DataFrame, FloatArray

MAX_POINTS: Final = 200

Points = tuple[FloatArray, FloatArray, FloatArray]
"""x, y, and the share of all pixels that each point speaks of, (n_point,) each."""


@dataclass(frozen=True)
class DrawnCurve:
    """One curve, for computing and for readers.

    Attributes
    ----------
    name, title, x_title, y_title
        In tables, and for people.
    points
        Of pooled steps with calibrated logits at a ratio.
    """

    name: str
    title: str
    x_title: str
    y_title: str
    points: Callable[[Steps, float], Points]


def precision_recall_points(steps: Steps, ratio: float) -> Points:
    """Recall and precision, recall rising, at `MAX_POINTS` (200) thresholds or fewer; each speaks of what is chosen.

    Thresholds are those of the histogram that come next to recalls evenly spaced, the first and the last among them:
    no point is interpolated.

    Parameters
    ----------
    steps
        Without leading dimensions.
    ratio
        Negatives for each positive.

    Returns
    -------
    tuple
        Recall, precision, and the share of all pixels that is chosen, (n_point,) each.

    Raises
    ------
    LabelError
        There are no positives or no negatives.

    Examples
    --------
    >>> from entropice.imagery.score_steps import steps_of
    >>> steps = steps_of(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    >>> [each.tolist() for each in precision_recall_points(steps, 1.0)]
    [[0.5, 1.0], [1.0, 0.5], [0.25, 1.0]]
    """
    curve = curve_at(steps, ratio)
    wanted = np.linspace(curve.recall[0], curve.recall[-1], MAX_POINTS)
    kept = np.unique(np.searchsorted(curve.recall, wanted))
    return curve.recall[kept], curve.precision[kept], (curve.true_positive + curve.false_positive)[kept]


def reliability_points(steps: Steps, ratio: float) -> Points:
    """Mean chance and frequency in tenths of all pixels, chances rising; each speaks of its tenth.

    Parameters
    ----------
    steps
        Without leading dimensions, logits right at the ratio.
    ratio
        Negatives for each positive.

    Returns
    -------
    tuple
        Mean chance, share that is positive, and 0.1, (10,) each: `entropice.imagery.pixel_scores.reliability`.

    Raises
    ------
    LabelError
        There are no positives or no negatives.

    Examples
    --------
    At 1 : 4 the positive, whose chance is one half, is the upper two tenths:

    >>> from entropice.imagery.score_steps import steps_of
    >>> points = reliability_points(steps_of(np.array([0.0, -50.0]), np.array([True, False])), 4.0)
    >>> [each.round(6)[-3:].tolist() for each in points]
    [[0.0, 0.5, 0.5], [0.0, 1.0, 1.0], [0.1, 0.1, 0.1]]
    """
    predicted, observed = reliability(steps, ratio)
    return predicted[::-1], observed[::-1], np.full(N_GROUPS, 1 / N_GROUPS)


CURVES: Final[tuple[DrawnCurve, ...]] = (
    DrawnCurve(
        "precision_recall", "Precision against recall", "share of positives found", "precision", precision_recall_points
    ),
    DrawnCurve("reliability", "Reliability", "mean chance", "share that is positive", reliability_points),
)


def curve_table(models: Mapping[str, ScoredModel], ratios: Sequence[float]) -> DataFrame:
    """Every declared curve of every model at every ratio.

    Parameters
    ----------
    models
        By name, one or more.
    ratios
        Negatives for each positive.

    Returns
    -------
    DataFrame
        ``model ratio curve x y n``, by model, ratio and curve: ``precision_recall`` with recall as x and precision as
        y, ``reliability`` with mean chance as x and the share that is positive as y. ``n`` is how many pixels a point
        speaks of, each negative as heavy as the ratio wants, each positive 1.

    Raises
    ------
    LabelError
        There are no positives, or no negatives.
    """
    tables = [
        _table(declared, model, ratio).assign(model=name)
        for name, model in models.items()
        for ratio in ratios
        for declared in CURVES
    ]
    return pd.concat(tables, ignore_index=True)[["model", "ratio", "curve", "x", "y", "n"]]


def _table(declared: DrawnCurve, model: ScoredModel, ratio: float) -> DataFrame:
    steps = model.calibration.steps_at(steps_of_counts(model.counts).pooled(), ratio)
    x, y, share = declared.points(steps, ratio)
    n_weighted = steps.n_positive * (1 + ratio)
    return pd.DataFrame({"ratio": ratio, "curve": declared.name, "x": x, "y": y, "n": share * n_weighted})
