"""The choosers of the dock, used by keyboard as a person would."""

from entropice.ui.plugin import EntropicePlugin
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QComboBox


def choose(combo: QComboBox, data: object) -> None:
    """Press the arrow keys until the entry with this data is current."""
    index = combo.findData(data)
    assert index >= 0, f"{data} is not among {[combo.itemData(i) for i in range(combo.count())]}"
    while combo.currentIndex() != index:
        before = combo.currentIndex()
        QTest.keyClick(combo, Qt.Key.Key_Down if before < index else Qt.Key.Key_Up)
        assert combo.currentIndex() != before


def choose_year(plugin: EntropicePlugin, year: int) -> None:
    choose(plugin.explorer.dock.choosers.year, year)


def choose_quantity(plugin: EntropicePlugin, quantity: str) -> None:
    choose(plugin.explorer.dock.choosers.quantity, quantity)
