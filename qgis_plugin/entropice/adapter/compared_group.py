"""A comparison in a project: the difference and the two maps as layers, and a map theme for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qgis.core import (
    QgsFeedback,
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
from .legend import on_map
from .map_tips import map_tip, name_columns
from .renderers import polygon_renderer
from .run_on_map import RunOnMap
from .run_tag import AROUND, tag_of
from .table_layer import describe
from .translate import tr

RUN_A, RUN_B, DIFFERENCE = "Run A", "Run B", "Difference"
THEMES = (RUN_A, RUN_B, DIFFERENCE)


def difference_layer(maps: ComparedMaps, feedback: QgsFeedback) -> QgsVectorLayer:
    """The rows of a comparison as a layer in memory, without colours; it belongs to the thread that calls.

    It has a row for every compared cell, with the columns of `compared_columns`, in EPSG:3413.

    Raises
    ------
    QgsProcessingException
        It was cancelled.
    """
    layer = QgsVectorLayer(f"MultiPolygon?crs={CRS}", maps.comparison.layer.title, "memory")
    layer.dataProvider().addAttributes(compared_fields(maps.comparison).toList())
    layer.updateFields()
    layer.dataProvider().addFeatures(list(compared_rows(maps, feedback)))
    layer.updateExtents()
    return layer


def compared_layers(
    comparison: Comparison, difference: QgsVectorLayer, statements: Sequence[str], a: RunOnMap, b: RunOnMap
) -> dict[str, QgsVectorLayer]:
    """By theme, the layer of the difference with its colours, and those of the two maps; in no project yet.

    The maps read the same file as the runs' own layers, and have the same steps where they show one quantity.
    `difference` is given its colours, name and texts; `a` and `b` stay as they are.
    """
    of_a, of_b = layers_side_by_side(comparison)
    style_compared(difference, comparison, statements)
    return {
        RUN_A: _map_layer(a, of_a, map_title(comparison.a, "A")),
        RUN_B: _map_layer(b, of_b, map_title(comparison.b, "B")),
        DIFFERENCE: difference,
    }


def add_comparison(project: QgsProject, layers: Mapping[str, QgsVectorLayer]) -> frozenset[str]:
    """Add the layers on top of the project, and the themes, each with what lies around the cells and is visible.

    Returns the ids of the layers.

    `layers` has a layer for each of `THEMES`; themes of the same names are replaced. The layers stand in a group
    "Comparison".
    """
    around = [layer for layer in project.layerTreeRoot().checkedLayers() if _is_around(layer)]
    group = project.layerTreeRoot().insertGroup(0, tr("Comparison"))
    for theme in reversed(THEMES):
        project.addMapLayer(layers[theme], False)
        group.addLayer(layers[theme]).setExpanded(theme == DIFFERENCE)
    for theme in THEMES:
        project.mapThemeCollection().insert(theme, _theme([layers[theme], *around]))
    return frozenset(layer.id() for layer in layers.values())


def show_theme(project: QgsProject, own: frozenset[str], theme: str) -> None:
    """Make visible what a theme holds, and hide all else of runs and of the comparison with the layers `own`.

    Layers that are of no run and not of the comparison stay as they are; so does what lies around the cells, unless the
    theme holds it.
    """
    shown = {layer.id() for layer in project.mapThemeCollection().mapThemeVisibleLayers(theme)}
    for node in project.layerTreeRoot().findLayers():
        layer = node.layer()
        if layer is None:
            continue
        if layer.id() in own or (tag_of(layer) is not None and not _is_around(layer)):
            node.setItemVisibilityChecked(layer.id() in shown)
        if layer.id() in shown:
            node.setItemVisibilityCheckedParentRecursive(True)


def hide_comparison(project: QgsProject, own: frozenset[str]) -> None:
    """Hide the layers `own` of a comparison, and show the cells of runs again.

    What lies around the cells, and layers of no run, stay as they are; the layers remain in the project.
    """
    for node in project.layerTreeRoot().findLayers():
        layer = node.layer()
        if layer is not None and (layer.id() in own or (tag_of(layer) is not None and not _is_around(layer))):
            node.setItemVisibilityChecked(layer.id() not in own)


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
    built.setRenderer(polygon_renderer(on_map(run.manifest, layer)))
    built.setMapTipTemplate(map_tip(run.manifest, layer, title))
    name_columns(built, run.manifest)
    describe(built, run.manifest, title, layer.description)
    return built
