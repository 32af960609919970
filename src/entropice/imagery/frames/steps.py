"""From one field of a series to the next: durations of the calendar, and series that have several runs of them."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from entropice.errors import SchemaError
from entropice.types import BoolArray, IntArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Days = NDArray[np.datetime64]
else:
    Days = Any

SEASON_DAYS: Final = 60
"""From here on a pause of a series of shorter steps is between two seasons; a shorter one is a gap."""

_MONTHS: Final = {"M": 1, "Y": 12}
_DAYS: Final = {"D": 1, "W": 7}


@dataclass(frozen=True)
class Step:
    """A whole number of days, or of months, which are not all equally long.

    Attributes
    ----------
    text
        As ISO 8601 writes it: ``P1D``, ``P5Y``.
    n_months, n_days
        One of them is 0.
    """

    text: str
    n_months: int
    n_days: int

    def after(self, days: Days, n: int) -> Days:
        """The days (datetime64) that lie `n` steps after others; a day of a month stays that day.

        Where a month is too short for it, the rest runs on into the next one: a month after 31 January is 2 or 3 March.
        A negative `n` goes back.

        Examples
        --------
        >>> days = np.array(["2001-01-15", "2001-01-31"], dtype="datetime64[D]")
        >>> step_of("P1M").after(days, 1).astype(str).tolist(), step_of("P1W").after(days, 2).astype(str).tolist()
        (['2001-02-15', '2001-03-03'], ['2001-01-29', '2001-02-14'])
        """
        days = days.astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        later: Days = (months + n * self.n_months).astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
        return later + np.timedelta64(n * self.n_days, "D")

    def is_season(self, lag_days: IntArray) -> BoolArray:
        """Whether each step comes so long (n,) after the one before it that a season lies between them, and no gap.

        That is `SEASON_DAYS` or more, and of steps of days shorter than that alone: series of months and years have no
        seasons.

        Examples
        --------
        >>> step_of("P1D").is_season(np.array([1, 59, 60])).tolist(), step_of("P1M").is_season(np.array([90])).tolist()
        ([False, False, True], [False])
        """
        return (lag_days >= SEASON_DAYS) & (0 < self.n_days < SEASON_DAYS)

    @property
    def told(self) -> str:
        """For people: ``every day``, ``every 5 years``.

        Examples
        --------
        >>> [step_of(text).told for text in ("P1D", "P2W", "P1M", "P5Y")]
        ['every day', 'every 14 days', 'every month', 'every 5 years']
        """
        n, unit = (self.n_days, "day") if self.n_days else (self.n_months, "month")
        n, unit = (n // 12, "year") if unit == "month" and n % 12 == 0 else (n, unit)
        return f"every {unit}" if n == 1 else f"every {n} {unit}s"


def step_of(text: str) -> Step:
    """The step that ``P<number><D, W, M or Y>`` stands for.

    Raises
    ------
    SchemaError
        It is none.

    Examples
    --------
    >>> step_of("P2W"), step_of("P5Y")
    (Step(text='P2W', n_months=0, n_days=14), Step(text='P5Y', n_months=60, n_days=0))
    >>> step_of("P0D")
    Traceback (most recent call last):
        ...
    entropice.errors.SchemaError: The step of a series is no whole number of days, weeks, months or years...
    """
    found = re.fullmatch(r"P([1-9]\d*)([DWMY])", text)
    if found is None:
        raise SchemaError(
            "The step of a series is no whole number of days, weeks, months or years.",
            field="step",
            got=text,
            expected="an ISO 8601 duration such as P1D or P5Y",
            fix="write the attribute step of the dataset so",
        )
    n, unit = int(found[1]), found[2]
    return Step(text, n * _MONTHS.get(unit, 0), n * _DAYS.get(unit, 0))


def runs_of(days: Days, step: Step) -> IntArray:
    """The number (n_step,) of the run, from 0, that each step of a series belongs to: a new one begins after a pause.

    Days are datetime64, (n_step,).

    A pause is that of `Step.is_season`; a shorter one is a gap.

    Raises
    ------
    SchemaError
        Steps are out of order, doubled, missing, or not all of the one length.

    Examples
    --------
    >>> days = np.array(["2020-02-28", "2020-02-29", "2020-03-01", "2020-06-01"], dtype="datetime64[D]")
    >>> runs_of(days, step_of("P1D")).tolist()
    [0, 0, 0, 1]
    >>> try:
    ...     runs_of(days[[0, 2]], step_of("P1D"))
    ... except SchemaError as error:
    ...     print(error.got)
    2020-02-28 and then 2020-03-01
    """
    days = days.astype("datetime64[D]")
    lag_days = np.diff(days).astype(np.int64)
    _refuse(days, lag_days < 0, "are not in the order of time", "sort the series by time")
    _refuse(days, lag_days == 0, "occur twice", "keep one field of each time")
    is_next = days[1:] == step.after(days[:-1], 1)
    is_pause = ~is_next & step.is_season(lag_days)
    is_wrong = ~is_next & ~is_pause
    is_gap = is_wrong & (days[1:] > step.after(days[:-1], 1))
    fix = "add the missing fields, all NaN where nothing is known, or leave out what is between"
    _refuse(days, is_gap, f"do not follow their predecessor by {step.text}: a gap, or mixed steps", fix)
    _refuse(days, is_wrong, f"follow their predecessor by less than {step.text}", "split the series by its steps")
    return np.concatenate([np.zeros(min(len(days), 1), dtype=np.int64), np.cumsum(is_pause)])


def _refuse(days: Days, is_wrong: "NDArray[np.bool_]", fault: str, fix: str) -> None:
    if is_wrong.any():
        at = np.flatnonzero(is_wrong)
        raise SchemaError(
            f"Steps of a series {fault}.",
            field="time",
            got=f"{days[at[0]]} and then {days[at[0] + 1]}",
            expected="equal steps, each once, in order",
            sample=days[at + 1],
            fix=fix,
        )
