"""Columns on one scale: medians for missing values, standardised, clipped and centred on the training rows."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDING: Final = 1e-12
"""A column whose standard deviation is a smaller share of its mean is constant up to rounding."""


@dataclass(frozen=True)
class Standardisation:
    """``z = clip((x - mean) / scale, -limit, limit) - center``, with the median in place of a missing x.

    Attributes
    ----------
    medians, means, scales, limits, centers
        (D,) of the training rows; ``z`` of these has mean 0. The scale of a constant column is 1.
    """

    medians: Floats
    means: Floats
    scales: Floats
    limits: Floats
    centers: Floats

    def apply(self, rows: Floats) -> Floats:
        """Return z (n, D), without NaN, of rows (n, D), NaN being missing: the equation of the class.

        The rows themselves are not changed.

        Examples
        --------
        Mean and median 2, standard deviation 1, limit 1.5.

        >>> import numpy as np
        >>> learned = standardise_on(np.array([[1.0], [3.0]]), np.ones(2), 1.5, None, 1.0)
        >>> learned.apply(np.array([[3.0], [np.nan], [9.0]])).tolist()
        [[1.0], [0.0], [1.5]]
        """
        z: Floats = np.where(np.isnan(rows), self.medians, rows)
        # In place: rows are many, and every copy of them counts.
        z -= self.means
        z /= self.scales
        np.clip(z, -self.limits, self.limits, out=z)
        z -= self.centers
        return z

    def arrays(self) -> dict[str, Floats]:
        """``medians means scales limits centers`` by name, shape (D,) each, an entry a column; shared, not copied."""
        return vars(self).copy()


def standardise_on(
    rows: Floats, weights: Floats, clip: float, exposure: int | None, exposure_scale: float
) -> Standardisation:
    """Learn the standardisation of rows (n, D), NaN is missing, with weights (n,).

    With NaN replaced by the `weighted_medians`, the mean is ``Σ w x / Σ w`` and the scale ``√(Σ w (x − mean)² / Σ w)``,
    or 1 where that is no more than 1e-12 of the size of the mean; the centre is the mean of what has been clipped.
    Columns have unit variance before they are clipped at ± ``clip``; the exposure's column, whose number is
    ``exposure``, has the standard deviation ``exposure_scale``, and no limit. A column without any value has median and
    mean 0 and the scale 1, so that z is 0. Rows are not changed.

    Examples
    --------
    The missing value takes the median 2, so that the mean is 2 and the variance 1/2.

    >>> import numpy as np
    >>> learned = standardise_on(np.array([[1.0], [2.0], [3.0], [np.nan]]), np.ones(4), 5.0, None, 1.0)
    >>> learned.medians.tolist(), learned.means.tolist(), (learned.scales**2).round(6).tolist()
    ([2.0], [2.0], [0.5])
    """
    medians = weighted_medians(rows, weights)
    known = np.where(np.isnan(rows), medians, rows)
    means = weights @ known / weights.sum()
    known -= means
    np.square(known, out=known)
    deviations = np.sqrt(weights @ known / weights.sum())
    del known
    scales = np.where(deviations <= ROUNDING * np.abs(means), 1.0, deviations)
    limits = np.full(rows.shape[1], float(clip))
    # A wide column needs a small coefficient, which the ridge hardly pulls: what exposure adds is physics, not noise.
    # Clipped, the largest cells would count as smaller than they are.
    if exposure is not None:
        scales[exposure] /= exposure_scale
        limits[exposure] = np.inf
    uncentred = Standardisation(medians, means, scales, limits, np.zeros(rows.shape[1]))
    centers = weights @ uncentred.apply(rows) / weights.sum()
    return Standardisation(medians, means, scales, limits, centers)


def weighted_medians(rows: Floats, weights: Floats) -> Floats:
    """Medians (D,) of the known values of rows (n, D); an integer weight (n,) is a repeated row, 0 where none is known.

    Of two middle values the mean: they are two where exactly half of the weight lies up to the lower one.

    Examples
    --------
    Values 1, 3, 4 of weights 1, 1, 2 are 1, 3, 4, 4. Nothing is known of the second column.

    >>> import numpy as np
    >>> rows = np.array([[1.0, np.nan], [3.0, np.nan], [4.0, np.nan]])
    >>> weighted_medians(rows, np.array([1.0, 1.0, 2.0])).tolist()
    [3.5, 0.0]
    """
    if (weights == weights[0]).all():
        return _medians(rows)
    order = np.argsort(rows, axis=0, kind="stable")
    values = np.take_along_axis(rows, order, axis=0)
    up_to = np.cumsum(np.where(np.isnan(values), 0.0, weights[order]), axis=0)
    # Where exactly half of the weight lies up to a value, that and the next one are the two middle values; else the
    # first to pass the half is both.
    middle = up_to[-1] / 2
    low, high = (np.minimum(below.sum(axis=0), len(rows) - 1) for below in (up_to < middle, up_to <= middle))
    medians: Floats = (_entries(values, low) + _entries(values, high)) / 2
    return np.where(middle > 0, medians, 0.0)


def _medians(rows: Floats) -> Floats:
    """The same of rows that weigh alike: without weights to carry along, sorting takes a quarter of the time."""
    n_known = (~np.isnan(rows)).sum(axis=0)
    values = np.sort(rows, axis=0)
    medians: Floats = (_entries(values, np.maximum(n_known - 1, 0) // 2) + _entries(values, n_known // 2)) / 2
    return np.where(n_known > 0, medians, 0.0)


def _entries(values: Floats, places: Any) -> Floats:
    entries: Floats = np.take_along_axis(values, places[None], axis=0)[0]
    return entries
