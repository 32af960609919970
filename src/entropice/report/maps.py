"""Polar maps of a run, drawn in EPSG:3413 metres."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from entropice.report.cell_raster import CellRaster, rasterise_cells
from entropice.report.figure_files import INK, MUTED, house_style
from entropice.report.graticule import graticule
from entropice.report.layers import Layer
from entropice.report.palettes import LAND
from entropice.report.scales import Categorical, Graduated
from entropice.report.surroundings import frame_around, visible_land
from entropice.types import FloatArray, GeoDataFrame, Series

_N_PIXELS: Final = 560
_WIDTH_INCHES: Final = 8.6
_GAP_INCHES: Final = 0.25
_MARGIN_INCHES: Final = 0.15
_TITLE_INCHES: Final = 0.28
_KEY_INCHES: Final = 0.48
_IN_ONE_ROW: Final = 4


@dataclass(frozen=True)
class _Panel:
    """One map and the strip below it that holds its key."""

    map: Axes
    key: Axes


def draw_maps(cells: GeoDataFrame, land: GeoDataFrame, panels: Mapping[str, Layer], n_columns: int) -> Figure:
    """One map for each layer of cells, by title.

    Parameters
    ----------
    cells
        Holds the layers' columns.
    """
    atlas = _Atlas(cells, land)
    with house_style():
        figure, axes = atlas.panels(n_panels=len(panels), n_columns=n_columns)
        for panel, (title, layer) in zip(axes, panels.items(), strict=True):
            atlas.draw(panel, cells[layer.column], layer)
            panel.map.set_title(title)
    return figure


class _Atlas:
    """The base map of one set of cells: their pixels, the coast and the graticule are prepared once."""

    def __init__(self, cells: GeoDataFrame, land: GeoDataFrame) -> None:
        left, bottom, right, top = cells.total_bounds
        pixel_size_m = max(right - left, top - bottom) / _N_PIXELS
        self.raster: CellRaster = rasterise_cells(cells, pixel_size_m)
        self.frame = frame_around((left, bottom, right, top))
        self.land = visible_land(land.geometry.to_numpy(), self.frame)
        self.graticule = graticule(self.frame)

    def panels(self, n_panels: int, n_columns: int) -> tuple[Figure, list[_Panel]]:
        """Equal panels in rows, as high as the frame's shape asks for."""
        left, bottom, right, top = self.frame
        map_width = (_WIDTH_INCHES - 2 * _MARGIN_INCHES - _GAP_INCHES * (n_columns - 1)) / n_columns
        map_height = map_width * (top - bottom) / (right - left)
        panel_height = _TITLE_INCHES + map_height + _KEY_INCHES
        n_rows = -(-n_panels // n_columns)
        figure = Figure(figsize=(_WIDTH_INCHES, n_rows * panel_height))
        return figure, [
            _panel(
                figure,
                left=_MARGIN_INCHES + (place % n_columns) * (map_width + _GAP_INCHES),
                bottom=(n_rows - 1 - place // n_columns) * panel_height + _KEY_INCHES,
                width=map_width,
                height=map_height,
            )
            for place in range(n_panels)
        ]

    def draw(self, panel: _Panel, values: Series, layer: Layer) -> None:
        """Colour the cells by a layer's scale, with its key; what has no scale of values stays uncoloured."""
        if isinstance(layer.scale, Graduated):
            self._draw_steps(panel, values, layer.scale, factor=100.0 if layer.format == "percent" else 1.0)
        elif isinstance(layer.scale, Categorical):
            self._draw_categories(panel, values, layer.scale)

    def _draw_steps(self, panel: _Panel, values: Series, scale: Graduated, factor: float) -> None:
        colours = ListedColormap(list(scale.colours))
        norm = BoundaryNorm(scale.breaks, colours.N)
        image = self._draw(panel.map, self.raster.paint(values.to_numpy(float)), colours, norm)
        box = panel.key.inset_axes((0.03, 0.45, 0.94, 0.28))
        bar = panel.map.figure.colorbar(image, cax=box, orientation="horizontal", spacing="uniform")
        bar.set_ticks(list(scale.breaks), labels=[f"{factor * value:.3g}" for value in scale.breaks])
        bar.ax.tick_params(length=0, labelsize=7.5, pad=2)
        bar.outline.set_visible(False)

    def _draw_categories(self, panel: _Panel, values: Series, scale: Categorical) -> None:
        others = () if scale.other is None else (scale.other,)
        keys = [(item.label, item.colour) for item in (*scale.categories, *others)]
        code_of = {item.value: float(code) for code, item in enumerate(scale.categories)}
        codes = values.map(code_of).where(values.isin(code_of) | values.isna(), float(len(code_of)))
        norm = BoundaryNorm(np.arange(len(keys) + 1) - 0.5, len(keys))
        self._draw(
            panel.map, self.raster.paint(codes.to_numpy(float)), ListedColormap([colour for _, colour in keys]), norm
        )
        panel.key.legend(
            handles=[Patch(color=colour, label=label) for label, colour in keys],
            loc="center", ncols=n_columns_of_key(len(keys)), fontsize=7.5, handlelength=1.1, columnspacing=1.0,
            borderpad=0,
        )  # fmt: skip

    def _draw(self, axis: Axes, painted: Any, colours: ListedColormap, norm: BoundaryNorm) -> Any:
        self._draw_land(axis)
        image = axis.imshow(
            painted, extent=self.raster.extent_m, cmap=colours, norm=norm, interpolation="nearest", zorder=2
        )
        self._draw_lines(axis)
        left, bottom, right, top = self.frame
        axis.set(xlim=(left, right), ylim=(bottom, top), xticks=[], yticks=[], aspect="equal")
        axis.spines[:].set_visible(True)
        return image

    def _draw_land(self, axis: Axes) -> None:
        for polygon in self.land:
            axis.add_patch(PathPatch(_path(polygon), facecolor=LAND, edgecolor="none", zorder=1))

    def _draw_lines(self, axis: Axes) -> None:
        coast = [line for polygon in self.land for line in _rings(polygon)]
        axis.add_collection(LineCollection(coast, colors=INK, linewidths=0.35, zorder=3), autolim=False)
        lines = [part for line in self.graticule for part in line.parts]
        dashes = (0, (4, 4))
        axis.add_collection(
            LineCollection(lines, colors=MUTED, linewidths=0.35, linestyles=dashes, zorder=4), autolim=False
        )
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8}
        for line in self.graticule:
            if line.name_at is not None:
                axis.text(*line.name_at, line.name, fontsize=6, color=INK, ha="center", va="center", zorder=5, bbox=box)


def n_columns_of_key(n_entries: int) -> int:
    """One row of a key holds four entries; more stand in two rows."""
    return n_entries if n_entries <= _IN_ONE_ROW else -(-n_entries // 2)


def _panel(figure: Figure, *, left: float, bottom: float, width: float, height: float) -> _Panel:
    """Axes at a place in inches; the key lies below it."""
    figure_width, figure_height = figure.get_size_inches()

    def axes(low: float, high: float) -> Axes:
        place = (left / figure_width, low / figure_height, width / figure_width, (high - low) / figure_height)
        return figure.add_axes(place)

    panel = _Panel(map=axes(bottom, bottom + height), key=axes(bottom - _KEY_INCHES, bottom))
    panel.key.set_axis_off()
    return panel


def _rings(polygon: Any) -> list[FloatArray]:
    return [np.asarray(ring.coords)[:, :2] for ring in (polygon.exterior, *polygon.interiors)]


def _path(polygon: Any) -> Path:
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in _rings(polygon)))
