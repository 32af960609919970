"""The dock: what is looked at on top, and below it the pages of `tabs.TABS`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from qgis.core import QgsApplication
from qgis.gui import QgisInterface, QgsDockWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QTabWidget, QToolButton, QVBoxLayout, QWidget

from ..adapter.cell_lookup import FoundCell
from ..adapter.images_on_map import ImagesOnMap
from ..adapter.run_on_map import RunOnMap
from ..adapter.translate import tr
from .choosers import Choosers
from .images_tab import ImagesTab
from .labels import plain_label, say
from .tab import Tab
from .tabs import TABS

_Tab = TypeVar("_Tab", bound=Tab)


class EntropiceDock(QgsDockWidget):
    """Choosers, notices of the run, and pages; all text is shown as plain text. `help_wanted` names a page of help."""

    help_wanted = pyqtSignal(str)

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(tr("Entropice"), iface.mainWindow())
        self.setObjectName("EntropiceDock")
        self._images: tuple[ImagesOnMap, ...] = ()
        self._run: RunOnMap | None = None
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
        """The page of a class.

        Raises
        ------
        StopIteration
            `TABS` has no page of it.
        """
        return next(tab for tab in self.tabs if isinstance(tab, kind))

    def show_runs(self, runs: Sequence[RunOnMap], current: RunOnMap | None) -> None:
        """Offer the runs of the project, and show the current one."""
        self.choosers.show_runs(runs, current)
        self.show_run(current)

    def show_images(self, images: Sequence[ImagesOnMap]) -> None:
        """Offer the runs of images of the project; where there are no others, say what they do not have.

        A run that was not there before brings its page to the front.
        """
        is_new = {one.folder for one in images} - {one.folder for one in self._images}
        self._images = tuple(images)
        for tab in self.tabs:
            tab.show_images(images)
        self._notice(self._run)
        if is_new:
            self.pages.setCurrentWidget(self.tab(ImagesTab))

    def show_run(self, run: RunOnMap | None) -> None:
        """Show a run as it is selected.

        All pages are told, and the run's notices stand above them; None is that the project has no run.
        """
        self._run = run
        self.choosers.show_selection(run)
        self._notice(run)
        for tab in self.tabs:
            tab.show_run(run)

    def show_cell(self, cell: FoundCell | None) -> None:
        """Show a cell on every page; None where none is chosen."""
        for tab in self.tabs:
            tab.show_cell(cell)

    def text(self) -> str:
        """Everything the page in front says, line by line."""
        page = self.pages.currentWidget()
        return page.text() if isinstance(page, Tab) else ""

    def release(self) -> None:
        """Give back what the pages have put elsewhere in QGIS; called once, before the plugin is unloaded."""
        for tab in self.tabs:
            tab.release()

    def _notice(self, run: RunOnMap | None) -> None:
        no_cells = [
            tr("“%1” has no cells: choosers and pages of cells need a run that has.", one.manifest.heading)
            for one in self._images[:1]
            if run is None
        ]
        say(self.notice, "\n".join(run.manifest.notices if run else no_cells))

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
