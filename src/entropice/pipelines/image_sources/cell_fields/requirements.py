"""What a record of yearly climate must be, so that years of it can be learned from and forecast."""

from collections.abc import Sequence

import numpy as np

from entropice.derive.climate.departures import LEAST_YEARS
from entropice.errors import FeatureError, LabelError
from entropice.types import BoolArray


def require_series(years: Sequence[int], climate: str) -> None:
    """Pass only Arctic years (n_year,), ascending, that follow one another.

    `climate` says what there is where none is whole.

    >>> require_series([1990, 1991, 1992], "36 steps")
    >>> require_series([1990, 1992], "24 steps")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    FeatureError: ...

    Raises
    ------
    FeatureError
        There is none, or one is lacking between others: the year after one would be taken for another.
    """
    lacking = sorted(set(range(years[0], years[-1] + 1)) - set(years)) if years else []
    if lacking or not years:
        raise FeatureError(
            "The climate has no whole Arctic years that follow one another.",
            field="time",
            got=f"whole years {years[0]} to {years[-1]} without {', '.join(map(str, lacking[:5]))}"
            if years
            else climate,
            expected="every month of a row of years",
            sample=lacking,
            fix="request the missing months, and make the run that this one builds on again",
        )


def require_learned(learned: BoolArray) -> None:
    """Pass only as many years (n_year,), bool, to learn from as something is usual of: five.

    Raises
    ------
    LabelError
        There are fewer.
    """
    if learned.sum() < LEAST_YEARS:
        raise LabelError(
            "There are too few years to learn from what is usual.",
            field="samples.splits",
            got=f"{np.count_nonzero(learned)} of {len(learned)} years",
            expected=f"{LEAST_YEARS} or more",
            fix="take a longer record, or fewer later and validated steps",
        )
