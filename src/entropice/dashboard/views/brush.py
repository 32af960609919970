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
MAX_MARKS: Final = 300
BARS: Final = "#9aa5b1"
SELECTED: Final = "#0b5394"
"""As on the map."""


def brushable(run: OpenedRun, year: int) -> dict[str, str]:
    """What can be brushed, by name, with what to call it: numbers that cells have, and features that the run keeps."""
    quantities = [quantity for quantity in run.quantities(year).values() if quantity.is_number]
    titles = {feature["name"]: _titled(feature) for feature in run.run.manifest["features"]}
    return {q.name: q.shown_title for q in quantities} | {
        name: titles[name] for name in map(str, run.feature_values(year)) if name in titles
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


def binned(values: FloatArray, is_shown: BoolArray) -> DataFrame:
    """``low high n`` of the known values that are shown (n_cells,): bins of equal width."""
    known = values[is_shown & np.isfinite(values)]
    n, edges = np.histogram(known, bins=N_BINS)
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": n})


def marked(values: FloatArray, is_selected: BoolArray) -> DataFrame:
    """``value`` of the selected cells; at most 300, evenly chosen by rank."""
    known = np.sort(values[is_selected & np.isfinite(values)])
    return pd.DataFrame({"value": known[:: max(1, -(-len(known) // MAX_MARKS))]})


def brush_chart(bins: DataFrame, marks: DataFrame, title: str) -> alt.LayerChart | alt.FacetChart:
    """A histogram with a brush along its values, and a line at the value of each selected cell."""
    bars = (
        alt.Chart(bins)
        .mark_bar(color=BARS)
        .encode(
            x=alt.X("low:Q", title=title, bin="binned"),
            x2="high:Q",
            y=alt.Y("n:Q", title="cells"),
            tooltip=[alt.Tooltip("low:Q", format=".3g"), alt.Tooltip("high:Q", format=".3g"), "n:Q"],
        )
        .add_params(alt.selection_interval(name=BRUSH, encodings=["x"]))
    )
    lines = alt.Chart(marks).mark_rule(color=SELECTED, opacity=0.6, strokeWidth=1.5).encode(x="value:Q")
    return alt.layer(bars, lines, height=180)


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
