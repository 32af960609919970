"""What is known of one cell from images: expected, let pass, imaged, found, growing, and where to look next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cell_row import CellRow
from .class_ranges import M2_PER_KM2
from .task_tiles import TilesOfYear
from .tasks import ImageryTask

LOOKED_AT, LEFT_OUT = "looked_at", "left_out"
TOLD = frozenset(
    {
        *("expected_per_km2", "gate", "imaged_fraction", "look_next_rank"),
        *("found_per_km2", "found_low_90", "found_high_90"),
        *("growth_m2_per_year", "growth_low_90", "growth_high_90"),
    }
)
"""Quantities that are told in sentences, without the name of the task."""


@dataclass(frozen=True)
class Estimate:
    """A number, and the ends of its 90 % interval, None where they are unknown; unit that of the quantity."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ImageryInCell:
    """A task in a cell; None is unknown, and never zero.

    `expected_on_land` is how many were expected on its land before looking. `verdict` is that of the gate as the run
    spells it. `years` are those in which the cell was imaged, ascending; without any it was not. `found_per_km2` is of
    the last year of images, `growth_m2_per_year` over all of them. `rank` is 1 for the cell to image next.
    """

    task: ImageryTask
    expected_per_km2: float | None
    expected_on_land: float | None
    verdict: str | None
    imaged_share: float | None
    years: tuple[TilesOfYear, ...]
    found_per_km2: Estimate | None
    growth_m2_per_year: Estimate | None
    rank: float | None


def imagery_in_cell(cell: CellRow, task: ImageryTask, years: Sequence[TilesOfYear]) -> ImageryInCell:
    """What a row of the table of cells and its tiles say of a task.

    `cell` is read in its year, and `years`, the tiles of the cell by year, are handed on as they are. What was expected
    on its land is expected_per_km2 · area_m2 · land_fraction / 10⁶, None where one of them is unknown. An interval
    without its value is dropped.

    Raises
    ------
    RunFolderError
        A value has another type than its quantity, a share is outside 0..1, or an interval does not hold its value.
    """
    per_km2 = cell.number(task.called("expected_per_km2"))
    return ImageryInCell(
        task=task,
        expected_per_km2=per_km2,
        expected_on_land=_on_land(cell, per_km2),
        verdict=cell.text(task.called("gate")),
        imaged_share=cell.share(task.called("imaged_fraction")),
        years=tuple(years),
        found_per_km2=_estimate(cell, task, "found_per_km2", "found"),
        growth_m2_per_year=_estimate(cell, task, "growth_m2_per_year", "growth"),
        rank=cell.number(task.called("look_next_rank")),
    )


def told_of(tasks: Sequence[ImageryTask]) -> frozenset[str]:
    """The quantities of the cells that sentences tell: those of `TOLD` of each task, as the run spells them.

    Examples
    --------
    >>> told_of([])
    frozenset()
    """
    return frozenset(task.called(own) for task in tasks for own in TOLD)


def _on_land(cell: CellRow, per_km2: float | None) -> float | None:
    area_m2, land_share = cell.number("area_m2"), cell.share("land_fraction")
    if per_km2 is None or area_m2 is None or land_share is None:
        return None
    return per_km2 * area_m2 * land_share / M2_PER_KM2


def _estimate(cell: CellRow, task: ImageryTask, own: str, interval: str) -> Estimate | None:
    names = [task.called(name) for name in (own, f"{interval}_low_90", f"{interval}_high_90")]
    value, low, high = map(cell.number, names)
    if low is not None and high is not None and low > high:
        raise cell.wrong(", ".join(names[1:]), (low, high), "an interval whose low end is not above its high end")
    return None if value is None else Estimate(value, low, high)
