"""What tasks know of every cell: quantities that are the same in all years, declared for each task by its words."""

from collections.abc import Callable
from functools import partial

import numpy as np

from entropice.report.palettes import CHANGE_RAMP, GATE_COLOURS, GATE_LABELS, NO_RTS, PROBABILITY_RAMP
from entropice.report.quantities import Quantity, YearOfRun
from entropice.report.scales import Scale, around_zero, first_ranks, named, upper_tail, zero_apart
from entropice.report.task_facts import TaskText
from entropice.types import DataFrame, Series


def task_quantities(task: TaskText) -> tuple[Quantity, ...]:
    """Every quantity of a task that a run may have, top of the map first.

    All are called ``<task>_<own>``, own being ``found_per_km2 found_low_90 found_high_90 growth_m2_per_year
    growth_low_90 growth_high_90 imaged_fraction expected_per_km2 gate look_next_rank``; they hold in all years. The
    share is seen over land area, 1 at most and 0 without a tile, the gate ``looked_at`` or ``left_out``; each other one
    is the column of its name in the finds of the task. One that no cell knows is None for the run; share and gate are
    always there.

    Examples
    --------
    >>> task = TaskText("lakes", "Lakes", "mask", "which pixels", "lakes", "a camera")
    >>> [quantity.name for quantity in task_quantities(task)][:2], task_quantities(task)[0].title
    (['lakes_found_per_km2', 'lakes_found_low_90'], 'Lakes found per land area')
    """
    nouns, of = task.nouns.capitalize(), partial(_told, task.name)
    density, change = partial(upper_tail, ramp=PROBABILITY_RAMP), partial(around_zero, ramp=CHANGE_RAMP)
    seen = "of the land seen on the cell's tiles in the last year of mapping; null where none was seen"
    growth = (
        f"Of the {task.nouns} on the cell's tiles, over the years of mapping; null where they were not seen in two."
    )
    return (
        Quantity(
            f"{task.name}_found_per_km2", f"{nouns} found per land area",
            f"Sum of the chances that outlines are true, by the design of the tiles, {seen}.", "km-2", "observation",
            "number", of("found_per_km2"), density, on_map=True, is_yearly=False, has_overview=True,
        ),
        Quantity(
            f"{task.name}_found_low_90", f"{nouns} found per land area, lower end",
            "Of the 90 % interval by the design.", "km-2", "observation", "number", of("found_low_90"), is_yearly=False,
        ),
        Quantity(
            f"{task.name}_found_high_90", f"{nouns} found per land area, upper end",
            "Of the 90 % interval by the design.", "km-2", "observation", "number", of("found_high_90"),
            is_yearly=False,
        ),
        Quantity(
            f"{task.name}_growth_m2_per_year", f"{nouns}: growth of area", growth, "m2 a-1", "observation",
            "number", of("growth_m2_per_year"), change, on_map=True, is_yearly=False, has_overview=True,
        ),
        Quantity(
            f"{task.name}_growth_low_90", f"{nouns}: growth, lower end", "Of the 90 % interval.", "m2 a-1",
            "observation", "number", of("growth_low_90"), is_yearly=False,
        ),
        Quantity(
            f"{task.name}_growth_high_90", f"{nouns}: growth, upper end", "Of the 90 % interval.", "m2 a-1",
            "observation", "number", of("growth_high_90"), is_yearly=False,
        ),
        Quantity(
            f"{task.name}_imaged_fraction", f"{nouns}: share of land imaged",
            "Land seen on the cell's tiles in the last year of mapping; 0 where no tile was imaged.", "1",
            "observation", "percent", partial(_imaged_fraction, task=task.name), _imaged, on_map=True, is_yearly=False,
        ),
        Quantity(
            f"{task.name}_expected_per_km2", f"{nouns} expected per land area",
            "Before looking, by a model that has not seen the cell; null where it gives no forecast.", "km-2",
            "prediction", "number", of("expected_per_km2"), density, on_map=True, is_yearly=False, has_overview=True,
        ),
        Quantity(
            f"{task.name}_gate", f"{nouns}: looked at or left out",
            "Cells where too few are expected are left out before any image is taken.", None, "prediction", "text",
            partial(_gate, task=task.name), lambda _: named(GATE_COLOURS, GATE_LABELS), on_map=True, is_yearly=False,
        ),
        Quantity(
            f"{task.name}_look_next_rank", f"{nouns}: rank to image next",
            "1 first, among the cells to image next; null where the cell is left out or has been imaged.", "1",
            "prediction", "number", partial(_rank, task=task.name), partial(first_ranks, ramp=PROBABILITY_RAMP),
            on_map=True, is_yearly=False,
        ),
    )  # fmt: skip


def _told(task: str, column: str) -> Callable[[YearOfRun], Series | None]:
    """A column of the finds of a task; None where no cell has a value."""

    def values(year: YearOfRun) -> Series | None:
        found = year.tasks[task][column].astype("float64")
        return found if found.notna().any() else None

    return values


def _rank(year: YearOfRun, task: str) -> Series | None:
    ranks = year.tasks[task]["look_next_rank"].astype("Int64")
    return ranks if ranks.notna().any() else None


def _gate(year: YearOfRun, task: str) -> Series:
    passes = year.tasks[task]["passes_gate"]
    return passes.map({True: "looked_at", False: "left_out"}).astype("str")


def _imaged_fraction(year: YearOfRun, task: str) -> Series:
    """Seen over land area, at most 1: tiles that hold some sea edge may be a little more than the cell's land."""
    finds = year.tasks[task]
    seen_m2 = finds["seen_area_m2"].astype("float64").mask(finds["n_tiles"] == 0, 0.0)
    return (seen_m2 / land_area_m2(year.cells)).clip(upper=1.0)


def _imaged(values: Series) -> Scale:
    return zero_apart(values, PROBABILITY_RAMP, NO_RTS)


def land_area_m2(cells: DataFrame) -> Series:
    """Land (m²) of each cell, from the columns ``area_m2 land_fraction``, with their index; NaN where there is none.

    Examples
    --------
    >>> import pandas as pd
    >>> land_area_m2(pd.DataFrame({"area_m2": [4.0, 4.0], "land_fraction": [0.5, 0.0]})).tolist()
    [2.0, nan]
    """
    area_m2: Series = (cells["area_m2"] * cells["land_fraction"]).astype("float64")
    return area_m2.where(area_m2 > 0, np.nan)
