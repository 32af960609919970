"""Climate files of plausible months and hours on disk, and readers that read them as a run does, for tests."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from era5_files import UNITS

from entropice.sources.era5.hourly import hourly_climate
from entropice.sources.era5.monthly import normalise_monthly
from entropice.sources.era5.source import open_source
from entropice.types import Dataset

LATITUDE = np.array([75.0, 74.0, 73.0])
LONGITUDE = np.array([-130.0, -129.0, -128.0, -127.0])


def months(n_months: int = 6, start: str = "2019-01") -> xr.Dataset:
    """Month m (1, 2, …) has 250 + m K, m mm of precipitation a day, half of it snow, and 100 mm of lying snow."""
    times = pd.date_range(start, periods=n_months, freq="MS")
    number = np.arange(1, n_months + 1, dtype=np.float32)
    return _file(times, {"t2m": 250 + number, "tp": number / 1000, "sf": number / 2000, "sd": 0 * number + 0.1})


def hours(n_days: int = 3, start: str = "2020-06-01", product: str = "era5") -> xr.Dataset:
    """Hours from 00 UTC to the last midnight: 0.7 mm in every hour but each third, summed as the product does."""
    times = pd.date_range(start, periods=24 * n_days + 1, freq="h")
    rain_m = np.where(np.arange(len(times)) % 3 == 0, 0.0, 0.0007)
    if product == "era5_land":
        rain_m = since(rain_m, times, 0)
    return _file(times, {"t2m": 270 + 0 * rain_m, "tp": rain_m, "sf": rain_m / 2, "sd": 0 * rain_m + 0.1})


def since(rain: np.ndarray, times: pd.DatetimeIndex, start_utc: int, every_h: int = 24) -> np.ndarray:
    """Sums of hours made to go on from some hour of the day; what was before the first start is unknown, hence 0."""
    run = (times - pd.Timedelta(hours=start_utc + 1)).floor(f"{every_h}h")
    return pd.Series(rain).groupby(np.asarray(run)).cumsum().to_numpy()


def written(folder: Path, raw: xr.Dataset, name: str = "era5.nc") -> Path:
    """A NetCDF 4 file."""
    path = folder / name
    raw.to_netcdf(path, engine="netcdf4")
    return path


def read_months(path: Path, product: str = "era5") -> Dataset:
    """Monthly climate of a file or folder, as a run reads it."""
    return normalise_monthly(open_source(path, product))


def read_days(path: Path, product: str = "era5") -> Dataset:
    """Every whole day of a file or folder, as a run reads them."""
    climate = hourly_climate(open_source(path, product))
    return climate.read_days(climate.first_day, climate.last_day, slice(None))


def attributed(raw: xr.Dataset, change: Callable[[xr.DataArray], xr.DataArray], *names: str) -> xr.Dataset:
    """The same with some variables changed, their attributes kept."""
    return raw.assign({name: change(raw[name]).assign_attrs(raw[name].attrs) for name in names or tuple(UNITS)})


def _file(times: pd.DatetimeIndex, courses: dict[str, np.ndarray]) -> xr.Dataset:
    axes = {"valid_time": times, "latitude": LATITUDE, "longitude": LONGITUDE}
    shape = (len(times), len(LATITUDE), len(LONGITUDE))
    return xr.Dataset(
        {
            name: (
                tuple(axes),
                np.broadcast_to(course[:, None, None], shape).astype(np.float32),
                {"units": UNITS[name]},
            )
            for name, course in courses.items()
        },
        coords=axes,
    )
