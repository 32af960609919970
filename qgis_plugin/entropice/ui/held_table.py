"""Cells that are held, side by side in a table."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ..adapter.translate import tr
from ..core.cell_report import CellReport
from .cell_words import comparison
from .labels import hover_text

HEIGHT_PX = 260
COLUMN_WIDTH_PX = 120
HEADER_MARGIN_PX = 24
NAME_CHARACTERS = 12


class HeldTable(QTableWidget):
    """One column per cell; the Delete key lets the selected cells go.

    `let_go` tells the columns of the selected cells, from 0.
    """

    let_go = pyqtSignal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Held cells, side by side"))
        self.setAccessibleDescription(tr("One column per cell. Delete lets the selected cells go."))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMinimumHeight(HEIGHT_PX)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def show_reports(self, reports: Sequence[CellReport]) -> None:
        """Show cells in the order in which they are held.

        One column a cell, one row for each line of `cell_words.comparison`; what was there before is replaced.
        """
        lines = comparison(reports)
        widths_px = [self.fontMetrics().horizontalAdvance(report.cell_name) + HEADER_MARGIN_PX for report in reports]
        self.horizontalHeader().setMinimumSectionSize(max([COLUMN_WIDTH_PX, *widths_px]))
        self.setColumnCount(len(reports))
        self.setRowCount(len(lines))
        self.setHorizontalHeaderLabels([report.cell_name for report in reports])
        self.setVerticalHeaderLabels([fill(name, NAME_CHARACTERS) for name, _ in lines])
        for row, (_, texts) in enumerate(lines):
            for column, text in enumerate(texts):
                self.setItem(row, column, _item(text))

    def selected_cells(self) -> list[int]:
        """The columns with a selected field, ascending from 0; empty where none is."""
        return sorted({index.column() for index in self.selectedIndexes()})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the selected cells go at Delete; Qt hands every key that is pressed here, and keeps all others."""
        if event.key() == Qt.Key.Key_Delete and self.selected_cells():
            self.let_go.emit(self.selected_cells())
        else:
            super().keyPressEvent(event)


def _item(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(hover_text(text))
    return item
