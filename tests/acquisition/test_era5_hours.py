import warnings
from collections import deque
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from published import Published
from zarr.errors import ZarrUserWarning

from entropice.acquisition.era5_hours import open_hours, plan_hours
from entropice.acquisition.http import HttpClient
from entropice.errors import DownloadError
from entropice.sources.era5.hourly import hourly_climate, read_days
from entropice.sources.era5.source import open_source

VARIABLES = {
    "2m_temperature": ("K", 250.0, 290.0),
    "total_precipitation": ("m", 0.0, 1e-3),
    "snowfall": ("m of water equivalent", 0.0, 5e-4),
    "snow_depth": ("m of water equivalent", 0.0, 0.5),
}
FIRST = pd.Timestamp(2020, 12, 30)
IN_JANUARY = ("2.0.0", "c/2/0/0")
"""Key of its chunk in Zarr 2 and 3, a chunk for ten days."""


@pytest.fixture(scope="module")
def arco() -> xr.Dataset:
    """Hourly fields as ARCO-ERA5 has them: long names, north to south, the year 2021 and a bit."""
    times = pd.date_range(FIRST, "2022-01-02", freq="h")
    lat, lon = np.arange(90.0, 59.0, -5.0), np.arange(0.0, 360.0, 60.0)
    rng = np.random.default_rng(0)
    fields = {
        name: (
            ("time", "latitude", "longitude"),
            rng.uniform(low, high, (len(times), len(lat), len(lon))).astype(np.float32),
            {"units": units},
        )
        for name, (units, low, high) in VARIABLES.items()
    }
    axes = {"latitude": ("latitude", lat, {"units": "degrees_north"}), "longitude": ("longitude", lon, {})}
    return xr.Dataset(fields, {"time": times} | axes, {"valid_time_stop": "2022-01-01"})


@pytest.fixture(scope="module", params=[2, 3], ids=["Zarr 2", "Zarr 3"])
def served(arco: xr.Dataset, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("arco") / "era5.zarr"
    chunks = {name: {"chunks": (240, 7, 6)} for name in VARIABLES}
    with warnings.catch_warnings(action="ignore", category=ZarrUserWarning):
        arco.to_zarr(folder, zarr_format=request.param, consolidated=True, encoding=chunks)
    return folder


@pytest.fixture
def url(served: Path, published: Published) -> str:
    published.root = served.parent
    return f"{published.url}/era5.zarr"


def test_a_year_of_hours_becomes_days_that_the_reader_understands(
    url: str, web: HttpClient, fetch: Callable, arco: xr.Dataset, tmp_path: Path
) -> None:
    downloads = plan_hours(open_hours(web, url, 64.0), tuple(VARIABLES), 2021, 2021, n_parallel=4)

    fetch(*downloads)

    source = open_source(tmp_path / "folder", "era5")
    hourly = hourly_climate(source)
    assert str(hourly.first_day) == "2021-01-01"
    assert str(hourly.last_day) == "2021-12-31"
    assert hourly.lat_deg.tolist() == [65.0, 70.0, 75.0, 80.0, 85.0, 90.0]
    days = read_days(source, np.datetime64("2021-12-31"), np.datetime64("2021-12-31"), slice(0, 1))
    hours = arco.sel(latitude=65.0, longitude=60.0)
    expected = hours["total_precipitation"].sel(time=slice("2021-12-31T01", "2022-01-01T00")).sum() * 1000
    assert float(days["tp"].sel(lon=60.0)[0, 0]) == pytest.approx(float(expected), rel=1e-5)
    assert float(days["t2m"].sel(lon=60.0)[0, 0]) == pytest.approx(
        float(hours["2m_temperature"].sel(time="2021-12-31").mean()), rel=1e-6
    )


def test_only_chunks_of_the_period_are_fetched(
    url: str, web: HttpClient, fetch: Callable, published: Published
) -> None:
    downloads = plan_hours(open_hours(web, url, 64.0), ["snow_depth"], 2021, 2021, n_parallel=4)
    n_before = len(published.requests)

    fetch(*downloads)

    chunks = {path for method, path, _ in published.requests[n_before:] if method == "GET"}
    assert len(downloads) == 12
    assert len(chunks) == 37, "those of 2021, and of 00 UTC of 1 January 2022"
    assert sum(download.n_bytes for download in downloads) > 0
    assert not list(Path(published.root).rglob("*.chunks"))


def test_a_broken_off_month_keeps_its_chunks(
    url: str, served: Path, web: HttpClient, fetch: Callable, published: Published
) -> None:
    downloads = plan_hours(open_hours(web, url, 64.0), ["snow_depth"], 2021, 2021, n_parallel=1)
    january = next(download for download in downloads if download.relative_path.endswith("2021-01.nc"))
    bad = next(f"/era5.zarr/snow_depth/{key}" for key in IN_JANUARY if (served / "snow_depth" / key).is_file())
    published.answers[bad] = deque([(403, {}, b"")])
    with pytest.raises(DownloadError, match="refuses access"):
        fetch(january)
    n_before = len(published.requests)

    fetch(january)

    fetched = [path for method, path, _ in published.requests[n_before:] if method == "GET"]
    assert bad in fetched
    assert len(fetched) < 4


def test_an_end_that_the_store_has_not_reached_is_refused(url: str, web: HttpClient) -> None:
    with pytest.raises(DownloadError, match="does not reach the end") as caught:
        plan_hours(open_hours(web, url, 64.0), tuple(VARIABLES), 2021, 2022, n_parallel=4)

    assert "last_year to 2021" in caught.value.fix


def test_years_before_the_store_begins_are_refused(url: str, web: HttpClient) -> None:
    with pytest.raises(DownloadError, match="lacks hours"):
        plan_hours(open_hours(web, url, 64.0), tuple(VARIABLES), 2020, 2021, n_parallel=4)


def test_an_unknown_variable_is_refused(url: str, web: HttpClient) -> None:
    with pytest.raises(DownloadError, match="lacks variables") as caught:
        plan_hours(open_hours(web, url, 64.0), ["t2m"], 2021, 2021, n_parallel=4)

    assert caught.value.field == "t2m"


def test_an_address_without_a_store_is_refused(web: HttpClient, published: Published) -> None:
    with pytest.raises(DownloadError, match="no Zarr store"):
        open_hours(web, f"{published.url}/elsewhere.zarr", 64.0)
