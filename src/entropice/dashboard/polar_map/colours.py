"""Values become colours by the scale that the run's manifest names, as in QGIS and in the report."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.types import BoolArray

UNKNOWN: Final = "#e8e8ec"
SHOWN_ALPHA: Final = 255
DIM_ALPHA: Final = 36

Scale = Mapping[str, Any]
Colours = np.ndarray[Any, np.dtype[np.uint8]]


def coloured(values: "pd.Series[Any]", scale: Scale, is_lit: BoolArray) -> Colours:
    """Red, green, blue and opacity (n, 4) of values (n,); what is not lit (n,) is dimmed, null is light grey."""
    palette, numbers = _numbered(values, scale)
    rgb = np.array([_rgb(colour) for colour in [*palette, UNKNOWN]], dtype=np.uint8)[numbers]
    alpha = np.where(is_lit, SHOWN_ALPHA, DIM_ALPHA).astype(np.uint8)
    return np.column_stack([rgb, alpha])


def _numbered(values: "pd.Series[Any]", scale: Scale) -> tuple[Sequence[str], np.ndarray]:
    """A scale's colours, and the place of each value's among them; −1 where it has none."""
    return _graduated(values, scale) if scale["kind"] == "graduated" else _categorical(values, scale)


def _graduated(values: "pd.Series[Any]", scale: Scale) -> tuple[Sequence[str], np.ndarray]:
    """Colour i lies between breaks i and i + 1; what lies beyond takes the first or the last."""
    colours: list[str] = scale["colours"]
    known = values.to_numpy(np.float64, na_value=np.nan)
    numbers = np.clip(np.searchsorted(scale["breaks"], known, side="right") - 1, 0, len(colours) - 1)
    return colours, np.where(np.isnan(known), -1, numbers)


def _categorical(values: "pd.Series[Any]", scale: Scale) -> tuple[Sequence[str], np.ndarray]:
    categories, other = scale["categories"], scale["other"]
    palette = [category["colour"] for category in categories] + ([other["colour"]] if other else [])
    numbers = pd.Index([category["value"] for category in categories]).get_indexer(pd.Index(values))
    is_other = (numbers < 0) & values.notna().to_numpy() & bool(other)
    return palette, np.where(is_other, len(categories), numbers)


def legend_entries(scale: Scale, factor: float) -> list[dict[str, str]]:
    """``label`` and ``colour`` of each step or category, and of what is unknown; numbers are told times `factor`."""
    if scale["kind"] == "graduated":
        edges = [f"{factor * edge:.3g}" for edge in scale["breaks"]]
        rows = [
            (f"{low} – {high}", colour)
            for low, high, colour in zip(edges[:-1], edges[1:], scale["colours"], strict=True)
        ]
    else:
        rows = [(category["label"], category["colour"]) for category in scale["categories"]]
        rows += [(scale["other"]["label"], scale["other"]["colour"])] if scale["other"] else []
    return [{"label": label, "colour": colour} for label, colour in [*rows, ("unknown", UNKNOWN)]]


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
