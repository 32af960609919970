"""Sequences of made fields of ice, as frames are learned from and judged by."""

from typing import Any, Final

import numpy as np
import xarray as xr

from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.view import FrameSamples
from entropice.imagery.frames.window_rules import WindowRules
from entropice.imagery.frames.windows import window_table

BAND: Final = ("ice_concentration",)


def samples_of_ice(ice: Any, n_pixels: int = 32, n_frames_in: int = 4, horizons: int = 3) -> FrameSamples:
    """Daily fields (time, row, column) with pixels of 100 m, cut into windows that do not overlap."""
    rules = WindowRules(
        n_pixels=n_pixels,
        stride_px=n_pixels,
        every_steps=1,
        n_windows=None,
        n_frames_in=n_frames_in,
        forecast_horizon=1,
        future_horizons=horizons,
        min_known=0.1,
    )
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
