"""Forecasts with their doubts: what a forecast was off by in other years is laid on it, whole fields at a time.

A draw is the forecast and the errors of one past course: all cells, all indices and all horizons of the same years, so
that draws hang together in space, among indices, and in time (error dressing: Roulston and Smith 2003,
doi:10.1034/j.1600-0870.2003.201378.x). Errors of years that were learned from are too small, those of years of
validation are not; both are laid on as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from entropice.errors import LabelError
from entropice.learning.outlook.forecasts import YearlyRecord, ahead_of
from entropice.types import BoolArray, Float32Array

LEAST_COURSES = 8


@dataclass(frozen=True, eq=False)
class Dressing:
    """Errors of one way to forecast.

    Attributes
    ----------
    errors
        Departures minus forecasts, float32 (n_course, n_horizon, n_index, n_cell), of past courses of years.
    """

    errors: Float32Array

    def draws(self, said: Float32Array) -> Float32Array:
        """Departures (n_course, n_horizon, n_index, n_cell) that may come, of a forecast of them."""
        return said + self.errors


def fit_dressing(said: Float32Array, issued: Sequence[int], record: YearlyRecord, past: BoolArray) -> Dressing:
    """Collect the errors of all courses that lie in the past.

    Parameters
    ----------
    said
        Departures (n_issued, n_horizon, n_index, n_cell) that were forecast from each of the years `issued`.
    past
        (n_year,) of the record: learned from, or chosen with.

    Raises
    ------
    LabelError
        There are fewer than `LEAST_COURSES`.
    """
    n_horizons = said.shape[1]
    courses = np.stack([ahead_of(year, n_horizons) for year in issued])
    is_past = np.isin(courses, record.years[past]).all(axis=1)
    if is_past.sum() < LEAST_COURSES:
        raise LabelError(
            "There are too few years to learn from how far forecasts are off.",
            field="samples.splits",
            got=f"{int(is_past.sum())} whole courses of training and validation",
            expected=f"{LEAST_COURSES} or more",
            fix="take a longer record, fewer frames in, or fewer later steps",
        )
    truth = np.stack([record.departures(course.tolist()) for course in courses[is_past]])
    return Dressing(_known(truth - said[is_past]))


def _known(errors: Float32Array) -> Float32Array:
    """Errors in which a place that is unknown in one course errs by nothing there: no season in a year is no error."""
    is_known = np.isfinite(errors)
    return np.where(is_known | ~is_known.any(axis=0), errors, np.float32(0))
