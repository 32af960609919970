"""Pictures in rows, as one figure, with a key for each scale; what is not known has a colour of its own."""

from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import Final

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, Colormap, ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from entropice.imagery.map_layers import MapLayer, Ramp, Style
from entropice.imagery.panels import PanelRow, Picture
from entropice.report.figure_files import house_style
from entropice.types import Float32Array

UNKNOWN: Final = "#f2a3d3"
"""A colour that no ramp of the house has."""
UNMAPPED: Final = "#efe3d3"
"""Of what lies between the places that a map shows: as quiet as paper, and no grey or white, which values may have."""
IN_A_ROW: Final = 4
MAX_PIXELS: Final = 600
_COLOURS: Final = 3
_IN_A_KEY: Final = 3
_WIDTH_INCHES: Final = 8.6
_SIDE_INCHES: Final = 1.25
_GAP_INCHES: Final = 0.12
_TITLE_INCHES: Final = 0.34
_KEY_INCHES: Final = 0.5
_KEY_ROWS: Final = 0.19
_MAX_PICTURE_INCHES: Final = 3.2
_LEFT: Final = 0.015
_CHARACTERS_AN_INCH: Final = 14


def draw_rows(rows: Sequence[PanelRow], unknown: str = UNKNOWN) -> Figure:
    """Every row with its title at the left, titles above pictures, and below all a key for each scale.

    Pictures of one style and unit share a key. What is NaN has the colour ``unknown``, which has a key of its own where
    it occurs. There is at least one row with a picture; rows may have unlike numbers of them.

    Examples
    --------
    >>> picture = Picture("Ice", np.zeros((2, 2), np.float32), Ramp(0.0, 1.0, "gray"))
    >>> figure = draw_rows([PanelRow("", (picture, picture)), PanelRow("", (picture,))])
    >>> [axis.get_title("left") for axis in figure.axes]
    ['Ice', 'Ice', 'Ice', '']
    """
    pictures = [picture for row in rows for picture in row.pictures]
    n_columns = max(len(row.pictures) for row in rows)
    side = _SIDE_INCHES if any(row.title for row in rows) else 0.0
    wide = min(_MAX_PICTURE_INCHES, (_WIDTH_INCHES - side) / n_columns - _GAP_INCHES)
    high = wide * max(picture.values.shape[0] / picture.values.shape[1] for picture in pictures)
    keys = _keys(pictures)
    key_inches = [_KEY_INCHES if isinstance(style, Ramp) else _legend_inches(style) for style, _ in keys]
    foot = sum(key_inches) + (_KEY_INCHES if _has_unknown(pictures) else 0.0)
    height = len(rows) * (_TITLE_INCHES + high + _GAP_INCHES) + foot
    with house_style():
        figure = Figure(figsize=(_WIDTH_INCHES, height))
        for number, row in enumerate(rows):
            bottom = height - (number + 1) * (_TITLE_INCHES + high + _GAP_INCHES) + _GAP_INCHES
            if row.title:
                text = fill(row.title, int(side * _CHARACTERS_AN_INCH))
                figure.text(_LEFT, (bottom + high / 2) / height, text, va="center")
            for column, picture in enumerate(row.pictures):
                left = side + column * (wide + _GAP_INCHES)
                place = left / _WIDTH_INCHES, bottom / height, wide / _WIDTH_INCHES, high / height
                _draw(figure.add_axes(place), picture, int(wide * _CHARACTERS_AN_INCH), unknown)
        _draw_keys(figure, keys, key_inches, unknown if _has_unknown(pictures) else None)
    return figure


def layer_rows(layers: Iterable[MapLayer]) -> list[PanelRow]:
    """Layers of a map as rows of pictures, four in a row; one that holds for a time tells its first day.

    Examples
    --------
    >>> layer = MapLayer("ice", "Ice", "", "1", np.zeros((2, 2), np.float32), 0.0, 0.0, 1.0, Ramp(0.0, 1.0, "gray"))
    >>> [[picture.title for picture in row.pictures] for row in layer_rows([layer] * 5)]
    [['Ice', 'Ice', 'Ice', 'Ice'], ['Ice']]
    """
    pictures = [Picture(_title(layer), layer.values, layer.style, layer.unit) for layer in layers]
    return [PanelRow("", tuple(pictures[at : at + IN_A_ROW])) for at in range(0, len(pictures), IN_A_ROW)]


def _title(layer: MapLayer) -> str:
    return layer.title if layer.begins is None else f"{layer.title}, {layer.begins.isoformat()}"


def _draw(axis: Axes, picture: Picture, n_characters: int, unknown: str) -> None:
    values = thinned(picture.values)
    if picture.style is None:
        axis.imshow(np.clip(values, 0, 1), interpolation="none")
    else:
        colours, norm = colouring(picture.style, unknown)
        axis.imshow(np.ma.masked_invalid(values), cmap=colours, norm=norm, interpolation="none")
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_visible(True)
    axis.set_title(fill(picture.title, n_characters), fontsize=8, pad=3)


