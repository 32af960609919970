"""Read-only tables of plain text."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from .labels import hover_text

_NARROWEST_PX = 60


def text_table(name: str, columns: Sequence[str] = ()) -> QTableWidget:
    """An empty table with a row of titles; `name` is what a screen reader calls it.

    It cannot be edited; whole rows are selected.
    """
    table = QTableWidget()
    table.setAccessibleName(name)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setAlternatingRowColors(True)
    table.setWordWrap(True)
    table.setMinimumWidth(1)
    table.verticalHeader().setVisible(False)
    table.horizontalHeader().setMinimumSectionSize(_NARROWEST_PX)
    entitle(table, columns)
    return table


def entitle(table: QTableWidget, columns: Sequence[str]) -> None:
    """Replace the columns, the first of which takes the room that the others leave.

    Rows stay, their texts where they were.
    """
    table.setColumnCount(len(columns))
    table.setHorizontalHeaderLabels(list(columns))
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    if columns:
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)


def fill(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    """Replace the rows; all but the first column are aligned to the right, and each cell tells its text in full.

    A row of one text reaches across all columns.

    A row has at most as many texts as there are columns; a shorter one leaves fields empty.
    """
    table.clearSpans()
    table.setRowCount(len(rows))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(hover_text(text))
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(row, column, item)
        if len(texts) == 1 < table.columnCount():
            table.setSpan(row, 0, 1, table.columnCount())
    table.resizeRowsToContents()


def fit(table: QTableWidget, n_rows: int) -> None:
    """Make a table as high as its rows, of which no more than that many are seen at once.

    Further rows are scrolled to; a table without rows is as high as its titles.
    """
    heights_px = [table.rowHeight(row) for row in range(min(table.rowCount(), n_rows))]
    table.setFixedHeight(sum(heights_px) + table.horizontalHeader().sizeHint().height() + 2 * table.frameWidth() + 4)


def text_of(table: QTableWidget) -> str:
    """The rows as lines, their columns separated by tabs.

    Titles of columns are left out, and so are fields without a text.
    """
    columns = range(table.columnCount())
    rows = ([table.item(row, column) for column in columns] for row in range(table.rowCount()))
    return "\n".join("\t".join(item.text() for item in row if item) for row in rows)
