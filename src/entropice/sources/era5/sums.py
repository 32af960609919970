"""How the sums of hourly files are formed: over each hour, or on from some hour of the day."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np

from entropice.types import Float32Array, FloatArray
from entropice.units import HOURS_PER_DAY

OF_HOURS: Final = "over each hour"
SINCE_MIDNIGHT: Final = "since midnight"
SINCE_START: Final = "since the start of a forecast, or of another day than that of UTC"
UNDECIDED: Final = "in a way that the values do not tell"
MIDNIGHT: Final = frozenset({0})
STARTS_UTC: Final = (MIDNIGHT, frozenset({6, 18}), frozenset({0, 12}), frozenset({0, 6, 12, 18}))
"""Hours at which sums may begin anew: ERA5-Land's day, and the runs of forecasts."""
OTHER_MIDNIGHTS_UTC: Final = tuple(frozenset({hour}) for hour in range(1, HOURS_PER_DAY))
"""Of days in other time zones."""
MIN_STANDING_H: Final = 6.0
"""For which a sum of a day stands on average; rain of some hours a day does not."""
MAX_STRAY: Final = 0.1
"""Of all falls of sums that grow on: packing."""
MIN_STRAY: Final = 0.3
"""Of all falls of sums of hours: those at hours at which no sum begins."""
MIN_LOSS: Final = 0.5
"""Of what stands before sums begin anew: the rest falls again in the first hour."""
MAX_LOSS: Final = 0.2
"""Of what stands at hours at which no sum begins, where it rains on."""
MIN_EVIDENCE: Final = 0.01
"""Of all hours together: less at the hours in question tells nothing."""
TRACE: Final = 3e-5
"""Of the largest sum there can be: smaller falls are packing, and days with less do not matter."""


@dataclass(frozen=True, eq=False)
class Course:
    """How sums move from hour to hour over many days and places; courses add up.

    Attributes
    ----------
    falls
        How much they fall in the hour that begins at 00, 01, … 23 UTC: shape (24,).
    standing
        What stands at the beginning of each of these hours.
    total
        Of all hours.
    n_hours
        Known hours, of all places.
    """

    falls: FloatArray
    standing: FloatArray
    total: float
    n_hours: int

    def __add__(self, other: "Course") -> "Course":
        return Course(
            self.falls + other.falls,
            self.standing + other.standing,
            self.total + other.total,
            self.n_hours + other.n_hours,
        )


NOTHING: Final = Course(np.zeros(HOURS_PER_DAY), np.zeros(HOURS_PER_DAY), 0.0, 0)


def course_of(hours: Float32Array, before: Float32Array | None, maximum: float) -> Course:
    """The course of whole days.

    Falls are counted where they are more than 3·10⁻⁵ (`TRACE`) of the maximum; an hour after an unknown one has none.

    Parameters
    ----------
    hours
        Sums by day and stamp, 01 to 24 UTC, shape (n_day, 24, …); NaN where unknown.
    before
        The stamp before the first, shape (…); None where there is none.
    maximum
        The largest sum over an hour there can be.

    Examples
    --------
    Two days of 1 mm an hour, summed on since midnight: 24 mm stand at the second one, and 23 fall in the hour after it:

    >>> hours = np.tile(np.arange(1, 25, dtype=np.float32), 2).reshape(2, 24, 1)
    >>> course = course_of(hours, before=None, maximum=300.0)
    >>> course.falls[:2].tolist(), course.standing[:2].tolist(), course.total, course.n_hours
    ([23.0, 0.0], [24.0, 2.0], 600.0, 48)
    """
    later = hours.reshape(-1, *hours.shape[2:])
    first = np.full_like(later[:1], np.nan) if before is None else before[None]
    earlier = np.concatenate([first, later[:-1]])
    standing = np.where(np.isnan(later), np.nan, earlier)
    return Course(
        _by_hour(np.where(earlier - later > TRACE * maximum, earlier - later, np.float32(0))),
        _by_hour(standing),
        float(np.nansum(later, dtype=np.float64)),
        int(np.count_nonzero(~np.isnan(later))),
    )


def joined(courses: Iterable[Course]) -> Course:
    """All of them together; `NOTHING` of none."""
    return reduce(Course.__add__, courses, NOTHING)


