"""Forecasts that go further than a network says."""

from typing import Any

import numpy as np
import pytest

from entropice.errors import SchemaError
from entropice.imagery.frames.rollout import network_forecaster, rolled_out, target_scale
from entropice.imagery.samples import Image
from entropice.imagery.statistics import BandStatistics

BANDS = ("elevation", "ice_concentration")
STATISTICS = BandStatistics(BANDS, 1, np.ones(2, dtype=np.int64), np.array([100.0, 0.4]), np.array([50.0, 0.2]))
SCALE = target_scale(STATISTICS, ("ice_concentration",))


def _recorded(n_out: int, seen: list[Any]) -> Any:
    def predict(inputs: Any) -> Any:
        """The last value, and one, two … tenths more."""
        seen.append(inputs)
        return np.stack([inputs[:, -1, 1:] + 0.1 * (step + 1) for step in range(n_out)], axis=1)

    return predict


@pytest.mark.parametrize("n_out", [1, 2, 3, 5])
def test_predictions_become_inputs_and_static_bands_stay(n_out: int) -> None:
    inputs = np.random.default_rng(0).uniform(-0.5, 0.5, size=(2, 3, 2, 4, 4)).astype(np.float32)
    inputs[:, :, 0] = inputs[:, :1, 0]
    seen: list[Any] = []
    known = np.ones((2, 1, 4, 4), dtype=bool)

    said = rolled_out(_recorded(n_out, seen), inputs, known, SCALE, n_horizons=5)

    expected = inputs[:, -1:, 1:] + 0.1 * np.arange(1, 6)[None, :, None, None, None]
    np.testing.assert_allclose(said, expected, atol=1e-6)
    assert len(seen) == -(-5 // n_out)
    assert all((each[:, :, 0] == inputs[:, :, 0]).all() for each in seen)
    assert all(each.shape == inputs.shape for each in seen)
    if n_out == 1:
        np.testing.assert_array_equal(seen[2][:, 0, 1], inputs[:, 2, 1])
        np.testing.assert_array_equal(seen[2][:, 1:, 1], said[:, :2, 0])


def test_what_was_not_known_stays_so() -> None:
    known = np.ones((1, 1, 2, 2), dtype=bool)
    known[0, 0, 0, 0] = False
    seen: list[Any] = []

    said = rolled_out(_recorded(1, seen), np.zeros((1, 3, 2, 2, 2), dtype=np.float32), known, SCALE, n_horizons=3)

    assert not said[0, :, 0, 0, 0].any()
    assert not any(each[0, :, 1, 0, 0].any() for each in seen)


def test_forecasts_are_physical_and_within_the_range() -> None:
    values = np.full((1, 3, 2, 2, 2), 0.9, dtype=np.float32)
    image = Image(BANDS, values, np.ones_like(values, dtype=bool))
    seen: list[Any] = []
    forecast = network_forecaster(_recorded(1, seen), STATISTICS, ("ice_concentration",), n_horizons=8)

    said = forecast(["key"], image)

    np.testing.assert_allclose(said[0, :, 0, 0, 0], np.minimum(0.9 + 0.02 * np.arange(1, 9), 1.0), atol=1e-6)
    assert said.max() <= 1
    assert seen[-1].max() <= 3 + 1e-6


def test_a_band_without_statistics_is_named() -> None:
    with pytest.raises(SchemaError, match="ice_thickness is not among them"):
        target_scale(STATISTICS, ("ice_concentration", "ice_thickness"))
    with pytest.raises(SchemaError, match="ice_thickness is not among them"):
        network_forecaster(_recorded(1, []), STATISTICS, ("ice_thickness",), n_horizons=1)


def test_a_pixel_is_known_where_its_last_input_is() -> None:
    values = np.full((1, 3, 2, 1, 2), 0.9, dtype=np.float32)
    valid = np.ones_like(values, dtype=bool)
    valid[0, -1, 1, 0, 0] = valid[0, 1, 1, 0, 1] = False
    forecast = network_forecaster(_recorded(1, []), STATISTICS, ("ice_concentration",), n_horizons=1)

    said = forecast(["key"], Image(BANDS, values, valid))

    np.testing.assert_allclose(said[0, 0, 0, 0], [0.4, 0.92], atol=1e-6)  # the mean; a tenth of a deviation more
