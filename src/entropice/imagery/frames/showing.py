"""Forecasts as people look at them: one sequence beside the truth, and the newest forecast on a map."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.imagery.bands import band_named
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.rivals import PERSISTENCE
from entropice.imagery.frames.rollout import Forecaster
from entropice.imagery.frames.view import FrameSamples, stacked
from entropice.imagery.frames.window_rules import WindowRules
from entropice.imagery.frames.window_splits import TESTS
from entropice.imagery.frames.windows import window_rows
from entropice.imagery.map_layers import MapLayer, Ramp
from entropice.imagery.mosaics import frame_of, mosaic
from entropice.imagery.panels import Panel, PanelRow, Picture
from entropice.imagery.samples import Place
from entropice.types import DataFrame, Float32Array, IntArray

VALUES: Final = "viridis"
DIFFERENCES: Final = "RdBu_r"


def telling_key(sums: DataFrame) -> str:
    """The test sequence with truth at most horizons, and of those the one in which most changes.

    Parameters
    ----------
    sums
        Columns ``model key horizon split n squared`` of `entropice.imagery.frames.sums.forecast_sums`, of persistence
        among others.
    """
    tested = sums[sums["split"].isin(TESTS) & (sums["model"] == PERSISTENCE) & (sums["n"] > 0)]
    by_key = tested.groupby("key").agg(n_horizons=("horizon", "count"), change=("squared", "sum"))
    return str(by_key.sort_values(["n_horizons", "change"], ascending=False).index[0])


def forecast_panel(samples: FrameSamples, key: str, forecast: Forecaster, band: str) -> Panel:
    """A row per horizon: what came, what was forecast, and the difference.

    Where the truth is not known, the target and the difference are NaN; how many pixels are known says each row.
    """
    sample = samples.read(key)
    place = samples.target_bands.index(band)
    known = sample.image.valid[-1, samples.bands.index(band)]
    said = np.where(known, forecast([key], stacked([sample.image]))[0, :, place], np.float32(np.nan))
    truth = np.where(sample.scored[:, place], sample.target[:, place], np.float32(np.nan)).astype(np.float32)
    values, differences = _ramp(np.concatenate([truth, said])), _even_ramp(said - truth)
    issued = int(samples.windows["first"][key]) + samples.rules.n_frames_in - 1
    rows = [
        _row(samples.series, issued, horizon, truth[horizon - 1], said[horizon - 1], values, differences, band)
        for horizon in range(1, samples.rules.future_horizons + 1)
    ]
    title = f"{band_named(band).title}: forecast of {samples.series.days[issued]}"
    caption = (
        "Of the tests the sequence with truth at most horizons in which most changes. Where the truth is not known, "
        "nothing is compared; pixels that count are counted at the left."
    )
    return Panel(title, tuple(rows), caption)


def newest_windows(series: FieldSeries, rules: WindowRules) -> DataFrame:
    """Sequences that end with the newest inputs and cover all of the ground, in the columns of `window_table`.

    Raises
    ------
    LabelError
        No run has as many steps as are needed, or the ground is smaller than a sequence.
    """
    starts, n_steps = np.unique(series.runs, return_index=True, return_counts=True)[1:]
    is_enough = n_steps >= rules.n_frames_in
    if not is_enough.any() or min(series.shape) < rules.n_pixels:
        raise LabelError(
            "The fields are too few or too small for a forecast.",
            field="windows",
            got=f"at most {n_steps.max()} steps in a row of {series.shape[0]} × {series.shape[1]} pixels",
            expected=f"{rules.n_frames_in} steps of {rules.n_pixels}²",
        )
    first = (starts + n_steps)[is_enough][-1] - rules.n_frames_in
    rows, columns = (_covering(size, rules.n_pixels) for size in series.shape)
    chosen = [(first, row, column) for row in rows for column in columns]
    return window_rows(series, np.array(chosen), rules)


def forecast_layers(samples: FrameSamples, forecast: Forecaster, band: str, batch_size: int) -> list[MapLayer]:
    """The forecast of each horizon over all sequences, the mean where they overlap; NaN where the ground is not known.

    Parameters
    ----------
    samples
        Of `newest_windows`, all issued at one step.
    """
    said = list(_said(samples, forecast, band, batch_size))
    frame = frame_of([place for place, _ in said])
    issued = int(samples.windows["first"].iloc[0]) + samples.rules.n_frames_in - 1
    layers = [
        mosaic(frame, [(place, of_place[number]) for place, of_place in said])
        for number in range(samples.rules.future_horizons)
    ]
    style = _ramp(np.stack(layers))
    return [
        MapLayer(
            name=f"{band}_{horizon}",
            title=f"{band_named(band).title}, {horizon} ahead",
            description=f"Forecast for {_day(samples.series, issued, horizon)}, from fields up to "
            f"{samples.series.days[issued]}.",
            unit=band_named(band).unit,
            values=values,
            left_m=frame.left_m,
            top_m=frame.top_m,
            pixel_m=frame.pixel_m,
            style=style,
            begins=_day(samples.series, issued, horizon),
            ends=_day(samples.series, issued, horizon + 1),
        )
        for horizon, values in enumerate(layers, start=1)
    ]


def _said(
    samples: FrameSamples, forecast: Forecaster, band: str, batch_size: int
) -> Iterator[tuple[Place, Float32Array]]:
    """Place and forecasts (horizon, row, column) of every sequence."""
    place = samples.target_bands.index(band)
    for start in range(0, len(samples.keys), batch_size):
        asked = [samples.read(key) for key in samples.keys[start : start + batch_size]]
        said = forecast([sample.key for sample in asked], stacked([sample.image for sample in asked]))
        for sample, of_sample in zip(asked, said[:, :, place], strict=True):
            known = sample.image.valid[-1, samples.bands.index(band)]
            yield sample.place, np.where(known, of_sample, np.float32(np.nan))


def _row(
    series: FieldSeries,
    issued: int,
    horizon: int,
    truth: Float32Array,
    said: Float32Array,
    values: Ramp,
    differences: Ramp,
    band: str,
) -> PanelRow:
    unit = band_named(band).unit
    n_known = int(np.isfinite(truth).sum())
    pictures = (
        Picture("target", truth, values, unit),
        Picture("forecast", said, values, unit),
        Picture("forecast − target", said - truth, differences, unit),
    )
    return PanelRow(f"{horizon} ahead, {_day(series, issued, horizon)}: {n_known:,} valid pixels", pictures)


def _day(series: FieldSeries, issued: int, horizon: int) -> date:
    day: date = pd.Timestamp(series.step.after(series.days[issued : issued + 1], horizon)[0]).date()
    return day


def _ramp(values: Float32Array) -> Ramp:
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return Ramp(low, high if high > low else low + 1, VALUES)


def _even_ramp(differences: Float32Array) -> Ramp:
    """White is no difference."""
    furthest = float(np.nanmax(np.abs(differences))) if np.isfinite(differences).any() else 0.0
    return Ramp(-(furthest or 1.0), furthest or 1.0, DIFFERENCES)


def _covering(size: int, n_pixels: int) -> IntArray:
    """First pixels of squares that overlap by half, so that no edge shows, and leave nothing at the end."""
    return np.unique(np.append(np.arange(0, size - n_pixels + 1, max(n_pixels // 2, 1)), size - n_pixels))
