"""A distribution to brush: the cells between the ends of the brush light up on the map."""

from typing import Any, Final

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
    """What can be brushed, by name, with what to call it: numbers that cells have, and features that the run keeps.

    Quantities come first, in the order of the run's layers; titles have their unit. Of a year that the run does not
    have, quantities that are the same in all years are left, and the features.
    """
    quantities = [quantity for quantity in run.quantities(year).values() if quantity.is_number]
    return {quantity.name: quantity.shown_title for quantity in quantities} | run.features_with_values


def values_of(run: OpenedRun, name: str, year: int) -> FloatArray:
    """Values of a quantity, as they are shown, or of a feature, (n_cells,); NaN where unknown.

    In the order of the table of cells, float64, shares in percent. A cell without a value of the feature is NaN.

    Raises
    ------
    KeyError
        The run has no such quantity, feature or year.
    """
    cells = run.cells(year)
    if name in cells:
        return run.quantities(year)[name].factor * cells[name].to_numpy(np.float64, na_value=np.nan)
    return np.asarray(run.feature_values(name, year).reindex(cells.index), dtype=np.float64)


def binned(values: FloatArray, is_shown: BoolArray) -> DataFrame:
    """``low high n`` of the known values that are shown (n_cells,): bins of equal width.

    40 bins from the smallest to the largest; all are half-open but the last. Where all values are alike, they reach 0.5
    to either side; without any known value `n` is 0 in all.

    Examples
    --------
    >>> bins = binned(np.array([0.0, 1.0, 40.0, np.nan]), np.array([True, True, True, True]))
    >>> len(bins), int(bins["n"].sum()), float(bins["high"].iloc[0])
    (40, 3, 1.0)
    """
    known = values[is_shown & np.isfinite(values)]
    n, edges = np.histogram(known, bins=N_BINS)
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": n})


def marked(values: FloatArray, is_selected: BoolArray) -> DataFrame:
    """``value`` of the selected cells; at most 300, evenly chosen by rank.

    Known values ascend; of n of them every k-th is there, k = ⌈n / 300⌉, the smallest first.

    Examples
    --------
    >>> marked(np.array([3.0, np.nan, 1.0]), np.array([True, True, False]))["value"].tolist()
    [3.0]
    """
    known = np.sort(values[is_selected & np.isfinite(values)])
    return pd.DataFrame({"value": known[:: max(1, -(-len(known) // MAX_MARKS))]})


def brush_chart(bins: DataFrame, marks: DataFrame, title: str) -> dict[str, Any]:
    """A histogram with a brush along its values, and a line at the value of each selected cell, in Vega-Lite.

    Only the rows change with what is selected, so that a drawn chart takes them over.

    `bins` has ``low high n``, `marks` has ``value``; `title` is that of the axis of values. The brush is called
    ``brush``.
    """
    edges = [{"field": name, "type": "quantitative", "format": ".3g"} for name in ("low", "high")]
    bars = {
        "data": {"name": "bins"},
        "params": [{"name": BRUSH, "select": {"type": "interval", "encodings": ["x"]}}],
        "mark": {"type": "bar", "color": BARS},
        "encoding": {
            "x": {"field": "low", "type": "quantitative", "bin": "binned", "title": title},
            "x2": {"field": "high"},
            "y": {"field": "n", "type": "quantitative", "title": "cells"},
            "tooltip": [*edges, {"field": "n", "type": "quantitative", "title": "cells"}],
        },
    }
    lines = {
        "data": {"name": "marks"},
        "mark": {"type": "rule", "color": SELECTED, "opacity": 0.6, "strokeWidth": 1.5},
        "encoding": {"x": {"field": "value", "type": "quantitative"}},
    }
    return {"height": 180, "layer": [bars, lines], "datasets": {"bins": bins, "marks": marks}}


def brushed(key: str) -> tuple[float, float] | None:
    """Ends of the brush of the chart with this key, (low, high) in shown units; None where nothing is brushed."""
    event = st.session_state.get(key)
    ranges = event["selection"].get(BRUSH, {}) if event else {}
    return next(((float(low), float(high)) for low, high in ranges.values()), None)


def lit_by(values: FloatArray, ends: tuple[float, float] | None) -> BoolArray:
    """Whether each value (n,) lies between the ends; all where nothing is brushed.

    Ends are inside; NaN is not.

    Examples
    --------
    >>> lit_by(np.array([1.0, 2.0, np.nan]), (2.0, 3.0)).tolist()
    [False, True, False]
    """
    if ends is None:
        return np.ones(len(values), dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        return (values >= ends[0]) & (values <= ends[1])
