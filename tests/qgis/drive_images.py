"""Runs inside QGIS's desktop (`qgis --code`): a run of images is opened, and its days are played."""

from pathlib import Path

from in_desktop import FOLDER, ORDER, drive_and_leave, make_room, settle, take_picture
from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface, plugins


def drive() -> dict[str, object]:
    """Open, play every day, look at the second task, and take a picture of each."""
    make_room()
    plugin = plugins["entropice"]
    plugin.open_run(Path(ORDER["run"]))
    while plugin.opening.tasks:
        QTest.qWait(20)
    settle()
    take_picture("images_opened")
    iface.mainWindow().findChild(QDockWidget, "Temporal Controller").show()
    controller = iface.mapCanvas().temporalController()
    controller.setNavigationMode(Qgis.TemporalNavigationMode.Animated)
    n_frames = controller.totalFrameCount()
    shown = []
    for frame in range(n_frames):
        controller.setCurrentFrameNumber(frame)
        settle()
        iface.mapCanvas().saveAsImage(str(FOLDER / f"images_day_{frame}.png"))
        moment = iface.mapCanvas().temporalRange()
        layers = QgsProject.instance().mapLayers().values()
        held = [
            one.name()
            for one in layers
            if one.temporalProperties().isActive() and one.temporalProperties().isVisibleInTemporalRange(moment)
        ]
        shown.append(held)
    take_picture("images_played")
    group = next(one for one in QgsProject.instance().layerTreeRoot().children())
    for place, task in enumerate(group.children()):
        task.setItemVisibilityChecked(place == len(group.children()) - 1)
    page = plugin.explorer.dock.pages.currentWidget()
    page.task.setCurrentIndex(page.task.count() - 1)
    settle()
    take_picture("images_types")
    return {"n_frames": n_frames, "shown": shown, "page": plugin.explorer.dock.text()}


drive_and_leave(drive)
