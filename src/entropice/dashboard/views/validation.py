"""How well the models forecast what they have not seen."""

from typing import Final

import streamlit as st

from entropice.dashboard.opened import OpenedRun
from entropice.dashboard.views.page import Chosen, Page
from entropice.dashboard.views.parts import charts, each_run, missing, table, titled
from entropice.dashboard.wording import counted, plain

CHARTS: Final = (
    "scores", "fold_scores", "declared_skill", "gain", "precision_recall", "reliability", "regional_bias",
    "class_shares", "confusion", "outcome_map", "fold_map", "role_map",
)  # fmt: skip


def _show(chosen: Chosen) -> None:
    for run in each_run(chosen):
        _verdict(run)
        charts(run, chosen.filters, CHARTS)
        _scores(run)
        _filtered(run, chosen)


def _verdict(run: OpenedRun) -> None:
    """What the run must say of itself."""
    beaten, leaks = run.run.manifest["beaten"], run.run.manifest["leaks"]
    if beaten:
        st.warning(plain(beaten["statement"]))
    (st.warning if leaks["findings"] else st.caption)(plain(leaks["statement"]))


def _scores(run: OpenedRun) -> None:
    st.subheader("Scores")
    scores = run.table("scores")
    models = scores["model"].nunique() if len(scores) else 0
    if not models:
        missing("No scores are shown:", "no model of this run was tested on cells that it had not seen.")
        return
    if models == 1:
        missing("Nothing is compared:", "this run has one model only.")
    if "bayes_limit" not in set(scores["model"]):
        missing("No attainable limit is shown:", "the truth is known in the virtual Arctic only.")
    st.caption("Intervals are of 95 %, from resampled blocks.")
    table(titled(scores, run.run.facts), f"scores_{run.run.manifest['run_id']}", f"scores {run.name}")


def _filtered(run: OpenedRun, chosen: Chosen) -> None:
    st.subheader("Forecasts of the filtered cells")
    rows = run.table("out_of_fold")
    of_map = chosen.filters.rows(run, rows[rows["model"] == run.run.map_model]) if len(rows) else rows
    if of_map.empty:
        missing("No forecasts are shown:", "the map's model was tested on none of these cells in this year.")
        return
    st.caption(f"{counted(len(of_map), 'forecast', 'forecasts')} of the map's model out of fold.")
    table(of_map, f"out_of_fold_{run.run.manifest['run_id']}", f"out of fold {run.name}")


VALIDATION: Final = Page("Validation", "How good is the model where it has not looked?", CHARTS, _show)
