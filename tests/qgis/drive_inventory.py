"""Runs inside QGIS's desktop (`qgis --code`): the inventory of a run of images is looked at, year by year."""

from pathlib import Path

from entropice.core.image_manifest import read_image_manifest
from in_desktop import FOLDER, ORDER, drive_and_leave, make_room, settle, take_picture
from qgis.core import QgsDateTimeRange, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface, plugins

LARGEST_M = 10_000.0
"""Width of what is shown where outlines lie far apart."""

LARGEST_IN_OUTLINES = 6
"""The same in widths of an outline, where that is more: within a large one nothing would be seen of it."""


def drive() -> dict[str, object]:
    """Open, look at the outlines of each year, and take a picture of each."""
    make_room()
    plugin = plugins["entropice"]
    plugin.open_run(Path(ORDER["run"]))
    while plugin.opening.tasks:
        QTest.qWait(20)
    settle()
    (inventory,) = read_image_manifest(Path(ORDER["run"])).inventories
    canvas = iface.mapCanvas()
    project = QgsProject.instance()
    for group in project.layerTreeRoot().children()[0].children():
        group.setItemVisibilityChecked(True)
    canvas.setExtent(_shown(next(one for one in project.mapLayers().values() if isinstance(one, QgsVectorLayer))))
    for year in inventory.years:
        canvas.setTemporalRange(QgsDateTimeRange(_begin_of(year), _begin_of(year + 1), True, False))
        settle()
        canvas.saveAsImage(str(FOLDER / f"inventory_{year}.png"))
    take_picture("inventory")
    return {"years": list(inventory.years)}


def _shown(outlines: QgsVectorLayer) -> QgsRectangle:
    """All outlines or, where they lie far apart, what surrounds the first of them."""
    whole, first = outlines.extent(), next(outlines.getFeatures()).geometry().boundingBox()
    largest_m = max(LARGEST_M, LARGEST_IN_OUTLINES * max(first.width(), first.height()))
    if max(whole.width(), whole.height()) > largest_m:
        whole = QgsRectangle.fromCenterAndSize(first.center(), largest_m, largest_m)
    return whole.buffered(whole.width() / 10)


def _begin_of(year: int) -> QDateTime:
    return QDateTime(QDate(year, 1, 1), QTime(0, 0), Qt.TimeSpec.UTC)


drive_and_leave(drive)
