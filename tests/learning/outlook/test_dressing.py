"""Draws of forecasts: errors of other years, laid on whole fields at a time."""

import numpy as np
import pytest

from entropice.derive.climate.departures import usual_years
from entropice.errors import LabelError
from entropice.learning.outlook.dressing import fit_dressing, reach
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


def test_intervals_reach_so_far_that_they_hold_their_share_of_other_errors() -> None:
    """Of 19 errors from −9 to 9 the ends are −9 and 9; 20 others need factors of .1 to 2, and one is unknown."""
    errors = np.arange(-9.0, 10.0, dtype=np.float32)[:, None]
    others = np.append(np.linspace(0.1, 2.0, 20) * 9 * np.tile([1, -1], 10), np.nan).astype(np.float32)[:, None]

    assert reach(errors, others) == pytest.approx(1.9, rel=1e-5)
    assert reach(0 * errors, others) == np.inf
    assert reach(0 * errors, 0 * others) == 0.0
    assert reach(errors, np.full((2, 1), np.nan, dtype=np.float32)) == 1.0


def test_one_place_that_departs_far_does_not_widen_all() -> None:
    random = np.random.default_rng(4)
    errors, others = (random.normal(size=(n, 1, 50)).astype(np.float32) for n in (40, 5))
    far = others.copy()
    far[..., :2] = 100.0

    assert reach(errors, far) < 1.1 * reach(errors, others)


def test_errors_that_training_never_makes_are_refused() -> None:
    known = record()
    exact = np.stack([known.departures(ahead_of(year, 1).tolist()) for year in ISSUED])
    wrong = exact + np.where(np.array(ISSUED) >= 2009, 1, 0).astype(np.float32)[:, None, None, None]
    with pytest.raises(LabelError, match="never do") as caught:
        fit_dressing(wrong, ISSUED, known, LEARNED, VALIDATED)
    assert "inf" in str(caught.value.got)


def test_too_few_courses_are_refused() -> None:
    known = record()

    with pytest.raises(LabelError, match="too few years"):
        fit_dressing(said_by("trend", known), ISSUED, known, YEARS < 1990, VALIDATED)


def test_simple_forecasts_are_what_they_are_called() -> None:
    known = record(2)
    ahead = ahead_of(2000, 3)
    back = {name: known.usual.values(SAID[name](known, 2000, 3)) for name in SAID}

    np.testing.assert_allclose(back["persistence"], np.repeat(known.values[known.place(2000)][None], 3, 0), atol=1e-5)
    halfway = (known.values[known.place(2000)] + known.values[known.place(1995) :][:6].mean(axis=0)) / 2
    np.testing.assert_allclose(back["damped_persistence"], np.repeat(halfway[None], 3, 0), atol=1e-5)
    np.testing.assert_allclose(back["trend"], known.usual.line(ahead), atol=1e-6)
    np.testing.assert_allclose(back["climatology"][1], known.values[LEARNED].mean(axis=0), atol=1e-5)


def test_damped_persistence_is_drawn_back_to_known_years_and_unknown_where_the_last_is() -> None:
    known = record(3)
    known.values[known.place(1998), 0, 0] = known.values[known.place(2000), 1, 1] = np.nan
    back = known.usual.values(SAID["damped_persistence"](known, 2000, 1))[0]
    last, earlier = known.values[known.place(2000), 0, 0], known.values[known.place(1995) :, 0, 0][:6]

    assert back[0, 0] == pytest.approx((last + np.nanmean(earlier)) / 2, abs=1e-5)
    assert np.argwhere(np.isnan(back)).tolist() == [[1, 1]]
    first, second = known.departures([1980, 1981])
    np.testing.assert_allclose(SAID["damped_persistence"](known, 1981, 1)[0], 0.25 * first + 0.75 * second, atol=1e-6)
