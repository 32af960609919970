import numpy as np
import pytest
from climates import YEAR_C
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from entropice.derive.climate.seasons import SNOW_COVER_MM, snow_season, thaw_season

DAYS = np.array([31.0, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30])
LEAD_DAYS = np.array([31.0, 31, 30])


def test_thaw_by_hand():
    """May −2 °C, June +4 °C: it thaws a third of the way between their middles; September is +1 °C: cut at its end."""
    season = thaw_season(np.array(YEAR_C), DAYS)

    mid_may, mid_june = DAYS[:7].sum() + 31 / 2, DAYS[:8].sum() + 30 / 2
    assert season.onset_d == pytest.approx(mid_may + (mid_june - mid_may) / 3)
    assert season.end_d == 365
    assert season.length_d == pytest.approx(365 - season.onset_d)


def test_freeze_up_lies_between_the_last_warm_and_the_next_cold_month():
    celsius = np.array([-5.0, -9, -9, -9, -9, -9, -9, -3, 3, 6, 3, -9])

    season = thaw_season(celsius, DAYS)

    mid_august, mid_september = 365 - 30 - 31 / 2, 365 - 30 / 2
    assert season.end_d == pytest.approx(mid_august + (mid_september - mid_august) / 4)


@pytest.mark.parametrize(
    ("celsius", "onset_d", "end_d", "length_d"),
    [
        (np.full(12, -1.0), np.nan, np.nan, 0.0),
        (np.full(12, 0.0), np.nan, np.nan, 0.0),
        (np.full(12, 1.0), 0.0, 365.0, 365.0),
        (np.where(np.arange(12) == 3, np.nan, 1.0), np.nan, np.nan, np.nan),
    ],
    ids=["never thaws", "at freezing point", "never freezes", "unknown"],
)
def test_thaw_where_there_is_no_season_to_find(celsius, onset_d, end_d, length_d):
    season = thaw_season(celsius, DAYS)

    np.testing.assert_array_equal([season.onset_d, season.end_d, season.length_d], [onset_d, end_d, length_d])


def test_a_warm_spell_in_winter_is_no_thaw_season():
    """Daily: five days at +1 °C in January do not begin the season that brings a hundred days at +5 °C."""
    celsius = np.full(365, -10.0)
    celsius[100:105] = 1.0
    celsius[230:330] = 5.0
    celsius[260:262] = -1.0

    season = thaw_season(celsius, np.ones(365))

    assert season.onset_d == pytest.approx(229.5 + 10 / 15)
    assert season.end_d == pytest.approx(329.5 + 5 / 15)


@settings(max_examples=50)
@given(arrays(float, (12, 4), elements=st.floats(-30, 20)))
def test_thaw_lies_within_the_year_and_outlasts_what_is_above_freezing_in_it(celsius):
    season = thaw_season(celsius, DAYS)

    exists = season.length_d > 0
    assert (season.length_d[~exists] == 0).all()
    assert np.isnan(season.onset_d[(celsius <= 0).all(axis=0)]).all()
    onset_d, end_d = season.onset_d[exists], season.end_d[exists]
    assert ((onset_d >= 0) & (onset_d <= end_d) & (end_d <= 365)).all()
    assert (np.isnan(season.onset_d) == np.isnan(season.end_d)).all()


@settings(max_examples=50)
@given(arrays(float, 12, elements=st.floats(-30, 20)))
def test_the_season_is_the_stretch_with_the_largest_sum(celsius):
    """Against every stretch of months there is."""
    edges = np.concatenate([[0.0], np.cumsum(DAYS)])
    stretches = [(first, last) for first in range(12) for last in range(first + 1, 13)]
    sums = np.array([np.sum(celsius[first:last] * DAYS[first:last]) for first, last in stretches])
    second, best = np.sort(sums)[-2:]
    assume(best > max(second, 0) + 1e-6)

    season = thaw_season(celsius, DAYS)

    first, last = stretches[sums.argmax()]
    assert abs(season.onset_d - edges[first]) <= 31 / 2
    assert abs(season.end_d - edges[last]) <= 31 / 2


def snow(*mm: float) -> np.ndarray:
    return np.array(mm, dtype=float)


def test_snow_by_hand():
    """Bare in September, 15 mm in October, 50 to May, bare in June: cover begins a third of the way to mid-October."""
    mm = snow(0, 0, 0, 15, 50, 50, 50, 50, 50, 50, 20, 0, 0, 0, 0)

    season = snow_season(mm, np.concatenate([LEAD_DAYS, DAYS]), 3)

    assert season.onset_d == pytest.approx(-15 + (15 + 15.5) * SNOW_COVER_MM / 15)
    mid_may, mid_june = DAYS[:7].sum() + 31 / 2, DAYS[:8].sum() + 30 / 2
    assert season.end_d == pytest.approx(mid_may + (mid_june - mid_may) * 15 / 20)
    assert season.length_d == pytest.approx(season.end_d - season.onset_d)


@pytest.mark.parametrize(
    ("mm", "onset_d", "end_d", "length_d"),
    [
        (np.zeros(15), np.nan, np.nan, 0.0),
        (np.full(15, SNOW_COVER_MM - 0.1), np.nan, np.nan, 0.0),
        (np.full(15, 900.0), -92.0, 365.0, 365.0),
        (np.where(np.arange(15) == 1, np.nan, 900.0), np.nan, np.nan, np.nan),
        (snow(50, 50, 50, *[0] * 12), np.nan, np.nan, 0.0),
    ],
    ids=["no snow", "a dusting", "glacier", "unknown in the lead", "only before the year"],
)
def test_snow_where_there_is_no_season_to_find(mm, onset_d, end_d, length_d):
    season = snow_season(mm, np.concatenate([LEAD_DAYS, DAYS]), 3)

    np.testing.assert_array_equal([season.onset_d, season.end_d, season.length_d], [onset_d, end_d, length_d])


def test_snow_that_came_before_the_year_has_a_negative_onset():
    season = snow_season(snow(0, 0, *[50] * 9, 0, 0, 0, 0), np.concatenate([LEAD_DAYS, DAYS]), 3)

    assert -45 < season.onset_d < -15


def test_a_bare_spell_ends_the_season_that_does_not_hold_the_peak():
    """Snow in October melts; the season is the one of February's 80 mm."""
    season = snow_season(snow(0, 0, 0, 20, 0, 0, 30, 80, 60, 30, 0, 0, 0, 0, 0), np.concatenate([LEAD_DAYS, DAYS]), 3)

    assert DAYS[:2].sum() < season.onset_d < DAYS[:4].sum()


@settings(max_examples=50)
@given(arrays(float, (15, 4), elements=st.floats(0, 200)))
def test_snow_seasons_keep_their_order_and_bounds(mm):
    season = snow_season(mm, np.concatenate([LEAD_DAYS, DAYS]), 3)

    has_snow = (mm[3:] >= SNOW_COVER_MM).any(axis=0)
    assert (np.isfinite(season.onset_d) == has_snow).all()
    assert (season.length_d[~has_snow] == 0).all()
    onset_d, end_d = season.onset_d[has_snow], season.end_d[has_snow]
    assert ((onset_d >= -92) & (onset_d <= end_d) & (end_d >= 0) & (end_d <= 365)).all()
    assert (season.length_d[has_snow] <= 365).all()
