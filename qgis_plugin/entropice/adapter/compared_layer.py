"""A comparison as rows, symbols and a table of scores."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from qgis.core import (
    NULL,
    QgsFeature,
    QgsFeedback,
    QgsFields,
    QgsLayerMetadata,
    QgsVectorLayer,
)

from ..core.comparison import CHANGE, DIFFERENCE, Comparison, change_of, difference_unit, shown_title
from ..core.comparison_cells import ComparedCell
from ..core.comparison_scores import ScorePair
from ..core.export_plan import Column
from ..core.scales import Graduated
from .compare_cells import ComparedMaps, polygons
from .described_fields import INTEGER, REAL, TEXT, TRUTH, described_field, give_aliases
from .legend import on_map
from .map_tips import map_tip
from .renderers import polygon_renderer
from .translate import tr

_SCORE_COLUMNS = ("scheme", "score", "model_a", "value_a", "low_a", "high_a", "model_b", "value_b", "low_b", "high_b")
_TEXT_COLUMNS = ("scheme", "score", "model_a", "model_b")


def compared_columns(comparison: Comparison) -> tuple[Column, ...]:
    """What the rows of a comparison hold, in order.

    They are ``cell_id land_area_m2 value_a value_b difference change agrees``. Areas are in m², values and difference
    in the unit of the quantity, shares in 0..1; texts have no unit.
    """
    a, b, layer = comparison.a, comparison.b, comparison.layer
    agrees = tr("Each value lies in the other's range of doubt.") if a.is_number else tr("Both are the same.")
    return (
        Column("cell_id", tr("Cell"), None, tr("Number of the cell on its grid.")),
        Column("land_area_m2", tr("Land"), "m2", tr("Land of the cell.")),
        Column("value_a", f"A: {shown_title(a, comparison.way)}", a.layer.unit, a.layer.description),
        Column("value_b", f"B: {shown_title(b, comparison.way)}", b.layer.unit, b.layer.description),
        Column(DIFFERENCE, layer.title, a.layer.unit, tr("B − A; of classes the steps between them.")),
        Column(CHANGE, tr("Change"), None, tr("Of texts: the same or another, of classes the steps.")),
        Column("agrees", tr("Agrees"), None, agrees),
    )


def compared_fields(comparison: Comparison) -> QgsFields:
    """The fields of `compared_rows`: id, land, values, difference, change, and whether they agree, in this order.

    Kinds: whole number, real, twice real or text, real, text, truth value.
    """
    of_values = REAL if comparison.a.is_number else TEXT
    kinds = (INTEGER, REAL, of_values, of_values, REAL, TEXT, TRUTH)
    fields = QgsFields()
    for column, kind in zip(compared_columns(comparison), kinds):
        fields.append(described_field(column, kind))
    return fields


def compared_rows(maps: ComparedMaps, feedback: QgsFeedback) -> Iterator[QgsFeature]:
    """A row with its polygon for every compared cell.

    Attributes are those of `compared_columns`, null where they are unknown or not defined: ``difference`` of texts that
    are no classes, ``change`` of numbers, ``agrees`` where either is unknown or has no range. Polygons are in
    EPSG:3413.

    Raises
    ------
    QgsProcessingException
        It was cancelled.
    """
    fields = compared_fields(maps.comparison)
    cells = {cell.cell_id: cell for cell in maps.comparison.cells}
    has_change = not maps.comparison.a.is_number
    for cell_id, polygon in polygons(maps, feedback):
        row = QgsFeature(fields)
        row.setAttributes(_attributes(cells[cell_id], has_change))
        row.setGeometry(polygon)
        yield row


def style_compared(layer: QgsVectorLayer, comparison: Comparison, statements: Sequence[str]) -> None:
    """Draw a layer of these rows: symmetric colours, titles with units, and what to know on its metadata page.

    The layer is changed: renderer, name, map tip, aliases and metadata; its rows stay as they are.
    """
    drawn = comparison.layer
    if isinstance(drawn.scale, Graduated):
        drawn = on_map(comparison.a.manifest, drawn)
    layer.setRenderer(polygon_renderer(drawn))
    layer.setName(layer_name(comparison))
    layer.setMapTipTemplate(map_tip(comparison.a.manifest, comparison.layer, layer.name()))
    give_aliases(layer, compared_columns(comparison))
    metadata = QgsLayerMetadata()
    metadata.setTitle(html.escape(comparison.layer.title))
    metadata.setAbstract("\n".join(map(html.escape, (comparison.layer.description, *statements))))
    credits = dict.fromkeys([*comparison.a.manifest.attributions, *comparison.b.manifest.attributions])
    metadata.setRights(list(map(html.escape, credits)))
    layer.setMetadata(metadata)


def layer_name(comparison: Comparison) -> str:
    """Title of the difference with its unit: of percentages the difference is in percentage points.

    It is ``title (unit)`` with the unit of `difference_unit`, and the title alone where that is empty.
    """
    layer, unit = comparison.layer, difference_unit(comparison.layer)
    return f"{layer.title} ({unit})" if unit else layer.title


def score_fields() -> QgsFields:
    """The fields of `score_rows`: scheme and score, then of A and of B each model, value and both ends.

    They are ``scheme score model_a value_a low_a high_a model_b value_b low_b high_b``; names are text, numbers real.
    """
    fields = QgsFields()
    for name in _SCORE_COLUMNS:
        title = name.replace("_", " ").capitalize()
        column = Column(name, title, None, "")
        fields.append(described_field(column, TEXT if name in _TEXT_COLUMNS else REAL))
    return fields


def score_rows(pairs: Sequence[ScorePair]) -> Iterator[QgsFeature]:
    """A row for every score of both runs; the ends are of 95 % intervals.

    They stand in the order of `pairs`; null is unknown.
    """
    fields = score_fields()
    for pair in pairs:
        row = QgsFeature(fields)
        of_a, of_b = ([score.value, score.low, score.high] for score in (pair.a, pair.b))
        values = [pair.scheme, pair.score, pair.model_a, *of_a, pair.model_b, *of_b]
        row.setAttributes([_or_null(value) for value in values])
        yield row


def _attributes(cell: ComparedCell, has_change: bool) -> list[object]:
    change = change_of(cell) if has_change else None
    values = (cell.cell_id, cell.land_m2, cell.value_a, cell.value_b, cell.difference, change, cell.agrees)
    return [_or_null(value) for value in values]


def _or_null(value: object) -> object:
    return NULL if value is None else value
