"""How alike two maps are, in few numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .comparison_cells import ComparedCell


@dataclass(frozen=True)
class Agreement:
    """Counts of cells, and over those with a value on both sides the rest; None where it is not defined.

    Attributes
    ----------
    n_both, n_only_a, n_only_b
        Cells with a value on both sides, on one.
    land_both_m2
        Land of the cells with a value on both sides.
    mean_difference, mean_absolute_difference
        Weighted by land area, in the quantity's unit (classes: steps).
    correlation, rank_correlation
        Pearson's, and Spearman's with ties at their mean rank, cells counting alike; of numbers only.
    n_agree, n_judged
        Cells whose texts are equal, or whose values lie within each other's interval, of those where that is known.
    confusion
        Cells by value of A and value of B, of texts only.
    """

    n_both: int
    n_only_a: int
    n_only_b: int
    land_both_m2: float
    mean_difference: float | None
    mean_absolute_difference: float | None
    correlation: float | None
    rank_correlation: float | None
    n_agree: int
    n_judged: int
    confusion: Mapping[tuple[str, str], int]

    @property
    def agreeing_share(self) -> float | None:
        """Share (0..1) of the judged cells that agree; None where none was judged."""
        return self.n_agree / self.n_judged if self.n_judged else None


def agreement(cells: Sequence[ComparedCell]) -> Agreement:
    """The agreement of compared cells: counts, and of those with a value on both sides means and correlations.

    Means are Σ land · d / Σ land over the cells with a difference d, correlations count each cell once. Cells without a
    value on either side count nowhere; no cells give counts of 0 and None for the rest, and means are None, too, where
    the land sums to 0.
    """
    both = [cell for cell in cells if cell.is_in_both]
    numbers = [
        (float(cell.value_a), float(cell.value_b))
        for cell in both
        if not isinstance(cell.value_a, str) and cell.value_a is not None
        if not isinstance(cell.value_b, str) and cell.value_b is not None
    ]
    a, b = [pair[0] for pair in numbers], [pair[1] for pair in numbers]
    known = [(cell.land_m2, cell.difference) for cell in both if cell.difference is not None]
    judged = [cell.agrees for cell in both if cell.agrees is not None]
    return Agreement(
        n_both=len(both),
        n_only_a=sum(cell.value_a is not None and cell.value_b is None for cell in cells),
        n_only_b=sum(cell.value_b is not None and cell.value_a is None for cell in cells),
        land_both_m2=math.fsum(cell.land_m2 for cell in both),
        mean_difference=_mean(known),
        mean_absolute_difference=_mean([(land_m2, abs(difference)) for land_m2, difference in known]),
        correlation=pearson(a, b),
        rank_correlation=pearson(ranks(a), ranks(b)),
        n_agree=sum(judged),
        n_judged=len(judged),
        confusion=Counter(
            (cell.value_a, cell.value_b)
            for cell in both
            if isinstance(cell.value_a, str) and isinstance(cell.value_b, str)
        ),
    )


def pearson(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Pearson's correlation of two sequences of one length, in −1..1.

    r = Σ (a − ā)(b − b̄) / (√Σ (a − ā)² · √Σ (b − b̄)²). It is None where either sequence is the same everywhere, or
    where there are fewer than two values. Values have to be finite.

    Examples
    --------
    >>> pearson([0, 0, 2, 2], [1, 1, 5, 5]), pearson([0, 1, 0, 1], [0, 0, 1, 1]), pearson([1, 2], [5, 5])
    (1.0, 0.0, None)
    """
    if len(a) < 2:
        return None
    mean_a, mean_b = math.fsum(a) / len(a), math.fsum(b) / len(b)
    from_a, from_b = [value - mean_a for value in a], [value - mean_b for value in b]
    spread = math.sqrt(math.fsum(x * x for x in from_a)) * math.sqrt(math.fsum(y * y for y in from_b))
    # A mean may miss equal values by their last digit, which leaves a spread beside 0: hence the values themselves.
    if spread == 0 or len(set(a)) == 1 or len(set(b)) == 1:
        return None
    return max(-1.0, min(1.0, math.fsum(x * y for x, y in zip(from_a, from_b)) / spread))


def ranks(values: Sequence[float]) -> list[float]:
    """Rank of each value from 1; equal ones share the mean of theirs.

    The smallest has rank 1; the ranks stand in the order of `values`, which have to be comparable (no NaN). Pearson's
    correlation of ranks is Spearman's.

    Examples
    --------
    >>> ranks([10.0, 30.0, 10.0, 20.0])
    [1.5, 4.0, 1.5, 3.0]
    """
    order = sorted(range(len(values)), key=lambda index: values[index])
    ranked = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for index in order[start:end]:
            ranked[index] = (start + 1 + end) / 2
        start = end
    return ranked


def _mean(weighted: Sequence[tuple[float, float]]) -> float | None:
    total = math.fsum(weight for weight, _ in weighted)
    return math.fsum(weight * value for weight, value in weighted) / total if total > 0 else None
