"""A distribution to brush: the cells between the ends of the brush light up on the map."""

from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from entropice.dashboard.opened import OpenedRun
from entropice.types import BoolArray, DataFrame, FloatArray

N_BINS: Final = 40
BRUSH: Final = "brush"


def brushable(run: OpenedRun, year: int) -> dict[str, str]:
    """What can be brushed, by name, with what to call it: numbers that cells have, and features that the run keeps."""
    quantities = [quantity for quantity in run.quantities(year).values() if quantity.is_number]
    titles = {feature["name"]: _titled(feature) for feature in run.run.manifest["features"]}
    return {q.name: q.shown_title for q in quantities} | {
        name: titles[name] for name in map(str, run.feature_values(year))
    }


def _titled(feature: dict[str, Any]) -> str:
    unit = feature["unit"]
    return f"{feature['long_name']} ({unit})" if unit != "1" else str(feature["long_name"])


def values_of(run: OpenedRun, name: str, year: int) -> FloatArray:
    """Values of a quantity, as they are shown, or of a feature, (n_cells,); NaN where unknown."""
    cells = run.cells(year)
    if name in cells:
        return run.quantities(year)[name].factor * cells[name].to_numpy(np.float64, na_value=np.nan)
    return run.feature_values(year)[name].reindex(cells.index).to_numpy(np.float64, na_value=np.nan)


def binned(values: FloatArray, is_shown: BoolArray, is_selected: BoolArray) -> DataFrame:
    """``low high n cells`` of the known values: bins of equal width, selected cells and others apart."""
    known = is_shown & np.isfinite(values)
    edges = np.histogram_bin_edges(values[known], bins=N_BINS)
    groups = {"selected": known & is_selected, "shown": known & ~is_selected}
    counts = {name: np.histogram(values[members], bins=edges)[0] for name, members in groups.items()}
    return pd.concat(
        [pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": n, "cells": name}) for name, n in counts.items()]
    )


def brush_chart(bins: DataFrame, title: str) -> alt.Chart:
    """A histogram with a brush along its values."""
    colour = alt.Color(
        "cells:N",
        title=None,
        legend=alt.Legend(orient="top"),
        scale=alt.Scale(domain=["shown", "selected"], range=["#9aa5b1", "#0b5394"]),
    )
    chart: alt.Chart = (
        alt.Chart(bins)
        .mark_bar()
        .encode(
            x=alt.X("low:Q", title=title, bin="binned"),
            x2="high:Q",
            y=alt.Y("sum(n):Q", title="cells", stack=True),
            color=colour,
            tooltip=[alt.Tooltip("low:Q", format=".3g"), alt.Tooltip("high:Q", format=".3g"), "n:Q", "cells:N"],
        )
        .add_params(alt.selection_interval(name=BRUSH, encodings=["x"]))
        .properties(height=240)
    )
    return chart


def brushed(key: str) -> tuple[float, float] | None:
    """Ends of the brush of the chart with this key; None where nothing is brushed."""
    event = st.session_state.get(key)
    ranges = event["selection"].get(BRUSH, {}) if event else {}
    return next(((float(low), float(high)) for low, high in ranges.values()), None)


def lit_by(values: FloatArray, ends: tuple[float, float] | None) -> BoolArray:
    """Whether each value (n,) lies between the ends; all where nothing is brushed."""
    if ends is None:
        return np.ones(len(values), dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        return (values >= ends[0]) & (values <= ends[1])
