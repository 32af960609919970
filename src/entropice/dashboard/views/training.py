"""What the models have learned from."""

from typing import Final

import pandas as pd
import streamlit as st

from entropice.dashboard.opened import OpenedRun
from entropice.dashboard.views.page import Chosen, Page
from entropice.dashboard.views.parts import charts, each_run, missing, table
from entropice.dashboard.wording import counted
from entropice.report.frames.cell_years import cell_years
from entropice.report.palettes import STATE_LABELS
from entropice.types import DataFrame

CHARTS: Final = ("labels", "densities", "features", "feature_distributions", "clusters")


def _show(chosen: Chosen) -> None:
    for run in each_run(chosen):
        charts(run, chosen.filters, CHARTS)
        _labels(run, chosen)
        _features(run)


def _labels(run: OpenedRun, chosen: Chosen) -> None:
    st.subheader("Labels")
    counts = label_counts(run)
    if not (counts["observed_with"] + counts["observed_without"]).any():
        missing("No labels are shown:", "nobody has looked at any cell, so nothing is known and nothing was learned.")
    elif not counts["observed_with"].any():
        missing("No slumps are shown:", "none were found in the cells that somebody has looked at.")
    passing = int(chosen.filters.passing(run).sum())
    st.caption(f"{counted(passing, 'cell passes', 'cells pass')} the filters. Cells by year and region:")
    table(counts, f"labels_{run.run.manifest['run_id']}", f"labels {run.name}")


def label_counts(run: OpenedRun) -> DataFrame:
    """Number of cells by ``year``, ``region`` and state, a column each.

    The states are ``observed_with``, ``observed_without`` and ``unobserved``; one that no cell has is 0. Only years and
    regions with cells have a row, by year and then by the text of the region.
    """
    rows = cell_years(run.run)
    counts = pd.crosstab([rows["year"], rows["region"]], rows["state"]).reset_index()
    return counts.reindex(columns=["year", "region", *STATE_LABELS], fill_value=0)


def _features(run: OpenedRun) -> None:
    st.subheader("Features")
    features = run.table("features")
    if features.empty:
        missing("No features are shown:", "the models of this run see none.")
        return
    quantiles = run.table("feature_quantiles")
    wide = quantiles[quantiles["quantile"].isin([0.05, 0.5, 0.95])].pivot_table(
        index="feature", columns="quantile", values="value"
    )
    told = features[["name", "long_name", "unit", "group", "source", "statistic"]].merge(
        wide.rename(columns=lambda quantile: f"{quantile:.0%} quantile"), left_on="name", right_index=True, how="left"
    )
    table(told, f"features_{run.run.manifest['run_id']}", f"features {run.name}")


TRAINING: Final = Page("Training data", "What was seen where, and what do the features look like?", CHARTS, _show)
