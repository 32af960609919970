import re

import numpy as np
import pytest
import xarray as xr
from climates import daily, monthly
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.derive.climate.history import History
from entropice.derive.climate.monthly import climate_features
from entropice.derive.cube import DESCRIPTION
from entropice.errors import FeatureError

HISTORY = History(
    normal_years=2, trend_years=3, lag_years=2, normals=("*",), anomalies=("*",), lags=("*",), trends=("*",)
)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), start_month=st.sampled_from([1, 2, 5, 9, 10, 12]), data=st.data())
def test_no_month_after_the_arctic_year_changes_any_feature_of_its_label_year(seed, start_month, data):
    climate = monthly(seed=seed)
    ends = np.datetime64("2019-01") + (start_month - 1 if start_month > 1 else 12)
    later = data.draw(st.sampled_from(climate["time"].values[climate["time"].values >= ends].tolist()))
    changed = climate.where(climate["time"] != np.datetime64(later, "ns"), 250.0)

    before, after = (climate_features(c, [2018, 2019], start_month, HISTORY) for c in (climate, changed))

    xr.testing.assert_identical(before, after)


def test_the_last_month_of_the_arctic_year_does_change_features():
    climate = monthly(seed=1)
    changed = climate.where(climate["time"] != np.datetime64("2019-09-01"), 280.0)

    before, after = (climate_features(c, [2019], 10, HISTORY) for c in (climate, changed))

    assert not before["annual_temperature_mean_c"].equals(after["annual_temperature_mean_c"])


def test_every_feature_describes_itself_and_keeps_space():
    climate = monthly().expand_dims(lat=[60.0, 70.0], lon=[0.0, 10.0, 20.0])

    features = climate_features(climate, [2020, 2021], 10, HISTORY)

    for name, feature in features.data_vars.items():
        assert dict(feature.sizes) == {"year": 2, "lat": 2, "lon": 3}, name
        assert feature.dtype == np.float32, name
        assert {*feature.attrs, "group"} == set(DESCRIPTION), name
        assert all(feature.attrs.values()), name
        assert re.fullmatch(r"y(-\d+( to y(-\d+)?)?)?", feature.attrs["years"]), name
        assert "{" not in feature.attrs["statistic"], name


def test_axes_keep_the_order_of_the_variables_whatever_the_order_of_coordinates():
    """As a Zarr store yields them: coordinates by name, lat before lon in one variable, behind it in another."""
    climate = monthly().expand_dims(lat=[60.0, 70.0], lon=[0.0, 10.0, 20.0]).transpose("time", "lat", "lon")
    mixed = climate.assign(sd=climate["sd"].transpose("lon", "lat", "time"))
    mixed = xr.Dataset(mixed.data_vars, {name: climate[name] for name in ("lon", "lat", "time")}, climate.attrs)

    xr.testing.assert_equal(*(climate_features(c, [2020], 10, HISTORY) for c in (climate, mixed)))


def test_places_do_not_mix():
    one, other = monthly(seed=1), monthly(seed=2)
    both = xr.concat([one, other], xr.DataArray([60.0, 70.0], dims="lat", name="lat"))

    together = climate_features(both, [2020], 10, HISTORY)

    for lat, alone in ((60.0, one), (70.0, other)):
        features = climate_features(alone, [2020], 10, HISTORY)
        for name in features.data_vars:
            np.testing.assert_array_equal(together[name].sel(lat=lat), features[name], err_msg=str(name))


def test_a_history_that_the_climate_does_not_reach_is_refused_before_any_work():
    with pytest.raises(FeatureError) as caught:
        climate_features(monthly(start="2014-01"), [2016, 2018], 10, HISTORY)

    assert caught.value.sample == ["2013-07 to 2013-12"]
    assert "2014 to 2018" in caught.value.what
    climate_features(monthly(start="2014-01"), [2017, 2018], 10, HISTORY)


def test_days_and_months_have_the_same_features():
    months = climate_features(monthly(), [2019], 10, HISTORY)
    days = climate_features(daily(monthly()), [2019], 10, HISTORY)

    assert list(days.data_vars) == list(months.data_vars)
    assert days["summer_temperature_max_c"].attrs["statistic"] == "warmest day of June to August"
