"""Polar maps of a run, drawn in EPSG:3413 metres."""

from collections.abc import Callable, Mapping, Sequence
from textwrap import shorten
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from entropice.report.cell_raster import CellRaster, rasterise_cells
from entropice.report.figure_files import INK, MUTED, house_style
from entropice.report.graticule import Frame, graticule
from entropice.report.layers import Layer
from entropice.report.palettes import LAND
from entropice.report.scales import Categorical, Graduated, Scale
from entropice.report.surroundings import frame_around, visible_land
from entropice.types import DataFrame, FloatArray, GeoDataFrame, Series

_N_PIXELS: Final = 560
_WIDTH_INCHES: Final = 8.6
_GAP_INCHES: Final = 0.25
_MARGIN_INCHES: Final = 0.15
_TITLE_INCHES: Final = 0.28
_KEY_INCHES: Final = 0.48
_KEY_ROW_INCHES: Final = 0.17
_KEY_SIGN_INCHES: Final = 0.4
_CHARACTER_INCHES: Final = 0.068
_MAX_LABEL: Final = 90
_IN_ONE_ROW: Final = 4
_LARGE: Final = 1000.0


def draw_maps(cells: GeoDataFrame, land: GeoDataFrame, panels: Mapping[str, Layer], n_columns: int) -> Figure:
    """One map for each layer of cells, by title, row by row in ``n_columns``; each with its own key.

    The figure is 8.6 inches wide. Cells are drawn on pixels: 560 along the longer side. What is NaN, or has no scale of
    values, stays uncoloured.

    Parameters
    ----------
    cells
        Holds the layers' columns and ``geometry``, EPSG:3413.
    land
        Polygons in EPSG:3413, drawn below the cells.
    panels
        Layer by title of its map.
    """
    return Atlas(cells, land).figure(cells, panels, n_columns)


