"""Few numbers that change when anything changes of which an array is made."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

TOLERANCE = 2e-4
"""Of the spread: more than processors differ in, less than a change of a law makes."""


class Fingerprint(NamedTuple):
    """Of an array of any shape.

    Attributes
    ----------
    n_known
        Values that are no NaN.
    mean, spread
        Of these; the spread is their standard deviation.
    roughness
        Mean size of the step from one to the next along the last axis.
    """

    n_known: int
    mean: float
    spread: float
    roughness: float

    def is_of(self, values: ArrayLike) -> bool:
        """Whether an array has these numbers."""
        found = fingerprint(values)
        return found.n_known == self.n_known and np.allclose(found, self, rtol=0, atol=TOLERANCE * self.spread)


def fingerprint(values: ArrayLike) -> Fingerprint:
    numbers = np.asarray(values, dtype=np.float64)
    known = numbers[~np.isnan(numbers)]
    return Fingerprint(known.size, known.mean(), known.std(), float(np.nanmean(np.abs(np.diff(numbers)))))
