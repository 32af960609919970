"""ERA5 in the encodings of its publishers, for tests."""

import numpy as np
import pandas as pd
import xarray as xr

UNITS = {"t2m": "K", "tp": "m", "sf": "m of water equivalent", "sd": "m of water equivalent"}
TYPICAL = {"t2m": 260.0, "tp": 0.001, "sf": 0.0005, "sd": 0.1}
LATITUDE = np.array([90.0, 60.0, 30.0])
LONGITUDE = np.array([0.0, 90.0, 180.0, 270.0])


def monthly_file(start: str = "2019-12", n_months: int = 4) -> xr.Dataset:
    """Monthly means as the Climate Data Store encodes them since 2024; constant in time, not in space."""
    raw = _file(pd.date_range(start, periods=n_months, freq="MS"), TYPICAL)
    return raw.assign_coords(expver=("valid_time", np.array(["0001"] * n_months, dtype=object)))


def hourly_file(start: str = "2020-01-01", n_hours: int = 72) -> xr.Dataset:
    """Hours that tell themselves apart: hour h since the start has 200 K + h / 4, and h mm of rain before it."""
    raw = _file(pd.date_range(start, periods=n_hours, freq="h"), TYPICAL | {"t2m": 0.0, "tp": 0.0})
    hours = np.arange(n_hours, dtype=np.float32)[:, None, None]
    raw["t2m"] = raw["t2m"].copy(data=raw["t2m"].to_numpy() + 200 + hours / 4)
    raw["tp"] = raw["tp"].copy(data=raw["tp"].to_numpy() + hours / 1000)
    return raw


def _file(times: pd.DatetimeIndex, values: dict[str, float]) -> xr.Dataset:
    axes = {"valid_time": times, "latitude": LATITUDE, "longitude": LONGITUDE}
    shape = tuple(len(axis) for axis in axes.values())
    place = np.arange(12, dtype=np.float32).reshape(3, 4) / 100
    variables = {
        name: (
            tuple(axes),
            (np.full(shape, value, np.float32) * (1 + place)).astype(np.float32),
            {"units": UNITS[name]},
        )
        for name, value in values.items()
    }
    return xr.Dataset(variables, coords=axes | {"number": 0})
