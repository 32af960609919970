"""Forecasts with their doubts: what a forecast was off by in other years is laid on it, whole fields at a time.

A draw is the forecast and the errors of one past year: all cells, all indices and all horizons of the same course, so
that draws hang together in space, among indices, and in time (error dressing: Roulston and Smith 2003,
doi:10.1034/j.1600-0870.2003.201378.x). Errors of years that were learned from are too small. So they are widened, by
horizon, by the factor with which their 90 % intervals hold 90 % of the errors of validation years, as a split conformal
forecast is (Romano, Patterson and Candès 2019, arXiv:1905.03222, with a factor in place of a summand); they are never
narrowed. The ratio of root mean squares would be decided by the few places where a season is rare and departs far.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from entropice.errors import LabelError
from entropice.learning.outlook.crps import INNER_SHARE, inner_range
from entropice.learning.outlook.forecasts import YearlyRecord, ahead_of
from entropice.types import BoolArray, Float32Array, FloatArray

LEAST_COURSES = 8


@dataclass(frozen=True, eq=False)
class Dressing:
    """Errors of one way to forecast.

    Attributes
    ----------
    errors
        Departures minus forecasts, float32 (n_course, n_horizon, n_index, n_cell), of courses that were learned from.
    widening
        (n_horizon,), 1 or more.
    """

    errors: Float32Array
    widening: FloatArray

    def draws(self, said: Float32Array) -> Float32Array:
        """Departures (n_course, n_horizon, n_index, n_cell), float32, that may come, of a forecast of them.

        The forecast (n_horizon, n_index, n_cell) and each course of errors, widened by horizon; NaN where either is
        unknown.

        Examples
        --------
        Two courses of one horizon, index and cell, twice as wide.

        >>> dressing = Dressing(np.array([-1.0, 3.0], dtype=np.float32).reshape(2, 1, 1, 1), widening=np.array([2.0]))
        >>> dressing.draws(np.full((1, 1, 1), 10.0, dtype=np.float32)).ravel().tolist()
        [8.0, 16.0]
        """
        dressed: Float32Array = said + (self.widening[:, None, None] * self.errors).astype(np.float32)
        return dressed


def fit_dressing(
    said: Float32Array, issued: Sequence[int], record: YearlyRecord, learned: BoolArray, validated: BoolArray
) -> Dressing:
    """Collect errors of years of training, and widen them by years of validation.

    Parameters
    ----------
    said
        Departures (n_issued, n_horizon, n_index, n_cell) that were forecast from each of the years `issued`.
    issued
        Years from which was forecast; horizon 1 is the year after.
    record
        What came.
    learned, validated
        (n_year,) of the record.

    Returns
    -------
    Dressing
        Of the courses all of whose years were learned from, a course being the errors (departures that came minus those
        forecast) after one of the years `issued`. The widening of a horizon is `reach` of these errors for those of its
        years of validation, whatever course they are of, and at least 1. Errors of a place that is unknown in some
        courses are 0 there, and NaN where it is unknown in all.

    Raises
    ------
    LabelError
        Fewer than eight courses (`LEAST_COURSES`) lie in years of training, a horizon has no year of validation, or
        errors of training are 0 where too many of validation are not.
    """
    n_horizons = said.shape[1]
    truth = np.stack([record.departures(ahead_of(year, n_horizons).tolist()) for year in issued])
    errors = truth - said
    of_training, of_validation = (_are_in(issued, n_horizons, record, part) for part in (learned, validated))
    # Whole courses alone: a draw lays one course on all horizons, so that years to come hang together as years did.
    is_whole = of_training.all(axis=1)
    if is_whole.sum() < LEAST_COURSES or not of_validation.any(axis=0).all():
        raise LabelError(
            "There are too few years to learn from how far forecasts are off.",
            field="samples.splits",
            got=f"{int(is_whole.sum())} whole courses of training, {of_validation.sum(axis=0).tolist()} of validation",
            expected=f"{LEAST_COURSES} or more, and one or more of each horizon",
            fix="take a longer record, fewer frames in, or fewer later and validated steps",
        )
    kept = _known(errors[is_whole])
    widening = [max(1.0, reach(kept[:, ahead], errors[of_validation[:, ahead], ahead])) for ahead in range(n_horizons)]
    _require_finite(widening)
    return Dressing(kept, np.array(widening))


def _require_finite(widening: Sequence[float]) -> None:
    if not np.isfinite(widening).all():
        raise LabelError(
            "Forecasts err in years of validation where they never do in years of training.",
            field="samples.splits",
            got=f"factors {', '.join(f'{factor:.3g}' for factor in widening)} by horizon",
            expected="errors of training that can be widened",
            fix="take a longer record, or fewer later and validated steps",
        )


def _are_in(issued: Sequence[int], n_horizons: int, record: YearlyRecord, part: BoolArray) -> BoolArray:
    """Which targets (n_issued, n_horizon) lie in a part of the years."""
    years = record.years[part]
    return np.stack([np.isin(ahead_of(year, n_horizons), years) for year in issued])


def _known(errors: Float32Array) -> Float32Array:
    """Errors in which a place that is unknown in one course errs by nothing there: no season in a year is no error."""
    is_known = np.isfinite(errors)
    return np.where(is_known | ~is_known.any(axis=0), errors, np.float32(0))


def reach(errors: Float32Array, others: Float32Array) -> float:
    """The factor by which 90 % intervals of errors (n, …) are widened to hold 90 % of other errors (m, …).

    The 90 % quantile, at a value that occurs, of other error / end of the interval on its side. It may be below 1. NaN
    counts nowhere. Other errors on a side on which an interval ends at 0 are held by none: the factor is infinite where
    these are too many, and 1 where no other error is known.

    Examples
    --------
    The interval of nineteen errors is −9 to 9: to hold −18, it is widened twofold.

    >>> reach(np.arange(-9, 10, dtype=np.float32), np.array([-18.0, 9.0, 0.0], dtype=np.float32))
    2.0
    """
    low, high = inner_range(errors)
    ends = np.where(others < 0, low, high)
    needed = np.divide(others, ends, out=np.where(others == 0, 0.0, np.inf), where=(ends != 0) & (others * ends >= 0))
    known = needed[np.isfinite(others) & np.isfinite(ends)]
    return float(np.quantile(known, INNER_SHARE, method="higher")) if known.size else 1.0
