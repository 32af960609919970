"""The chosen cells on the map: outlines with their ranks."""

from __future__ import annotations

import html

from qgis.core import (
    Qgis,
    QgsFillSymbol,
    QgsLayerMetadata,
    QgsPalLayerSettings,
    QgsProcessingLayerPostProcessorInterface,
    QgsProperty,
    QgsSingleSymbolRenderer,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)

from ..core.manifest import CRS, Manifest
from ..core.survey_plan import SurveyPlan
from ..core.survey_rows import RANK
from .haloed_text import haloed_text
from .survey_cells import plan_features, plan_fields
from .translate import tr

_INK = "#8e0152"
_OUTLINE = {"style": "no", "outline_color": _INK, "outline_width": "0.6", "outline_width_unit": "MM"}


def plan_layer(plan: SurveyPlan, manifest: Manifest, cells: QgsVectorLayer) -> QgsVectorLayer:
    """The plan as a layer that lives in memory, in EPSG:3413 and in no project yet; see `plan_features`.

    Raises
    ------
    KeyError
        A chosen cell is not in the table of cells.
    """
    layer = QgsVectorLayer(f"MultiPolygon?crs={CRS}", plan_title(plan), "memory")
    layer.dataProvider().addAttributes(plan_fields(manifest.grid_name))
    layer.updateFields()
    layer.dataProvider().addFeatures(list(plan_features(plan, manifest.grid_name, cells)))
    layer.updateExtents()
    show_as_plan(layer)
    metadata = QgsLayerMetadata()
    metadata.setAbstract(html.escape(f"{manifest.title}, run {manifest.run_id}"))
    layer.setMetadata(metadata)
    return layer


def plan_title(plan: SurveyPlan) -> str:
    """What to call the layer of a plan, such as ``Survey plan: 12 cells, 3,400 km²``, the cost in whole km²."""
    text = tr("Survey plan: %1 cells, %2 km²").replace("%1", f"{len(plan.choices):,}")
    return text.replace("%2", f"{plan.spent_km2:,.0f}")


def show_as_plan(layer: QgsVectorLayer) -> None:
    """Outline the cells and label them with their rank, the first choices before others where room is short.

    The layer needs the column ``rank``; its symbols and labels are replaced.
    """
    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(_OUTLINE)))
    settings = QgsPalLayerSettings()
    settings.fieldName = RANK
    settings.placement = Qgis.LabelPlacement.OverPoint
    settings.centroidInside = True
    settings.setFormat(_text_format())
    first_choices_first = QgsProperty.fromExpression(f'scale_linear("{RANK}", 1, maximum("{RANK}"), 10, 0)')
    settings.dataDefinedProperties().setProperty(QgsPalLayerSettings.Property.Priority, first_choices_first)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


class PlanStyle(QgsProcessingLayerPostProcessorInterface):
    """Shows a layer that Processing has loaded as a plan."""

    def postProcessLayer(self, layer: QgsVectorLayer, _context: object, _feedback: object) -> None:
        """Style a layer as `show_as_plan` does; QGIS calls it once the output is in the project."""
        show_as_plan(layer)


def _text_format() -> QgsTextFormat:
    text = haloed_text(_INK, 9, 0.8)
    text.setForcedBold(True)
    return text
