"""A window to choose a run among those opened lately, or among all below a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QPushButton, QVBoxLayout, QWidget

from ..adapter.stored_settings import stored
from ..adapter.translate import tr
from ..core.run_search import RunEntry, run_entry, runs_below, with_recent
from ..core.settings import N_RECENT, RUNS_FOLDER
from .labels import plain_label
from .tables import fill, text_table

_RECENT = "entropice/recent"


def recent_folders() -> list[str]:
    """The run folders opened lately, the last one first.

    At most as many as the setting "Number of recent runs" says; they need not be there any more.
    """
    return list(QgsSettings().value(_RECENT, []) or [])[: stored(N_RECENT)]


def remember(folder: Path) -> None:
    """Note that a run folder was opened.

    It becomes the first of `recent_folders`, which are kept in the user's profile. What then exceeds their number is
    forgotten.
    """
    QgsSettings().setValue(_RECENT, with_recent(recent_folders(), folder, stored(N_RECENT)))


class RunsDialog(QDialog):
    """`run_chosen` tells the folder of the run to open, a Path.

    It begins with the runs opened lately; such as cannot be opened are shown with their problem.
    """

    run_chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[RunEntry, ...] = ()
        self.setWindowTitle(tr("Runs"))
        self.resize(760, 360)
        self.heading = plain_label()
        columns = [tr("Run"), tr("Grid"), tr("Map drawn by"), tr("Years"), tr("Folder"), tr("Problem")]
        self.table = text_table(tr("Runs"), columns)
        self.table.itemSelectionChanged.connect(self._allow)
        self.table.itemActivated.connect(lambda _item: self.accept())
        self.below = QPushButton(tr("Look below a folder…"))
        self.below.clicked.connect(self._ask_folder)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.heading, self.table, self.below, self.buttons):
            column.addWidget(widget)
        folders = [Path(folder) for folder in recent_folders()]
        self._show([run_entry(folder) for folder in folders], tr("Opened lately"))

    def look_below(self, folder: Path) -> None:
        """Show the runs below a folder.

        They are found as `core.run_search.runs_below` does, while the window waits.
        """
        self.setCursor(Qt.CursorShape.WaitCursor)
        try:
            self._show(list(runs_below(folder)), tr("Below %1").replace("%1", str(folder)))
        finally:
            self.unsetCursor()

    def accept(self) -> None:
        """Close and tell the folder of the selected run; Qt calls it at Open.

        Without a run that can be opened nothing happens.
        """
        entry = self._selected()
        if entry is not None and not entry.problem:
            super().accept()
            self.run_chosen.emit(entry.folder)

    def _show(self, entries: Sequence[RunEntry], title: str) -> None:
        self._entries = tuple(entries)
        self.heading.setText(title if entries else f"{title}: {tr('no run.')}")
        fill(self.table, [_texts(entry) for entry in entries])
        first = next((row for row, entry in enumerate(entries) if not entry.problem), None)
        if first is not None:
            self.table.selectRow(first)
        self._allow()

    def _selected(self) -> RunEntry | None:
        rows = {index.row() for index in self.table.selectedIndexes()}
        return self._entries[rows.pop()] if rows else None

    def _allow(self) -> None:
        entry = self._selected()
        is_run = entry is not None and not entry.problem
        self.buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(is_run)

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Look for runs below a folder"), stored(RUNS_FOLDER))
        if folder:
            self.look_below(Path(folder))


def _texts(entry: RunEntry) -> tuple[str, ...]:
    return (entry.title, entry.grid_key, entry.model, entry.years, str(entry.folder), entry.problem)
