"""The page that shows one cell."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QFormLayout,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ..adapter.cell_lookup import FoundCell
from ..adapter.run_on_map import RunOnMap
from ..adapter.translate import tr
from ..core.cell_report import Fact
from .bar_chart import BarChart
from .labels import plain_label, section
from .tab import Tab

MINIMUM_WIDTH_PX = 270


class CellTab(Tab):
    """Class probabilities, leading drivers and facts of a cell; all text is shown as plain text."""

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface)
        self._has_run = False
        self.heading = plain_label(bold=True)
        self.place = plain_label()
        self.year = plain_label()
        self.classes = BarChart()
        self.drivers = BarChart(lowest=-1.0)
        self.no_prediction = plain_label()
        self.no_prediction.setText(tr("No prediction for this cell and year."))
        self._class_title = section("")
        self._driver_title = section(tr("Leading drivers (share; negative speaks for the alternative)"))
        self._fact_title = section(tr("Facts"))
        self.facts = QFormLayout()
        self.facts.setContentsMargins(0, 0, 0, 0)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._scrolling(self._content()))

    def title(self) -> str:  # noqa: D102
        return tr("Cell")

    def show_run(self, run: RunOnMap | None) -> None:  # noqa: D102
        self._has_run = run is not None

    def show_hint(self, text: str) -> None:
        """Show a sentence in place of a cell."""
        self.heading.setText(text)
        for widget in self._parts_of_a_cell():
            widget.hide()
        self._show_facts(())

    def show_cell(self, cell: FoundCell | None) -> None:
        """Show a cell, or what to do to see one."""
        if cell is not None:
            self._show(cell)
        elif self._has_run:
            self.show_hint(tr("No cell is chosen: choose “Explore cells” and click one on the map."))
        else:
            self.show_hint(tr("Open a run, choose “Explore cells” and click a cell on the map."))

    def _show(self, cell: FoundCell) -> None:
        report = cell.report
        has_prediction = bool(report.classes)
        self.heading.setText(report.cell_name)
        self.place.setText(report.place)
        self.year.setText(report.year_name)
        self._class_title.setText(tr("Class probabilities (%1)").replace("%1", report.model_title))
        self.classes.show_bars(report.classes)
        self.drivers.show_bars(report.drivers)
        self._show_facts(report.facts)
        for widget in self._parts_of_a_cell():
            widget.show()
        self.no_prediction.setHidden(has_prediction)
        self._class_title.setVisible(has_prediction)
        self._driver_title.setVisible(bool(report.drivers))

    def text(self) -> str:
        """Everything the tab says, line by line, as a screen reader would meet it."""
        charts = [self.classes.accessibleDescription(), self.drivers.accessibleDescription()]
        lines = [self.heading.text(), self.place.text(), self.year.text(), *charts]
        for row in range(self.facts.rowCount()):
            name = self.facts.itemAt(row, QFormLayout.ItemRole.LabelRole).widget().text()
            lines.append(f"{name}: {self.facts.itemAt(row, QFormLayout.ItemRole.FieldRole).widget().text()}")
        return "\n".join(lines)

    def _show_facts(self, facts: Sequence[Fact]) -> None:
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for fact in facts:
            name, value = plain_label(), plain_label()
            name.setText(tr(fact.name))
            value.setText(tr(fact.value))
            self.facts.addRow(name, value)

    def _parts_of_a_cell(self) -> tuple[QWidget, ...]:
        titles = (self._class_title, self._driver_title, self._fact_title)
        return (self.place, self.year, self.no_prediction, self.classes, self.drivers, *titles)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setSpacing(4)
        for widget in (self.heading, self.place, self.year, self.no_prediction):
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
