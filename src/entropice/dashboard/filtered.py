"""A run of which only the filtered cells are looked at, for charts that know of no filters."""

from collections.abc import Iterable
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
        """Titles, classes, years and layers.

        They are those of the whole run.
        """
        return self.run.run.facts

    @property
    def judged(self) -> DataFrame:
        """The forecasts that the run is judged by, of the cells and years that pass.

        The columns are those of `Run.judged`; rows keep their order.

        Raises
        ------
        KeyError
            The run has no table ``out_of_fold``.
        """
        return self.filters.rows(self.run, self.run.run.judged)

    def frame(self, table: str) -> DataFrame:
        """The rows of a table; where it tells of cells, of those that pass.

        Of a table with ``year`` only the year of the filters is left. Columns and order stay.

        Raises
        ------
        KeyError
            The run has no such table.
        """
        rows = self.run.run.frame(table)
        return self.filters.rows(self.run, rows) if "cell_id" in rows else rows

    def untouched(self, tables: Iterable[str]) -> list[str]:
        """Titles of those of the tables that tell of the whole run, whatever is filtered.

        Those are the ones without a column ``cell_id``.

        Raises
        ------
        KeyError
            The run has no such table.
        """
        titles = self.facts.table_titles
        return [titles[table] for table in tables if "cell_id" not in self.run.run.frame(table)]
