"""What a survey shall be: area, budget and constraints."""

from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis
from qgis.gui import QgisInterface, QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ..adapter.survey_area import places_of
from ..adapter.translate import tr
from ..core.survey_cells import Constraints
from ..core.survey_wording import EXAMPLE, places_in
from .area_chooser import AreaChooser
from .labels import row_label

_MAX_KM2, _MAX_KM = 1e8, 20_000.0


class SurveyForm(QWidget):
    """Fields that say each of their changes by `changed`."""

    changed = pyqtSignal()

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__()
        self.area = AreaChooser(iface)
        self.budget_km2 = _number(" km²", _MAX_KM2, 1_000.0, 0)
        self.min_land = _number(" %", 100.0, 5.0, 0)
        self.max_distance_km = _number(" km", _MAX_KM, 50.0, 0)
        self.max_distance_km.setValue(500.0)
        self.points = QgsMapLayerComboBox()
        self.points.setFilters(Qgis.LayerFilter.PointLayer)
        self.points.setAllowEmptyLayer(True, tr("no layer of points"))
        self.points.setLayer(None)
        self.points.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.coordinates = QLineEdit()
        self.coordinates.setPlaceholderText(EXAMPLE)
        self.coordinates.setToolTip(tr("Longitude, latitude in degrees; several places with a semicolon between"))
        self.inside_only = QCheckBox(tr("Only where the map may be applied"))
        self.unseen_only = QCheckBox(tr("Only cells of which nothing was seen"))
        self.unseen_only.setToolTip(tr("Nobody has looked at any of these cells; of some an image shows a part."))
        self._connect()
        self._lay_out()

    def constraints(self, folder: Path) -> Constraints:
        """What is filled in.

        The share of land is filled in as a percentage and told as 0..1. Places are those of the text, then the points
        of the chosen layer, all of them. `folder` is named in errors alone.

        Raises
        ------
        RunFolderError
            The coordinates are none.
        """
        layer, places = self.points.currentLayer(), places_in(self.coordinates.text(), folder)
        of_layer = places_of(layer.getFeatures(), layer.crs()) if layer is not None else ()
        return Constraints(
            min_land_fraction=self.min_land.value() / 100,
            places=(*places, *of_layer),
            max_distance_km=self.max_distance_km.value(),
            inside_only=self.inside_only.isChecked(),
            unseen_only=self.unseen_only.isChecked(),
        )

    def release(self) -> None:
        """Give back what the form has put elsewhere, and hear no more of layers.

        It is called once, before the plugin is unloaded.
        """
        self.points.layerChanged.disconnect()
        self.area.release()

    def _connect(self) -> None:
        self.area.changed.connect(self.changed)
        for number in (self.budget_km2, self.min_land, self.max_distance_km):
            number.valueChanged.connect(lambda _value: self.changed.emit())
        self.points.layerChanged.connect(lambda _layer: self.changed.emit())
        self.coordinates.textChanged.connect(lambda _text: self.changed.emit())
        for box in (self.inside_only, self.unseen_only):
            box.toggled.connect(lambda _is_on: self.changed.emit())

    def _lay_out(self) -> None:
        rows = QFormLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        named = (
            (tr("Area"), self.area),
            (tr("Budget"), self.budget_km2),
            (tr("Land at least"), self.min_land),
            (tr("Distance at most"), self.max_distance_km),
            (tr("from"), self.points),
            (tr("and from"), self.coordinates),
        )
        for name, field in named:
            label = row_label(name)
            label.setBuddy(field)
            rows.addRow(label, field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(rows)
        column.addWidget(self.inside_only)
        column.addWidget(self.unseen_only)


def _number(suffix: str, maximum: float, step: float, decimals: int) -> QDoubleSpinBox:
    number = QDoubleSpinBox()
    number.setRange(0.0, maximum)
    number.setSingleStep(step)
    number.setDecimals(decimals)
    number.setSuffix(suffix)
    number.setGroupSeparatorShown(True)
    number.setKeyboardTracking(True)
    return number
