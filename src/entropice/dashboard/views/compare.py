"""Several runs side by side."""

from typing import Final

import pandas as pd
import streamlit as st

from entropice.dashboard.opened import OpenedRun
from entropice.dashboard.views.page import Chosen, Page
from entropice.dashboard.views.parts import missing, table, titled
from entropice.dashboard.wording import counted, plain
from entropice.types import DataFrame

SKILL: Final = ("scheme", "score", "value", "low_95", "high_95", "n_cell_years")


def _show(chosen: Chosen) -> None:
    if len(chosen.runs) == 1:
        missing("Nothing is compared:", "one run is chosen; choose several in the sidebar.")
    st.subheader("Runs")
    table(run_rows(chosen), "runs", "compared runs")
    st.subheader("Scores of the maps' models")
    scores = map_scores(chosen)
    if scores.empty:
        missing("No scores are shown:", "no run has any.")
    else:
        schemes = list(dict.fromkeys(scores["scheme"]))
        scheme = st.selectbox("Folds", schemes, format_func=lambda name: _title(chosen, "schemes", name))
        of_scheme = scores[scores["scheme"] == scheme]
        table(titled(of_scheme, chosen.runs[0].run.facts), f"scores_{scheme}", "compared scores")
    _differences(chosen)


def run_rows(chosen: Chosen) -> DataFrame:
    """What the runs are, one row each.

    Columns are ``run title grid cells years map_model run_id``; `grid` is its key, `cells` the number of cells, `years`
    text with commas, `map_model` the title of the model.
    """
    return pd.DataFrame([_row(run) for run in chosen.runs])


def _row(run: OpenedRun) -> dict[str, object]:
    manifest = run.run.manifest
    return {
        "run": run.name,
        "title": manifest["title"],
        "grid": manifest["grid"]["key"],
        "cells": manifest["n_cells"],
        "years": ", ".join(map(str, run.run.years)),
        "map_model": manifest["map_model"]["title"],
        "run_id": manifest["run_id"],
    }


def map_scores(chosen: Chosen) -> DataFrame:
    """``run`` and the scores of its map's model, by fold scheme and score.

    Columns are ``run scheme score value low_95 high_95 n_cell_years``, sorted by scheme, score and run; intervals are
    of 95 %. Runs without scores are left out; without any the table is empty and has no columns.
    """
    parts = [_scores(run) for run in chosen.runs if len(run.table("scores"))]
    return pd.concat(parts, ignore_index=True).sort_values(["scheme", "score", "run"]) if parts else pd.DataFrame()


def _scores(run: OpenedRun) -> DataFrame:
    scores = run.table("scores")
    return scores.loc[scores["model"] == run.run.map_model, list(SKILL)].assign(run=run.name)[["run", *SKILL]]


def _title(chosen: Chosen, key: str, name: str) -> str:
    titles = {item["name"]: item["title"] for run in chosen.runs for item in run.run.manifest[key]}
    return str(titles.get(name, name))


def _differences(chosen: Chosen) -> None:
    first, *others = chosen.runs
    year = chosen.filters.year
    for other in others:
        st.subheader(plain(f"{other.name} − {first.name}, {year}"))
        if not other.regions.index.equals(first.regions.index):
            missing(
                "No difference is shown cell by cell:",
                "the runs have other cells; `kedro run --pipelines comparison` brings them to common units, "
                "and tells of them in comparison.html.",
            )
        elif not (year in first.run.years and year in other.run.years):
            missing("No difference is shown:", f"not both runs have the year {year}.")
        else:
            _difference(first, other, chosen)


def _difference(first: OpenedRun, other: OpenedRun, chosen: Chosen) -> None:
    year = chosen.filters.year
    passing = chosen.filters.passing(first)
    both = pd.DataFrame({run.name: run.cells(year)["p_any_rts"][passing] for run in (first, other)})
    differences = (both[other.name] - both[first.name]).dropna()
    if differences.empty:
        missing("No difference is shown:", "no cell that passes the filters has a probability in both runs.")
        return
    st.caption(
        f"P(any slump), {counted(len(differences), 'cell', 'cells')}: mean difference {differences.mean():+.3f}, "
        f"mean absolute difference {differences.abs().mean():.3f}."
    )
    largest = both.assign(difference=differences).loc[differences.abs().sort_values(ascending=False).index]
    table(largest.reset_index(), f"difference_{year}", f"difference {other.name}")


COMPARE: Final = Page("Compare", "Do the runs agree, and which forecasts better?", (), _show)
