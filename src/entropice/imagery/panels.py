"""What a task said and what was true, side by side: pictures in rows, as values; who draws them is not said here."""

from dataclasses import dataclass

from entropice.imagery.map_layers import Style
from entropice.types import Float32Array


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture of a panel.

    Attributes
    ----------
    title
        Above it.
    values
        float32 (row, column), NaN where nothing is known, which is drawn in a colour of its own; or (row, column, 3),
        red, green and blue from 0 to 1.
    style
        How values are coloured; None of colours.
    unit
        Of the values; ``1`` for a ratio.
    """

    title: str
    values: Float32Array
    style: Style | None = None
    unit: str = "1"


@dataclass(frozen=True, eq=False)
class PanelRow:
    """Pictures of one case, with what is said of it at the left, such as a horizon and how many pixels are valid."""

    title: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, eq=False)
class Panel:
    """Rows of equally many pictures, and what a reader should see in them."""

    title: str
    rows: tuple[PanelRow, ...]
    caption: str
