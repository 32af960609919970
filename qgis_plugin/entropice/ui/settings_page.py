"""The plugin's page among QGIS's options, made from the declarations of the settings."""

from __future__ import annotations

from qgis.gui import QgsFileWidget, QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGroupBox,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ..adapter.icon import plugin_icon
from ..adapter.stored_settings import store, stored
from ..adapter.translate import tr
from ..core.settings import SETTINGS, Setting
from .labels import plain_label

TITLE = "Entropice"
NAME_OF_PAGE = "EntropiceSettings"


class SettingsFactory(QgsOptionsWidgetFactory):
    """What QGIS asks for the page each time its options are opened."""

    def __init__(self) -> None:
        super().__init__()
        self.setTitle(TITLE)

    def icon(self) -> QIcon:
        """The plugin's icon, which stands beside the page's title."""
        return plugin_icon()

    def createWidget(self, parent: QWidget | None = None) -> SettingsPage:
        """A new page, for QGIS each time its options are opened; `parent` is their window."""
        return SettingsPage(parent)


class SettingsPage(QgsOptionsPageWidget):
    """A field for each setting; `fields` holds them by name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(NAME_OF_PAGE)
        self.fields = {setting.name: _field(setting) for setting in SETTINGS}
        group = QGroupBox(TITLE)
        rows = QFormLayout(group)
        rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for setting in SETTINGS:
            rows.addRow(tr(setting.title), self.fields[setting.name])
            rows.addRow(plain_label(tr(setting.help)))
        column = QVBoxLayout(self)
        column.addWidget(group)
        column.addStretch()

    def apply(self) -> None:
        """Keep what is filled in, in the user's profile; QGIS calls it at OK."""
        for setting in SETTINGS:
            store(setting, _value(self.fields[setting.name]))


def _field(setting: Setting) -> QWidget:
    """A field of the setting's kind that shows what is set."""
    value = stored(setting)
    if isinstance(value, bool):
        box = QCheckBox()
        box.setChecked(value)
        return box
    if isinstance(value, str):
        return _folder(value) if setting.is_folder else QLineEdit(value)
    number = QSpinBox()
    number.setMaximum(setting.maximum)
    number.setSuffix(setting.unit)
    number.setGroupSeparatorShown(True)
    number.setValue(value)
    return number


def _folder(path: str) -> QgsFileWidget:
    field = QgsFileWidget()
    field.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
    field.setFilePath(path)
    return field


def _value(field: QWidget) -> bool | int | str:
    if isinstance(field, QCheckBox):
        return field.isChecked()
    if isinstance(field, QgsFileWidget):
        return field.filePath()
    return field.value() if isinstance(field, QSpinBox) else field.text()
