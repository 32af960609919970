"""For scripts that run inside QGIS's desktop (`qgis --code`): their order, waiting, clicking, and how they end."""

import json
import os
import traceback
from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsPointXY
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QSignalSpy, QTest
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface

ORDER = json.loads(Path(os.environ["ENTROPICE_DESKTOP_ORDER"]).read_text(encoding="utf-8"))
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


def take_picture(name: str) -> None:
    """Keep what the window shows."""
    iface.mainWindow().grab().save(str(FOLDER / f"{name}.png"))


def make_room() -> None:
    """A large window, its left side for the layers alone."""
    window = iface.mainWindow()
    window.resize(1600, 1000)
    window.findChild(QDockWidget, "Browser").hide()
    window.resizeDocks([window.findChild(QDockWidget, "Layers")], [330], Qt.Orientation.Horizontal)


def drive_and_leave(drive: Callable[[], object]) -> None:
    """When QGIS is up, write what `drive` gives or its traceback, and end QGIS at once: its exit hangs or aborts."""

    def run() -> None:
        try:
            result = drive()
        except BaseException:
            result = {"problem": traceback.format_exc()}
        (FOLDER / "result.json").write_text(json.dumps(result), encoding="utf-8")
        os._exit(0)

    QTimer.singleShot(500, run)
