"""Forecasts on panels and maps."""
# ruff: noqa: PD011 - these are the values of pictures

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from entropice.errors import LabelError
from entropice.imagery.frames.extrapolation import persistence
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.showing import forecast_layers, forecast_panel, newest_windows, telling_key
from entropice.imagery.frames.view import FrameSamples
from entropice.imagery.frames.window_rules import WindowRules
from entropice.imagery.frames.windows import window_table
from entropice.imagery.map_layers import Ramp

BAND = ("human_modification",)
RULES = WindowRules(
    n_pixels=8,
    stride_px=8,
    every_steps=1,
    n_windows=None,
    n_frames_in=3,
    forecast_horizon=1,
    future_horizons=4,
    min_known=0.1,
)


def _series(n_rows: int = 20, n_columns: int = 16) -> FieldSeries:
    values = np.random.default_rng(0).uniform(size=(7, n_rows, n_columns)).astype(np.float32)
    values[:, 3, 4] = np.nan
    values[5, :2] = np.nan
    years = np.array([f"{year}-01-01" for year in range(1990, 2021, 5)], dtype="M8[ns]")
    return FieldSeries(
        xr.Dataset(
            {"human_modification": (("time", "y", "x"), values, {"units": "1"})},
            coords={"time": years, "y": -100.0 * np.arange(n_rows) - 50, "x": 100.0 * np.arange(n_columns) + 50},
            attrs={"crs": "EPSG:3413", "step": "P5Y", "pixel_m": 100.0},
        )
    )


def _samples(series: FieldSeries, windows: Any) -> FrameSamples:
    return FrameSamples(series, windows.set_index("key"), BAND, BAND, RULES)


def test_a_panel_has_a_row_per_horizon_and_counts_what_is_known() -> None:
    series = _series()
    samples = _samples(series, window_table(series, BAND, RULES, 0))
    first, later = samples.keys[0], samples.keys[-1]

    panel = forecast_panel(samples, first, persistence(samples), BAND[0])
    without_truth = forecast_panel(samples, later, persistence(samples), BAND[0])

    assert [row.title for row in panel.rows] == [
        "1 ahead, 2005-01-01: 63 valid pixels",
        "2 ahead, 2010-01-01: 63 valid pixels",
        "3 ahead, 2015-01-01: 47 valid pixels",
        "4 ahead, 2020-01-01: 63 valid pixels",
    ]
    target, said, difference = (picture.values for picture in panel.rows[2].pictures)
    np.testing.assert_allclose(difference, said - target)
    assert np.isnan(target[:2]).all()
    assert np.isfinite(said).sum() == 63
    assert np.isnan(without_truth.rows[1].pictures[0].values).all()
    assert without_truth.rows[1].title == "2 ahead, 2025-01-01: 0 valid pixels"
    style = panel.rows[0].pictures[2].style
    assert isinstance(style, Ramp)
    assert style.low == -style.high


def test_the_newest_forecast_covers_all_ground_in_its_time() -> None:
    series = _series()
    samples = _samples(series, newest_windows(series, RULES))

    layers = forecast_layers(samples, persistence(samples), BAND[0], batch_size=4)

    assert len(samples.keys) == 4 * 3
    assert [layer.name for layer in layers] == [f"human_modification_{horizon}" for horizon in (1, 2, 3, 4)]
    assert (layers[0].begins, layers[0].ends) == (date(2025, 1, 1), date(2030, 1, 1))
    assert (layers[3].begins, layers[3].ends) == (date(2040, 1, 1), date(2045, 1, 1))
    for layer in layers:
        np.testing.assert_allclose(layer.values, series.fields["human_modification"][-1], atol=1e-6)
        assert (layer.left_m, layer.top_m, layer.pixel_m) == (0.0, 0.0, 100.0)


def test_ground_smaller_than_a_sequence_is_refused() -> None:
    with pytest.raises(LabelError, match="too small"):
        newest_windows(_series(n_rows=7), RULES)


def test_the_sequence_that_tells_most_is_shown() -> None:
    rows = [
        ("a", 1, "time", 9.0, 5),
        ("b", 1, "time", 1.0, 5),
        ("b", 2, "both", 1.0, 5),
        ("c", 1, "time", 1.5, 5),
        ("c", 2, "both", 1.0, 5),
        ("d", 1, "validation", 9.0, 5),
        ("d", 2, "validation", 9.0, 5),
        ("e", 1, "time", 9.0, 5),
        ("e", 2, "time", 9.0, 0),
    ]
    sums = pd.DataFrame(rows, columns=["key", "horizon", "split", "squared", "n"]).assign(model="persistence")

    assert telling_key(sums) == "c"
