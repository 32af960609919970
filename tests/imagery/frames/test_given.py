"""Forecasts from outside."""

import numpy as np
import pytest
import xarray as xr

from entropice.errors import SchemaError
from entropice.imagery.frames.given import DIMS, given_forecaster
from entropice.imagery.samples import Image

VALUES = np.random.default_rng(0).uniform(size=(3, 4, 2, 2)).astype(np.float32)
FORECASTS = xr.Dataset({"ice_concentration": (DIMS, VALUES)}, coords={"key": ["a", "b", "c"]})
NOTHING = Image((), np.empty(0, dtype=np.float32), np.empty(0, dtype=bool))


def test_forecasts_are_found_by_key() -> None:
    said = given_forecaster(FORECASTS, ("ice_concentration",), 3)(["c", "a"], NOTHING)

    assert said.shape == (2, 3, 1, 2, 2)
    assert (said[:, :, 0] == VALUES[[2, 0], :3]).all()


def test_what_was_not_forecast_is_refused() -> None:
    with pytest.raises(SchemaError, match="no given forecast") as caught:
        given_forecaster(FORECASTS, ("ice_concentration",), 3)(["d"], NOTHING)
    assert caught.value.sample == ["d"]
    for bands, n_horizons in ((("ice_thickness",), 3), (("ice_concentration",), 5)):
        with pytest.raises(SchemaError, match="asked for"):
            given_forecaster(FORECASTS, bands, n_horizons)
