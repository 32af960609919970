"""What a page is."""

from collections.abc import Callable
from dataclasses import dataclass

from entropice.dashboard.filters import Filters
from entropice.dashboard.opened import OpenedRun


@dataclass(frozen=True)
class Chosen:
    """The runs to show, at least one, and which of their cells."""

    runs: tuple[OpenedRun, ...]
    filters: Filters


@dataclass(frozen=True)
class Page:
    """A page of the dashboard.

    Attributes
    ----------
    title
        What to call it.
    question
        What it answers.
    charts
        Keys of the charts of `report.charts` that it draws.
    show
        Draws it.
    stands_for
        Keys of the charts whose question it answers by other means.
    """

    title: str
    question: str
    charts: tuple[str, ...]
    show: Callable[[Chosen], None]
    stands_for: tuple[str, ...] = ()
