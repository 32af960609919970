"""Runs inside QGIS's desktop (`qgis --code`): opens a run, clicks places, and writes down what the dock says."""

from pathlib import Path

from choosing import choose_year
from in_desktop import ORDER, click, drive_and_leave, make_room, settle, take_picture
from pressing import folder_typed_into_dialog, press, wait_until
from qgis.core import QgsPointXY, QgsProject, QgsRectangle
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QToolButton
from qgis.utils import iface, plugins


def open_by_toolbar(plugin) -> None:
    """Press the button in QGIS's toolbar and choose the folder in the dialog."""
    (button,) = [
        button
        for button in iface.mainWindow().findChildren(QToolButton)
        if button.defaultAction() is not None and button.defaultAction().text() == "Open Entropice run…"
    ]
    with folder_typed_into_dialog(Path(ORDER["run"])):
        press(button)
        wait_until(lambda: plugin.explorer.run)


def drive() -> dict[str, object]:
    """Open the run, look at the whole map and at each place; keep pictures and the dock's text."""
    plugin = plugins["entropice"]
    make_room()
    start = plugin.explorer.dock.text()
    open_by_toolbar(plugin)
    while plugin.opening.tasks:
        QTest.qWait(20)
    settle()
    texts = {}
    for name, (x_m, y_m) in ORDER["places"].items():
        point = QgsPointXY(x_m, y_m)
        whole = iface.mapCanvas().extent()
        click(point)
        take_picture(f"whole_map_{name}")
        iface.mapCanvas().setExtent(QgsRectangle.fromCenterAndSize(point, ORDER["window_m"], ORDER["window_m"]))
        settle()
        click(point)
        texts[name] = plugin.explorer.dock.text()
        take_picture(name)
        iface.mapCanvas().setExtent(whole)
        settle()
    choose_year(plugin, ORDER["year"])
    settle()
    take_picture("another_year")
    return {
        "start": start,
        "layer": plugin.explorer.run.cells.name(),
        "year": plugin.explorer.cell.report.year,
        "texts": texts,
        "crs": QgsProject.instance().crs().authid(),
    }


drive_and_leave(drive)
