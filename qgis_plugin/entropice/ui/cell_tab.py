"""The tab that tells all about a cell, holds several of them, and hands them on as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QAction,
    QApplication,
    QFileDialog,
    QFrame,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..adapter.cell_lookup import FoundCell
from ..adapter.run_on_map import RunOnMap
from ..adapter.translate import tr
from ..core.cell_report import CellReport
from ..core.cell_sheet import cell_sheet
from ..core.errors import RunFolderError
from ..core.target_file import write_target
from .cell_parts import ChancePart, DriverPart, FactPart, FeaturePart, HistoryPart, SentencePart
from .cell_words import comparison, missing_text, report_lines
from .drawing import Drawing
from .flow import Flow
from .held_table import HeldTable
from .imagery_part import ImageryPart
from .labels import plain_label, say, section
from .tab import Tab

MINIMUM_WIDTH_PX = 270
MAX_HELD = 8
SPACING_PX = 4
_REACHED_BY_KEYBOARD = (QToolButton, Drawing, HeldTable)


class CellTab(Tab):
    """Everything about one cell in one year; the cells that are held stand side by side below."""

    help_page = "cell"

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface)
        self._has_run = False
        self._cell: CellReport | None = None
        self._held: list[CellReport] = []
        self.heading, self.place, self.year = plain_label(bold=True), plain_label(), plain_label()
        self.missing, self.message = plain_label(), plain_label()
        self.hold = self._action(tr("Hold"), "Alt+Shift+H", tr("Keep this cell to compare it"), self.hold_cell)
        self.copy = self._action(tr("Copy"), "Alt+Shift+C", tr("Copy what is shown as text"), self.copy_text)
        self.save = self._action(tr("Save CSV…"), "Alt+Shift+S", tr("Save cells as a table"), self.save_csv)
        self.chances, self.sentences, self.drivers = ChancePart(), SentencePart(), DriverPart()
        self.imagery, self.features = ImageryPart(), FeaturePart()
        self.history, self.facts = HistoryPart(), FactPart()
        self._parts = (
            *(self.chances, self.sentences, self.imagery, self.drivers),
            *(self.features, self.history, self.facts),
        )
        self.held_title = section(tr("Held cells"))
        self.held = HeldTable()
        self.held.let_go.connect(self.let_go)
        self.clear = self._action(tr("Let all go"), "Alt+Shift+X", tr("Hold no cell any more"), self.let_all_go)
        self._lay_out()
        self.show_cell(None)

    def title(self) -> str:
        """What stands on the tab: "Cell", in the language of QGIS."""
        return tr("Cell")

    def show_run(self, run: RunOnMap | None) -> None:
        """Take another run or selection, of which only whether there is one counts here.

        On it depends the hint that is shown without a cell.
        """
        self._has_run = run is not None

    def show_cell(self, cell: FoundCell | None) -> None:
        """Show a cell, or how to ask for one.

        Cells that are held stay. None shows a hint, which depends on whether there is a run.
        """
        if cell is None and self._has_run:
            self.show_hint(tr("No cell is chosen: choose “Explore cells” and click one on the map."))
            return
        if cell is None:
            self.show_hint(tr("Open a run, choose “Explore cells” and click a cell on the map."))
            return
        self._cell = cell.report
        self._show_report(cell.report)

    def show_hint(self, text: str) -> None:
        """Show a sentence in place of a cell.

        No cell is shown any more; those that are held stay.
        """
        self._cell = None
        self.heading.setText(text)
        for widget in (self.place, self.year, self.missing, self.message, *self._parts):
            widget.hide()
        self._show_held()

    def text(self) -> str:
        """Everything that is shown, line by line, as a screen reader would meet it.

        Labels come first, then what drawings say of themselves; hidden widgets say nothing.
        """
        shown = [widget for widget in self.findChildren(QWidget) if widget.isVisibleTo(self)]
        labels = [widget.text() for widget in shown if isinstance(widget, QLabel)]
        drawings = [widget.accessibleDescription() for widget in shown if isinstance(widget, Drawing)]
        return "\n".join((*labels, *drawings))

    def hold_cell(self) -> None:
        """Keep the cell that is shown; one that is held already stays where it is.

        At most 8 can be held; a cell is told by its run, number and year. A sentence says what was done, or why not.
        Without a cell nothing happens.
        """
        if self._cell is None:
            return
        keys = [_key(report) for report in self._held]
        if _key(self._cell) in keys:
            say(self.message, tr("This cell is held already."))
        elif len(self._held) == MAX_HELD:
            say(self.message, tr("No more than %1 cells can be held; let one go first.", MAX_HELD))
        else:
            self._held.append(self._cell)
            say(self.message, tr("Cells held and compared below: %1", len(self._held)))
        self._show_held()

    def let_go(self, columns: Sequence[int]) -> None:
        """Hold the cells of these columns no more.

        Columns count from 0; such as there are none of are passed over.
        """
        self._held = [report for column, report in enumerate(self._held) if column not in columns]
        self._show_held()

    def let_all_go(self) -> None:
        """Hold no cell."""
        self._held = []
        say(self.message, "")
        self._show_held()

    def copy_text(self) -> None:
        """Put what is shown on the clipboard: the cell line by line, and the cells that are held as a table.

        The table is separated by tabs, one column a cell, under a row of their names.
        """
        lines = [] if self._cell is None else report_lines(self._cell)
        if self._held:
            rows = [("", [report.cell_name for report in self._held]), *comparison(self._held)]
            lines += ["", *("\t".join((name, *texts)) for name, texts in rows)]
        QApplication.clipboard().setText("\n".join(lines))
        say(self.message, tr("Copied."))

    def save_csv(self) -> None:
        """Ask for a file and write the cells that are held, or else the one that is shown.

        The text is that of `core.cell_sheet.cell_sheet`, in UTF-8; a file that stands there is replaced. Without any
        cell it is the header alone. The name is taken as it is given; a file that cannot be written is told in the tab,
        and nothing is raised.
        """
        reports = self._held or ([] if self._cell is None else [self._cell])
        name, _ = QFileDialog.getSaveFileName(self, tr("Save cells as a table"), "cells.csv", "CSV (*.csv)")
        if not name:
            return
        try:
            write_target(Path(name), cell_sheet(reports).encode(), "CSV")
        except RunFolderError as error:
            say(self.message, str(error))
        else:
            say(self.message, tr("Saved: %1", name))

    def _show_report(self, report: CellReport) -> None:
        self.heading.setText(report.cell_name)
        say(self.place, report.place)
        say(self.year, report.year_name)
        say(self.missing, missing_text(report.missing_tables))
        say(self.message, "")
        for part in self._parts:
            part.show()
            part.show_report(report)
        self._show_held()
        self._order_by_place()

    def _order_by_place(self) -> None:
        """Let the Tab key go from top to bottom, also through rows that were made later."""
        reached = [widget for widget in self.findChildren(QWidget) if isinstance(widget, _REACHED_BY_KEYBOARD)]
        for one, following in zip(reached, reached[1:]):
            # Qt orders by when widgets were made.
            self.setTabOrder(one, following)

    def _show_held(self) -> None:
        for widget in (self.held_title, self.held, self._clear_tool):
            widget.setVisible(bool(self._held))
        self.held.show_reports(self._held)
        self.hold.setEnabled(self._cell is not None)
        for action in (self.copy, self.save):
            action.setEnabled(self._cell is not None or bool(self._held))
        self.clear.setEnabled(bool(self._held))

    def _action(self, text: str, keys: str, told: str, do: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{told} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
        action.triggered.connect(lambda _checked: do())
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setSpacing(SPACING_PX)
        tools = Flow([_button(action) for action in (self.hold, self.copy, self.save)])
        self._clear_tool = Flow([_button(self.clear)])
        for widget in (self.heading, self.place, self.year, tools, self.message, self.missing):
            column.addWidget(widget)
        for widget in (*self._parts, self.held_title, self.held, self._clear_tool):
            column.addWidget(widget)
        column.addStretch()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(_scrolling(content))


def _key(report: CellReport) -> tuple[str, str, int]:
    return report.run_id, report.cell_name, report.year


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(action.text())
    button.setAccessibleDescription(action.toolTip())
    return button


def _scrolling(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumWidth(MINIMUM_WIDTH_PX)
    area.setWidget(content)
    return area
