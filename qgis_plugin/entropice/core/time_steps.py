"""In which steps layers follow on one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

DAYS, MONTHS, YEARS = "days", "months", "years"


@dataclass(frozen=True)
class TimeStep:
    """So many days, months or years of the calendar."""

    number: int
    unit: str


def time_step(held: Sequence[tuple[date, date]]) -> TimeStep | None:
    """The shortest of spans, which end after they begin, in the largest unit that fits all ends; None without any.

    A span is its first day and the first day after it. If all ends fall on one day of the calendar, the step is in
    years, if on one day of the month, in months, else in days; it is as long as the shortest span.

    Examples
    --------
    >>> time_step([(date(2021, 1, 1), date(2022, 1, 1)), (date(2022, 1, 1), date(2024, 1, 1))])
    TimeStep(number=1, unit='years')
    >>> time_step([(date(2021, 1, 1), date(2021, 2, 1))]), time_step([(date(2021, 1, 1), date(2021, 1, 9))])
    (TimeStep(number=1, unit='months'), TimeStep(number=8, unit='days'))
    """
    if not held:
        return None
    ends = [day for span in held for day in span]
    if len({(day.month, day.day) for day in ends}) == 1:
        return TimeStep(min(last.year - first.year for first, last in held), YEARS)
    if len({day.day for day in ends}) == 1:
        return TimeStep(min(12 * (last.year - first.year) + last.month - first.month for first, last in held), MONTHS)
    return TimeStep(min((last - first).days for first, last in held), DAYS)
