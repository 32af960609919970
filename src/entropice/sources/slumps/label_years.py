"""The label year that a row of a file belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from entropice.errors import LabelError
from entropice.sources.periods import Period
from entropice.types import BoolArray, IntArray


@dataclass(frozen=True)
class LabelYears:
    """The label year of each span of years.

    Attributes
    ----------
    label_year
        The label year of the period that a span shares a year with, 0 where there is none; int64, shape (n,).
    is_partly
        Whether the span also holds years outside its period, shape (n,).
    """

    label_year: IntArray
    is_partly: BoolArray


def assign_label_year(first_year: IntArray, last_year: IntArray, periods: Sequence[Period], name: str) -> LabelYears:
    """Find the period of every span of years, both ends included.

    Parameters
    ----------
    first_year, last_year
        Of each span, int64, shape (n,).
    periods
        The label years; where a span shares years with several, the last of them counts.
    name
        What the rows are, for messages.

    Raises
    ------
    LabelError
        A span of several years shares a year with a period of one year: its own year is not known.

    Examples
    --------
    >>> spans = np.array([2017, 2019, 2022]), np.array([2018, 2019, 2022])
    >>> found = assign_label_year(*spans, periods=(Period(2018, 2021),), name="slumps")
    >>> found.label_year.tolist(), found.is_partly.tolist()
    ([2021, 2021, 0], [True, False, False])
    """
    label_year = np.zeros(len(first_year), dtype=np.int64)
    is_partly = np.zeros(len(first_year), dtype=bool)
    for period in periods:
        is_shared = (first_year <= period.last_year) & (last_year >= period.first_year)
        sticks_out = is_shared & ((first_year < period.first_year) | (last_year > period.last_year))
        if not period.is_pooled:
            _refuse_ranges(first_year, last_year, sticks_out, name)
        label_year[is_shared] = period.last_year
        is_partly |= sticks_out
    return LabelYears(label_year, is_partly)


def _refuse_ranges(first_year: IntArray, last_year: IntArray, is_range: BoolArray, name: str) -> None:
    if is_range.any():
        spans = np.unique(np.stack([first_year[is_range], last_year[is_range]]), axis=1).T
        raise LabelError(
            f"{name}: ranges of several years cannot label single years.",
            field="labels.years",
            got=f"{int(is_range.sum())} rows",
            expected="one year a row, or one pooled label year",
            sample=(f"{first}–{last}" for first, last in spans),
            fix="pool the years: one label year, and labels.pooled_from for the first year that it stands for",
        )
