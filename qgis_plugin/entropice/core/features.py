"""Features beside the training data: where a value lies, and what the map makes of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Distribution:
    """A feature over the training rows.

    `quantiles` are pairs of a share and a value, both ascending; `counts` are the rows between `edges`, the first and
    last of which take what lies beyond. Values that are all alike have edges without room between them.
    """

    quantiles: tuple[tuple[float, float], ...]
    edges: tuple[float, ...]
    counts: tuple[float, ...]

    @property
    def lowest(self) -> float:
        """The smallest value of a training row, which is the first quantile."""
        return self.quantiles[0][1]

    @property
    def highest(self) -> float:
        """The largest value of a training row, which is the last quantile."""
        return self.quantiles[-1][1]

    def share_below(self, value: float) -> float:
        """The share of training rows below a value, half of those that equal it, in 0..1.

        Between two quantiles (s₁, v₁) and (s₂, v₂) it is s₁ + (s₂ − s₁)(v − v₁)/(v₂ − v₁). A value that is a quantile
        has its share, one that several quantiles share the mean of the first and last of them; below all it is 0, above
        all 1.

        Examples
        --------
        >>> of_ten = Distribution(((0.0, 1.0), (0.5, 3.0), (0.75, 3.0), (1.0, 5.0)), (1.0, 5.0), (10,))
        >>> [of_ten.share_below(value) for value in (0.0, 2.0, 3.0, 4.0, 9.0)]
        [0.0, 0.25, 0.625, 0.875, 1.0]
        """
        values = [known for _, known in self.quantiles]
        left, right = bisect_left(values, value), bisect_right(values, value)
        if left != right:
            return (self.quantiles[left][0] + self.quantiles[right - 1][0]) / 2
        if left in (0, len(values)):
            return 0.0 if left == 0 else 1.0
        (low_share, low), (high_share, high) = self.quantiles[left - 1], self.quantiles[left]
        return low_share + (high_share - low_share) * (value - low) / (high - low)

    def position(self, value: float) -> float:
        """Where a value lies between the outer edges: 0 at the first, 1 at the last, and no further beyond them.

        Where the edges have no room between them it is 0.5 for their own value, 0 below and 1 above it.

        Examples
        --------
        >>> of_ten = Distribution(((0.0, 0.0), (1.0, 4.0)), (0.0, 2.0, 4.0), (5, 5))
        >>> of_ten.position(1.0), of_ten.position(-1.0), Distribution((), (3.0, 3.0), (10,)).position(3.0)
        (0.25, 0.0, 0.5)
        """
        low, high = self.edges[0], self.edges[-1]
        if high > low:
            return min(max((value - low) / (high - low), 0.0), 1.0)
        return 0.5 + 0.5 * ((value > low) - (value < low))


@dataclass(frozen=True)
class ResponsePoint:
    """The probability of any slump at a value of a feature, less its mean, and the 90 % range of it."""

    value: float
    effect: float
    low_90: float
    high_90: float


@dataclass(frozen=True)
class FeatureInCell:
    """A feature in a cell: `is_kept` says whether the run keeps values of it; one kept without a value is unknown."""

    name: str
    title: str
    unit: str
    is_kept: bool
    value: float | None
    distribution: Distribution | None
    response: tuple[ResponsePoint, ...]