class Atlas:
    """The base map of one set of cells: their pixels, the coast and the graticule are prepared once.

    Parameters
    ----------
    cells
        Polygons in EPSG:3413.
    land
        Polygons in EPSG:3413.
    n_pixels
        Of the longer side of all cells; the edge of a pixel is that side over it.

    Attributes
    ----------
    raster
        The cells on pixels.
    frame
        Left, bottom, right, top of each map, EPSG:3413 metres, with 3 % of the longer side around the cells.
    land
        Polygons of land within the frame.
    graticule
        Meridians and parallels within the frame.
    """

    def __init__(self, cells: GeoDataFrame, land: GeoDataFrame, n_pixels: int = _N_PIXELS) -> None:
        left, bottom, right, top = cells.total_bounds
        pixel_size_m = max(right - left, top - bottom) / n_pixels
        self.raster: CellRaster = rasterise_cells(cells, pixel_size_m)
        self.frame = frame_around((left, bottom, right, top))
        self.land = visible_land(land.geometry.to_numpy(), self.frame)
        self.graticule = graticule(self.frame)

    def figure(
        self, cells: DataFrame, panels: Mapping[str, Layer], n_columns: int, width_inches: float = _WIDTH_INCHES
    ) -> Figure:
        """One map for each layer of the cells, by title, with its key; ``cells`` holds the layers' columns.

        Maps fill rows from the left, in the order of the panels. Values that are NaN stay uncoloured; what lies beyond
        the breaks takes the outermost colour, and a value that is no category of a scale is "other".

        Parameters
        ----------
        cells
            A row a cell, in the order of the cells that the atlas was made of.
        width_inches
            Of the whole figure, 8.6 unless told; its height follows from the frame's shape.
        """
        with house_style():
            figure, maps = self._maps(len(panels), n_columns, width_inches, below_inches=_KEY_INCHES)
            for axis, (title, layer) in zip(maps, panels.items(), strict=True):
                self._draw(axis, cells[layer.column], layer.scale)
                axis.set_title(title)
                place = axis.get_position(original=True)
                height = _KEY_INCHES / figure.get_figheight()
                _draw_key(figure, (place.x0, place.y0 - height, place.width, height), layer, _columns_of_row)
        return figure

    def series(self, cells: DataFrame, panels: Mapping[str, Layer], n_columns: int, width_inches: float) -> Figure:
        """One map for each layer of one quantity, by title, and one key below all.

        ``cells`` holds the layers' columns, a row a cell, in the order of the cells that the atlas was made of. The key
        is that of the first layer: all must have the same scale. There is at least one. Values that are NaN stay
        uncoloured.
        """
        layer = next(iter(panels.values()))

        def columns_of_key(labels: Sequence[str]) -> int:
            entry_inches = _KEY_SIGN_INCHES + _CHARACTER_INCHES * max(map(len, labels))
            return min(len(labels), max(1, int(width_inches / entry_inches)))

        labels = [label for label, _ in _entries(layer.scale)]
        n_rows = -(-len(labels) // columns_of_key(labels)) if labels else 0
        key_inches = max(_KEY_INCHES, n_rows * _KEY_ROW_INCHES + _MARGIN_INCHES)
        with house_style():
            figure, maps = self._maps(len(panels), n_columns, width_inches, foot_inches=key_inches)
            for axis, (title, shown) in zip(maps, panels.items(), strict=True):
                self._draw(axis, cells[shown.column], shown.scale)
                axis.set_title(title)
            margin = _MARGIN_INCHES / width_inches
            _draw_key(figure, (margin, 0, 1 - 2 * margin, key_inches / figure.get_figheight()), layer, columns_of_key)
        return figure

    def _maps(
        self, n_maps: int, n_columns: int, width_inches: float, below_inches: float = 0.0, foot_inches: float = 0.0
    ) -> tuple[Figure, list[Axes]]:
        """Equal maps in rows, as high as the frame's shape asks for, with room below each and below all."""
        left, bottom, right, top = self.frame
        map_width = (width_inches - 2 * _MARGIN_INCHES - _GAP_INCHES * (n_columns - 1)) / n_columns
        map_height = map_width * (top - bottom) / (right - left)
        row_height = _TITLE_INCHES + map_height + below_inches
        n_rows = -(-n_maps // n_columns)
        height_inches = n_rows * row_height + foot_inches
        figure = Figure(figsize=(width_inches, height_inches))
        corners = [
            (
                _MARGIN_INCHES + (place % n_columns) * (map_width + _GAP_INCHES),
                foot_inches + (n_rows - 1 - place // n_columns) * row_height + below_inches,
            )
            for place in range(n_maps)
        ]
        size = map_width / width_inches, map_height / height_inches
        return figure, [figure.add_axes((x / width_inches, y / height_inches, *size)) for x, y in corners]

    def _draw(self, axis: Axes, values: Series, scale: Scale | None) -> None:
        """Colour the cells by a scale; what has no scale of values stays uncoloured."""
        self._draw_land(axis)
        if isinstance(scale, Graduated | Categorical):
            colours, norm = _colouring(scale)
            painted = self.raster.paint(_codes(values, scale))
            extent = self.raster.extent_m
            axis.imshow(painted, extent=extent, cmap=colours, norm=norm, interpolation="nearest", zorder=2)
        self._draw_lines(axis)
        left, bottom, right, top = self.frame
        axis.set(xlim=(left, right), ylim=(bottom, top), xticks=[], yticks=[], aspect="equal")
        axis.spines[:].set_visible(True)

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


def _entries(scale: Scale | None) -> list[tuple[str, str]]:
    """Label and colour of each category; none of a scale that has no categories."""
    if not isinstance(scale, Categorical):
        return []
    others = () if scale.other is None else (scale.other,)
    return [(shorten(item.label, _MAX_LABEL, placeholder=" …"), item.colour) for item in (*scale.categories, *others)]


def _colouring(scale: Graduated | Categorical) -> tuple[ListedColormap, BoundaryNorm]:
    """The colours of a scale, and which values, or codes of categories, have which."""
    if isinstance(scale, Graduated):
        return ListedColormap(list(scale.colours)), BoundaryNorm(scale.breaks, len(scale.colours))
    colours = [colour for _, colour in _entries(scale)]
    return ListedColormap(colours), BoundaryNorm(np.arange(len(colours) + 1) - 0.5, len(colours))


def _codes(values: Series, scale: Graduated | Categorical) -> FloatArray:
    """Values as numbers: those of a graduated scale, else the place of each category, the last for all others."""
    if isinstance(scale, Categorical):
        code_of = {item.value: float(code) for code, item in enumerate(scale.categories)}
        values = values.map(code_of).where(values.isin(code_of) | values.isna(), float(len(code_of)))
    codes: FloatArray = values.to_numpy(float)
    return codes


def _draw_key(figure: Figure, place: Frame, layer: Layer, n_columns_of: Callable[[Sequence[str]], int]) -> None:
    """What the colours of a layer mean, at a place in shares of the figure (left, bottom, width, height)."""
    key = figure.add_axes(place)
    key.set_axis_off()
    if isinstance(layer.scale, Graduated):
        _draw_steps(key, layer.scale, factor=100.0 if layer.format == "percent" else 1.0)
    elif entries := _entries(layer.scale):
        key.legend(
            handles=[Patch(color=colour, label=label) for label, colour in entries],
            loc="center", ncols=n_columns_of([label for label, _ in entries]), fontsize=7.5, handlelength=1.1,
            columnspacing=1.0, borderpad=0,
        )  # fmt: skip


def _draw_steps(key: Axes, scale: Graduated, factor: float) -> None:
    colours, norm = _colouring(scale)
    box = key.inset_axes((0.03, 0.45, 0.94, 0.28))
    bar = key.figure.colorbar(ScalarMappable(norm, colours), cax=box, orientation="horizontal", spacing="uniform")
    bar.set_ticks(list(scale.breaks), labels=[_tick(factor * value) for value in scale.breaks])
    bar.ax.tick_params(length=0, labelsize=7.5, pad=2)
    bar.outline.set_visible(False)


def _tick(value: float) -> str:
    """Three digits, or all before the point; with a true minus sign."""
    size = f"{abs(value):,.0f}" if abs(value) >= _LARGE else f"{abs(value):.3g}"
    return f"−{size}" if value < 0 else size


def _columns_of_row(labels: Sequence[str]) -> int:
    """One row of a key holds four entries; more stand in two rows."""
    return len(labels) if len(labels) <= _IN_ONE_ROW else -(-len(labels) // 2)


def _rings(polygon: Any) -> list[FloatArray]:
    return [np.asarray(ring.coords)[:, :2] for ring in (polygon.exterior, *polygon.interiors)]


def _path(polygon: Any) -> Path:
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in _rings(polygon)))
