"""A survey plan as rows: what each chosen cell is told with, in every file and on the map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Union

from .cell_row import cell_name
from .survey_cells import INSIDE, Place
from .survey_plan import Choice, SurveyPlan

Value = Union[int, float, str, None]
RANK = "rank"


@dataclass(frozen=True)
class Column:
    """One column: its name, the type of its values (None is unknown), and the value of a chosen cell.

    `value` gives a whole number, a number, a text or None.
    """

    name: str
    kind: type
    value: Callable[[Choice], Value]


@dataclass(frozen=True)
class Waypoint:
    """A chosen cell for a navigation device."""

    place: Place
    name: str
    description: str


def columns(grid_name: str) -> tuple[Column, ...]:
    """The columns of a plan, in order; cells are spelt as `grid_name` spells them.

    They are ``rank cell lon_deg lat_deg p_any p_any_low p_any_high applicability land_km2 land_fraction seen_share
    cost_km2 value_per_1000_km2 gain_bits spent_km2``; applicability is ``inside`` or ``outside``, and `spent_km2` the
    cost up to and with the cell.
    """
    return (
        Column(RANK, int, lambda choice: choice.rank),
        Column("cell", str, lambda choice: cell_name(grid_name, choice.cell.cell_id)),
        Column("lon_deg", float, lambda choice: choice.cell.place.lon_deg),
        Column("lat_deg", float, lambda choice: choice.cell.place.lat_deg),
        Column("p_any", float, lambda choice: choice.cell.p_any),
        Column("p_any_low", float, lambda choice: choice.cell.p_low),
        Column("p_any_high", float, lambda choice: choice.cell.p_high),
        Column("applicability", str, lambda choice: _applicability(choice.cell.is_inside)),
        Column("land_km2", float, lambda choice: choice.cell.land_km2),
        Column("land_fraction", float, lambda choice: choice.cell.land_fraction),
        Column("seen_share", float, lambda choice: choice.cell.seen_share),
        Column("cost_km2", float, lambda choice: choice.cell.cost_km2),
        Column("value_per_1000_km2", float, lambda choice: choice.cell.value_per_1000_km2),
        Column("gain_bits", float, lambda choice: choice.gain_bits),
        Column("spent_km2", float, lambda choice: choice.spent_km2),
    )


def csv_text(plan: SurveyPlan, grid_name: str) -> str:
    """The plan as CSV, first choice first; an empty field is unknown.

    The header names the `columns`; numbers that are not whole have six decimals, lines end in a line feed.
    """
    told = columns(grid_name)
    rows = [[_field(column.value(choice)) for column in told] for choice in plan.choices]
    return "".join(",".join(row) + "\n" for row in [[column.name for column in told], *rows])


def waypoints(plan: SurveyPlan, grid_name: str, run_id: str) -> Iterator[Waypoint]:
    """The centres of the chosen cells, named by rank with the probability of any slump, such as ``3 (42 %)``.

    They come in the order of choice. The description tells cell, probability with its 90 % range where it is known,
    land and run, parted by semicolons, such as ``cell 11; probability of any slump 42 % (90 % range 20 % to 61 %);
    1,234 km² land; Entropice run <id>``; it is English.
    """
    for choice in plan.choices:
        cell = choice.cell
        told = [f"cell {cell_name(grid_name, cell.cell_id)}", _chance(choice), f"{cell.land_km2:,.0f} km² land"]
        name = f"{choice.rank} ({_percent(cell.p_any)})"
        yield Waypoint(cell.place, name, "; ".join([*told, f"Entropice run {run_id}"]))


def _chance(choice: Choice) -> str:
    cell = choice.cell
    chance = f"probability of any slump {_percent(cell.p_any)}"
    if cell.p_low is None or cell.p_high is None:
        return chance
    return f"{chance} (90 % range {_percent(cell.p_low)} to {_percent(cell.p_high)})"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _applicability(is_inside: bool | None) -> str | None:
    return None if is_inside is None else INSIDE if is_inside else "outside"


def _field(value: Value) -> str:
    return "" if value is None else f"{value:.6f}" if isinstance(value, float) else str(value)
