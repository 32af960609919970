import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.derive.climate import INDICES, anomaly_to_preceding, arctic_years, climate_indices
from entropice.errors import FeatureError

# One Arctic year, October to September, in °C
YEAR_C = [-5.0, -12.0, -20.0, -25.0, -22.0, -18.0, -10.0, -2.0, 4.0, 8.0, 6.0, 1.0]
THAW_2019 = 4.0 * 30 + 8.0 * 31 + 6.0 * 31 + 1.0 * 30
FREEZE_2019 = 5.0 * 31 + 12.0 * 30 + 20.0 * 31 + 25.0 * 31 + 22.0 * 28 + 18.0 * 31 + 10.0 * 30 + 2.0 * 31


def monthly(start: str = "2017-10", n_years: int = 4, seed: int | None = None) -> xr.Dataset:
    time = pd.date_range(start, periods=12 * n_years, freq="MS")
    noise = np.zeros(len(time)) if seed is None else np.random.default_rng(seed).normal(0, 3, len(time))
    by_month = dict(zip([10, 11, 12, *range(1, 10)], YEAR_C, strict=True))
    celsius = np.array([by_month[month] for month in time.month]) + noise
    warmth = np.clip(celsius + 30, 0, None)
    return xr.Dataset(
        {
            "t2m": ("time", celsius + 273.15),
            "tp": ("time", warmth),
            "sf": ("time", np.clip(-celsius, 0, None)),
            "sd": ("time", 100 - warmth),
        },
        coords={"time": time},
        attrs={"source": "ERA5 monthly means"},
    )


def test_hand_worked_year():
    year = climate_indices(monthly(), [2019], 10).sel(year=2019)

    assert year["thawing_degree_days_c_d"].item() == pytest.approx(THAW_2019)
    assert year["freezing_degree_days_c_d"].item() == pytest.approx(FREEZE_2019)
    frost = np.sqrt(FREEZE_2019) / (np.sqrt(FREEZE_2019) + np.sqrt(THAW_2019))
    assert year["frost_number"].item() == pytest.approx(frost)
    assert year["summer_temperature_mean_c"].item() == pytest.approx((4.0 * 30 + 8.0 * 31 + 6.0 * 31) / 92)
    assert year["summer_precipitation_mm"].item() == pytest.approx(34 + 38 + 36)
    assert year["snowfall_mm"].item() == pytest.approx(5 + 12 + 20 + 25 + 22 + 18 + 10 + 2)
    assert year["snow_water_equivalent_max_mm"].item() == pytest.approx(95)


def test_anomalies_are_to_the_mean_of_the_complete_years_before():
    values = xr.DataArray([1.0, 3.0, 8.0, 4.0], dims="year", coords={"year": [2018, 2019, 2020, 2021]})

    np.testing.assert_allclose(anomaly_to_preceding(values), [np.nan, 2.0, 6.0, 0.0])


@settings(max_examples=20)
@given(seed=st.integers(0, 1000), start_month=st.sampled_from([1, 2, 5, 9, 10, 12]))
def test_nothing_depends_on_what_comes_after_the_label_year(seed, start_month):
    climate = monthly("2016-01", 6, seed)
    is_later = climate["time"].dt.year > 2019
    changed = climate.where(~is_later, 250.0)

    before = climate_indices(climate, [2018, 2019], start_month)
    after = climate_indices(changed, [2018, 2019], start_month)

    xr.testing.assert_identical(before, after)


@settings(max_examples=20)
@given(seed=st.integers(0, 1000))
def test_an_october_year_does_not_see_the_october_of_its_label_year(seed):
    climate = monthly("2017-10", 4, seed)
    changed = climate.where(climate["time"] < np.datetime64("2019-10-01"), 250.0)

    xr.testing.assert_identical(climate_indices(climate, [2019], 10), climate_indices(changed, [2019], 10))


@settings(max_examples=20)
@given(seed=st.integers(0, 1000))
def test_thaw_minus_frost_is_the_years_mean_times_its_days(seed):
    climate = monthly(seed=seed)

    year = climate_indices(climate, [2020], 10).sel(year=2020)

    months = climate.sel(time=slice("2019-10", "2020-09"))
    days = months["time"].dt.days_in_month
    balance = float(((months["t2m"] - 273.15) * days).sum())
    found = year["thawing_degree_days_c_d"] - year["freezing_degree_days_c_d"]
    assert found.item() == pytest.approx(balance, abs=1e-6)
    assert 0 <= year["frost_number"].item() <= 1


@pytest.mark.parametrize(
    ("start_month", "month", "label_year"),
    [(10, "2020-09", 2020), (10, "2020-10", 2021), (1, "2020-01", 2020), (1, "2020-12", 2020), (9, "2020-09", 2021)],
)
def test_a_month_belongs_to_the_year_in_which_its_arctic_year_ends(start_month, month, label_year):
    time = xr.DataArray(pd.DatetimeIndex([month]), dims="time")

    assert arctic_years(time, start_month).tolist() == [label_year]


def test_an_unknown_month_makes_the_year_unknown_never_smaller():
    climate = monthly()
    climate["t2m"][18] = np.nan  # April 2019

    indices = climate_indices(climate, [2019, 2020], 10)

    assert np.isnan(indices["thawing_degree_days_c_d"].sel(year=2019))
    assert np.isfinite(indices["thawing_degree_days_c_d"].sel(year=2020))
    assert np.isnan(indices["thawing_degree_days_anomaly_c_d"]).all()
    assert np.isfinite(indices["summer_precipitation_anomaly_mm"]).all()


@pytest.mark.parametrize(
    ("years", "named"),
    [([2022], "2022"), ([2019, 2021, 2022, 2023], "2022, 2023"), ([2018], "2018"), ([1999], "1999")],
    ids=["after the end", "several", "no year before it", "before the start"],
)
def test_a_label_year_that_the_climate_does_not_cover_is_named(years, named):
    with pytest.raises(FeatureError, match=f"label year {named} ") as caught:
        climate_indices(monthly(), years, 10)

    assert caught.value.field == "sd, sf, t2m, tp"


def test_an_incomplete_last_year_is_refused_with_the_months_it_needs():
    with pytest.raises(FeatureError) as caught:
        climate_indices(monthly().isel(time=slice(None, -1)), [2021], 10)

    assert caught.value.expected == "every month from 2019-10 to 2021-09"
    assert caught.value.got == "months 2017-10 to 2021-08"


def test_every_index_describes_itself_and_keeps_space():
    climate = monthly().expand_dims(lat=[60.0, 70.0], lon=[0.0, 10.0, 20.0])

    indices = climate_indices(climate, [2020, 2021], 10)

    assert len(indices.data_vars) == len(INDICES) + 2
    for name, index in indices.data_vars.items():
        assert dict(index.sizes) == {"year": 2, "lat": 2, "lon": 3}, name
        assert set(index.attrs) == {"units", "statistic", "long_name", "source"}, name
