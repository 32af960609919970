"""What a user may set: one declaration a setting, its default among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from .language import phrase

_Value = TypeVar("_Value", bool, int, str)


@dataclass(frozen=True)
class Setting(Generic[_Value]):
    """`maximum` and `unit` are those of a number; `is_folder` says that a text names a folder."""

    name: str
    title: str
    help: str
    default: _Value
    maximum: int = 0
    unit: str = ""
    is_folder: bool = False


FIRST_QUANTITY = Setting(
    "first_quantity",
    phrase("Quantity shown first"),
    phrase("Name of a quantity, such as class or p_any_rts. Where it is empty, or not in a run, that of the run."),
    "",
)
SHOWS_ABOVE = Setting(
    "shows_above",
    phrase("Show what lies above the cells"),
    phrase("Whether slump outlines and searched ground are seen as soon as a run is opened."),
    False,
)
SHOWS_BELOW = Setting(
    "shows_below",
    phrase("Show what lies below the cells"),
    phrase("Whether land is seen as soon as a run is opened."),
    True,
)
RUNS_FOLDER = Setting(
    "runs_folder",
    phrase("Folder of runs"),
    phrase("Where the windows that ask for a folder begin. Where it is empty, in that of the run opened last."),
    "",
    is_folder=True,
)
N_RECENT = Setting(
    "n_recent",
    phrase("Number of recent runs"),
    phrase("How many runs the list of those opened lately holds."),
    10,
    maximum=100,
)
BUDGET_KM2 = Setting(
    "budget_km2",
    phrase("Budget of a survey"),
    phrase("What the tab Survey begins with. 0: the budget of the run."),
    0,
    maximum=100_000_000,
    unit=" km²",
)
SETTINGS = (FIRST_QUANTITY, SHOWS_ABOVE, SHOWS_BELOW, RUNS_FOLDER, N_RECENT, BUDGET_KM2)
