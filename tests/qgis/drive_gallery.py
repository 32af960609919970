"""Runs inside QGIS's desktop: each screen of the plugin, as the pictures of the handbook show it."""

from collections.abc import Callable
from pathlib import Path

from choosing import choose, choose_quantity
from in_desktop import FOLDER, ORDER, click, drive_and_leave, make_room, settle, take_picture
from pressing import press, wait_until
from qgis.core import QgsPointXY
from qgis.PyQt.QtCore import Qt
from qgis.utils import iface, plugins

LARGE_DOCK_PX = 440


def drive() -> list[str]:
    """Show each scene, and keep a picture of each; return their names."""
    make_room()
    plugin = plugins["entropice"]
    plugin.open_run(Path(ORDER["run"]))
    wait_until(lambda: plugin.explorer.run)
    iface.mainWindow().resizeDocks([plugin.explorer.dock], [LARGE_DOCK_PX], Qt.Orientation.Horizontal)
    settle()
    click(QgsPointXY(*ORDER["place"]))
    plugin.explorer.dock.grab().save(str(FOLDER / "cell.png"))
    for name, show in SCENES.items():
        show(plugin)
        settle()
        iface.messageBar().clearWidgets()
        take_picture(name)
    return list(SCENES)


def _quantity(name: str) -> Callable[[object], None]:
    return lambda plugin: choose_quantity(plugin, name)


def _other_model(plugin) -> None:
    choose(plugin.explorer.dock.choosers.model, "logistic")


def _page(name: str) -> Callable[[object], None]:
    def show(plugin) -> None:
        pages = plugin.explorer.dock.pages
        pages.setCurrentIndex([pages.tabText(index) for index in range(pages.count())].index(name))

    return show


def _compared(plugin) -> None:
    project = plugin.explorer.project
    project.removeMapLayers([layer.id() for layer in project.mapLayers().values() if layer.name().startswith("Survey")])
    choose_quantity(plugin, "p_any_rts")
    _page("Compare")(plugin)
    page = plugin.explorer.dock.pages.currentWidget()
    press(page.compare)
    wait_until(page.compare.isEnabled)


def _surveyed(plugin) -> None:
    choose_quantity(plugin, "p_any_rts")
    _page("Survey")(plugin)
    page = plugin.explorer.dock.pages.currentWidget()
    wait_until(lambda: page.plan and not page.is_planning)
    page.add_to_map()


SCENES: dict[str, Callable[[object], None]] = {
    "probability": _quantity("p_any_rts"),
    "class": _quantity("class"),
    "doubt": _quantity("p_any_sd"),
    "conformal_set": _quantity("conformal_set"),
    "applicability": _quantity("applicability"),
    "labels": _quantity("state"),
    "agreement": _quantity("agreement"),
    "other_model": _other_model,
    "drivers": _quantity("driver_1"),
    "run": _page("Run"),
    "survey": _surveyed,
    "compare": _compared,
}

drive_and_leave(drive)
