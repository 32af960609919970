"""One cell: what is said of it, why, and whether to believe it."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from entropice.dashboard.opened import OpenedRun
from entropice.dashboard.quantities import Quantity
from entropice.dashboard.wording import number, plain

MAX_RANK: Final = 3
NULL_IS_NONE: Final = ("not_applicable_because",)
"""Quantities whose null says that there is nothing to tell, not that it is unknown."""


def show_cell(run: OpenedRun, cell_id: int, year: int) -> None:
    """Three columns on a cell in a year: what, why, and whether to believe it.

    Why there is no driver, or no calibration of the region, is said.

    Raises
    ------
    KeyError
        The run has no such cell or year.
    """
    cell, quantities = run.cell(cell_id, year), run.quantities(year)
    what, why, belief = st.columns(3)
    with what:
        st.markdown("**What is said**")
        _lines(cell, quantities, ("p_any_rts", "class", "expected_rts_area_fraction", "state", "rts_count"))
    with why:
        st.markdown("**Why**")
        reasons = drivers_of_cell(run, cell_id, year)
        st.markdown("\n".join(f"- {plain(reason)}" for reason in reasons))
        st.caption(
            "Signed shares: negative speaks against slumps."
            if reasons
            else "The map's model explains nothing of this cell."
        )
    with belief:
        st.markdown("**Should I believe it?**")
        names = ("p_any_low", "p_any_high", "conformal_set", "applicability", "not_applicable_because", "distance_m")
        _lines(cell, quantities, tuple(name for name in names if name not in NULL_IS_NONE or pd.notna(cell.get(name))))
        _region(run, cell_id)


def spelt_value(quantity: Quantity, value: Any) -> str:
    """A value with its unit, or that it is unknown.

    Numbers have three digits and are multiplied as `Quantity.factor` says; text is called as the run's legend does.
    """
    if pd.isna(value):
        return "unknown"
    if not quantity.is_number:
        return quantity.labels.get(str(value), str(value))
    return f"{number(quantity.factor * value)} {quantity.shown_unit}".strip()


def _lines(cell: dict[str, Any], quantities: dict[str, Quantity], names: tuple[str, ...]) -> None:
    told = [quantities[name] for name in names if name in quantities and name in cell]
    lines = [f"- {plain(q.title)}: **{plain(spelt_value(q, cell[q.name]))}**" for q in told]
    st.markdown("\n".join(lines))


def _region(run: OpenedRun, cell_id: int) -> None:
    """How far forecasts were off where the cell lies."""
    table, region = run.table("regional_calibration"), run.regions.loc[cell_id]
    rows = table[table["region"] == region] if len(table) else table
    if rows.empty:
        st.caption(f"Nothing was tested at longitudes {plain(region)}: how far forecasts are off there is unknown.")
        return
    row = rows.iloc[0]
    st.caption(
        f"At longitudes {plain(region)}, {row['n_cell_years']:,.0f} forecasts out of fold said {row['mean_p_any']:.0%} "
        f"on average and slumps were in {row['frequency']:.0%} (bias {row['bias']:+.3f}, 95 % interval "
        f"{row['low_95']:+.3f} to {row['high_95']:+.3f})."
    )


def drivers_of_cell(run: OpenedRun, cell_id: int, year: int) -> list[str]:
    """Each driver of a cell in a year with its value, where the run keeps it, and signed share; first driver first.

    Lines such as ``mean slope, 12.5 degree: +31%``, at most three; ranks without a driver are left out.

    Raises
    ------
    KeyError
        The run has no such cell or year.
    """
    cell, labels = run.cell(cell_id, year), run.quantities(year)
    values = _feature_values(run, cell_id, year)
    ranked = [(rank, cell.get(f"driver_{rank}")) for rank in range(1, MAX_RANK + 1)]
    return [
        f"{labels[f'driver_{rank}'].labels.get(name, name)}{_valued(run, name, values.get(name))}: "
        f"{cell[f'driver_{rank}_share']:+.0%}"
        for rank, name in ranked
        if isinstance(name, str)
    ]


def _valued(run: OpenedRun, name: str, value: float | None) -> str:
    if value is None or pd.isna(value):
        return ""
    unit = next((item["unit"] for item in run.run.manifest["features"] if item["name"] == name), "")
    return f", {number(value)} {'' if unit == '1' else unit}".rstrip()


def _feature_values(run: OpenedRun, cell_id: int, year: int) -> Mapping[str, float]:
    if "feature_values" not in run.run.facts.table_titles:
        return {}
    return {str(name): value for name, value in run.run.features_of_cell(cell_id, year).items()}
