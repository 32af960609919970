"""Draws of forecasts: errors of other years, laid on whole fields at a time."""

import numpy as np
import pytest

from entropice.derive.climate.departures import usual_years
from entropice.errors import LabelError
from entropice.learning.outlook.dressing import fit_dressing
from entropice.learning.outlook.forecasts import SIMPLE_FORECASTS, YearlyRecord, ahead_of

YEARS = np.arange(1980, 2020)
PAST = YEARS < 2015
ISSUED = tuple(range(1984, 2019))
SAID = {each.name: each.said for each in SIMPLE_FORECASTS}


def record(seed: int = 0) -> YearlyRecord:
    values = np.random.default_rng(seed).normal(size=(len(YEARS), 2, 5))
    return YearlyRecord(YEARS, values, usual_years(values, YEARS, YEARS < 2010))


def said_by(name: str, of: YearlyRecord, n_horizons: int = 3) -> np.ndarray:
    return np.stack([SAID[name](of, year, n_horizons) for year in ISSUED])


def test_a_draw_is_the_forecast_and_the_errors_of_one_course_of_years() -> None:
    known = record()
    said = said_by("trend", known)
    draws = fit_dressing(said, ISSUED, known, PAST).draws(said[3])

    for place, years in ((0, [1985, 1986, 1987]), (-1, [2012, 2013, 2014])):
        errors = known.departures(years) - said[ISSUED.index(years[0] - 1)]
        np.testing.assert_allclose(draws[place] - said[3], errors, atol=1e-5)
    assert draws.shape == (len(range(1984, 2012)), 3, 2, 5)


def test_years_that_are_not_past_change_nothing() -> None:
    known = record()
    changed = YearlyRecord(YEARS, np.where(PAST[:, None, None], known.values, 99.0), known.usual)
    one, other = (fit_dressing(said_by("trend", each), ISSUED, each, PAST) for each in (known, changed))

    np.testing.assert_array_equal(one.errors, other.errors)


def test_a_course_across_a_gap_between_past_years_is_left_out() -> None:
    known = record()
    said = said_by("trend", known)

    assert len(fit_dressing(said, ISSUED, known, PAST & (YEARS != 2010)).errors) == 28 - 3


def test_too_few_courses_are_refused() -> None:
    known = record()

    with pytest.raises(LabelError, match="too few years"):
        fit_dressing(said_by("trend", known), ISSUED, known, YEARS < 1990)


def test_simple_forecasts_are_what_they_are_called() -> None:
    known = record(2)
    ahead = ahead_of(2000, 3)
    back = {name: known.usual.values(SAID[name](known, 2000, 3)) for name in SAID}

    np.testing.assert_allclose(back["persistence"], np.repeat(known.values[known.place(2000)][None], 3, 0), atol=1e-5)
    halfway = (known.values[known.place(2000)] + known.values[known.place(1995) :][:6].mean(axis=0)) / 2
    np.testing.assert_allclose(back["damped_persistence"], np.repeat(halfway[None], 3, 0), atol=1e-5)
    np.testing.assert_allclose(back["trend"], known.usual.line(ahead), atol=1e-6)
    np.testing.assert_allclose(back["climatology"][1], known.values[YEARS < 2010].mean(axis=0), atol=1e-5)


def test_damped_persistence_is_drawn_back_to_known_years_and_unknown_where_the_last_is() -> None:
    known = record(3)
    known.values[known.place(1998), 0, 0] = known.values[known.place(2000), 1, 1] = np.nan
    back = known.usual.values(SAID["damped_persistence"](known, 2000, 1))[0]
    last, earlier = known.values[known.place(2000), 0, 0], known.values[known.place(1995) :, 0, 0][:6]

    assert back[0, 0] == pytest.approx((last + np.nanmean(earlier)) / 2, abs=1e-5)
    assert np.argwhere(np.isnan(back)).tolist() == [[1, 1]]
    first, second = known.departures([1980, 1981])
    np.testing.assert_allclose(SAID["damped_persistence"](known, 1981, 1)[0], 0.25 * first + 0.75 * second, atol=1e-6)
