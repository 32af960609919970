"""Where a look would teach most."""

from functools import partial
from typing import Final

import numpy as np
import streamlit as st

from entropice.dashboard.opened import OpenedRun
from entropice.dashboard.views.cell_table import columns_of, readable, spelt_cells
from entropice.dashboard.views.page import Chosen, Page
from entropice.dashboard.views.parts import MAX_ROWS, csv_bytes, download, each_run, missing
from entropice.dashboard.wording import counted
from entropice.types import DataFrame


def _show(chosen: Chosen) -> None:
    for run in each_run(chosen):
        cells = survey_cells(run, chosen)
        if cells.empty:
            missing("No cells are shown:", _why(run, chosen))
            continue
        st.caption(
            f"{counted(len(cells), 'cell', 'cells')} that nobody has looked at and that pass the filters, first choice "
            "first: where a look is worth most per cost."
        )
        year = chosen.filters.year
        st.dataframe(readable(run, cells[:MAX_ROWS], year), hide_index=True, column_config=columns_of(run, year))
        name = f"survey_{run.run.manifest['run_id']}.csv"
        rows = spelt_cells(run, cells).drop(columns="cell_id")
        download("CSV", partial(csv_bytes, rows), name, "text/csv", f"survey {run.name}")


def _why(run: OpenedRun, chosen: Chosen) -> str:
    year = chosen.filters.year
    if year not in run.run.years:
        return f"this run has no year {year}."
    if "survey_rank" not in run.cells(year):
        return "somebody has looked at every cell, so none is left to look at next."
    return "no cell that the budget reaches passes the filters."


def survey_cells(run: OpenedRun, chosen: Chosen) -> DataFrame:
    """The ranked cells that pass the filters, by rank, indexed by ``cell_id``.

    Columns are those of ``survey_rank survey_value lon_deg lat_deg p_any_rts p_any_low p_any_high applicability
    not_applicable_because`` that the run has. It is empty where the run has no such year or ranks no cell.
    """
    year = chosen.filters.year
    if year not in run.run.years or "survey_rank" not in run.cells(year):
        return run.cells(run.run.years[0])[:0]
    cells = run.cells(year)
    ranked = cells[chosen.filters.passing(run) & cells["survey_rank"].notna().to_numpy(np.bool_)]
    return ranked.sort_values("survey_rank")[[name for name in SHOWN if name in ranked]]


SHOWN: Final = (
    "survey_rank",
    "survey_value",
    "lon_deg",
    "lat_deg",
    "p_any_rts",
    "p_any_low",
    "p_any_high",
    "applicability",
    "not_applicable_because",
)

SURVEY: Final = Page("Where to look next", "Which cells should somebody look at next?", (), _show)
