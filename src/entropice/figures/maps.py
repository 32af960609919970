"""The maps of a run as figures for a paper: a panel for each year of a quantity."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Final

from entropice.figures.figure import Figure, Missing
from entropice.report.charts.folds import ON_THE_MAP
from entropice.report.figure_files import png_bytes, svg_bytes
from entropice.report.layers import CELLS, Layer
from entropice.report.maps import Atlas
from entropice.report.paper import COLUMN_MM, DOTS_PER_INCH, MM_PER_INCH, WIDTH_MM
from entropice.report.run_tables import RunTables
from entropice.report.scales import Categorical, Graduated
from entropice.types import DataFrame

MOST_IN_A_ROW: Final = 3
N_PIXELS: Final = 1000
UNCOLOURED: Final = "Land without a colour is no cell of the run, or nothing is known of it."


def map_figures(run: RunTables) -> Iterator[Figure | Missing]:
    """Every quantity of the cells that has a colour scale, the map's own first; those of other models are left out.

    A figure for each, ``map_<quantity>``, with a panel for each year in which a cell has a value, ascending; where
    there is none, why.
    """
    cells = run.frame(CELLS)
    atlas = Atlas(cells, run.frame("land"), N_PIXELS)
    by_quantity = sorted(_drawn(run.facts.layers), key=attrgetter("quantity"))
    years = {quantity: list(layers) for quantity, layers in groupby(by_quantity, attrgetter("quantity"))}
    order = dict.fromkeys(layer.quantity for layer in _drawn(run.facts.layers))
    return (_figure(atlas, cells, years[quantity], run) for quantity in order)


def _drawn(layers: tuple[Layer, ...]) -> list[Layer]:
    return [
        layer
        for layer in layers
        if layer.table == CELLS and layer.model is None and isinstance(layer.scale, Graduated | Categorical)
    ]


def _figure(atlas: Atlas, cells: DataFrame, layers: list[Layer], run: RunTables) -> Figure | Missing:
    first = layers[0]
    key, title = f"map_{first.quantity}", _with_unit(first)
    known = sorted((layer for layer in layers if cells[layer.column].notna().any()), key=lambda layer: layer.year or 0)
    if not known:
        return Missing(key, title, "No cell of the run has a value.")
    years = run.facts.year_names
    panels = {title if layer.year is None else years[layer.year]: layer for layer in known}
    width_mm = WIDTH_MM if len(panels) > 1 else COLUMN_MM
    figure = atlas.series(cells, panels, columns_of(len(panels)), width_mm / MM_PER_INCH)
    return Figure(
        key,
        title,
        f"{first.description} {ON_THE_MAP}",
        (UNCOLOURED,),
        svg_bytes(figure, DOTS_PER_INCH),
        png_bytes(figure, DOTS_PER_INCH),
    )


def columns_of(n_panels: int) -> int:
    """Panels in a row: as few as fill as few rows of at most three as there can be.

    ``⌈n / ⌈n / 3⌉⌉`` of n panels, one or more.

    Examples
    --------
    >>> [columns_of(n_panels) for n_panels in range(1, 8)]
    [1, 2, 3, 2, 3, 3, 3]
    """
    n_rows = -(-n_panels // MOST_IN_A_ROW)
    return -(-n_panels // n_rows)


def _with_unit(layer: Layer) -> str:
    """The title of a quantity with the unit of its key; nothing without dimension."""
    unit = "%" if layer.format == "percent" else layer.unit
    return layer.title if unit in (None, "1") else f"{layer.title} ({unit})"