def is_dry(course: Course, maximum: float) -> bool:
    """Whether the sums are so small that it does not matter how they are formed.

    They are where a mean day is no more than 3·10⁻⁵ (`TRACE`) of that maximum: total · 24 ≤ 3·10⁻⁵ · `maximum` ·
    n_hours.

    Parameters
    ----------
    maximum
        The largest sum over an hour there can be.

    Examples
    --------
    >>> is_dry(Course(np.zeros(24), np.zeros(24), total=0.009, n_hours=24), maximum=300.0)
    True
    >>> is_dry(Course(np.zeros(24), np.zeros(24), total=0.010, n_hours=24), maximum=300.0)
    False
    """
    return course.total * HOURS_PER_DAY <= TRACE * maximum * course.n_hours


def formation(course: Course) -> str:
    """How sums are formed: `OF_HOURS`, `SINCE_MIDNIGHT`, `SINCE_START` or `UNDECIDED`.

    Sums that grow on fall only where they begin anew, and lose there what had come together; sums of hours fall at
    any hour. Falls are weighed by their amount, so that neither drizzle nor packing decides.

    Sets of hours at which sums may begin are {0}, {6, 18}, {0, 12}, {0, 6, 12, 18} and, where total ≥ 6 · Σ falls, each
    other hour alone. Of a set, *stray* is the share of the falls at other hours (0 without falls), *standing* what
    stands at its hours, and *lost* the share of that which falls there (0 where nothing stands).

    - A set is possible where stray ≤ 0.3, unless standing ≥ 0.01 · total and lost < 0.2. If none is, `OF_HOURS`.
    - A set is certain where Σ falls ≥ 0.01 · total, stray < 0.1 and lost ≥ 0.5. If none is, `UNDECIDED`.
    - `SINCE_MIDNIGHT` if {0} is among the certain ones, else `SINCE_START`.

    Examples
    --------
    >>> grown = np.tile(np.arange(1, 25, dtype=np.float32), 2).reshape(2, 24, 1)
    >>> showers = np.tile(np.array([0, 2], dtype=np.float32), 24).reshape(2, 24, 1)
    >>> [formation(course_of(hours, None, 300.0)) for hours in (grown, showers)]
    ['since midnight', 'over each hour']
    """
    stands = course.total >= MIN_STANDING_H * course.falls.sum()
    known = (*STARTS_UTC, *OTHER_MIDNIGHTS_UTC) if stands else STARTS_UTC
    if not any(_may_begin(course, starts) for starts in known):
        return OF_HOURS
    found = [starts for starts in known if _must_begin(course, starts)]
    if not found:
        return UNDECIDED
    return SINCE_MIDNIGHT if MIDNIGHT in found else SINCE_START


def _may_begin(course: Course, starts: frozenset[int]) -> bool:
    """Whether sums can begin anew at these hours: they fall nowhere else, and no sum is known to stay."""
    return _stray(course, starts) <= MIN_STRAY and not (
        _standing(course, starts) >= MIN_EVIDENCE * course.total and _lost(course, starts) < MAX_LOSS
    )


def _must_begin(course: Course, starts: frozenset[int]) -> bool:
    return (
        course.falls.sum() >= MIN_EVIDENCE * course.total
        and _stray(course, starts) < MAX_STRAY
        and _lost(course, starts) >= MIN_LOSS
    )


def _stray(course: Course, starts: frozenset[int]) -> float:
    """Share of the falls at other hours; 0 where nothing falls."""
    fallen = float(course.falls.sum())
    return 1.0 - float(course.falls[sorted(starts)].sum()) / fallen if fallen > 0 else 0.0


def _lost(course: Course, starts: frozenset[int]) -> float:
    """Share that falls of what stands at these hours; 0 where nothing stands."""
    standing = _standing(course, starts)
    return float(course.falls[sorted(starts)].sum()) / standing if standing > 0 else 0.0


def _standing(course: Course, starts: frozenset[int]) -> float:
    return float(course.standing[sorted(starts)].sum())


def _by_hour(values: Float32Array) -> FloatArray:
    by_hour: FloatArray = np.nansum(values.reshape(-1, HOURS_PER_DAY, values[0].size), axis=(0, 2), dtype=np.float64)
    return by_hour
