"""Why the model says what it says."""

from typing import Final

import streamlit as st

from entropice.dashboard.opened import OpenedRun
from entropice.dashboard.views.page import Chosen, Page
from entropice.dashboard.views.parts import charts, each_run, missing, table
from entropice.types import DataFrame

CHARTS: Final = ("importances", "responses", "boxes")


def _show(chosen: Chosen) -> None:
    for run in each_run(chosen):
        charts(run, chosen.filters, CHARTS)
        _importances(run)
        _leading(run, chosen)


def _importances(run: OpenedRun) -> None:
    st.subheader("What matters in the whole run")
    drivers = run.table("drivers")
    if drivers.empty:
        missing("No importances are shown:", "the map's model sees no feature.")
        return
    st.caption("Importances with intervals of 95 %, beside what chance gives (95 % quantile of the null).")
    table(drivers, f"drivers_{run.run.manifest['run_id']}", f"drivers {run.name}")


def _leading(run: OpenedRun, chosen: Chosen) -> None:
    st.subheader("What leads in the filtered cells")
    counts = leading_drivers(run, chosen)
    if counts.empty:
        missing("No leading drivers are shown:", "the map's model explains none of these cells in this year.")
        return
    table(counts, f"leading_{run.run.manifest['run_id']}", f"leading {run.name}")


def leading_drivers(run: OpenedRun, chosen: Chosen) -> DataFrame:
    """Number of filtered cells by their ``driver`` of rank 1, most first; empty where no cell has one.

    Columns are ``driver``, as the run's legend calls it, and ``cells``, their number in the year of the filters. Cells
    without a driver count nowhere. A run without drivers, or without the year, gives no rows and other columns.
    """
    year = chosen.filters.year
    cells = run.cells(year)[chosen.filters.passing(run)] if year in run.run.years else run.cells(run.run.years[0])[:0]
    if "driver_1" not in cells:
        return cells.iloc[:0]
    labels = run.quantities(year)["driver_1"].labels
    counts = cells["driver_1"].value_counts()
    return counts.rename(index=lambda name: labels.get(name, name)).rename_axis("driver").reset_index(name="cells")


DRIVERS: Final = Page("Drivers", "Why does the model say so?", CHARTS, _show)
