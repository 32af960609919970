"""Water by the threshold of an index alone: the oldest rival of a network that looks for lakes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from sklearn.linear_model import LogisticRegression

from entropice.errors import ConfigError, LabelError
from entropice.imagery.pixel_models import own_values
from entropice.imagery.statistics import BandStatistics
from entropice.quotients import quotient
from entropice.types import BoolArray, Float32Array, FloatArray


def ndwi(green: FloatArray, nir: FloatArray) -> FloatArray:
    """(green − NIR) / (green + NIR) of reflectances (McFeeters 1996, doi:10.1080/01431169608948714).

    In −1..1 where reflectances are not negative; NaN where one of both is unknown or their sum is not above 0. All
    three are of one shape.

    Examples
    --------
    >>> ndwi(np.array([0.3, 0.1, 0.0]), np.array([0.1, 0.3, 0.0])).round(6).tolist()
    [0.5, -0.5, nan]
    """
    return quotient(green - nir, green + nir)


def ndwi_columns(green_nir: Sequence[str], statistics: BandStatistics) -> Callable[[Float32Array], Float32Array]:
    """What the rival sees: standardised values (band, row, column) to the index (row × column, 1), NaN where unknown.

    Parameters
    ----------
    green_nir
        Names of the two bands, green first, whose unit is that of reflectances.
    statistics
        What the values were standardised with, and are brought back by; its bands are those of the values.

    Raises
    ------
    ConfigError
        It lacks one of the bands.

    Examples
    --------
    >>> statistics = BandStatistics(("nir", "green"), 1, np.array([9, 9]), np.array([0.25, 0.5]), np.array([0.5, 0.25]))
    >>> columns = ndwi_columns(("green", "nir"), statistics)
    >>> columns(np.array([[[0.0, np.nan]], [[1.0, 1.0]]], np.float32)).tolist()
    [[0.5], [nan]]
    """
    missing = [band for band in green_nir if band not in statistics.bands]
    if missing:
        raise ConfigError(
            f"NDWI needs bands that are not seen: {', '.join(missing)}",
            field="evaluation.rivals",
            got=f"ndwi with the bands {', '.join(statistics.bands)}",
            expected=" and ".join(green_nir),
            fix="add these bands, or leave this rival out",
        )
    places = [statistics.bands.index(band) for band in green_nir]

    def columns(values: Float32Array) -> Float32Array:
        mean, std = (each[places, None, None] for each in (statistics.mean, statistics.std))
        green, nir = values[places] * std + mean
        return own_values(ndwi(green, nir).astype(np.float32)[None])

    return columns


@dataclass
class KnownLine:
    """A logistic line on one column; where that is NaN, the log-odds of all rows that were learned from.

    The interface is that of a scikit-learn classifier, as far as `entropice.imagery.pixel_models` asks for it.

    Attributes
    ----------
    line
        Through the known rows, nearly without a penalty.
    prior
        Natural log-odds of a positive among all rows that were learned from.
    """

    line: LogisticRegression = field(default_factory=lambda: LogisticRegression(C=1e6, max_iter=200))
    prior: float = 0.0

    def fit(self, columns: FloatArray, is_positive: BoolArray) -> Self:
        """Fit to the rows that are known, of columns (n, n_column) and labels (n,); NaN is unknown.

        Without a negative, or without a positive, among all rows the prior would be infinite.

        Raises
        ------
        LabelError
            These are of one class only.
        """
        known = ~np.isnan(columns[:, 0])
        if len(np.unique(is_positive[known])) < 2:
            raise LabelError(
                "An index needs pixels of both classes where it is known.",
                field="label",
                got=f"{int(is_positive[known].sum()):,} positive of {int(known.sum()):,} known pixels",
                expected="some of both in the training tiles",
            )
        self.line.fit(columns[known], is_positive[known])
        self.prior = float(np.log(is_positive.sum() / (~is_positive).sum()))
        return self

    def decision_function(self, columns: FloatArray) -> FloatArray:
        """Log-odds (row,).

        Float64, never NaN; columns are (row, 1).

        Examples
        --------
        One of four rows is positive, so that a row whose index is not known has the log-odds of 1 : 3.

        >>> index = np.array([[0.5], [-0.5], [np.nan], [-0.4]])
        >>> model = KnownLine().fit(index, np.array([True, False, False, False]))
        >>> model.decision_function(np.array([[np.nan]])).round(4).tolist(), bool(model.decision_function(index)[0] > 0)
        ([-1.0986], True)
        """
        known = ~np.isnan(columns[:, 0])
        log_odds = np.full(len(columns), self.prior)
        if known.any():
            log_odds[known] = self.line.decision_function(columns[known])
        return log_odds


def known_line(_: int) -> Any:
    """A line where the index is known, not fitted yet: a `KnownLine`. No seed is needed."""
    return KnownLine()
