"""A run of which only the filtered cells are looked at, for charts that know of no filters."""

from dataclasses import dataclass

from entropice.dashboard.filters import Filters
from entropice.dashboard.opened import OpenedRun
from entropice.report.run_tables import RunFacts
from entropice.types import DataFrame


@dataclass(frozen=True)
class FilteredRun:
    """The tables of a run; of those about cells, the rows that pass the filters."""

    run: OpenedRun
    filters: Filters

    @property
    def facts(self) -> RunFacts:
        """Titles, classes, years and layers."""
        return self.run.run.facts

    @property
    def judged(self) -> DataFrame:
        """The forecasts that the run is judged by, of the cells and years that pass."""
        return self.filters.of_year(self.run, self.run.run.judged)

    def frame(self, table: str) -> DataFrame:
        """The rows of a table; where it tells of cells, or of cells and years, of those that pass."""
        rows = self.run.run.frame(table)
        if table == "cells":
            return rows[self.filters.passing(self.run)]
        if {"cell_id", "year"} <= set(rows.columns):
            return self.filters.of_year(self.run, rows)
        return rows
