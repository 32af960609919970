"""What the map will show, decided before any layer is built."""

from __future__ import annotations

from dataclasses import dataclass

from .layers import Layer
from .manifest import Manifest
from .scales import UnknownScale
from .tables import Table

LARGE_RUN_CELLS = 200_000
ATTRIBUTE_TABLES = ("scores", "drivers")


@dataclass(frozen=True)
class MapLayer:
    """A layer as polygons."""

    title: str
    layer: Layer
    is_visible: bool


@dataclass(frozen=True)
class OverviewLayer:
    """A layer as the raster `file`."""

    title: str
    layer: Layer
    file: str
    is_visible: bool


@dataclass(frozen=True)
class YearGroup:
    """The layers of one year, topmost first; one of them is shown at a time."""

    title: str
    is_visible: bool
    polygons: tuple[MapLayer, ...]
    overviews: tuple[OverviewLayer, ...]


@dataclass(frozen=True)
class LayerPlan:
    """A run on the map, top to bottom: what lies above the cells, the cells by year, what lies below, tables.

    `yearless` are the layers of cells that are the same in all years. One year or one of them is shown at a time.
    `left_out` says of which layers nothing is shown, and why.
    """

    title: str
    above: tuple[MapLayer, ...]
    years: tuple[YearGroup, ...]
    yearless: tuple[MapLayer, ...]
    below: tuple[MapLayer, ...]
    attributes: tuple[Table, ...]
    left_out: tuple[str, ...]


def plan_layers(manifest: Manifest) -> LayerPlan:
    """The plan of a run: its default layer on what lies below the cells; everything else is one click away.

    Above 200,000 cells the overview raster is shown in place of its layer: it draws many times faster.
    """
    on_map = [layer for layer in manifest.layers if layer.on_map]
    drawn = [layer for layer in on_map if not isinstance(layer.scale, UnknownScale)]
    cells = [layer for layer in drawn if layer.table == manifest.cells]
    first = next((layer for layer in cells if layer.is_default), cells[0] if cells else None)
    n_above = next((i for i, layer in enumerate(drawn) if layer in cells), 0)
    around = [layer for layer in drawn if layer not in cells]
    suffix = "" if manifest.purpose == "model" else f" ({manifest.purpose})"
    return LayerPlan(
        title=f"{manifest.title} · {manifest.grid_key}{suffix}",
        above=tuple(MapLayer(layer.title, layer, is_visible=False) for layer in around[:n_above]),
        years=_year_groups(manifest, cells, first),
        yearless=tuple(MapLayer(layer.title, layer, layer is first) for layer in cells if layer.year is None),
        below=tuple(MapLayer(layer.title, layer, is_visible=True) for layer in around[n_above:]),
        attributes=tuple(table for table in manifest.tables if table.table in ATTRIBUTE_TABLES and table.n_rows),
        left_out=tuple(_left_out(layer) for layer in on_map if isinstance(layer.scale, UnknownScale)),
    )


def _year_groups(manifest: Manifest, cells: list[Layer], first: Layer | None) -> tuple[YearGroup, ...]:
    if first is None:
        return ()
    years = dict.fromkeys(layer.year for layer in cells if layer.year is not None)
    return tuple(_year_group(manifest, year, [layer for layer in cells if layer.year == year], first) for year in years)


def _year_group(manifest: Manifest, year: int, layers: list[Layer], first: Layer) -> YearGroup:
    """One year; of its layers the one is shown that has the quantity of the layer shown `first` of all."""
    name = manifest.year_name(year)
    shown = next((layer for layer in layers if layer.quantity == first.quantity), layers[0])
    shows_overview = shown.overview is not None and manifest.cells.n_rows > LARGE_RUN_CELLS
    return YearGroup(
        title=name,
        is_visible=year == first.year,
        polygons=tuple(
            MapLayer(f"{layer.title} · {name}", layer, layer is shown and not shows_overview) for layer in layers
        ),
        overviews=tuple(
            OverviewLayer(f"{layer.title}, overview · {name}", layer, layer.overview, layer is shown and shows_overview)
            for layer in layers
            if layer.overview is not None
        ),
    )


def _left_out(layer: Layer) -> str:
    kind = layer.scale.kind if isinstance(layer.scale, UnknownScale) else ""
    return f"{layer.title} ({layer.name}): this version of the plugin cannot draw a scale of kind “{kind}”."
