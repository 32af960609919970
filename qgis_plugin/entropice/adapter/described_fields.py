"""Fields that say what they hold: title with unit as alias, and a description."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsField, QgsFields, QgsVectorLayer
from qgis.PyQt.QtCore import QMetaType

from ..core.export_plan import Column

INTEGER, REAL, TEXT, TRUTH = QMetaType.Type.LongLong, QMetaType.Type.Double, QMetaType.Type.QString, QMetaType.Type.Bool


def described_field(column: Column, kind: QMetaType.Type) -> QgsField:
    """A field of a kind of value, with the name of a column, its title with unit as alias, its words as comment."""
    field = QgsField(column.name, kind)
    field.setAlias(column.alias)
    field.setComment(column.description)
    return field


def described_fields(columns: Sequence[Column], source: QgsFields) -> QgsFields:
    """A field for each column, with the kind of value that it has in its source, real where that is multiplied.

    They stand in the order of `columns`.

    Raises
    ------
    KeyError
        `source` lacks a column that is not multiplied.
    """
    fields = QgsFields()
    for column in columns:
        kind = source.field(column.name).type() if column.scale_factor is None else REAL
        fields.append(described_field(column, kind))
    return fields


def give_aliases(layer: QgsVectorLayer, columns: Sequence[Column]) -> None:
    """Show columns by their titles, whatever the file has kept of them.

    Columns that the layer does not have are passed over.
    """
    for column in columns:
        index = layer.fields().indexOf(column.name)
        if index >= 0:
            layer.setFieldAlias(index, column.alias)