def thinned(values: Float32Array) -> Float32Array:
    """One pixel for each square of so many that the longer side has at most 600: the first that is known.

    So no place is lost between those that a sparse map shows. Of a picture in colours every n-th row and column. Shape
    (row, column) or (row, column, 3); the first is meant row by row, and a square without a known pixel is NaN.

    Examples
    --------
    >>> values = np.full((1200, 2), np.nan, np.float32)
    >>> values[1, 1] = 5
    >>> thinned(values).shape, thinned(values)[0].tolist()
    ((600, 1), [5.0])
    """
    step = -(-max(values.shape[:2]) // MAX_PIXELS)
    if step == 1 or values.ndim == _COLOURS:
        return values[::step, ::step]
    rows, columns = (-(-size // step) for size in values.shape)
    edges = [(0, n * step - size) for n, size in zip((rows, columns), values.shape, strict=True)]
    squares = np.pad(values, edges, constant_values=np.nan).reshape(rows, step, columns, step).swapaxes(1, 2)
    of_square = squares.reshape(rows, columns, step * step)
    # The first known pixel, and no mean: values may be classes, and their mean another class.
    first = np.isfinite(of_square).argmax(axis=-1)
    return np.take_along_axis(of_square, first[..., None], axis=-1)[..., 0]


def colouring(style: Style, unknown: str = UNKNOWN) -> tuple[Colormap, Normalize]:
    """Colours and the steps or the way between them; values that are no category are unknown.

    Values beyond a ramp get the colour of its nearer end; NaN is unknown. Categories are whole numbers.

    Examples
    --------
    >>> from entropice.imagery.map_layers import Category
    >>> colours, norm = colouring((Category(0, "Water", "#0000ff"), Category(2, "Ice", "#ffffff")), "#ff0000")
    >>> [tuple(map(int, colours(norm([value]), bytes=True)[0, :3])) for value in (0, 1, 2, 3)]
    [(0, 0, 255), (255, 0, 0), (255, 255, 255), (255, 0, 0)]
    """
    if isinstance(style, Ramp):
        return colormaps[style.palette].with_extremes(bad=unknown), Normalize(style.low, style.high, clip=True)
    ordered = sorted(style, key=lambda category: category.value)
    low, high = ordered[0].value, ordered[-1].value
    of_values = {category.value: category.colour for category in ordered}
    # A colour for every whole number between, so that a value that is no category is not drawn as its neighbour.
    colours = [of_values.get(value, unknown) for value in range(low, high + 1)]
    colour_map = ListedColormap(colours).with_extremes(bad=unknown, under=unknown, over=unknown)
    return colour_map, BoundaryNorm(np.arange(low, high + 2) - 0.5, len(colours))


def _has_unknown(pictures: Iterable[Picture]) -> bool:
    return any(picture.style is not None and bool(np.isnan(picture.values).any()) for picture in pictures)


def _keys(pictures: Iterable[Picture]) -> list[tuple[Style, str]]:
    """Every scale once, with what to call it: its unit and the titles of the pictures that it is of."""
    titles: dict[tuple[Style, str], list[str]] = {}
    for picture in pictures:
        if picture.style is not None:
            titles.setdefault((picture.style, picture.unit), []).append(picture.title)
    return [(style, _key_title(list(dict.fromkeys(of)), unit)) for (style, unit), of in titles.items()]


def _key_title(titles: list[str], unit: str) -> str:
    shown = ", ".join(titles) if len(titles) <= _IN_A_KEY else f"{titles[0]} … {titles[-1]}"
    return shown if unit == "1" else f"{shown} ({unit})"


def _legend_inches(style: Style) -> float:
    n_entries = 0 if isinstance(style, Ramp) else len(style)
    return _KEY_INCHES + _KEY_ROWS * (-(-n_entries // IN_A_ROW) - 1)


def _draw_keys(figure: Figure, keys: Sequence[tuple[Style, str]], inches: Sequence[float], unknown: str | None) -> None:
    """From the bottom up: what is unknown, then the scales."""
    height, top = figure.get_figheight(), sum(inches) + (0.0 if unknown is None else _KEY_INCHES)
    for (style, title), own in zip(keys, inches, strict=True):
        figure.text(_LEFT, (top - 0.16) / height, title, fontsize=8)
        top -= own
        if isinstance(style, Ramp):
            axis = figure.add_axes((_LEFT, (top + 0.2) / height, 0.4, 0.09 / height))
            colours, norm = colouring(style)
            figure.colorbar(ScalarMappable(norm, colours), cax=axis, orientation="horizontal")
            axis.tick_params(labelsize=7, length=2, pad=1)
        else:
            patches = [Patch(color=category.colour, label=category.title) for category in style]
            _legend(figure, patches, (top + own - 0.2) / height)
    if unknown is not None:
        _legend(figure, [Patch(color=unknown, label="not known")], (top - 0.05) / height)


def _legend(figure: Figure, patches: list[Patch], top: float) -> None:
    legend = figure.legend(
        handles=patches, loc="upper left", bbox_to_anchor=(_LEFT, top), ncols=IN_A_ROW, fontsize=8, borderaxespad=0
    )
    for handle in legend.get_patches():
        handle.set_edgecolor("#6b6b6b")
        handle.set_linewidth(0.5)
