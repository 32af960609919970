"""Tables of cells, in words and units of a reader."""

from typing import Any

import streamlit as st

from entropice.dashboard.opened import OpenedRun
from entropice.dashboard.quantities import Quantity
from entropice.dashboard.wording import plain
from entropice.types import DataFrame


def spelt_cells(run: OpenedRun, cells: DataFrame) -> DataFrame:
    """Cells with their number, as the grid spells it, in a column of its own before the others.

    `cells` is indexed by ``cell_id``; returned are the columns ``cell`` (text), ``cell_id`` and those of `cells`, in
    their order, with a new index from 0. `cells` is not changed.
    """
    spelling = [run.run.facts.spelt_cell(number) for number in cells.index]
    return cells.reset_index().assign(cell=spelling)[["cell", "cell_id", *cells.columns]]


def readable(run: OpenedRun, cells: DataFrame, year: int) -> DataFrame:
    """Cells with shares in percent and names in place of keys.

    The first column is ``cell``, as the grid spells it, and ``cell_id`` is left out; then come the columns of `cells`,
    shares multiplied by 100 and texts as the run's legend calls them. Null stays null.
    """
    quantities = run.quantities(year)
    shown = spelt_cells(run, cells).drop(columns="cell_id")
    for name in shown.columns.intersection(list(quantities)):
        quantity = quantities[name]
        shown[name] = shown[name] * quantity.factor if quantity.is_number else _labelled(shown, quantity)
    return shown


def columns_of(run: OpenedRun, year: int) -> dict[str, Any]:
    """Titles with units, and the meaning as a hint.

    By name of each quantity of the year, as Streamlit's tables take them.
    """
    return {
        name: st.column_config.Column(quantity.shown_title, help=plain(quantity.description))
        for name, quantity in run.quantities(year).items()
    }


def _labelled(cells: DataFrame, quantity: Quantity) -> Any:
    values = cells[quantity.name]
    return values if quantity.is_number else values.map(lambda value: quantity.labels.get(value, value))
