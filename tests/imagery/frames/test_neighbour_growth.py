"""Growth by neighbours: a step by hand between trend and regression, and laws of what is forecast."""

from typing import Any

import numpy as np
import pytest
from ice_samples import samples_of_ice

from entropice.imagery.frames.neighbour_growth import Growth, neighbour_growth
from entropice.imagery.frames.view import FrameSamples, stacked


class Certain:
    """A regression that is sure of what it says."""

    def __init__(self, share: float) -> None:
        self.share = share

    def predict_proba(self, columns: Any) -> Any:
        return np.tile([1 - self.share, self.share], (len(columns), 1))


def forecast(samples: FrameSamples, seed: int = 0) -> Any:
    growth = neighbour_growth(samples, {key: np.array([True]) for key in samples.keys[:3]}, seed)
    sample = samples.read(samples.keys[0])
    return growth([sample.key], stacked([sample.image]))


@pytest.fixture
def drifting() -> FrameSamples:
    ice = np.clip(np.random.default_rng(0).normal(0.5, 0.2, (8, 32, 32)).cumsum(0) / 4, 0, 1)
    return samples_of_ice(ice, n_frames_in=3, horizons=2)


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
    samples = samples_of_ice(plane, n_frames_in=3, horizons=2)

    said = forecast(samples)[0]

    np.testing.assert_allclose(said, samples.read(samples.keys[0]).target, atol=2e-3)
