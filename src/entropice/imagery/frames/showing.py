"""Forecasts as people look at them: one sequence beside the truth, and the newest forecast on a map."""

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
from entropice.imagery.frames.whole_ground import covering_windows, said_of
from entropice.imagery.frames.window_rules import WindowRules
from entropice.imagery.frames.window_splits import TESTS
from entropice.imagery.map_layers import MapLayer, Ramp
from entropice.imagery.mosaics import frame_of, mosaic
from entropice.imagery.panels import Panel, PanelRow, Picture
from entropice.types import DataFrame, Float32Array

VALUES: Final = "viridis"
DIFFERENCES: Final = "RdBu_r"


def telling_key(sums: DataFrame) -> str:
    """The test sequence with truth at most horizons, and of those the one in which most changes.

    Tests are the parts ``space``, ``time`` and ``both``; horizons of all of them are counted together.

    Parameters
    ----------
    sums
        Columns ``model key horizon split n squared`` of `entropice.imagery.frames.sums.forecast_sums`, of persistence
        among others.

    Returns
    -------
    str
        Change is the squared error of persistence, summed over horizons; of equals the first in the alphabet.

    Raises
    ------
    IndexError
        No test has a scored pixel.

    Examples
    --------
    >>> rows = {"model": "persistence", "split": "time", "n": 9, "key": ["a", "b", "b"], "horizon": [1, 1, 2]}
    >>> telling_key(pd.DataFrame({**rows, "squared": [99.0, 1.0, 1.0]}))
    'b'
    """
    tested = sums[sums["split"].isin(TESTS) & (sums["model"] == PERSISTENCE) & (sums["n"] > 0)]
    by_key = tested.groupby("key").agg(n_horizons=("horizon", "count"), change=("squared", "sum"))
    return str(by_key.sort_values(["n_horizons", "change"], ascending=False).index[0])


def forecast_panel(samples: FrameSamples, key: str, forecast: Forecaster, band: str) -> Panel:
    """A row per horizon: what came, what was forecast, and the difference.

    Where the truth is not known, the target and the difference are NaN; how many pixels are known says each row.

    Parameters
    ----------
    samples
        Sequences, with that of the key.
    key
        The sequence that is shown, such as `telling_key` gives it.
    forecast
        What is asked for its forecast.
    band
        One of the target bands.

    Returns
    -------
    Panel
        Three pictures a row, values (row, column) in the band's unit: ``target``, ``forecast``, NaN where the last
        input is not known, and ``forecast − target``. One ramp is that of all targets and forecasts, one, even about 0,
        that of all differences.

    Raises
    ------
    ValueError
        The band is none of the target bands.
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

    The newest inputs are the last ``rules.n_frames_in`` steps of the last run that has so many.

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
    return covering_windows(series, rules, int((starts + n_steps)[is_enough][-1]) - rules.n_frames_in)


def forecast_layers(samples: FrameSamples, forecast: Forecaster, band: str, batch_size: int) -> list[MapLayer]:
    """The forecast of each horizon over all sequences, the mean where they overlap; NaN where the ground is not known.

    Parameters
    ----------
    samples
        Of `newest_windows`, all issued at one step.
    forecast
        What is asked for forecasts.
    band
        One of the target bands.
    batch_size
        Sequences forecast at once.

    Returns
    -------
    list
        A layer a horizon, in the band's unit, all with the same frame and ramp; it holds from the day that it is for
        until the day of the next horizon.

    Raises
    ------
    ValueError
        The band is none of the target bands.
    """
    number_of_band = samples.target_bands.index(band)
    said = [(place, of_place[:, number_of_band].copy()) for place, of_place in said_of(samples, forecast, batch_size)]
    frame = frame_of([place for place, _ in said])
    issued = int(samples.windows["first"].iloc[0]) + samples.rules.n_frames_in - 1
    mosaics = [
        mosaic(frame, [(place, of_place[number]) for place, of_place in said])
        for number in range(samples.rules.future_horizons)
    ]
    on_map, layers = samples.series.ground.on_map(frame, np.stack(mosaics))
    style = _ramp(layers)
    return [
        MapLayer(
            name=f"{band}_{horizon}",
            title=f"{band_named(band).title}, {horizon} ahead",
            description=f"Forecast for {_day(samples.series, issued, horizon)}, from fields up to "
            f"{samples.series.days[issued]}.",
            unit=band_named(band).unit,
            values=values,
            left_m=on_map.left_m,
            top_m=on_map.top_m,
            pixel_m=on_map.pixel_m,
            style=style,
            begins=_day(samples.series, issued, horizon),
            ends=_day(samples.series, issued, horizon + 1),
        )
        for horizon, values in enumerate(layers, start=1)
    ]


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
