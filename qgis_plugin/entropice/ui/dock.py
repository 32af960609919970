"""The dock: what is looked at on top, and below it the pages of `tabs.TABS`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from qgis.core import QgsApplication
from qgis.gui import QgisInterface, QgsDockWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QTabWidget, QToolButton, QVBoxLayout, QWidget

from ..adapter.cell_lookup import FoundCell
from ..adapter.run_on_map import RunOnMap
from ..adapter.translate import tr
from .choosers import Choosers
from .labels import plain_label
from .tab import Tab
from .tabs import TABS

_Tab = TypeVar("_Tab", bound=Tab)


class EntropiceDock(QgsDockWidget):
    """Choosers, notices of the run, and pages; all text is shown as plain text. `help_wanted` names a page of help."""

    help_wanted = pyqtSignal(str)

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(tr("Entropice"), iface.mainWindow())
        self.setObjectName("EntropiceDock")
        self.choosers = Choosers()
        self.notice = plain_label()
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.help = self._help_button()
        self.pages.setCornerWidget(self.help)
        self.tabs = tuple(tab(iface) for tab in TABS)
        for tab in self.tabs:
            self.pages.addTab(tab, tab.title())
        self.setWidget(self._content())
        self.show_run(None)
        self.show_cell(None)

    def tab(self, kind: type[_Tab]) -> _Tab:
        """The page of a class."""
        return next(tab for tab in self.tabs if isinstance(tab, kind))

    def show_runs(self, runs: Sequence[RunOnMap], current: RunOnMap | None) -> None:
        """Offer the runs of the project, and show the current one."""
        self.choosers.show_runs(runs, current)
        self.show_run(current)

    def show_run(self, run: RunOnMap | None) -> None:
        """Show a run as it is selected."""
        self.choosers.show_selection(run)
        self.notice.setText("\n".join(run.manifest.notices) if run else "")
        self.notice.setVisible(bool(self.notice.text()))
        for tab in self.tabs:
            tab.show_run(run)

    def show_cell(self, cell: FoundCell | None) -> None:
        """Show a cell on every page."""
        for tab in self.tabs:
            tab.show_cell(cell)

    def text(self) -> str:
        """Everything the page in front says."""
        page = self.pages.currentWidget()
        return page.text() if isinstance(page, Tab) else ""

    def release(self) -> None:
        """Give back what the pages have put elsewhere."""
        for tab in self.tabs:
            tab.release()

    def _help_button(self) -> QToolButton:
        button = QToolButton()
        button.setIcon(QgsApplication.getThemeIcon("/mActionHelpContents.svg"))
        button.setAutoRaise(True)
        button.setToolTip(tr("Help on this page"))
        button.setAccessibleName(tr("Help on this page"))
        button.clicked.connect(lambda: self.help_wanted.emit(self.tabs[self.pages.currentIndex()].help_page))
        return button

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.addWidget(self.choosers)
        column.addWidget(self.notice)
        column.addWidget(self.pages, 1)
        return content
