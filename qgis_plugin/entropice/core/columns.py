"""Columns that the tables of a run must have."""

from __future__ import annotations

from .manifest import Manifest

N_DRIVERS = 3
_CELL_COLUMNS = (
    "cell_id",
    "lon_deg",
    "lat_deg",
    "land_fraction",
    "state",
    "observed_fraction",
    "rts_count",
    "rts_per_km2",
    "class_",
    "p_any_rts",
    "entropy",
    "expected_rts_area_fraction",
)


def required_columns(manifest: Manifest, kind: str) -> tuple[str, ...]:
    """The columns that the plugin reads from a table of this kind."""
    if kind == "cells":
        ranks = range(1, N_DRIVERS + 1)
        drivers = [column for rank in ranks for column in (f"driver_{rank}", f"driver_{rank}_share")]
        return (*_CELL_COLUMNS, *(f"p_{name}" for name in manifest.class_names), *drivers)
    return ("cell_id", "driver_1") if kind == "drivers" else ()
