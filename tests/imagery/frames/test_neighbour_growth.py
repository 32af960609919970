"""Growth by neighbours: a step by hand between trend and regression, and laws of what is forecast."""

from typing import Any

import numpy as np
import pytest
import xarray as xr

from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.neighbour_growth import Growth, neighbour_growth
from entropice.imagery.frames.view import FrameSamples, stacked
from entropice.imagery.frames.window_rules import WindowRules
from entropice.imagery.frames.windows import window_table

BAND = ("ice_concentration",)


class Certain:
    """A regression that is sure of what it says."""

    def __init__(self, share: float) -> None:
        self.share = share

    def predict_proba(self, columns: Any) -> Any:
        return np.tile([1 - self.share, self.share], (len(columns), 1))


def samples_of(ice: Any) -> FrameSamples:
    rules = WindowRules(
        n_pixels=32, stride_px=32, every_steps=1, n_windows=None, n_frames_in=3,
        forecast_horizon=1, future_horizons=2, min_known=0.1,
    )  # fmt: skip
    fields = xr.Dataset(
        {"ice_concentration": (("time", "y", "x"), ice.astype(np.float32), {"units": "1"})},
        coords={
            "time": (np.datetime64("2020-01-01") + np.arange(len(ice))).astype("M8[ns]"),
            "y": -100.0 * np.arange(ice.shape[1]),
            "x": 100.0 * np.arange(ice.shape[2]),
        },
        attrs={"crs": "EPSG:3413", "step": "P1D", "pixel_m": 100.0},
    )
    series = FieldSeries(fields)
    return FrameSamples(series, window_table(series, BAND, rules, 0).set_index("key"), BAND, BAND, rules)


def forecast(samples: FrameSamples, seed: int = 0) -> Any:
    growth = neighbour_growth(samples, {key: np.array([True]) for key in samples.keys[:3]}, seed)
    sample = samples.read(samples.keys[0])
    return growth([sample.key], stacked([sample.image]))


@pytest.fixture
def drifting() -> FrameSamples:
    return samples_of(np.clip(np.random.default_rng(0).normal(0.5, 0.2, (8, 32, 32)).cumsum(0) / 4, 0, 1))


@pytest.mark.parametrize(("weight", "expected"), [(0.0, 0.2), (0.25, 0.35), (1.0, 0.8)])
def test_a_step_lies_between_the_trend_and_the_regression(weight: float, expected: float) -> None:
    found = Growth(Certain(0.8), weight).next(np.zeros((2, 3)), np.array([0.2, 0.2]))

    np.testing.assert_allclose(found, expected)


def test_forecasts_are_shares_of_every_horizon_and_repeat_with_their_seed(drifting: FrameSamples) -> None:
    first, again = forecast(drifting), forecast(drifting)

    assert first.shape == (1, 2, 1, 32, 32)
    assert ((first >= 0) & (first <= 1)).all()
    np.testing.assert_array_equal(first, again)


def test_where_the_trend_is_right_the_regression_is_not_asked() -> None:
    """A plane that grows by 0.02 a step: the line through three steps is the truth."""
    plane = np.linspace(0.2, 0.5, 32)[None, :, None] + np.zeros((1, 1, 32)) + 0.02 * np.arange(8)[:, None, None]
    samples = samples_of(plane)

    said = forecast(samples)[0]

    np.testing.assert_allclose(said, samples.read(samples.keys[0]).target, atol=2e-3)
