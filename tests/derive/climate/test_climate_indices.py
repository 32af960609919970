import numpy as np
import pytest
from climates import daily, monthly
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.derive.climate.indices import INDICES, SNOW_LEAD_MONTHS, indices_from
from entropice.derive.climate.monthly import indices_of
from entropice.derive.climate.years import arctic_year

THAW_2019 = 4.0 * 30 + 8.0 * 31 + 6.0 * 31 + 1.0 * 30
FREEZE_2019 = 5.0 * 31 + 12.0 * 30 + 20.0 * 31 + 25.0 * 31 + 22.0 * 28 + 18.0 * 31 + 10.0 * 30 + 2.0 * 31
SUMMER_2019 = (4.0 * 30 + 8.0 * 31 + 6.0 * 31) / 92
FROST_2019 = np.sqrt(FREEZE_2019) / (np.sqrt(FREEZE_2019) + np.sqrt(THAW_2019))
BASIC = ("t2m", "tp", "sf", "sd")


def values(climate, year: int = 2019, start_month: int = 10) -> dict[str, float]:
    of_year = indices_of(
        arctic_year(climate, year, start_month, SNOW_LEAD_MONTHS), indices_from(map(str, climate.data_vars))
    )
    return {name: value.item() for name, value in of_year.items()}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("thawing_degree_days_c_d", THAW_2019),
        ("freezing_degree_days_c_d", FREEZE_2019),
        ("frost_number", FROST_2019),
        ("annual_temperature_mean_c", (THAW_2019 - FREEZE_2019) / 365),
        ("winter_temperature_mean_c", (-20.0 * 31 - 25.0 * 31 - 22.0 * 28) / 90),
        ("winter_temperature_min_c", -25.0),
        ("summer_temperature_mean_c", SUMMER_2019),
        ("summer_temperature_max_c", 8.0),
        ("annual_precipitation_mm", 25 + 18 + 10 + 5 + 8 + 12 + 20 + 28 + 34 + 38 + 36 + 31),
        ("summer_precipitation_mm", 34 + 38 + 36),
        ("summer_precipitation_max_mm", 38),
        ("summer_rain_mm", 34 + 38 + 36),
        ("snowfall_mm", 25 + 18 + 10 + 5 + 8 + 12 + 20 + 28),
        ("snow_water_equivalent_max_mm", 50),
    ],
)
def test_hand_worked_year(name, expected):
    assert values(monthly())[name] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("start_month", "thaw"),
    [(10, THAW_2019), (1, THAW_2019 + 31 - 31), (9, THAW_2019)],
    ids=["October", "January", "September"],
)
def test_a_year_of_the_same_months_has_the_same_heat_wherever_it_begins(start_month, thaw):
    assert values(monthly(), 2019, start_month)["thawing_degree_days_c_d"] == pytest.approx(thaw)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000))
def test_thaw_minus_frost_is_the_years_mean_times_its_days(seed):
    found = values(monthly(seed=seed), 2020)

    balance = found["thawing_degree_days_c_d"] - found["freezing_degree_days_c_d"]
    assert balance == pytest.approx(366 * found["annual_temperature_mean_c"], abs=1e-2)
    assert 0 <= found["frost_number"] <= 1


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_days_that_are_as_their_month_sum_up_to_what_months_do(seed):
    """One formula for both steps: all but what names the step itself, and moments between steps, must agree."""
    months = monthly(seed=seed)

    of_months, of_days = values(months), values(daily(months))

    by_step = {"summer_precipitation_max_mm"} | {
        name for name in of_months if name.endswith("_d") and "degree" not in name
    }
    for name in of_months.keys() - by_step:
        assert of_days[name] == pytest.approx(of_months[name], rel=1e-5, abs=1e-4), name
    assert of_days["summer_precipitation_max_mm"] < of_months["summer_precipitation_max_mm"]
    assert of_days["thaw_onset_d"] == pytest.approx(of_months["thaw_onset_d"], abs=16)
    assert of_days["snow_melt_out_d"] == pytest.approx(of_months["snow_melt_out_d"], abs=16)


def test_rain_is_liquid_and_falls_on_thawing_ground():
    climate = monthly()
    july, august = (climate["time"] == np.datetime64(f"2019-0{month}-01") for month in (7, 8))
    climate["sf"] = climate["sf"].where(~july, 8.0)
    climate["t2m"] = climate["t2m"].where(~august, 272.0)

    found = values(climate)

    assert found["summer_rain_mm"] == pytest.approx(34 + (38 - 8))
    assert found["summer_precipitation_mm"] == pytest.approx(34 + 38 + 36)


@pytest.mark.parametrize("variable", BASIC)
def test_an_unknown_month_makes_what_needs_it_unknown_never_smaller(variable):
    climate = monthly()
    climate[variable] = climate[variable].where(climate["time"] != np.datetime64("2019-07-01"))

    found = values(climate)

    needs = {index.name: index.needs for index in INDICES}
    whole_year = {name for name in found if variable in needs[name] and "winter_temperature_mean" not in name}
    assert {name for name, value in found.items() if np.isnan(value)} == whole_year


def test_a_place_at_the_freezing_point_all_year_has_no_frost_number():
    climate = monthly().assign(t2m=monthly()["t2m"] * 0 + 273.15)

    assert np.isnan(values(climate)["frost_number"])
    assert values(climate)["thaw_season_length_d"] == 0


def test_more_variables_make_more_indices():
    soil = monthly().assign(stl1=monthly()["t2m"] + 2, swvl1=monthly()["tp"] / 100, ssrd=monthly()["tp"] * 86_400.0)

    found = values(soil)

    assert found["soil_temperature_1_summer_mean_c"] == pytest.approx(SUMMER_2019 + 2, rel=1e-6)
    assert found["soil_temperature_1_annual_mean_c"] == pytest.approx((THAW_2019 - FREEZE_2019) / 365 + 2, rel=1e-5)
    assert found["soil_water_1_summer_mean"] == pytest.approx((0.34 * 30 + 0.38 * 31 + 0.36 * 31) / 92)
    assert found["solar_radiation_summer_mean_w_m2"] == pytest.approx((34 + 38 + 36) / 92)
    assert len(found) == len(values(monthly())) + 6


def test_the_warmest_hour_needs_daily_maxima():
    days = daily(monthly())

    assert "summer_heat_max_c" not in values(days)
    assert values(days.assign(t2m_max=days["t2m"] + 6))["summer_heat_max_c"] == pytest.approx(14.0, rel=1e-5)


def test_names_are_unique_and_end_in_their_unit():
    names = [index.name for index in INDICES]

    assert len(set(names)) == len(names)
    assert all(index.name == "_".join(filter(None, (index.stem, index.suffix))) for index in INDICES)
    assert indices_from(["tp"]) == [index for index in INDICES if index.needs == ("tp",)]
