import numpy as np
import pytest

from entropice.virtual_arctic.climate import (
    LAPSE_K_PER_M,
    build_climate,
    build_history,
    precipitation_m_per_day,
    snow_depth_m,
    snowfall_m_per_day,
    temperature_k,
)


@pytest.fixture(scope="module")
def climate(world):
    return build_climate(world)


def test_months_run_from_the_first_october_to_the_last_december(climate):
    assert str(climate.months[0]) == "2017-10"
    assert str(climate.months[-1]) == "2023-12"
    assert climate.months_of_year[:4].tolist() == [10, 11, 12, 1]
    assert climate.years[2:4].tolist() == [2017, 2018]
    assert climate.days[:6].tolist() == [31, 30, 31, 31, 28, 31]


def test_the_climate_that_slumps_respond_to_is_the_one_it_was_before_there_was_a_history(climate):
    """October 2017, November 2020 and December 2023 of seed 5 at 70° N 30° E and 75° N 135° W, from version 0.1.0."""
    place, months = (np.array([30.0, -135.0]), np.array([70.0, 75.0])), [0, 37, 74]
    temperature = temperature_k(climate, *place, np.zeros(2))[months]
    expected = [[267.724512, 259.402859], [259.885252, 251.398639], [252.03764, 244.464197]]
    np.testing.assert_allclose(temperature, expected, atol=1e-5)
    precipitation = 1e3 * precipitation_m_per_day(climate, *place)[months]
    expected = [[1.073632, 1.245765], [0.797281, 0.70888], [0.585748, 0.688037]]
    np.testing.assert_allclose(precipitation, expected, atol=1e-5)


def test_history_ends_where_the_climate_begins(climate, world, make_world):
    history = build_history(climate, make_world(climate={"n_history_years": 3}))
    assert (str(history.months[0]), str(history.months[-1])) == ("2014-10", "2017-09")


def test_a_longer_history_keeps_the_months_of_a_shorter_one(climate, make_world):
    short, long = (build_history(climate, make_world(climate={"n_history_years": n_years})) for n_years in (2, 20))
    place = np.array([30.0]), np.array([70.0])
    for field in (lambda c: temperature_k(c, *place, np.zeros(1)), lambda c: precipitation_m_per_day(c, *place)):
        np.testing.assert_array_equal(field(long)[-24:], field(short))


def test_history_varies_as_the_climate_does(climate, make_world):
    """Standard deviation of a month's departure from its season and trend, over 100 years at many places."""
    history = build_history(climate, make_world(climate={"n_history_years": 100}))
    for loadings, earlier in (
        (climate.temperature_loadings_k, history.temperature_loadings_k),
        (climate.precipitation_loadings, history.precipitation_loadings),
    ):
        np.testing.assert_array_equal(earlier.lasting, loadings.lasting)
        np.testing.assert_array_equal(earlier.yearly[:, -1], loadings.yearly[:, 0])
        assert earlier.monthly.std() == pytest.approx(loadings.monthly.std(), rel=0.15)
        assert earlier.yearly.std() == pytest.approx(loadings.yearly.std(), rel=0.35)
        memory = np.corrcoef(earlier.yearly[:, :-1].ravel(), earlier.yearly[:, 1:].ravel())[0, 1]
        assert memory == pytest.approx(0.4, abs=0.12)


def test_climate_is_continuous_over_pole_and_antimeridian(climate):
    lon_deg = np.array([180.0, -180.0, 0.0, 137.0, 360.0])
    lat_deg = np.array([70.0, 70.0, 90.0, 90.0, 90.0])
    temperature = temperature_k(climate, lon_deg, lat_deg, np.zeros(5))
    assert np.allclose(temperature[:, 0], temperature[:, 1])
    assert np.allclose(temperature[:, 2], temperature[:, 3])
    assert np.allclose(temperature[:, 2], temperature[:, 4])


def test_a_kilometre_up_is_six_degrees_colder(climate):
    low, high = temperature_k(climate, np.zeros(2), np.full(2, 70.0), np.array([0.0, 1000.0])).T
    assert np.allclose(low - high, 1000 * LAPSE_K_PER_M)


def test_temperatures_are_arctic(climate):
    lon_deg = np.arange(0.0, 360.0, 5)
    temperature_c = temperature_k(climate, lon_deg, np.full(72, 70.0), np.zeros(72)) - 273.15
    july, january = (temperature_c[climate.months_of_year == month].mean() for month in (7, 1))
    assert 3 < july < 12
    assert -33 < january < -20
    precipitation = precipitation_m_per_day(climate, lon_deg, np.full(72, 70.0))
    assert 0.1 < 365 * precipitation.mean() < 0.6


def test_half_of_the_precipitation_is_snow_at_the_freezing_point():
    snowfall = snowfall_m_per_day(np.array([273.15, 250.0, 295.0]), np.ones(3))
    assert snowfall == pytest.approx([0.5, 1.0, 0.0], abs=1e-8)


def test_snow_depth_by_hand(climate):
    """October: 31 d × 1 mm falls. November: more than that melts at +1 K. December: 31 mm again."""
    temperature = np.full((3, 1), 260.0)
    temperature[1] = 274.15
    depth = snow_depth_m(climate, *_first_three_months(climate, temperature))
    assert depth[:3, 0] == pytest.approx([0.031, 0.0, 0.031])


def test_snow_that_outlasts_september_is_ice(climate):
    """The first year never thaws: 365 mm lie in September, and October begins with its own 31 mm."""
    temperature = np.full((len(climate.months), 1), 260.0)
    depth = snow_depth_m(climate, temperature, np.full_like(temperature, 1e-3))
    assert depth[11:13, 0] == pytest.approx([0.365, 0.031])


def _first_three_months(climate, first):
    temperature = np.full((len(climate.months), 1), 260.0)
    temperature[:3] = first
    return temperature, np.full_like(temperature, 1e-3)
