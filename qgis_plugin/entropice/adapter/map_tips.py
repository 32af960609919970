"""What a pointer over a cell says, and what its columns are called."""

from __future__ import annotations

import html

from qgis.core import QgsExpression, QgsVectorLayer

from ..core.class_ranges import AREA_UNIT, M2_PER_KM2, is_area_fraction
from ..core.layers import Layer
from ..core.manifest import Manifest
from ..core.quantity_lookup import column_title
from ..core.scales import Categorical
from ..core.tables import CELL_ID
from ..core.wording import UNKNOWN, unit_text
from .legend import DRIVERS
from .translate import tr

THREE_DIGITS = "if(@x = 0, 0, round(@x, 2 - floor(log10(abs(@x)))))"


def map_tip(manifest: Manifest, layer: Layer, name: str) -> str:
    """HTML with one expression: the name of what is shown, and the value of the cell.

    Values have three significant digits and their unit; shares are percentages, areas per area in m² per km², texts as
    the legend calls them, and null is "unknown". `name` and texts of files are escaped.
    """
    expression = f"coalesce({_value(manifest, layer)}, {quoted(tr(UNKNOWN))})"
    return f"<b>{as_html(name)}</b><br>[% {expression} %]"


def name_columns(cells: QgsVectorLayer, manifest: Manifest) -> None:
    """Give every column of the cells the title and year of its layer.

    Columns that are no layers keep their names; a feature is called by its ``cell_id``. The aliases are the layer's,
    and the file stays as it is.
    """
    titles = {layer.column: column_title(manifest, layer) for layer in manifest.layers if layer.table == manifest.cells}
    for index, field in enumerate(cells.fields()):
        if field.name() in titles:
            cells.setFieldAlias(index, titles[field.name()])
    cells.setDisplayExpression(QgsExpression.quotedColumnRef(CELL_ID))


def _value(manifest: Manifest, layer: Layer) -> str:
    column = QgsExpression.quotedColumnRef(layer.column)
    if layer.format == "text":
        return f"coalesce(map_get({_labels(manifest, layer)}, {column}), {without_markup(column)})"
    factor, unit = _factor_and_unit(layer)
    return f"with_variable('x', {factor} * {column}, to_string({THREE_DIGITS})) || {quoted(unit)}"


def _factor_and_unit(layer: Layer) -> tuple[float, str]:
    if is_area_fraction(layer.quantity):
        return M2_PER_KM2, f" {tr(AREA_UNIT)}"
    if layer.format == "percent":
        return 100, " %"
    return 1, f" {unit_text(layer.unit)}".rstrip()


def _labels(manifest: Manifest, layer: Layer) -> str:
    labels = layer.scale.labels if isinstance(layer.scale, Categorical) else {}
    known = {**(manifest.feature_titles if layer.group == DRIVERS else {}), **labels}
    told = [
        f"{QgsExpression.quotedValue(value)}, {quoted(label)}" for value, label in known.items() if "%" not in value
    ]
    return f"map({', '.join(told)})"


def without_markup(column: str) -> str:
    """An expression: the text of a column as HTML; what stands in a file is shown and never becomes an element.

    `column` is a reference to a column, or any expression that gives text; null stays null.
    """
    return f"replace(replace({column}, '&', '&amp;'), '<', '&lt;')"


def quoted(text: str) -> str:
    """An expression: a text as HTML.

    The signs of markup and ``%`` are escaped, and the whole stands in quotation marks of QGIS's expressions.
    """
    return QgsExpression.quotedValue(as_html(text))


def as_html(text: str) -> str:
    """HTML without markup, and without the signs that begin and end an expression.

    ``%`` is escaped, too, as ``[%`` and ``%]`` stand around an expression.
    """
    return html.escape(text).replace("%", "&#37;")
