"""The layers of a run's map: quantities by year, and what lies around the cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.report.palettes import LAND
from entropice.report.quantities import Format, Group, Quantity, YearOfRun
from entropice.report.scales import Scale, Single, scale_entry, scale_of
from entropice.types import GeoDataFrame, Series

CELLS: Final = "cells"
_PLAIN: Final = (
    *("name", "table", "column", "quantity", "year", "title", "description", "unit", "group", "on_map"),
    *("is_default", "format"),
)


@dataclass(frozen=True)
class Layer:
    """One column of a table, or the geometry of a table, with how it is shown.

    Attributes
    ----------
    name
        Of the layer and of its style, ``<quantity>_<year>`` or ``<quantity>``; each once.
    table
        Which holds it: ``cells``, or what lies around them.
    column
        None for a table that is shown for its geometry.
    quantity
        What it is, in every year.
    year
        None where it is the same in all years.
    title, description
        For readers, in plain text.
    unit
        As UDUNITS spells it; ``1`` where there is no dimension, None for text.
    group
        Under which heading readers find it: prediction, doubt, observation, drivers, cell or context.
    on_map
        Whether it is a map layer of its own; else its value is told when a cell is asked.
    format
        Whether values are told as ``percent`` (a share times 100), ``number`` or ``text``.
    scale
        None where it is not drawn.
    model
        Name of the model whose values they are; None for the map's, and for what is no model's.
    is_default
        Whether a map shows it first; one layer is.
    has_overview
        Whether a raster on coarse pixels shows it, too.
    """

    name: str
    table: str
    column: str | None
    quantity: str
    year: int | None
    title: str
    description: str
    unit: str | None
    group: Group
    on_map: bool
    format: Format
    scale: Scale | None
    model: str | None = None
    is_default: bool = False
    has_overview: bool = False

    @property
    def overview_file(self) -> str | None:
        """The name of its raster in the run folder, ``overview_<column>.tif``; None where it has none."""
        return f"overview_{self.column}.tif" if self.has_overview else None

    @property
    def shown_unit(self) -> str:
        """The unit of values as shown; empty without dimension and for text, ``%`` where shares are told so.

        Examples
        --------
        >>> from dataclasses import replace
        >>> length = replace(BELOW_THE_CELLS[0], unit="m", format="number")
        >>> length.shown_unit, replace(length, unit="1").shown_unit, replace(length, format="percent").shown_unit
        ('m', '', '%')
        """
        return "%" if self.format == "percent" else "" if self.unit in (None, "1") else str(self.unit)

    def title_in(self, year_names: Mapping[int, str]) -> str:
        """Its title with the name of its year; the title alone where it is the same in all years.

        Raises
        ------
        KeyError
            Its year has no name.

        Examples
        --------
        >>> from dataclasses import replace
        >>> BELOW_THE_CELLS[0].title_in({}), replace(BELOW_THE_CELLS[0], year=2020).title_in({2020: "summer 2020"})
        ('Land', 'Land, summer 2020')
        """
        return self.title if self.year is None else f"{self.title}, {year_names[self.year]}"

    def entry(self) -> dict[str, Any]:
        """Its entry in the manifest: plain JSON values; ``overview`` is the file of that name, or None.

        Keys are ``name table column quantity year title description unit group on_map is_default format model scale
        overview``; ``scale`` is that of `scale_entry`, ``overview`` None where there is none.
        """
        return {name: getattr(self, name) for name in _PLAIN} | {
            "model": self.model,
            "scale": scale_entry(self.scale),
            "overview": self.overview_file,
        }


def layer_of(entry: Mapping[str, Any]) -> Layer:
    """The layer of an entry in the manifest; `Layer.entry` is its inverse. An entry without ``model`` is no model's.

    Raises
    ------
    KeyError
        The entry lacks a field.

    Examples
    --------
    >>> layer_of(BELOW_THE_CELLS[0].entry()) == BELOW_THE_CELLS[0]
    True
    """
    plain = {name: entry[name] for name in _PLAIN}
    has_overview = entry["overview"] is not None
    return Layer(**plain, scale=scale_of(entry["scale"]), model=entry.get("model"), has_overview=has_overview)


def _around(name: str, title: str, description: str, scale: Single) -> Layer:
    return Layer(name, name, None, name, None, title, description, None, "context", True, "text", scale)


ABOVE_THE_CELLS: Final = (
    _around("slumps", "Slump outlines", "The outlines behind the labels.", Single(None, "#b2480a", 0.3)),
    _around("searched_ground", "Searched ground", "Where slumps were looked for.", Single(None, "#5b7fa6", 0.2)),
)
BELOW_THE_CELLS: Final = (
    _around("land", "Land", "Land, in pieces; pale beyond the run's cells.", Single(LAND, "#c9c9c4", 0.1)),
)


def build_cells(
    years: Iterable[tuple[int, YearOfRun]], declared: Sequence[Quantity]
) -> tuple[GeoDataFrame, tuple[Layer, ...]]:
    """The table of cells with one column for each quantity and year, and all layers, top of the map first.

    A quantity that no year knows has neither column nor layer. What one year knows must be known in all, as NaN at
    least: every year gets a layer. A scale is made of all years together, so that colours mean the same in each.

    Parameters
    ----------
    years
        The years of a run, ascending; the latest comes first on the map. At least one; all with the same cells.
    declared
        The quantities, in the order of columns, and of layers within a year.

    Returns
    -------
    GeoDataFrame
        ``geometry``, ``cell_id`` (int64), the columns; the cells in their own order.
    tuple of Layer
        Slumps and searched ground, the layers of the years, latest first, what is the same in all years, land.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> cells = gpd.GeoDataFrame({"height": [0.5]}, geometry=[box(0, 0, 1, 1)], index=pd.Index([7], name="cell_id"))
    >>> height = Quantity("height", "Height", "", "m", "prediction", "number", lambda year: year.cells["height"])
    >>> unknown = Quantity("depth", "Depth", "", "m", "prediction", "number", lambda year: None)
    >>> years = [(year, SimpleNamespace(cells=cells)) for year in (2020, 2021)]
    >>> table, layers = build_cells(years, [height, unknown])
    >>> list(table), [layer.name for layer in layers][2:-1]
    (['geometry', 'cell_id', 'height_2020', 'height_2021'], ['height_2021', 'height_2020'])
    """
    told: list[int] = []
    found: dict[Quantity, dict[str, Series]] = {quantity: {} for quantity in declared}
    for year, of_year in years:
        told.append(year)
        cells = of_year.cells
        for quantity in declared:
            found[quantity] |= _columns(quantity, year, of_year)
    # Scales wait for the last year, for they are made of all; years themselves are let go one by one.
    known = {quantity: columns for quantity, columns in found.items() if columns}
    scales = {
        quantity: None if quantity.scale is None else quantity.scale(pd.concat(list(columns.values())))
        for quantity, columns in known.items()
    }
    layers = [
        _layer(quantity, year, scales[quantity], is_latest=year == told[-1])
        for year in reversed(told)
        for quantity in known
        if quantity.is_yearly
    ]
    static = [_layer(quantity, None, scales[quantity], is_latest=False) for quantity in known if not quantity.is_yearly]
    table = pd.DataFrame({name: values for columns in known.values() for name, values in columns.items()})
    return _with_geometry(table, cells), (*ABOVE_THE_CELLS, *layers, *static, *BELOW_THE_CELLS)


def _columns(quantity: Quantity, year: int, of_year: YearOfRun) -> dict[str, Series]:
    """The values by column; empty where the run has none."""
    values = quantity.values(of_year)
    return {} if values is None else {quantity.column(year): values}


def _layer(quantity: Quantity, year: int | None, scale: Scale | None, *, is_latest: bool) -> Layer:
    column = quantity.stem if year is None else quantity.column(year)
    return Layer(
        name=column,
        table=CELLS,
        column=column,
        quantity=quantity.name,
        year=year,
        title=quantity.title,
        description=quantity.description,
        unit=quantity.unit,
        group=quantity.group,
        on_map=quantity.on_map,
        format=quantity.format,
        scale=scale,
        model=quantity.model,
        is_default=quantity.is_default and is_latest,
        has_overview=quantity.has_overview,
    )


def _with_geometry(table: pd.DataFrame, cells: GeoDataFrame) -> GeoDataFrame:
    table.insert(0, "cell_id", cells.index.to_numpy().astype(np.int64))
    return cells[["geometry"]].join(table).reset_index(drop=True)
