import pickle

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from cell_frames import cell_frame
from pydantic import ValidationError

from entropice.derive.cube import DESCRIPTION
from entropice.dggs import parse_grid
from entropice.errors import FeatureError
from entropice.io import TileResultsDataset
from entropice.pipelines.sources.era5 import nodes
from entropice.pipelines.sources.era5.parameters import ClimateParameters
from entropice.sources.era5.slices import in_memory
from entropice.sources.era5.source import source_from

HISTORY = {
    "normal_years": 1,
    "trend_years": 2,
    "lag_years": 1,
    "normals": ["thawing_degree_days_c_d"],
    "anomalies": ["thawing_degree_days_c_d", "summer_rain_mm"],
    "lags": ["summer_rain_mm"],
    "trends": ["annual_temperature_mean_c"],
}
PARAMETERS = {"arctic_year_start_month": 10, "rows_per_block": 2, "history": HISTORY}
UNITS = {"t2m": "K", "tp": "m", "sf": "m of water equivalent", "sd": "m of water equivalent"}


def raw(times: pd.DatetimeIndex, lat_step_deg: float = 3.0, lon_step_deg: float = 3.0) -> xr.Dataset:
    """ERA5 as the Climate Data Store writes it: half a degree colder a degree of latitude, 0.5 K a year warmer."""
    axes = {
        "valid_time": times,
        "latitude": np.arange(90.0, 69, -lat_step_deg),
        "longitude": np.arange(0.0, 360, lon_step_deg),
    }
    season = 15 * np.cos(2 * np.pi * (times.month.to_numpy() - 7) / 12) + (times.year.to_numpy() - 2020) / 2
    warmth_k = season[:, None, None] + 278 - (axes["latitude"][None, :, None] - 70) / 2
    warmth_k = (warmth_k + np.zeros((1, 1, len(axes["longitude"])))).astype(np.float32)
    values = {"t2m": warmth_k} | dict.fromkeys(("tp", "sf", "sd"), (warmth_k - 200) / 1e6)
    variables = {name: (tuple(axes), values[name], {"units": UNITS[name]}) for name in UNITS}
    return xr.Dataset(variables, coords=axes | {"number": 0})


@pytest.fixture(scope="module")
def monthly():
    return source_from({"era5.nc": in_memory(raw(pd.date_range("2019-01", periods=48, freq="MS")))}, "era5")


@pytest.fixture(scope="module")
def parameters():
    return ClimateParameters.model_validate(PARAMETERS)


@pytest.fixture(scope="module", params=["h3_3", "healpix_6"])
def grid(request):
    return request.param


def cells_of(grid: str) -> gpd.GeoDataFrame:
    found = parse_grid(grid)
    ids = found.cells_north_of(85.5)
    return cell_frame(ids, found.polygons(ids))


@pytest.fixture(scope="module")
def cells(grid):
    return cells_of(grid)


@pytest.fixture(scope="module")
def cube(monthly, cells, grid, parameters):
    climate = nodes.normalise_monthly_climate(monthly, cells)
    return nodes.derive_climate_indices(climate, cells, grid, [2021, 2022], 0.5, parameters).whole()


def test_climate_follows_latitude_and_covers_pole_and_antimeridian(cube, grid):
    _, lat_deg = parse_grid(grid).centres(cube["cell_ids"].to_numpy())
    summer_c = cube["summer_temperature_mean_c"].sel(year=2021).to_numpy()

    # half a degree a degree of latitude; a three-degree grid sees a cell's latitude only so well
    expected = 278.5 - (lat_deg - 70) / 2 + 15 * np.mean(np.cos(np.pi / 6 * np.array([-1, 0, 1]))) - 273.15
    np.testing.assert_allclose(summer_c, expected, atol=0.8)


def test_history_is_that_of_the_cells(cube):
    indices = cube["thawing_degree_days_c_d"]

    np.testing.assert_allclose(cube["annual_temperature_mean_trend_c_per_decade"].sel(year=2022), 5.0, atol=1e-3)
    np.testing.assert_allclose(cube["thawing_degree_days_normal_c_d"].sel(year=2022), indices.sel(year=2021), rtol=1e-5)
    np.testing.assert_allclose(
        cube["thawing_degree_days_anomaly_c_d"].sel(year=2022),
        indices.sel(year=2022) - indices.sel(year=2021),
        rtol=1e-3,
    )
    np.testing.assert_array_equal(cube["summer_rain_lag_1_mm"].sel(year=2022), cube["summer_rain_mm"].sel(year=2021))


