"""QGIS styles (QML) generated from the scales of layers: polygons without outlines, or outlines alone."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from entropice.report.layers import Layer
from entropice.report.palettes import red_green_blue
from entropice.report.scales import Categorical, Graduated

STYLES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "styles"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def style_qml(column: str, layer: Layer, map_tip: str) -> str | None:
    """The style of a layer, as QML text; None for one that is not drawn by values. Null is not drawn.

    A graduated scale gives a step for each colour, a categorical one an entry for each category and one for all others.

    Parameters
    ----------
    column
        The values, in the table that is styled.
    map_tip
        HTML with QGIS expressions, as `tip_of` makes it.
    """
    if isinstance(layer.scale, Graduated):
        return _graduated(column, layer.scale, map_tip, is_percent=layer.format == "percent")
    if isinstance(layer.scale, Categorical):
        return _categorical(column, layer.scale, map_tip)
    return None


def _graduated(column: str, scale: Graduated, map_tip: str, *, is_percent: bool) -> str:
    factor, suffix = (100.0, " %") if is_percent else (1.0, "")
    steps = [
        {"lower": low, "upper": high, "label": f"{step}{suffix}"}
        for (low, high), step in zip(pairwise(scale.breaks), scale.steps(factor), strict=True)
    ]
    return _render("graduated.qml", column, steps, scale.colours, map_tip)


def _categorical(column: str, scale: Categorical, map_tip: str) -> str:
    entries = [{"value": item.value, "label": item.label} for item in scale.categories]
    colours = [item.colour for item in scale.categories]
    if scale.other is None:
        return _render("categorical.qml", column, entries, colours, map_tip, scale.outline_width_mm)
    # QGIS draws what is in no category as nothing; others need a value of their own, which the expression gives them.
    entries.append({"value": scale.other.label, "label": scale.other.label})
    return _render(
        "categorical.qml",
        _others_together(column, scale, scale.other.label),
        entries,
        [*colours, scale.other.colour],
        map_tip,
        scale.outline_width_mm,
    )


def _others_together(column: str, scale: Categorical, label: str) -> str:
    """A QGIS expression: the value, or the label of the others for every other value; null stays null."""
    known = ", ".join(_text(item.value) for item in scale.categories)
    name = quoted(column)
    return f"CASE WHEN {name} IN ({known}) THEN {name} WHEN {name} IS NOT NULL THEN {_text(label)} END"


def tip_of(layers: Mapping[str, Layer]) -> str:
    """An HTML map tip with the value of each layer of one cell; the layers by their column.

    A line each: the title, and a QGIS expression that gives the label of a category, a share as per cent with one
    decimal, or a number with three. Titles are not escaped here; `style_qml` escapes the whole for XML.

    Examples
    --------
    >>> from entropice.report.layers import BELOW_THE_CELLS
    >>> tip_of({"land": BELOW_THE_CELLS[0]})
    'Land: <b>[% round("land", 3) %]</b>'
    """
    return "<br>".join(f"{layer.title}: <b>[% {_told(column, layer)} %]</b>" for column, layer in layers.items())


def _told(column: str, layer: Layer) -> str:
    """A QGIS expression for the value of a layer as a reader would say it."""
    name = quoted(column)
    if isinstance(layer.scale, Categorical):
        pairs = ", ".join(f"{_text(item.value)}, {_text(item.label)}" for item in layer.scale.categories)
        return f"coalesce(map_get(map({pairs}), {name}), {name})"
    return f"round(100 * {name}, 1) || ' %'" if layer.format == "percent" else f"round({name}, 3)"


def quoted(column: str) -> str:
    """A column's name in a QGIS expression: in double quotes, its own doubled.

    Examples
    --------
    >>> quoted("p_any"), quoted('a"b')
    ('"p_any"', '"a""b"')
    """
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _render(
    template: str,
    attribute: str,
    entries: Sequence[Mapping[str, object]],
    colours: Sequence[str],
    map_tip: str,
    outline_width_mm: float | None = None,
) -> str:
    symbols = [",".join(map(str, red_green_blue(colour))) for colour in colours]
    return STYLES.get_template(template).render(
        attribute=attribute, entries=entries, symbols=symbols, map_tip=map_tip, outline_width_mm=outline_width_mm
    )
