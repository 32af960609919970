"""Draws of forecasts: errors of other years, laid on whole fields at a time."""

import numpy as np
import pytest

from entropice.derive.climate.departures import usual_years
from entropice.errors import LabelError
from entropice.learning.outlook.dressing import fit_dressing
from entropice.learning.outlook.forecasts import SIMPLE_FORECASTS, YearlyRecord, ahead_of

YEARS = np.arange(1980, 2020)
LEARNED, VALIDATED = YEARS < 2010, (YEARS >= 2010) & (YEARS < 2015)
ISSUED = tuple(range(1984, 2019))
SAID = {each.name: each.said for each in SIMPLE_FORECASTS}


def record(seed: int = 0, later_scale: float = 1.0) -> YearlyRecord:
    values = np.random.default_rng(seed).normal(size=(len(YEARS), 2, 5))
    values[~LEARNED] *= later_scale
    return YearlyRecord(YEARS, values, usual_years(values, YEARS, LEARNED))


def said_by(name: str, of: YearlyRecord, n_horizons: int = 3) -> np.ndarray:
    return np.stack([SAID[name](of, year, n_horizons) for year in ISSUED])


def test_a_draw_is_the_forecast_and_the_errors_of_one_course_of_years() -> None:
    known = record()
    said = said_by("trend", known)
    dressing = fit_dressing(said, ISSUED, known, LEARNED, VALIDATED)
    draws = dressing.draws(said[3])

    first = known.departures([1985, 1986, 1987]) - said[0]
    np.testing.assert_allclose(draws[0] - said[3], dressing.widening[:, None, None] * first, atol=1e-5)
    assert draws.shape == (len(range(1984, 2007)), 3, 2, 5)


def test_years_after_those_of_validation_change_nothing() -> None:
    known = record()
    changed = YearlyRecord(YEARS, np.where((YEARS < 2015)[:, None, None], known.values, 99.0), known.usual)
    one, other = (fit_dressing(said_by("trend", each), ISSUED, each, LEARNED, VALIDATED) for each in (known, changed))

    np.testing.assert_array_equal(one.errors, other.errors)
    np.testing.assert_array_equal(one.widening, other.widening)


def test_errors_are_widened_by_those_of_validation_and_never_narrowed() -> None:
    wide, narrow = (
        fit_dressing(said_by("trend", each), ISSUED, each, LEARNED, VALIDATED).widening
        for each in (record(later_scale=3.0), record(later_scale=0.1))
    )

    assert (wide > 2).all()
    np.testing.assert_array_equal(narrow, 1.0)


def test_too_few_courses_are_refused() -> None:
    known = record()

    with pytest.raises(LabelError, match="too few years"):
        fit_dressing(said_by("trend", known), ISSUED, known, YEARS < 1990, VALIDATED)


def test_simple_forecasts_are_what_they_are_called() -> None:
    known = record(2)
    ahead = ahead_of(2000, 3)
    back = {name: known.usual.values(SAID[name](known, 2000, 3)) for name in SAID}

    np.testing.assert_allclose(back["persistence"], np.repeat(known.values[known.place(2000)][None], 3, 0), atol=1e-5)
    np.testing.assert_allclose(back["trend"], known.usual.line(ahead), atol=1e-6)
    np.testing.assert_allclose(back["climatology"][1], known.values[LEARNED].mean(axis=0), atol=1e-5)
