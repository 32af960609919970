"""Canonical climates of one place, for tests."""

import numpy as np
import pandas as pd
import xarray as xr

# One Arctic year, October to September, in °C
YEAR_C = [-5.0, -12.0, -20.0, -25.0, -22.0, -18.0, -10.0, -2.0, 4.0, 8.0, 6.0, 1.0]
BY_MONTH_C = dict(zip([10, 11, 12, *range(1, 10)], YEAR_C, strict=True))


def climate(time: pd.DatetimeIndex, celsius: np.ndarray, step: str) -> xr.Dataset:
    """Rain above freezing and snow below, 1 mm per step and °C above −30; snow that lies from October to May."""
    warmth = np.clip(celsius + 30, 0, None)
    lies = np.isin(time.month, [10, 11, 12, 1, 2, 3, 4, 5])
    fields = {
        "t2m": celsius + 273.15,
        "tp": warmth,
        "sf": np.where(celsius > 0, 0, warmth),
        "sd": np.where(lies, 50, 0),
    }
    return xr.Dataset(
        {name: ("time", field.astype(np.float64)) for name, field in fields.items()},
        coords={"time": time},
        attrs={"source": "ERA5", "step": step},
    )


def monthly(start: str = "2014-01", n_years: int = 8, seed: int | None = None, noise_k: float = 3.0) -> xr.Dataset:
    """Whole years of months, each of `YEAR_C` and noise."""
    time = pd.date_range(start, periods=12 * n_years, freq="MS")
    noise = np.zeros(len(time)) if seed is None else np.random.default_rng(seed).normal(0, noise_k, len(time))
    return climate(time, np.array([BY_MONTH_C[month] for month in time.month]) + noise, "month")


def daily(months: xr.Dataset) -> xr.Dataset:
    """Days that are all as the mean of their month; sums are spread evenly."""
    first, last = months["time"].to_numpy()[[0, -1]].astype("datetime64[M]")
    time = np.arange(first.astype("datetime64[D]"), (last + 1).astype("datetime64[D]")).astype("datetime64[ns]")
    of_day = months.sel(time=time.astype("datetime64[M]").astype("datetime64[ns]")).assign_coords(time=time)
    per_day = 1 / of_day["time"].dt.days_in_month
    return of_day.assign(tp=of_day["tp"] * per_day, sf=of_day["sf"] * per_day).assign_attrs(months.attrs, step="day")
