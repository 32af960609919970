"""What is usual, and departures from it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from entropice.derive.climate.departures import LEAST_SHARE, UsualYears, usual_years

YEARS = np.arange(1990, 2010)
LEARNED = YEARS < 2005


def record(seed: int, n_cells: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    return 5.0 + 0.1 * (YEARS - 1990)[:, None, None] + random.normal(size=(len(YEARS), 2, n_cells))


@given(st.integers(0, 50))
def test_the_line_is_that_of_least_squares_and_knows_no_later_year(seed: int) -> None:
    values = record(seed)
    changed = np.where(LEARNED[:, None, None], values, 1e6)
    usual = usual_years(values, YEARS, LEARNED)

    slope, level = np.polyfit(YEARS[LEARNED] - usual.middle_year, values[LEARNED, 1, 2], 1)
    np.testing.assert_allclose([usual.slope_per_year[1, 2], usual.level[1, 2]], [slope, level])
    np.testing.assert_array_equal(usual.spread, usual_years(changed, YEARS, LEARNED).spread)


@given(st.integers(0, 50))
def test_departures_and_values_are_inverse(seed: int) -> None:
    values = record(seed)
    usual = usual_years(values, YEARS, LEARNED)
    departures = usual.departures(values)

    np.testing.assert_allclose(usual.values(departures), values, atol=1e-4)
    assert abs(float(departures[LEARNED].mean())) < 1e-5


def test_a_cell_that_hardly_departs_is_measured_by_others() -> None:
    values = record(0)
    values[:, 0, 0] = 0.0
    usual = usual_years(values, YEARS, LEARNED)
    rms = np.sqrt(np.mean(np.square([0.0, *usual.spread[0, 1:]])))

    np.testing.assert_allclose(usual.spread[0, 0], LEAST_SHARE * rms)
    np.testing.assert_array_equal(usual.departures(values)[:, 0, 0], 0)


def test_an_index_that_never_departs_departs_by_nothing() -> None:
    usual = usual_years(np.ones((len(YEARS), 1, 2)), YEARS, LEARNED)

    np.testing.assert_array_equal(usual.departures(np.ones((1, 1, 2))), 0)


def test_unknown_years_stay_unknown_and_few_make_nothing_usual() -> None:
    values = record(0)
    values[3:, 1, 1] = np.nan
    usual = usual_years(values, YEARS, LEARNED)

    assert np.isnan(usual.departures(values)[:, 1, 1]).all()
    assert np.isfinite(usual.departures(values)[:, 0]).all()


def test_a_cube_holds_all_of_it() -> None:
    usual = usual_years(record(1), YEARS, LEARNED)
    again = UsualYears.from_dataset(usual.to_dataset())

    np.testing.assert_array_equal(again.line(YEARS), usual.line(YEARS))
    np.testing.assert_array_equal(again.spread, usual.spread)
