"""Errors of forecasts as sums over the pixels of a sequence and horizon, from which every score is made."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from entropice.errors import SchemaError
from entropice.imagery.frames.extrapolation import ranges
from entropice.imagery.frames.rollout import Forecaster
from entropice.imagery.frames.view import FrameSamples, stacked
from entropice.types import BoolArray, DataFrame, Float32Array, FloatArray

NEAR: Final = 0.1
"""A forecast that is no further off counts as right, as a share of the range of the target's band."""

SUMS: Final = ("n", "error", "absolute", "squared", "near")
"""Scored pixels; forecast minus truth, its absolute value and its square; pixels within `NEAR`."""


def forecast_sums(
    samples: FrameSamples, splits: DataFrame, parts: Sequence[str], models: Mapping[str, Forecaster], batch_size: int
) -> DataFrame:
    """What every model's forecasts of some parts are off by.

    Parameters
    ----------
    samples
        Sequences.
    splits
        Of `entropice.imagery.frames.window_splits.split_windows`.
    parts
        Names of ``split`` that are judged.
    models
        Forecasters by name.
    batch_size
        Sequences forecast at once.

    Returns
    -------
    DataFrame
        ``model key horizon step block split n error absolute squared near``: a row per model and target, by model,
        step, key and horizon; those without a scored pixel have sums of 0. ``n`` are scored pixels, ``error`` sums
        forecast less truth, ``absolute`` its absolute value, ``squared`` its square, and ``near`` counts pixels within
        a tenth of the band's range. All target bands are summed together. Each sequence is read once. There are no rows
        where nothing belongs to the parts.

    Raises
    ------
    SchemaError
        A forecast is not finite where it is scored.
    """
    judged = splits[splits["split"].isin(parts)]
    keys = list(dict.fromkeys(judged["key"]))
    rows = pd.DataFrame(list(_rows(samples, keys, models, batch_size)), columns=["model", "key", "horizon", *SUMS])
    return judged.merge(rows, on=["key", "horizon"], how="inner")[
        ["model", "key", "horizon", "step", "block", "split", *SUMS]
    ].sort_values(["model", "step", "key", "horizon"], ignore_index=True)


def error_sums(forecast: Float32Array, truth: Float32Array, scored: BoolArray, near: Float32Array) -> FloatArray:
    """Sums (horizon, 5) over the scored pixels of forecasts (horizon, target_band, row, column).

    float64: how many they are; forecast less truth; its absolute value; its square; pixels where it is `near` or less.

    Parameters
    ----------
    forecast, truth, scored
        (horizon, target_band, row, column), in the bands' unit; what is not scored may be NaN.
    near
        (target_band, 1, 1), of `near_of`.

    Raises
    ------
    SchemaError
        A scored forecast is not finite.

    Examples
    --------
    Off by 0.125 and −0.5; the third pixel is not scored, and the first within the tolerance.

    >>> truth, scored = np.array([[[[0.5, 0.5, 0.5]]]]), np.array([[[[True, True, False]]]])
    >>> error_sums(np.array([[[[0.625, 0.0, np.nan]]]]), truth, scored, np.array([[[0.125]]])).tolist()
    [[2.0, -0.375, 0.625, 0.265625, 1.0]]
    """
    # Set to 0 before they are subtracted: NaN of what is not scored would make the sums NaN.
    said, true = (np.where(scored, values, 0.0) for values in (forecast, truth))
    error = said - true
    if not np.isfinite(error).all():
        raise SchemaError(
            "A forecast is not a number where it is scored.",
            field="forecast",
            got=f"{int((~np.isfinite(error)).sum())} pixels",
            expected="a number wherever the last input and the truth are known",
        )
    sums = (scored, error, np.abs(error), error**2, scored & (np.abs(error) <= near))
    return np.stack([each.reshape(len(error), -1).sum(axis=1, dtype=np.float64) for each in sums], axis=1)


def near_of(bands: Sequence[str]) -> Float32Array:
    """A tenth of the range of each band in its unit, float32 (band, 1, 1): forecasts no further off count as right.

    Raises
    ------
    ConfigError
        A band is not declared.

    Examples
    --------
    >>> near_of(("ndvi", "human_modification")).ravel().astype(float).round(4).tolist()
    [0.2, 1000.0]
    """
    low, high = ranges(bands)
    return np.float32(NEAR) * (high - low)


def _rows(
    samples: FrameSamples, keys: Sequence[str], models: Mapping[str, Forecaster], batch_size: int
) -> Iterator[tuple[object, ...]]:
    near = near_of(samples.target_bands)
    for start in range(0, len(keys), batch_size):
        asked = [samples.read(key) for key in keys[start : start + batch_size]]
        image = stacked([sample.image for sample in asked])
        for name, forecast in models.items():
            said = forecast([sample.key for sample in asked], image)
            for sample, of_sample in zip(asked, said, strict=True):
                sums = error_sums(of_sample, sample.target.astype(np.float32), sample.scored, near)
                yield from ((name, sample.key, horizon, *row) for horizon, row in enumerate(sums.tolist(), start=1))