def test_every_climate_feature_says_what_it_is(cube):
    assert len(cube.data_vars) == 20 + 1 + 2 + 1 + 1
    for name, feature in cube.data_vars.items():
        assert feature.dims == ("cell", "year"), name
        assert all(feature.attrs[key] for key in DESCRIPTION), name
        assert feature.attrs["group"] == "climate", name


def test_a_label_year_beyond_the_climate_stops_the_node(monthly, cells, grid, parameters):
    climate = nodes.normalise_monthly_climate(monthly, cells)

    with pytest.raises(FeatureError, match="2020 to 2023"):
        nodes.derive_climate_indices(climate, cells, grid, [2021, 2023], 0.5, parameters)


@pytest.fixture(scope="module")
def hourly():
    times = pd.date_range("2020-06-30 12:00", "2022-10-01 00:00", freq="h")
    return source_from({"era5.nc": in_memory(raw(times, lat_step_deg=5.0, lon_step_deg=60.0))}, "era5")


def through_tiles(hourly, parameters, folder):
    cells = cells_of("h3_3")
    results = TileResultsDataset(filepath=str(folder / "climate_years"))
    results.save(nodes.plan_hourly_climate(hourly, cells, [2022], parameters))
    return nodes.derive_hourly_climate(results.load(), hourly, cells, "h3_3", [2022], 0.5, parameters).whole()


def test_hours_make_the_features_of_cells_whatever_the_bands(hourly, parameters, tmp_path):
    """Every hour is as its month: means, sums and degree days are those of monthly means."""
    narrow, wide = (
        through_tiles(hourly, parameters.model_copy(update={"rows_per_block": rows}), tmp_path / str(rows))
        for rows in (1, 64)
    )

    xr.testing.assert_identical(narrow, wide)
    months = raw(pd.date_range("2020-06", periods=28, freq="MS"), lat_step_deg=5.0, lon_step_deg=60.0)
    for name in ("tp", "sf"):
        months[name] = (months[name] * 24).assign_attrs(months[name].attrs)
    monthly = source_from({"era5.nc": in_memory(months)}, "era5")
    climate = nodes.normalise_monthly_climate(monthly, cells_of("h3_3"))
    expected = nodes.derive_climate_indices(climate, cells_of("h3_3"), "h3_3", [2022], 0.5, parameters).whole()
    assert set(narrow.data_vars) == {*expected.data_vars, "summer_heat_max_c"}
    for name in (
        "thawing_degree_days_c_d",
        "frost_number",
        "annual_temperature_mean_trend_c_per_decade",
        "snowfall_mm",
    ):
        np.testing.assert_allclose(narrow[name], expected[name], rtol=1e-3, err_msg=name)
    assert narrow["thaw_onset_d"].attrs["source"] == "ERA5 hourly"


def test_a_plan_travels_to_workers(hourly, parameters):
    plan = nodes.plan_hourly_climate(hourly, cells_of("h3_3"), [2022], parameters)
    tile = plan.tiles[0]

    there = pickle.loads(pickle.dumps(plan))  # noqa: S301 - our own bytes

    here, elsewhere = (each.reduce(each.shared, tile.task) for each in (plan, there))
    assert list(here) == list(elsewhere)
    for name, values in here.items():
        np.testing.assert_array_equal(values, elsewhere[name])


@pytest.mark.parametrize(
    "change",
    [
        {"arctic_year_start_month": 8},
        {"arctic_year_start_month": 13},
        {"rows_per_block": 0},
        {"history": HISTORY | {"normal_years": 0}},
        {"history": HISTORY | {"trend_years": 1}},
        {"history": HISTORY | {"lags": "summer_rain_mm"}},
        {"history": HISTORY | {"anomaly": []}},
        {"histories": HISTORY},
    ],
    ids=str,
)
def test_wrong_parameters_are_refused(change):
    with pytest.raises(ValidationError):
        ClimateParameters.model_validate(PARAMETERS | change)
