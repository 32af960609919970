from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import xarray as xr
from climates import daily, monthly

from entropice.derive.climate.history import History, derived_features, with_history
from entropice.derive.climate.hourly import climate_plan, join_bands, yearly_work
from entropice.derive.climate.indices import indices_from
from entropice.derive.climate.monthly import climate_features
from entropice.errors import FeatureError

HISTORY = History(
    normal_years=2, trend_years=3, lag_years=1, normals=("*",), anomalies=("*",), lags=("*",), trends=("*",)
)
LAT_DEG, LON_DEG = np.arange(60.0, 72, 2), np.array([-180.0, -60, 60])


@dataclass
class Days:
    """Days held in memory, as a reader of files shows them."""

    held: xr.Dataset
    read: list[tuple[str, str, slice]] = field(default_factory=list)
    source: str = "ERA5 hourly"

    @property
    def lat_deg(self):
        return self.held["lat"].to_numpy()

    @property
    def lon_deg(self):
        return self.held["lon"].to_numpy()

    @property
    def variables(self):
        return tuple(map(str, self.held.data_vars))

    @property
    def first_day(self):
        return self.held["time"].to_numpy()[0].astype("datetime64[D]")

    @property
    def last_day(self):
        return self.held["time"].to_numpy()[-1].astype("datetime64[D]")

    def read_days(self, first_day, last_day, rows):
        self.read.append((str(first_day), str(last_day), rows))
        return self.held.sel(time=slice(first_day, last_day)).isel(lat=rows)


@pytest.fixture(scope="module")
def held():
    places = [
        xr.concat([daily(monthly(seed=10 * row + column)) for column in range(3)], xr.Variable("lon", LON_DEG))
        for row in range(6)
    ]
    return xr.concat(places, xr.Variable("lat", LAT_DEG)).assign_attrs(source="ERA5 hourly")


@pytest.fixture
def days(held):
    return Days(held)


def through_tiles(days, years, rows, rows_per_block):
    features = derived_features(indices_from(days.variables), HISTORY)
    work = yearly_work(days, features, years, 10, rows)
    plan = climate_plan(work, rows_per_block)
    bands = (plan.reduce(plan.shared, tile.task) for tile in plan.tiles)
    return with_history(join_bands(bands, work), features, years)


@pytest.mark.parametrize("rows_per_block", [1, 4, 64])
def test_pieces_of_any_size_make_what_the_whole_makes(days, held, rows_per_block):
    rows = slice(1, 6)

    found = through_tiles(days, [2018, 2020], rows, rows_per_block)

    xr.testing.assert_identical(found, climate_features(held.isel(lat=rows), [2018, 2020], 10, HISTORY))


def test_a_tile_reads_its_year_and_lead_on_its_rows_alone(days):
    features = derived_features(indices_from(days.variables), HISTORY)

    plan = climate_plan(yearly_work(days, features, [2018], 10, slice(1, 6)), 3)

    assert [tile.key for tile in plan.tiles] == [f"{year}_r{row}" for year in (2016, 2017, 2018) for row in (1, 4)]
    assert days.read == []
    plan.reduce(plan.shared, plan.tiles[-1].task)
    assert days.read == [("2017-07-01", "2018-09-30", slice(4, 6))]
    assert plan.tiles[-1].n_values == (92 + 365) * 2 * 3 * 4 * 24
    days_bytes = (92 + 365) * 2 * 3 * 4 * np.dtype(np.float32).itemsize
    assert plan.tiles[-1].n_bytes - 2**28 >= days_bytes, "the days themselves, beside hours on their way to them"


def test_no_lead_is_read_of_years_whose_snow_season_nobody_looks_at(days):
    history = replace(HISTORY, normals=("thawing_degree_days_c_d",), anomalies=(), lags=(), trends=())
    features = derived_features(indices_from(days.variables), history)
    plan = climate_plan(yearly_work(days, features, [2018], 10, slice(0, 1)), 1)

    for tile in plan.tiles:
        plan.reduce(plan.shared, tile.task)

    assert [first for first, _, _ in days.read] == ["2015-10-01", "2016-10-01", "2017-07-01"]


def test_days_that_are_missing_are_named_before_any_is_read(days):
    features = derived_features(indices_from(days.variables), HISTORY)

    with pytest.raises(FeatureError) as caught:
        yearly_work(days, features, [2022], 10, slice(None))

    assert caught.value.sample == ["2022-01 to 2022-09"]
    assert days.read == []
