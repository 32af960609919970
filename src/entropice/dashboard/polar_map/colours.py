"""Values become colours by the scale of a run's layer, as in QGIS and in the report."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.dashboard.polar_map.arrays import KeyedArray, keyed
from entropice.dashboard.quantities import ScaleOfValues
from entropice.report.scales import Categorical, Graduated

UNKNOWN: Final = "#e8e8ec"


@dataclass(frozen=True)
class Coloured:
    """Cells in the colours of a scale.

    Attributes
    ----------
    palette
        The scale's colours, and last that of what is unknown.
    places
        uint8: the place of each cell's colour in the palette.
    """

    palette: tuple[str, ...]
    places: KeyedArray


def coloured(values: "pd.Series[Any]", scale: ScaleOfValues) -> Coloured:
    """Colours of values (n_cells,); null is unknown.

    Of steps, colour i is for breaks[i] ≤ x < breaks[i + 1]; a value on the last break or beyond has the last colour,
    one below the first the first. Of categories, a value of none has the colour of "others", or is unknown where there
    is none. Values keep their order; at most 255 colours fit.

    Examples
    --------
    >>> steps = Graduated((0.0, 0.5, 1.0), ("#ffffff", "#000000"))
    >>> found = coloured(pd.Series([0.0, 0.5, 1.0, np.nan]), steps)
    >>> found.palette, list(found.places.content)
    (('#ffffff', '#000000', '#e8e8ec'), [0, 1, 1, 2])
    """
    colours, places = _graduated(values, scale) if isinstance(scale, Graduated) else _categorical(values, scale)
    return Coloured((*colours, UNKNOWN), keyed(np.where(places < 0, len(colours), places).astype(np.uint8)))


def _graduated(values: "pd.Series[Any]", scale: Graduated) -> tuple[tuple[str, ...], np.ndarray]:
    """Colour i lies between breaks i and i + 1; what lies beyond takes the first or the last, null −1."""
    known = values.to_numpy(np.float64, na_value=np.nan)
    places = np.clip(np.searchsorted(scale.breaks, known, side="right") - 1, 0, len(scale.colours) - 1)
    return scale.colours, np.where(np.isnan(known), -1, places)


def _categorical(values: "pd.Series[Any]", scale: Categorical) -> tuple[tuple[str, ...], np.ndarray]:
    """The colour of each category, and of all others where the scale has one; null −1."""
    colours = tuple(category.colour for category in scale.categories)
    places = pd.Index([category.value for category in scale.categories]).get_indexer(pd.Index(values))
    if scale.other is None:
        return colours, places
    is_other = (places < 0) & values.notna().to_numpy()
    return (*colours, scale.other.colour), np.where(is_other, len(colours), places)


def legend_entries(scale: ScaleOfValues, factor: float) -> list[dict[str, str]]:
    """``label`` and ``colour`` of each step or category, in their order, last of what is unknown.

    `factor` multiplies numbers where they are told: 100 for shares in percent.
    """
    if isinstance(scale, Graduated):
        rows = list(zip(scale.steps(factor), scale.colours, strict=True))
    else:
        rows = [(category.label, category.colour) for category in scale.categories]
        rows += [(scale.other.label, scale.other.colour)] if scale.other else []
    return [{"label": label, "colour": colour} for label, colour in [*rows, ("unknown", UNKNOWN)]]
