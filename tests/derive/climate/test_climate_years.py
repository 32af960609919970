import numpy as np
import pytest
from climates import daily, monthly

from entropice.derive.climate.years import arctic_year, dates, first_month, needed_steps, require_steps
from entropice.errors import FeatureError


@pytest.mark.parametrize(
    ("start_month", "first"), [(10, "2019-10"), (1, "2020-01"), (9, "2019-09"), (12, "2019-12"), (2, "2019-02")]
)
def test_arctic_year_2020_ends_in_2020(start_month, first):
    assert str(first_month(2020, start_month)) == first
    assert str(needed_steps(2020, start_month, 3, "month")[-1]) == str(np.datetime64(first) + 11)


def test_a_year_holds_twelve_months_after_its_lead():
    year = arctic_year(monthly(), 2016, 10, 3)

    assert year.n_lead == 3
    assert year.months.tolist() == [7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert year.days.tolist() == [31, 31, 30, 31, 30, 31, 31, 29, 31, 30, 31, 30, 31, 31, 30]
    assert year.of("t2m").shape == (12,)
    np.testing.assert_allclose(year.celsius_of([7]), [8.0])
    assert year.days_of([6, 7, 8]).tolist() == [30, 31, 31]


def test_a_year_of_days_holds_every_day():
    year = arctic_year(daily(monthly()), 2016, 10, 3)

    assert (year.n_lead, len(year.days)) == (92, 92 + 366)
    assert (year.days == 1).all()
    assert year.days_of([2]).sum() == 29


def test_places_come_after_time_whatever_the_order():
    climate = monthly().expand_dims(lat=[60.0, 70.0], lon=[0.0, 10.0, 20.0])

    assert arctic_year(climate, 2016, 10, 3).of("tp").shape == (12, 2, 3)


@pytest.mark.parametrize(
    ("kept", "years", "named"),
    [
        (slice(None), [2020, 2022], "2022-01 to 2022-09"),
        (slice(None), [2014, 2015], "2013-07 to 2013-12"),
        (slice(8, None), [2015], "2014-07 to 2014-08"),
        (slice(None), [1999], "1998-07 to 1999-09"),
    ],
    ids=["after the end", "before the start", "a lead that is cut", "elsewhere"],
)
def test_months_that_are_missing_are_named(kept, years, named):
    climate = monthly(start="2014-01").isel(time=kept)

    with pytest.raises(FeatureError) as caught:
        require_steps(dates(climate), "month", dict.fromkeys(years, 3), 10)

    assert caught.value.sample == [named]


def test_a_year_without_lead_needs_its_own_months_only():
    climate = monthly(start="2014-01").isel(time=slice(9, None))

    require_steps(dates(climate), "month", {2015: 0, 2016: 3}, 10)
    assert arctic_year(climate, 2015, 10, 0).n_lead == 0
    with pytest.raises(FeatureError):
        require_steps(dates(climate), "month", {2015: 1, 2016: 3}, 10)


def test_a_gap_of_one_day_is_refused():
    days = daily(monthly())
    gap = days.isel(time=np.arange(days.sizes["time"]) != 1200)

    require_steps(dates(days), "day", {2017: 3}, 10)
    with pytest.raises(FeatureError, match="lacks months") as caught:
        require_steps(dates(gap), "day", {2017: 3}, 10)

    assert caught.value.sample == ["2017-04 to 2017-04"]
    assert caught.value.expected == "every day from 2016-07-01 to 2017-09-30"
