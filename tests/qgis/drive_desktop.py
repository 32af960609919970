"""Runs inside QGIS's desktop (`qgis --code`): opens a run, clicks places, and writes down what the dock says."""

import json
import os
import sys
import traceback
from pathlib import Path

from qgis.core import QgsPointXY, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QSignalSpy, QTest
from qgis.PyQt.QtWidgets import QDockWidget, QToolButton
from qgis.utils import iface, plugins

ORDER = json.loads(Path(os.environ["ENTROPICE_DESKTOP_ORDER"]).read_text(encoding="utf-8"))
sys.path.insert(0, ORDER["tests"])

from choosing import choose_year  # noqa: E402
from pressing import folder_typed_into_dialog, press, wait_until  # noqa: E402

FOLDER = Path(ORDER["folder"])


def settle() -> None:
    """Let layout and a complete rendering finish."""
    canvas = iface.mapCanvas()
    QTest.qWait(200)
    canvas.refresh()
    QSignalSpy(canvas.mapCanvasRefreshed).wait(10_000)
    QTest.qWait(100)


def click(point: QgsPointXY) -> None:
    """Press and release the left mouse button over a place of the map."""
    canvas = iface.mapCanvas()
    pixel = canvas.getCoordinateTransform().transform(point).toQPointF().toPoint()
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=pixel)
    settle()


def make_room_for_the_legend() -> None:
    """A large window, its left side for the layers alone."""
    window = iface.mainWindow()
    window.resize(1600, 1000)
    window.findChild(QDockWidget, "Browser").hide()
    window.resizeDocks([window.findChild(QDockWidget, "Layers")], [330], Qt.Orientation.Horizontal)


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
    make_room_for_the_legend()
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
        iface.mainWindow().grab().save(str(FOLDER / f"whole_map_{name}.png"))
        iface.mapCanvas().setExtent(QgsRectangle.fromCenterAndSize(point, ORDER["window_m"], ORDER["window_m"]))
        settle()
        click(point)
        texts[name] = plugin.explorer.dock.text()
        iface.mainWindow().grab().save(str(FOLDER / f"{name}.png"))
        iface.mapCanvas().setExtent(whole)
        settle()
    choose_year(plugin, ORDER["year"])
    settle()
    iface.mainWindow().grab().save(str(FOLDER / "another_year.png"))
    return {
        "start": start,
        "layer": plugin.explorer.run.cells.name(),
        "year": plugin.explorer.cell.report.year,
        "texts": texts,
        "crs": QgsProject.instance().crs().authid(),
    }


def run_and_leave() -> None:
    """Write the result or the traceback, and end QGIS at once; its own exit hangs or aborts under `--code`."""
    try:
        result = drive()
    except BaseException:
        result = {"problem": traceback.format_exc()}
    (FOLDER / "result.json").write_text(json.dumps(result), encoding="utf-8")
    os._exit(0)


QTimer.singleShot(500, run_and_leave)
