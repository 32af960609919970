"""Every cell on the map, and what is known of those that are selected."""

from functools import lru_cache
from typing import Any, Final

import numpy as np
import streamlit as st

from entropice.dashboard.opened import OpenedRun
from entropice.dashboard.polar_map.colours import Coloured, coloured, legend_entries
from entropice.dashboard.polar_map.component import polar_map
from entropice.dashboard.polar_map.facts import Fact, fact_of
from entropice.dashboard.polar_map.selection import Selection
from entropice.dashboard.quantities import Quantity, ScaleOfValues, default_quantity
from entropice.dashboard.views.brush import binned, brush_chart, brushable, brushed, lit_by, marked, values_of
from entropice.dashboard.views.cell_card import show_cell
from entropice.dashboard.views.cell_table import columns_of, readable, spelt_cells
from entropice.dashboard.views.page import Chosen, Page
from entropice.dashboard.views.parts import MAX_ROWS, csv_bytes, download, missing
from entropice.dashboard.wording import counted, plain
from entropice.types import BoolArray, DataFrame

TOLD: Final = ("p_any_rts", "p_any_low", "p_any_high", "class", "state", "applicability", "driver_1", "driver_2")
BRUSH_KEY: Final = "the brush"
MAX_KEPT: Final = 64


def _show(chosen: Chosen) -> None:
    names = {run.name: run for run in chosen.runs}
    name = st.selectbox("Run", list(names)) if len(names) > 1 else next(iter(names))
    run, year = names[name], chosen.filters.year
    if year not in run.run.years:
        missing("No map is shown:", f"this run has no year {year}; it has {', '.join(map(str, run.run.years))}.")
        return
    _map(run, chosen)


@st.fragment
def _map(run: OpenedRun, chosen: Chosen) -> None:
    year, passing = chosen.filters.year, chosen.filters.passing(run)
    left, right = st.columns(2)
    quantity, scale = _choose_layer(run, year, left)
    brushes = brushable(run, year)
    label = f"Brush the distribution of one of {len(brushes)}"
    brush = right.selectbox(label, list(brushes), format_func=brushes.__getitem__)
    key = f"{BRUSH_KEY} {run.name} {year} {brush}"
    values = values_of(run, brush, year)
    lit = passing & lit_by(values, brushed(key))
    selection = Selection.of(run.run.manifest["run_id"])
    _draw(run, year, quantity, scale, lit, selection)
    is_selected = np.zeros(len(lit), dtype=np.bool_)
    is_selected[selection.cells] = True
    st.caption(_told(lit, is_selected, quantity))
    _distribution(values, passing, is_selected, brushes[brush], key)
    _cells(run, year, is_selected if selection.cells else lit, is_selected)


def _choose_layer(run: OpenedRun, year: int, place: Any) -> tuple[Quantity, ScaleOfValues]:
    drawn = {name: (quantity, scale) for name, quantity in run.quantities(year).items() if (scale := quantity.scale)}
    default = default_quantity(run.run.facts)
    first = list(drawn).index(default) if default in drawn else 0
    label = f"Show one of {len(drawn)}"
    return drawn[place.selectbox(label, list(drawn), first, format_func=lambda name: drawn[name][0].shown_title)]


def _draw(
    run: OpenedRun, year: int, quantity: Quantity, scale: ScaleOfValues, lit: BoolArray, selection: Selection
) -> None:
    polar_map(
        run.outlines,
        run.cell_ids,
        run.id_base,
        _coloured(run, year, quantity.name, scale),
        lit,
        _facts(run, year, quantity),
        {
            "title": f"{quantity.shown_title}, {run.year_name(year)}",
            "entries": legend_entries(scale, quantity.factor),
        },
        selection,
    )


@lru_cache(maxsize=MAX_KEPT)
def _coloured(run: OpenedRun, year: int, name: str, scale: ScaleOfValues) -> Coloured:
    return coloured(run.cells(year)[name], scale)


def _facts(run: OpenedRun, year: int, quantity: Quantity) -> list[Fact]:
    """What the pointer tells: first what is drawn."""
    known = run.quantities(year).keys() & set(run.cells(year))
    return [_fact(run, year, name) for name in dict.fromkeys([quantity.name, *(n for n in TOLD if n in known)])]


@lru_cache(maxsize=MAX_KEPT)
def _fact(run: OpenedRun, year: int, name: str) -> Fact:
    return fact_of(run.quantities(year)[name], run.cells(year)[name])


def _told(lit: BoolArray, is_selected: BoolArray, quantity: Quantity) -> str:
    return (
        f"{plain(quantity.description)} {counted(int(lit.sum()), 'cell', 'cells')} of {len(lit):,} lit, "
        f"{int(is_selected.sum()):,} selected. Click a cell; with Shift, add it; *Box*, then drag, selects many."
    )


def _distribution(values: Any, passing: BoolArray, is_selected: BoolArray, title: str, key: str) -> None:
    if not (passing & np.isfinite(values)).any():
        missing("No distribution is shown:", "this is known of no cell that passes the filters.")
        return
    chart = brush_chart(binned(values, passing), marked(values, is_selected), title)
    st.vega_lite_chart(chart, key=key, on_select="rerun", width="stretch")


def _cells(run: OpenedRun, year: int, is_told: BoolArray, is_selected: BoolArray) -> None:
    places = np.flatnonzero(is_told)
    if is_selected.sum() == 1:
        show_cell(run, int(run.cells(year).index[places[0]]), year)
    st.subheader("Selected cells" if is_selected.any() else "Lit cells")
    first = run.cells(year).iloc[places[:MAX_ROWS]]
    st.dataframe(readable(run, first, year), hide_index=True, column_config=columns_of(run, year))
    if len(places) > MAX_ROWS:
        st.caption(f"The first {MAX_ROWS:,} of {counted(len(places), 'cell', 'cells')}; the downloads have all.")

    def told() -> DataFrame:
        return run.cells(year).iloc[places]

    with st.container(horizontal=True):
        download("CSV", lambda: csv_bytes(spelt_cells(run, told())), f"cells_{year}.csv", "text/csv", "cells as CSV")
        mime = "application/geopackage+sqlite3"
        download("GeoPackage", lambda: _geopackage(run, told()), f"cells_{year}.gpkg", mime, "cells as GeoPackage")


def _geopackage(run: OpenedRun, cells: DataFrame) -> bytes:
    from io import BytesIO

    import geopandas as gpd
    import pyogrio

    content = BytesIO()
    outlines = run.geometry.loc[cells.index]
    shown = gpd.GeoDataFrame(spelt_cells(run, cells), geometry=outlines.to_numpy(), crs=outlines.crs)
    pyogrio.write_dataframe(shown, content, driver="GPKG", layer="cells")
    return content.getvalue()


MAP: Final = Page("Map", "What is where?", (), _show, stands_for=("map",))
