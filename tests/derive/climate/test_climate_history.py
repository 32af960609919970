from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from entropice.derive.climate.history import History, derived_features, looked_at, with_history
from entropice.derive.climate.indices import INDICES
from entropice.errors import FeatureError

HEAT, RAIN = (next(index for index in INDICES if index.stem == stem) for stem in ("thawing_degree_days", "summer_rain"))
HISTORY = History(
    normal_years=3, trend_years=4, lag_years=2, normals=("*",), anomalies=("*",), lags=("*",), trends=("*",)
)
NONE = replace(HISTORY, normals=(), anomalies=(), lags=(), trends=())


def yearly(values, first: int = 2010, name: str = HEAT.name) -> xr.Dataset:
    years = np.arange(first, first + len(values))
    attributes = {"source": "ERA5", "step": "month"}
    return xr.Dataset({name: ("year", np.asarray(values, dtype=float))}, {"year": years}, attributes)


def test_worked_by_hand():
    """Years 2010 to 2013 are 1, 3, 8, 4: normal (1 + 3 + 8) / 3, slope (−1.5 − 1.5 + 4 + 6) / 5 a year."""
    found = with_history(yearly([1, 3, 8, 4]), derived_features([HEAT], HISTORY), [2013]).sel(year=2013)

    assert {name: round(value.item(), 5) for name, value in found.data_vars.items()} == {
        "thawing_degree_days_c_d": 4.0,
        "thawing_degree_days_normal_c_d": 4.0,
        "thawing_degree_days_anomaly_c_d": 0.0,
        "thawing_degree_days_lag_1_c_d": 8.0,
        "thawing_degree_days_lag_2_c_d": 3.0,
        "thawing_degree_days_trend_c_d_per_decade": 14.0,
    }


def test_a_trend_is_numpys_line():
    values = np.random.default_rng(0).normal(size=40)
    features = derived_features([HEAT], replace(NONE, trend_years=40, trends=("*",)))

    found = with_history(yearly(values), features, [2049])["thawing_degree_days_trend_c_d_per_decade"]

    assert found.item() == pytest.approx(10 * np.polyfit(np.arange(40), values, 1)[0], rel=1e-6)


@given(arrays(float, 12, elements=st.floats(-1e3, 1e3)), st.integers(2013, 2020))
def test_no_feature_sees_a_year_after_its_label_year(values, year):
    features = derived_features([HEAT], HISTORY)
    changed = np.where(np.arange(2010, 2022) > year, np.nan, values)

    assert all(feature.last <= 0 for feature in features)
    xr.testing.assert_identical(
        with_history(yearly(values), features, [year]), with_history(yearly(changed), features, [year])
    )


@given(arrays(float, 9, elements=st.floats(-1e3, 1e3)), st.floats(-1e3, 1e3))
def test_anomalies_and_trends_do_not_depend_on_the_level(values, shift):
    features = derived_features([HEAT], HISTORY)

    before, after = (with_history(yearly(series), features, [2018]) for series in (values, values + shift))

    for stem in ("anomaly_c_d", "trend_c_d_per_decade"):
        name = f"thawing_degree_days_{stem}"
        np.testing.assert_allclose(before[name], after[name], atol=1e-2)
    name = "thawing_degree_days_normal_c_d"
    np.testing.assert_allclose(before[name] + shift, after[name], atol=1e-2)


def test_an_unknown_year_makes_unknown_what_looks_at_it():
    features = derived_features([HEAT], HISTORY)
    found = with_history(yearly([np.nan, 1, 2, 3, 4, 5]), features, [2013, 2014, 2015])

    assert np.isnan(found["thawing_degree_days_normal_c_d"]).values.tolist() == [True, False, False]
    assert np.isnan(found["thawing_degree_days_trend_c_d_per_decade"]).values.tolist() == [True, False, False]
    assert np.isnan(found["thawing_degree_days_lag_1_c_d"]).values.tolist() == [False, False, False]


@pytest.mark.parametrize(
    ("history", "first"),
    [
        (HISTORY, 2017),
        (replace(HISTORY, normal_years=30), 1990),
        (replace(HISTORY, trend_years=40), 1981),
        (replace(HISTORY, lag_years=5), 2015),
        (NONE, 2020),
        (replace(NONE, normals=("summer_rain_mm",)), 2017),
    ],
    ids=["normal", "long normal", "trend", "lags", "nothing", "one"],
)
def test_no_more_years_are_asked_for_than_are_looked_at(history, first):
    features = derived_features([HEAT, RAIN], history)

    needed = looked_at(features, [2022, 2020])

    assert min(needed) == first
    assert list(needed) == sorted(needed)
    assert {2020, 2022} <= set(needed)
    assert max(needed) == 2022


def test_each_year_says_which_indices_are_looked_at():
    history = replace(NONE, trend_years=3, lags=("summer_rain_mm",), trends=("thawing_*",))

    needed = looked_at(derived_features([HEAT, RAIN], history), [2020])

    names = {year: {index.stem for index in indices} for year, indices in needed.items()}
    assert names == {
        2018: {"thawing_degree_days", "summer_rain"},
        2019: {"thawing_degree_days", "summer_rain"},
        2020: {"thawing_degree_days", "summer_rain"},
    }
    assert list(looked_at(derived_features([HEAT], NONE), [2010, 2020])) == [2010, 2020]


def test_names_choose_indices():
    history = replace(NONE, normals=("thawing_*",), lags=("summer_rain_mm",))

    names = [feature.name for feature in derived_features([HEAT, RAIN], history)]

    assert names == [
        "thawing_degree_days_c_d",
        "summer_rain_mm",
        "thawing_degree_days_normal_c_d",
        "summer_rain_lag_1_mm",
        "summer_rain_lag_2_mm",
    ]


@pytest.mark.parametrize("group", ["normals", "anomalies", "lags", "trends"])
def test_a_name_that_no_index_has_is_refused(group):
    with pytest.raises(FeatureError) as caught:
        derived_features([HEAT, RAIN], replace(NONE, **{group: ("summer_rain_mm", "summer_rian_mm")}))

    assert caught.value.field == f"features.climate.history.{group}"
    assert caught.value.got == "summer_rian_mm"


def test_every_feature_says_which_years_enter():
    found = with_history(yearly(np.arange(9.0)), derived_features([HEAT], HISTORY), [2018])

    assert {
        str(name).removeprefix("thawing_degree_days_"): v.attrs["years"] for name, v in found.data_vars.items()
    } == {
        "c_d": "y",
        "normal_c_d": "y-3 to y-1",
        "anomaly_c_d": "y-3 to y",
        "lag_1_c_d": "y-1",
        "lag_2_c_d": "y-2",
        "trend_c_d_per_decade": "y-3 to y",
    }
    assert found["thawing_degree_days_trend_c_d_per_decade"].attrs["units"] == "degC d per decade"
    assert found["thawing_degree_days_c_d"].attrs["statistic"] == "sum over the months of the Arctic year"
