"""What a plan needs of the cells of a run, and the chosen ones as features."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsFeature,
    QgsFeatureRequest,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsVariantUtils,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)
from qgis.PyQt.QtCore import QMetaType

from ..core.manifest import GEOPACKAGE_NAME, Manifest
from ..core.survey_cells import Candidate, candidate
from ..core.survey_plan import SurveyPlan
from ..core.survey_rows import columns
from ..core.survey_terms import survey_columns, survey_terms
from ..core.tables import CELL_ID

_TYPES = {int: QMetaType.Type.Int, float: QMetaType.Type.Double, str: QMetaType.Type.QString}


def candidates_of(
    manifest: Manifest,
    cells: QgsVectorLayer | QgsVectorLayerFeatureSource,
    folder: Path,
    pulse: Callable[[], None] = lambda: None,
) -> list[Candidate]:
    """Every cell of the run in `folder` that nobody has looked at.

    `pulse` is called for each; what it raises ends the reading.

    They stand in the order of the table; nobody has looked at a cell where the run gives it a value. Null is unknown.
    `cells` is the table of cells, as a layer on its own thread or as a source on any.

    Raises
    ------
    RunFolderError
        The run does not value such cells, or one of its values cannot be.
    """
    told, terms = survey_columns(manifest, folder), survey_terms(manifest)
    names = (CELL_ID, *told.names)
    request = QgsFeatureRequest().setFilterExpression(f'"{told.value}" IS NOT NULL')
    request.setFlags(Qgis.FeatureRequestFlag.NoGeometry)
    request.setSubsetOfAttributes(list(names), cells.fields())
    positions = {name: cells.fields().indexOf(name) for name in names}
    found = []
    for feature in cells.getFeatures(request):
        pulse()
        values = feature.attributes()
        row = {name: _value(values[position]) for name, position in positions.items()}
        found.append(candidate(row, told, terms, folder / GEOPACKAGE_NAME))
    return [cell for cell in found if cell is not None]


def plan_fields(grid_name: str) -> QgsFields:
    """The fields of a plan's features: names and kinds of `core.survey_rows.columns`, in their order."""
    fields = QgsFields()
    for column in columns(grid_name):
        fields.append(QgsField(column.name, _TYPES[column.kind]))
    return fields


def plan_features(plan: SurveyPlan, grid_name: str, cells: QgsVectorLayer) -> Iterator[QgsFeature]:
    """The chosen cells with their outlines, first choice first.

    Attributes are those of `plan_fields`, outlines in the CRS of `cells`.

    Raises
    ------
    KeyError
        A chosen cell is not in the table.
    """
    told, fields = columns(grid_name), plan_fields(grid_name)
    outlines = _outlines(cells, [choice.cell.cell_id for choice in plan.choices])
    for choice in plan.choices:
        feature = QgsFeature(fields)
        feature.setGeometry(outlines[choice.cell.cell_id])
        feature.setAttributes([column.value(choice) for column in told])
        yield feature


def outline_of(cells: QgsVectorLayer, cell_id: int) -> QgsGeometry:
    """The outline of one cell, in the CRS of the cells.

    Raises
    ------
    KeyError
        The table has no such cell.
    """
    return _outlines(cells, [cell_id])[cell_id]


def _outlines(cells: QgsVectorLayer, cell_ids: Sequence[int]) -> dict[int, QgsGeometry]:
    wanted = ", ".join(map(str, cell_ids))
    request = QgsFeatureRequest().setFilterExpression(f'"{CELL_ID}" IN ({wanted})')
    request.setSubsetOfAttributes([CELL_ID], cells.fields())
    return {feature[CELL_ID]: feature.geometry() for feature in cells.getFeatures(request)}


def _value(value: object) -> object:
    return None if QgsVariantUtils.isNull(value) else value
