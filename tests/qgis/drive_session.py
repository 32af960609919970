"""Runs inside QGIS's desktop (`qgis --code`): all that somebody does with a run on a day, and a project at the end."""

from pathlib import Path

from in_desktop import FOLDER, ORDER, drive_and_leave, settle
from qgis.core import (
    Qgis,
    QgsLayoutExporter,
    QgsLayoutItemMap,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface, plugins


def open_run(plugin) -> None:
    plugin.open_run(Path(ORDER["run"]))
    while plugin.opening.tasks:
        QTest.qWait(20)
    settle()


def click_in_the_middle() -> None:
    viewport = iface.mapCanvas().viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=viewport.rect().center())
    settle()


def choose_everything(plugin) -> int:
    """Each quantity and each year once, by keyboard; return how many."""
    n_chosen = 0
    for combo in (plugin.explorer.dock.choosers.quantity, plugin.explorer.dock.choosers.year):
        for _ in range(combo.count()):
            QTest.keyClick(combo, Qt.Key.Key_Down)
            n_chosen += 1
        settle()
    return n_chosen


def ask_for_statistics() -> None:
    """What the layer's properties ask the provider for: minimum, maximum and histogram, as exactly as it can."""
    for layer in QgsProject.instance().mapLayers().values():
        if isinstance(layer, QgsRasterLayer):
            provider = layer.dataProvider()
            provider.bandStatistics(1, Qgis.RasterBandStatistics(Qgis.RasterBandStatistic.All), provider.extent(), 0)
            provider.initHistogram(provider.histogram(1), 1, 100)
            clone = provider.clone()
            clone.bandStatistics(1, Qgis.RasterBandStatistics(Qgis.RasterBandStatistic.All), provider.extent(), 0)
            clone.histogram(1, 100)
        if isinstance(layer, QgsVectorLayer):
            layer.minimumAndMaximumValue(1)
            layer.uniqueValues(1, 50)
            layer.selectAll()
            layer.removeSelection()


def export_images() -> None:
    iface.mapCanvas().saveAsImage(str(FOLDER / "canvas.png"))
    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    picture = QgsLayoutItemMap(layout)
    picture.attemptSetSceneRect(QRectF(10, 10, 200, 150))
    picture.setExtent(iface.mapCanvas().extent())
    layout.addLayoutItem(picture)
    done = QgsLayoutExporter(layout).exportToImage(str(FOLDER / "layout.png"), QgsLayoutExporter.ImageExportSettings())
    assert done == QgsLayoutExporter.ExportResult.Success


def drive() -> dict[str, object]:
    """Open, explore, change layers, export, save elsewhere, open the project again, and explore once more."""
    from entropice.core import layer_plan

    layer_plan.LARGE_RUN_CELLS = 0  # the overview is shown, too
    plugin = plugins["entropice"]
    open_run(plugin)
    n_layers = len(QgsProject.instance().mapLayers())
    click_in_the_middle()
    n_chosen = choose_everything(plugin)
    for factor in (0.1, 8):
        iface.mapCanvas().zoomByFactor(factor)
        settle()
    ask_for_statistics()
    export_images()
    assert QgsProject.instance().write(str(FOLDER / "saved.qgz"))
    QgsProject.instance().clear()
    iface.addProject(str(FOLDER / "saved.qgz"))
    settle()
    ask_for_statistics()
    click_in_the_middle()
    open_run(plugin)
    rasters = [layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, QgsRasterLayer)]
    return {"n_layers": n_layers, "n_chosen": n_chosen, "n_rasters": len(rasters)}


drive_and_leave(drive)
