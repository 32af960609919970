"""Layers of a map that a task hands on: one raster each, with what its values mean and when they hold."""

from dataclasses import dataclass
from datetime import date

from entropice.types import Float32Array


@dataclass(frozen=True)
class Ramp:
    """Colours that run from one value to another; values beyond get the colour of the nearer end.

    Attributes
    ----------
    low, high
        Values of the first and the last colour.
    palette
        Name of a colour map of matplotlib.
    """

    low: float
    high: float
    palette: str


@dataclass(frozen=True)
class Category:
    """One value with its own name and colour (``#rrggbb``)."""

    value: int
    title: str
    colour: str


Style = Ramp | tuple[Category, ...]


@dataclass(frozen=True, eq=False)
class MapLayer:
    """One raster on the map, EPSG:3413.

    Attributes
    ----------
    name
        Names it in its task: letters, digits and underscores.
    title, description, unit
        For people; ``1`` is the unit of a ratio or a class.
    values
        float32 (row, column), row 0 in the north; NaN where nothing is known.
    left_m, top_m
        Outer corner of the top-left pixel.
    pixel_m
        Edge of a pixel.
    style
        How values are coloured.
    begins, ends
        First day on which it holds, and the first on which it does not any more; None for a layer that time does not
        concern.
    """

    name: str
    title: str
    description: str
    unit: str
    values: Float32Array
    left_m: float
    top_m: float
    pixel_m: float
    style: Style
    begins: date | None = None
    ends: date | None = None
