"""Label years, and the years that each of them stands for."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Period:
    """The years that one label year stands for: itself, or a pooled period that ends with it.

    Both ends belong to it.
    """

    first_year: int
    last_year: int

    @property
    def is_pooled(self) -> bool:
        """Whether it holds several years."""
        return self.first_year < self.last_year

    def __str__(self) -> str:
        return f"{self.first_year}–{self.last_year}" if self.is_pooled else str(self.last_year)


def periods_of(years: Sequence[int], pooled_from: int | None) -> tuple[Period, ...]:
    """The years that each label year stands for: itself, or all from `pooled_from` on.

    In the order of `years`; `pooled_from` is None where they are not pooled. It is not checked against them.

    Examples
    --------
    >>> [str(period) for period in periods_of([2018, 2021], None)]
    ['2018', '2021']
    >>> periods_of([2021], pooled_from=2018)
    (Period(first_year=2018, last_year=2021),)
    """
    return tuple(Period(pooled_from or year, year) for year in years)
