"""Which cells the pages show."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.dashboard.opened import OpenedRun
from entropice.types import BoolArray, DataFrame


@dataclass(frozen=True)
class Doubt:
    """A choice of cells by what the run doubts.

    Attributes
    ----------
    title
        What to call it.
    column
        The column of cells that it needs; None if none.
    passes
        Whether values of the column (n,) pass; null never does.
    """

    title: str
    column: str | None
    passes: Callable[["pd.Series[Any]"], "pd.Series[bool]"]


DOUBTS: Final = (
    Doubt("any", None, lambda values: values.notna() | True),
    Doubt("inside of where the map may be trusted", "applicability", lambda values: values == "inside"),
    Doubt("outside of where the map may be trusted", "applicability", lambda values: values == "outside"),
    Doubt("one class is left", "conformal_set", lambda values: values.notna() & ~values.str.contains("|", regex=False)),
    Doubt("several classes are left", "conformal_set", lambda values: values.str.contains("|", regex=False) == True),  # noqa: E712
)
"""One declaration each."""


@dataclass(frozen=True)
class Filters:
    """What is shown: one year, and of it the cells in these regions and classes with this doubt; empty means all."""

    year: int
    regions: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    doubt: Doubt = DOUBTS[0]

    def passing(self, run: OpenedRun) -> BoolArray:
        """Whether each cell of a run passes, (n_cells,); none does where the run has no such year.

        In the order of the table of cells. A doubt whose column the run does not have lets none pass; a cell of an
        unknown class passes only where classes are not filtered.
        """
        if self.year not in run.run.years:
            return np.zeros(len(run.regions), dtype=np.bool_)
        cells = run.cells(self.year)
        passes = np.ones(len(cells), dtype=np.bool_)
        if self.regions:
            passes &= run.regions.isin(self.regions).to_numpy()
        if self.classes:
            passes &= cells["class"].isin(self.classes).to_numpy()
        return passes & self._doubted(cells)

    def _doubted(self, cells: DataFrame) -> BoolArray:
        if self.doubt.column is None:
            return np.ones(len(cells), dtype=np.bool_)
        if self.doubt.column not in cells:
            return np.zeros(len(cells), dtype=np.bool_)
        return self.doubt.passes(cells[self.doubt.column]).to_numpy(np.bool_, na_value=False)

    def rows(self, run: OpenedRun, table: DataFrame) -> DataFrame:
        """The rows of a table with ``cell_id``, and ``year`` where it tells years apart, whose cell and year pass.

        Rows keep their order, index and columns; the table is not changed.
        """
        passes = table["cell_id"].isin(run.regions.index[self.passing(run)])
        return table[passes & (table["year"] == self.year)] if "year" in table else table[passes]
