"""What a run shows, kept as a map theme of QGIS: print layouts, swipe tools and further map views take it."""

from __future__ import annotations

from qgis.core import QgsLayerTreeModel, QgsMapLayerStyle, QgsMapThemeCollection, QgsProject, QgsVectorLayer

from .run_on_map import RunOnMap


def keep_theme(project: QgsProject, run: RunOnMap) -> str:
    """Keep what the project shows, with the run as it is selected, and return the theme's name.

    A theme of the same name is replaced. A theme shows polygons at every scale: an overview follows the dock, which no
    theme can hold.

    Of the run the theme holds the cells and what was found in images, where it is visible, each with a style of the
    theme's name; other layers are there as they are shown.
    """
    name = theme_name(run)
    root = project.layerTreeRoot()
    theme = QgsMapThemeCollection.createThemeFromCurrentState(root, QgsLayerTreeModel(root))
    for layer in (run.cells, *(layer for layer in run.of_tasks if root.findLayer(layer).isVisible())):
        _keep_style(layer, name)
        theme.removeLayerRecord(layer)
        theme.addLayerRecord(_record(layer, name))
    if run.overview is not None:
        theme.removeLayerRecord(run.overview)
    project.mapThemeCollection().insert(name, theme)
    return name


def theme_name(run: RunOnMap) -> str:
    """What the theme of a run is called: the run's title, and the name of the layer of its cells.

    The two stand with a colon and a space between.
    """
    return f"{run.plan.title}: {run.cells.name()}"


def _keep_style(layer: QgsVectorLayer, name: str) -> None:
    has_limit = layer.hasScaleBasedVisibility()
    layer.setScaleBasedVisibility(False)
    style = QgsMapLayerStyle()
    style.readFromLayer(layer)
    layer.setScaleBasedVisibility(has_limit)
    layer.styleManager().removeStyle(name)
    layer.styleManager().addStyle(name, style)


def _record(layer: QgsVectorLayer, name: str) -> QgsMapThemeCollection.MapThemeLayerRecord:
    record = QgsMapThemeCollection.MapThemeLayerRecord(layer)
    record.usingCurrentStyle = True
    record.currentStyle = name
    record.isVisible = True
    record.expandedLayerNode = True
    return record
