"""The layers of a run: what each says, of which year, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .fields import Fields
from .scales import Categorical, Graduated, Scale, UnknownScale, read_scale
from .tables import IDENTIFIER, IDENTIFIER_RULE, Table

_OVERVIEW = r"[A-Za-z0-9][A-Za-z0-9._-]*\.tif"


@dataclass(frozen=True)
class Layer:
    """One column of a table, or the geometry of a table where `column` is None.

    `unit` is spelt as UDUNITS does, "1" without dimension, None for text. `scale` is None for a value that is told and
    not drawn. `overview` is the name of a raster of the same values, if there is one. `model` is the name of the model
    whose values they are, None for the map's own.

    `quantity` names what is told, whatever the year and the model; `year` is None for what is the same in all years.
    `group` is that of the legend, `format` how numbers are written, ``percent`` for a share in 0..1. `on_map` tells
    layers of the map from such as are only told of a cell; `is_default` is the one shown first.
    """

    name: str
    table: Table
    column: str | None
    quantity: str
    year: int | None
    title: str
    description: str
    unit: str | None
    group: str
    on_map: bool
    is_default: bool
    format: str
    scale: Scale | None
    overview: str | None
    model: str | None = None


def read_layer(fields: Fields, tables: Mapping[str, Table]) -> Layer:
    """One entry of ``layers``; `tables` are the run's by name.

    A layer on the map needs a scale and a table with geometry, colours of values need a column, and an overview needs
    steps (or a scale that this version does not know).

    Read are ``name table column quantity year title description unit group on_map is_default format scale overview``,
    and ``model`` where it is there; all but the last have to be, ``column year unit scale overview`` as null if need
    be.

    Raises
    ------
    RunFolderError
        A value is not as the schema says, or names a table, column or scale that the run does not have.
    """
    table = tables[fields.one_of("table", tuple(tables))]
    scale = fields.optional_object("scale")
    layer = Layer(
        name=fields.matching("name", IDENTIFIER, IDENTIFIER_RULE),
        table=table,
        column=fields.optional_text("column"),
        quantity=fields.text("quantity"),
        year=fields.optional_year("year"),
        title=fields.label("title"),
        description=fields.text("description"),
        unit=fields.optional_text("unit"),
        group=fields.text("group"),
        on_map=fields.truth("on_map"),
        is_default=fields.truth("is_default"),
        format=fields.text("format"),
        scale=None if scale is None else read_scale(scale),
        overview=None if fields.is_null("overview") else fields.matching("overview", _OVERVIEW, "a .tif"),
        model=fields.optional_text("model") if fields.has("model") else None,
    )
    _require_consistent(fields, layer)
    return layer


def _require_consistent(fields: Fields, layer: Layer) -> None:
    if layer.column is not None and layer.column not in layer.table.columns:
        raise fields.wrong("column", repr(layer.column), f"a column of the table {layer.table.table}")
    if layer.column is None and isinstance(layer.scale, (Graduated, Categorical)):
        raise fields.wrong("column", "null", "a column, as the scale gives colours to values")
    if layer.on_map and not layer.table.has_geometry:
        raise fields.wrong("table", layer.table.table, "a table with geometry, as the layer is on the map")
    if layer.on_map and layer.scale is None:
        raise fields.wrong("scale", "null", "a scale, as the layer is on the map")
    if layer.overview is not None and not isinstance(layer.scale, (Graduated, UnknownScale)):
        raise fields.wrong("scale.kind", layer.scale, "graduated, as the layer has an overview")
