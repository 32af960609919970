"""A comparison in a project: the difference and the two maps as layers, and a map theme for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qgis.core import (
    QgsFeature,
    QgsFeedback,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsMapThemeCollection,
    QgsProject,
    QgsVectorLayer,
)

from ..core.comparison import Comparison
from ..core.comparison_colours import layers_side_by_side, map_title
from ..core.layers import Layer
from ..core.manifest import CRS
from .compare_cells import ComparedMaps
from .compared_layer import compared_fields, compared_rows, style_compared
from .renderers import polygon_renderer
from .run_on_map import RunOnMap
from .run_tag import AROUND, tag_of
from .table_layer import describe
from .translate import tr

RUN_A, RUN_B, DIFFERENCE = "Run A", "Run B", "Difference"
THEMES = (RUN_A, RUN_B, DIFFERENCE)


@dataclass(frozen=True)
class ComparedLayers:
    """The layers of a comparison by their theme."""

    by_theme: dict[str, QgsVectorLayer]

    @property
    def difference(self) -> QgsVectorLayer:
        """The layer of the difference."""
        return self.by_theme[DIFFERENCE]


def rows_of(maps: ComparedMaps, feedback: QgsFeedback) -> list[QgsFeature]:
    """The rows of the difference; may be read in any thread."""
    return list(compared_rows(maps, feedback))


def compared_layers(
    comparison: Comparison, rows: Sequence[QgsFeature], statements: Sequence[str], a: RunOnMap, b: RunOnMap
) -> ComparedLayers:
    """The layers, in no project yet; call on the main thread."""
    of_a, of_b = layers_side_by_side(comparison)
    return ComparedLayers(
        {
            RUN_A: _map_layer(a, of_a, map_title(comparison.a, "A")),
            RUN_B: _map_layer(b, of_b, map_title(comparison.b, "B")),
            DIFFERENCE: _difference_layer(comparison, rows, statements),
        }
    )


def add_comparison(project: QgsProject, layers: ComparedLayers) -> QgsLayerTreeGroup:
    """Add the layers on top of the project, and the themes, each with what lies around the cells and is visible."""
    around = [layer for layer in project.layerTreeRoot().checkedLayers() if _is_around(layer)]
    group = project.layerTreeRoot().insertGroup(0, tr("Comparison"))
    for theme in reversed(THEMES):
        project.addMapLayer(layers.by_theme[theme], False)
        group.addLayer(layers.by_theme[theme]).setExpanded(theme == DIFFERENCE)
    for theme in THEMES:
        project.mapThemeCollection().insert(theme, _theme([layers.by_theme[theme], *around]))
    return group


def show_theme(project: QgsProject, layers: ComparedLayers, theme: str) -> None:
    """Make visible what a theme holds, and nothing else of runs and comparisons."""
    kept = {record.layer().id() for record in project.mapThemeCollection().mapThemeState(theme).layerRecords()}
    own = {layer.id() for layer in layers.by_theme.values()}
    for node in project.layerTreeRoot().findLayers():
        layer = node.layer()
        if layer is None:
            continue
        if layer.id() in own or (tag_of(layer) is not None and not _is_around(layer)):
            node.setItemVisibilityChecked(layer.id() in kept)
        if layer.id() in kept:
            node.setItemVisibilityCheckedParentRecursive(True)


def _is_around(layer: QgsMapLayer) -> bool:
    tag = tag_of(layer)
    return tag is not None and tag.role == AROUND


def _theme(layers: Sequence[QgsMapLayer]) -> QgsMapThemeCollection.MapThemeRecord:
    theme = QgsMapThemeCollection.MapThemeRecord()
    for layer in layers:
        record = QgsMapThemeCollection.MapThemeLayerRecord(layer)
        record.isVisible = True
        record.usingCurrentStyle = True
        record.currentStyle = layer.styleManager().currentStyle()
        theme.addLayerRecord(record)
    return theme


def _map_layer(run: RunOnMap, layer: Layer, title: str) -> QgsVectorLayer:
    """The cells of a run as one of the maps; reads the file that the run's own layer reads."""
    options = QgsVectorLayer.LayerOptions()
    options.loadDefaultStyle = False
    built = QgsVectorLayer(run.cells.source(), title, run.cells.providerType(), options)
    built.setReadOnly(True)
    built.setRenderer(polygon_renderer(layer))
    describe(built, run.manifest, title, layer.description)
    return built


def _difference_layer(comparison: Comparison, rows: Sequence[QgsFeature], statements: Sequence[str]) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"MultiPolygon?crs={CRS}", comparison.layer.title, "memory")
    layer.dataProvider().addAttributes(compared_fields(comparison).toList())
    layer.updateFields()
    layer.dataProvider().addFeatures(list(rows))
    layer.updateExtents()
    style_compared(layer, comparison, statements)
    return layer
