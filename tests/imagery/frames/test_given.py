"""Forecasts from outside."""

from typing import Any

import numpy as np
import pytest
import xarray as xr

from entropice.errors import SchemaError
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.given import DIMS, given_forecasters
from entropice.imagery.frames.view import FrameSamples
from entropice.imagery.frames.window_rules import WindowRules
from entropice.imagery.frames.windows import window_table
from entropice.imagery.samples import Image

NOTHING = Image((), np.empty(0, dtype=np.float32), np.empty(0, dtype=bool))
RULES = WindowRules(
    n_pixels=2,
    stride_px=2,
    every_steps=1,
    n_windows=None,
    n_frames_in=3,
    forecast_horizon=1,
    future_horizons=3,
    min_known=0.5,
)
DAYS = (np.datetime64("2020-01-01") + np.arange(8)).astype("M8[ns]")
GROUND = {"y": -100.0 * np.arange(4), "x": 100.0 * np.arange(6)}
VALUES = np.random.default_rng(0).uniform(size=(8, 4, 4, 6)).astype(np.float32)


def _samples(n_bands: int = 1) -> FrameSamples:
    bands = ("ice_concentration", "shaded_relief")[:n_bands]
    values = np.random.default_rng(1).uniform(size=(8, 4, 6)).astype(np.float32)
    fields = xr.Dataset(
        {band: (("time", "y", "x"), values, {"units": "1"}) for band in bands},
        coords={"time": DAYS, **GROUND},
        attrs={"crs": "EPSG:3413", "step": "P1D", "pixel_m": 100.0},
    )
    series = FieldSeries(fields)
    return FrameSamples(series, window_table(series, bands, RULES, 0).set_index("key"), bands, bands, RULES)


def _forecasts(**coords: Any) -> xr.Dataset:
    return xr.Dataset({"ceiling": (DIMS, VALUES)}, coords={"first": DAYS, **GROUND, **coords})


def test_a_sequence_has_the_part_of_its_day_and_place() -> None:
    samples = _samples()
    (name, forecast), *_ = given_forecasters(_forecasts(), samples).items()

    said = forecast([samples.keys[-1], samples.keys[0]], NOTHING)

    assert name == "ceiling"
    assert said.shape == (2, 3, 1, 2, 2)
    first = int(samples.windows["first"].iloc[-1])
    assert (said[0, :, 0] == VALUES[first + 2, :3, 2:, 4:]).all()
    assert (said[1, :, 0] == VALUES[2, :3, :2, :2]).all()


def test_a_day_without_a_forecast_is_refused_when_it_is_asked() -> None:
    samples = _samples()
    forecast = given_forecasters(_forecasts().isel(first=slice(0, 3)), samples)["ceiling"]

    forecast(samples.keys[:1], NOTHING)
    with pytest.raises(SchemaError, match="nothing was forecast") as caught:
        forecast(samples.keys[-1:], NOTHING)
    assert caught.value.expected == "2020-01-07"


@pytest.mark.parametrize(
    ("forecasts", "n_bands", "field"),
    [
        (_forecasts(), 2, "target_bands"),
        (_forecasts(x=50.0 + GROUND["x"]), 1, "x, y"),
        (_forecasts().isel(horizon=slice(0, 2)), 1, "horizon"),
        (_forecasts().rename(first="day"), 1, "dims"),
    ],
)
def test_forecasts_of_something_else_are_refused(forecasts: xr.Dataset, n_bands: int, field: str) -> None:
    with pytest.raises(SchemaError, match="asked for") as caught:
        given_forecasters(forecasts, _samples(n_bands))
    assert caught.value.field == field
