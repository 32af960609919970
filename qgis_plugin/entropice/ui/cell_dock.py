"""The dock that shows one cell."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ..adapter.cell_lookup import FoundCell
from ..adapter.translate import tr
from ..core.cell_report import Fact
from .bar_chart import BarChart

MINIMUM_WIDTH_PX = 270


class CellDock(QgsDockWidget):
    """Class probabilities, leading drivers and facts of a cell; all text is shown as plain text."""

    year_chosen = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Entropice cell"), parent)
        self.setObjectName("EntropiceCellDock")
        self.notice = _plain_label()
        self.heading = _plain_label(bold=True)
        self.place = _plain_label()
        self.year = QComboBox()
        self.year.activated.connect(lambda index: self.year_chosen.emit(self.year.itemData(index)))
        self.classes = BarChart()
        self.drivers = BarChart(lowest=-1.0)
        self.no_prediction = _plain_label()
        self.no_prediction.setText(tr("No prediction for this cell and year."))
        self._class_title = _section("")
        self._driver_title = _section(tr("Leading drivers (share; negative speaks for the alternative)"))
        self._fact_title = _section(tr("Facts"))
        self.facts = QFormLayout()
        self.facts.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self._scrolling(self._content()))
        self.show_hint(tr("Open a run, choose “Explore cells” and click a cell on the map."))

    def show_hint(self, text: str) -> None:
        """Show a sentence in place of a cell."""
        self.heading.setText(text)
        for widget in self._parts_of_a_cell():
            widget.hide()
        self._show_facts(())

    def show_cell(self, cell: FoundCell) -> None:
        """Show a cell."""
        report = cell.report
        has_prediction = bool(report.classes)
        self.heading.setText(report.cell_name)
        self.place.setText(report.place)
        self.notice.setText("\n".join(cell.manifest.notices))
        self._show_years(cell)
        self._class_title.setText(tr("Class probabilities (%1)").replace("%1", report.model_title))
        self.classes.show_bars(report.classes)
        self.drivers.show_bars(report.drivers)
        self._show_facts(report.facts)
        for widget in self._parts_of_a_cell():
            widget.show()
        self.notice.setVisible(bool(cell.manifest.notices))
        self.no_prediction.setHidden(has_prediction)
        self._class_title.setVisible(has_prediction)
        self._driver_title.setVisible(bool(report.drivers))

    def text(self) -> str:
        """Everything the dock says, line by line, as a screen reader would meet it."""
        charts = [self.classes.accessibleDescription(), self.drivers.accessibleDescription()]
        lines = [self.heading.text(), self.place.text(), self.year.currentText(), *charts]
        for row in range(self.facts.rowCount()):
            name = self.facts.itemAt(row, QFormLayout.ItemRole.LabelRole).widget().text()
            lines.append(f"{name}: {self.facts.itemAt(row, QFormLayout.ItemRole.FieldRole).widget().text()}")
        return "\n".join(lines)

    def _show_years(self, cell: FoundCell) -> None:
        self.year.clear()
        for year, name in cell.years:
            self.year.addItem(name, year)
        self.year.setCurrentIndex(self.year.findData(cell.report.year))

    def _show_facts(self, facts: Sequence[Fact]) -> None:
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for fact in facts:
            name, value = _plain_label(), _plain_label()
            name.setText(tr(fact.name))
            value.setText(tr(fact.value))
            self.facts.addRow(name, value)

    def _parts_of_a_cell(self) -> tuple[QWidget, ...]:
        titles = (self._class_title, self._driver_title, self._fact_title)
        return (self.notice, self.place, self.year, self.no_prediction, self.classes, self.drivers, *titles)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setSpacing(4)
        for widget in (self.notice, self.heading, self.place, self.year, self.no_prediction):
            column.addWidget(widget)
        column.addWidget(self._class_title)
        column.addWidget(self.classes)
        column.addWidget(self._driver_title)
        column.addWidget(self.drivers)
        column.addWidget(self._fact_title)
        column.addLayout(self.facts)
        column.addStretch()
        return content

    def _scrolling(self, content: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(MINIMUM_WIDTH_PX)
        area.setWidget(content)
        return area


def _plain_label(bold: bool = False) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    font = label.font()
    font.setBold(bold)
    label.setFont(font)
    return label


def _section(title: str) -> QLabel:
    label = _plain_label(bold=True)
    label.setText(title)
    label.setContentsMargins(0, 8, 0, 2)
    return label
