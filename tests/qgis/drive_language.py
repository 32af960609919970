"""Runs inside QGIS's desktop (`qgis --code`), in another language: what the plugin says, keeps and takes back."""

from pathlib import Path

from in_desktop import FOLDER, ORDER, click, drive_and_leave, make_room, settle, take_picture
from pressing import press, wait_until
from qgis.core import QgsApplication, QgsPointXY, QgsSettings
from qgis.gui import QgsOptionsPageWidget
from qgis.PyQt.QtCore import QCoreApplication, QPoint, Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAbstractButton, QApplication, QDialogButtonBox, QLabel, QWidget
from qgis.utils import iface, plugins, unloadPlugin


def drive() -> dict[str, object]:
    """Open a run, look at every tab, its help and the settings; then take the plugin out."""
    make_room()
    plugin = plugins["entropice"]
    before = QgsApplication.processingRegistry().algorithmById("entropice:compare")
    told = {
        "dock": plugin.explorer.dock.text(),
        "menu": [action.text() for action in plugin.actions],
        "algorithms": [algorithm.displayName() for algorithm in plugin.provider.algorithms()],
        "help_addresses": [algorithm.helpUrl() for algorithm in plugin.provider.algorithms()],
    }
    assert before is not None
    told["error"] = _refused(plugin)
    plugin.open_run(Path(ORDER["run"]))
    wait_until(lambda: plugin.explorer.run)
    iface.mainWindow().resizeDocks([plugin.explorer.dock], [ORDER["dock_px"]], Qt.Orientation.Horizontal)
    iface.messageBar().clearWidgets()
    settle()
    click(QgsPointXY(*ORDER["place"]))
    told["pages"] = [_page(plugin, index) for index in range(plugin.explorer.dock.pages.count())]
    told["help"] = _help(plugin, told["help_addresses"])
    told["settings"] = _settings(plugin)
    unloadPlugin("entropice")
    told["after"] = QCoreApplication.translate("Entropice", "Compare two maps")
    told["handled"] = plugin.help is not None
    return told


def _refused(plugin) -> str:
    plugin.open_run(FOLDER)
    wait_until(lambda: iface.messageBar().currentItem())
    text = iface.messageBar().currentItem().text()
    iface.messageBar().clearWidgets()
    return text


def _page(plugin, index: int) -> dict[str, object]:
    pages = plugin.explorer.dock.pages
    pages.setCurrentIndex(index)
    page = pages.currentWidget()
    wait_until(lambda: not getattr(page, "is_planning", False))
    settle()
    take_picture(f"language_{index}")
    return {"title": pages.tabText(index), "text": page.text(), "cut": sorted(_cut(plugin.explorer.dock))}


def _cut(dock: QWidget) -> set[str]:
    """Texts of buttons and labels that have less room than they need."""
    buttons = [each for each in dock.findChildren(QAbstractButton) if each.isVisible() and each.text()]
    labels = [each for each in dock.findChildren(QLabel) if each.isVisible() and each.text()]
    cut = {button.text() for button in buttons if button.width() < button.minimumSizeHint().width()}
    cut |= {each.text() for each in labels if not each.wordWrap() and each.width() < each.minimumSizeHint().width()}
    return cut | {
        each.text() for each in labels if each.wordWrap() and each.height() < each.heightForWidth(each.width())
    }


def _help(plugin, addresses: list[str]) -> list[str]:
    """The pages that the button of each tab and the address of each algorithm bring up."""
    dock, opened = plugin.explorer.dock, []
    for index in range(dock.pages.count()):
        dock.pages.setCurrentIndex(index)
        press(dock.help)
        opened.append(_shown(plugin))
    for address in addresses:
        QDesktopServices.openUrl(QUrl(address))
        opened.append(_shown(plugin))
    plugin.help.grab().save(str(FOLDER / "language_help.png"))
    plugin.help.close()
    return opened


def _shown(plugin) -> str:
    QTest.qWait(50)
    assert plugin.help.isVisible()
    assert plugin.help.browser.toPlainText().strip()
    return plugin.help.browser.source().fileName()


def _settings(plugin) -> dict[str, object]:
    """Change settings in QGIS's options by mouse and keyboard, and say what is kept."""
    timer = QTimer()
    timer.timeout.connect(lambda: _fill_in(timer))
    timer.start(200)
    plugin.show_settings()
    return {name: QgsSettings().value(f"entropice/{name}") for name in ("shows_above", "n_recent", "first_quantity")}


def _fill_in(timer: QTimer) -> None:
    """Once the dialog is there: a click, a number, a text, and OK. Whatever goes wrong closes it."""
    dialog = QApplication.activeModalWidget()
    if dialog is None:
        return
    timer.stop()
    QTimer.singleShot(5_000, dialog.reject)
    (page,) = [
        each for each in dialog.findChildren(QWidget) if isinstance(each, QgsOptionsPageWidget) and each.isVisible()
    ]
    box, number, quantity = (page.fields[name] for name in ("shows_above", "n_recent", "first_quantity"))
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    number.selectAll()
    QTest.keyClicks(number, "3")
    QTest.keyClicks(quantity, "class")
    QTest.qWait(200)
    dialog.grab().save(str(FOLDER / "language_settings.png"))
    press(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok))


drive_and_leave(drive)
