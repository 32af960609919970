"""All scores of forecasts, one declaration each; functions of sums that add up over blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.imagery.frames.rivals import PERSISTENCE
from entropice.imagery.frames.sums import SUMS
from entropice.types import FloatArray

CEILING: Final = "ceiling"
CEILING_MEAN: Final = "ceiling_mean"
"""What can be known, where a world's law is: the median of all that may come, which no forecast is better than in
absolute error, and the mean, which none is in squared error."""

REFERENCES: Final = (
    (PERSISTENCE, "squared"),
    (PERSISTENCE, "absolute"),
    (CEILING_MEAN, "squared"),
    (CEILING, "absolute"),
)
"""Sums of others that scores need."""

COUNTS: Final = (*SUMS, *REFERENCES)
"""What a score is made of: the model's sums, and those of others over the same pixels; NaN of others not judged."""


@dataclass(frozen=True)
class ForecastScore:
    """One score, for computing and for readers.

    Attributes
    ----------
    name, title
        In tables, and for people.
    score
        (…,) of counts (…, `COUNTS`).
    best
        Its best value.
    """

    name: str
    title: str
    score: Callable[[FloatArray], FloatArray]
    best: float


def _of(counts: FloatArray, name: str | tuple[str, str]) -> FloatArray:
    part: FloatArray = counts[..., COUNTS.index(name)]
    return part


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """NaN where there is nothing to divide by."""
    undefined: FloatArray = np.full(np.shape(numerator), np.nan)
    ratio: FloatArray = np.divide(numerator, denominator, out=undefined, where=denominator != 0)
    return ratio


def _mean(name: str) -> Callable[[FloatArray], FloatArray]:
    return lambda counts: _ratio(_of(counts, name), _of(counts, "n"))


def _skill(counts: FloatArray) -> FloatArray:
    return 1 - _ratio(_of(counts, "squared"), _of(counts, (PERSISTENCE, "squared")))


def _share_of(ceiling: str, error: str) -> Callable[[FloatArray], FloatArray]:
    """What is gained over persistence in an error, over what knowing the law gains."""

    def share(counts: FloatArray) -> FloatArray:
        persistence = _of(counts, (PERSISTENCE, error))
        return _ratio(persistence - _of(counts, error), persistence - _of(counts, (ceiling, error)))

    return share


FORECAST_SCORES: Final[tuple[ForecastScore, ...]] = (
    ForecastScore("mse", "Mean squared error, in the band's unit squared", _mean("squared"), 0.0),
    ForecastScore("mae", "Mean absolute error, in the band's unit", _mean("absolute"), 0.0),
    ForecastScore("rmse", "Root mean squared error, in the band's unit", lambda c: np.sqrt(_mean("squared")(c)), 0.0),
    ForecastScore("bias", "Mean error, in the band's unit", _mean("error"), 0.0),
    ForecastScore("within_tenth", "Share of pixels within a tenth of the band's range", _mean("near"), 1.0),
    ForecastScore("skill", "Skill over persistence", _skill, 1.0),
    ForecastScore(
        "share_of_ceiling",
        "Share of what knowing the law gains over persistence, squared error",
        _share_of(CEILING_MEAN, "squared"),
        1.0,
    ),
    ForecastScore(
        "share_of_ceiling_mae",
        "Share of what knowing the law gains over persistence, absolute error",
        _share_of(CEILING, "absolute"),
        1.0,
    ),
)
"""Skill is 1 − MSE / MSE of persistence (Murphy 1988, doi:10.1175/1520-0493(1988)116<2417:SSBOTM>2.0.CO;2)."""
