import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.sources.era5.sums import (
    OF_HOURS,
    SINCE_MIDNIGHT,
    SINCE_START,
    UNDECIDED,
    Course,
    course_of,
    formation,
    is_dry,
    joined,
)

MAXIMUM_MM = 300.0


def rain(seed: int, n_days: int, share: float, amount_mm: float = 1.0, n_points: int = 6) -> np.ndarray:
    """Rain of each hour, 01 to 24 UTC: shape (n_day, 24, n_point)."""
    random = np.random.default_rng(seed)
    shape = (n_days, 24, n_points)
    return (random.random(shape) * amount_mm * (random.random(shape) < share)).astype(np.float32)


def since(hours: np.ndarray, *starts: int) -> np.ndarray:
    """The same sums, on from these hours of the day."""
    of_day = np.arange(1, 25)
    begun = np.array([max((start for start in starts if start < hour), default=-1) for hour in of_day])
    runs = np.concatenate([begun + 24 * day for day in range(len(hours))])
    runs[begun[None].repeat(len(hours), 0).ravel() == -1] -= 24 - max(starts) - 1
    flat = hours.reshape(-1, hours.shape[-1])
    grown = np.concatenate([np.cumsum(flat[runs == run], axis=0) for run in dict.fromkeys(runs)])
    return grown.reshape(hours.shape)


def whole(hours: np.ndarray, before: np.ndarray | None = None) -> Course:
    return course_of(hours.astype(np.float32), before, MAXIMUM_MM)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32),
    n_days=st.integers(4, 30),
    share=st.floats(0.1, 1.0),
    amount_mm=st.sampled_from([0.05, 0.7, 8.0]),
)
def test_each_way_is_told_by_drizzle_and_by_storms(seed, n_days, share, amount_mm):
    hours = rain(seed, n_days, share, amount_mm)

    assert formation(whole(hours)) == OF_HOURS
    assert formation(whole(since(hours, 0))) == SINCE_MIDNIGHT
    assert formation(whole(since(hours, 6, 18))) == SINCE_START
    assert formation(whole(since(hours, 0, 12))) == SINCE_START


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32), n_days=st.integers(10, 30))
def test_packing_does_not_make_growing_sums_sums_of_hours(seed, n_days):
    grown = since(rain(seed, n_days, 0.3), 0)
    noise = np.random.default_rng(seed).normal(0, 0.003, grown.shape)

    assert formation(whole(grown + noise)) == SINCE_MIDNIGHT


@pytest.mark.parametrize(
    ("hours", "before", "expected"),
    [
        (np.full((3, 24, 1), 0.1), None, OF_HOURS),
        (np.arange(72.0).reshape(3, 24, 1), None, OF_HOURS),
        (np.arange(24.0).reshape(1, 24, 1), None, UNDECIDED),
        (np.arange(24.0).reshape(1, 24, 1), np.array([12.0]), SINCE_MIDNIGHT),
        (np.full((1, 24, 1), 0.1), np.array([0.1]), OF_HOURS),
    ],
    ids=[
        "the same all the time",
        "ever more",
        "one day that grows",
        "one that begins anew",
        "one that has not",
    ],
)
def test_what_nothing_but_midnights_can_tell(hours, before, expected):
    assert formation(whole(hours, before)) == expected


def test_courses_add_up_day_by_day():
    hours = rain(1, 6, 0.4)
    days = [course_of(hours[day : day + 1], hours[day - 1, -1] if day else None, MAXIMUM_MM) for day in range(6)]

    total, at_once = joined(days), whole(hours)

    np.testing.assert_allclose(total.falls, at_once.falls)
    np.testing.assert_allclose(total.standing, at_once.standing)
    assert (total.n_hours, total.total) == (at_once.n_hours, pytest.approx(at_once.total))


def test_unknown_hours_are_not_falls():
    hours = rain(1, 6, 0.4)
    hours[:, :, 2:] = np.nan

    assert whole(hours).n_hours == 6 * 24 * 2
    np.testing.assert_allclose(whole(hours).falls, whole(hours[:, :, :2]).falls)


def test_dry_is_what_cannot_matter():
    assert is_dry(whole(np.zeros((2, 24, 3))), MAXIMUM_MM)
    assert is_dry(whole(np.full((2, 24, 3), 0.0003)), MAXIMUM_MM)
    assert not is_dry(whole(np.full((2, 24, 3), 0.0005)), MAXIMUM_MM)
